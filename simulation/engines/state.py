"""What passes from one month to the next: attempts in progress, as records that either engine reads and writes."""

from dataclasses import dataclass

import numpy as np

from simulation.rows import CONTACT, STEP

ARRIVING, PAUSING, WAITING, IN_HAND = range(4)
"""Phases: a further attempt yet to arrive, a wait without staff, in a queue, with a member of staff."""

CAPACITY_CHANGE, COMPLETION, ABANDONMENT, ARRIVAL = range(4)
"""Classes of events. Events at the same tick happen in this order, then in order of the attempt's (or team's) number."""

ID_BITS = 26
"""Numbers of attempts: up to 67 million in a run."""

IN_PROGRESS = np.dtype(
    [
        ("id", "i8"),
        ("case", "i8"),
        ("at", "i2"),
        ("phase", "i1"),
        ("until", "i8"),
        ("remaining", "i8"),
        ("slice", "i8"),
        ("began", "i8"),
        ("ready", "i8"),
        ("give_up_at", "i8"),
        ("rank", "i8"),
        ("started", "i1"),
        ("chased", "i1"),
    ]
)
"""Where an attempt stands. `case`: the key of the first attempt that all this came from, the
same in every model; `until`: when its phase ends by itself;
`began`: start of the slice in hand; `remaining`: ticks of work after that slice; `ready`: when it joined the queue; `rank`:
its place among those waiting at the same team and priority."""


TRACE = ("attempt", "position", "team", "ready", "began", "ended", "case", "step")
"""A trace has a row for each slice of work, in order of its end: whose, its position in the journey, the team, when it joined
the queue, when the slice began and ended, the case and the step of the graph. A caller who gave up: `began` is when, `ended`
is -1."""


@dataclass(frozen=True)
class State:
    """The state at the start of a month. `contacts` and `progress` have one row an attempt, in order of number."""

    tick: int
    next_id: int
    contacts: np.ndarray
    progress: np.ndarray
    steps: np.ndarray
    on_duty: np.ndarray

    def __post_init__(self) -> None:
        """Refuse more attempts than the key of an event can number."""
        if self.next_id > 1 << ID_BITS:
            raise OverflowError(f"{self.next_id:,} attempts in one run; the engines number at most 67 million")

    @classmethod
    def empty(cls, tick: int, teams: int) -> "State":
        """Nobody waiting, nothing in hand, nobody on duty yet."""
        none = (np.empty(0, CONTACT), np.empty(0, IN_PROGRESS), np.empty(0, STEP))
        return cls(tick, 0, *none, np.zeros(teams, dtype=np.int64))

    @property
    def backlog(self) -> int:
        """Steps waiting or in hand."""
        return int(((self.progress["phase"] == WAITING) | (self.progress["phase"] == IN_HAND)).sum())

    def same_as(self, other: "State") -> bool:
        """Whether two states are equal in every number."""
        mine, theirs = ((s.contacts, s.progress, s.steps, s.on_duty) for s in (self, other))
        same = all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))
        return same and (self.tick, self.next_id) == (other.tick, other.next_id)
