"""A course of one replication reduced to what is compared: sums by release, directorate, job family, tier and financial year."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from workforce.course import Course
from workforce.exit_costs.bill import LINES
from workforce.flows.month import AT_RISK, HELD_FTE, NEWLY_AT_RISK
from workforce.routes import CODE, REDUNDANCIES, UNMET

Totals = dict[str, np.ndarray]
"""By name, such as a release: FTE and heads by route, `unmet` last (array of routes + 1 by 2)."""
PARTS: dict[str, int] = {"directorate": 0, "service_area": 1, "job_family": 2, "grade_tier": 3}
"""The parts of a pool's name by which reductions are added up."""


@dataclass(frozen=True)
class Sums:
    """One replication of one policy. Costs and benefits are by financial year, £; short is by (service area, job family), FTE."""

    met: np.ndarray
    by_release: Totals
    by_part: dict[str, Totals]
    by_year: Totals
    paid: dict[str, dict[str, float]]
    booked: dict[str, float]
    benefit: dict[str, float]
    waited: dict[str, float]
    leavers_a_year: float
    numbers: dict[str, float]
    short: dict[tuple[str, str], float]
    short_at: dict[str, float]


def financial_year(month: str) -> str:
    """The financial year of a month written as `2019-04`."""
    year = int(month[:4]) - (int(month[5:]) < 4)
    return f"{year}/{(year + 1) % 100:02d}"


def sums_of(course: Course, releases: Sequence[str], months: Sequence[str], last_due: int) -> Sums:
    """What is kept of a course; `last_due` is the month in which the plan's last reduction falls due."""
    years = [financial_year(month) for month in months]
    names = course.setting.pools.names
    met, late = course.met, course.late_fte
    unmet = late[-1]
    by_pool = _with_unmet(met.sum(axis=(0, 1)), unmet.sum(axis=0), course)
    by_release = _with_unmet(met.sum(axis=(0, 2)), unmet.sum(axis=1), course)
    late_then = late[min(last_due, len(months) - 1)].sum(axis=0)
    return Sums(
        met=by_pool.sum(axis=0),
        by_release=dict(zip(releases, by_release, strict=True)),
        by_part={part: _grouped(by_pool, [name[place] for name in names]) for part, place in PARTS.items()},
        by_year=_grouped(met.sum(axis=(1, 2)), years),
        paid=_paid(course, years),
        booked=_by_year(course.event_costs.sum(axis=1), course.events["decided"], years),
        benefit=_monthly(course.benefit.sum(axis=(1, 2)), years),
        waited=_monthly(course.waited.sum(axis=(1, 2)), years),
        leavers_a_year=float(course.leavers.sum() / len(months) * 12),
        numbers=_numbers(course),
        short=_short(late_then, names),
        short_at={"plan_end": float(late_then.sum()), "horizon": float(unmet.sum())},
    )


def _with_unmet(met: np.ndarray, unmet_fte: np.ndarray, course: Course) -> np.ndarray:
    """FTE and heads by route with what is unmet behind them; unmet heads at the mean contract of those met."""
    total = course.met.sum(axis=(0, 1, 2, 3))
    heads = total[1] / total[0] if total[0] > 0 else 1.0
    return np.concatenate([met, np.stack([unmet_fte, unmet_fte * heads], axis=-1)[:, None, :]], axis=1)


def _grouped(rows: np.ndarray, names: Sequence[str]) -> Totals:
    out: Totals = {name: np.zeros(rows.shape[1:]) for name in sorted(set(names))}
    for row, name in zip(rows, names, strict=True):
        out[name] += row
    return out


def _paid(course: Course, years: Sequence[str]) -> dict[str, dict[str, float]]:
    """Cost by line and the financial year in which it is paid, £."""
    out = {line: _by_year(course.event_costs[:, n], course.events["month"], years) for n, line in enumerate(LINES)}
    out["agency_premium"] = _monthly(course.agency.sum(axis=1), years)
    return out


def _by_year(values: np.ndarray, months: np.ndarray, years: Sequence[str]) -> dict[str, float]:
    out = dict.fromkeys(years, 0.0)
    for value, month in zip(values.tolist(), months.tolist(), strict=True):
        out[years[min(max(month, 0), len(years) - 1)]] += value
    return out


def _monthly(values: np.ndarray, years: Sequence[str]) -> dict[str, float]:
    return _by_year(values, np.arange(len(years)), years)


def _numbers(course: Course) -> dict[str, float]:
    """What HR asks beside posts and pounds."""
    dismissed = np.isin(course.events["route"], [CODE[route] for route in REDUNDANCIES])
    moved = np.isin(course.events["route"], [CODE["slotted"], CODE["redeployed"]])
    risk = float(course.flows[:, :, NEWLY_AT_RISK].sum())
    lost = float(course.met[..., 1].sum())
    numbers = {
        "at_risk_heads": risk,
        "at_risk_head_months": float(course.stocks[:, :, AT_RISK].sum()),
        "at_risk_per_post_lost": risk / lost if lost else 0.0,
        "proposed_heads": float(course.last.proposed_heads.sum()),
        "dismissed_heads": float(course.events["head"][dismissed].sum()),
        "moved_heads": float(course.events["head"][moved].sum()),
        "volunteers_applied": float(course.applied),
        "volunteers_refused": float(course.refused),
        "held_empty_fte_months": float(course.stocks[:, :, HELD_FTE].sum()),
        "double_running_pounds": course.double_running,
        "protective_award_exposure_pounds": course.protective_award,
        "assignment_problems_solved": float(course.solves),
    }
    register = float(course.register.sum())
    return {**numbers, "register_head_months": register}


def _short(late: np.ndarray, names: Sequence[tuple[str, ...]]) -> dict[tuple[str, str], float]:
    out: dict[tuple[str, str], float] = {}
    for fte, name in zip(late.tolist(), names, strict=True):
        out[name[1], name[2]] = out.get((name[1], name[2]), 0.0) + fte
    return out


def collect(sums: Sequence[Sums], of: Callable[[Sums], float]) -> list[float]:
    """One number of every replication."""
    return [of(one) for one in sums]


__all__ = ["PARTS", "UNMET", "Sums", "collect", "financial_year", "sums_of"]
