"""Pictures as SVG text: the same bytes for the same figure and version of matplotlib, with words for those who do not see it."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

from simulation.describe.painting import INK, line_height

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLE: dict[Any, Any] = {"text.parse_math": False, "svg.fonttype": "none", "font.family": ["DejaVu Sans"]}
TYPEFACES = "'DejaVu Sans', Verdana, Arial, sans-serif"
"""Matplotlib brings the first along, so that the bytes are the same everywhere; a reader's machine may lack it."""


def svg_text(draw: "Callable[[], Figure]", title: str, words: Iterable[str], salt: str) -> str:
    """The figure that `draw` makes, as SVG; `words` describe it line by line, `salt` names the kind of picture."""
    import matplotlib as mpl

    written = StringIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**STYLE, "svg.hashsalt": salt})
        draw().savefig(written, format="svg", metadata={"Title": title, "Date": None})
    return _accessible(written.getvalue(), title, "\n".join(words))


def inches(figure: "Figure") -> "Axes":
    """Axes over the whole figure whose unit is an inch, y downwards."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return axes


def text_lines(axes: "Axes", lines: Sequence[str], x: float, y: float, points: float, **style: Any) -> None:
    """Lines of text below each other, their top left (unless said otherwise) at a place in inches."""
    for number, line in enumerate(lines):
        look: dict[str, Any] = {"color": INK, "ha": "left", **style}
        axes.text(x, y + (number + 0.5) * line_height(points), line, fontsize=points, va="center", zorder=6, **look)


def _accessible(svg: str, title: str, words: str) -> str:
    """The SVG with a role, and with title and description where assistive technology looks for them."""
    named = f"<title>{escape(title)}</title>"
    begin, close = svg.index("<svg"), svg.index(">", svg.index("<svg"))
    head = f'{svg[begin:close]} role="img" aria-labelledby="title desc">'
    about = f'\n <title id="title">{escape(title)}</title>\n <desc id="desc">{escape(words)}</desc>'
    rest = svg[close + 1 :].replace(f"\n {named}", "", 1)
    return svg[:begin] + head + about + rest.replace("'DejaVu Sans'", TYPEFACES)
