"""Cells: a published figure beside the model's own, and what the comparison is worth."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Literal

from layers.published import PublishedCell, PublishedTable
from simulation.reproduce.rounded import Number, Rounded

Kind = Literal["input", "derived", "inferred"]
"""`input`: transcribed, or used as given. `derived`: computed from other inputs, so it might have failed; only these
count. `inferred`: computed, but no paper prints it or an input was solved from this very cell; shown, never counted."""
NO_REASON = "No contradiction in the papers is known that explains this."
NEVER_PRINTED = "Never printed: worked out from printed figures."


@dataclass(frozen=True)
class Cell:
    """One comparison. `rule` says how close is close enough; `why` explains a miss, or what an inferred cell is.

    `published` and `matched` are None where no paper prints the figure.
    """

    table: str
    cell: str
    kind: Kind
    published: float | None
    modelled: float
    unit: str
    matched: bool | None
    rule: str
    why: str
    source: str


@dataclass(frozen=True)
class Reproduction:
    """Every comparison, in order."""

    cells: tuple[Cell, ...]

    @property
    def derived(self) -> tuple[Cell, ...]:
        """The comparisons that count."""
        return tuple(cell for cell in self.cells if cell.kind == "derived")

    @property
    def unmatched(self) -> tuple[Cell, ...]:
        """The derived cells that differ from the papers."""
        return tuple(cell for cell in self.derived if not cell.matched)

    def as_json(self) -> dict[str, object]:
        """What `tom reproduce --json` prints; `cells` counts derived cells only."""
        keys = ("table", "cell", "published", "modelled", "why")
        missed = [{key: value for key, value in asdict(cell).items() if key in keys} for cell in self.unmatched]
        return {
            "cells": len(self.derived),
            "matched": len(self.derived) - len(missed),
            "inputs": sum(cell.kind == "input" for cell in self.cells),
            "unmatched": missed,
        }

    def rows(self) -> list[dict[str, object]]:
        """One mapping a cell, for a printed table."""
        return [asdict(cell) for cell in self.cells]


def derived(cell: PublishedCell, modelled: Number, by: str = "", table: str = "") -> Cell:
    """Compare a published cell with what the model's functions make of other inputs.

    `by` names the working where one published cell is derived in several ways, `table` the table to list it in where
    that is not its own. A figure that no paper prints is inferred, whatever the caller says.
    """
    compared = _compare("derived" if cell.status == "printed" else "inferred", cell, modelled, by)
    return replace(compared, table=table or cell.table)


def inferred(cell: PublishedCell, modelled: Number, why: str, by: str = "", table: str = "") -> Cell:
    """Show a published cell beside a model whose inputs were solved from it."""
    return replace(_compare("inferred", cell, modelled, by), why=why, table=table or cell.table)


def given(cell: PublishedCell, modelled: float) -> Cell:
    """Show a published figure beside the same figure among the council's inputs."""
    return _compare("input", cell, modelled)


def transcribed(table: PublishedTable, names: Iterable[str]) -> list[Cell]:
    """List published figures that only this comparison uses."""
    return [_compare("input", table[name], table[name].value) for name in names]


def shown(table: str, name: str, modelled: Number, unit: str, why: str) -> Cell:
    """Show a figure of the model that no paper prints."""
    value = Rounded.of(modelled)
    rule = "" if value.exact else f"between {value.low:.4g} and {value.high:.4g} by the rounding of what it is made of"
    return Cell(table, name, "inferred", None, _clean(value.value), unit, None, rule, why, "")


def _compare(kind: Kind, cell: PublishedCell, modelled: Number, by: str = "") -> Cell:
    value = Rounded.of(modelled)
    rule = f"rounds to the nearest {cell.step:g}"
    if not value.exact:
        rule += f"; {value.low:.4g} to {value.high:.4g} by the rounding of its own inputs"
    matched = value.prints_as(cell.value, cell.step)
    why = NEVER_PRINTED if cell.status == "inferred" else "" if matched else cell.why or NO_REASON
    name = f"{cell.cell} ({by})" if by else cell.cell
    clean = _clean(value.value)
    return Cell(cell.table, name, kind, cell.value, clean, cell.unit, matched, rule, why, cell.source)


def _clean(value: float) -> float:
    """Take out the digits that binary arithmetic leaves behind."""
    return round(value, 6)
