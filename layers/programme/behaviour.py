"""How a part behaves once it is live: take-up, the productivity dip, training. The `programme.behaviour` section.

These are the behavioural reading of a plan; the readings of the published profile (A and B) know none of it.
"""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import model_validator

from layers.assumption import Assumption, Frozen, Id, Quantity
from layers.problems import Fault, Faults
from layers.splits import Split

SMALLEST_GAP, LARGEST_GAP = 1.0, 3.0
"""A rating of L and of H, as numbers."""

Months = Annotated[Assumption, Quantity("months", ge=0, le=60)]
SomeMonths = Annotated[Assumption, Quantity("months", gt=0, le=60)]
Steepness = Annotated[Assumption, Quantity("power", ge=1, le=10)]
Dip = Annotated[Assumption, Quantity("share", ge=0, lt=1)]
Slowing = Annotated[Assumption, Quantity("factor", ge=1, le=10)]
HoursPerFte = Annotated[Assumption, Quantity("hours per FTE", ge=0, le=400)]


class Gaps(Split):
    """Mean gap rating by service area, from 1 (all low) to 3 (all high)."""

    by: Literal["service_area"]
    unit: Literal["gap"] = "gap"

    @model_validator(mode="after")
    def are_ratings(self) -> Self:
        """Refuse what is no mean of ratings."""
        expected = f"between {SMALLEST_GAP:g} (low) and {LARGEST_GAP:g} (high)"
        wrong = [(name, gap) for name, gap in self.values.items() if not SMALLEST_GAP <= gap <= LARGEST_GAP]
        if wrong:
            raise Faults([Fault(("values", name), f"{gap:g} is no mean of ratings", expected) for name, gap in wrong])
        return self


class Behaviour(Frozen):
    """The `behaviour` section.

    `take_up_half_months`: months from go-live until half of a lever's way is gone. `largest_gap_slows`: what multiplies them
    where every rating is high. `dip_share` of productivity is lost at go-live and comes back exponentially; it costs as much
    work as the whole dip over `dip_months`. `training_hours` fall in the `training_months` before go-live.
    """

    take_up_half_months: SomeMonths
    take_up_steepness: Steepness
    largest_gap_slows: Slowing
    dip_share: Dip
    dip_months: SomeMonths
    training_hours: HoursPerFte
    training_months: SomeMonths
    gaps: dict[Id, Gaps] = {}


def slowing(behaviour: Behaviour, layer: str, area: str) -> float:
    """What multiplies the take-up time of a layer in a service area: 1 where all ratings are low, or where there is none.

    Linear in the mean rating between low (1) and high (`largest_gap_slows`).
    """
    gaps = behaviour.gaps.get(layer)
    gap = gaps.values.get(area, gaps.otherwise) if gaps else None
    if gap is None:
        return 1.0
    return 1.0 + (behaviour.largest_gap_slows.value - 1.0) * (gap - SMALLEST_GAP) / (LARGEST_GAP - SMALLEST_GAP)


def take_up(behaviour: Behaviour, months: float, slower: float = 1.0) -> float:
    """Share of the way gone `months` after go-live, 0 to 1: 1 − 2^−(t/half)^steepness, an S-curve that is ½ at the half-time.

    `slower` multiplies the half-time. The curve is a Weibull distribution; its form is a judgement, no paper gives one.
    """
    if months <= 0:
        return 0.0
    half = behaviour.take_up_half_months.value * slower
    return float(1.0 - 2.0 ** -((months / half) ** behaviour.take_up_steepness.value))


def minutes_factor(behaviour: Behaviour, months: int) -> float:
    """What multiplies handling minutes in the month that begins `months` whole months after go-live; at least 1.

    Productivity is 1 − dip × e^(−t/dip_months), averaged over the month.
    """
    if months < 0:
        return 1.0
    fade = behaviour.dip_months.value
    left = fade * (np.exp(-months / fade) - np.exp(-(months + 1) / fade))
    return float(1.0 / (1.0 - behaviour.dip_share.value * left))


def training_hours(behaviour: Behaviour, months: int) -> float:
    """Hours of training per FTE in the month that begins `months` whole months after go-live (before it: negative)."""
    share = min(max(behaviour.training_months.value + months + 1, 0.0), 1.0)
    return behaviour.training_hours.value / behaviour.training_months.value * share if months < 0 else 0.0
