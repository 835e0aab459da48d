"""The two margins that the case prints of its benefit: FTE by layer, and FTE by release."""

from collections.abc import Mapping

from layers.programme.section import CaseLevel
from layers.published import Published

CUSTOMER_LAYERS = ("customer_management", "customer_assessment", "middle_office")
"""Layers that share one printed figure."""
CUSTOMER = "customer_layers"
SIZED = ("provision_cycle", "strategic_capability", "business_intelligence", "enabling_support")
DELIVERY = "service_delivery"
FOLLOWS = {"middle_office": "customer_management"}
"""A layer that the roadmap does not name, and the one whose release it follows; service delivery goes with its area."""
RELEASES = (1, 2, 3, 4)


def group_of(layer: str) -> str:
    """The printed figure that a layer's benefit is part of."""
    return CUSTOMER if layer in CUSTOMER_LAYERS else layer


def by_group(published: Published, level: CaseLevel) -> dict[str, float]:
    """FTE released by layer, the customer layers together: 513, 33, 26, 1, 93 and 78 at mid.

    The sized layers' ends are printed; those of the customer layers and of service delivery are worked out from pounds.
    """
    totals, front, sized = (published[table] for table in ("totals", "front_office", "sized_layers"))
    customer = totals["customer_layers_fte.mid"] if level == "mid" else front[f"front_and_middle_fte.{level}"]
    margins = {CUSTOMER: customer.value}
    margins |= {layer: sized[f"released_fte.{layer}.{level}"].value for layer in SIZED}
    return margins | {DELIVERY: totals[f"service_delivery_fte.{level}"].value}


def by_release(published: Published, level: CaseLevel) -> dict[int, float]:
    """FTE released by release: 110, 104, 326 and 204 at mid; no paper prints the ends, which are mid scaled to 603 and 885."""
    totals = published["totals"]
    scale = totals[f"released_fte.{level}"].value / totals["released_fte.mid"].value
    return {release: totals[f"release_{release}_fte"].value * scale for release in RELEASES}


def published_release(published: Published, layer: str, area: str) -> int:
    """The release that brings a layer to a service area by the printed roadmap: the later of the layer's and the area's."""
    plan = {cell.cell.removeprefix("release."): int(cell.value) for cell in published["release_plan"].cells.values()}
    return max(plan.get(FOLLOWS.get(layer, layer), 0), plan[area])


def pounds_per_fte(published: Published) -> Mapping[str, float]:
    """Benefit per FTE by layer, £, as the case prices it: its pounds at mid over its FTE at mid.

    36.9, 47.6, 55.8, 64 and 37.6 £k; service delivery, whose own pounds are rounded away, at its existing average of 29.4.
    """
    fte, benefit, front = by_group(published, "mid"), published["cost_per_fte"], published["front_office"]
    layers = published["layer_baselines"]
    offices = [
        front[f"{office}_pounds_m.{end}"].value
        for office in ("front_office", "middle_office")
        for end in ("low", "high")
    ]
    millions = {
        CUSTOMER: sum(offices) / 2,
        "business_intelligence": benefit["benefit_pounds_m.business_intelligence.mid"].value,
    }
    for layer in ("provision_cycle", "strategic_capability", "enabling_support"):
        millions[layer] = sum(benefit[f"benefit_pounds_m.{layer}.{end}"].value for end in ("low", "high")) / 2
    existing = layers[f"existing_pounds_m.{DELIVERY}"].value / layers[f"existing_fte.{DELIVERY}"].value
    millions[DELIVERY] = fte[DELIVERY] * existing
    return {group: 1e6 * pounds / fte[group] for group, pounds in millions.items()}
