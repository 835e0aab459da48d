"""The network of teams as the engines need it: clocks, targets and the rules for further attempts, for one model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from layers.calendar import LONGEST_HORIZON_MONTHS, Calendar
from layers.draws import name_hash
from simulation.arrivals import Arrivals
from simulation.clocks import ClockRows, WorkingClock
from simulation.establishment import expected
from simulation.flows import Flows
from simulation.operating_model import OperatingModel
from simulation.rosters import Rosters
from simulation.rows import TICKS_PER_MINUTE, TICKS_PER_SECOND
from simulation.tables import RouteTables, build_tables

OFFICE = "office"
"""The opening hours that pauses and further attempts are reckoned in, where a council names hours so; else the first."""


@dataclass(frozen=True)
class Network:
    """One operating model ready to run. Lists and arrays are indexed by team in the model's order."""

    model: OperatingModel
    calendar: Calendar
    flows: Flows
    """Expected flows of a year."""
    hours: Mapping[str, WorkingClock]
    """The clock of each kind of opening hours."""
    clocks: list[WorkingClock]
    office: WorkingClock
    tables: RouteTables
    rosters: Rosters
    arrivals: Arrivals
    answer_within: int
    """Ticks within which a live step is answered in target."""
    start_within: list[int]
    """Working ticks within which a deferrable step is started in target, by team."""
    late_after: list[int]
    """Working ticks of waiting after which a customer may chase, by team."""
    complete_within: int
    """Working ticks of the office within which a journey is complete in target."""
    slice_ticks: int
    generations: int
    entry_hashes: list[int]
    """What a child's key is mixed with, by entry."""
    entry_of: dict[str, int]

    @property
    def teams(self) -> tuple[str, ...]:
        """Team names."""
        return tuple(self.model.teams)

    @cached_property
    def clock_rows(self) -> ClockRows:
        """The clocks as arrays, for the compiled engine."""
        return ClockRows.of(self.clocks, self.office)

    @property
    def books(self) -> int:
        """Number of places where minutes are counted: layer × service area × (deferrable, live)."""
        return len(self.model.council.layers) * len(self.model.council.service_areas) * 2

    @property
    def types(self) -> int:
        """Number of demand types."""
        return len(self.model.classes.demand_types)

    @property
    def standards(self) -> int:
        """Number of standard classes: layer × demand type × (deferrable, live) × (not urgent, urgent)."""
        return len(self.model.council.layers) * self.types * 4

    def staffed(self, fte: Mapping[str, float]) -> "Network":
        """The same network with other FTE, of every team."""
        return replace(self, rosters=self.rosters.staffed(fte))

    def remodelled(self, model: OperatingModel) -> "Network":
        """The network of another model of the same council; what does not depend on the model is shared."""
        return _built(model, self.calendar, self.hours, self.arrivals)


def network_of(model: OperatingModel, calendar: Calendar) -> Network:
    """Build the network of a calibrated council's operating model."""
    last_day = calendar.first_day(LONGEST_HORIZON_MONTHS) + 400
    opening = model.council.teams.opening_hours
    hours = {name: WorkingClock.of(calendar, h, last_day) for name, h in opening.items()}
    return _built(model, calendar, hours, Arrivals(model.council, calendar, model.classes))


def _built(model: OperatingModel, calendar: Calendar, hours: Mapping[str, WorkingClock], arrivals: Arrivals) -> Network:
    council = model.council
    clocks = [hours[team.opening] for team in model.teams.values()]
    office = hours[OFFICE if OFFICE in hours else next(iter(hours))]
    flows = expected(model)
    late, start = council.routes.failure_demand.late_after.value, council.teams.start_within_working_days.value
    entries = list(council.routes.entries)
    complete = council.standards.complete_within_working_days.value
    return Network(
        model=model,
        calendar=calendar,
        flows=flows,
        hours=hours,
        clocks=clocks,
        office=office,
        tables=build_tables(model, office.day_ticks),
        rosters=Rosters(model, calendar, flows, clocks),
        arrivals=arrivals,
        answer_within=round(council.teams.answer_within_seconds.value * TICKS_PER_SECOND),
        start_within=[round(start * clock.day_ticks) for clock in clocks],
        late_after=[round(late * clock.day_ticks) for clock in clocks],
        complete_within=round(complete * office.day_ticks),
        slice_ticks=round(council.teams.slice_minutes.value * TICKS_PER_MINUTE),
        generations=council.routes.failure_demand.generations,
        entry_hashes=[int(name_hash(f"child/{name}")) for name in entries],
        entry_of={name: i for i, name in enumerate(entries)},
    )


def duty_ticks(network: Network, changes: np.ndarray, on_duty: np.ndarray, first: int, last: int) -> np.ndarray:
    """People × ticks on duty by team between two ticks: int array."""
    teams = np.arange(len(network.teams))
    ticks = np.concatenate([np.full_like(teams, first), changes[:, 0], np.full_like(teams, last)])
    team = np.concatenate([teams, changes[:, 1], teams])
    people = np.concatenate([on_duty.astype(np.int64), changes[:, 2], np.zeros_like(teams)])
    order = np.argsort(team, kind="stable")
    ticks, team, people = ticks[order], team[order], people[order]
    total = np.zeros_like(teams)
    same = team[1:] == team[:-1]
    np.add.at(total, team[:-1][same], (people[:-1] * np.diff(ticks))[same])
    return total
