"""What a replication needs, on small networks: against Erlang, against a long descent, and what must hold whatever the numbers."""

from dataclasses import fields, is_dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from simulation.capacity.passes import Side, unhurried
from simulation.capacity.requirement import first_guess, reference, requirement
from simulation.capacity.search import least
from simulation.capacity.standards import Standards
from simulation.runs import Window, opening_state

SEED = 1
LAYERS = ("customer_management", "customer_assessment", "middle_office")
A_YEAR, A_QUARTER = Window(0, 12, 7), Window(0, 3, 14)
LOOSE = 1.0
"""A guard tolerance that lets the p90 of journeys double: where one class of work is to decide alone."""


class Case:
    """Today and target of a scenario with standards of its own, in one replication."""

    def __init__(self, world, made_up, window, replication=0):
        self.window, self.replication = window, replication
        council = world.council.model_copy(update={"standards": made_up})
        self.world = replace(world, council=council)
        self.today, self.target = self.world.network(self.world.today()), self.world.network(self.world.model())
        self.judged = tuple(name for name in LAYERS if name in council.layers)

    @property
    def at(self):
        return SEED, self.replication, self.window, self.judged

    def needs(self):
        return requirement(self.today, self.target, *self.at)

    def begin(self):
        return opening_state(self.today, *self.at[:3])

    def standards(self):
        """Today's, measured once."""
        return reference(unhurried(self.today, self.judged), self.begin(), *self.at)[0]

    def side(self, network, standards):
        begin = opening_state(network, *self.at[:3])
        return Side(unhurried(network, self.judged), begin, *self.at[:3], standards.classes)


@pytest.fixture(scope="module")
def case(world, made_up):
    """`case(scenario, "path=value", …, window=…, tolerance=…, guard_tolerance=…)`."""

    def read(name, *sets, window=A_QUARTER, tolerance=0.005, guard_tolerance=LOOSE, replication=0):
        return Case(world(name, *sets), made_up.wanted(tolerance, guard_tolerance), window, replication)

    return read


def total(staffed):
    return sum(team.required_fte for team in staffed.teams.values())


def same(one, other):
    """Whether two results are equal in every field, arrays by their bytes."""
    if is_dataclass(one):
        return type(one) is type(other) and all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return one == other or (one != one and other != other)


# --- Against theory ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answered_in_45_seconds(erlang):
    """`answered_in_45_seconds(servers)`: Erlang's share for the one queue; 4.5 servers are 4 half the time and 5 the other."""

    def share(servers):
        below = int(servers)
        low, high = (1 - erlang.Queue(18 / 60, 1 / 10, n).share_waiting_over(0.75) for n in (below, below + 1))
        return low + (servers - below) * (high - low)

    return share


@pytest.mark.parametrize(("servers", "asked"), [(6, 0.6), (6, 0.75), (6, 0.8), (7, 0.9), (8, 0.85)])
def test_one_queue_needs_what_erlang_says(case, answered_in_45_seconds, servers, asked):
    """Today has so many servers and the tolerance lets it fall to the share asked. Within 0.2 FTE: a year is a sample too."""
    share = answered_in_45_seconds
    one = case("one_queue", f"teams.pools.desk.fte={servers}", window=A_YEAR, tolerance=share(servers) - asked)
    found = one.needs().today
    by_erlang = min(c / 10 for c in range(40, 90) if share(c / 10) >= asked)
    assert found.held
    assert found.teams["desk"].required_fte == pytest.approx(by_erlang, abs=0.2)


@pytest.mark.parametrize("servers", [4, 5, 6])
def test_one_queue_as_it_is_needs_its_own_servers(case, answered_in_45_seconds, servers):
    """Half a point less than today is less than a tenth of a server but for the sixth, which does little."""
    one = case("one_queue", f"teams.pools.desk.fte={servers}", window=A_YEAR, guard_tolerance=0.02)
    found = one.needs().today
    share = answered_in_45_seconds
    by_erlang = min(c / 10 for c in range(40, 90) if share(c / 10) >= share(servers) - 0.005)
    assert found.held
    assert by_erlang - 0.2 <= found.teams["desk"].required_fte <= servers


# --- Against a long descent ----------------------------------------------------------------------------------------


def descent(side, standards, tenths, steps):
    """Lower each team as far as the network itself lets it, by each step in turn, until none can go."""
    tenths, moving = tenths.copy(), True
    for step in steps:
        moving = True
        while moving:
            moving = False
            for team in range(len(tenths)):
                while tenths[team] >= step:
                    less = tenths.copy()
                    less[team] -= step
                    if not standards.held(side.measure(less).service):
                        break
                    tenths, moving = less, True
    return tenths


@pytest.mark.parametrize("replication", [0, 1])
def test_the_search_finds_no_more_than_a_long_descent_does(case, replication):
    """Within 1%. A quarter of a small council has too few journeys for guards of 2%: its own p90 moves by more from one tenth
    of an FTE to the next. So the guards are wide here, and the classes of work decide.
    """
    small = case("district", tolerance=0.01, replication=replication)
    found = small.needs()
    side = small.side(small.target, found.standards)
    above = np.ceil(1.4 * first_guess(side)).astype(int)
    assert found.target.held and found.target.passes <= 12
    assert found.standards.held(side.measure(above).service)
    by_descent = descent(side, found.standards, above, (20, 5, 1)).sum() / 10
    assert total(found.target) <= 1.01 * by_descent


@pytest.mark.parametrize("replication", [0, 1])
def test_a_long_descent_from_what_the_search_found_takes_off_no_more_than_one_per_cent(case, replication):
    small = case("district", tolerance=0.01, replication=replication)
    found = small.needs()
    side = small.side(small.target, found.standards)
    tenths = np.array([round(10 * found.target.teams[name].required_fte) for name in side.teams])
    further = descent(side, found.standards, tenths, (5, 1)).sum() / 10
    assert total(found.target) <= 1.01 * further


# --- Whatever the numbers ------------------------------------------------------------------------------------------


def test_the_same_question_has_the_same_answer_to_the_byte(case):
    assert same(case("district").needs(), case("district").needs())


def test_another_replication_has_another_answer(case):
    assert not same(case("district").needs(), case("district", replication=1).needs())


def test_a_target_without_levers_needs_what_today_needs(case):
    found = case("district", "levers.in_target=[]").needs()
    assert found.target is found.today
    assert total(found.today) - total(found.target) == 0.0


@pytest.mark.parametrize("guard_tolerance", [0.02, LOOSE])
def test_today_never_needs_more_than_it_has_and_serves_nobody_worse(case, guard_tolerance):
    found = case("district", guard_tolerance=guard_tolerance).needs()
    existing = sum(team.existing_fte for team in found.today.teams.values())
    assert found.today.held and found.today.broken == ()
    assert found.standards.held(found.today.service)
    assert total(found.today) <= existing + 1e-9


def test_what_is_found_is_what_the_network_does_with_it(case):
    """Simulated again with the FTE found, the service is the one shown."""
    small = case("district")
    found = small.needs()
    plenty = unhurried(small.target, small.judged)
    side = Side(plenty, small.begin(), *small.at[:3], found.standards.classes)
    again = side.measure(np.array([round(10 * found.target.teams[name].required_fte) for name in side.teams]))
    assert same(again.service, found.target.service)


@pytest.mark.parametrize("name", ["district", "one_queue", "two_queues"])
def test_replayed_at_the_fte_of_its_pass_each_team_does_what_the_pass_shows(case, name):
    small = case(name)
    standards = small.standards()
    for network in (small.today, small.target):
        side = small.side(network, standards)
        tenths = first_guess(side)
        shown = side.measure(tenths)
        alone = sum(shown.replay(team, int(f)) for team, f in enumerate(tenths))
        assert np.array_equal(alone, shown.service.counts)


def test_so_does_each_team_of_today_at_its_existing_fte(case):
    """Existing FTE lie between tenths."""
    small = case("district")
    standards, recording = reference(unhurried(small.today, small.judged), small.begin(), *small.at)
    below = {name: fte % 0.1 for name, fte in small.today.rosters.fte.items()}
    side = replace(small.side(small.today, standards), below=below)
    tenths = [round(10 * (fte - below[name])) for name, fte in small.today.rosters.fte.items() if name in side.teams]
    alone = sum(side.shown(recording).replay(team, f) for team, f in enumerate(tenths))
    assert np.array_equal(alone, standards.today.counts)


def test_only_the_teams_of_the_layers_judged_are_staffed_anew(case):
    small = case("district")
    found = small.needs()
    assert set(found.target.teams) == set(small.target.model.teams) - {"field_staff"}


ODD = {
    "too few people": ("teams.staffing_factor=0.8",),
    "too many people": ("teams.staffing_factor=1.2",),
    "busy callers' teams": ("teams.occupancy.live=0.95",),
    "idle callers' teams": ("teams.occupancy.live=0.5", "teams.occupancy.deferrable=0.99"),
    "one lever": ("levers.in_target=[channel_shift]",),
    "other teams alone": ("levers.in_target=[teams]",),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_search_ends_with_an_answer_for_an_odd_council_too(case, odd):
    found = case("district", *ODD[odd], window=Window(0, 2, 14)).needs()
    for side in (found.today, found.target):
        assert side.held and side.passes <= 12
        assert found.standards.held(side.service)


@pytest.mark.campaign
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("replication", [0, 1])
def test_and_for_an_odd_county(case, odd, replication):
    found = case("oxfordshire", *ODD[odd], window=Window(0, 2, 14), replication=replication).needs()
    assert found.today.held and found.target.held


# --- Stricter, larger, merged --------------------------------------------------------------------------------------

TOLERANCES = (0.0, 0.005, 0.02, 0.05)
SIX = "teams.pools.desk.fte=6"


def test_stricter_standards_never_need_fewer_people_of_one_queue(case):
    """One team and no feedback: each search on its own."""
    needed = [total(case("one_queue", SIX, window=A_YEAR, tolerance=t).needs().today) for t in TOLERANCES]
    assert all(stricter >= looser for stricter, looser in pairwise(needed))
    assert needed[0] > needed[-1]


def test_nor_of_a_council_where_each_search_starts_from_the_stricter_answer(case, made_up):
    """In a network a search may go astray by more than the tolerances differ: from the stricter answer it cannot.

    Without any tolerance one step more open at the end of a quarter is a failure, and no FTE mends that for certain.
    """
    small = case("district")
    fixed = small.standards()
    side = small.side(small.target, fixed)
    needed, start, seen = [], np.ceil(1.3 * first_guess(side)).astype(int), None
    for tolerance in TOLERANCES[1:]:
        standards = Standards.of_today(fixed.classes, fixed.today, made_up.wanted(tolerance, LOOSE))
        found = least(side.measure, start, standards, seen=seen)
        assert found.held
        needed.append(found.tenths.sum())
        start, seen = found.tenths, found.seen
    assert all(stricter >= looser for stricter, looser in pairwise(needed))
    assert needed[0] > needed[-1]


def doubled(standards):
    """The same standards, in shares, for twice the work."""
    today = standards.today
    twice = replace(
        today,
        counts=2 * today.counts,
        journeys=2 * today.journeys,
        open=2 * today.open,
        last_month=2 * today.last_month,
    )
    return replace(standards, today=twice)


@pytest.mark.parametrize("name", ["one_queue", "two_queues", "district"])
def test_twice_the_work_never_needs_more_people_a_contact(case, name):
    once, twice = case(name), case(name, "demand.volume_factor=2", "teams.staffing_factor=2")
    shares = once.standards()
    needed = []
    for one, standards in ((once, shares), (twice, doubled(shares))):
        side = one.side(one.today, standards)
        existing = np.array([round(12 * one.today.rosters.fte[team]) for team in side.teams])
        found = least(side.measure, existing, standards)
        assert found.held
        needed.append(found.tenths.sum())
    assert needed[1] <= 2 * needed[0]
    # and a good deal fewer where the teams are small
    assert name == "district" or needed[1] <= 1.95 * needed[0]


def test_one_team_for_all_callers_needs_fewer_people_than_two(case):
    """Calls and errands at a desk each, or both at one: neither may be served worse than at its own desk."""
    split = case("two_queues")
    merged = case("two_queues", "teams.pools.errand_desk=null", "teams.pools.desk.takes=[{steps: [answer]}]")
    standards = split.standards()
    found = []
    for one in (split, merged):
        side = one.side(one.today, standards)
        found.append(least(side.measure, np.ceil(1.2 * first_guess(side)).astype(int), standards))
    assert all(one.held for one in found)
    assert [len(one.tenths) for one in found] == [2, 1]
    assert found[1].tenths.sum() <= 0.95 * found[0].tenths.sum()
