"""Two plans compared month by month: posts gone, and the release that makes the difference."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from simulation.compare.differences import Difference, differences
from simulation.compare.measures import REPLICATION, Tables


@dataclass(frozen=True)
class MonthCompared:
    """FTE gone by a month, the other plan less the one; `release` has the largest part in it, `of_release` FTE. Both are missing
    where no release differs.
    """

    month: str
    difference: Difference
    release: str | None = None
    of_release: float | None = None

    def as_json(self) -> dict[str, Any]:
        """As a flat record; what does not apply is absent."""
        cause = {} if self.release is None else {"release": self.release, "of_release": self.of_release}
        return {"month": self.month, **self.difference.as_json(), **cause}


def plans_compared(one: Tables, other: Tables, are_paired: bool) -> tuple[MonthCompared, ...]:
    """Every month that both plans have; none where a result has no plan."""
    if "transition" not in one or "transition" not in other:
        return ()
    parts = [_gone(tables["transition"], ["release"]) for tables in (one, other)]
    months = sorted(set(one["transition"]["month"]) & set(other["transition"]["month"]))
    gone = [_gone(tables["transition"], []) for tables in (one, other)]
    by_month = dict(differences(gone[0], gone[1], are_paired))
    return tuple(MonthCompared(month, by_month[month], *_cause(parts, month)) for month in months)


def _gone(table: pd.DataFrame, more: list[str]) -> "pd.Series[float]":
    return table.groupby([REPLICATION, "month", *more])["gone_fte"].sum()


def _cause(parts: "list[pd.Series[float]]", month: str) -> tuple[str | None, float | None]:
    """The release that differs most in a month, and by how much on the mean."""
    means = [part.xs(month, level="month").groupby("release").mean() for part in parts]
    apart = means[1].sub(means[0], fill_value=0.0)
    most = str(apart.abs().idxmax())
    return (most, float(apart[most])) if abs(apart[most]) > 1e-9 else (None, None)
