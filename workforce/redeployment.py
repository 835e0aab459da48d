"""Slotting and redeployment: people whose posts would go are matched to vacancies, month by month.

A vacancy is offered to the register in the month in which it arises, and in the months for which the policy keeps it. It is
suitable by skills, grade, hours and registration. Who goes where is an assignment problem: least total distance. It is solved
only where two people want the same vacancy; otherwise everybody's first choice is the answer.
"""

from collections.abc import Sequence

import numpy as np

from workforce.chance import chances
from workforce.compulsory import selection
from workforce.establishment.assignment import NEVER
from workforce.flows.month import HALF
from workforce.flows.posts import HELD, OCCUPIED, STAYS, VACANT
from workforce.reduction.dates import Tranche
from workforce.routes import CODE
from workforce.state import SOME_FTE, Month, Setting, State, events_of

IMPOSSIBLE = 1e6
STEP_DOWN, OTHER_DIRECTORATE, OTHER_PLACE = 0.5, 0.2, 0.3
"""What a lower grade, another directorate and another place weigh against a distance of skills of 1."""


def redeploy(state: State, month: int, tranches: Sequence[Tranche], setting: Setting, count: Month) -> None:
    """Match the register to this month's vacancies; changes the state."""
    register = _register(state, month, tranches, setting)
    np.add.at(count.register, state.posts["pool"][register], state.posts["head"][register])
    vacancies = _offered(state, month, setting, count.at_risk)
    if not len(register) or not len(vacancies):
        return
    protected = state.posts["protected"][register] == 1
    for group in (register[protected], register[~protected]):
        free = vacancies[state.posts["status"][vacancies] == VACANT]
        if len(group) and len(free):
            _match(state, month, group, free, setting, count)


def _register(state: State, month: int, tranches: Sequence[Tranche], setting: Setting) -> np.ndarray:
    """Posts whose holders are on the register: as many of each pool as are surplus, and those under notice of dismissal."""
    proposed = [tranche for tranche in tranches if tranche.proposed <= month]
    surplus = state.surplus(proposed)
    posts = state.posts
    under = np.flatnonzero(
        (posts["status"] == OCCUPIED) & (posts["exit"] == CODE["compulsory"]) & (posts["tried"] == 0)
    )
    found = [under]
    for pool in np.flatnonzero((surplus > SOME_FTE) & (state.open_heads >= 1)).tolist():
        inside = selection(state, pool, setting)
        inside = inside[posts["tried"][inside] == 0]
        whole = np.floor(surplus[pool] / setting.mean_contract[pool] + HALF)
        found.append(inside[: int(min(whole, state.open_heads[pool]))])
    return np.concatenate(found)


def _offered(state: State, month: int, setting: Setting, at_risk: np.ndarray) -> np.ndarray:
    """Vacancies that are recruited to and offered this month, none in a pool that is itself at risk."""
    posts = state.posts
    open_ = (posts["status"] == VACANT) & (posts["fills"] < NEVER) & (at_risk[posts["pool"]] == 0)
    open_ &= posts["since"] + setting.policy.hold_vacancies.value >= month
    return np.flatnonzero(open_)


def _match(state: State, month: int, people: np.ndarray, vacancies: np.ndarray, setting: Setting, count: Month) -> None:
    posts, terms = state.posts, setting.section.redeployment
    cost, elsewhere = _costs(posts[people], posts[vacancies], setting)
    luck = chances(setting.run, "offer", month, posts["key"][people])[:, None]
    accepts = luck < np.where(elsewhere, terms.accepted.value * terms.accepted_elsewhere.value, terms.accepted.value)
    suitable = cost < IMPOSSIBLE
    refusing = suitable.any(axis=1) & ~(suitable & accepts).any(axis=1)
    unreasonable = chances(setting.run, "refusal", month, posts["key"][people]) < terms.refused_unreasonably.value
    posts["refused"][people[refusing & unreasonable]] = 1
    cost = np.where(accepts, cost, IMPOSSIBLE)
    for person, vacancy in _assign(cost, count):
        _move(state, month, int(people[person]), int(vacancies[vacancy]), setting, count)


def _costs(people: np.ndarray, vacancies: np.ndarray, setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Distance of every person from every vacancy, IMPOSSIBLE where it is not suitable; and whether it is at another place."""
    terms, routes = setting.section.redeployment, setting.policy.routes
    here, there = people["pool"][:, None], vacancies["pool"][None, :]
    skill = setting.family_distance[here, there]
    down = people["grade"][:, None] - vacancies["grade"][None, :]
    hours = np.abs(people["fte"][:, None] - vacancies["fte"][None, :])
    elsewhere = people["place"][:, None] != vacancies["place"][None, :]
    other = setting.directorate[here] != setting.directorate[there]
    cost = skill + STEP_DOWN * down + OTHER_DIRECTORATE * other + OTHER_PLACE * elsewhere + hours
    fits = (skill <= setting.policy.furthest_skill) & (down >= 0) & (down <= terms.grades_down)
    fits &= (hours <= terms.hours_apart.value) & ((skill == 0) | ~setting.registered[there])
    slots = (skill == 0) & (down == 0) & ~other
    fits &= np.where(slots, "slotted" in routes, "redeployed" in routes)
    return np.where(fits, cost, IMPOSSIBLE), elsewhere


def _assign(cost: np.ndarray, count: Month) -> list[tuple[int, int]]:
    """(person, vacancy) of least total cost; everybody's first choice where these differ."""
    able = np.flatnonzero(cost.min(axis=1) < IMPOSSIBLE)
    first = cost[able].argmin(axis=1)
    if len(np.unique(first)) == len(first):
        return list(zip(able.tolist(), first.tolist(), strict=True))
    from scipy.optimize import linear_sum_assignment  # here, not above: slow to import

    count.solves += 1
    rows, columns = linear_sum_assignment(cost[able])
    pairs = zip(able[rows].tolist(), columns.tolist(), strict=True)
    return [(row, column) for row, column in pairs if cost[row, column] < IMPOSSIBLE]


def _move(state: State, month: int, i: int, j: int, setting: Setting, count: Month) -> None:
    """A person takes a vacancy for a trial of four weeks; when it fails, back to the register and no further trial."""
    posts, terms = state.posts, setting.section.redeployment
    person, vacancy = posts[i], posts[j]
    if chances(setting.run, "trial", month, posts["key"][i : i + 1])[0] < terms.trial_failed.value:
        person["tried"] = 1
        return
    distance = float(setting.family_distance[person["pool"], vacancy["pool"]])
    unit = setting.directorate
    slots = distance == 0 and person["grade"] == vacancy["grade"] and unit[person["pool"]] == unit[vacancy["pool"]]
    route = CODE["slotted" if slots else "redeployed"]
    event = events_of(posts[i : i + 1], route=route, month=month, decided=month, distance=distance)
    event["new_pay"] = vacancy["pay"]
    count.events.append(event)
    for field in ("key", "age", "service", "member", "protected", "head", "at_risk", "ends", "refused"):
        vacancy[field] = person[field]
    vacancy["status"], vacancy["agency"], vacancy["fills"], vacancy["tried"] = OCCUPIED, 0, NEVER, 0
    if person["exit"] == STAYS:
        state.open_heads[person["pool"]] -= 1
    person["status"], person["route"], person["exit"], person["leaves"] = HELD, route, STAYS, NEVER
    person["agency"] = 0
