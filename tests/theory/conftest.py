"""One queue, observed: waits of single customers and numbers present, in many replications after a warm-up."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.stats import t as student

from simulation.measures import MonthMeasures
from simulation.rows import TICKS_PER_DAY, TICKS_PER_MINUTE

REPLICATIONS = 16
WARM_UP_DAYS = 7
DAYS = 35
FIRST_DAY = 365


@dataclass(frozen=True)
class Observed:
    """One replication of one queue. Arrays have one value a customer; `present` counts customers at each midnight."""

    wait_minutes: np.ndarray
    served: np.ndarray
    urgent: np.ndarray
    arrivals_a_minute: float
    mean_service_minutes: float
    present: np.ndarray
    counted: MonthMeasures

    def mean_wait(self, which: np.ndarray | None = None) -> float:
        """Mean wait, minutes, of the customers in a mask."""
        return float(self.wait_minutes[which if which is not None else slice(None)].mean())


@dataclass(frozen=True)
class Interval:
    """A 99% confidence interval of a mean over replications."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def relative_width(self) -> float:
        """Half its width over its middle: an interval that holds anything proves nothing."""
        return (self.high - self.low) / (self.high + self.low)


@pytest.fixture(scope="session")
def interval() -> Callable[[Sequence[float]], Interval]:
    """`interval(values)`: the 99% interval of the mean of independent values (Student)."""

    def of(values: Sequence[float]) -> Interval:
        middle, n = float(np.mean(values)), len(values)
        half = float(student.ppf(0.995, n - 1) * np.std(values, ddof=1) / np.sqrt(n))
        return Interval(middle - half, middle + half)

    return of


@pytest.fixture(scope="session")
def erlang() -> ModuleType:
    """The formulas of queueing theory."""
    spec = importlib.util.spec_from_file_location("tests_theory_erlang", Path(__file__).with_name("erlang.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def observed(world, course) -> Callable[..., tuple[Observed, ...]]:
    """`observed("path=value", …)`: the one queue with these changes, replication by replication."""

    @cache
    def replications(*sets: str) -> tuple[Observed, ...]:
        queue = world("one_queue", *sets)
        network = queue.network(queue.today())
        return tuple(_observe(course(network, replication)) for replication in range(REPLICATIONS))

    return replications


def _observe(run) -> Observed:
    start, end = FIRST_DAY - WARM_UP_DAYS, FIRST_DAY + DAYS
    journeys = run.arriving(start, end)
    trace: list = []
    state, _ = run.on(run.start(start), FIRST_DAY, trace)
    _, counted = run.on(state, end, trace)
    present = []
    ready, left = _times(trace)
    contacts = journeys.contacts
    arrived = contacts["arrival"]
    present = [int(((ready <= tick) & (left > tick)).sum()) for tick in range(FIRST_DAY * TICKS_PER_DAY, 1)]
    raise NotImplementedError
