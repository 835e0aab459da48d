"""A reduction is met in full by the routes, in the right order and no sooner than the law allows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from people_world import POLICIES, with_turnover

from layers.problems import InputError
from simulation.people.sums import Sums, sums_of
from simulation.scenario import load
from workforce.course import Course
from workforce.reduction.dates import consultation_days, notice_months
from workforce.reduction.path import Reductions
from workforce.routes import CODE, ROUTES
from workforce.section import Workforce
from workforce.staff import Staff

Courses = Callable[..., Course]
REDUNDANT = [CODE["voluntary"], CODE["compulsory"]]


def sums(course: Course, found: Reductions, staff: Staff) -> Sums:
    return sums_of(course, found.releases, staff.months, len(staff.months) - 1)


def by_directorate(course: Course, tranche: int) -> np.ndarray:
    """People proposed in one tranche by directorate."""
    return np.bincount(course.setting.directorate, course.last.proposed_heads[tranche])


@pytest.mark.parametrize("policy", POLICIES)
def test_routes_sum_to_the_reduction_in_fte_and_heads(
    course: Courses, found: Reductions, staff: Staff, policy: str
) -> None:
    one = sums(course(policy), found, staff)
    assert one.met[:, 0].sum() == pytest.approx(found.fte.sum(), abs=1e-6)
    for place, release in enumerate(found.releases):
        assert one.by_release[release][:, 0].sum() == pytest.approx(found.fte[place].sum(), abs=1e-6)
    for part, totals in one.by_part.items():
        assert sum(totals.values()) == pytest.approx(one.met, abs=1e-6), part
    assert sum(one.by_release.values()) == pytest.approx(one.met, abs=1e-6)
    wanted = found.fte.sum(axis=(0, 2))
    for place, name in enumerate(sorted({name[0] for name in staff.pools.names})):
        inside = [number for number, pool in enumerate(staff.pools.names) if pool[0] == name]
        assert one.by_part["directorate"][name][:, 0].sum() == pytest.approx(wanted[inside].sum(), abs=1e-6), place


@pytest.mark.parametrize("policy", POLICIES)
def test_only_the_routes_of_a_policy_are_used_and_none_before_it_is_due(
    course: Courses, found: Reductions, staff: Staff, policy: str
) -> None:
    run = course(policy)
    allowed = run.setting.policy.routes
    used = {route for number, route in enumerate(ROUTES) if run.met[:, :, :, number].sum() > 0}
    assert used <= set(allowed)
    due = sum(tranche.fte.sum(axis=0) for tranche in run.tranches).cumsum()
    assert (run.met[..., 0].sum(axis=(1, 2, 3)).cumsum() <= due + 1e-6).all()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("replication", [0, 1])
def test_nobody_is_redundant_before_proposal_consultation_and_notice(
    course: Courses, staff: Staff, policy: str, replication: int
) -> None:
    run = course(policy, replication)
    gone = run.events[np.isin(run.events["route"], REDUNDANT)]
    contractual = run.setting.notice_weeks
    heads = [by_directorate(run, number) for number in range(len(run.tranches))]
    for event in gone:
        earliest = min(
            tranche.proposed + (2 if heads[number].max() >= 100 else 1)
            for number, tranche in enumerate(run.tranches)
            if tranche.total[event["pool"]] > 0
        )
        assert event["decided"] >= earliest
        # service grew while notice ran, so notice was counted on somewhat less
        served = np.array([event["service"] - (event["month"] - event["decided"])])
        assert event["month"] - event["decided"] >= notice_months(served, contractual[[event["grade"]]])[0]


@pytest.mark.parametrize("policy", POLICIES)
def test_no_more_are_dismissed_than_were_proposed(course: Courses, policy: str) -> None:
    for replication in (0, 1):
        run = course(policy, replication)
        gone = run.events[np.isin(run.events["route"], REDUNDANT)]
        dismissed = np.bincount(gone["pool"], minlength=run.last.met.shape[1])
        assert (dismissed <= run.last.proposed_heads.sum(axis=0) + 1e-9).all()
        assert (run.last.open_heads >= -1e-9).all()


def test_attrition_only_proposes_and_dismisses_nobody(course: Courses) -> None:
    run = course("attrition_only")
    assert run.last.proposed_heads.sum() == 0 and len(run.events) == 0


@pytest.mark.parametrize(("proposed", "days"), [(0, 14), (19, 14), (20, 30), (99, 30), (100, 45), (400, 45)])
def test_consultation_is_30_days_from_20_people_and_45_from_100(section: Workforce, proposed: int, days: int) -> None:
    assert consultation_days(proposed, section.rules, section.process) == days


def test_fewer_are_dismissed_when_more_leave_of_themselves(staff: Staff, found: Reductions) -> None:
    compulsory = []
    for rate in (0.11, 0.146, 0.18):
        there = replace(staff, section=with_turnover(staff.section, rate))
        policy = there.policy("notice_before_go_live")
        runs = [there.course(policy, found, 1, replication) for replication in range(4)]
        compulsory.append(np.mean([run.met[..., ROUTES.index("compulsory"), 0].sum() for run in runs]))
    assert compulsory == sorted(compulsory, reverse=True)


def test_policies_laid_on_each_other_take_the_later_word(staff: Staff) -> None:
    both = staff.policy("voluntary_led+notice_before_go_live")
    assert both.leave_by == "go_live" and both.multiplier.value == 2.2
    assert both.label == "Voluntary led + Notice before go-live"
    assert staff.policy("usual") == staff.section.usual


def test_a_vacancy_counts_as_left_once_somebody_left_it(staff: Staff, found: Reductions) -> None:
    none = staff.section.vacancies.opening.model_copy(update={"value": 0.0, "low": None})
    section = staff.section.model_copy(
        update={"vacancies": staff.section.vacancies.model_copy(update={"opening": none})}
    )
    full = replace(staff, section=section)
    met = (
        full.course(full.policy("attrition_only"), full.reductions(_path(full, 100.0)), 1, 0)
        .met[..., 0]
        .sum(axis=(0, 1, 2))
    )
    assert met[ROUTES.index("vacancies")] == met[ROUTES.index("agency_ended")] == 0
    assert met[ROUTES.index("leavers_not_replaced")] > 50


def _path(staff: Staff, fte: float, area: str = "childrens", month: str = "2020-04") -> pd.DataFrame:
    row = {"release": "r1", "layer": "middle_office", "service_area": area, "month": month, "reduction_fte": fte}
    return pd.DataFrame([row])


def test_a_reduction_larger_than_its_group_is_refused_with_its_place(staff: Staff) -> None:
    with pytest.raises(InputError) as caught:
        staff.reductions(_path(staff, 60.0, "hr"))
    assert any("hr" in problem.path and "FTE from a group of" in problem.message for problem in caught.value.problems)


def test_a_path_with_wrong_rows_is_refused_row_by_row(staff: Staff) -> None:
    path = pd.concat(
        [_path(staff, -1.0), _path(staff, 1.0, "atlantis"), _path(staff, 1.0, month="April")], ignore_index=True
    )
    with pytest.raises(InputError) as caught:
        staff.reductions(path)
    assert len(caught.value.problems) == 3


def test_what_falls_due_after_the_end_is_kept_apart(staff: Staff) -> None:
    assert staff.reductions(_path(staff, 5.0, month="2030-01")).dropped_fte == 5.0


def test_the_crosswalk_shares_a_reduction_out_in_full(staff: Staff, council) -> None:  # type: ignore[no-untyped-def]
    for layer in council.layers:
        for area in council.service_areas:
            shares = staff.section.crosswalk.shares(layer, area, staff.pools.names, staff.pool_fte)
            assert shares.sum() == pytest.approx(1.0)
            assert {staff.pools.names[n][1] for n in np.flatnonzero(shares)} == {area}


def test_names_that_the_council_does_not_have_are_told_with_their_place(tmp_path: Path) -> None:
    text = "extends: oxfordshire\nworkforce:\n  crosswalk: {own: {atlantis: {hr: 1}}}\n  compared: [attrition]\n"
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(str(tmp_path / "bad.yaml"))
    assert "workforce.compared: no 'attrition'" in str(caught.value)
    (tmp_path / "bad.yaml").write_text(text.replace("attrition]", "attrition_only]"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(str(tmp_path / "bad.yaml"))
    assert "bad.yaml:3: workforce.crosswalk.own: no 'atlantis'" in str(caught.value)
