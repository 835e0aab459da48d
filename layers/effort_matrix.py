"""The effort matrix: an *estimate* of today's effort by layer and service area. The `effort_matrix` section.

Only the margins are published (effort by layer, staff by directorate). The cells are estimated by iterative
proportional fitting (Deming and Stephan 1940): of all matrices with these margins, the one closest to the prior weights
in relative entropy. It keeps a zero of the prior at zero. Every use of a cell must say that it is an estimate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import model_validator

from layers.assumption import Frozen, Id
from layers.baselines import LayerBaseline, ServiceArea, area_margins, layer_margins
from layers.problems import Fault, Faults, InputError, Problem, closest
from layers.proportional_fitting import Wording, proportional_fit
from layers.splits import Weights

LABEL = "estimate: prior weights fitted to published margins by iterative proportional fitting; no cell is published"
WORDING = Wording(
    section="effort_matrix",
    cells="weights",
    row="layer",
    column="service area",
    row_margins="layers.*.existing_fte",
    column_margins="service_areas.*.effort_fte",
    allowed="a weight above 0",
)


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
    fitted, rounds = proportional_fit(rows, columns, start, WORDING)
    return EffortMatrix(tuple(rows), tuple(columns), tuple(tuple(map(float, row)) for row in fitted), rounds)


def _weight(prior: EffortMatrixPrior, layer: str, area: str) -> float:
    return prior.weights[layer].values.get(area, 0.0) if layer in prior.weights else 0.0


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


def _problem(path: str, message: str, expected: str = "", suggestion: str = "") -> Problem:
    at = f"effort_matrix.{path}" if path else "effort_matrix"
    return Problem("", None, at, message, expected, suggestion)
