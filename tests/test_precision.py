"""Precision: intervals, how many replications are wanted, what common random numbers save."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.experiment import Settings, run
from simulation.precision import (
    MOST_REPLICATIONS,
    half_width,
    relative_half_width,
    replications_wanted,
    variance_reduction,
)
from simulation.scenario import load

VALUES = st.lists(st.floats(1, 1000), min_size=3, max_size=30)


def test_the_interval_of_a_mean_is_student_s():
    # Ten normal values: t(0.975, 9) = 2.262157
    values = [9.0, 11.0, 10.0, 12.0, 8.0, 10.0, 9.5, 10.5, 11.5, 8.5]
    assert half_width(values) == pytest.approx(2.262157 * np.std(values, ddof=1) / np.sqrt(10), rel=1e-6)


def test_nine_intervals_in_twenty_of_twenty_hold_the_mean():
    rng = np.random.default_rng(1)
    samples = rng.normal(50, 5, (2000, 6))
    held = np.mean([abs(s.mean() - 50) <= half_width(s) for s in samples])
    assert 0.935 <= held <= 0.965


def test_a_precision_that_is_reached_asks_for_no_more():
    assert replications_wanted([100.0, 100.1, 99.9], 0.05) == 3


def test_a_precision_that_is_not_reached_asks_for_as_many_as_the_spread_makes_likely():
    values = [100.0, 110.0, 90.0, 105.0, 95.0, 100.0, 108.0, 92.0]
    wanted = replications_wanted(values, relative_half_width(values) / 1.2)
    assert wanted == 12  # 8 × 1.2², rounded up


@given(VALUES, st.floats(0.001, 0.5))
def test_more_is_wanted_exactly_where_the_interval_is_too_wide_and_never_more_than_twice_as_many(values, precision):
    wanted = replications_wanted(values, precision)
    assert (wanted > len(values)) == (relative_half_width(values) > precision)
    assert wanted <= min(2 * len(values), MOST_REPLICATIONS)


def test_fewer_than_three_replications_are_too_few_to_stop_on():
    assert replications_wanted([100.0, 100.0], 0.5) == 3


def test_common_random_numbers_take_away_what_both_have_in_common():
    rng = np.random.default_rng(2)
    common, a, b = rng.normal(0, 3, 4000), rng.normal(0, 1, 4000), rng.normal(0, 1, 4000)
    assert variance_reduction(common + a, common + b) == pytest.approx(0.9, abs=0.01)
    assert variance_reduction(a, b) == pytest.approx(0.0, abs=0.05)
    assert variance_reduction([1.0, 1.0], [2.0, 2.0]) is None


def test_a_run_goes_on_until_its_precision_is_reached_and_the_split_over_workers_changes_nothing():
    scenario = load("district", ["levers.in_target=[channel_shift, teams]"])
    loose = run(scenario, Settings(months=1, replications=2, precision=100.0, search=False))
    assert loose.replications == 3
    reached = loose.summary["precision"]["relative_half_width"]
    tight = run(scenario, Settings(months=1, replications=2, precision=reached * 0.9, search=False))
    assert tight.replications > 3
    assert tight.summary["effort_released_fte"]["n"] == tight.replications
    found = tight.summary["precision"]
    assert found["relative_half_width"] <= reached * 0.9 or tight.replications == MOST_REPLICATIONS
    fixed = run(scenario, Settings(months=1, replications=tight.replications, search=False))
    assert fixed.summary == tight.summary
