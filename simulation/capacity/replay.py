"""Replay: one team alone, as in the network to the tick, on the steps that it met there, with other people on duty.

Lay it beside `engines/compiled.py`: the events of a team are changes of people on duty, ends of slices of work, and steps
that join. Patience needs no event: since whoever is free begins at once what waits, a step whose patience has ended is
passed over when somebody would begin it. At one tick changes come first, then ends of work, then patience, then arrivals. A
key `time << 28 | class << 26 | number` orders them as in the engine, also the ends of work at other teams that bring a step.

A queue is a line of steps not yet begun, as they joined, and ahead of it a pile of rests of steps begun, the last on top.
"""

from dataclasses import dataclass

import numpy as np

from layers.compiling import compiled
from simulation.capacity.stream import TIME_SHIFT, Stream, streams
from simulation.engines.state import COMPLETION, ID_BITS
from simulation.measures import CLASS_COUNTS

__all__ = ["Counts", "Stream", "replay", "streams"]

NUMBER = (1 << ID_BITS) - 1
FAR = (1 << 63) - 1
NONE = -1
OFFERED, ANSWERED, IN_TARGET, ABANDONED, WAIT_TICKS, GAVE_UP, OPEN, OPEN_IN_TARGET = (
    CLASS_COUNTS.index(name)
    for name in ("offered", "answered", "in_target", "abandoned", "wait_ticks", "gave_up", "open", "open_in_target")
)
BUSY_TICKS, DUTY_TICKS, OPEN_STEPS = range(3)
HEAD, TAIL, HEIGHT = range(3)
"""Rows of the ends of each priority's line and the height of its pile."""


@dataclass(frozen=True)
class Counts:
    """What a team alone did in the counted span. `by_class`: int64, CLASS_COUNTS × the stream's standard classes.

    `busy_ticks` are those of slices that ended in the span, as in MonthMeasures, but for slices in hand when the recording
    began; `duty_ticks` are people × ticks; `open_steps` wait or are in hand at the end.
    """

    by_class: np.ndarray
    busy_ticks: int
    duty_ticks: int
    open_steps: int


def replay(stream: Stream, changes: np.ndarray) -> Counts:
    """What the team would have done with these people on duty; other threads may run meanwhile.

    `changes`: int64 rows (tick, people from then on) in order of time, before the stream's end; nobody is there before the
    first, and work in hand is finished.
    """
    if len(changes) and changes[-1, 0] >= stream.end:
        raise ValueError(f"people on duty change at {changes[-1, 0]}, not before the end at {stream.end}")
    steps, held = len(stream.visits), len(stream.until)
    # rests lie on a pile while others are in hand: no more than were ever in hand at once, and those put back before
    room = max(held, int(changes[:, 1].max(initial=0))) + held + stream.begun + 2
    by_class = np.zeros((len(CLASS_COUNTS), len(stream.standards)), dtype=np.int64)
    by_class[OFFERED] = stream.offered
    totals = np.zeros(3, dtype=np.int64)
    targets = [stream.answer_within, stream.start_within]
    rules = np.array([stream.begun, stream.slice_ticks, stream.count_from, stream.end, *targets])
    hours = np.stack([stream.opens, stream.closes])
    hand, whose = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int32)
    line, pile = np.empty((3, steps), dtype=np.int32), np.empty((3, room), dtype=np.int32)
    ends, rest = np.zeros((3, 3), dtype=np.int64), np.empty(steps, dtype=np.uint32)
    _run(stream.visits, stream.until, changes, hours, rules, hand, whose, line, pile, ends, rest, by_class, totals)
    return Counts(by_class, *totals.tolist())


@compiled
def _run(visits, until, changes, hours, rules, hand, whose, line, pile, ends, rest, by_class, totals):  # type: ignore[no-untyped-def]
    """Run the team's events up to the end.

    `hand` is a heap of the keys of slices in hand, `whose` says which step then goes on (or NONE), and `rest` for how long.
    """
    slice_ticks, count_from, end, answer_within, start_within = rules[1], rules[2], rules[3], rules[4], rules[5]
    joins, last_change, end_key = len(visits), len(changes), end << TIME_SHIFT
    busy, on_duty, since, day = len(until), np.int64(0), count_from, np.int64(0)
    busy_ticks, duty_ticks = np.int64(0), np.int64(0)
    _take_up(visits, until, rules, hand, whose, pile, ends, rest)
    joining, change = busy + rules[0], 0
    join_key = visits[joining]["key"] if joining < joins else FAR
    change_key = changes[0, 0] << TIME_SHIFT if last_change > 0 else FAR
    while True:
        hand_key = hand[0] if busy > 0 else FAR
        begin, fresh, frees, several = np.int64(NONE), True, False, False
        if hand_key <= join_key and hand_key < change_key:
            # a slice ends: its rest goes back to the head of its queue
            if hand_key >= end_key:
                break
            now, frees = hand_key >> TIME_SHIFT, True
            if whose[0] >= 0:
                _put_back(visits, whose[0], pile, ends)
            busy -= 1
        elif join_key < change_key:
            # a step joins: whoever is free begins it at once
            now = join_key >> TIME_SHIFT
            if busy < on_duty:
                begin = joining
            else:
                p = (visits[joining]["tag"] >> 1) & 3
                line[p, ends[TAIL, p]] = joining
                ends[TAIL, p] += 1
            joining += 1
            join_key = visits[joining]["key"] if joining < joins else FAR
            if begin < 0:
                continue
        else:
            # people come on duty or go
            if change_key >= end_key:
                break
            now, several = change_key >> TIME_SHIFT, True
            if now > since:
                duty_ticks += on_duty * (now - since)
                since = now
            on_duty = changes[change, 1]
            change += 1
            change_key = changes[change, 0] << TIME_SHIFT if change < last_change else FAR
        while True:
            if begin < 0 and busy < on_duty:
                found = _next(visits, line, pile, ends, by_class, now, count_from)
                begin, fresh = found >> 1, found & 1 == 1
            if begin < 0:
                break
            seen, goes_on = visits[begin], np.int64(NONE)
            work, tag = np.int64(seen["ticks"] if fresh else rest[begin]), np.int64(seen["tag"])
            if tag & 1:
                done = now + work
                wait, target = now - (seen["key"] >> TIME_SHIFT), answer_within
            else:
                if work > slice_ticks:
                    rest[begin] = work - slice_ticks
                    goes_on, work = begin, slice_ticks
                day = _day(hours, day, now)
                done = _after(hours, day, now, work)
                wait, target = _worked(hours, day, now) - seen["worked"], start_within
            if fresh and now >= count_from:
                by_class[ANSWERED, tag >> 4] += 1
                by_class[IN_TARGET, tag >> 4] += wait <= target
                by_class[WAIT_TICKS, tag >> 4] += wait
            if count_from <= done < end:
                busy_ticks += work
            # what ends after the run is all one, and might be more than a key holds
            key = (min(done, end) << TIME_SHIFT) | (COMPLETION << ID_BITS) | (seen["key"] & NUMBER)
            busy += 1
            if frees:
                _replace(hand, whose, busy, key, goes_on)
                frees = False
            else:
                _push(hand, whose, busy - 1, key, goes_on)
            begin = np.int64(NONE)
            if not several:
                break
        if frees:
            _replace(hand, whose, busy, hand[busy], whose[busy])
    totals[BUSY_TICKS], totals[DUTY_TICKS] = busy_ticks, duty_ticks + on_duty * (end - since)
    worked = _worked(hours, _day(hours, day, end), end)
    totals[OPEN_STEPS] = busy + _left(visits, line, ends, by_class, rules, worked)


@compiled
def _take_up(visits, until, rules, hand, whose, pile, ends, rest):  # type: ignore[no-untyped-def]
    """Take up the steps in hand when the recording began, and those put back before."""
    held, begun, end = len(until), rules[0], rules[3]
    for v in range(held + begun):
        rest[v] = visits[v]["ticks"]
    for v in range(held):
        key = (min(until[v], end) << TIME_SHIFT) | (COMPLETION << ID_BITS) | (visits[v]["key"] & NUMBER)
        _push(hand, whose, v, key, v if rest[v] > 0 else NONE)
    for v in range(held + begun - 1, held - 1, -1):
        _put_back(visits, v, pile, ends)


@compiled
def _put_back(visits, v, pile, ends):  # type: ignore[no-untyped-def]
    """Put the rest of a step at the head of its queue."""
    p = (visits[v]["tag"] >> 1) & 3
    pile[p, ends[HEIGHT, p]] = v
    ends[HEIGHT, p] += 1


@compiled
def _day(hours, day, now):  # type: ignore[no-untyped-def]
    """The open interval that holds a tick, or the last before it; `day` is one before: time does not go back."""
    while day + 1 < hours.shape[1] and now >= hours[0, day + 1]:
        day += 1
    return day


@compiled
def _worked(hours, day, now):  # type: ignore[no-untyped-def]
    """Working time passed at a tick of an interval or after it."""
    return day * (hours[1, 0] - hours[0, 0]) + min(max(now, hours[0, day]), hours[1, day]) - hours[0, day]


@compiled
def _after(hours, day, now, work):  # type: ignore[no-untyped-def]
    """The tick so much working time after one that lies in an open interval or after it; see WorkingClock.after."""
    done = min(max(now, hours[0, day]), hours[1, day]) + work
    over = done - hours[1, day]
    while over > 0:
        day += 1
        if day == hours.shape[1]:
            return hours[1, day - 1]
        done = hours[0, day] + over
        over = done - hours[1, day]
    return done


@compiled
def _left(visits, line, ends, by_class, rules, worked):  # type: ignore[no-untyped-def]
    """Count what is left in the queues, and return how many steps that is; whose patience ended before is lost."""
    count_from, end, answer_within, start_within = rules[2], rules[3], rules[4], rules[5]
    left = ends[HEIGHT, 0] + ends[HEIGHT, 1] + ends[HEIGHT, 2]
    for p in range(3):
        for i in range(ends[HEAD, p], ends[TAIL, p]):
            seen = visits[line[p, i]]
            ready, tag = seen["key"] >> TIME_SHIFT, seen["tag"]
            if seen["patience"] > 0:
                _lose(seen, ready + seen["patience"], by_class, count_from)
            else:
                left += 1
                in_target = end - ready <= answer_within if tag & 1 else worked - seen["worked"] <= start_within
                by_class[OPEN, tag >> 4] += 1
                by_class[OPEN_IN_TARGET, tag >> 4] += in_target
    return left


@compiled
def _next(visits, line, pile, ends, by_class, now, count_from):  # type: ignore[no-untyped-def]
    """Take the step to be begun or gone on with, as `step << 1 | not yet begun`, or NONE; the lost on the way are counted."""
    for p in range(3):
        if ends[HEIGHT, p] > 0:
            ends[HEIGHT, p] -= 1
            return np.int64(pile[p, ends[HEIGHT, p]]) << 1
        while ends[HEAD, p] < ends[TAIL, p]:
            v = np.int64(line[p, ends[HEAD, p]])
            ends[HEAD, p] += 1
            seen = visits[v]
            gives_up = (seen["key"] >> TIME_SHIFT) + seen["patience"]
            if seen["patience"] == 0 or gives_up >= now:
                return (v << 1) | 1
            _lose(seen, gives_up, by_class, count_from)
    return np.int64(NONE)


@compiled
def _lose(seen, when, by_class, count_from):  # type: ignore[no-untyped-def]
    """Count a caller who gave up."""
    if when >= count_from:
        by_class[ABANDONED, seen["tag"] >> 4] += 1
        by_class[GAVE_UP, seen["tag"] >> 4] += (seen["tag"] >> 3) & 1


@compiled
def _push(hand, whose, size, key, w):  # type: ignore[no-untyped-def]
    """Take a slice in hand beside `size` others."""
    i = size
    while i > 0:
        above = (i - 1) >> 1
        if hand[above] <= key:
            break
        hand[i], whose[i] = hand[above], whose[above]
        i = above
    hand[i], whose[i] = key, w


@compiled
def _replace(hand, whose, size, key, w):  # type: ignore[no-untyped-def]
    """Put a slice into the place of the first of `size`: the hole sinks to the bottom, and the slice rises from there."""
    hand[size] = FAR
    i, child = np.int64(0), np.int64(1)
    while child < size:
        child += hand[child + 1] < hand[child]
        hand[i], whose[i] = hand[child], whose[child]
        i = child
        child = 2 * i + 1
    _push(hand, whose, i, key, w)
