"""`tom describe`: what a scenario assumes, what it plans, what can be set, and how its contacts are routed."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.headline import words
from simulation.cli.options import AsJson, ScenarioName, Sets
from simulation.cli.output import Align, print_json, say, table

if TYPE_CHECKING:
    from layers.effort_matrix import EffortMatrix
    from simulation.describe import Row

Picture = Annotated[
    Path | None, typer.Option("--out", metavar="FILE.svg", help="Draw the routing graph into this file.")
]
Timeline = Annotated[
    Path | None, typer.Option("--timeline", metavar="FILE.svg", help="Draw the plan over its months into this file.")
]
Precedence = Annotated[
    Path | None, typer.Option("--precedence", metavar="FILE.svg", help="Draw what comes before what into this file.")
]
ALIGN: tuple[Align, ...] = ("left", "right", "left", "right", "right", "left", "left")


def describe(
    scenario: ScenarioName,
    sets: Sets = None,
    out: Picture = None,
    timeline: Timeline = None,
    precedence: Precedence = None,
    as_json: AsJson = False,
) -> None:
    """Show the assumptions with range, source and grade, the plan, the paths for --set, and the pictures."""
    from simulation.cli.case_rates import rates_json, rates_text
    from simulation.cli.plan import draw_plan, plan_json, plan_text
    from simulation.describe import assumptions, effort_matrix, set_paths
    from simulation.scenario import load

    council = load(scenario, sets or [])
    rows, paths = assumptions(council), set_paths(council)
    matrix, picture = effort_matrix(council), _draw(council, out) if out else None
    drawn = draw_plan(council, timeline, precedence)
    if as_json:
        shown = _as_json(council.name, rows, paths, matrix, picture)
        print_json(
            {**shown, **plan_json(council), **rates_json(council), **{name: str(path) for name, path in drawn.items()}}
        )
        return
    say(_assumption_table(council.name, rows) + "\n")
    if matrix:
        say(_matrix_table(matrix) + "\n")
    for said in (plan_text(council), rates_text(council)):
        if said:
            say(said + "\n")
    say(_path_table(paths))
    for name, path in {**({"routing_graph": picture} if picture else {}), **drawn}.items():
        say(f"{words(name)}: {path}")


def _draw(council: Any, out: Path) -> Path:
    """Write the routing graph as SVG; a folder gets `<scenario>.svg`."""
    from simulation.describe import routing_svg
    from simulation.store.folder import write_file
    from simulation.store.result import folder_name

    path = (out / f"{folder_name(council.name)}.svg" if out.is_dir() else out).absolute()
    write_file(path, routing_svg(council).encode())
    return path


def _assumption_table(name: str, rows: "list[Row]") -> str:
    """Path, value, unit, range, grade and source of every assumption."""
    headings = ("Assumption", "Value", "Unit", "Low", "High", "Grade", "Source")
    cells = [
        (row.path, _number(row.value), row.unit, _number(row.low), _number(row.high), row.grade or "", row.source or "")
        for row in rows
    ]
    return table(headings, cells, ALIGN, title=f"{name}: {len(rows)} assumptions")


def _matrix_table(matrix: "EffortMatrix") -> str:
    """Estimated effort by service area (rows) and layer (columns), FTE, with both margins."""
    layers = [layer for layer in matrix.layers if sum(matrix.layer(layer).values()) > 0]
    rows = []
    for area in matrix.areas:
        fte = matrix.area(area)
        rows.append((words(area), *(f"{fte[layer]:,.1f}" for layer in layers), f"{sum(fte.values()):,.1f}"))
    totals = [sum(matrix.layer(layer).values()) for layer in layers]
    rows.append(("All", *(f"{total:,.1f}" for total in totals), f"{sum(totals):,.1f}"))
    right: Align = "right"
    numbers = tuple(right for _ in range(len(layers) + 1))
    align: tuple[Align, ...] = ("left", *numbers)
    headings = ("Service area", *(words(layer) for layer in layers), "All")
    return table(headings, rows, align, title=f"Effort today by where staff sit, FTE ({matrix.label})")


def _path_table(paths: list[tuple[str, str]]) -> str:
    """The paths that stay from version to version."""
    return table(("--set path", "Meaning"), paths, ("left", "left"), title="Stable paths for --set")


def _as_json(
    name: str,
    rows: "list[Row]",
    paths: list[tuple[str, str]],
    matrix: "EffortMatrix | None",
    picture: Path | None,
) -> dict[str, Any]:
    """The same as JSON; what an assumption lacks is absent."""
    assumptions = [{key: value for key, value in asdict(row).items() if value is not None} for row in rows]
    graph = {"routing_graph": str(picture)} if picture else {}
    meanings = [{"path": path, "meaning": meaning} for path, meaning in paths]
    estimate = {"effort_matrix": _matrix_as_json(matrix)} if matrix else {}
    return {"scenario": name, "assumptions": assumptions, "set_paths": meanings, **estimate, **graph}


def _matrix_as_json(matrix: "EffortMatrix") -> dict[str, Any]:
    fte = {layer: matrix.layer(layer) for layer in matrix.layers}
    return {"basis": matrix.label, "unit": "FTE", "fte": fte}


def _number(value: float | None) -> str:
    """As short as it can be said without losing a digit that matters."""
    return "" if value is None else f"{value:,.10g}"
