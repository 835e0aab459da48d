"""Iterative proportional fitting (Deming and Stephan 1940): a table of FTE with given margins, as close as can be to a prior.

Of all tables with these margins the fit is closest to the prior in relative entropy, and it keeps a zero of the prior at zero.
Margins that the zeros make impossible are refused in plain words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.problems import InputError, Problem

TOLERANCE_FTE = 1e-9
MOST_ROUNDS = 20_000
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Wording:
    """How a table is spoken of where it cannot be fitted: its section, its cells, a row, a column, what gives its margins."""

    section: str
    cells: str
    row: str
    column: str
    row_margins: str
    column_margins: str
    allowed: str


def proportional_fit(
    rows: Mapping[str, float], columns: Mapping[str, float], prior: Matrix, wording: Wording
) -> tuple[Matrix, int]:
    """Fit a prior (rows × columns) to FTE by row and by column, within 1e-9 FTE on every margin; with the rounds it took.

    Raises InputError, naming the row or column, where the margins have different totals, a margin has nowhere to go, or the
    zeros make the margins impossible.
    """
    _check_margins(rows, columns, prior, wording)
    start = prior.copy()
    row_fte = np.array(list(rows.values()), dtype=np.float64)
    column_fte = np.array(list(columns.values()), dtype=np.float64)
    if row_fte.sum() > 0:
        column_fte *= row_fte.sum() / column_fte.sum()  # the totals agree; this takes out the last digit
    start[row_fte == 0, :] = 0.0
    start[:, column_fte == 0] = 0.0
    fitted, rounds = _scale(start, row_fte, column_fte)
    _check_fit(fitted, rows, columns, wording)
    return fitted, rounds


def _scale(start: Matrix, row_fte: Matrix, column_fte: Matrix) -> tuple[Matrix, int]:
    """Scale rows and columns in turn until both margins hold, or the most rounds are done."""
    fitted = start
    for done in range(MOST_ROUNDS):
        fitted = fitted * _ratio(row_fte, fitted.sum(axis=1))[:, None]
        if _worst(fitted, row_fte, column_fte) < TOLERANCE_FTE:
            return fitted, done
        fitted = fitted * _ratio(column_fte, fitted.sum(axis=0))[None, :]
    return fitted, MOST_ROUNDS


def _ratio(wanted: Matrix, held: Matrix) -> Matrix:
    return np.divide(wanted, held, out=np.zeros_like(held), where=held > 0)


def _worst(fitted: Matrix, row_fte: Matrix, column_fte: Matrix) -> float:
    return float(max(np.abs(fitted.sum(axis=1) - row_fte).max(), np.abs(fitted.sum(axis=0) - column_fte).max()))


def _check_margins(rows: Mapping[str, float], columns: Mapping[str, float], prior: Matrix, wording: Wording) -> None:
    problems = [
        _problem(
            wording,
            f"{wording.cells}.{row}",
            f"{row} has {fte:g} FTE but no {wording.column} it may sit in",
            wording.allowed,
        )
        for row, fte, allowed in zip(rows, rows.values(), prior.sum(axis=1), strict=True)
        if fte > 0 and allowed == 0
    ]
    problems += [
        _problem(
            wording, wording.cells, f"{column} has {fte:g} FTE but no {wording.row} has a weight there",
            f"{wording.allowed} for {column}",
        )
        for column, fte, allowed in zip(columns, columns.values(), prior.sum(axis=0), strict=True)
        if fte > 0 and allowed == 0
    ]  # fmt: skip
    by_row, by_column = sum(rows.values()), sum(columns.values())
    if abs(by_row - by_column) > 1e-6:
        said = f"the {wording.row}s hold {by_row:.2f} FTE and the {wording.column}s {by_column:.2f}"
        problems.append(_problem(wording, "", said, f"one total in {wording.row_margins} and {wording.column_margins}"))
    if problems:
        raise InputError(problems)
    _check_room(rows, columns, prior, wording)


def _check_room(rows: Mapping[str, float], columns: Mapping[str, float], prior: Matrix, wording: Wording) -> None:
    """Refuse zeros that leave some rows less room than they need: a minimum cut finds exactly which."""
    import networkx as nx  # here, not above: only a scenario's fit needs it, and it is slow to import

    graph = nx.DiGraph()
    for i, (row, fte) in enumerate(rows.items()):
        graph.add_edge("from", (0, row), capacity=_millionths(fte))
        graph.add_edges_from(((0, row), (1, column)) for j, column in enumerate(columns) if prior[i, j] > 0)
    for column, fte in columns.items():
        graph.add_edge((1, column), "to", capacity=_millionths(fte))
    room, (cut, _) = nx.minimum_cut(graph, "from", "to")
    if room < _millionths(sum(rows.values())) - len(rows) - len(columns):
        crowded = [row for row in rows if (0, row) in cut]
        held = [column for column in columns if (1, column) in cut]
        need, hold = sum(rows[row] for row in crowded), sum(columns[column] for column in held)
        said = f"{_names(crowded)} hold {need:.1f} FTE but may sit only in {_names(held)}, which hold {hold:.1f}"
        expected = f"{wording.allowed} in a further {wording.column}, or other margins"
        raise InputError([_problem(wording, wording.cells, said, expected)])


def _check_fit(fitted: Matrix, rows: Mapping[str, float], columns: Mapping[str, float], wording: Wording) -> None:
    """Refuse a fit that did not settle, naming the margin that is furthest out."""
    misses = {row: abs(fitted[i].sum() - fte) for i, (row, fte) in enumerate(rows.items())}
    misses |= {column: abs(fitted[:, j].sum() - fte) for j, (column, fte) in enumerate(columns.items())}
    name, miss = max(misses.items(), key=lambda item: item[1], default=("", 0.0))
    if miss > 10 * TOLERANCE_FTE:
        said = f"the fit does not settle: {name} is still {miss:.3g} FTE out after {MOST_ROUNDS} rounds"
        raise InputError([_problem(wording, wording.cells, said, f"{wording.cells} that leave {name} some slack")])


def _millionths(fte: float) -> int:
    return round(fte * 1_000_000)


def _names(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _problem(wording: Wording, path: str, message: str, expected: str) -> Problem:
    return Problem("", None, f"{wording.section}.{path}" if path else wording.section, message, expected)
