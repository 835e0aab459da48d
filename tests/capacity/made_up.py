"""Made-up networks for the search: counts by class as plain functions of the FTE of teams; nothing is simulated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layers.standards import Standards as Wanted
from simulation.capacity.standards import Service, Standards
from simulation.capacity.work_classes import WorkClasses
from simulation.measures import CLASS_COUNTS

STEPS = 1_000_000
"""Steps of every class: so many that rounding to whole steps does not matter."""


def classes_of(live: Sequence[bool], layers: Sequence[str] = (), types: Sequence[int] = ()) -> WorkClasses:
    """So many classes; by default all of one layer, each of a demand type of its own."""
    n = len(live)
    type_of = np.array(types or range(n))
    layer_of = tuple(layers) or ("front",) * n
    labels = tuple(f"class {i}" for i in range(n))
    return WorkClasses(
        labels, layer_of, np.array(live), np.arange(n), type_of, tuple(f"type {i}" for i in range(max(type_of) + 1))
    )


def counts(classes: WorkClasses, **rows: Any) -> np.ndarray:
    """Counts by class; what is not given is 0. `counts(classes, answered=[5, 3])`."""
    out = np.zeros((len(CLASS_COUNTS), classes.count), dtype=np.int64)
    for name, values in rows.items():
        out[CLASS_COUNTS.index(name)] = values
    return out


def service(classes: WorkClasses, by_class: np.ndarray, **guards: Any) -> Service:
    """A service with these counts; of the guards, what is not given binds nobody."""
    types, layers = len(classes.type_names), len(classes.layer_names)
    none = np.full(types, np.nan)
    values = {"journeys": np.zeros(types), "in_time": none, "p90": none, "unmet": 0.0, "last_month": np.zeros(layers)}
    values |= {"open": classes.by_layer(by_class[CLASS_COUNTS.index("open")])} | guards
    return Service(counts=by_class, **values)


def wanted(tolerance: float = 0.005, guard_tolerance: float = 0.02) -> Wanted:
    """The `standards` section of a scenario."""
    usual = Wanted()
    return Wanted(
        tolerance=usual.tolerance.model_copy(update={"value": tolerance}),
        guard_tolerance=usual.guard_tolerance.model_copy(update={"value": guard_tolerance}),
    )


def owed(shares: Sequence[float], types: Sequence[int] = ()) -> Standards:
    """Standards that ask just these shares in target, of classes that can be put off, and nothing else."""
    classes = classes_of([False] * len(shares), types=types)
    served = counts(classes, answered=STEPS, in_target=[round(share * STEPS) for share in shares])
    return Standards.of_today(classes, service(classes, served), wanted(tolerance=0.0))


Shares = Callable[[int, int, np.ndarray], Sequence[float]]
"""`shares(team, tenths, met)`: the share in target of each class that a team does, at an FTE, with what it `met` in a pass."""


@dataclass
class MadeUp:
    """A network. `works`: steps, teams × classes. `meets(tenths)`: what each team meets where teams have these FTE.

    Each pass is kept: `passes` are (tenths, held), in order.
    """

    standards: Standards
    works: np.ndarray
    shares: Shares
    meets: Callable[[np.ndarray], np.ndarray] = lambda tenths: np.ones(len(tenths))
    unmet: Callable[[np.ndarray], float] = lambda tenths: 0.0
    passes: list[tuple[np.ndarray, bool]] = field(default_factory=list)

    def measure(self, tenths: np.ndarray) -> "Look":
        look = Look(self, tenths.copy(), self.meets(tenths))
        self.passes.append((look.tenths, self.standards.held(look.service)))
        return look

    def team(self, team: int, tenths: int, met: np.ndarray) -> np.ndarray:
        offered = np.round(self.works[team] * met[team]).astype(np.int64)
        in_target = np.floor(offered * np.clip(self.shares(team, tenths, met), 0.0, 1.0)).astype(np.int64)
        return counts(self.standards.classes, answered=offered, in_target=in_target)


@dataclass
class Look:
    """What a pass of a made-up network shows."""

    network: MadeUp
    tenths: np.ndarray
    met: np.ndarray

    @property
    def service(self) -> Service:
        total = np.sum([self.replay(team, int(f)) for team, f in enumerate(self.tenths)], axis=0)
        return service(self.network.standards.classes, total, unmet=self.network.unmet(self.tenths))

    def replay(self, team: int, tenths: int) -> np.ndarray:
        return self.network.team(team, tenths, self.met)
