"""An establishment as arrays: one row an assignment, that is one contract of one person."""

from dataclasses import dataclass

import numpy as np

NEVER = 32_000
"""A month that does not come."""

TERMS = ("green_book", "chief_officer", "soulbury", "nhs", "grey_book")
LOCAL_PENSION = ("green_book", "chief_officer")
"""Terms, the first of TERMS, whose staff may be members of the Local Government Pension Scheme; others have their own."""

ASSIGNMENT = np.dtype(
    [
        ("person", "i4"),
        ("area", "i2"),
        ("family", "i2"),
        ("grade", "i1"),
        ("place", "i2"),
        ("fte", "f8"),
        ("pay", "f8"),
        ("age", "i2"),
        ("service", "i2"),
        ("ends", "i2"),
        ("member", "i1"),
        ("protected", "i1"),
        ("registered", "i1"),
        ("terms", "i1"),
    ]
)
"""`fte` of the contract; `pay`: £ a year for full time; `age` and `service` in months at the opening; `ends`: months until a
fixed term ends, or NEVER; `member` of the Local Government Pension Scheme; `protected` by maternity, adoption or shared
parental leave; `registered`: the post needs a professional registration; numbers for names elsewhere."""


@dataclass(frozen=True)
class Establishment:
    """Who works there: assignments, and the names behind their numbers. `areas` come with their directorates."""

    source: str
    areas: tuple[str, ...]
    directorates: tuple[str, ...]
    families: tuple[str, ...]
    grades: tuple[str, ...]
    tiers: tuple[str, ...]
    """The tier of each grade."""
    places: tuple[str, ...]
    assignments: np.ndarray
    left_out: tuple[tuple[str, int], ...] = ()

    @property
    def heads(self) -> int:
        """People, each once."""
        return len(np.unique(self.assignments["person"]))

    @property
    def fte(self) -> float:
        """FTE of all contracts."""
        return float(self.assignments["fte"].sum())

    @property
    def full_time_heads(self) -> int:
        """People whose contracts together are full time."""
        _, person = np.unique(self.assignments["person"], return_inverse=True)
        return int((np.bincount(person, self.assignments["fte"]) > 0.999).sum())

    def head_shares(self) -> np.ndarray:
        """Each assignment's part of its person: with two contracts a person is half a head in each."""
        _, person, count = np.unique(self.assignments["person"], return_inverse=True, return_counts=True)
        return 1.0 / count[person]
