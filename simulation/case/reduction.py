"""The reduction path: in which month which of the case's posts go, by the council's own plan."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from layers.calendar import Calendar
from layers.problems import InputError, Problem
from layers.programme.plan import Plan
from layers.programme.section import CaseLevel, Reading
from simulation.case.benefit import BenefitCell, benefit_cells
from simulation.council import Council

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMNS = ["release", "layer", "service_area", "month", "reduction_fte"]
KEY = COLUMNS[:-1]


def plan_of(council: Council, reading: Reading) -> Plan:
    """The council's plan in one reading of its profile; raises InputError where it has no plan, or none in that reading."""
    programme = council.programme
    if programme is None:
        raise InputError([Problem("", None, "programme", "is needed: the council has no plan", "parts and releases")])
    if reading == "behavioural" and programme.behaviour is None:
        raise InputError([Problem("", None, "programme.behaviour", "is needed for the behavioural reading")])
    return Plan(programme.model_copy(update={"reading": reading}), Calendar.of(council.calendar))


def reduction_path(council: Council, level: CaseLevel, reading: Reading) -> "DataFrame":
    """Posts that go in each month (FTE), by release, layer and service area: rows above 0 only, sorted by these.

    Columns `release, layer, service_area, month` (as `2019-04`), `reduction_fte`. Reading A: a line of monthly steps over the
    ramp. B: half at go-live, half half a ramp later. Behavioural: the case's FTE by the take-up curve. What a plan would
    release after its horizon, and what it does not deliver, is not in the path. Raises InputError as `benefit_cells` does.
    """
    import pandas as pd

    plan = plan_of(council, reading)
    rows = [row for cell in benefit_cells(council, level) for row in _steps(plan, cell)]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(KEY, ignore_index=True)


def _steps(plan: Plan, cell: BenefitCell) -> Iterator[tuple[str, str, str, str, float]]:
    release, reached = plan.release_of(cell.layer, cell.service_area), 0.0
    if release is None:
        return
    for month in plan.months():
        progress = plan.progress(cell.layer, cell.service_area, month)
        step = cell.benefit_fte * (progress - reached)
        if step > 0:
            yield release, cell.layer, cell.service_area, plan.calendar.label(month), step
        reached = progress
