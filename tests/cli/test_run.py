from pathlib import Path

import pytest

from simulation.store.result import read_manifest, read_result, read_summary


def result_folders(where: Path) -> list[Path]:
    return list(where.glob("*/*")) if where.exists() else []


def test_a_run_ends_with_the_headline_the_verdict_and_the_result_folder(tom, tmp_path):
    said = tom("run", "small")
    (folder,) = result_folders(tmp_path / "results")
    assert said.status == 0
    assert [line.split() for line in said.out.splitlines() if line.startswith(("Customer", "Middle", "All"))] == [
        ["Customer", "management", "500.0", "480.0", "20.0"],
        ["Middle", "office", "1,880.2", "1,870.2", "10.0"],
        ["All", "2,380.2", "2,350.2", "30.0", "(95%:", "27.0", "to", "33.0)"],
        ["All", "30.0"],
    ]
    assert "2,350 FTE of effort instead of 2,380: 30 FTE less (1%)." in said.out
    assert "June 2018 after two weeks' warm-up." in said.out
    assert said.out.endswith(f"Result: {folder}\n")


def test_a_lever_that_releases_nothing_shows_no_minus(tom):
    (row,) = (line.split() for line in tom("run", "small").out.splitlines() if line.startswith("Channel shift"))
    assert row == ["Channel", "shift", "30.0", "0.0"]


def test_json_prints_the_stored_summary_and_the_folder_and_nothing_else(tom, tmp_path):
    said = tom("run", "small", "--json", "--seed", "7", "--months", "2", "--replications", "3")
    (folder,) = result_folders(tmp_path / "results")
    assert said.json == {**read_summary(folder), "result": str(folder)}
    identity = {key: said.json[key] for key in ("schema", "scenario", "seed", "replications", "months", "engine")}
    assert identity == {
        "schema": "tom.summary/1",
        "scenario": "small",
        "seed": 7,
        "replications": 3,
        "months": 1,
        "engine": "compiled",
    }
    assert said.json["runtime_seconds"] >= 0
    assert "a library that prints" in said.err


def test_the_manifest_says_how_to_make_the_result_again(tom, tmp_path):
    tom("run", "small", "--set", "a.b=1", "--set", "c=2", "--engine", "compiled", "--workers", "2")
    (folder,) = result_folders(tmp_path / "results")
    manifest = read_manifest(folder)
    assert manifest["resolved_scenario"] == {"title": "small", "sets": ["a.b=1", "c=2"]}
    assert (manifest["engine"], manifest["workers"]) == ("compiled", 2)
    assert manifest["files"] == [{"name": "small.yaml", "sha256": "ab12"}]
    assert manifest["timings"] == {"queueing_seconds": 0.5}
    assert manifest["notes"] == ["a reference month, scaled as such"]
    assert folder.name.endswith(manifest["input_hash"][:8])


def test_engine_and_workers_leave_the_input_hash_alone_and_the_seed_does_not(tom):
    def input_hash(*options: str) -> str:
        return tom("run", "small", "--json", *options).json["input_hash"]

    assert input_hash("--engine", "simpy", "--workers", "2") == input_hash()
    assert input_hash("--seed", "2") != input_hash()


def test_quiet_prints_the_folder_alone(tom, tmp_path):
    said = tom("run", "small", "--quiet", "--out", "here")
    (folder,) = result_folders(tmp_path / "here")
    assert said.out == f"{folder}\n"
    assert said.err == "a library that prints\n"


def test_notes_go_to_standard_error(tom):
    assert "note: a reference month, scaled as such" in tom("run", "small").err


def test_csv_is_written_beside_parquet(tom, tmp_path):
    tom("run", "small", "--csv")
    (folder,) = result_folders(tmp_path / "results")
    assert (folder / "ledger.csv").read_text().splitlines()[1].endswith("customer_management,1.5")
    assert read_result(folder)["ledger"]["alone_fte"].tolist() == [1.5]


def test_two_runs_make_two_folders(tom, tmp_path):
    tom("run", "small")
    tom("run", "small")
    assert len(result_folders(tmp_path / "results")) == 2


@pytest.mark.parametrize("scenario", ["bad.yaml", "bad two.yaml"])
def test_every_problem_of_a_wrong_scenario_is_told_one_a_line_and_nothing_is_written(tom, tmp_path, scenario):
    said = tom("run", scenario)
    assert said.status == 2
    assert said.out == ""
    assert said.err.splitlines() == [
        f"{scenario}:3: demand.highwys: unknown key, expected one of highways, adult_care, did you mean highways?",
        f"{scenario}:9: period: missing",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_scenario_is_told_as_json_too(tom):
    said = tom("run", "bad.yaml", "--json")
    assert said.status == 2
    assert said.json["error"] == "wrong input: 2 problems"
    assert said.json["problems"][0] == {
        "file": "bad.yaml",
        "line": 3,
        "path": "demand.highwys",
        "message": "unknown key",
        "expected": "one of highways, adult_care",
        "suggestion": "highways",
    }


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_output_folder_below_a_file_fails_before_the_work(tom, tmp_path, monkeypatch, options):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FAKE_EXPERIMENT", "crash")
    said = tom("run", "small", "--out", "file/deep", *options)
    assert said.status == 1
    assert "is not a folder" in (said.json["error"] if options else said.err)


def test_a_crash_is_told_by_its_class_without_a_traceback(tom, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_EXPERIMENT", "crash")
    said = tom("run", "small", "--json")
    assert said.status == 1
    assert said.json == {"error": "ZeroDivisionError: division by zero", "problems": []}
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


def test_the_traceback_of_a_crash_is_there_for_the_asking(tom, monkeypatch):
    monkeypatch.setenv("FAKE_EXPERIMENT", "crash")
    monkeypatch.setenv("TOM_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in tom("run", "small").err
