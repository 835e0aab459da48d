"""Standards: what "nobody is served worse" means. The `standards` section of a scenario.

A standard belongs to a layer and a work class (demand type, live or deferrable, urgent or not), never to a team, so that teams
may merge and split. It is today's own figure, measured once on today's reference year, less a tolerance.
"""

from typing import Annotated

from pydantic import Field

from layers.assumption import Assumption, Frozen, Quantity, Share

WorkingDays = Annotated[Assumption, Quantity("working days", gt=0)]


def _share(value: float, note: str) -> Assumption:
    return Assumption(value=value, unit="share", source="Judgement", grade="C", note=note)


class NewWork(Frozen):
    """What is asked for a class of work that today does not have."""

    answered_in_target: Share = _share(0.8, "Live work: 80% in 45 seconds is a common target.")
    abandoned: Share = _share(0.05, "Live work: a common limit.")
    started_in_target: Share = _share(0.8, "Deferrable work.")


class Standards(Frozen):
    """The `standards` section. Every part has a default, so a scenario may leave it out."""

    tolerance: Share = _share(0.005, "How far below today a class may fall: half a point.")
    guard_tolerance: Share = _share(
        0.02, "The same for the guards (journeys, needs unmet, backlog), as a share of today's figure."
    )
    complete_within_working_days: WorkingDays = Assumption(
        value=5,
        unit="working days",
        source="Judgement",
        grade="C",
        note="From a customer's contact to the end of what it brings.",
    )
    smallest_class: int = Field(default=1000, ge=0)
    """Steps a year below which a class of work is judged together with the other small ones of its layer."""
    new_work: NewWork = NewWork()
