"""The state of a workforce between two months, and all that does not change while it is simulated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from workforce.establishment.assignment import NEVER
from workforce.establishment.merging import Pools
from workforce.exit_costs.bill import EVENT, Money
from workforce.flows.month import FLOWS, HIRING, STOCKS, covered_fte
from workforce.flows.posts import Opening
from workforce.flows.turnover import Hazards
from workforce.occupations import distances
from workforce.policies import Policy
from workforce.reduction.dates import Tranche
from workforce.routes import REDUNDANCIES, ROUTES
from workforce.section import Workforce

SOME_FTE = 0.25
"""A surplus below this puts nobody at risk."""


@dataclass(frozen=True)
class Setting:
    """What a run works with: the section, a policy, the pools and posts of the opening, chances of leaving, prices, whose luck."""

    section: Workforce
    policy: Policy
    pools: Pools
    opening: Opening
    hazards: Hazards
    money: Money
    releases: int
    tranches: int
    run: np.uint64

    @property
    def dismisses(self) -> bool:
        """Whether the policy makes anybody redundant; if not, nobody is proposed or at risk."""
        return any(route in self.policy.routes for route in REDUNDANCIES)

    @cached_property
    def leaving(self) -> np.ndarray:
        """Chances of leaving by reason, age and service."""
        return self.hazards.by_reason()

    @cached_property
    def hiring(self) -> np.ndarray:
        """How vacancies are filled, one record."""
        terms, members = self.section.vacancies, self.section.opening.pension_members.value
        ages = (terms.youngest_starter.value, terms.oldest_starter.value)
        return np.array([(terms.months_to_fill.value, terms.covered_by_agency.value, members, *ages)], dtype=HIRING)

    @cached_property
    def allowed(self) -> np.ndarray:
        """1 for each of ROUTES that the policy allows, 0 for the others."""
        return np.array([route in self.policy.routes for route in ROUTES], dtype=np.int8)

    @cached_property
    def family_distance(self) -> np.ndarray:
        """Distance of skills from the pool in the row to the pool in the column."""
        families = tuple(dict.fromkeys(name[2] for name in self.pools.names))
        place = {family: number for number, family in enumerate(families)}
        of = [place[name[2]] for name in self.pools.names]
        return np.asarray(distances(self.section.skills, families)[np.ix_(of, of)])

    @cached_property
    def registered(self) -> np.ndarray:
        """Whether a pool's posts need a professional registration."""
        known = self.section.job_families
        return np.array([name[2] in known and known[name[2]].registered for name in self.pools.names])

    @cached_property
    def directorate(self) -> np.ndarray:
        """The number of each pool's directorate, which is taken as the establishment of section 188."""
        names = sorted({name[0] for name in self.pools.names})
        return np.array([names.index(name[0]) for name in self.pools.names])

    @cached_property
    def mean_contract(self) -> np.ndarray:
        """FTE of a pool's mean post."""
        posts, pools = self.opening.posts, len(self.pools.names)
        fte = np.bincount(posts["pool"], posts["fte"], pools)
        return np.asarray(fte / np.maximum(np.bincount(posts["pool"], minlength=pools), 1))

    @cached_property
    def notice_weeks(self) -> np.ndarray:
        """Contractual notice by grade, weeks."""
        return np.array([grade.notice.value for grade in self.section.grades.values()])


@dataclass(frozen=True)
class State:
    """Posts; FTE met by release and pool; people proposed and not yet given notice, by pool; and by tranche who was proposed
    (heads by pool) and the month in which its structure is confirmed.
    """

    posts: np.ndarray
    met: np.ndarray
    open_heads: np.ndarray
    proposed_heads: np.ndarray
    confirmed: np.ndarray

    @classmethod
    def opening(cls, setting: Setting) -> "State":
        """The morning of the first month."""
        pools = len(setting.pools.names)
        return cls(
            setting.opening.posts.copy(),
            np.zeros((setting.releases, pools)),
            np.zeros(pools),
            np.zeros((setting.tranches, pools)),
            np.full(setting.tranches, NEVER),
        )

    def copy(self) -> "State":
        """The same, to be changed."""
        return replace(
            self,
            posts=self.posts.copy(),
            met=self.met.copy(),
            open_heads=self.open_heads.copy(),
            proposed_heads=self.proposed_heads.copy(),
            confirmed=self.confirmed.copy(),
        )

    def covered(self) -> np.ndarray:
        """FTE by pool that is held or leaving."""
        out = np.zeros(self.met.shape[1])
        covered_fte(self.posts, out)
        return out

    def surplus(self, tranches: Sequence[Tranche]) -> np.ndarray:
        """FTE by pool that these tranches still want of people in post: what is neither met, held, nor leaving. May be below 0."""
        if not tranches:
            return np.zeros(self.met.shape[1])
        wanted = np.add.reduce([tranche.total for tranche in tranches])
        return np.asarray(wanted - self.met.sum(axis=0) - self.covered())


@dataclass
class Month:
    """What happened in one month: flows and stocks by pool, what was met by release, pool and route (FTE, heads), and who left or
    moved.
    """

    flows: np.ndarray
    stocks: np.ndarray
    met: np.ndarray
    late_fte: np.ndarray
    """By release and pool: due and not met at the end of the month."""
    register: np.ndarray
    """Heads on the redeployment register, by pool."""
    at_risk: np.ndarray
    events: list[np.ndarray]
    applied: int = 0
    refused: int = 0
    solves: int = 0

    @classmethod
    def empty(cls, setting: Setting) -> "Month":
        """Nothing happened yet."""
        pools = len(setting.pools.names)
        return cls(
            np.zeros((pools, len(FLOWS))),
            np.zeros((pools, len(STOCKS))),
            np.zeros((setting.releases, pools, len(ROUTES), 2)),
            np.zeros((setting.releases, pools)),
            np.zeros(pools),
            np.zeros(pools, dtype=np.int8),
            [],
        )


def events_of(posts: np.ndarray, **given: object) -> np.ndarray:
    """Events of the holders of some posts, with the fields given."""
    out = np.zeros(len(posts), EVENT)
    for field in (
        "pool",
        "grade",
        "terms",
        "member",
        "age",
        "service",
        "decided",
        "due",
        "head",
        "fte",
        "pay",
        "release",
        "refused",
    ):
        out[field] = posts[field]
    out["new_pay"] = posts["pay"]
    for field, value in given.items():
        out[field] = value
    return out
