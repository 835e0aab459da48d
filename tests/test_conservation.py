"""Nothing is lost: contacts, minutes and states add up, a saved run goes on as if it had never stopped, one more contact
changes only what it meets in queues."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from layers.draws import name_hash
from simulation.engines.state import WAITING, State
from simulation.journeys import Journeys, route
from simulation.rows import TICKS_PER_HOUR

FURTHER = ("redials", "other_channel", "repeats", "chases", "appeals")
DAY = 365
COUNCILS = [("oxfordshire", "compiled"), ("district", "compiled"), ("district", "simpy"), ("two_queues", "compiled")]


@pytest.fixture(scope="module", params=COUNCILS, ids=lambda param: "-".join(param))
def fortnight(request, world):
    """Two weeks of today and of the target after two weeks' warm-up: (network, state before, state after, counted)."""
    name, engine = request.param
    council = world(name)
    out = []
    for model in (council.today(), council.model()):
        run = council.course(model, engine=engine)
        before, _ = run.on(run.start(DAY), DAY + 14)
        out.append((run.network, before, *run.on(before, DAY + 28)))
    return out


# --- Contacts and minutes --------------------------------------------------------------------------------------------


def test_attempts_begun_are_attempts_ended_abandoned_and_in_progress(fortnight):
    for _, before, after, counted in fortnight:
        begun = counted.causes["first_contacts"] + sum(counted.causes[cause] for cause in FURTHER)
        over = counted.causes["ended"] + int(counted.by_team["abandoned"].sum())
        assert len(before.contacts) + begun == over + len(after.contacts)
        assert after.next_id - before.next_id == begun


def test_ended_attempts_met_staff_or_stayed_online(fortnight):
    for _, _, _, counted in fortnight:
        assert counted.causes["ended"] == counted.causes["handled"] + counted.causes["online_only"]


def test_abandoned_attempts_redial_change_channel_give_up_or_are_cut_off(fortnight):
    for _, _, _, counted in fortnight:
        causes, abandoned = counted.causes, int(counted.by_team["abandoned"].sum())
        known = causes["redials"] + causes["other_channel"] + causes["gave_up"]
        assert known <= abandoned <= known + causes["truncated"]
        assert abandoned > 0


def test_steps_offered_to_a_team_are_answered_abandoned_or_waiting(fortnight):
    for network, before, after, counted in fortnight:
        waiting = [not_started(network, state) for state in (before, after)]
        by_team = counted.by_team
        assert np.array_equal(waiting[0] + by_team["offered"], by_team["answered"] + by_team["abandoned"] + waiting[1])


def test_steps_of_a_class_of_work_offered_are_answered_abandoned_or_open(fortnight):
    for network, before, after, counted in fortnight:
        opened = [not_started(network, state, "standard") for state in (before, after)]
        by_class = counted.by_class
        assert np.array_equal(opened[0] + by_class["offered"], by_class["answered"] + by_class["abandoned"] + opened[1])
        assert np.array_equal(opened[1], by_class["open"])
        assert (by_class["in_target"] <= by_class["answered"]).all()
        assert (by_class["open_in_target"] <= by_class["open"]).all()


def test_classes_of_work_add_up_to_their_teams(fortnight):
    for network, _, _, counted in fortnight:
        live = np.arange(network.standards) >> 1 & 1 == 1
        for name in ("offered", "answered", "in_target", "abandoned", "wait_ticks"):
            assert counted.by_class[name].sum() == counted.by_team[name].sum() > 0, name
        assert counted.by_class["gave_up"].sum() == counted.causes["gave_up"]
        assert (counted.by_class["gave_up"] <= counted.by_class["abandoned"]).all()
        for name in ("offered", "answered", "in_target", "wait_ticks"):
            assert counted.by_class[name][live].sum() == counted.by_team[f"live_{name}"].sum(), name


def test_every_staffed_attempt_that_ended_has_one_journey(fortnight):
    for network, _, _, counted in fortnight:
        assert counted.journeys.sum() == counted.causes["handled"]
        assert counted.journeys.shape[0] == network.types
        assert (counted.journeys_in_target <= counted.journeys.sum(axis=1)).all()


def test_every_answered_step_has_one_wait_in_the_histogram(fortnight):
    for _, _, _, counted in fortnight:
        assert np.array_equal(counted.waits.sum(axis=1), counted.by_team["answered"])


def test_minutes_booked_by_layer_are_the_minutes_their_teams_worked(fortnight):
    for network, _, _, counted in fortnight:
        council = network.model.council
        booked = counted.effort_ticks.reshape(len(council.layers), -1).sum(axis=1)
        of_team = [list(council.layers).index(team.layer) for team in network.model.teams.values()]
        worked = np.bincount(of_team, weights=counted.by_team["busy_ticks"], minlength=len(council.layers))
        assert booked.sum() > 0
        assert np.array_equal(booked, worked)


def test_no_attempt_is_in_two_places_and_none_is_due_in_the_past(fortnight):
    for _, _, after, _ in fortnight:
        numbers = after.progress["id"]
        assert len(np.unique(numbers)) == len(numbers)
        timed = after.progress["phase"] != WAITING
        assert (after.progress["until"][timed] >= after.tick).all()


def not_started(network, state: State, by: str = "pool") -> np.ndarray:
    """Attempts by team (or standard class) that wait for their first start: int array."""
    waits = (state.progress["phase"] == WAITING) & (state.progress["started"] == 0)
    at = state.contacts["first_step"][waits] + state.progress["at"][waits]
    return np.bincount(state.steps[by][at], minlength=len(network.teams) if by == "pool" else network.standards)


# --- A saved run -----------------------------------------------------------------------------------------------------


def saved_and_read(state: State, file: Path) -> State:
    """A state written to disk as plain arrays and read again."""
    np.savez(file, **{field.name: getattr(state, field.name) for field in fields(state)})
    with np.load(file, allow_pickle=False) as arrays:
        plain = {name: arrays[name] if arrays[name].ndim else arrays[name].item() for name in arrays.files}
    return State(**plain)


@pytest.mark.parametrize("name", ["district", "two_queues"])
def test_twelve_months_are_seven_and_five(world, tmp_path, name):
    council = world(name)
    for model in (council.today(), council.model()):
        run = council.course(model)
        first_day = council.calendar.first_day
        state, straight, states = run.start(first_day(0)), [], []
        for month in range(12):
            state, counted = run.on(state, first_day(month + 1))
            straight.append(counted)
            states.append(state)
        again = saved_and_read(states[6], tmp_path / "state.npz")
        assert again.same_as(states[6])
        fresh = council.course(model)
        for month in range(7, 12):
            again, counted = fresh.on(again, first_day(month + 1))
            assert counted.same_as(straight[month])
            assert again.same_as(states[month])


def test_what_is_counted_in_pieces_adds_up(world):
    district = world("district")
    run = district.course(district.model())
    _, whole = run.on(run.start(DAY), DAY + 21)
    state, pieces = run.start(DAY), []
    for day in (DAY + 4, DAY + 13, DAY + 21):
        state, counted = run.on(state, day)
        pieces.append(counted)
    for name, counts in whole.by_class.items():
        parts = [piece.by_class[name] for piece in pieces]
        assert np.array_equal(counts, parts[-1] if name.startswith("open") else sum(parts)), name
    for name in ("journeys", "journeys_in_target"):
        assert np.array_equal(getattr(whole, name), sum(getattr(piece, name) for piece in pieces))


def test_either_engine_goes_on_where_the_other_stopped(world, tmp_path):
    district = world("district")
    compiled, readable = (district.course(district.model(), engine=engine) for engine in ("compiled", "simpy"))
    middle, _ = compiled.on(compiled.start(DAY), DAY + 20)
    middle = saved_and_read(middle, tmp_path / "state.npz")
    ends = [run.on(middle, DAY + 30) for run in (compiled, readable)]
    assert ends[0][0].same_as(ends[1][0])
    assert ends[0][1].same_as(ends[1][1])


# --- One more contact ------------------------------------------------------------------------------------------------


def with_one_more(run, journeys: Journeys, like: np.ndarray, tick: int) -> tuple[Journeys, int]:
    """Journeys with one more contact at a tick, of the class of another but with draws of its own; and its place."""
    extra = like.copy()
    extra["key"], extra["arrival"] = name_hash("one more"), tick
    contacts = np.concatenate([journeys.contacts, [extra]])
    order = np.lexsort((contacts["key"], contacts["arrival"]))
    return route(run.network.tables, contacts[order]), int(np.flatnonzero(order == len(order) - 1)[0])


@pytest.mark.parametrize("hour", [1, 30, 77])
def test_one_more_call_changes_nothing_in_a_queue_that_it_never_joins(world, hour):
    council = world("two_queues")
    run = council.course(council.today())
    journeys = run.arriving(DAY, DAY + 10)
    call = journeys.contacts[journeys.contacts["class"] == 0][0]
    more, _ = with_one_more(run, journeys, call, DAY * 24 * TICKS_PER_HOUR + hour * TICKS_PER_HOUR)
    (_, one), (_, two) = (run.meet(run.start(DAY), each, DAY + 10) for each in (journeys, more))
    joined, other = run.network.teams.index("desk"), run.network.teams.index("errand_desk")
    assert two.by_team["offered"][joined] > one.by_team["offered"][joined]
    for count in one.by_team:
        assert one.by_team[count][other] == two.by_team[count][other], count
    assert np.array_equal(one.waits[other], two.waits[other])


def test_one_more_call_changes_no_other_contacts_journey(world):
    council = world("oxfordshire")
    run = council.course(council.model())
    journeys = run.arriving(DAY + 9, DAY + 10)
    more, place = with_one_more(run, journeys, journeys.contacts[0], journeys.contacts["arrival"][100])
    others = np.delete(more.contacts, place)
    decided = [name for name in others.dtype.names if name != "first_step"]
    assert all(np.array_equal(others[name], journeys.contacts[name]) for name in decided)
    gone = slice(more.contacts["first_step"][place], more.contacts["first_step"][place] + more.contacts["steps"][place])
    assert np.array_equal(np.delete(more.steps, gone), journeys.steps)


def test_one_more_call_changes_only_calls_in_the_same_busy_spell(world):
    queue = world("one_queue")
    run = queue.course(queue.today())
    journeys, traces = run.arriving(DAY, DAY + 10), ([], [])
    more, place = with_one_more(run, journeys, journeys.contacts[0], int(journeys.contacts["arrival"][500]) + 1)
    for each, trace in zip((journeys, more), traces, strict=True):
        run.meet(run.start(DAY), each, DAY + 10, trace)
    ends = [{row[0]: row[5] for row in trace} for trace in traces]
    changed = [n for n, end in ends[0].items() if ends[1].get(n if n < place else n + 1) != end]
    assert changed
    assert min(changed) >= place
    assert max(changed) < place + 400
    assert len(changed) < 0.5 * len(ends[0])


def test_one_more_adult_care_call_changes_only_adult_care_on_its_day(world):
    council = world("oxfordshire")
    run = council.course(council.today())
    monday = council.calendar.first_day(1)
    monday += (7 - council.calendar.date(monday).weekday()) % 7 + 7
    before, _ = run.on(run.start(monday - 7), monday)
    journeys = run.arriving(monday, monday + 1)
    classes, request = run.network.model.classes, "request"
    is_call = [
        classes.columns["demand_type"] == classes.demand_types.index("adult_care"),
        classes.columns["channel"] == classes.channels.index("phone"),
        classes.columns["kind"] == classes.kinds.index(request),
    ]
    like = journeys.contacts[np.all(is_call, axis=0)[journeys.contacts["class"]]][0]
    more, _ = with_one_more(run, journeys, like, monday * 24 * TICKS_PER_HOUR + 10 * TICKS_PER_HOUR)
    (_, one), (_, two) = (run.meet(before, each, monday + 1) for each in (journeys, more))
    changed = {
        team
        for i, team in enumerate(run.network.teams)
        if any(one.by_team[count][i] != two.by_team[count][i] for count in one.by_team)
    }
    assert "phone_adult_care" in changed
    assert all("adult" in team for team in changed)
