"""What is saved, month by month: posts that go, priced by one price set, and the bands that are not people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import numpy as np
import pandas as pd

from layers.baselines import ServiceArea
from layers.money import Money, Prices
from layers.money.savings import Band
from layers.money.years import MONTHS_A_YEAR, month_number, year_number
from layers.problems import InputError, Problem, closest
from layers.programme.section import CaseLevel, Reading
from simulation.finance.dates import ReleaseDates
from simulation.finance.flow import ALL, CORPORATE, Basis, Effect, Flow, Status

POSTS = "posts"
CELL = ["release", "layer", "service_area"]
BUDGET: Effect = "budget_reduction"


def post_flows(
    path: pd.DataFrame,
    prices: Prices,
    money: Money,
    areas: Mapping[str, ServiceArea],
    dates: Sequence[ReleaseDates],
    basis: Basis,
    as_at: int,
) -> tuple[Flow, ...]:
    """The posts of a path as flows, £: by release, layer and service area, before and after the budget counts on them.

    `path`: `release, layer, service_area, month` (`2019-04`), `reduction_fte`, and, where it has one, `effect` (else a budget
    reduction). A post goes on the first of its month and saves a twelfth of its price from then on. `as_at`: the month in
    which the status is told. Raises InputError where published prices meet FTE that are not the case's own, where the price
    set has no price, and for a month outside the appraisal or a release that the plan has not.
    """
    _refuse_mixed_prices(prices, basis)
    by_name = {release.release: release for release in dates}
    _refuse_places(path, by_name, areas, money)
    effects = path["effect"] if "effect" in path else pd.Series(BUDGET, index=path.index)
    flows: list[Flow] = []
    for (release, layer, area, effect), rows in path.groupby([*(path[key] for key in CELL), effects], sort=True):
        goes = _by_month(rows, money) * prices.pounds(str(layer))
        flow = Flow(
            line=POSTS,
            effect=cast(Effect, effect),
            nature="recurring",
            basis=basis,
            pounds=np.cumsum(goes) / MONTHS_A_YEAR,
            release=str(release),
            layer=str(layer),
            service_area=str(area),
            directorate=CORPORATE if area == ALL else areas[str(area)].directorate,
            rises_with="pay",
            status=status(by_name[str(release)], as_at, goes),
            full_year_pounds=goes,
        )
        flows += _split_by_budget(flow, by_name[str(release)])
    return tuple(flows)


def band_flows(money: Money, level: CaseLevel, reading: Reading) -> tuple[Flow, ...]:
    """The bands as flows, £. Reading B takes a year's step as that year's money; the others spread it over its months."""
    return tuple(_band(name, band, money, level, reading) for name, band in money.bands.items())


def status(release: ReleaseDates, as_at: int, goes: np.ndarray) -> Status:
    """How far a saving has come in a month: delivered when all of it has gone, in delivery from go-live."""
    if not goes[max(as_at + 1, 0) :].any():
        return "delivered"
    if release.goes_live <= as_at:
        return "in_delivery"
    return "planned" if release.signed_off <= as_at else "identified"


def _split_by_budget(flow: Flow, release: ReleaseDates) -> Iterator[Flow]:
    """A budget reduction from the first base that counts on it; what is saved earlier is an underspend of its year, once."""
    if flow.effect != BUDGET:
        yield flow
        return
    before = np.arange(len(flow.pounds)) < release.budgeted_from
    early = np.where(before, flow.pounds, 0.0)
    if early.any():
        yield Flow(
            **{**vars(flow), "effect": "underspend", "nature": "one_off", "pounds": early, "full_year_pounds": None}
        )
    yield Flow(**{**vars(flow), "pounds": np.where(before, 0.0, flow.pounds)})


def _band(name: str, band: Band, money: Money, level: CaseLevel, reading: Reading) -> Flow:
    """One band: flat steps, each kept from its year on."""
    yearly = getattr(band.pounds, level) if level != "mid" else band.pounds.value
    if yearly is None:
        said = f"has no {level} end, and the case is asked for at its {level}"
        raise InputError([Problem("", None, f"money.bands.{name}.pounds", said, f"a number for {level}")])
    steps = np.zeros(money.appraisal_years * MONTHS_A_YEAR)
    for year, weight in band.steps.items():
        first = year_number(year, money.first_year) * MONTHS_A_YEAR
        months = 1 if reading == "B" else MONTHS_A_YEAR
        steps[first : first + months] += yearly * weight / sum(band.steps.values()) / months
    pounds = np.cumsum(steps) / MONTHS_A_YEAR
    rises = band.rises_with
    return Flow(name, BUDGET, "recurring", "case", pounds, rises_with=rises, full_year_pounds=steps)


def _by_month(rows: pd.DataFrame, money: Money) -> np.ndarray:
    """FTE that go in each month of the appraisal."""
    goes = np.zeros(money.appraisal_years * MONTHS_A_YEAR)
    places = [month_number(month, money.first_year) for month in rows["month"]]
    np.add.at(goes, places, rows["reduction_fte"].to_numpy(float))
    return goes


def _refuse_mixed_prices(prices: Prices, basis: Basis) -> None:
    if prices.name == "published" and basis != "case":
        said = f"published prices are for the case's own FTE, and these are {basis}: two price sets are not mixed"
        raise InputError([Problem("", None, "money.published_prices", said, expected="the existing prices")])


def _refuse_places(
    path: pd.DataFrame, releases: Mapping[str, ReleaseDates], areas: Mapping[str, ServiceArea], money: Money
) -> None:
    """Raise for every month outside the appraisal, every release without dates and every area that is not the council's."""
    last = money.appraisal_years * MONTHS_A_YEAR
    months = [m for m in dict.fromkeys(path["month"]) if not 0 <= month_number(m, money.first_year) < last]
    problems = [
        Problem("", None, "path.month", f"{month} lies outside the appraisal", f"{money.years[0]} to {money.years[-1]}")
        for month in months
    ]
    for name in dict.fromkeys(path["release"]):
        if name not in releases:
            said = f"the plan delivers no release {name!r}"
            problems.append(Problem("", None, "path.release", said, ", ".join(releases)))
    problems += [
        Problem("", None, "path.service_area", f"no service area {area!r}", suggestion=closest(area, areas))
        for area in dict.fromkeys(path["service_area"])
        if area not in areas and area != ALL
    ]
    if problems:
        raise InputError(problems)
