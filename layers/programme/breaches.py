"""What a plan breaks that it may break: soft precedence and the council's own calendar, listed and scored.

A hard edge that is broken makes a plan impossible: `layers.programme.checks` refuses it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from layers.assumption import Assumption
from layers.programme.plan import Plan
from layers.programme.section import HORIZON_MONTHS, Edge

BUDGET_REASON = "A saving approved after the budget Council enters the next year's base"
BUDGET_SOURCE = "Cabinet report 18 Sept 2018, paras 77, 82 and 83"
LIMIT_REASON = "More change at once than the limit"


@dataclass(frozen=True)
class Breach:
    """One thing broken: by which edge or rule, between what, for how many months, why that matters, and its score.

    The score is months times the edge's weight; of a limit, the excess summed over its months.
    """

    edge: str
    before: str
    after: str
    months: int
    reason: str
    source: str
    score: float


def soft_breaches(plan: Plan) -> list[Breach]:
    """Every soft breach of a plan, in the order of its section: edges, months to leave alone, budget, limits."""
    return [*_edges(plan), *_no_go(plan), *_budget(plan), *_limits(plan)]


def moment(plan: Plan, node: str) -> int | None:
    """The month of a part's go-live or of a milestone; None for a part that is not delivered."""
    if node in plan.programme.parts:
        return plan.part_go_live(node)
    return plan.calendar.month_number(plan.programme.milestones[node].month)


def broken_pairs(plan: Plan, edge: Edge) -> Iterator[tuple[str, str, int]]:
    """The pairs of an edge that are the wrong way round, with the months between them (to the end if one never comes)."""
    for after in edge.after:
        then = moment(plan, after)
        for before in edge.before:
            first = moment(plan, before)
            months = (HORIZON_MONTHS if first is None else first) - (HORIZON_MONTHS if then is None else then)
            if months > 0:
                yield before, after, months


def _edges(plan: Plan) -> Iterator[Breach]:
    for name, edge in plan.programme.edges.items():
        if edge.kind == "soft":
            for before, after, months in broken_pairs(plan, edge):
                yield Breach(name, before, after, months, edge.reason, edge.source, months * edge.weight.value)


def _no_go(plan: Plan) -> Iterator[Breach]:
    """Parts that go live in a month to be left alone; the months are those until the next that is free."""
    for name, rule in plan.programme.calendar.no_go.items():
        for part, chosen in plan.programme.parts.items():
            start = plan.part_go_live(part)
            if start is None or not set(chosen.areas) & set(rule.areas):
                continue
            months = 0
            while months < 12 and plan.calendar.month_of_year(start + months) in rule.months:
                months += 1
            if months:
                yield Breach(f"no_go.{name}", "", part, months, rule.reason, rule.source, float(months))


def _budget(plan: Plan) -> Iterator[Breach]:
    """Releases whose saving begins before the first budget that can hold it."""
    for release in plan.delivered:
        months = plan.base_month(release) - plan.release_months[release]
        if months > 0:
            yield Breach("budget", "", release, months, BUDGET_REASON, BUDGET_SOURCE, float(months))


def _limits(plan: Plan) -> Iterator[Breach]:
    limits = plan.programme.calendar.limits
    consulting = ceil(plan.programme.calendar.consultation_months.value)
    starts = {name: plan.release_months[name] for name in plan.delivered}
    lengths = {part: len(plan.construct(plan.programme.parts[part].release)) for part in plan.delivered_parts}
    parts = {part: range(start - lengths[part], start) for part, start in plan.delivered_parts.items()}
    yield from _over("releases_under_construction", limits.releases_under_construction, map(plan.construct, starts))
    yield from _over("parts_under_construction", limits.parts_under_construction, parts.values())
    yield from _over(
        "consultations_open", limits.consultations_open, (range(m - consulting, m) for m in starts.values())
    )


def _over(name: str, limit: Assumption | None, spans: Iterable[range]) -> Iterator[Breach]:
    """The breach of one limit, if there is one: how many months, and by how much in all of them."""
    if limit is None:
        return
    at_once = Counter(month for span in spans for month in span)
    excess = [count - limit.value for count in at_once.values() if count > limit.value]
    if excess:
        yield Breach(f"limits.{name}", "", "", len(excess), LIMIT_REASON, limit.source or "", sum(excess))
