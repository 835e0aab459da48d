"""Present value, payback, options, prices, people: each by a rule that a person can work out by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from layers.money import Money, price_set
from layers.problems import InputError
from simulation.case import reduction_path
from simulation.finance import Asked, finance_of
from simulation.finance.appraisal import net_present_value, payback
from simulation.finance.bands import band_flows
from simulation.finance.costs import cost_flows
from simulation.finance.posts import post_flows

Make = Callable[..., Any]
REDUNDANCY = {"line": "redundancy", "directorate": "People", "fund": "revenue", "month": "2019-11", "pounds": 1.0}


def test_year_0_counts_in_full_and_year_1_is_discounted_once(money: Money, saved: Make) -> None:
    first, second = np.zeros(12), np.zeros(12)
    first[0], second[11] = 100, 100
    assert net_present_value([saved(*first)], money, 5) == pytest.approx(100)
    assert net_present_value([saved(*np.zeros(12), *second)], money, 5) == pytest.approx(100 / 1.035)
    assert net_present_value([saved(*np.zeros(60), 100)], money, 5) == 0


def test_payback_is_the_month_after_which_the_running_sum_stays_above_0(money: Money, saved: Make) -> None:
    assert payback([saved(-100, 60, 60)], money).month == "2018-06"
    assert payback([saved(-100, 150, -100, 60)], money).month == "2018-07"


def test_what_is_never_made_good_has_no_month_of_payback(money: Money, saved: Make) -> None:
    assert (payback([saved(-100, 60)], money).reached, payback([saved(-100, 60)], money).month) == (False, None)
    assert not payback([], money).reached


def test_a_post_saves_a_twelfth_of_its_price_a_month_from_the_month_it_goes(
    money: Money, council: Make, path_of: Make, published: Any
) -> None:
    path = path_of(("r1", "provision_cycle", "adults", "2019-04", 2.0))
    finance = finance_of(council(), path, Asked("case", "published", "A"))
    posts = finance.table[finance.table["line"] == "posts"].set_index("financial_year")
    assert posts["pounds"]["2019/20"] == pytest.approx(2 * 47576)
    assert posts["full_year_pounds"]["2019/20"] == pytest.approx(2 * 47576)
    assert set(posts["directorate"]) == {"People"}


@pytest.mark.parametrize(
    ("effect", "is_money"), [("cost_avoided", False), ("capacity", False), ("budget_reduction", True)]
)
def test_cost_avoided_and_capacity_are_shown_and_never_added(
    council: Make, path_of: Make, effect: str, is_money: bool
) -> None:
    none = finance_of(council(), path_of(), Asked("case", "published", "A"))
    path = path_of(("r1", "provision_cycle", "adults", "2019-04", 2.0)).assign(effect=effect)
    some = finance_of(council(), path, Asked("case", "published", "A"))
    assert (some.net_by_year.sum() > none.net_by_year.sum()) == is_money
    shown = some.table["not_money_pounds"].sum()
    assert (shown > 0) != is_money


# Prices


def test_published_prices_are_for_the_cases_own_posts_alone(council: Make) -> None:
    path = reduction_path(council(), "mid", "A")
    with pytest.raises(InputError, match="two price sets are not mixed"):
        Asked("simulated", "published", "A")
    assert finance_of(council(), path, Asked("simulated", "existing", "A")).table["pounds"].sum() > 0


def test_a_price_that_a_set_lacks_is_not_taken_from_the_other(council: Make, money: Money) -> None:
    priced = {layer: price for layer, price in money.published_prices.items() if layer != "provision_cycle"}
    bare = council().model_copy(update={"money": money.model_copy(update={"published_prices": priced})})
    path = reduction_path(bare, "mid", "A")
    with pytest.raises(InputError, match=r"money\.published_prices\.provision_cycle: the published prices have none"):
        finance_of(bare, path, Asked("case", "published", "A"))


def test_the_same_posts_are_worth_more_at_what_todays_staff_cost(money: Money, council: Make) -> None:
    path = reduction_path(council(), "mid", "A")
    worth = {
        name: sum(path["reduction_fte"] * path["layer"].map(price_set(name, money, council().layers).pounds)) / 1e6
        for name in ("published", "existing")
    }
    assert worth == pytest.approx({"published": 27.82, "existing": 29.42}, abs=0.02)


# Options, the shared centre, people, contingency


def test_option_2_saves_33_and_spends_as_much_as_option_1(plan_money: Make) -> None:
    full, two = plan_money("A"), plan_money("A", "money.option=plan_savings")
    assert two.cover.full_year_pounds == pytest.approx(33e6)
    assert two.implementation_pounds == pytest.approx(full.implementation_pounds)
    assert two.net_present_value() < full.net_present_value()
    follows = plan_money("A", "money.option=plan_savings", "money.options.plan_savings.costs_that_follow=0.5")
    assert full.implementation_pounds * (1 + 33 / full.cover.full_year_pounds * 1e6) / 2 == pytest.approx(
        follows.implementation_pounds
    )


def test_option_3_saves_and_spends_nothing_and_leaves_33_to_find(plan_money: Make) -> None:
    three = plan_money("A", "money.option=service_reductions")
    assert len(three.table) == 0
    assert three.cover.to_find_pounds == 33e6
    assert not three.payback.reached


def test_leaving_the_shared_centre_adds_2_6_once_and_0_2_a_year(plan_money: Make) -> None:
    more = plan_money("A", "money.ibc=replaced").cost_by_year - plan_money("A").cost_by_year
    assert more.sum() / 1e6 == pytest.approx(2.6 + 8 * 0.2)
    assert plan_money("A", "money.ibc=replaced").implementation_pounds == pytest.approx(17.9e6)


def test_contingency_is_a_line_of_its_own_on_one_off_costs(plan_money: Make) -> None:
    table = plan_money("A", "money.contingency=0.1").table
    assert table[table["line"] == "contingency"]["pounds"].sum() == pytest.approx(-1.79e6)
    assert "contingency" not in set(plan_money("A").table["line"])


def test_what_people_cost_is_absent_until_it_is_worked_out(council: Make, published: Any) -> None:
    assert not published.has_people
    costs = pd.DataFrame(
        [("redundancy", "People", "revenue", "2019-11", 1e6)],
        columns=["line", "directorate", "fund", "month", "pounds"],
    )
    with_people = finance_of(council(), reduction_path(council(), "mid", "A"), Asked("case", "published", "A"), costs)
    assert with_people.has_people
    assert with_people.net_present_value(people=False) == pytest.approx(published.net_present_value())
    assert published.net_present_value() - with_people.net_present_value() == pytest.approx(1e6 / 1.035)
    assert with_people.implementation_pounds == published.implementation_pounds


@pytest.mark.parametrize(
    ("column", "value", "said"), [("fund", "magic", "no such fund"), ("month", "2031-04", "outside the appraisal")]
)
def test_costs_of_people_without_fund_or_outside_the_years_are_refused(
    council: Make, path_of: Make, column: str, value: str, said: str
) -> None:
    row = {
        "line": "redundancy",
        "directorate": "People",
        "fund": "revenue",
        "month": "2019-11",
        "pounds": 1.0,
        column: value,
    }
    with pytest.raises(InputError, match=said):
        finance_of(council(), path_of(), Asked("case", "published", "A"), pd.DataFrame([row]))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("r9", "provision_cycle", "adults", "2019-04", 1.0), "delivers no release 'r9'"),
        (("r1", "provision_cycle", "adults", "2017-04", 1.0), "2017-04 lies outside the appraisal"),
        (("r1", "provision_cycle", "moon", "2019-04", 1.0), "no service area 'moon'"),
    ],
)
def test_a_path_that_does_not_fit_the_plan_is_refused(council: Make, path_of: Make, row: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        finance_of(council(), path_of(row), Asked("case", "published", "A"))


def test_a_council_without_money_is_refused(council: Make, path_of: Make) -> None:
    with pytest.raises(InputError, match="money: is needed"):
        finance_of(council().model_copy(update={"money": None}), path_of(), Asked("case", "published", "A"))


def test_a_level_that_a_band_lacks_is_refused(money: Money, council: Make) -> None:
    bare = council("money.bands.income.pounds=9e6").money
    assert band_flows(money, "low", "A")[1].pounds[-1] == pytest.approx(4e6 / 12)
    with pytest.raises(InputError, match=r"money\.bands\.income\.pounds: has no high end"):
        band_flows(bare, "high", "A")


def test_what_would_be_spent_before_year_0_is_spent_in_it(money: Money, council: Make) -> None:
    from simulation.finance.dates import ReleaseDates

    spent = [f for f in cost_flows(money, [ReleaseDates("r1", -3, 3, -5)]) if f.line == "service_construct"]
    assert -spent[0].pounds[:3] == pytest.approx(0.8e6 * np.array([4, 1, 1]) / 6)


def test_status_is_told_as_at_a_month(money: Money, council: Make, path_of: Make) -> None:
    from simulation.finance.dates import ReleaseDates

    path = path_of(("r", "provision_cycle", "adults", "2019-06", 1.0))
    dates = [ReleaseDates("r", 6, 12, 4)]
    asked = {
        month: Asked("case", "published", "A", as_at=month) for month in ("2018-07", "2018-08", "2019-04", "2019-06")
    }
    told = [post_flows(path, of, council(), money, dates)[0].status for of in asked.values()]
    assert told == ["identified", "planned", "in_delivery", "delivered"]
