"""What the programme costs, by line, by technology and by release, beside the published ones.

The lines' totals are inputs. The years of those that move with releases are derived from the plan's dates; the two whose
timing was solved from these very cells are shown and never counted.
"""

from collections.abc import Iterable

import numpy as np

from layers.published import Published
from simulation.finance.costs import cost_flows
from simulation.finance.dates import dates_of
from simulation.finance.flow import Flow, by_year
from simulation.reproduce.cells import Cell, derived, given, inferred, transcribed
from simulation.reproduce.footing import across, footed
from simulation.reproduce.inputs import CouncilInputs
from simulation.reproduce.rounded import Rounded

YEARS = ("2018/19", "2019/20", "2020/21", "2021/22", "2022/23")
SUBTOTALS = {
    "technology": ("technology_platform", "technology_support"),
    "people": ("training", "backfill"),
    "commissioned_support": ("strategic_advice", "programme_office", "service_construct", "organisation_design"),
}
SOLVED = "Its weights after go-live were solved from these cells, so they cannot fail."
BY_RELEASE = ("technology_support", *SUBTOTALS["commissioned_support"])
"""The lines that are spent while releases are constructed: together they are what the release slides call cost."""
ANOTHER_ERP = "The council's costs of replacing the shared centre are this cell less the first option's."


def implementation_costs(council: CouncilInputs, published: Published) -> list[Cell]:
    """Lines by year from their totals and the plan; subtotals and totals from the printed lines, down and across."""
    table, lines = published["implementation_costs"], [name for names in SUBTOTALS.values() for name in names]
    cells = [given(table[f"{name}.all"], council.money.costs[name].pounds.value / 1e6) for name in lines]
    cells += [cell for name in lines for cell in _years(council, published, name)]
    cells += [across(table, f"{name}.all", name, YEARS) for name in (*lines, *SUBTOTALS, "total")]
    for end in (*YEARS, "all"):
        cells += [
            footed(table, f"{name}.{end}", (f"{part}.{end}" for part in parts)) for name, parts in SUBTOTALS.items()
        ]
        cells.append(footed(table, f"total.{end}", (f"{name}.{end}" for name in SUBTOTALS)))
    upfront, implementation = (published["technology_costs"][f"{kind}.total"] for kind in ("upfront", "implementation"))
    both = Rounded.printed(upfront) + Rounded.printed(implementation)
    return [*cells, derived(table["technology_platform.all"], both, "purchase and implementation")]


def technology_costs(council: CouncilInputs, published: Published) -> list[Cell]:
    """The components are inputs; their totals are derived. The option with another system is what replacing is worth."""
    table, cells = published["technology_costs"], []
    extra = council.money.ibc_replacement
    for kind, line in (("upfront", "purchase"), ("implementation", "implementation"), ("maintenance", "maintenance")):
        parts = [
            name
            for name in table.cells
            if name.startswith(f"{kind}.") and name.split(".")[1] not in ("total", "another_erp")
        ]
        total = table[f"{kind}.total"]
        cells += transcribed(table, parts)
        cells.append(derived(total, sum((Rounded.printed(table[name]) for name in parts), Rounded.of(0.0))))
        replaced = total.value + extra[f"replacement_{line}"].pounds.value / 1e6
        cells.append(inferred(table[f"{kind}.another_erp"], replaced, ANOTHER_ERP))
    return cells


def release_costs(council: CouncilInputs, published: Published) -> list[Cell]:
    """Cost by release and year from the lines and the plan's dates; net from the printed benefit and the printed cost."""
    releases = enumerate(council.programme.releases, start=1)
    return [
        cell
        for number, release in releases
        for cell in (*_cost(council, published, number, release), *_net(published, number))
    ]


def _cost(council: CouncilInputs, published: Published, number: int, release: str) -> list[Cell]:
    """One release's cost by year, and in all."""
    table, stem = published["release_costs"], f"cost.release_{number}"
    spent = _spent(flow for flow in _flows(council) if flow.line in BY_RELEASE and flow.release == release)
    years = [
        derived(table[f"{stem}.{y}"], pounds)
        for y, pounds in zip(YEARS, spent, strict=False)
        if f"{stem}.{y}" in table.cells
    ]
    whole = f"{stem}.all"
    return [*years, derived(table[whole], sum(spent), "by lines"), across(table, whole, stem, YEARS)]


def _net(published: Published, number: int) -> list[Cell]:
    """One release's net by year, and in all: printed benefit less printed cost, which may be a dash."""
    table, profile, stem = published["release_costs"], published["release_profile"], f"release_{number}"
    cost = {end: table[f"cost.{stem}.{end}"].value for end in (*YEARS, "all") if f"cost.{stem}.{end}" in table.cells}
    benefit = {year: profile[f"pounds_m.{stem}.{year}"].value for year in YEARS}
    benefit["all"] = published["totals"][f"{stem}_pounds_m"].value
    return [derived(table[f"net.{stem}.{end}"], pounds - cost.get(end, 0.0)) for end, pounds in benefit.items()]


def _years(council: CouncilInputs, published: Published, name: str) -> list[Cell]:
    """The years of one line: input where the council was given them, else from the line's total and the plan's dates."""
    table = published["implementation_costs"]
    spent = _spent(flow for flow in _flows(council) if flow.line == name)
    line, cells = council.money.costs[name], []
    for at, year in enumerate(YEARS):
        if f"{name}.{year}" not in table.cells:
            continue
        cell, modelled = table[f"{name}.{year}"], spent[at]
        if line.driver == "fixed":
            cells.append(given(cell, modelled))
        elif line.after_go_live is not None:
            cells.append(inferred(cell, modelled, SOLVED))
        else:
            cells.append(derived(cell, modelled))
    return cells


def _flows(council: CouncilInputs) -> tuple[Flow, ...]:
    return cost_flows(council.money, dates_of(council.plan))


def _spent(flows: Iterable[Flow]) -> list[float]:
    """What flows spend, £m by year."""
    return [-float(pounds) / 1e6 for pounds in np.sum([by_year(flow.pounds) for flow in flows], axis=0)]
