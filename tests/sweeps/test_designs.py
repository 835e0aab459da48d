"""Sweep files and their designs: what varies, in which order, what is kept, and what a run's name depends on."""

from pathlib import Path
from typing import Any

import pytest

from layers.problems import InputError
from simulation.sweeps.design import Design
from simulation.sweeps.plan import Plan, check_sweep, plan_of

HEAD = "scenarios: one_queue\nmonths: 1\nsearch: false\n"
STAFFING = "  staffing: {set: teams.staffing_factor, values: [0.9, 1.1]}\n"
VOLUME = "  volume: {set: demand.volume_factor, range: {from: 0.9, to: 1.1, count: 3}}\n"


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    """The plan of a sweep file of some text."""

    def of(text: str, **changes: Any) -> Plan:
        (tmp_path / "made.yaml").write_text(HEAD + text)
        return plan_of(str(tmp_path / "made.yaml"), changes)

    return of


@pytest.fixture
def problems(tmp_path: Path) -> Any:
    """What is wrong with a sweep file of some text, a line each."""

    def of(text: str) -> list[str]:
        (tmp_path / "made.yaml").write_text(text)
        with pytest.raises(InputError) as wrong:
            check_sweep(str(tmp_path / "made.yaml"))
        return [str(problem).split("made.yaml:")[-1] for problem in wrong.value.problems]

    return of


def cells(design: Design) -> list[tuple[Any, ...]]:
    return [point.cells for point in design.points]


def test_a_grid_is_every_combination_in_the_order_of_the_file(plan: Any) -> None:
    design = plan(f"parameters:\n{STAFFING}{VOLUME}").design
    assert cells(design) == [(s, v) for s in (0.9, 1.1) for v in (0.9, 1.0, 1.1)]
    assert design.points[1].sets == ("teams.staffing_factor=0.9", "demand.volume_factor=1.0")


def test_a_sweep_of_no_parameters_has_its_replications(plan: Any) -> None:
    design = plan("replications: 7\n").design
    assert (len(design.points), design.runs, len(set(design.ids))) == (1, 7, 7)


def test_choices_set_several_paths_at_once(plan: Any) -> None:
    text = (
        "  team: {choices: {lean: {teams.staffing_factor: 0.8, demand.growth: 0}, usual: {teams.staffing_factor: 1}}}\n"
    )
    design = plan("parameters:\n" + text).design
    assert cells(design) == [("lean",), ("usual",)]
    assert design.points[0].sets == ("teams.staffing_factor=0.8", "demand.growth=0")


def test_a_step_reaches_the_end_and_no_value_has_a_tail(plan: Any) -> None:
    text = "  volume: {set: demand.volume_factor, range: {from: 0.7, to: 1.0, step: 0.1}}\n"
    assert cells(plan("parameters:\n" + text).design) == [(0.7,), (0.8,), (0.9,), (1.0,)]


def test_a_latin_hypercube_meets_every_part_of_every_range_once(plan: Any) -> None:
    text = (
        "parameters:\n  a: {set: teams.staffing_factor, sampled: {low: 1, high: 2}}\n"
        "  b: {set: demand.volume_factor, sampled: {low: 0.5, high: 1.0}}\nsamples: [{points: 20, seed: 3}]\n"
    )
    design = plan(text).design
    for parameter, (low, high) in enumerate(((1.0, 2.0), (0.5, 1.0))):
        parts = sorted(int((point.cells[parameter] - low) / (high - low) * 20) for point in design.points)
        assert parts == list(range(20))


def test_a_sampled_assumption_takes_its_own_range() -> None:
    from simulation.describe import assumptions
    from simulation.scenario import load
    from simulation.sweeps.bases import read_bases
    from simulation.sweeps.sweep_file import Sweep

    row = next(r for r in assumptions(load("district")) if r.low is not None and r.high is not None)
    sweep = Sweep.model_validate(
        {"scenarios": "district", "parameters": {"a": {"set": row.path, "sampled": {}}}, "samples": [{"points": 2}]}
    )
    (base,) = read_bases(None, sweep, Path())  # type: ignore[arg-type]
    assert base.bounds == {"a": (row.low, row.high)}


def test_more_samples_and_more_replications_leave_the_names_of_the_others_as_they_are(plan: Any) -> None:
    text = "parameters:\n  a: {set: teams.staffing_factor, sampled: {low: 1, high: 2}}\nsamples: [{points: 4, seed: 1}"
    few = plan(text + "]\nreplications: 2\n").design
    more = plan(text + ", {points: 3, seed: 2}]\nreplications: 5\n").design
    assert set(few.ids) < set(more.ids)
    assert more.runs == 35


@pytest.mark.parametrize(
    "changes", [{"seed": 2}, {"months": 2}, {"search": True}, {"metrics": ("effort_released_fte",)}, {"tables": ()}]
)
def test_a_run_s_name_changes_with_all_that_it_is_a_result_of(plan: Any, changes: dict[str, Any]) -> None:
    assert not set(plan("replications: 3\n").design.ids) & set(plan("replications: 3\n", **changes).design.ids)


def test_a_run_s_name_changes_with_what_is_set_and_not_with_the_folder(plan: Any, tmp_path: Path) -> None:
    one = plan(f"parameters:\n{STAFFING}").design
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "made.yaml").write_text((tmp_path / "made.yaml").read_text())
    assert plan_of(str(elsewhere / "made.yaml"), {}).design.ids == one.ids
    assert not set(plan_of(str(elsewhere / "made.yaml"), {}, ["demand.growth=0.5"]).design.ids) & set(one.ids)


def test_conditions_keep_the_points_that_meet_them_all(plan: Any) -> None:
    kept = plan(f"keep: [staffing < 1 or volume = 1, volume > 0.95]\nparameters:\n{STAFFING}{VOLUME}").design
    assert cells(kept) == [(0.9, 1.0), (0.9, 1.1), (1.1, 1.0)]


@pytest.mark.parametrize("condition", ["nothing = 1", "volume >", "point IN (SELECT 1 FROM read_csv('/etc/passwd'))"])
def test_a_condition_that_is_wrong_or_looks_elsewhere_is_refused(problems: Any, condition: str) -> None:
    (said,) = problems(f'{HEAD}keep: ["{condition}"]\nparameters:\n{VOLUME}')
    assert said.startswith("4: keep: ")


def test_every_problem_of_a_sweep_file_is_told_at_once_with_its_line(problems: Any) -> None:
    said = problems(
        "scenarios: one_queue\nmonth: 1\nparameters:\n  a: {set: demand.growth, values: []}\n  run: {values: [1]}\n"
    )
    assert [line.split(":")[0] for line in said] == ["2", "4", "5"]
    assert "did you mean months?" in said[0]


def test_a_path_that_no_scenario_has_is_told_at_the_line_of_its_parameter(problems: Any) -> None:
    (said,) = problems(f"{HEAD}parameters:\n{STAFFING}  growth: {{set: demand.grwth, values: [0.1]}}\n")
    assert said.startswith("6: parameters.growth.set: demand.grwth: unknown key")
    assert "did you mean growth?" in said


def test_a_scenario_that_there_is_not_is_told_at_its_line(problems: Any) -> None:
    (said,) = problems("scenarios: [one_quue]\n")
    assert said.startswith("1: scenarios.0: no such file")
    assert "did you mean one_queue?" in said


def test_a_design_too_large_to_hold_is_refused_before_it_is_made(problems: Any) -> None:
    text = "  a: {set: demand.growth, range: {from: 0, to: 1, count: 100000}}\n"
    (said,) = problems(f"{HEAD}replications: 1000\nparameters:\n{text}")
    assert "100,000,000 runs, expected at most 10,000,000" in said


def test_chunks_hold_every_run_once_in_order(plan: Any) -> None:
    design = plan(f"replications: 333\nparameters:\n{STAFFING}").design
    held = [i for chunk in range(design.chunks) for i in design.runs_of(chunk)]
    assert held == list(range(design.runs))
    assert design.frame()["run"].tolist() == list(design.ids)
