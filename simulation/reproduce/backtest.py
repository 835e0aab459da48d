"""The back-test: what the model would have said in September 2018, with nothing learnt later, beside July 2019.

One history, and a young one: it can contradict the plan, it cannot confirm the model. The published plan is read as the case
prints it, under both readings; the order of 2019 is the same case on the dates that July 2019 tells, so it has learnt the
dates and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from layers.money.years import MONTHS_A_YEAR, month_number
from layers.programme.section import Reading
from layers.published import Published, PublishedTable, read_published
from simulation.case import reduction_path
from simulation.case.reduction import plan_of
from simulation.finance import Asked, Finance, finance_of
from simulation.finance.dates import dates_of
from simulation.finance.flow import Flow
from simulation.scenario import load

PLANS = {"published_plan": "oxfordshire", "order_2019": "order_2019"}
READINGS: tuple[Reading, ...] = ("A", "B")
FROM, QUARTER, YEAR_END, ALL_END = "2019-04", "2019-06", "2020-03", "2023-03"
"""July 2019 looks back on the first quarter of 2019/20, and ahead to the ends of that year and of 2022/23."""
YEARS = ("2019/20", "2020/21", "2021/22", "2022/23")
LINES = {
    "people's time": ("posts", "redesign"),
    "third-party spend": ("third_party", "third_party"),
    "income": ("income", "income"),
}
"""What is saved, the model's line for it, and the name that July 2019 has for it."""
A_YEAR = "£m a year"
Modelled = Mapping[str, Mapping[str, float]]
"""A figure by plan and reading."""


@dataclass(frozen=True)
class Look:
    """One question: what each plan says under each reading, and what July 2019 reports; None where it reports nothing."""

    question: str
    unit: str
    modelled: Modelled
    observed: float | None
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """Plain data; what was not reported is absent."""
        seen = {} if self.observed is None else {"observed": self.observed}
        return {"question": self.question, "unit": self.unit, "modelled": self.modelled, **seen, "note": self.note}


@dataclass(frozen=True)
class Said:
    """One plan under one reading: what it says would happen."""

    reading: Reading
    finance: Finance
    first_go_live: int
    fte_by_quarter: float

    def new(self, until: str, line: str | None = None) -> float:
        """What a line of saving, or all, brings from April 2019 up to and with a month, £m a year as the reading counts."""
        flows = (flow for flow in self.finance.flows if flow.line == line or (line is None and flow.is_money))
        first, last = (month_number(month, self.finance.money.first_year) for month in (FROM, until))
        return float(sum(self._counted(flow)[first : last + 1].sum() for flow in flows)) / 1e6

    def spent(self, until: str) -> float:
        """Spent on implementation up to and with a month, £m."""
        last = month_number(until, self.finance.money.first_year)
        costs = [flow for flow in self.finance.flows if flow.effect == "cost" and flow.in_case]
        return -float(sum(flow.pounds[: last + 1].sum() for flow in costs)) / 1e6

    def _counted(self, flow: Flow) -> np.ndarray:
        """What first goes in each month, £ a year. Reading B counts the rest of the year, and what is left of it next April."""
        if flow.full_year_pounds is None:
            return np.zeros_like(flow.pounds)
        if self.reading == "A":
            return flow.full_year_pounds
        months = np.arange(len(flow.pounds))
        now = flow.full_year_pounds * (1 - months % MONTHS_A_YEAR / MONTHS_A_YEAR)
        later = (flow.full_year_pounds - now).reshape(-1, MONTHS_A_YEAR).sum(axis=1)
        now[MONTHS_A_YEAR::MONTHS_A_YEAR] += later[:-1]
        return now


def back_test(published: Published | None = None) -> tuple[Look, ...]:
    """Every question, in the order of time."""
    table = (read_published() if published is None else published)["progress_2019"]
    said = {plan: {reading: _say(name, reading) for reading in READINGS} for plan, name in PLANS.items()}

    def ask(figure: Callable[[Said], float]) -> Modelled:
        return {plan: {reading: figure(one) for reading, one in of.items()} for plan, of in said.items()}

    return (*_before(ask, table), *_quarter(ask, table), *_ahead(ask, table))


Ask = Callable[[Callable[[Said], float]], Modelled]


def _say(name: str, reading: Reading) -> Said:
    council = load(name).council
    path, plan = reduction_path(council, "mid", reading), plan_of(council, reading)
    finance = finance_of(council, path, Asked("case", "published", reading))
    gone = path[path["month"] <= QUARTER]["reduction_fte"].sum()
    return Said(reading, finance, dates_of(plan)[0].goes_live, float(gone))


def _before(ask: Ask, table: PublishedTable) -> list[Look]:
    """Up to the summer of 2019: what had been saved before the plan began, what was spent, what was live."""
    delivered = table["said.2018/19_delivered"].value
    agreed = f"{100 * delivered / table['said.2018/19_target'].value:.0f}% of £4.9m, agreed before the case and no part of it."
    committed = (
        f"£{table['spend.committed'].value:.1f}m with what was committed. Spending began two months late, and slowly."
    )
    finance = "Finance was to be first, in November 2019 at the earliest."
    nothing = ask(lambda one: float(one.finance.benefit_by_year[0]) / 1e6)
    return [
        Look("Saved in 2018/19", A_YEAR, nothing, delivered, agreed),
        Look(
            "Spent on implementation by June 2019",
            "£m",
            ask(lambda one: one.spent(QUARTER)),
            table["spend.to_date"].value,
            committed,
        ),
        Look(
            "First go-live after April 2019", "months", ask(lambda one: one.first_go_live - MONTHS_A_YEAR), 7.0, finance
        ),
    ]


def _quarter(ask: Ask, table: PublishedTable) -> list[Look]:
    """The first quarter of 2019/20: what was to have gone, what had."""
    none = "No structure was in place yet; no number is reported."
    looks = [Look("Posts gone by June 2019", "FTE", ask(lambda one: one.fte_by_quarter), None, none)]
    for what, (line, stream) in LINES.items():
        brought = ask(lambda one, line=line: one.new(QUARTER, line))  # type: ignore[misc]
        looks.append(
            Look(f"Delivered by June 2019: {what}", A_YEAR, brought, table[f"year.{stream}.delivered.2019/20"].value)
        )
    share = ask(lambda one: 100 * one.new(QUARTER) / one.new(YEAR_END))
    chance = "Reading A comes near by chance: all that was delivered is third-party spend, and it counts on other things too."
    return [
        *looks,
        Look("Delivered by June 2019, of the year", "percent", share, table["said.achieved_percent"].value, chance),
    ]


def _ahead(ask: Ask, table: PublishedTable) -> list[Look]:
    """What was still expected of the year and of all years: the total held, what it is made of did not."""
    looks = []
    for span, until, years in (("2019/20", YEAR_END, YEARS[:1]), ("2019/20 to 2022/23", ALL_END, YEARS)):
        for what, (line, stream) in LINES.items():
            expected = ask(lambda one, line=line, until=until: one.new(until, line))  # type: ignore[misc]
            looks.append(Look(f"Expected of {span}: {what}", A_YEAR, expected, _target(table, stream, years)))
        total = ask(lambda one, until=until: one.new(until))  # type: ignore[misc]
        looks.append(Look(f"Expected of {span}: all", A_YEAR, total, _target(table, "total", years)))
    return looks


def _target(table: PublishedTable, stream: str, years: Sequence[str]) -> float:
    """The original targets that July 2019 prints, £m."""
    return sum(table[f"{'year' if year == '2019/20' else 'later'}.{stream}.target.{year}"].value for year in years)
