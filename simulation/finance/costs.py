"""What is spent, month by month: each line of cost on the dates of the releases that are delivered."""

from collections.abc import Iterator, Sequence

import numpy as np

from layers.money import Money
from layers.money.costs import CostLine
from layers.money.years import MONTHS_A_YEAR, year_number
from simulation.finance.dates import ReleaseDates, programme_months
from simulation.finance.flow import ALL, Flow

CONTINGENCY = "contingency"


def cost_flows(money: Money, dates: Sequence[ReleaseDates]) -> tuple[Flow, ...]:
    """Every line of cost as a flow, by release where it moves with one. None at all for an option without a programme."""
    if not money.chosen.programme:
        return ()
    flows = [flow for name, line in money.lines.items() for flow in _line(money, name, line, dates)]
    return (*flows, *_contingency(money, flows))


def _line(money: Money, name: str, line: CostLine, dates: Sequence[ReleaseDates]) -> Iterator[Flow]:
    """A line as one flow, or one for each release."""
    if line.driver in ("fixed", "recurring"):
        yield _flow(name, line, ALL, line.pounds.value * _in_years(money, line))
        return
    for release in dates:
        yield _flow(name, line, release.release, _share(line, dates) * _around(money, line, release))


def _flow(name: str, line: CostLine, release: str, pounds: np.ndarray) -> Flow:
    return Flow(
        line=name,
        effect="cost",
        nature="one_off" if line.one_off else "recurring",
        basis="assumption",
        pounds=-pounds,
        fund=line.fund,
        release=release,
        rises_with=line.rises_with,
        in_case=line.in_case,
    )


def _share(line: CostLine, dates: Sequence[ReleaseDates]) -> float:
    """What one release pays of a line, £: its own price, or its part of the months that the programme takes."""
    covers = line.covers or 1
    if line.driver == "per_release":
        return line.pounds.value / covers
    return line.pounds.value / covers * programme_months(dates) / len(dates)


def _in_years(money: Money, line: CostLine) -> np.ndarray:
    """Weights by month of a line that keeps its years: adding to 1, or, recurring, to 1 in each year from its first."""
    months = np.zeros(money.appraisal_years * MONTHS_A_YEAR)
    if line.from_year is not None:
        months[year_number(line.from_year, money.first_year) * MONTHS_A_YEAR :] = 1 / MONTHS_A_YEAR
        return months
    weights = line.by_year or {}
    for year, weight in weights.items():
        start = year_number(year, money.first_year) * MONTHS_A_YEAR
        months[start : start + MONTHS_A_YEAR] = weight / sum(weights.values()) / MONTHS_A_YEAR
    return months


def _around(money: Money, line: CostLine, release: ReleaseDates) -> np.ndarray:
    """Weights by month of a line that moves with a release, adding to 1: its construction, or the years after go-live.

    What would be spent before year 0 is spent in its first month, what would be spent after the appraisal in its last, so
    that no pound is lost.
    """
    weights = line.after_go_live
    if weights is None:
        spent = np.full(release.construct_months, 1 / release.construct_months)
        first = release.constructed_from
    else:
        spent = np.repeat(np.array(weights) / sum(weights) / MONTHS_A_YEAR, MONTHS_A_YEAR)
        first = release.goes_live
    months = np.zeros(money.appraisal_years * MONTHS_A_YEAR)
    places = np.clip(first + np.arange(len(spent)), 0, len(months) - 1)
    np.add.at(months, places, spent)
    return months


def _contingency(money: Money, flows: Sequence[Flow]) -> Iterator[Flow]:
    """A line of its own on one-off costs, by the fund that pays them; none where there is no contingency."""
    share = money.contingency.value
    if share == 0:
        return
    for fund in dict.fromkeys(flow.fund for flow in flows):
        covered = [flow.pounds for flow in flows if flow.fund == fund and flow.nature == "one_off"]
        if covered:
            pounds = share * np.sum(covered, axis=0)
            yield Flow(CONTINGENCY, "cost", "one_off", "assumption", pounds, fund=fund, in_case=False)
