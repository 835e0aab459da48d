"""Money beside a run: the table fits its declaration, the summary fits the table, and a person can read it."""

import pytest

from simulation.cli.money import case_money, finance_rows, money_by_year, with_money
from simulation.experiment import Outcome
from simulation.finance import finance_summary
from simulation.scenario import load
from simulation.store.json_text import json_text
from simulation.store.rows import conform
from simulation.store.tables import TABLES


@pytest.fixture(scope="module")
def found():
    return case_money(load("oxfordshire"))


def test_the_table_has_every_reading_and_fits_its_declaration(found):
    rows = conform(finance_rows(found, "oxfordshire"), TABLES["finance"])
    assert set(rows["reading"]) == {"A", "B", "behavioural"}
    assert set(rows["posts"]) == {"case"} and set(rows["price_set"]) == {"published"}


def test_the_summary_is_of_the_plans_own_reading_and_sums_to_the_table(found):
    outcome = with_money(Outcome(tables={}, summary={}), load("oxfordshire"), found)
    summary, rows = outcome.summary, outcome.tables["finance"]
    own = rows[rows["reading"] == summary["money_is"]["reading"]]
    assert summary["money_is"] == {"posts": "case", "reading": "behavioural", "price_set": "published"}
    for year in ("2019/20", "2022/23"):
        in_year = own[own["financial_year"] == year]
        spent = in_year[in_year["effect"] == "cost"]["pounds"].sum()
        assert summary["cost_pounds"][year]["mean"] == pytest.approx(-spent)
        assert summary["benefit_pounds"][year]["mean"] == pytest.approx(in_year["pounds"].sum() - spent)
    assert summary["implementation_pounds"]["mean"] == pytest.approx(17.9e6)
    assert json_text(summary, ascii_only=True)


def test_what_has_no_chance_in_it_has_no_interval(found):
    summary = finance_summary([found["A"]])
    assert summary["net_present_value_pounds"]["n"] == 1
    assert "ci95" not in summary["net_present_value_pounds"]
    assert "ci95" in finance_summary([found["A"], found["B"]])["net_present_value_pounds"]


def test_funds_are_asked_for_what_the_lines_cost(found):
    funds = finance_summary([found["A"]])["funds"]
    asked = {name: round(fund["asked_pounds"]["mean"] / 1e6, 1) for name, fund in funds.items()}
    assert asked == {"capital_programme": 4.9, "corporate_reserves": 9.1, "to_be_identified": 3.9, "revenue": 2.7}
    assert "available_pounds" not in funds["revenue"]


def test_a_person_reads_the_years_the_payback_and_what_is_beyond_the_need(found):
    said = money_by_year(finance_summary([found["A"]]))
    assert "2018/19" in said and "reading A" in said
    assert "Paid back in 2020-08" in said and "£45.8m a year against the £33.0m" in said


@pytest.mark.parametrize(
    ("option", "said"), [("option_1", "beyond it"), ("option_2", "all of it"), ("option_3", "£33.0m still to be found")]
)
def test_the_three_options_of_cabinet_differ_in_what_is_left_to_find(option, said):
    (first, *_) = case_money(load(option)).values()
    text = money_by_year(finance_summary([first]))
    assert said in text
    assert ("Nothing is spent" in text) == (option == "option_3")


@pytest.mark.parametrize("name", ["as_is", "district", "one_queue"])
def test_where_there_is_no_plan_or_no_case_money_is_absent(name):
    outcome = Outcome(tables={}, summary={})
    assert with_money(outcome, load(name), case_money(load(name))) is outcome
    assert money_by_year({}) == ""
