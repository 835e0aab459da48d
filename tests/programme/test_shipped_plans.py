"""The plans that are shipped: small diffs of the published one, each with its own date for Adult Services."""

import pytest

from layers.programme.plan import Plan
from layers.shipped import configs_folder
from simulation.case import reduction_path, release_table
from simulation.scenario import load

ADULTS_LIVE = {
    "published_low": "2019-10",
    "published_mid": "2019-10",
    "published_high": "2019-10",
    "order_2019": "2020-08",
    "six_month_slip": "2020-04",
    "internal_team": "2020-10",
    "procurement_delay": "2020-07",
    "technology_late": "2020-01",
    "stop_after_release_2": None,
    "big_bang": "2020-01",
    "adults_last": "2020-04",
}


@pytest.mark.parametrize("name", ADULTS_LIVE)
def test_adult_services_change_how_they_serve_customers_from_the_month_the_plan_says(name: str) -> None:
    scenario = load(name)
    assert scenario.council.programme is not None
    month = Plan(scenario.council.programme, scenario.calendar).go_live("customer_management", "adults")
    assert (None if month is None else scenario.calendar.label(month)) == ADULTS_LIVE[name]


@pytest.mark.parametrize("name", ADULTS_LIVE)
def test_a_shipped_plan_is_a_small_diff_of_the_published_one(name: str) -> None:
    text = (configs_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    assert "extends: oxfordshire.yaml" in text
    plan = text.split("programme:", 1)[1].strip().splitlines()
    assert len(plan) <= (3 if name != "order_2019" else 24)


def test_as_is_has_no_plan() -> None:
    assert load("as_is").council.programme is None


def test_a_plan_that_delivers_nothing_releases_nothing() -> None:
    parts = load("oxfordshire").council.programme.parts  # type: ignore[union-attr]
    scenario = load("oxfordshire", [f"programme.parts.{part}.release=none" for part in parts])
    path = reduction_path(scenario.council, "mid", "A")
    assert path.empty
    assert release_table(path, "nothing", "A", scenario.calendar).empty
