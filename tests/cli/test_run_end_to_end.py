"""`tom run` as a user runs it, on a shipped scenario, in a process of its own: what it prints, writes and leaves behind."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import simulation
from simulation.store.result import read_manifest, read_result, read_summary

ROOT = Path(str(simulation.__file__)).parents[1]
QUICK = (
    "run",
    "oxfordshire",
    "--months",
    "1",
    "--replications",
    "1",
    "--workers",
    "1",
    "--set",
    "levers.in_target=[prevention]",
)
PATIENCE_SECONDS = 120.0
BUSY_SECONDS = 5.0


@dataclass(frozen=True)
class Ran:
    """What a run printed and the folder it wrote."""

    printed: dict[str, Any]
    complaints: str
    folder: Path

    @property
    def parquet(self) -> dict[str, bytes]:
        """The bytes of each table."""
        return {file.name: file.read_bytes() for file in self.folder.glob("*.parquet")}


def tom(*arguments: str, root: Path, cwd: Path, **options: Any) -> subprocess.Popen[str]:
    """Start `tom` from the packages in `root`."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "simulation", *arguments]
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=cwd, env=environment, **streams, **options)


def finished(process: subprocess.Popen[str]) -> Ran:
    said, complaints = process.communicate(timeout=300)
    assert process.returncode == 0, complaints
    printed = json.loads(said)
    return Ran(printed, complaints, Path(printed["result"]))


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> tuple[Ran, Ran]:
    """The quick job from the project as it is, and from a copy in which every published outcome is another number."""
    places = [tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("there")]
    copy = tmp_path_factory.mktemp("copy")
    for name in ("layers", "workforce", "simulation", "configs"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    perturb(copy / "configs" / "published")
    processes = [
        tom(*QUICK, "--json", "--csv", root=root, cwd=cwd) for root, cwd in zip((ROOT, copy), places, strict=True)
    ]
    here, there = map(finished, processes)
    return here, there


@pytest.fixture(scope="module")
def quick(both) -> Ran:
    return both[0]


def perturb(folder: Path) -> None:
    """Make every published figure a tenth larger, so that the case's margins still agree; which release holds what stays."""
    for file in folder.glob("*.csv"):
        if file.stem == "release_plan":
            continue
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        for row in rows:
            row["value"] = str(float(row["value"]) * 1.1)
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def test_json_is_one_object_with_the_keys_that_scripts_hold_on_to(quick):
    told = quick.printed
    expected = {
        "schema": "tom.summary/1", "scenario": "oxfordshire", "seed": 1, "replications": 1, "months": 1,
        "first_month": "2018-04", "engine": "compiled", "case_fte": {"low": 603, "mid": 744, "high": 885},
    }  # fmt: skip
    assert {key: told[key] for key in expected} == expected
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\+[0-9a-f]+", told["version"])
    assert re.fullmatch(r"[0-9a-f]{64}", told["input_hash"])
    assert told["contacts_simulated"] > 100_000
    assert told["effort_released_fte"].keys() == {"mean", "p10", "p50", "p90", "n"}
    assert told["effort_released_fte"]["n"] == 1
    assert told["verdict"]["sentence"].endswith(".")
    assert told["runtime_seconds"] > 0


def test_the_folder_holds_what_was_printed_and_is_named_by_time_and_input(quick):
    assert quick.folder.is_absolute() and quick.folder.parent.name == "oxfordshire"
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", quick.folder.name)
    assert quick.folder.name.endswith(quick.printed["input_hash"][:8])
    assert {**read_summary(quick.folder), "result": str(quick.folder)} == quick.printed
    manifest = read_manifest(quick.folder)
    assert manifest["timings"]["queueing_seconds"] > 0
    assert manifest["resolved_scenario"]["levers"]["in_target"] == ["prevention"]


def test_tables_are_written_with_the_keys_and_units_that_the_interface_names(quick):
    tables = read_result(quick.folder)
    assert {"scenario", "model", "replication", "layer", "service_area", "month", "effort_hours", "effort_fte"} <= set(
        tables["effort"].columns
    )
    assert {"pool", "offered", "answered", "abandoned", "share_in_target", "mean_wait_minutes", "p90_wait_minutes",
            "backlog", "occupancy", "overtime_hours"} <= set(tables["service"].columns)  # fmt: skip
    assert set(tables["effort"]["month"]) == {"2018-04"}
    assert set(tables["effort"]["model"]) == {"today", "target", "plan"}


def test_csv_holds_the_same_rows_as_parquet(quick):
    for name, table in read_result(quick.folder).items():
        text = pd.read_csv(quick.folder / f"{name}.csv")
        assert list(text.columns) == list(table.columns)
        assert len(text) == len(table) > 0


def test_published_outcomes_change_what_is_shown_beside_a_result_and_no_simulated_number(both):
    """What the run takes from the case (service delivery) is marked as such, in rows of its own."""
    here, there = both
    assert here.parquet and [name for name in sorted(here.parquet) if here.parquet[name] != there.parquet[name]] == [
        "capacity.parquet",
        "finance.parquet",
        "ledger.parquet",
        "releases.parquet",
    ]
    for name, mark in (("capacity", "basis"), ("ledger", "lever"), ("finance", "posts"), ("releases", "posts")):
        mine, theirs = (read_result(ran.folder)[name] for ran in both)
        ours, others = (table[table[mark] != "case"].reset_index(drop=True) for table in (mine, theirs))
        assert len(ours) and ours.equals(others)
        assert not mine.equals(theirs)
    assert there.printed["case_fte"] == pytest.approx({e: 1.1 * value for e, value in here.printed["case_fte"].items()})
    beside = {"case_fte", "case_by_part_fte", "case_money", "verdict", "runtime_seconds", "result", "must_be_true"}
    with_the_case = {"released_fte", "posts_releasable", "posts_by_layer", "capacity_returned_fte", "ledger"}
    simulated = [{k: v for k, v in ran.printed.items() if k not in beside | with_the_case} for ran in both]
    assert simulated[0] == simulated[1]
    bases = [ran.printed["released_fte"]["by_basis"] for ran in both]
    assert all(bases[0][basis] == bases[1][basis] for basis in ("simulated", "sized"))


@pytest.fixture
def long_run(tmp_path) -> Iterator[subprocess.Popen[str]]:
    """A run of some minutes with two workers, in a session of its own; nothing of it is left when the test ends."""
    job = ("run", "district", "--replications", "100", "--workers", "2", "--json")
    process = tom(*job, root=ROOT, cwd=tmp_path, start_new_session=True)
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_ctrl_c_ends_a_run_with_130_and_leaves_no_folder_and_no_process(long_run, tmp_path):
    """A terminal sends Ctrl-C to every process of the group; this one comes when both workers simulate."""
    wait_until(long_run, lambda: max(map(processor_seconds, workers(long_run)), default=0) > BUSY_SECONDS)
    begun = workers(long_run)
    assert len(begun) == 2
    os.killpg(long_run.pid, signal.SIGINT)
    said, complaints = long_run.communicate(timeout=PATIENCE_SECONDS)
    assert (long_run.returncode, said) == (130, "")
    assert "Traceback" not in complaints, complaints
    assert complaints.splitlines()[-1].startswith("interrupted")
    wait_until(None, lambda: not any(map(alive, begun)))
    assert list(tmp_path.iterdir()) == []


def wait_until(process: subprocess.Popen[str] | None, true: Callable[[], bool]) -> None:
    """Wait for something while a process runs."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, "waited in vain"
        assert process is None or process.poll() is None, process.stderr.read() if process.stderr else ""
        time.sleep(0.02)


def workers(process: subprocess.Popen[str]) -> list[int]:
    """The worker processes that a process has started."""
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    except OSError:
        return []


def _status(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not yet collected does not."""
    status = _status(pid)
    return bool(status) and status[0] != "Z"


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used."""
    status = _status(pid)
    return int(status[11]) / os.sysconf("SC_CLK_TCK") if status else 0.0
