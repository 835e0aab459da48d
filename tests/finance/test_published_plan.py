"""The money of the published plan: £17.9m, £27.8m, and the running sums that both readings of the profile give."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from simulation.finance import Finance
from simulation.finance.table import KEY

FIVE = ("2018/19", "2019/20", "2020/21", "2021/22", "2022/23")
BY_RELEASE = ("technology_support", "strategic_advice", "programme_office", "service_construct", "organisation_design")


def millions(values: np.ndarray) -> list[float]:
    return [round(float(value) / 1e6, 2) for value in values[: len(FIVE)]]


def spent_by_line(finance: Finance) -> dict[str, float]:
    costs = finance.table[finance.table["effect"] == "cost"]
    return (-costs.groupby("line")["pounds"].sum() / 1e6).round(6).to_dict()


def test_implementation_costs_17_9_and_never_27_9(published: Finance) -> None:
    assert published.implementation_pounds == pytest.approx(17.9e6)
    lines = spent_by_line(published)
    assert sum(pounds for line, pounds in lines.items() if line != "technology_maintenance") == pytest.approx(17.9)


def test_the_four_release_costs_of_2_5_are_inside_it(published: Finance) -> None:
    costs = published.table[published.table["effect"] == "cost"]
    inside = costs[costs["line"].isin(BY_RELEASE)]
    by_release = -inside.groupby("release")["pounds"].sum()
    assert by_release.to_dict() == pytest.approx(dict.fromkeys(("r1", "r2", "r3", "r4"), 2.5e6))
    by_year = -inside.groupby("financial_year")["pounds"].sum()
    assert by_year.to_dict() == pytest.approx({"2018/19": 3.75e6, "2019/20": 6.25e6})


def test_posts_are_worth_27_8_a_year_at_mid(published: Finance) -> None:
    posts = published.table[published.table["line"] == "posts"]
    assert posts["full_year_pounds"].sum() / 1e6 == pytest.approx(27.8, abs=0.1)
    by_year = posts.groupby("financial_year")["full_year_pounds"].sum() / 1e6
    assert [by_year[year] for year in FIVE[1:4]] == pytest.approx([7.4, 14.0, 6.4], abs=0.2)


def test_reading_b_pays_back_within_2019_20_if_the_profile_is_cash(plan_money: Callable[..., Any]) -> None:
    running = np.cumsum(plan_money("B", "money.costs.technology_maintenance.pounds=0").net_by_year)
    assert [round(value) for value in millions(running)] == [-4, 1, 31, 71, 116]


def test_reading_a_is_a_run_rate_and_pays_back_a_year_later(plan_money: Callable[..., Any]) -> None:
    finance = plan_money("A", "money.costs.technology_maintenance.pounds=0")
    assert [round(value) for value in millions(np.cumsum(finance.net_by_year))] == [-4, -6, 15, 51, 95]
    assert plan_money("B").payback.month == "2020-03"
    assert plan_money("A").payback.month == "2020-08"


@pytest.mark.parametrize("keys", [[key] for key in KEY] + [["line", "directorate"], ["release", "financial_year"], KEY])
def test_the_table_sums_to_its_total_by_every_key(published: Finance, keys: list[str]) -> None:
    table = published.table
    assert table.groupby(keys)["pounds"].sum().sum() == pytest.approx(published.net_by_year.sum())
    assert not table.duplicated(KEY).any()


def test_savings_less_costs_are_the_net_of_every_year(published: Finance) -> None:
    assert published.benefit_by_year - published.cost_by_year == pytest.approx(published.net_by_year)


def test_the_table_is_the_same_twice(published: Finance, plan_money: Callable[..., Any]) -> None:
    assert plan_money.__wrapped__("A").table.equals(published.table)


def test_third_party_and_income_are_bands_of_their_own(published: Finance) -> None:
    bands = published.table[published.table["line"].isin(("third_party", "income"))]
    assert (bands["basis"] == "case").all()
    assert bands.groupby("line")["full_year_pounds"].sum().to_dict() == pytest.approx(
        {"third_party": 12e6, "income": 6e6}
    )


def test_cash_adds_pay_awards_and_leaves_bought_technology_at_its_price(published: Finance) -> None:
    table = published.table[published.table["financial_year"] == "2019/20"]
    ratio = (table["cash_pounds"] / table["pounds"]).groupby(table["line"]).mean()
    assert ratio["posts"] == pytest.approx(1.02 * 1.02)
    assert ratio["technology_platform"] == 1.0


def test_the_present_value_of_ten_years_is_above_that_of_five(published: Finance) -> None:
    assert published.net_present_value(5) / 1e6 == pytest.approx(83.3, abs=0.1)
    assert published.net_present_value() / 1e6 == pytest.approx(262.4, abs=0.1)


def test_the_need_of_33_lies_inside_the_savings_and_is_not_added(published: Finance) -> None:
    cover = published.cover
    assert cover is not None
    assert (cover.needed_pounds, cover.to_find_pounds) == (33e6, 0)
    assert cover.above_pounds == pytest.approx(cover.full_year_pounds - 33e6)
    assert published.net_by_year[-1] == pytest.approx(cover.full_year_pounds - 0.3e6)


def test_the_phased_need_of_2019_20_is_not_covered_by_either_reading(plan_money: Callable[..., Any]) -> None:
    for reading, short in (("A", 11.4), ("B", 3.6)):
        cover = plan_money(reading).cover
        assert cover is not None
        assert [round(year.needed_pounds / 1e6, 3) for year in cover.by_year] == [17.73, 22.664, 26.189]
        assert cover.by_year[0].short_pounds / 1e6 == pytest.approx(short, abs=0.1)
        assert cover.by_year[2].short_pounds == 0
