"""One run: a model, a replication, month after month, with a warm-up that is not counted."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from layers.calendar import Calendar
from simulation.draws import run_key
from simulation.engines.choice import Advance, engine
from simulation.engines.network import Network
from simulation.engines.state import State
from simulation.journeys import route
from simulation.measures import MonthMeasures
from simulation.rows import TICKS_PER_DAY


@dataclass(frozen=True)
class Window:
    """Which months are measured (month numbers from the first month of the plan), after how many days of warm-up."""

    first: int
    months: int
    warm_up_days: int

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


def stretches(calendar: Calendar, window: Window) -> Iterator[tuple[int, int, bool]]:
    """(first day, last day, measured?) of the warm-up, cut at months, and then of each month."""
    start = calendar.first_day(window.first)
    day = start - window.warm_up_days
    while day < start:
        end = min(start, calendar.first_day(calendar.month_of_day(day) + 1))
        yield day, end, False
        day = end
    for month in window.measured:
        yield calendar.first_day(month), calendar.first_day(month + 1), True


def run_months(
    network: Network,
    seed: int,
    replication: int,
    window: Window,
    engine_name: str = "compiled",
    clock: Clock | None = None,
) -> list[MonthMeasures]:
    """Simulate one replication of one model; returns the measures of each measured month."""
    return run_models({"": network}, seed, replication, window, engine_name, clock)[""]


def run_models(
    networks: Mapping[str, Network],
    seed: int,
    replication: int,
    window: Window,
    engine_name: str = "compiled",
    clock: Clock | None = None,
) -> dict[str, list[MonthMeasures]]:
    """Simulate one replication of some models of one council side by side; returns each one's measured months.

    Contacts are drawn once a month for all of them: the draws depend on seed, replication and demand alone, so every model
    meets the same contacts. Memory does not grow with the number of months.
    """
    advance: Advance = engine(engine_name)
    key, clock = run_key(seed, replication), clock or Clock()
    one = next(iter(networks.values()))
    first = one.calendar.first_day(window.first) - window.warm_up_days
    states = {name: State.empty(first * TICKS_PER_DAY, len(network.teams)) for name, network in networks.items()}
    out: dict[str, list[MonthMeasures]] = {name: [] for name in networks}
    for begin, end, measured in stretches(one.calendar, window):
        now = time.perf_counter()
        contacts = one.arrivals.draw(key, begin, end)
        clock.add("drawing", now)
        for name, network in networks.items():
            now = time.perf_counter()
            journeys = route(network.tables, contacts.copy())
            now = clock.add("routing", now)
            states[name], counted = advance(network, states[name], journeys, end * TICKS_PER_DAY)
            clock.add("queueing", now)
            if measured:
                out[name].append(counted)
    return out
