"""One scenario file on disk: which file a name means, what to call it in messages, and its text."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from layers.documents.tree import Place, Source
from layers.problems import Problem, closest
from layers.shipped import configs_folder, shipped_file, shipped_names

LARGEST_BYTES = 5_000_000
_ENDINGS = (".yaml", ".yml")


class NotReadable(Exception):
    """A file that cannot be read: says why."""

    def __init__(self, message: str, line: int | None = None, expected: str = "", suggestion: str = "") -> None:
        super().__init__(message)
        self.line, self.expected, self.suggestion = line, expected, suggestion

    def at(self, place: Place, path: str = "") -> Problem:
        """Return this as a problem: at its own line where it has one, else at the place that asked for the file."""
        line = place.line if self.line is None else self.line
        return Problem(place.file, line, path, str(self), self.expected, self.suggestion)


@dataclass(frozen=True)
class ScenarioFile:
    """A file to read: its path, and the path as the user would write it."""

    path: Path
    shown: str

    def source(self, root: "ScenarioFile") -> Source:
        """Return how messages and results call this file, when `root` is the scenario asked for."""
        return Source(self.shown, _kept_name(self.path, root.path.parent))


@dataclass(frozen=True)
class Text:
    """The text of a file and the SHA-256 of its bytes."""

    text: str
    sha256: str


def find(name: str, asked_by: ScenarioFile | None = None) -> ScenarioFile:
    """Return the file at a path (from the folder of the file that asks, or from here), else the shipped scenario.

    Raises NotReadable, with the nearest known name, where there is neither.
    """
    folder = "" if asked_by is None else os.path.dirname(asked_by.shown)
    shown = os.path.normpath(os.path.join(folder, name)) if asked_by else name
    path = Path(name) if asked_by is None else asked_by.path.parent / name
    shipped = shipped_file(name)
    if shipped is not None and not os.path.isfile(path):
        return ScenarioFile(shipped, _from_here(shipped, str(shipped)))
    if not name or not os.path.exists(path):
        raise _missing(name, path)
    return ScenarioFile(path, _from_here(path, shown))


def read_text(file: ScenarioFile) -> Text:
    """Read a file of UTF-8 text; raises NotReadable, too large a file at once and unread."""
    try:
        if not file.path.is_file():
            raise NotReadable("is a folder" if file.path.is_dir() else "is not a regular file", None, "a YAML file")
        content = _read_bytes(file.path)
    except OSError as error:
        raise NotReadable(f"cannot be read: {error.strerror or error}") from error
    try:
        return Text(content.decode("utf-8-sig"), sha256(content).hexdigest())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = f"byte 0x{content[error.start]:02x} at offset {error.start:,} is not UTF-8"
        raise NotReadable(wrong, line, "a file saved as UTF-8") from error


def _read_bytes(path: Path) -> bytes:
    """Read at most one byte beyond the limit, in case the file grows or its size is not known."""
    size = path.stat().st_size
    if size <= LARGEST_BYTES:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
        if len(content) <= LARGEST_BYTES:
            return content
    raise NotReadable(
        f"is too large ({max(size, LARGEST_BYTES + 1):,} bytes)", None, f"at most {LARGEST_BYTES:,} bytes"
    )


def _missing(name: str, path: Path) -> NotReadable:
    folder = path.parent
    try:
        beside = sorted(f.name for f in folder.iterdir() if f.suffix in _ENDINGS) if folder.is_dir() else []
    except OSError:
        beside = []
    prefix = os.path.dirname(name)
    known = [*shipped_names(), *(os.path.join(prefix, file) for file in beside)]
    shipped = ", ".join(shipped_names())
    expected = f"a file, or one of {shipped}" if shipped else "a file"
    stem = os.path.basename(name).removesuffix(".yaml").removesuffix(".yml")
    return NotReadable("no such file", None, expected, closest(name, known) or closest(stem, known))


def _from_here(path: Path, otherwise: str) -> str:
    """Return the path from the current folder where it lies below it, else `otherwise`."""
    here, there = Path.cwd(), Path(os.path.abspath(path))
    return str(there.relative_to(here)) if there.is_relative_to(here) else otherwise


def _kept_name(path: Path, root_folder: Path) -> str:
    """Return a name without this machine's folders: from above the shipped folder, else from the scenario's folder."""
    there = os.path.abspath(path)
    shipped = os.path.abspath(configs_folder())
    if there.startswith(shipped + os.sep):
        return Path("configs", os.path.relpath(there, shipped)).as_posix()
    return Path(os.path.relpath(there, os.path.abspath(root_folder))).as_posix()
