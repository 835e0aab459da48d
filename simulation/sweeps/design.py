"""The design: every run of a sweep in order, written before the first of them. A run's name is a function of what it is.

The name hashes scenario inputs, what is set, seed, replication, months, what is kept, and the program's version: the same run has
the same name in any design, so that a sweep can be extended and nothing that exists is done again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from layers.problems import InputError, Problem
from layers.reading import Document
from simulation.store.json_text import canonical_json
from simulation.store.parquet import close_off, database
from simulation.store.rows import conform
from simulation.store.tables import Kind, Table
from simulation.sweeps.bases import Base
from simulation.sweeps.levels import Cell, count_of, levels_of
from simulation.sweeps.sweep_file import Sweep

MOST_RUNS = 10_000_000
USUAL_CHUNKS, LARGEST_CHUNK = 32, 64
ID_DIGITS = 16


@dataclass(frozen=True)
class Point:
    """One combination of parameters in one scenario."""

    scenario: str
    cells: tuple[Cell, ...]
    sets: tuple[str, ...]
    identity: str
    """A hash of all that its runs depend on, but for the replication."""


@dataclass(frozen=True)
class Design:
    """Every run of a sweep: all replications of the first point, then of the second, and so on."""

    parameters: tuple[str, ...]
    points: tuple[Point, ...]
    replications: int
    chunk: int | None = None

    @property
    def runs(self) -> int:
        """How many there are."""
        return len(self.points) * self.replications

    @property
    def chunk_size(self) -> int:
        """Runs a chunk: chunks are what shards share out and what a part file holds; the last may be smaller."""
        return min(self.chunk or min(max(self.runs // USUAL_CHUNKS, 1), LARGEST_CHUNK), self.runs)

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.runs // self.chunk_size)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The name of every run, in order."""
        return tuple(
            _hash(f"{point.identity}:{replication}")[:ID_DIGITS]
            for point in self.points
            for replication in range(self.replications)
        )

    @cached_property
    def hash(self) -> str:
        """What tells this design from any other."""
        return hash_of(self.ids, self.chunk_size)

    def point_of(self, position: int) -> tuple[Point, int]:
        """The point and the replication of the run at a position."""
        return self.points[position // self.replications], position % self.replications

    def runs_of(self, number: int) -> range:
        """The positions of the runs of a chunk."""
        return range(number * self.chunk_size, min((number + 1) * self.chunk_size, self.runs))

    @property
    def table(self) -> Table:
        """The declaration of the design as a table."""
        kinds = {name: _kind([point.cells[i] for point in self.points]) for i, name in enumerate(self.parameters)}
        first = {"run": Kind.TEXT, "chunk": Kind.COUNT, "scenario": Kind.TEXT}
        return Table("design", ("point", "replication"), {**first, **kinds})

    def frame(self) -> pd.DataFrame:
        """The design as rows, one a run, in order."""
        position = np.arange(self.runs)
        point = position // self.replications
        columns: dict[str, object] = {
            "run": list(self.ids),
            "chunk": position // self.chunk_size,
            "point": point,
            "scenario": np.array([p.scenario for p in self.points], dtype=object)[point],
            "replication": position % self.replications,
        }
        kinds = self.table.measures
        for i, name in enumerate(self.parameters):
            cells = [p.cells[i] if kinds[name] is not Kind.TEXT else str(p.cells[i]) for p in self.points]
            columns[name] = np.array(cells, dtype=object)[point]
        return conform(pd.DataFrame(columns), self.table)


def design_of(file: Document, sweep: Sweep, bases: Sequence[Base], version: str) -> Design:
    """The design of a sweep; raises InputError where it has too many runs, a condition is wrong or no run is left."""
    parameters = tuple(sweep.parameters)
    most = count_of(sweep) * len(bases) * sweep.replications
    if most > MOST_RUNS:
        raise _wrong(file, "", f"{most:,} runs", f"at most {MOST_RUNS:,}")
    points = tuple(_points(sweep, bases, version))
    kept = _kept(file, sweep, Design(parameters, points, 1)) if sweep.keep else range(len(points))
    if not len(kept):
        raise _wrong(file, "keep", "no run meets every condition", "at least one")
    return Design(parameters, tuple(points[i] for i in kept), sweep.replications, sweep.chunk)


def _points(sweep: Sweep, bases: Sequence[Base], version: str) -> Iterator[Point]:
    for base in bases:
        common = {
            "inputs": base.input_hash,
            "version": version,
            "seed": sweep.seed,
            "months": sweep.months,
            "search": sweep.search,
            "metrics": sweep.metrics,
            "tables": sweep.tables,
        }
        shared = _hash(canonical_json(common))
        for levels in levels_of(sweep, base.bounds):
            sets = tuple(text for level in levels.values() for text in level.sets)
            cells = {name: level.cell for name, level in levels.items()}
            identity = _hash(canonical_json([shared, cells, sets]))
            yield Point(base.name, tuple(cells.values()), sets, identity)


def _kept(file: Document, sweep: Sweep, design: Design) -> Sequence[int]:
    """The points that meet every condition: SQL over scenario and parameters, in a database that sees nothing else."""
    import duckdb

    rows = design.frame()[["point", "scenario", *design.parameters]]
    with database() as connection:
        connection.register("points", rows)
        close_off(connection)
        keep = list(range(len(rows)))
        for condition in sweep.keep:
            try:
                met = connection.sql(f"SELECT point FROM points WHERE ({condition}\n)").df()["point"]
            except duckdb.Error as error:
                raise _wrong(file, "keep", str(error).split("\n")[0], "a condition such as growth < 0.02") from error
            keep = sorted(set(keep) & set(map(int, met)))
    return keep


def _wrong(file: Document, path: str, message: str, expected: str) -> InputError:
    place = file.place((path,) if path else ())
    return InputError([Problem(place.file, place.line, path, message, expected)])


def _kind(cells: Sequence[Cell]) -> Kind:
    if any(isinstance(cell, str) for cell in cells):
        return Kind.TEXT
    return Kind.COUNT if all(isinstance(cell, int) for cell in cells) else Kind.MEASURE


def hash_of(ids: Iterable[str], chunk_size: int) -> str:
    """The hash of a design from the names of its runs, in order, and the size of its chunks."""
    return _hash("\n".join([str(chunk_size), *ids]))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
