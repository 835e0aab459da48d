"""The `releases` table: what each release brings and costs by service area and financial year, simulated and by the case."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from layers.calendar import Calendar
    from layers.programme.plan import Plan
    from simulation.scenario import Scenario

KEY = ["replication", "posts", "reading", "release", "service_area", "financial_year"]
MEASURES = ["released_fte", "benefit_pounds", "cost_pounds", "deferred_fte"]
DONE = 0.995
"""Of what a release is due to bring an area in the end, the part from which it counts as delivered."""


def releases_table(finance: "DataFrame", transition: "DataFrame | None", scenario: "Scenario") -> "DataFrame":
    """FTE that go in the year, pounds saved and spent in it, FTE deferred at its end, status at its end.

    Costs of a release that belong to no service area stand in the area `all`. The years are those of the plan.
    """
    import pandas as pd

    from layers.calendar import Calendar
    from layers.programme.plan import Plan
    from layers.programme.section import HORIZON_MONTHS

    programme = scenario.council.programme
    assert programme is not None
    calendar = Calendar.of(scenario.council.calendar)
    years = {calendar.financial_year(month) for month in range(HORIZON_MONTHS)}
    parts = [_pounds(finance), _case_fte(scenario, calendar)]
    if transition is not None and (finance["posts"] == "simulated").any():
        parts.append(_simulated_fte(transition, calendar, programme.reading))
    table = pd.concat([part.set_index(KEY) for part in parts if len(part)], axis=0).groupby(level=KEY).sum(min_count=1)
    table = table.reindex(columns=MEASURES).reset_index()
    table = table[table["financial_year"].isin(years)].reset_index(drop=True)
    table["status"] = _status(table, Plan(programme, calendar), calendar)
    table.insert(0, "scenario", scenario.name)
    return table


def _pounds(finance: "DataFrame") -> "DataFrame":
    """What posts save and what releases cost, £."""
    rows = finance[finance["release"] != "all"]
    is_cost = rows["effect"] == "cost"
    return rows[KEY].assign(
        benefit_pounds=rows["pounds"].where(~is_cost & (rows["line"] == "posts")),
        cost_pounds=-rows["pounds"].where(is_cost),
    )


def _case_fte(scenario: "Scenario", calendar: "Calendar") -> "DataFrame":
    """The case's FTE by its readings of a year; nothing for a council that is compared with no case."""
    import pandas as pd

    from simulation.case import reduction_path, release_table

    council = scenario.council
    assert council.programme is not None
    if council.compared_with is None or council.effort_matrix is None:
        return pd.DataFrame()
    frames = []
    for reading in ("A", "B", *(("behavioural",) if council.programme.behaviour else ())):
        path = reduction_path(council, council.programme.case_level, reading)
        rows = release_table(path, scenario.name, reading, calendar)
        frames.append(rows.assign(replication=0, posts="case")[[*KEY, "released_fte"]])
    return pd.concat(frames, ignore_index=True)


def _simulated_fte(transition: "DataFrame", calendar: "Calendar", reading: str) -> "DataFrame":
    """FTE that go in a year and FTE deferred at its end, from the months of the plan."""
    months = {month: calendar.month_number(month) for month in transition["month"].unique()}
    year = {month: calendar.financial_year(number) for month, number in months.items()}
    rows = transition.assign(financial_year=transition["month"].map(year), posts="simulated", reading=reading)
    last = rows["month"] == rows.groupby("financial_year")["month"].transform("max")
    ends = rows[last].groupby(KEY, as_index=False)[["gone_fte", "deferred_fte"]].sum().sort_values(KEY)
    before = ends.groupby(KEY[:-1])["gone_fte"].shift(fill_value=0.0)
    return ends.assign(released_fte=ends["gone_fte"] - before)[[*KEY, "released_fte", "deferred_fte"]]


def _status(table: "DataFrame", plan: "Plan", calendar: "Calendar") -> list[str | None]:
    """How far a release is in an area at the end of each year: identified, planned (signed off), in delivery (live), delivered.

    Missing where nobody goes: costs have no status.
    """
    fte = table.assign(gone=table["released_fte"].fillna(0.0), late=table["deferred_fte"].fillna(0.0))
    groups = fte.groupby(KEY[:-1])
    whole = groups["gone"].transform("sum") + groups["late"].transform("last")
    ends = table["financial_year"].map(lambda year: calendar.month_number(f"{int(year[:4]) + 1}-03"))
    found: list[str | None] = []
    for release, end, so_far, in_all in zip(table["release"], ends, groups["gone"].cumsum(), whole, strict=True):
        if in_all == 0:
            found.append(None)
        elif plan.release_months[release] > end:
            found.append("planned" if plan.sign_off(release) <= end else "identified")
        else:
            found.append("delivered" if so_far >= DONE * in_all else "in_delivery")
    return found
