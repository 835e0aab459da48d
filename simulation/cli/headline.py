"""The headline of a run, from its summary alone: effort by layer, the levers in brief, the verdict.

What a summary lacks is left out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from simulation.cli.money import money_by_year
from simulation.cli.output import Align, table
from simulation.cli.transition import transition
from simulation.cli.words import LAYERS, fte, mean, words

Summary = Mapping[str, Any]


def headline(summary: Summary) -> str:
    """The text that ends a run: two tables, what callers feel, the verdict and the period it speaks of."""
    parts = (
        capacity_table(summary),
        effort_table(summary) if "released_fte" not in summary else "",
        lever_table(summary),
        transition(summary),
        money_by_year(summary),
        calls(summary),
        verdict(summary),
        " ".join(filter(None, (str(summary.get("period", "")), precision(summary)))),
    )
    return "\n\n".join(part for part in parts if part)


def capacity_table(summary: Summary) -> str:
    """FTE by layer: existing, needed today, needed in the target, released, of which posts; and where each comes from."""
    released = summary.get("released_fte")
    if released is None:
        return ""
    rows = []
    for layer, value in released["by_layer"].items():
        needs = summary["required_by_layer"].get(layer, {})
        cells = [fte(needs.get(key)) for key in ("existing", "today", "target")]
        rows.append([words(layer), value["basis"], *cells, fte(value), fte(summary["posts_by_layer"][layer])])
    needs = summary["required_fte"]
    simulated = released["by_basis"].get("simulated")
    sums = [fte(needs[key]) for key in ("existing", "today", "target")]
    rows.append(["Simulated layers", "", *sums, fte(simulated) + _range(simulated), ""])
    rows.append(["All", "", "", "", "", fte(released["total"]), fte(summary["posts_releasable"])])
    align: tuple[Align, ...] = ("left", "left", "right", "right", "right", "right", "right")
    headings = ("Layer", "Basis", "Existing", "Needed today", "Needed in target", "Released", "Posts")
    return table(headings, rows, align, title="Capacity at no worse service, FTE")


def effort_table(summary: Summary) -> str:
    """Effort FTE by layer: today, in the target, released; with the confidence interval where runs were repeated."""
    effort = summary.get("effort_fte", {})
    today, target = effort.get("today", {}), effort.get("target", {})
    layers = [layer for layer in _in_order([*today, *target]) if layer in today and layer in target]
    if not layers:
        return ""
    counted = [layer for layer in layers if layer in summary.get("effort_released_by_layer", layers)]
    rows = [_effort_row(layer, mean(today[layer]), mean(target[layer])) for layer in counted]
    rows.append(_total_row(summary, [today[layer] for layer in counted], [target[layer] for layer in counted]))
    rows += [_apart_row(layer, mean(today[layer]), mean(target[layer])) for layer in layers if layer not in counted]
    align: tuple[Align, ...] = ("left", "right", "right", "right")
    return table(("Layer", "Today", "Target", "Released"), rows, align, title="Effort, FTE")


def lever_table(summary: Summary) -> str:
    """What each lever releases alone and when it is the last to be taken out, FTE."""
    levers = {name: entry for name, entry in summary.get("effort_ledger", {}).items() if _measures(entry)}
    if not levers:
        return ""
    rows = [[words(name), *(fte(entry.get(key)) for key in LEDGER)] for name, entry in levers.items()]
    rest = summary["effort_ledger"].get("interaction", {}).get("released_fte")
    if rest is not None:
        rows.append(["Interaction: all together less each alone", fte(rest), ""])
    closing = summary.get("ledger", {})
    for bar, words_of in CLOSING.items():
        if bar in closing:
            rows.append([words_of, fte(closing[bar]["fte"]), ""])
    if closing:
        rows.append(["All", fte(summary["released_fte"]["total"]), ""])
    elif rest is not None:
        rows.append(["All", fte(summary.get("effort_released_fte")), ""])
    align: tuple[Align, ...] = ("left", "right", "right")
    return table(("Lever", *LEDGER.values()), rows, align, title="Released by lever, FTE of effort alone and last out")


CLOSING = {
    "queueing_and_pooling": "Queueing and pooling: capacity less effort",
    "sized": "Back office, sized by benchmarks",
    "case": "Service delivery, taken from the case",
}
LEDGER = {"alone_fte": "Alone", "last_out_fte": "Last out"}


def calls(summary: Summary) -> str:
    """What callers feel: the share that gives up waiting, today and in the target before anybody leaves."""
    shares = [summary.get("calls", {}).get(model, {}).get("abandoned_share") for model in ("today", "target")]
    if None in shares or not summary["calls"]["today"]["offered"]:
        return ""
    said = (
        f"Callers who give up waiting: {shares[0]:.1%} today, {shares[1]:.1%} in the target with today's people in its "
        "teams (nobody has left yet)."
    )
    busy = summary.get("occupancy", {})
    if "today" in busy and "target" in busy:
        said += (
            f" With no more people than needed they would be at work {busy['target']:.0%} of their time on duty, "
            f"{busy['today']:.0%} today."
        )
    return said


def precision(summary: Summary) -> str:
    """How sure the effort released is by chance alone, and what it helps that all models meet the same contacts."""
    found = summary.get("precision", {})
    if not found.get("relative_half_width"):
        return ""
    said = f"By chance alone the effort released is sure within {found['relative_half_width']:.1%}"
    if found.get("variance_reduction", 0.0) <= 0:
        return said + "."
    return said + (
        f"; common random numbers (the same contacts in every model) take {found['variance_reduction']:.0%} off its variance."
    )


def verdict(summary: Summary) -> str:
    """The sentence a councillor understands."""
    return str(summary.get("verdict", {}).get("sentence", ""))


def _effort_row(layer: str, today: float, target: float) -> list[str]:
    """One layer."""
    return [words(layer), fte(today), fte(target), fte(today - target)]


def _apart_row(layer: str, today: float, target: float) -> list[str]:
    """A layer that is simulated and does not count: no lever touches delivery work."""
    return [f"{words(layer)} (not counted)", fte(today), fte(target), ""]


def _total_row(summary: Summary, today: list[Any], target: list[Any]) -> list[str]:
    """All layers that count, with the range of what is released."""
    totals = sum(map(mean, today)), sum(map(mean, target))
    released = summary.get("effort_released_fte", totals[0] - totals[1])
    return ["All", fte(totals[0]), fte(totals[1]), fte(released) + _range(released)]


def _range(value: Any) -> str:
    """The 95% confidence interval of the mean (chance only), where there was more than one run."""
    if not isinstance(value, Mapping) or "ci95" not in value:
        return ""
    low, high = value["ci95"]
    return f" (95%: {fte(low)} to {fte(high)})"


def _measures(entry: Any) -> bool:
    """Whether a ledger entry has anything this table shows."""
    return isinstance(entry, Mapping) and any(key in entry for key in LEDGER)


def _in_order(layers: Iterable[str]) -> list[str]:
    """The council's layers from the front door inwards, then any others by name."""
    found = set(layers)
    return [layer for layer in LAYERS if layer in found] + sorted(found - set(LAYERS))
