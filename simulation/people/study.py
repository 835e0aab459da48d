"""The study: policies side by side on the same luck, and what turnover alone would absorb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from simulation.batch import run_batch
from simulation.people.rows import CourseRows, rows_of
from simulation.people.sums import Sums, sums_of
from workforce.policies import Policy
from workforce.reduction.path import Reductions
from workforce.staff import Staff

KEPT = 10
"""Replications of which the tables hold every month; the summary is made of all."""
TURNOVER_ALONE, NO_REDUCTION = "turnover alone", "no reduction"
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Settings:
    """How to run a study."""

    policies: tuple[str, ...]
    seed: int = 1
    replications: int = 50
    workers: int = 1


@dataclass(frozen=True)
class Study:
    """What came of it: sums by policy and replication; of turnover alone by level of reduction; and the rows of the tables."""

    staff: Staff
    reductions: Reductions
    policies: dict[str, list[Sums]]
    absorbs: dict[str, list[Sums]]
    untouched: list[Sums]
    rows: dict[str, list[CourseRows]]
    last_due: int


@dataclass(frozen=True)
class _Task:
    policy: Policy
    reductions: str
    replication: int
    keep: bool


@dataclass(frozen=True)
class _Shared:
    staff: Staff
    reductions: Mapping[str, Reductions]
    seed: int


def study(
    staff: Staff,
    path: pd.DataFrame,
    levels: Mapping[str, pd.DataFrame],
    settings: Settings,
    progress: Progress | None = None,
) -> Study:
    """Run every policy on a path of reductions, and turnover alone on each of `levels`; raises InputError for wrong input."""
    found = {"": staff.reductions(path), **{name: staff.reductions(level) for name, level in levels.items()}}
    found[NO_REDUCTION] = Reductions(found[""].releases, found[""].fte * 0)
    policies = {name: staff.policy(name) for name in settings.policies}
    alone = staff.section.usual.model_copy(update={"routes": ("leavers_not_replaced",)})
    series = [(name, policy, "") for name, policy in policies.items()]
    series += [(f"{TURNOVER_ALONE} {name}", alone, name) for name in levels]
    series.append((NO_REDUCTION, alone, NO_REDUCTION))
    tasks = [
        _Task(policy, reduction, replication, name in policies and replication < KEPT)
        for name, policy, reduction in series
        for replication in range(settings.replications)
    ]
    done = run_batch(
        _work, _Shared(staff, found, settings.seed), tasks, settings.workers, _telling(progress, len(tasks))
    )
    results = {
        name: done[place * settings.replications : (place + 1) * settings.replications]
        for place, (name, _, _) in enumerate(series)
    }
    return Study(
        staff,
        found[""],
        {name: [sums for sums, _ in results[name]] for name in policies},
        {name: [sums for sums, _ in results[f"{TURNOVER_ALONE} {name}"]] for name in levels},
        [sums for sums, _ in results[NO_REDUCTION]],
        {name: [rows for _, rows in results[name] if rows is not None] for name in policies},
        last_due(found[""]),
    )


def last_due(found: Reductions) -> int:
    """The month in which the last reduction falls due; 0 where there is none."""
    months = found.fte.sum(axis=(0, 1)).nonzero()[0]
    return int(months[-1]) if len(months) else 0


def _work(shared: _Shared, task: _Task) -> tuple[Sums, CourseRows | None]:
    """One replication of one policy."""
    found = shared.reductions[task.reductions]
    course = shared.staff.course(task.policy, found, shared.seed, task.replication)
    sums = sums_of(course, found.releases, shared.staff.months, last_due(found))
    return sums, rows_of(course, task.replication, found.releases, shared.staff.months) if task.keep else None


def _telling(progress: Progress | None, tasks: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if progress is not None:
            progress(done / tasks, f"{done} of {tasks} courses")

    return tell
