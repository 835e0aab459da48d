"""Cost per FTE and the printed percentages, beside the published ones.

Pounds are tested against FTE: a layer's benefit should be about its released FTE at the layer's existing average cost.
The average itself is one published figure over another and is printed nowhere, so it is shown, not counted.
"""

from collections.abc import Mapping

from layers.back_office import Span, size
from layers.published import Published
from simulation.reproduce.cells import Cell, derived, shown
from simulation.reproduce.inputs import CouncilInputs
from simulation.reproduce.layer_tables import CUSTOMER, ONE_TO_ONE
from simulation.reproduce.rounded import Rounded

LAYERS = ("customer_layers", *ONE_TO_ONE)
OWN_RANGE = ("provision_cycle", "strategic_capability", "enabling_support")
"""Layers whose own section prints pounds low to high."""


def existing_thousands(council: CouncilInputs, published: Published) -> dict[str, Rounded]:
    """Existing cost per FTE by layer, £k: printed £m (rounded to whole millions) over existing FTE."""
    table, fte = published["layer_baselines"], council.existing_fte
    held = {layer: fte[layer] for layer in ONE_TO_ONE} | {"customer_layers": sum(fte[layer] for layer in CUSTOMER)}
    return {name: Rounded.printed(table[f"existing_pounds_m.{name}"]) * 1000 / held[name] for name in LAYERS}


def released_mid(council: CouncilInputs, published: Published) -> dict[str, float]:
    """FTE released at mid by layer: as sized, and as printed for the customer layers and service delivery."""
    sized = size(council.back_office, council.existing_fte)
    totals = published["totals"]
    fte = {name: layer.released_fte.mid for name, layer in sized.items()}
    fte |= {name: totals[f"{name}_fte.mid"].value for name in ("customer_layers", "service_delivery")}
    return {name: fte[name] for name in LAYERS}


def own_pounds(published: Published) -> dict[str, Rounded]:
    """Benefit at mid by layer, £m, from the layer sections: midway between the ends they print."""
    front, table = published["front_office"], published["cost_per_fte"]
    ends = {name: [table[f"benefit_pounds_m.{name}.{end}"] for end in ("low", "high")] for name in OWN_RANGE}
    offices = ("front_office", "middle_office")
    ends["customer_layers"] = [front[f"{office}_pounds_m.{end}"] for office in offices for end in ("low", "high")]
    mids = {name: sum((Rounded.printed(cell) for cell in cells), Rounded.of(0.0)) / 2 for name, cells in ends.items()}
    mids["business_intelligence"] = Rounded.printed(table["benefit_pounds_m.business_intelligence.section"])
    return mids


def cost_per_fte(council: CouncilInputs, published: Published) -> list[Cell]:
    """Pounds by layer from FTE and the existing average, at mid and at the ends the layer sections print."""
    table = published["cost_per_fte"]
    cost, mid = existing_thousands(council, published), released_mid(council, published)
    sized = size(council.back_office, council.existing_fte)
    pounds = {name: cost[name] * mid[name] / 1000 for name in LAYERS}
    section = table["benefit_pounds_m.business_intelligence.section"]
    return [
        *(_thousands(f"existing_thousands.{name}", cost[name], "No paper prints it.") for name in LAYERS),
        *_benefit_thousands(published, mid, cost["service_delivery"]),
        *(derived(table[f"benefit_pounds_m.{name}.mid"], fte) for name, fte in pounds.items()),
        *(
            derived(table[f"benefit_pounds_m.{name}.{end}"], cost[name] * fte / 1000)
            for name in OWN_RANGE
            for end, fte in _low_high(sized[name].released_fte)
        ),
        derived(section, pounds["business_intelligence"]),
        derived(table["benefit_pounds_m.back_office.low"], _section_sum(published, "low")),
        derived(table["benefit_pounds_m.back_office.high"], _section_sum(published, "high")),
        derived(
            published["totals"]["benefit_pounds_m.mid"],
            sum(pounds.values(), Rounded.of(0.0)),
            "FTE at each layer's average cost",
            "cost_per_fte",
        ),
    ]


def percentages(council: CouncilInputs, published: Published) -> list[Cell]:
    """The printed benefit percentages, by the paper's working (rounded £m) and from the layers' own pounds."""
    table, existing = published["percentages"], published["layer_baselines"]
    benefit, totals = published["cost_per_fte"], published["totals"]
    pounds = {name: existing[f"existing_pounds_m.{name}"] for name in (*LAYERS, "total")}
    rounded = {name: benefit[f"benefit_pounds_m.{name}.mid"].value for name in LAYERS}
    rounded["total"] = totals["benefit_pounds_m.mid"].value
    own = own_pounds(published)
    average = existing_thousands(council, published)["service_delivery"].value
    whole = pounds["service_delivery"].value
    own["service_delivery"] = Rounded.of(totals["service_delivery_fte.mid"].value * average / 1000)
    own["total"] = Rounded.of(sum(totals[f"release_{release}_pounds_m"].value for release in range(1, 5)))
    base = {name: Rounded.printed(cell) for name, cell in pounds.items()} | {"service_delivery": Rounded.of(whole)}
    return [
        *(derived(table[f"benefit_percent.{n}"], 100 * rounded[n] / pounds[n].value, "of printed £m") for n in rounded),
        *(derived(table[f"benefit_percent.{n}"], own[n] * 100 / base[n], "of the layer's own £m") for n in rounded),
    ]


def _benefit_thousands(published: Published, mid: Mapping[str, float], delivery: Rounded) -> list[Cell]:
    """Benefit per FTE, £k, at mid. Service delivery has no pounds of its own: it is taken at its existing average."""
    own = {name: pounds * 1000 / mid[name] for name, pounds in own_pounds(published).items()}
    table_pounds = Rounded.printed(published["cost_per_fte"]["benefit_pounds_m.business_intelligence.mid"])
    own["business_intelligence"] = table_pounds * 1000 / mid["business_intelligence"]
    own["service_delivery"] = delivery
    why = "No paper prints it. The layers' pounds at mid over FTE at mid; service delivery at its existing average."
    return [_thousands(f"benefit_thousands.{name}", own[name], why) for name in LAYERS]


def _thousands(name: str, cost: Rounded, why: str) -> Cell:
    return shown("cost_per_fte", name, cost, "£k per FTE", why)


def _section_sum(published: Published, end: str) -> Rounded:
    """Back-office benefit at one end, £m: the sum of what the layer sections print."""
    table = published["cost_per_fte"]
    names = [*(f"{name}.{end}" for name in OWN_RANGE), "business_intelligence.section"]
    return sum((Rounded.printed(table[f"benefit_pounds_m.{name}"]) for name in names), Rounded.of(0.0))


def _low_high(span: Span) -> tuple[tuple[str, float], ...]:
    return (("low", span.low), ("high", span.high))
