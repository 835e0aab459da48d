"""A result folder, written at once and read back: `OUT/<scenario>/<UTC>-<hash8>/`."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from layers.problems import InputError, Problem
from simulation.store.csv_text import write_csv
from simulation.store.errors import TableError
from simulation.store.folder import publish_folder
from simulation.store.json_text import json_bytes
from simulation.store.parquet import read_parquet, write_parquet
from simulation.store.rows import conform
from simulation.store.tables import EVENTS, PEOPLE_TABLES, TABLES


def write_result(
    out: Path,
    scenario: str,
    tables: Mapping[str, pd.DataFrame],
    summary: Mapping[str, Any],
    manifest: Mapping[str, Any],
    csv: bool = False,
    now: datetime | None = None,
    events: Iterable[tuple[str, pd.DataFrame]] = (),
    charts: Mapping[str, bytes] | None = None,
) -> Path:
    """Write manifest, summary and tables as one new folder and return its absolute path.

    `hash8` is the start of the manifest's `input_hash`; the time is `now`, or the present. The manifest gains each
    table's number of rows and SHA-256, and those of each part of the event log. `events` are these parts by name,
    written one by one as they come into the folder `events`; `charts` are files by name for the folder `charts`.
    Raises CannotWrite for a folder or disk that refuses,
    TableError for a table that breaks its declaration, ValueError for a number that JSON cannot hold; each leaves
    nothing behind.
    """
    rows = {name: conform(tables[name], _declared(name)) for name in sorted(tables)}

    def fill(folder: Path) -> None:
        for name, table in rows.items():
            write_parquet(table, _declared(name).columns, folder / f"{name}.parquet")
            if csv:
                write_csv(table, folder / f"{name}.csv")
        log = {name: _write_part(folder / EVENTS.name, name, part) for name, part in events}
        for name, content in (charts or {}).items():
            (folder / "charts").mkdir(exist_ok=True)
            (folder / "charts" / name).write_bytes(content)
        contents = {name: _contents(folder / f"{name}.parquet", len(table)) for name, table in rows.items()}
        listed = {"tables": contents, "events": log} if log else {"tables": contents}
        (folder / "manifest.json").write_bytes(json_bytes({**manifest, **listed}))
        (folder / "summary.json").write_bytes(json_bytes(summary))

    name = f"{(now or datetime.now(UTC)).astimezone(UTC):%Y%m%dT%H%M%SZ}-{str(manifest['input_hash'])[:8]}"
    return publish_folder(out.absolute() / folder_name(scenario), name, fill)


def read_result(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table of a result folder by name; raises InputError where the folder is none."""
    return {name: read_parquet(folder / f"{name}.parquet") for name in read_manifest(folder)["tables"]}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a result folder; raises InputError where the folder is none."""
    return _read_json(folder, "manifest.json")


def read_summary(folder: Path) -> dict[str, Any]:
    """The summary of a result folder; raises InputError where the folder is none."""
    return _read_json(folder, "summary.json")


def folder_name(scenario: str) -> str:
    """The scenario's name as one folder: letters, digits, `.`, `_` and `-`, never hidden and never a path."""
    return re.sub(r"[^\w.-]+", "-", scenario).strip(".-") or "scenario"


def _declared(name: str) -> Any:
    """The declaration of a table; an undeclared one has no key to be sorted by."""
    declared = {**TABLES, **PEOPLE_TABLES}
    if name not in declared:
        raise TableError(f"table {name} is not declared; declared are {', '.join(declared)}")
    return declared[name]


def _write_part(folder: Path, name: str, part: pd.DataFrame) -> dict[str, Any]:
    """Write one part of the event log; returns what the manifest says of it."""
    folder.mkdir(exist_ok=True)
    write_parquet(conform(part, EVENTS), EVENTS.columns, folder / f"{name}.parquet")
    return _contents(folder / f"{name}.parquet", len(part))


def _contents(path: Path, rows: int) -> dict[str, Any]:
    """What the manifest says of one table, or one part of the event log."""
    return {"rows": rows, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    """One JSON file of a result folder."""
    try:
        content = json.loads((folder / name).read_bytes())
    except (OSError, ValueError) as error:
        problem = Problem(str(folder), None, name, "this is not a result folder", f"a folder with {name}")
        raise InputError((problem,)) from error
    if not isinstance(content, dict):
        raise InputError((Problem(str(folder / name), None, "", "this is not a result's file", "a JSON object"),))
    return content
