"""How large each box of the routing graph is: its text, broken into lines that fit. All lengths in inches."""

from dataclasses import dataclass, replace
from textwrap import wrap

from simulation.describe.boxes import Box, Way

TITLE_POINTS, SMALL_POINTS = 9.0, 7.5
TITLE_LINE, SMALL_LINE = 0.15, 0.125
PADDING = 0.07
NARROWEST = 1.1
CELL_CHARACTERS = 12
CHARACTER = 0.0085
"""Width of a character for each point of its size: a wide typeface, so that a narrower one fits as well."""


@dataclass(frozen=True)
class Cell:
    """The foot of a box that one way on leaves from; `x` is its centre, from the centre of the box."""

    way: Way
    lines: tuple[str, ...]
    width: float
    x: float = 0.0


@dataclass(frozen=True)
class Shape:
    """A box with its text in lines, and its size; `cells` side by side at its foot, none where there is one way on."""

    box: Box
    width: float
    entry: tuple[str, ...]
    title: tuple[str, ...]
    detail: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def entry_height(self) -> float:
        """The strip on top that says what enters here; 0 where nothing does."""
        return len(self.entry) * SMALL_LINE + PADDING if self.entry else 0.0

    @property
    def body_height(self) -> float:
        """Title and detail."""
        return len(self.title) * TITLE_LINE + len(self.detail) * SMALL_LINE + 2 * PADDING

    @property
    def cell_height(self) -> float:
        """The row of cells."""
        return max((len(cell.lines) * SMALL_LINE + PADDING for cell in self.cells), default=0.0)

    @property
    def height(self) -> float:
        """The whole box."""
        return self.entry_height + self.body_height + self.cell_height

    def sorted_by(self, place: dict[str, float]) -> "Shape":
        """The same shape with its cells in the order of the places they lead to."""
        return replace(self, cells=_side_by_side(sorted(self.cells, key=lambda cell: place[cell.way.to])))


def shape(box: Box) -> Shape:
    """The shape of a box."""
    slant = 0.2 if box.kind in ("choose", "match") else 0.0
    longest_word = max(len(word) for word in box.title.split()) * CHARACTER * TITLE_POINTS + 2 * PADDING + slant
    narrowest = max(NARROWEST, longest_word)
    cells = _side_by_side([_cell(way) for way in box.ways if way.said], narrowest)
    width = max(narrowest, sum(cell.width for cell in cells))
    entry = (f"starts: {', '.join(box.entries)}",) if box.entries else ()
    return Shape(
        box,
        width,
        _lines(entry, width, SMALL_POINTS),
        _lines((box.title,), width - slant, TITLE_POINTS),
        _lines((box.detail,), width - slant, SMALL_POINTS),
        cells,
    )


def _cell(way: Way) -> Cell:
    lines = tuple(wrap(way.said, CELL_CHARACTERS))
    return Cell(way, lines, max(map(len, lines)) * CHARACTER * SMALL_POINTS + 2 * PADDING)


def _side_by_side(cells: list[Cell], narrowest: float = 0.0) -> tuple[Cell, ...]:
    """The cells from left to right, together as wide as the narrowest box at least."""
    total = sum(cell.width for cell in cells)
    spare = max(0.0, narrowest - total) / max(1, len(cells))
    placed, left = [], -max(narrowest, total) / 2
    for cell in cells:
        width = cell.width + spare
        placed.append(replace(cell, width=width, x=left + width / 2))
        left += width
    return tuple(placed)


def _lines(texts: tuple[str, ...], width: float, points: float) -> tuple[str, ...]:
    most = int((width - 2 * PADDING) / (CHARACTER * points) + 1e-9)
    return tuple(line for text in texts for line in wrap(text, most))
