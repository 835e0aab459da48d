"""Small worlds with an exact log: a few attempts at two teams, minute by minute, the same on either engine."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from layers.calendar import Calendar
from simulation.calibration import calibrated
from simulation.engines.choice import engine
from simulation.engines.network import Network, network_of
from simulation.engines.state import IN_HAND, WAITING, State
from simulation.engines.visits import open_visits
from simulation.journeys import Journeys
from simulation.measures import MonthMeasures, wait_cell
from simulation.operating_model import OperatingModel
from simulation.rows import CONTACT, DEFERRABLE, LIVE, STEP, TICKS_PER_DAY, TICKS_PER_MINUTE, URGENT
from simulation.scenario import CheckedCouncil, load

MONDAY = 9
FRONT, BACK = 0, 1
MINUTES_A_DAY = 24 * 60
Row = tuple[int, int, int, int, int, int]


@dataclass(frozen=True)
class Step:
    """A step at a team: `minutes` of work, while the customer waits with some `patience` (0: for ever) or not."""

    team: int
    minutes: int
    live: bool = True
    patience: int = 0
    urgent: bool = False


@dataclass(frozen=True)
class Day:
    """What a Monday gave: rows (attempt, step, team, ready, began, ended or -1) in minutes after nine; state and counts."""

    rows: list[Row]
    state: State
    counts: MonthMeasures


@pytest.fixture(scope="module")
def two_teams() -> Network:
    """The one queue with a second team; both work from 9 to 17 on weekdays."""
    document = deepcopy(dict(load("one_queue").document))
    steps, teams = document["routes"]["steps"], document["teams"]
    steps["answer"]["to"], steps["write"] = "write", {**deepcopy(steps["answer"]), "to": "done"}
    teams["pools"]["back"] = {**deepcopy(teams["pools"]["desk"]), "takes": [{"steps": ["write"]}]}
    weekdays = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}
    teams["opening_hours"] = {"always": weekdays}
    council = calibrated(CheckedCouncil.model_validate(document))
    return network_of(OperatingModel.today(council), Calendar.of(council.calendar))


@pytest.fixture(params=["simpy", "compiled"])
def monday(request, two_teams) -> Callable[..., Day]:
    """`monday([(minute, [Step, …]), …], {minute: (front, back), …})`: who arrives when, and how many people are on duty.

    `days`: how many days are counted; targets that differ from the network's may follow.
    """

    def run(
        arriving: list[tuple[int, list[Step]]], duty: dict[int, tuple[int, int]], days: int = 1, **targets: Any
    ) -> Day:
        changes = np.array([(_tick(minute), team, n) for minute in duty for team, n in enumerate(duty[minute])])
        trace: list[Row] = []
        advance: Any = engine(request.param)
        start, until = State.empty(MONDAY * TICKS_PER_DAY, 2), (MONDAY + days) * TICKS_PER_DAY
        rosters: Any = SimpleNamespace(changes=lambda first_day, last_day: changes)
        network = replace(two_teams, rosters=rosters, **targets)
        state, counts = advance(network, start, _journeys(arriving), until, trace)
        return Day([(*row[:3], *map(_minute, row[3:6])) for row in trace], state, counts)

    return run


def _tick(minute: int) -> int:
    return MONDAY * TICKS_PER_DAY + (9 * 60 + minute) * TICKS_PER_MINUTE


def _minute(tick: int) -> int:
    """Minutes after nine on Monday; -1 stays."""
    minutes, rest = divmod(tick - _tick(0), TICKS_PER_MINUTE)
    assert rest == 0 or tick == -1
    return -1 if tick == -1 else minutes


def _journeys(arriving: list[tuple[int, list[Step]]]) -> Journeys:
    contacts = np.zeros(len(arriving), dtype=CONTACT)
    steps = np.zeros(sum(len(visits) for _, visits in arriving), dtype=STEP)
    used = 0
    for contact, (minute, visits) in zip(contacts, arriving, strict=True):
        contact["arrival"], contact["child_entry"] = _tick(minute), -1
        contact["first_step"], contact["steps"] = used, len(visits)
        for visit in visits:
            row = steps[used]
            row["pool"], row["live"], row["first_in_layer"] = visit.team, visit.live, 1
            row["priority"] = URGENT if visit.urgent else LIVE if visit.live else DEFERRABLE
            row["standard"] = 2 * visit.live + visit.urgent
            row["ticks"], row["patience"] = visit.minutes * TICKS_PER_MINUTE, visit.patience * TICKS_PER_MINUTE
            used += 1
    return Journeys(contacts, steps)


ONE_EACH = {0: (1, 1), 480: (0, 0)}


def test_urgent_goes_before_live_and_live_before_deferrable_and_first_come_is_first_served(monday):
    day = monday(
        [
            (0, [Step(FRONT, 10)]),
            (1, [Step(FRONT, 10, live=False)]),
            (2, [Step(FRONT, 10)]),
            (3, [Step(FRONT, 10)]),
            (4, [Step(FRONT, 10, live=False, urgent=True)]),
        ],
        ONE_EACH,
    )
    assert [(row[0], row[5]) for row in day.rows] == [(0, 10), (4, 20), (2, 30), (3, 40), (1, 50)]


def test_a_call_waits_no_longer_than_a_slice_and_the_rest_of_the_work_goes_first_among_its_kind(monday):
    day = monday(
        [(0, [Step(FRONT, 150, live=False)]), (5, [Step(FRONT, 30, live=False)]), (20, [Step(FRONT, 10)])], ONE_EACH
    )
    assert [(row[0], *row[4:]) for row in day.rows] == [
        (0, 0, 60),
        (2, 60, 70),
        (0, 70, 130),
        (0, 130, 160),
        (1, 160, 190),
    ]


def test_deferrable_work_goes_on_next_morning_and_a_call_in_hand_is_finished_after_closing(monday):
    day = monday(
        [(450, [Step(FRONT, 50, live=False)]), (470, [Step(BACK, 30)])],
        {**ONE_EACH, MINUTES_A_DAY: (1, 1), MINUTES_A_DAY + 480: (0, 0)},
        days=2,
    )
    assert day.rows == [(1, 0, BACK, 470, 470, 500), (0, 0, FRONT, 450, 450, MINUTES_A_DAY + 20)]
    assert day.counts.by_team["overtime_ticks"].tolist() == [0, 20 * TICKS_PER_MINUTE]
    assert day.counts.by_team["busy_ticks"].tolist() == [50 * TICKS_PER_MINUTE, 30 * TICKS_PER_MINUTE]


def test_who_is_free_at_the_minute_a_caller_would_give_up_answers(monday):
    """At one tick people come on duty, then work ends, then callers give up, then attempts arrive."""
    day = monday(
        [(0, [Step(FRONT, 10)]), (1, [Step(FRONT, 10, patience=9)]), (2, [Step(FRONT, 10, patience=9)])], ONE_EACH
    )
    assert day.rows == [(0, 0, FRONT, 0, 0, 10), (2, 0, FRONT, 2, 11, -1), (1, 0, FRONT, 1, 10, 20)]
    day = monday([(1, [Step(FRONT, 5, patience=9)]), (10, [Step(FRONT, 5)])], {10: (1, 1), 480: (0, 0)})
    assert [row[5] for row in day.rows] == [15, 20]


def test_a_caller_who_gives_up_is_lost_where_she_waits_not_where_an_earlier_wait_would_have_ended(monday):
    """Attempt 1 waits twice, at both teams until minute 20 at most."""
    day = monday(
        [(0, [Step(FRONT, 10)]), (2, [Step(FRONT, 5, patience=18), Step(BACK, 5, patience=5)]), (3, [Step(BACK, 60)])],
        ONE_EACH,
    )
    assert (1, 1, BACK, 15, 20, -1) in day.rows
    assert day.counts.by_team["abandoned"].tolist() == [0, 1]
    assert day.counts.causes["gave_up"] == 1


def test_what_is_open_at_midnight_stands_in_the_state_as_it_stood(monday):
    """One attempt answered at once, whose patience was never tried, and one that waits behind it."""
    day = monday([(470, [Step(FRONT, 960, patience=5)]), (475, [Step(FRONT, 10, patience=MINUTES_A_DAY)])], ONE_EACH)
    progress = day.state.progress
    assert progress["phase"].tolist() == [IN_HAND, WAITING]
    assert progress["started"].tolist() == [1, 0]
    assert [_minute(tick) for tick in progress["give_up_at"].tolist()] == [-1, 475 + MINUTES_A_DAY]
    assert day.counts.by_team["backlog"].tolist() == [2, 0]


def test_no_more_people_work_than_are_on_duty_and_all_of_them_do_when_there_is_work(monday):
    day = monday([(0, [Step(FRONT, 10)])] * 5, {0: (2, 0), 10: (3, 0), 480: (0, 0)})
    assert [(row[0], *row[4:]) for row in day.rows] == [(0, 0, 10), (1, 0, 10), (2, 10, 20), (3, 10, 20), (4, 10, 20)]


UNATTENDED = [
    (10, [Step(FRONT, 5, patience=5, urgent=True)]),
    (410, [Step(BACK, 70, live=False)]),
    (415, [Step(BACK, 600)]),
    (419, [Step(FRONT, 5, live=False)]),
    (420, [Step(FRONT, 5, live=False)]),
    (869, [Step(FRONT, 5)]),
    (870, [Step(FRONT, 5, patience=60)]),
    (890, [Step(FRONT, 5, live=False, urgent=True)]),
]
"""Nobody comes to the first team; at the second, one piece of work has begun and one is in hand at midnight, minute 900."""
BACK_ONLY = {0: (0, 1), 480: (0, 0)}


def test_what_has_not_begun_at_midnight_is_in_target_if_it_has_waited_no_longer_than_a_start_may_take(monday):
    """Half an hour for a call, an hour of opening time (until minute 480) for other work, which may wait overnight."""
    targets = {"answer_within": 30 * TICKS_PER_MINUTE, "start_within": [60 * TICKS_PER_MINUTE] * 2}
    by_class = monday(UNATTENDED, BACK_ONLY, **targets).counts.by_class
    columns = ("other work", "urgent other work", "calls", "urgent calls")
    assert {name: dict(zip(columns, counts.tolist(), strict=True)) for name, counts in by_class.items()} == {
        "offered": {"other work": 3, "urgent other work": 1, "calls": 3, "urgent calls": 1},
        "answered": {"other work": 1, "urgent other work": 0, "calls": 1, "urgent calls": 0},
        "in_target": {"other work": 1, "urgent other work": 0, "calls": 0, "urgent calls": 0},
        "abandoned": {"other work": 0, "urgent other work": 0, "calls": 0, "urgent calls": 1},
        "wait_ticks": {"other work": 0, "urgent other work": 0, "calls": 55 * TICKS_PER_MINUTE, "urgent calls": 0},
        "gave_up": {"other work": 0, "urgent other work": 0, "calls": 0, "urgent calls": 1},
        "open": {"other work": 2, "urgent other work": 1, "calls": 2, "urgent calls": 0},
        "open_in_target": {"other work": 1, "urgent other work": 1, "calls": 1, "urgent calls": 0},
    }


def test_the_visits_open_at_midnight_are_those_waiting_in_order_then_those_in_hand(monday, two_teams):
    visits = open_visits(monday(UNATTENDED, BACK_ONLY).state, two_teams)
    rows = [(v["pool"], v["priority"], _minute(v["ready"]), v["started"]) for v in visits]
    assert rows == [
        (FRONT, URGENT, 890, 0),
        (FRONT, LIVE, 869, 0),
        (FRONT, LIVE, 870, 0),
        (FRONT, DEFERRABLE, 419, 0),
        (FRONT, DEFERRABLE, 420, 0),
        (BACK, LIVE, 415, 1),
        (BACK, DEFERRABLE, 410, 1),
    ]
    assert (visits["patience"] // TICKS_PER_MINUTE).tolist() == [0, 0, 60, 0, 0, 0, 0]
    assert (visits["ticks"] // TICKS_PER_MINUTE).tolist() == [5, 5, 5, 5, 5, 0, 10]
    assert visits["phase"].tolist() == [WAITING] * 5 + [IN_HAND, WAITING]
    assert [_minute(v["until"]) for v in visits if v["phase"] == IN_HAND] == [470 + 600]


def test_a_journey_takes_the_opening_time_from_arrival_to_the_end_of_all_its_steps(monday):
    """Nine to five: from half past eight, across a night, from the evening, into the evening, through two teams."""
    day = monday(
        [
            (-30, [Step(FRONT, 5)]),
            (0, [Step(FRONT, 10)]),
            (50, []),
            (100, [Step(FRONT, 7), Step(BACK, 11)]),
            (101, [Step(FRONT, 5, patience=2)]),
            (470, [Step(FRONT, 25, live=False)]),
            (471, [Step(BACK, 30)]),
            (600, [Step(FRONT, 5, live=False)]),
            (MINUTES_A_DAY + 470, [Step(FRONT, 600)]),
        ],
        {**ONE_EACH, MINUTES_A_DAY: (1, 1), MINUTES_A_DAY + 480: (0, 0)},
        days=2,
        complete_within=20 * TICKS_PER_MINUTE,
    )
    took = [wait_cell(minutes * TICKS_PER_MINUTE) for minutes in (5, 15, 18, 25, 9, 20)]
    assert np.repeat(np.arange(day.counts.journeys.shape[1]), day.counts.journeys[0]).tolist() == sorted(took)
    assert day.counts.journeys_in_target.tolist() == [5]
    assert day.counts.causes["online_only"] == day.counts.causes["gave_up"] == 1
