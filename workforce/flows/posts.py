"""Posts as records: who is in each, or how it is vacant; and the posts that a council opens with."""

from dataclasses import dataclass

import numpy as np

from workforce.chance import chances
from workforce.establishment.assignment import NEVER, Establishment
from workforce.establishment.merging import Pools
from workforce.flows.turnover import LONGEST, OLDEST, Hazards, Vacancies
from workforce.routes import CODE

OCCUPIED, VACANT, HELD, DELETED = 0, 1, 2, 3
"""Held: empty, not recruited to, and to be deleted when the reduction it is held for falls due."""
NOBODY = -1
STAYS = -1

POST = np.dtype(
    [
        ("key", "i4"),
        ("pool", "i2"),
        ("grade", "i1"),
        ("place", "i2"),
        ("terms", "i1"),
        ("status", "i1"),
        ("route", "i1"),
        ("agency", "i1"),
        ("member", "i1"),
        ("protected", "i1"),
        ("at_risk", "i1"),
        ("exit", "i1"),
        ("release", "i1"),
        ("tried", "i1"),
        ("refused", "i1"),
        ("age", "i2"),
        ("service", "i2"),
        ("ends", "i2"),
        ("fills", "i2"),
        ("since", "i2"),
        ("leaves", "i2"),
        ("decided", "i2"),
        ("due", "i2"),
        ("head", "f8"),
        ("fte", "f8"),
        ("pay", "f8"),
    ]
)
"""One post. `key` is whose draws it uses; `pool` the group it belongs to; `route` by which it will be deleted once held; `exit`
the route by which its holder leaves under notice (STAYS: none) in the month `leaves`, `decided` and `due` when, for
`release`; `tried` 1 once a trial in another post failed, `refused` once a suitable one was refused without reason; `fills`
the month in which a vacancy is filled, `since` that in which it arose; `at_risk` 1 once its holder had a letter; `head` the
part of a person."""


@dataclass(frozen=True)
class Opening:
    """The posts of the opening, sorted by pool; `starts` has the first post of each pool and one end more."""

    posts: np.ndarray
    starts: np.ndarray


def opening_posts(people: Establishment, pools: Pools, vacancies: Vacancies, hazards: Hazards) -> Opening:
    """Every contract as an occupied post, and vacant posts beside them so that the vacancy rate holds.

    Vacancies take the contract of a post of their pool. Those beyond what leavers and the time to fill explain are standing:
    nobody recruits to them.
    """
    held = _occupied(people, pools)
    wanted = round(len(held) * vacancies.opening.value / (1 - vacancies.opening.value))
    key = np.uint64(0)
    drawn = chances(key, "opening/vacant", 0, np.arange(len(held)))
    vacant = held[np.sort(np.argsort(drawn, kind="stable")[:wanted])].copy()
    yearly = (
        12 * hazards.total()[np.minimum(held["age"] // 12, OLDEST), np.minimum(held["service"] // 12, LONGEST)].mean()
    )
    moving = min(wanted, round(len(held) * yearly * vacancies.months_to_fill.value / 12))
    _empty(vacant, moving, vacancies, len(held))
    posts = np.concatenate([held, vacant])
    posts = posts[np.argsort(posts["pool"], kind="stable")]
    starts = np.searchsorted(posts["pool"], np.arange(len(pools.names) + 1))
    return Opening(posts, starts)


def _occupied(people: Establishment, pools: Pools) -> np.ndarray:
    rows, posts = people.assignments, np.zeros(len(people.assignments), POST)
    for field in ("grade", "place", "terms", "fte", "pay", "age", "service", "ends", "member", "protected"):
        posts[field] = rows[field]
    posts["key"], posts["pool"], posts["head"] = rows["person"], pools.of, people.head_shares()
    posts["exit"], posts["release"] = STAYS, NOBODY
    posts["leaves"], posts["decided"], posts["due"] = NEVER, NEVER, NEVER
    return posts


def _empty(vacant: np.ndarray, moving: int, vacancies: Vacancies, first_key: int) -> None:
    """Make copies of posts vacant, the first `moving` of them in shuffled order about to be filled; in place."""
    count = len(vacant)
    order = np.argsort(chances(np.uint64(0), "opening/standing", 0, np.arange(count)), kind="stable")
    vacant["status"], vacant["fills"], vacant["route"] = VACANT, NEVER, CODE["vacancies"]
    longest = max(1, round(vacancies.months_to_fill.value))
    vacant["fills"][order[:moving]] = np.arange(moving) % longest
    covered = chances(np.uint64(0), "opening/agency", 0, np.arange(count)) < vacancies.covered_by_agency.value
    vacant["agency"] = covered
    vacant["key"] = first_key + 1_000_000 + np.arange(count)
    vacant["age"] = vacant["service"] = vacant["member"] = vacant["protected"] = 0
    vacant["ends"], vacant["head"] = NEVER, 1.0
