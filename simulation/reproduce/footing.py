"""Footing: a printed total beside the sum of the printed figures it is made of.

Such a sum can fail, so it is derived. A figure that is only printed a second time is shown, and counts only where it fails.
"""

from collections.abc import Iterable

from layers.published import PublishedTable
from simulation.reproduce.cells import Cell, derived, inferred

SAME = "Fewer than two printed parts: the same figure again."


def footed(table: PublishedTable, whole: str, parts: Iterable[str], by: str = "") -> Cell:
    """One total from its parts, by name; a part that is not printed (a dash) adds nothing."""
    printed = [table[part].value for part in parts if part in table.cells]
    return summed(table, whole, printed, by)


def across(table: PublishedTable, whole: str, stem: str, ends: Iterable[str], by: str = "by years") -> Cell:
    """One total at the end of a row: the sum of the row's cells `stem.end`."""
    return footed(table, whole, (f"{stem}.{end}" for end in ends), by)


def summed(table: PublishedTable, whole: str, printed: Iterable[float], by: str = "") -> Cell:
    """One total from printed figures, in the total's own unit."""
    figures = [value for value in printed if value != 0]
    total = derived(table[whole], sum(figures), by)
    return inferred(table[whole], sum(figures), SAME, by) if len(figures) < 2 and total.matched else total
