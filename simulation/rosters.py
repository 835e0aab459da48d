"""Rosters: how many people each team has on duty, block by block, from its FTE and the pattern of its work.

A block is half a day for a team that does live work, a month for one that does not. Rosters follow the expected pattern of
work as far as the scenario says (`roster_follows_demand`); they never look at what happened in a run.
"""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from layers.calendar import Calendar
from layers.demand import Profile
from layers.teams import Team
from simulation.arrivals import day_weight
from simulation.classes import FLOAT
from simulation.clocks import WorkingClock
from simulation.establishment import establishment, team_effort
from simulation.flows import Flows
from simulation.operating_model import OperatingModel
from simulation.rows import TICKS_PER_DAY, TICKS_PER_HOUR
from workforce.duty import offset_of, people_on_duty

Change = tuple[int, int, int]
"""(tick, team index, people on duty from then on)."""


class Rosters:
    """The people on duty of every team of one operating model."""

    def __init__(self, model: OperatingModel, calendar: Calendar, flows: Flows, clocks: list[WorkingClock]) -> None:
        self.model, self.calendar, self.clocks = model, calendar, clocks
        self.effort = team_effort(model, flows)
        self.fte: Mapping[str, float] = establishment(model, flows)
        self._first, self._last = calendar.first_day(0), calendar.first_day(12)

    def changes(self, first_day: int, last_day: int) -> list[Change]:
        """Every change of people on duty on the days from `first_day` up to `last_day`, in order of time and team."""
        out: list[Change] = []
        for index, team in enumerate(self.model.teams.values()):
            for day in self.calendar.open_days(first_day, last_day, self._hours(team)):
                out.extend(self._day(index, day))
        return sorted(out)

    def _hours(self, team: Team):  # type: ignore[no-untyped-def]
        return self.model.council.teams.opening_hours[team.opening]

    def _day(self, index: int, day: int) -> list[Change]:
        name = list(self.model.teams)[index]
        hours = self._hours(self.model.teams[name])
        opens, closes = (day * TICKS_PER_DAY + m * (TICKS_PER_HOUR // 60) for m in (hours.opens, hours.closes))
        month, weekday = self.calendar.month_of_day(day), self.calendar.date(day).weekday()
        if self._live[name]:
            middle = opens + (closes - opens) // 2
            blocks = [(opens, 2 * day, 0), (middle, 2 * day + 1, 1)]
        else:
            blocks = [(opens, month + 12, 0)]
        table, ratio, offset = self._shares[name], self._ratios[name], self._offsets[name]
        changes = [
            (tick, index, people_on_duty(self.fte[name], ratio, table[month % 12, weekday, half], block, offset))
            for tick, block, half in blocks
        ]
        around_the_clock = hours.opens == 0 and hours.minutes_a_day == 24 * 60
        return changes if around_the_clock else [*changes, (closes, index, 0)]

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
        team, live = self.model.teams[name], self._live[name]
        hours = self._hours(team)
        work = np.zeros((self._last - self._first, 2))
        for (profile_name, channel), fte in self._sources(name).items():
            profile = self.model.council.demand.profiles[profile_name]
            weights = np.array(profile.hours_of(channel))
            middle = (hours.opens + hours.closes) // 120
            halves = np.array([weights[:middle].sum(), weights[middle:].sum()]) / weights.sum()
            work += fte * np.outer(self._days(profile), halves)
        table = np.ones((12, 7, 2))
        if not work.any():
            return table
        open_days = [d - self._first for d in self.calendar.open_days(self._first, self._last, hours)]
        months = np.array([self.calendar.month_of_day(d) for d in range(self._first, self._last)])
        weekdays = np.array([self.calendar.date(d).weekday() for d in range(self._first, self._last)])
        is_open = np.isin(np.arange(len(months)), open_days)
        if not live:
            per_day = work.sum(axis=1)
            for month in range(12):
                table[month] = per_day[months == month].sum() / max(1, (is_open & (months == month)).sum())
            return table / (per_day.sum() / len(open_days))
        mean = work[is_open].mean()
        for month in range(12):
            for weekday in range(7):
                here = is_open & (months == month) & (weekdays == weekday)
                if here.any():
                    table[month, weekday] = work[here].mean(axis=0) / mean
        return table

    def _days(self, profile: Profile) -> FLOAT:
        weights = np.array([day_weight(self.calendar, profile, day) for day in range(self._first, self._last)])
        return weights / weights.sum()

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
