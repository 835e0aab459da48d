"""Rosters: how many people each team has on duty, block by block, from its FTE and the pattern of its work.

A block is half a day for a team that does live work, a month for one that does not. Rosters follow the expected pattern of
work as far as the scenario says (`roster_follows_demand`); they never look at what happened in a run.
"""

from collections.abc import Mapping
from functools import cached_property

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


class Rosters:
    """The people on duty of every team of one operating model."""

    def __init__(self, model: OperatingModel, calendar: Calendar, flows: Flows, clocks: list[WorkingClock]) -> None:
        self.model, self.calendar, self.clocks = model, calendar, clocks
        self.effort = team_effort(model, flows)
        self.fte: Mapping[str, float] = establishment(model, flows)
        self._first, self._last = calendar.first_day(0), calendar.first_day(12)

    def changes(self, first_day: int, last_day: int) -> np.ndarray:
        """Every change of people on duty on the days from `first_day` up to `last_day`, in order of time and team.

        int64 array, a row a change: tick, team index, people on duty from then on.
        """
        # the day before the first may close at midnight: at the first tick
        openings = {team.opening for team in self.model.teams.values()}
        days = {opening: self._open_days(opening, first_day - 1, last_day) for opening in openings}
        parts = [
            self._team_changes(i, name, *days[team.opening]) for i, (name, team) in enumerate(self.model.teams.items())
        ]
        rows = np.concatenate(parts) if parts else np.empty((0, 3), dtype=np.int64)
        rows = rows[(rows[:, 0] >= first_day * TICKS_PER_DAY) & (rows[:, 0] < last_day * TICKS_PER_DAY)]
        return rows[np.lexsort((rows[:, 1], rows[:, 0]))]

    def _hours(self, team: Team) -> OpeningHours:
        return self.model.council.teams.opening_hours[team.opening]

    def _team_changes(
        self, index: int, name: str, days: np.ndarray, months: np.ndarray, weekdays: np.ndarray
    ) -> np.ndarray:
        if len(days) == 0:
            return np.empty((0, 3), dtype=np.int64)
        hours = self._hours(self.model.teams[name])
        minute = TICKS_PER_HOUR // 60
        opens, closes = days * TICKS_PER_DAY + hours.opens * minute, days * TICKS_PER_DAY + hours.closes * minute
        if self._live[name]:
            blocks = [(opens, 2 * days, 0), (opens + (closes - opens) // 2, 2 * days + 1, 1)]
        else:
            blocks = [(opens, months + 12, 0)]
        rows = [_rows(closes, index, np.zeros_like(days))]  # first: a team that closes at midnight may open then
        for ticks, block, half in blocks:
            share = self._shares[name][months % 12, weekdays, half]
            people = people_on_duty(self.fte[name], self._ratios[name], share, block, self._offsets[name])
            rows.append(_rows(ticks, index, people))
        return np.concatenate(rows)

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


def _rows(ticks: np.ndarray, team: int, people: np.ndarray) -> np.ndarray:
    return np.stack([ticks, np.full_like(ticks, team), people], axis=1)


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
