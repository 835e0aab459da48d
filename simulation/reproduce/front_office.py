"""The front office: lines of work, the split of its benefit with the middle office, beside the published figures."""

from layers.back_office import whole
from layers.published import Published
from simulation.reproduce.cells import Cell, derived, inferred, shown, transcribed
from simulation.reproduce.inputs import CouncilInputs
from simulation.reproduce.layer_tables import CUSTOMER
from simulation.reproduce.rounded import Rounded

SOLVED = "Volumes, minutes and the support residual were solved to this total (grade C): arithmetic, not evidence."
LINE = "No paper gives volumes or minutes: solved to fit the layer's total, grade C."


def front_office(council: CouncilInputs, published: Published) -> list[Cell]:
    """Every line of front-office work, the layer totals, and the pounds and FTE of front and middle office."""
    return [*_lines(council, published), *_pounds(council, published), *_fte(council, published)]


def customer_layers_fte(published: Published) -> dict[str, int]:
    """FTE released by front and middle office together: the printed mid, spread in proportion to the printed pounds."""
    mid = published["totals"]["customer_layers_fte.mid"].value
    pounds = {end: _pounds_of(published, end).value for end in ("low", "high")}
    centre = sum(pounds.values()) / 2
    return {"low": whole(mid * pounds["low"] / centre), "mid": whole(mid), "high": whole(mid * pounds["high"] / centre)}


def _lines(council: CouncilInputs, published: Published) -> list[Cell]:
    cells = []
    for layer in council.lines.lines:
        by_line, support = council.lines.fte(layer), council.layers[layer].fixed_support_fte
        rest = support.value if support else 0.0
        cells += [shown("front_office", f"line_fte.{layer}.{name}", fte, "FTE", LINE) for name, fte in by_line.items()]
        cells.append(shown("front_office", f"line_fte.{layer}.support", rest, "FTE", LINE))
        total = published["layer_baselines"][f"existing_fte.{layer}"]
        cells.append(inferred(total, sum(by_line.values()) + rest, SOLVED, "sum of lines", "front_office"))
    return cells


def _pounds(council: CouncilInputs, published: Published) -> list[Cell]:
    """The middle office's pounds from the front office's: the same percentage of its FTE at the same cost an FTE."""
    table, fte = published["front_office"], council.existing_fte
    ratio = fte["middle_office"] / (fte["customer_management"] + fte["customer_assessment"])
    both = (_pounds_of(published, "low") + _pounds_of(published, "high")) / 2
    front = {end: table[f"front_office_pounds_m.{end}"] for end in ("low", "high")}
    return [
        *transcribed(table, [cell.cell for cell in front.values()]),
        *(derived(table[f"middle_office_pounds_m.{end}"], Rounded.printed(front[end]) * ratio) for end in front),
        derived(published["cost_per_fte"]["benefit_pounds_m.customer_layers.mid"], both, "from pounds", "front_office"),
    ]


def _fte(council: CouncilInputs, published: Published) -> list[Cell]:
    table, fte, released = published["front_office"], council.existing_fte, customer_layers_fte(published)
    share = fte["middle_office"] / sum(fte[layer] for layer in CUSTOMER)
    return [
        *(derived(table[f"front_and_middle_fte.{end}"], released[end]) for end in ("low", "high")),
        *(derived(table[f"front_office_fte.{end}"], both * (1 - share)) for end, both in released.items()),
        *(derived(table[f"middle_office_fte.{end}"], both * share) for end, both in released.items()),
    ]


def _pounds_of(published: Published, end: str) -> Rounded:
    table = published["front_office"]
    offices = [table[f"{office}_pounds_m.{end}"] for office in ("front_office", "middle_office")]
    return Rounded.printed(offices[0]) + Rounded.printed(offices[1])
