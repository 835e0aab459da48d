"""The routing graph as an SVG picture: a lane for each layer, a box for each step, lines for the ways on."""

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

from simulation.checks import routing_graph
from simulation.council import Council
from simulation.describe.across import MARGIN, Across, across
from simulation.describe.boxes import Box, boxes
from simulation.describe.layout import lanes
from simulation.describe.painting import FAINT, LANE_POINTS, LEGEND_ROW, LINES, Painter, legend_rows, line_height
from simulation.describe.shapes import CHARACTER, shape
from simulation.describe.svg import inches, svg_text
from simulation.describe.wires import down, wires
from simulation.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NARROWEST_PICTURE = 9.0
TITLE, HINT = 16.0, 10.0
LANE_HEADING = 0.3
HOW_TO_READ = (
    "Read downwards in each lane, then on to the right. A line leaves a box at its foot, from the words that say who "
    "takes it, and comes in from above; lines join at a dot and otherwise only cross."
)


def routing_svg(scenario: Scenario) -> str:
    """The routing graph as SVG text: the same bytes for the same scenario and version of matplotlib."""
    council = scenario.council
    return svg_text(lambda: figure(council), f"Routing graph: {council.title}", _in_words(council), "routing graph")


def figure(council: Council) -> "Figure":
    """The routing graph as a figure of matplotlib, an inch of the figure being one of the axes."""
    from matplotlib.figure import Figure

    plan = arranged(council)
    width = max(plan.width, NARROWEST_PICTURE)
    title = wrap(f"How contacts are routed: {council.title}", _fits(width, TITLE))
    hint = wrap(HOW_TO_READ, _fits(width, HINT))
    below_title = MARGIN + len(title) * line_height(TITLE)
    lanes_top = below_title + len(hint) * line_height(HINT) + 0.15
    levels = down(plan, lanes_top + LANE_HEADING)
    legend = legend_rows({box.box.kind for box in plan.shapes.values()}, width - 2 * MARGIN)
    drawn = Figure(figsize=(width, levels.bottom + 0.2 + len(legend) * LEGEND_ROW))
    painter = Painter(inches(drawn))
    painter.heading(MARGIN, MARGIN, title, TITLE, weight="bold")
    painter.heading(MARGIN, below_title, hint, HINT, color=FAINT)
    for lane, left in zip(plan.lanes, plan.ends, strict=False):
        painter.lane(council.layers[lane.layer].label, left, lane.width, lanes_top, levels.bottom)
    for wire in wires(plan, levels, len(LINES)):
        painter.wire(wire)
    for name, x in plan.centres.items():
        painter.box(plan.shapes[name], (x, levels.rows[plan.rows[name]]))
    painter.legend(MARGIN, levels.bottom + 0.2, legend)
    return drawn


def arranged(council: Council) -> Across:
    """Boxes, lanes and lines of a council from left to right."""
    shapes = {name: shape(box) for name, box in boxes(council).items()}
    headings = {name: len(layer.label) * CHARACTER * LANE_POINTS + 0.5 for name, layer in council.layers.items()}
    return across(lanes(routing_graph(council), shapes, headings), shapes)


def _fits(width: float, points: float) -> int:
    """How many characters of a size fit in a line."""
    return int((width - 2 * MARGIN) / (CHARACTER * points))


def _in_words(council: Council) -> Iterator[str]:
    """The graph for those who do not see it: each layer, its steps, and where they lead."""
    found = boxes(council)
    for layer, baseline in council.layers.items():
        inside = [box for box in found.values() if box.layer == layer]
        if inside:
            yield f"{baseline.label}: " + " ".join(_step_in_words(box, found) for box in inside)


def _step_in_words(box: Box, found: Mapping[str, Box]) -> str:
    ways = [f"{found[way.to].title} ({way.said})" if way.said else found[way.to].title for way in box.ways]
    return f"“{box.title}” leads to {'; '.join(ways)}." if ways else f"“{box.title}” is an end."
