"""The routing graph with every box, lane and line in its place, ready to be drawn. Lengths in inches, y downwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from simulation.checks import routing_graph
from simulation.council import Council
from simulation.describe.boxes import boxes
from simulation.describe.layout import Lane, lanes
from simulation.describe.shapes import Shape, shape
from simulation.describe.wires import Head, Net, Point, Port, Span, nets, tracks

MARGIN, TOP, BOTTOM = 0.25, 1.35, 0.75
NARROWEST_LANE = 1.5
LINE, GAP, GUTTER = 0.1, 0.3, 0.34
"""Space between lines side by side, and the room of a gap and a gutter without any."""
SETTLING_ROUNDS = 6


@dataclass(frozen=True)
class Wire:
    """The lines to one step: straight pieces, the dots where they join, and the tip of the arrow."""

    to: str
    pieces: tuple[tuple[Point, Point], ...]
    dots: tuple[Point, ...]
    tip: Point


@dataclass(frozen=True)
class Plan:
    """The whole drawing: its size, lanes with left edge and width, shapes with top centre, wires."""

    width: float
    height: float
    lanes: tuple[tuple[str, float, float], ...]
    shapes: tuple[tuple[Shape, Point], ...]
    wires: tuple[Wire, ...]


class Planner:
    """Puts a council's routing graph in its place."""

    def __init__(self, council: Council) -> None:
        self.shapes = {name: shape(box) for name, box in boxes(council).items()}
        self.lanes = lanes(routing_graph(council), self.shapes, council.layers, NARROWEST_LANE)
        self.gutters = [GUTTER] * (len(self.lanes) + 1)
        self.nets: Mapping[str, Net] = {}
        self.rails: dict[str, dict[int, float]] = {}
        for _ in range(SETTLING_ROUNDS):
            self._connect()

    def plan(self) -> Plan:
        """The finished plan."""
        stops = {name: net.stops(self.rails[name]) for name, net in self.nets.items()}
        in_gap = [_wide(stops, gap) for gap in range(len(self._row_heights()) + 1)]
        lines = [tracks(spans, clear=LINE) for spans in in_gap]
        gaps = [GAP + LINE * max(line.values(), default=-1) for line in lines]
        tops = list(accumulate(zip(gaps[1:], self._row_heights(), strict=True), lambda y, b: y + b[0] + b[1], initial=TOP + gaps[0]))
        return self._finished(stops, lines, gaps, tops)

    def _connect(self) -> None:
        """Find the nets where the lanes stand now, then make each gutter as wide as its lines need."""
        x = {name: left + lane.places[name] for lane, left in self._lefts() for name in lane.rows}
        self.shapes = {name: box.sorted_by(x) for name, box in self.shapes.items()}
        heads = {n: Head(i, lane.rows[n], x[n]) for i, lane in enumerate(self.lanes) for n in lane.rows}
        self.nets = nets(heads, self._ports(heads), [left - GUTTER / 2 for left in self._gutter_ends()])
        for k, end in enumerate(self._gutter_ends()):
            side_by_side = tracks({name: net.heights(k) for name, net in self.nets.items() if k in net.used}, clear=0.5)
            self.gutters[k] = max(self.gutters[k], GUTTER + LINE * max(side_by_side.values(), default=-1))
            for name, track in side_by_side.items():
                self.rails.setdefault(name, {})[k] = end - GUTTER / 2 - LINE * track
        for name in self.nets:
            self.rails.setdefault(name, {})

    def _ports(self, heads: Mapping[str, Head]) -> list[Port]:
        """Where the ways on leave their boxes: from the middle, or from the cell that names the way."""
        found = []
        for name, box in self.shapes.items():
            at = heads[name]
            for cell in box.cells:
                found.append(Port(at.lane, at.row, at.x + cell.x, cell.width / 2 - 0.06, cell.way.to))
            if not box.cells:
                found += [Port(at.lane, at.row, at.x, box.width / 2 - 0.15, way.to) for way in box.box.ways]
        return found

    def _gutter_ends(self) -> list[float]:
        """The x at which each gutter ends and its lane begins."""
        widths = [*(lane.width for lane in self.lanes), 0.0]
        ends, x = [], MARGIN
        for gutter, width in zip(self.gutters, widths, strict=True):
            x += gutter
            ends.append(x)
            x += width
        return ends

    def _lefts(self) -> list[tuple[Lane, float]]:
        return list(zip(self.lanes, self._gutter_ends(), strict=False))

    def _row_heights(self) -> list[float]:
        """The height of the tallest box in each row."""
        rows = {name: row for lane in self.lanes for name, row in lane.rows.items()}
        heights = [0.0] * (max(rows.values()) + 1)
        for name, row in rows.items():
            heights[row] = max(heights[row], self.shapes[name].height)
        return heights

    def _finished(self, stops, lines, gaps, tops) -> Plan:  # type: ignore[no-untyped-def]
        ...


def _wide(stops: Mapping[str, Mapping[int, list[float]]], gap: int) -> dict[str, Span]:
    """What each net takes of a gap, where it runs to the side at all."""
    spans = {name: (min(xs[gap]), max(xs[gap])) for name, xs in stops.items() if gap in xs}
    return {name: span for name, span in spans.items() if span[1] > span[0]}
