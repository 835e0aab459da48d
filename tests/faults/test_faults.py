"""Faults that a sweep survives, each of them really done: processes killed, disks filled, clocks set, folders raced for.

`pytest tests/faults -m campaign -s` does all of it at length and prints what happened.
"""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from importlib import util
from pathlib import Path
from typing import Any

import duckdb
import pytest

_SPEC = util.spec_from_file_location("tom_faults_shared", Path(__file__).with_name("conftest.py"))
shared = util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = shared
_SPEC.loader.exec_module(shared)
children, tree, Sweeping, needs_dask = shared.children, shared.tree, shared.Sweeping, shared.needs_dask

HERE = Path(__file__).parent
SMALL_DISK = ["-t", "tmpfs", "-o", "size=100k", "tmpfs"]
Calm = Callable[..., dict[str, str]]


def runs(folder: Path) -> Any:
    return duckdb.sql(f"SELECT * FROM read_parquet('{folder / 'runs.parquet'}')").df()


def kept(folder: Path) -> int:
    """Runs that a kill would not lose: files of parts and lines of journals."""
    unfinished = folder / "unfinished"
    lines = 0
    for journal in unfinished.glob("journals/*.jsonl"):
        with suppress(FileNotFoundError):
            lines += journal.read_bytes().count(b"\n")
    return lines + 4 * len(list(unfinished.glob("parts/runs/*.parquet")))


def some_time(sweeping: Any, process: Any, chance: random.Random) -> None:
    """Let it start for a moment, or work until some more runs are kept, and a little longer."""
    if chance.random() < 0.25:
        time.sleep(chance.uniform(0.2, 3.0))
        return
    wanted, end = kept(sweeping.folder) + chance.randint(1, 24), time.monotonic() + 60
    while process.poll() is None and kept(sweeping.folder) < wanted and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(chance.uniform(0.0, 0.3))


def killed(sweeping: Any, chance: random.Random, *options: str) -> str:
    """Start the sweep and kill -9 its parent or one of its workers after a while; what was killed, or `finished`."""
    process = sweeping.start("--workers", "2", "--quiet", *options)
    try:
        some_time(sweeping, process, chance)
        if process.poll() is not None:
            return "finished"
        workers = children(process.pid)[1:]  # the first is Python's own, which minds what processes share
        if workers and chance.random() < 0.5:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
            some_time(sweeping, process, chance)  # it goes on with others; then it ends too
            return "worker and parent"
        return "parent"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
        process.communicate()


def test_parents_and_workers_killed_at_random_leave_the_same_bytes(sweeping: Any, undisturbed: Calm) -> None:
    chance = random.Random(1)
    for _ in range(2):
        killed(sweeping, chance)
    sweeping.finish("--workers", "2")
    assert tree(sweeping.folder) == undisturbed()


@pytest.mark.campaign
def test_fifty_kills_leave_the_same_bytes(tmp_path: Path, undisturbed: Calm) -> None:
    sizes = {"replications": 30, "staffing": "[0.9, 1.1]"}
    chance, what, saved = random.Random(int(os.environ.get("TOM_FAULTS_SEED", "1"))), Counter[str](), []
    while what.total() - what["finished"] < 50:
        here = tmp_path / str(len(saved))
        here.mkdir()
        sweeping, last = Sweeping(here).write(**sizes), ""
        while last != "finished" and what.total() - what["finished"] < 50:
            last = killed(sweeping, chance)
            what[last] += 1
        saved.append(sweeping.report("--workers", "2")["runs"]["reused"])
        assert tree(sweeping.folder) == undisturbed(**sizes)
    print(
        f"\nkilled: {what['parent']} times the parent, {what['worker and parent']} times a worker and then the parent"
    )
    print(f"{len(saved)} sweeps of 120 runs, each the same bytes in the end; runs kept before the last start: {saved}")


def test_a_poisoned_run_is_named_all_others_are_done_and_once_it_is_cured_nothing_tells_of_it(
    sweeping: Any, undisturbed: Calm
) -> None:
    report = sweeping.report("--workers", "2", module=HERE / "poisoned.py")
    assert report["runs"] == {"planned": 32, "done": 29, "reused": 0, "failed": 3, "remaining": 0}
    found = {(f["parameters"]["staffing"], f["parameters"]["volume"], f["replication"]): f for f in report["failures"]}
    assert set(found) == {(0.9, 0.9, 3), (0.9, 1.0, 3), (0.9, 1.0, 7)}
    assert found[0.9, 1.0, 3]["message"] == "ValueError: no answer to replication 3"
    assert "worker process ended" in found[0.9, 1.0, 7]["message"]
    table = runs(sweeping.folder)
    assert Counter(table["status"]) == {"done": 29, "failed": 3}
    assert table.loc[table["status"] == "failed", "effort_released_fte"].isna().all()
    report = sweeping.report("--workers", "1")
    assert report["runs"] == {"planned": 32, "done": 3, "reused": 29, "failed": 0, "remaining": 0}
    assert tree(sweeping.folder) == undisturbed()


def test_two_sweeps_into_one_folder_at_once_leave_the_same_bytes(sweeping: Any, undisturbed: Calm) -> None:
    racing = [sweeping.start("--workers", "1", "--quiet") for _ in range(2)]
    for process in racing:
        _, said = process.communicate(timeout=shared.PATIENCE_SECONDS)
        assert process.returncode == 0, said
    sweeping.finish("--workers", "1")
    assert tree(sweeping.folder) == undisturbed()


@pytest.mark.campaign
def test_a_clock_that_jumps_changes_nothing(sweeping: Any, undisturbed: Calm, tmp_path: Path) -> None:
    """The wall clock of every process goes back a year, and forward again, at each reading."""
    site = tmp_path / "site"
    site.mkdir()
    jumping = "import itertools, time\nreal, turn = time.time, itertools.count()\n"
    jumping += "time.time = lambda: real() + (-1) ** next(turn) * 31_536_000\n"
    (site / "sitecustomize.py").write_text(jumping)
    killed(sweeping, random.Random(2))
    sweeping.finish("--workers", "2", PYTHONPATH=f"{site}{os.pathsep}{shared.ROOT}")
    assert tree(sweeping.folder) == undisturbed()


def test_a_disk_that_fills_up_stops_it_cleanly_and_loses_no_finished_run(
    sweeping: Any, undisturbed: Calm, tmp_path: Path
) -> None:
    results, kept = tmp_path / "results", tmp_path / "kept"
    results.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", *SMALL_DISK, results], capture_output=True).returncode != 0:
        pytest.skip("no right to mount a small disk here: the next test does what it can")
    try:
        _, said = sweeping.finish("--workers", "1", status=1)
        assert said.strip().splitlines()[-1].startswith("tom: cannot write")
        shutil.copytree(results, kept)
    finally:
        subprocess.run(["umount", results], check=True)
    shutil.copytree(kept, results, dirs_exist_ok=True)  # the same folder with room enough
    goes_on_from_what_is_kept(sweeping, undisturbed)


def test_files_that_may_grow_no_more_stop_it_cleanly_and_lose_no_finished_run(
    sweeping: Any, undisturbed: Calm, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    limit = f"import resource, signal\nresource.setrlimit(resource.RLIMIT_FSIZE, (5_000, {resource.RLIM_INFINITY}))\n"
    (site / "sitecustomize.py").write_text(limit + "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n")
    limited = {"PYTHONPATH": f"{site}{os.pathsep}{shared.ROOT}"}
    _, said = sweeping.finish("--workers", "1", status=1, **limited)
    assert said.strip().splitlines()[-1].startswith("tom: cannot write")
    goes_on_from_what_is_kept(sweeping, undisturbed)


def goes_on_from_what_is_kept(sweeping: Any, undisturbed: Calm) -> None:
    report = sweeping.report("--workers", "1")
    assert report["runs"]["reused"] > 0
    assert report["runs"]["failed"] == 0
    assert tree(sweeping.folder) == undisturbed()


def test_a_folder_that_cannot_be_written_is_told_before_any_work(sweeping: Any) -> None:
    (sweeping.here / "file").write_text("in the way")
    started = time.monotonic()
    _, said = sweeping.finish("--out", "file", status=1)
    assert said.startswith("tom: cannot write to")
    assert time.monotonic() - started < 20
    assert (sweeping.here / "file").read_text() == "in the way"


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("chattr"), reason="root writes everywhere")
def test_a_read_only_results_folder_is_told_before_any_work(sweeping: Any) -> None:
    out = sweeping.here / "results"
    out.mkdir()
    with read_only(out) as is_so:
        if not is_so:
            pytest.skip("no way to make a folder read-only here")
        _, said = sweeping.finish(status=1)
        assert said.startswith("tom: cannot write to")
    assert list(out.iterdir()) == []


class read_only:
    """A folder that nobody may write: for root, a mount that is read-only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> bool:
        if os.geteuid() != 0:
            self.folder.chmod(0o555)
            return True
        self.mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", self.folder]).returncode == 0
        return self.mounted

    def __exit__(self, *error: object) -> None:
        if os.geteuid() != 0:
            self.folder.chmod(0o755)
        elif self.mounted:
            subprocess.run(["umount", str(self.folder)], check=True)


def test_ctrl_c_exits_130_and_keeps_what_has_ended(sweeping: Any, undisturbed: Calm) -> None:
    process = sweeping.start("--workers", "1")
    journals = sweeping.folder / "unfinished"
    end = time.monotonic() + shared.PATIENCE_SECONDS
    while not list(journals.glob("parts/runs/*.parquet")) and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "they are kept" in said and "Traceback" not in said
    assert sweeping.report("--workers", "1")["runs"]["reused"] > 0
    assert tree(sweeping.folder) == undisturbed()


@needs_dask
def test_a_cluster_leaves_the_bytes_of_this_machine(sweeping: Any, undisturbed: Calm, dask: Any) -> None:
    report = sweeping.report("--cluster", dask.address)
    assert report["runs"]["done"] == 32
    assert tree(sweeping.folder) == undisturbed()


@needs_dask
@pytest.mark.campaign
def test_a_cluster_that_loses_workers_and_its_scheduler_leaves_the_same_bytes(
    tmp_path: Path, undisturbed: Calm, dask: Any
) -> None:
    sizes = {"replications": 200, "staffing": "[0.9, 1.1]"}
    sweeping = Sweeping(tmp_path).write(**sizes)
    process = sweeping.start("--cluster", dask.address, "--json")
    happened = []
    for what in ("worker", "worker", "scheduler", "worker", "scheduler"):
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
            break
        happened.append(what)
        if what == "worker":
            dask.kill(dask.workers.pop(0))
            dask.add_worker()
            continue
        dask.kill(dask.scheduler)
        for worker in dask.workers:  # left to themselves they end when they notice
            dask.kill(worker)
        dask.workers.clear()
        time.sleep(2)
        dask.start_scheduler()
        dask.add_worker(), dask.add_worker()
    _, said = process.communicate(timeout=600)
    print(f"\nkilled while it worked: {', '.join(happened)}")
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert tree(sweeping.folder) == undisturbed(**sizes)


@needs_dask
def test_an_address_where_nobody_answers_is_told(sweeping: Any) -> None:
    script = sweeping.here / "impatient.py"
    script.write_text(
        "import sys\nfrom simulation import cluster\nfrom simulation.cli.main import status_of\n"
        "cluster.FIRST_PATIENCE_SECONDS = 2.0\nsys.exit(status_of(sys.argv[1:]))\n"
    )
    _, said = sweeping.finish("--cluster", "tcp://127.0.0.1:1", status=1, module=script)
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in said
