"""One team alone in plain Python: every event on a list, patience with events of its own, as a second opinion on the replay."""

import heapq
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np

from simulation.clocks import ClockRows, WorkingClock
from simulation.engines.state import ABANDONMENT, ARRIVAL, CAPACITY_CHANGE, COMPLETION, ID_BITS, IN_HAND, WAITING
from simulation.measures import CLASS_COUNTS
from simulation.rows import DEFERRABLE, LIVE, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, URGENT, VISIT

STANDARDS = 8


def world(from_hour: int = 9, to_hour: int = 17, days: int = 30, slice_minutes: int = 60, closed: Any = ()) -> Any:
    """A network of one team, as far as streams need it: a minute for live work, a working day for the other."""
    length = (to_hour - from_hour) * TICKS_PER_HOUR
    opens = [day * TICKS_PER_DAY + from_hour * TICKS_PER_HOUR for day in range(days) if day not in closed]
    worked = [i * length for i in range(len(opens))]
    clock = WorkingClock(opens, [t + length for t in opens], worked, [w + length for w in worked], length)
    return SimpleNamespace(
        teams=("team",), standards=STANDARDS, clocks=[clock], clock_rows=ClockRows.of([clock], clock),
        answer_within=TICKS_PER_MINUTE, start_within=[length], slice_ticks=slice_minutes * TICKS_PER_MINUTE,
    )  # fmt: skip


def visit(ready: int, ticks: int, number: int = 0, live: bool = True, urgent: bool = False, **more: Any) -> np.ndarray:
    """A step that joins, as one VISIT record; `moved`: an attempt's step elsewhere had just ended."""
    row = np.zeros(1, dtype=VISIT)
    order = COMPLETION if more.pop("moved", False) else ARRIVAL
    values = {"ready": ready, "ticks": ticks, "live": live, "phase": WAITING, "order": order << ID_BITS | number}
    values |= {"priority": URGENT if urgent else LIVE if live else DEFERRABLE, "standard": 2 * live + urgent} | more
    for name, value in values.items():
        row[name] = value
    return row


def put_together(visits: list[np.ndarray]) -> np.ndarray:
    """VISIT records, one after another."""
    return np.concatenate([np.zeros(0, dtype=VISIT), *visits])


@dataclass
class TeamAlone:
    """Runs events in order of tick, class and attempt number."""

    world: Any
    count_from: int
    end: int
    by_class: Counter[tuple[str, int]] = field(default_factory=Counter)
    busy_ticks: int = 0
    duty_ticks: int = 0
    events: list[tuple[Any, ...]] = field(default_factory=list)
    entered: Any = field(default_factory=count)

    def run(self, opening: np.ndarray, joined: np.ndarray, changes: np.ndarray) -> None:
        self.queues: list[deque[int]] = [deque(), deque(), deque()]
        self.visits = np.concatenate([opening, joined])
        self.work = self.visits["ticks"].tolist()
        self.slice = [0] * len(self.visits)
        self.begun = (self.visits["started"] == 1).tolist()
        self.in_hand, self.on_duty = 0, 0
        for i, row in enumerate(self.visits):
            self._first_event(i, row, i < len(opening))
        for i, (tick, people) in enumerate(changes.tolist()):
            self._at(tick, CAPACITY_CHANGE, i, 0, self._change, people)
        last = self.count_from
        while self.events and self.events[0][0] < self.end:
            tick, *_, what, which = heapq.heappop(self.events)
            self.duty_ticks += self.on_duty * (max(tick, last) - last)
            last = max(tick, last)
            what(tick, which)
        self.duty_ticks += self.on_duty * (self.end - last)
        self._close()

    def _first_event(self, i: int, row: Any, open_before: bool) -> None:
        order, number = divmod(int(row["order"]), 1 << ID_BITS)
        if row["phase"] == IN_HAND:
            self.in_hand += 1
            self._at(int(row["until"]), COMPLETION, number, 0, self._slice_ends, i)
        elif open_before:
            self._queue(i).append(i)
            if row["patience"] and not row["started"]:
                self._at(int(row["ready"] + row["patience"]), ABANDONMENT, number, 0, self._gives_up, i)
        else:
            # an attempt whose step here ends comes after that end
            self._at(int(row["ready"]), order, number, 1, self._join, i)

    def _at(self, tick: int, kind: int, number: int, after: int, what: Any, which: int) -> None:
        heapq.heappush(self.events, (tick, kind, number, after, next(self.entered), what, which))

    def _queue(self, i: int) -> deque[int]:
        return self.queues[self.visits["priority"][i]]

    def _count(self, what: str, tick: int, i: int, number: int = 1) -> None:
        if tick >= self.count_from:
            self.by_class[what, int(self.visits["standard"][i])] += number

    def _change(self, tick: int, people: int) -> None:
        self.on_duty = people
        self._dispatch(tick)

    def _slice_ends(self, tick: int, i: int) -> None:
        self.in_hand -= 1
        self.busy_ticks += self.slice[i] * (tick >= self.count_from)
        if self.work[i] > 0:
            self._queue(i).appendleft(i)
        self._dispatch(tick)

    def _gives_up(self, tick: int, i: int) -> None:
        if not self.begun[i]:
            self._queue(i).remove(i)
            self._count("abandoned", tick, i)
            self._count("gave_up", tick, i, int(self.visits["gives_up"][i]))

    def _join(self, tick: int, i: int) -> None:
        self._count("offered", tick, i)
        self._queue(i).append(i)
        self._dispatch(tick)
        row = self.visits[i]
        if row["patience"] and not self.begun[i]:
            number = int(row["order"]) & ((1 << ID_BITS) - 1)
            self._at(tick + int(row["patience"]), ABANDONMENT, number, 0, self._gives_up, i)

    def _dispatch(self, tick: int) -> None:
        while self.in_hand < self.on_duty and any(self.queues):
            i = next(queue for queue in self.queues if queue).popleft()
            row, clock = self.visits[i], self.world.clocks[0]
            if not self.begun[i]:
                self.begun[i] = True
                self._count("answered", tick, i)
                self._count("wait_ticks", tick, i, self._waited(i, tick))
                self._count("in_target", tick, i, self._in_target(i, tick))
            self.in_hand += 1
            self.slice[i] = self.work[i] if row["live"] else min(self.work[i], self.world.slice_ticks)
            self.work[i] -= self.slice[i]
            until = tick + self.slice[i] if row["live"] else clock.after(tick, self.slice[i])
            self._at(until, COMPLETION, int(row["order"]) & ((1 << ID_BITS) - 1), 0, self._slice_ends, i)

    def _waited(self, i: int, tick: int) -> int:
        ready, clock = int(self.visits["ready"][i]), self.world.clocks[0]
        return tick - ready if self.visits["live"][i] else clock.worked_at(tick) - clock.worked_at(ready)

    def _in_target(self, i: int, tick: int) -> bool:
        world = self.world
        return self._waited(i, tick) <= (world.answer_within if self.visits["live"][i] else world.start_within[0])

    def _close(self) -> None:
        for i in (i for queue in self.queues for i in queue if not self.begun[i]):
            self._count("open", self.end, i)
            self._count("open_in_target", self.end, i, self._in_target(i, self.end))

    @property
    def open_steps(self) -> int:
        return self.in_hand + sum(map(len, self.queues))

    @property
    def counts(self) -> np.ndarray:
        """CLASS_COUNTS × STANDARDS."""
        return np.array([[self.by_class[what, s] for s in range(STANDARDS)] for what in CLASS_COUNTS])
