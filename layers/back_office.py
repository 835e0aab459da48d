"""Back-office sizing: what each back-office layer could release by a benchmark. The `back_office` section.

The business case sizes its back office without contacts, by two methods: the provision cycle from a spend benchmark,
which is rebuilt here, and the other three layers from consolidation ranges that the case states without their working.
Both are basis `sized`; `SizedLayer.working` says which was rebuilt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Annotated, Literal

from pydantic import Field

from layers.assumption import Assumption, Frozen, Fte, Id, Quantity, Share
from layers.problems import InputError, Problem

SpendAYear = Annotated[Assumption, Quantity("£m per year", ge=0)]
SpendPerFte = Annotated[Assumption, Quantity("£m per FTE", gt=0)]
Working = Literal["rebuilt", "stated"]
STATED = ("strategic_capability", "business_intelligence", "enabling_support")
"""Layers whose release the case states without its working."""


@dataclass(frozen=True)
class Span:
    """FTE at the low end, at the central value and at the high end of the assumptions behind it."""

    low: float
    mid: float
    high: float

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.mid + other.mid, self.high + other.high)


@dataclass(frozen=True)
class SizedLayer:
    """One back-office layer sized: existing FTE, FTE released, and whether its working was rebuilt or only stated."""

    layer: str
    existing_fte: float
    released_fte: Span
    working: Working


class SpendCategory(Frozen):
    """One category of addressable spend: the hub that manages it is sized from its share of the whole."""

    label: str
    spend: SpendAYear


class ProvisionCycle(Frozen):
    """Commissioning, procurement and contract management, sized from addressable spend.

    `spend_per_fte` is the benchmark; `concentrated_fte` the effort in roles above 40% of time; `fragmented_release` the
    share released of the rest. An assumption without low or high is used at its value.
    """

    addressable_spend: SpendAYear
    categories: dict[Id, SpendCategory] = Field(default_factory=dict)
    spend_per_fte: SpendPerFte
    concentrated_fte: Fte
    fragmented_release: Share


class BackOffice(Frozen):
    """The `back_office` section; a layer left out is not sized. The last three are FTE released, with range."""

    provision_cycle: ProvisionCycle | None = None
    strategic_capability: Fte | None = None
    business_intelligence: Fte | None = None
    enabling_support: Fte | None = None


def whole(fte: float) -> int:
    """Round to whole FTE, halves up, as the case prints them (26.7 → 27, 5.6 → 6)."""
    return floor(fte + 0.5)


def benchmark(provision: ProvisionCycle) -> Span:
    """FTE that the addressable spend calls for: £400m at £15m and at £10m an FTE is 27 to 40."""
    return _needed(provision.addressable_spend.value, provision)


def hubs(provision: ProvisionCycle) -> dict[str, Span]:
    """The benchmark for each spend category, by its share of the categories' total; rounded one by one."""
    total = sum(category.spend.value for category in provision.categories.values())
    scale = provision.addressable_spend.value / total if total else 0.0
    return {name: _needed(scale * c.spend.value, provision) for name, c in provision.categories.items()}


def consolidation(provision: ProvisionCycle) -> Span:
    """FTE released by consolidating the roles above 40% of time: what they hold less the benchmark, never below 0."""
    need, held = benchmark(provision), provision.concentrated_fte.value
    return Span(max(0.0, held - need.high), max(0.0, held - need.mid), max(0.0, held - need.low))


def standardisation(provision: ProvisionCycle, existing_fte: float) -> Span:
    """FTE released from the rest, in roles below 40% of time, by a standard model: 10–30% of 56 is 6 to 17."""
    fragmented = existing_fte - provision.concentrated_fte.value
    share = _span(provision.fragmented_release)
    return Span(whole(share.low * fragmented), whole(share.mid * fragmented), whole(share.high * fragmented))


def size(back_office: BackOffice | None, existing_fte: Mapping[str, float]) -> dict[str, SizedLayer]:
    """Size every layer the section names; none without a section. `existing_fte` by layer, FTE.

    Raises InputError, naming the layer, where more is asked of it than its existing effort.
    """
    sized: dict[str, SizedLayer] = {}
    if back_office is None:
        return sized
    provision = back_office.provision_cycle
    if provision is not None:
        held = _existing("provision_cycle", existing_fte, provision.concentrated_fte.value)
        released = consolidation(provision) + standardisation(provision, held)
        sized["provision_cycle"] = SizedLayer("provision_cycle", held, released, "rebuilt")
    for name in STATED:
        stated: Assumption | None = getattr(back_office, name)
        if stated is not None:
            span = _span(stated)
            sized[name] = SizedLayer(name, _existing(name, existing_fte, span.high), span, "stated")
    return sized


def total_released(sized: Mapping[str, SizedLayer]) -> Span:
    """The sum over layers of FTE released, end by end: 129, 153 and 177 for the four Oxfordshire layers."""
    return sum((layer.released_fte for layer in sized.values()), start=Span(0.0, 0.0, 0.0))


def _needed(spend: float, provision: ProvisionCycle) -> Span:
    per_fte = _span(provision.spend_per_fte)
    return Span(whole(spend / per_fte.high), whole(spend / per_fte.mid), whole(spend / per_fte.low))


def _span(assumption: Assumption) -> Span:
    low, value, high = assumption.low, assumption.value, assumption.high
    return Span(value if low is None else low, value, value if high is None else high)


def _existing(layer: str, existing_fte: Mapping[str, float], asked: float) -> float:
    """Existing FTE of a layer; raises InputError where the layer is missing or holds less than is asked of it."""
    held = existing_fte.get(layer)
    if held is None or held < asked:
        has = "the layer has no existing_fte" if held is None else f"the layer has only {held:g} FTE"
        said = f"{asked:g} FTE asked of it, but {has}"
        raise InputError([Problem("", None, f"back_office.{layer}", said, expected="at most the layer's existing_fte")])
    return held
