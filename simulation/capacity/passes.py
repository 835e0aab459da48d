"""Passes: one replication of one operating model with some FTE, recorded, as the search sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from layers.draws import run_key
from simulation.capacity.replay import replay
from simulation.capacity.standards import Service
from simulation.capacity.stream import Stream, streams
from simulation.capacity.work_classes import WorkClasses
from simulation.engines.compiled import recorded
from simulation.engines.network import Network
from simulation.engines.rebinding import rebind
from simulation.engines.state import State
from simulation.engines.visits import open_visits
from simulation.journeys import route
from simulation.measures import CLASS_COUNTS, MonthMeasures
from simulation.rows import TICKS_PER_DAY
from simulation.runs import DISCARDED, Window, stretches


@dataclass(frozen=True)
class Recording:
    """One replication of one network: its measured months and what each team met, settling included."""

    months: tuple[MonthMeasures, ...]
    streams: tuple[Stream, ...]


def record(network: Network, begin: State, seed: int, replication: int, window: Window) -> Recording:
    """Simulate and record one replication from the state that the discarded days left, which may be another network's."""
    key, state = run_key(seed, replication), rebind(begin, network)
    opening, joined, months = open_visits(state, network), [], []
    for first, end, part in stretches(network.calendar, window):
        if part == DISCARDED:
            continue
        journeys = route(network.tables, network.arrivals.draw(key, first, end))
        state, counted, visits = recorded(network, state, journeys, end * TICKS_PER_DAY)
        joined.append(visits)
        if first >= network.calendar.first_day(window.first):
            months.append(counted)
    count_from = network.calendar.first_day(window.first) * TICKS_PER_DAY
    found = streams(network, opening, joined, count_from, state.tick)
    return Recording(tuple(months), tuple(found))


UNHURRIED = 5
"""How many times their people the teams get that no requirement is sought for."""


def unhurried(network: Network, judged: tuple[str, ...]) -> Network:
    """The network with people in plenty in the layers that are not judged, such as delivery.

    Nobody seeks their FTE, so what waits for them must neither break nor hold up the guards of journeys.
    """
    plenty = {
        name: UNHURRIED * network.rosters.fte[name]
        for name, team in network.model.teams.items()
        if team.layer not in judged
    }
    return network.staffed({**network.rosters.fte, **plenty}) if plenty else network


@dataclass(frozen=True)
class Side:
    """One operating model to be staffed in one replication: its teams, and the classes of work they are judged by."""

    network: Network
    begin: State
    seed: int
    replication: int
    window: Window
    classes: WorkClasses
    below: Mapping[str, float] = field(default_factory=dict)
    """By team, the part of a tenth of an FTE below which the grid begins: today's grid goes down from its existing people."""

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams whose FTE is sought: those of the layers judged. The others keep theirs."""
        judged = set(self.classes.layers)
        return tuple(name for name, team in self.network.model.teams.items() if team.layer in judged)

    def staffing(self, tenths: np.ndarray) -> Mapping[str, float]:
        """FTE of every team."""
        return {**self.network.rosters.fte, **{n: self.fte(n, int(t)) for n, t in zip(self.teams, tenths, strict=True)}}

    def fte(self, team: str, tenths: int) -> float:
        """FTE of one team at a place of the grid."""
        return tenths / 10 + self.below.get(team, 0.0)

    def shown(self, recording: Recording) -> "Shown":
        """What a recording of this side shows."""
        return Shown(self, recording)

    def measure(self, tenths: np.ndarray) -> "Shown":
        """One pass with some FTE by team (tenths)."""
        network = self.network.staffed(self.staffing(tenths))
        return self.shown(record(network, self.begin, self.seed, self.replication, self.window))


class Shown:
    """What one pass showed; a `search.Seen`."""

    def __init__(self, side: Side, recording: Recording) -> None:
        self.side, self.months = side, recording.months
        names = side.network.teams
        self._streams = [recording.streams[names.index(name)] for name in side.teams]
        self.service = Service.of(side.network, side.classes, recording.months)

    def replay(self, team: int, tenths: int) -> np.ndarray:
        """Counts by class of one team replayed alone at an FTE (tenths)."""
        side, name, stream = self.side, self.side.teams[team], self._streams[team]
        changes = side.network.rosters.team_changes(name, side.fte(name, tenths), *self._days)
        alone = replay(stream, changes).by_class
        counts = np.zeros((len(CLASS_COUNTS), side.network.standards), dtype=np.int64)
        counts[:, stream.standards] = alone
        return side.classes.gather(counts)

    @property
    def _days(self) -> tuple[int, int]:
        window, calendar = self.side.window, self.side.network.calendar
        first = calendar.first_day(window.first)
        return first - window.settling_days, calendar.first_day(window.first + window.months)
