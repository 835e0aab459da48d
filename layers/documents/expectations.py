"""What a model expects at a place of a document, in words: read from its type hints."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, Tag
from pydantic.fields import FieldInfo

from layers.assumption import Assumption, Quantity
from layers.problems import DataPath, one_of

_WORDS: dict[Any, str] = {
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    str: "text",
    date: "a date (YYYY-MM-DD)",
    datetime: "a date and time",
    time: "a time (HH:MM)",
}
_NUMBERS_OF_ASSUMPTION = ("value", "low", "high")


@dataclass(frozen=True)
class Expected:
    """One thing that may stand at a place: its type, without `Annotated` and unions, and what annotates it."""

    kind: Any
    notes: tuple[Any, ...] = ()

    @property
    def quantity(self) -> Quantity | None:
        """The unit and bounds, where this is an assumption or a number of one."""
        return next((note for note in self.notes if isinstance(note, Quantity)), None)

    def is_meant_by(self, data: Any) -> bool:
        """Whether the discriminator of the union, where it has one and this a tag, chooses this for the data."""
        tag = next((note.tag for note in self.notes if isinstance(note, Tag)), None)
        choose = next((note.discriminator for note in self.notes if isinstance(note, Discriminator)), None)
        return tag is None or not callable(choose) or choose(data) == tag

    @property
    def fields(self) -> Mapping[str, FieldInfo]:
        """The fields by the keys they are written with, where this is a model; else none."""
        if not (isinstance(self.kind, type) and issubclass(self.kind, BaseModel)):
            return {}
        return {field.alias or name: field for name, field in self.kind.model_fields.items()}

    def __str__(self) -> str:
        """In words, such as "a number (share)"; empty where there are none."""
        origin = get_origin(self.kind) or self.kind
        if self.quantity is not None and self.kind in (Assumption, float):
            return self.quantity.expected
        if origin is Literal:
            return one_of(get_args(self.kind))
        if self.fields:
            return "a mapping" if self.kind is not Assumption else "a number with its unit"
        if isinstance(origin, type):
            return _word(origin)
        return ""

    def at(self, key: str | int) -> Any:
        """Return the type hint of what stands at a key or position of this; None where nothing may."""
        if self.quantity is not None and self.kind is Assumption:
            return self._of_assumption(key)
        if self.fields:
            field = self.fields.get(str(key))
            return None if field is None else _annotated(field)
        return _of_collection(self.kind, key)

    def _of_assumption(self, key: str | int) -> Any:
        if key in _NUMBERS_OF_ASSUMPTION:
            return Annotated[float, self.quantity]
        if key == "unit" and self.quantity is not None:
            return Literal[self.quantity.unit]
        field = Assumption.model_fields.get(str(key))
        return None if field is None else _annotated(field)


def expected_at(model: Any, path: DataPath, data: Any) -> list[Expected]:
    """Return all that a model allows at `path`; `data`, the whole document, settles which model of a union is meant."""
    allowed = _nearest(list(_alternatives(model)), data)
    for key in path:
        data = _child(data, key)
        below = [hint for expected in allowed if (hint := expected.at(key)) is not None]
        allowed = _nearest([alternative for hint in below for alternative in _alternatives(hint)], data)
    return allowed


def expected_key_at(model: Any, path: DataPath, data: Any) -> list[Expected]:
    """Return all that the last key of `path` may be, where a mapping of things by key is allowed."""
    mappings = [expected.kind for expected in expected_at(model, path[:-1], data) if _is_mapping(expected.kind)]
    return [alternative for kind in mappings for alternative in _alternatives(get_args(kind)[0])]


def in_words(allowed: Sequence[Expected]) -> str:
    """Write what is allowed: "a number (share) or a mapping"."""
    return " or ".join(dict.fromkeys(words for expected in allowed if (words := str(expected))))


def keys_in(allowed: Sequence[Expected]) -> list[str]:
    """Return the keys that the models among those allowed have."""
    return list(dict.fromkeys(key for expected in allowed for key in expected.fields))


def _alternatives(hint: Any, notes: tuple[Any, ...] = ()) -> Iterator[Expected]:
    """Yield the members of a type hint, its unions, aliases and annotations taken apart; `None` is not one."""
    if hasattr(hint, "__value__"):
        yield from _alternatives(hint.__value__, notes)
    elif get_origin(hint) is Annotated:
        inner, *more = get_args(hint)
        yield from _alternatives(inner, (*notes, *more))
    elif get_origin(hint) in (Union, UnionType):
        for member in get_args(hint):
            yield from _alternatives(member, notes)
    elif hint is not NoneType:
        yield Expected(hint, notes)


def _nearest(allowed: list[Expected], data: Any) -> list[Expected]:
    """Return, of several models, the one the data chooses, or those that share most keys with the mapping written."""
    if not isinstance(data, Mapping) or not any(expected.fields for expected in allowed):
        return allowed
    allowed = [expected for expected in allowed if expected.is_meant_by(data)] or allowed
    shared = [sum(key in expected.fields for key in data) for expected in allowed]
    return [expected for expected, count in zip(allowed, shared, strict=True) if count == max(shared)]


def _child(data: Any, key: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(key)
    if isinstance(data, list) and isinstance(key, int) and 0 <= key < len(data):
        return data[key]
    return None


def _annotated(field: FieldInfo) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _is_mapping(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping) and bool(get_args(kind))


def _of_collection(kind: Any, key: str | int) -> Any:
    origin, members = get_origin(kind), get_args(kind)
    if _is_mapping(kind):
        return members[1]
    if not isinstance(origin, type) or not members:
        return None
    if issubclass(origin, tuple) and members[-1] is not Ellipsis:
        return members[key] if isinstance(key, int) and 0 <= key < len(members) else None
    return members[0]


def _word(kind: type) -> str:
    if kind in _WORDS:
        return _WORDS[kind]
    if issubclass(kind, Enum):
        return one_of(member.value for member in kind)
    if issubclass(kind, Mapping):
        return "a mapping"
    return "a list" if issubclass(kind, Sequence | Set) and not issubclass(kind, str) else ""
