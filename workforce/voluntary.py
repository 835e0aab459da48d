"""Voluntary redundancy: who applies when a structure is confirmed, and who is let go.

A volunteer goes only if the post goes, the service can spare the skill and the yearly saving pays the cost back soon enough.
"""

from collections.abc import Sequence

import numpy as np

from workforce.chance import chances
from workforce.compulsory import mark_leaving, release_wanting
from workforce.consultation import confirmed
from workforce.exit_costs.bill import bill
from workforce.flows.month import HALF
from workforce.flows.posts import OCCUPIED, STAYS
from workforce.reduction.dates import Tranche, notice_months
from workforce.routes import CODE
from workforce.state import SOME_FTE, Month, Setting, State, events_of

SERVICE_EDGES = (60, 180)
"""Months of service between the three weights of applying."""


def release_volunteers(state: State, month: int, tranches: Sequence[Tranche], setting: Setting, count: Month) -> None:
    """Ask for volunteers where a structure is confirmed this month and let go whom the tests allow; changes the state."""
    if not (state.confirmed == month).any():
        return
    ready = confirmed(state, month, tranches)
    surplus = state.surplus(ready)
    wanted = (surplus > SOME_FTE) & (state.open_heads >= 1)
    posts = state.posts
    asked = np.flatnonzero((posts["status"] == OCCUPIED) & (posts["exit"] == STAYS) & wanted[posts["pool"]])
    applying = asked[_applies(posts[asked], month, setting)]
    count.applied += len(applying)
    leaves = month + np.maximum(
        notice_months(posts["service"][applying], setting.notice_weeks[posts["grade"][applying]]), 1
    )
    payback = _payback_months(posts[applying], leaves, month, setting)
    spared = chances(setting.run, "spared", month, posts["key"][applying]) < setting.section.voluntary.spared.value
    fit = spared & (payback <= setting.policy.payback.value)
    for place in np.argsort(payback, kind="stable").tolist():
        i = int(applying[place])
        pool, fte = int(posts["pool"][i]), float(posts["fte"][i])
        if not fit[place] or surplus[pool] < HALF * max(fte, setting.mean_contract[pool]) or state.open_heads[pool] < 1:
            count.refused += 1
            continue
        due = min(tranche.first for tranche in ready if tranche.total[pool] > 0)
        last = max(tranche.last for tranche in ready)
        release = release_wanting(state, pool, last, ready)
        mark_leaving(posts, i, "voluntary", month, max(int(leaves[place]), due), due, release)
        surplus[pool] -= fte
        state.open_heads[pool] -= 1


def _applies(posts: np.ndarray, month: int, setting: Setting) -> np.ndarray:
    """Who of those asked applies: the longer serving more often, on average as often as assumed."""
    voluntary = setting.section.voluntary
    weight = np.array(voluntary.by_service)[np.searchsorted(SERVICE_EDGES, posts["service"], side="right")]
    if not len(posts):
        return np.zeros(0, dtype=bool)
    chance = voluntary.apply.value * weight / weight.mean()
    return np.asarray(chances(setting.run, "volunteering", month, posts["key"]) < chance)


def _payback_months(posts: np.ndarray, leaves: np.ndarray, month: int, setting: Setting) -> np.ndarray:
    """Months of saved pay that the cost of each departure takes."""
    events = events_of(posts, route=CODE["voluntary"], month=leaves, decided=month, notice=leaves - month)
    saved = posts["pay"] * posts["fte"] * (1 + setting.money.prices.on_cost.value) / 12
    return np.asarray(bill(events, setting.money).sum(axis=1) / saved)
