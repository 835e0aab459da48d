"""The case's totals, FTE and pounds, rebuilt from their parts, beside the published ones."""

from layers.back_office import size, total_released
from layers.published import Published
from simulation.reproduce.cells import Cell, derived, transcribed
from simulation.reproduce.cost_tables import LAYERS, existing_thousands, released_mid
from simulation.reproduce.front_office import customer_layers_fte
from simulation.reproduce.inputs import CouncilInputs
from simulation.reproduce.rounded import Rounded

RELEASES = (1, 2, 3, 4)
ENDS = ("low", "mid", "high")


def totals(council: CouncilInputs, published: Published) -> list[Cell]:
    """The range 603–885 and its mid, £22m–£33m and its mid, and £34m–£58m."""
    table = published["totals"]
    ends = [f"released_fte.{end}" for end in ("low", "high")]
    parts = [f"{part}_pounds_m.{end}" for part in ("third_party", "income") for end in ENDS]
    releases = [f"release_{release}_{unit}" for unit in ("fte", "pounds_m") for release in RELEASES]
    mids = ["customer_layers_fte.mid", "service_delivery_fte.mid"]
    return [
        *transcribed(table, [*ends, *mids, *releases, *parts]),
        *_released(council, published),
        *_pounds(council, published),
        *(derived(table[f"all_benefits_pounds_m.{end}"], _all_benefits(published, end)) for end in ENDS),
    ]


def service_delivery_fte(council: CouncilInputs, published: Published) -> dict[str, float]:
    """What service delivery must release for 603 and 885: the total less the customer layers and the sized layers."""
    table, customer = published["totals"], customer_layers_fte(published)
    sized = total_released(size(council.back_office, council.existing_fte))
    rest = {"low": sized.low, "high": sized.high}
    return {end: table[f"released_fte.{end}"].value - customer[end] - fte for end, fte in rest.items()}


def _released(council: CouncilInputs, published: Published) -> list[Cell]:
    table = published["totals"]
    mid = table["released_fte.mid"]
    midway = (table["released_fte.low"].value + table["released_fte.high"].value) / 2
    releases = sum(table[f"release_{release}_fte"].value for release in RELEASES)
    return [
        derived(mid, midway, "midway between low and high"),
        derived(mid, sum(released_mid(council, published).values()), "sum of layers"),
        derived(mid, releases, "sum of releases"),
        *(
            derived(table[f"service_delivery_fte.{end}"], fte)
            for end, fte in service_delivery_fte(council, published).items()
        ),
    ]


def _pounds(council: CouncilInputs, published: Published) -> list[Cell]:
    table, benefit = published["totals"], published["cost_per_fte"]
    mid = table["benefit_pounds_m.mid"]
    layers = sum(benefit[f"benefit_pounds_m.{name}.mid"].value for name in LAYERS)
    releases = sum(table[f"release_{release}_pounds_m"].value for release in RELEASES)
    midway = (table["benefit_pounds_m.low"].value + table["benefit_pounds_m.high"].value) / 2
    return [
        derived(mid, layers, "sum of layers"),
        derived(mid, releases, "sum of releases"),
        derived(mid, midway, "midway between low and high"),
        *(derived(table[f"benefit_pounds_m.{end}"], _end_pounds(council, published, end)) for end in ("low", "high")),
    ]


def _end_pounds(council: CouncilInputs, published: Published, end: str) -> Rounded:
    """Benefit at one end, £m: front, middle and back office as printed, service delivery at its existing average."""
    front, benefit = published["front_office"], published["cost_per_fte"]
    delivery = service_delivery_fte(council, published)[end]
    printed = [front[f"{office}_pounds_m.{end}"] for office in ("front_office", "middle_office")]
    printed.append(benefit[f"benefit_pounds_m.back_office.{end}"])
    average = existing_thousands(council, published)["service_delivery"]
    return sum((Rounded.printed(cell) for cell in printed), average * delivery / 1000)


def _all_benefits(published: Published, end: str) -> float:
    table = published["totals"]
    return sum(table[f"{part}_pounds_m.{end}"].value for part in ("benefit", "third_party", "income"))
