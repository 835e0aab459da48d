"""Classes of work: what a standard belongs to. A layer, a demand type, live or deferrable, urgent or not; never a team.

Teams may merge, split or close: the work stays, and it is the work that must be served no worse.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulation.classes import ContactClasses

PACE, URGENCY = ("deferrable", "live"), ("", " urgent")
SMALL = "small classes"


@dataclass(frozen=True)
class WorkClasses:
    """The classes that are judged. `of_standard`: the place of each standard class among them, −1 where it is not judged."""

    labels: tuple[str, ...]
    layers: tuple[str, ...]
    live: np.ndarray
    of_standard: np.ndarray
    type_of: np.ndarray
    """The demand type of each class; of small ones judged together, that of the first."""
    type_names: tuple[str, ...]

    @classmethod
    def of(
        cls,
        layers: Sequence[str],
        judged: Sequence[str],
        classes: ContactClasses,
        steps_a_year: np.ndarray,
        smallest: float,
    ) -> "WorkClasses":
        """The classes of the `judged` layers; those with fewer than `smallest` steps a year are judged together.

        `steps_a_year`: steps by standard class in today's reference year. A class that today does not have at all stays apart:
        it has a target of its own.
        """
        types, found = classes.demand_types, dict[tuple[str, str, bool], list[int]]()
        for standard, steps in enumerate(steps_a_year):
            rest, urgent = divmod(standard, 2)
            rest, live = divmod(rest, 2)
            layer, kind = divmod(rest, len(types))
            if layers[layer] not in judged:
                continue
            label = f"{types[kind]} {PACE[live]}{URGENCY[urgent]}"
            if 0 < steps < smallest:
                label = f"{SMALL} {PACE[live]}"
            found.setdefault((layers[layer], label, bool(live)), []).append(standard)
        of_standard = np.full(len(steps_a_year), -1, dtype=np.int64)
        for place, standards in enumerate(found.values()):
            of_standard[standards] = place
        keys = list(found)
        return cls(
            tuple(label for _, label, _ in keys),
            tuple(layer for layer, _, _ in keys),
            np.array([live for _, _, live in keys]),
            of_standard,
            np.array([standards[0] // 4 % len(types) for standards in found.values()]),
            types,
        )

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The layers judged."""
        return tuple(dict.fromkeys(self.layers))

    @cached_property
    def layer_of(self) -> np.ndarray:
        """The place of each class's layer among those judged."""
        return np.array([self.layer_names.index(layer) for layer in self.layers])

    def by_layer(self, counts: np.ndarray) -> np.ndarray:
        """Counts by class added up by layer."""
        return np.bincount(self.layer_of, weights=counts, minlength=len(self.layer_names))

    def by_type(self, counts: np.ndarray) -> np.ndarray:
        """Counts by class added up by demand type."""
        return np.bincount(self.type_of, weights=counts, minlength=len(self.type_names))

    @property
    def count(self) -> int:
        """Number of classes judged."""
        return len(self.labels)

    def gather(self, counts: np.ndarray) -> np.ndarray:
        """Counts by standard class (measures × standards) as counts by class of work (measures × classes)."""
        places = self.of_standard
        return np.array(
            [np.bincount(places[places >= 0], row[places >= 0], self.count) for row in counts], dtype=np.int64
        )
