"""The roadmap, and FTE and pounds by release and financial year, beside the published ones.

A release's total is an input; its years are derived from it by the plan's own dates, under both readings of the profile.
"""

from collections.abc import Mapping

from layers.calendar import Calendar
from layers.programme.plan import Plan, published_progress
from layers.programme.section import Programme, Reading
from layers.published import Published
from simulation.case.margins import RELEASES
from simulation.case.release_table import counted
from simulation.reproduce.cells import Cell, derived, given
from simulation.reproduce.inputs import CouncilInputs
from simulation.reproduce.rounded import Rounded

READINGS: tuple[Reading, ...] = ("A", "B")
YEARS = ("2018/19", "2019/20", "2020/21", "2021/22", "2022/23")


def release_plan(council: CouncilInputs, published: Published) -> list[Cell]:
    """The release of every part of the roadmap, as the council's own plan has it."""
    table, order = published["release_plan"], list(council.programme.releases)
    parts = council.programme.parts
    return [
        given(cell, order.index(parts[cell.cell.removeprefix("release.")].release) + 1) for cell in table.cells.values()
    ]


def release_profile(council: CouncilInputs, published: Published) -> list[Cell]:
    """FTE and pounds by release and year: the release's total times the share that the plan's dates give to the year."""
    return [cell for reading in READINGS for cell in _profile(council, published, reading)]


def year_shares(programme: Programme, calendar: Calendar, reading: Reading) -> dict[int, Mapping[str, float]]:
    """The share of each release's benefit that each financial year counts, by release number."""
    plan = Plan(programme, calendar)
    return {number: _shares(plan, release, reading) for number, release in enumerate(programme.releases, start=1)}


def _shares(plan: Plan, release: str, reading: Reading) -> Mapping[str, float]:
    """One release's shares, from the months in which its posts go."""
    out, reached = dict.fromkeys(YEARS, 0.0), 0.0
    for month in plan.months():
        progress = published_progress(reading, month - plan.release_months[release], plan.ramp_months(release))
        if progress > reached:
            for year, share in counted(plan.calendar, reading, month).items():
                out[year] += (progress - reached) * share
        reached = progress
    return out


def _profile(council: CouncilInputs, published: Published, reading: Reading) -> list[Cell]:
    table, totals, by = published["release_profile"], published["totals"], f"reading {reading}"
    shares = year_shares(council.programme, council.calendar, reading)
    fte = {number: Rounded.of(totals[f"release_{number}_fte"].value) for number in RELEASES}
    pounds = {number: Rounded.of(totals[f"release_{number}_pounds_m"].value) for number in RELEASES}
    cells = []
    for year in YEARS:
        for kind, of in (("fte", fte), ("pounds_m", pounds)):
            parts = {number: of[number] * shares[number][year] for number in RELEASES}
            cells += [derived(table[f"{kind}.release_{number}.{year}"], part, by) for number, part in parts.items()]
            total = sum(parts.values(), Rounded.of(0.0))
            cells.append(derived(table[f"{kind}.total.{year}"], total, by))
    return cells
