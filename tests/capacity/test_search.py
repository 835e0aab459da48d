"""The search for the least FTE, on made-up networks whose answer can be had by trying every staffing."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.capacity.search import RISES, SMALLEST, WIDEST, Replays, alone, least, lowered, raised

# --- Networks ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own_class(made_up):
    """`own_class(loads, shares)`: each team has a class of its own, served the better the more FTE it has per load."""

    def network(loads, shares, meets=lambda tenths: np.ones(len(tenths))):
        def served(team, tenths, met):
            return 1.0 - np.exp(-2.0 * tenths / (loads[team] * met[team])) * np.ones(len(loads))

        return made_up.MadeUp(made_up.owed(shares), np.diag([made_up.STEPS] * len(loads)), served, meets)

    return network


def needed(loads, shares):
    """The least tenths of each team of `own_class` where none changes what another meets."""
    return [int(np.ceil(-load / 2.0 * np.log(1.0 - share))) for load, share in zip(loads, shares, strict=True)]


# --- The least -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [0.3, 1.0, 3.0])
def test_teams_that_do_not_meet_one_anothers_work_each_get_the_least_they_need(own_class, times):
    loads, shares = [20.0, 35.0, 50.0, 90.0], [0.8, 0.9, 0.7, 0.85]
    network = own_class(loads, shares)
    least_each = needed(loads, shares)
    found = least(network.measure, np.array([round(times * n) for n in least_each]), network.standards)
    assert found.held
    # a tenth more where the least meets its share by less than the caution of the search
    assert all(0 <= f - n <= 1 for f, n in zip(found.tenths, least_each, strict=True))
    assert (found.tenths == least_each).sum() >= 3
    assert found.passes <= 3


def test_a_team_without_work_gets_nobody(own_class, made_up):
    network = own_class([20.0, 20.0], [0.8, 0.8])
    network.works[1] = 0
    found = least(network.measure, np.array([30, 30]), network.standards)
    assert found.held and found.tenths[1] == 0


def test_of_two_teams_that_share_a_class_the_answer_is_the_least_of_all_staffings(made_up):
    """One team does most of the work and all of another class; the totals of every staffing are tried."""
    loads = [25.0, 40.0]

    def served(team, tenths, met):
        return 1.0 - np.exp(-2.0 * tenths / loads[team]) * np.ones(2)

    works = np.array([[700_000, 300_000], [300_000, 0]])
    network = made_up.MadeUp(made_up.owed([0.8, 0.8]), works, served)
    found = least(network.measure, np.array([40, 40]), network.standards)
    best = min(a + b for a, b in product(range(60), repeat=2) if _held(network, [a, b]))
    assert found.held
    assert best <= found.tenths.sum() <= best + 1


def _held(network, tenths):
    return network.standards.held(network.measure(np.array(tenths)).service)


@pytest.mark.parametrize("spill", [-0.5, -0.2, 0.2, 0.6])
def test_where_teams_make_work_for_one_another_the_answer_is_within_one_per_cent_of_the_best(own_class, spill):
    """Each team's unserved come to the next (spill above 0), or its served go on to the next (below 0)."""
    loads, shares = np.array([40.0, 60.0, 80.0]), [0.8, 0.75, 0.85]

    def meets(tenths):
        met = np.ones(np.shape(tenths))
        for _ in range(40):
            unserved = np.exp(-2.0 * tenths / (loads * met))
            met = 1.0 + abs(spill) * np.roll(unserved if spill > 0 else 1.0 - unserved, 1, axis=-1)
        return met

    network = own_class(loads, shares, meets)
    found = least(network.measure, np.array([60, 90, 120]), network.standards)
    near = found.tenths + np.array(list(product(range(-12, 13), repeat=3)))
    served = 1.0 - np.exp(-2.0 * near / (loads * meets(near)))
    best = near[(served >= shares).all(axis=1)].sum(axis=1).min()
    assert found.held
    assert found.tenths.sum() <= 1.01 * best


# --- What a pass has confirmed -------------------------------------------------------------------------------------

tables = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def erratic(made_up):
    """`erratic(seed)`: three teams and two classes; passes differ from what replays promise, by chance."""

    def network(seed, honest=False):
        rng = np.random.default_rng(seed)
        works = rng.integers(1, 1000, (3, 2)) * 100
        loads, dips = rng.uniform(5, 40, 3), rng.uniform(-0.1, 0.02, (3, 90))

        def served(team, tenths, met):
            wobble = 0.0 if honest else dips[team, tenths % 90]
            return (1.0 - np.exp(-2.0 * tenths / (loads[team] * met[team]))) * (1 + wobble) * np.ones(2)

        def meets(tenths):
            chance = np.random.default_rng([seed, *tenths.tolist()])
            return np.ones(3) if honest else chance.uniform(0.8, 1.2, 3)

        return made_up.MadeUp(made_up.owed(rng.uniform(0.3, 0.9, 2).tolist()), works, served, meets)

    return network


@settings(max_examples=60, deadline=None)
@given(tables)
def test_what_is_returned_as_held_is_the_least_of_the_staffings_that_a_pass_has_confirmed(erratic, seed):
    network = erratic(seed)
    found = least(network.measure, np.array([20, 20, 20]), network.standards)
    confirmed = [tenths.sum() for tenths, held in network.passes if held]
    assert found.held == bool(confirmed)
    assert np.array_equal(found.tenths, found.seen.tenths)
    if found.held:
        assert network.standards.held(found.seen.service)
        assert found.tenths.sum() == min(confirmed)


@pytest.mark.parametrize("most", [1, 2, 5, 12])
def test_a_search_ends_within_its_passes_and_says_that_nothing_was_held(made_up, most):
    """Every pass meets half as much again of work as the one before."""
    met = iter(1.5**n for n in range(99))

    def served(team, tenths, met):
        return [1.0 - np.exp(-tenths / (10.0 * met[0]))]

    network = made_up.MadeUp(made_up.owed([0.8]), np.array([[made_up.STEPS]]), served, lambda t: np.array([next(met)]))
    found = least(network.measure, np.array([10]), network.standards, most)
    assert len(network.passes) == found.passes <= most
    assert not found.held


def test_a_pass_known_beforehand_is_not_made_again(own_class):
    network = own_class([20.0, 35.0], [0.8, 0.9])
    start = np.array([30, 60])
    known = network.measure(start)
    network.passes.clear()
    found = least(network.measure, start, network.standards, seen=known)
    without = own_class([20.0, 35.0], [0.8, 0.9])
    again = least(without.measure, start, without.standards)
    assert found.tenths.tolist() == again.tenths.tolist()
    assert len(network.passes) == len(without.passes) - 1


def test_too_many_needs_unmet_is_mended_by_more_people_for_live_work(made_up):
    """No class shows it: only the whole network does."""
    classes = made_up.classes_of([True])
    served = made_up.counts(classes, answered=made_up.STEPS, in_target=int(0.8 * made_up.STEPS))
    standards = made_up.Standards.of_today(classes, made_up.service(classes, served, unmet=0.0), made_up.wanted())

    def in_time(team, tenths, met):
        return [1.0 - np.exp(-tenths / 20.0)]

    network = made_up.MadeUp(
        standards,
        np.array([[made_up.STEPS]]),
        in_time,
        unmet=lambda tenths: max(0.0, 0.0075 - 0.0005 * (tenths[0] - 32)),
    )
    found = least(network.measure, np.array([32]), standards)
    assert found.held
    assert found.tenths.tolist() <= [40]
    assert found.tenths.tolist() >= [37]


# --- One team alone ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guess", [13, 40, 48, 49, 50, 100, 400])
def test_a_team_alone_needs_the_same_wherever_the_looking_begins(own_class, guess):
    network = own_class([60.0], [0.8])
    replays = Replays(network.measure(np.array([guess])))
    assert alone(replays, 0, guess, network.standards) == needed([60.0], [0.8])[0] == 49


@pytest.mark.parametrize("guess", [0, 1, 7, 100, 1000])
def test_what_a_team_alone_can_never_meet_is_not_paid_for(made_up, guess):
    """Half its steps are in target, whoever is there."""
    network = made_up.MadeUp(made_up.owed([0.8]), np.array([[made_up.STEPS]]), lambda *_: [0.5])
    replays = Replays(network.measure(np.array([guess])))
    assert alone(replays, 0, guess, network.standards) <= max(guess, 1)
    assert replays.done <= 40


# --- Up and down ---------------------------------------------------------------------------------------------------


def test_teams_are_raised_until_nothing_is_short(own_class):
    network = own_class([20.0, 35.0], [0.8, 0.9])
    replays = Replays(network.measure(np.array([5, 5])))
    after = raised(replays, np.array([5, 5]), network.standards)
    assert not network.standards.short(replays.all(after)).any()
    assert (after >= needed([20.0, 35.0], [0.8, 0.9])).all()


def test_teams_are_raised_over_a_stretch_where_a_few_more_people_change_nothing(made_up):
    network = made_up.MadeUp(
        made_up.owed([0.8]), np.array([[made_up.STEPS]]), lambda _, f, met: [0.9 if f > 60 else 0.5]
    )
    after = raised(Replays(network.measure(np.array([10]))), np.array([10]), network.standards)
    assert 60 < after[0] <= 70


def test_what_more_people_do_not_mend_is_left_as_it_is(made_up):
    """The first class never gets better; the second does, and is mended."""
    network = made_up.MadeUp(
        made_up.owed([0.8, 0.8]),
        np.diag([made_up.STEPS, made_up.STEPS]),
        lambda team, f, met: [0.5, 1.0 - np.exp(-f / 10.0)],
    )
    after = raised(Replays(network.measure(np.array([10, 10]))), np.array([10, 10]), network.standards)
    assert after[0] == 10
    assert after[1] == 17


def test_raising_ends_where_each_step_mends_a_little_and_all_steps_never_enough(made_up):
    network = made_up.MadeUp(
        made_up.owed([0.8]), np.array([[made_up.STEPS]]), lambda team, f, met: [0.7999 - 1.0 / (f + 10.0)]
    )
    replays = Replays(network.measure(np.array([20])))
    assert raised(replays, np.array([20]), network.standards)[0] < WIDEST * SMALLEST + max(RISES)
    assert replays.done <= 1000


@settings(max_examples=60, deadline=None)
@given(tables, st.booleans())
def test_once_lowered_no_team_can_drop_a_tenth_alone(erratic, seed, honest):
    network = erratic(seed, honest)
    start = np.array([40, 35, 30])
    replays, asked = Replays(network.measure(start)), network.standards
    allowed = asked.short(replays.all(start))
    after = lowered(replays, start, asked)
    assert (after <= start).all()
    assert (asked.short(replays.all(after)) <= allowed).all()
    for team in np.flatnonzero(after):
        one_less = after.copy()
        one_less[team] -= 1
        assert (asked.short(replays.all(one_less)) > allowed).any()


@settings(max_examples=30, deadline=None)
@given(tables, tables)
def test_a_search_is_the_same_each_time(erratic, seed, start):
    begin = np.random.default_rng(start).integers(0, 60, 3)
    one, two = (least(erratic(seed).measure, begin, erratic(seed).standards) for _ in range(2))
    assert one.tenths.tolist() == two.tenths.tolist()
    assert (one.held, one.passes, one.replays) == (two.held, two.passes, two.replays)
