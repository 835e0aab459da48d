"""The errors of pydantic in plain English."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic_core import ErrorDetails

from layers.assumption import NAME_PATTERN
from layers.documents.expectations import Expected, in_words
from layers.problems import DataPath, Fault, closest

_BOUNDS = {
    "greater_than_equal": ("ge", "too small", "at least"),
    "greater_than": ("gt", "too small", "more than"),
    "less_than_equal": ("le", "too large", "at most"),
    "less_than": ("lt", "too large", "less than"),
}
_LENGTHS = {
    "too_short": ("min_length", "at least", "item"),
    "too_long": ("max_length", "at most", "item"),
    "string_too_short": ("min_length", "at least", "character"),
    "string_too_long": ("max_length", "at most", "character"),
}
_OTHER_WRONG_TYPES = ("int_from_float", "date_from_datetime_inexact", "none_required")
_LONGEST_QUOTE = 40
_NAME = "a name in lowercase letters, digits and underscores, a letter first"


def is_wrong_type(error_type: str) -> bool:
    """Whether an error of pydantic says that another kind of value was expected."""
    return error_type.endswith(("_type", "_parsing")) or error_type in _OTHER_WRONG_TYPES


def worded(path: DataPath, error: ErrorDetails, allowed: Sequence[Expected]) -> Fault:
    """Return an error of pydantic as a fault at `path`, where the model allows `allowed`."""
    kind = error["type"]
    if kind == "missing":
        return Fault(path, "missing", in_words(allowed))
    if kind in _BOUNDS:
        return _bound(path, error)
    if kind in _LENGTHS:
        return _length(path, error)
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(path, error, allowed)
    if is_wrong_type(kind):
        return _type(path, error, allowed)
    return Fault(path, error["msg"])


def quoted(given: object) -> str:
    """Write a value that was given, briefly: text in quotes, collections by their kind."""
    if given is None:
        return "null"
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, dict):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    if isinstance(given, str):
        return f"text '{given[:_LONGEST_QUOTE]}{'…' if len(given) > _LONGEST_QUOTE else ''}'"
    return f"{given:g}" if isinstance(given, float) else str(given)


def _type(path: DataPath, error: ErrorDetails, allowed: Sequence[Expected]) -> Fault:
    given, expected = error["input"], in_words(allowed)
    if given is None:
        return Fault(path, "null, where there is nothing to remove", expected)
    if "outside expected range" in error["msg"]:
        return Fault(path, f"'{given}' does not exist", expected)
    return Fault(path, f"got {quoted(given)}", expected or error["msg"].removeprefix("Input should be "))


def _bound(path: DataPath, error: ErrorDetails) -> Fault:
    limit, message, bound = _BOUNDS[error["type"]]
    return Fault(path, f"{quoted(error['input'])} is {message}", f"{bound} {quoted(error['ctx'][limit])}")


def _length(path: DataPath, error: ErrorDetails) -> Fault:
    limit, bound, unit = _LENGTHS[error["type"]]
    count = error["ctx"].get("actual_length", len(error["input"]))
    return Fault(path, f"{_counted(count, unit)}", f"{bound} {_counted(error['ctx'][limit], unit)}")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _choice(path: DataPath, error: ErrorDetails, allowed: Sequence[Expected]) -> Fault:
    expected = in_words(allowed) or error["msg"].removeprefix("Input should be ")
    return Fault(path, f"got {quoted(error['input'])}", expected, closest(error["input"], _choices(allowed)))


def _pattern(path: DataPath, error: ErrorDetails, allowed: Sequence[Expected]) -> Fault:
    pattern = error["ctx"]["pattern"]
    return Fault(path, f"got {quoted(error['input'])}", _NAME if pattern == NAME_PATTERN else f"text like {pattern}")


def _tag(path: DataPath, error: ErrorDetails, allowed: Sequence[Expected]) -> Fault:
    """Word a key that says which kind of mapping this is, and does not."""
    ctx = error["ctx"]
    key = str(ctx["discriminator"]).strip("'")
    choices = str(ctx.get("expected_tags", "")).replace("'", "")
    if error["type"] == "union_tag_not_found":
        return Fault((*path, key), "missing", choices)
    return Fault(
        (*path, key), f"got text '{ctx['tag']}'", f"one of {choices}", closest(ctx["tag"], choices.split(", "))
    )


def _choices(allowed: Sequence[Expected]) -> list[Any]:
    """Return the values that literals and enumerations among those allowed may have."""
    choices: list[Any] = []
    for expected in allowed:
        if get_origin(expected.kind) is Literal:
            choices += get_args(expected.kind)
        elif isinstance(expected.kind, type) and issubclass(expected.kind, Enum):
            choices += [member.value for member in expected.kind]
    return choices


_SPECIAL: dict[str, Callable[[DataPath, ErrorDetails, Sequence[Expected]], Fault]] = {
    "literal_error": _choice,
    "enum": _choice,
    "string_pattern_mismatch": _pattern,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _tag,
}
