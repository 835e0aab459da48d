"""The business case beside a run: what the run takes from it, where the sum lies, and what would have to be true for it.

With `verdict.py` the only place where a run's result and the published outcomes meet; nothing simulated depends on it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.capacity.must_be_true import Reach
    from simulation.experiment import Outcome
    from simulation.scenario import Scenario

CASE, LAYER = "case", "service_delivery"
GOALS = ("low", "mid", "high")
SHOWN = 3
"""Levers named for each goal."""
Summary = dict[str, Any]


def with_case(outcome: "Outcome", scenario: "Scenario") -> "Outcome":
    """The outcome with the layer that the case itself sizes, and its verdict; as it is without a search."""
    if "released_fte" not in outcome.summary:
        return outcome
    from simulation.capacity.summary import totals

    tables, summary = dict(outcome.tables), dict(outcome.summary)
    goals: dict[str, float] = {}
    if scenario.council.compared_with is not None:
        from layers.published import read_published

        published = read_published()["totals"]
        goals = {end: published[f"released_fte.{end}"].value for end in GOALS}
        fte = published[f"{LAYER}_fte.mid"].value if scenario.council.levers.target else 0.0
        tables = _with_case_rows(tables, scenario, fte)
        summary |= totals(tables, scenario.council)
        summary["case_fte"] = goals
    reach = _reaches(outcome, scenario, summary, goals) if goals else {}
    summary["verdict"] = {**_shares(tables["capacity"], goals), "sentence": " ".join(_sentences(summary, goals, reach))}
    if reach:
        summary["must_be_true"] = {
            goal: [{key: value for key, value in vars(lever).items() if value is not None} for lever in levers]
            for goal, levers in reach.items()
        }
    return replace(outcome, tables=tables, summary=summary)


def _with_case_rows(tables: Mapping[str, "DataFrame"], scenario: "Scenario", fte: float) -> dict[str, "DataFrame"]:
    """The capacity and ledger tables with the case's own figure for service delivery, the same in every replication."""
    import pandas as pd

    layer = scenario.council.layers[LAYER]
    replications = sorted(tables["capacity"]["replication"].unique())
    key = {"scenario": scenario.name, "replication": replications, "layer": LAYER}
    existing = layer.existing_fte.value
    rows = pd.DataFrame({
        **key, "service_area": "all", "financial_year": "run_rate", "basis": CASE, "existing_fte": existing,
        "required_today_fte": existing, "slack_fte": 0.0, "required_fte": existing - fte, "released_fte": fte,
        "posts_releasable": fte,
    })  # fmt: skip
    bar = pd.DataFrame({**key, "lever": CASE, "released_fte": fte})
    if layer.pounds_per_fte is not None:
        bar["released_pounds"] = fte * layer.pounds_per_fte.value
    return {
        **tables,
        "capacity": pd.concat([tables["capacity"], rows], ignore_index=True),
        "ledger": pd.concat([tables["ledger"], bar], ignore_index=True),
    }


def _shares(capacity: "DataFrame", goals: Mapping[str, float]) -> dict[str, Any]:
    """The share of replications whose release lies below, within and above the case: chance alone, not how likely it is."""
    if not goals:
        return {}
    released = capacity.groupby("replication")["released_fte"].sum()
    reaches = {f"reaches_{goal:.0f}": float((released >= goal).mean()) for goal in goals.values()}
    below, above = float((released < goals["low"]).mean()), float((released > goals["high"]).mean())
    return {"below": below, "within": 1.0 - below - above, "above": above, **reaches, "basis": "chance"}


def _reaches(
    outcome: "Outcome", scenario: "Scenario", summary: Summary, goals: Mapping[str, float]
) -> dict[str, tuple["Reach", ...]]:
    """For each figure of the case that is not reached, the levers that alone would reach it."""
    from simulation.calibration import calibrated
    from simulation.capacity.must_be_true import levers_alone

    if not scenario.council.levers.target:
        return {}
    total = summary["released_fte"]["total"]["mean"]
    more = {f"{goal:.0f}": goal - total for goal in goals.values() if goal > total}
    return levers_alone(calibrated(scenario.council), more) if more else {}


def _sentences(summary: Summary, goals: Mapping[str, float], reach: Mapping[str, tuple["Reach", ...]]) -> list[str]:
    released, required = summary["released_fte"], summary["required_fte"]
    by_basis = {basis: value["mean"] for basis, value in released["by_basis"].items()}
    total, simulated = released["total"]["mean"], by_basis.get("simulated", 0.0)
    if total == 0:
        return ["The target is today's operating model: it releases nothing."]
    parts = [f"{simulated:,.0f} simulated"]
    parts += [f"{by_basis['sized']:,.0f} sized by benchmarks"] if by_basis.get("sized") else []
    parts += [f"{by_basis[CASE]:,.0f} taken from the case"] if CASE in by_basis else []
    held = "while no class of work is served worse than today"
    if not summary["service_held"]["held"]:
        held = "but no staffing was found that holds every standard, so this is no answer yet"
    said = [
        f"The target would need {required['target']['mean']:,.0f} FTE in the customer layers and the middle office where today "
        f"needs {required['today']['mean']:,.0f} (and has {required['existing']['mean']:,.0f}), {held}.",
        f"With {', '.join(parts)} it releases {total:,.0f} FTE, of which {summary['posts_releasable']['mean']:,.0f} could be "
        f"posts; {summary['capacity_returned_fte']['mean']:,.0f} are time returned to services.",
    ]
    return said + (_beside_the_case(total, simulated, goals, reach) if goals else [])


def _beside_the_case(
    total: float, simulated: float, goals: Mapping[str, float], reach: Mapping[str, tuple["Reach", ...]]
) -> list[str]:
    low, mid, high = (goals[end] for end in GOALS)
    place = "inside" if low <= total <= high else ("below" if total < low else "above")
    said = [f"The business case counts on {low:,.0f} to {high:,.0f} (middle {mid:,.0f}): this is {place} its range."]
    wanted = [f"{goal:,.0f} would need {simulated + goal - total:,.0f} simulated" for goal in goals.values()]
    said.append(f"With the other parts as they are, {', '.join(wanted)}.")
    for goal, levers in reach.items():
        said.append(f"For {goal} {_levers(levers)}.")
    return said


def _levers(levers: tuple["Reach", ...]) -> str:
    """The levers that alone would do it, in words."""
    if not levers:
        return "no lever alone is enough, however far it goes"
    named = [_lever(lever) for lever in levers[:SHOWN]]
    return f"one of these alone would have to go: {'; '.join(named)}"


def _lever(lever: "Reach") -> str:
    name = lever.lever.replace("_", " ")
    if lever.value is None or lever.target is None:
        return f"{name} {lever.part:.0%} of the way from its target to the most there can be"
    beyond = "" if lever.in_range is None else (", inside its range" if lever.in_range else ", outside its range")
    return f"{name} to {lever.value:.2f} instead of {lever.target:.2f}{beyond}"
