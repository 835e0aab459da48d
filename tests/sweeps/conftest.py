"""`tom sweep` in this process, from an empty folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulation.cli.main import status_of

FILE = """\
scenarios: one_queue
months: 1
search: false
replications: {replications}
chunk: 2
parameters:
  staffing: {{set: teams.staffing_factor, values: {staffing}}}
"""


@pytest.fixture
def tom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs `tom ARGUMENTS` and returns its JSON, or its two streams if another status is expected."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, status: int = 0) -> Any:
        capsys.readouterr()
        assert status_of(arguments) == status, capsys.readouterr().err
        said = capsys.readouterr()
        return json.loads(said.out) if "--json" in arguments else said

    return call


@pytest.fixture
def sweep(tom: Callable[..., Any], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Does a small sweep here and returns its report."""

    def do(*options: str, replications: int = 2, staffing: str = "[0.9, 1.1]", status: int = 0) -> dict[str, Any]:
        (tmp_path / "small.yaml").write_text(FILE.format(replications=replications, staffing=staffing))
        report: dict[str, Any] = tom("sweep", "small.yaml", "--workers", "1", "--json", *options, status=status)
        return report

    return do
