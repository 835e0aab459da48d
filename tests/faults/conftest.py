"""Sweeps in processes of their own, to be killed; and what a folder holds when all is well."""

import hashlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import simulation

ROOT = Path(str(simulation.__file__)).parents[1]
PATIENCE_SECONDS = 240.0
FILE = """\
title: To be disturbed
scenarios: one_queue
months: 1
replications: {replications}
search: false
chunk: 4
parameters:
  staffing: {{set: teams.staffing_factor, values: {staffing}}}
  volume: {{set: demand.volume_factor, values: [0.9, 1.0]}}
"""

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="the extra `cluster` is not there"
)


def tree(folder: Path) -> dict[str, str]:
    """The hash of every file of a sweep's folder but the manifest, the one place for times."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are alive."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@dataclass(frozen=True)
class Sweeping:
    """A folder with a sweep file `sweep.yaml`, and how to start sweeps there."""

    here: Path

    @property
    def folder(self) -> Path:
        return self.here / "results" / "sweep"

    def write(self, replications: int = 8, staffing: str = "[0.9, 1.1]") -> "Sweeping":
        (self.here / "sweep.yaml").write_text(FILE.format(replications=replications, staffing=staffing))
        return self

    def start(self, *options: str, module: Path | None = None, **environment: str) -> "subprocess.Popen[str]":
        """`tom sweep sweep.yaml OPTIONS`, in a session of its own; `module` is a script to run it through."""
        program = [str(module)] if module else ["-m", "simulation"]
        return subprocess.Popen(
            [sys.executable, *program, "sweep", "sweep.yaml", *options],
            cwd=self.here,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def finish(self, *options: str, status: int = 0, **more: Any) -> tuple[str, str]:
        """The same to its end; returns what it said."""
        process = self.start(*options, **more)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == status, err
        assert "Traceback" not in err
        return out, err

    def report(self, *options: str, **more: Any) -> dict[str, Any]:
        """What a sweep reports at its end."""
        return json.loads(self.finish("--json", *options, **more)[0])


class Dask:
    """A real scheduler and real workers, each a process of its own on this machine."""

    def __init__(self, port: int) -> None:
        self.port, self.address = port, f"tcp://127.0.0.1:{port}"
        self.scheduler: subprocess.Popen[bytes] = self.start_scheduler()
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> "subprocess.Popen[bytes]":
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        return self.scheduler

    def add_worker(self) -> "subprocess.Popen[bytes]":
        self.workers.append(self._start("dask_worker", self.address, "--nthreads", "1"))
        return self.workers[-1]

    def _start(self, program: str, *options: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=environment, start_new_session=True, **silent)

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill -9 a process with all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            self.kill(process)


@pytest.fixture
def dask() -> Iterator[Dask]:
    """A Dask cluster of two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = Dask(port)
    try:
        cluster.add_worker()
        cluster.add_worker()
        yield cluster
    finally:
        cluster.close()


@pytest.fixture
def sweeping(tmp_path: Path) -> Sweeping:
    return Sweeping(tmp_path).write()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, str]]:
    """The files of a sweep that nobody disturbed, by its sizes."""
    known: dict[tuple[Any, ...], dict[str, str]] = {}

    def of(**sizes: Any) -> dict[str, str]:
        key = tuple(sorted(sizes.items()))
        if key not in known:
            calm = Sweeping(tmp_path_factory.mktemp("calm")).write(**sizes)
            calm.finish("--workers", "1")
            known[key] = tree(calm.folder)
        return known[key]

    return of
