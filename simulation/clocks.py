"""Working clocks: how much of a team's opening time has passed, and when it will have passed. Ticks, whole numbers."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from layers.calendar import Calendar, OpeningHours
from simulation.rows import TICKS_PER_DAY, TICKS_PER_MINUTE


@dataclass(frozen=True)
class WorkingClock:
    """The open intervals of a team. `worked[i]` is the working time before interval i starts, `until[i]` at its end."""

    opens: list[int]
    closes: list[int]
    worked: list[int]
    until: list[int]
    day_ticks: int

    @classmethod
    def of(cls, calendar: Calendar, hours: OpeningHours, last_day: int) -> "WorkingClock":
        """The clock of some opening hours from day 0 up to `last_day`."""
        days = calendar.open_days(0, last_day, hours)
        opens = [day * TICKS_PER_DAY + hours.opens * TICKS_PER_MINUTE for day in days]
        length = hours.minutes_a_day * TICKS_PER_MINUTE
        worked = [i * length for i in range(len(days))]
        return cls(opens, [t + length for t in opens], worked, [w + length for w in worked], length)

    @property
    def closes_at_night(self) -> bool:
        """Whether there is an hour at which the team is closed: else there is no overtime."""
        return self.day_ticks < TICKS_PER_DAY

    def worked_at(self, tick: int) -> int:
        """Working time passed at a tick."""
        i = bisect_right(self.opens, tick) - 1
        if i < 0:
            return 0
        return self.worked[i] + min(tick, self.closes[i]) - self.opens[i]

    def tick_at(self, worked: int) -> int:
        """The first tick at which so much working time has passed; the clock's end, which no run reaches, if it never has."""
        worked = min(worked, self.until[-1])
        i = bisect_left(self.until, worked)
        return self.opens[i] + worked - self.worked[i]

    def after(self, tick: int, working: int) -> int:
        """The tick `working` ticks of opening time (at least 1) after `tick`."""
        return self.tick_at(self.worked_at(tick) + working)

    def is_open(self, tick: int) -> bool:
        """Whether the team works at a tick."""
        i = bisect_right(self.opens, tick) - 1
        return i >= 0 and tick < self.closes[i]

    def closing(self, tick: int) -> int:
        """When the interval that holds the tick, or the last one before it, closes."""
        i = bisect_right(self.opens, tick) - 1
        return self.closes[i] if i >= 0 else 0

    def hours_between(self, first: int, last: int) -> float:
        """Open hours between two ticks."""
        return (self.worked_at(last) - self.worked_at(first)) / (60 * TICKS_PER_MINUTE)


OPENS, CLOSES, WORKED, OPENED_BY = range(4)
"""Rows of `ClockRows.rows`; `OPENED_BY` says for each day how many intervals have opened by its end."""


class ClockRows(NamedTuple):
    """Clocks as arrays: distinct clock × row × interval or day, their day lengths, the clock of each team and the office."""

    rows: np.ndarray
    lengths: np.ndarray
    of_team: np.ndarray
    office: int

    @classmethod
    def of(cls, clocks: list[WorkingClock], office: WorkingClock) -> "ClockRows":
        """The arrays of some teams' clocks and the office's; teams that share a clock object share its rows."""
        distinct = list({id(clock): clock for clock in [*clocks, office]}.values())
        place = {id(clock): i for i, clock in enumerate(distinct)}
        days = 1 + max(clock.closes[-1] for clock in distinct) // TICKS_PER_DAY
        rows = np.zeros((len(distinct), 4, days + 1), dtype=np.int64)
        for i, clock in enumerate(distinct):
            n = len(clock.opens)
            rows[i, OPENS, :n], rows[i, CLOSES, :n], rows[i, WORKED, :n] = clock.opens, clock.closes, clock.worked
            rows[i, OPENED_BY] = np.searchsorted(
                np.array(clock.opens) // TICKS_PER_DAY, np.arange(days + 1), side="right"
            )
        lengths = np.array([clock.day_ticks for clock in distinct])
        return cls(rows, lengths, np.array([place[id(clock)] for clock in clocks]), place[id(office)])
