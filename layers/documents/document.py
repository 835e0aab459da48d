"""A scenario as it was written: one tree of values, merged from its files, each with its place."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from layers.documents.tree import Node, Place, plain
from layers.problems import DataPath


@dataclass(frozen=True, order=True)
class FileRead:
    """A file that was read: its name without the folders of this machine, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Document:
    """A scenario merged from its files, `extends` and `--set` done, before a model has checked it."""

    name: str
    tree: Node
    files: tuple[FileRead, ...] = ()

    @cached_property
    def data(self) -> Any:
        """The values alone: dicts, lists, text, numbers, booleans and None. Not to be changed: see `resolved`."""
        return plain(self.tree)

    def resolved(self) -> Any:
        """Return the values alone, as a copy that may be changed."""
        return plain(self.tree)

    def place(self, path: DataPath) -> Place:
        """Return where the value at `path` was written, or its deepest ancestor that was."""
        return self.tree.place_of(path)
