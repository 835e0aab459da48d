"""Levers: what the target operating model changes. Each has today's value and a target fixed before any run."""

import math
from typing import Literal, Self

from pydantic import Field, model_validator

from layers.assumption import Assumption, Frozen, Id, Share
from layers.problems import Fault, Faults
from layers.splits import Number, Split, Weights

UNITS = {"share": 1.0, "factor": math.inf, "teams": math.inf}
"""The units a lever may have, and the largest number each allows."""


class Scope(Frozen):
    """Where a lever acts; an empty list means everywhere. Elsewhere today's value holds."""

    demand_types: tuple[Id, ...] = ()
    service_areas: tuple[Id, ...] = ()
    kinds: tuple[Id, ...] = ()
    complexities: tuple[Id, ...] = ()
    channels: tuple[Id, ...] = ()


class Lever(Frozen):
    """One lever: today's value, the target, and where it acts.

    `falls_with_complexity` shares the target out over simple, standard and complex so that its mean over today's mix is
    the target itself: with weight w a share p becomes 1 − (1 − p)^(k·w), which keeps 0 at 0 and 1 at 1.
    `mix` says over what the mean is taken: cases, or minutes of work.
    """

    label: str
    layer: Id
    today: Number
    target: Number
    at_most: Share | None = None
    only: Scope = Scope()
    falls_with_complexity: Weights | None = None
    mix: Literal["cases", "minutes"] = "cases"
    ground: str = ""

    @model_validator(mode="after")
    def units_agree(self) -> Self:
        """Refuse a target in another unit than today, and a number that its unit does not allow."""
        faults = []
        if self.today.unit != self.target.unit:
            faults.append(Fault(("target", "unit"), f"unit {self.target.unit!r}", repr(self.today.unit)))
        for end in ("today", "target"):
            number = getattr(self, end)
            if number.unit not in UNITS:
                faults.append(Fault((end, "unit"), f"unit {number.unit!r}", f"one of {', '.join(UNITS)}"))
            elif not isinstance(number, Split) and not 0 <= number.value <= UNITS[number.unit]:
                faults.append(Fault((end,), f"{number.value:g} {number.unit}", f"0 to {UNITS[number.unit]:g}"))
        if faults:
            raise Faults(faults)
        return self

    @property
    def moves(self) -> bool:
        """Whether the target differs from today anywhere."""
        return _values(self.today) != _values(self.target)


def _values(number: Assumption | Split) -> dict[str, float | None]:
    if not isinstance(number, Split):
        return {"": number.value}
    return {f"{number.by}.{name}": value for name, value in number.values.items()} | {"": number.otherwise}


class Levers(Frozen):
    """The `levers` section: levers by id, and which of them the target has (all where `in_target` is absent)."""

    all: dict[Id, Lever] = Field(default_factory=dict)
    in_target: tuple[Id, ...] | None = None

    @property
    def target(self) -> frozenset[str]:
        """The ids of the levers in force in the target operating model; not of those that stay as today."""
        chosen = self.all if self.in_target is None else self.in_target
        return frozenset(name for name in chosen if self.all[name].moves)
