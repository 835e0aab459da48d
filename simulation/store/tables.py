"""The tables of a result folder: each one's key, its measures and their types.

The key gives the order of the rows and identifies each of them. A measure that was not computed is an absent column;
a measure that does not apply to one row is missing there. Units are in the names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workforce.routes import ROUTES


class Kind(StrEnum):
    """The type of a column, as DuckDB calls it."""

    TEXT = "VARCHAR"
    COUNT = "BIGINT"
    MEASURE = "DOUBLE"
    TIME = "TIMESTAMP_MS"


KEY_KINDS = {
    "point": Kind.COUNT,
    "replication": Kind.COUNT,
    "case_id": Kind.COUNT,
    "contact": Kind.COUNT,
    "step": Kind.COUNT,
    "start": Kind.TIME,
}
"""The types of key columns that are not text."""


@dataclass(frozen=True)
class Table:
    """One tidy table: its columns are its key, then its measures, in this order."""

    name: str
    key: tuple[str, ...]
    measures: Mapping[str, Kind]

    @property
    def columns(self) -> dict[str, Kind]:
        """Every column this table may have, in order, with its type."""
        keys = {name: KEY_KINDS.get(name, Kind.TEXT) for name in self.key}
        return {**keys, **self.measures}


EFFORT = Table(
    name="effort",
    key=("scenario", "model", "replication", "layer", "service_area", "month"),
    measures={
        "needs": Kind.COUNT,
        "contacts": Kind.COUNT,
        "steps": Kind.COUNT,
        "effort_hours": Kind.MEASURE,
        "effort_fte": Kind.MEASURE,
        "fixed_fte": Kind.MEASURE,
    },
)

SERVICE = Table(
    name="service",
    key=("scenario", "model", "replication", "pool", "month"),
    measures={
        "offered": Kind.COUNT,
        "answered": Kind.COUNT,
        "abandoned": Kind.COUNT,
        "share_in_target": Kind.MEASURE,
        "mean_wait_minutes": Kind.MEASURE,
        "p90_wait_minutes": Kind.MEASURE,
        "backlog": Kind.COUNT,
        "occupancy": Kind.MEASURE,
        "overtime_hours": Kind.MEASURE,
        "live_offered": Kind.COUNT,
        "live_share_in_target": Kind.MEASURE,
        "live_mean_wait_minutes": Kind.MEASURE,
    },
)

LEDGER = Table(
    name="ledger",
    key=("scenario", "replication", "lever", "layer"),
    measures={
        "alone_fte": Kind.MEASURE,
        "last_out_fte": Kind.MEASURE,
        "released_fte": Kind.MEASURE,
        "released_pounds": Kind.MEASURE,
    },
)

CAPACITY = Table(
    name="capacity",
    key=("scenario", "replication", "layer", "service_area", "financial_year"),
    measures={
        "basis": Kind.TEXT,
        "existing_fte": Kind.MEASURE,
        "required_today_fte": Kind.MEASURE,
        "slack_fte": Kind.MEASURE,
        "required_fte": Kind.MEASURE,
        "released_fte": Kind.MEASURE,
        "posts_releasable": Kind.MEASURE,
    },
)

STANDARDS = Table(
    name="standards",
    key=("scenario", "model", "staffing", "replication", "layer", "work_class"),
    measures={
        "steps": Kind.COUNT,
        "share_in_target": Kind.MEASURE,
        "asked_share_in_target": Kind.MEASURE,
        "share_abandoned": Kind.MEASURE,
        "allowed_share_abandoned": Kind.MEASURE,
        "abandoned": Kind.COUNT,
        "needs_unmet": Kind.COUNT,
        "mean_wait_minutes": Kind.MEASURE,
        "held": Kind.COUNT,
    },
)

STAFFING = Table(
    name="staffing",
    key=("scenario", "model", "replication", "pool"),
    measures={
        "layer": Kind.TEXT,
        "existing_fte": Kind.MEASURE,
        "required_fte": Kind.MEASURE,
        "load_fte": Kind.MEASURE,
        "occupancy": Kind.MEASURE,
        "binding_standard": Kind.TEXT,
        "binding_month": Kind.TEXT,
    },
)

TRANSITION = Table(
    name="transition",
    key=("scenario", "replication", "release", "layer", "service_area", "month"),
    measures={
        "due_fte": Kind.MEASURE,
        "earned_fte": Kind.MEASURE,
        "gone_fte": Kind.MEASURE,
        "at_risk_fte": Kind.MEASURE,
        "deferred_fte": Kind.MEASURE,
    },
)

RESIDENTS = Table(
    name="residents",
    key=("scenario", "model", "replication", "layer", "work_class", "month"),
    measures={
        "steps": Kind.COUNT,
        "late": Kind.COUNT,
        "share_in_target": Kind.MEASURE,
        "share_abandoned": Kind.MEASURE,
        "needs_unmet": Kind.COUNT,
        "mean_wait_minutes": Kind.MEASURE,
    },
)

FINANCE = Table(
    name="finance",
    key=(
        "scenario",
        "replication",
        "posts",
        "reading",
        "price_set",
        "line",
        "release",
        "layer",
        "service_area",
        "directorate",
        "effect",
        "fund",
        "financial_year",
    ),
    measures={
        "pounds": Kind.MEASURE,
        "cash_pounds": Kind.MEASURE,
        "full_year_pounds": Kind.MEASURE,
        "not_money_pounds": Kind.MEASURE,
        "nature": Kind.TEXT,
        "basis": Kind.TEXT,
        "status": Kind.TEXT,
    },
)

EVENTS = Table(
    name="events",
    key=("scenario", "model", "replication", "case_id", "contact", "step", "start"),
    measures={"activity": Kind.TEXT, "resource": Kind.TEXT, "arrive": Kind.TIME, "complete": Kind.TIME},
)
"""The event log: written on request, a file a month, in a folder of its own."""

RELEASES = Table(
    name="releases",
    key=("scenario", "replication", "posts", "reading", "release", "service_area", "financial_year"),
    measures={
        "released_fte": Kind.MEASURE,
        "benefit_pounds": Kind.MEASURE,
        "cost_pounds": Kind.MEASURE,
        "deferred_fte": Kind.MEASURE,
        "status": Kind.TEXT,
    },
)

WORKFORCE = Table(
    name="workforce",
    key=("scenario", "replication", "policy", "release", "directorate", "service_area", "job_family", "month"),
    measures={
        "posts_fte": Kind.MEASURE,
        "in_post_fte": Kind.MEASURE,
        "leavers_heads": Kind.MEASURE,
        "at_risk_heads": Kind.MEASURE,
        "on_register_heads": Kind.MEASURE,
        "under_notice_heads": Kind.MEASURE,
        **{f"{route}_{unit}": Kind.MEASURE for route in ROUTES for unit in ("fte", "heads")},
        "unmet_fte": Kind.MEASURE,
        "cost_pounds": Kind.MEASURE,
    },
)

CONSULTATIONS = Table(
    name="consultations",
    key=("scenario", "replication", "policy", "release", "directorate", "service_area", "job_family", "month"),
    measures={
        "proposed_heads": Kind.MEASURE,
        "employed_heads": Kind.MEASURE,
        "proposed_in_90_days_heads": Kind.MEASURE,
        "consultation_days": Kind.MEASURE,
        "structure_confirmed": Kind.TEXT,
    },
)

PEOPLE_TABLES: Mapping[str, Table] = {table.name: table for table in (WORKFORCE, CONSULTATIONS)}
"""The tables of `tom workforce`."""
RESULTS = (EFFORT, SERVICE, LEDGER, CAPACITY, STANDARDS, STAFFING, TRANSITION, RESIDENTS, FINANCE, RELEASES)
TABLES: Mapping[str, Table] = {table.name: table for table in RESULTS}
"""The tables of `tom run`."""
