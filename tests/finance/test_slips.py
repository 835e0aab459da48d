"""A plan that moves, moves its money as an accountant would expect: what is spent by release, by month, whatever happens."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.money import Money
from simulation.finance import Finance
from simulation.finance.costs import cost_flows
from simulation.finance.dates import ReleaseDates, dates_of, programme_months

SIX_LATE = tuple(f"programme.releases.{name}.delay_months=6" for name in ("r2", "r3", "r4"))
ALL_LATE = ("programme.delay_months=6",)


def by_line(finance: Finance) -> pd.Series:
    costs = finance.table[finance.table["effect"] == "cost"]
    return -costs.groupby("line")["pounds"].sum() / 1e6


def by_line_and_year(finance: Finance, line: str) -> dict[str, float]:
    rows = finance.table[finance.table["line"] == line]
    return (rows.groupby("financial_year")["pounds"].sum() / 1e6).round(3).to_dict()


def test_a_slip_of_six_months_moves_what_is_paid_by_release_and_no_pound_of_it_is_lost(
    plan_money: Callable[..., Any],
) -> None:
    now, late = plan_money("A"), plan_money("A", *SIX_LATE)
    assert by_line_and_year(now, "service_construct") == {"2018/19": -1.2, "2019/20": -2.0}
    assert by_line_and_year(late, "service_construct") == {"2018/19": -0.8, "2019/20": -2.0, "2020/21": -0.4}
    assert by_line(late)["service_construct"] == pytest.approx(by_line(now)["service_construct"])


def test_it_costs_six_more_months_of_what_is_paid_by_the_month(plan_money: Callable[..., Any]) -> None:
    now, late = by_line(plan_money("A")), by_line(plan_money("A", *SIX_LATE))
    for line in ("strategic_advice", "programme_office", "backfill"):
        assert late[line] == pytest.approx(now[line] * 21 / 15), line


def test_what_is_fixed_stays_where_it_was(plan_money: Callable[..., Any]) -> None:
    now, late = plan_money("A"), plan_money("A", *SIX_LATE)
    assert by_line_and_year(now, "technology_platform") == by_line_and_year(late, "technology_platform")
    assert by_line_and_year(now, "third_party") == by_line_and_year(late, "third_party")


def test_its_savings_come_six_months_later_and_are_as_large_in_the_end(plan_money: Callable[..., Any]) -> None:
    now, late = plan_money("A"), plan_money("A", *SIX_LATE)
    cover_now, cover_late = now.cover, late.cover
    assert cover_now is not None and cover_late is not None
    assert cover_late.full_year_pounds == pytest.approx(cover_now.full_year_pounds)
    lost = (now.benefit_by_year - late.benefit_by_year) / 1e6
    late_releases = now.table[now.table["release"].isin(("r2", "r3", "r4"))]["full_year_pounds"].sum() / 1e6
    assert lost.sum() == pytest.approx(late_releases / 2)
    assert (lost > -1e-6).all()


def test_the_whole_programme_six_months_late_costs_the_same_and_six_times_a_month_of_delay(
    plan_money: Callable[..., Any],
) -> None:
    now, late = plan_money("A"), plan_money("A", *ALL_LATE)
    assert by_line(late).to_dict() == pytest.approx(by_line(now).to_dict())
    lost = now.net_present_value() - late.net_present_value()
    assert lost / now.delay_pounds == pytest.approx(6, rel=0.02)
    assert now.delay_pounds / 1e6 == pytest.approx(2.1, abs=0.1)


def test_stopping_after_release_2_pays_for_two_releases_and_all_the_technology(plan_money: Callable[..., Any]) -> None:
    now, stopped = by_line(plan_money("A")), by_line(plan_money("A", "programme.stop_after=r2"))
    assert stopped["service_construct"] == pytest.approx(now["service_construct"] / 2)
    assert stopped["training"] == pytest.approx(now["training"] / 2)
    assert stopped["programme_office"] == pytest.approx(now["programme_office"] * 9 / 15)
    assert stopped["technology_platform"] == now["technology_platform"]


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=4))
def test_what_a_release_costs_does_not_depend_on_when_it_is(money: Money, starts: list[int]) -> None:
    dates = [ReleaseDates(f"r{n}", start, start + 6, start - 1) for n, start in enumerate(starts)]
    spent = -sum(f.pounds.sum() for f in cost_flows(money, dates) if f.line == "service_construct")
    assert spent == pytest.approx(3.2e6 / 4 * len(starts))
    monthly = -sum(f.pounds.sum() for f in cost_flows(money, dates) if f.line == "programme_office")
    assert monthly == pytest.approx(1.3e6 / 15 * programme_months(dates))


# February


def dates(signed_off: int) -> ReleaseDates:
    return ReleaseDates("r", signed_off + 1, signed_off + 7, signed_off)


@pytest.mark.parametrize(
    ("signed_off", "base"),
    [(9, 12), (10, 12), (11, 24), (12, 24), (22, 24), (23, 36), (-2, 0), (-1, 12)],
    ids=["January", "February", "March", "April", "next February", "next March", "before", "just too late"],
)
def test_a_saving_approved_after_february_waits_for_the_next_base(signed_off: int, base: int) -> None:
    assert dates(signed_off).budgeted_from == base


def test_the_rule_is_that_of_the_programme(council: Callable[..., Any]) -> None:
    from layers.calendar import Calendar
    from layers.programme.plan import Plan

    programme = council(*SIX_LATE).programme
    assert programme is not None
    plan = Plan(programme, Calendar.of(council().calendar))
    for release in dates_of(plan):
        assert release.budgeted_from == plan.base_month(release.release)


def test_what_goes_before_the_base_counts_on_it_is_an_underspend_and_then_a_reduction(
    plan_money: Callable[..., Any],
) -> None:
    """Release 4 is signed off after February 2019, so 2019/20's budget does not hold it and 2020/21's does."""
    rows = plan_money("B").table
    r4 = rows[(rows["release"] == "r4") & (rows["line"] == "posts")]
    effects = r4.groupby(["financial_year", "effect"])["pounds"].sum() / 1e6
    assert effects["2019/20", "budget_reduction"] == 0
    assert effects["2019/20", "underspend"] == pytest.approx(0.96, abs=0.15)
    assert ("2020/21", "underspend") not in effects.index
    assert set(r4[r4["effect"] == "underspend"]["nature"]) == {"one_off"}


def test_a_month_of_approval_moves_the_base_and_not_the_money(
    money: Money, council: Callable[..., Any], path_of: Callable[..., Any]
) -> None:
    from simulation.finance import Asked
    from simulation.finance.posts import post_flows

    path = path_of(("r", "provision_cycle", "adults", "2019-05", 10.0))
    asked = Asked("case", "published", "A")
    early, late = (post_flows(path, asked, council(), money, [dates(month)]) for month in (10, 11))
    assert sum(f.pounds.sum() for f in early) == pytest.approx(sum(f.pounds.sum() for f in late))
    assert [f.effect for f in early] == ["budget_reduction"]
    assert [f.effect for f in late] == ["underspend", "budget_reduction"]
    assert late[0].pounds.sum() == pytest.approx(10 * 47576 * 11 / 12)
    assert late[1].pounds[:24].sum() == 0
