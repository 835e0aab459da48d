"""A sweep's folder: what is in it, and what of a design is done.

    OUT/<sweep>/manifest.json      of which design and version it is; timings
                design.parquet     every run asked for
                runs.parquet       every run that has ended: it says which tables count
                failures.jsonl     those that failed
                tables/<table>/    the tables of the runs in runs.parquet, so many runs a file, in their order
                unfinished/        work not yet put together: parts by chunk, journals of chunks in hand

Parts are complete or absent. A journal has a line for each finished run; its last line may be torn. Every process writes
journals of its own, and whoever completes a chunk writes its part, the same whoever does it; so several may work here at once.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pandas as pd

from simulation.store.errors import CannotWrite
from simulation.store.parquet import read_parquet
from simulation.sweeps.lines import DONE, Line

HASH_DIGITS = 8
PROCESS = uuid4().hex[:8]
"""Tells the journals of this process from those of any other, on this machine or another."""
RUNS = "runs"


@dataclass(frozen=True)
class SweepFolder:
    """The places in a sweep's folder; `root` is the folder itself."""

    root: Path

    @property
    def manifest(self) -> Path:
        """Of which design and version the folder is."""
        return self.root / "manifest.json"

    @property
    def design(self) -> Path:
        """Every run asked for."""
        return self.root / "design.parquet"

    @property
    def runs(self) -> Path:
        """Every run that has ended and whose tables are in `tables`."""
        return self.root / "runs.parquet"

    @property
    def failures(self) -> Path:
        """The runs that failed, one JSON object a line."""
        return self.root / "failures.jsonl"

    @property
    def tables(self) -> Path:
        """A folder for each table."""
        return self.root / "tables"

    @property
    def unfinished(self) -> Path:
        """Work not yet put together."""
        return self.root / "unfinished"

    @property
    def parts(self) -> Path:
        """A folder for each table, a file for each chunk."""
        return self.unfinished / "parts"

    @property
    def journals(self) -> Path:
        """Runs of chunks that are not complete."""
        return self.unfinished / "journals"

    def ended(self) -> pd.DataFrame | None:
        """The names and statuses of the runs put together so far, in their order; None where there are none yet."""
        return read_parquet(self.runs)[["run", "status"]] if self.runs.is_file() else None

    def chunks_with_a_part(self, design_hash: str) -> set[int]:
        """The numbers of the chunks of a design that have their part, read off the names alone."""
        before = f"{design_hash[:HASH_DIGITS]}-"
        names = _names(self.parts / RUNS)
        return {int(name[len(before) :].split(".")[0]) for name in names if name.startswith(before)}

    def part(self, table: str, design_hash: str, chunk: int) -> Path:
        """Where the part of a table for a chunk lies."""
        return self.parts / table / f"{design_hash[:HASH_DIGITS]}-{chunk:06d}.parquet"

    def journaled(self) -> dict[str, str]:
        """The lines of finished runs in all journals, by run; failed ones are left out, to be tried again."""
        found: dict[str, str] = {}
        for name in _names(self.journals):
            with suppress(FileNotFoundError):
                found |= dict(_lines((self.journals / name).read_bytes()))
        return found

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other process puts this folder together. Where the disk knows no locks, go on without."""
        descriptor = os.open(self.root, os.O_RDONLY)
        try:
            with suppress(ImportError, OSError):
                import fcntl

                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def clear_unfinished(self) -> None:
        """Remove all work that has been put together."""
        shutil.rmtree(self.unfinished, ignore_errors=True)

    def journal(self, design_hash: str, chunk: int, lines: Iterable[Line]) -> None:
        """Keep finished runs of a chunk in this process's journal of it; raises CannotWrite, with at most a torn last line."""
        path = self.journals / f"{design_hash[:HASH_DIGITS]}-{chunk:06d}-{os.getpid()}-{PROCESS}.jsonl"
        content = "".join(line.text + "\n" for line in lines).encode()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                while content:
                    content = content[os.write(descriptor, content) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise CannotWrite(f"cannot write to {self.root}: {error.strerror}") from error

    def forget_journals(self, design_hash: str, chunk: int) -> None:
        """Remove the journals of a chunk that has its part."""
        for path in self.journals.glob(f"{design_hash[:HASH_DIGITS]}-{chunk:06d}-*"):
            path.unlink(missing_ok=True)


def _lines(content: bytes) -> Iterator[tuple[str, str]]:
    """The finished runs of a journal; a torn line, wherever it is, is none."""
    for raw in content.split(b"\n"):
        try:
            line = json.loads(raw)
        except ValueError:
            continue
        if isinstance(line, dict) and line.get("status") == DONE:
            yield str(line["run"]), raw.decode()


def _names(folder: Path) -> list[str]:
    """The names in a folder, sorted, hidden ones left out; none where it is not there."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except FileNotFoundError:
        return []
