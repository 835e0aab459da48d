"""Putting a sweep together: parts, and what was put together before, as one table each, in the order of the design.

Tables are cut into files of so many runs by their place, whatever the chunks they came in, so that the bytes are a function of
design and version alone. All is written aside first, then put in place under one name at a time; should that be cut short, whoever
comes next goes on with it. At no moment is a finished run in no place.
"""

import json
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pandas as pd

from simulation.store.errors import CannotWrite
from simulation.store.folder import flush
from simulation.store.parquet import copy_parquet, database, literal, write_parquet
from simulation.store.tables import TABLES, Kind
from simulation.sweeps.folder import RUNS, SweepFolder
from simulation.sweeps.lines import DONE, FAILED
from simulation.sweeps.tables import RUN, in_sweep

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RUNS_A_FILE = 2_000
OWN = ("run", "status", "message", "tries")


def put_together(folder: SweepFolder, design: pd.DataFrame) -> None:
    """Put all runs of a design that have ended in place; the design as its table. Raises CannotWrite.

    To be called with the folder to oneself (`SweepFolder.alone`).
    """
    finish_putting(folder)
    new = folder.unfinished / f"new-{uuid4().hex}"
    try:
        new.mkdir(parents=True)
        with database() as connection:
            _fill(folder, design, new, connection)
        flush(new)
        new.rename(_ready(folder))
    except (OSError, CannotWrite) as error:
        shutil.rmtree(new, ignore_errors=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotWrite(f"cannot write to {folder.root}: {reason}") from error
    finish_putting(folder)


def finish_putting(folder: SweepFolder) -> None:
    """Put in place what lies ready, if anything does: the tables, then the runs that they belong to."""
    ready = _ready(folder)
    if not ready.is_dir():
        return
    try:
        if (ready / "tables").is_dir():
            shutil.rmtree(folder.tables, ignore_errors=True)
            (ready / "tables").rename(folder.tables)
        for name in ("failures.jsonl", "runs.parquet"):
            with suppress(FileNotFoundError):
                os.replace(ready / name, folder.root / name)
        ready.rmdir()
    except OSError as error:
        raise CannotWrite(f"cannot write to {folder.root}: {error.strerror}") from error


def _ready(folder: SweepFolder) -> Path:
    return folder.unfinished / "ready"


def _fill(folder: SweepFolder, design: pd.DataFrame, new: Path, connection: "DuckDBPyConnection") -> None:
    runs = _ended_runs(folder, design, connection)
    kinds = _run_kinds(runs, design)
    write_parquet(runs[list(kinds)], kinds, new / "runs.parquet", connection)
    (new / "failures.jsonl").write_bytes(_failures(runs, design).encode())
    (new / "tables").mkdir()
    done = runs[runs["status"] == DONE]
    names = sorted(
        {path.name for base in (folder.parts, folder.tables) if base.is_dir() for path in base.iterdir()} - {RUNS}
    )
    for start in range(0, len(done), RUNS_A_FILE):
        wanted = done.iloc[start : start + RUNS_A_FILE].reset_index()
        for name in names:
            # the same run may be in another file too, that of a sweep that raced this one: each is taken from its own source
            own = wanted["source"].map(lambda source, name=name: _file(folder, name, source))
            files = [path for path in sorted(set(own)) if path.is_file()]
            if files:
                connection.register("wanted", wanted[["run", "place"]].assign(filename=own.map(str)))
                _copy(connection, name, files, new / "tables" / name / f"part-{start // RUNS_A_FILE:05d}.parquet")


def _copy(connection: "DuckDBPyConnection", name: str, files: Sequence[Path], path: Path) -> None:
    """The rows of the runs wanted, in their order, then by the table's key; nothing where they have none."""
    path.parent.mkdir(exist_ok=True)
    source = f"read_parquet([{', '.join(map(literal, files))}], union_by_name = true, hive_partitioning = false, filename = true)"
    found = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    table = in_sweep(TABLES[name])
    columns = ", ".join(f'"{column}"' for column in table.columns if column in found)
    order = ", ".join(["place", *(f'"{key}"' for key in table.key if key != RUN)])
    copy_parquet(connection, f"SELECT {columns} FROM {source} JOIN wanted USING (run, filename) ORDER BY {order}", path)


def _file(folder: SweepFolder, table: str, source: str) -> Path:
    """The file of a table that a run is in: `source` is where its row was found, and the files have the same names."""
    kind, name = source.split("/", 1)
    return (folder.tables if kind == "tables" else folder.parts) / table / name


def _ended_runs(folder: SweepFolder, design: pd.DataFrame, connection: "DuckDBPyConnection") -> pd.DataFrame:
    """The rows of all runs of a design that have ended, in its order; one done is taken before one failed, and one put together
    before one in a part.

    `place` numbers them; `source` says where their tables are.
    """
    frames = []
    if folder.runs.is_file():
        before = connection.execute(f"SELECT * FROM read_parquet({literal(folder.runs)})").df()
        done = before["status"] == DONE
        before["source"] = [f"tables/part-{place // RUNS_A_FILE:05d}.parquet" for place in done.cumsum() - 1]
        frames.append(before.drop(columns=[c for c in before if c in design.columns and c != "run"]))
    parts = sorted((folder.parts / RUNS).glob("*.parquet"))
    if parts:
        listed = ", ".join(map(literal, parts))
        query = f"SELECT * FROM read_parquet([{listed}], union_by_name = true, filename = true)"
        found = connection.execute(query).df()
        found["source"] = "parts/" + found["filename"].map(os.path.basename)
        frames.append(found.drop(columns="filename"))
    if not frames:
        frames = [pd.DataFrame({"run": [], "status": [], "source": []}, dtype=object)]
    ended = pd.concat(frames, ignore_index=True)
    ended["failed"], ended["apart"] = ended["status"] == FAILED, ended["source"].str.startswith("parts")
    ended = ended.sort_values(["failed", "apart", "source"], kind="stable").drop_duplicates("run")
    ended = ended.drop(columns=["failed", "apart"])
    rows = design.drop(columns="chunk").merge(ended, on="run", how="inner").sort_values("position", ignore_index=True)
    rows["place"] = rows.index
    return rows.drop(columns="position")


def _run_kinds(runs: pd.DataFrame, design: pd.DataFrame) -> dict[str, Kind]:
    """The columns of `runs.parquet` with their types: the design's, what became of the run, its metrics by name."""
    planned = ["run", *(name for name in design.columns if name not in ("run", "position", "chunk"))]
    kinds = {name: kind_of(design[name]) for name in planned}
    about = {"status": Kind.TEXT, "message": Kind.TEXT, "tries": Kind.COUNT}
    kinds |= {name: kind for name, kind in about.items() if name in runs and runs[name].notna().any()}
    apart = {*kinds, *about, "place", "source"}
    return kinds | {name: Kind.MEASURE for name in sorted(runs.columns) if name not in apart}


def kind_of(column: "pd.Series[Any]") -> Kind:
    """The type of a column of the design."""
    if pd.api.types.is_integer_dtype(column.dtype):
        return Kind.COUNT
    return Kind.MEASURE if pd.api.types.is_float_dtype(column.dtype) else Kind.TEXT


def _failures(runs: pd.DataFrame, design: pd.DataFrame) -> str:
    """The runs that failed, a JSON object a line, in the order of the design."""
    own = {"run", "chunk", "position", "point", "scenario", "replication"}
    parameters = [name for name in design.columns if name not in own]
    lines = []
    for _, row in runs[runs["status"] == FAILED].iterrows():
        said = {key: row[key] for key in ("run", "point", "scenario", "replication")}
        said |= {"parameters": {name: row[name] for name in parameters}}
        said |= {"message": row["message"], "tries": int(row["tries"])}
        lines.append(json.dumps(said, default=lambda value: value.item()) + "\n")
    return "".join(lines)
