"""The compiled engine: the same trajectories as the SimPy engine, to the tick, some hundred times faster.

Lay it beside `readable.py`: the words are the same (join, start, dispatch, slice ends, work ends, patience ends, child).
What differs is the calendar. First contacts and changes of people on duty are sorted arrays; all other events sit in a heap of
whole numbers, `time << 28 | class << 26 | number`, so that the order of events is total and the same as SimPy's.
The loop is one function over plain records because helper functions over arrays cost more than the work they do.
"""

import numpy as np

from simulation.clocks import WorkingClock
from simulation.compiling import compiled
from simulation.draws import mix
from simulation.engines.network import Network, duty_ticks
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
from simulation.measures import CAUSES, TEAM_COUNTS, WAIT_CELLS, MonthMeasures
from simulation.rows import CONTACT, OTHER_CHANNEL, REDIALS, STEP, TICKS_PER_DAY

TIME_SHIFT = ID_BITS + 2
NUMBER = (1 << ID_BITS) - 1
NONE = -1
GONE = 9
"""Phase of an attempt that is over."""

_FIELDS = {name: CONTACT[name] for name in CONTACT.names or ()} | {
    name: IN_PROGRESS[name] for name in IN_PROGRESS.names or ()
}
ATTEMPT = np.dtype([*((name, kind) for name, kind in _FIELDS.items()), ("next", "i4")], align=True)
"""A contact and where it stands, in one record; `next` links those who wait in the same queue."""

OFFERED, ANSWERED, ABANDONED, IN_TARGET, WAIT_TICKS, BUSY_TICKS, OVERTIME_TICKS = range(7)
LIVE_OFFERED, LIVE_ANSWERED, LIVE_IN_TARGET, LIVE_WAIT_TICKS = range(7, 11)
(FIRST, REDIAL, OTHER, GAVE_UP, REPEAT, CHASE, APPEAL, TRUNCATED, ENDED, HANDLED, ONLINE_ONLY) = range(11)
NEXT_ID, ATTEMPTS, HEAP, STEPS_USED, NEXT_FIRST, NEXT_CHANGE, TRACED, FIRST_SLOT = range(8)
"""Places in the small array that keeps the loop's own state when it returns for more room."""
DONE, NEED_ATTEMPTS, NEED_STEPS, NEED_HEAP, NEED_TRACE = 0, 1, 2, 4, 8
"""What the loop returns: 0, or the sum of the arrays that are too short."""
SPARE = 4096
"""Records of room beyond those known when a month begins; more is made when the loop asks for it."""
OPENS, CLOSES, WORKED, OPENED_BY = range(4)
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
def _worked_at(clock, day_ticks, tick):  # type: ignore[no-untyped-def]
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
    worked = min(_worked_at(clock, day_ticks, tick) + working, clock[OPENED_BY, clock.shape[1] - 1] * day_ticks)
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
def _push(heap, slots, size, key, slot):  # type: ignore[no-untyped-def]
    """Put an event into the heap."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if heap[parent] <= key:
            break
        heap[i], slots[i] = heap[parent], slots[parent]
        i = parent
    heap[i], slots[i] = key, slot


@compiled
def _pop(heap, slots, size):  # type: ignore[no-untyped-def]
    """Take the first event out of the heap of `size` events: the last one sinks from the top."""
    last = size - 1
    key, slot = heap[last], slots[last]
    i, child = 0, 1
    while child < last:
        if child + 1 < last and heap[child + 1] < heap[child]:
            child += 1
        if key <= heap[child]:
            break
        heap[i], slots[i] = heap[child], slots[child]
        i = child
        child = 2 * i + 1
    heap[i], slots[i] = key, slot


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
def _child(attempts, count, number, parent, entry, entry_hash, klass, arrival):  # type: ignore[no-untyped-def]
    """A further attempt; its route is decided when it arrives."""
    child = attempts[count]
    child["key"] = mix(parent["key"] + entry_hash)
    child["class"], child["entry"], child["arrival"] = klass, entry, arrival
    child["case"], child["began"] = parent["case"], 0
    child["generation"], child["urgent"] = parent["generation"] + 1, parent["urgent"]
    child["phase"], child["until"], child["id"], child["at"] = ARRIVING, arrival, number, 0
    child["steps"], child["first_step"], child["next"] = 0, 0, NONE
    child["started"], child["chased"], child["remaining"], child["slice"] = 0, 0, 0, 0
    child["ready"], child["give_up_at"] = 0, 0


@compiled
def _run(  # type: ignore[no-untyped-def]
    keep,
    attempts,
    steps,
    tables,
    heap,
    slots,
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
    trace,
):
    """Run events until `rules[3]`, or return for more room. Everything it changes is in its arrays."""
    answer_within, slice_ticks, generations, until, firsts = rules[0], rules[1], rules[2], rules[3], rules[4]
    office = rules[9]
    first_slot = keep[FIRST_SLOT]
    number_of_changes = len(changes)
    tracing = trace.shape[0] > 0
    count, used, size = keep[ATTEMPTS], keep[STEPS_USED], keep[HEAP]
    next_id, next_first, next_change, traced = keep[NEXT_ID], keep[NEXT_FIRST], keep[NEXT_CHANGE], keep[TRACED]
    far = np.int64(1) << 62
    while True:
        # an event starts at most two steps, but as many as people come on duty; each may bring an end and a chase
        need = 16 + 2 * (changes[next_change, 2] if next_change < number_of_changes else 0)
        status = DONE
        if count + need > len(attempts):
            status += NEED_ATTEMPTS
        if used + LONGEST_JOURNEY > len(steps):
            status += NEED_STEPS
        if size + need > len(heap):
            status += NEED_HEAP
        if tracing and traced + 4 > len(trace):
            status += NEED_TRACE
        if status:
            break
        # the next event: from the heap, the first contacts, or the changes of people on duty
        key = heap[0] if size > 0 else far
        source = 0
        if next_first < firsts:
            a = attempts[first_slot + next_first]
            first_key = (a["arrival"] << TIME_SHIFT) | (ARRIVAL << ID_BITS) | a["id"]
            if first_key < key:
                key, source = first_key, 1
        if next_change < number_of_changes:
            change_key = (changes[next_change, 0] << TIME_SHIFT) | changes[next_change, 1]
            if change_key < key:
                key, source = change_key, 2
        now = key >> TIME_SHIFT
        if now >= until:
            break
        team, mover, paused = np.int64(NONE), np.int64(NONE), False
        if source == 2:
            team = changes[next_change, 1]
            on_duty[team] = changes[next_change, 2]
            next_change += 1
        elif source == 1:
            mover = first_slot + next_first
            next_first += 1
        else:
            kind = (key >> ID_BITS) & 3
            slot = np.int64(slots[0])
            _pop(heap, slots, size)
            size -= 1
            a = attempts[slot]
            if kind == COMPLETION:
                visit = steps[a["first_step"] + a["at"]]
                team = np.int64(visit["pool"])
                busy[team] -= 1
                by_team[BUSY_TICKS, team] += a["slice"]
                effort[visit["book"]] += a["slice"]
                if tracing:
                    _note(trace, traced, a, visit["step"], team, a["began"], now)
                    traced += 1
                if a["remaining"] > 0:
                    # slice ends: the rest goes back to the head of its queue
                    a["phase"] = WAITING
                    queue = team * 3 + visit["priority"]
                    a["next"] = heads[queue]
                    heads[queue] = slot
                    if tails[queue] == NONE:
                        tails[queue] = slot
                else:
                    step_counts[visit["book"]] += 1
                    if visit["first_in_layer"]:
                        contact_counts[visit["book"] >> 1] += 1
                        if a["generation"] == 0:
                            needs[visit["book"] >> 1] += 1
                    a["at"] += 1
                    mover = slot
            elif kind == ABANDONMENT:
                # patience ends, unless answered in time; a timer of an earlier step does not count
                if a["phase"] == WAITING and a["give_up_at"] == now and not a["started"]:
                    visit = steps[a["first_step"] + a["at"]]
                    pool = np.int64(visit["pool"])
                    a["phase"] = GONE
                    by_team[ABANDONED, pool] += 1
                    if tracing:
                        _note(trace, traced, a, visit["step"], pool, now, -1)
                        traced += 1
                    choice = a["after_abandon"]
                    if choice != REDIALS and choice != OTHER_CHANNEL:
                        causes[GAVE_UP] += 1
                    elif a["generation"] >= generations:
                        causes[TRUNCATED] += 1
                    else:
                        which = rules[5] if choice == REDIALS else rules[6]
                        causes[REDIAL if choice == REDIALS else OTHER] += 1
                        klass = np.int64(visit["class"])
                        if choice == OTHER_CHANNEL:
                            klass += rules[11] - klass % rules[10]
                        c = clock_of[pool]
                        arrives = _after(clocks[c], lengths[c], now, a["after_ticks"])
                        _child(attempts, count, next_id, a, which, entry_hashes[which], klass, arrives)
                        _push(heap, slots, size, (arrives << TIME_SHIFT) | (ARRIVAL << ID_BITS) | next_id, count)
                        size, count, next_id = size + 1, count + 1, next_id + 1
            elif a["phase"] == PAUSING:
                mover, paused = slot, True
            else:
                # a further attempt arrives: its journey is decided now
                used = walk(tables, a, steps, used)
                a["at"] = 0
                mover = slot
        for turn in range(2):
            # dispatch: start waiting work while anyone is free, urgent first, then live, then deferrable
            while team >= 0 and busy[team] < on_duty[team]:
                queue = team * 3
                slot = np.int64(heads[queue])
                while queue < team * 3 + 3:
                    slot = np.int64(heads[queue])
                    while slot >= 0 and attempts[slot]["phase"] != WAITING:
                        slot = np.int64(attempts[slot]["next"])
                        heads[queue] = slot
                    if slot >= 0:
                        break
                    tails[queue] = NONE
                    queue += 1
                if slot < 0:
                    break
                a = attempts[slot]
                heads[queue] = a["next"]
                if a["next"] < 0:
                    tails[queue] = NONE
                visit = steps[a["first_step"] + a["at"]]
                c = clock_of[team]
                if not a["started"]:
                    a["started"] = 1
                    if visit["live"]:
                        wait, target = now - a["ready"], answer_within
                    else:
                        wait = _worked_at(clocks[c], lengths[c], now) - _worked_at(clocks[c], lengths[c], a["ready"])
                        target = start_within[team]
                        if wait > late_after[team] and a["chases"] and not a["chased"]:
                            a["chased"] = 1
                            if a["generation"] >= generations:
                                causes[TRUNCATED] += 1
                            else:
                                causes[CHASE] += 1
                                arrives = _after(clocks[office], lengths[office], now, np.int64(1))
                                _child(
                                    attempts,
                                    count,
                                    next_id,
                                    a,
                                    rules[8],
                                    entry_hashes[rules[8]],
                                    visit["class"],
                                    arrives,
                                )
                                _push(
                                    heap, slots, size, (arrives << TIME_SHIFT) | (ARRIVAL << ID_BITS) | next_id, count
                                )
                                size, count, next_id = size + 1, count + 1, next_id + 1
                    by_team[ANSWERED, team] += 1
                    by_team[IN_TARGET, team] += wait <= target
                    by_team[WAIT_TICKS, team] += wait
                    if visit["live"]:
                        by_team[LIVE_ANSWERED, team] += 1
                        by_team[LIVE_IN_TARGET, team] += wait <= target
                        by_team[LIVE_WAIT_TICKS, team] += wait
                    waits[team, _wait_cell(wait)] += 1
                busy[team] += 1
                a["phase"], a["began"] = IN_HAND, now
                if visit["live"]:
                    a["slice"], a["remaining"] = a["remaining"], 0
                    a["until"] = now + a["slice"]
                    over = a["until"] - max(now, _closing(clocks[c], now))
                    if over > 0 and lengths[c] < 8640000:
                        by_team[OVERTIME_TICKS, team] += over
                else:
                    a["slice"] = min(a["remaining"], slice_ticks)
                    a["remaining"] -= a["slice"]
                    a["until"] = _after(clocks[c], lengths[c], now, a["slice"])
                _push(heap, slots, size, (a["until"] << TIME_SHIFT) | (COMPLETION << ID_BITS) | a["id"], slot)
                size += 1
            if turn == 1:
                if mover >= 0:
                    a = attempts[mover]
                    if a["phase"] != WAITING:
                        a["give_up_at"] = NONE  # answered at once: patience was not tried
                    elif a["give_up_at"] >= 0:
                        _push(
                            heap,
                            slots,
                            size,
                            (a["give_up_at"] << TIME_SHIFT) | (ABANDONMENT << ID_BITS) | a["id"],
                            mover,
                        )
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
                    _push(heap, slots, size, (a["until"] << TIME_SHIFT) | (ARRIVAL << ID_BITS) | a["id"], mover)
                    size += 1
                    break
                # join the queue of the team that takes the step; whoever is free starts it on the next turn
                team = np.int64(visit["pool"])
                by_team[OFFERED, team] += 1
                by_team[LIVE_OFFERED, team] += visit["live"]
                a["remaining"], a["ready"], a["started"], a["phase"] = visit["ticks"], now, 0, WAITING
                a["give_up_at"] = now + visit["patience"] if visit["patience"] > 0 else -1
                a["next"] = NONE
                queue = team * 3 + visit["priority"]
                if tails[queue] >= 0:
                    attempts[tails[queue]]["next"] = mover
                else:
                    heads[queue] = mover
                tails[queue] = mover
            else:
                # the attempt is over; the need may come back, or a decision be appealed
                a["phase"] = GONE
                causes[ENDED] += 1
                causes[HANDLED if a["steps"] > 0 else ONLINE_ONLY] += 1
                for again in range(2):
                    if again == 0:
                        wanted, which, cause = a["repeats"] == 1, rules[7], REPEAT
                        klass, delay = np.int64(a["class"]), a["repeat_ticks"]
                    else:
                        wanted, which, cause = a["child_entry"] >= 0, np.int64(a["child_entry"]), APPEAL
                        klass, delay = np.int64(a["final_class"]), a["child_ticks"]
                    if not wanted:
                        continue
                    if a["generation"] >= generations:
                        causes[TRUNCATED] += 1
                        continue
                    causes[cause] += 1
                    arrives = _after(clocks[office], lengths[office], now, delay)
                    _child(attempts, count, next_id, a, which, entry_hashes[which], klass, arrives)
                    _push(heap, slots, size, (arrives << TIME_SHIFT) | (ARRIVAL << ID_BITS) | next_id, count)
                    size, count, next_id = size + 1, count + 1, next_id + 1
                break
    keep[ATTEMPTS], keep[STEPS_USED], keep[HEAP], keep[TRACED] = count, used, size, traced
    keep[NEXT_ID], keep[NEXT_FIRST], keep[NEXT_CHANGE] = next_id, next_first, next_change
    return status


@compiled
def _note(trace, row, a, step, team, began, ended):  # type: ignore[no-untyped-def]
    """Note a slice of work, as the SimPy engine's trace."""
    trace[row, 0], trace[row, 1], trace[row, 2], trace[row, 3] = a["id"], a["at"], team, a["ready"]
    trace[row, 4], trace[row, 5], trace[row, 6], trace[row, 7] = began, ended, a["case"], step


@compiled
def _resume(attempts, carried, order, steps, heap, slots, heads, tails, busy):  # type: ignore[no-untyped-def]
    """Put attempts in progress back: events into the heap, those waiting into their queues in order of rank."""
    size = 0
    for slot in range(carried):
        a = attempts[slot]
        a["next"] = NONE
        if a["phase"] == IN_HAND:
            busy[steps[a["first_step"] + a["at"]]["pool"]] += 1
            kind, tick = COMPLETION, a["until"]
        elif a["phase"] == WAITING:
            if a["started"] or a["give_up_at"] < 0:
                continue
            kind, tick = ABANDONMENT, a["give_up_at"]
        else:
            kind, tick = ARRIVAL, a["until"]
        _push(heap, slots, size, (tick << TIME_SHIFT) | (kind << ID_BITS) | a["id"], slot)
        size += 1
    for slot in order:
        visit = steps[attempts[slot]["first_step"] + attempts[slot]["at"]]
        queue = np.int64(visit["pool"]) * 3 + visit["priority"]
        if tails[queue] >= 0:
            attempts[tails[queue]]["next"] = slot
        else:
            heads[queue] = slot
        tails[queue] = slot
    return size


@compiled
def _ranks(attempts, heads):  # type: ignore[no-untyped-def]
    """Number those who wait in each queue, from the head."""
    for queue in range(len(heads)):
        slot, rank = heads[queue], 0
        while slot >= 0:
            if attempts[slot]["phase"] == WAITING:
                attempts[slot]["rank"] = rank
                rank += 1
            slot = attempts[slot]["next"]


@compiled
def _gather(attempts, which, steps, out):  # type: ignore[no-untyped-def]
    """Copy the steps of the attempts that go on into a fresh array, and point them there."""
    used = 0
    for slot in which:
        a = attempts[slot]
        for i in range(a["steps"]):
            out[used + i] = steps[a["first_step"] + i]
        a["first_step"] = used
        used += a["steps"]
    return used


class _Month:
    """The arrays of one month, and the loop that runs them with more room whenever it asks."""

    def __init__(self, network: Network, state: State, journeys: Journeys, until: int, tracing: bool) -> None:
        self.network, self.until = network, until
        carried, new = len(state.contacts), len(journeys.contacts)
        room = carried + new + new // 2 + SPARE
        self.attempts = np.zeros(room, dtype=ATTEMPT)
        for name in CONTACT.names or ():
            self.attempts[name][:carried] = state.contacts[name]
            self.attempts[name][carried : carried + new] = journeys.contacts[name]
        for name in IN_PROGRESS.names or ():
            self.attempts[name][:carried] = state.progress[name]
        self.attempts["id"][carried : carried + new] = state.next_id + np.arange(new)
        self.attempts["case"][carried : carried + new] = journeys.contacts["key"].view(np.int64)
        self.attempts["first_step"][carried : carried + new] += len(state.steps)
        own = len(state.steps) + len(journeys.steps)
        self.steps = np.empty(own + own // 2 + SPARE, dtype=STEP)
        self.steps[: len(state.steps)], self.steps[len(state.steps) : own] = state.steps, journeys.steps
        teams = len(network.teams)
        self.heap, self.slots = np.zeros(room, dtype=np.int64), np.zeros(room, dtype=np.int32)
        self.heads, self.tails = np.full(3 * teams, NONE, np.int32), np.full(3 * teams, NONE, np.int32)
        self.busy, self.on_duty = np.zeros(teams, dtype=np.int64), state.on_duty.astype(np.int64)
        self.trace = np.zeros((SPARE if tracing else 0, len(TRACE)), dtype=np.int64)
        waiting = np.flatnonzero(self.attempts["phase"][:carried] == WAITING)
        order = waiting[np.argsort(self.attempts["rank"][waiting], kind="stable")]
        size = _resume(
            self.attempts, carried, order, self.steps, self.heap, self.slots, self.heads, self.tails, self.busy
        )
        self.keep = np.array([state.next_id + new, carried + new, size, own, 0, 0, 0, carried])
        self.firsts = new
        self.by_team = np.zeros((len(TEAM_COUNTS), teams), dtype=np.int64)
        self.waits = np.zeros((teams, WAIT_CELLS), dtype=np.int64)
        books = network.books
        self.effort, self.step_counts = np.zeros(books, dtype=np.int64), np.zeros(books, dtype=np.int64)
        self.contacts, self.needs = np.zeros(books // 2, dtype=np.int64), np.zeros(books // 2, dtype=np.int64)
        self.causes = np.zeros(len(CAUSES), dtype=np.int64)
        self.causes[FIRST] = new

    def run(self, changes: np.ndarray) -> None:
        """Run to the end of the month."""
        network = self.network
        clocks, lengths, clock_of, office = _clock_arrays(network)
        entry, failure = network.entry_of, network.tables.failure
        rules = np.array(
            [network.answer_within, network.slice_ticks, network.generations, self.until, self.firsts, entry["redial"],
             entry["other_channel"], entry["repeat"], entry["chase"], office, failure[6], failure[7]],
            dtype=np.int64,
        )  # fmt: skip
        fixed = (np.array(network.start_within), np.array(network.late_after),
                 np.array(network.entry_hashes, dtype=np.uint64))  # fmt: skip
        while lacking := _run(
            self.keep, self.attempts, self.steps, network.tables, self.heap, self.slots, changes, clocks, lengths, clock_of,
            self.on_duty, self.busy, self.heads, self.tails, rules, *fixed, self.by_team, self.waits, self.effort,
            self.step_counts, self.contacts, self.needs, self.causes, self.trace,
        ):  # fmt: skip
            self._make_room(lacking)

    def _make_room(self, lacking: int) -> None:
        """Double the arrays that the loop found too short."""
        of_bit = {
            NEED_ATTEMPTS: ("attempts",),
            NEED_STEPS: ("steps",),
            NEED_HEAP: ("heap", "slots"),
            NEED_TRACE: ("trace",),
        }
        for bit, names in of_bit.items():
            for name in names if lacking & bit else ():
                array = getattr(self, name)
                setattr(self, name, np.concatenate([array, np.zeros_like(array)]))

    def state(self) -> State:
        """Where every attempt stands now, in order of number."""
        _ranks(self.attempts, self.heads)
        arrived = self.attempts[: self.keep[ATTEMPTS]]
        still = np.flatnonzero(arrived["phase"] != GONE)
        still = still[np.argsort(arrived["id"][still])]
        steps = np.empty(int(arrived["steps"][still].sum()), dtype=STEP)
        _gather(arrived, still, self.steps, steps)
        contacts, progress = np.zeros(len(still), dtype=CONTACT), np.zeros(len(still), dtype=IN_PROGRESS)
        for name in CONTACT.names or ():
            contacts[name] = arrived[name][still]
        for name in IN_PROGRESS.names or ():
            progress[name] = arrived[name][still]
        progress["rank"][progress["phase"] != WAITING] = 0
        return State(self.until, int(self.keep[NEXT_ID]), contacts, progress, steps, self.on_duty)

    def measures(self, state: State, duty: np.ndarray) -> MonthMeasures:
        """What was counted."""
        by_team = dict(zip(TEAM_COUNTS, self.by_team, strict=True))
        open_steps = (state.progress["phase"] == WAITING) | (state.progress["phase"] == IN_HAND)
        at = state.contacts["first_step"][open_steps] + state.progress["at"][open_steps]
        teams = len(self.network.teams)
        by_team["backlog"] = np.bincount(state.steps["pool"][at], minlength=teams).astype(np.int64)
        by_team["duty_ticks"] = duty
        causes = dict(zip(CAUSES, self.causes.tolist(), strict=True))
        return MonthMeasures(by_team, self.waits, self.effort, self.step_counts, self.contacts, self.needs, causes)


def _clock_arrays(network: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """The distinct clocks as one array (clock × row × interval or day), their day lengths, the clock of each team, the office."""
    distinct: list[WorkingClock] = []
    for clock in [*network.clocks, network.office]:
        if not any(clock is known for known in distinct):
            distinct.append(clock)
    days = 1 + max(clock.closes[-1] for clock in distinct) // TICKS_PER_DAY
    rows = np.zeros((len(distinct), 4, days + 1), dtype=np.int64)
    for i, clock in enumerate(distinct):
        n = len(clock.opens)
        rows[i, OPENS, :n], rows[i, CLOSES, :n], rows[i, WORKED, :n] = clock.opens, clock.closes, clock.worked
        opened = np.searchsorted(np.array(clock.opens) // TICKS_PER_DAY, np.arange(days + 1), side="right")
        rows[i, OPENED_BY] = opened
    index = [
        next(i for i, known in enumerate(distinct) if known is clock) for clock in [*network.clocks, network.office]
    ]
    return rows, np.array([c.day_ticks for c in distinct]), np.array(index[:-1]), index[-1]


def advance(
    network: Network, state: State, journeys: Journeys, until: int, trace: list[tuple[int, ...]] | None = None
) -> tuple[State, MonthMeasures]:
    """Run from the state's tick up to, but not including, `until`; as `readable.advance`, to the tick."""
    after, counted, rows = _advance(network, state, journeys, until, trace is not None)
    if trace is not None:
        trace.extend(map(tuple, rows.tolist()))
    return after, counted


def traced(network: Network, state: State, journeys: Journeys, until: int) -> tuple[State, MonthMeasures, np.ndarray]:
    """As `advance`, with the trace as an int64 array (rows × the columns of `state.TRACE`)."""
    return _advance(network, state, journeys, until, True)


def _advance(
    network: Network, state: State, journeys: Journeys, until: int, tracing: bool
) -> tuple[State, MonthMeasures, np.ndarray]:
    month = _Month(network, state, journeys, until, tracing)
    changes = network.rosters.changes(state.tick // TICKS_PER_DAY, until // TICKS_PER_DAY)
    month.run(changes)
    after = month.state()
    counted = month.measures(after, duty_ticks(network, changes, state.on_duty, state.tick, until))
    return after, counted, month.trace[: month.keep[TRACED]]
