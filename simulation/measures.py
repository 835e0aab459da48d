"""Measures: what is counted while a month runs. Fixed memory: arrays by team and by place where minutes are booked.

Waits go into a histogram with eight cells to each doubling, so a quantile read from it is within about 10%.
"""

from dataclasses import dataclass, fields

import numpy as np

SUB_BITS = 3
WAIT_CELLS = 40 << SUB_BITS

TEAM_COUNTS = ("offered", "answered", "abandoned", "in_target", "wait_ticks", "busy_ticks", "overtime_ticks",
               "live_offered", "live_answered", "live_in_target", "live_wait_ticks", "backlog", "duty_ticks")  # fmt: skip
"""What is counted by team. The `live` counts are the part of the others that kept a customer waiting."""
CAUSES = ("first_contacts", "redials", "other_channel", "gave_up", "repeats", "chases", "appeals", "truncated", "ended",
          "handled", "online_only")  # fmt: skip
"""Attempts by what caused them, those cut off after the last generation, and how they ended."""
CLASS_COUNTS = ("offered", "answered", "in_target", "abandoned", "wait_ticks", "gave_up", "open", "open_in_target")
"""What is counted by standard class: the first five at the same moments as by team; `gave_up` are those of the abandoned whose
customer tries no further; `open` are the steps whose work has not begun at the end of the month, `open_in_target` those of them
that have waited no longer than the target."""
_NEW = ("first_contacts", "redials", "other_channel", "repeats", "chases", "appeals")


@dataclass(frozen=True)
class MonthMeasures:
    """Counts of one month. `by_team` maps a count to an int64 array by team; `effort_ticks`, `steps` are by book; `contacts`
    and `needs` by layer × area; `causes` are totals of the month; `by_class` maps a count to an int64 array by standard class.

    `journeys` is a histogram, demand types × WAIT_CELLS, of the office's working time from an attempt's arrival to its end, for
    staffed attempts that end; `journeys_in_target`, by demand type, counts those that take no longer than the target.
    """

    by_team: dict[str, np.ndarray]
    waits: np.ndarray
    effort_ticks: np.ndarray
    steps: np.ndarray
    contacts: np.ndarray
    needs: np.ndarray
    causes: dict[str, int]
    by_class: dict[str, np.ndarray]
    journeys: np.ndarray
    journeys_in_target: np.ndarray

    @property
    def attempts(self) -> int:
        """Attempts caused in the month: first contacts, scheduled work and all that followed from others."""
        return sum(self.causes[cause] for cause in _NEW)

    def same_as(self, other: "MonthMeasures") -> bool:
        """Whether two months are equal in every count."""
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if isinstance(mine, dict):
                if mine.keys() != theirs.keys() or not all(np.array_equal(mine[k], theirs[k]) for k in mine):
                    return False
            elif not np.array_equal(mine, theirs):
                return False
        return True


def wait_cell(ticks: int) -> int:
    """The histogram cell of a wait: 0 for none, then eight cells to each doubling."""
    if ticks < 1 << SUB_BITS:
        return ticks
    top = ticks.bit_length() - 1
    return (top - SUB_BITS + 1 << SUB_BITS) + (ticks >> top - SUB_BITS) - (1 << SUB_BITS)


def cell_floor(cell: int) -> int:
    """The shortest wait of a histogram cell, ticks."""
    if cell < 1 << SUB_BITS:
        return cell
    top, low = divmod(cell, 1 << SUB_BITS)
    return (low + (1 << SUB_BITS)) << (top - 1)


def wait_quantile(histogram: np.ndarray, share: float) -> float:
    """The wait that `share` of the counted waits do not exceed, ticks, interpolated inside its cell; NaN where none."""
    total = int(histogram.sum())
    if total == 0:
        return float("nan")
    reached = np.cumsum(histogram)
    cell = int(np.searchsorted(reached, share * total))
    inside = (share * total - (reached[cell] - histogram[cell])) / histogram[cell]
    if cell == 0:
        return 0.0
    return cell_floor(cell) + inside * (cell_floor(cell + 1) - cell_floor(cell))
