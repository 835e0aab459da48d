"""People on duty: how many of a team's FTE are at work in a block of time, as whole people."""

import hashlib

import numpy as np

GOLDEN = 0.6180339887498949
"""Steps of the golden ratio fill the unit interval evenly (a low-discrepancy sequence)."""


def people_on_duty(
    fte: float, hours_ratio: float, shift_share: np.ndarray, block: np.ndarray, offset: float
) -> np.ndarray:
    """floor(FTE × productive hours ÷ open hours × shift share + u): whole people by block (int64 array).

    `hours_ratio` is productive hours of an FTE over the team's open hours in a year; `shift_share` and `block` are arrays of
    one value a block. u runs through a fixed sequence by block number, so that the mean over a year is exact and more FTE
    never means fewer people.
    """
    u = (offset + block * GOLDEN) % 1.0
    return np.floor(fte * hours_ratio * shift_share + u + 1e-9).astype(np.int64)


def offset_of(team: str) -> float:
    """The start of a team's sequence, from its name: 0 up to but not including 1."""
    return int.from_bytes(hashlib.blake2b(team.encode(), digest_size=4).digest(), "little") / 2**32 * (1 - 1e-8)
