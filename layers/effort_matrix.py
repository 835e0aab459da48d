"""The effort matrix: an *estimate* of today's effort by layer and service area. The `effort_matrix` section.

Only the margins are published (effort by layer, staff by directorate). The cells are estimated by iterative
proportional fitting (Deming and Stephan 1940): of all matrices with these margins, the one closest to the prior weights
in relative entropy. It keeps a zero of the prior at zero. Every use of a cell must say that it is an estimate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from layers.assumption import Frozen, Id
from layers.baselines import LayerBaseline, ServiceArea, area_margins, layer_margins
from layers.problems import Fault, Faults, InputError, Problem, closest
from layers.splits import Weights

TOLERANCE_FTE = 1e-9
MOST_ROUNDS = 20_000
LABEL = "estimate: prior weights fitted to published margins by iterative proportional fitting; no cell is published"
Matrix = NDArray[np.float64]


class EffortMatrixPrior(Frozen):
    """The `effort_matrix` section: for each layer, weights by service area; only their proportions count.

    An area a layer does not name is a structural zero: the layer has no effort there, whatever the margins.
    """

    weights: dict[Id, Weights]

    @model_validator(mode="after")
    def split_by_area(self) -> Self:
        """Refuse weights by anything but the service area."""
        faults = [
            Fault(("weights", layer, "by"), f"split by {given.by}", "service_area")
            for layer, given in self.weights.items()
            if given.by != "service_area"
        ]
        if faults:
            raise Faults(faults)
        return self


FURTHEST = 0.1
"""The most by which the totals of the two margins may differ, as a share."""


@dataclass(frozen=True)
class EffortMatrix:
    """Estimated FTE by layer (rows) and service area (columns), with how many rounds the fit took."""

    layers: tuple[str, ...]
    areas: tuple[str, ...]
    fte: tuple[tuple[float, ...], ...]
    rounds: int
    label: str = LABEL

    def cell(self, layer: str, area: str) -> float:
        """Estimated FTE of one layer in one service area."""
        return self.fte[self.layers.index(layer)][self.areas.index(area)]

    def layer(self, layer: str) -> dict[str, float]:
        """Estimated FTE of one layer by service area."""
        return dict(zip(self.areas, self.fte[self.layers.index(layer)], strict=True))

    def area(self, area: str) -> dict[str, float]:
        """Estimated FTE in one service area by layer."""
        column = self.areas.index(area)
        return {layer: row[column] for layer, row in zip(self.layers, self.fte, strict=True)}

    def cells(self) -> Iterator[tuple[str, str, float]]:
        """Every (layer, service area, FTE), zeros included, row by row."""
        for layer, row in zip(self.layers, self.fte, strict=True):
            yield from ((layer, area, fte) for area, fte in zip(self.areas, row, strict=True))


def estimate(
    layers: Mapping[str, LayerBaseline], areas: Mapping[str, ServiceArea], prior: EffortMatrixPrior
) -> EffortMatrix:
    """Fit the prior of a scenario to its own baselines; raises InputError as `fit` does.

    The areas' margins are staff numbers scaled to the layers' total, so a layer that is changed a little scales them again;
    totals further apart than FURTHEST cannot be of the same council.
    """
    rows, columns = layer_margins(layers), area_margins(areas)
    factor = sum(rows.values()) / sum(columns.values()) if sum(columns.values()) > 0 else 1.0
    if abs(factor - 1.0) <= FURTHEST:
        columns = {area: fte * factor for area, fte in columns.items()}
    return fit(rows, columns, prior)


def fit(rows: Mapping[str, float], columns: Mapping[str, float], prior: EffortMatrixPrior) -> EffortMatrix:
    """Fit the prior to FTE by layer (`rows`) and by service area (`columns`), within 1e-9 FTE on every margin.

    Raises InputError in plain words, naming the layer or area, where a name is unknown, the margins have different
    totals, a margin has nowhere to go, or the zeros make the margins impossible.
    """
    _check_names(rows, columns, prior)
    start = np.array([[_weight(prior, layer, area) for area in columns] for layer in rows], dtype=np.float64)
    row_fte = np.array(list(rows.values()), dtype=np.float64)
    column_fte = np.array(list(columns.values()), dtype=np.float64)
    _check_margins(rows, columns, start)
    if row_fte.sum() > 0:
        column_fte *= row_fte.sum() / column_fte.sum()  # the totals agree; this takes out the last digit
    start[row_fte == 0, :] = 0.0
    start[:, column_fte == 0] = 0.0
    fitted, rounds = _scale(start, row_fte, column_fte)
    _check_fit(fitted, rows, columns)
    return EffortMatrix(tuple(rows), tuple(columns), tuple(tuple(map(float, row)) for row in fitted), rounds)


def _weight(prior: EffortMatrixPrior, layer: str, area: str) -> float:
    return prior.weights[layer].values.get(area, 0.0) if layer in prior.weights else 0.0


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


def _check_names(rows: Mapping[str, float], columns: Mapping[str, float], prior: EffortMatrixPrior) -> None:
    faults = [(layer, "no such layer", closest(layer, rows)) for layer in prior.weights if layer not in rows]
    faults += [
        (f"{layer}.values.{area}", "no such service area", closest(area, columns))
        for layer, given in prior.weights.items()
        for area in given.values
        if area not in columns
    ]
    if faults:
        raise InputError([_problem(f"weights.{at}", said, suggestion=near) for at, said, near in faults])


def _check_margins(rows: Mapping[str, float], columns: Mapping[str, float], start: Matrix) -> None:
    problems = [
        _problem(f"weights.{layer}", f"{layer} has {fte:g} FTE but no service area it may sit in", "a weight above 0")
        for layer, fte, allowed in zip(rows, rows.values(), start.sum(axis=1), strict=True)
        if fte > 0 and allowed == 0
    ]
    problems += [
        _problem("weights", f"{area} has {fte:g} FTE but no layer has a weight there", f"a weight above 0 for {area}")
        for area, fte, allowed in zip(columns, columns.values(), start.sum(axis=0), strict=True)
        if fte > 0 and allowed == 0
    ]
    by_layer, by_area = sum(rows.values()), sum(columns.values())
    if abs(by_layer - by_area) > 1e-6:
        said = f"the layers hold {by_layer:.2f} FTE and the service areas {by_area:.2f}"
        problems.append(_problem("", said, "one total in layers.*.existing_fte and service_areas.*.effort_fte"))
    if problems:
        raise InputError(problems)
    _check_room(rows, columns, start)


def _check_room(rows: Mapping[str, float], columns: Mapping[str, float], start: Matrix) -> None:
    """Refuse zeros that leave some layers less room than they need: a minimum cut finds exactly which."""
    import networkx as nx  # here, not above: only a scenario's fit needs it, and it is slow to import

    graph = nx.DiGraph()
    for i, (layer, fte) in enumerate(rows.items()):
        graph.add_edge("from", (0, layer), capacity=_millionths(fte))
        graph.add_edges_from(((0, layer), (1, area)) for j, area in enumerate(columns) if start[i, j] > 0)
    for area, fte in columns.items():
        graph.add_edge((1, area), "to", capacity=_millionths(fte))
    room, (cut, _) = nx.minimum_cut(graph, "from", "to")
    if room < _millionths(sum(rows.values())) - len(rows) - len(columns):
        crowded = [layer for layer in rows if (0, layer) in cut]
        held = [area for area in columns if (1, area) in cut]
        need, hold = sum(rows[layer] for layer in crowded), sum(columns[area] for area in held)
        said = f"{_names(crowded)} hold {need:.1f} FTE but may sit only in {_names(held)}, which hold {hold:.1f}"
        raise InputError([_problem("weights", said, "a weight in a further service area, or other margins")])


def _check_fit(fitted: Matrix, rows: Mapping[str, float], columns: Mapping[str, float]) -> None:
    """Refuse a fit that did not settle, naming the margin that is furthest out."""
    misses = {layer: abs(fitted[i].sum() - fte) for i, (layer, fte) in enumerate(rows.items())}
    misses |= {area: abs(fitted[:, j].sum() - fte) for j, (area, fte) in enumerate(columns.items())}
    name, miss = max(misses.items(), key=lambda item: item[1], default=("", 0.0))
    if miss > 10 * TOLERANCE_FTE:
        said = f"the fit does not settle: {name} is still {miss:.3g} FTE out after {MOST_ROUNDS} rounds"
        raise InputError([_problem("weights", said, f"weights that leave {name} some slack")])


def _millionths(fte: float) -> int:
    return round(fte * 1_000_000)


def _names(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _problem(path: str, message: str, expected: str = "", suggestion: str = "") -> Problem:
    at = f"effort_matrix.{path}" if path else "effort_matrix"
    return Problem("", None, at, message, expected, suggestion)
