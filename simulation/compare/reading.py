"""Results to compare, read from their folders."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from layers.problems import InputError, Problem
from simulation.compare.comparison import Result
from simulation.store.parquet import read_parquet
from simulation.store.result import read_manifest, read_result, read_summary

ABOUT = ("scenario", "seed", "replications", "months", "first_month", "version")
SWEEP_SCHEMA = "tom.sweep-manifest/1"


def read_results(folders: Sequence[Path]) -> list[Result]:
    """Each folder as a result, called by the shortest end of its path that tells it apart; raises InputError."""
    paths = [folder.absolute() for folder in folders]
    if len(set(paths)) < len(paths):
        raise InputError([Problem("command line", None, "RESULT", "the same folder twice", "different results")])
    depth = next((d for d in range(1, 10) if len({path.parts[-d:] for path in paths}) == len(paths)), 10)
    return [_read("/".join(path.parts[-depth:]), path) for path in paths]


def is_sweep(folder: Path) -> bool:
    """Whether a folder is a sweep's."""
    return read_manifest(folder).get("schema") == SWEEP_SCHEMA


def read_runs(folder: Path) -> pd.DataFrame:
    """The runs of a sweep that have ended well; raises InputError where it is not put together yet."""
    if not (folder / "runs.parquet").is_file():
        said = "not every run of this sweep has ended"
        raise InputError([Problem(str(folder), None, "", said, "tom sweep with the same file, to its end")])
    runs = read_parquet(folder / "runs.parquet")
    return runs[runs["status"] == "done"].reset_index(drop=True)


def _read(label: str, folder: Path) -> Result:
    if is_sweep(folder):
        raise InputError([Problem(str(folder), None, "", "is a sweep", "a sweep alone, or results of tom run")])
    summary = read_summary(folder)
    return Result(label, {key: summary[key] for key in ABOUT if key in summary}, read_result(folder))
