"""A rounded figure carries the range that its last printed digit leaves open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.published import PublishedCell
from simulation.reproduce.rounded import Rounded


def printed(value: float, step: float) -> Rounded:
    return Rounded.printed(PublishedCell("t", "c", value, "£m", step, "printed", "", "P", 2))


def test_a_printed_figure_may_be_half_its_last_digit_off() -> None:
    assert printed(64, 1) == Rounded(64, 63.5, 64.5)


def test_division_carries_the_range() -> None:
    cost = printed(64, 1) * 1000 / 1648
    assert (cost.low, cost.value, cost.high) == pytest.approx((38.53, 38.83, 39.14), abs=0.01)


def test_subtraction_widens_the_range() -> None:
    assert (printed(5, 1) - printed(3, 1)).high == 3


def test_an_exact_number_must_round_to_the_printed_one() -> None:
    assert Rounded.of(26.7).prints_as(27, 1)
    assert not Rounded.of(26.4).prints_as(27, 1)


def test_a_tie_may_be_rounded_either_way() -> None:
    assert Rounded.of(27.5).prints_as(27, 1) and Rounded.of(27.5).prints_as(28, 1)


@given(st.floats(0.6, 100), st.floats(0.6, 100), st.floats(0, 1), st.floats(0, 1))
def test_the_true_result_always_lies_in_the_carried_range(a: float, b: float, where_a: float, where_b: float) -> None:
    true_a, true_b = a - 0.5 + where_a, b - 0.5 + where_b
    x, y = printed(a, 1), printed(b, 1)
    pairs = ((x + y, true_a + true_b), (x - y, true_a - true_b), (x * y, true_a * true_b), (x / y, true_a / true_b))
    for carried, true in pairs:
        assert carried.low <= true * (1 + 1e-12) + 1e-9 and true <= carried.high * (1 + 1e-12) + 1e-9
