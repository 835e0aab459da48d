"""What the routing graph is painted with: lanes, boxes by kind of step, lines and the legend. Inches, y downwards."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulation.describe.boxes import Kind
from simulation.describe.nets import Point
from simulation.describe.shapes import CHARACTER, PADDING, SMALL_LINE, SMALL_POINTS, TITLE_LINE, TITLE_POINTS, Shape
from simulation.describe.wires import Wire

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, FAINT = "#1a1a1a", "#555555"
LANE_FILL = "#f0f1f4"
LINES = ("#1f4e79", "#8a3b12", "#2d6a4f", "#6a3d9a", "#7a6000", "#a11d4a", "#4a4a4a", "#00707a")
"""Colours that tell lines side by side apart, all readable on the lanes."""
SLANT = 0.1
LINE_WIDTH = 0.9


@dataclass(frozen=True)
class Look:
    """How one kind of step is painted, and what the legend calls it."""

    fill: str
    edge: str
    said: str
    dashed: bool = False


LOOKS: Mapping[Kind, Look] = {
    "choose": Look("#fff2cc", "#9c7a00", "Choice: a lever or a share decides"),
    "match": Look("#ffffff", "#9c7a00", "Sorted by what the contact is"),
    "live": Look("#9ecae1", "#08519c", "Staff work, customer waiting"),
    "work": Look("#d6e8f5", "#08519c", "Staff work, not waited for"),
    "pause": Look("#e7e0ef", "#6a51a3", "Wait without staff"),
    "becomes": Look("#ffffff", "#777777", "Goes on as another channel or kind", dashed=True),
    "end": Look("#d5ead0", "#2d6a2f", "End"),
}
ENTRY = "#2b2b2b"
LEGEND_ROW, LANE_POINTS = 0.36, 12.0


def line_height(points: float) -> float:
    """The height of a line of text, inches."""
    return points * 1.45 / 72


def legend_rows(kinds: Set[Kind], width: float) -> list[list[Kind]]:
    """The kinds of step, in rows that fit the width."""
    rows: list[list[Kind]] = [[]]
    for kind in (kind for kind in LOOKS if kind in kinds):
        if sum(map(_legend_width, [*rows[-1], kind])) > width:
            rows.append([])
        rows[-1].append(kind)
    return rows


def _legend_width(kind: Kind) -> float:
    return 0.75 + CHARACTER * TITLE_POINTS * len(LOOKS[kind].said)


class Painter:
    """Paints on axes whose unit is an inch."""

    def __init__(self, axes: "Axes") -> None:
        self.axes = axes

    def lane(self, label: str, left: float, width: float, top: float, bottom: float) -> None:
        """The background of a layer, its name on top."""
        from matplotlib.patches import Rectangle

        band = Rectangle((left, top), width, bottom - top, facecolor=LANE_FILL, edgecolor="none", zorder=0)
        self.axes.add_patch(band)
        self.text(left + width / 2, top + 0.2, label, LANE_POINTS, weight="bold")

    def wire(self, wire: Wire) -> None:
        """The lines to one step, dots where they join, and the arrow."""
        from matplotlib.collections import LineCollection
        from matplotlib.patches import Circle, Polygon

        colour = LINES[wire.colour]
        lines = LineCollection(wire.pieces, colors=colour, linewidths=LINE_WIDTH, zorder=1, capstyle="round")
        lines.set_gid(f"to-{wire.to}")
        self.axes.add_collection(lines)
        for dot in wire.dots:
            self.axes.add_patch(Circle(dot, 0.025, facecolor=colour, edgecolor="none", zorder=2))
        x, y = wire.tip
        arrow = [(x, y), (x - 0.045, y - 0.1), (x + 0.045, y - 0.1)]
        self.axes.add_patch(Polygon(arrow, facecolor=colour, edgecolor="none", zorder=2))

    def box(self, shape: Shape, at: Point) -> None:
        """A step: what enters here, its title and detail, its cells; `at` is the middle of its top."""
        from matplotlib.patches import Rectangle

        x, y = at
        left = x - shape.width / 2
        if shape.entry:
            strip = Rectangle((left, y), shape.width, shape.entry_height, facecolor=ENTRY, edgecolor=ENTRY, zorder=3)
            self.axes.add_patch(strip)
            self._lines(x, y + PADDING / 2, shape.entry, SMALL_POINTS, SMALL_LINE, color="white")
        y += shape.entry_height
        self.body(shape.box.kind, left, y, shape.width, shape.body_height, gid=f"step-{shape.box.name}")
        self._lines(x, y + PADDING, shape.title, TITLE_POINTS, TITLE_LINE, weight="bold")
        below = y + PADDING + len(shape.title) * TITLE_LINE
        self._lines(x, below, shape.detail, SMALL_POINTS, SMALL_LINE)
        y += shape.body_height
        for cell in shape.cells:
            where, edge = (x + cell.x - cell.width / 2, y), LOOKS[shape.box.kind].edge
            self.axes.add_patch(
                Rectangle(where, cell.width, shape.cell_height, facecolor="white", edgecolor=edge, lw=0.6, zorder=3)
            )
            self._lines(x + cell.x, y + PADDING / 2, cell.lines, SMALL_POINTS, SMALL_LINE)

    def body(self, kind: Kind, left: float, top: float, width: float, height: float, gid: str | None = None) -> None:
        """The outline that says of what kind a step is."""
        from matplotlib.patches import FancyBboxPatch, Patch, Polygon, Rectangle

        look = LOOKS[kind]
        style: dict[str, Any] = {"facecolor": look.fill, "edgecolor": look.edge, "linewidth": 1.0, "zorder": 3}
        style |= {"linestyle": (0, (3, 2)) if look.dashed else "solid"}
        patch: Patch
        if kind in ("choose", "match"):
            right, middle = left + width, top + height / 2
            corners = [(left + SLANT, top), (right - SLANT, top), (right, middle), (right - SLANT, top + height)]
            patch = Polygon([*corners, (left + SLANT, top + height), (left, middle)], **style)
        elif kind in ("pause", "end"):
            round_ = f"round,pad=0,rounding_size={min(height / 2, 0.16):g}"
            patch = FancyBboxPatch((left, top), width, height, boxstyle=round_, mutation_aspect=1, **style)
        else:
            patch = Rectangle((left, top), width, height, **style)
        patch.set_gid(gid)
        self.axes.add_patch(patch)

    def text(self, x: float, y: float, said: str, points: float, **style: Any) -> None:
        """One line of text, its middle at (x, y) unless said otherwise."""
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": INK, "fontsize": points, "zorder": 4, **style}
        self.axes.text(x, y, said, **look)

    def heading(self, left: float, top: float, lines: Sequence[str], points: float, **style: Any) -> None:
        """Lines of text from the left, below each other."""
        for number, line in enumerate(lines):
            self.text(left, top + (number + 0.5) * line_height(points), line, points, ha="left", **style)

    def legend(self, left: float, top: float, rows: Sequence[Sequence[Kind]]) -> None:
        """Kinds of step, in rows."""
        for number, row in enumerate(rows):
            x, y = left, top + number * LEGEND_ROW
            for kind in row:
                self.body(kind, x, y, 0.42, 0.24)
                self.text(x + 0.5, y + 0.12, LOOKS[kind].said, TITLE_POINTS, ha="left")
                x += _legend_width(kind)

    def _lines(self, x: float, top: float, lines: tuple[str, ...], points: float, height: float, **style: Any) -> None:
        for number, line in enumerate(lines):
            self.text(x, top + (number + 0.5) * height, line, points, **style)
