"""Doing a sweep: hand out what is missing, keep each run as it ends, put all together once every chunk is there."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulation.batch import Ended, Pool, WorkerDied, each
from simulation.store.parquet import database
from simulation.sweeps.claiming import holds, stored_design
from simulation.sweeps.design import Design
from simulation.sweeps.folder import RUNS, SweepFolder
from simulation.sweeps.lines import DONE, Line, RunTask, failed_line
from simulation.sweeps.parts import write_part
from simulation.sweeps.putting_together import finish_putting, put_together

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from simulation.sweeps.work import Shared

SLICE_SECONDS = 1.0
"""About how long a slice takes: what is lost at most, a worker, when the power goes."""
DIED = "its worker process ended (killed, or out of memory), each time the run was tried"

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Chunk:
    """A chunk without its part: the places in the design of the runs to be done, and the lines of those in journals."""

    number: int
    left: tuple[int, ...]
    kept: Mapping[str, str]


@dataclass(frozen=True)
class Shard:
    """The k-th of n shares of a sweep's chunks, from 1."""

    number: int = 1
    of: int = 1

    def takes(self, chunk: int) -> bool:
        """Whether a chunk is in this share."""
        return chunk % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True)
class Slice:
    """Some runs of one chunk, for one worker."""

    chunk: int
    tasks: tuple[RunTask, ...]


@dataclass
class Doing:
    """One process's part in a sweep."""

    folder: SweepFolder
    design: Design
    shard: Shard = Shard()
    progress: Progress | None = None
    done: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    simulated_seconds: float = 0.0
    wall_seconds: float = 0.0
    _to_do: int = 0
    _texts: dict[int, dict[str, str]] = field(default_factory=dict)
    """Finished runs of chunks that are not complete."""
    _wanted: dict[int, int] = field(default_factory=dict)
    """How many runs the part of such a chunk will have."""
    _again: "deque[Slice]" = field(default_factory=deque)
    """Runs of slices that ended their worker, each by itself."""

    def missing(self) -> list[Chunk]:
        """The chunks of the shard that have no part, failed runs of a sweep put together before among them."""
        found = self.folder.ended()
        done = set() if found is None else set(found.loc[found["status"] == DONE, "run"])
        parts = self.folder.chunks_with_a_part(self.design.hash)
        journaled, ids = self.folder.journaled(), self.design.ids
        chunks = []
        for number in filter(self.shard.takes, range(self.design.chunks)):
            runs = [] if number in parts else [i for i in self.design.runs_of(number) if ids[i] not in done]
            if runs:
                kept = {ids[i]: journaled[ids[i]] for i in runs if ids[i] in journaled}
                chunks.append(Chunk(number, tuple(i for i in runs if ids[i] not in kept), kept))
        return chunks

    def do(self, chunks: Sequence[Chunk], shared: "Shared", pool: Pool | None) -> None:
        """Do every run that is left in some chunks. Whatever stops it, what has ended is kept."""
        started = time.perf_counter()
        self._to_do = sum(len(chunk.left) for chunk in chunks)
        try:
            with database() as connection:
                slices = self._slices(chunks, connection)
                while True:
                    with closing(each(_work, shared, slices, pool)) as ended:
                        for end in ended:
                            self._take(end, connection)
                    if not self._again:
                        break
                    slices = self._slices((), connection)
        finally:
            self.wall_seconds = time.perf_counter() - started

    def finish(self) -> bool:
        """Put the sweep together if every run of every shard has ended; whether it is."""
        with self.folder.alone():
            finish_putting(self.folder)
            if not holds(self.folder, self.design):
                return False  # another sweep has added to it meanwhile, and puts it together
            found = self.folder.ended()
            ended = set() if found is None else set(found["run"])
            parts = self.folder.chunks_with_a_part(self.design.hash)
            ids = self.design.ids
            for chunk in range(self.design.chunks):
                if chunk not in parts and not all(ids[i] in ended for i in self.design.runs_of(chunk)):
                    return False
            if parts or found is None or tuple(found["run"]) != ids:
                put_together(self.folder, stored_design(self.folder))
            self.folder.clear_unfinished()
        return True

    def _slices(self, chunks: Sequence[Chunk], connection: "DuckDBPyConnection") -> Iterator[Slice]:
        """What is to be done, a slice at a time, sized by how long runs have taken so far."""
        for chunk in chunks:
            if self.folder.part(RUNS, self.design.hash, chunk.number).is_file():
                continue  # another process has done it meanwhile
            self._texts[chunk.number] = dict(chunk.kept)
            self._wanted[chunk.number] = len(chunk.left) + len(chunk.kept)
            self._complete(chunk.number, connection)
            at = 0
            while at < len(chunk.left):
                size = self._slice_size()
                yield Slice(chunk.number, tuple(self._task(place) for place in chunk.left[at : at + size]))
                at += size
        while self._again:
            yield self._again.popleft()

    def _slice_size(self) -> int:
        if not self.done:
            return 1
        return max(1, int(SLICE_SECONDS / max(self.simulated_seconds / self.done, 1e-6)))

    def _task(self, position: int) -> RunTask:
        point, replication = self.design.point_of(position)
        return RunTask(self.design.ids[position], point.scenario, point.sets, replication)

    def _take(self, end: "Ended[Slice, list[Line]]", connection: "DuckDBPyConnection") -> None:
        """Keep what a slice gave; the runs of one that ended its worker are tried by themselves."""
        if isinstance(end.error, WorkerDied):
            if len(end.task.tasks) > 1:
                self._again.extend(Slice(end.task.chunk, (task,)) for task in end.task.tasks)
                return
            lines = [failed_line(end.task.tasks[0].run, DIED, 2)]
        elif end.error is not None:
            raise end.error
        else:
            lines = end.result or []
        self._keep(end.task.chunk, lines, connection)

    def _keep(self, chunk: int, lines: list[Line], connection: "DuckDBPyConnection") -> None:
        self._texts[chunk] |= {line.run: line.text for line in lines}
        if not self._complete(chunk, connection):
            self.folder.journal(self.design.hash, chunk, lines)
        for line in lines:
            if line.failure is not None:
                self.failures[line.run] = line.failure
            else:
                self.done += 1
                self.simulated_seconds += line.seconds
        if self.progress is not None:
            ended = self.done + len(self.failures)
            said = f"Simulating {self._to_do:,} runs, {len(self.failures):,} failed so far"
            self.progress(ended / max(self._to_do, 1), said)

    def _complete(self, chunk: int, connection: "DuckDBPyConnection") -> bool:
        """Write the part of a chunk once all its runs have ended; whether they have."""
        if len(self._texts[chunk]) < self._wanted[chunk]:
            return False
        # alone, or a sweep that has just put this folder together might clear away half of the part
        with self.folder.alone():
            write_part(self.folder, self.design.hash, chunk, self._texts.pop(chunk).values(), connection)
            self.folder.forget_journals(self.design.hash, chunk)
        return True


def _work(shared: "Shared", part: Slice) -> list[Line]:
    from simulation.sweeps.work import simulate

    return simulate(shared, part.tasks)
