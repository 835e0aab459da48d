"""What is owed, and by how much a service falls short of it: plain arithmetic on counts."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.capacity.standards import Standards, abandoned, in_target, judged_steps
from simulation.capacity.work_classes import WorkClasses

LIVE, DEFERRABLE = 0, 1


@pytest.fixture(scope="module")
def two(made_up):
    """`two(live=…, deferrable=…, tolerance, guards…)`: standards where today served 1,000 steps of each of two classes so."""

    def standards(tolerance=0.005, guard_tolerance=0.02, live=None, deferrable=None, **guards):
        classes = made_up.classes_of([True, False])
        today = served(made_up, live or {"answered": 950, "in_target": 800, "abandoned": 50}, deferrable)
        return Standards.of_today(
            classes, made_up.service(classes, today, **guards), made_up.wanted(tolerance, guard_tolerance)
        )

    return standards


def served(made_up, live, deferrable=None):
    """Counts of the live class and the other."""
    other = deferrable or {"answered": 1000, "in_target": 700}
    names = live.keys() | other.keys()
    rows = {name: [live.get(name, 0), other.get(name, 0)] for name in names}
    return made_up.counts(made_up.classes_of([True, False]), **rows)


# --- Shares --------------------------------------------------------------------------------------------------------


def test_steps_are_judged_that_began_or_were_lost_or_are_still_open(made_up):
    counts = served(made_up, {"answered": 80, "in_target": 60, "abandoned": 15, "open": 5, "open_in_target": 2})
    assert judged_steps(counts).tolist() == [100, 1000]
    assert in_target(counts)[LIVE] == 0.62
    assert abandoned(counts)[LIVE] == 0.15


def test_an_open_step_counts_as_in_target_as_long_as_its_age_is(two, made_up):
    standards = two()
    young = {"answered": 600, "in_target": 400, "open": 400, "open_in_target": 300}
    old = {"answered": 600, "in_target": 400, "open": 400}
    live = {"answered": 950, "in_target": 800, "abandoned": 50}
    assert standards.short(served(made_up, live, young))[DEFERRABLE] == 0
    assert standards.short(served(made_up, live, old))[DEFERRABLE] == pytest.approx(0.695 - 0.4)


def test_a_class_without_steps_has_no_share_and_owes_nothing(two, made_up):
    nothing = made_up.counts(made_up.classes_of([True, False]))
    assert np.isnan(in_target(nothing)).all() and np.isnan(abandoned(nothing)).all()
    assert not two().short(nothing).any()


# --- What is owed --------------------------------------------------------------------------------------------------


def test_todays_own_service_is_never_short(two):
    for tolerance in (0.0, 0.005):
        standards = two(tolerance=tolerance, guard_tolerance=0.0)
        assert not standards.short(standards.today.counts).any()
        assert standards.held(standards.today)


@pytest.mark.parametrize(("fewer", "short"), [(0, 0.0), (5, 0.0), (6, 0.001), (105, 0.1)])
def test_a_class_may_fall_by_the_tolerance_and_no_further(two, made_up, fewer, short):
    counts = served(made_up, {"answered": 950, "in_target": 800 - fewer, "abandoned": 50})
    assert two().short(counts)[LIVE] == pytest.approx(short, abs=1e-12)


def test_of_live_work_the_share_of_callers_lost_is_owed_too(two, made_up):
    more_lost = {"answered": 930, "in_target": 800, "abandoned": 70}
    assert two().short(served(made_up, more_lost))[LIVE] == pytest.approx(0.07 - 0.055)
    given_up = {"answered": 900, "in_target": 700, "abandoned": 100}
    live = {"answered": 950, "in_target": 800, "abandoned": 50}
    assert two().short(served(made_up, live, given_up))[DEFERRABLE] == 0


def test_work_that_today_does_not_have_takes_the_targets_for_new_work(two):
    standards = two(live={"answered": 0}, deferrable={"answered": 0})
    new = standards.wanted.new_work
    assert standards.at_least.tolist() == [new.answered_in_target.value, new.started_in_target.value]
    assert standards.at_most[LIVE] == new.abandoned.value


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2), st.sampled_from([0.0, 0.005]), st.sampled_from([800, 1000]))
def test_tightened_standards_are_never_looser(two, by, tolerance, in_time):
    """Not even where today is perfect: a share of 1, and nobody lost."""
    standards = two(tolerance=tolerance, live={"answered": 1000, "in_target": in_time})
    stricter = standards.tightened(np.array(by))
    assert (stricter.at_least >= standards.at_least).all()
    assert (stricter.at_most <= standards.at_most).all()


def test_what_cannot_be_had_is_not_asked(two):
    asked = two().tightened(np.array([0.9, 0.9]))
    assert (asked.at_least < 1).all() and (asked.at_most > 0).all()


@given(st.floats(0, 0.05), st.floats(0, 0.05), st.integers(0, 950), st.integers(0, 500))
def test_a_wider_tolerance_is_never_short_of_more(two, made_up, one, other, in_time, lost):
    low, high = sorted((one, other))
    counts = served(made_up, {"answered": 950, "in_target": in_time, "abandoned": lost})
    assert (two(tolerance=high).short(counts) <= two(tolerance=low).short(counts)).all()


def test_each_value_of_what_is_short_has_a_name(two):
    standards = two()
    assert len(standards.names) == len(standards.short(standards.today.counts))
    assert standards.names[0] == "front: class 0"
    assert "front: steps open at the end" in standards.names


# --- Guards --------------------------------------------------------------------------------------------------------

HOUR = 360_000


@pytest.fixture(scope="module")
def guarded(two):
    """Standards of a today where every guard has a figure."""
    return two(
        journeys=np.array([500, 500]), in_time=np.array([0.9, 0.1]), p90=np.array([10.0 * HOUR, 20.0 * HOUR]),
        unmet=0.1, open=np.array([100.0]), last_month=np.array([1000.0]),
    )  # fmt: skip


def with_guards(standards, **values):
    """Today's service with other figures for the guards."""
    arrays = {name: np.array(v) if isinstance(v, list) else v for name, v in values.items()}
    return replace(standards.today, **arrays)


@pytest.mark.parametrize(
    ("worse", "broken"),
    [
        ({"in_time": [0.881, 0.1]}, "type 0: journeys in time"),
        ({"in_time": [0.9, 0.0949]}, "type 1: journeys in time"),
        ({"p90": [10.3 * HOUR, 20.3 * HOUR]}, "type 0: p90 of journeys"),
        ({"unmet": 0.106}, "needs unmet"),
        ({"open": [106.0]}, "front: steps open at the end"),
    ],
)
def test_a_guard_that_is_worse_than_allowed_is_named_and_nothing_is_held(guarded, worse, broken):
    assert guarded.guards_broken(with_guards(guarded, **worse)) == (broken,)
    assert not guarded.held(with_guards(guarded, **worse))


def test_a_guard_may_be_worse_by_half_a_point_or_one_part_in_fifty_whichever_is_looser(guarded):
    """Of steps open at the end half a point is one of the last month's steps."""
    just = with_guards(
        guarded, in_time=[0.8821, 0.0951], p90=[10.19 * HOUR, 20.39 * HOUR], unmet=0.1049, open=[104.9]
    )  # fmt: skip
    assert guarded.guards_broken(just) == ()
    assert guarded.held(just)


def test_a_guard_binds_nobody_where_there_are_no_journeys(guarded):
    assert guarded.held(with_guards(guarded, in_time=[np.nan, 0.1], p90=[np.nan, HOUR]))


def test_a_class_that_is_short_is_not_held_though_every_guard_is(guarded, made_up):
    worse = replace(guarded.today, counts=served(made_up, {"answered": 950, "in_target": 700, "abandoned": 50}))
    assert guarded.guards_broken(worse) == ()
    assert not guarded.held(worse)


def test_a_demand_type_without_journeys_has_no_guard_of_journeys(two):
    standards = two()
    assert np.isnan(standards.today.p90).all()
    assert standards.guards_broken(standards.today) == ()
    assert not np.isnan(standards.short(standards.today.counts)).any()


# --- The allowance of waiting: a means of the search ---------------------------------------------------------------


def test_room_that_the_journeys_leave_lets_steps_wait_longer_and_what_is_lacking_less(guarded):
    fast, slow = (replace(guarded.today, p90=f * guarded.today.p90) for f in (0.5, 1.5))
    assert (guarded.corrected(fast).allowance > guarded.allowance).all()
    assert (guarded.corrected(slow).allowance <= guarded.allowance).all()


def test_the_allowance_is_a_number_whatever_is_missing(two, guarded, made_up):
    nothing = made_up.service(guarded.classes, made_up.counts(guarded.classes))
    for standards in (two(), guarded):
        for service in (nothing, standards.today, guarded.today):
            assert np.isfinite(standards.corrected(service).allowance).all()


def test_waits_are_not_a_standard_of_their_own(guarded, made_up):
    """They lengthen journeys, and journeys are guarded."""
    live = {"answered": 950, "in_target": 800, "abandoned": 50, "wait_ticks": 10_000 * HOUR}
    long_waits = replace(guarded.today, counts=served(made_up, live))
    assert guarded.short(long_waits.counts).any()
    assert guarded.held(long_waits)


# --- Classes of work -----------------------------------------------------------------------------------------------

TYPES, LAYERS = ("calls", "claims", "rare", "scarce"), ("front", "assessment", "delivery")


def standard_number(layer, kind, live, urgent=False):
    return ((LAYERS.index(layer) * len(TYPES) + TYPES.index(kind)) * 2 + live) * 2 + urgent


@pytest.fixture(scope="module")
def work():
    """Classes of the first two layers where rare and scarce work has a few steps a year and some has none."""
    a_year = np.zeros(len(LAYERS) * len(TYPES) * 4)
    for kind, steps in zip(TYPES, (5000, 3000, 999, 10), strict=True):
        a_year[standard_number("front", kind, True)] = steps
        a_year[standard_number("front", kind, False)] = steps
    a_year[standard_number("delivery", "calls", False)] = 5000
    return WorkClasses.of(LAYERS, LAYERS[:2], SimpleNamespace(demand_types=TYPES), a_year, 1000), a_year


def test_small_classes_of_a_layer_and_pace_are_judged_together(work):
    classes, _ = work
    place = classes.of_standard
    small = place[standard_number("front", "rare", True)]
    assert classes.labels[small] == "small classes live"
    assert place[standard_number("front", "scarce", True)] == small
    assert place[standard_number("front", "rare", False)] != small
    assert place[standard_number("front", "claims", True)] != small


def test_work_that_today_does_not_have_at_all_stays_a_class_of_its_own(work):
    """It has a target of its own."""
    classes, _ = work
    place = classes.of_standard[standard_number("assessment", "rare", False)]
    assert classes.labels[place] == "rare deferrable"
    assert (classes.of_standard == place).sum() == 1


def test_a_layer_that_is_not_judged_has_no_class(work):
    classes, _ = work
    assert classes.layer_names == ("front", "assessment")
    assert classes.of_standard[standard_number("delivery", "calls", False)] == -1


def test_gathering_loses_no_step_of_the_layers_judged(work):
    classes, a_year = work
    gathered = classes.gather(np.array([a_year]))[0]
    judged = sum(a_year[standard_number("front", kind, live)] for kind in TYPES for live in (True, False))
    assert gathered.sum() == judged
    assert classes.by_layer(gathered).tolist() == [judged, 0]
    assert classes.by_type(gathered).sum() == judged
    assert classes.by_type(gathered)[0] == 10_000


def test_what_is_short_in_a_layer_or_a_demand_type_concerns_all_its_classes(made_up):
    classes = made_up.classes_of([True, False, False], layers=["front", "front", "back"], types=[0, 1, 1])
    standards = Standards.of_today(
        classes, made_up.service(classes, made_up.counts(classes, answered=1000)), made_up.wanted()
    )
    short = np.zeros(3 + 2 + 2)
    assert standards.concerns(short).tolist() == [False, False, False]
    for place, concerned in ((0, [0]), (3, [0, 1]), (4, [2]), (5, [0]), (6, [1, 2])):
        one = short.copy()
        one[place] = 0.1
        assert np.flatnonzero(standards.concerns(one)).tolist() == concerned
