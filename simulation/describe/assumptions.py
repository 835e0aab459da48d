"""The assumptions of a scenario: every number with its unit, range, source and grade, by the path that `--set` takes.

Left out are facts and settings (calendar, period, generations of failure demand, opening hours), and what calibration
solved. A list of weights is one row: its value is how many there are, its note what they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from layers.assumption import Assumption
from layers.demand import Profile
from layers.problems import DataPath, dotted
from layers.routes import Work
from layers.splits import Split
from simulation.scenario import Scenario
from workforce.quantities import Mix

SOLVED = "calibration"
UNWRITTEN = "Default of the program: the scenario does not say."
NEUTRAL = (0.0, 1.0)
"""An unwritten default of 0 (nobody, never) or 1 (all, times one) changes nothing, so it is no assumption to list."""


@dataclass(frozen=True)
class Row:
    """One assumption: a number in `unit`, the range it may have, its grade (A, B, C), source and note."""

    path: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    grade: str | None = None
    source: str | None = None
    note: str | None = None


def assumptions(scenario: Scenario) -> list[Row]:
    """Every assumption of the scenario as it was resolved, in the order of its sections."""
    council = scenario.council
    sections = [name for name in type(council).model_fields if name != SOLVED]
    return [row for name in sections for row in _rows((name,), getattr(council, name), _is_written(council, name))]


def _rows(path: DataPath, value: object, written: bool) -> Iterator[Row]:
    """The rows of whatever stands at a path: an assumption, or a model, mapping or list that holds some."""
    if isinstance(value, Assumption):
        yield from _assumption(path, value, written)
    elif isinstance(value, Split):
        yield from _split(path, value)
    elif isinstance(value, Mix):
        for name, weight in value.values.items():
            yield Row(
                dotted((*path, "values", name)), weight, "weight", None, None, value.grade, value.source, value.note
            )
    elif isinstance(value, BaseModel):
        if isinstance(value, Profile):
            yield from _profile(path, value)
        for name, field in type(value).model_fields.items():
            if not _is_unused(value, name):
                below = (*path, field.alias or name)
                yield from _rows(below, getattr(value, name), written and _is_written(value, name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _rows((*path, key), item, written)
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from _rows((*path, position), item, written)


def _is_written(model: BaseModel, field: str) -> bool:
    return field in model.model_fields_set


def _is_unused(model: BaseModel, field: str) -> bool:
    """Whether a field has no effect: only the lognormal shape has a spread of its own."""
    return isinstance(model, Work) and field == "spread" and model.shape != "lognormal"


def _assumption(path: DataPath, a: Assumption, written: bool) -> Iterator[Row]:
    """The row of one assumption; none for a default that nobody wrote and that changes nothing."""
    if written:
        yield Row(dotted(path), a.value, a.unit, a.low, a.high, a.grade, a.source, a.note)
    elif a.value not in NEUTRAL:
        yield Row(dotted(path), a.value, a.unit, a.low, a.high, a.grade, a.source, a.note or UNWRITTEN)


def _split(path: DataPath, split: Split) -> Iterator[Row]:
    """A row for each value, and for what serves the rest."""
    low, high = split.low or {}, split.high or {}
    about = (split.grade, split.source, split.note)
    for name, value in split.values.items():
        yield Row(dotted((*path, "values", name)), value, split.unit, low.get(name), high.get(name), *about)
    if split.otherwise is not None:
        yield Row(dotted((*path, "otherwise")), split.otherwise, split.unit, None, None, *about)


def _profile(path: DataPath, profile: Profile) -> Iterator[Row]:
    """A row for each list of weights."""
    yield _weights((*path, "months"), profile.months, "weights by month", "April first", profile)
    yield _weights((*path, "weekdays"), profile.weekdays, "weights by weekday", "Monday first", profile)
    for channel, hours in profile.hours.items():
        yield _weights((*path, "hours", channel), hours, "weights by hour", "midnight first", profile)


def _weights(path: DataPath, weights: tuple[float, ...], unit: str, order: str, profile: Profile) -> Row:
    note = f"{order}: {', '.join(f'{weight:g}' for weight in weights)}"
    said = f"{note}. {profile.note}" if profile.note else note
    return Row(dotted(path), float(len(weights)), unit, grade=profile.grade, source=profile.source, note=said)
