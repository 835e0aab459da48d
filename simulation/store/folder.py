"""Folders and files that are complete or absent, and never overwrite a result."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from simulation.store.errors import CannotWrite


def publish_folder(parent: Path, name: str, fill: Callable[[Path], None]) -> Path:
    """Let `fill` write into a hidden sibling, flush it to the disk, then give it its name (`name-2`, … when taken).

    Whatever interrupts it, nothing half-written stays behind, nor a parent folder made for it.
    Raises CannotWrite for a folder that cannot be written or a full disk.
    """
    made = _missing_parents(parent)
    partial = parent / f".partial-{uuid4().hex}"
    try:
        partial.mkdir(parents=True)
        fill(partial)
        flush(partial)
        final = _rename_to_free_name(partial, parent, name)
    except BaseException as error:
        with _undisturbed():
            _clear(partial, made)
        if isinstance(error, OSError | CannotWrite):
            raise CannotWrite(f"cannot write to {parent}: {_reason(error)}") from error
        raise
    return final


def write_file(path: Path, content: bytes) -> None:
    """Write one file at once, with the folders it lies in, replacing what was there; raises CannotWrite."""
    publish_file(path, lambda partial: _write_bytes(partial, content))


def publish_file(path: Path, fill: Callable[[Path], None], through: Path | None = None) -> None:
    """Let `fill` write a hidden file, flush it to the disk, then give it its name, replacing what was there.

    The hidden file lies beside it, or in the folder `through` of the same disk. Whatever interrupts it, `path` is as it was or
    complete. Raises CannotWrite.
    """
    partial = (through or path.parent) / f".partial-{uuid4().hex}"
    try:
        for folder in {path.parent, partial.parent}:
            folder.mkdir(parents=True, exist_ok=True)
        fill(partial)
        _flush_one(partial)
        os.replace(partial, path)
        _flush_one(path.parent)
    except BaseException as error:
        with _undisturbed(), suppress(OSError):
            partial.unlink(missing_ok=True)
        if isinstance(error, OSError | CannotWrite):
            raise CannotWrite(f"cannot write {path}: {_reason(error)}") from error
        raise


def check_writable(folder: Path) -> None:
    """Say before the work, not after it, that a folder can be made and written here; makes nothing."""
    nearest = next(place for place in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(place))
    if not nearest.is_dir():
        raise CannotWrite(f"cannot write to {folder}: {nearest} is not a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise CannotWrite(f"cannot write to {folder}: no permission to write in {nearest}")


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _reason(error: OSError | CannotWrite) -> str:
    """The system's own words without the number and the hidden path."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _missing_parents(folder: Path) -> list[Path]:
    """The folders that would have to be made, the deepest first."""
    return [place for place in (folder, *folder.parents) if not place.exists()]


def _clear(partial: Path, made: list[Path]) -> None:
    """Remove the hidden folder and every folder made for it that nobody else uses."""
    shutil.rmtree(partial, ignore_errors=True)
    with suppress(OSError):
        for folder in made:
            folder.rmdir()


def flush(folder: Path) -> None:
    """Have the disk hold every file and their names before the folder gets its own."""
    for place in (*sorted(folder.rglob("*")), folder):
        _flush_one(place)


def _flush_one(place: Path) -> None:
    """Have the disk hold one file, or the names in one folder."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename_to_free_name(partial: Path, parent: Path, name: str) -> Path:
    """Rename to the first free name: a folder with files in it cannot be renamed over, so a race loses nothing."""
    attempt = 1
    while True:
        final = parent / (name if attempt == 1 else f"{name}-{attempt}")
        if not os.path.lexists(final):
            try:
                partial.rename(final)
                return final
            except OSError:
                if not os.path.lexists(final):
                    raise
        attempt += 1


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back Ctrl-C pressed twice until the clearing up is done."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
