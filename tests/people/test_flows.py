"""People month by month: nobody is lost or made, leavers follow their law, nothing reads the future, policies share their luck."""

from collections.abc import Callable

import numpy as np
import pytest
from people_world import MONTHS, POLICIES, group, no_reduction, on, with_turnover
from scipy import stats

from workforce.course import Course
from workforce.establishment.assignment import Establishment
from workforce.flows.month import EXPIRED, HIRED, IN_POST_HEADS, POSTS_FTE
from workforce.reduction.dates import moved, tranches
from workforce.reduction.path import Reductions
from workforce.routes import CODE, ROUTES
from workforce.section import Workforce
from workforce.staff import Staff
from workforce.state import State
from workforce.step import step

Courses = Callable[..., Course]


def test_the_generated_establishment_meets_every_published_total(people: Establishment) -> None:
    assert (people.heads, people.full_time_heads) == (4455, 2608)
    assert people.fte == pytest.approx(3644.2, abs=1e-6)
    unit = np.array(people.directorates)[people.assignments["area"]]
    for directorate, fte in (("People", 1883.0), ("Communities", 1001.0), ("Resources", 760.2)):
        assert people.assignments["fte"][unit == directorate].sum() == pytest.approx(fte, abs=1e-6)
    assert people.assignments["fte"].min() > 0 and people.assignments["fte"].max() == 1
    assert (people.assignments["service"] <= people.assignments["age"] - 192).all()


def test_some_650_people_leave_a_year_redundancies_taken_out(staff: Staff) -> None:
    policy, none = staff.policy("attrition_only"), no_reduction(staff)
    years = [staff.course(policy, none, 1, r).leavers.sum() / len(MONTHS) * 12 for r in range(5)]
    assert np.mean(years) == pytest.approx(0.97 * 650, rel=0.05)


def test_without_a_reduction_the_establishment_keeps_its_size(staff: Staff) -> None:
    in_post = staff.course(staff.policy("usual"), no_reduction(staff), 1, 0).stocks[:, :, IN_POST_HEADS].sum(axis=1)
    assert abs(in_post - 4455).max() < 0.03 * 4455


@pytest.mark.parametrize("policy", POLICIES)
def test_heads_conserve_every_month(course: Courses, staff: Staff, policy: str) -> None:
    found = course(policy)
    heads = found.stocks[:, :, IN_POST_HEADS].sum(axis=1)
    redundant = np.zeros(len(MONTHS))
    gone = np.isin(found.events["route"], [CODE["voluntary"], CODE["compulsory"]])
    np.add.at(redundant, found.events["month"][gone], found.events["head"][gone])
    inflow = found.flows[:, :, HIRED].sum(axis=1)
    outflow = found.leavers.sum(axis=1) + found.flows[:, :, EXPIRED].sum(axis=1) + redundant
    opening = staff.people.head_shares().sum()
    assert heads == pytest.approx(opening + np.cumsum(inflow - outflow), abs=1e-6)


@pytest.mark.parametrize("policy", POLICIES)
def test_posts_conserve_every_month(course: Courses, staff: Staff, policy: str) -> None:
    found = course(policy)
    posts, met = found.stocks[:, :, POSTS_FTE], found.met[..., 0].sum(axis=(1, 3))
    assert posts == pytest.approx(staff.pool_fte - met.cumsum(axis=0), abs=1e-6)


def test_a_person_with_two_posts_is_one_head_and_leaves_both_at_once(section: Workforce) -> None:
    pair = Staff(section, group(2000, person=np.repeat(np.arange(1000), 2), fte=0.5), MONTHS)
    assert pair.people.heads == 1000 and pair.people.full_time_heads == 1000
    found = pair.course(pair.policy("attrition_only"), no_reduction(pair), 1, 0)
    assert found.leavers[0].sum() == int(found.leavers[0].sum()) > 0


def test_one_group_of_people_who_are_alike_leaves_by_the_geometric_law(section: Workforce) -> None:
    count, rate = 4000, 0.2
    flat = with_turnover(section, rate)
    even = flat.turnover.model_copy(
        update={
            "reasons": flat.turnover.reasons.model_copy(update={"values": {"resignation": 1.0}}),
            "by_age": flat.turnover.by_age.model_copy(update={"values": {"under_25": 1.0}}),
            "by_service": flat.turnover.by_service.model_copy(update={"values": {"under_1": 1.0}}),
        }
    )
    slow = flat.vacancies.model_copy(
        update={"opening": flat.vacancies.opening.model_copy(update={"value": 0.0, "low": None})}
    )
    alike = Staff(flat.model_copy(update={"turnover": even, "vacancies": slow}), group(count, age=360), MONTHS)
    whole = Reductions(("r1",), np.zeros((1, 1, len(MONTHS))))
    whole.fte[0, 0, -1] = count  # everything is to go at the end, so nobody who leaves is replaced
    policy = alike.policy("attrition_only").model_copy(
        update={"freeze": section.usual.freeze.model_copy(update={"value": 120})}
    )
    stays = []
    for replication in range(6):
        found = alike.course(policy, whole, 1, replication)
        stays.append(found.stocks[24, :, IN_POST_HEADS].sum())
    expected = count * (1 - rate / 12) ** 25
    low, high = stats.binom.interval(0.999, 6 * count, (1 - rate / 12) ** 25)
    assert low <= sum(stays) <= high, (np.mean(stays), expected)


def test_nothing_reads_the_future(staff: Staff, found: Reductions) -> None:
    policy = staff.policy("usual")
    parts = tranches(moved(found, policy.leave_by), section_of(staff).process, section_of(staff).rules, 0)
    month = 10
    later = [part for part in parts if part.known > month]
    assert later
    known_only = tuple(part for part in parts if part.known <= month)
    setting = staff.course(policy, found, 1, 0).setting
    one = other = State.opening(setting)
    for number in range(month + 1):
        one, _ = step(one, number, parts, setting)
        other, _ = step(other, number, known_only, setting)
    assert np.array_equal(one.posts, other.posts)


def section_of(staff: Staff) -> Workforce:
    return staff.section


def test_a_step_leaves_the_state_it_was_given_alone(staff: Staff, found: Reductions) -> None:
    setting = staff.course(staff.policy("usual"), found, 1, 0).setting
    before = State.opening(setting)
    kept = before.posts.copy()
    step(before, 0, (), setting)
    assert np.array_equal(before.posts, kept)


def test_policies_share_their_luck_until_they_differ(course: Courses) -> None:
    one, other = course("redeploy_first"), course("voluntary_led")
    first = min(tranche.known for tranche in one.tranches)
    assert first > 0
    assert np.array_equal(one.flows[:first], other.flows[:first])


def test_the_same_seed_gives_the_same_course_and_another_replication_another(
    course: Courses, staff: Staff, found: Reductions
) -> None:
    again = staff.course(staff.policy("usual"), found, 1, 0)
    assert np.array_equal(again.met, course("usual").met)
    assert not np.array_equal(course("usual", 1).met, course("usual").met)


def test_with_no_turnover_vacancies_agency_or_fixed_terms_those_routes_meet_nothing(
    staff: Staff, found: Reductions
) -> None:
    still = with_turnover(staff.section, 0.0)
    empty = still.vacancies.opening.model_copy(update={"value": 0.0, "low": None})
    rows = staff.people.assignments.copy()
    rows["ends"] = 32_000
    people = Establishment(
        "generated", staff.people.areas, staff.people.directorates, staff.people.families, staff.people.grades,
        staff.people.tiers, staff.people.places, rows,
    )  # fmt: skip
    section = still.model_copy(update={"vacancies": still.vacancies.model_copy(update={"opening": empty})})
    frozen = on(staff, section=section, people=people)
    smaller = Reductions(found.releases, found.fte * 0.9)
    course = frozen.course(frozen.policy("notice_before_go_live"), smaller, 1, 0)
    met = course.met[..., 0].sum(axis=(0, 1, 2))
    for route in ("agency_ended", "fixed_term_expired", "vacancies", "leavers_not_replaced"):
        assert met[ROUTES.index(route)] == 0
    assert met[ROUTES.index("compulsory")] > 300
