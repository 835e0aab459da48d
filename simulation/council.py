"""The council: every section of a scenario as one frozen value, composed of the models that the packages own."""

from typing import Literal, Self

from pydantic import Field, model_validator

from layers.assumption import Assumption, Frozen, Id
from layers.back_office import BackOffice
from layers.baselines import LayerBaseline, ServiceArea
from layers.calendar import CalendarSection
from layers.cashability import Cashability
from layers.demand import Demand
from layers.effort_matrix import EffortMatrixPrior
from layers.follow_on import FollowOn
from layers.levers import Levers
from layers.money import Money
from layers.problems import Fault, Faults
from layers.programme.section import Programme
from layers.routes import Routes
from layers.standards import Standards
from layers.teams import Teams
from simulation.calibrated import Calibration
from workforce.section import Workforce


class Period(Frozen):
    """The `period` section: what a run covers when nothing else is said, and what it leaves out first."""

    discarded_weeks: int = Field(default=0, ge=0, le=52)
    """Weeks that run in today's model before anything is counted, so that all models start from the same state."""
    settling_weeks: int = Field(ge=0, le=52)
    """Weeks that run in each model after that, before anything is counted."""
    reference_month: int = Field(default=1, ge=0, le=11)
    """The month simulated when the run is short, counted from the first month of the plan."""

    @model_validator(mode="after")
    def begins_after_day_0(self) -> Self:
        """Refuse more than the year before the first month that a run may start in."""
        weeks = self.discarded_weeks + self.settling_weeks
        if weeks > 52:
            raise Faults(
                [Fault(("discarded_weeks",), f"{weeks} weeks before the first month", "52 with settling_weeks")]
            )
        return self


class Council(Frozen):
    """Every section of a scenario."""

    title: str
    about: str = ""
    compared_with: Literal["oxfordshire_2018"] | None = None
    """The business case whose published outcomes a result is shown beside; they never enter it."""
    calendar: CalendarSection
    period: Period = Period(settling_weeks=2)
    service_areas: dict[Id, ServiceArea]
    layers: dict[Id, LayerBaseline]
    demand: Demand
    routes: Routes
    teams: Teams
    levers: Levers = Levers()
    follow_on: FollowOn = FollowOn(middle_office_elasticity=Assumption(value=1, unit="share"))
    standards: Standards = Standards()
    cashability: Cashability = Cashability()
    back_office: BackOffice | None = None
    effort_matrix: EffortMatrixPrior | None = None
    programme: Programme | None = None
    money: Money | None = None
    workforce: Workforce | None = None
    calibration: Calibration | None = None
