"""One run: a model, a replication, month after month, with a warm-up that is not counted."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from layers.calendar import Calendar
from layers.draws import run_key
from simulation.engines.choice import Advance, engine
from simulation.engines.network import Network
from simulation.engines.rebinding import rebind
from simulation.engines.state import State
from simulation.journeys import route
from simulation.measures import MonthMeasures
from simulation.rows import TICKS_PER_DAY, copied


@dataclass(frozen=True)
class Window:
    """Which months are measured (month numbers from the first month of the plan), and what runs before them, uncounted:
    `discarded_days` in today's model, so that all models start from the same state, then `settling_days` in their own.
    """

    first: int
    months: int
    settling_days: int
    discarded_days: int = 0

    @property
    def measured(self) -> range:
        """The months measured."""
        return range(self.first, self.first + self.months)


@dataclass
class Clock:
    """Seconds spent, by part of the work."""

    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, part: str, since: float) -> float:
        """Add the time since `since` to a part; returns now."""
        now = time.perf_counter()
        self.seconds[part] = self.seconds.get(part, 0.0) + now - since
        return now


DISCARDED, SETTLING, MEASURED = range(3)


def stretches(calendar: Calendar, window: Window) -> Iterator[tuple[int, int, int]]:
    """(first day, last day, part) of a run, cut at months: the part is discarded, settling or measured."""
    measured = calendar.first_day(window.first)
    settling = measured - window.settling_days
    for begin, end, part in (
        (settling - window.discarded_days, settling, DISCARDED),
        (settling, measured, SETTLING),
        (measured, calendar.first_day(window.first + window.months), MEASURED),
    ):
        day = begin
        while day < end:
            until = min(end, calendar.first_day(calendar.month_of_day(day) + 1))
            yield day, until, part
            day = until


@dataclass
class ModelRun:
    """What one replication of one model gave: its measured months, and the steps open when the first of them began."""

    months: list[MonthMeasures] = field(default_factory=list)
    backlog_before: int = 0


def opening_state(
    today: Network,
    seed: int,
    replication: int,
    window: Window,
    engine_name: str = "compiled",
    clock: Clock | None = None,
) -> State:
    """The state from which every model starts: where the discarded days in today's model end."""
    advance, key, clock = engine(engine_name), run_key(seed, replication), clock or Clock()
    parts = list(stretches(today.calendar, window))
    state = State.empty(parts[0][0] * TICKS_PER_DAY, len(today.teams))
    for begin, end, part in parts:
        if part == DISCARDED:
            contacts = drawn(today, key, begin, end, clock)
            state, _ = advanced(advance, today, state, contacts, end, clock)
    return state


def run_models(
    networks: Mapping[str, Network],
    seed: int,
    replication: int,
    window: Window,
    engine_name: str = "compiled",
    clock: Clock | None = None,
    today: Network | None = None,
) -> dict[str, ModelRun]:
    """Simulate one replication of some models of one council side by side; returns each one's measured months.

    Contacts are drawn once a month for all of them: the draws depend on seed, replication and demand alone, so every model
    meets the same contacts. `today` runs the discarded days; each model then starts from its state. Memory does not grow
    with the number of months.
    """
    advance, key, clock = engine(engine_name), run_key(seed, replication), clock or Clock()
    one = today or next(iter(networks.values()))
    shared = opening_state(one, seed, replication, window, engine_name, clock)
    runs = {name: ModelRun() for name in networks}
    states = {name: rebind(shared, network) for name, network in networks.items()}
    for begin, end, part in stretches(one.calendar, window):
        if part == DISCARDED:
            continue
        contacts = drawn(one, key, begin, end, clock)
        for name, network in networks.items():
            if part == MEASURED and not runs[name].months:
                runs[name].backlog_before = states[name].backlog
            states[name], counted = advanced(advance, network, states[name], contacts, end, clock)
            if part == MEASURED:
                runs[name].months.append(counted)
    return runs


def run_months(
    network: Network,
    seed: int,
    replication: int,
    window: Window,
    engine_name: str = "compiled",
    clock: Clock | None = None,
) -> list[MonthMeasures]:
    """Simulate one replication of one model; returns the measures of each measured month."""
    return run_models({"": network}, seed, replication, window, engine_name, clock, network)[""].months


def drawn(network: Network, key: np.uint64, begin: int, end: int, clock: Clock) -> np.ndarray:
    """First contacts of some days."""
    now = time.perf_counter()
    contacts = network.arrivals.draw(key, begin, end)
    clock.add("drawing", now)
    return contacts


def advanced(
    advance: Advance, network: Network, state: State, contacts: np.ndarray, end: int, clock: Clock
) -> tuple[State, MonthMeasures]:
    """Route some days' contacts and run the network on to their end; returns the state then and what was counted."""
    now = time.perf_counter()
    journeys = route(network.tables, copied(contacts))
    now = clock.add("routing", now)
    state, counted = advance(network, state, journeys, end * TICKS_PER_DAY)
    clock.add("queueing", now)
    return state, counted
