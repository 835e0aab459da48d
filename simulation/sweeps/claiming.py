"""Claiming a sweep's folder for a design: begun, gone on with, extended, or refused with the reason."""

import json
from typing import Any

import pandas as pd

from layers.problems import InputError, Problem
from simulation.store.errors import CannotWrite
from simulation.store.folder import check_writable, publish_file, write_file
from simulation.store.json_text import json_bytes
from simulation.store.parquet import database, read_parquet, write_parquet
from simulation.sweeps.design import Design, hash_of
from simulation.sweeps.folder import SweepFolder
from simulation.sweeps.lines import DONE
from simulation.sweeps.parts import write_part
from simulation.sweeps.putting_together import finish_putting, put_together

LEFTOVERS = 999_999
"""The chunk number of runs from chunks of an earlier design that were not complete."""


def claim(folder: SweepFolder, design: Design, manifest: dict[str, Any]) -> None:
    """Make the folder this design's, whatever of it is done already; the manifest says what it is of.

    Raises InputError where it holds results of another version, or runs that the design does not ask for: nothing is ever
    thrown away. Raises CannotWrite before any work where it cannot be written.
    """
    check_writable(folder.root)
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"cannot write to {folder.root}: {error.strerror}") from error
    with folder.alone():
        _refuse_other_version(folder, manifest["version"])
        finish_putting(folder)
        if holds(folder, design):
            return
        _settle(folder)
        _refuse_other_runs(folder, design)
        write_file(folder.manifest, json_bytes(manifest))
        frame = design.frame()
        publish_file(
            folder.design,
            lambda partial: write_parquet(frame, design.table.columns, partial),
            through=folder.unfinished,
        )


def holds(folder: SweepFolder, design: Design) -> bool:
    """Whether the folder is this very design's already."""
    return folder.design.is_file() and _hash(stored_design(folder)) == design.hash


def stored_design(folder: SweepFolder) -> pd.DataFrame:
    """The design as it was written, with each run's position."""
    frame = read_parquet(folder.design)
    return frame.assign(position=range(len(frame)))


def _hash(stored: pd.DataFrame) -> str:
    return hash_of(stored["run"], int((stored["chunk"] == 0).sum()))


def read_manifest(folder: SweepFolder) -> dict[str, Any] | None:
    """The manifest; None where there is none, or no readable one."""
    try:
        found = json.loads(folder.manifest.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _settle(folder: SweepFolder) -> None:
    """Put together what is done of the design before, since its chunks are not those of the next."""
    if not (folder.design.is_file() and folder.unfinished.is_dir()):
        return
    frame = stored_design(folder)
    left = {run: text for run, text in folder.journaled().items() if run in set(frame["run"])}
    if left:
        with database() as connection:
            write_part(folder, _hash(frame), LEFTOVERS, left.values(), connection)
    put_together(folder, frame)
    folder.clear_unfinished()


def _refuse_other_version(folder: SweepFolder, version: str) -> None:
    found = read_manifest(folder)
    if found is not None and found.get("version") != version:
        said = f"holds runs of version {found.get('version')}, and this is {version}: their numbers may differ"
        raise InputError([Problem(str(folder.root), None, "", said, "another --out, or that version")])


def _refuse_other_runs(folder: SweepFolder, design: Design) -> None:
    ended = folder.ended()
    if ended is None:
        return
    others = set(ended.loc[ended["status"] == DONE, "run"]) - set(design.ids)
    if others:
        said = (
            f"holds {len(others):,} run{'s' * (len(others) != 1)} that this sweep no longer asks for: its file, or a "
            "scenario, changed in another way than by adding to it"
        )
        raise InputError([Problem(str(folder.root), None, "", said, "another --out, or another name for the sweep")])
