"""`tom run`: simulate, write one result folder, print the headline."""

import os
import sys
import time
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.cli.headline import headline
from simulation.cli.options import (
    AsJson,
    Csv,
    Engine,
    EngineName,
    Events,
    Months,
    NoSearch,
    Out,
    Precision,
    Quiet,
    Replications,
    ScenarioName,
    Seed,
    Sets,
    Workers,
)
from simulation.cli.output import complain, print_json, say
from simulation.cli.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandas import DataFrame

    from simulation.experiment import Outcome, Settings
    from simulation.scenario import Scenario
    from simulation.store.stamp import Stamp


def run(
    scenario: ScenarioName,
    sets: Sets = None,
    months: Months = None,
    seed: Seed = 1,
    replications: Replications = 2,
    precision: Precision = None,
    engine: Engine = EngineName.COMPILED,
    workers: Workers = None,
    no_search: NoSearch = False,
    out: Out = Path("results"),
    quiet: Quiet = False,
    csv: Csv = False,
    events: Events = False,
    as_json: AsJson = False,
) -> None:
    """The main job: simulate, write one result folder, print the headline table and the verdict."""
    started = time.perf_counter()
    from simulation.cli.case import with_case
    from simulation.cli.money import case_money, with_money
    from simulation.cli.verdict import with_verdict
    from simulation.experiment import Settings
    from simulation.scenario import load
    from simulation.store.folder import check_writable
    from simulation.store.result import write_result

    council = load(scenario, sets or [])
    check_writable(out)
    # what the case's own money refuses is said before anything is simulated
    case = case_money(council)
    settings = Settings(
        seed=seed,
        replications=replications,
        months=months,
        engine=engine.value,
        workers=workers or os.cpu_count() or 1,
        precision=precision,
        search=not no_search,
    )
    outcome = with_money(with_case(_simulate(council, settings, quiet), council), council, case)
    settings = replace(settings, replications=outcome.replications)
    stamp = _stamp(council, settings, outcome.summary)
    runtime_seconds = round(time.perf_counter() - started, 3)
    found = outcome.summary if "verdict" in outcome.summary else with_verdict(outcome.summary, council)
    summary = {"schema": "tom.summary/1", **stamp.as_json(), **found, "runtime_seconds": runtime_seconds}
    manifest = _manifest(council, settings, outcome, stamp)
    log = _event_log(council, settings) if events else ()
    folder = write_result(out, council.name, outcome.tables, summary, manifest, csv, events=log)
    _show(summary, outcome.notes, folder, quiet, as_json)


def _simulate(council: "Scenario", settings: "Settings", quiet: bool) -> "Outcome":
    """Run the experiment under a progress bar; what a library prints must not get among the results."""
    from simulation import experiment

    with redirect_stdout(sys.stderr), progress_bar(quiet) as progress:
        return experiment.run(council, settings, progress)


def _event_log(council: "Scenario", settings: "Settings") -> "Iterable[tuple[str, DataFrame]]":
    """The event log, simulated part by part as it is written."""
    from simulation.events import event_log

    return event_log(council, settings)


def _stamp(council: "Scenario", settings: "Settings", found: dict[str, Any]) -> "Stamp":
    """What this is a result of."""
    from simulation.store.stamp import Stamp, input_hash
    from simulation.store.version import version

    period = found["period"] + ("" if settings.search else " No search.")
    inputs = input_hash(council.resolved(), council.files, settings.seed, settings.replications, period)
    return Stamp(
        scenario=council.name,
        seed=settings.seed,
        replications=settings.replications,
        months=found["months"],
        engine=settings.engine,
        version=version(),
        input_hash=inputs,
    )


def _manifest(council: "Scenario", settings: "Settings", outcome: "Outcome", stamp: "Stamp") -> dict[str, Any]:
    """All that is needed to make the result again, and what it took."""
    import platform

    from simulation.store.version import numerics

    return {
        "schema": "tom.manifest/1",
        **stamp.as_json(),
        "workers": settings.workers,
        "versions": {"python": platform.python_version(), **numerics()},
        "timings": dict(outcome.timings),
        "command": ["tom", *sys.argv[1:]],
        "notes": list(outcome.notes),
        "calibration": outcome.calibration,
        "files": [{"name": name, "sha256": sha256} for name, sha256 in council.files],
        "resolved_scenario": council.resolved(),
    }


def _show(summary: dict[str, Any], notes: tuple[str, ...], folder: Path, quiet: bool, as_json: bool) -> None:
    """Print the summary for a script, the folder alone when quiet, or the headline for a person."""
    if not quiet:
        for note in notes:
            complain(f"note: {note}")
    if as_json:
        print_json({**summary, "result": str(folder)})
        return
    say(str(folder) if quiet else f"{headline(summary)}\n\nResult: {folder}")
