"""What a query may name: a view for each table of the results and sweeps given, those of the same name one under another."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.problems import InputError, Problem
from simulation.store.parquet import literal, one_file
from simulation.store.result import read_manifest, read_summary

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SWEEP_SCHEMA = "tom.sweep-manifest/1"
STAMP = ("scenario", "seed", "replications", "months", "engine", "version", "input_hash")


@dataclass
class Sources:
    """SQL of each view's parts, the files they read, and the rows of the views made from manifests and summaries."""

    views: dict[str, list[str]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    summary: list[dict[str, Any]] = field(default_factory=list)

    def add(self, view: str, label: str, files: Sequence[Path], condition: str = "") -> None:
        """Let a view have the rows of some files of one result."""
        if files:
            self.files += files
            listed = ", ".join(literal(Path(one_file(path))) for path in files)
            read = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
            self.views.setdefault(view, []).append(f"SELECT {_text(label)} AS result, * FROM {read} {condition}")

    def create(self, connection: "DuckDBPyConnection") -> None:
        """Make the views."""
        for name, parts in self.views.items():
            connection.execute(f'CREATE VIEW "{name}" AS {" UNION ALL BY NAME ".join(parts)}')
        for name, rows in (("results", self.results), ("summary", self.summary)):
            if rows:
                connection.register(name, pd.DataFrame(rows))


def sources(folders: Iterable[Path]) -> Sources:
    """The views of some result and sweep folders; raises InputError for a folder that is neither."""
    found = Sources()
    problems: list[Problem] = []
    for label, folder in _labelled(folders):
        try:
            manifest = read_manifest(folder)
            if manifest.get("schema") == SWEEP_SCHEMA:
                _add_sweep(found, label, folder, manifest)
            else:
                _add_result(found, label, folder, manifest)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _labelled(folders: Iterable[Path]) -> list[tuple[str, Path]]:
    """Each folder with the shortest end of its path that tells it from the others."""
    paths = [folder.absolute() for folder in folders]
    depth = 1
    while depth < 5 and len({path.parts[-depth:] for path in paths}) < len(set(paths)):
        depth += 1
    return [("/".join(path.parts[-depth:]), path) for path in dict.fromkeys(paths)]


def _add_result(found: Sources, label: str, folder: Path, manifest: dict[str, Any]) -> None:
    for name in manifest.get("tables", {}):
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise InputError([Problem(str(folder), None, "", f"{name}.parquet is missing", "a whole result folder")])
        found.add(name, label, [path])
    found.add("events", label, sorted((folder / "events").glob("*.parquet")))
    found.results.append({"result": label, **{key: manifest[key] for key in STAMP if key in manifest}})
    found.summary += [
        {"result": label, "key": key, "value": value} for key, value in _numbers(read_summary(folder), "")
    ]


def _add_sweep(found: Sources, label: str, folder: Path, manifest: dict[str, Any]) -> None:
    """A sweep: what is put together, and of the runs that are not yet, the parts there are."""
    parts = folder / "unfinished" / "parts"
    found.add("design", label, [path for path in [folder / "design.parquet"] if path.is_file()])
    together = [path for path in [folder / "runs.parquet"] if path.is_file()]
    found.add("runs", label, together)
    names = {place.name for base in (folder / "tables", parts) if base.is_dir() for place in base.iterdir()}
    known = f"SELECT run FROM read_parquet([{', '.join(map(literal, together))}]) WHERE status = 'done'"
    beyond = f"WHERE run NOT IN ({known})" if together else ""
    for name in sorted(names):
        found.add(name, label, sorted((folder / "tables" / name).glob("*.parquet")))
        found.add(name, label, sorted((parts / name).glob("*.parquet")), beyond)
    found.results.append({"result": label, "scenario": manifest["sweep"], "version": manifest["version"]})


def _numbers(value: Any, place: str) -> list[tuple[str, float]]:
    """Every number of a summary with its dotted key; lists count from 0."""
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in _numbers(inner, f"{place}.{key}" if place else key)]
    if isinstance(value, list):
        return [pair for i, inner in enumerate(value) for pair in _numbers(inner, f"{place}.{i}")]
    return [(place, float(value))] if isinstance(value, int | float) and not isinstance(value, bool) else []


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def as_json(value: Any) -> str:
    """A nested value of a table as one cell of text."""
    return json.dumps(value, default=str, ensure_ascii=False)
