"""Precision: how sure the mean of some replications is, how many more it takes, what common random numbers save.

Chance alone is spoken of here: how sure the assumptions are is another question.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
from scipy import stats

MOST_REPLICATIONS = 200
"""Where a run that seeks a precision stops in any case."""
FEWEST = 3
"""Replications below which a spread says too little to stop on."""


def half_width(values: Sequence[float]) -> float:
    """Half the 95% confidence interval of a mean, by Student's t; values independent, at least two."""
    array = np.asarray(values, dtype=float)
    return float(stats.t.ppf(0.975, len(array) - 1) * array.std(ddof=1) / np.sqrt(len(array)))


def distribution(values: Sequence[float]) -> dict[str, Any]:
    """Mean, P10, P50, P90, 95% confidence interval of the mean (from two values on) and number."""
    array = np.array(values, dtype=float)
    p10, p50, p90 = (float(np.quantile(array, q)) for q in (0.1, 0.5, 0.9))
    out: dict[str, Any] = {"mean": float(array.mean()), "p10": p10, "p50": p50, "p90": p90}
    if len(array) > 1:
        half = half_width(values)
        out["ci95"] = [out["mean"] - half, out["mean"] + half]
    return {**out, "n": len(array)}


def relative_half_width(values: Sequence[float]) -> float:
    """The half-width as a share of the mean; 0 where all values are the same."""
    half = half_width(values)
    return half / abs(float(np.mean(values))) if half else 0.0


def replications_wanted(values: Sequence[float], precision: float) -> int:
    """How many replications in all to have next: as many as there are once the relative half-width is within `precision`.

    Else what the spread so far makes likely to be enough, but at most twice as many, so that a chance first guess does not
    decide. Depends on the values alone, never on how the work is shared out.
    """
    have = len(values)
    if have < FEWEST:
        return FEWEST
    share = relative_half_width(values)
    if share <= precision or have >= MOST_REPLICATIONS:
        return have
    return min(max(have + 1, ceil(have * (share / precision) ** 2)), 2 * have, MOST_REPLICATIONS)


def variance_reduction(one: Sequence[float], other: Sequence[float]) -> float | None:
    """The share of the variance of a difference that common random numbers take away; None where there is none to take.

    1 − var(one − other) ÷ (var(one) + var(other)): separate runs would have the sum (Law, Simulation Modeling and Analysis,
    section 11.2).
    """
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    apart = a.var(ddof=1) + b.var(ddof=1) if len(a) > 1 else 0.0
    return 1.0 - float((a - b).var(ddof=1) / apart) if apart > 0 else None
