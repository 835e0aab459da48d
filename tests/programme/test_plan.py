"""When a lever moves: go-live by layer and area, progress, the dip, training; each change of a plan is one line."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.programme.behaviour import Behaviour, minutes_factor, slowing, take_up, training_hours
from layers.programme.plan import Plan, published_progress
from simulation.scenario import load

YEARS = range(60)


@cache
def plan(*sets: str, name: str = "oxfordshire") -> Plan:
    scenario = load(name, sets)
    assert scenario.council.programme is not None
    return Plan(scenario.council.programme, scenario.calendar)


def when(layer: str, area: str, *sets: str) -> str | None:
    month = plan(*sets).go_live(layer, area)
    return None if month is None else plan().calendar.label(month)


@pytest.mark.parametrize(
    ("layer", "area", "date", "release"),
    [
        ("customer_management", "customer_experience", "2019-04", "r1"),
        ("customer_management", "adults", "2019-10", "r3"),
        ("enabling_support", "policy", "2019-07", "r2"),
        ("enabling_support", "infrastructure_operations", "2019-07", "r2"),
        ("middle_office", "childrens", "2020-01", "r4"),
        ("service_delivery", "fire_and_rescue", "2019-10", "r3"),
    ],
)
def test_a_lever_starts_at_the_later_of_its_layers_and_its_areas_go_live(
    layer: str, area: str, date: str, release: str
) -> None:
    assert when(layer, area) == date
    assert plan().release_of(layer, area) == release


LATER = "programme.parts.customer_management.delay_months=24"


def test_a_late_layer_holds_back_every_area() -> None:
    assert when("customer_management", "adults", LATER) == "2021-04"
    assert when("customer_assessment", "adults", LATER) == "2019-10"


def test_a_corporate_area_follows_the_layer_however_late_it_is_redesigned_itself() -> None:
    late = "programme.parts.customer_experience.release=r4"
    assert when("customer_management", "customer_experience", late) == "2019-04"
    assert when("service_delivery", "customer_experience", late) == "2020-01"


def test_the_alternative_rule_starts_a_lever_at_its_layers_go_live() -> None:
    assert when("customer_management", "adults", "programme.lever_acts=layer") == "2019-04"


ONE_LINE = {
    "a part moved": ("programme.parts.adults.release=r4", "2020-01"),
    "a part left out": ("programme.parts.adults.release=none", None),
    "a release delayed": ("programme.releases.r3.delay_months=6", "2020-04"),
    "a release dated anew": ("programme.releases.r3.go_live=2019-12", "2019-12"),
    "two releases in parallel": ("programme.releases.r3.go_live=2019-07", "2019-07"),
    "everything delayed": ("programme.delay_months=12", "2020-10"),
    "another order": ("programme.order=[r1, r2, r4, r3]", "2020-01"),
    "stopped before": ("programme.stop_after=r2", None),
}


@pytest.mark.parametrize("case", ONE_LINE)
def test_each_change_of_a_plan_is_one_line(case: str) -> None:
    line, expected = ONE_LINE[case]
    assert when("customer_management", "adults", line) == expected


def test_a_plan_in_another_order_takes_the_same_dates() -> None:
    moved = plan("programme.order=[r4, r3, r2, r1]").release_months
    assert sorted(moved.values()) == sorted(plan().release_months.values())
    assert moved["r4"] == plan().release_months["r1"]


@cache
def pairs() -> list[tuple[str, str]]:
    council = load("oxfordshire").council
    return [(layer, area) for layer in council.layers for area in council.service_areas]


@pytest.mark.parametrize("reading", ["behavioural", "A", "B"])
def test_progress_is_nothing_before_go_live_and_never_falls_back(reading: str) -> None:
    found = plan(f"programme.reading={reading}")
    for layer, area in pairs():
        start = found.go_live(layer, area)
        assert start is not None
        steps = [found.progress(layer, area, month) for month in YEARS]
        assert all(step == 0 for step in steps[:start]) and steps[start] > 0
        assert all(0 <= a <= b <= 1 for a, b in pairwise(steps))
        if reading != "behavioural":
            assert steps[-1] == 1


def test_what_is_not_delivered_never_moves() -> None:
    stopped = plan("programme.stop_after=r2")
    assert stopped.release_of("customer_management", "adults") is None
    assert [stopped.progress("customer_management", "adults", month) for month in YEARS] == [0.0] * 60
    assert {stopped.productivity("customer_management", "adults", month) for month in YEARS} == {1.0}


def test_reading_a_is_a_line_of_24_monthly_steps_and_b_two_halves_a_year_apart() -> None:
    assert [published_progress("A", month, 24) for month in (-1, 0, 11, 23, 24)] == [0, 1 / 24, 0.5, 1, 1]
    assert [published_progress("B", month, 24) for month in (-1, 0, 11, 12, 40)] == [0, 0.5, 0.5, 1, 1]


@cache
def behaviour() -> Behaviour:
    found = plan().programme.behaviour
    assert found is not None
    return found


def test_half_the_way_is_gone_at_the_half_time() -> None:
    half = behaviour().take_up_half_months.value
    assert take_up(behaviour(), half) == pytest.approx(0.5)
    assert take_up(behaviour(), 2 * half, slower=2) == pytest.approx(0.5)


@given(st.floats(0.1, 59), st.floats(1, 1.5))
def test_a_larger_gap_is_never_quicker(months: float, slower: float) -> None:
    assert take_up(behaviour(), months, slower) <= take_up(behaviour(), months)


def test_the_largest_gap_slows_in_full_a_low_one_and_a_missing_one_not_at_all() -> None:
    assert slowing(behaviour(), "customer_management", "adults") == behaviour().largest_gap_slows.value
    assert slowing(behaviour(), "customer_assessment", "public_health") == 1
    assert slowing(behaviour(), "customer_management", "hr") == 1


def test_the_dip_is_deepest_at_go_live_fades_and_never_turns_into_a_gain() -> None:
    factors = [minutes_factor(behaviour(), month) for month in range(60)]
    assert minutes_factor(behaviour(), -1) == 1
    assert factors == sorted(factors, reverse=True) and all(factor >= 1 for factor in factors)
    assert 1.08 < factors[0] < 1 / (1 - behaviour().dip_share.value)


def test_the_dip_costs_as_much_work_as_the_whole_dip_over_its_months() -> None:
    lost = sum(1 - 1 / minutes_factor(behaviour(), month) for month in range(600))
    assert lost == pytest.approx(behaviour().dip_share.value * behaviour().dip_months.value)


@pytest.mark.parametrize("months", [0.5, 1, 1.5, 3])
def test_all_training_hours_fall_before_go_live(months: float) -> None:
    changed = behaviour().model_copy(
        update={"training_months": behaviour().training_months.model_copy(update={"value": months})}
    )
    hours = [training_hours(changed, month) for month in range(-12, 12)]
    assert sum(hours[:12]) == pytest.approx(changed.training_hours.value)
    assert not any(hours[12:])


def test_the_readings_of_the_published_profile_know_no_dip_and_no_training() -> None:
    for reading in ("A", "B"):
        found = plan(f"programme.reading={reading}")
        assert {found.productivity(layer, area, month) for layer, area in pairs() for month in (12, 15, 21)} == {1.0}
        assert not any(found.training_hours_per_fte(layer, area, 20) for layer, area in pairs())
    assert plan().productivity("customer_management", "childrens", 21) > 1
    assert plan().training_hours_per_fte("customer_management", "childrens", 20) > 0


@pytest.mark.parametrize(("release", "start", "signed", "year"), [
    ("r1", "2018-10", "2018-09", "2019/20"),
    ("r2", "2019-01", "2018-12", "2019/20"),
    ("r3", "2019-04", "2019-03", "2020/21"),
    ("r4", "2019-07", "2019-06", "2020/21"),
])  # fmt: skip
def test_construct_takes_six_months_and_a_saving_signed_off_after_february_waits_a_year(
    release: str, start: str, signed: str, year: str
) -> None:
    found, label = plan(), plan().calendar.label
    assert (label(found.construct(release).start), len(found.construct(release))) == (start, 6)
    assert label(found.sign_off(release)) == signed
    assert found.calendar.financial_year(found.base_month(release)) == year


def test_a_council_of_two_releases_works_too() -> None:
    district = plan(name="district")
    assert district.calendar.label(district.go_live("customer_management", "housing") or 0) == "2020-10"
    assert district.release_of("customer_management", "revenues_and_benefits") == "first"
