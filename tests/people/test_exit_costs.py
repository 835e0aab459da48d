"""What a redundancy costs: the statutory table, caps with dates, strain for members only, the protective award."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.assumption import Assumption
from workforce.exit_costs.bill import EVENT, LINES, Money, bill, protective_award
from workforce.exit_costs.pension_strain import pension_strain
from workforce.exit_costs.redundancy_pay import redundancy_pay, statutory_weeks
from workforce.reduction.dates import statutory_notice_weeks
from workforce.routes import CODE
from workforce.section import Workforce

EXAMPLES = [(22, 4, 2), (24, 5, 3.5), (35, 12, 12), (41, 20, 19.5), (45, 10, 12), (55, 20, 27), (61, 20, 30)]


def day(text: str) -> np.ndarray:
    return np.array([text], dtype="datetime64[D]")


def year_by_year(age: int, years: int) -> float:
    """The statute read aloud: each full year back from leaving, by how old the person was throughout."""
    weeks = 0.0
    for back in range(min(years, 20)):
        youngest = age - back - 1
        weeks += 1.5 if youngest >= 41 else (1.0 if youngest >= 22 else 0.5)
    return weeks if years >= 2 else 0.0


@pytest.mark.parametrize(("age", "years", "weeks"), EXAMPLES)
def test_the_statutory_examples_hold(section: Workforce, age: int, years: int, weeks: float) -> None:
    assert statutory_weeks(np.array([age * 12]), np.array([years * 12]), section.rules)[0] == weeks


def test_the_whole_table_of_ages_and_service_is_the_statute_read_aloud(section: Workforce) -> None:
    for age in range(17, 76):
        for years in range(0, age - 15):
            found = statutory_weeks(np.array([age * 12 + 5]), np.array([years * 12 + 5]), section.rules)[0]
            assert found == year_by_year(age, years), (age, years)


@given(age=st.integers(17 * 12, 75 * 12), service=st.integers(0, 40 * 12))
def test_no_payment_is_above_thirty_weeks_or_below_two_years(section: Workforce, age: int, service: int) -> None:
    weeks = statutory_weeks(np.array([age]), np.array([service]), section.rules)[0]
    assert 0 <= weeks <= 30
    assert (weeks == 0) == (service < 24)


@pytest.mark.parametrize(
    ("left", "cap"),
    [("2018-04-05", 508), ("2019-04-05", 508), ("2019-04-06", 525), ("2022-12-31", 571), ("2026-04-06", 751)],
)
def test_the_week_is_capped_as_on_the_day_of_leaving(section: Workforce, left: str, cap: float) -> None:
    scheme = section.exit_costs.local_scheme.model_copy(update={"actual_pay": False})
    pay = redundancy_pay(
        np.array([35 * 12]), np.array([12 * 12]), np.array([90_000.0]), day(left), section.rules, scheme
    )
    assert pay[0] == pytest.approx(12 * cap)


def test_a_generous_scheme_stops_at_104_weeks(section: Workforce) -> None:
    scheme = section.exit_costs.local_scheme.model_copy(update={"multiplier": Assumption(value=9, unit="factor")})
    pay = redundancy_pay(
        np.array([740]), np.array([240]), np.array([52_178.57]), day("2019-06-30"), section.rules, scheme
    )
    assert pay[0] == pytest.approx(104 * 1000, rel=1e-4)


def strain(section: Workforce, age: float = 56, member: int = 1, service: int = 240, left: str = "2019-06-30") -> float:
    given = (np.array([age * 12]), np.array([service]), np.array([30_000.0]), np.array([member]), day(left))
    return float(pension_strain(*given, section.rules, section.exit_costs.pension_strain)[0])


def test_pension_strain_is_paid_for_members_of_55_and_over_only(section: Workforce) -> None:
    assert strain(section, 55) == pytest.approx(30_000)
    assert strain(section, 54.9) == 0
    assert strain(section, 56, member=0) == 0
    assert strain(section, 56, service=23) == 0
    assert strain(section, 66) == 0


def test_from_april_2028_strain_begins_at_57(section: Workforce) -> None:
    assert strain(section, 56, left="2028-04-05") > 0
    assert strain(section, 56, left="2028-04-06") == 0
    assert strain(section, 57, left="2028-04-06") > 0


def money(section: Workforce, first: str = "2019-01") -> Money:
    two = Assumption(value=2, unit="factor")
    return Money(section.rules, section.exit_costs, 24, np.datetime64(first, "M"), two)


def event(**given: object) -> np.ndarray:
    out = np.zeros(1, EVENT)
    usual = {
        "age": 700,
        "service": 240,
        "fte": 1.0,
        "pay": 30_000.0,
        "new_pay": 30_000.0,
        "member": 1,
        "notice": 3,
        "head": 1,
    }
    for field, value in {**usual, "route": CODE["compulsory"], **given}.items():
        out[field] = value
    return out


def lines(section: Workforce, **given: object) -> dict[str, float]:
    return dict(zip(LINES, bill(event(**given), money(section))[0].tolist(), strict=True))


def test_a_firefighter_costs_no_strain(section: Workforce) -> None:
    assert lines(section)["pension_strain"] > 0
    assert lines(section, member=0, terms=4)["pension_strain"] == 0


def test_volunteers_get_the_policys_multiple_and_the_dismissed_the_local_schemes(section: Workforce) -> None:
    assert lines(section, route=CODE["voluntary"])["redundancy_pay"] == pytest.approx(
        2 * lines(section)["redundancy_pay"]
    )


def test_refusing_a_suitable_post_without_reason_loses_the_payment(section: Workforce) -> None:
    assert lines(section, refused=1)["redundancy_pay"] == 0


def test_a_move_costs_protection_of_lost_pay_and_retraining_and_no_redundancy_pay(section: Workforce) -> None:
    moved = lines(section, route=CODE["redeployed"], new_pay=27_000.0, distance=1.0)
    assert moved["pay_protection"] == pytest.approx(3_000 * 1.3 * 2)
    assert moved["retraining"] == 1_500
    assert moved["redundancy_pay"] == moved["pension_strain"] == moved["notice"] == 0


def test_the_protective_award_doubles_in_april_2026(section: Workforce) -> None:
    before = protective_award(event(decided=2), money(section, "2026-01"))
    after = protective_award(event(decided=3), money(section, "2026-01"))
    assert before == pytest.approx(90 * 30_000 / 365.25)
    assert after == pytest.approx(2 * before)


@pytest.mark.parametrize(("months", "weeks"), [(0, 0), (1, 1), (23, 1), (24, 2), (95, 7), (144, 12), (480, 12)])
def test_statutory_notice_is_a_week_a_year_from_two_to_twelve(months: int, weeks: int) -> None:
    assert statutory_notice_weeks(np.array([months]))[0] == weeks
