"""What residents felt in the past quarter: how much worse each layer served them than today's operating model did."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from simulation.measures import MonthMeasures

QUARTER = 3
"""Months over which service is compared."""


@dataclass
class Felt:
    """The last three months of a plan beside today's, on the same contacts."""

    layers: list[str]
    _months: deque[tuple[np.ndarray, np.ndarray]] = field(default_factory=lambda: deque(maxlen=QUARTER))

    def add(self, today: MonthMeasures, plan: MonthMeasures) -> None:
        """Another month is over."""
        self._months.append((self._counts(today), self._counts(plan)))

    def shortfall(self) -> np.ndarray:
        """By layer, by how much the plan's service was worse than today's, as a share: the largest of live work answered late,
        written work begun late and callers lost; 0 before the first month is over.
        """
        if not self._months:
            return np.zeros(len(self.layers))
        today, plan = (np.sum([pair[side] for pair in self._months], axis=0) for side in (0, 1))
        return np.max(np.clip(_poor(plan) - _poor(today), 0.0, None), axis=(0, 2))

    def _counts(self, month: MonthMeasures) -> np.ndarray:
        """Steps judged, begun in target, given up: 3 × layers × (deferrable, live)."""
        by = month.by_class
        judged = by["answered"] + by["abandoned"]
        rows = np.array([judged, by["in_target"], by["abandoned"]])
        return rows.reshape(3, len(self.layers), -1, 2, 2).sum(axis=(2, 4))


def _poor(counts: np.ndarray) -> np.ndarray:
    """Shares of steps late and given up: 2 × layers × (deferrable, live); 0 where there are none."""
    judged, in_target, lost = counts
    steps = np.maximum(judged, 1)
    return np.array([np.where(judged > 0, 1.0 - in_target / steps, 0.0), lost / steps])
