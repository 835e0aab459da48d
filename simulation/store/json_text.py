"""JSON that any reader accepts: no NaN, no infinity, floats that read back the same, keys in the order given."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any


def json_text(value: object, ascii_only: bool = False) -> str:
    """Indented text ending in a line feed; raises ValueError naming the place of a NaN or an infinity."""
    _refuse_non_finite(value)
    return json.dumps(value, indent=2, ensure_ascii=ascii_only, allow_nan=False, default=_plain) + "\n"


def canonical_json(value: object) -> str:
    """The one text of a value: keys sorted, no spaces; what hashes are taken of."""
    _refuse_non_finite(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)


def json_bytes(value: object) -> bytes:
    """The text as UTF-8; a file name that is no text is escaped."""
    return json_text(value).encode("utf-8", "backslashreplace")


def _plain(value: Any) -> object:
    """A numpy number as Python's; nothing else is converted silently."""
    if callable(getattr(value, "item", None)):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def _refuse_non_finite(value: object) -> None:
    """Name every place, so that a missing number is found where it was made."""
    places = [place for place, leaf in _leaves(value, "") if isinstance(leaf, float) and not math.isfinite(leaf)]
    if places:
        raise ValueError(f"not a finite number: {', '.join(places)}")


def _leaves(value: object, place: str) -> Iterator[tuple[str, object]]:
    """Every value that holds no other, with its dotted place."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{place}[{index}]")
    else:
        yield place, value
