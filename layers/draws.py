"""Keyed random numbers: every draw is a function of whose it is and what it is for, never of what was drawn before.

A case has a 64-bit key made of seed, replication, demand stream, calendar hour and its index within the hour. A draw is
the key mixed with the hash of the draw's name, so a new contact, lever or step changes no other draw: these are the common
random numbers of the field. The mixer is the finalizer of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable
pseudorandom number generators"). Probabilities are compared as 31-bit integers; distributions are read from quantile
tables in integer arithmetic, so that every engine sees the same number to the last bit.
"""

import hashlib
import math
from statistics import NormalDist

import numpy as np

from layers.compiling import compiled

ONE = 1 << 31
"""Probability 1 as an integer threshold."""
CELLS = 4096
SCALE_BITS = 20
"""Quantile tables hold multiples of the mean as fixed-point numbers with this many bits after the point."""
_CELL_BITS = 31 - 12


def name_hash(name: str) -> np.uint64:
    """The 64-bit hash of a name: the same on every machine and in every run."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


@compiled
def mix(x):  # type: ignore[no-untyped-def]
    """Mix 64 bits (SplitMix64's finalizer)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@compiled
def case_key(run, stream, hour, index):  # type: ignore[no-untyped-def]
    """The key of one case: run and stream are keys, hour counts calendar hours, index counts within the hour."""
    key = mix(run ^ stream) + np.uint64(hour) * np.uint64(0x9E3779B97F4A7C15)
    return mix(mix(key) + np.uint64(index) * np.uint64(0xD1B54A32D192ED03))


@compiled
def draw(key, slot):  # type: ignore[no-untyped-def]
    """A uniform integer from 0 to 2^31 − 1 for one purpose (slot) of one case."""
    return np.int64(mix(key ^ slot) >> np.uint64(33))


@compiled
def quantile(table, u, mean):  # type: ignore[no-untyped-def]
    """`mean` × the quantile of a unit-mean distribution at u: integers in, integer out (rounded down)."""
    cell = u >> 19
    low = table[cell]
    value = low + (((table[cell + 1] - low) * (u & 0x7FFFF)) >> 19)
    return (mean * value) >> 20


def run_key(seed: int, replication: int) -> np.uint64:
    """The key of one replication of one seed."""
    return name_hash(f"run/{seed}/{replication}")


def threshold(probability: float) -> int:
    """A probability as a 31-bit threshold: a draw below it is a yes."""
    return round(min(1.0, max(0.0, probability)) * ONE)


def quantile_table(shape: str, spread: float = 1.0) -> np.ndarray:
    """Quantiles of a unit-mean distribution at the 4,097 cell edges, fixed-point int64, mean-corrected.

    `shape` is `constant`, `exponential` or `lognormal` (with coefficient of variation `spread`). The two open ends are
    placed so that the mean of the first and the last cell is right.
    """
    if shape == "constant" or (shape == "lognormal" and spread == 0):
        return np.full(CELLS + 1, 1 << SCALE_BITS, dtype=np.int64)
    inverse = _inverse(shape, spread)
    edges = [0.0, *(inverse(i / CELLS) for i in range(1, CELLS)), 0.0]
    edges[0] = max(0.0, 2 * _cell_mean(inverse, 0) - edges[1])
    edges[CELLS] = 2 * _cell_mean(inverse, CELLS - 1) - edges[CELLS - 1]
    mean = (sum(edges) - (edges[0] + edges[CELLS]) / 2) / CELLS
    return np.array([round(edge / mean * (1 << SCALE_BITS)) for edge in edges], dtype=np.int64)


def _inverse(shape: str, spread: float):  # type: ignore[no-untyped-def]
    if shape == "exponential":
        return lambda p: -math.log1p(-p)
    sigma = math.sqrt(math.log1p(spread * spread))
    normal = NormalDist()
    return lambda p: math.exp(sigma * normal.inv_cdf(p) - sigma * sigma / 2)


def _cell_mean(inverse, cell: int, points: int = 1000) -> float:  # type: ignore[no-untyped-def]
    """Mean of a distribution inside one cell of the table, by midpoints that crowd towards the open end."""
    total = weight = 0.0
    for i in range(points):
        near, far = ((i / points) ** 3, ((i + 1) / points) ** 3)
        inside = (near + far) / 2
        p = (cell + inside) / CELLS if cell == 0 else (cell + 1 - inside) / CELLS
        total += inverse(p) * (far - near)
        weight += far - near
    return total / weight
