"""How large a sweep is and about how long it takes: one run of each scenario is timed, nothing is written."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from simulation.sweeps.design import Design
from simulation.sweeps.lines import RunTask
from simulation.sweeps.work import Shared, simulate


@dataclass(frozen=True)
class Estimate:
    """`seconds_a_run` by scenario, and what was said of a run that failed."""

    seconds_a_run: Mapping[str, float]
    failures: Mapping[str, str]
    runs: Mapping[str, int]

    @property
    def core_seconds(self) -> float:
        """All runs, one after another."""
        return sum(self.seconds_a_run.get(name, 0.0) * count for name, count in self.runs.items())


def estimate(design: Design, shared: Shared) -> Estimate:
    """Time the first run of each scenario in this process, once it is warm (compiled, imported)."""
    seconds, failures, runs = {}, {}, dict.fromkeys((point.scenario for point in design.points), 0)
    for point in design.points:
        runs[point.scenario] += design.replications
        if point.scenario in seconds or point.scenario in failures:
            continue
        task = RunTask("estimate", point.scenario, point.sets, 0)
        for _ in range(2):
            started = time.perf_counter()
            (line,) = simulate(shared, (task,))
            if line.failure is not None:
                failures[point.scenario] = line.failure
                break
            seconds[point.scenario] = time.perf_counter() - started
    return Estimate(seconds, failures, runs)
