"""Keyed draws: uniform, independent of each other whatever they share, and read into distributions without bias."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from layers.draws import (
    CELLS,
    ONE,
    SCALE_BITS,
    case_key,
    draw,
    mix,
    name_hash,
    quantile,
    quantile_table,
    run_key,
    threshold,
)
from simulation.arrivals import poisson
from simulation.engines.readable import child_key

SEED = 3
MANY = 1 << 16
TOP_31_BITS = np.uint64(33)


def mixed(x: np.ndarray) -> np.ndarray:
    """The mixer over whole arrays, written once more from Steele, Lea and Flood (2014), figure 14, variant 13."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def keys(run: np.uint64, stream: str, hours: np.ndarray, indexes: np.ndarray) -> np.ndarray:
    """Case keys over whole arrays."""
    key = mixed(np.array([run ^ name_hash(stream)])) + hours.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return mixed(mixed(key) + indexes.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03))


def draws(of: np.ndarray, slot: str) -> np.ndarray:
    """Uniform numbers from 0 to 1 over whole arrays of keys."""
    return (mixed(of ^ name_hash(slot)) >> TOP_31_BITS).astype(float) / ONE


@pytest.fixture(scope="module")
def cases() -> np.ndarray:
    """Keys of the first 16 cases of 4,096 hours of one stream."""
    hours, indexes = np.divmod(np.arange(MANY), 16)
    return keys(run_key(SEED, 0), "stream/highways/phone", hours, indexes)


def test_the_mixer_is_splitmix64():
    """The first outputs of the published generator from seed 1234567."""
    gamma, seed = 0x9E3779B97F4A7C15, 1234567
    outputs = [int(mix(np.uint64((seed + i * gamma) % 2**64))) for i in (1, 2, 3)]
    assert outputs == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_keys_and_draws_are_what_they_are_when_written_for_whole_arrays(cases):
    slot, redial = name_hash("step/answer_phone"), name_hash("child/redial")
    for i in range(0, MANY, 997):
        hour, index = divmod(i, 16)
        key = np.uint64(case_key(run_key(SEED, 0), name_hash("stream/highways/phone"), hour, index))
        assert int(key) == int(cases[i])
        assert draw(key, slot) == draws(cases[i : i + 1], "step/answer_phone")[0] * ONE
        assert child_key(int(key), int(redial)) == int(mixed(cases[i : i + 1] + redial)[0])


def test_no_two_cases_have_the_same_key(cases):
    other = keys(run_key(SEED, 1), "stream/highways/phone", *np.divmod(np.arange(MANY), 16))
    beside = keys(run_key(SEED, 0), "stream/highways/online", *np.divmod(np.arange(MANY), 16))
    assert len(np.unique(np.concatenate([cases, other, beside]))) == 3 * MANY


@pytest.mark.parametrize("slot", ["arrival/count", "step/answer_phone", "own/repeat", "a", "b"])
def test_draws_are_uniform(cases, slot):
    u = draws(cases, slot)
    assert stats.chisquare(np.histogram(u, 256, (0, 1))[0]).pvalue > 1e-3
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    low_bits = (mixed(cases ^ name_hash(slot)) >> TOP_31_BITS).astype(np.int64) & 255
    assert stats.chisquare(np.bincount(low_bits, minlength=256)).pvalue > 1e-3


def related(cases: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pairs of draws that share something: a case, an hour, a parent, a name."""
    u = draws(cases, "step/answer_phone")
    hours, indexes = np.divmod(np.arange(MANY), 16)
    child = mixed(cases + name_hash("child/redial"))
    grandchild = mixed(child + name_hash("child/redial"))
    sibling = mixed(cases + name_hash("child/repeat"))
    stream, run = "stream/highways/phone", run_key(SEED, 0)
    slot = "step/answer_phone"
    return {
        "two slots of a case": (u, draws(cases, "step/process")),
        "slots with names alike": (draws(cases, "step/a1"), draws(cases, "step/a2")),
        "a step's work and its patience": (u, draws(cases ^ name_hash(slot), "own/patience")),
        "neighbours in an hour": (u[:-1], u[1:]),
        "the same index an hour on": (u[:-16], u[16:]),
        "the same index a day on": (u[: -16 * 24], u[16 * 24 :]),
        "parent and child": (u, draws(child, slot)),
        "parent and grandchild": (u, draws(grandchild, slot)),
        "two children": (draws(child, slot), draws(sibling, slot)),
        "two replications": (u, draws(keys(run_key(SEED, 1), stream, hours, indexes), slot)),
        "two seeds": (u, draws(keys(run_key(SEED + 1, 0), stream, hours, indexes), slot)),
        "two streams": (u, draws(keys(run, "stream/highways/online", hours, indexes), slot)),
    }


def test_draws_that_share_something_are_independent(cases):
    """No correlation in value or in square, and all 16 × 16 cells of the unit square hold their share."""
    pairs = related(cases)
    worst = {}
    for name, (one, two) in pairs.items():
        bound = 4 / np.sqrt(len(one))
        assert abs(np.corrcoef(one, two)[0, 1]) < bound, name
        assert abs(np.corrcoef((one - 0.5) ** 2, (two - 0.5) ** 2)[0, 1]) < bound, name
        cells = np.histogram2d(one, two, 16, [[0, 1], [0, 1]])[0]
        worst[name] = stats.chisquare(cells.reshape(-1)).pvalue
    assert min(worst.values()) > 1e-3, worst


def test_runs_up_and_down_are_as_long_as_chance_makes_them(cases):
    """Runs test (Knuth 1997, 3.3.2 G) over the cases in order: about (2n − 1) ÷ 3 runs."""
    u = draws(cases, "step/answer_phone")
    up = np.diff(u) > 0
    runs = 1 + int((up[1:] != up[:-1]).sum())
    mean, sd = (2 * MANY - 1) / 3, np.sqrt((16 * MANY - 29) / 90)
    assert abs(runs - mean) < 4 * sd


@given(st.floats(0, 1))
def test_a_threshold_says_yes_as_often_as_its_probability(probability):
    assert threshold(probability) / ONE == pytest.approx(probability, abs=1 / ONE)
    assert 0 <= threshold(probability) <= ONE


@given(st.floats(1e-6, 400), st.integers(0, ONE - 1))
def test_the_poisson_quantile_is_scipy_s(mean, u):
    """Where the distribution function passes so close by that rounding decides, either number will do."""
    p = (u + 0.5) / ONE
    found, expected = int(poisson(mean, u)), int(stats.poisson.ppf(p, mean))
    between = stats.poisson.cdf(min(found, expected), mean)
    assert found == expected or (abs(found - expected) == 1 and abs(between - p) < 1e-9)


@given(st.floats(1e-6, 400), st.floats(0, 400), st.integers(0, ONE - 1))
def test_more_is_never_fewer_contacts_in_an_hour(mean, more, u):
    assert poisson(min(mean + more, 400.0), u) >= poisson(mean, u)


def exact(shape: str, spread: float) -> tuple[stats.rv_continuous, float]:
    """The distribution that a table stands for, and its second moment."""
    if shape == "exponential":
        return stats.expon(), 2.0
    sigma = np.sqrt(np.log1p(spread**2))
    return stats.lognorm(sigma, scale=np.exp(-(sigma**2) / 2)), 1 + spread**2


@pytest.mark.parametrize(
    ("shape", "spread", "quantile_error", "second_moment_error"),
    [
        ("exponential", 1.0, 5e-4, 3e-5),
        ("lognormal", 0.3, 1e-5, 1e-5),
        ("lognormal", 0.8, 5e-5, 3e-4),
        ("lognormal", 1.5, 2e-4, 7e-3),
    ],
)
def test_a_quantile_table_has_the_exact_mean_and_nearly_the_distribution(
    shape, spread, quantile_error, second_moment_error
):
    table = quantile_table(shape, spread) / (1 << SCALE_BITS)
    distribution, second_moment = exact(shape, spread)
    low, high = table[:-1], table[1:]
    assert ((low + high) / 2).mean() == pytest.approx(1, abs=1e-7)
    assert ((low**2 + low * high + high**2) / 3).mean() == pytest.approx(second_moment, rel=second_moment_error)
    inner = distribution.ppf(np.arange(1, CELLS) / CELLS)
    assert np.abs(table[1:-1] / inner - 1).max() < quantile_error


@pytest.mark.parametrize(
    ("shape", "spread"), [("constant", 1.0), ("exponential", 1.0), ("lognormal", 0.8), ("lognormal", 0)]
)
def test_a_quantile_read_in_whole_numbers_never_falls_and_keeps_the_mean(shape, spread):
    """Rounded down, so half a tick below the mean on average; a constant is its mean."""
    table, mean = quantile_table(shape, spread), 36_000
    found = np.array([quantile(table, u, mean) for u in range(0, ONE, (ONE >> 16) - 1)])
    assert found.dtype == np.int64 and found.min() >= 0
    assert (np.diff(found) >= 0).all()
    if shape == "constant" or spread == 0:
        assert set(found.tolist()) == {mean}
    else:
        assert found.mean() == pytest.approx(mean - 0.5, abs=0.001 * mean)


def test_service_times_of_a_stream_follow_their_distribution(cases):
    table = quantile_table("lognormal", 0.8) / (1 << SCALE_BITS)
    times = np.interp(draws(cases, "step/answer_phone"), np.linspace(0, 1, CELLS + 1), table)
    assert stats.kstest(times, exact("lognormal", 0.8)[0].cdf).pvalue > 1e-3


def test_every_seed_and_replication_has_its_own_key():
    found = [int(run_key(seed, replication)) for seed in range(40) for replication in range(40)]
    assert len(set(found)) == 1600
    assert run_key(1, 23) != run_key(12, 3)
    assert all(bin(a ^ b).count("1") > 8 for a, b in pairwise(found))
