"""The routing graph from top to bottom, and its lines as straight pieces. Inches, y downwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulation.describe.across import LINE, Across
from simulation.describe.nets import Net, Point, Span, tracks

ROOM = 0.17
"""What a gap has above its first line, and below its last."""


Piece = tuple[Point, Point]


@dataclass(frozen=True)
class Wire:
    """The lines to one step: straight pieces, the dots where they join, the tip of the arrow, and which colour."""

    to: str
    pieces: tuple[Piece, ...]
    dots: tuple[Point, ...]
    tip: Point
    colour: int


@dataclass(frozen=True)
class Down:
    """What stands where from top to bottom: the top of each gap and row, and the track of each net in each gap."""

    gaps: Sequence[float]
    rows: Sequence[float]
    tracks: Sequence[Mapping[str, int]]

    @property
    def bottom(self) -> float:
        """The end of the last gap."""
        return self.gaps[-1] + _gap_height(self.tracks[-1])

    def line(self, net: str, gap: int) -> float:
        """The y at which a net crosses a gap."""
        return self.gaps[gap] + ROOM + LINE * self.tracks[gap].get(net, 0)


def down(plan: Across, top: float) -> Down:
    """Give each row the height of its tallest box and each gap the room of its lines, from `top` on."""
    rows = plan.rows
    heights = [max(plan.shapes[n].height for n in rows if rows[n] == row) for row in range(max(rows.values()) + 1)]
    in_gap = [tracks(_spans(plan, gap), clear=LINE) for gap in range(len(heights) + 1)]
    gaps, starts = [], []
    for track, height in zip(in_gap, [*heights, 0.0], strict=True):
        gaps.append(top)
        starts.append(top + _gap_height(track))
        top = starts[-1] + height
    return Down(gaps, starts[:-1], in_gap)


def _gap_height(track: Mapping[str, int]) -> float:
    return 2 * ROOM + LINE * max(track.values(), default=0)


def _spans(plan: Across, gap: int) -> dict[str, Span]:
    """What each net takes of a gap from left to right, where it runs to the side at all."""
    found = {name: net.stops(plan.rails[name]).get(gap, []) for name, net in plan.nets.items()}
    return {name: (min(xs), max(xs)) for name, xs in found.items() if xs and min(xs) < max(xs)}


def wires(plan: Across, levels: Down, colours: int) -> list[Wire]:
    """The lines to every step that some way leads to, in so many colours."""
    coloured = _colours(plan.nets, colours)
    return [_wire(name, net, plan, levels, coloured[name]) for name, net in plan.nets.items()]


def _wire(name: str, net: Net, plan: Across, levels: Down, colour: int) -> Wire:
    pieces = [piece for piece in _pieces(name, net, plan, levels) if piece[0] != piece[1]]
    tip = (net.head.x, levels.rows[net.head.row])
    return Wire(name, tuple(pieces), tuple(_dots(pieces)), tip, colour)


def _colours(nets: Mapping[str, Net], colours: int) -> dict[str, int]:
    """A colour for each net: that which the fewest nets near it have, near being from the same box or in a gutter."""
    found: dict[str, int] = {}
    for name, net in sorted(nets.items(), key=lambda item: -len(item[1].ports)):
        used = [0] * colours
        for other, colour in found.items():
            used[colour] += len(_boxes(net) & _boxes(nets[other])) * 100 + len(net.used & nets[other].used) * 10 + 1
        found[name] = used.index(min(used))
    return found


def _boxes(net: Net) -> set[str]:
    return {port.step for port in net.ports}


def _pieces(name: str, net: Net, plan: Across, levels: Down) -> Iterator[Piece]:
    """Down from each port to its gap, along the gaps, up and down the gutters, and down to the step."""
    rails = plan.rails[name]
    for port in net.ports:
        bottom = levels.rows[port.row] + plan.shapes[port.step].height
        yield (port.x, bottom), (port.x, levels.line(name, port.row + 1))
    for gap, xs in net.stops(rails).items():
        y = levels.line(name, gap)
        yield (min(xs), y), (max(xs), y)
    for gutter in sorted(net.used):
        high, low = net.gaps(gutter)
        yield (rails[gutter], levels.line(name, high)), (rails[gutter], levels.line(name, low))
    yield (net.head.x, levels.line(name, net.head.row)), (net.head.x, levels.rows[net.head.row])


def _dots(pieces: Sequence[Piece]) -> Iterator[Point]:
    """The points at which lines leave in three directions or four: there they join, elsewhere they only cross."""
    for point in sorted({end for piece in pieces for end in piece}):
        if len(set().union(*(_directions(piece, point) for piece in pieces))) > 2:
            yield point


def _directions(piece: Piece, point: Point) -> set[str]:
    """In which directions a piece leaves a point that lies on it; none where it does not."""
    (x1, y1), (x2, y2) = sorted(piece)
    x, y = point
    if y1 == y2 == y and x1 <= x <= x2:
        return {way for way, there in (("left", x1 < x), ("right", x < x2)) if there}
    low, high = min(y1, y2), max(y1, y2)
    if x1 == x2 == x and low <= y <= high:
        return {way for way, there in (("up", low < y), ("down", y < high)) if there}
    return set()
