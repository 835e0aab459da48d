"""Whether the savings cover what the existing plan counts on: the £33m in all, and the need by year, each on its own basis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.money import Money
from layers.money.years import MONTHS_A_YEAR
from simulation.finance.flow import Flow, by_year
from simulation.finance.options import full_year

SAVED = ("budget_reduction", "underspend")


@dataclass(frozen=True)
class YearCover:
    """One year: what is needed by then, what the year's base budget holds, what is saved in the year besides (£)."""

    financial_year: str
    needed_pounds: float
    in_base_pounds: float
    saved_pounds: float

    @property
    def short_pounds(self) -> float:
        """Needed and neither in the base nor saved in the year; 0 where all is covered."""
        return max(0.0, self.needed_pounds - self.saved_pounds)


@dataclass(frozen=True)
class Cover:
    """Cover of the need. `full_year_pounds` is what the savings come to in the end.

    `needed_pounds` lies inside the case's range and is never added to it; what is above it may be reinvested or allocated by
    members, what is below is still to be found. `by_year` runs up the phased need, which is another sum.
    """

    full_year_pounds: float
    needed_pounds: float
    reached_in: str | None
    by_year: tuple[YearCover, ...]

    @property
    def share(self) -> float:
        """Savings over need."""
        return self.full_year_pounds / self.needed_pounds

    @property
    def to_find_pounds(self) -> float:
        """What is still to be found, £ a year."""
        return max(0.0, self.needed_pounds - self.full_year_pounds)

    @property
    def above_pounds(self) -> float:
        """Net new benefit: what is saved beyond the need, the only source of reinvestment."""
        return max(0.0, self.full_year_pounds - self.needed_pounds)


def cover(flows: Sequence[Flow], money: Money) -> Cover | None:
    """Cover of the council's need; None where it has stated none."""
    if money.need is None:
        return None
    months = np.zeros(money.appraisal_years * MONTHS_A_YEAR)
    base = by_year(sum((f.pounds for f in flows if f.effect == "budget_reduction"), months))
    saved = by_year(sum((f.pounds for f in flows if f.effect in SAVED), months))
    need, needed, rows = money.need, 0.0, []
    for place, year in enumerate(money.years):
        if year in need.by_year:
            needed += need.by_year[year].value
            rows.append(YearCover(year, needed, float(base[place]), float(saved[place])))
    reached = [year for place, year in enumerate(money.years) if base[place] >= need.pounds - 0.5]
    return Cover(full_year(flows), need.pounds, reached[0] if reached else None, tuple(rows))
