"""Reserves and the funds of implementation, beside the published ones."""

from layers.published import Published
from simulation.reproduce.cells import Cell, given, transcribed
from simulation.reproduce.footing import footed, summed
from simulation.reproduce.inputs import CouncilInputs

DATES = ("2019-03", "2020-03", "2021-03", "2022-03")
TOTALS = ("total", "without_schools")


def reserves(council: CouncilInputs, published: Published) -> list[Cell]:
    """Earmarked reserves by date and their totals; the funds of implementation, which the council is given."""
    table = published["reserves"]
    kinds = dict.fromkeys(name.rsplit(".", 1)[0] for name in table.cells if name.endswith(DATES))
    named = [kind for kind in kinds if kind not in TOTALS]
    cells = transcribed(table, [f"{kind}.{date}" for kind in named for date in DATES])
    for date in DATES:
        cells.append(footed(table, f"total.{date}", (f"{kind}.{date}" for kind in named)))
        rest = (f"{kind}.{date}" for kind in named if not kind.startswith("schools"))
        cells.append(footed(table, f"without_schools.{date}", rest))
    balances = ["said.balances_planned", "said.balances_forecast"]
    greater = [table[balances[1]].value, -table[balances[0]].value]
    return [
        *cells,
        *_funds(council, published),
        summed(table, "said.reserves_2019", [table["total.2019-03"].value]),
        *transcribed(table, balances),
        summed(table, "said.balances_greater", greater),
    ]


def _funds(council: CouncilInputs, published: Published) -> list[Cell]:
    """Who pays for implementation: inputs, and their sum."""
    table = published["reserves"]
    available = {name: fund.available for name, fund in council.money.funds.items() if fund.available is not None}
    cells = [given(table[f"implementation.{name}"], pounds.value / 1e6) for name, pounds in available.items()]
    return [*cells, footed(table, "implementation.all", (f"implementation.{name}" for name in available))]
