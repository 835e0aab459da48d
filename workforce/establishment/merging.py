"""Pools: the ring-fences in which reductions fall, one a tier of a job family in a service area; small groups are merged first.

A group of fewer than 5 people is merged before anything is computed, so that nothing about them is ever written and nothing can be
recovered by taking one total from another: tiers inside their job family, families inside their area, areas inside their
directorate, then directorates.
"""

from dataclasses import dataclass

import numpy as np

from workforce.establishment.assignment import Establishment

SMALLEST = 5
SEVERAL = "several"
"""The name of what was merged."""
Name = tuple[str, ...]
"""Directorate, service area, job family, tier."""
PARTS = 4


@dataclass(frozen=True)
class Pools:
    """Groups by directorate, service area, job family and tier, and the pool of each assignment."""

    names: tuple[Name, ...]
    of: np.ndarray
    merged: int
    smallest_heads: int


def pools_of(people: Establishment, smallest: int = SMALLEST) -> Pools:
    """The pools of an establishment; a generated one holds nobody, so nothing in it is merged."""
    rows = people.assignments
    given: list[Name] = [
        (people.directorates[area], people.areas[area], people.families[family], people.tiers[grade])
        for area, family, grade in rows[["area", "family", "grade"]].tolist()
    ]
    found = dict.fromkeys(sorted(set(given)))
    members = {name: set[int]() for name in found}
    for name, person in zip(given, rows["person"].tolist(), strict=True):
        members[name].add(person)
    renamed = {name: name for name in found} if people.source == "generated" else _merged(members, smallest)
    names = tuple(sorted(set(renamed.values())))
    place = {name: number for number, name in enumerate(names)}
    of = np.array([place[renamed[name]] for name in given], dtype=np.int16)
    heads = _heads(members, renamed)
    merged = sum(1 for name in found if renamed[name] != name)
    return Pools(names, of, merged, min(map(len, heads.values())))


def _merged(members: dict[Name, set[int]], smallest: int) -> dict[Name, Name]:
    """The name each group goes by once small ones are merged, level by level."""
    renamed = {name: name for name in members}
    for keep in reversed(range(PARTS)):
        _merge_level(members, renamed, smallest, keep)
    return renamed


def _merge_level(members: dict[Name, set[int]], renamed: dict[Name, Name], smallest: int, keep: int) -> None:
    """Inside each group of the first `keep` parts of the name, put what is too small together until it is large enough."""
    for inside in sorted({name[:keep] for name in renamed.values()}):
        together = (*inside, *(SEVERAL,) * (PARTS - keep))
        while True:
            heads = {n: p for n, p in _heads(members, renamed).items() if n[:keep] == inside}
            small = [name for name, people in heads.items() if len(people) < smallest]
            if not small or len(heads) == 1:
                break
            if small == [together] or len(small) == 1:
                others = sorted((len(p), n) for n, p in heads.items() if n not in small)
                small = [*small, *[name for _, name in others[:1]]]
            for name, now in renamed.items():
                if now in small:
                    renamed[name] = together


def _heads(members: dict[Name, set[int]], renamed: dict[Name, Name]) -> dict[Name, set[int]]:
    heads: dict[Name, set[int]] = {}
    for name, people in members.items():
        heads.setdefault(renamed[name], set()).update(people)
    return heads
