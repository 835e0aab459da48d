"""People on duty: whole people whose mean is the establishment's, never fewer for more FTE, off duty when the team is closed."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.engines.network import Network, duty_ticks
from simulation.rosters import STRETCHES_KEPT
from simulation.rows import TICKS_PER_DAY, TICKS_PER_HOUR
from workforce.duty import offset_of, people_on_duty

fte = st.floats(0, 500)
offsets = st.floats(0, 0.999)


def people(fte: float, ratio: float, offset: float, blocks: int, start: int = 0) -> np.ndarray:
    return people_on_duty(fte, ratio, np.ones(blocks), start + np.arange(blocks), offset)


@given(fte, st.floats(0, 50), st.floats(0.1, 3), offsets)
def test_more_fte_never_means_fewer_people_in_any_block(fte, more, ratio, offset):
    assert (people(fte + more, ratio, offset, 500) >= people(fte, ratio, offset, 500)).all()


@given(fte, st.floats(0.1, 3), offsets, st.integers(2, 1000), st.integers(0, 8000))
def test_the_mean_of_many_blocks_is_the_establishment(fte, ratio, offset, blocks, start):
    """The error of n steps of the golden ratio is below (1 + ln n) ÷ n of a person (Niederreiter 1992, section 3.1)."""
    found = people(fte, ratio, offset, blocks, start)
    assert abs(found.mean() - fte * ratio) < (1 + math.log(blocks)) / blocks + 1e-6
    assert found.max() - found.min() <= 1


@given(st.integers(0, 500), offsets)
def test_an_establishment_of_whole_people_is_on_duty_in_every_block(whole, offset):
    assert set(people(whole, 1.0, offset, 500).tolist()) == {whole}


def test_a_team_s_sequence_depends_on_its_name_alone():
    assert 0 <= offset_of("phones") < 1
    assert offset_of("phones") != offset_of("desks")


@pytest.fixture(scope="module", params=["oxfordshire", "district"])
def staffed(request, world) -> Network:
    council = world(request.param)
    return council.network(council.today())


def test_over_the_reference_year_each_team_is_on_duty_for_its_fte(staffed):
    """Half-day blocks are exact to a fortieth of an FTE; twelve monthly blocks can be a third of an FTE out."""
    calendar, council = staffed.calendar, staffed.model.council
    first, last = calendar.first_day(0), calendar.first_day(12)
    changes, nobody = staffed.rosters.changes(first, last), np.zeros(len(staffed.teams))
    ticks = duty_ticks(staffed, changes, nobody, first * TICKS_PER_DAY, last * TICKS_PER_DAY)
    on_duty = ticks / TICKS_PER_HOUR / council.teams.productive_hours.value
    wanted = np.array([staffed.rosters.fte[team] for team in staffed.teams])
    changes_a_year = np.bincount(changes[:, 1]) / len(set(changes[:, 0] // TICKS_PER_DAY))
    live = changes_a_year > 2.5
    assert live.any() and not live.all()
    assert abs(on_duty - wanted)[live].max() < 0.03
    assert abs(on_duty - wanted)[~live].max() < 0.35
    assert on_duty.sum() == pytest.approx(wanted.sum(), rel=0.005)


def test_changes_of_people_on_duty_are_the_same_however_the_year_is_cut(staffed):
    first, last = staffed.calendar.first_day(0), staffed.calendar.first_day(2)
    whole = staffed.rosters.changes(first, last)
    for cut in (first + 1, staffed.calendar.first_day(1), last - 1):
        parts = [staffed.rosters.changes(first, cut), staffed.rosters.changes(cut, last)]
        assert np.array_equal(whole, np.concatenate(parts))


def test_one_team_s_changes_are_its_rows_among_all_also_at_another_fte(staffed):
    first, last = staffed.calendar.first_day(0), staffed.calendar.first_day(1)
    rosters, more = staffed.rosters, {name: fte + 7.3 for name, fte in staffed.rosters.fte.items()}
    for fte, rows in ((rosters.fte, rosters.changes(first, last)), (more, rosters.staffed(more).changes(first, last))):
        for i, name in enumerate(staffed.teams):
            assert np.array_equal(rosters.team_changes(name, fte[name], first, last), rows[rows[:, 1] == i][:, [0, 2]])
    ours, theirs = rosters.changes(first, last), rosters.staffed(more).changes(first, last)
    assert np.array_equal(ours[:, :2], theirs[:, :2])
    assert (theirs[:, 2] >= ours[:, 2]).all() and (theirs[:, 2] > ours[:, 2]).any()


def test_blocks_kept_for_many_stretches_of_days_do_not_grow_without_end(staffed):
    day, rosters = staffed.calendar.first_day(0), staffed.rosters
    wanted = [rosters.changes(day + n, day + n + 1) for n in range(2 * STRETCHES_KEPT)]
    assert len(rosters._kept) <= STRETCHES_KEPT
    for n in (0, STRETCHES_KEPT, 2 * STRETCHES_KEPT - 1):
        assert np.array_equal(rosters.changes(day + n, day + n + 1), wanted[n])


@pytest.fixture
def opened(world):
    """`opened(days, from_, to)`: the one queue's people on duty by hour over May and June 2018, with these opening hours."""

    def hourly(days: str, opens: str, closes: str) -> np.ndarray:
        name = "teams.opening_hours.always"
        queue = world(
            "one_queue", f"{name}.days=[{days}]", f"{name}.from={opens}", f"{name}.to={closes}",
            f"{name}.bank_holidays=false", "calendar.bank_holidays=[2018-05-07]",
        )  # fmt: skip
        network = queue.network(queue.today())
        out = []
        for month in (1, 2):
            begin, end = queue.calendar.first_day(month), queue.calendar.first_day(month + 1)
            changes = network.rosters.changes(begin, end)
            assert ((changes[:, 0] >= begin * TICKS_PER_DAY) & (changes[:, 0] < end * TICKS_PER_DAY)).all()
            out.append(changes)
        ticks, people = (np.concatenate([part[:, column] for part in out]) for column in (0, 2))
        hours = (queue.calendar.first_day(1) * 24 + np.arange(61 * 24)) * TICKS_PER_HOUR
        return people[np.searchsorted(ticks, hours, side="right") - 1].reshape(61, 24)

    return hourly


WEEKDAYS = "mon,tue,wed,thu,fri"


@pytest.mark.parametrize(
    ("opens", "closes"), [("09:00", "17:00"), ("00:00", "24:00"), ("14:00", "24:00"), ("00:00", "06:00")]
)
def test_nobody_is_on_duty_while_the_team_is_closed_also_across_midnight_and_month_ends(opened, opens, closes):
    """May 2018 begins on a Tuesday, and ends on a Thursday; 7 May is a bank holiday."""
    people = opened(WEEKDAYS, f"'{opens}'", f"'{closes}'")
    days = np.arange(61)
    closed_day = np.isin((days + 1) % 7, [5, 6]) | (days == 6)
    hour = np.arange(24)
    open_hour = (hour >= int(opens[:2])) & (hour < int(closes[:2]))
    assert (people[closed_day] == 0).all()
    assert (people[~closed_day][:, ~open_hour] == 0).all()
    assert (people[~closed_day][:, open_hour] > 0).all()


def test_a_team_that_never_closes_is_always_staffed(opened):
    people = opened(WEEKDAYS + ",sat,sun", "'00:00'", "'24:00'")
    assert (np.delete(people, 6, axis=0) > 0).all()
    assert (people[6] == 0).all()
