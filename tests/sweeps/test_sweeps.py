"""Sweeps done: the same runs as `tom run`, the same bytes however they are shared out, nothing done twice, nothing lost."""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from simulation.experiment import Settings, run
from simulation.scenario import load


def tree(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def table(folder: Path, name: str) -> pd.DataFrame:
    where = folder / "runs.parquet" if name == "runs" else folder / "tables" / name / "*.parquet"
    return duckdb.sql(f"SELECT * FROM read_parquet('{where}')").df()


def test_a_run_of_a_sweep_is_the_run_that_tom_run_does(sweep: Any, tmp_path: Path) -> None:
    sweep(replications=3)
    folder = tmp_path / "results" / "small"
    runs, service = table(folder, "runs"), table(folder, "service")
    scenario = load("one_queue", ["teams.staffing_factor=1.1"])
    alone = run(scenario, Settings(months=1, search=False, replications=3)).tables["service"]
    for replication in range(3):
        (name,) = runs.query(f"staffing == 1.1 and replication == {replication}")["run"]
        mine = service[service["run"] == name].drop(columns="run").reset_index(drop=True)
        theirs = alone[alone["replication"] == replication].sort_values("model").reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, theirs[mine.columns], check_dtype=False)


def test_the_metrics_of_a_run_are_those_of_its_summary(sweep: Any, tmp_path: Path) -> None:
    sweep(replications=1)
    row = table(tmp_path / "results" / "small", "runs").query("staffing == 0.9").iloc[0]
    outcome = run(load("one_queue", ["teams.staffing_factor=0.9"]), Settings(months=1, search=False))
    assert row["contacts_simulated"] == outcome.summary["contacts_simulated"]
    assert row["effort_released_fte"] == outcome.summary["effort_released_fte"]["mean"]


def test_doing_it_again_does_nothing_and_says_so(sweep: Any, tmp_path: Path) -> None:
    first = sweep()
    before = tree(tmp_path / "results")
    again = sweep()
    assert first["runs"] == {"planned": 4, "done": 4, "reused": 0, "failed": 0, "remaining": 0}
    assert again["runs"] == {"planned": 4, "done": 0, "reused": 4, "failed": 0, "remaining": 0}
    assert again["tables"] == first["tables"] and "overhead_share" not in again
    assert tree(tmp_path / "results") == before


def test_a_sweep_that_is_added_to_does_only_what_is_new_and_ends_as_if_begun_so(sweep: Any, tmp_path: Path) -> None:
    sweep()
    report = sweep(replications=3, staffing="[0.8, 0.9, 1.1]")
    assert report["runs"] == {"planned": 9, "done": 5, "reused": 4, "failed": 0, "remaining": 0}
    sweep("--out", "afresh", replications=3, staffing="[0.8, 0.9, 1.1]")
    assert tree(tmp_path / "results" / "small") == tree(tmp_path / "afresh" / "small")


def test_an_unfinished_sweep_that_is_added_to_keeps_what_it_has(sweep: Any, tmp_path: Path) -> None:
    half = sweep("--shard", "1/2", replications=4)
    report = sweep(replications=5)
    assert half["runs"]["done"] == report["runs"]["reused"] == 4
    sweep("--out", "afresh", replications=5)
    assert tree(tmp_path / "results" / "small") == tree(tmp_path / "afresh" / "small")


def test_shards_in_any_order_need_nobody_to_put_them_together(sweep: Any, tmp_path: Path) -> None:
    reports = [sweep("--shard", f"{k}/3", replications=5) for k in (3, 1, 2)]
    assert [report["shard"] for report in reports] == ["3/3", "1/3", "2/3"]
    assert sum(report["runs"]["done"] for report in reports) == 10
    assert ["tables" in report for report in reports] == [False, False, True]
    sweep("--out", "whole", replications=5)
    assert tree(tmp_path / "results" / "small") == tree(tmp_path / "whole" / "small")


def test_two_workers_leave_the_bytes_of_one(sweep: Any, tmp_path: Path) -> None:
    sweep("--workers", "2", replications=4)
    sweep("--out", "one", replications=4)
    assert tree(tmp_path / "results" / "small") == tree(tmp_path / "one" / "small")


def test_runs_that_are_no_longer_asked_for_are_never_thrown_away(sweep: Any, tmp_path: Path) -> None:
    sweep()
    before = tree(tmp_path / "results")
    said = sweep(staffing="[0.9]", status=2)
    assert "holds 2 runs that this sweep no longer asks for" in said["problems"][0]["message"]
    assert tree(tmp_path / "results") == before


def test_a_folder_of_another_version_is_refused_with_the_reason(sweep: Any, tmp_path: Path) -> None:
    sweep()
    manifest = tmp_path / "results" / "small" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "version": "0.0.9+0123456789"}))
    said = sweep(status=2)
    assert "holds runs of version 0.0.9+0123456789, and this is" in said["problems"][0]["message"]


def test_a_run_that_fails_is_told_with_its_parameters_and_does_not_stop_the_rest(tom: Any, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(
        "scenarios: one_queue\nmonths: 1\nsearch: false\nparameters:\n"
        "  hours: {set: teams.productive_hours, values: [8760, 0, 8000]}\n"
    )
    report = tom("sweep", "odd.yaml", "--workers", "1", "--json")
    assert report["runs"] == {"planned": 3, "done": 2, "reused": 0, "failed": 1, "remaining": 0}
    (failure,) = report["failures"]
    assert failure["parameters"] == {"hours": 0} and "productive_hours" in failure["message"]
    kept = [json.loads(line) for line in (tmp_path / "results" / "odd" / "failures.jsonl").read_text().splitlines()]
    assert kept == report["failures"]


def test_a_metric_that_no_summary_has_ends_it_at_once_with_what_was_meant(tom: Any, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text("scenarios: one_queue\nmonths: 1\nsearch: false\nmetrics: [contacts_simulatd]\n")
    said = tom("sweep", "odd.yaml", "--workers", "1", "--json", status=2)
    assert said["problems"][0]["suggestion"] == "contacts_simulated"


@pytest.mark.parametrize("shard", ["0/2", "3/2", "one", "1/0"])
def test_a_share_that_is_none_is_refused(sweep: Any, shard: str) -> None:
    assert "is no share" in sweep("--shard", shard, status=2)["problems"][0]["message"]


def test_a_dry_run_says_how_large_it_is_and_writes_nothing(sweep: Any, tmp_path: Path) -> None:
    found = sweep("--dry-run", replications=50)
    assert (found["runs"], found["points"], found["chunks"]) == (100, 2, 50)
    assert 0 < found["seconds_a_run"]["one_queue"] < 30
    assert not (tmp_path / "results").exists()


def test_without_dask_a_cluster_is_refused_with_the_line_that_gets_it(sweep: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("simulation.cluster.is_installed", lambda: False)
    said = sweep("--cluster", "tcp://127.0.0.1:1", status=2)
    assert "start.py --with cluster" in said["problems"][0]["expected"]


def test_check_says_how_many_runs_a_sweep_has(tom: Any) -> None:
    assert "OK: example — a sweep of 30 runs: 10 points × 3 replications" in tom("check", "example").out


def test_a_sweep_can_be_asked_before_it_is_whole_and_after(sweep: Any, tom: Any) -> None:
    asked = ("query", "results/small", "SELECT count(*) AS n, count(DISTINCT run) AS runs FROM service", "--json")
    sweep("--shard", "1/2", replications=4)
    assert tom(*asked)["rows"] == [{"n": 8, "runs": 4}]
    sweep(replications=4)
    assert tom(*asked)["rows"] == [{"n": 16, "runs": 8}]


def test_the_points_of_a_sweep_are_ranked_by_a_metric(sweep: Any, tom: Any) -> None:
    sweep(replications=3)
    found = tom("compare", "results/small", "--metric", "contacts_simulated", "--json")
    assert [point["parameters"] for point in found["points"]] == [{"staffing": 0.9}, {"staffing": 1.1}]
    assert {point["difference"] for point in found["points"]} == {0.0}  # the same contacts, whoever serves them
    said = tom("compare", "results/small", "--metric", "contacts_simulatd", "--json", status=2)
    assert said["problems"][0]["suggestion"] == "contacts_simulated"


def test_results_of_tom_run_are_set_side_by_side(tom: Any, tmp_path: Path) -> None:
    run_ = ("run", "one_queue", "--months", "1", "--no-search", "--workers", "1", "--quiet")
    one, more, other = (
        tom(*run_, *options).out.strip() for options in ((), ("--seed", "1", "--out", "b"), ("--seed", "2"))
    )
    (same,) = tom("compare", one, more, "--json")["comparisons"]
    assert same["paired"] and {entry["difference"] for entry in same["headline"]} == {0.0}
    (apart,) = tom("compare", one, other, "--json")["comparisons"]
    assert apart["why_unpaired"] == "the seeds differ, 1 and 2"
    assert "unpaired" in tom("compare", one, other).out
    assert tom("compare", one, other, "--csv").out.startswith("result,measure,unit,one,other,")
    assert tom("compare", one, status=2).err.startswith("command line: RESULT: one result alone")
