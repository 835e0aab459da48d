"""Staff in post: the sums and changes of the quarterly staffing report, which the service-area margins rest on."""

from layers.published import Published
from simulation.reproduce.cells import Cell, derived, transcribed
from simulation.reproduce.inputs import CouncilInputs
from simulation.reproduce.rounded import Rounded

PARTS = {
    "people": ("childrens", "adults", "public_health"),
    "communities": ("communities_without_fire", "fire_and_rescue"),
    "total": ("people", "communities", "resources"),
}
DATES = ("june", "march")


def staffing(council: CouncilInputs, published: Published) -> list[Cell]:
    """Totals from their parts, and changes from the two dates. `council` is not used: staff in post are not effort."""
    table = published["staffing"]
    leaves = [*PARTS["people"], *PARTS["communities"], "resources"]
    agency = [f"agency_pounds.{directorate}" for directorate in PARTS["total"]]
    heads = ["heads.full_time", "heads.part_time"]
    inputs = [*(f"{date}_fte.{part}" for date in DATES for part in leaves), *heads, *agency]
    return [
        *transcribed(table, [*inputs, "reduction_since_2010.fte"]),
        *(
            derived(table[f"{date}_fte.{whole}"], sum(table[f"{date}_fte.{part}"].value for part in parts))
            for date in DATES
            for whole, parts in PARTS.items()
        ),
        *(derived(table[f"change_fte.{part}"], _change(published, part)) for part in (*leaves, *PARTS)),
        derived(table["change_fte.quarter_table"], table["june_fte.total"].value - table["march_fte.total"].value),
        derived(table["heads.total"], sum(table[name].value for name in heads)),
        derived(table["agency_pounds.total"], sum(table[name].value for name in agency)),
        derived(table["reduction_since_2010.percent"], _reduction_percent(published)),
    ]


def _change(published: Published, part: str) -> Rounded:
    table = published["staffing"]
    return Rounded.printed(table[f"june_fte.{part}"]) - Rounded.printed(table[f"march_fte.{part}"])


def _reduction_percent(published: Published) -> float:
    """The fall since 31 March 2010 as a percentage of what there was then: staff in post now and the fall itself."""
    table = published["staffing"]
    fall = table["reduction_since_2010.fte"].value
    return 100 * fall / (table["june_fte.total"].value + fall)
