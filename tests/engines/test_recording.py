"""A recording holds every step that joined a queue and changes nothing; people on duty may be given instead of the network's."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from simulation.engines import compiled
from simulation.engines.choice import ENGINES, engine
from simulation.engines.compiled import advance, recorded
from simulation.engines.state import IN_HAND, WAITING
from simulation.engines.visits import open_visits
from simulation.rows import DEFERRABLE, LIVE, TICKS_PER_DAY, URGENT

NUMBERS = range(6)


def stretch_by_stretch(run: Any) -> list[tuple[Any, ...]]:
    """(state before, state after, measures, visits) of each stretch of a run, recorded."""
    out, state = [], run.start()
    for first, last in run.stretches:
        after, counted, visits = recorded(run.network, state, run.arriving(first, last), last * TICKS_PER_DAY)
        out.append((state, after, counted, visits))
        state = after
    return out


@pytest.mark.parametrize("number", NUMBERS)
def test_a_recording_changes_no_number(random_run, following, number):
    run = random_run(number)
    plain = following(run, list(run.stretches), ["compiled"])
    for (_, after, counted, _), state, measures in zip(
        stretch_by_stretch(run), plain.states, plain.measures, strict=True
    ):
        assert after.same_as(state)
        assert counted.same_as(measures)


@pytest.mark.parametrize("number", NUMBERS)
def test_it_holds_every_step_that_was_offered_in_order_of_joining(random_run, number):
    run = random_run(number)
    for before, after, counted, visits in stretch_by_stretch(run):
        assert count(visits["pool"], len(run.network.teams)) == counted.by_team["offered"].tolist()
        assert count(visits["standard"], run.network.standards) == counted.by_class["offered"].tolist()
        assert (np.diff(visits["ready"]) >= 0).all()
        assert before.tick <= visits["ready"].min() and visits["ready"].max() < after.tick
        assert (visits["ticks"] > 0).all() and (visits["patience"] >= 0).all()
        assert set(visits["phase"].tolist()) == {WAITING} and not visits["started"].any() and not visits["until"].any()


def test_a_recording_that_began_too_small_holds_the_same(random_run, monkeypatch):
    run = random_run(0)
    (first, middle), (_, last) = run.stretches
    state, _ = advance(run.network, run.start(), run.arriving(first, middle), middle * TICKS_PER_DAY)
    nobody = run.arriving(middle, middle)
    *_, visits = recorded(run.network, state, nobody, last * TICKS_PER_DAY)
    monkeypatch.setattr(compiled, "SPARE", 1)
    *_, grown = recorded(run.network, state, nobody, last * TICKS_PER_DAY)
    assert len(visits) > 20
    assert np.array_equal(visits, grown)


@pytest.mark.parametrize("number", NUMBERS)
def test_standard_classes_say_whether_a_step_is_live_and_urgent(random_run, number):
    for *_, visits in stretch_by_stretch(random_run(number)):
        assert np.array_equal(visits["standard"] >> 1 & 1, visits["live"])
        expected = np.where(visits["standard"] & 1, URGENT, np.where(visits["live"], LIVE, DEFERRABLE))
        assert np.array_equal(visits["priority"], expected)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_visits_open_at_a_state_are_its_backlog_in_order_of_their_queues(random_run, number):
    run = random_run(number)
    for _, after, counted, _ in stretch_by_stretch(run):
        visits = open_visits(after, run.network)
        assert count(visits["pool"], len(run.network.teams)) == counted.by_team["backlog"].tolist()
        fresh = visits[visits["started"] == 0]
        assert count(fresh["standard"], run.network.standards) == counted.by_class["open"].tolist()
        assert (fresh["phase"] == WAITING).all() and (fresh["ticks"] > 0).all()
        in_hand = visits["phase"] == IN_HAND
        assert (visits["until"][in_hand] >= after.tick).all() and not visits["until"][~in_hand].any()
        for (queue, one), (other, two) in pairwise(
            ((v["pool"], v["priority"], v["phase"], v["started"]), v["ready"]) for v in visits
        ):
            assert queue != other or queue[2:] != (WAITING, 0) or one <= two
    with pytest.raises(ValueError, match="teams"):
        open_visits(replace(after, on_duty=np.zeros(99, dtype=np.int64)), run.network)


@pytest.mark.parametrize("name", ENGINES)
def test_a_network_with_other_fte_has_other_people_on_duty_and_leaves_the_first_as_it_was(random_run, name):
    run = random_run(3)
    first, last = next(run.stretches)
    arguments: Any = (run.start(), run.arriving(first, last), last * TICKS_PER_DAY)
    own = engine(name)(run.network, *arguments)[1]
    twice = run.network.staffed({team: 2 * fte for team, fte in run.network.rosters.fte.items()})
    assert (engine(name)(twice, *arguments)[1].by_team["duty_ticks"] > own.by_team["duty_ticks"]).any()
    assert engine(name)(run.network, *arguments)[1].same_as(own)


def count(values: np.ndarray, kinds: int) -> list[int]:
    """How often each of the numbers 0, 1, … occurs."""
    return np.bincount(values, minlength=kinds).tolist()
