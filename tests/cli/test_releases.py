"""The releases table and the money of simulated posts, from a made-up transition on Oxfordshire's plan."""

import numpy as np
import pandas as pd
import pytest

from layers.programme.plan import Plan
from simulation.cli.money import case_money, with_money
from simulation.experiment import Outcome
from simulation.plan.tables import by_effect, reductions
from simulation.scenario import load

POSTS_SHARE = 0.6


@pytest.fixture(scope="module")
def scenario():
    return load("oxfordshire")


@pytest.fixture(scope="module")
def transition(scenario):
    """Ten FTE of customer management in each area, gone by its progress; a tenth of what is due is deferred."""
    plan, rows = Plan(scenario.council.programme, scenario.calendar), []
    for area in scenario.council.service_areas:
        release = plan.release_of("customer_management", area)
        for month in range(60):
            due = 10 * plan.progress("customer_management", area, month)
            rows.append(
                (0, release, "customer_management", area, scenario.calendar.label(month), due, 0.9 * due, 0.1 * due)
            )
    columns = ["replication", "release", "layer", "service_area", "month", "due_fte", "gone_fte", "deferred_fte"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture(scope="module")
def outcome(scenario, transition):
    last = transition[transition["month"] == "2023-03"]["gone_fte"].sum()
    capacity = pd.DataFrame(
        {
            "replication": [0],
            "layer": ["customer_management"],
            "released_fte": [last],
            "posts_releasable": [POSTS_SHARE * last],
        }
    )
    return with_money(Outcome({"transition": transition, "capacity": capacity}, {}), scenario, case_money(scenario))


def simulated(table):
    return table[table["posts"] == "simulated"]


def test_fte_of_the_years_add_up_to_the_posts_gone(outcome, transition):
    gone = transition[transition["month"] == "2023-03"].groupby("release")["gone_fte"].sum()
    found = simulated(outcome.tables["releases"]).groupby("release")["released_fte"].sum()
    assert found.to_dict() == pytest.approx(gone.to_dict())


def test_pounds_are_those_of_the_finance_table(outcome):
    table, finance = outcome.tables["releases"], outcome.tables["finance"]
    years = finance[finance["financial_year"].isin(table["financial_year"]) & (finance["release"] != "all")]
    for posts in ("case", "simulated"):
        rows, ours = years[years["posts"] == posts], table[table["posts"] == posts]
        saved = rows[(rows["line"] == "posts") & (rows["effect"] != "cost")]["pounds"].sum()
        assert ours["benefit_pounds"].sum() == pytest.approx(saved)
        assert ours["cost_pounds"].sum() == pytest.approx(-rows[rows["effect"] == "cost"]["pounds"].sum())


def test_only_the_part_that_can_be_posts_saves_money(outcome, scenario):
    price = scenario.council.layers["customer_management"].pounds_per_fte.value
    whole = simulated(outcome.tables["finance"])
    posts = whole[(whole["line"] == "posts") & (whole["effect"] == "budget_reduction")]
    gone = simulated(outcome.tables["releases"])["released_fte"].sum()
    last = posts[posts["financial_year"] == "2027/28"]["pounds"].sum()
    assert last == pytest.approx(POSTS_SHARE * gone * price)


def test_time_returned_is_capacity_and_no_money(outcome):
    rows = simulated(outcome.tables["finance"])
    returned = rows[rows["effect"] == "capacity"]
    assert returned["pounds"].isna().all() and returned["not_money_pounds"].sum() > 0


def test_a_release_is_identified_then_planned_then_in_delivery(outcome):
    rows = simulated(outcome.tables["releases"])
    course = rows[(rows["release"] == "r4") & (rows["service_area"] == "childrens")].sort_values("financial_year")
    assert course["status"].tolist()[1:] == ["in_delivery"] * 4


def test_the_summary_says_whose_money_it_is_and_keeps_the_case_s_apart(outcome):
    assert outcome.summary["money_is"]["posts"] == "simulated"
    assert outcome.summary["case_money"]["money_is"]["posts"] == "case"
    assert outcome.summary["case_money"]["implementation_pounds"]["mean"] == pytest.approx(17.9e6, rel=0.01)


def test_a_council_without_money_gets_none():
    before = Outcome({}, {})
    assert with_money(before, load("district"), {}) is before


def test_what_work_moves_to_is_a_cost_and_wholly_of_posts():
    reduced = pd.DataFrame({"layer": ["a", "b"], "reduction_fte": [4.0, -2.0]})
    capacity = pd.DataFrame({"layer": ["a", "b"], "released_fte": [4.0, -2.0], "posts_releasable": [1.0, -2.0]})
    found = by_effect(reduced, capacity).set_index(["layer", "effect"])["reduction_fte"]
    assert found.to_dict() == {("a", "budget_reduction"): 1.0, ("b", "budget_reduction"): -2.0, ("a", "capacity"): 3.0}


def test_reductions_by_month_add_up_to_what_has_gone(transition):
    found = reductions(transition)
    assert np.isclose(found["reduction_fte"].sum(), transition[transition["month"] == "2023-03"]["gone_fte"].sum())
