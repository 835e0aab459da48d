"""`tom check`: every problem of every file at once."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from layers.problems import InputError, Problem
from simulation.cli.options import AsJson
from simulation.cli.output import complain, print_json, say

Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="Scenarios and sweeps: paths or shipped names.")]


def check(files: Files, as_json: AsJson = False) -> None:
    """Check scenarios and sweeps: every problem at once, each with file, line and what was expected."""
    from simulation.cli.failure import WRONG_INPUT, wrong_input

    results = {file: _problems(file, quiet=as_json) for file in files}
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


def _problems(file: str, quiet: bool) -> tuple[Problem, ...]:
    """Load one file; say so if it is right, return what is wrong with it otherwise."""
    try:
        said = _sweep(file) if _is_sweep(file) else _scenario(file)
    except InputError as error:
        return error.problems
    if not quiet:
        say(said)
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
