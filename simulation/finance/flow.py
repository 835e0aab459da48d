"""A flow: what one line of money does, month by month. Every result about money is a sum of flows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from layers.money.costs import Rise
from layers.money.years import MONTHS_A_YEAR

Effect = Literal["budget_reduction", "underspend", "cost_avoided", "capacity", "cost"]
"""What pounds are: taken out of the base budget; saved in a year whose budget did not yet count on it; a rise that is not
needed; time that is no money; spent."""
Nature = Literal["recurring", "one_off"]
Basis = Literal["case", "simulated", "sized", "assumption", "people"]
Status = Literal["identified", "planned", "in_delivery", "delivered"]
ALL, CORPORATE = "all", "corporate"
"""In place of a release, layer or area where money belongs to none; the directorate of what belongs to no single one."""
MONEY: tuple[Effect, ...] = ("budget_reduction", "underspend", "cost")
"""Effects that a budget feels; the others are shown and never added to them."""


@dataclass(frozen=True)
class Flow:
    """One line by month from April of year 0: `pounds` saved (above 0) or spent (below 0), constant prices.

    `full_year_pounds`: of a recurring saving, the yearly worth of what first goes in each month.
    """

    line: str
    effect: Effect
    nature: Nature
    basis: Basis
    pounds: np.ndarray
    fund: str = "revenue"
    release: str = ALL
    layer: str = ALL
    service_area: str = ALL
    directorate: str = CORPORATE
    rises_with: Rise | None = None
    status: Status | None = None
    in_case: bool = True
    full_year_pounds: np.ndarray | None = None

    @property
    def is_money(self) -> bool:
        """Whether a budget feels it."""
        return self.effect in MONEY

    def times(self, factor: float) -> "Flow":
        """The same flow at another size."""
        full = None if self.full_year_pounds is None else self.full_year_pounds * factor
        return replace(self, pounds=self.pounds * factor, full_year_pounds=full)


def total(flows: Iterable[Flow], months: int) -> np.ndarray:
    """The sum of flows that are money, £ by month."""
    return sum((flow.pounds for flow in flows if flow.is_money), np.zeros(months))


def by_year(months: np.ndarray) -> np.ndarray:
    """Sums by financial year of values by month from April on."""
    return months.reshape(-1, MONTHS_A_YEAR).sum(axis=1)
