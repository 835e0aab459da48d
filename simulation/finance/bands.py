"""What is saved besides people's time: third-party spend and income, in the case's own flat steps."""

import numpy as np

from layers.money import Money
from layers.money.savings import Band
from layers.money.years import MONTHS_A_YEAR, year_number
from layers.problems import InputError, Problem
from layers.programme.section import CaseLevel, Reading
from simulation.finance.flow import Flow


def band_flows(money: Money, level: CaseLevel, reading: Reading) -> tuple[Flow, ...]:
    """The bands as flows, £. Reading B takes a year's step as that year's money; the others spread it over its months.

    Raises InputError for a band that has no such end.
    """
    return tuple(_band(name, band, money, level, reading) for name, band in money.bands.items())


def _band(name: str, band: Band, money: Money, level: CaseLevel, reading: Reading) -> Flow:
    """One band: flat steps, each kept from its year on."""
    yearly = {"low": band.pounds.low, "mid": band.pounds.value, "high": band.pounds.high}[level]
    if yearly is None:
        said = f"has no {level} end, and the case is asked for at its {level}"
        raise InputError([Problem("", None, f"money.bands.{name}.pounds", said, f"a number for {level}")])
    goes = np.zeros(money.appraisal_years * MONTHS_A_YEAR)
    months = 1 if reading == "B" else MONTHS_A_YEAR
    for year, weight in band.steps.items():
        first = year_number(year, money.first_year) * MONTHS_A_YEAR
        goes[first : first + months] += yearly * weight / sum(band.steps.values()) / months
    return Flow(
        line=name,
        effect="budget_reduction",
        nature="recurring",
        basis="case",
        pounds=np.cumsum(goes) / MONTHS_A_YEAR,
        rises_with=band.rises_with,
        full_year_pounds=goes,
    )
