"""The plan as a picture over months: construct, go-live and take-up of every part, budgets, months to leave alone, breaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from layers.programme.plan import Plan
from layers.programme.section import HORIZON_MONTHS
from simulation.describe.across import MARGIN
from simulation.describe.painting import FAINT, INK, line_height
from simulation.describe.plan import breach_in_words, breaches_of, in_words
from simulation.describe.shapes import CHARACTER
from simulation.describe.svg import inches, svg_text, text_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABELS, MONTH, ROW = 3.1, 0.145, 0.27
"""Width of the labels, of a month, and height of a row, inches."""
WIDTH = 2 * MARGIN + LABELS + HORIZON_MONTHS * MONTH
HEAD, SMALL, TEXT, TITLE = 0.75, 8.0, 9.0, 15.0
CONSTRUCT, TAKEN, PENDING, LEFT_ALONE, BROKEN = "#c9ced6", "#2f6f9f", "#dbe8f2", "#f3d9c4", "#b3261e"
HOW_TO_READ = (
    "Grey: construct. Triangle: go-live on the 1st. Blue: the share of a part's own way that is gone, from 0 at the foot of "
    "the row to 1 at its top. Sand: months to leave alone. Dashed: the budget Council. Numbers in red: soft breaches, below."
)


@dataclass(frozen=True)
class Row:
    """One line of the chart: a release (its name in bold) or a part."""

    name: str
    label: str
    release: bool


def timeline_svg(plan: Plan, title: str) -> str:
    """The plan over its months as SVG text."""
    return svg_text(lambda: figure(plan, title), f"Plan: {title}", in_words(plan), "timeline")


def figure(plan: Plan, title: str) -> "Figure":
    """The plan as a figure of matplotlib, an inch of the figure being one of the axes."""
    from matplotlib.figure import Figure

    rows, notes = _rows(plan), _notes(plan)
    heading = wrap(f"The plan: {title}", int((WIDTH - 2 * MARGIN) / (CHARACTER * TITLE)))
    hint = wrap(HOW_TO_READ, int((WIDTH - 2 * MARGIN) / (CHARACTER * TEXT)))
    top = MARGIN + len(heading) * line_height(TITLE) + len(hint) * line_height(TEXT) + HEAD
    foot = top + len(rows) * ROW + 0.2
    drawn = Figure(figsize=(WIDTH, foot + len(notes) * line_height(TEXT) + MARGIN))
    axes = inches(drawn)
    text_lines(axes, heading, MARGIN, MARGIN, TITLE, weight="bold")
    text_lines(axes, hint, MARGIN, MARGIN + len(heading) * line_height(TITLE), TEXT, color=FAINT)
    _months(axes, plan, top, foot - 0.2)
    numbers = _numbers(plan)
    for place, row in enumerate(rows):
        y = top + place * ROW
        (_release if row.release else _part)(axes, plan, row, y)
        _breach_numbers(axes, plan, row, y, numbers.get(row.name, []))
    text_lines(axes, notes, MARGIN, foot, TEXT)
    return drawn


def _rows(plan: Plan) -> list[Row]:
    rows = []
    for name in plan.delivered:
        rows.append(Row(name, plan.programme.releases[name].label, True))
        rows += [Row(part, p.label, False) for part, p in plan.programme.parts.items() if p.release == name]
    return rows


def _numbers(plan: Plan) -> Mapping[str, list[int]]:
    """The numbers of the breaches that concern each part or release."""
    numbers: dict[str, list[int]] = {}
    for number, breach in enumerate(breaches_of(plan), start=1):
        numbers.setdefault(breach.after, []).append(number)
    return numbers


def _notes(plan: Plan) -> list[str]:
    """What stands below the chart: the breaches by number, and what is not delivered."""
    found, wide = breaches_of(plan), int((WIDTH - 2 * MARGIN) / (CHARACTER * TEXT))
    notes = [f"Soft breaches: {len(found)}, score {sum(breach.score for breach in found):g}"]
    for number, breach in enumerate(found, start=1):
        notes += wrap(f"{number}  {breach_in_words(plan, breach)}", wide, subsequent_indent="    ")
    kept = [p.label for name, p in plan.programme.parts.items() if name not in plan.delivered_parts]
    return notes + (wrap(f"Not delivered: {', '.join(kept)}.", wide) if kept else [])


def _months(axes: "Axes", plan: Plan, top: float, bottom: float) -> None:
    """Financial years, quarters and budget Councils."""
    for month in range(0, HORIZON_MONTHS + 1, 3):
        year = plan.calendar.month_of_year(month) == 4
        axes.plot(
            [_x(month)] * 2, [top, bottom], color="#9aa0a8" if year else "#e3e5e8", lw=0.9 if year else 0.5, zorder=1
        )
        if month < HORIZON_MONTHS:
            text_lines(
                axes, [plan.calendar.date(plan.calendar.first_day(month)).strftime("%b")], _x(month), top - 0.2, SMALL
            )
        if year and month < HORIZON_MONTHS:
            text_lines(axes, [plan.calendar.financial_year(month)], _x(month), top - 0.4, TEXT, weight="bold")
    for month in plan.months():
        if plan.calendar.month_of_year(month) == plan.programme.calendar.budget_month:
            axes.plot([_x(month)] * 2, [top - 0.02, bottom], color=INK, lw=0.9, linestyle=(0, (4, 3)), zorder=2)
            text_lines(axes, ["Budget"], _x(month), top - 0.62, SMALL, ha="center")


def _release(axes: "Axes", plan: Plan, row: Row, y: float) -> None:
    """A release's line: its name, construct, go-live."""
    text_lines(axes, [row.label], MARGIN, y + 0.05, TEXT, weight="bold")
    months = plan.construct(row.name)
    _bar(axes, months.start, months.stop, y + 0.08, ROW - 0.14, CONSTRUCT)
    date = plan.calendar.date(plan.calendar.first_day(months.stop))
    text_lines(axes, [f"{date.day} {date:%b %Y}"], _x(months.stop) + 0.14, y + 0.05, TEXT, weight="bold")
    _go_live(axes, months.stop, y)


def _part(axes: "Axes", plan: Plan, row: Row, y: float) -> None:
    """A part's line: its name, months to leave alone, take-up, go-live."""
    start, areas = plan.delivered_parts[row.name], set(plan.programme.parts[row.name].areas)
    text_lines(axes, [row.label], MARGIN + 0.15, y + 0.05, TEXT)
    for rule in plan.programme.calendar.no_go.values():
        for month in plan.months() if areas & set(rule.areas) else ():
            if plan.calendar.month_of_year(month) in rule.months:
                _bar(axes, month, month + 1, y + 0.02, ROW - 0.04, LEFT_ALONE)
    foot, height = y + ROW - 0.04, ROW - 0.08
    _bar(axes, start, HORIZON_MONTHS, y + 0.04, height, PENDING, alpha=0.6)
    xs, heights = [_x(start)], [foot]
    for month in range(start, HORIZON_MONTHS):
        level = foot - height * plan.part_progress(row.name, month)
        xs, heights = [*xs, _x(month), _x(month + 1)], [*heights, level, level]
    axes.fill([*xs, _x(HORIZON_MONTHS)], [*heights, foot], color=TAKEN, lw=0, zorder=3)
    _go_live(axes, start, y)


def _breach_numbers(axes: "Axes", plan: Plan, row: Row, y: float, numbers: Sequence[int]) -> None:
    """The numbers of a row's breaches, before its go-live."""
    if numbers:
        start = plan.release_months[row.name] if row.release else plan.delivered_parts[row.name]
        before = plan.construct(row.name).start if row.release else start
        said = ", ".join(map(str, numbers))
        text_lines(axes, [said], _x(before) - 0.12, y + 0.05, TEXT, color=BROKEN, weight="bold", ha="right")


def _go_live(axes: "Axes", month: int, y: float) -> None:
    axes.fill(
        [_x(month), _x(month) + 0.11, _x(month)], [y + 0.05, y + ROW / 2, y + ROW - 0.05], color=INK, lw=0, zorder=5
    )


def _bar(axes: "Axes", start: int, stop: int, y: float, height: float, fill: str, alpha: float = 1.0) -> None:
    from matplotlib.patches import Rectangle

    left, right = _x(max(start, 0)), _x(min(stop, HORIZON_MONTHS))
    axes.add_patch(Rectangle((left, y), right - left, height, facecolor=fill, edgecolor="none", alpha=alpha, zorder=2))


def _x(month: int) -> float:
    """Where a month begins."""
    return MARGIN + LABELS + month * MONTH
