"""The headline of `tom workforce`, from its summary alone."""

from collections.abc import Mapping
from typing import Any

from simulation.cli.output import Align, table

Summary = Mapping[str, Any]
SHOWN = 6
WORDS = {"it": "IT", "hr": "HR"}


def people_headline(summary: Summary) -> str:
    """Routes, money and people at risk by policy; what turnover alone absorbs; the statement."""
    parts = (routes_table(summary), money_table(summary), absorbs(summary), about(summary), summary["statement"])
    return "\n\n".join(parts)


def routes_table(summary: Summary) -> str:
    """How each policy meets the reduction, FTE: median, with P10 and P90 where they differ."""
    policies = summary["policies"]
    routes = list(policies[0]["met_fte"])
    rows = [[words(route), *(spread(policy["met_fte"][route]) for policy in policies)] for route in routes]
    rows.append(["Made redundant, people", *(spread(policy["dismissed_heads"]) for policy in policies)])
    title = f"How {summary['reduction']['fte']:,.0f} FTE would be met, FTE: median (P10 to P90)"
    return table(("Route", *(policy["label"] for policy in policies)), rows, _align(policies), title=title)


def money_table(summary: Summary) -> str:
    """What each policy costs and saves, £m, and how many people it puts at risk."""
    policies = summary["policies"]
    rows = [
        ["Cost of exits and moves, £m", *(spread(policy["cost_pounds"]["total"], 1e6) for policy in policies)],
        ["Budget of posts gone to the end, £m", *(spread(policy["benefit_pounds"], 1e6) for policy in policies)],
        ["Benefit waited for, £m", *(spread(policy["benefit_waited_pounds"], 1e6) for policy in policies)],
        ["People at risk, heads", *(spread(policy["at_risk_heads"]) for policy in policies)],
        ["… per post lost", *(spread(policy["at_risk_per_post_lost"], 1, 2) for policy in policies)],
        [
            "Posts empty before the work falls, FTE-months",
            *(spread(policy["held_empty_fte_months"]) for policy in policies),
        ],
    ]
    return table(("", *(policy["label"] for policy in policies)), rows, _align(policies), title="What it costs")


def absorbs(summary: Summary) -> str:
    """What leavers alone would absorb of each level of the case, and where they would not."""
    leavers = summary["leavers_per_year_heads"]["mean"]
    said = [f"{leavers:,.0f} people a year would leave of themselves with no reduction."]
    for level, found in summary["absorbs"].items():
        short = [f"{place(entry)} {entry['fte']:.0f}" for entry in found["short"][:SHOWN] if entry["fte"] >= 0.5]
        where = f" Shortest in {', '.join(short)}." if short else ""
        said.append(
            f"Of {level} FTE, leavers not replaced would have absorbed {found['by_turnover_alone']:,.0f} "
            f"({found['share']:.0%}) when the plan's last posts are due.{where}"
        )
    return "\n".join(said)


def about(summary: Summary) -> str:
    """Whose people, which reduction."""
    people = summary["establishment"]
    made = "generated to the published totals" if people["source"] == "generated" else "read from a file"
    return (
        f"{people['heads']:,} people ({people['full_time_heads']:,} full time), {people['fte']:,.1f} FTE, {made}; "
        f"{people['groups_merged']} small groups merged. Reduction: {summary['reduction']['source']}. "
        f"{summary['transfers_fte']:,.0f} FTE would transfer into the customer function, neither released nor redundant. "
        f"{summary['replications']} replications: the spread is of chance alone, not of how sure the assumptions are."
    )


def spread(value: Mapping[str, Any], unit: float = 1.0, digits: int | None = None) -> str:
    """`12.3 (10.1 to 14.0)`; one number where all replications agree."""
    digits = (1 if unit > 1 else 0) if digits is None else digits
    low, mid, high = (f"{value[key] / unit:,.{digits}f}" for key in ("p10", "p50", "p90"))
    return mid if low == high else f"{mid} ({low} to {high})"


def place(entry: Mapping[str, Any]) -> str:
    """A service area and job family in words."""
    return f"{words(entry['service_area'])}/{words(entry['job_family']).lower()}"


def words(name: str) -> str:
    """An identifier as a person writes it."""
    return WORDS.get(name, name.replace("_", " ").capitalize())


def _align(policies: list[Any]) -> tuple[Align, ...]:
    right: Align = "right"
    return ("left", *(right for _ in policies))
