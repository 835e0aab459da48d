"""Rosters: how many people each team has on duty, block by block, from its FTE and the pattern of its work.

A block is half a day for a team that does live work, a month for one that does not. Rosters follow the expected pattern of
work as far as the scenario says (`roster_follows_demand`); they never look at what happened in a run.
"""

from collections.abc import Mapping
from copy import copy
from functools import cached_property
from typing import NamedTuple

import numpy as np

from layers.calendar import Calendar, OpeningHours
from layers.teams import Team
from simulation.arrivals import day_weight
from simulation.classes import FLOAT
from simulation.clocks import WorkingClock
from simulation.establishment import establishment, team_effort
from simulation.flows import Flows
from simulation.operating_model import OperatingModel
from simulation.rows import TICKS_PER_DAY, TICKS_PER_HOUR
from workforce.duty import offset_of, people_on_duty

STRETCHES_KEPT = 32
"""Stretches of days whose blocks are kept: a year by months, twice, and memory does not grow with the horizon."""


class Rosters:
    """The people on duty of every team of one operating model."""

    def __init__(self, model: OperatingModel, calendar: Calendar, flows: Flows, clocks: list[WorkingClock]) -> None:
        self.model, self.calendar, self.clocks = model, calendar, clocks
        self.effort = team_effort(model, flows)
        self.fte: Mapping[str, float] = establishment(model, flows)
        self._first, self._last = calendar.first_day(0), calendar.first_day(12)
        self._kept: dict[tuple[int, int], dict[str, _Blocks]] = {}

    def staffed(self, fte: Mapping[str, float]) -> "Rosters":
        """The same rosters with other FTE, of every team; what does not depend on FTE is shared."""
        other = copy(self)
        other.fte = fte
        return other

    def changes(self, first_day: int, last_day: int) -> np.ndarray:
        """Every change of people on duty on the days from `first_day` up to `last_day`, in order of time and team.

        int64 array, a row a change: tick, team index, people on duty from then on.
        """
        parts = [self.team_changes(name, self.fte[name], first_day, last_day) for name in self.model.teams]
        if not parts:
            return np.empty((0, 3), dtype=np.int64)
        team = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        ticks, people = np.concatenate(parts).T
        order = np.argsort(ticks, kind="stable")
        return np.stack([ticks, team, people], axis=1)[order]

    def team_changes(self, name: str, fte: float, first_day: int, last_day: int) -> np.ndarray:
        """The changes of one team with so many FTE, in order of time: int64 array, a row a change: tick, people from then on.

        What does not depend on FTE is kept for the next call with the same days.
        """
        blocks = self._blocks(first_day, last_day)[name]
        people = people_on_duty(fte, self._ratios[name], blocks.share, blocks.number, self._offsets[name])
        return np.stack([blocks.ticks, np.where(blocks.closes, 0, people)], axis=1)

    def _blocks(self, first_day: int, last_day: int) -> "dict[str, _Blocks]":
        """The blocks of every team on some days."""
        key = first_day, last_day
        if key not in self._kept:
            # the day before the first may close at midnight: at the first tick
            openings = {team.opening for team in self.model.teams.values()}
            days = {opening: self._open_days(opening, first_day - 1, last_day) for opening in openings}
            span = first_day * TICKS_PER_DAY, last_day * TICKS_PER_DAY
            made = {n: self._team_blocks(n, *days[t.opening]).within(*span) for n, t in self.model.teams.items()}
            if len(self._kept) >= STRETCHES_KEPT:
                self._kept.clear()
            self._kept[key] = made
            return made
        return self._kept[key]

    def _hours(self, team: Team) -> OpeningHours:
        return self.model.council.teams.opening_hours[team.opening]

    def _team_blocks(self, name: str, days: np.ndarray, months: np.ndarray, weekdays: np.ndarray) -> "_Blocks":
        hours = self._hours(self.model.teams[name])
        minute = TICKS_PER_HOUR // 60
        opens, closes = days * TICKS_PER_DAY + hours.opens * minute, days * TICKS_PER_DAY + hours.closes * minute
        if self._live[name]:
            blocks = [(opens, 2 * days, 0), (opens + (closes - opens) // 2, 2 * days + 1, 1)]
        else:
            blocks = [(opens, months + 12, 0)]
        none = np.zeros_like(days)
        # first the closings: a team that closes at midnight may open then
        parts = [_Blocks(closes, none == 0, none.astype(float), none)]
        for ticks, number, half in blocks:
            parts.append(_Blocks(ticks, none == 1, self._shares[name][months % 12, weekdays, half], number))
        return _Blocks(*map(np.concatenate, zip(*parts, strict=True)))

    def _open_days(self, opening: str, first_day: int, last_day: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The days on which these hours hold, with their month numbers and weekdays."""
        hours = self.model.council.teams.opening_hours[opening]
        days = np.array(self.calendar.open_days(first_day, last_day, hours), dtype=np.int64)
        return days, *self._dates(days)

    def _dates(self, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Month numbers and weekdays (Monday 0) of some days."""
        months = np.array([self.calendar.month_of_day(int(day)) for day in days], dtype=np.int64)
        return months, (days + self.calendar.epoch.weekday()) % 7

    @cached_property
    def _live(self) -> dict[str, bool]:
        steps = self.model.steps
        return {
            name: any(w.live for t in team.takes for s in t.steps if (w := steps[s].work))
            for name, team in self.model.teams.items()
        }

    @cached_property
    def _ratios(self) -> dict[str, float]:
        """Productive hours of an FTE over the team's open hours in the reference year."""
        productive = self.model.council.teams.productive_hours.value
        spans = (self._first * TICKS_PER_DAY, self._last * TICKS_PER_DAY)
        return {n: productive / c.hours_between(*spans) for n, c in zip(self.model.teams, self.clocks, strict=True)}

    @cached_property
    def _offsets(self) -> dict[str, float]:
        return {name: offset_of(name) for name in self.model.teams}

    @cached_property
    def _shares(self) -> dict[str, FLOAT]:
        """Shift share by team: float array months (from April… as the plan starts) × weekdays × halves, mean about 1."""
        follows = self.model.council.teams.roster_follows_demand.value
        return {name: 1.0 + follows * (self._pattern(name) - 1.0) for name in self.model.teams}

    def _pattern(self, name: str) -> FLOAT:
        """The team's expected work by month, weekday and half day, relative to its mean over the reference year."""
        hours = self._hours(self.model.teams[name])
        work = np.zeros((self._last - self._first, 2))
        for (profile_name, channel), fte in self._sources(name).items():
            weights = np.array(self.model.council.demand.profiles[profile_name].hours_of(channel))
            middle = (hours.opens + hours.closes) // 120
            halves = np.array([weights[:middle].sum(), weights[middle:].sum()]) / weights.sum()
            work += fte * np.outer(self._days[profile_name], halves)
        if not work.any():
            return np.ones((12, 7, 2))
        months, weekdays = self._year
        open_days = np.array(self.calendar.open_days(self._first, self._last, hours)) - self._first
        is_open = np.isin(np.arange(len(months)), open_days)
        return _half_days(work, months, weekdays, is_open) if self._live[name] else _months(work, months, is_open)

    @cached_property
    def _year(self) -> tuple[np.ndarray, np.ndarray]:
        return self._dates(np.arange(self._first, self._last))

    @cached_property
    def _days(self) -> dict[str, FLOAT]:
        """Share of the reference year's contacts by day, by profile."""
        out = {}
        for name, profile in self.model.council.demand.profiles.items():
            weights = np.array([day_weight(self.calendar, profile, day) for day in range(self._first, self._last)])
            out[name] = weights / weights.sum()
        return out

    def _sources(self, name: str) -> dict[tuple[str, str], float]:
        """Effort of a team by the profile and channel of the demand it comes from, FTE."""
        demand, classes, effort = self.model.council.demand, self.model.classes, self.effort[name]
        of_type, of_channel = classes.columns["demand_type"], classes.columns["channel"]
        out: dict[tuple[str, str], float] = {}
        for i, kind in enumerate(classes.demand_types):
            for j, channel in enumerate(classes.channels):
                fte = float(effort[(of_type == i) & (of_channel == j)].sum())
                if fte > 0:
                    key = (demand.types[kind].profile, channel)
                    out[key] = out.get(key, 0.0) + fte
        return out


class _Blocks(NamedTuple):
    """Starts of a team's blocks and ends of its days: when, whether it closes then, and of a block its share and number."""

    ticks: np.ndarray
    closes: np.ndarray
    share: np.ndarray
    number: np.ndarray

    def within(self, begin: int, end: int) -> "_Blocks":
        """Those from one tick up to another, in order of time."""
        order = np.argsort(self.ticks, kind="stable")
        order = order[(self.ticks[order] >= begin) & (self.ticks[order] < end)]
        return _Blocks(*(column[order] for column in self))


def _half_days(work: FLOAT, months: np.ndarray, weekdays: np.ndarray, is_open: np.ndarray) -> FLOAT:
    """Mean work of an open half day by month and weekday, relative to that of the year; 1 where there is none."""
    table, mean = np.ones((12, 7, 2)), work[is_open].mean()
    for month in range(12):
        for weekday in range(7):
            here = is_open & (months == month) & (weekdays == weekday)
            if here.any():
                table[month, weekday] = work[here].mean(axis=0) / mean
    return table


def _months(work: FLOAT, months: np.ndarray, is_open: np.ndarray) -> FLOAT:
    """Work of a month for each of its open days, relative to that of the year, by month."""
    per_day, table = work.sum(axis=1), np.ones((12, 7, 2))
    for month in range(12):
        here = months == month
        table[month] = per_day[here].sum() / max(1, int((is_open & here).sum()))
    return table / (per_day.sum() / int(is_open.sum()))
