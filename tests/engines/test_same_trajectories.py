"""Both engines follow the same trajectory: every slice of work of every attempt, every state, every count, to the tick."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from layers.draws import run_key
from simulation.engines.network import Network
from simulation.engines.state import ARRIVING, IN_HAND, PAUSING, WAITING, State
from simulation.journeys import Journeys, route
from simulation.rows import TICKS_PER_DAY, TICKS_PER_MINUTE

IN_CI, CAMPAIGN = range(20), range(1000, 1200)
MANY_CONTACTS = 4000


@pytest.fixture(scope="session")
def whole(random_run, following) -> Callable[[int], tuple[Any, Any]]:
    """`whole(number)`: a random council's weeks in one go, on the SimPy engine and on the compiled one."""

    @cache
    def run_once(number: int) -> tuple[Any, Any]:
        run = random_run(number)
        stretch = [(run.days[0], run.days[-1])]
        return following(run, stretch, ["simpy"]), following(run, stretch, ["compiled"])

    return run_once


@pytest.mark.parametrize("number", IN_CI)
def test_a_random_council_takes_the_same_course_on_both_engines(whole, number):
    simpy, compiled = whole(number)
    assert simpy.differences(compiled) == []


@pytest.mark.parametrize("number", IN_CI)
def test_so_it_does_month_by_month_from_states_saved_and_read_and_from_engines_by_turns(
    random_run, following, tmp_path, number
):
    run = random_run(number)
    simpy = following(run, list(run.stretches), ["simpy"])
    assert simpy.differences(following(run, list(run.stretches), ["compiled"], tmp_path)) == []
    assert simpy.differences(following(run, list(run.stretches), ["compiled", "simpy"])) == []


def test_the_random_councils_hold_what_an_engine_can_do(random_run, whole):
    """A guard on the generator: equality proves nothing about what never happens."""
    causes, phases, teams, flags = Counter(), Counter(), Counter(), Counter()
    for number in IN_CI:
        run, (_, compiled) = random_run(number), whole(number)
        (measures,), (state,) = compiled.measures, compiled.states
        causes.update(measures.causes)
        phases.update(state.progress["phase"].tolist())
        teams[len(run.network.teams)] += 1
        of_team = measures.by_team
        flags["overtime"] += bool(of_team["overtime_ticks"].any())
        flags["backlog"] += bool(of_team["backlog"].sum() > 500)
        flags["drag"] += any(step.drag for step in run.network.model.steps.values())
        flags["becomes"] += any(step.becomes for step in run.network.model.steps.values())
        flags["saturdays"] += any((np.array(c.opens) // TICKS_PER_DAY % 7 == 0).any() for c in run.network.clocks)
        flags["all hours"] += any(clock.day_ticks == TICKS_PER_DAY for clock in run.network.clocks)
        flags["same tick"] += run.ties and _share_at_a_shared_tick(compiled.trace) > 0.5
        by_class = measures.by_class
        flags["open late"] += bool(0 < by_class["open_in_target"].sum() < by_class["open"].sum())
        flags["classes"] += np.count_nonzero(by_class["in_target"]) > 10
        flags["journeys late"] += bool(0 < measures.journeys_in_target.sum() < measures.journeys.sum())
        flags["slices"] += any(
            count > 1 for count in Counter(row[:2] for row in compiled.trace if row[5] >= 0).values()
        )
    assert all(causes[cause] > 100 for cause in causes), causes
    assert all(phases[phase] > 20 for phase in (ARRIVING, PAUSING, WAITING, IN_HAND)), phases
    assert min(teams) == 1 and max(teams) > 20
    assert len(flags) == 11 and all(count >= 3 for count in flags.values()), flags


def _share_at_a_shared_tick(trace: list[tuple[int, ...]]) -> float:
    """The share of rows that end at a tick at which another row ends too."""
    counts = Counter(max(row[4:6]) for row in trace)
    return sum(count for count in counts.values() if count > 1) / len(trace)


@pytest.mark.campaign
@pytest.mark.parametrize("number", CAMPAIGN)
def test_two_hundred_random_councils_take_the_same_course(councils, following, tmp_path, number):
    run = councils.random_run(number, MANY_CONTACTS)
    stretch = [(run.days[0], run.days[-1])]
    assert following(run, stretch, ["simpy"]).differences(following(run, stretch, ["compiled"])) == []
    simpy = following(run, list(run.stretches), ["simpy"])
    assert simpy.differences(following(run, list(run.stretches), ["compiled"], tmp_path)) == []


@dataclass(frozen=True)
class Oxfordshire:
    """The council of the main job, from a state on."""

    network: Network
    state: State

    @classmethod
    def at(cls, network: Network, day: int) -> "Oxfordshire":
        """With nobody waiting on a day."""
        return cls(network, State.empty(day * TICKS_PER_DAY, len(network.teams)))

    def start(self) -> State:
        return self.state

    def arriving(self, first_day: int, last_day: int) -> Journeys:
        return route(self.network.tables, self.network.arrivals.draw(run_key(1, 0), first_day, last_day))


def test_oxfordshire_takes_the_same_course_for_a_fortnight_across_a_month_end(oxfordshire, following):
    """The target, which has every lever in it; 1 May is a weekday between two weeks of April and of May."""
    may = oxfordshire.calendar.first_day(1)
    run = Oxfordshire.at(oxfordshire.network(oxfordshire.model()), may - 7)
    stretches = [(may - 7, may), (may, may + 7)]
    simpy, compiled = following(run, stretches, ["simpy"]), following(run, stretches, ["compiled"])
    assert simpy.differences(compiled) == []
    assert len(simpy.trace) > 50_000
    assert max(row[4] for row in simpy.trace) > may * TICKS_PER_DAY + 60 * TICKS_PER_MINUTE


def test_oxfordshire_takes_the_same_course_in_the_sixth_year_when_ticks_need_one_more_bit(oxfordshire, following):
    """An event's place in order is its tick times 2^28: from 2^34 ticks on, late in the fifth year of a plan, more than 2^62."""
    day = 2**34 // TICKS_PER_DAY
    run = Oxfordshire.at(oxfordshire.network(oxfordshire.today()), day - 3)
    simpy, compiled = (
        following(run, [(day - 3, day + 4)], ["simpy"]),
        following(run, [(day - 3, day + 4)], ["compiled"]),
    )
    assert simpy.differences(compiled) == []
    assert min(row[4] for row in simpy.trace) < 2**34 < max(row[4] for row in simpy.trace)


@pytest.mark.campaign
@pytest.mark.parametrize("model", ["today", "target"])
def test_oxfordshire_takes_the_same_course_for_a_full_year(oxfordshire, following, saved, tmp_path, model):
    network = oxfordshire.network(oxfordshire.today() if model == "today" else oxfordshire.model())
    days = [oxfordshire.calendar.first_day(month) for month in range(13)]
    simpy = compiled = Oxfordshire.at(network, days[0])
    for month in pairwise(days):  # compared month by month: a year's trace does not fit into memory
        one, other = following(simpy, [month], ["simpy"]), following(compiled, [month], ["compiled"])
        assert one.differences(other) == []
        simpy, compiled = Oxfordshire(network, one.states[0]), Oxfordshire(network, saved(other.states[0], tmp_path))
