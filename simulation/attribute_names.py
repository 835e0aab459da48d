"""Names of demand types, service areas, kinds, complexities and channels, wherever a scenario mentions them: do they exist?

A misspelt name in a split or a scope would change nothing and be noticed by nobody.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from layers.levers import Scope
from layers.problems import DataPath, Fault, closest, one_of
from layers.routes import Match
from layers.splits import Attribute, Split
from simulation.council import Council

Known = Mapping[Attribute, tuple[str, ...]]
_SCOPE_FIELDS: dict[str, Attribute] = {
    "demand_types": "demand_type",
    "service_areas": "service_area",
    "kinds": "kind",
    "complexities": "complexity",
    "channels": "channel",
}


def attribute_name_faults(council: Council) -> list[Fault]:
    """A fault for every mention of something that the council does not have."""
    demand = council.demand
    known: Known = {
        "demand_type": tuple(demand.types),
        "service_area": tuple(council.service_areas),
        "kind": tuple(demand.kinds),
        "complexity": tuple(demand.complexities),
        "channel": tuple(demand.channels),
    }
    return [
        Fault(path, f"no {by.replace('_', ' ')} {name!r}", one_of(known[by]), closest(name, known[by]))
        for path, by, name in _mentions(council, ())
        if name not in known[by]
    ]


def _mentions(part: Any, path: DataPath) -> Iterator[tuple[DataPath, Attribute, str]]:
    """Every mention in a part of the council: (place, attribute, name)."""
    if isinstance(part, Split):
        yield from (((*path, "values", name), part.by, name) for name in part.values)
        return
    if isinstance(part, Match):
        yield from (((*path, "to", name), part.by, name) for name in part.to)
        return
    if isinstance(part, Scope):
        for field, by in _SCOPE_FIELDS.items():
            yield from (((*path, field, place), by, name) for place, name in enumerate(getattr(part, field)))
    for key, inner in _parts(part):
        yield from _mentions(inner, (*path, key))


def _parts(part: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(part, BaseModel):
        yield from ((name, getattr(part, name)) for name in type(part).model_fields)
    elif isinstance(part, dict):
        yield from part.items()
    elif isinstance(part, tuple):
        yield from enumerate(part)
