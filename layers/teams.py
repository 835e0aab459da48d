"""Teams: who does which work, when, with how many people. The `teams` section of a scenario."""

from typing import Annotated, Literal

from pydantic import Field

from layers.assumption import Assumption, Frozen, Fte, Id, Quantity, Share
from layers.calendar import OpeningHours
from layers.levers import Scope

HoursAYear = Annotated[Assumption, Quantity("hours per FTE per year", gt=0, le=8784)]
Occupancy = Annotated[Assumption, Quantity("share", gt=0, le=1)]
Staffing = Annotated[Assumption, Quantity("factor", gt=0)]


class Takes(Scope):
    """Work that a team takes: steps of the routing graph, for the contacts in scope."""

    steps: tuple[Id, ...] = Field(min_length=1)


class Team(Frozen):
    """One pool of people. `fte` absent: solved in calibration, so that planned occupancy holds today.

    `model`: whether the team exists today, in the target, or in both. A target-only team gets the people of the today-only
    teams of its layer, in proportion to work.
    """

    label: str
    layer: Id
    opening: Id
    model: Literal["both", "today", "target"] = "both"
    fte: Fte | None = None
    takes: tuple[Takes, ...] = Field(min_length=1)


class PlannedOccupancy(Frozen):
    """Share of productive time spent on work: what converts hours of work into FTE of effort."""

    live: Occupancy
    deferrable: Occupancy


class Teams(Frozen):
    """The `teams` section: opening hours, productive time, planned occupancy and the pools."""

    productive_hours: HoursAYear
    occupancy: PlannedOccupancy
    roster_follows_demand: Share
    staffing_factor: Staffing
    opening_hours: dict[Id, OpeningHours]
    answer_within_seconds: Annotated[Assumption, Quantity("seconds", ge=0)] = Assumption(value=45, unit="seconds")
    start_within_working_days: Annotated[Assumption, Quantity("working days", ge=0)] = Assumption(
        value=2, unit="working days"
    )
    slice_minutes: Annotated[Assumption, Quantity("minutes", ge=1, le=480)] = Assumption(value=60, unit="minutes")
    pools: dict[Id, Team] = Field(min_length=1)
