"""What the law says, with dates: the `rules` of the `workforce` section. All amounts and dates are data, in configs/england."""

from datetime import date

import numpy as np

from layers.assumption import Frozen, Grade


class Dated(Frozen):
    """A value that changes on dates: each holds from its date on."""

    values: dict[date, float]
    unit: str
    source: str
    grade: Grade = "A"

    def on(self, dates: np.ndarray) -> np.ndarray:
        """The value in force on each date (datetime64[D]); before the first date, the first value."""
        starts = np.array(sorted(self.values), dtype="datetime64[D]")
        values = np.array([self.values[day] for day in sorted(self.values)])
        return values[np.maximum(np.searchsorted(starts, dates, side="right") - 1, 0)]


class Consultation(Frozen):
    """Days of consultation from this many people proposed in 90 days at one establishment on."""

    proposed: int
    days: int


class EmploymentRules(Frozen):
    """The `rules` section."""

    weekly_pay_cap: Dated
    minimum_pension_age: Dated
    protective_award_days: Dated
    consultation: tuple[Consultation, ...]
    consultation_source: str
    qualifying_years: int = 2
    longest_service_years: int = 20
    older_age: int = 41
    younger_age: int = 22
    compensation_limit_weeks: int = 104
    source: str

    @property
    def longest_consultation_days(self) -> int:
        """The most days that any number of people proposed takes."""
        return max((step.days for step in self.consultation), default=0)
