"""Where the boxes of the routing graph stand: a lane for each layer from left to right, rows from top to bottom.

The layered method of Sugiyama, Tagawa and Toda (1981) in each lane: rows by the longest path, order in a row by the
mean place of the neighbours, then places that pull boxes under each other. Lengths in inches, y downwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import networkx as nx

from simulation.describe.shapes import Shape

BETWEEN_BOXES, LANE_EDGE = 0.2, 0.12
SWEEPS, ORDERING_SWEEPS = 60, 12


@dataclass(frozen=True)
class Lane:
    """The boxes of one layer: their rows, and how far right of the lane's left edge each is centred."""

    layer: str
    rows: Mapping[str, int]
    places: Mapping[str, float]
    width: float


def lanes(graph: nx.DiGraph, shapes: Mapping[str, Shape], narrowest: Mapping[str, float]) -> list[Lane]:
    """A lane for each layer that has steps, in the order of `narrowest`, which says how wide each is at least.

    Its rows begin where the ways from the lanes before it come in.
    """
    inside = {layer: [name for name in shapes if shapes[name].box.layer == layer] for layer in narrowest}
    ranks = {layer: _ranks(graph.subgraph(names), names) for layer, names in inside.items() if names}
    depth = max(max(rank.values()) for rank in ranks.values())
    rows: dict[str, int] = {}
    found = []
    for layer, rank in ranks.items():
        down = _shift(graph, rank, rows, depth - max(rank.values()))
        own = {name: row + down for name, row in rank.items()}
        rows |= own
        places, width = _places(graph.subgraph(own), own, shapes, narrowest[layer])
        found.append(Lane(layer, own, places, width))
    return found


def _ranks(graph: nx.DiGraph, names: list[str]) -> dict[str, int]:
    """Rows in a lane by the longest path to a step; what nothing leads to stands just above what it leads to."""
    rank = dict.fromkeys(names, 0)
    order = [name for name in nx.lexicographical_topological_sort(graph, key=names.index)]
    for name in order:
        for way in graph.successors(name):
            rank[way] = max(rank[way], rank[name] + 1)
    for name in reversed(order):
        if not graph.in_degree(name) and graph.out_degree(name):
            rank[name] = min(rank[way] for way in graph.successors(name)) - 1
    crowd = [list(rank.values()).count(row) for row in range(max(rank.values()) + 1)]
    for name in names:
        if not graph.degree(name) and len(crowd) > 1:
            crowd[rank[name]] -= 1
            rank[name] = crowd.index(min(crowd))
            crowd[rank[name]] += 1
    return rank


def _shift(graph: nx.DiGraph, rank: Mapping[str, int], rows: Mapping[str, int], most: int) -> int:
    """How many rows to move a lane down so that the ways from lanes already placed come in from about the row above."""
    wanted = [rows[source] + 1 - rank[name] for name in rank for source in graph.predecessors(name) if source in rows]
    return min(max(0, round(median(wanted))), most) if wanted else 0


def _places(
    graph: nx.DiGraph, rows: Mapping[str, int], shapes: Mapping[str, Shape], narrowest: float
) -> tuple[dict[str, float], float]:
    """Where each box of a lane is centred, from the left edge of the lane, and the width of the lane."""
    order: dict[int, list[str]] = {}
    for name, row in rows.items():
        order.setdefault(row, []).append(name)
    near = {name: _neighbours(graph, name) for name in rows}
    place = {name: float(i - len(names) / 2) for names in order.values() for i, name in enumerate(names)}
    for sweep in range(SWEEPS):
        for row in sorted(order, reverse=bool(sweep % 2)):
            wanted = {name: _mean(near[name], place, name) for name in order[row]}
            if sweep < ORDERING_SWEEPS:
                order[row].sort(key=wanted.__getitem__)
            place |= _apart(order[row], wanted, shapes)
    left = min(place[name] - shapes[name].width / 2 for name in rows)
    width = max(place[name] + shapes[name].width / 2 for name in rows) - left
    spare = max(2 * LANE_EDGE, narrowest - width) / 2
    return {name: place[name] - left + spare for name in rows}, width + 2 * spare


def _neighbours(graph: nx.DiGraph, name: str) -> list[tuple[str, float]]:
    """What a step is joined to, and how tightly: the fewer other lines either end has, the more."""
    before = [(other, 1 / graph.out_degree(other)) for other in graph.predecessors(name)]
    after = [(other, 1 / graph.in_degree(other)) for other in graph.successors(name)]
    return [(other, share / max(1, len(before))) for other, share in before] + [
        (other, share / max(1, len(after))) for other, share in after
    ]


def _mean(near: list[tuple[str, float]], place: Mapping[str, float], name: str) -> float:
    total = sum(weight for _, weight in near)
    return sum(place[other] * weight for other, weight in near) / total if total else place[name]


def _apart(names: list[str], wanted: Mapping[str, float], shapes: Mapping[str, Shape]) -> dict[str, float]:
    """The places nearest to those wanted (least squares) that keep a row's order and the space between its boxes.

    Isotonic regression by pooling adjacent violators, on what is left once the widths are taken off.
    """
    offsets, at = [], 0.0
    for left, name in zip([None, *names], names, strict=False):
        if left is not None:
            at += (shapes[left].width + shapes[name].width) / 2 + BETWEEN_BOXES
        offsets.append(at)
    pools: list[tuple[float, int]] = []
    for name, offset in zip(names, offsets, strict=True):
        total, count = wanted[name] - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            more, others = pools.pop()
            total, count = total + more, count + others
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return {name: mean + offset for name, mean, offset in zip(names, means, offsets, strict=True)}
