"""One month of a workforce: `step(state, month, tranches, setting)`. It knows only what is known by then."""

from collections.abc import Sequence

import numpy as np

from workforce.compulsory import give_notice
from workforce.consultation import propose
from workforce.establishment.assignment import NEVER
from workforce.flows.month import POOL, count_stocks, delete_due, flow_month
from workforce.flows.posts import HELD, OCCUPIED, STAYS
from workforce.policies import people_routes
from workforce.redeployment import redeploy
from workforce.reduction.dates import Tranche
from workforce.routes import CODE
from workforce.state import SOME_FTE, Month, Setting, State, events_of
from workforce.voluntary import release_volunteers


def step(before: State, month: int, tranches: Sequence[Tranche], setting: Setting) -> tuple[State, Month]:
    """One month on: the state after it, and what happened in it.

    Of `tranches` only those known by now are looked at, so nothing reads the future. The state given is not changed.
    """
    state, count = before.copy(), Month.empty(setting)
    known = [tranche for tranche in tranches if tranche.known <= month]
    proposed = [tranche for tranche in known if tranche.proposed < month]
    _flow(state, month, known, proposed, setting, count)
    _leave(state, month, setting, count)
    if known:
        propose(state, month, tranches, setting)
        _people_routes(state, month, tranches, setting, count)
        _delete(state, month, known, setting, count)
    vacancies = setting.section.vacancies
    count_stocks(
        state.posts, count.at_risk, vacancies.learning_months.value, vacancies.starting_output.value, count.stocks
    )
    return state, count


def _flow(
    state: State, month: int, known: Sequence[Tranche], proposed: Sequence[Tranche], setting: Setting, count: Month
) -> None:
    """Leaving, fixed terms, recruitment."""
    if setting.dismisses:
        count.at_risk[:] = (state.surplus(proposed) > SOME_FTE) & (state.open_heads >= 1)
    pools = np.zeros(len(count.at_risk), POOL)
    pools["room"] = np.maximum(state.surplus(known), 0.0)
    pools["resign_factor"] = _resign_factor(state, known, setting, count.at_risk)
    pools["kept_months"] = _kept_months(setting, count.at_risk)
    pools["at_risk"] = count.at_risk
    flow_month(state.posts, pools, month, setting.run, setting.leaving, setting.allowed, setting.hiring, count.flows)


def _resign_factor(state: State, known: Sequence[Tranche], setting: Setting, at_risk: np.ndarray) -> np.ndarray:
    """Times the usual resignations by pool: more of those at risk, fewer while a voluntary scheme is expected."""
    turnover = setting.section.turnover
    factor = np.where(at_risk == 1, turnover.at_risk_factor.value, 1.0)
    if "voluntary" in setting.policy.routes:
        waiting = [tranche.total > 0 for number, tranche in enumerate(known) if state.confirmed[number] == NEVER]
        if waiting:
            factor[np.logical_or.reduce(waiting)] *= 1.0 - turnover.waiting_for_voluntary.value
    return factor


def _kept_months(setting: Setting, at_risk: np.ndarray) -> np.ndarray:
    """Months for which vacancies are kept by pool: where those at risk could be retrained for them."""
    if not setting.policy.hold_vacancies.value or not at_risk.any():
        return np.zeros(len(at_risk))
    near = setting.family_distance[at_risk == 1].min(axis=0) <= setting.policy.furthest_skill
    return np.where(near, setting.policy.hold_vacancies.value, 0.0)


def _leave(state: State, month: int, setting: Setting, count: Month) -> None:
    """Notice ends."""
    posts = state.posts
    going = np.flatnonzero((posts["leaves"] <= month) & (posts["status"] == OCCUPIED))
    if not len(going):
        return
    left = posts[going]
    count.events.append(events_of(left, route=left["exit"], month=month, notice=left["leaves"] - left["decided"]))
    posts["route"][going] = left["exit"]
    posts["status"][going], posts["exit"][going], posts["leaves"][going] = HELD, STAYS, NEVER


def _people_routes(state: State, month: int, tranches: Sequence[Tranche], setting: Setting, count: Month) -> None:
    """Those in post leave or move, route by route in the policy's order; slotting and redeployment are matched together."""
    routes = people_routes(setting.policy)
    moved = False
    for route in routes:
        if route in ("slotted", "redeployed"):
            if not moved:
                redeploy(state, month, tranches, setting, count)
            moved = True
        elif route == "voluntary":
            release_volunteers(state, month, tranches, setting, count)
        else:
            give_notice(state, month, tranches, setting)


def _delete(state: State, month: int, known: Sequence[Tranche], setting: Setting, count: Month) -> None:
    """Posts go that are due and empty."""
    due = -state.met
    for tranche in known:
        due[tranche.release] += tranche.fte[:, : month + 1].sum(axis=1)
    due = np.maximum(due, 0.0)
    order = np.array([CODE[route] for route in setting.policy.routes], dtype=np.int64)
    filling = setting.section.vacancies.months_to_fill.value
    delete_due(state.posts, setting.opening.starts, order, month, filling, due, count.met)
    state.met[:] += count.met[:, :, :, 0].sum(axis=2)
    count.late_fte[:] = due
