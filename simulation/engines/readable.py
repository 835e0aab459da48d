"""The SimPy engine: the model to read. Attempts run as processes do, teams are queues with people on duty.

Events at the same tick are ordered by class (people on duty change, work ends, a caller gives up, an attempt arrives) and
then by number: that order is the priority of each SimPy event, so that nothing depends on the order of scheduling.
"""

import gc
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from heapq import heappush
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import simpy

from simulation.clocks import WorkingClock
from simulation.engines.network import Network, duty_ticks
from simulation.engines.state import (
    ABANDONMENT,
    ARRIVAL,
    ARRIVING,
    CAPACITY_CHANGE,
    COMPLETION,
    ID_BITS,
    IN_HAND,
    IN_PROGRESS,
    PAUSING,
    WAITING,
    State,
)
from simulation.journeys import Journeys, route
from simulation.measures import CAUSES, CLASS_COUNTS, TEAM_COUNTS, WAIT_CELLS, MonthMeasures, wait_cell
from simulation.rows import CONTACT, OTHER_CHANNEL, REDIALS, STEP, TICKS_PER_DAY

_M = (1 << 64) - 1
Trace = list[tuple[int, ...]]
"""Rows as `state.TRACE` names them."""
AT_A_TIME = 512
"""Contacts turned into rows of Python numbers at one go."""


class Calendar(simpy.Environment):
    """SimPy's environment, with time in whole ticks."""

    def __init__(self, tick: int) -> None:
        super().__init__(initial_time=tick)

    @property
    def now(self) -> int:
        """The current tick."""
        return self._now  # type: ignore[return-value]

    def schedule_at(self, event: simpy.Event, priority: int, tick: int) -> None:
        """As SimPy's own `schedule`, for a tick instead of a delay."""
        heappush(self._queue, (tick, priority, next(self._eid), event))  # type: ignore[misc]


class Course:
    """A SimPy process without the two events that mark its own start and end: they were a third of all events."""

    __slots__ = ("_send",)

    def __init__(self, journey: Generator[simpy.Event, Any, None]) -> None:
        self._send = journey.send

    def go_on(self, event: simpy.Event) -> None:
        """Go on with what the event brought, to the next event."""
        try:
            target = self._send(event._value)
        except StopIteration:
            return
        assert target.callbacks is not None
        target.callbacks.append(self.go_on)


def begin(journey: Generator[simpy.Event, Any, None]) -> None:
    """Run a journey up to its first event, and let events carry it on from there."""
    try:
        first = next(journey)
    except StopIteration:
        return
    assert first.callbacks is not None
    first.callbacks.append(Course(journey).go_on)


class Visit(NamedTuple):
    """One staffed step of an attempt, as in `rows.STEP`."""

    step: int
    pool: int
    live: int
    priority: int
    first_in_layer: int
    book: int
    klass: int
    ticks: int
    patience: int
    pause: int
    standard: int


def visits_of(steps: np.ndarray) -> list[Visit]:
    """STEP records as visits, all at one go: four times as fast as one by one."""
    return list(map(tuple.__new__, repeat(Visit), steps.tolist()))


def rows_of(journeys: Journeys) -> Iterator[tuple[tuple[Any, ...], list[Visit]]]:
    """Contacts as rows, with their visits; some hundreds at a time, so that what is at work lies close together in memory."""
    first, count = _FIELD["first_step"], _FIELD["steps"]
    for start in range(0, len(journeys.contacts), AT_A_TIME):
        rows = journeys.contacts[start : start + AT_A_TIME].tolist()
        begin, end = rows[0][first], rows[-1][first] + rows[-1][count]
        visits = visits_of(journeys.steps[begin:end])
        for row in rows:
            yield row, visits[row[first] - begin : row[first] - begin + row[count]]


class Attempt:
    """One attempt by a customer, and where it stands."""

    __slots__ = (
        "at",
        "began",
        "case",
        "chased",
        "give_up_at",
        "id",
        "left",
        "phase",
        "ready",
        "remaining",
        "row",
        "slice",
        "started",
        "until",
        "visits",
    )  # fmt: skip

    def __init__(self, number: int, case: int, row: tuple[Any, ...], visits: list[Visit]) -> None:
        self.id, self.case, self.row, self.visits, self.began = number, case, row, visits, 0
        self.at = self.phase = self.until = self.remaining = self.slice = self.ready = self.give_up_at = 0
        self.started = self.chased = False
        self.left: simpy.Event | None = None


_FIELD = {name: i for i, name in enumerate(CONTACT.names or ())}
KEY, ARRIVAL_TICK, CLASS, ENTRY, GENERATION = (
    _FIELD["key"],
    _FIELD["arrival"],
    _FIELD["class"],
    _FIELD["entry"],
    _FIELD["generation"],
)
AFTER_ABANDON, AFTER_TICKS = _FIELD["after_abandon"], _FIELD["after_ticks"]
REPEATS, REPEAT_TICKS, CHASES = _FIELD["repeats"], _FIELD["repeat_ticks"], _FIELD["chases"]
CHILD_ENTRY, CHILD_TICKS, FINAL_CLASS, URGENT = (
    _FIELD["child_entry"], _FIELD["child_ticks"], _FIELD["final_class"], _FIELD["urgent"],
)  # fmt: skip


class Team:
    """A pool of people: a queue for each priority, first come first served within it, and people on duty."""

    def __init__(self, month: "Month", index: int, clock: WorkingClock) -> None:
        self.month, self.index, self.clock = month, index, clock
        self.env, network = month.env, month.network
        self.slice_ticks, self.answer_within = network.slice_ticks, network.answer_within
        self.start_within, self.late_after = network.start_within[index], network.late_after[index]
        self.closes_at_night = clock.closes_at_night
        self.on_duty = self.busy = 0
        self.queues: tuple[deque[Attempt], ...] = (deque(), deque(), deque())
        self.offered = self.answered = self.abandoned = self.in_target = self.wait_ticks = 0
        self.busy_ticks = self.overtime_ticks = 0
        self.live_offered = self.live_answered = self.live_in_target = self.live_wait_ticks = 0
        self.waits: dict[int, int] = {}
        by_class = month.by_class
        self.class_offered, self.class_abandoned = by_class["offered"], by_class["abandoned"]
        self.class_answered, self.class_in_target = by_class["answered"], by_class["in_target"]
        self.class_wait_ticks = by_class["wait_ticks"]
        self.class_open, self.class_open_in_target = by_class["open"], by_class["open_in_target"]

    def join(self, attempt: Attempt, visit: Visit) -> simpy.Event:
        """Ask for work to be done; the event comes when it is done (value True) or the caller has given up (False)."""
        now = self.env.now
        attempt.left = simpy.Event(self.env)
        attempt.remaining, attempt.ready, attempt.started, attempt.give_up_at = visit.ticks, now, False, -1
        self.offered += 1
        self.live_offered += visit.live
        self.class_offered[visit.standard] += 1
        if self.busy < self.on_duty:
            self.start(attempt, visit)
        else:
            attempt.phase = WAITING
            self.queues[visit.priority].append(attempt)
            if visit.patience:
                attempt.give_up_at = now + visit.patience
                self.month.later(attempt.give_up_at, ABANDONMENT, attempt.id, self.patience_ends, attempt)
        return attempt.left

    def start(self, attempt: Attempt, visit: Visit) -> None:
        """Begin work: live work at one go, deferrable work one slice."""
        now = self.env.now
        if not attempt.started:
            attempt.started = True
            self.count_wait(attempt, visit, now)
        self.busy += 1
        attempt.phase, attempt.began = IN_HAND, now
        if visit.live:
            attempt.slice, attempt.remaining = attempt.remaining, 0
            attempt.until = now + attempt.slice
            if self.closes_at_night:
                over = attempt.until - max(now, self.clock.closing(now))
                self.overtime_ticks += over if over > 0 else 0
        else:
            attempt.slice = min(attempt.remaining, self.slice_ticks)
            attempt.remaining -= attempt.slice
            attempt.until = self.clock.after(now, attempt.slice)
        self.end_later(attempt)

    def end_later(self, attempt: Attempt) -> None:
        """Schedule the end of the slice in hand; the last slice is what the attempt itself waits for."""
        if attempt.remaining:
            self.month.later(attempt.until, COMPLETION, attempt.id, self.slice_ends, attempt)
        else:
            assert attempt.left is not None
            self.month.succeed_at(attempt.left, attempt.until, COMPLETION, attempt.id)

    def slice_ends(self, attempt: Attempt) -> None:
        """Put the rest back at the head of its queue, then see who is next."""
        self.count_work(attempt)
        attempt.phase = WAITING
        self.queues[attempt.visits[attempt.at].priority].appendleft(attempt)
        self.dispatch()

    def work_ends(self, attempt: Attempt, visit: Visit) -> None:
        """Free the person, then see who is next."""
        self.count_work(attempt)
        self.month.count_step(attempt, visit)
        self.dispatch()

    def dispatch(self) -> None:
        """Start waiting work while anyone is free: urgent first, then live, then deferrable."""
        while self.busy < self.on_duty:
            for queue in self.queues:
                while queue and queue[0].phase != WAITING:
                    queue.popleft()
                if queue:
                    attempt = queue.popleft()
                    self.start(attempt, attempt.visits[attempt.at])
                    break
            else:
                return

    def change_duty(self, people: int) -> None:
        """More or fewer people from now on; work in hand is finished."""
        self.on_duty = people
        self.dispatch()

    def patience_ends(self, attempt: Attempt) -> None:
        """A caller gives up, unless answered in time; a timer of an earlier step, perhaps at another team, does not count.

        The place in the queue is cleared later.
        """
        if attempt.phase != WAITING or attempt.give_up_at != self.env.now or attempt.started:
            return
        if attempt.visits[attempt.at].pool != self.index:
            return
        attempt.phase = ARRIVING
        self.abandoned += 1
        self.class_abandoned[attempt.visits[attempt.at].standard] += 1
        self.month.trace_step(attempt, self.index, -1)
        assert attempt.left is not None
        attempt.left.succeed(False)

    def count_wait(self, attempt: Attempt, visit: Visit, now: int) -> None:
        """Count a first start: elapsed ticks for live work, working ticks for deferrable."""
        if visit.live:
            wait, target = now - attempt.ready, self.answer_within
        else:
            at_once = now == attempt.ready
            wait = 0 if at_once else self.clock.worked_at(now) - self.clock.worked_at(attempt.ready)
            target = self.start_within
            if wait > self.late_after and attempt.row[CHASES] and not attempt.chased:
                attempt.chased = True
                self.month.chase(attempt, visit)
        self.answered += 1
        in_target, standard = wait <= target, visit.standard
        self.in_target += in_target
        self.class_answered[standard] += 1
        self.class_in_target[standard] += in_target
        self.class_wait_ticks[standard] += wait
        if visit.live:
            self.live_answered += 1
            self.live_in_target += in_target
            self.live_wait_ticks += wait
        self.wait_ticks += wait
        cell = wait_cell(wait)
        self.waits[cell] = self.waits.get(cell, 0) + 1

    def count_open(self, attempt: Attempt, visit: Visit) -> None:
        """Count a step whose work has not begun, at the age it has now."""
        if visit.live:
            age, target = self.env.now - attempt.ready, self.answer_within
        else:
            age, target = self.clock.worked_at(self.env.now) - self.clock.worked_at(attempt.ready), self.start_within
        self.class_open[visit.standard] += 1
        self.class_open_in_target[visit.standard] += age <= target

    def count_work(self, attempt: Attempt) -> None:
        """Count a finished slice."""
        self.busy -= 1
        self.busy_ticks += attempt.slice
        self.month.effort_ticks[attempt.visits[attempt.at].book] += attempt.slice
        if self.month.trace is not None:
            self.month.trace_step(attempt, self.index, self.env.now)


class Month:
    """One month of the network: who arrives, what happens to them, what is counted."""

    def __init__(self, network: Network, state: State, trace: Trace | None) -> None:
        self.network, self.trace = network, trace
        self.env = Calendar(state.tick)
        self.by_class = {name: [0] * network.standards for name in CLASS_COUNTS}
        self.teams = [Team(self, index, clock) for index, clock in enumerate(network.clocks)]
        self.next_id = state.next_id
        self.open: dict[int, Attempt] = {}
        books = network.books
        self.effort_ticks, self.steps = [0] * books, [0] * books
        self.contacts, self.needs = [0] * (books // 2), [0] * (books // 2)
        self.causes = dict.fromkeys(CAUSES, 0)
        self.journeys = [[0] * WAIT_CELLS for _ in range(network.types)]
        self.journeys_in_target = [0] * network.types
        self.type_of_class = network.tables.class_type.tolist()

    # Events with a place in the total order

    def later(self, tick: int, kind: int, number: int, call: Any, argument: Any) -> None:
        """Call something at a tick, in its place among the events of that tick."""
        event = simpy.Event(self.env)
        assert event.callbacks is not None
        event.callbacks.append(lambda _: call(argument))
        self.succeed_at(event, tick, kind, number)

    def succeed_at(self, event: simpy.Event, tick: int, kind: int, number: int) -> None:
        """Let an event happen at a tick, in its place among the events of that tick; 0 and 1 are SimPy's own priorities."""
        event._ok, event._value = True, True
        self.env.schedule_at(event, (kind << ID_BITS | number) + 2, tick)

    # The life of an attempt

    def journey(self, attempt: Attempt, resumed: simpy.Event | None = None) -> Generator[simpy.Event, Any, None]:
        """One attempt: step after step, until the end or until the caller gives up."""
        if resumed is not None:
            went_on = yield resumed
            if attempt.phase == PAUSING:
                went_on = yield self.visit(attempt)
            if not went_on:
                return self.abandons(attempt)
            self.goes_on(attempt)
        while attempt.at < len(attempt.visits):
            if attempt.visits[attempt.at].pause:
                yield self.pause(attempt)
            if not (yield self.visit(attempt)):
                return self.abandons(attempt)
            self.goes_on(attempt)
        return self.ends(attempt)

    def visit(self, attempt: Attempt) -> simpy.Event:
        """Join the queue of the team that takes the next step."""
        visit = attempt.visits[attempt.at]
        return self.teams[visit.pool].join(attempt, visit)

    def goes_on(self, attempt: Attempt) -> None:
        """The work of a step is done: the team sees who is next, then the attempt goes to its next step."""
        visit = attempt.visits[attempt.at]
        self.teams[visit.pool].work_ends(attempt, visit)
        attempt.at += 1

    def pause(self, attempt: Attempt) -> simpy.Event:
        """Wait without staff, in working time."""
        attempt.phase = PAUSING
        attempt.until = self.network.office.after(self.env.now, attempt.visits[attempt.at].pause)
        return self.pause_until(attempt)

    def pause_until(self, attempt: Attempt) -> simpy.Event:
        """The end of a pause, as an arrival in the total order."""
        over = simpy.Event(self.env)
        self.succeed_at(over, attempt.until, ARRIVAL, attempt.id)
        return over

    def abandons(self, attempt: Attempt) -> None:
        """The caller has given up: redials, takes another channel, or the need stays unmet."""
        visit, choice = attempt.visits[attempt.at], attempt.row[AFTER_ABANDON]
        del self.open[attempt.id]
        clock = self.network.clocks[visit.pool]
        if choice == REDIALS:
            self.child(attempt, "redial", "redials", visit.klass, clock, attempt.row[AFTER_TICKS])
        elif choice == OTHER_CHANNEL:
            channels, other = self.network.tables.failure[6], self.network.tables.failure[7]
            klass = int(visit.klass - visit.klass % channels + other)
            self.child(attempt, "other_channel", "other_channel", klass, clock, attempt.row[AFTER_TICKS])
        else:
            self.causes["gave_up"] += 1
            self.by_class["gave_up"][visit.standard] += 1

    def ends(self, attempt: Attempt) -> None:
        """The attempt is over; the need may come back, or a decision be appealed."""
        del self.open[attempt.id]
        row = attempt.row
        self.causes["ended"] += 1
        self.causes["handled" if attempt.visits else "online_only"] += 1
        if attempt.visits:
            self.count_journey(row)
        if row[REPEATS]:
            self.child(attempt, "repeat", "repeats", row[CLASS], self.network.office, row[REPEAT_TICKS])
        if row[CHILD_ENTRY] >= 0:
            entry = list(self.network.entry_of)[row[CHILD_ENTRY]]
            self.child(attempt, entry, "appeals", row[FINAL_CLASS], self.network.office, row[CHILD_TICKS])

    def chase(self, attempt: Attempt, visit: Visit) -> None:
        """A customer whose work waits too long asks how it stands."""
        self.child(attempt, "chase", "chases", visit.klass, self.network.office, 1)

    def child(self, parent: Attempt, entry: str, cause: str, klass: int, clock: WorkingClock, delay: int) -> None:
        """A further attempt, after a delay in working time; its route is decided when it arrives."""
        if parent.row[GENERATION] >= self.network.generations:
            self.causes["truncated"] += 1
            return
        self.causes[cause] += 1
        row = np.zeros(1, dtype=CONTACT)
        index = self.network.entry_of[entry]
        row["key"] = child_key(parent.row[KEY], self.network.entry_hashes[index])
        row["class"], row["entry"], row["generation"] = klass, index, parent.row[GENERATION] + 1
        row["urgent"], row["arrival"] = parent.row[URGENT], clock.after(self.env.now, delay)
        attempt = Attempt(self.next_id, parent.case, row[0].item(), [])
        self.next_id += 1
        self.arrive_later(attempt, row)

    def arrive_later(self, attempt: Attempt, row: np.ndarray) -> None:
        """Let a further attempt arrive at its time."""
        attempt.phase, attempt.until = ARRIVING, int(row["arrival"][0])
        self.open[attempt.id] = attempt
        self.later(attempt.until, ARRIVAL, attempt.id, self.child_arrives, (attempt, row))

    def child_arrives(self, attempt_and_row: tuple[Attempt, np.ndarray]) -> None:
        """Decide the journey of a further attempt by the operating model in force, and begin it."""
        attempt, row = attempt_and_row
        contacts, steps = route(self.network.tables, row)
        attempt.row = contacts[0].item()
        attempt.visits = visits_of(steps)
        begin(self.journey(attempt))

    def first_contacts(self, journeys: Journeys) -> Generator[simpy.Event, Any, None]:
        """First contacts arrive one after another."""
        arrival = _FIELD["arrival"]
        number = self.next_id
        self.next_id += len(journeys.contacts)
        self.causes["first_contacts"] += len(journeys.contacts)
        for row, visits in rows_of(journeys):
            attempt = Attempt(number, signed(row[KEY]), row, visits)
            number += 1
            arrives = simpy.Event(self.env)
            self.succeed_at(arrives, row[arrival], ARRIVAL, attempt.id)
            yield arrives
            self.open[attempt.id] = attempt
            begin(self.journey(attempt))

    def duty_changes(self, changes: np.ndarray) -> Generator[simpy.Event, Any, None]:
        """People come on and go off duty."""
        for tick, team, people in changes.tolist():
            due = simpy.Event(self.env)
            self.succeed_at(due, tick, CAPACITY_CHANGE, team)
            yield due
            self.teams[team].change_duty(people)

    # From one month to the next

    def resume(self, state: State) -> None:
        """Put every attempt in progress back where it stood."""
        for team, people in zip(self.teams, state.on_duty.tolist(), strict=True):
            team.on_duty = people
        waiting: list[tuple[int, Attempt]] = []
        visits = visits_of(state.steps)
        for i, (row, stands) in enumerate(zip(state.contacts.tolist(), state.progress, strict=True)):
            first = row[_FIELD["first_step"]]
            attempt = Attempt(int(stands["id"]), int(stands["case"]), row, visits[first : first + row[_FIELD["steps"]]])
            for name in ("at", "phase", "until", "remaining", "slice", "began", "ready", "give_up_at"):
                setattr(attempt, name, int(stands[name]))
            attempt.started, attempt.chased = bool(stands["started"]), bool(stands["chased"])
            if attempt.phase == ARRIVING:
                self.arrive_later(attempt, state.contacts[i : i + 1].copy())
                continue
            self.open[attempt.id] = attempt
            if attempt.phase == WAITING:
                waiting.append((int(stands["rank"]), attempt))
            begin(self.journey(attempt, self.resumed(attempt)))
        for _, attempt in sorted(waiting, key=lambda ranked: ranked[0]):
            visit = attempt.visits[attempt.at]
            self.teams[visit.pool].queues[visit.priority].append(attempt)

    def resumed(self, attempt: Attempt) -> simpy.Event:
        """What an attempt taken up again waits for."""
        if attempt.phase == PAUSING:
            return self.pause_until(attempt)
        attempt.left = simpy.Event(self.env)
        visit = attempt.visits[attempt.at]
        if attempt.phase == IN_HAND:
            self.teams[visit.pool].busy += 1
            self.teams[visit.pool].end_later(attempt)
        elif visit.patience and not attempt.started:
            team = self.teams[visit.pool]
            self.later(attempt.give_up_at, ABANDONMENT, attempt.id, team.patience_ends, attempt)
        return attempt.left

    def state(self) -> State:
        """Where every attempt stands now, in order of number."""
        ranks: dict[int, int] = {}
        for team in self.teams:
            for queue in team.queues:
                ranks.update((a.id, rank) for rank, a in enumerate(a for a in queue if a.phase == WAITING))
        attempts = [self.open[number] for number in sorted(self.open)]
        contacts = np.zeros(len(attempts), dtype=CONTACT)
        progress = np.zeros(len(attempts), dtype=IN_PROGRESS)
        visits: list[tuple[int, ...]] = []
        for i, a in enumerate(attempts):
            contacts[i] = a.row
            contacts[i]["first_step"], contacts[i]["steps"] = len(visits), len(a.visits)
            visits.extend(a.visits)
            remaining = a.remaining if a.phase != ARRIVING else 0
            progress[i] = (a.id, a.case, a.at, a.phase, a.until, remaining, a.slice, a.began, a.ready, a.give_up_at,
                           ranks.get(a.id, 0), a.started, a.chased)  # fmt: skip
        on_duty = np.array([team.on_duty for team in self.teams], dtype=np.int64)
        steps = np.array(visits, dtype=STEP) if visits else np.empty(0, dtype=STEP)
        return State(self.env.now, self.next_id, contacts, progress, steps, on_duty)

    def measures(self, duty: np.ndarray) -> MonthMeasures:
        """What was counted, as arrays."""
        backlog = [0] * len(self.teams)
        for attempt in self.open.values():
            if attempt.phase in (WAITING, IN_HAND):
                visit = attempt.visits[attempt.at]
                backlog[visit.pool] += 1
                if not attempt.started:
                    self.teams[visit.pool].count_open(attempt, visit)
        by_team = {name: np.array([getattr(t, name, 0) for t in self.teams], dtype=np.int64) for name in TEAM_COUNTS}
        by_team["backlog"], by_team["duty_ticks"] = np.array(backlog, dtype=np.int64), duty
        waits = np.zeros((len(self.teams), WAIT_CELLS), dtype=np.int64)
        for team in self.teams:
            for cell, count in team.waits.items():
                waits[team.index, cell] = count
        effort, steps = np.array(self.effort_ticks, dtype=np.int64), np.array(self.steps, dtype=np.int64)
        contacts, needs = np.array(self.contacts, dtype=np.int64), np.array(self.needs, dtype=np.int64)
        by_class = {name: np.array(counts, dtype=np.int64) for name, counts in self.by_class.items()}
        journeys = np.array(self.journeys, dtype=np.int64)
        in_target = np.array(self.journeys_in_target, dtype=np.int64)
        return MonthMeasures(by_team, waits, effort, steps, contacts, needs, self.causes, by_class, journeys, in_target)

    # Counting

    def count_step(self, attempt: Attempt, visit: Visit) -> None:
        """Count a finished step, and the attempt once in each layer."""
        self.steps[visit.book] += 1
        if visit.first_in_layer:
            self.contacts[visit.book >> 1] += 1
            if attempt.row[GENERATION] == 0:
                self.needs[visit.book >> 1] += 1

    def count_journey(self, row: tuple[Any, ...]) -> None:
        """Count the office's working time from an attempt's arrival to its end."""
        office, demand_type = self.network.office, self.type_of_class[row[CLASS]]
        worked = office.worked_at(self.env.now) - office.worked_at(row[ARRIVAL_TICK])
        self.journeys[demand_type][wait_cell(worked)] += 1
        self.journeys_in_target[demand_type] += worked <= self.network.complete_within

    def trace_step(self, attempt: Attempt, team: int, end: int) -> None:
        """Note a slice, where a trace is asked for."""
        if self.trace is not None:
            began, step = (self.env.now if end < 0 else attempt.began), attempt.visits[attempt.at].step
            self.trace.append((attempt.id, attempt.at, team, attempt.ready, began, end, attempt.case, step))


def signed(key: int) -> int:
    """A 64-bit key as a signed number."""
    return key - (1 << 64) if key >> 63 else key


def child_key(parent: int, entry_hash: int) -> int:
    """The key of a further attempt: SplitMix64's finalizer on the parent's key and the cause, as `draws.mix`."""
    x = (parent + entry_hash) & _M
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & _M
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & _M
    return x ^ (x >> 31)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Attempts refer to their events and back, so the collector would walk all of them again and again, and free little."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def advance(
    network: Network,
    state: State,
    journeys: Journeys,
    until: int,
    trace: Trace | None = None,
) -> tuple[State, MonthMeasures]:
    """Run from the state's tick up to, but not including, `until`, with the first contacts that arrive in between.

    Returns the state at `until` and what was counted. Raises ValueError if a contact arrives outside. A list given as `trace`
    gets one row a slice of work.
    """
    journeys.check(state.tick, until)
    month = Month(network, state, trace)
    changes = network.rosters.changes(state.tick // TICKS_PER_DAY, until // TICKS_PER_DAY)
    with _no_garbage_collection():
        month.resume(state)
        begin(month.duty_changes(changes))
        begin(month.first_contacts(journeys))
        month.env.run(until)
    duty = duty_ticks(network, changes, state.on_duty, state.tick, until)
    return month.state(), month.measures(duty)
