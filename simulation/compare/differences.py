"""The difference of two samples: paired where they met the same chances, otherwise said to be unpaired."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd

from simulation.precision import half_width


@dataclass(frozen=True)
class Difference:
    """The mean of one side, of the other, and of the other less the one, with its 95% interval by chance alone.

    `n` replications on both sides where paired; no interval for fewer than two.
    """

    one: float
    other: float
    difference: float
    n: int
    ci95: tuple[float, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """The numbers by name; no interval where there is none."""
        said = {"one": self.one, "other": self.other, "difference": self.difference, "n": self.n}
        return said if self.ci95 is None else {**said, "ci95": list(self.ci95)}


def paired(one: Sequence[float], other: Sequence[float]) -> Difference:
    """Values of the same replications in the same order: the interval is that of the differences (Student's t)."""
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    mean = float((b - a).mean())
    half = half_width(list(b - a)) if len(a) > 1 else None
    return Difference(float(a.mean()), float(b.mean()), mean, len(a), _around(mean, half))


def unpaired(one: Sequence[float], other: Sequence[float]) -> Difference:
    """Values of different chances: Welch's interval, wider than a paired one. `n` is the smaller number."""
    from scipy import stats

    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    mean, half = float(b.mean() - a.mean()), None
    if min(len(a), len(b)) > 1:
        parts = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
        freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1)) if sum(parts) else 1
        half = float(stats.t.ppf(0.975, freedom) * sqrt(sum(parts)))
    return Difference(float(a.mean()), float(b.mean()), mean, min(len(a), len(b)), _around(mean, half))


def differences(
    one: "pd.Series[float]", other: "pd.Series[float]", are_paired: bool
) -> Iterator[tuple[Any, Difference]]:
    """The difference for each value of the second level of the index, or one difference; what one side lacks is 0 there."""
    if one.index.nlevels == 1:
        yield None, _of(one, other, are_paired)
        return
    a, b = one.unstack(), other.unstack()
    for key in sorted({*a.columns, *b.columns}):
        yield key, _of(_column(a, key), _column(b, key), are_paired)


def _column(wide: pd.DataFrame, key: Any) -> "pd.Series[float]":
    """One value by replication: no row there is nothing there."""
    return wide[key].fillna(0.0) if key in wide.columns else pd.Series(0.0, index=wide.index)


def _of(one: "pd.Series[float]", other: "pd.Series[float]", are_paired: bool) -> Difference:
    if not are_paired:
        return unpaired(one.tolist(), other.tolist())
    both = sorted(set(one.index) & set(other.index))
    return paired(one.loc[both].tolist(), other.loc[both].tolist())


def _around(mean: float, half: float | None) -> tuple[float, float] | None:
    return None if half is None else (mean - half, mean + half)
