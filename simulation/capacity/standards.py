"""Standards and guards: today's service, fixed once, and how far any other service falls short of it.

A standard belongs to a class of work: the share of its steps begun in target and, for live work, the share of callers lost.
Guards look at what a class alone does not show, since lost demand and longer journeys are not capacity: end to end by demand
type (the share of journeys that end in time, the p90), needs unmet, and the steps open at the end by layer, as a share of those
of the last month. A guard may be worse than today by the tolerance of the standards or by its own share of today's figure,
whichever is looser.

A search adds up what single teams would do, and journeys cannot be added up. Waits can: so each demand type has an allowance of
waiting beyond today's, which the search holds to and which every pass corrects by what it shows of the journeys.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from layers.standards import Standards as Wanted
from simulation.capacity.work_classes import WorkClasses
from simulation.engines.network import Network
from simulation.measures import CLASS_COUNTS, MonthMeasures, wait_quantile

OFFERED, ANSWERED, IN_TARGET, ABANDONED, WAIT_TICKS, GAVE_UP, OPEN, OPEN_IN_TARGET = (
    CLASS_COUNTS.index(name)
    for name in ("offered", "answered", "in_target", "abandoned", "wait_ticks", "gave_up", "open", "open_in_target")
)
"""Rows of an array of counts."""
OF_THE_END = ("open", "open_in_target")
"""Counts that belong to the end of the last month; the others add up."""


def class_counts(months: Sequence[MonthMeasures]) -> np.ndarray:
    """Counts by standard class over some months: int64, CLASS_COUNTS × standard classes."""
    rows = [
        months[-1].by_class[name] if name in OF_THE_END else sum(m.by_class[name] for m in months)
        for name in CLASS_COUNTS
    ]
    return np.array(rows, dtype=np.int64)


def judged_steps(counts: np.ndarray) -> np.ndarray:
    """Steps by class that can be judged: begun, given up, or still open, which count at their age."""
    return np.asarray(counts[ANSWERED] + counts[ABANDONED] + counts[OPEN])


def in_target(counts: np.ndarray) -> np.ndarray:
    """Share of the steps judged that began within their target, or are open and still within it; NaN where there are none."""
    return _share(counts[IN_TARGET] + counts[OPEN_IN_TARGET], judged_steps(counts))


def abandoned(counts: np.ndarray) -> np.ndarray:
    """Share of the steps judged whose callers gave up; NaN where there are none."""
    return _share(counts[ABANDONED], judged_steps(counts))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


@dataclass(frozen=True)
class Service:
    """What one run gave: counts by class of work, journeys by demand type (that ended, their share in time, p90 in ticks; NaN
    without any), the share of first contacts whose callers gave up for good, steps not begun at the end and steps of the last
    month by layer.
    """

    counts: np.ndarray
    journeys: np.ndarray
    in_time: np.ndarray
    p90: np.ndarray
    unmet: float
    open: np.ndarray
    last_month: np.ndarray

    @classmethod
    def of(cls, network: Network, classes: WorkClasses, months: Sequence[MonthMeasures]) -> "Service":
        """The service of some measured months."""
        counts, histogram = classes.gather(class_counts(months)), np.sum([m.journeys for m in months], axis=0)
        journeys, in_time = histogram.sum(axis=1), np.sum([m.journeys_in_target for m in months], axis=0)
        first = sum(m.causes["first_contacts"] for m in months)
        return cls(
            counts,
            journeys,
            _share(in_time, journeys),
            np.array([wait_quantile(row, 0.9) for row in histogram]),
            sum(m.causes["gave_up"] for m in months) / max(first, 1),
            classes.by_layer(counts[OPEN]),
            classes.by_layer(classes.gather(class_counts(months[-1:]))[OFFERED]),
        )


@dataclass(frozen=True)
class Standards:
    """What is owed. By class: `at_least` of its steps in target, `at_most` of its callers lost. `today`: today's service.

    `allowance`: waiting ticks a journey may have more than today, by demand type.
    """

    classes: WorkClasses
    wanted: Wanted
    today: Service
    at_least: np.ndarray
    at_most: np.ndarray
    allowance: np.ndarray

    @classmethod
    def of_today(cls, classes: WorkClasses, today: Service, wanted: Wanted) -> "Standards":
        """Today's own figures less the tolerance; for a class that today does not have, what the scenario asks of new work."""
        new, tolerance = wanted.new_work, wanted.tolerance.value
        share, lost = in_target(today.counts), abandoned(today.counts)
        asked = np.where(classes.live, new.answered_in_target.value, new.started_in_target.value)
        return cls(
            classes,
            wanted,
            today,
            np.where(np.isnan(share), asked, share - tolerance),
            np.where(np.isnan(lost), new.abandoned.value, lost + tolerance),
            np.nan_to_num(wanted.guard_tolerance.value * today.p90),
        )

    # What adds up over teams: the search works with these

    def short(self, counts: np.ndarray) -> np.ndarray:
        """By how much each thing owed is missed, as shares: classes first, then open steps by layer, then waits by type.

        A class without work owes nothing. Open steps are those beyond what is allowed, over what is allowed; waits those beyond
        what is allowed, over today's journeys at their p90.
        """
        share, lost = in_target(counts), abandoned(counts)
        missing = np.maximum(np.nan_to_num(self.at_least - share), 0.0)
        missing += np.where(self.classes.live, np.maximum(np.nan_to_num(lost - self.at_most), 0.0), 0.0)
        still_open = _beyond(self.classes.by_layer(counts[OPEN]), self.open_at_most)
        waits = np.maximum(self.classes.by_type(counts[WAIT_TICKS]) - self.wait_at_most(counts), 0.0)
        waits = waits / np.maximum(self.today.journeys * np.nan_to_num(self.today.p90), 1.0)
        return np.concatenate([missing, still_open, waits])

    def short_alone(self, counts: np.ndarray) -> np.ndarray:
        """The same for one team by itself, by class: its own steps, and each class's waits held to an allowance of its own."""
        begun = self.today.counts[ANSWERED]
        own = self.today.counts[WAIT_TICKS] / np.maximum(begun, 1)
        more = np.maximum(self.allowance / np.maximum(self._steps_a_journey, 1e-9), 0.0)[self.classes.type_of]
        waits = np.where(begun > 0, _beyond(counts[WAIT_TICKS], (own + more) * counts[ANSWERED]), 0.0)
        return np.maximum(self.short(counts)[: self.classes.count], waits)

    @property
    def open_at_most(self) -> np.ndarray:
        """Steps that may be open at the end, by layer."""
        tolerance, own = self.wanted.tolerance.value, self.wanted.guard_tolerance.value
        return np.asarray(self.today.open + np.maximum(tolerance * self.today.last_month, own * self.today.open))

    def wait_at_most(self, counts: np.ndarray) -> np.ndarray:
        """Ticks of waiting in all, by demand type: today's a step and the allowance, for the steps there are now."""
        a_step = self._usual_wait + self.allowance / np.maximum(self._steps_a_journey, 1e-9)
        return np.asarray(a_step * self.classes.by_type(counts[ANSWERED]))

    @property
    def names(self) -> tuple[str, ...]:
        """What each value of `short` is about."""
        classes = self.classes
        own = (f"{layer}: {label}" for layer, label in zip(classes.layers, classes.labels, strict=True))
        still_open = (f"{layer}: steps open at the end" for layer in classes.layer_names)
        return (*own, *still_open, *(f"{name}: length of journeys" for name in classes.type_names))

    def concerns(self, short: np.ndarray) -> np.ndarray:
        """Which classes of work have a part in what is missed: bool array."""
        n, layers = self.classes.count, len(self.classes.layer_names)
        missed_layers, missed_types = short[n : n + layers] > 0, short[n + layers :] > 0
        return (short[:n] > 0) | missed_layers[self.classes.layer_of] | missed_types[self.classes.type_of]

    def tightened(self, by: np.ndarray) -> "Standards":
        """The same, stricter by so many points for each class; what cannot be had is not asked beyond what is owed."""
        return replace(
            self,
            at_least=np.maximum(self.at_least, np.minimum(self.at_least + by, 0.9999)),
            at_most=np.minimum(self.at_most, np.maximum(self.at_most - by, 0.0001)),
        )

    # What only a whole run shows

    def guards_broken(self, service: Service) -> tuple[str, ...]:
        """The guards that a service does not hold, in words."""
        types, n = self.classes.type_names, len(self.classes.layer_names)
        said = [
            f"{name}: journeys in time"
            for i, name in enumerate(types)
            if _less(service.in_time, self.in_time_at_least, i)
        ]
        said += [f"{name}: p90 of journeys" for i, name in enumerate(types) if _less(self.p90_at_most, service.p90, i)]
        said += ["needs unmet"] if service.unmet > self.unmet_at_most else []
        names = self.classes.layer_names
        return (
            *said,
            *(f"{names[i]}: steps open at the end" for i in range(n) if service.open[i] > self.open_at_most[i]),
        )

    @property
    def in_time_at_least(self) -> np.ndarray:
        """Share of journeys that must end in time, by demand type."""
        slack = np.maximum(self.wanted.tolerance.value, self.wanted.guard_tolerance.value * self.today.in_time)
        return np.asarray(self.today.in_time - slack)

    @property
    def p90_at_most(self) -> np.ndarray:
        """The longest p90 of journeys by demand type, ticks."""
        return np.asarray(self.today.p90 * (1.0 + self.wanted.guard_tolerance.value))

    @property
    def unmet_at_most(self) -> float:
        """Share of first contacts whose callers may give up for good."""
        return self.today.unmet + max(self.wanted.tolerance.value, self.wanted.guard_tolerance.value * self.today.unmet)

    def held(self, service: Service) -> bool:
        """Whether nobody is served worse: every class and every guard; the allowance of waiting is a means, not a standard."""
        classes = self.short(service.counts)[: self.classes.count]
        return not classes.any() and not self.guards_broken(service)

    def room(self, service: Service) -> tuple[tuple[str, np.ndarray, np.ndarray, np.ndarray], ...]:
        """By measure and class: today's share, the service's, and how far that is from its limit (NaN where it is not judged)."""
        share, lost, live = in_target(service.counts), abandoned(service.counts), self.classes.live
        return (
            ("share in target", in_target(self.today.counts), share, share - self.at_least),
            ("share abandoned", abandoned(self.today.counts), lost, np.where(live, self.at_most - lost, np.nan)),
        )

    def corrected(self, service: Service) -> "Standards":
        """The same with the allowance of waiting set by what a run showed: its waits, and the room that the guards leave or lack.

        A tick of waiting is reckoned to lengthen a journey by a tick. Of room that is left, a part is given; what is lacking is
        taken back and a little more, and as much again where too few journeys end in time. At least a tenth of today's waits
        is always allowed.
        """
        steps, waits = self.classes.by_type(service.counts[ANSWERED]), self.classes.by_type(service.counts[WAIT_TICKS])
        usual, a_journey = self._usual_wait, self._steps_a_journey
        extra = (waits / np.maximum(steps, 1) - usual) * a_journey
        room = self.p90_at_most - service.p90
        late = np.nan_to_num(self.in_time_at_least - service.in_time) > 0
        changed = extra + np.where(room > 0, GIVEN * room, TAKEN * room) - late * (self.p90_at_most - self.today.p90)
        return replace(self, allowance=np.maximum(np.nan_to_num(changed), -0.9 * usual * a_journey))

    @property
    def _usual_wait(self) -> np.ndarray:
        """Ticks waited a step today, by demand type."""
        by_type = self.classes.by_type
        return np.asarray(by_type(self.today.counts[WAIT_TICKS]) / np.maximum(by_type(self.today.counts[ANSWERED]), 1))

    @property
    def _steps_a_journey(self) -> np.ndarray:
        """Steps begun for each journey that ends, today, by demand type."""
        return np.asarray(self.classes.by_type(self.today.counts[ANSWERED]) / np.maximum(self.today.journeys, 1))


GIVEN, TAKEN = 0.6, 1.3
"""Of the room that a journey guard leaves, the part given to waiting; of what is lacking, the part taken back."""


def _beyond(found: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    return np.maximum(found - allowed, 0.0) / np.maximum(allowed, 1.0)


def _less(one: np.ndarray, other: np.ndarray, i: int) -> bool:
    return bool(one[i] < other[i])
