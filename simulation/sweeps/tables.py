"""The tables of a sweep: those of a run with the run's name before their key, and one row a run."""

import re
from collections.abc import Iterable

from simulation.store.tables import Kind, Table

RUN = "run"


def in_sweep(table: Table) -> Table:
    """A run's table as a sweep keeps it."""
    return Table(table.name, (RUN, *table.key), table.measures)


def metric_column(key: str) -> str:
    """The column of a summary's dotted key: `calls.today.offered` as calls_today_offered."""
    return re.sub(r"\W", "_", key)


def runs_table(metrics: Iterable[str]) -> Table:
    """What is known of each run, before the design is joined to it."""
    measures = {"status": Kind.TEXT, "message": Kind.TEXT, "tries": Kind.COUNT}
    return Table("runs", (RUN,), {**measures, **{name: Kind.MEASURE for name in metrics}})
