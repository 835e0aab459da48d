"""The routing graph from left to right: where lanes begin, boxes are centred and lines run up and down. Inches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from simulation.describe.layout import Lane
from simulation.describe.nets import Head, Net, Port, nets, tracks
from simulation.describe.shapes import Shape

MARGIN = 0.1
LINE = 0.1
"""Space between lines side by side."""
GUTTER = 0.28
"""The room of a gutter with one line."""
EDGE = 0.08
"""How near to the edge of its box or cell a line may leave it."""
SETTLING_ROUNDS = 6


@dataclass(frozen=True)
class Across:
    """What stands where from left to right: `gutters` are their widths, `rails` the x of each net in each gutter."""

    lanes: Sequence[Lane]
    shapes: Mapping[str, Shape]
    gutters: Sequence[float]
    nets: Mapping[str, Net]
    rails: Mapping[str, Mapping[int, float]]

    @property
    def ends(self) -> list[float]:
        """The x at which each gutter ends and its lane begins; the last ends the drawing."""
        return _ends(self.lanes, self.gutters)

    @property
    def width(self) -> float:
        """The whole drawing."""
        return self.ends[-1] + MARGIN

    @property
    def centres(self) -> dict[str, float]:
        """The x of the middle of each box."""
        begins = zip(self.lanes, self.ends, strict=False)
        return {name: left + x for lane, left in begins for name, x in lane.places.items()}

    @property
    def rows(self) -> dict[str, int]:
        """The row of each box."""
        return {name: row for lane in self.lanes for name, row in lane.rows.items()}


def across(lanes: Sequence[Lane], shapes: Mapping[str, Shape]) -> Across:
    """Settle lanes and lines in turn: lines take the nearer gutter, and gutters that widen move the lanes."""
    found = Across(lanes, shapes, [GUTTER] * (len(lanes) + 1), {}, {})
    for _ in range(SETTLING_ROUNDS):
        found = _settled(found)
    return found


def _settled(before: Across) -> Across:
    """The nets where the lanes stand now, with gutters wide enough for them."""
    x = before.centres
    shapes = {name: shape.sorted_by(x) for name, shape in before.shapes.items()}
    heads = {name: Head(i, lane.rows[name], x[name]) for i, lane in enumerate(before.lanes) for name in lane.rows}
    ports = [port for name, shape in shapes.items() for port in _ports(shape, heads[name])]
    found = nets(heads, ports, [end - GUTTER / 2 for end in before.ends])
    side_by_side = [
        tracks({name: net.gaps(k) for name, net in found.items() if k in net.used}, clear=0.5)
        for k in range(len(before.gutters))
    ]
    needed = [GUTTER + LINE * max(side.values(), default=0) for side in side_by_side]
    gutters = [max(pair) for pair in zip(before.gutters, needed, strict=True)]
    ends = _ends(before.lanes, gutters)
    rails = {
        name: {k: ends[k] - GUTTER / 2 - LINE * side_by_side[k][name] for k in net.used} for name, net in found.items()
    }
    moved = [end - old for end, old in zip(ends, before.ends, strict=True)]
    return Across(before.lanes, shapes, gutters, {name: _moved(net, moved) for name, net in found.items()}, rails)


def _moved(net: Net, by: Sequence[float]) -> Net:
    """The net once its lanes have moved to the right."""
    ports = {port: replace(port, x=port.x + by[port.lane]) for port in net.ports}
    gutters = {ports[port]: k for port, k in net.gutters.items()}
    return Net(replace(net.head, x=net.head.x + by[net.head.lane]), list(ports.values()), gutters)


def _ports(shape: Shape, at: Head) -> list[Port]:
    """Where the ways on leave a box: from its middle, or from the cell that names the way."""
    if shape.cells:
        return [Port(shape.box.name, at.lane, at.row, at.x + c.x, c.width / 2 - EDGE, c.way.to) for c in shape.cells]
    return [Port(shape.box.name, at.lane, at.row, at.x, shape.width / 2 - 2 * EDGE, way.to) for way in shape.box.ways]


def _ends(lanes: Sequence[Lane], gutters: Sequence[float]) -> list[float]:
    ends, x = [], MARGIN
    for gutter, width in zip(gutters, [*(lane.width for lane in lanes), 0.0], strict=True):
        ends.append(x + gutter)
        x += gutter + width
    return ends
