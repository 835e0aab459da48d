"""A network of two teams against Ciw, another simulator, where it is installed (the extra `peers`).

Each measure is a mean over independent replications of either program. It agrees where nought lies in Welch's 95% interval of
the difference of the two means, and that interval is narrow: half its width is below 5% of the mean. Seeds are fixed. Counted
are eight days of Ciw after a first that is not, and a month of ours after two.
"""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy.stats import ttest_ind

from simulation.measures import MonthMeasures
from simulation.rows import TICKS_PER_MINUTE
from simulation.runs import Window, run_months

pytest.importorskip("ciw", reason="Ciw is not installed: it comes with the extra `peers`")

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
REPLICATIONS, OUR_REPLICATIONS = 8, 24
FIRST_MINUTE, LAST_MINUTE, AFTER_MINUTES = 1440, 9 * 1440, 120
"""Ciw runs on a while after the last minute counted, since it knows a visit only when it has ended."""
MEASURES = ("mean wait", "share abandoned", "utilisation")
TEAMS = ("desk", "specialists")

Means = dict[tuple[str, str], list[float]]
"""By team and measure, a value a replication."""


@pytest.fixture(scope="module")
def small_network() -> ModuleType:
    """The small network as the benchmark knows it."""
    spec = importlib.util.spec_from_file_location("tests_small_network", BENCHMARKS / "small_network.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def theirs(small_network: ModuleType) -> Means:
    """What Ciw finds."""
    small = small_network.SmallNetwork.of(small_network.our_network())
    runs = [small_network.ciw_records(small, LAST_MINUTE + AFTER_MINUTES, seed) for seed in range(REPLICATIONS)]
    return _by_measure(
        [[m for node in (1, 2) for m in _of_records(run, node, small.teams[node - 1].people)] for run in runs]
    )


@pytest.fixture(scope="module")
def ours(small_network: ModuleType) -> Callable[..., Means]:
    """`ours("path=value", …)`: what the compiled engine finds, with these changes."""

    @cache
    def found(*sets: str) -> Means:
        network, window = small_network.our_network(*sets), Window(first=0, months=1, settling_days=2)
        months = [run_months(network, 1, replication, window)[0] for replication in range(OUR_REPLICATIONS)]
        return _by_measure([[m for team in range(len(TEAMS)) for m in _of_month(month, team)] for month in months])

    return found


def _of_records(records: Sequence[Any], node: int, people: int) -> tuple[float, float, float]:
    """Mean wait of those served in minutes, share abandoned, utilisation: from Ciw's records of visits."""

    def counted(minute: float) -> bool:
        return FIRST_MINUTE <= minute < LAST_MINUTE

    here = [r for r in records if r.node == node]
    served = [r for r in here if r.record_type == "service"]
    waits = [r.waiting_time for r in served if counted(r.service_start_date)]
    abandoned = sum(r.record_type == "renege" and counted(r.exit_date) for r in here)
    busy = sum(max(0.0, min(r.service_end_date, LAST_MINUTE) - max(r.service_start_date, FIRST_MINUTE)) for r in served)
    offered = sum(counted(r.arrival_date) for r in here)
    return float(np.mean(waits)), abandoned / offered, busy / (people * (LAST_MINUTE - FIRST_MINUTE))


def _of_month(month: MonthMeasures, team: int) -> tuple[float, float, float]:
    """The same from a month's counts."""
    count = {name: int(values[team]) for name, values in month.by_team.items()}
    wait = count["wait_ticks"] / count["answered"] / TICKS_PER_MINUTE
    return wait, count["abandoned"] / count["offered"], count["busy_ticks"] / count["duty_ticks"]


def _by_measure(replications: list[list[float]]) -> Means:
    names = [(team, measure) for team in TEAMS for measure in MEASURES]
    return {name: list(values) for name, values in zip(names, zip(*replications, strict=True), strict=True)}


def interval_of_difference(some: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """Welch's 95% interval of the difference of two means."""
    found = ttest_ind(some, others, equal_var=False).confidence_interval(0.95)
    return float(found.low), float(found.high)


@pytest.mark.parametrize("team", TEAMS)
@pytest.mark.parametrize("measure", MEASURES)
def test_against_ciw_inside_its_confidence_interval(
    ours: Callable[..., Means], theirs: Means, team: str, measure: str
) -> None:
    low, high = interval_of_difference(ours()[team, measure], theirs[team, measure])
    assert low <= 0 <= high
    assert (high - low) / 2 < 0.05 * float(np.mean(theirs[team, measure]))


def test_the_comparison_notices_calls_that_are_a_twentieth_longer(ours: Callable[..., Means], theirs: Means) -> None:
    longer = ours("routes.steps.answer.work.minutes=7.35")
    for measure in MEASURES:
        low, _ = interval_of_difference(longer["desk", measure], theirs["desk", measure])
        assert low > 0, measure
