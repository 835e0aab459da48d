"""The rows that one course gives to the tables `workforce` and `consultations`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.consultation import proposed_in_window
from workforce.course import Course
from workforce.flows.month import AT_RISK, IN_POST_FTE, POSTS_FTE, UNDER_NOTICE
from workforce.reduction.dates import consultation_days
from workforce.routes import ROUTES

ALL = "all"
"""The release of rows that belong to none: people and posts, which no release owns."""


@dataclass(frozen=True)
class CourseRows:
    """Rows without scenario and policy, which the table adds."""

    workforce: pd.DataFrame
    consultations: pd.DataFrame


def rows_of(course: Course, replication: int, releases: Sequence[str], months: Sequence[str]) -> CourseRows:
    """The rows of one replication."""
    names = sorted({name[:3] for name in course.setting.pools.names})
    group = np.array([names.index(name[:3]) for name in course.setting.pools.names])
    parts = [_stocks(course, names, group, months), _flows(course, names, group, releases, months)]
    workforce = pd.concat(parts, ignore_index=True)
    workforce.insert(0, "replication", replication)
    consultations = _consultations(course, releases, months)
    consultations.insert(0, "replication", replication)
    return CourseRows(workforce, consultations)


def _grouped(values: np.ndarray, group: np.ndarray, count: int, axis: int) -> np.ndarray:
    """Sums over the pools of each group."""
    out = np.zeros((*values.shape[:axis], count, *values.shape[axis + 1 :]))
    np.add.at(np.moveaxis(out, axis, 0), group, np.moveaxis(values, axis, 0))
    return out


def _keys(names: Sequence[tuple[str, ...]], places: np.ndarray) -> dict[str, list[str]]:
    keys = ("directorate", "service_area", "job_family")
    return {key: [names[place][part] for place in places.tolist()] for part, key in enumerate(keys)}


def _stocks(course: Course, names: Sequence[tuple[str, ...]], group: np.ndarray, months: Sequence[str]) -> pd.DataFrame:
    """People and posts by group and month, whatever the release."""
    stocks = _grouped(course.stocks, group, len(names), 1)
    leavers = _grouped(course.leavers, group, len(names), 1)
    register = _grouped(course.register, group, len(names), 1)
    month, place = (index.ravel() for index in np.indices(leavers.shape))
    return pd.DataFrame({
        "release": ALL, **_keys(names, place), "month": [months[m] for m in month.tolist()],
        "posts_fte": stocks[..., POSTS_FTE].ravel(), "in_post_fte": stocks[..., IN_POST_FTE].ravel(),
        "leavers_heads": leavers.ravel(), "at_risk_heads": stocks[..., AT_RISK].ravel(),
        "on_register_heads": register.ravel(), "under_notice_heads": stocks[..., UNDER_NOTICE].ravel(),
    })  # fmt: skip


def _flows(
    course: Course, names: Sequence[tuple[str, ...]], group: np.ndarray, releases: Sequence[str], months: Sequence[str]
) -> pd.DataFrame:
    """What was met, what is late and what was paid, by release, group and month; only rows in which something was."""
    met = _grouped(course.met, group, len(names), 2)
    late = _grouped(course.late_fte, group, len(names), 2)
    cost = np.zeros(late.shape)
    events, last = course.events, len(months) - 1
    np.add.at(
        cost,
        (np.minimum(events["month"], last), np.maximum(events["release"], 0), group[events["pool"]]),
        course.event_costs.sum(axis=1),
    )
    month, release, place = np.nonzero((met.sum(axis=(3, 4)) > 0) | (late > 1e-9) | (cost > 0))
    at = (month, release, place)
    measures = {}
    for number, route in enumerate(ROUTES):
        measures[f"{route}_fte"] = met[(*at, number, 0)]
        measures[f"{route}_heads"] = met[(*at, number, 1)]
    return pd.DataFrame({
        "release": [releases[r] for r in release.tolist()], **_keys(names, place),
        "month": [months[m] for m in month.tolist()], **measures, "unmet_fte": late[at], "cost_pounds": cost[at],
    })  # fmt: skip


def _consultations(course: Course, releases: Sequence[str], months: Sequence[str]) -> pd.DataFrame:
    """What section 188(4) and form HR1 ask for: how many of whom are proposed, of how many employed, and for how long."""
    setting, state, rows = course.setting, course.last, []
    employed = np.bincount(
        setting.opening.posts["pool"], setting.opening.posts["status"] == 0, len(setting.pools.names)
    )
    for number, tranche in enumerate(course.tranches):
        groups: dict[tuple[str, ...], list[float]] = {}
        for pool in np.flatnonzero(state.proposed_heads[number] > 0).tolist():
            entry = groups.setdefault((*setting.pools.names[pool][:3], str(setting.directorate[pool])), [0.0, 0.0])
            entry[0] += float(state.proposed_heads[number, pool])
            entry[1] += float(employed[pool])
        for (directorate, area, family, unit), (proposed, there) in groups.items():
            window = proposed_in_window(state, int(unit), tranche.proposed, course.tranches, setting)
            first = int(state.confirmed[number])
            rows.append({
                "release": releases[tranche.release], "directorate": directorate, "service_area": area, "job_family": family,
                "month": months[tranche.proposed], "proposed_heads": proposed, "employed_heads": there,
                "proposed_in_90_days_heads": float(window),
                "consultation_days": consultation_days(window, setting.section.rules, setting.section.process),
                "structure_confirmed": months[min(first, len(months) - 1)],
            })  # fmt: skip
    columns = ["release", "directorate", "service_area", "job_family", "month", "proposed_heads", "employed_heads",
               "proposed_in_90_days_heads", "consultation_days", "structure_confirmed"]  # fmt: skip
    found = pd.DataFrame(rows, columns=columns)
    keys = columns[:5]
    kept = {"proposed_heads": "sum", "employed_heads": "max", "proposed_in_90_days_heads": "max",
            "consultation_days": "max", "structure_confirmed": "max"}  # fmt: skip
    return found.groupby(keys, as_index=False, sort=True).agg(kept) if len(found) else found
