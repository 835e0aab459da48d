"""What must come before what, as a picture: parts and milestones in columns, a dot for each rule, broken pairs in red."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import networkx as nx

from layers.programme.breaches import broken_pairs, moment
from layers.programme.checks import precedence_graph
from layers.programme.plan import Plan
from simulation.describe.across import MARGIN
from simulation.describe.painting import FAINT, INK, LINES, line_height
from simulation.describe.plan import in_words, label
from simulation.describe.shapes import CHARACTER
from simulation.describe.svg import inches, svg_text, text_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BOX, GAP, HEIGHT, ROW = 2.5, 2.3, 0.42, 0.56
"""Width of a box, of the space for rules between columns, height of a box and of a row, inches."""
TEXT, SMALL, TITLE = 9.0, 8.0, 15.0
PART, MILESTONE, BROKEN = "#d6e8f5", "#fff2cc", "#b3261e"
HOW_TO_READ = (
    "Read from left to right: what leads into a dot goes live no later than what the dot leads to. Thick: hard, refused where "
    "broken. Thin: soft. Red: broken by this plan. Yellow boxes are milestones; the date is the go-live."
)

ASIDE = 0.13
"""How far from a column, and from each other, lines pass it, inches."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Drawing:
    """Where everything is: the left middle of each box, each rule's dot, and the left, top and bottom of each column."""

    boxes: Mapping[str, Point]
    dots: Mapping[str, Point]
    columns: tuple[tuple[float, float, float], ...]
    bottom: float

    def way(self, start: Point, end: Point, aside: float) -> list[Point]:
        """The points from one place to another, past the columns between them: over or under, whichever is nearer."""
        points, middle = [start], (start[1] + end[1]) / 2
        for left, top, bottom in self.columns:
            if start[0] < left and left + BOX < end[0]:
                y = min(top - aside, bottom + aside, key=lambda level: abs(level - middle))
                points += [(left, y), (left + BOX, y)]
        return [*points, end]


def precedence_svg(plan: Plan, title: str) -> str:
    """The precedence graph as SVG text."""
    return svg_text(lambda: figure(plan, title), f"Precedence: {title}", _words(plan), "precedence graph")


def figure(plan: Plan, title: str) -> "Figure":
    """The precedence graph as a figure of matplotlib, an inch of the figure being one of the axes."""
    from matplotlib.figure import Figure

    columns = _columns(plan)
    width = 2 * MARGIN + len(columns) * BOX + max(len(columns) - 1, 1) * GAP
    heading = wrap(f"What comes before what: {title}", int((width - 2 * MARGIN) / (CHARACTER * TITLE)))
    hint = wrap(HOW_TO_READ, int((width - 2 * MARGIN) / (CHARACTER * TEXT)))
    below = MARGIN + len(heading) * line_height(TITLE)
    drawing = _arranged(plan, columns, below + len(hint) * line_height(TEXT) + 0.25)
    rules = _rules(plan, int((width - 2 * MARGIN) / (CHARACTER * TEXT)))
    drawn = Figure(figsize=(width, drawing.bottom + len(rules) * line_height(TEXT) + MARGIN))
    axes = inches(drawn)
    text_lines(axes, heading, MARGIN, MARGIN, TITLE, weight="bold")
    text_lines(axes, hint, MARGIN, below, TEXT, color=FAINT)
    _lines(axes, plan, drawing)
    for node, place in drawing.boxes.items():
        _box(axes, plan, node, place)
    text_lines(axes, rules, MARGIN, drawing.bottom, TEXT)
    return drawn


def _columns(plan: Plan) -> list[list[str]]:
    """Nodes by how many come after them at most, the first column first; parts without any rule stand in the last."""
    graph = precedence_graph(plan.programme)
    after: dict[str, int] = {}
    for node in reversed(list(nx.lexicographical_topological_sort(graph))):
        after[node] = max((after[way] + 1 for way in graph.successors(node)), default=0)
    deepest = max(after.values(), default=0)
    return [[node for node in graph if deepest - after[node] == column] for column in range(deepest + 1)]


def _arranged(plan: Plan, columns: Sequence[Sequence[str]], top: float) -> Drawing:
    """Columns side by side, each in the middle of the height; a rule's dot stands before the first that it leads to."""
    tallest = max(map(len, columns)) * ROW
    boxes: dict[str, Point] = {}
    ends = []
    for column, nodes in enumerate(columns):
        left_edge, above = MARGIN + column * (BOX + GAP), top + (tallest - len(nodes) * ROW) / 2
        ends.append((left_edge, above, above + len(nodes) * ROW))
        boxes |= {node: (left_edge, above + (place + 0.5) * ROW) for place, node in enumerate(nodes)}
    edges = plan.programme.edges.items()
    left = {name: min(boxes[node][0] for node in edge.after) for name, edge in edges}
    dots: dict[str, Point] = {}
    for name in left:
        beside = [other for other in left if left[other] == left[name]]
        step = tallest / (len(beside) + 1)
        dots[name] = (left[name] - GAP / 2, top + (beside.index(name) + 1) * step)
    return Drawing(boxes, dots, tuple(ends), top + tallest + 0.2)


def _lines(axes: "Axes", plan: Plan, drawing: Drawing) -> None:
    """Each rule's lines through its dot, and the pairs that the plan breaks, from box to box."""
    for number, (name, edge) in enumerate(plan.programme.edges.items(), start=1):
        x, y = drawing.dots[name]
        look: dict[str, Any] = {"color": LINES[(number - 1) % len(LINES)], "lw": 2.2 if edge.kind == "hard" else 0.8}
        for node in edge.before:
            left, middle = drawing.boxes[node]
            _curve(axes, drawing.way((left + BOX, middle), (x, y), number * ASIDE), **look)
        for node in edge.after:
            _curve(axes, drawing.way((x, y), drawing.boxes[node], number * ASIDE), **look)
        axes.plot([x], [y], marker="o", markersize=13, color=look["color"], zorder=5)
        axes.text(x, y, str(number), fontsize=SMALL, color="white", ha="center", va="center", weight="bold", zorder=6)
        for before, after, _ in broken_pairs(plan, edge):
            left, middle = drawing.boxes[before]
            way = drawing.way((left + BOX, middle), drawing.boxes[after], number * ASIDE)
            _curve(axes, way, color=BROKEN, lw=1.6, linestyle=(0, (5, 2)), zorder=3)


def _curve(axes: "Axes", way: Sequence[Point], **look: Any) -> None:
    """A smooth line through the points of a way, level at each of them."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    points, codes = [way[0]], [Path.MOVETO]
    for start, end in pairwise(way):
        middle = (start[0] + end[0]) / 2
        points += [(middle, start[1]), (middle, end[1]), end]
        codes += [Path.CURVE4] * 3
    axes.add_patch(PathPatch(Path(points, codes), **{"fill": False, "zorder": 2, **look}))


def _box(axes: "Axes", plan: Plan, node: str, place: tuple[float, float]) -> None:
    from matplotlib.patches import Rectangle

    x, y = place
    fill = MILESTONE if node in plan.programme.milestones else PART
    axes.add_patch(Rectangle((x, y - HEIGHT / 2), BOX, HEIGHT, facecolor=fill, edgecolor=INK, lw=0.8, zorder=4))
    (first, *rest) = wrap(label(plan, node), int(BOX / (CHARACTER * TEXT)))
    name = f"{first} …" if rest else first
    text_lines(axes, [name], x + 0.08, y - HEIGHT / 2 + 0.02, TEXT, weight="bold")
    text_lines(axes, [_when(plan, node)], x + 0.08, y + 0.01, SMALL)


def _when(plan: Plan, node: str) -> str:
    """A box's second line: its month, and of a part its release."""
    month = moment(plan, node)
    if month is None:
        return "not delivered"
    date = f"{plan.calendar.date(plan.calendar.first_day(month)):%b %Y}"
    part = plan.programme.parts.get(node)
    return date if part is None else f"{date}, {plan.programme.releases[part.release].label}"


def _rules(plan: Plan, characters: int) -> list[str]:
    """The rules by number, in words."""
    lines = []
    for number, edge in enumerate(plan.programme.edges.values(), start=1):
        broken = sum(1 for _ in broken_pairs(plan, edge))
        said = f"{number}  {edge.kind.capitalize()}: {edge.reason}." + (f" Broken {broken} times." if broken else "")
        lines += wrap(said.replace("1 times", "once"), characters, subsequent_indent="    ")
    return lines


def _words(plan: Plan) -> Iterator[str]:
    """The graph for those who do not see it: every rule, then the plan."""
    for edge in plan.programme.edges.values():
        before, after = (", ".join(label(plan, node) for node in nodes) for nodes in (edge.before, edge.after))
        yield f"{before} before {after} ({edge.kind}): {edge.reason}."
    yield from in_words(plan)
