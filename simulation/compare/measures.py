"""What results are compared by: a number for each replication, whole or by layer, month, financial year or team.

A new table is compared as soon as it has a line in MEASURES; what a result has not is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from simulation.effort import SIMULATED
from simulation.ledger import TARGET, TODAY
from simulation.plan.transition import PLAN

Tables = Mapping[str, pd.DataFrame]
REPLICATION = "replication"


@dataclass(frozen=True)
class Measure:
    """One column of one table, summed over all that is not asked for; months are averaged, shares taken of the sums.

    `signs` says which models count and how: today less target is {today: 1, target: −1}. `only` keeps some values of a column.
    """

    name: str
    label: str
    table: str
    column: str
    unit: str
    over: str | None = None
    signs: Mapping[str, int] | None = None
    only: tuple[str, tuple[str, ...]] | None = None
    by: tuple[str, ...] = ()

    def of(self, tables: Tables, dimension: str | None = None) -> "pd.Series[float] | None":
        """Its value by replication, and by `dimension` if one is given; None where the tables have it not."""
        rows = tables.get(self.table)
        needed = [self.column, *([self.over] if self.over else []), *([dimension] if dimension else [])]
        if rows is None or not {*needed, REPLICATION} <= set(rows.columns):
            return None
        if self.only is not None:
            rows = rows[rows[self.only[0]].isin(self.only[1])]
        if self.signs is not None:
            rows = _same_months(rows[rows["model"].isin(self.signs)])
        if rows.empty:
            return None
        return self._summed(rows, [REPLICATION, *([dimension] if dimension else [])])

    def _summed(self, rows: pd.DataFrame, keys: list[str]) -> "pd.Series[float]":
        counted = rows[[*keys, self.column, *([self.over] if self.over else [])]].copy()
        if self.signs is not None:
            counted[self.column] = counted[self.column] * rows["model"].map(self.signs)
        sums = counted.groupby(keys, sort=True).sum()
        if self.over is not None:
            return sums[self.column] / sums[self.over].where(sums[self.over] > 0)
        months = 1 if "month" not in rows.columns or "month" in keys else rows["month"].nunique()
        return sums[self.column] / months


def _same_months(rows: pd.DataFrame) -> pd.DataFrame:
    """The months that every model has: today goes on beside the plan when the target's reference year is over."""
    if "month" not in rows.columns or rows["model"].nunique() < 2:
        return rows
    models = rows.groupby("month")["model"].transform("nunique")
    return rows[models == rows["model"].nunique()]


_COUNTED = ("layer", tuple(SIMULATED))
MEASURES = (
    Measure("released_fte", "Capacity released", "capacity", "released_fte", "FTE", by=("layer", "financial_year")),
    Measure("posts_releasable", "Of which posts", "capacity", "posts_releasable", "FTE", by=("layer", "financial_year")),
    Measure(
        "effort_released_fte", "Effort released", "effort", "effort_fte", "FTE",
        signs={TODAY: 1, TARGET: -1}, only=_COUNTED, by=("layer", "month"),
    ),
    Measure(
        "effort_today_fte", "Effort today", "effort", "effort_fte", "FTE",
        signs={TODAY: 1}, only=_COUNTED, by=("layer", "month"),
    ),
    Measure(
        "effort_target_fte", "Effort in the target", "effort", "effort_fte", "FTE",
        signs={TARGET: 1}, only=_COUNTED, by=("layer", "month"),
    ),
    Measure(
        "effort_plan_fte", "Effort under the plan", "effort", "effort_fte", "FTE",
        signs={PLAN: 1}, only=_COUNTED, by=("layer", "month"),
    ),
    Measure("gone_fte", "Posts gone, on the mean of the plan's months", "transition", "gone_fte", "FTE", by=("release", "month")),
    Measure("deferred_fte", "Posts deferred, likewise", "transition", "deferred_fte", "FTE", by=("release", "month")),
    Measure("at_risk_fte", "Posts at risk, likewise", "transition", "at_risk_fte", "FTE", by=("release", "month")),
    Measure(
        "late_share", "Work begun late under the plan", "residents", "late", "share",
        over="steps", signs={PLAN: 1}, by=("layer", "month"),
    ),
    Measure(
        "abandoned_plan_share", "Callers who give up, plan", "service", "abandoned", "share",
        over="live_offered", signs={PLAN: 1}, by=("month", "pool"),
    ),
    Measure(
        "abandoned_today_share", "Callers who give up, today", "service", "abandoned", "share",
        over="live_offered", signs={TODAY: 1}, by=("month", "pool"),
    ),
    Measure(
        "abandoned_target_share", "Callers who give up, target", "service", "abandoned", "share",
        over="live_offered", signs={TARGET: 1}, by=("month", "pool"),
    ),
)  # fmt: skip
HEADLINES = ("released_fte", "effort_released_fte")
"""What results are ranked by: the first that all of them have."""
WHY = Measure("released_fte", "Released", "ledger", "released_fte", "FTE", by=("lever",))
"""The bars of the waterfall: they add up to the release."""
