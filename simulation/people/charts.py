"""Pictures of a study, one for each question, each with its table as CSV beside it. The same study gives the same bytes."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from simulation.people.study import Study
from workforce.routes import ROUTES, STATEMENT, UNMET

Summary = Mapping[str, Any]
COLOURS = ("#7f7f7f", "#bdb76b", "#a6cee3", "#1f78b4", "#b2df8a", "#33a02c", "#fdbf6f", "#e31a1c", "#f2f2f2")
"""By route, from those that touch nobody to dismissal, unmet last; they differ in lightness too, and bars carry numbers."""
WIDE, HIGH = 10.0, 5.2


def charts_of(summary: Summary, study: Study) -> dict[str, bytes]:
    """SVG and CSV of every picture, by file name."""
    tables = {
        "how_is_it_met": (_met(summary), _draw_met),
        "what_turnover_does_not_absorb": (_short(summary), _draw_short),
        "when": (_when(study), _draw_when),
        "what_does_it_cost": (_cost(summary), _draw_cost),
        "who_is_at_risk": (_risk(summary), _draw_risk),
    }
    out: dict[str, bytes] = {}
    for name, (table, draw) in tables.items():
        if len(table):
            out[f"{name}.csv"] = table.to_csv(lineterminator="\n").encode()
            out[f"{name}.svg"] = _svg(name, table, draw)
    return out


def _met(summary: Summary) -> pd.DataFrame:
    """Mean FTE by policy (row) and route (column)."""
    rows = {p["label"]: {route: p["met_fte"][route]["mean"] for route in (*ROUTES, UNMET)} for p in summary["policies"]}
    return pd.DataFrame(rows).T.rename_axis("policy")


def _short(summary: Summary) -> pd.DataFrame:
    """FTE that turnover alone has not absorbed when the plan ends, by service area and job family (row) and level (column)."""
    rows: dict[str, dict[str, float]] = {}
    for level, found in summary["absorbs"].items():
        for entry in found["short"]:
            name = f"{_words(entry['service_area'])}: {_words(entry['job_family']).lower()}"
            rows.setdefault(name, {})[f"{level} FTE"] = entry["fte"]
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows).T.fillna(0.0)
    last = table.columns[-1]
    return table.sort_values(last, ascending=False, kind="stable").head(15).rename_axis("where")


def _when(study: Study) -> pd.DataFrame:
    """Mean FTE gone since the opening by month (row): what is due, and by policy."""
    months = study.staff.months
    table = {"due": study.reductions.fte.sum(axis=(0, 1)).cumsum()}
    for policy, kept in study.rows.items():
        label = study.staff.policy(policy).label
        monthly = [
            rows.workforce.groupby("month")[[f"{route}_fte" for route in ROUTES]].sum().sum(axis=1).reindex(months)
            for rows in kept
        ]
        table[label] = np.mean([series.fillna(0.0).to_numpy() for series in monthly], axis=0).cumsum()
    return pd.DataFrame(table, index=pd.Index(months, name="month"))


def _cost(summary: Summary) -> pd.DataFrame:
    """Mean cost by policy (row) and line (column), £m."""
    rows = {
        p["label"]: {line: value["mean"] / 1e6 for line, value in p["cost_pounds"].items() if line != "total"}
        for p in summary["policies"]
    }
    return pd.DataFrame(rows).T.rename_axis("policy")


def _risk(summary: Summary) -> pd.DataFrame:
    """Mean heads by policy (row): at risk, proposed, moved to another post, redundant."""
    names = {
        "at_risk_heads": "at risk",
        "proposed_heads": "proposed",
        "moved_heads": "moved",
        "dismissed_heads": "redundant",
    }
    rows = {p["label"]: {label: p[name]["mean"] for name, label in names.items()} for p in summary["policies"]}
    return pd.DataFrame(rows).T.rename_axis("policy")


def _svg(name: str, table: pd.DataFrame, draw: Any) -> bytes:
    """A drawing as SVG without date, with text as text, and a title that a screen reader finds."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    with matplotlib.rc_context(
        {"svg.hashsalt": name, "svg.fonttype": "none", "font.size": 10, "font.family": "sans-serif"}
    ):
        figure, axes = pyplot.subplots(figsize=(WIDE, HIGH), layout="constrained")
        draw(axes, table)
        axes.spines[["top", "right"]].set_visible(False)
        figure.text(0.01, -0.03, STATEMENT, fontsize=8, color="#444444")
        out = io.BytesIO()
        title = f"{axes.get_title(loc='left')} {STATEMENT}"
        figure.savefig(out, format="svg", metadata={"Date": None, "Title": title}, bbox_inches="tight")
        pyplot.close(figure)
    return out.getvalue()


def _draw_met(axes: Any, table: pd.DataFrame) -> None:
    _stacked(axes, table, COLOURS, digits=0)
    axes.set_title("How is the reduction met?", loc="left", fontweight="bold")
    axes.set_xlabel("FTE, mean of all replications")


def _draw_cost(axes: Any, table: pd.DataFrame) -> None:
    _stacked(axes, table, ("#e31a1c", "#fb9a99", "#fdbf6f", "#1f78b4", "#33a02c", "#7f7f7f"), digits=1)
    axes.set_title("What does it cost?", loc="left", fontweight="bold")
    axes.set_xlabel("£m, mean of all replications")


def _stacked(axes: Any, table: pd.DataFrame, colours: tuple[str, ...], digits: int) -> None:
    """Bars from left to right, the number in each that has room for one."""
    left, places = np.zeros(len(table)), np.arange(len(table))[::-1]
    room = table.sum(axis=1).max() * 0.04
    for column, colour in zip(table.columns, colours, strict=False):
        width = table[column].to_numpy()
        axes.barh(places, width, left=left, color=colour, edgecolor="#333333", linewidth=0.5, label=_words(column))
        for place, start, value in zip(places, left, width, strict=True):
            if value > room:
                dark = colour in ("#1f78b4", "#e31a1c", "#33a02c")
                axes.text(start + value / 2, place, f"{value:,.{digits}f}", ha="center", va="center",
                          fontsize=8, color="white" if dark else "black")  # fmt: skip
        left = left + width
    axes.set_yticks(places, table.index)
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.14), ncols=5, frameon=False, fontsize=8)


def _draw_short(axes: Any, table: pd.DataFrame) -> None:
    places, height = np.arange(len(table))[::-1], 0.8 / len(table.columns)
    for number, (column, colour) in enumerate(zip(table.columns, ("#a6cee3", "#1f78b4", "#08306b"), strict=False)):
        axes.barh(places + 0.4 - height * (number + 0.5), table[column], height, color=colour, label=column)
    axes.set_yticks(places, table.index)
    axes.set_title("What does turnover alone not absorb, and where?", loc="left", fontweight="bold")
    axes.set_xlabel("FTE still to find when the plan's last posts are due, mean of all replications")
    axes.legend(frameon=False)


def _draw_when(axes: Any, table: pd.DataFrame) -> None:
    styles = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
    months = np.arange(len(table))
    axes.step(months, table["due"], where="post", color="black", linewidth=2, label="due")
    for number, column in enumerate(table.columns[1:]):
        colour = ("#1f78b4", "#33a02c", "#ff7f00", "#6a3d9a", "#e31a1c", "#b15928")[number % 6]
        axes.plot(months, table[column], linestyle=styles[number % 6], color=colour, label=column)
    ticks = [place for place, month in enumerate(table.index) if month.endswith(("-04", "-10"))]
    axes.set_xticks(ticks, [table.index[place] for place in ticks], rotation=45, ha="right")
    axes.set_title("When do the posts go?", loc="left", fontweight="bold")
    axes.set_ylabel("FTE gone since the opening")
    axes.legend(frameon=False, fontsize=8)


def _draw_risk(axes: Any, table: pd.DataFrame) -> None:
    places, height = np.arange(len(table))[::-1], 0.8 / len(table.columns)
    for number, (column, colour) in enumerate(
        zip(table.columns, ("#fdbf6f", "#ff7f00", "#33a02c", "#e31a1c"), strict=True)
    ):
        bars = axes.barh(places + 0.4 - height * (number + 0.5), table[column], height, color=colour, label=column)
        axes.bar_label(bars, fmt="{:,.0f}", padding=2, fontsize=8)
    axes.set_yticks(places, table.index)
    axes.set_title("How many people are at risk, and how many go?", loc="left", fontweight="bold")
    axes.set_xlabel("heads, mean of all replications")
    axes.legend(frameon=False, fontsize=8)


def _words(name: str) -> str:
    return {"it": "IT", "hr": "HR"}.get(name, name.replace("_", " ").capitalize())
