"""Contact classes: every combination of demand type, service area, kind, complexity and channel that can exist.

Routes, minutes and teams depend on a contact only through its class, so tables are indexed by class. The channel varies
fastest: a contact that changes channel moves within a block of neighbouring classes.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from layers.demand import Demand
from layers.levers import Scope
from layers.splits import Attribute, NumberBy, Split

INT = np.ndarray
FLOAT = np.ndarray


@dataclass(frozen=True)
class ContactClasses:
    """The classes of a council's demand. Attribute values are held as indexes into the tuples of names."""

    demand_types: tuple[str, ...]
    service_areas: tuple[str, ...]
    kinds: tuple[str, ...]
    complexities: tuple[str, ...]
    channels: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    """(demand type, service area) that occur together."""

    @classmethod
    def of(cls, demand: Demand, service_areas: tuple[str, ...]) -> "ContactClasses":
        """The classes that a demand section can produce."""
        types = tuple(demand.types)
        pairs = [
            (types.index(name), service_areas.index(area))
            for name, line in demand.types.items()
            for area in line.service_areas.values
        ]
        for work in demand.scheduled.values():
            pair = (types.index(work.demand_type), service_areas.index(work.service_area))
            if pair not in pairs:
                pairs.append(pair)
        return cls(
            types, service_areas, tuple(demand.kinds), tuple(demand.complexities), tuple(demand.channels), tuple(pairs)
        )

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Pairs, kinds, complexities, channels."""
        return len(self.pairs), len(self.kinds), len(self.complexities), len(self.channels)

    @property
    def count(self) -> int:
        """Number of classes."""
        return int(np.prod(self.shape))

    @cached_property
    def _grid(self) -> INT:
        return np.indices(self.shape).reshape(4, -1)

    @cached_property
    def columns(self) -> dict[Attribute, INT]:
        """Index of each attribute's value by class: int arrays of length `count`."""
        pair = np.array(self.pairs)[self._grid[0]]
        return {
            "demand_type": pair[:, 0],
            "service_area": pair[:, 1],
            "kind": self._grid[1],
            "complexity": self._grid[2],
            "channel": self._grid[3],
        }

    def names(self, by: Attribute) -> tuple[str, ...]:
        """The values an attribute can take."""
        return {
            "demand_type": self.demand_types,
            "service_area": self.service_areas,
            "kind": self.kinds,
            "complexity": self.complexities,
            "channel": self.channels,
        }[by]

    def first(self, demand_type: str, service_area: str) -> int:
        """The first class of a (demand type, service area) pair."""
        pair = (self.demand_types.index(demand_type), self.service_areas.index(service_area))
        return self.pairs.index(pair) * (self.count // len(self.pairs))

    def spread(self, number: NumberBy) -> FLOAT:
        """An assumption by class: float array; NaN where a split names no value and has no `otherwise`."""
        if not isinstance(number, Split):
            return np.full(self.count, float(number.value))
        rest = np.nan if number.otherwise is None else number.otherwise
        by_value = np.array([number.values.get(name, rest) for name in self.names(number.by)])
        return by_value[self.columns[number.by]]

    def within(self, scope: Scope) -> INT:
        """Which classes a scope covers: bool array."""
        inside = np.ones(self.count, dtype=bool)
        limits: tuple[tuple[Attribute, tuple[str, ...]], ...] = (
            ("demand_type", scope.demand_types),
            ("service_area", scope.service_areas),
            ("kind", scope.kinds),
            ("complexity", scope.complexities),
            ("channel", scope.channels),
        )
        for by, allowed in limits:
            if allowed:
                known = [i for i, name in enumerate(self.names(by)) if name in allowed]
                inside &= np.isin(self.columns[by], known)
        return inside

    def mix(self, demand: Demand, demand_type: str, channel: str) -> FLOAT:
        """How first contacts of one type and channel fall on the classes: float array that sums to 1."""
        line = demand.types[demand_type]
        weights = np.zeros(self.shape)
        kinds, hardness = line.kinds.shares(), line.complexity.shares()
        block = np.outer(
            [kinds.get(name, 0.0) for name in self.kinds], [hardness.get(name, 0.0) for name in self.complexities]
        )
        for area, share in line.service_areas.shares().items():
            pair = (self.demand_types.index(demand_type), self.service_areas.index(area))
            weights[self.pairs.index(pair), :, :, self.channels.index(channel)] = share * block
        return weights.reshape(-1)
