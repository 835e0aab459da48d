"""Compulsory redundancy: notice to those selected, so that they leave when their posts are due and no sooner."""

from collections.abc import Sequence

import numpy as np

from workforce.chance import chances
from workforce.consultation import confirmed
from workforce.flows.month import HALF
from workforce.flows.posts import OCCUPIED, STAYS
from workforce.reduction.dates import Tranche, notice_months
from workforce.routes import CODE, Route
from workforce.state import SOME_FTE, Setting, State


def give_notice(state: State, month: int, tranches: Sequence[Tranche], setting: Setting) -> None:
    """Give notice in the pools whose confirmed reductions nobody else will meet in time; changes the state.

    Only as many as were proposed. Who is selected is chance: the model knows nobody's performance and ranks nobody.
    """
    ready = confirmed(state, month, tranches)
    surplus = state.surplus(ready)
    falling_due = _falling_due(ready, state)
    for pool in np.flatnonzero((surplus > SOME_FTE) & (state.open_heads >= 1)).tolist():
        _notice_in(state, month, pool, ready, falling_due[pool], setting)


def _falling_due(ready: Sequence[Tranche], state: State) -> np.ndarray:
    """FTE by pool that people in post must still give up by each month."""
    if not ready:
        return np.zeros((state.met.shape[1], 1))
    due = np.add.reduce([tranche.fte for tranche in ready]).cumsum(axis=1)
    return np.asarray(due - (state.met.sum(axis=0) + state.covered())[:, None])


def _notice_in(
    state: State, month: int, pool: int, ready: Sequence[Tranche], wanted: np.ndarray, setting: Setting
) -> None:
    posts, given = state.posts, 0.0
    order = selection(state, pool, setting)
    notices = np.maximum(notice_months(posts["service"][order], setting.notice_weeks[posts["grade"][order]]), 1)
    for i, leaves in zip(order.tolist(), (month + notices).tolist(), strict=True):
        fte = float(posts["fte"][i])
        if state.open_heads[pool] < 1:
            return
        if wanted[min(leaves, len(wanted) - 1)] - given < HALF * max(fte, setting.mean_contract[pool]):
            continue
        due = int(np.argmax(wanted - given >= HALF * fte))
        release = release_wanting(state, pool, leaves, ready)
        mark_leaving(posts, i, "compulsory", month, leaves, due, release)
        state.open_heads[pool] -= 1
        given += fte


def selection(state: State, pool: int, setting: Setting) -> np.ndarray:
    """The posts of a pool whose holders have no notice yet, in the order of selection."""
    start, stop = setting.opening.starts[pool], setting.opening.starts[pool + 1]
    posts = state.posts[start:stop]
    inside = np.flatnonzero((posts["status"] == OCCUPIED) & (posts["exit"] == STAYS))
    order = np.argsort(chances(setting.run, "selection", 0, posts["key"][inside]), kind="stable")
    return np.asarray(start + inside[order])


def release_wanting(state: State, pool: int, month: int, ready: Sequence[Tranche]) -> int:
    """The earliest release that still wants posts of a pool by a month."""
    wanted = -state.met[:, pool]
    for tranche in ready:
        wanted[tranche.release] += tranche.fte[pool, : month + 1].sum()
    return int(np.argmax(wanted > 1e-9))


def mark_leaving(posts: np.ndarray, i: int, route: Route, decided: int, leaves: int, due: int, release: int) -> None:
    """Put the holder of a post under notice; changes the post."""
    for field, value in (
        ("exit", CODE[route]),
        ("decided", decided),
        ("leaves", leaves),
        ("due", due),
        ("release", release),
    ):
        posts[field][i] = value
