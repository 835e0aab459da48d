"""What is wrong with an input: problems with their place, and the errors that carry them.

A model validator that finds several things wrong, or one thing deep inside, points at each of them:

    @model_validator(mode="after")
    def branches_sum_to_one(self) -> Self:
        faults = [
            Fault(("routes", name), f"branches sum to {total:g}", expected="1")
            for name, total in self.totals()
            if abs(total - 1) > 1e-9
        ]
        if faults:
            raise Faults(faults)
        return self

`layers.reading.validate` turns each fault into a Problem at the line of that sub-path (or of its deepest ancestor that
is written in a file). A plain ValueError is shown as it is, at the line of the model itself. Like every pydantic
"after" validator it runs only once the model's own fields are right.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MOST_NAMED = 8
DataPath = tuple[str | int, ...]
"""Where a value sits in a document: mapping keys and list positions, from the root."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input. `line` counts from 1, None where there is no file (`--set`); `path` is dotted."""

    file: str
    line: int | None
    path: str
    message: str
    expected: str = ""
    suggestion: str = ""

    def __lt__(self, other: "Problem") -> bool:
        """Order by file, then line (no line first), then path."""
        return self._order() < other._order()

    def __str__(self) -> str:
        """Return `file:line: path: message, expected X, did you mean Y?`, on one line and printable."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        said = ", ".join(
            part
            for part in (
                self.message,
                self.expected and f"expected {self.expected}",
                self.suggestion and f"did you mean {self.suggestion}?",
            )
            if part
        )
        line = ": ".join(part for part in (place, self.path, said) if part)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)

    def _order(self) -> tuple[str, int, str, str, str]:
        return (self.file, self.line or 0, self.path, self.message, self.expected)


class InputError(Exception):
    """Wrong input: carries every problem found, at least one, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        if not self.problems:
            raise ValueError("an InputError needs at least one problem")
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True)
class Fault:
    """One thing a model validator finds wrong, at a path relative to the model that raises it (`()` is the model)."""

    path: DataPath
    message: str
    expected: str = ""
    suggestion: str = ""


class Faults(ValueError):
    """Several faults found by one model validator, raised together."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        if not self.faults:
            raise ValueError("Faults needs at least one fault")
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "; ".join(f"{dotted(f.path)}: {f.message}" if f.path else f.message for f in self.faults)


def dotted(path: DataPath) -> str:
    """Write a path the way `--set` takes it: `demand.highways.volume`, list positions from 0."""
    return ".".join(map(str, path))


def closest(word: object, known: Iterable[object]) -> str:
    """Return the known word nearest to `word`, or "" where none is near: the "did you mean"."""
    near = get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.6)
    return near[0] if near else ""


def one_of(known: Iterable[object]) -> str:
    """Write the choices there are: "one of a, b, c", the rest counted after eight."""
    names = [str(k) for k in known]
    if len(names) == 1:
        return names[0]
    more = f", … ({len(names)} in all)" if len(names) > MOST_NAMED else ""
    return f"one of {', '.join(names[:MOST_NAMED])}{more}"
