"""One run: a model, a replication, month after month, with a warm-up that is not counted."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

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
    on_month: Callable[[], None] | None = None,
) -> list[MonthMeasures]:
    """Simulate one replication of one model; returns the measures of each measured month.

    The draws depend on seed, replication and the council's demand alone: every model meets the same contacts.
    """
    advance: Advance = engine(engine_name)
    key, clock = run_key(seed, replication), clock or Clock()
    first = network.calendar.first_day(window.first) - window.warm_up_days
    state = State.empty(first * TICKS_PER_DAY, len(network.teams))
    out = []
    for begin, end, measured in stretches(network.calendar, window):
        state, counted = _stretch(advance, network, state, key, begin, end, clock)
        if measured:
            out.append(counted)
        if on_month is not None:
            on_month()
    return out


def _stretch(
    advance: Advance, network: Network, state: State, key: np.uint64, begin: int, end: int, clock: Clock
) -> tuple[State, MonthMeasures]:
    now = time.perf_counter()
    contacts = network.arrivals.draw(key, begin, end)
    now = clock.add("drawing", now)
    journeys = route(network.tables, contacts)
    now = clock.add("routing", now)
    state, counted = advance(network, state, journeys, end * TICKS_PER_DAY)
    clock.add("queueing", now)
    return state, counted
