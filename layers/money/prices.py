"""Prices: what an FTE is worth a year. Two sets that are never mixed.

`published` is what the business case books for an FTE that goes, and prices the case's own FTE alone: it counts on posts
that cost less than their layer's average. `existing` is what today's staff of a layer cost on average, on-cost in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from layers.baselines import LayerBaseline, PoundsPerFte
from layers.money.section import Money
from layers.problems import InputError, Problem

PriceSet = Literal["published", "existing"]


@dataclass(frozen=True)
class Prices:
    """One price set: £ per FTE per year by layer, constant prices."""

    name: PriceSet
    by_layer: Mapping[str, float]

    def pounds(self, layer: str) -> float:
        """The price of a layer's FTE; raises InputError where this set has none, for no other set may fill the gap."""
        if layer not in self.by_layer:
            place = f"money.published_prices.{layer}" if self.name == "published" else f"layers.{layer}.pounds_per_fte"
            said = f"the {self.name} prices have none for this layer, and prices of two sets are not mixed"
            raise InputError([Problem("", None, place, said, expected="£ per FTE per year")])
        return self.by_layer[layer]


def price_set(name: PriceSet, money: Money, layers: Mapping[str, LayerBaseline]) -> Prices:
    """One of the two sets of a council: from its money section, or from what its layers' staff cost."""
    if name == "published":
        return Prices(name, _known(money.published_prices))
    return Prices(name, _known({layer: baseline.pounds_per_fte for layer, baseline in layers.items()}))


def _known(prices: Mapping[str, PoundsPerFte | None]) -> dict[str, float]:
    return {layer: price.value for layer, price in prices.items() if price is not None}
