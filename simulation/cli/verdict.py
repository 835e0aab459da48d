"""The verdict: what the run says, in a sentence a councillor understands, beside what the business case counts on.

With `case` and `money` the only places where a run's result and the published outcomes meet; nothing simulated depends on them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.scenario import Scenario

ENDS = ("low", "mid", "high")
Summary = dict[str, Any]


def with_verdict(summary: Summary, scenario: "Scenario") -> Summary:
    """The summary with its verdict, and with the case's own figures where the council is the one the case is about."""
    if scenario.council.compared_with is None:
        return {**summary, "verdict": {"sentence": _released(summary)}}
    from layers.published import read_published

    totals, front = read_published()["totals"], read_published()["front_office"]
    case = {end: totals[f"released_fte.{end}"].value for end in ENDS}
    delivery = {end: totals[f"service_delivery_fte.{end}"].value for end in ENDS}
    customer = {
        "low": front["front_and_middle_fte.low"].value,
        "mid": totals["customer_layers_fte.mid"].value,
        "high": front["front_and_middle_fte.high"].value,
    }
    sentence = " ".join((_released(summary), _beside_the_case(summary, case, customer, delivery)))
    shown = {"total": case, "customer_and_middle_office": customer, "service_delivery": delivery}
    return {**summary, "case_fte": case, "case_by_part_fte": shown, "verdict": {"sentence": sentence}}


def _released(summary: Summary) -> str:
    """What is simulated: effort today, in the target, and the difference."""
    counted = summary["effort_released_by_layer"]
    today = sum(summary["effort_fte"]["today"].get(layer, {"mean": 0.0})["mean"] for layer in counted)
    released = summary["effort_released_fte"]["mean"]
    if released == 0:
        return (
            f"The target is today's operating model: it needs the same {today:,.0f} FTE of effort and releases nothing."
        )
    share = released / today if today else 0.0
    verb = "less" if released > 0 else "more"
    return (
        f"To serve the same contacts, the customer layers and the middle office would need {today - released:,.0f} FTE of "
        f"effort instead of {today:,.0f}: {abs(released):,.0f} FTE {verb} ({abs(share):.0%})."
    )


def _beside_the_case(
    summary: Summary, case: Mapping[str, float], customer: Mapping[str, float], delivery: Mapping[str, float]
) -> str:
    """The same beside the business case, each part by where it comes from."""
    released = summary["effort_released_fte"]["mean"]
    if released == 0:
        return f"The business case counts on {case['low']:,.0f} to {case['high']:,.0f} FTE in all."
    sized = {end: sum(layer[end] for layer in summary["sized_fte"].values()) for end in ENDS}
    total = {end: released + sized[end] + delivery[end] for end in ENDS}
    return (
        f"The business case counts on {customer['mid']:,.0f} there ({customer['low']:,.0f} to {customer['high']:,.0f}). "
        f"With {sized['low']:,.0f} to {sized['high']:,.0f} FTE that benchmarks give for the back office and "
        f"{delivery['low']:,.0f} to {delivery['high']:,.0f} FTE that the case itself assumes in service delivery, "
        f"that makes {total['low']:,.0f} to {total['high']:,.0f} FTE: {_place(total, case)}. "
        "This is effort, not posts: how many whole posts can go while nobody is served worse is a further question, "
        "and fewer can."
    )


def _place(total: Mapping[str, float], case: Mapping[str, float]) -> str:
    """Where a range lies against the case's range."""
    wanted = f"the {case['low']:,.0f} to {case['high']:,.0f} of the case"
    if total["high"] < case["low"]:
        return f"below {wanted}"
    if total["low"] > case["high"]:
        return f"above {wanted}"
    if total["low"] < case["low"]:
        middle = "reaches" if total["mid"] >= case["low"] else "does not reach"
        return f"partly below {wanted} (the middle, {total['mid']:,.0f}, {middle} its low end)"
    return f"inside {wanted}" if total["high"] <= case["high"] else f"partly above {wanted}"
