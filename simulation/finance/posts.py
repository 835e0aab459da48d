"""What posts save that go, month by month, and from when a budget counts on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pandas as pd

from layers.money import Money, price_set
from layers.money.years import MONTHS_A_YEAR, month_number
from layers.problems import InputError, Problem, closest
from simulation.council import Council
from simulation.finance.asked import Asked
from simulation.finance.dates import ReleaseDates
from simulation.finance.flow import ALL, CORPORATE, Effect, Flow, Status

POSTS = "posts"
CELL = ["release", "layer", "service_area", "effect"]
BUDGET: Effect = "budget_reduction"


def post_flows(
    path: pd.DataFrame, asked: Asked, council: Council, money: Money, dates: Sequence[ReleaseDates]
) -> tuple[Flow, ...]:
    """The posts of a path as flows, £: by release, layer and service area, before and after the budget counts on them.

    `path`: `release, layer, service_area, month` (`2019-04`), `reduction_fte`, and, where it has one, `effect` (else a budget
    reduction). A post goes on the first of its month and saves a twelfth of its price from then on. Raises InputError where
    the price set has no price, and for a month, a release or a service area that is not the plan's.
    """
    releases = {release.release: release for release in dates}
    _refuse_places(path, releases, council, money)
    prices = price_set(asked.prices, money, council.layers)
    as_at = 0 if asked.as_at is None else month_number(asked.as_at, money.first_year)
    rows = path if "effect" in path else path.assign(effect=BUDGET)
    flows: list[Flow] = []
    for key, of in rows.groupby(CELL, sort=True):
        release, layer, area, effect = cast(tuple[str, str, str, Effect], key)
        goes = _by_month(of, money) * prices.pounds(layer)
        flow = Flow(
            line=POSTS,
            effect=effect,
            nature="recurring",
            basis=asked.posts,
            pounds=np.cumsum(goes) / MONTHS_A_YEAR,
            release=release,
            layer=layer,
            service_area=area,
            directorate=CORPORATE if area == ALL else council.service_areas[area].directorate,
            rises_with="pay",
            status=status(releases[release], as_at, goes),
            full_year_pounds=goes,
        )
        flows += _by_budget(flow, releases[release])
    return tuple(flows)


def status(release: ReleaseDates, as_at: int, goes: np.ndarray) -> Status:
    """How far a saving has come in a month: delivered when all of it has gone, in delivery from go-live."""
    if not goes[max(as_at + 1, 0) :].any():
        return "delivered"
    if release.goes_live <= as_at:
        return "in_delivery"
    return "planned" if release.signed_off <= as_at else "identified"


def _by_budget(flow: Flow, release: ReleaseDates) -> Iterator[Flow]:
    """A budget reduction from the first base that counts on it; what is saved earlier is an underspend of its year, once."""
    if flow.effect != BUDGET:
        yield flow
        return
    before = np.arange(len(flow.pounds)) < release.budgeted_from
    early = np.where(before, flow.pounds, 0.0)
    if early.any():
        yield replace(flow, effect="underspend", nature="one_off", pounds=early, full_year_pounds=None)
    yield replace(flow, pounds=np.where(before, 0.0, flow.pounds))


def _by_month(rows: pd.DataFrame, money: Money) -> np.ndarray:
    """FTE that go in each month of the appraisal."""
    goes = np.zeros(money.appraisal_years * MONTHS_A_YEAR)
    places = [month_number(month, money.first_year) for month in rows["month"]]
    np.add.at(goes, places, rows["reduction_fte"].to_numpy(float))
    return goes


def _refuse_places(path: pd.DataFrame, releases: Mapping[str, ReleaseDates], council: Council, money: Money) -> None:
    """Raise for every month outside the appraisal, every release without dates and every area that is not the council's."""
    last = money.appraisal_years * MONTHS_A_YEAR
    problems = [
        Problem("", None, "path.month", f"{month} lies outside the appraisal", f"{money.years[0]} to {money.years[-1]}")
        for month in dict.fromkeys(path["month"])
        if not 0 <= month_number(month, money.first_year) < last
    ]
    problems += [
        Problem("", None, "path.release", f"the plan delivers no release {name!r}", ", ".join(releases))
        for name in dict.fromkeys(path["release"])
        if name not in releases
    ]
    problems += [
        Problem(
            "", None, "path.service_area", f"no service area {area!r}", suggestion=closest(area, council.service_areas)
        )
        for area in dict.fromkeys(path["service_area"])
        if area not in council.service_areas and area != ALL
    ]
    if problems:
        raise InputError(problems)
