"""What the case's own figures imply of the effort there is, in `tom describe`: an estimate, fitted to both printed margins."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

from layers.problems import InputError
from simulation.cli.headline import words
from simulation.cli.output import Align, table

if TYPE_CHECKING:
    from layers.programme.section import CaseLevel
    from simulation.case import BenefitCell
    from simulation.scenario import Scenario

HIGH = ("Level", "Layer", "Service area", "Effort today", "Case releases", "Share")
NONE_HIGH = "The case nowhere releases more than half of the effort there is (estimate)."


def rates_text(scenario: "Scenario") -> str:
    """What the case releases by layer and release, and where that is more than half; "" without a case and a plan."""
    try:
        cells = _cells(scenario)
    except InputError as error:
        return f"The case's benefit by layer and service area cannot be fitted: {error}"
    programme = scenario.council.programme if cells else None
    if programme is None:
        return ""
    return f"{_by_release(cells[programme.case_level], programme.case_level)}\n\n{_high(cells)}"


def rates_json(scenario: "Scenario") -> dict[str, Any]:
    """The cells above half of the effort, as JSON; absent without a case, or where its figures do not fit."""
    try:
        cells = _cells(scenario)
    except InputError:
        return {}
    high = [{"level": level, **asdict(c), "implied_rate": c.implied_rate} for level, c in _high_cells(cells)]
    return {"high_rates": high} if cells else {}


def _cells(scenario: "Scenario") -> "Mapping[CaseLevel, tuple[BenefitCell, ...]]":
    """The case's benefit by level; empty for a council that is not the case's."""
    from layers.programme.section import CaseLevel
    from simulation.case import benefit_cells

    if scenario.council.compared_with is None or scenario.council.effort_matrix is None:
        return {}
    return {level: benefit_cells(scenario.council, level) for level in get_args(CaseLevel)}


def _high_cells(cells: "Mapping[CaseLevel, tuple[BenefitCell, ...]]") -> "Iterable[tuple[CaseLevel, BenefitCell]]":
    return ((level, cell) for level, found in cells.items() for cell in found if cell.is_high)


def _by_release(cells: "tuple[BenefitCell, ...]", level: str) -> str:
    """FTE and share of today's effort by layer and published release."""
    releases = sorted({cell.published_release for cell in cells})
    rows = []
    for layer in dict.fromkeys(cell.layer for cell in cells):
        held = [[c for c in cells if (c.layer, c.published_release) == (layer, number)] for number in releases]
        rows.append((words(layer), *map(_said, held), _said([c for c in cells if c.layer == layer])))
    rows.append(("All", *(_said([c for c in cells if c.published_release == n]) for n in releases), _said(cells)))
    right: Align = "right"
    align: tuple[Align, ...] = ("left", *(right for _ in range(len(releases) + 1)))
    headings = ("Layer", *(f"Release {number}" for number in releases), "All")
    title = f"What the case releases by layer and published release, FTE and share of effort (estimate, {level})"
    return table(headings, rows, align, title=title)


def _said(cells: "Iterable[BenefitCell]") -> str:
    held = list(cells)
    existing = sum(cell.existing_fte for cell in held)
    fte = sum(cell.benefit_fte for cell in held)
    return f"{fte:,.1f} ({fte / existing:.0%})" if existing > 0 else ""


def _high(cells: "Mapping[CaseLevel, tuple[BenefitCell, ...]]") -> str:
    """The cells of which the case releases more than half, at each of its levels."""
    rows = [
        (
            level, words(cell.layer), words(cell.service_area), f"{cell.existing_fte:,.1f}", f"{cell.benefit_fte:,.1f}",
            f"{cell.implied_rate:.0%}",
        )
        for level, cell in _high_cells(cells)
    ]  # fmt: skip
    align: tuple[Align, ...] = ("left", "left", "left", "right", "right", "right")
    title = "Where the case releases more than half of the effort, FTE (estimate)"
    return table(HIGH, rows, align, title=title) if rows else NONE_HIGH
