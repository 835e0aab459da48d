"""Working clocks against time counted minute by minute, and the compiled clock against the readable one."""

from bisect import bisect_left
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from layers.calendar import WEEKDAYS, Calendar, OpeningHours
from simulation.clocks import ClockRows, WorkingClock
from simulation.engines.compiled import _after, _closing, worked_at
from simulation.rows import TICKS_PER_DAY, TICKS_PER_MINUTE

DAYS = 24
MINUTES = DAYS * 24 * 60
DAY_0 = date(2017, 4, 1)


class MinuteByMinute:
    """The same opening hours as one flag a minute; day 0 is Saturday 1 April 2017."""

    def __init__(self, hours: OpeningHours, holidays: frozenset[date]) -> None:
        self.open = np.zeros(MINUTES, dtype=bool)
        for day in range(DAYS):
            on = DAY_0 + timedelta(days=day)
            if WEEKDAYS[on.weekday()] in hours.days and (hours.bank_holidays or on not in holidays):
                self.open[day * 1440 + hours.opens : day * 1440 + hours.closes] = True

    @cached_property
    def before(self) -> list[int]:
        """Ticks worked before each minute."""
        return [0, *(np.cumsum(self.open) * TICKS_PER_MINUTE).tolist()]

    def worked_at(self, tick: int) -> int:
        minute, into = divmod(tick, TICKS_PER_MINUTE)
        return self.before[minute] + into * bool(self.open[minute])

    def after(self, tick: int, working: int) -> int:
        """The first tick at which so much more is worked."""
        wanted = self.worked_at(tick) + working
        minute = bisect_left(self.before, wanted) - 1
        return minute * TICKS_PER_MINUTE + wanted - self.before[minute]

    def closing(self, tick: int) -> int:
        """The end of the opening that holds a tick, or of the last before it; 0 where there is none."""
        minute = min(tick // TICKS_PER_MINUTE, MINUTES - 1)
        while minute >= 0 and not self.open[minute]:
            minute -= 1
        if minute < 0:
            return 0
        midnight = (minute // 1440 + 1) * 1440
        while minute < midnight and self.open[minute]:
            minute += 1
        return minute * TICKS_PER_MINUTE


@st.composite
def hours(draw: st.DrawFn) -> OpeningHours:
    days = draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1))
    times = st.one_of(st.integers(0, 1440), st.sampled_from([0, 540, 1020, 1440]))
    opens, closes = sorted(draw(st.tuples(times, times).filter(lambda pair: pair[0] != pair[1])))
    said = {
        "days": tuple(sorted(days)),
        "from": _time(opens),
        "to": _time(closes),
        "bank_holidays": draw(st.booleans()),
    }
    return OpeningHours.model_validate(said)


def _time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


holidays = st.frozensets(st.integers(0, DAYS - 1).map(lambda day: DAY_0 + timedelta(days=day)), max_size=5)
ticks = st.one_of(
    st.integers(0, DAYS * TICKS_PER_DAY - 1),
    st.integers(0, MINUTES - 1).map(lambda minute: minute * TICKS_PER_MINUTE),
    st.integers(0, DAYS - 1).map(lambda day: day * TICKS_PER_DAY),
)


ALWAYS = OpeningHours.model_validate({"days": WEEKDAYS, "from": "00:00", "to": "24:00", "bank_holidays": True})


def compiled_clock(clock: WorkingClock) -> tuple[np.ndarray, int]:
    """A clock as the compiled engine has it, beside one that is always open: the arrays reach to its last day."""
    always = WorkingClock.of(Calendar("2018-04", frozenset()), ALWAYS, DAYS)
    arrays, lengths, _, _ = ClockRows.of([clock], always)
    return arrays[0], lengths[0]


def clocks(opening: OpeningHours, closed: frozenset[date]) -> tuple[WorkingClock, MinuteByMinute]:
    clock = WorkingClock.of(Calendar("2018-04", closed), opening, DAYS)
    return clock, MinuteByMinute(opening, closed)


@settings(max_examples=100, deadline=None)
@given(hours(), holidays, st.lists(ticks, min_size=20, max_size=20), st.data())
def test_a_working_clock_counts_what_counting_minute_by_minute_counts(opening, closed, at, data):
    clock, counted = clocks(opening, closed)
    if not clock.opens:
        return
    array, length = compiled_clock(clock)
    for tick in at:
        assert clock.worked_at(tick) == counted.worked_at(tick)
        assert worked_at(array, length, tick) == counted.worked_at(tick)
        assert clock.is_open(tick) == bool(counted.open[tick // TICKS_PER_MINUTE])
        if left := counted.before[-1] - counted.worked_at(tick):
            working = data.draw(st.integers(1, left))
            assert clock.after(tick, working) == counted.after(tick, working)
            assert _after(array, length, tick, working) == counted.after(tick, working)
        assert clock.closing(tick) == counted.closing(tick)
        assert _closing(array, tick) == counted.closing(tick)


@settings(max_examples=50, deadline=None)
@given(hours(), ticks, st.integers(1, 10 * TICKS_PER_DAY), st.integers(1, 10 * TICKS_PER_DAY))
def test_working_time_adds_up(opening, tick, one, two):
    clock = WorkingClock.of(Calendar("2018-04", frozenset()), opening, 400)
    assume(clock.worked_at(tick) + one + two <= clock.until[-1])
    assert clock.after(clock.after(tick, one), two) == clock.after(tick, one + two)
    assert clock.worked_at(clock.after(tick, one)) == clock.worked_at(tick) + one


def test_office_hours_read_as_people_say_them():
    """Friday half past four and two hours of work: Monday half past ten; Easter Monday is skipped."""
    opening = OpeningHours.model_validate({"days": ("mon", "tue", "wed", "thu", "fri"), "from": "09:00", "to": "17:00"})
    clock = WorkingClock.of(Calendar("2018-04", frozenset({date(2017, 4, 17)})), opening, DAYS)
    friday, monday, next_friday = (int((date(2017, 4, day) - DAY_0).days) for day in (7, 10, 14))

    def at(day: int, hour: float) -> int:
        return day * TICKS_PER_DAY + int(hour * 60 * TICKS_PER_MINUTE)

    assert clock.after(at(friday, 16.5), 120 * TICKS_PER_MINUTE) == at(monday, 10.5)
    assert clock.after(at(friday, 16.5), 30 * TICKS_PER_MINUTE) == at(friday, 17)
    assert clock.after(at(friday, 17), 1) == at(monday, 9) + 1
    assert clock.after(at(next_friday, 16.5), 60 * TICKS_PER_MINUTE) == at(next_friday + 4, 9.5)
    assert clock.closing(at(friday, 19)) == at(friday, 17)
    assert clock.hours_between(at(friday, 0), at(monday + 1, 0)) == 16


@pytest.mark.parametrize("beyond", [1, TICKS_PER_DAY, 10**15])
def test_what_would_end_after_the_clock_does_ends_with_it(beyond):
    """A delay of years from a late day: the run is over by then, but the number must still fit an event's key."""
    opening = OpeningHours.model_validate({"days": ("mon",), "from": "09:00", "to": "17:00"})
    clock, _ = clocks(opening, frozenset())
    array, length = compiled_clock(clock)
    working = clock.until[-1] + beyond
    assert clock.after(0, working) == clock.closes[-1]
    assert _after(array, length, 0, working) == clock.closes[-1]
