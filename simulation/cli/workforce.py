"""`tom workforce`: what a reduction would mean for people, policies side by side."""

import os
import sys
import time
from contextlib import redirect_stdout
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from layers.problems import InputError, Problem
from simulation.cli.options import AsJson, Csv, Out, Quiet, ScenarioName, Seed, Sets, Workers
from simulation.cli.output import complain, print_json, say
from simulation.cli.progress import progress_bar

if TYPE_CHECKING:
    from simulation.cli.reduction_source import Source
    from simulation.people.study import Settings, Study
    from simulation.scenario import Scenario
    from simulation.store.stamp import Stamp
    from workforce.staff import Staff


class ReadingName(StrEnum):
    """The readings of the published profile."""

    RUN_RATE = "A"
    HALVES = "B"
    BEHAVIOURAL = "behavioural"


Establishment = Annotated[
    Path | None,
    typer.Option(
        "--establishment", metavar="FILE", help="The council's own people, CSV or XLSX; else they are generated."
    ),
]
Reduction = Annotated[
    str,
    typer.Option(
        "--reduction", metavar="LEVEL|RESULT", help="The case's posts (low, mid, high), or those that a run releases."
    ),
]
Reading = Annotated[
    ReadingName, typer.Option("--reading", help="How the published profile is read: a ramp, halves, or take-up.")
]
Policies = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="NAME[+NAME]", help="A policy, or several laid on each other; may be repeated."),
]
PeopleReplications = Annotated[
    int, typer.Option("--replications", metavar="N", min=1, max=10_000, help="Runs with other chances.")
]


def workforce(
    scenario: ScenarioName,
    sets: Sets = None,
    establishment: Establishment = None,
    reduction: Reduction = "mid",
    reading: Reading = ReadingName.RUN_RATE,
    policy: Policies = None,
    seed: Seed = 1,
    replications: PeopleReplications = 50,
    workers: Workers = None,
    out: Out = Path("results"),
    quiet: Quiet = False,
    csv: Csv = False,
    as_json: AsJson = False,
) -> None:
    """The people side alone: how a reduction would be met, policy by policy, what it costs and where turnover falls short."""
    started = time.perf_counter()
    from simulation.cli.reduction_source import reduction_source
    from simulation.people.study import Settings
    from simulation.scenario import load
    from simulation.store.folder import check_writable
    from workforce.staff import policy_names

    council = load(scenario, sets or [])
    check_writable(out)
    staff, notes = _staff(council, establishment)
    source = reduction_source(council.council, reduction, reading.value)
    settings = Settings(policy_names(staff.section, policy or []), seed, replications, workers or os.cpu_count() or 1)
    found = _study(staff, source, settings, quiet)
    stamp = _stamp(council, settings, source, len(staff.months), establishment)
    summary = _summary(council, found, stamp, source, reading.value)
    manifest = _manifest(council, settings, stamp, round(time.perf_counter() - started, 3), notes)
    folder = _write(council, found, summary, manifest, out, csv)
    _show(summary, notes, folder, quiet, as_json)


def _summary(council: "Scenario", found: "Study", stamp: "Stamp", source: "Source", reading: str) -> dict[str, Any]:
    from simulation.people.summary import summary_of

    about = {"schema": "tom.workforce/1", **stamp.as_json(), "first_month": found.staff.months[0], "reading": reading}
    return {**about, **summary_of(found, _effort(council), source.words)}


def _write(
    council: "Scenario", found: "Study", summary: dict[str, Any], manifest: dict[str, Any], out: Path, csv: bool
) -> Path:
    """Write the result folder with its pictures."""
    from simulation.people.charts import charts_of
    from simulation.people.tables import tables_of
    from simulation.store.result import write_result

    charts = charts_of(summary, found)
    return write_result(out, council.name, tables_of(found, council.name), summary, manifest, csv, charts=charts)


def _show(summary: dict[str, Any], notes: tuple[str, ...], folder: Path, quiet: bool, as_json: bool) -> None:
    """Print the summary for a script, the folder alone when quiet, or the headline for a person."""
    from simulation.cli.people_headline import people_headline

    for note in () if quiet else notes:
        complain(f"note: {note}")
    if as_json:
        print_json({**summary, "result": str(folder)})
        return
    say(str(folder) if quiet else f"{people_headline(summary)}\n\nResult: {folder}")


def _staff(council: "Scenario", file: Path | None) -> "tuple[Staff, tuple[str, ...]]":
    """The people of the scenario, generated or read, and what to tell about the reading."""
    from workforce.staff import Staff, months_from

    section = council.council.workforce
    if section is None:
        said = "is needed: this scenario says nothing about people"
        raise InputError([Problem("", None, "workforce", said, "a section as in `oxfordshire`")])
    months = months_from(section.as_at, council.calendar.label(PLAN_MONTHS - 1))
    if file is None:
        from workforce.establishment.generated import generate

        return Staff(section, generate(section, council.council.service_areas, _matrix(council)), months), ()
    from workforce.establishment.reading import read_establishment

    read = read_establishment(file, section, council.council.service_areas)
    left = [f"{count:,} rows left out: {why}" for why, count in read.establishment.left_out]
    return Staff(section, read.establishment, months), (*read.warnings, *left)


PLAN_MONTHS = 60
"""The plan runs for five years from the calendar's first month."""


def _matrix(council: "Scenario") -> Any:
    """Effort by layer and area, which the generated people's job families follow."""
    from layers.effort_matrix import estimate

    prior = council.council.effort_matrix
    if prior is None:
        said = "is needed to generate people"
        raise InputError([Problem("", None, "effort_matrix", said, "weights by layer and service area")])
    return estimate(council.council.layers, council.council.service_areas, prior)


def _effort(council: "Scenario") -> dict[tuple[str, str], float]:
    """Effort FTE by (layer, area); none without a matrix."""
    if council.council.effort_matrix is None:
        return {}
    return {(layer, area): fte for layer, area, fte in _matrix(council).cells()}


def _study(staff: "Staff", source: "Source", settings: "Settings", quiet: bool) -> "Study":
    from simulation.people.study import study

    with redirect_stdout(sys.stderr), progress_bar(quiet) as progress:
        return study(staff, source.path, source.levels, settings, progress)


def _stamp(council: "Scenario", settings: "Settings", source: "Source", months: int, file: Path | None) -> "Stamp":
    """What this is a result of. Of an establishment file only its name and the hash of its bytes are kept."""
    import hashlib

    from simulation.store.stamp import Stamp, input_hash
    from simulation.store.version import version

    files = list(council.files)
    if file is not None:
        files.append((file.name, hashlib.sha256(file.read_bytes()).hexdigest()))
    asked = f"People: {', '.join(settings.policies)}. {source.words}. {source.path.to_csv(index=False)}"
    inputs = input_hash(council.resolved(), files, settings.seed, settings.replications, asked)
    return Stamp(council.name, settings.seed, settings.replications, months, "people", version(), inputs)


def _manifest(
    council: "Scenario", settings: "Settings", stamp: "Stamp", seconds: float, notes: tuple[str, ...]
) -> dict[str, Any]:
    """All that is needed to make the result again, and what it took."""
    import platform

    from simulation.store.version import numerics

    return {
        "schema": "tom.manifest/1",
        **stamp.as_json(),
        "workers": settings.workers,
        "versions": {"python": platform.python_version(), **numerics()},
        "timings": {"total_seconds": seconds},
        "command": ["tom", *sys.argv[1:]],
        "notes": list(notes),
        "files": [{"name": name, "sha256": sha256} for name, sha256 in council.files],
        "resolved_scenario": council.resolved(),
    }
