"""Money in `tom run`: the finance table and its summary keys, of simulated posts and of the case's own, and the table that a
person reads.

With `case` and `verdict` the only places where a run meets the published outcomes: the path of the case's posts comes from
them, and nothing simulated depends on it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulation.cli.output import Align, table

if TYPE_CHECKING:
    from pandas import DataFrame

    from layers.programme.section import Reading
    from simulation.experiment import Outcome
    from simulation.finance import Finance
    from simulation.scenario import Scenario

HEADINGS = ("£m", "Saved", "Spent", "Net", "Running sum", "In the base", "Needed by then")
ALIGN: tuple[Align, ...] = ("left", "right", "right", "right", "right", "right", "right")
YEARS_SHOWN = 6
"""The plan's five years and the first after it; from then on little changes."""


def with_money(outcome: "Outcome", scenario: "Scenario", case: Mapping["Reading", "Finance"]) -> "Outcome":
    """The outcome with money: of the simulated posts, where there is a plan and a search, and of the case's own posts in every
    reading of its profile (`case`, from `case_money`). As it is where the council has none.

    The summary's keys are those of the simulated posts, and the case's are under `case_money`; without simulated posts they are
    the case's. Both say so.
    """
    simulated = simulated_money(outcome, scenario)
    if not case and not simulated:
        return outcome
    from simulation.cli.releases import releases_table
    from simulation.finance import finance_summary

    rows = _rows(case, simulated, scenario.name)
    tables = {**outcome.tables, "finance": rows}
    if scenario.council.programme is not None:
        tables["releases"] = releases_table(rows, outcome.tables.get("transition"), scenario)
    programme = scenario.council.programme
    own = [case[programme.reading if programme is not None else "A"]] if case else []
    summary = finance_summary(list(simulated.values()) or own)
    if simulated and own:
        summary["case_money"] = finance_summary(own)
    return replace(outcome, tables=tables, summary={**outcome.summary, **summary})


def simulated_money(outcome: "Outcome", scenario: "Scenario") -> dict[int, "Finance"]:
    """The money of the posts that the simulated plan releases, by replication; none without money, a plan or a search."""
    council, tables = scenario.council, outcome.tables
    if council.money is None or council.programme is None or not {"transition", "capacity"} <= set(tables):
        return {}
    from simulation.finance import Asked, finance_of
    from simulation.plan.tables import by_effect, reductions

    path = by_effect(reductions(tables["transition"]), tables["capacity"])
    asked = Asked("simulated", "existing", council.programme.reading, council.programme.case_level)
    replications = sorted(tables["transition"]["replication"].unique())
    return {int(r): finance_of(council, path[path["replication"] == r], asked) for r in replications}


def _rows(case: Mapping["Reading", "Finance"], simulated: Mapping[int, "Finance"], scenario: str) -> "DataFrame":
    """The `finance` table: the case's rows stand in the first replication alone, for there is no chance in them."""
    import pandas as pd

    frames = [finance_rows(case, scenario)] if case else []
    frames += [finance_rows({one.asked.reading: one}, scenario, r) for r, one in simulated.items()]
    return pd.concat(frames, ignore_index=True)


def case_money(scenario: "Scenario") -> dict["Reading", "Finance"]:
    """The money of the case's own posts on the scenario's plan, by reading; none without money, plan or case."""
    council = scenario.council
    if council.money is None or council.compared_with is None:
        return {}
    import pandas as pd

    from simulation.case import reduction_path
    from simulation.case.reduction import COLUMNS
    from simulation.finance import Asked, finance_of

    if council.programme is None:
        if council.money.chosen.programme:
            return {}
        return {"A": finance_of(council, pd.DataFrame(columns=COLUMNS), Asked("case", "published", "A"))}
    level = council.programme.case_level
    readings: list[Reading] = ["A", "B", *(["behavioural"] if council.programme.behaviour else [])]  # type: ignore[list-item]
    return {
        reading: finance_of(
            council, reduction_path(council, level, reading), Asked("case", "published", reading, level)
        )
        for reading in readings
    }


def finance_rows(found: Mapping["Reading", "Finance"], scenario: str, replication: int = 0) -> "DataFrame":
    """The `finance` table of a result: each reading's rows, with the columns that say what they are."""
    import pandas as pd

    frames = [
        finance.table.assign(
            scenario=scenario,
            replication=replication,
            posts=finance.asked.posts,
            reading=reading,
            price_set=finance.asked.prices,
        )
        for reading, finance in found.items()
    ]
    return pd.concat(frames, ignore_index=True)


def money_by_year(summary: Mapping[str, Any]) -> str:
    """Saved, spent and net by year, and the need, from a summary; "" where it holds no money."""
    if "benefit_pounds" not in summary:
        return ""
    need, running, rows = summary.get("need", {}).get("by_year", {}), 0.0, []
    for year, saved in summary["benefit_pounds"].items():
        spent, by_then = summary["cost_pounds"][year]["mean"], need.get(year)
        running += saved["mean"] - spent
        cover = (by_then["in_base_pounds"]["mean"], by_then["needed_pounds"]) if by_then else ()
        rows.append(
            (year, *(f"{v / 1e6:,.1f}" for v in (saved["mean"], spent, saved["mean"] - spent, running, *cover)))
        )
    filled = [(*row, *[""] * (len(HEADINGS) - len(row))) for row in rows[:YEARS_SHOWN]]
    what = summary["money_is"]
    title = f"Money by year, £m: {what['posts']} posts, reading {what['reading']}, {what['price_set']} prices"
    said = [_sentence(summary)]
    if "case_money" in summary:
        said.append(_of_the_case(summary["case_money"]))
    return "\n".join([table(HEADINGS, filled, ALIGN, title=title), "", " ".join(said)])


def _of_the_case(found: Mapping[str, Any]) -> str:
    """The case's own posts on the same dates, in one sentence."""
    what, last = found["money_is"], list(found["benefit_pounds"].values())[-1]["mean"]
    back, value = found["payback"], found["net_present_value_pounds"]["mean"]
    when = f"paid back in {back['month']}" if back["reached"] else "not paid back"
    return (
        f"The case's own posts on the same dates (reading {what['reading']}, {what['price_set']} prices): {_millions(last)} "
        f"a year in the end, {when}, present value {_millions(value, 0)}."
    )


def _sentence(summary: Mapping[str, Any]) -> str:
    """Payback, present value and delay in words, then the need."""
    back, need = summary["payback"], summary.get("need")
    when = f"Paid back in {back['month']}" if back["reached"] else "Not paid back"
    value, delay = summary["net_present_value_pounds"]["mean"], summary["delay_pounds_per_month"]["mean"]
    said = f"{when}; present value {_millions(value, 0)}; a month of delay costs {_millions(delay)}."
    if not any(of["mean"] for of in summary["cost_pounds"].values()):
        said = "Nothing is spent."
    return said if need is None else f"{said} {_against(need)}"


def _against(need: Mapping[str, Any]) -> str:
    """What is saved in the end beside the need of the existing plan."""
    full, needed = need["full_year_pounds"]["mean"], need["needed_pounds"]
    rest = f"{_millions(full - needed)} beyond it" if full > needed else f"{_millions(needed - full)} still to be found"
    met = "all of it" if _millions(full) == _millions(needed) else rest
    return f"In the end {_millions(full)} a year against the {_millions(needed)} of the existing plan: {met}."


def _millions(pounds: float, digits: int = 1) -> str:
    return f"£{pounds / 1e6:,.{digits}f}m"
