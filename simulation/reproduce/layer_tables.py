"""Layer baselines, the sized layers, and the provision cycle's sizing, beside the published ones."""

from layers.back_office import SizedLayer, Span, benchmark, consolidation, hubs, size, standardisation, total_released
from layers.published import Published, PublishedTable
from simulation.reproduce.cells import Cell, derived, given, inferred, transcribed
from simulation.reproduce.inputs import CouncilInputs

CUSTOMER = ("customer_management", "customer_assessment", "middle_office")
ONE_TO_ONE = (
    "provision_cycle",
    "strategic_capability",
    "business_intelligence",
    "enabling_support",
    "service_delivery",
)
SOLVED = "Solved from this cell: the model's {what} is worked out from it, so it cannot fail."


def layer_baselines(council: CouncilInputs, published: Published) -> list[Cell]:
    """Existing FTE and pounds by layer: the layers are inputs, their totals derived, the middle office a difference."""
    table, fte = published["layer_baselines"], council.existing_fte
    customer = table["existing_fte.customer_layers"]
    pounds = [f"existing_pounds_m.{layer}" for layer in ("customer_layers", *ONE_TO_ONE)]
    front = fte["customer_management"] + fte["customer_assessment"]
    return [
        *(given(table[f"existing_fte.{layer}"], fte[layer]) for layer in (*CUSTOMER[:2], *ONE_TO_ONE)),
        inferred(customer, sum(fte[layer] for layer in CUSTOMER), SOLVED.format(what="middle office")),
        derived(table["existing_fte.middle_office"], customer.value - front),
        derived(table["existing_fte.total"], sum(fte.values())),
        *transcribed(table, pounds),
        derived(table["existing_pounds_m.total"], sum(table[name].value for name in pounds)),
    ]


def sized_layers(council: CouncilInputs, published: Published) -> list[Cell]:
    """FTE released low, mid and high by each sized layer.

    The ends of a stated range are inputs, and so is the single figure for business intelligence; a stated range's
    printed mid is derived as midway between its ends.
    """
    table = published["sized_layers"]
    sized = size(council.back_office, council.existing_fte)
    cells = [cell for layer in sized.values() for cell in _sized_layer(layer, table)]
    return cells + [derived(table[f"released_fte.total.{end}"], fte) for end, fte in _ends(total_released(sized))]


def _sized_layer(layer: SizedLayer, table: PublishedTable) -> list[Cell]:
    span = layer.released_fte
    low, mid, high = (table[f"released_fte.{layer.layer}.{end}"] for end in ("low", "mid", "high"))
    if layer.working == "rebuilt":
        return [derived(low, span.low), derived(mid, span.mid), derived(high, span.high)]
    if low.status == "inferred":
        return [derived(low, span.low), given(mid, span.mid), derived(high, span.high)]
    midway = (span.low + span.high) / 2
    return [given(low, span.low), derived(mid, midway, "midway between low and high"), given(high, span.high)]


def provision_cycle(council: CouncilInputs, published: Published) -> list[Cell]:
    """The provision cycle: spend and benchmark are inputs; FTE by category and for the whole are derived."""
    table, provision = published["provision_cycle"], council.provision_cycle
    held = council.existing_fte["provision_cycle"]
    spend = {name: category.spend.value for name, category in provision.categories.items()}
    need, part_1, part_2 = benchmark(provision), consolidation(provision), standardisation(provision, held)
    per_fte, hub_fte = provision.spend_per_fte, hubs(provision)
    split = SOLVED.format(what="share released")
    return [
        *(given(table[f"spend.{name}"], pounds) for name, pounds in spend.items()),
        derived(table["spend.total"], sum(spend.values())),
        given(table["spend_per_fte.low"], per_fte.value if per_fte.low is None else per_fte.low),
        given(table["spend_per_fte.high"], per_fte.value if per_fte.high is None else per_fte.high),
        derived(table["benchmark_fte.low"], need.low),
        derived(table["benchmark_fte.high"], need.high),
        *(derived(table[f"hub_fte.{name}.low"], fte.low) for name, fte in hub_fte.items()),
        *(derived(table[f"hub_fte.{name}.high"], fte.high) for name, fte in hub_fte.items()),
        given(table["concentrated_fte"], provision.concentrated_fte.value),
        derived(table["fragmented_fte"], held - provision.concentrated_fte.value),
        inferred(table["consolidation_fte.low"], part_1.low, SOLVED.format(what="55 FTE above 40% of time")),
        derived(table["consolidation_fte.high"], part_1.high),
        inferred(table["standardisation_fte.low"], part_2.low, split),
        inferred(table["standardisation_fte.high"], part_2.high, split),
    ]


def _ends(span: Span) -> tuple[tuple[str, float], ...]:
    return (("low", span.low), ("mid", span.mid), ("high", span.high))
