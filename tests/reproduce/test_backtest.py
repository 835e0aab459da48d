"""The back-test: what September 2018 would have said beside July 2019; one history, nothing learnt from it."""

import shutil
from pathlib import Path

import pytest

from layers.published import read_published
from layers.shipped import configs_folder
from simulation.reproduce import Look, back_test


@pytest.fixture(scope="module")
def looks() -> dict[str, Look]:
    return {look.question: look for look in back_test()}


def both(look: Look, plan: str) -> list[float]:
    return [round(look.modelled[plan][reading], 1) for reading in ("A", "B")]


def test_the_plan_expected_the_years_total_and_not_what_it_was_made_of(looks: dict[str, Look]) -> None:
    total = looks["Expected of 2019/20 to 2022/23: all"]
    assert both(total, "published_plan") == [45.8, 45.8] and total.observed == pytest.approx(44.817)
    people = looks["Expected of 2019/20 to 2022/23: people's time"]
    assert both(people, "published_plan") == [27.8, 27.8] and people.observed == pytest.approx(19.832)


def test_a_run_rate_has_fewer_posts_gone_by_the_quarter_than_half_at_once(looks: dict[str, Look]) -> None:
    assert both(looks["Posts gone by June 2019"], "published_plan") == [pytest.approx(13.75, abs=0.06), 55.0]
    assert looks["Posts gone by June 2019"].observed is None
    assert "observed" not in looks["Posts gone by June 2019"].as_json()


def test_the_share_of_the_year_delivered_by_the_first_quarter_is_beside_15_percent(looks: dict[str, Look]) -> None:
    share = looks["Delivered by June 2019, of the year"]
    assert share.observed == 15
    assert both(share, "published_plan") == [pytest.approx(15.3, abs=0.2), pytest.approx(61.2, abs=0.5)]


def test_on_the_dates_of_2019_nobody_has_gone_by_june(looks: dict[str, Look]) -> None:
    assert both(looks["Posts gone by June 2019"], "order_2019") == [0, 0]
    assert both(looks["First go-live after April 2019"], "order_2019") == [7, 7]


def test_nothing_that_july_2019_reports_moves_what_the_model_says(tmp_path: Path, looks: dict[str, Look]) -> None:
    folder = Path(shutil.copytree(configs_folder() / "published", tmp_path / "published"))
    table = folder / "progress_2019.csv"
    text = table.read_text(encoding="utf-8").replace("spend.to_date,1.8,", "spend.to_date,5.8,")
    table.write_text(
        text.replace("year.redesign.target.2019/20,2.282,", "year.redesign.target.2019/20,9.9,"), encoding="utf-8"
    )
    changed = {look.question: look for look in back_test(read_published(folder))}
    assert {question: look.modelled for question, look in changed.items()} == {
        q: look.modelled for q, look in looks.items()
    }
    assert changed["Spent on implementation by June 2019"].observed == 5.8
