"""The case's benefit by layer and area keeps to the printed margins; its path gives the printed years."""

from functools import cache

import pandas as pd
import pytest

from layers.problems import InputError
from layers.programme.section import CaseLevel, Reading
from layers.published import Published, read_published
from simulation.case import BenefitCell, benefit_cells, reduction_path, release_table
from simulation.case.margins import by_group, by_release, group_of, pounds_per_fte
from simulation.council import Council
from simulation.scenario import Scenario, load

LEVELS: tuple[CaseLevel, ...] = ("low", "mid", "high")
READINGS: tuple[Reading, ...] = ("A", "B")


@cache
def scenario(*sets: str) -> Scenario:
    return load("oxfordshire", sets)


@cache
def cells(level: CaseLevel = "mid") -> tuple[BenefitCell, ...]:
    return benefit_cells(scenario().council, level)


@cache
def path(level: CaseLevel, reading: Reading, *sets: str) -> pd.DataFrame:
    return reduction_path(scenario(*sets).council, level, reading)


@pytest.fixture(scope="module")
def published() -> Published:
    return read_published()


@pytest.mark.parametrize(("level", "total"), [("low", 603), ("mid", 744), ("high", 885)])
def test_the_cells_sum_to_the_case(level: CaseLevel, total: float) -> None:
    assert sum(cell.benefit_fte for cell in cells(level)) == pytest.approx(total, abs=1e-6)


@pytest.mark.parametrize("level", LEVELS)
def test_the_cells_keep_to_both_printed_margins(level: CaseLevel, published: Published) -> None:
    for group, fte in by_group(published, level).items():
        held = sum(cell.benefit_fte for cell in cells(level) if group_of(cell.layer) == group)
        assert held == pytest.approx(fte, abs=1e-6), group
    for release, fte in by_release(published, level).items():
        held = sum(cell.benefit_fte for cell in cells(level) if cell.published_release == release)
        assert held == pytest.approx(fte, abs=1e-6), release


def test_release_1_holds_110_fte_and_never_the_513_of_its_layers() -> None:
    first = [cell for cell in cells() if cell.published_release == 1]
    assert sum(cell.benefit_fte for cell in first) == pytest.approx(110)
    assert {cell.service_area for cell in first} == {"policy", "customer_experience"}


def test_no_cell_gives_more_than_it_has_and_only_the_provision_cycle_at_the_high_end_gives_more_than_half() -> None:
    assert all(0 < cell.benefit_fte <= cell.existing_fte for level in LEVELS for cell in cells(level))
    assert {(level, cell.layer) for level in LEVELS for cell in cells(level) if cell.is_high} == {
        ("high", "provision_cycle")
    }


def test_within_a_layer_and_release_all_areas_give_the_same_share_as_the_prior_knows_no_better() -> None:
    rates: dict[tuple[str, int], set[float]] = {}
    for cell in cells():
        rates.setdefault((group_of(cell.layer), cell.published_release), set()).add(round(cell.implied_rate, 9))
    assert all(len(found) == 1 for found in rates.values())


def test_a_council_that_is_not_the_cases_is_refused_with_the_place() -> None:
    with pytest.raises(InputError, match="compared_with: is needed"):
        benefit_cells(load("district").council)


def test_margins_that_effort_cannot_meet_are_refused_with_the_place() -> None:
    none = scenario("layers.provision_cycle.existing_fte=0", "back_office.provision_cycle=null").council
    with pytest.raises(
        InputError, match=r"programme\.case\.provision_cycle: provision_cycle has 33 FTE but no release"
    ):
        benefit_cells(none)


def test_more_than_there_is_is_refused_with_the_place() -> None:
    few = scenario("layers.provision_cycle.existing_fte=34", "back_office.provision_cycle=null").council
    with pytest.raises(
        InputError, match=r"effort_matrix\.weights\.provision_cycle\.values\.adults: the case's margins"
    ):
        benefit_cells(few)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("level", LEVELS)
def test_every_post_of_the_case_goes_once(level: CaseLevel, reading: Reading) -> None:
    steps = path(level, reading)
    assert list(steps) == ["release", "layer", "service_area", "month", "reduction_fte"]
    assert steps["reduction_fte"].sum() == pytest.approx({"low": 603, "mid": 744, "high": 885}[level])
    assert (steps["reduction_fte"] > 0).all()
    assert not steps.duplicated(["release", "layer", "service_area", "month"]).any()


def test_by_reading_a_201_posts_have_gone_by_march_2020_and_by_b_372() -> None:
    gone = {reading: path("mid", reading).query("month < '2020-04'")["reduction_fte"].sum() for reading in READINGS}
    assert gone == {"A": pytest.approx(201), "B": pytest.approx(372)}
    assert max(path("mid", "A")["month"]) == "2021-12" and max(path("mid", "B")["month"]) == "2021-01"


def yearly(reading: Reading) -> pd.DataFrame:
    table = release_table(path("mid", reading), "oxfordshire", reading, scenario().calendar)
    return table.groupby(["release", "financial_year"])[["released_fte", "benefit_pounds"]].sum()


def test_both_readings_count_the_same_years() -> None:
    pd.testing.assert_frame_equal(yearly("A"), yearly("B"))
    fte = yearly("A")["released_fte"]
    assert fte["r3"].to_dict() == pytest.approx({"2019/20": 81.5, "2020/21": 163, "2021/22": 81.5})


def test_the_release_table_prices_every_post_at_its_layers_published_benefit(published: Published) -> None:
    price = pounds_per_fte(published)
    assert {group: round(pounds, -2) for group, pounds in price.items()} == {
        "customer_layers": 36900, "provision_cycle": 47600, "strategic_capability": 55800, "business_intelligence": 64000,
        "enabling_support": 37600, "service_delivery": 29400,
    }  # fmt: skip
    total = sum(cell.benefit_fte * price[group_of(cell.layer)] for cell in cells())
    assert yearly("A")["benefit_pounds"].sum() == pytest.approx(total)
    assert total == pytest.approx(27.8e6, abs=0.1e6)


def moved(*sets: str) -> pd.Series:
    return path("mid", "A", *sets).groupby("release")["reduction_fte"].sum()


def test_a_moved_part_takes_its_posts_along_and_changes_no_others() -> None:
    adults = sum(cell.benefit_fte for cell in cells() if cell.service_area == "adults")
    change = moved("programme.parts.adults.release=r4") - moved()
    assert change.to_dict() == pytest.approx({"r1": 0, "r2": 0, "r3": -adults, "r4": adults}, abs=1e-9)


def test_a_slip_moves_every_post_by_as_many_months() -> None:
    base, late = (path("mid", "A", *sets)["month"].unique() for sets in ((), ("programme.delay_months=6",)))
    number = scenario().calendar.month_number
    assert sorted(number(month) for month in late) == [number(month) + 6 for month in sorted(base)]


def test_stopping_after_release_2_leaves_the_posts_of_3_and_4() -> None:
    assert moved("programme.stop_after=r2").to_dict() == pytest.approx({"r1": 110, "r2": 104})


def test_if_levers_acted_at_the_layers_go_live_release_1_would_book_its_whole_layers_against_the_printed_110() -> None:
    assert moved("programme.lever_acts=layer")["r1"] > 513 + 33 + 26 + 1 - 1e-6
    assert moved()["r1"] == pytest.approx(110)


def council_without_plan() -> Council:
    return scenario().council.model_copy(update={"programme": None})


def test_a_council_without_a_plan_is_refused() -> None:
    with pytest.raises(InputError, match="programme: is needed"):
        reduction_path(council_without_plan(), "mid", "A")
