"""Two results compared: the headlines, where the difference lies, and the waterfall of why. A pure function of two values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from layers.problems import InputError, Problem
from simulation.compare.differences import Difference, differences
from simulation.compare.measures import HEADLINES, MEASURES, WHY, Measure, Tables
from simulation.compare.plans import MonthCompared, plans_compared

SAME = {"version": "other versions may give other numbers: run one of them again", "months": "", "first_month": ""}
"""What must be the same for a comparison to mean anything, and what else is to be said of it."""


@dataclass(frozen=True)
class Result:
    """A result to compare: its name among those compared, what it is of, and its tables."""

    label: str
    about: Mapping[str, Any]
    tables: Tables


@dataclass(frozen=True)
class Entry:
    """One difference: which measure, at which value of which dimension (none: as a whole)."""

    measure: str
    label: str
    unit: str
    difference: Difference
    by: str | None = None
    at: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry as a flat record; what does not apply is absent."""
        place = {} if self.by is None else {"by": self.by, "at": self.at}
        return {"measure": self.measure, "unit": self.unit, **place, **self.difference.as_json()}


@dataclass(frozen=True)
class Comparison:
    """The other result less the one; `why_unpaired` is empty where replications were paired."""

    one: str
    other: str
    headline: tuple[Entry, ...]
    detail: tuple[Entry, ...]
    waterfall: tuple[Entry, ...]
    plan: tuple[MonthCompared, ...] = ()
    """Posts gone month by month, with the release that makes the difference; empty without plans."""
    why_unpaired: str = ""
    months: int = 12
    """Months measured: the ledger, and so the waterfall, of less than a year stands for a year."""

    def as_json(self) -> dict[str, Any]:
        """The comparison as plain values."""
        said: dict[str, Any] = {"one": self.one, "other": self.other, "paired": not self.why_unpaired}
        if self.why_unpaired:
            said["why_unpaired"] = self.why_unpaired
        parts = {"headline": self.headline, "detail": self.detail, "waterfall": self.waterfall}
        said |= {name: [entry.as_json() for entry in entries] for name, entries in parts.items()}
        return said | ({"plan": [month.as_json() for month in self.plan]} if self.plan else {})


@dataclass(frozen=True)
class Ranked:
    """A result's place by the headline, the highest first, with its difference from the one all are compared with."""

    place: int
    label: str
    mean: float
    entry: Entry | None = None


@dataclass(frozen=True)
class Ranking:
    """Several results by one headline."""

    measure: Measure
    ranked: tuple[Ranked, ...] = field(default=())


def compare(one: Result, other: Result) -> Comparison:
    """The other less the one; raises InputError where they cannot be compared, with the reason."""
    problems = list(_unlike(one, other))
    if problems:
        raise InputError(problems)
    why = _why_unpaired(one, other)
    headline, detail = [], []
    for measure in MEASURES:
        headline += _entries(measure, one, other, None, not why)
        for dimension in measure.by:
            detail += _entries(measure, one, other, dimension, not why)
    if not headline:
        raise InputError(
            [Problem(other.label, None, "", f"has no table in common with {one.label}", "the same tables")]
        )
    waterfall = _entries(WHY, one, other, "lever", not why)
    plan = plans_compared(one.tables, other.tables, not why)
    return Comparison(
        one.label, other.label, tuple(headline), tuple(detail), tuple(waterfall), plan, why, one.about.get("months", 12)
    )


def rank(results: Sequence[Result], comparisons: Sequence[Comparison]) -> Ranking:
    """The results by the first headline that all of them have; `comparisons` are those of the others with the first."""
    measure = next(m for name in HEADLINES for m in MEASURES if m.name == name and _all_have(m, results))
    entries = {c.other: entry for c in comparisons for entry in c.headline if entry.measure == measure.name}
    means = {result.label: _mean(measure, result) for result in results}
    order = sorted(means, key=lambda label: (-means[label], label))
    ranked = (Ranked(i, label, means[label], entries.get(label)) for i, label in enumerate(order, start=1))
    return Ranking(measure, tuple(ranked))


def _all_have(measure: Measure, results: Sequence[Result]) -> bool:
    return all(measure.of(result.tables) is not None for result in results)


def _mean(measure: Measure, result: Result) -> float:
    values = measure.of(result.tables)
    assert values is not None
    return float(values.mean())


def _unlike(one: Result, other: Result) -> Iterator[Problem]:
    for key, hint in SAME.items():
        a, b = one.about.get(key), other.about.get(key)
        if a != b:
            more = f": {hint}" if hint else ""
            yield Problem(other.label, None, key, f"is of {key} {b}, {one.label} of {a}{more}", f"the same {key}")


def _why_unpaired(one: Result, other: Result) -> str:
    if one.about.get("seed") != other.about.get("seed"):
        return f"the seeds differ, {one.about.get('seed')} and {other.about.get('seed')}"
    for measure in MEASURES:
        a, b = measure.of(one.tables), measure.of(other.tables)
        if a is not None and b is not None and not set(a.index) & set(b.index):
            return "they have no replication in common"
    return ""


def _entries(measure: Measure, one: Result, other: Result, dimension: str | None, are_paired: bool) -> list[Entry]:
    a, b = measure.of(one.tables, dimension), measure.of(other.tables, dimension)
    if a is None or b is None:
        return []
    found = differences(_whole(a), _whole(b), are_paired)
    about = (measure.name, measure.label, measure.unit)
    return [Entry(*about, found_at, dimension, None if at is None else str(at)) for at, found_at in found]


def _whole(values: "pd.Series[float]") -> "pd.Series[float]":
    """Without the shares of nothing."""
    return values.dropna()
