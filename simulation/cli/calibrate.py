"""`tom calibrate`: solve the volumes and minutes with which today handles the published effort."""

from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

import typer

from simulation.cli.options import AsJson, ScenarioName, Sets
from simulation.cli.output import print_json, say, table

Write = Annotated[
    Path | None,
    typer.Option("--write", metavar="FILE.yaml", help="Store the result in this file, for the scenario to extend."),
]


def calibrate(scenario: ScenarioName, sets: Sets = None, write: Write = None, as_json: AsJson = False) -> None:
    """Solve the yearly volumes and the minutes with which today handles the published effort."""
    from simulation import calibration
    from simulation.scenario import load

    council = load(scenario, sets or [])
    solved = calibration.calibrate(council.council).model_dump()
    stored = _store(council.name, solved, write.absolute()) if write else None
    if as_json:
        print_json({"scenario": council.name, "calibration": solved, **({"stored": str(stored)} if stored else {})})
        return
    say(calibration_table(council.name, solved))
    if stored:
        say(f"\nStored: {stored}")


def calibration_table(name: str, solved: Mapping[str, Any]) -> str:
    """Every solved number with its place in the scenario."""
    rows = [(place, f"{value:,.10g}" if isinstance(value, float) else str(value)) for place, value in leaves(solved)]
    return table(("Solved", "Value"), rows, ("left", "right"), title=f"{name}: calibration")


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every number or text of nested mappings, with its dotted place."""
    if not isinstance(value, Mapping):
        yield place, value
        return
    for key, inner in value.items():
        yield from leaves(inner, f"{place}.{key}" if place else str(key))


def _store(name: str, solved: Mapping[str, Any], path: Path) -> Path:
    """Write the `calibration` section as a YAML file of its own."""
    from ruamel.yaml import YAML

    from simulation.store.folder import write_file

    text = StringIO()
    text.write(f"# Solved by `tom calibrate {name}`; solve again when today's demand, routes or teams change.\n")
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump({"calibration": solved}, text)
    write_file(path, text.getvalue().encode())
    return path
