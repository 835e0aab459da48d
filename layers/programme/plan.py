"""The plan: when each lever moves in each service area. Rules of the `programme` section as pure functions of months.

Months are counted from the plan's first (0 is April 2018). A lever acts on a layer in a service area, from the later of the two
parts' go-live; a layer that no part names goes with the area alone, and a corporate area with the layer alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import ceil

from layers.calendar import Calendar
from layers.programme.behaviour import minutes_factor, slowing, take_up, training_hours
from layers.programme.section import HORIZON_MONTHS, NOT_PLANNED, Programme, Reading

MONTHS_A_YEAR, APRIL = 12, 4


def published_progress(reading: Reading, months: int, ramp_months: float) -> float:
    """Share of a release's benefit that is there `months` whole months after go-live, by a reading of the printed profile.

    A: one step of a line a month, all of it after the ramp. B: half at go-live, all of it half a ramp later.
    """
    if months < 0:
        return 0.0
    if reading == "A":
        return min(1.0, (months + 1) / ramp_months)
    return 0.5 if months < ramp_months / 2 else 1.0


@dataclass(frozen=True)
class Plan:
    """A programme on a calendar. Every function takes ids of the scenario and whole month numbers."""

    programme: Programme
    calendar: Calendar

    @cached_property
    def release_months(self) -> Mapping[str, int]:
        """Go-live of every release, delivered or not: its own date or the one its place in `order` gives, and delays."""
        programme = self.programme
        dates = {name: self.calendar.month_number(release.go_live) for name, release in programme.releases.items()}
        if programme.order is not None:
            dates = dict(zip(programme.order, sorted(dates.values()), strict=True))
        return {
            name: dates[name] + release.delay_months + programme.delay_months
            for name, release in programme.releases.items()
        }

    @cached_property
    def part_of_layer(self) -> Mapping[str, str]:
        """The part that holds each layer that is in the plan."""
        return {layer: name for name, part in self.programme.parts.items() for layer in part.layers}

    @cached_property
    def part_of_area(self) -> Mapping[str, str]:
        """The part that holds each service area."""
        return {area: name for name, part in self.programme.parts.items() for area in part.areas}

    def delivers(self, release: str) -> bool:
        """Whether a release is delivered at all: named, and not later than the one the plan stops after."""
        if release == NOT_PLANNED:
            return False
        last = self.programme.stop_after
        return last is None or self.release_months[release] <= self.release_months[last]

    @cached_property
    def delivered(self) -> tuple[str, ...]:
        """The releases that are delivered and hold a part, by go-live."""
        held = {part.release for part in self.programme.parts.values()}
        chosen = [name for name in self.programme.releases if name in held and self.delivers(name)]
        return tuple(sorted(chosen, key=self.release_months.__getitem__))

    @cached_property
    def delivered_parts(self) -> Mapping[str, int]:
        """The go-live of every part that is delivered."""
        return {part: month for part in self.programme.parts if (month := self.part_go_live(part)) is not None}

    def part_go_live(self, part: str) -> int | None:
        """The month a part goes live; None where it is not delivered."""
        chosen = self.programme.parts[part]
        return self.release_months[chosen.release] + chosen.delay_months if self.delivers(chosen.release) else None

    def construct(self, release: str) -> range:
        """The months in which a release is constructed: those before its go-live."""
        own = self.programme.releases[release].construct_months
        months = ceil(self.programme.construct_months.value) if own is None else own
        return range(self.release_months[release] - months, self.release_months[release])

    def ramp_months(self, release: str) -> float:
        """Months over which a release's benefit comes, by the published profile."""
        own = self.programme.releases[release].ramp_months
        return self.programme.ramp_months.value if own is None else own

    def deciding_part(self, layer: str, area: str) -> str | None:
        """The part whose go-live starts a layer's levers in a service area: the later one, the area's where both are equal.

        None where the plan names neither the layer nor the area.
        """
        own, place = self.part_of_layer.get(layer), self.part_of_area.get(area)
        alone = self.programme.lever_acts == "layer" or area in self.programme.corporate_areas
        if own is None or place is None or alone:
            return place if own is None else own
        return max((place, own), key=self._later)

    def _later(self, part: str) -> float:
        month = self.part_go_live(part)
        return float("inf") if month is None else month

    def go_live(self, layer: str, area: str) -> int | None:
        """The month in which a layer's levers start to move in a service area; None where they never do."""
        part = self.deciding_part(layer, area)
        return None if part is None else self.part_go_live(part)

    def release_of(self, layer: str, area: str) -> str | None:
        """The release that brings a layer to a service area; None where none does."""
        part = self.deciding_part(layer, area)
        if part is None or self.part_go_live(part) is None:
            return None
        return self.programme.parts[part].release

    def progress(self, layer: str, area: str, month: int) -> float:
        """Share of the way from today's lever to the target's, 0 to 1, that is gone by the end of a month.

        Reading A: linear over the ramp. B: half at go-live, all of it half a ramp later. Behavioural: the take-up curve,
        slower where gaps are rated high.
        """
        start, release, behaviour = self.go_live(layer, area), self.release_of(layer, area), self.programme.behaviour
        if start is None or release is None or month < start:
            return 0.0
        if self.programme.reading == "behavioural" and behaviour is not None:
            return take_up(behaviour, month - start + 1, slowing(behaviour, layer, area))
        return published_progress(self.programme.reading, month - start, self.ramp_months(release))

    def part_progress(self, part: str, month: int) -> float:
        """Share of a part's own way, 0 to 1, that is gone by the end of a month; where gaps slow it, by their mean slowing."""
        start, chosen = self.part_go_live(part), self.programme.parts[part]
        if start is None or month < start:
            return 0.0
        behaviour = self.programme.behaviour
        if self.programme.reading == "behavioural" and behaviour is not None:
            return take_up(behaviour, month - start + 1, self.part_slowing(part))
        return published_progress(self.programme.reading, month - start, self.ramp_months(chosen.release))

    def part_slowing(self, part: str) -> float:
        """What multiplies a part's take-up time: the mean over the layers of a service area, or the areas of a layer."""
        behaviour, chosen = self.programme.behaviour, self.programme.parts[part]
        if behaviour is None:
            return 1.0
        pairs = product(chosen.layers or self.part_of_layer, chosen.areas or self.part_of_area)
        factors = [slowing(behaviour, layer, area) for layer, area in pairs]
        return sum(factors) / len(factors) if factors else 1.0

    def productivity(self, layer: str, area: str, month: int) -> float:
        """What multiplies handling minutes of a layer in a service area in a month, 1 or more: the dip after go-live.

        1 throughout in readings A and B, which are of the published profile and know no dip.
        """
        start, behaviour = self.go_live(layer, area), self.programme.behaviour
        if start is None or behaviour is None or self.programme.reading != "behavioural":
            return 1.0
        return minutes_factor(behaviour, month - start)

    def training_hours_per_fte(self, layer: str, area: str, month: int) -> float:
        """Hours that each FTE of a layer in a service area spends on training in a month; 0 in readings A and B."""
        start, behaviour = self.go_live(layer, area), self.programme.behaviour
        if start is None or behaviour is None or self.programme.reading != "behavioural":
            return 0.0
        return training_hours(behaviour, month - start)

    def sign_off(self, release: str) -> int:
        """The month in which Cabinet signs a release off, impact assessment in hand; may lie before the plan."""
        return self.construct(release).start - ceil(self.programme.calendar.sign_off_months.value)

    def base_month(self, release: str) -> int:
        """The April whose budget is the first that can hold a release's saving: after the first budget Council since sign-off."""
        month = self.sign_off(release)
        while self.calendar.month_of_year(month) != self.programme.calendar.budget_month:
            month += 1
        while self.calendar.month_of_year(month) != APRIL:
            month += 1
        return month

    def months(self) -> range:
        """Every month of the plan."""
        return range(HORIZON_MONTHS)
