"""The lines of the routing graph: from box to box, up and down, left and right, never through a box.

All ways to one step make one net: they join and come in from above. A net runs in the gaps between rows and, where it
skips a row or changes lane, in the gutters between lanes; two nets share no stretch of a gap or gutter. Gap g is above
row g; gutter k is left of lane k. Lengths in inches, y downwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

Point = tuple[float, float]
Span = tuple[float, float]
CLEAR = 0.07
"""How far apart two upright lines of different nets stay."""


@dataclass(frozen=True)
class Port:
    """Where a way on leaves its step: lane, row, the x it leaves at, how far it may slide, and the step it leads to."""

    step: str
    lane: int
    row: int
    x: float
    slack: float
    to: str


@dataclass(frozen=True)
class Head:
    """Where the lines to a step come in: lane, row and x of its box."""

    lane: int
    row: int
    x: float


@dataclass
class Net:
    """All lines to one step: its ports, the gutters it runs in, and what it takes of each gap (x) and gutter (gaps)."""

    head: Head
    ports: list[Port]
    gutters: dict[Port, int] = field(default_factory=dict)

    @property
    def used(self) -> set[int]:
        """The gutters it runs in."""
        return set(self.gutters.values())

    def gaps(self, gutter: int) -> tuple[int, int]:
        """The first and last gap between which it takes a gutter."""
        gaps = [port.row + 1 for port, k in self.gutters.items() if k == gutter]
        return min(*gaps, self.head.row), max(*gaps, self.head.row)

    def stops(self, rails: Mapping[int, float]) -> dict[int, list[float]]:
        """Where it has something to join in each gap: x of ports, of its rails (x by gutter), of the head."""
        xs: dict[int, list[float]] = defaultdict(list)
        xs[self.head.row] += [self.head.x, *(rails[k] for k in self.used)]
        for port in self.ports:
            xs[port.row + 1].append(port.x)
            if port in self.gutters:
                xs[port.row + 1].append(rails[self.gutters[port]])
        return xs


def nets(heads: Mapping[str, Head], ports: Iterable[Port], gutter_x: list[float]) -> dict[str, Net]:
    """The net of each step that some way leads to, with the gutters it takes; `gutter_x` is about where each is."""
    to: dict[str, list[Port]] = defaultdict(list)
    for port in _slid(heads, list(ports)):
        to[port.to].append(port)
    found = {name: Net(heads[name], to[name]) for name in heads if name in to}
    for net in found.values():
        for port in net.ports:
            if port.row + 1 != net.head.row:
                net.gutters[port] = _gutter(port, net.head, gutter_x)
    return found


def _slid(heads: Mapping[str, Head], ports: list[Port]) -> list[Port]:
    """The ports, moved along their boxes: straight above their own head where they can be, clear of others' heads."""
    moved = []
    for port in ports:
        own = heads[port.to]
        others = [head.x for name, head in heads.items() if head.row == port.row + 1 and name != port.to]
        tries = [port.x, *(port.x + step * CLEAR * side for step in range(1, 12) for side in (1, -1))]
        if own.row == port.row + 1 and own.lane == port.lane:
            tries.insert(0, own.x)
        allowed = [x for x in tries if abs(x - port.x) <= port.slack + 1e-9]
        free = [x for x in allowed if all(abs(x - other) >= CLEAR - 1e-9 for other in others)]
        moved.append(replace(port, x=(free or allowed)[0]))
    return moved


def _gutter(port: Port, head: Head, gutter_x: list[float]) -> int:
    """The gutter that a way takes: beside its own lane on the side of the head; in one lane, whichever is nearer."""
    if port.lane != head.lane:
        return port.lane + (1 if head.lane > port.lane else 0)
    return min((port.lane, port.lane + 1), key=lambda k: abs(port.x - gutter_x[k]) + abs(head.x - gutter_x[k]))


def tracks(spans: Mapping[str, Span], clear: float = 0.0) -> dict[str, int]:
    """A track for each span such that two on one track are more than `clear` apart: as few as can be, left first."""
    taken: list[list[Span]] = []
    found = {}
    for name, (low, high) in sorted(spans.items(), key=lambda item: (*item[1], item[0])):
        fits = [all(high + clear < a or low - clear > b for a, b in track) for track in taken]
        found[name] = fits.index(True) if True in fits else len(taken)
        if found[name] == len(taken):
            taken.append([])
        taken[found[name]].append((low, high))
    return found
