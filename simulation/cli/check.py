"""`tom check`: every problem of every file at once: scenarios, and establishments by their ending."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from layers.problems import InputError, Problem
from simulation.cli.options import AsJson
from simulation.cli.output import complain, print_json, say

Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE…", help="Scenarios and sweeps, by path or shipped name; establishments (CSV, XLSX)."),
]
For = Annotated[
    str,
    typer.Option("--for", metavar="SCENARIO", help="Whose service areas, job families and grades establishments use."),
]


def check(files: Files, scenario: For = "oxfordshire", as_json: AsJson = False) -> None:
    """Check scenarios, sweeps and establishments: every problem at once, each with file, line and what was expected."""
    from simulation.cli.failure import WRONG_INPUT, wrong_input

    results = {file: _problems(file, scenario, quiet=as_json) for file in files}
    problems = [problem for found in results.values() for problem in found]
    failure = wrong_input(list(dict.fromkeys(problems))) if problems else None
    if failure:
        complain(failure.text)
    if as_json:
        said: dict[str, Any] = {"error": failure.error} if failure else {}
        checked = [{"file": file, "ok": not found} for file, found in results.items()]
        print_json({**said, "checked": checked, "problems": [asdict(p) for p in failure.problems] if failure else []})
    if failure:
        raise typer.Exit(WRONG_INPUT)


def _problems(file: str, known_to: str, quiet: bool) -> tuple[Problem, ...]:
    """Load one file; say so if it is right, return what is wrong with it otherwise."""
    from workforce.establishment.sheets import is_sheet

    if is_sheet(file):
        return _establishment(file, known_to, quiet)
    try:
        said = _sweep(file) if _is_sweep(file) else _scenario(file)
    except InputError as error:
        return error.problems
    if not quiet:
        say(said)
    return ()


def _establishment(file: str, known_to: str, quiet: bool) -> tuple[Problem, ...]:
    """Read an establishment as a scenario's people; say what it holds if it is right."""
    from pathlib import Path

    from simulation.scenario import load
    from workforce.establishment.merging import pools_of
    from workforce.establishment.reading import read_establishment

    try:
        council = load(known_to).council
        if council.workforce is None:
            return (Problem(known_to, None, "workforce", "this scenario says nothing about people", "oxfordshire"),)
        read = read_establishment(Path(file), council.workforce, council.service_areas)
    except InputError as error:
        return error.problems
    if not quiet:
        people, pools = read.establishment, pools_of(read.establishment)
        left = "".join(f"; {count:,} left out: {why}" for why, count in people.left_out)
        say(
            f"OK: {len(people.assignments):,} assignments, {people.fte:,.1f} FTE, {pools.merged} small groups merged{left}"
        )
        for warning in read.warnings:
            complain(f"note: {warning}")
    return ()


def _is_sweep(file: str) -> bool:
    """Whether a file is meant as a sweep; one that cannot be read is left to the scenario's messages."""
    from layers.reading import read_document
    from simulation.sweeps.sweep_file import is_shipped_sweep, is_sweep

    if is_shipped_sweep(file):
        return True
    try:
        return is_sweep(read_document(file))
    except InputError:
        return False


def _scenario(file: str) -> str:
    from simulation.describe import assumptions
    from simulation.scenario import load

    scenario = load(file)
    return f"OK: {scenario.name} — {len(assumptions(scenario))} assumptions"


def _sweep(file: str) -> str:
    from simulation.sweeps.plan import check_sweep

    plan = check_sweep(file)
    points, replications = len(plan.design.points), plan.design.replications
    return f"OK: {plan.name} — a sweep of {plan.design.runs:,} runs: {points:,} points × {replications:,} replications"
