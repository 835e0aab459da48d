"""The summary's keys about money, over replications of one plan, or over the one path of the case, which has no chance in it."""

from collections.abc import Callable, Sequence
from typing import Any

from simulation.finance.appraisal import FEW_YEARS, Payback
from simulation.finance.cover import Cover
from simulation.finance.finance import Finance
from simulation.precision import distribution


def finance_summary(found: Sequence[Finance]) -> dict[str, Any]:
    """Pounds by year, present values, payback, delay, funds and cover, £; what cannot be said is absent.

    `found`: one plan's money by replication, at least one, all of the same council.
    """
    years, first = found[0].money.years, found[0]

    def spread(figure: Callable[[Finance], float]) -> dict[str, Any]:
        return distribution([figure(one) for one in found])

    values = {
        "five_years": spread(lambda one: one.net_present_value(FEW_YEARS)),
        f"{first.money.appraisal_years}_years": spread(lambda one: one.net_present_value()),
    }
    if first.has_people:
        values["without_people"] = spread(lambda one: one.net_present_value(people=False))
    return {
        "money_is": {"posts": first.asked.posts, "reading": first.asked.reading, "price_set": first.asked.prices},
        "benefit_pounds": {y: spread(lambda one, n=n: float(one.benefit_by_year[n])) for n, y in enumerate(years)},  # type: ignore[misc]
        "cost_pounds": {y: spread(lambda one, n=n: float(one.cost_by_year[n])) for n, y in enumerate(years)},  # type: ignore[misc]
        "implementation_pounds": spread(lambda one: one.implementation_pounds),
        "net_present_value_pounds": spread(lambda one: one.net_present_value()),
        "net_present_value_by_span": values,
        "payback": _payback([one.payback for one in found]),
        "delay_pounds_per_month": spread(lambda one: one.delay_pounds),
        "funds": {name: _fund(first, name, spread) for name in first.money.funds},
        **_need([one.cover for one in found]),
    }


def _payback(found: Sequence[Payback]) -> dict[str, Any]:
    """Reached where it is in every replication, then in the month by which half of them have."""
    months = sorted(one.month for one in found if one.month is not None)
    if len(months) < len(found):
        return {"reached": False}
    return {"reached": True, "month": months[(len(months) - 1) // 2]}


def _fund(first: Finance, name: str, spread: Callable[[Callable[[Finance], float]], dict[str, Any]]) -> dict[str, Any]:
    """What a fund is asked for, and what it has, where that is known."""
    available = first.money.funds[name].available
    has = {} if available is None else {"available_pounds": available.value}
    return {**has, "asked_pounds": spread(lambda one: one.asked_of(name))}


def _need(found: Sequence[Cover | None]) -> dict[str, Any]:
    """Cover of the existing plan's need; nothing for a council that has stated none."""
    covers = [one for one in found if one is not None]
    if not covers:
        return {}
    reached = sorted(one.reached_in for one in covers if one.reached_in is not None)
    by_year = {
        year.financial_year: {
            "needed_pounds": year.needed_pounds,
            "in_base_pounds": distribution([one.by_year[n].in_base_pounds for one in covers]),
            "saved_pounds": distribution([one.by_year[n].saved_pounds for one in covers]),
        }
        for n, year in enumerate(covers[0].by_year)
    }
    said = {
        "needed_pounds": covers[0].needed_pounds,
        "full_year_pounds": distribution([one.full_year_pounds for one in covers]),
        "to_find_pounds": distribution([one.to_find_pounds for one in covers]),
        "above_pounds": distribution([one.above_pounds for one in covers]),
        "by_year": by_year,
    }
    return {"need": said | ({"reached_in": reached[-1]} if len(reached) == len(covers) else {})}
