"""The part of a chunk: the lines of its runs as Parquet, a file for each table. That of the runs comes last."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from simulation.store.errors import CannotWrite
from simulation.store.folder import publish_file
from simulation.store.parquet import write_parquet
from simulation.store.rows import conform
from simulation.store.tables import TABLES, Table
from simulation.sweeps.folder import RUNS, SweepFolder
from simulation.sweeps.tables import RUN, in_sweep, runs_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TIMES = 3
"""How often a part is written where another process clears the folder away meanwhile."""


def write_part(
    folder: SweepFolder, design_hash: str, chunk: int, texts: Iterable[str], connection: "DuckDBPyConnection"
) -> None:
    """Write the part of a chunk from the lines of its runs; raises CannotWrite."""
    lines = sorted((json.loads(text) for text in texts), key=lambda line: str(line["run"]))
    tables = sorted({name for line in lines for name in line.get("tables", {})})
    for name in tables:
        _publish(folder.part(name, design_hash, chunk), _rows(lines, name), in_sweep(TABLES[name]), folder, connection)
    runs = pd.DataFrame([_run(line) for line in lines])
    table = runs_table(sorted({name for line in lines for name in line.get("metrics", {})}))
    _publish(folder.part(RUNS, design_hash, chunk), runs, table, folder, connection)


def _rows(lines: list[dict[str, Any]], name: str) -> pd.DataFrame:
    """One table of all runs that have it, with the run's name; a column that some of them have not is missing there."""
    columns: dict[str, list[Any]] = {RUN: []}
    for line in lines:
        table = line.get("tables", {}).get(name, {})
        rows, before = max(map(len, table.values()), default=0), len(columns[RUN])
        columns[RUN] += [line["run"]] * rows
        for column in {*columns, *table} - {RUN}:
            values = columns.setdefault(column, [None] * before)
            values += table.get(column, [None] * rows)
    return pd.DataFrame(columns, dtype=object)


def _run(line: dict[str, Any]) -> dict[str, Any]:
    about = {key: line[key] for key in ("run", "status", "message", "tries") if key in line}
    return {**about, **line.get("metrics", {})}


def _publish(
    path: Path, rows: pd.DataFrame, table: Table, folder: SweepFolder, connection: "DuckDBPyConnection"
) -> None:
    conformed = conform(rows, table)

    def fill(partial: Path) -> None:
        write_parquet(conformed, table.columns, partial, connection)

    for left in reversed(range(TIMES)):
        try:
            return publish_file(path, fill, through=folder.unfinished)
        except CannotWrite as error:
            gone = isinstance(error.__cause__, FileNotFoundError) or not folder.unfinished.is_dir()
            if not (left and gone):
                raise
