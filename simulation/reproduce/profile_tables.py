"""The cost-benefit profile, year by year, beside the published one."""

from itertools import accumulate

from layers.money.years import MONTHS_A_YEAR
from layers.published import Published
from simulation.case.margins import RELEASES
from simulation.finance.bands import band_flows
from simulation.finance.costs import cost_flows
from simulation.finance.dates import dates_of
from simulation.finance.flow import by_year, total
from simulation.reproduce.cells import Cell, derived, given, transcribed
from simulation.reproduce.inputs import CouncilInputs
from simulation.reproduce.release_tables import READINGS, YEARS, year_shares


def cost_benefit_profile(council: CouncilInputs, published: Published) -> list[Cell]:
    """Benefit delivered by year and running up, one-off costs, and the bands, from releases, steps and lines of cost."""
    table, totals = published["cost_benefit_profile"], published["totals"]
    bands, costs = _bands(council), _costs(council)
    cells = [
        given(table[f"{name}.{year}"], round(of[at], 1)) for name, of in bands.items() for at, year in enumerate(YEARS)
    ]
    cells += [
        derived(
            totals[f"{name}_pounds_m.mid"], sum(table[f"{name}.{year}"].value for year in YEARS), "by years", table.name
        )
        for name in bands
    ]
    cells += _case_for_change(published)
    cells += [_row_of_release(published, number) for number in RELEASES]
    for reading in READINGS:
        shares = year_shares(council.programme, council.calendar, reading)
        posts = [sum(totals[f"release_{n}_pounds_m"].value * shares[n][year] for n in RELEASES) for year in YEARS]
        annual = [sum(parts) for parts in zip(posts, *bands.values(), strict=True)]
        for year, new, running in zip(YEARS, annual, accumulate(annual), strict=True):
            cells.append(derived(table[f"annual_benefit.{year}"], new, f"reading {reading}"))
            cells.append(derived(table[f"cumulative_benefit.{year}"], running, f"reading {reading}"))
    cells += [derived(table[f"one_off_cost.{year}"], costs[at]) for at, year in enumerate(YEARS)]
    cells += [derived(table["implementation.all"], sum(costs)), derived(table["implementation.2018/19"], costs[0])]
    return cells + transcribed(table, ["implementation.2018/19.october"])


def _case_for_change(published: Published) -> list[Cell]:
    """The range of January 2018 from its own people's time and the other two parts; and the range of September from it."""
    table, totals = published["cost_benefit_profile"], published["totals"]
    cells = transcribed(table, [f"case_for_change.people.{end}" for end in ("low", "high")])
    for end in ("low", "high"):
        parts = [totals[f"{part}_pounds_m.{end}"].value for part in ("third_party", "income")]
        whole = table[f"case_for_change.people.{end}"].value + sum(parts)
        cells.append(derived(table[f"case_for_change.{end}"], whole))
        cells.append(derived(totals[f"all_benefits_pounds_m.{end}"], whole, "from January 2018", table.name))
    return cells


def _row_of_release(published: Published, number: int) -> Cell:
    """A release's FTE from the printed years of its row."""
    row = [published["release_profile"][f"fte.release_{number}.{year}"].value for year in YEARS]
    return derived(published["totals"][f"release_{number}_fte"], sum(row), "by years", "cost_benefit_profile")


def _bands(council: CouncilInputs) -> dict[str, list[float]]:
    """New in each year by band, £m."""
    flows = {flow.line: flow.full_year_pounds for flow in band_flows(council.money, "mid", "A")}
    return {
        name: [float(of) / 1e6 for of in by_year(steps)[: len(YEARS)]]
        for name, steps in flows.items()
        if steps is not None
    }


def _costs(council: CouncilInputs) -> list[float]:
    """What the case counts as implementation, £m by year; the tail of a line after the last year stays in the last."""
    flows = [flow for flow in cost_flows(council.money, dates_of(council.plan)) if flow.in_case]
    spent = [-float(of) / 1e6 for of in by_year(total(flows, council.money.appraisal_years * MONTHS_A_YEAR))]
    return [*spent[: len(YEARS) - 1], sum(spent[len(YEARS) - 1 :])]
