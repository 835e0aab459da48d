"""The safe-release gate on posts alone: what is proposed, confirmed and gone, month by month."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.plan.posts import Capacity, Due, GateRules, Posts, step

LAYERS, AREAS, MONTHS = 2, 3, 36
SHARE = st.floats(0, 1, allow_nan=False)
MOST_TOLERANCE = 1.0
"""All of the service: nothing is too bad."""


def rules(on=True, tolerance=0.0, consultation=2, notice=2):
    return GateRules(on, tolerance, consultation, notice)


def line(start, months):
    """The share of a release due by each month: a line from a month on."""
    return [min(1.0, max(0.0, (month - start + 1) / months)) for month in range(MONTHS + 24)]


@st.composite
def plans(draw):
    """Capacities, what is due by month and what the levers have earned by month (which may fall back)."""
    size = (LAYERS, AREAS)
    existing = np.array(draw(st.lists(st.floats(1, 200), min_size=6, max_size=6))).reshape(size)
    slack, part = (np.array(draw(st.lists(SHARE, min_size=6, max_size=6))).reshape(size) for _ in range(2))
    needed = existing * (1 - 0.05 * slack)
    released = needed * (part * 0.6 - 0.1)
    capacity = Capacity(existing, needed, needed - released, released)
    due = line(draw(st.integers(0, 20)), draw(st.integers(1, 24)))
    earned = draw(st.lists(st.floats(-0.3, 1), min_size=MONTHS, max_size=MONTHS))
    held = draw(st.lists(st.booleans(), min_size=MONTHS, max_size=MONTHS))
    return capacity, due, earned, held


def run(capacity, gate, due, earned, held=None, growth=1.0):
    """The posts at the start of every month."""
    posts, course, shape = Posts.none(capacity), [], capacity.existing.shape
    for month in range(MONTHS):
        every = np.full(shape, 1.0)
        fine = np.full(shape[0], True if held is None else held[month])
        now, ahead = every * due[month], every * due[month + gate.lead_months]
        posts = step(posts, capacity, gate, Due(month, now, ahead, every * earned[month], growth, fine))
        course.append(posts)
    return course


def one(existing=100.0, needed=100.0, target=60.0):
    """A council of one layer and one area."""
    whole = [np.array([[value]]) for value in (existing, needed, target)]
    return Capacity(*whole, whole[1] - whole[2])


def gone(course):
    return [float(posts.gone.sum()) for posts in course]


@settings(max_examples=60, deadline=None)
@given(plans())
def test_a_tolerance_of_everything_is_the_gate_switched_off(plan):
    capacity, due, earned, _ = plan
    off, wide = run(capacity, rules(on=False), due, earned), run(capacity, rules(tolerance=MOST_TOLERANCE), due, earned)
    for one_way, other in zip(off, wide, strict=True):
        assert one_way.gone.tobytes() == other.gone.tobytes()
        assert one_way.at_risk.tobytes() == other.at_risk.tobytes()


@settings(max_examples=60, deadline=None)
@given(plans())
def test_no_post_goes_before_a_notice_that_the_gate_allowed(plan):
    """What is gone was at most what could be spared in some month at least a notice earlier."""
    capacity, due, earned, held = plan
    gate = rules()
    course = run(capacity, gate, due, earned, held)
    spared = np.zeros_like(capacity.existing)
    could = []
    for share in earned:
        spared = np.maximum(spared, capacity.existing - capacity.needed(np.full_like(spared, share), 1.0))
        could.append(spared.copy())
    for month, posts in enumerate(course):
        allowed = could[month - gate.notice_months] if month >= gate.notice_months else np.zeros_like(spared)
        falls = capacity.released > 0
        assert (posts.gone[falls] <= allowed[falls] + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(plans())
def test_posts_gone_never_come_back_and_never_exceed_what_is_due(plan):
    capacity, due, earned, held = plan
    falls = capacity.released > 0
    course = run(capacity, rules(), due, earned, held)
    for before, after in pairwise(course):
        assert (after.gone[falls] >= before.gone[falls]).all()
    for month, posts in enumerate(course):
        assert (posts.gone[falls] <= due[month] * capacity.released[falls] + 1e-9).all()


def test_without_the_gate_posts_go_on_the_day_they_are_due():
    due = line(12, 12)
    course = run(one(), rules(on=False), due, [0.0] * MONTHS)
    assert gone(course) == pytest.approx([40 * share for share in due[:MONTHS]])


def test_with_the_gate_they_wait_for_the_levers_and_then_for_consultation_and_notice():
    earned = [0.0] * 20 + [1.0] * (MONTHS - 20)
    course = run(one(), rules(consultation=2, notice=3), line(10, 1), earned)
    assert gone(course)[24] == 0.0
    assert gone(course)[25] == pytest.approx(40.0)
    assert course[20].at_risk.sum() == pytest.approx(40.0)


def test_a_proposal_that_is_no_longer_safe_at_notice_is_taken_back():
    earned = [0.0] * 8 + [1.0] * 2 + [0.5] * (MONTHS - 10)
    course = run(one(), rules(consultation=2, notice=2), line(10, 1), earned)
    assert course[9].at_risk.sum() == pytest.approx(40.0)
    assert course[10].at_risk.sum() == pytest.approx(20.0)
    assert gone(course)[-1] == pytest.approx(20.0)


def test_nothing_is_proposed_where_the_past_quarter_did_not_hold():
    held = [False] * 30 + [True] * (MONTHS - 30)
    course = run(one(), rules(), line(10, 1), [1.0] * MONTHS, held)
    assert all(posts.at_risk.sum() == 0.0 for posts in course[:30])
    assert course[30].at_risk.sum() == pytest.approx(40.0)


def test_growth_in_the_months_ahead_keeps_posts():
    course = run(one(), rules(), line(10, 1), [1.0] * MONTHS, growth=1.5)
    assert gone(course)[-1] == pytest.approx(100 - 1.5 * 60)


def test_people_beyond_the_need_can_go_at_once_but_never_more_than_the_release():
    course = run(one(existing=110.0), rules(), line(10, 1), [0.0] * MONTHS)
    assert gone(course)[-1] == pytest.approx(10.0)
    course = run(one(existing=200.0), rules(), line(10, 1), [0.0] * MONTHS)
    assert gone(course)[-1] == pytest.approx(40.0)


def test_a_layer_that_work_moves_to_is_filled_when_the_plan_says():
    course = run(one(target=130.0), rules(), line(10, 10), [0.0] * MONTHS)
    assert gone(course)[15] == pytest.approx(-30.0 * 0.6)
    assert course[15].at_risk.sum() == 0.0
