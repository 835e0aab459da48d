"""The floor: what a year cannot do without. Arrivals, each contact's random numbers, quantile look-ups; no queue, no route."""

import numpy as np

from simulation.arrivals import Arrivals, _count
from simulation.compiling import compiled
from simulation.draws import case_key, draw, quantile, quantile_table


@compiled
def _floor(run, counts, hour0, hashes, slots, table):
    """Sum of four looked-up durations for every contact, so that nothing can be left out."""
    total = np.int64(0)
    for s in range(counts.shape[0]):
        for h in range(counts.shape[1]):
            for index in range(counts[s, h]):
                key = case_key(run, hashes[s], hour0 + h, index)
                for slot in slots:
                    total += quantile(table, draw(key, slot), 60000)
    return total


def contacts_and_numbers(arrivals: Arrivals, run: np.uint64, first_day: int, last_day: int) -> int:
    """Draw how many arrive and four durations for each; returns how many contacts."""
    s, means = arrivals.streams, arrivals.means(first_day, last_day)
    counts = np.zeros(means.shape, dtype=np.int64)
    _count(run, s.hashes, means, first_day * 24, arrivals.slots[0], counts)
    _floor(run, counts, first_day * 24, s.hashes, arrivals.slots[:4], quantile_table("lognormal", 0.8))
    return int(counts.sum())
