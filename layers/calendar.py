"""The calendar: months, financial years, working days, opening hours. Rules only; what happens over time is elsewhere."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from layers.assumption import Frozen
from layers.problems import Fault, Faults

LONGEST_HORIZON_MONTHS = 96
"""A longer run is refused: event keys hold 10.9 years of 10-millisecond ticks, a warm-up year and two years' margin included."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def _a_month(text: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) or not EARLIEST_YEAR <= int(text[:4]) <= LATEST_YEAR:
        raise Faults(
            [Fault((), f"{text!r} is no month", f"a year and a month, {EARLIEST_YEAR}-01 to {LATEST_YEAR}-12")]
        )
    return text


def _a_time(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", text):
        raise Faults([Fault((), f"{text!r} is no time of day", 'hours and minutes in quotes, "00:00" to "24:00"')])
    return text


MonthText = Annotated[str, AfterValidator(_a_month)]
TimeText = Annotated[str, AfterValidator(_a_time)]


class CalendarSection(Frozen):
    """The `calendar` section: the first month of the plan and the days on which the council is closed."""

    first_month: MonthText
    bank_holidays: tuple[date, ...] = ()


class OpeningHours(Frozen):
    """When a team works: the days of the week and the hours. Closed on bank holidays unless said otherwise."""

    label: str = ""
    days: tuple[Weekday, ...] = Field(min_length=1)
    from_: TimeText = Field(alias="from")
    to: TimeText
    bank_holidays: bool = False

    @model_validator(mode="after")
    def opens_before_closing(self) -> Self:
        """Refuse hours in which the team is never open."""
        if self.minutes_a_day <= 0:
            raise Faults([Fault(("to",), f"never open: from {self.from_} to {self.to}", "a time after opening")])
        return self

    @property
    def opens(self) -> int:
        """Minutes after midnight."""
        return _minutes(self.from_)

    @property
    def closes(self) -> int:
        """Minutes after midnight."""
        return _minutes(self.to)

    @property
    def minutes_a_day(self) -> int:
        """Length of one working day, minutes."""
        return self.closes - self.opens


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


@dataclass(frozen=True)
class Calendar:
    """Months counted from the first month of the plan; day 0 is a year earlier, so that a run can start before it."""

    first_month: str
    bank_holidays: frozenset[date]

    @classmethod
    def of(cls, section: CalendarSection) -> "Calendar":
        """The calendar of a scenario's `calendar` section."""
        return cls(section.first_month, frozenset(section.bank_holidays))

    @cached_property
    def epoch(self) -> date:
        """Day 0: the first of the same month a year before the first month."""
        year, month = map(int, self.first_month.split("-"))
        return date(year - 1, month, 1)

    def first_day(self, month: int) -> int:
        """Day number of the 1st of month number `month` (0 is the first month; negative months come before it)."""
        whole = self.epoch.year * 12 + self.epoch.month - 1 + 12 + month
        return (date(whole // 12, whole % 12 + 1, 1) - self.epoch).days

    def date(self, day: int) -> date:
        """The date of a day number."""
        return self.epoch + timedelta(days=day)

    def month_of_day(self, day: int) -> int:
        """The month number a day lies in."""
        on = self.date(day)
        return (on.year - self.epoch.year) * 12 + on.month - self.epoch.month - 12

    def label(self, month: int) -> str:
        """A month number as text: `2018-04`."""
        on = self.date(self.first_day(month))
        return f"{on.year:04d}-{on.month:02d}"

    def month_number(self, label: str) -> int:
        """The number of a month written as `2019-04`; negative before the first month of the plan."""
        (year, month), (first_year, first_month) = (map(int, text.split("-")) for text in (label, self.first_month))
        return (year - first_year) * 12 + month - first_month

    def month_of_year(self, month: int) -> int:
        """The month of the year that a month number is: 4 for April."""
        return self.date(self.first_day(month)).month

    def financial_year(self, month: int) -> str:
        """The financial year (April to March) of a month number: `2018/19`."""
        on = self.date(self.first_day(month))
        start = on.year if on.month >= 4 else on.year - 1
        return f"{start}/{(start + 1) % 100:02d}"

    def is_open(self, day: int, hours: OpeningHours) -> bool:
        """Whether a team with these hours works on that day."""
        on = self.date(day)
        return WEEKDAYS[on.weekday()] in hours.days and (hours.bank_holidays or on not in self.bank_holidays)

    def open_days(self, first: int, last: int, hours: OpeningHours) -> list[int]:
        """The day numbers from `first` up to but not including `last` on which these hours hold."""
        return [day for day in range(first, last) if self.is_open(day, hours)]
