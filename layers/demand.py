"""Demand: who contacts the council about what, how, how often and when. The `demand` section of a scenario."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from layers.assumption import Assumption, Count, Factor, Frozen, Id, Quantity, Share
from layers.problems import Fault, Faults, closest
from layers.splits import CountSplit, Weights

GrowthRate = Annotated[Assumption, Quantity("share a year", ge=-0.5, le=0.5)]
MONTHS = 12
MOST_ATTEMPTS_A_YEAR = 5_000_000
"""More than any English council has, and few enough that eight years of attempts can be numbered."""


class Kind(Frozen):
    """What a contact asks for: information, report, apply, book …"""

    label: str


class Complexity(Frozen):
    """How hard a contact is; `minutes` is its handling time relative to the others (the mean over today's mix is 1)."""

    label: str
    minutes: Factor


class Channel(Frozen):
    """How a contact reaches the council; a live channel is answered while the customer waits."""

    label: str
    live: bool


class Profile(Frozen):
    """When contacts arrive: relative weights by month (April first), weekday (Monday first) and hour (midnight first).

    `hours` may differ by channel; the channel `any` serves those not named. Only proportions count.
    """

    label: str = ""
    months: tuple[float, ...] = Field(min_length=MONTHS, max_length=MONTHS)
    weekdays: tuple[float, ...] = Field(min_length=7, max_length=7)
    hours: dict[Id, tuple[float, ...]]
    bank_holidays: Share = Assumption(value=0, unit="share")
    source: str | None = None
    grade: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def weights_are_usable(self) -> Self:
        """Refuse negative weights, weights that are all 0, and days that have not 24 hours."""
        faults = _weight_faults(("months",), self.months) + _weight_faults(("weekdays",), self.weekdays)
        for channel, hours in self.hours.items():
            faults += _weight_faults(("hours", channel), hours)
            if len(hours) != 24:
                faults.append(Fault(("hours", channel), f"{len(hours)} hours", "24, midnight first"))
        if faults:
            raise Faults(faults)
        return self

    def hours_of(self, channel: str) -> tuple[float, ...]:
        """The 24 weights of a channel; KeyError where neither it nor `any` is given."""
        return self.hours[channel] if channel in self.hours else self.hours["any"]


def _weight_faults(path: tuple[str, ...], weights: tuple[float, ...]) -> list[Fault]:
    faults = [Fault((*path, i), f"{w:g}", "0 or more") for i, w in enumerate(weights) if w < 0]
    if not faults and not sum(weights) > 0:
        faults.append(Fault(path, "all weights are 0", "at least one above 0"))
    return faults


class DemandType(Frozen):
    """One line of demand. `handled` are the attempts the council answers today in a year, by channel, repeats included.

    `kinds`, `complexity` and `service_areas` share out first contacts; `urgent` is fast-tracked (safeguarding).
    """

    label: str
    handled: CountSplit
    kinds: Weights
    complexity: Weights
    service_areas: Weights
    urgent: Share = Assumption(value=0, unit="share")
    profile: Id


class ScheduledWork(Frozen):
    """Work that falls due from the caseload (a yearly review), not from a contact: so many a year, evenly over the year."""

    label: str
    per_year: Count
    demand_type: Id
    service_area: Id
    kind: Id
    complexity: Weights
    entry: Id


class Demand(Frozen):
    """The `demand` section. `growth` compounds from the second year; `volume_factor` multiplies every volume."""

    growth: GrowthRate
    volume_factor: Factor
    kinds: dict[Id, Kind]
    complexities: dict[Id, Complexity]
    channels: dict[Id, Channel]
    types: dict[Id, DemandType] = Field(min_length=1)
    profiles: dict[Id, Profile]
    scheduled: dict[Id, ScheduledWork] = {}

    @model_validator(mode="after")
    def names_exist(self) -> Self:
        """Refuse a kind, complexity, channel, profile or type that is used and not defined."""
        faults: list[Fault] = []
        attempts = self.volume_factor.value * sum(sum(line.handled.values.values()) for line in self.types.values())
        if attempts > MOST_ATTEMPTS_A_YEAR:
            faults.append(
                Fault(("volume_factor",), f"{attempts:,.0f} attempts a year", f"at most {MOST_ATTEMPTS_A_YEAR:,}")
            )
        for name, line in self.types.items():
            at = ("types", name)
            self._known(faults, (*at, "handled", "values"), line.handled.values, self.channels)
            self._known(faults, (*at, "kinds", "values"), line.kinds.values, self.kinds)
            self._known(faults, (*at, "complexity", "values"), line.complexity.values, self.complexities)
            self._known(faults, (*at, "profile"), [line.profile], self.profiles, leaf=True)
            self._attributes(faults, at, line)
            self._hours(faults, at, line)
        for name, work in self.scheduled.items():
            at = ("scheduled", name)
            self._known(faults, (*at, "demand_type"), [work.demand_type], self.types, leaf=True)
            self._known(faults, (*at, "kind"), [work.kind], self.kinds, leaf=True)
            self._known(faults, (*at, "complexity", "values"), work.complexity.values, self.complexities)
        if faults:
            raise Faults(faults)
        return self

    def _known(
        self, faults: list[Fault], path: tuple[str, ...], names: object, known: object, leaf: bool = False
    ) -> None:
        for name in names:  # type: ignore[attr-defined]
            if name not in known:  # type: ignore[operator]
                at = path if leaf else (*path, name)
                expected = f"one of {', '.join(known)}"  # type: ignore[arg-type]
                faults.append(Fault(at, f"no {name!r} is defined", expected, closest(name, known)))  # type: ignore[arg-type]

    def _attributes(self, faults: list[Fault], at: tuple[str, ...], line: DemandType) -> None:
        for field, by in (
            ("handled", "channel"),
            ("kinds", "kind"),
            ("complexity", "complexity"),
            ("service_areas", "service_area"),
        ):
            given = getattr(line, field).by
            if given != by:
                faults.append(Fault((*at, field, "by"), f"split by {given}", by))

    def _hours(self, faults: list[Fault], at: tuple[str, ...], line: DemandType) -> None:
        profile = self.profiles.get(line.profile)
        for channel in line.handled.values:
            if profile is not None and channel not in profile.hours and "any" not in profile.hours:
                faults.append(Fault((*at, "profile"), f"profile {line.profile!r} has no hours for {channel!r}"))
