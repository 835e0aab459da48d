"""A scenario's plan for people to read: each release with its dates, and what the plan breaks."""

from collections.abc import Iterator
from dataclasses import dataclass

from layers.programme.breaches import Breach, soft_breaches
from layers.programme.plan import Plan
from layers.programme.section import NOT_PLANNED
from simulation.scenario import Scenario


@dataclass(frozen=True)
class ReleaseRow:
    """One release: months as `2019-04`, the financial year whose budget can first hold its saving, its parts by label.

    Dates are None, and absent in JSON, where the release is not delivered.
    """

    release: str
    label: str
    parts: tuple[str, ...]
    sign_off: str | None = None
    construct_from: str | None = None
    go_live: str | None = None
    budget: str | None = None


def plan_of(scenario: Scenario) -> Plan | None:
    """The scenario's plan on its calendar; None where it has none."""
    programme = scenario.council.programme
    return None if programme is None else Plan(programme, scenario.calendar)


def release_rows(plan: Plan) -> list[ReleaseRow]:
    """Every release by go-live, then those not delivered, then the parts that are in none."""
    rows = [_delivered(plan, name) for name in plan.delivered]
    rest = [name for name in plan.programme.releases if name not in plan.delivered]
    rows += [ReleaseRow(name, plan.programme.releases[name].label, parts_in(plan, name)) for name in rest]
    left = parts_in(plan, NOT_PLANNED)
    return [*rows, ReleaseRow(NOT_PLANNED, "In no release", left)] if left else rows


def breaches_of(plan: Plan) -> list[Breach]:
    """The plan's soft breaches, worst first."""
    return sorted(soft_breaches(plan), key=lambda breach: -breach.score)


def parts_in(plan: Plan, release: str) -> tuple[str, ...]:
    """The labels of a release's parts."""
    return tuple(part.label for part in plan.programme.parts.values() if part.release == release)


def in_words(plan: Plan) -> Iterator[str]:
    """The plan for those who do not see its picture."""
    for row in release_rows(plan):
        parts = ", ".join(row.parts)
        if row.go_live is None:
            yield f"{row.label}: not delivered ({parts})."
        else:
            yield f"{row.label}: construct from {row.construct_from}, live {row.go_live} ({parts})."
    for breach in breaches_of(plan):
        yield breach_in_words(plan, breach)


def breach_in_words(plan: Plan, breach: Breach) -> str:
    """One breach as a sentence."""
    before, after = label(plan, breach.before), label(plan, breach.after)
    who = (
        f"{after} before {before}"
        if before
        else after or breach.edge.removeprefix("limits.").replace("_", " ").capitalize()
    )
    return f"{who}, {breach.months} month{'s' if breach.months != 1 else ''}: {breach.reason} (score {breach.score:g})."


def label(plan: Plan, node: str) -> str:
    """What a part, a milestone or a release is called; "" for nothing."""
    programme = plan.programme
    named = programme.parts.get(node) or programme.milestones.get(node) or programme.releases.get(node)
    return named.label if named else node


def _delivered(plan: Plan, name: str) -> ReleaseRow:
    said, construct = plan.calendar.label, plan.construct(name)
    return ReleaseRow(
        release=name,
        label=plan.programme.releases[name].label,
        parts=parts_in(plan, name),
        sign_off=said(plan.sign_off(name)),
        construct_from=said(construct.start),
        go_live=said(construct.stop),
        budget=plan.calendar.financial_year(plan.base_month(name)),
    )
