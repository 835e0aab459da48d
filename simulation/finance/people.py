"""What people cost who leave or change: redundancy, pension strain, pay protection. Worked out elsewhere, booked here."""

import numpy as np
import pandas as pd

from layers.money import Money
from layers.money.years import MONTHS_A_YEAR, month_number
from layers.problems import InputError, Problem, closest
from simulation.finance.flow import Flow

COLUMNS = ["line", "directorate", "fund", "month", "pounds"]


def people_flows(costs: pd.DataFrame | None, money: Money) -> tuple[Flow, ...]:
    """Costs of people as flows; none at all where nothing has been worked out, which is not the same as 0.

    `costs`: `line` (such as `redundancy`), `directorate`, `fund`, `month` in which it is booked, `pounds` spent. The case
    holds none of them (Cabinet pack 18 Sept 2018, slide 269). Raises InputError for a fund or a month that is not there.
    """
    if costs is None:
        return ()
    _refuse(costs, money)
    return tuple(
        Flow(str(line), "cost", "one_off", "people", -_months(rows, money), str(fund), directorate=str(directorate), in_case=False)
        for (line, directorate, fund), rows in costs.groupby(["line", "directorate", "fund"], sort=True)
    )  # fmt: skip


def _months(rows: pd.DataFrame, money: Money) -> np.ndarray:
    out = np.zeros(money.appraisal_years * MONTHS_A_YEAR)
    np.add.at(out, [month_number(month, money.first_year) for month in rows["month"]], rows["pounds"].to_numpy(float))
    return out


def _refuse(costs: pd.DataFrame, money: Money) -> None:
    last = money.appraisal_years * MONTHS_A_YEAR
    problems = [
        Problem("", None, f"people.{fund}", "no such fund", ", ".join(money.funds), closest(fund, money.funds))
        for fund in dict.fromkeys(costs["fund"])
        if fund not in money.funds
    ]
    problems += [
        Problem(
            "", None, "people.month", f"{month} lies outside the appraisal", f"{money.years[0]} to {money.years[-1]}"
        )
        for month in dict.fromkeys(costs["month"])
        if not 0 <= month_number(month, money.first_year) < last
    ]
    if problems:
        raise InputError(problems)
