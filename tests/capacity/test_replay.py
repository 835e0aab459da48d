"""A team replayed alone does what it did in the network, and with other people what a team alone would do."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.capacity.replay import Counts, replay
from simulation.capacity.stream import LONGEST, Stream, streams
from simulation.engines.compiled import recorded
from simulation.engines.network import Network
from simulation.engines.state import IN_HAND
from simulation.engines.visits import open_visits
from simulation.measures import CLASS_COUNTS, MonthMeasures
from simulation.rows import TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, VISIT

BY_TEAM = ("offered", "answered", "in_target", "abandoned", "wait_ticks")
MINUTE, HOUR, DAY = TICKS_PER_MINUTE, TICKS_PER_HOUR, TICKS_PER_DAY
NINE = DAY + 9 * HOUR


# --- At its own FTE, and against the network -----------------------------------------------------------------------


def watched(run: Any, days: list[int]) -> tuple[MonthMeasures, list[Stream]]:
    """Stretch after stretch, recorded: the last one's counts, and all that each team met."""
    state, joined = run.start(), []
    opening = open_visits(state, run.network)
    for first, last in pairwise(days):
        state, counted, visits = recorded(run.network, state, run.arriving(first, last), last * DAY)
        joined.append(visits)
    return counted, streams(run.network, opening, joined, days[-2] * DAY, days[-1] * DAY)


def replayed(network: Network, found: list[Stream], first_day: int, last_day: int) -> list[Counts]:
    """Each team alone at its own FTE."""
    fte, changes = network.rosters.fte, network.rosters.team_changes
    return [replay(s, changes(name := network.teams[s.team], fte[name], first_day, last_day)) for s in found]


def differences(network: Network, measures: MonthMeasures, found: list[Stream], alone: list[Counts]) -> list[str]:
    """Where teams alone and the network differ; empty where every count is equal."""
    total, said = np.zeros((len(CLASS_COUNTS), network.standards), dtype=np.int64), []
    for stream, counts in zip(found, alone, strict=True):
        total[:, stream.standards] += counts.by_class
        by_team = {name: int(values[stream.team]) for name, values in measures.by_team.items()}
        mine = {name: int(counts.by_class[CLASS_COUNTS.index(name)].sum()) for name in BY_TEAM}
        mine |= {"backlog": counts.open_steps, "duty_ticks": counts.duty_ticks}
        if not len(stream.until):
            mine["busy_ticks"] = counts.busy_ticks
        said += [f"team {stream.team}: {k} {v}, not {by_team[k]}" for k, v in mine.items() if v != by_team[k]]
    said += [name for name, row in zip(CLASS_COUNTS, total, strict=True) if (row != measures.by_class[name]).any()]
    return said


class Recorded:
    """A shipped scenario's run from nobody waiting."""

    def __init__(self, course: Any, day: int) -> None:
        self.network, self.arriving, self.start = course.network, course.arriving, lambda: course.start(day)


@pytest.mark.parametrize("name", ["district", "one_queue"])
@pytest.mark.parametrize("settling", [0, 14])
def test_at_its_own_fte_a_team_alone_does_what_it_did_in_a_month_of_the_network(world, name, settling):
    council = world(name)
    first, last = council.calendar.first_day(1), council.calendar.first_day(2)
    run = Recorded(council.course(council.today()), first - settling)
    measures, found = watched(run, sorted({first - settling, first, last}))
    alone = replayed(run.network, found, first - settling, last)
    assert differences(run.network, measures, found, alone) == []
    assert measures.by_team["answered"].sum() > 10_000


@pytest.mark.parametrize("number", range(20))
def test_so_does_every_team_of_a_random_council_from_the_start_and_from_work_in_hand(random_run, number):
    run, days = random_run(number), list(random_run(number).days)
    measures, found = watched(run, days)
    assert differences(run.network, measures, found, replayed(run.network, found, days[0], days[-1])) == []
    state = run.start()
    for first, last in pairwise(days):
        opening = open_visits(state, run.network)
        state, measures, visits = recorded(run.network, state, run.arriving(first, last), last * DAY)
        found = streams(run.network, opening, [visits], first * DAY, last * DAY)
        assert differences(run.network, measures, found, replayed(run.network, found, first, last)) == []


def test_as_plain_python_no_index_is_out_of_bounds_or_negative_and_the_counts_are_the_same():
    script = Path(__file__).with_name("checked_replay.py")
    command = [sys.executable, "-W", "ignore", str(script), "60", *map(str, range(8))]
    environment = {**os.environ, "PYTHONPATH": str(script.parents[2]), "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["plain"]
    assert found["differences"] == {}
    assert found["steps"] > 1000


@pytest.mark.parametrize("share", [0.8, 0.97, 1.1])
def test_a_queue_without_feedback_does_at_another_fte_what_the_network_would(world, share):
    """Only there: a lost caller redials, so what other teams and later days meet depends on the FTE."""
    queue = world("one_queue")
    first, last = queue.calendar.first_day(0), queue.calendar.first_day(0) + 20
    run = Recorded(queue.course(queue.today()), first)
    measures, (stream,) = watched(run, [first, last])
    fte = {name: share * value for name, value in run.network.rosters.fte.items()}
    staffed = run.network.staffed(fte)
    changes = staffed.rosters.changes(first, last)
    _, other, _ = recorded(staffed, run.start(), run.arriving(first, last), last * DAY)
    counts = replay(stream, changes[:, [0, 2]])
    assert differences(run.network, other, [stream], [counts]) == []
    assert not np.array_equal(other.by_class["in_target"], measures.by_class["in_target"])


# --- Against a team alone in plain Python --------------------------------------------------------------------------

GRID = 5 * MINUTE
ticks = st.one_of(st.integers(1, 40).map(lambda n: n * GRID), st.integers(1, 5 * HOUR))
people = st.lists(st.tuples(st.integers(0, 5 * 16), st.integers(0, 4)), min_size=1, max_size=12)


@st.composite
def steps(draw: Any, alone: Any, number: int, joined: bool) -> np.ndarray:
    """One step of any kind, open at the start of day 1 or joining in the five days after."""
    live, urgent = draw(st.booleans()), draw(st.booleans())
    patience = draw(st.one_of(st.just(0), ticks))
    moment = draw(ticks) + draw(st.integers(0, 4)) * DAY + draw(st.integers(0, 20)) * HOUR
    if joined:
        more = {"moved": draw(st.booleans()), "patience": patience, "gives_up": draw(st.booleans())}
        return alone.visit(DAY + moment, draw(ticks), number, live, urgent, **more)
    if draw(st.booleans()):
        more = {"phase": IN_HAND, "started": 1, "until": NINE - 2 * HOUR + draw(ticks)}
        return alone.visit(DAY - moment % DAY, 0 if live else draw(ticks), number, live, urgent, **more)
    started = not live and draw(st.booleans())
    patience += moment % DAY if patience else 0
    more = {"started": started, "patience": 0 if started else patience, "gives_up": draw(st.booleans())}
    return alone.visit(DAY - moment % DAY, draw(ticks), number, live, urgent, **more)


def in_order(opening: list[np.ndarray], joined: list[np.ndarray]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Steps begun ahead of the others, and then in order of events."""
    return (
        sorted(opening, key=lambda v: (-v["started"][0], v["ready"][0])),
        sorted(joined, key=lambda v: (v["ready"][0], v["order"][0])),
    )


@given(data=st.data(), shifts=people, count_from=st.sampled_from([DAY, 2 * DAY, 2 * DAY + 10 * HOUR]))
def test_any_stream_with_any_people_gives_what_events_in_plain_python_give(alone, data, shifts, count_from):
    numbers = data.draw(st.permutations(range(40)))
    of_opening, of_joined = data.draw(st.integers(0, 12)), data.draw(st.integers(0, 28))
    opening, joined = in_order(
        [data.draw(steps(alone, n, joined=False)) for n in numbers[:of_opening]],
        [data.draw(steps(alone, n, joined=True)) for n in numbers[12 : 12 + of_joined]],
    )
    world = alone.world(closed=data.draw(st.sampled_from([(), (2,), (2, 3)])))
    # half an hour apart, within opening hours
    moments = sorted((NINE + n // 16 * DAY + n % 16 * HOUR // 2, k) for n, k in shifts)
    changes, end = np.array(moments), 7 * DAY
    by_events = alone.TeamAlone(world, count_from, end)
    by_events.run(alone.put_together(opening), alone.put_together(joined), changes)
    (stream,) = streams(world, alone.put_together(opening), [alone.put_together(joined)], count_from, end)
    counts = replay(stream, changes)
    assert np.array_equal(counts.by_class, by_events.counts[:, stream.standards])
    assert counts.open_steps == by_events.open_steps
    assert counts.duty_ticks == by_events.duty_ticks
    if not len(stream.until):
        assert counts.busy_ticks == by_events.busy_ticks


# --- Small worlds --------------------------------------------------------------------------------------------------


@pytest.fixture
def counted(alone):
    """`counted([visits], [(tick, people)], end)`: counts by name over all standard classes, from day 1 on."""

    def run(visits: list[np.ndarray], shifts: list[tuple[int, int]], end: int = 3 * DAY) -> dict[str, int]:
        (stream,) = streams(alone.world(), np.zeros(0, dtype=VISIT), [alone.put_together(visits)], DAY, end)
        counts = replay(stream, np.array(shifts, dtype=np.int64).reshape(-1, 2))
        by_class = dict(zip(CLASS_COUNTS, counts.by_class.sum(axis=1).tolist(), strict=True))
        return by_class | {"busy": counts.busy_ticks, "duty": counts.duty_ticks, "left": counts.open_steps}

    return run


def test_a_call_waits_until_the_one_before_it_is_over(alone, counted):
    calls = [alone.visit(NINE, 5 * MINUTE), alone.visit(NINE + 4 * MINUTE, 5 * MINUTE)]
    calls.append(alone.visit(NINE + 5 * MINUTE, 5 * MINUTE))
    seen = counted(calls, [(NINE, 1)])
    # the second waits the minute that is the target, the third five
    assert (seen["offered"], seen["answered"], seen["in_target"]) == (3, 3, 2)
    assert (seen["wait_ticks"], seen["busy"]) == (6 * MINUTE, 15 * MINUTE)


def test_a_caller_is_answered_in_the_tick_in_which_patience_ends_but_not_after_it(alone, counted):
    first, second = alone.visit(NINE, 5 * MINUTE), alone.visit(NINE + MINUTE, MINUTE, patience=4 * MINUTE)
    assert counted([first, second], [(NINE, 1)])["abandoned"] == 0
    second["patience"] -= 1
    seen = counted([first, second], [(NINE, 1)])
    assert (seen["abandoned"], seen["answered"], seen["open"]) == (1, 1, 0)


def test_a_caller_whose_patience_outlasts_the_run_is_still_open(alone, counted):
    waiting = alone.visit(NINE, MINUTE, patience=DAY)
    assert counted([waiting], [], NINE + DAY + 1)["abandoned"] == 1
    seen = counted([waiting], [], NINE + DAY)
    assert (seen["abandoned"], seen["open"], seen["open_in_target"], seen["left"]) == (0, 1, 0, 1)


def test_who_gives_up_and_tries_no_further_is_counted_among_the_lost(alone, counted):
    lost = [alone.visit(NINE + n, MINUTE, n, patience=MINUTE, gives_up=n == 1) for n in range(3)]
    assert (seen := counted(lost, []))["abandoned"] == 3
    assert seen["gave_up"] == 1


def test_work_that_can_be_put_off_waits_working_time(alone, counted):
    """It joins half an hour before the night, and is begun half an hour after it."""
    seen = counted([alone.visit(NINE + 7 * HOUR + HOUR // 2, HOUR, live=False)], [(NINE + DAY + HOUR // 2, 1)])
    assert (seen["wait_ticks"], seen["in_target"]) == (HOUR, 1)


def test_an_open_call_is_in_target_up_to_the_target(alone, counted):
    assert counted([alone.visit(NINE, MINUTE)], [], NINE + MINUTE)["open_in_target"] == 1
    assert counted([alone.visit(NINE, MINUTE)], [], NINE + MINUTE + 1)["open_in_target"] == 0


@pytest.mark.parametrize("shifts", [[], [(NINE, 1)]])
def test_a_caller_lost_before_counting_began_is_not_counted(alone, counted, shifts):
    earlier = [alone.visit(DAY - HOUR, MINUTE, n, patience=HOUR - n) for n in range(2)]
    seen = counted(earlier, shifts)
    assert (seen["offered"], seen["abandoned"], seen["answered"], seen["left"]) == (0, 1, 0, 0)


def test_work_in_hand_is_finished_when_people_go(alone, counted):
    seen = counted([alone.visit(NINE, 30 * MINUTE)], [(NINE, 1), (NINE + 10 * MINUTE, 0)])
    assert (seen["busy"], seen["duty"], seen["left"]) == (30 * MINUTE, 10 * MINUTE, 0)


def test_an_urgent_step_goes_before_a_call_and_a_call_before_what_can_be_put_off(alone, counted):
    """Each takes an hour of a day of three, and the last to be begun is open at the end."""
    joins = [alone.visit(NINE, HOUR, 0)]
    joins += [alone.visit(NINE + 1, HOUR, 1, live=False), alone.visit(NINE + 2, HOUR, 2)]
    joins += [alone.visit(NINE + 3, HOUR, 3, urgent=True)]
    day = [(NINE, 1), (NINE + 3 * HOUR, 0)]
    assert counted(joins, day)["open"] == 1
    assert counted(joins[:1] + joins[2:], day)["open"] == 0
    assert counted([*joins, alone.visit(NINE + 4, HOUR, 4)], [(NINE, 1)], NINE + 3 * HOUR)["answered"] == 3


def test_a_call_waits_for_the_end_of_a_slice_not_of_the_whole_work(alone, counted):
    long_work, call = alone.visit(NINE, 4 * HOUR, live=False), alone.visit(NINE + 59 * MINUTE, MINUTE)
    seen = counted([long_work, call], [(NINE, 1)], NINE + 4 * HOUR + MINUTE)
    assert (seen["in_target"], seen["left"]) == (2, 1)
    assert counted([long_work, call], [(NINE, 1)], NINE + 4 * HOUR + MINUTE + 1)["left"] == 0


def test_work_that_does_not_fit_into_the_day_goes_on_in_the_next(alone, counted):
    work = alone.visit(NINE + 7 * HOUR + 30 * MINUTE, HOUR, live=False)
    assert counted([work], [(NINE, 1)], NINE + DAY + 30 * MINUTE)["left"] == 1
    assert counted([work], [(NINE, 1)], NINE + DAY + 30 * MINUTE + 1)["left"] == 0


def test_work_of_more_ticks_than_a_record_holds_is_refused(alone, counted):
    with pytest.raises(OverflowError, match="4,294,967,295"):
        counted([alone.visit(NINE, LONGEST + 1)], [(NINE, 1)])


def test_people_who_come_after_the_end_are_refused(counted):
    with pytest.raises(ValueError, match="not before the end"):
        counted([], [(3 * DAY, 1)])


# --- More people ---------------------------------------------------------------------------------------------------

calls = st.lists(st.tuples(st.integers(0, 4 * 8 * 12), st.integers(1, 20)), max_size=60)
blocks = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=8, max_size=8)


@given(calls, blocks)
def test_more_people_never_serve_fewer_of_a_queue_without_patience_in_target(alone, calls, blocks):
    """First come first served, whole pieces of work: each begins no later. In a network, or with patience, this need not hold."""
    joins = [alone.visit(NINE + a * GRID, b * GRID, n) for n, (a, b) in enumerate(sorted(calls))]
    (stream,) = streams(alone.world(), np.zeros(0, dtype=VISIT), [alone.put_together(joins)], DAY, 5 * DAY)
    moments = NINE + np.arange(8) * 4 * HOUR
    few, more = (np.stack([moments, people], axis=1) for people in ([f for f, _ in blocks], [f + m for f, m in blocks]))
    of_few, of_more = (dict(zip(CLASS_COUNTS, replay(stream, c).by_class, strict=True)) for c in (few, more))
    for name in ("answered", "in_target"):
        assert (of_more[name] >= of_few[name]).all()
