"""The compiled engine: the same trajectories as the SimPy engine, to the tick, some hundred times faster.

Lay it beside `readable.py`: the words are the same (join, start, dispatch, slice ends, work ends, patience ends, child).
What differs is the calendar. First contacts and changes of people on duty are sorted arrays; all other events sit in a heap of
whole numbers, `time << 28 | class << 26 | place`, so that the order of events is total and the same as SimPy's: attempts lie in
order of their numbers. Only the events of the next minutes are in the heap; later ones wait in a list for each stretch of time.
The loop is one function over plain records because helper functions over arrays cost more than the work they do.
"""

import numpy as np

from layers.compiling import compiled, fetch_ahead
from layers.draws import mix
from simulation.clocks import CLOSES, OPENED_BY, OPENS
from simulation.engines.network import Network, duty_ticks
from simulation.engines.room import SHARED, SPARE, room_for
from simulation.engines.state import (
    ABANDONMENT,
    ARRIVAL,
    ARRIVING,
    COMPLETION,
    ID_BITS,
    IN_HAND,
    IN_PROGRESS,
    PAUSING,
    TRACE,
    WAITING,
    State,
)
from simulation.journeys import LONGEST_JOURNEY, Journeys, walk
from simulation.measures import CAUSES, CLASS_COUNTS, TEAM_COUNTS, WAIT_CELLS, MonthMeasures
from simulation.rows import CONTACT, OTHER_CHANNEL, REDIALS, STEP, TICKS_PER_DAY, TICKS_PER_MINUTE, VISIT, put

TIME_SHIFT = ID_BITS + 2
NUMBER = (1 << ID_BITS) - 1
NONE = -1
OVER, GONE = 8, 9
"""Phases of an attempt that came to its end (at its `until`), and of one whose customer gave up."""

BUSY_TICKS, OVERTIME_TICKS, ABANDONED, OFFERED, WAIT_TICKS, ANSWERED = 0, 1, 2, 3, 5, 7
"""Rows of what the loop counts by team, each event in one cell. From OFFERED and WAIT_TICKS on there are two rows, deferrable
and live; from ANSWERED on four: deferrable late, deferrable in target, live late, live in target."""
CLASS_LATE, CLASS_IN_TARGET, CLASS_ABANDONED, CLASS_WAIT, CLASS_GAVE_UP = range(5)
"""Columns of what the loop counts by standard class: answers, late and in target, callers who hung up, ticks waited by those
answered, callers who tried no further."""
(FIRST, REDIAL, OTHER, GAVE_UP, REPEAT, CHASE, APPEAL, TRUNCATED, ENDED, HANDLED, ONLINE_ONLY) = range(11)
NEXT_ID, ATTEMPTS, HEAP, STEPS_USED, NEXT_FIRST, NEXT_CHANGE, TRACED, FIRST_SLOT, SOON, RECORDED = range(10)
"""Places in the small array that keeps the loop's own state when it returns for more room."""
DONE, NEED_ATTEMPTS, NEED_STEPS, NEED_HEAP, NEED_TRACE, NEED_VISITS = 0, 1, 2, 4, 8, 16
"""What the loop returns: 0, or the sum of the arrays that are too short."""
STRETCH = 5 * TICKS_PER_MINUTE
"""Ends of work, pauses and arrivals in later stretches of the clock wait in lists, so that the heap stays small."""
RULES = (
    "answer_within",
    "slice",
    "generations",
    "until",
    "number_of_first",
    "redial",
    "other_channel",
    "repeat",
    "chase",
    "office",
    "channels",
    "other_is",
)


@compiled
def worked_at(clock, day_ticks, tick):  # type: ignore[no-untyped-def]
    """Working time passed at a tick; see clocks.WorkingClock."""
    i = clock[OPENED_BY, tick // 8640000] - 1
    if i >= 0 and tick < clock[OPENS, i]:
        i -= 1
    if i < 0:
        return np.int64(0)
    return i * day_ticks + min(tick, clock[CLOSES, i]) - clock[OPENS, i]


@compiled
def _after(clock, day_ticks, tick, working):  # type: ignore[no-untyped-def]
    """The tick so much working time after a tick; see clocks.WorkingClock for the end of the clock."""
    worked = min(worked_at(clock, day_ticks, tick) + working, clock[OPENED_BY, clock.shape[1] - 1] * day_ticks)
    i = (worked - 1) // day_ticks
    return clock[OPENS, i] + worked - i * day_ticks


@compiled
def _closing(clock, tick):  # type: ignore[no-untyped-def]
    """When the open interval that holds a tick, or the last before it, closes."""
    i = clock[OPENED_BY, tick // 8640000] - 1
    if i >= 0 and tick < clock[OPENS, i]:
        i -= 1
    return clock[CLOSES, i] if i >= 0 else np.int64(0)


@compiled
def _push(heap, size, key):  # type: ignore[no-untyped-def]
    """Put an event into the heap."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        above = heap[parent]
        if above <= key:
            break
        heap[i] = above
        i = parent
    heap[i] = key


@compiled
def _pop(heap, size):  # type: ignore[no-untyped-def]
    """Take the first event out of the heap of `size` events.

    The hole sinks to the bottom along the earlier children, then the last event rises from there: fewer guesses by the
    processor than comparing the last event on every level.
    """
    last = size - 1
    key = heap[last]
    heap[last] = 0x7FFFFFFFFFFFFFFF
    i = np.int64(0)
    child = np.int64(1)
    while child < last:
        child += heap[child + 1] < heap[child]
        heap[i] = heap[child]
        i = child
        child = 2 * i + 1
    _push(heap, i, key)


@compiled
def _later(attempts, behind, slot, kind, heap, size, lists, begin, soon, until):  # type: ignore[no-untyped-def]
    """Let an attempt's phase end at its `until`: in the heap if that is before `soon`, else in the list of its stretch.

    Returns the size of the heap. What falls outside the month is left to the state.
    """
    a = attempts[slot]
    tick = a["until"]
    if tick < soon:
        _push(heap, size, (tick << TIME_SHIFT) | (kind << ID_BITS) | slot)
        return size + 1
    if tick < until:
        stretch = (tick - begin) // STRETCH
        behind[slot] = lists[stretch]
        lists[stretch] = slot
    return size


@compiled
def _wait_cell(ticks):  # type: ignore[no-untyped-def]
    """The histogram cell of a wait; see measures.wait_cell."""
    if ticks < 8:
        return ticks
    top = np.int64(3)
    while ticks >> (top + 1):
        top += 1
    return ((top - 2) << 3) + (ticks >> (top - 3)) - 8


@compiled
def _child(attempts, seldom, contacts, slot, parent_slot, entry, entry_hash, klass, arrival):  # type: ignore[no-untyped-def]
    """A further attempt; its route is decided when it arrives."""
    parent, child = contacts[parent_slot], contacts[slot]
    seldom[slot]["case"] = seldom[parent_slot]["case"]
    child["key"] = mix(parent["key"] + entry_hash)
    child["class"], child["entry"], child["arrival"] = klass, entry, arrival
    child["generation"], child["urgent"] = parent["generation"] + 1, parent["urgent"]
    child["first_step"], child["steps"], child["end"], child["final_class"] = 0, 0, 0, 0
    child["after_abandon"], child["after_ticks"], child["repeats"], child["repeat_ticks"] = 0, 0, 0, 0
    child["chases"], child["child_entry"], child["child_ticks"] = 0, 0, 0
    stands = attempts[slot]
    stands["phase"], stands["until"] = ARRIVING, arrival
    _clear(stands)
    seldom[slot]["began"] = 0


@compiled
def _clear(a):  # type: ignore[no-untyped-def]
    """Nothing has happened to an attempt yet."""
    a["first_step"], a["steps"], a["at"] = 0, 0, 0
    a["remaining"], a["slice"], a["ready"], a["give_up_at"] = 0, 0, 0, 0
    a["started"], a["chased"] = 0, 0


@compiled
def _take_step(a, visit):  # type: ignore[no-untyped-def]
    """Keep with the attempt what is needed of the step it is at."""
    a["pool"], a["standard"], a["book"], a["live"] = visit["pool"], visit["standard"], visit["book"], visit["live"]
    a["priority"], a["first_in_layer"] = visit["priority"], visit["first_in_layer"]


@compiled
def _run(  # type: ignore[no-untyped-def]
    keep,
    attempts,
    seldom,
    behind,
    contacts,
    steps,
    tables,
    heap,
    lists,
    changes,
    clocks,
    lengths,
    clock_of,
    on_duty,
    busy,
    heads,
    tails,
    rules,
    start_within,
    late_after,
    entry_hashes,
    by_team,
    waits,
    effort,
    step_counts,
    contact_counts,
    needs,
    causes,
    by_class,
    trace,
    visits,
):
    """Run events until `rules[3]`, or return for more room. Everything it changes is in its arrays."""
    answer_within, slice_ticks, generations, until, firsts = rules[0], rules[1], rules[2], rules[3], rules[4]
    office, begin, soon = rules[9], rules[12], keep[SOON]
    first_slot = keep[FIRST_SLOT]
    number_of_changes = len(changes)
    tracing, recording = trace.shape[0] > 0, visits.shape[0] > 0
    count, used, size = keep[ATTEMPTS], keep[STEPS_USED], keep[HEAP]
    next_id, next_first, next_change, traced = keep[NEXT_ID], keep[NEXT_FIRST], keep[NEXT_CHANGE], keep[TRACED]
    recorded = keep[RECORDED]
    far = np.int64(0x7FFFFFFFFFFFFFFF)
    while True:
        # an event starts at most two steps, but as many as people come on duty; each may bring an end and a chase
        need = 16 + 2 * (changes[next_change, 2] if next_change < number_of_changes else 0)
        status = DONE
        if count + need > len(attempts):
            status += NEED_ATTEMPTS
        if used + LONGEST_JOURNEY > len(steps):
            status += NEED_STEPS
        if size + count + need > len(heap):
            status += NEED_HEAP
        if tracing and traced + 4 > len(trace):
            status += NEED_TRACE
        if recording and recorded + 1 > len(visits):
            status += NEED_VISITS
        if status:
            break
        # the next event: from the heap, the first contacts, or the changes of people on duty
        key = heap[0] if size > 0 else far
        source = 0
        if next_first < firsts:
            first_key = (
                (contacts[first_slot + next_first]["arrival"] << TIME_SHIFT)
                | (ARRIVAL << ID_BITS)
                | (first_slot + next_first)
            )
            if first_key < key:
                key, source = first_key, 1
        if next_change < number_of_changes:
            change_key = (changes[next_change, 0] << TIME_SHIFT) | changes[next_change, 1]
            if change_key < key:
                key, source = change_key, 2
        now = key >> TIME_SHIFT
        if now >= soon and soon < until:
            # nothing is left of the stretch: take the events of the next into the heap
            slot = np.int64(lists[(soon - begin) // STRETCH])
            while slot >= 0:
                a = attempts[slot]
                due = COMPLETION if a["phase"] == IN_HAND else ARRIVAL
                _push(heap, size, (a["until"] << TIME_SHIFT) | (due << ID_BITS) | slot)
                size += 1
                fetch_ahead(steps, np.int64(a["first_step"]) + a["at"] + (due == COMPLETION))
                slot = np.int64(behind[slot])
            soon += STRETCH
            continue
        if now >= until:
            break
        team, mover, paused, order = np.int64(NONE), np.int64(NONE), False, ARRIVAL
        if source == 2:
            team = changes[next_change, 1]
            on_duty[team] = changes[next_change, 2]
            next_change += 1
        elif source == 1:
            mover = first_slot + next_first
            next_first += 1
            a, contact = attempts[mover], contacts[mover]
            _clear(a)
            a["until"], seldom[mover]["began"] = 0, 0
            a["first_step"], a["steps"], a["generation"] = (
                contact["first_step"],
                contact["steps"],
                contact["generation"],
            )
            a["follows"] = contact["repeats"] | (contact["child_entry"] >= 0)
            if next_first + 4 < firsts:
                fetch_ahead(steps, np.int64(contacts[mover + 4]["first_step"]))
        else:
            kind = (key >> ID_BITS) & 3
            slot = key & NUMBER
            _pop(heap, size)
            size -= 1
            a = attempts[slot]
            if kind == COMPLETION:
                team = np.int64(a["pool"])
                busy[team] -= 1
                by_team[BUSY_TICKS, team] += a["slice"]
                effort[a["book"]] += a["slice"]
                if tracing:
                    _note(trace, traced, slot, a, steps, seldom, team, seldom[slot]["began"], now)
                    traced += 1
                if a["remaining"] > 0:
                    # slice ends: the rest goes back to the head of its queue
                    a["phase"] = WAITING
                    queue = team * 3 + a["priority"]
                    behind[slot] = heads[queue]
                    heads[queue] = slot
                    if tails[queue] == NONE:
                        tails[queue] = slot
                else:
                    step_counts[a["book"]] += 1
                    if a["first_in_layer"]:
                        contact_counts[a["book"] >> 1] += 1
                        if a["generation"] == 0:
                            needs[a["book"] >> 1] += 1
                    a["at"] += 1
                    mover, order = slot, COMPLETION
            elif kind == ABANDONMENT:
                # patience ends, unless answered in time; a timer of an earlier step does not count
                if a["phase"] == WAITING and a["give_up_at"] == now and not a["started"]:
                    contact = contacts[slot]
                    pool = np.int64(a["pool"])
                    a["phase"] = GONE
                    by_team[ABANDONED, pool] += 1
                    by_class[a["standard"], CLASS_ABANDONED] += 1
                    if tracing:
                        _note(trace, traced, slot, a, steps, seldom, pool, now, -1)
                        traced += 1
                    choice = contact["after_abandon"]
                    if choice != REDIALS and choice != OTHER_CHANNEL:
                        causes[GAVE_UP] += 1
                        by_class[a["standard"], CLASS_GAVE_UP] += 1
                    elif a["generation"] >= generations:
                        causes[TRUNCATED] += 1
                    else:
                        which = rules[5] if choice == REDIALS else rules[6]
                        causes[REDIAL if choice == REDIALS else OTHER] += 1
                        klass = np.int64(steps[a["first_step"] + a["at"]]["class"])
                        if choice == OTHER_CHANNEL:
                            klass += rules[11] - klass % rules[10]
                        c = clock_of[pool]
                        arrives = _after(clocks[c], lengths[c], now, contact["after_ticks"])
                        _child(attempts, seldom, contacts, count, slot, which, entry_hashes[which], klass, arrives)
                        size = _later(attempts, behind, count, ARRIVAL, heap, size, lists, begin, soon, until)
                        count, next_id = count + 1, next_id + 1
            elif a["phase"] == PAUSING:
                mover, paused = slot, True
            else:
                # a further attempt arrives: its journey is decided now
                contact = contacts[slot]
                used = walk(tables, contact, steps, used)
                a["first_step"], a["steps"], a["generation"] = (
                    contact["first_step"],
                    contact["steps"],
                    contact["generation"],
                )
                a["follows"] = contact["repeats"] | (contact["child_entry"] >= 0)
                mover = slot
        for turn in range(2):
            # dispatch: start waiting work while anyone is free, urgent first, then live, then deferrable
            while team >= 0 and busy[team] < on_duty[team]:
                queue = team * 3
                slot = np.int64(heads[queue])
                while queue < team * 3 + 3:
                    slot = np.int64(heads[queue])
                    while slot >= 0 and attempts[slot]["phase"] != WAITING:
                        slot = np.int64(behind[slot])
                        heads[queue] = slot
                    if slot >= 0:
                        break
                    tails[queue] = NONE
                    queue += 1
                if slot < 0:
                    break
                a = attempts[slot]
                heads[queue] = behind[slot]
                if behind[slot] < 0:
                    tails[queue] = NONE
                c = clock_of[team]
                if not a["started"]:
                    a["started"] = 1
                    if a["live"]:
                        wait, target = now - a["ready"], answer_within
                    else:
                        wait = worked_at(clocks[c], lengths[c], now) - worked_at(clocks[c], lengths[c], a["ready"])
                        target = start_within[team]
                        if wait > late_after[team] and contacts[slot]["chases"] and not a["chased"]:
                            a["chased"] = 1
                            if a["generation"] >= generations:
                                causes[TRUNCATED] += 1
                            else:
                                causes[CHASE] += 1
                                arrives = _after(clocks[office], lengths[office], now, np.int64(1))
                                klass = np.int64(steps[a["first_step"] + a["at"]]["class"])
                                _child(
                                    attempts,
                                    seldom,
                                    contacts,
                                    count,
                                    slot,
                                    rules[8],
                                    entry_hashes[rules[8]],
                                    klass,
                                    arrives,
                                )
                                size = _later(attempts, behind, count, ARRIVAL, heap, size, lists, begin, soon, until)
                                count, next_id = count + 1, next_id + 1
                    in_target = np.int64(wait <= target)
                    by_team[ANSWERED + 2 * a["live"] + in_target, team] += 1
                    by_team[WAIT_TICKS + a["live"], team] += wait
                    by_class[a["standard"], in_target] += 1
                    by_class[a["standard"], CLASS_WAIT] += wait
                    waits[team, _wait_cell(wait)] += 1
                busy[team] += 1
                a["phase"], seldom[slot]["began"] = IN_HAND, now
                if a["live"]:
                    a["slice"], a["remaining"] = a["remaining"], 0
                    a["until"] = now + a["slice"]
                    over = a["until"] - max(now, _closing(clocks[c], now))
                    if over > 0 and lengths[c] < 8640000:
                        by_team[OVERTIME_TICKS, team] += over
                else:
                    a["slice"] = min(a["remaining"], slice_ticks)
                    a["remaining"] -= a["slice"]
                    a["until"] = _after(clocks[c], lengths[c], now, a["slice"])
                size = _later(attempts, behind, slot, COMPLETION, heap, size, lists, begin, soon, until)
            if turn == 1:
                if mover >= 0:
                    a = attempts[mover]
                    if a["phase"] != WAITING:
                        a["give_up_at"] = NONE  # answered at once: patience was not tried
                    elif a["give_up_at"] >= 0:
                        _push(heap, size, (a["give_up_at"] << TIME_SHIFT) | (ABANDONMENT << ID_BITS) | mover)
                        size += 1
                break
            if mover < 0:
                break
            a = attempts[mover]
            if a["at"] < a["steps"]:
                visit = steps[a["first_step"] + a["at"]]
                if visit["pause"] > 0 and not paused:
                    a["phase"] = PAUSING
                    a["until"] = _after(clocks[office], lengths[office], now, visit["pause"])
                    size = _later(attempts, behind, mover, ARRIVAL, heap, size, lists, begin, soon, until)
                    break
                # join the queue of the team that takes the step; whoever is free starts it on the next turn
                team = np.int64(visit["pool"])
                _take_step(a, visit)
                by_team[OFFERED + visit["live"], team] += 1
                if recording:
                    _record(visits[recorded], visit, contacts[mover], now, (order << ID_BITS) | mover)
                    recorded += 1
                a["remaining"], a["ready"], a["started"], a["phase"] = visit["ticks"], now, 0, WAITING
                a["give_up_at"] = now + visit["patience"] if visit["patience"] > 0 else -1
                behind[mover] = NONE
                queue = team * 3 + visit["priority"]
                if tails[queue] >= 0:
                    behind[tails[queue]] = mover
                else:
                    heads[queue] = mover
                tails[queue] = mover
            else:
                # the attempt is over; the need may come back, or a decision be appealed
                a["phase"], a["until"] = OVER, now
                causes[ENDED] += 1
                causes[HANDLED if a["steps"] > 0 else ONLINE_ONLY] += 1
                if not a["follows"]:
                    break
                contact = contacts[mover]
                for again in range(2):
                    if again == 0:
                        wanted, which, cause = contact["repeats"] == 1, rules[7], REPEAT
                        klass, delay = np.int64(contact["class"]), contact["repeat_ticks"]
                    else:
                        wanted, which, cause = contact["child_entry"] >= 0, np.int64(contact["child_entry"]), APPEAL
                        klass, delay = np.int64(contact["final_class"]), contact["child_ticks"]
                    if not wanted:
                        continue
                    if a["generation"] >= generations:
                        causes[TRUNCATED] += 1
                        continue
                    causes[cause] += 1
                    arrives = _after(clocks[office], lengths[office], now, delay)
                    _child(attempts, seldom, contacts, count, mover, which, entry_hashes[which], klass, arrives)
                    size = _later(attempts, behind, count, ARRIVAL, heap, size, lists, begin, soon, until)
                    count, next_id = count + 1, next_id + 1
                break
    keep[ATTEMPTS], keep[STEPS_USED], keep[HEAP], keep[TRACED] = count, used, size, traced
    keep[NEXT_ID], keep[NEXT_FIRST], keep[NEXT_CHANGE], keep[SOON] = next_id, next_first, next_change, soon
    keep[RECORDED] = recorded
    return status


@compiled
def _note(trace, row, slot, a, steps, seldom, team, began, ended):  # type: ignore[no-untyped-def]
    """Note a slice of work, as the SimPy engine's trace, but the attempt by its place."""
    step = steps[a["first_step"] + a["at"]]["step"]
    trace[row, 0], trace[row, 1], trace[row, 2], trace[row, 3] = slot, a["at"], team, a["ready"]
    trace[row, 4], trace[row, 5], trace[row, 6], trace[row, 7] = began, ended, seldom[slot]["case"], step


@compiled
def _record(row, visit, contact, now, order):  # type: ignore[no-untyped-def]
    """Record a step that joins its queue."""
    row["ready"], row["ticks"], row["patience"] = now, visit["ticks"], visit["patience"]
    row["until"], row["order"] = 0, order
    # without patience nobody gives up, and the contact need not be fetched
    row["gives_up"] = visit["patience"] > 0 and contact["after_abandon"] not in (REDIALS, OTHER_CHANNEL)
    row["pool"], row["standard"], row["priority"] = visit["pool"], visit["standard"], visit["priority"]
    row["live"], row["phase"], row["started"] = visit["live"], WAITING, 0


@compiled
def _resume(attempts, behind, carried, order, steps, heap, lists, begin, until, heads, tails, busy):  # type: ignore[no-untyped-def]
    """Put attempts in progress back: events into the heap, those waiting into their queues in order of rank."""
    size = 0
    for slot in range(carried):
        a = attempts[slot]
        behind[slot] = NONE
        if a["phase"] == IN_HAND or a["phase"] == WAITING:
            _take_step(a, steps[a["first_step"] + a["at"]])
        if a["phase"] == IN_HAND:
            busy[a["pool"]] += 1
            size = _later(attempts, behind, slot, COMPLETION, heap, size, lists, begin, begin + STRETCH, until)
        elif a["phase"] != WAITING:
            size = _later(attempts, behind, slot, ARRIVAL, heap, size, lists, begin, begin + STRETCH, until)
        elif not a["started"] and a["give_up_at"] >= 0:
            _push(heap, size, (a["give_up_at"] << TIME_SHIFT) | (ABANDONMENT << ID_BITS) | slot)
            size += 1
    for slot in order:
        queue = np.int64(attempts[slot]["pool"]) * 3 + attempts[slot]["priority"]
        if tails[queue] >= 0:
            behind[tails[queue]] = slot
        else:
            heads[queue] = slot
        tails[queue] = slot
    return size


@compiled
def _ranks(attempts, behind, heads, ranks):  # type: ignore[no-untyped-def]
    """Number those who wait in each queue, from the head."""
    for queue in range(len(heads)):
        slot, rank = heads[queue], 0
        while slot >= 0:
            if attempts[slot]["phase"] == WAITING:
                ranks[slot] = rank
                rank += 1
            slot = behind[slot]


@compiled
def _sort_out(attempts, contacts, class_type, clock, day_ticks, within, still, journeys, in_target):  # type: ignore[no-untyped-def]
    """Write the places of the attempts that go on into `still`, and return how many; count the journeys that ended.

    A journey is counted once the month is over: in the loop its contact would have to be fetched, here it lies ahead.
    """
    going_on = np.int64(0)
    for slot in range(len(attempts)):
        a = attempts[slot]
        if a["phase"] <= IN_HAND:
            still[going_on] = slot
            going_on += 1
        elif a["phase"] == OVER and a["steps"] > 0:
            contact = contacts[slot]
            worked = worked_at(clock, day_ticks, a["until"]) - worked_at(clock, day_ticks, contact["arrival"])
            demand = class_type[contact["class"]]
            journeys[demand, _wait_cell(worked)] += 1
            in_target[demand] += worked <= within
    return going_on


@compiled
def _count_open(attempts, still, until, clocks, lengths, clock_of, answer_within, start_within, opened):  # type: ignore[no-untyped-def]
    """Count the steps whose work has not begun, and those of them still within the target, by standard class."""
    for slot in still:
        a = attempts[slot]
        if a["phase"] == WAITING and not a["started"]:
            team = a["pool"]
            c = clock_of[team]
            if a["live"]:
                age, target = until - a["ready"], answer_within
            else:
                age = worked_at(clocks[c], lengths[c], until) - worked_at(clocks[c], lengths[c], a["ready"])
                target = start_within[team]
            opened[0, a["standard"]] += 1
            opened[1, a["standard"]] += age <= target


@compiled
def _gather(attempts, seldom, which, numbers, ranks, contacts, steps, new_contacts, progress, new_steps):  # type: ignore[no-untyped-def]
    """Write down where the attempts that go on stand, with their contacts and steps."""
    used = np.int64(0)
    for i in range(len(which)):
        slot = which[i]
        a, stands = attempts[slot], progress[i]
        new_contacts[i] = contacts[slot]
        new_contacts[i]["first_step"] = used
        first, count = np.int64(a["first_step"]), np.int64(a["steps"])
        for j in range(count):
            new_steps[used + j] = steps[first + j]
        used += count
        stands["id"], stands["at"], stands["phase"], stands["until"] = numbers[i], a["at"], a["phase"], a["until"]
        stands["case"], stands["began"] = seldom[slot]["case"], seldom[slot]["began"]
        stands["remaining"], stands["slice"], stands["ready"] = a["remaining"], a["slice"], a["ready"]
        stands["give_up_at"], stands["started"], stands["chased"] = a["give_up_at"], a["started"], a["chased"]
        stands["rank"] = ranks[slot] if a["phase"] == WAITING else 0


class _Month:
    """The arrays of one month, and the loop that runs them with more room whenever it asks."""

    def __init__(
        self, network: Network, state: State, journeys: Journeys, until: int, tracing: bool, recording: bool = False
    ) -> None:
        self.network, self.until = network, until
        carried, new = len(state.contacts), len(journeys.contacts)
        own = len(state.steps) + len(journeys.steps)
        self.room = room = room_for(carried + new, own)
        put(room.contacts, 0, state.contacts)
        put(room.contacts, carried, journeys.contacts)
        room.contacts["first_step"][carried : carried + new] += len(state.steps)
        put(room.steps, 0, state.steps)
        put(room.steps, len(state.steps), journeys.steps)
        room.seldom["case"][carried : carried + new] = journeys.contacts["key"].view(np.int64)
        self._take_up(state)
        self.carried_numbers, self.next_number = state.progress["id"], state.next_id
        teams = len(network.teams)
        self.begin, stretches = state.tick, -(-(until - state.tick) // STRETCH)
        self.lists = np.full(stretches, NONE, np.int32)
        self.heads, self.tails = np.full(3 * teams, NONE, np.int32), np.full(3 * teams, NONE, np.int32)
        self.busy, self.on_duty = np.zeros(teams, dtype=np.int64), state.on_duty.astype(np.int64)
        self.trace = np.zeros((SPARE if tracing else 0, len(TRACE)), dtype=np.int64)
        self.visits = np.empty(2 * len(journeys.steps) + SPARE if recording else 0, dtype=VISIT)
        waiting = np.flatnonzero(state.progress["phase"] == WAITING)
        order = waiting[np.argsort(state.progress["rank"][waiting], kind="stable")]
        size = _resume(
            room.attempts,
            room.behind,
            carried,
            order,
            room.steps,
            room.heap,
            self.lists,
            state.tick,
            until,
            self.heads,
            self.tails,
            self.busy,
        )
        self.keep = np.array([state.next_id + new, carried + new, size, own, 0, 0, 0, carried, state.tick + STRETCH, 0])
        self.firsts = new
        self.by_team = np.zeros((ANSWERED + 4, teams), dtype=np.int64)
        self.waits = np.zeros((teams, WAIT_CELLS), dtype=np.int64)
        books = network.books
        self.effort, self.step_counts = np.zeros(books, dtype=np.int64), np.zeros(books, dtype=np.int64)
        self.contact_counts, self.needs = np.zeros(books // 2, dtype=np.int64), np.zeros(books // 2, dtype=np.int64)
        self.causes = np.zeros(len(CAUSES), dtype=np.int64)
        self.causes[FIRST] = new
        self.by_class = np.zeros((network.standards, 8), dtype=np.int64)  # eight, so that a class lies in one line
        self.open_before = _open_by_class(state, network.standards)
        self.opened = np.zeros((2, network.standards), dtype=np.int64)
        self.journeys = np.zeros((network.types, WAIT_CELLS), dtype=np.int64)
        self.journeys_in_target = np.zeros(network.types, dtype=np.int64)

    def _take_up(self, state: State) -> None:
        """Fill in where the attempts in progress stand."""
        carried = len(state.contacts)
        attempts = self.room.attempts[:carried]
        for name in SHARED:
            attempts[name] = state.progress[name]
        for name in ("first_step", "steps", "generation"):
            attempts[name] = state.contacts[name]
        for name in ("case", "began"):
            self.room.seldom[name][:carried] = state.progress[name]
        attempts["follows"] = state.contacts["repeats"] | (state.contacts["child_entry"] >= 0)

    def numbers(self, slots: np.ndarray) -> np.ndarray:
        """The numbers of attempts from their places."""
        carried = len(self.carried_numbers)
        fresh = self.next_number + slots - carried
        if not carried:
            return fresh
        return np.where(slots < carried, self.carried_numbers[np.minimum(slots, carried - 1)], fresh)

    def run(self, changes: np.ndarray) -> None:
        """Run to the end of the month."""
        network, room = self.network, self.room
        clocks, lengths, clock_of, office = network.clock_rows
        entry, failure = network.entry_of, network.tables.failure
        rules = np.array(
            [network.answer_within, network.slice_ticks, network.generations, self.until, self.firsts, entry["redial"],
             entry["other_channel"], entry["repeat"], entry["chase"], office, failure[6], failure[7], self.begin],
            dtype=np.int64,
        )  # fmt: skip
        fixed = (np.array(network.start_within), np.array(network.late_after),
                 np.array(network.entry_hashes, dtype=np.uint64))  # fmt: skip
        while lacking := _run(
            self.keep, room.attempts, room.seldom, room.behind, room.contacts, room.steps, network.tables, room.heap,
            self.lists, changes, clocks, lengths, clock_of, self.on_duty, self.busy, self.heads, self.tails, rules, *fixed,
            self.by_team, self.waits, self.effort, self.step_counts, self.contact_counts, self.needs, self.causes,
            self.by_class, self.trace, self.visits,
        ):  # fmt: skip
            self._make_room(lacking)

    def _make_room(self, lacking: int) -> None:
        """Double the arrays that the loop found too short."""
        if lacking & NEED_ATTEMPTS:
            self.room.more_attempts()
        if lacking & NEED_STEPS:
            self.room.more_steps()
        if lacking & NEED_HEAP:
            self.room.more_events()
        if lacking & NEED_TRACE:
            self.trace = np.concatenate([self.trace, np.zeros_like(self.trace)])
        if lacking & NEED_VISITS:
            self.visits = np.concatenate([self.visits, np.empty_like(self.visits)])

    def rows(self) -> np.ndarray:
        """The rows of the trace, attempts by their numbers."""
        rows = self.trace[: self.keep[TRACED]]
        rows[:, 0] = self.numbers(rows[:, 0])
        return rows

    def state(self) -> State:
        """Where every attempt stands now, in order of number; what ended and what is open is counted on the way."""
        room, arrived = self.room, int(self.keep[ATTEMPTS])
        attempts, ranks = room.attempts[:arrived], np.zeros(arrived, dtype=np.int64)
        _ranks(attempts, room.behind, self.heads, ranks)
        still = self._going_on(attempts)
        contacts, progress = np.empty(len(still), dtype=CONTACT), np.empty(len(still), dtype=IN_PROGRESS)
        steps = np.empty(int(attempts["steps"][still].sum()), dtype=STEP)
        _gather(
            attempts,
            room.seldom,
            still,
            self.numbers(still),
            ranks,
            room.contacts,
            room.steps,
            contacts,
            progress,
            steps,
        )
        return State(self.until, int(self.keep[NEXT_ID]), contacts, progress, steps, self.on_duty)

    def _going_on(self, attempts: np.ndarray) -> np.ndarray:
        """The places of the attempts that go on; count what ended and what is open."""
        network, places = self.network, np.empty(len(attempts), dtype=np.int64)
        clocks, lengths, clock_of, office = network.clock_rows
        count = _sort_out(
            attempts, self.room.contacts, network.tables.class_type, clocks[office], lengths[office],
            network.complete_within, places, self.journeys, self.journeys_in_target,
        )  # fmt: skip
        still = places[:count]
        _count_open(
            attempts, still, self.until, clocks, lengths, clock_of, network.answer_within,
            np.array(network.start_within), self.opened,
        )  # fmt: skip
        return still

    def measures(self, state: State, duty: np.ndarray) -> MonthMeasures:
        """What was counted."""
        open_steps = (state.progress["phase"] == WAITING) | (state.progress["phase"] == IN_HAND)
        backlog = np.bincount(_now_at(state, open_steps)["pool"], minlength=len(self.network.teams))
        by_team = self._by_team() | {"backlog": backlog.astype(np.int64), "duty_ticks": duty}
        causes = dict(zip(CAUSES, self.causes.tolist(), strict=True))
        return MonthMeasures(
            {name: by_team[name] for name in TEAM_COUNTS}, self.waits, self.effort, self.step_counts,
            self.contact_counts, self.needs, causes, self._by_class(), self.journeys, self.journeys_in_target,
        )  # fmt: skip

    def _by_team(self) -> dict[str, np.ndarray]:
        """The counts of the loop under their names."""
        rows = self.by_team
        live_late, live_in_target = rows[ANSWERED + 2 : ANSWERED + 4]
        return {
            "offered": rows[OFFERED] + rows[OFFERED + 1],
            "answered": rows[ANSWERED : ANSWERED + 4].sum(axis=0),
            "abandoned": rows[ABANDONED],
            "in_target": rows[ANSWERED + 1] + live_in_target,
            "wait_ticks": rows[WAIT_TICKS] + rows[WAIT_TICKS + 1],
            "busy_ticks": rows[BUSY_TICKS],
            "overtime_ticks": rows[OVERTIME_TICKS],
            "live_offered": rows[OFFERED + 1],
            "live_answered": live_late + live_in_target,
            "live_in_target": live_in_target,
            "live_wait_ticks": rows[WAIT_TICKS + 1],
        }

    def _by_class(self) -> dict[str, np.ndarray]:
        """The same by standard class; what was offered is what was answered, abandoned or is open, less what was open before."""
        late, in_target, abandoned, waited, gave_up = self.by_class[:, : CLASS_GAVE_UP + 1].T.copy()
        opened, open_in_target = self.opened
        answered = late + in_target
        offered = answered + abandoned + opened - self.open_before
        rows = (offered, answered, in_target, abandoned, waited, gave_up, opened, open_in_target)
        return dict(zip(CLASS_COUNTS, rows, strict=True))


def _now_at(state: State, which: np.ndarray) -> np.ndarray:
    """The steps at which some of the attempts of a state are."""
    return state.steps[state.contacts["first_step"][which] + state.progress["at"][which]]


def _open_by_class(state: State, standards: int) -> np.ndarray:
    """Steps in a queue whose work has not begun, by standard class."""
    waiting = (state.progress["phase"] == WAITING) & (state.progress["started"] == 0)
    return np.bincount(_now_at(state, waiting)["standard"], minlength=standards)


def advance(
    network: Network,
    state: State,
    journeys: Journeys,
    until: int,
    trace: list[tuple[int, ...]] | None = None,
) -> tuple[State, MonthMeasures]:
    """Run from the state's tick up to, but not including, `until`; as `readable.advance`, to the tick."""
    month, after, counted = _advance(network, state, journeys, until, tracing=trace is not None)
    if trace is not None:
        trace.extend(map(tuple, month.rows().tolist()))
    return after, counted


def traced(network: Network, state: State, journeys: Journeys, until: int) -> tuple[State, MonthMeasures, np.ndarray]:
    """As `advance`, with the trace as an int64 array (rows × the columns of `state.TRACE`)."""
    month, after, counted = _advance(network, state, journeys, until, tracing=True)
    return after, counted, month.rows()


def recorded(network: Network, state: State, journeys: Journeys, until: int) -> tuple[State, MonthMeasures, np.ndarray]:
    """As `advance`, with every step that joined a queue as a VISIT record, in order of joining."""
    month, after, counted = _advance(network, state, journeys, until, recording=True)
    visits = month.visits[: month.keep[RECORDED]]
    slots = visits["order"] & NUMBER
    visits["order"] += (month.numbers(slots) - slots).astype(np.int32)
    return after, counted, visits


def _advance(
    network: Network,
    state: State,
    journeys: Journeys,
    until: int,
    tracing: bool = False,
    recording: bool = False,
) -> tuple[_Month, State, MonthMeasures]:
    journeys.check(state.tick, until)
    changes = network.rosters.changes(state.tick // TICKS_PER_DAY, until // TICKS_PER_DAY)
    month = _Month(network, state, journeys, until, tracing, recording)
    month.run(changes)
    after = month.state()
    month.room.leave()
    return month, after, month.measures(after, duty_ticks(network, changes, state.on_duty, state.tick, until))
