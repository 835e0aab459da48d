"""The `programme` section of a scenario: parts, releases, precedence, the council's calendar. Data only, no rules.

Each change of a plan is one line: a part names its release, and delays, the order and the last release have keys of their own.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from layers.assumption import Assumption, Factor, Frozen, Grade, Id, Quantity
from layers.calendar import MonthText
from layers.problems import Fault, Faults
from layers.programme.behaviour import Behaviour, Months

HORIZON_MONTHS = 60
"""Months of a plan, from its first: April 2018 to March 2023."""
NOT_PLANNED = "none"
"""In place of a release: the part is left as it is."""

Ramp = Annotated[Assumption, Quantity("months", ge=1, le=HORIZON_MONTHS)]
AtOnce = Annotated[Assumption, Quantity("at once", ge=1)]
Points = Annotated[Assumption, Quantity("points", ge=0, le=100)]
MonthOfYear = Annotated[int, Field(ge=1, le=12)]
Reading = Literal["behavioural", "A", "B"]
CaseLevel = Literal["low", "mid", "high"]
Kind = Literal["hard", "soft"]


class Part(Frozen):
    """A horizontal layer (`layers`) or the residual redesign of service areas (`areas`), and the release that holds it."""

    label: str
    layers: tuple[Id, ...] = ()
    areas: tuple[Id, ...] = ()
    release: Id
    delay_months: int = 0

    @model_validator(mode="after")
    def is_of_one_kind(self) -> Self:
        """Refuse a part that is both a layer and a service area, or neither."""
        if bool(self.layers) == bool(self.areas):
            said = "names both layers and areas" if self.layers else "names no layer and no area"
            raise Faults([Fault((), said, "`layers` or `areas`")])
        return self


class Release(Frozen):
    """Parts that go live together on the 1st of a month; without months of its own it takes the programme's."""

    label: str
    go_live: MonthText
    delay_months: int = 0
    construct_months: int | None = Field(default=None, ge=1, le=HORIZON_MONTHS)
    ramp_months: int | None = Field(default=None, ge=1, le=HORIZON_MONTHS)


class Milestone(Frozen):
    """Something that is not a part but that parts wait for: technology that is ready, a decision that is taken."""

    label: str
    month: MonthText
    source: str | None = None
    grade: Grade | None = None


class Edge(Frozen):
    """Each of `before` goes live no later than each of `after` (parts or milestones).

    `hard` is refused where broken; `soft` may be broken: it is listed, and scores its months times `weight`.
    """

    before: tuple[Id, ...] = Field(min_length=1)
    after: tuple[Id, ...] = Field(min_length=1)
    kind: Kind
    reason: str
    source: str
    weight: Factor = Assumption(value=1, unit="factor")


class NoGo(Frozen):
    """Months of the year (1 is January) in which nothing should go live in some service areas."""

    areas: tuple[Id, ...] = Field(min_length=1)
    months: tuple[MonthOfYear, ...] = Field(min_length=1)
    reason: str
    source: str
    grade: Grade


class Limits(Frozen):
    """How much change the council can take in at once; more is a soft breach."""

    releases_under_construction: AtOnce | None = None
    parts_under_construction: AtOnce | None = None
    consultations_open: AtOnce | None = None


class ProgrammeCalendar(Frozen):
    """When the council decides: first approval, Cabinet's sign-off of each release, the budget, months to leave alone.

    No release may begin its construct before `first_construct`. Cabinet signs a release off, with its impact assessment,
    `sign_off_months` before its construct. Consultation fills the `consultation_months` before go-live.
    """

    first_construct: MonthText
    sign_off_months: Months
    budget_month: MonthOfYear = 2
    consultation_months: Months
    no_go: dict[Id, NoGo] = {}
    limits: Limits = Limits()


class Gate(Frozen):
    """The safe-release gate: a post is proposed for release only where the service of the months ahead holds without it."""

    on: bool = True
    tolerance_points: Points = Assumption(value=0.5, unit="points")
    look_ahead_months: int = Field(default=12, ge=1, le=HORIZON_MONTHS)


class Programme(Frozen):
    """The `programme` section.

    `order` gives the releases the plan's own go-live dates in another order; `delay_months` moves all of them; releases
    that go live after `stop_after` are not delivered. `corporate_areas` follow a layer's own release.
    """

    parts: dict[Id, Part] = Field(min_length=1)
    releases: dict[Id, Release] = Field(min_length=1)
    construct_months: Ramp
    ramp_months: Ramp
    delay_months: int = 0
    order: tuple[Id, ...] | None = None
    stop_after: Id | None = None
    lever_acts: Literal["later_of_layer_and_area", "layer"] = "later_of_layer_and_area"
    corporate_areas: tuple[Id, ...] = ()
    reading: Reading = "behavioural"
    case_level: CaseLevel = "mid"
    milestones: dict[Id, Milestone] = {}
    edges: dict[Id, Edge] = {}
    calendar: ProgrammeCalendar
    behaviour: Behaviour | None = None
    gate: Gate = Gate()
