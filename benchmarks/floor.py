"""The floor: what a year cannot do without. Arrivals, each contact's random numbers, quantile look-ups; no queue, no route.

A contact draws 13 (benchmark network) to 20 numbers (Oxfordshire); here 16, of which 4 are looked up.
"""

import numpy as np

from layers.compiling import compiled
from layers.draws import case_key, draw, name_hash, quantile, quantile_table
from simulation.arrivals import Arrivals, _count

NUMBERS, LOOKED_UP = 16, 4


@compiled
def _floor(run, counts, hour0, hashes, slots, table):
    """Sum of every contact's numbers and looked-up durations, so that nothing can be left out."""
    total = np.int64(0)
    for s in range(counts.shape[0]):
        for h in range(counts.shape[1]):
            for index in range(counts[s, h]):
                key = case_key(run, hashes[s], hour0 + h, index)
                for slot in slots[:LOOKED_UP]:
                    total += quantile(table, draw(key, slot), 60000)
                for slot in slots[LOOKED_UP:]:
                    total += draw(key, slot)
    return total


def contacts_and_numbers(arrivals: Arrivals, run: np.uint64, first_day: int, last_day: int) -> int:
    """Draw how many arrive and the numbers of each; returns how many contacts."""
    s, means = arrivals.streams, arrivals.means(first_day, last_day)
    counts = np.zeros(means.shape, dtype=np.int64)
    _count(run, s.hashes, means, first_day * 24, arrivals.slots[0], counts)
    slots = np.array([name_hash(f"floor/{i}") for i in range(NUMBERS)], dtype=np.uint64)
    _floor(run, counts, first_day * 24, s.hashes, slots, quantile_table("lognormal", 0.8))
    return int(counts.sum())
