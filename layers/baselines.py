"""Baselines: today's effort by layer and by service area. The `layers` and `service_areas` sections of a scenario."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import model_validator

from layers.assumption import Assumption, Frozen, Fte, Quantity
from layers.problems import Fault, Faults

PoundsPerFte = Annotated[Assumption, Quantity("£ per FTE per year", ge=0)]
Basis = Literal["simulated", "sized", "case"]
"""How a layer's release is found: from simulated contacts, from a benchmark, or taken from the business case."""


class LayerBaseline(Frozen):
    """One layer of the operating model: the FTE of effort it takes today, and how its release is found.

    `fixed_support_fte` is the part of a front-office layer that is support, administration and quality assurance: it is
    not handling, so no contact carries its minutes. `pounds_per_fte` is what the layer's existing staff cost, on-cost in.
    """

    label: str
    existing_fte: Fte
    basis: Basis
    fixed_support_fte: Fte | None = None
    pounds_per_fte: PoundsPerFte | None = None

    @model_validator(mode="after")
    def support_is_part_of_the_layer(self) -> Self:
        """Refuse more support than the whole layer has."""
        if self.fixed_support_fte is not None and self.fixed_support_fte.value > self.existing_fte.value:
            said = f"{self.fixed_support_fte.value:g} FTE of support in a layer of {self.existing_fte.value:g}"
            raise Faults([Fault(("fixed_support_fte",), said, f"at most {self.existing_fte.value:g}")])
        return self

    @property
    def handling_fte(self) -> float:
        """Existing FTE less the fixed support: the effort that contacts and cases carry."""
        return self.existing_fte.value - (self.fixed_support_fte.value if self.fixed_support_fte else 0.0)


class ServiceArea(Frozen):
    """One service area: its directorate, and all its effort today whatever the layer, by where the staff sit."""

    label: str
    directorate: str
    effort_fte: Fte


def layer_margins(layers: Mapping[str, LayerBaseline]) -> dict[str, float]:
    """Existing FTE by layer, in the order of the scenario."""
    return {name: layer.existing_fte.value for name, layer in layers.items()}


def area_margins(areas: Mapping[str, ServiceArea]) -> dict[str, float]:
    """Effort FTE by service area, in the order of the scenario."""
    return {name: area.effort_fte.value for name, area in areas.items()}
