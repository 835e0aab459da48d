"""Draws for people: keyed by replication, purpose, month and whose post it is, so that every policy meets the same luck."""

import numpy as np

from layers.compiling import compiled
from layers.draws import case_key, name_hash, run_key

PERIOD = 1.0 / (1 << 31)


@compiled
def chance(run, purpose, month, index):  # type: ignore[no-untyped-def]
    """A uniform number from 0 up to 1 for one purpose of one person in one month."""
    return np.float64(case_key(run, purpose, month, index) >> np.uint64(33)) * PERIOD


@compiled
def fill_chances(out, run, purpose, month, indices):  # type: ignore[no-untyped-def]
    """Fill `out` with the chance of each index."""
    for i in range(len(out)):
        out[i] = chance(run, purpose, month, indices[i])


def chances(run: np.uint64, purpose: str, month: int, indices: np.ndarray) -> np.ndarray:
    """Uniform numbers from 0 up to 1, one an index."""
    out = np.empty(len(indices))
    fill_chances(out, run, name_hash(f"workforce/{purpose}"), month, np.ascontiguousarray(indices, dtype=np.int64))
    return out


def replication_key(seed: int, replication: int) -> np.uint64:
    """The key of one replication: the same as that of the contacts, for other purposes."""
    return run_key(seed, replication)
