"""One YAML text into a tree of values with their places, safely: bounded in size, no tags, no duplicate keys.

The parser's events are walked here, so that only text, numbers, booleans, lists and mappings are ever made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

from layers.documents.tree import Key, Node, Place, Scalar, Source
from layers.documents.yaml_scalars import meaning
from layers.documents.yaml_syntax import syntax_problem
from layers.problems import DataPath, Problem, dotted

MOST_VALUES = 200_000
"""More values than this in one text, aliases written out, are refused."""
DEEPEST = 50


@dataclass
class YamlText:
    """What one text holds: the root (None where it cannot be read) and every problem found on the way."""

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)


def read_yaml(text: str, source: Source, path: DataPath = ()) -> YamlText:
    """Read one YAML document; `path` is where the text belongs in a larger document. Never raises for a wrong text."""
    composer = _Composer(source)
    try:
        root = composer.document(YAML(typ="safe", pure=True).parse(text), path)
    except _Refused as refusal:
        return YamlText(None, [*composer.problems, refusal.problem])
    except YAMLError as error:
        return YamlText(None, [*composer.problems, syntax_problem(error, text, source, path)])
    return YamlText(root, composer.problems)


class _Refused(Exception):
    """The text cannot be read any further."""

    def __init__(self, place: Place, path: DataPath, message: str, expected: str = "") -> None:
        self.problem = Problem(place.file, place.line, dotted(path), message, expected)


@dataclass(frozen=True)
class _Part:
    """A node with its number of values, aliases written out, and its depth."""

    node: Node
    values: int = 1
    depth: int = 0


class _Composer:
    """Builds the tree from the parser's events."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self._events: Iterator[Event] = iter(())
        self._anchors: dict[str, _Part | None] = {}
        self._values = 0

    def document(self, events: Iterator[Event], path: DataPath) -> Node:
        """Return the only document of the stream; raises where there is none, or another."""
        self._events = (event for event in events if not isinstance(event, StreamStartEvent))
        if not isinstance(next(self._events), DocumentStartEvent):
            raise _Refused(self.source.at(1), path, "is empty")
        event = next(self._events)
        root = self._part(event, path, self._place(event)).node
        next(self._events)
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            raise _Refused(self._place(after), path, "a second document starts here", "one document a file")
        return root

    def _part(self, event: Event, path: DataPath, place: Place) -> _Part:
        if isinstance(event, AliasEvent):
            return self._alias(event, path, place)
        self._count(1, path, len(path), place)
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self._anchors[anchor] = None
        if tag is not None:
            self._report(place, path, f"the tag {tag} is not allowed", "a plain value")
        part = self._collection_or_scalar(event, path, place)
        if anchor:
            self._anchors[anchor] = part
        return part

    def _collection_or_scalar(self, event: Event, path: DataPath, place: Place) -> _Part:
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path, place)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path, place)
        if isinstance(event, ScalarEvent):
            return _Part(Node(self._scalar(event, path, place), place))
        raise _Refused(place, path, f"an unexpected {type(event).__name__}")

    def _alias(self, event: AliasEvent, path: DataPath, place: Place) -> _Part:
        part = self._anchors.get(event.anchor)
        if part is None:
            why = "refers to itself" if event.anchor in self._anchors else "is not defined above"
            raise _Refused(place, path, f"the alias *{event.anchor} {why}")
        self._count(part.values, path, len(path) + part.depth, place)
        return replace(part, node=replace(part.node, place=place))

    def _sequence(self, path: DataPath, place: Place) -> _Part:
        parts: list[_Part] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            parts.append(self._part(event, (*path, len(parts)), self._place(event)))
        return _whole(Node([part.node for part in parts], place), parts)

    def _mapping(self, path: DataPath, place: Place) -> _Part:
        parts: dict[Key, _Part] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key, key_place = self._key(event, path), self._place(event)
            part = self._part(next(self._events), path if key is None else (*path, key), key_place)
            if key in parts:
                first = parts[key].node.place.line
                where = "" if first is None else f", first on line {first}"
                self._report(key_place, (*path, key), f"this key is already given{where}", "each key once")
            elif key is not None:
                parts[key] = part
        return _whole(Node({key: part.node for key, part in parts.items()}, place), list(parts.values()))

    def _key(self, event: Event, path: DataPath) -> Key | None:
        """Return the key; None, reported, where it cannot be one."""
        place = self._place(event)
        node = self._part(event, (*path, "?"), place).node
        if isinstance(event, ScalarEvent) and node.content == "<<" and not event.style:
            self._report(place, path, "merge keys (<<) are not supported", "`extends`, or the keys written out")
            return None
        if isinstance(node.content, bool) or not isinstance(node.content, str | int):
            self._report(place, path, "a key that is neither text nor a whole number", "text, in quotes if need be")
            return None
        return node.content

    def _scalar(self, event: ScalarEvent, path: DataPath, place: Place) -> Scalar:
        if event.style:
            return str(event.value)
        try:
            return meaning(event.value)
        except ValueError as error:
            self._report(place, path, str(error), "a finite number")
            return 0

    def _count(self, values: int, path: DataPath, depth: int, place: Place) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise _Refused(place, path[:3], "too many values, aliases written out", f"at most {MOST_VALUES:,} in all")
        if depth > DEEPEST:
            raise _Refused(place, path[:3], "nested too deep", f"at most {DEEPEST} levels")

    def _place(self, event: Event) -> Place:
        return self.source.at(event.start_mark.line + 1)

    def _report(self, place: Place, path: DataPath, message: str, expected: str) -> None:
        self.problems.append(Problem(place.file, place.line, dotted(path), message, expected))


def _whole(node: Node, parts: list[_Part]) -> _Part:
    values = 1 + sum(part.values for part in parts)
    return _Part(node, values, 1 + max((part.depth for part in parts), default=0))
