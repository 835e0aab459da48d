"""The tables of a result folder: each one's key, its measures and their types.

The key gives the order of the rows and identifies each of them. A measure that was not computed is an absent column;
a measure that does not apply to one row is missing there. Units are in the names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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

EVENTS = Table(
    name="events",
    key=("scenario", "model", "replication", "case_id", "contact", "step", "start"),
    measures={"activity": Kind.TEXT, "resource": Kind.TEXT, "arrive": Kind.TIME, "complete": Kind.TIME},
)
"""The event log: written on request, a file a month, in a folder of its own."""

TABLES: Mapping[str, Table] = {table.name: table for table in (EFFORT, SERVICE, LEDGER, CAPACITY, STANDARDS, STAFFING)}
