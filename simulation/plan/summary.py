"""What a plan comes to: posts due, gone, deferred and at risk by year, and where and how long service falls short meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from layers.calendar import Calendar
from simulation.ledger import TODAY
from simulation.plan.felt import QUARTER
from simulation.plan.stages import Stages
from simulation.plan.transition import PLAN, Transition
from simulation.precision import distribution

MEASURES = {"late": "begun or answered late", "lost": "callers lost"}


def plan_summary(tables: Mapping[str, pd.DataFrame], found: Mapping[int, Transition], stages: Stages) -> dict[str, Any]:
    """The keys that a plan adds to a summary, from its `transition` and `residents` tables: `plan`, its months and attempts."""
    runs = [transition.plan.months for transition in found.values()]
    return {
        "months": len(runs[0]),
        "contacts_simulated": sum(month.attempts for months in runs for month in months),
        "plan": _plan(tables, stages),
    }


def _plan(tables: Mapping[str, pd.DataFrame], stages: Stages) -> dict[str, Any]:
    posts, residents = tables["transition"], tables["residents"]
    gate = stages.plan.programme.gate
    tolerance = gate.tolerance_points.value / 100.0
    short = shortfalls(residents, tolerance)
    return {
        "reading": stages.plan.programme.reading,
        "gate": {"on": gate.on, "tolerance": tolerance},
        "by_financial_year": by_year(posts, stages.calendar),
        "by_release": {
            str(release): {
                "gone_fte": _of(rows[rows["month"] == rows["month"].max()], "gone_fte"),
                "deferred_fte_months": _of(rows, "deferred_fte"),
                "at_risk_fte_months": _of(rows, "at_risk_fte"),
            }
            for release, rows in posts.groupby("release")
        },
        "deferred_fte_months": _of(posts, "deferred_fte"),
        "at_risk_fte_months": _of(posts, "at_risk_fte"),
        "service_short": short,
    }


def by_year(posts: pd.DataFrame, calendar: Calendar) -> dict[str, Any]:
    """FTE due, earned, gone and deferred in the last month of each financial year, or the last simulated of it."""
    months = sorted(posts["month"].unique())
    last = {calendar.financial_year(calendar.month_number(month)): month for month in months}
    return {
        year: {"month": month}
        | {name: _of(posts[posts["month"] == month], f"{name}_fte") for name in ("due", "earned", "gone", "deferred")}
        for year, month in last.items()
    }


def shortfalls(residents: pd.DataFrame, tolerance: float) -> list[dict[str, Any]]:
    """Where service falls short of today's on the same contacts: by layer and pace of work, the months whose quarter (the
    month and the two before) is worse by more than the tolerance, the worst of them, and how many more steps were late or lost.

    Means over replications; longest first.
    """
    counts = _counts(residents)
    out = []
    for (layer, pace), rows in counts.groupby(["layer", "pace"]):
        for measure, words in MEASURES.items():
            wide = rows.pivot_table(
                index="month", columns="model", values=["steps", measure], aggfunc="sum"
            ).sort_index()
            rolled = wide.rolling(QUARTER, min_periods=1).sum()
            share = {m: rolled[measure, m] / rolled["steps", m].where(rolled["steps", m] > 0) for m in (TODAY, PLAN)}
            worse = (share[PLAN] - share[TODAY]).fillna(0.0).to_numpy()
            months, at = [str(month) for month in wide.index], int(np.argmax(worse))
            short = [month for month, by in zip(months, worse, strict=True) if by > tolerance]
            if short:
                usual = wide[measure, TODAY] / wide["steps", TODAY] * wide["steps", PLAN]
                more = (wide[measure, PLAN] - usual).clip(lower=0.0).sum() / residents["replication"].nunique()
                out.append(
                    {
                        "layer": layer, "work": pace, "measure": words, "months": len(short), "first_month": short[0],
                        "last_month": short[-1], "worst_month": months[at], "today": float(share[TODAY].iloc[at]),
                        "plan": float(share[PLAN].iloc[at]), "more_steps": float(more),
                    }
                )  # fmt: skip
    return sorted(out, key=lambda row: (-row["months"], row["layer"], row["work"], row["measure"]))


def _counts(residents: pd.DataFrame) -> pd.DataFrame:
    """Steps, late and lost ones by model, layer, pace and month, all replications together."""
    lost = (residents["share_abandoned"].fillna(0.0) * residents["steps"]).round()
    pace = np.where(residents["work_class"].str.contains(" live"), "live", "written")
    frame = residents[["model", "layer", "month"]].assign(
        pace=pace, steps=residents["steps"], late=residents["late"], lost=lost
    )
    return frame.groupby(["model", "layer", "pace", "month"], as_index=False).sum()


def _of(rows: pd.DataFrame, column: str) -> dict[str, Any]:
    return distribution(_sums(rows, column))


def _sums(rows: pd.DataFrame, column: str) -> Sequence[float]:
    return [float(value) for value in rows.groupby("replication")[column].sum()]
