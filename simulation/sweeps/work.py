"""What a worker does: the runs of a slice, one after the other, each handed back as one line of text.

It reads no file and writes none: scenarios come with what is shared, results go back as text. So it may be on any machine.
"""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from layers.problems import InputError, Problem, closest, one_of
from layers.reading import Document, with_sets
from simulation.calibration import calibrated
from simulation.experiment import Outcome, Settings, run
from simulation.scenario import Scenario, scenario_of
from simulation.store.version import version
from simulation.sweeps.lines import DONE, USUAL_METRICS, Line, RunTask, failed_line
from simulation.sweeps.tables import metric_column

MOST_TRIES = 2
"""Times that a run which raises is tried: the second in case it was the machine."""
Finish = Callable[[Outcome, Scenario], Outcome]


@dataclass(frozen=True)
class Shared:
    """What every run of a sweep shares. `finish` adds to an outcome what only the command line knows of."""

    documents: Mapping[str, Document]
    settings: Settings
    version: str
    metrics: tuple[str, ...] | None = None
    tables: tuple[str, ...] | None = None
    finish: Finish | None = None
    prepared: dict[tuple[str, tuple[str, ...]], Scenario] = field(default_factory=dict)
    """The scenario of the point before, calibrated: runs of one point follow one another."""


class OtherVersion(RuntimeError):
    """A worker runs another version of the program: its numbers would not be this one's."""


def simulate(shared: Shared, tasks: tuple[RunTask, ...]) -> list[Line]:
    """Do some runs; a run that fails is a line too. Raises InputError for a metric that there is not, OtherVersion."""
    if version() != shared.version:
        raise OtherVersion(f"a worker runs version {version()}, the sweep {shared.version}")
    return [_line(shared, task) for task in tasks]


def _line(shared: Shared, task: RunTask) -> Line:
    started = time.perf_counter()
    for tries in range(1, MOST_TRIES + 1):
        try:
            outcome = _outcome(shared, task)
            break
        except InputError as error:
            return failed_line(task.run, str(error), tries)
        except Exception as error:
            if tries == MOST_TRIES:
                return failed_line(task.run, f"{type(error).__name__}: {error}".rstrip(": "), tries)
    seconds = time.perf_counter() - started
    wanted = shared.tables if shared.tables is not None else tuple(outcome.tables)
    kept = {
        "run": task.run,
        "status": DONE,
        "metrics": metrics_of(outcome.summary, shared.metrics),
        "tables": {name: _columns(outcome.tables[name]) for name in wanted if name in outcome.tables},
    }
    return Line(task.run, json.dumps(kept), seconds)


def _outcome(shared: Shared, task: RunTask) -> Outcome:
    """The run itself, as `tom run` would do it with this one replication."""
    scenario = _prepared(shared, task)
    outcome = run(scenario, replace(shared.settings, replications=1, first_replication=task.replication))
    return shared.finish(outcome, scenario) if shared.finish is not None else outcome


def _prepared(shared: Shared, task: RunTask) -> Scenario:
    key = (task.scenario, task.sets)
    if key not in shared.prepared:
        shared.prepared.clear()
        scenario = scenario_of(with_sets(shared.documents[task.scenario], task.sets))
        shared.prepared[key] = replace(scenario, council=calibrated(scenario.council))
    return shared.prepared[key]


def metrics_of(summary: Mapping[str, Any], wanted: tuple[str, ...] | None) -> dict[str, float | int]:
    """Numbers of a summary by column: a dotted key that leads to a number, or to a distribution, whose mean is taken.

    Raises InputError for a key asked for that the summary has not.
    """
    found = {}
    for key in wanted if wanted is not None else USUAL_METRICS:
        value = _number(summary, key)
        if value is not None:
            found[metric_column(key)] = value
        elif wanted is not None:
            known = list(_numbers(summary))
            raise InputError([_no_metric(key, known)])
    return found


def _no_metric(key: str, known: list[str]) -> Problem:
    return Problem(
        "sweep file", None, "metrics", f"a run's summary has no number {key!r}", one_of(known), closest(key, known)
    )


def _number(summary: Mapping[str, Any], key: str) -> float | int | None:
    value: Any = summary
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, Mapping):
        value = value.get("mean")
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if is_number else None


def _numbers(summary: Mapping[str, Any], before: str = "") -> list[str]:
    found = []
    for key, value in summary.items():
        if _number(summary, key) is not None:
            found.append(before + key)
        elif isinstance(value, Mapping):
            found += _numbers(value, f"{before}{key}.")
    return found


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """A table as lists by column; what is missing is None."""
    return {str(name): frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in frame}
