"""`tom` in this process on a fake council, and in a process of its own."""

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import simulation
from simulation.cli.main import status_of

SCRIPT = Path(__file__).with_name("fakes.py")
ROOT = Path(str(simulation.__file__)).parents[1]


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(scope="session")
def fakes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tom_test_fakes", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tom(fakes, monkeypatch, capsys, tmp_path):
    """Runs `tom ARGUMENTS` on the fakes from an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name, module in fakes.fake_modules().items():
        monkeypatch.setitem(sys.modules, f"simulation.{name}", module)
        monkeypatch.setattr(simulation, name, module, raising=False)

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        status = status_of(arguments)
        return Said(status, *capsys.readouterr())

    return call


@pytest.fixture
def start_tom(tmp_path):
    """Starts `tom ARGUMENTS` on the fakes in a process of its own, from an empty folder with an empty home folder."""
    home = tmp_path / "home"
    home.mkdir()

    def start(*arguments: str, experiment: str = "", **options: Any) -> subprocess.Popen[str]:
        environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT), "FAKE_EXPERIMENT": experiment}
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        command = [sys.executable, "-B", str(SCRIPT), *arguments]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, **{**streams, **options})

    return start
