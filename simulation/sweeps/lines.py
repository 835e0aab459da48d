"""What passes between a sweep and its workers: the runs to be done, and a line of text for each that has ended."""

import json
from dataclasses import dataclass

DONE, FAILED = "done", "failed"
USUAL_METRICS = (
    "effort_released_fte",
    "released_fte.total",
    "posts_releasable",
    "calls.today.abandoned_share",
    "calls.target.abandoned_share",
    "contacts_simulated",
)
"""What is kept of each run's summary where the sweep file does not say; what a run has not is left out."""


@dataclass(frozen=True)
class RunTask:
    """One run: its name, its scenario, what is set there, and which replication it is."""

    run: str
    scenario: str
    sets: tuple[str, ...]
    replication: int


@dataclass(frozen=True)
class Line:
    """What became of a run: the text that is kept, and what the parent wants to know without reading it."""

    run: str
    text: str
    seconds: float = 0.0
    failure: str | None = None


def failed_line(run_id: str, message: str, tries: int) -> Line:
    """The line of a run that gave no result."""
    text = json.dumps({"run": run_id, "status": FAILED, "message": message, "tries": tries})
    return Line(run_id, text, failure=message)
