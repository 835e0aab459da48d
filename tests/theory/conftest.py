"""One queue, observed: waits of single customers and numbers present, in many replications after a warm-up."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy.stats import t as student

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
    mean_minutes_present: float
    present: np.ndarray

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
def observed(world) -> Callable[..., tuple[Observed, ...]]:
    """`observed("path=value", …)`: the one queue with these changes, replication by replication."""

    @cache
    def replications(*sets: str) -> tuple[Observed, ...]:
        queue = world("one_queue", *sets)
        return tuple(_observe(queue.course(queue.today(), replication=r)) for r in range(REPLICATIONS))

    return replications


def _observe(run: Any) -> Observed:
    state, contacts, trace, present = run.start(FIRST_DAY - WARM_UP_DAYS), [], [], []
    stretches = [FIRST_DAY, *range(FIRST_DAY + 1, FIRST_DAY + DAYS + 1)]
    for day in stretches:
        journeys = run.arriving(state.tick // TICKS_PER_DAY, day)
        contacts.append((journeys.contacts, journeys.steps["ticks"]))
        state, _ = run.meet(state, journeys, day, trace)
        present.append(len(state.progress))
    arrival, urgent = (np.concatenate([c[name] for c, _ in contacts]) for name in ("arrival", "urgent"))
    ticks = np.concatenate([ticks for _, ticks in contacts])
    counted = (arrival >= FIRST_DAY * TICKS_PER_DAY) & (arrival < (FIRST_DAY + DAYS - 1) * TICKS_PER_DAY)
    wait, served = _waits(trace, ticks)
    return Observed(
        wait_minutes=wait[counted] / TICKS_PER_MINUTE,
        served=served[counted],
        urgent=urgent[counted] == 1,
        arrivals_a_minute=counted.sum() / ((DAYS - 1) * 24 * 60),
        mean_service_minutes=float(ticks[counted].mean()) / TICKS_PER_MINUTE,
        mean_minutes_present=float((wait + ticks * served)[counted].mean()) / TICKS_PER_MINUTE,
        present=np.array(present[:-1]),
    )


def _waits(trace: list[tuple[int, ...]], ticks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Wait of each customer in ticks (-1: still there) and whether it was served, from a trace of one-step attempts."""
    wait, served = np.full(len(ticks), -1), np.zeros(len(ticks), dtype=bool)
    for number, _, _, ready, began, ended, *_ in trace:
        served[number] = ended >= 0
        wait[number] = began - ready
    return wait, served


@pytest.fixture(scope="session")
def histogram_and_waits(world) -> tuple[np.ndarray, np.ndarray]:
    """Twenty days of the one queue: the histogram of waits, and the waits themselves in ticks."""
    queue = world("one_queue")
    run = queue.course(queue.today())
    journeys, trace = run.arriving(FIRST_DAY, FIRST_DAY + 20), []
    _, counted = run.meet(run.start(FIRST_DAY), journeys, FIRST_DAY + 20, trace)
    wait, served = _waits(trace, journeys.steps["ticks"])
    return counted.waits[0], wait[served]
