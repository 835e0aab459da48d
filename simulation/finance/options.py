"""The three options of Cabinet, as what they leave of savings and costs."""

from collections.abc import Iterable

from layers.money import Money
from simulation.finance.flow import Flow


def of_option(money: Money, savings: Iterable[Flow], costs: Iterable[Flow]) -> tuple[Flow, ...]:
    """The flows of the option taken: all, savings up to a limit, or nothing.

    Option 2 stops at the savings of the existing plan. Its one-off costs shrink only as far as `costs_that_follow` says: the
    paper holds that the enabling investment is needed for the first savings already.
    """
    if not money.chosen.programme:
        return ()
    savings, limit = tuple(savings), money.chosen.saves_at_most
    saved = full_year(savings)
    kept = 1.0 if limit is None or saved <= limit.value else limit.value / saved
    follow = money.chosen.costs_that_follow
    left = 1.0 if follow is None else 1.0 - follow.value * (1.0 - kept)
    return (
        *(flow.times(kept) for flow in savings),
        *(flow.times(left if flow.nature == "one_off" else 1.0) for flow in costs),
    )


def full_year(flows: Iterable[Flow]) -> float:
    """What savings that are money come to in a full year once all have come, £ a year."""
    return float(sum(f.full_year_pounds.sum() for f in flows if f.is_money and f.full_year_pounds is not None))
