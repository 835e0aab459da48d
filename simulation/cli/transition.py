"""The plan in the headline of a run, from its summary alone: posts by year, and where service falls short meanwhile."""

from collections.abc import Mapping
from typing import Any

from simulation.cli.output import Align, table
from simulation.cli.words import fte, words

Summary = Mapping[str, Any]
COLUMNS = {"due": "Due by the plan", "earned": "Earned by the levers", "gone": "Gone", "deferred": "Deferred"}
SHOWN = 4
"""Places where service falls short that are named."""


def transition(summary: Summary) -> str:
    """The table by year and what residents feel; empty without a plan."""
    plan = summary.get("plan")
    if plan is None:
        return ""
    return "\n\n".join([_by_year(plan), _gate(plan), *_felt(plan)])


def _by_year(plan: Summary) -> str:
    rows = [[found["month"], *(fte(found[name]) for name in COLUMNS)] for found in plan["by_financial_year"].values()]
    align: tuple[Align, ...] = ("left", "right", "right", "right", "right")
    return table(
        ("By the end of", *COLUMNS.values()), rows, align, title="The plan: FTE that have gone, without the case's own"
    )


def _gate(plan: Summary) -> str:
    deferred, at_risk = (plan[f"{name}_fte_months"]["mean"] for name in ("deferred", "at_risk"))
    if not plan["gate"]["on"]:
        return f"The safe-release gate is off: posts go when they are due. At risk before they go: {at_risk:,.0f} FTE-months."
    tolerance = 100 * plan["gate"]["tolerance"]
    return (
        f"The safe-release gate (service worse than today's by at most {tolerance:g} points) defers {deferred:,.0f} FTE-months; "
        f"posts are at risk for {at_risk:,.0f} FTE-months before they go."
    )


def _felt(plan: Summary) -> list[str]:
    """Where service falls short of today's on the same contacts, longest first."""
    short = plan["service_short"]
    if not short:
        return ["At no time is a layer's service worse than today's by more than that."]
    lines = [_place(row) for row in short[:SHOWN]]
    rest = f"\n  and {len(short) - SHOWN} more (summary.json)" if len(short) > SHOWN else ""
    return ["Service worse than today's while the plan runs:\n" + "\n".join(lines) + rest]


def _place(row: Summary) -> str:
    months = "1 month" if row["months"] == 1 else f"{row['months']} months"
    return (
        f"  {words(row['layer'])}, {row['work']} work {row['measure']}: {months} from {row['first_month']} to "
        f"{row['last_month']}; worst in the quarter to {row['worst_month']}, {row['plan']:.0%} instead of {row['today']:.0%}"
    )
