"""The case's benefit by layer and service area: an *estimate*, fitted to the margins the case prints.

The case prints FTE by layer and FTE by release, and never the table between them. A lever works in a service area from the later
of the layer's and the area's release, so each pair of layer and area belongs to one release of the printed roadmap. The fit
spreads the layers' FTE over releases in proportion to today's effort, as little changed as the releases' FTE allow.
It is made once, on the printed roadmap: a plan that moves a part moves the dates of its FTE and changes none of them.
"""

from dataclasses import dataclass

import numpy as np

from layers.effort_matrix import estimate
from layers.problems import InputError, Problem
from layers.programme.section import CaseLevel
from layers.proportional_fitting import Wording, proportional_fit
from layers.published import Published, read_published
from simulation.case.margins import by_group, by_release, group_of, published_release
from simulation.council import Council

HIGH_RATE = 0.5
"""Above this share of existing effort an implied rate is flagged."""
WORDING = Wording(
    section="programme",
    cells="case",
    row="layer",
    column="release",
    row_margins="the case's FTE by layer",
    column_margins="by release",
    allowed="effort in effort_matrix",
)


@dataclass(frozen=True)
class BenefitCell:
    """FTE that the case releases of one layer in one service area, beside the effort that is there today (an estimate)."""

    layer: str
    service_area: str
    published_release: int
    existing_fte: float
    benefit_fte: float

    @property
    def implied_rate(self) -> float:
        """Share of the existing effort released."""
        return self.benefit_fte / self.existing_fte

    @property
    def is_high(self) -> bool:
        """Whether the case asks for more than half of what is there."""
        return self.implied_rate > HIGH_RATE


def benefit_cells(
    council: Council, level: CaseLevel = "mid", published: Published | None = None
) -> tuple[BenefitCell, ...]:
    """The case's FTE by layer and service area, where there is effort; their sums are the printed margins within 1e-9.

    `level`: the low, middle or high end of the case (603, 744, 885 FTE). The prior is the council's own effort matrix.
    Raises InputError where the council is not the case's, where margins cannot be met, or where more would be released of a
    cell than is there.
    """
    published = read_published() if published is None else published
    existing = _existing(council, published)
    rows = by_group(published, level)
    columns = {f"release {number}": fte for number, fte in by_release(published, level).items()}
    prior = np.zeros((len(rows), len(columns)))
    places = {(layer, area): _place(published, layer, area, list(rows)) for layer, area in existing}
    for cell, fte in existing.items():
        prior[places[cell]] += fte
    fitted, _ = proportional_fit(rows, columns, prior, WORDING)
    cells = tuple(
        BenefitCell(layer, area, place[1] + 1, fte, fte * float(fitted[place] / prior[place]))
        for ((layer, area), fte), place in zip(existing.items(), places.values(), strict=True)
    )
    _refuse_more_than_there_is(cells)
    return cells


def _existing(council: Council, published: Published) -> dict[tuple[str, str], float]:
    """Today's effort by layer and service area, FTE, where there is any and the case books a benefit."""
    if council.compared_with is None or council.effort_matrix is None:
        missing = "compared_with" if council.compared_with is None else "effort_matrix"
        said = "is needed for the case's benefit by layer and service area"
        raise InputError(
            [Problem("", None, missing, said, "oxfordshire_2018" if missing == "compared_with" else "weights")]
        )
    matrix, groups = estimate(council.layers, council.service_areas, council.effort_matrix), by_group(published, "mid")
    return {(layer, area): fte for layer, area, fte in matrix.cells() if fte > 0 and group_of(layer) in groups}


def _place(published: Published, layer: str, area: str, groups: list[str]) -> tuple[int, int]:
    """Row and column of a pair in the table of the fit."""
    return groups.index(group_of(layer)), published_release(published, layer, area) - 1


def _refuse_more_than_there_is(cells: tuple[BenefitCell, ...]) -> None:
    problems = [
        Problem(
            "", None, f"effort_matrix.weights.{cell.layer}.values.{cell.service_area}",
            f"the case's margins would release {cell.benefit_fte:.1f} FTE of {cell.existing_fte:.1f}", "more effort there",
        )
        for cell in cells
        if cell.benefit_fte > cell.existing_fte
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
