"""What a sweep says when it ends: how many runs were planned, done, found done, failed, and what is in its tables."""

import hashlib
import json
from pathlib import Path
from typing import Any

from simulation.store.parquet import database, literal
from simulation.sweeps.folder import RUNS, SweepFolder
from simulation.sweeps.lines import DONE, FAILED
from simulation.sweeps.sweep import Doing

MOST_NAMED = 100
"""Failures listed in the JSON; `failures.jsonl` has them all."""


def counts(doing: Doing) -> dict[str, int]:
    """Runs of the shard by what became of them; planned is the sum of the others."""
    design, shard = doing.design, doing.shard
    asked = {design.ids[i] for chunk in filter(shard.takes, range(design.chunks)) for i in design.runs_of(chunk)}
    status = {run: said for run, said in _statuses(doing.folder).items() if run in asked}
    well, failed = (sum(said == kind for said in status.values()) for kind in (DONE, FAILED))
    return {
        "planned": len(asked),
        "done": doing.done,
        "reused": well - doing.done,
        "failed": failed,
        "remaining": len(asked) - well - failed,
    }


def failures(doing: Doing) -> list[dict[str, Any]]:
    """The runs that failed: those put together, else those of this process."""
    if not doing.folder.unfinished.is_dir() and doing.folder.failures.is_file():
        with doing.folder.failures.open() as lines:
            return [json.loads(line) for _, line in zip(range(MOST_NAMED), lines, strict=False)]
    return [{"run": run, "message": said} for run, said in list(doing.failures.items())[:MOST_NAMED]]


def contents(folder: SweepFolder) -> dict[str, dict[str, Any]]:
    """Rows of each table and the SHA-256 of its files one after another."""
    files = {RUNS: [folder.runs]}
    if folder.tables.is_dir():
        files |= {place.name: sorted(place.glob("*.parquet")) for place in sorted(folder.tables.iterdir())}
    return {name: {"rows": _rows(paths), "sha256": _sha256(paths)} for name, paths in files.items() if paths}


def overhead_share(doing: Doing, workers: int) -> float | None:
    """The share of the workers' time that no run took: starting, waiting, writing; None where nothing was done."""
    spent = doing.wall_seconds * workers
    return max(0.0, 1.0 - doing.simulated_seconds / spent) if doing.done and spent else None


def _statuses(folder: SweepFolder) -> dict[str, str]:
    """The status of every run that has ended, put together or not; done counts before failed."""
    sources = [path for path in (folder.runs, *sorted((folder.parts / RUNS).glob("*.parquet"))) if path.is_file()]
    if not sources:
        return {}
    listed = ", ".join(map(literal, sources))
    query = f"SELECT run, min(status) AS status FROM read_parquet([{listed}], union_by_name = true) GROUP BY run"
    with database() as connection:
        return dict(connection.execute(query).fetchall())


def _rows(paths: list[Path]) -> int:
    listed = ", ".join(map(literal, paths))
    with database() as connection:
        found = connection.execute(f"SELECT count(*) FROM read_parquet([{listed}], union_by_name = true)").fetchone()
    return int(found[0]) if found else 0


def _sha256(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
