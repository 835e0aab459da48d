"""Crashes between any two steps of putting a sweep together: whoever comes next ends with the same bytes."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from simulation.sweeps import putting_together
from simulation.sweeps.folder import SweepFolder


class Crash(BaseException):
    """The process is gone."""


def tree(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("step", range(6))
def test_a_crash_at_any_step_loses_nothing(sweep: Any, tmp_path: Path, monkeypatch: Any, step: int) -> None:
    """Added to, so that what was put together before is replaced; the crash comes at one rename, removal or replacement."""
    sweep("--out", "whole", replications=3)
    sweep()
    left = [step]

    def crashing(real: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            if left[0] == 0:
                raise Crash
            left[0] -= 1
            return real(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(putting_together.shutil, "rmtree", crashing(putting_together.shutil.rmtree))
        patch.setattr(putting_together.os, "replace", crashing(os.replace))
        patch.setattr(Path, "rename", crashing(Path.rename))
        patch.setattr(Path, "rmdir", crashing(Path.rmdir))
        sweep(replications=3, status=1)
    report = sweep(replications=3)
    assert report["runs"]["failed"] == report["runs"]["remaining"] == 0
    assert tree(tmp_path / "results" / "small") == tree(tmp_path / "whole" / "small")


def test_a_torn_journal_costs_the_torn_run_alone(tmp_path: Path) -> None:
    folder = SweepFolder(tmp_path)
    folder.journals.mkdir(parents=True)
    whole = '{"run": "a", "status": "done", "metrics": {}, "tables": {}}'
    failed = '{"run": "b", "status": "failed", "message": "no", "tries": 2}'
    (folder.journals / "x.jsonl").write_text(f'{whole}\n{failed}\n{{"run": "c", "sta')
    assert folder.journaled() == {"a": whole}
