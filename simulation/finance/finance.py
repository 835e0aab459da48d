"""The money of one plan: flows from a path of posts, then the table and the figures that come of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from layers.calendar import Calendar
from layers.money import Money
from layers.money.years import MONTHS_A_YEAR, month_after, month_number
from layers.problems import InputError, Problem
from layers.programme.plan import Plan
from layers.programme.section import Programme
from simulation.council import Council
from simulation.finance.appraisal import Payback, cost_of_delay, net_by_year, net_present_value, payback
from simulation.finance.asked import Asked
from simulation.finance.bands import band_flows
from simulation.finance.costs import cost_flows
from simulation.finance.cover import Cover, cover
from simulation.finance.dates import ReleaseDates, dates_of
from simulation.finance.flow import Flow, by_year, total
from simulation.finance.options import of_option
from simulation.finance.people import people_flows
from simulation.finance.posts import post_flows
from simulation.finance.table import finance_table


@dataclass(frozen=True)
class Finance:
    """The money of one plan. `later` are the flows of the same plan a month later."""

    money: Money
    asked: Asked
    flows: tuple[Flow, ...]
    later: tuple[Flow, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The `finance` table, without the columns that say which result it belongs to."""
        return finance_table(self.flows, self.money)

    @property
    def net_by_year(self) -> np.ndarray:
        """Saved less spent, £ by year of the appraisal."""
        return net_by_year(self.flows, self.money)

    @property
    def benefit_by_year(self) -> np.ndarray:
        """Saved, £ by year of the appraisal: what the year's accounts feel."""
        return self._sum(lambda flow: flow.effect != "cost")

    @property
    def cost_by_year(self) -> np.ndarray:
        """Spent, £ by year of the appraisal, above 0."""
        return -self._sum(lambda flow: flow.effect == "cost")

    @property
    def implementation_pounds(self) -> float:
        """Spent on what the case counts as implementation: £17.9m for the published plan."""
        return float(-self._sum(lambda flow: flow.effect == "cost" and flow.in_case).sum())

    @property
    def payback(self) -> Payback:
        """When savings have made good the spending."""
        return payback(self.flows, self.money)

    @property
    def cover(self) -> Cover | None:
        """Cover of the existing plan's need."""
        return cover(self.flows, self.money)

    @property
    def delay_pounds(self) -> float:
        """What a month of delay costs, £ of year 0."""
        return cost_of_delay(self.flows, self.later, self.money)

    def net_present_value(self, years: int | None = None, people: bool = True) -> float:
        """£ of year 0 over so many years (the whole appraisal), with or without what people cost who leave."""
        flows = [flow for flow in self.flows if people or flow.basis != "people"]
        return net_present_value(flows, self.money, years or self.money.appraisal_years)

    def asked_of(self, fund: str) -> float:
        """What a fund pays over the appraisal, £; savings are not set against it."""
        return float(-self._sum(lambda flow: flow.effect == "cost" and flow.fund == fund).sum())

    @property
    def has_people(self) -> bool:
        """Whether the costs of people who leave or change are in it."""
        return any(flow.basis == "people" for flow in self.flows)

    def _sum(self, wanted: Callable[[Flow], bool]) -> np.ndarray:
        return by_year(total(filter(wanted, self.flows), self.money.appraisal_years * MONTHS_A_YEAR))


def finance_of(council: Council, path: pd.DataFrame, asked: Asked, people: pd.DataFrame | None = None) -> Finance:
    """The money of a council's plan for a path of posts; `people` as `people_flows` takes them, left out where unknown.

    Raises InputError where the council has no `money`, or no `programme` for an option that builds one, and for whatever
    `post_flows` refuses.
    """
    money, programme = _sections(council)
    dates = () if programme is None else dates_of(Plan(programme, Calendar.of(council.calendar)))
    leaving = people_flows(people, money)
    now = _flows(council, money, path, asked, dates)
    later = _flows(council, money, _later(path, money), asked, [release.later(1) for release in dates])
    return Finance(money, asked, (*now, *leaving), (*later, *leaving))


def _flows(
    council: Council, money: Money, path: pd.DataFrame, asked: Asked, dates: Sequence[ReleaseDates]
) -> tuple[Flow, ...]:
    posts = post_flows(path, asked, council, money, dates)
    bands = band_flows(money, asked.level, asked.reading)
    return of_option(money, (*posts, *bands), cost_flows(money, dates))


def _later(path: pd.DataFrame, money: Money) -> pd.DataFrame:
    """The same path a month later."""
    months = [month_after(money.first_year, month_number(month, money.first_year) + 1) for month in path["month"]]
    return path.assign(month=months)


def _sections(council: Council) -> tuple[Money, Programme | None]:
    problems = []
    if council.money is None:
        problems.append(Problem("", None, "money", "is needed for the money of a plan", "a section of the scenario"))
    elif council.programme is None and council.money.chosen.programme:
        said = f"is needed: option {council.money.option!r} builds a programme"
        problems.append(Problem("", None, "programme", said, "parts and releases, or an option without a programme"))
    if problems or council.money is None:
        raise InputError(problems)
    return council.money, council.programme
