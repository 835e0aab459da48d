"""The crosswalk from effort to contracts: in which job families the effort of a layer sits, area by area. An estimate.

Effort FTE (who spends time on a layer's work) and contract FTE (who is employed as what) are different things and no document joins
them. The `crosswalk` section gives weights by layer; `own_profession` stands for what the area's staff mostly are.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import model_validator

from layers.assumption import Frozen, Grade, Id
from layers.problems import Fault, Faults

OWN = "own_profession"
LABEL = "estimate: effort by layer and area put on job families by judgement; no document joins effort to contracts"
Name = tuple[str, ...]


class Crosswalk(Frozen):
    """The `crosswalk` section: weights of job families by layer, and what each area's own profession is.

    `delivery` says so for service delivery where it is another.
    """

    layers: dict[Id, dict[Id, float]]
    own: dict[Id, dict[Id, float]]
    delivery: dict[Id, dict[Id, float]] = {}
    source: str | None = None
    grade: Grade | None = None

    @model_validator(mode="after")
    def weights_share_something_out(self) -> "Crosswalk":
        """Refuse weights below 0 or all 0."""
        tables = {"layers": self.layers, "own": self.own, "delivery": self.delivery}
        faults = [
            Fault((table, name), "weights must be 0 or more and not all 0", "at least one above 0")
            for table, entries in tables.items()
            for name, weights in entries.items()
            if min(weights.values(), default=0) < 0 or not sum(weights.values()) > 0
        ]
        if faults:
            raise Faults(faults)
        return self

    def families(self, layer: str, area: str) -> dict[str, float]:
        """Shares of job families in the effort of one layer in one area; they sum to 1."""
        out: dict[str, float] = {}
        weights = self.layers.get(layer, {OWN: 1.0})
        for family, weight in weights.items():
            share = weight / sum(weights.values())
            spread = self._profession(layer, area) if family == OWN else {family: 1.0}
            for name, part in spread.items():
                out[name] = out.get(name, 0.0) + share * part
        return out

    def _profession(self, layer: str, area: str) -> dict[str, float]:
        weights: Mapping[str, float] = self.own.get(area, {})
        if layer == "service_delivery":
            weights = self.delivery.get(area, weights)
        total = sum(weights.values())
        return {family: weight / total for family, weight in weights.items()}

    def shares(self, layer: str, area: str, pools: Sequence[Name], pool_fte: np.ndarray) -> np.ndarray:
        """What part of a reduction of a layer in an area falls on each pool: by the weights, among the families it has,
        and over the tiers of a family by their FTE. Where the area has none of the families, by the FTE of its pools.
        """
        families, out = self.families(layer, area), np.zeros(len(pools))
        inside = [number for number, name in enumerate(pools) if name[1] == area]
        of_family: dict[str, float] = {}
        for number in inside:
            of_family[pools[number][2]] = of_family.get(pools[number][2], 0.0) + pool_fte[number]
        for number in inside:
            family = pools[number][2]
            out[number] = families.get(family, 0.0) * pool_fte[number] / max(of_family[family], 1e-9)
        if out.sum() <= 0:
            out[inside] = pool_fte[inside]
        return out / out.sum()
