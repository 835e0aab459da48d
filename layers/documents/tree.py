"""A document read from YAML: values with the place each was written, before any model has looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from layers.problems import DataPath

Scalar = str | int | float | bool | None
Key = str | int


@dataclass(frozen=True)
class Place:
    """Where something was written: a file as the user knows it and a line from 1, or `--set` and no line.

    `name` is the file's name without the folders of this machine, for what is kept in results.
    """

    file: str
    line: int | None
    name: str = ""

    def __str__(self) -> str:
        """In words, for a note that is kept: "in district.yaml:12" or "on the command line"."""
        return "on the command line" if self.line is None else f"in {self.name or self.file}:{self.line}"


@dataclass(frozen=True)
class Source:
    """A text that is read: `file` as messages show it, `name` as results keep it. The command line has no lines."""

    file: str
    name: str
    has_lines: bool = True

    def at(self, line: int) -> Place:
        """Return the place of a line, counted from 1."""
        return Place(self.file, line if self.has_lines else None, self.name)


@dataclass(frozen=True)
class Node:
    """One value and its place; a value in a mapping has the place of its key. Content is never changed in place."""

    content: "Scalar | list[Node] | dict[Key, Node]"
    place: Place

    def child(self, key: str | int) -> "Node | None":
        """Return the value at a mapping key or list position, or None; the key 1 is also found as text."""
        if isinstance(self.content, list):
            return self._item(key)
        if not isinstance(self.content, dict):
            return None
        return self.content.get(own_key(self, key))

    def _item(self, key: str | int) -> "Node | None":
        position = int(key) if str(key).isdecimal() and str(key).isascii() else -1
        items = self.content if isinstance(self.content, list) else []
        return items[position] if 0 <= position < len(items) else None

    def place_of(self, path: DataPath) -> Place:
        """Return the place of the value at `path`, or of its deepest ancestor that was written somewhere."""
        node = self
        for key in path:
            below = node.child(key)
            if below is None:
                break
            node = below
        return node.place


def plain(node: Node) -> Any:
    """Return the values alone, as new dicts and lists."""
    if isinstance(node.content, list):
        return [plain(item) for item in node.content]
    if isinstance(node.content, dict):
        return {key: plain(value) for key, value in node.content.items()}
    return node.content


def is_number(content: object) -> bool:
    """Whether this is a number; true and false are not."""
    return isinstance(content, int | float) and not isinstance(content, bool)


def keys_of(node: Node) -> Mapping[Key, Node]:
    """Return the mapping of a node, or an empty one where it is not a mapping."""
    return node.content if isinstance(node.content, dict) else {}


def own_key(node: Node, key: Key) -> Key:
    """Return a key as the mapping has it (`1` may be a number there and text here), else as it is given."""
    known = keys_of(node)
    return key if key in known else next((own for own in known if str(own) == str(key)), key)
