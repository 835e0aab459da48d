"""Arrivals: as many as the council says, when it says, and each contact the same whatever else is changed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import stats

from layers.draws import ONE, case_key, draw, name_hash, run_key
from simulation.arrivals import Arrivals
from simulation.council import Council
from simulation.journeys import route
from simulation.operating_model import OperatingModel
from simulation.rows import TICKS_PER_DAY, TICKS_PER_HOUR
from simulation.streams import streams_of

RUN = run_key(1, 0)
HOURS_A_DAY = 24


@dataclass
class Drawn:
    """The arrivals of a council, with the numbers that this council gives to classes told in words."""

    council: Council
    arrivals: Arrivals
    first: int = field(init=False)

    def __post_init__(self) -> None:
        self.first = self.arrivals.calendar.first_day(0)

    def contacts(self, days: int = 7, run: np.uint64 = RUN) -> np.ndarray:
        return self.arrivals.draw(run, self.first, self.first + days)

    def told(self, days: int = 7) -> dict[int, tuple[Any, ...]]:
        """Each contact by its key: arrival, entry, urgency, and its class in words."""
        contacts, classes = self.contacts(days), OperatingModel.today(self.council).classes
        words = [
            np.array(classes.names(by))[column][contacts["class"]].tolist() for by, column in classes.columns.items()
        ]
        entries = np.array(list(self.council.routes.entries))[contacts["entry"]].tolist()
        said = zip(contacts["arrival"].tolist(), entries, contacts["urgent"].tolist(), *words, strict=True)
        return dict(zip(contacts["key"].tolist(), said, strict=True))


@pytest.fixture(scope="module")
def drawn(oxfordshire):
    """`drawn(demand={...}, calibration={...})`: Oxfordshire's arrivals with fields of those sections changed."""

    def change(demand: dict[str, Any] | None = None, calibration: dict[str, Any] | None = None) -> Drawn:
        council = oxfordshire.council
        changed = council.model_copy(
            update={
                "demand": council.demand.model_copy(update=demand or {}),
                "calibration": council.calibration.model_copy(update=calibration or {}),
            }
        )
        return Drawn(changed, Arrivals(changed, oxfordshire.calendar, OperatingModel.today(changed).classes))

    return change


@pytest.fixture(scope="module")
def year(drawn) -> np.ndarray:
    return drawn().contacts(365)


def test_a_year_holds_the_contacts_that_the_streams_say(drawn, year):
    expected = sum(stream.yearly for stream in streams_of(drawn().council))
    assert abs(len(year) - expected) < 4 * np.sqrt(expected)


def test_counts_by_hour_are_poisson_about_their_means(drawn, year):
    """Over the busy hours of the largest stream, squared deviations ÷ means are chi-square; idle hours have nobody."""
    some = drawn()
    streams, columns = some.arrivals.streams.streams, OperatingModel.today(some.council).classes.columns
    row = int(np.argmax(some.arrivals.streams.yearly))
    names = OperatingModel.today(some.council).classes
    of_type = columns["demand_type"][year["class"]] == names.demand_types.index(streams[row].demand_type)
    of_channel = columns["channel"][year["class"]] == names.channels.index(streams[row].channel)
    mine = year[of_type & of_channel & (year["entry"] == 0)]
    means = some.arrivals.means(some.first, some.first + 365)[row]
    counts = np.bincount(mine["arrival"] // TICKS_PER_HOUR - some.first * HOURS_A_DAY, minlength=len(means))
    busy = means > 5
    assert busy.sum() > 1000
    deviation = ((counts - means)[busy] ** 2 / means[busy]).sum()
    assert 1e-3 < stats.chi2.sf(deviation, busy.sum()) < 1 - 1e-3
    assert (counts[means == 0] == 0).all()


def test_contacts_come_in_order_and_evenly_within_their_hour(year):
    assert (np.diff(year["arrival"]) >= 0).all()
    assert len(set(year["key"][:200_000].tolist())) == 200_000
    into = year["arrival"] % TICKS_PER_HOUR
    contacts = into[year["entry"] == 0]
    assert stats.chisquare(np.histogram(contacts, 60, (0, TICKS_PER_HOUR))[0]).pvalue > 1e-3


@pytest.mark.parametrize("cut", [1, 9, 13])
def test_days_drawn_in_parts_are_the_days_drawn_at_once(drawn, cut):
    arrivals, first = drawn().arrivals, drawn().first
    parts = [arrivals.draw(RUN, first, first + cut), arrivals.draw(RUN, first + cut, first + 14)]
    assert np.array_equal(arrivals.draw(RUN, first, first + 14), np.concatenate(parts))


def test_a_longer_horizon_changes_nothing_that_came_before(drawn):
    short, long = drawn().told(7), drawn().told(20)
    end = (drawn().first + 7) * TICKS_PER_DAY
    assert short == {key: said for key, said in long.items() if said[0] < end}


@pytest.mark.parametrize("factor", [0.5, 0.97, 1.03, 2.0])
def test_another_volume_only_adds_or_drops_contacts(drawn, factor):
    volume = drawn().council.demand.volume_factor
    base, other = drawn(), drawn({"volume_factor": volume.model_copy(update={"value": volume.value * factor})})
    mine, theirs = (_without_scheduled(told) for told in (base.told(), other.told()))
    fewer, more = (mine, theirs) if factor > 1 else (theirs, mine)
    assert fewer.items() <= more.items()
    assert len(theirs) / len(mine) == pytest.approx(factor, rel=0.02)


def _without_scheduled(told: dict[int, tuple[Any, ...]]) -> dict[int, tuple[Any, ...]]:
    """Contacts that are drawn; scheduled work is spread evenly, so more of it falls due at other hours."""
    return {key: said for key, said in told.items() if said[1] == "contact"}


@pytest.mark.parametrize("factor", [0.6, 1.0, 1.5])
def test_the_cases_of_an_hour_are_numbered_from_0_so_a_volume_adds_or_drops_the_last(drawn, factor):
    """Calls about highways between ten and eleven on Tuesday 3 April 2018."""
    volume = drawn().council.demand.volume_factor
    some = drawn({"volume_factor": volume.model_copy(update={"value": volume.value * factor})})
    keys = set(some.contacts(3)["key"].tolist())
    hour = (date(2018, 4, 3) - date(2000, 1, 1)).days * HOURS_A_DAY + 10
    stream = name_hash("stream/highways/phone")
    present = [int(case_key(RUN, stream, hour, index)) in keys for index in range(500)]
    assert 0 < sum(present) < 500
    assert present == [index < sum(present) for index in range(500)]


def test_a_new_demand_type_changes_no_other_contact(drawn):
    base = drawn()
    types, first = base.council.demand.types, base.council.calibration.first_contacts
    with_tips = drawn(
        {"types": {"waste_tips": types["highways"], **types}},
        {"first_contacts": {"waste_tips": first["highways"], **first}},
    )
    others = {key: said for key, said in with_tips.told().items() if "waste_tips" not in said}
    assert others == base.told()
    assert len(with_tips.told()) > len(others) + 1000


def test_growth_leaves_the_first_year_and_compounds_after_it(drawn):
    growth = drawn().council.demand.growth
    grown = drawn({"growth": growth.model_copy(update={"value": 0.1})})
    flat = drawn({"growth": growth.model_copy(update={"value": 0.0})})
    assert np.array_equal(grown.contacts(), flat.contacts())
    for month, factor in ((11, 1.0), (12, 1.1), (35, 1.21), (36, 1.331)):
        day = flat.arrivals.calendar.first_day(month)
        means = [some.arrivals.means(day, day + 7).sum() for some in (grown, flat)]
        assert means[0] == pytest.approx(means[1] * factor)


def test_replications_and_seeds_meet_other_contacts(drawn):
    keys = [set(drawn().contacts(3, run_key(*pair))["key"].tolist()) for pair in ((1, 0), (1, 1), (2, 0))]
    assert keys[0].isdisjoint(keys[1]) and keys[0].isdisjoint(keys[2]) and keys[1].isdisjoint(keys[2])


def test_scheduled_work_falls_due_evenly_on_working_days_and_adds_up_to_the_year(drawn, year):
    council, calendar = drawn().council, drawn().arrivals.calendar
    entries = list(council.routes.entries)
    scheduled = council.demand.scheduled
    assert scheduled
    for work in scheduled.values():
        if [w.entry for w in scheduled.values()].count(work.entry) == 1:
            due = year[year["entry"] == entries.index(work.entry)]
            assert abs(len(due) - work.per_year.value * council.demand.volume_factor.value) <= 1
            days = due["arrival"] // TICKS_PER_DAY
            dates = [calendar.date(int(day)) for day in np.unique(days)]
            assert all(on.weekday() < 5 and on not in calendar.bank_holidays for on in dates)
            by_day = np.bincount(days - days.min())
            assert np.ptp(by_day[by_day > 0]) <= 1


def test_prevention_takes_contacts_out_by_their_own_draw_and_leaves_every_other_journey_alone(oxfordshire):
    today, prevented = oxfordshire.today(), oxfordshire.model(["prevention"])
    first = oxfordshire.calendar.first_day(0)
    contacts = oxfordshire.network(today).arrivals.draw(RUN, first, first + 7)
    before = route(oxfordshire.network(today).tables, contacts.copy())
    after = route(oxfordshire.network(prevented).tables, contacts.copy())
    slot = name_hash("step/met_in_community")
    share = float(oxfordshire.council.levers.all["prevention"].target.value)
    met = np.array([c["entry"] == 0 and draw(np.uint64(c["key"]), slot) < round(share * ONE) for c in contacts])
    assert met.mean() == pytest.approx(share, rel=0.1)
    assert (after.contacts["steps"][met] == 0).all() and (before.contacts["steps"][met] > 0).mean() > 0.9
    fields = [name for name in contacts.dtype.names if name != "first_step"]
    assert np.array_equal(after.contacts[fields][~met], before.contacts[fields][~met])
    for one, two in zip(before.contacts[~met], after.contacts[~met], strict=True):
        steps = [s.steps[c["first_step"] : c["first_step"] + c["steps"]] for s, c in ((before, one), (after, two))]
        assert np.array_equal(*steps)
