"""The case's benefit by release, service area and financial year, as the case counts a year."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from layers.calendar import Calendar
from layers.programme.plan import MONTHS_A_YEAR
from layers.programme.section import HORIZON_MONTHS, Reading
from layers.published import read_published
from simulation.case.margins import group_of, pounds_per_fte

if TYPE_CHECKING:
    from pandas import DataFrame

KEY = ["release", "service_area", "financial_year"]


def counted(calendar: Calendar, reading: Reading, month: int) -> Mapping[str, float]:
    """Which share of a post that goes on the 1st of a month each financial year counts as its own.

    Reading B is the change of the in-year average: the part of the year that is left, and the rest in the next. The others are
    the change of the run rate at the year's end: all of it in the year. A year after the horizon is left out.
    """
    year = calendar.financial_year(month)
    if reading != "B":
        return {year: 1.0}
    before = (calendar.month_of_year(month) - 4) % MONTHS_A_YEAR / MONTHS_A_YEAR
    shares = {year: 1.0 - before, calendar.financial_year(month + MONTHS_A_YEAR): before}
    last = calendar.financial_year(HORIZON_MONTHS - 1)
    return {year: share for year, share in shares.items() if share > 0 and year <= last}


def release_table(path: "DataFrame", scenario: str, reading: Reading, calendar: Calendar) -> "DataFrame":
    """The case's part of the `releases` table, from a reduction path: FTE and pounds by release, area and year.

    Key `scenario, reading, release, service_area, financial_year`; measures `released_fte` (change of the year, by `counted`)
    and `benefit_pounds` (£, the same at what the case says an FTE of the layer is worth). Rows above 0 only, sorted by key.
    """
    import pandas as pd

    price = pounds_per_fte(read_published())
    shares = {label: counted(calendar, reading, calendar.month_number(label)) for label in path["month"].unique()}
    steps = zip(
        *(path[column] for column in ("release", "layer", "service_area", "month", "reduction_fte")), strict=True
    )
    rows = [
        (release, area, year, fte * share, fte * share * price[group_of(layer)])
        for release, layer, area, month, fte in steps
        for year, share in shares[month].items()
    ]
    table = pd.DataFrame(rows, columns=[*KEY, "released_fte", "benefit_pounds"]).groupby(KEY, as_index=False).sum()
    table.insert(0, "scenario", scenario)
    table.insert(1, "reading", reading)
    return table
