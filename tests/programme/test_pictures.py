"""The plan as tables and pictures: complete, the same bytes every time, readable without seeing them."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from layers.programme.plan import Plan
from simulation.cli.main import status_of
from simulation.describe import breaches_of, plan_of, precedence_svg, release_rows, timeline_svg
from simulation.scenario import load

Draw = Callable[[Plan, str], str]
SVG = "{http://www.w3.org/2000/svg}"


@cache
def plan(name: str, *sets: str) -> Plan:
    found = plan_of(load(name, sets))
    assert found is not None
    return found


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", [timeline_svg, precedence_svg])
@pytest.mark.parametrize("name", ["oxfordshire", "technology_late", "stop_after_release_2", "district"])
def test_a_picture_is_the_same_every_time_and_says_in_words_what_it_shows(draw: Draw, name: str) -> None:
    svg = draw(plan(name), "A title with <marks>")
    assert svg == draw(plan(name), "A title with <marks>")
    (words,) = [found.text or "" for found in ET.fromstring(svg).iter(f"{SVG}desc")]
    for row in release_rows(plan(name)):
        assert (f"live {row.go_live}" if row.go_live else "not delivered") in words
        assert all(part in words for part in row.parts)


def test_the_timeline_names_every_part_and_every_breach() -> None:
    said = " ".join(texts(timeline_svg(plan("oxfordshire"), "x")))
    assert all(part.label in said for part in plan("oxfordshire").programme.parts.values())
    assert "Soft breaches: 6, score 21" in said
    assert all(f"(score {breach.score:g})" in said for breach in breaches_of(plan("oxfordshire")))


def test_the_timeline_lists_what_is_not_delivered() -> None:
    said = " ".join(texts(timeline_svg(plan("stop_after_release_2"), "x")))
    assert "Not delivered: Adult Services, Fire and Rescue" in said


def test_the_precedence_graph_has_a_box_for_every_part_and_milestone_and_counts_what_is_broken() -> None:
    said = texts(precedence_svg(plan("oxfordshire"), "x"))
    assert {part.label for part in plan("oxfordshire").programme.parts.values()} <= set(said)
    assert any(line.endswith("Broken 4 times.") for line in said)


def test_a_plan_without_rules_can_be_drawn_too() -> None:
    free = plan("oxfordshire", "programme.edges=null", "programme.milestones=null")
    assert "Adult Services" in texts(precedence_svg(free, "x"))


def test_describe_prints_the_plan_as_json_with_what_the_case_implies(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["describe", "stop_after_release_2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    first, *_, last = said["programme"]["releases"]
    assert (first["go_live"], first["budget"]) == ("2019-04", "2019/20")
    assert "go_live" not in last
    assert said["programme"]["score"] == sum(breach["score"] for breach in said["programme"]["soft_breaches"])
    assert {(cell["level"], cell["layer"]) for cell in said["high_rates"]} == {("high", "provision_cycle")}


def test_describe_draws_both_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / "t.svg", tmp_path / "p.svg"]
    assert status_of(["describe", "district", "--timeline", str(files[0]), "--precedence", str(files[1])]) == 0
    assert all(file.read_text(encoding="utf-8").startswith("<?xml") for file in files)
    assert "Timeline: " in capsys.readouterr().out


def test_a_council_without_a_plan_has_none_to_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["describe", "one_queue", "--timeline", str(tmp_path / "t.svg")]) == 2
    assert "programme: there is no plan to draw" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_figures_of_the_case_that_cannot_be_fitted_do_not_stop_the_description(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sets = ["--set", "layers.provision_cycle.existing_fte=34", "--set", "back_office.provision_cycle=null"]
    assert status_of(["describe", "oxfordshire", *sets]) == 0
    assert "cannot be fitted" in capsys.readouterr().out
