"""From a scenario's section, an establishment and a path of reductions to the courses of policies: what a caller needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from workforce.chance import replication_key
from workforce.course import Course, run_course
from workforce.establishment.assignment import Establishment
from workforce.establishment.merging import Pools, pools_of
from workforce.exit_costs.bill import Money
from workforce.flows.posts import Opening, opening_posts
from workforce.flows.turnover import Hazards, hazards
from workforce.policies import Policy, policy_named
from workforce.reduction.dates import moved, tranches
from workforce.reduction.path import Reductions, reductions
from workforce.section import Workforce
from workforce.state import Setting

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Staff:
    """Everybody who works for a council, and for how many months they are followed. `months` are those simulated, as text."""

    section: Workforce
    people: Establishment
    months: tuple[str, ...]

    @cached_property
    def pools(self) -> Pools:
        """The groups in which reductions fall."""
        return pools_of(self.people)

    @cached_property
    def hazards(self) -> Hazards:
        """The chances of leaving."""
        rows = self.people.assignments
        return hazards(self.section.turnover, rows["age"], rows["service"], self.people.head_shares())

    @cached_property
    def opening(self) -> Opening:
        """The posts of the opening."""
        return opening_posts(self.people, self.pools, self.section.vacancies, self.hazards)

    @cached_property
    def pool_fte(self) -> np.ndarray:
        """FTE of all posts by pool, vacant ones included."""
        posts = self.opening.posts
        return np.bincount(posts["pool"], posts["fte"], len(self.pools.names))

    def reductions(self, path: "pd.DataFrame") -> Reductions:
        """A path of reductions on these people's contracts; raises InputError where it cannot be."""
        return reductions(path, self.pools.names, self.pool_fte, self.section.crosswalk, self.months)

    def policy(self, name: str) -> Policy:
        """A policy by name; raises InputError for one that is unknown."""
        return policy_named(name, self.section.usual, self.section.policies)

    def course(self, policy: Policy, found: Reductions, seed: int, replication: int) -> Course:
        """One replication of a policy."""
        dated = moved(found, policy.leave_by)
        parts = tranches(dated, self.section.process, self.section.rules, policy.freeze.value)
        money = Money(
            self.section.rules,
            self.section.exit_costs,
            policy.pay_protection.value,
            np.datetime64(self.months[0], "M"),
            policy.multiplier,
        )
        setting = Setting(
            self.section, policy, self.pools, self.opening, self.hazards, money, len(found.releases), len(parts),
            replication_key(seed, replication),
        )  # fmt: skip
        return run_course(setting, parts, len(self.months))


def months_from(as_at: str, last: str) -> tuple[str, ...]:
    """The months after `as_at` up to and including `last`."""
    first, end = np.datetime64(as_at, "M") + 1, np.datetime64(last, "M")
    return tuple(str(month) for month in np.arange(first, end + 1))


def policy_names(section: Workforce, asked: Sequence[str]) -> tuple[str, ...]:
    """The policies to put side by side: those asked for, else those that the scenario compares."""
    return tuple(asked) or section.compared
