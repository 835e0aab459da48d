"""The routing graph as an SVG picture: a lane for each layer, a box for each step, lines for the ways on."""

from collections.abc import Iterator, Mapping
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

from simulation.checks import routing_graph
from simulation.council import Council
from simulation.describe.across import MARGIN, across
from simulation.describe.boxes import Box, boxes
from simulation.describe.layout import lanes
from simulation.describe.painting import FAINT, Painter
from simulation.describe.shapes import shape
from simulation.describe.wires import down, wires
from simulation.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NARROWEST_LANE = 1.7
NARROWEST_PICTURE = 16.0
LANES_TOP, BOXES_TOP = 0.95, 1.3
LEGEND_HEIGHT = 0.55
HOW_TO_READ = (
    "Read downwards in each lane, then on to the right. A line leaves a box at its foot, from the words that say who "
    "takes it, and comes in from above; lines join at a dot and otherwise only cross."
)
STYLE: Mapping[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "routing graph",
    "font.family": ["DejaVu Sans"],
}
TYPEFACES = "'DejaVu Sans', Verdana, Arial, sans-serif"
"""Matplotlib brings the first along, so that the bytes are the same everywhere; a reader's machine may lack it."""


def routing_svg(scenario: Scenario) -> str:
    """The routing graph as SVG text: the same bytes for the same scenario and version of matplotlib."""
    import matplotlib as mpl

    title = f"Routing graph: {scenario.council.title}"
    written = StringIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        figure(scenario.council).savefig(written, format="svg", metadata={"Title": title, "Date": None})
    return _accessible(written.getvalue(), title, "\n".join(_in_words(scenario.council)))


def figure(council: Council) -> "Figure":
    """The routing graph as a figure of matplotlib, an inch of the figure being one of the axes."""
    from matplotlib.figure import Figure

    shapes = {name: shape(box) for name, box in boxes(council).items()}
    plan = across(lanes(routing_graph(council), shapes, council.layers, NARROWEST_LANE), shapes)
    levels = down(plan, BOXES_TOP)
    width, height = max(plan.width, NARROWEST_PICTURE), levels.bottom + LEGEND_HEIGHT
    drawn = Figure(figsize=(width, height))
    axes = drawn.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    painter = Painter(axes)
    painter.text(MARGIN, 0.3, f"How contacts are routed: {council.title}", 16, ha="left", weight="bold")
    painter.text(MARGIN, 0.65, HOW_TO_READ, 10, ha="left", color=FAINT)
    for position, (lane, left, right) in enumerate(plan.spans):
        painter.lane(council.layers[lane.layer].label, left, right - left, LANES_TOP, levels.bottom, position)
    for position, wire in enumerate(wires(plan, levels)):
        painter.wire(wire, position)
    for name, x in plan.centres.items():
        painter.box(plan.shapes[name], (x, levels.rows[plan.rows[name]]))
    painter.legend(MARGIN, levels.bottom + 0.2)
    return drawn


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


def _accessible(svg: str, title: str, words: str) -> str:
    """The SVG with a role, and with title and description where assistive technology looks for them."""
    named = f"<title>{escape(title)}</title>"
    begin, close = svg.index("<svg"), svg.index(">", svg.index("<svg"))
    head = f'{svg[begin:close]} role="img" aria-labelledby="title desc">'
    about = f'\n <title id="title">{escape(title)}</title>\n <desc id="desc">{escape(words)}</desc>'
    return svg[:begin] + head + about + svg[close + 1 :].replace(f"\n {named}", "", 1).replace("'DejaVu Sans'", TYPEFACES)
