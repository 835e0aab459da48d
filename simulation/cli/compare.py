"""`tom compare`: results side by side, or the points of one sweep."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from layers.problems import InputError, Problem, closest, one_of
from simulation.cli.headline import words
from simulation.cli.options import AsJson
from simulation.cli.output import print_json, say, table

if TYPE_CHECKING:
    from simulation.compare.comparison import Comparison, Entry, Ranking
    from simulation.compare.differences import Difference
    from simulation.compare.points import RankedPoint

Folders = Annotated[
    list[Path],
    typer.Argument(metavar="RESULT…", help="Result folders, the first to compare with; or one sweep folder."),
]
Metric = Annotated[
    str | None, typer.Option("--metric", metavar="NAME", help="What to rank a sweep's points by (default: its first).")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print every difference as CSV.")]
DIMENSIONS = {"layer": "layer", "financial_year": "financial year", "month": "month"}


def compare(results: Folders, metric: Metric = None, csv: AsCsv = False, as_json: AsJson = False) -> None:
    """Set results beside the first: paired differences with 95% intervals, by layer, month and year, and which lever."""
    from simulation.compare.reading import is_sweep, read_results

    if len(results) == 1 and is_sweep(results[0]):
        return _points(results[0], metric, csv, as_json)
    if len(results) < 2:
        raise InputError([Problem("command line", None, "RESULT", "one result alone", "two or more, or one sweep")])
    from simulation.compare.comparison import compare as compared
    from simulation.compare.comparison import rank

    read = read_results(results)
    comparisons = [compared(read[0], other) for other in read[1:]]
    ranking = rank(read, comparisons)
    if as_json:
        return print_json(_as_json(comparisons, ranking))
    if csv:
        return _print_csv([{"result": c.other, **e.as_json()} for c in comparisons for e in _all(c)])
    for comparison in comparisons:
        say(_text(comparison) + "\n")
    if len(read) > 2:
        say(_ranking(ranking))


def _points(folder: Path, metric: str | None, csv: bool, as_json: bool) -> None:
    """Rank the points of one sweep."""
    from simulation.compare.points import OWN, rank_points
    from simulation.compare.reading import read_runs
    from simulation.store.result import read_manifest
    from simulation.sweeps.lines import USUAL_METRICS
    from simulation.sweeps.tables import metric_column

    asked = read_manifest(folder)["asked"]
    parameters = tuple(asked.get("parameters", {}))
    runs = read_runs(folder)
    metrics = [str(name) for name in runs.columns if name not in (*OWN, *parameters)]
    first = [metric_column(key) for key in asked.get("metrics", USUAL_METRICS) if metric_column(key) in metrics]
    chosen = metric or (first[0] if first else "")
    if chosen not in metrics:
        said = Problem(
            "command line", None, "--metric", f"no metric {chosen!r}", one_of(metrics), closest(chosen, metrics)
        )
        raise InputError([said])
    ranked = rank_points(runs, chosen, parameters)
    if as_json:
        points = [point.as_json() for point in ranked]
        return print_json({"schema": "tom.compare-points/1", "sweep": str(folder), "metric": chosen, "points": points})
    if csv:
        return _print_csv([_flat(point) for point in ranked])
    rows = [
        (str(p.place), str(p.point), p.scenario, *map(str, p.parameters.values()), *_beside_first(p)) for p in ranked
    ]
    align = ("right", "right", "left", *("right" for _ in parameters), "right", "right")
    headings = ("Place", "Point", "Scenario", *parameters, chosen, "Less point 0, paired")
    say(table(headings, rows, list(align), title=f"{folder.name}: points by {chosen}"))  # type: ignore[arg-type]


def _beside_first(point: "RankedPoint") -> tuple[str, str]:
    """The mean of a point, and its difference from point 0 with the interval, in four digits."""
    found = point.difference
    said = "" if point.point == 0 else f"{found.difference:,.4g}"
    if said and found.ci95 is not None:
        said += f" ({found.ci95[0]:,.4g} to {found.ci95[1]:,.4g})"
    return f"{found.other:,.4g}", said


def _flat(point: "RankedPoint") -> dict[str, Any]:
    said = point.as_json()
    return {**{key: value for key, value in said.items() if key != "parameters"}, **said["parameters"]}


def _as_json(comparisons: "list[Comparison]", ranking: "Ranking") -> dict[str, Any]:
    ranked = [
        {"place": r.place, "result": r.label, "mean": r.mean, **(r.entry.difference.as_json() if r.entry else {})}
        for r in ranking.ranked
    ]
    return {
        "schema": "tom.compare/1",
        "comparisons": [comparison.as_json() for comparison in comparisons],
        "ranking": {"measure": ranking.measure.name, "unit": ranking.measure.unit, "results": ranked},
    }


def _all(comparison: "Comparison") -> "list[Entry]":
    return [*comparison.headline, *comparison.detail, *comparison.waterfall]


def _print_csv(rows: list[dict[str, Any]]) -> None:
    import pandas as pd

    from simulation.store.csv_text import csv_text

    frame = pd.DataFrame([{key: json.dumps(v) if isinstance(v, list) else v for key, v in row.items()} for row in rows])
    sys.stdout.write(csv_text(frame))


def _text(comparison: "Comparison") -> str:
    """Headlines, where the difference lies, and why."""
    how = f"unpaired: {comparison.why_unpaired}" if comparison.why_unpaired else "same contacts, paired"
    title = f"{comparison.other} less {comparison.one} ({how}; 95% intervals by chance alone)"
    parts = [_table(title, "Measure", [(entry.label, entry) for entry in comparison.headline])]
    shown = comparison.headline[0].measure
    for dimension, name in DIMENSIONS.items():
        rows = [(words(str(e.at)), e) for e in comparison.detail if e.measure == shown and e.by == dimension]
        if rows:
            parts.append(_table(f"{comparison.headline[0].label}, by {name}", name.capitalize(), rows))
    if comparison.waterfall:
        scaled = "" if comparison.months >= 12 else ", scaled to a year"
        parts.append(_waterfall(comparison.waterfall, f"Why: what each bar of the ledger adds{scaled}"))
    if comparison.plan:
        parts.append(_plan(comparison))
    return "\n\n".join(parts)


def _plan(comparison: "Comparison") -> str:
    """Posts gone at the end of each financial year, and the release that makes the difference."""
    last = comparison.plan[-1]
    rows = []
    for found in comparison.plan:
        if found.month.endswith("-03") or found is last:
            cause = "" if found.release is None else f"{found.release} ({_number(found.of_release or 0.0)})"
            numbers = (_number(found.difference.one), _number(found.difference.other), _range(found.difference))
            rows.append((found.month, *numbers, cause))
    headings = ("By the end of", "One", "Other", "Difference", "Most of it in release")
    return table(headings, rows, ("left", "right", "right", "right", "left"), title="Posts gone under the plan, FTE")


def _table(title: str, heading: str, rows: "list[tuple[str, Entry]]") -> str:
    cells = [
        (label, _number(e.difference.one, e.unit), _number(e.difference.other, e.unit), _range(e.difference, e.unit))
        for label, e in rows
    ]
    return table((heading, "One", "Other", "Difference"), cells, ("left", "right", "right", "right"), title=title)


def _waterfall(entries: "tuple[Entry, ...]", title: str) -> str:
    """The bars that lead from one release to the other, those that moved first."""
    moved = sorted(entries, key=lambda e: -abs(e.difference.difference))
    rows = [(words(str(e.at)), _range(e.difference)) for e in moved if abs(e.difference.difference) >= 0.05]
    small = sum(e.difference.difference for e in entries if abs(e.difference.difference) < 0.05)
    rows += [("All others", _number(small))] if len(rows) < len(entries) else []
    rows.append(("All", _number(sum(e.difference.difference for e in entries))))
    return table(("Lever or bar", "FTE"), rows, ("left", "right"), title=title)


def _ranking(ranking: "Ranking") -> str:
    rows = [
        (str(r.place), r.label, _number(r.mean), _range(r.entry.difference) if r.entry else "") for r in ranking.ranked
    ]
    heading = ("Place", "Result", ranking.measure.label, "Less the first")
    return table(heading, rows, ("right", "left", "right", "right"), title=f"By {ranking.measure.label.lower()}")


def _number(value: float, unit: str = "FTE") -> str:
    return f"{value:.2%}" if unit == "share" else f"{round(value, 1) + 0.0:,.1f}"


def _range(found: "Difference", unit: str = "FTE") -> str:
    said = _number(found.difference, unit)
    if found.ci95 is None:
        return said
    return f"{said} ({_number(found.ci95[0], unit)} to {_number(found.ci95[1], unit)})"
