"""Proposals: how many people each would put at risk of redundancy, and how long they and their unions are consulted.

The number counts everybody *proposed* to be made redundant in 90 days at one establishment, volunteers included; a directorate is
taken as the establishment.
"""

from collections.abc import Sequence

import numpy as np

from workforce.flows.posts import OCCUPIED
from workforce.reduction.dates import Tranche, consultation_days, months_of_days
from workforce.state import SOME_FTE, Setting, State

WINDOW_MONTHS = 3
"""90 days: this month and the two before it."""


def propose(state: State, month: int, tranches: Sequence[Tranche], setting: Setting) -> None:
    """Propose the tranches whose month has come; changes the state."""
    if not setting.dismisses:
        _confirm_all(state, month, tranches)
        return
    new = [number for number, tranche in enumerate(tranches) if tranche.proposed == month]
    if not new:
        return
    surplus = state.surplus([tranche for tranche in tranches if tranche.proposed <= month])
    surplus -= _expected_leavers(state, month, [tranches[number] for number in new], setting)
    heads = np.where(surplus > SOME_FTE, np.ceil(surplus / setting.mean_contract) - state.open_heads, 0.0)
    heads = np.maximum(heads, 0.0)
    share = np.array([tranches[number].total for number in new])
    share = share / np.maximum(share.sum(axis=0), 1e-12)
    state.proposed_heads[new] = heads * share
    state.open_heads[:] += heads
    for number in new:
        units = np.unique(setting.directorate[tranches[number].total > 0])
        days = max((_days(state, unit, month, tranches, setting) for unit in units), default=0.0)
        state.confirmed[number] = month + months_of_days(days) + round(setting.section.process.structure.value)


def proposed_in_window(state: State, unit: int, month: int, tranches: Sequence[Tranche], setting: Setting) -> int:
    """People proposed at one establishment in the 90 days up to a month."""
    inside = [n for n, tranche in enumerate(tranches) if month - WINDOW_MONTHS < tranche.proposed <= month]
    return int(np.ceil(state.proposed_heads[inside][:, setting.directorate == unit].sum() - 1e-9))


def _expected_leavers(state: State, month: int, new: Sequence[Tranche], setting: Setting) -> np.ndarray:
    """FTE by pool that will have left of itself when the last of these posts is due, as far as the policy counts on it."""
    posts = state.posts[state.posts["status"] == OCCUPIED]
    in_post = np.bincount(posts["pool"], posts["fte"], len(setting.pools.names))
    years = max(tranche.last + 1 - month for tranche in new) / 12
    return np.asarray(in_post * setting.section.turnover.rate.value * years * setting.policy.counts_on_turnover.value)


def _days(state: State, unit: int, month: int, tranches: Sequence[Tranche], setting: Setting) -> float:
    proposed = proposed_in_window(state, unit, month, tranches, setting)
    return consultation_days(proposed, setting.section.rules, setting.section.process)


def _confirm_all(state: State, month: int, tranches: Sequence[Tranche]) -> None:
    """Where nobody is to be dismissed nobody is proposed; structures are confirmed as the tranches become known."""
    for number, tranche in enumerate(tranches):
        if tranche.proposed == month:
            state.confirmed[number] = month


def confirmed(state: State, month: int, tranches: Sequence[Tranche]) -> list[Tranche]:
    """The tranches whose structure is confirmed by a month."""
    return [tranche for number, tranche in enumerate(tranches) if state.confirmed[number] <= month]
