"""A plan simulated month by month beside today's operating model: the fictional district, three years."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from simulation.by_area import effort_by_area, fte_by_area
from simulation.plan.basis import capacity_of
from simulation.plan.posts import Capacity
from simulation.plan.staffing import team_fte
from simulation.plan.stages import Stages
from simulation.plan.summary import shortfalls
from simulation.plan.tables import reductions, residents_table, shown_plan, transition_table
from simulation.plan.transition import PLAN, Stepping, simulate
from simulation.runs import Window, run_models

MONTHS, FIRST_CHANGE = 36, 11
"""The first release goes live in April 2020, a year after the plan's first month; training falls in the month before."""
WINDOW = Window(0, MONTHS, 14)
OFF, ALL = "programme.gate.on=false", "programme.gate.tolerance_points=100"


class Plan:
    def __init__(self, world):
        self.world, self.council = world, world.council
        self.today = world.network(world.today())
        self.stages = Stages(self.council, world.calendar)
        target = self.today.remodelled(world.model())
        people = fte_by_area(self.today, self.today.rosters.fte)
        moved = effort_by_area(self.today) - effort_by_area(target)
        self.capacity = Capacity(people, people, people - moved, moved)

    def simulate(self, **options):
        return simulate(self.today, self.stages, self.capacity, 1, 0, WINDOW, **options)


@pytest.fixture(scope="module")
def plan(world):
    return cache(lambda *sets: Plan(world("district", *sets)))


@pytest.fixture(scope="module")
def course(plan):
    """A simulated plan, once a set of changes."""
    return cache(lambda *sets: plan(*sets).simulate())


def same(one, other):
    return all(a.same_as(b) for a, b in zip(one.months, other.months, strict=True))


def test_until_something_changes_the_plan_is_today(course):
    found = course()
    for today, planned in zip(found.today.months[:FIRST_CHANGE], found.plan.months[:FIRST_CHANGE], strict=True):
        assert today.causes == planned.causes
        assert np.array_equal(today.effort_ticks, planned.effort_ticks)
        for count in today.by_class:
            assert np.array_equal(today.by_class[count], planned.by_class[count])
    assert found.today.months[-1].causes != found.plan.months[-1].causes


def test_today_beside_a_plan_is_today_in_the_reference_year(plan, course):
    year = Window(WINDOW.first, 12, WINDOW.settling_days)
    alone = run_models({"today": plan().today}, 1, 0, year)["today"].months
    assert all(a.same_as(b) for a, b in zip(alone, course().today.months, strict=False))


def test_a_tolerance_of_everything_equals_the_gate_switched_off(course):
    off, wide = course(OFF), course(ALL)
    assert same(off.plan, wide.plan)
    for one, other in zip(off.months, wide.months, strict=True):
        assert one.gone.tobytes() == other.gone.tobytes()
        assert one.at_risk.tobytes() == other.at_risk.tobytes()


def test_without_the_gate_every_post_goes_when_it_is_due(course):
    for month in course(OFF).months:
        assert month.gone == pytest.approx(month.due)


def test_with_the_gate_fewer_posts_have_gone_at_any_time(course):
    gated, free = course(), course(OFF)
    assert all(a.gone.sum() <= b.gone.sum() + 1e-9 for a, b in zip(gated.months, free.months, strict=True))
    assert gated.months[-1].gone.sum() < free.months[-1].gone.sum()


def test_posts_that_go_before_the_work_does_make_residents_wait_longer(plan, course):
    """Half of the posts at go-live and nobody to stop it, beside posts that follow take-up."""
    early = course(OFF, "programme.reading=B")
    assert in_target(early) < in_target_today(early) - 0.02
    assert in_target(course()) > in_target(early)


def in_target(found):
    return _share(found.plan.months[FIRST_CHANGE:])


def in_target_today(found):
    return _share(found.today.months[FIRST_CHANGE:])


def _share(months):
    steps = sum(int(m.by_class["answered"].sum() + m.by_class["abandoned"].sum()) for m in months)
    return sum(int(m.by_class["in_target"].sum()) for m in months) / steps


def test_a_plan_without_levers_that_reach_anything_leaves_everybody_in_place(plan):
    """Months before any go-live: the plan's teams are today's with today's people."""
    one = plan()
    stage = one.stages.stage(0)
    stepping = Stepping(one.today, one.stages)
    staffed = stepping.staffed(stepping.network(stage), stage, np.zeros_like(one.capacity.existing))
    for team, fte in staffed.rosters.fte.items():
        assert fte == one.today.rosters.fte.get(team, 0.0)


def test_people_who_move_with_the_work_are_neither_lost_nor_made(plan):
    one = plan()
    stepping = Stepping(one.today, one.stages)
    people = fte_by_area(one.today, one.today.rosters.fte)
    for month in (0, 12, 15, 18, 24, 59):
        network = stepping.network(one.stages.stage(month))
        fte = team_fte(network, people, one.today)
        assert sum(fte.values()) == pytest.approx(people.sum())
        assert min(fte.values()) >= 0.0


def test_today_s_work_gives_today_s_teams_their_own_people(plan):
    one = plan()
    people = fte_by_area(one.today, one.today.rosters.fte)
    assert team_fte(one.today, people, one.today) == pytest.approx(one.today.rosters.fte)


def test_a_month_s_posts_do_not_depend_on_the_months_after_it(plan):
    """A shorter run has the same months: nothing is read from the future."""
    one = plan()
    short = simulate(one.today, one.stages, one.capacity, 1, 0, Window(0, 28, WINDOW.settling_days))
    whole = one.simulate()
    assert same(short.plan, type(whole.plan)(whole.plan.months[:28]))
    for a, b in zip(short.months, whole.months, strict=False):
        assert a.gone.tobytes() == b.gone.tobytes()


# --- Tables ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tables(plan, course):
    one = plan()
    found = {0: course()}
    runs = shown_plan(found, one.today, one.stages)
    return transition_table("district", found, one.stages), residents_table("district", runs)


def test_what_is_due_is_gone_or_deferred(tables):
    posts = tables[0]
    falls = posts[posts["due_fte"] >= 0]
    assert (falls["due_fte"] <= falls["gone_fte"] + falls["deferred_fte"] + 1e-9).all()


def test_reductions_add_up_to_the_posts_gone(tables):
    posts = tables[0]
    last = posts[posts["month"] == posts["month"].max()]
    assert reductions(posts)["reduction_fte"].sum() == pytest.approx(last["gone_fte"].sum())


def test_every_row_of_the_transition_belongs_to_the_release_that_brings_the_layer_to_the_area(plan, tables):
    rule = plan().stages.plan.release_of
    keys = tables[0][["release", "layer", "service_area"]].drop_duplicates()
    assert len(keys)
    assert all(rule(layer, area) == release for release, layer, area in keys.itertuples(index=False))


def test_service_that_is_as_it_was_falls_short_nowhere(tables):
    residents = tables[1]
    today = residents[residents["model"] == "today"]
    both = pd.concat([today, today.assign(model=PLAN)], ignore_index=True)
    assert shortfalls(both, 0.0) == []


def test_service_that_gets_worse_is_found_with_its_months(tables):
    residents = tables[1]
    today = residents[residents["model"] == "today"]
    worse = today.assign(model=PLAN)
    poor = worse["month"].isin(["2019-06", "2019-07"]) & (worse["layer"] == "middle_office")
    worse.loc[poor, "late"] += worse.loc[poor, "steps"] // 2
    found = shortfalls(pd.concat([today, worse], ignore_index=True), 0.005)
    assert [(row["layer"], row["first_month"], row["last_month"]) for row in found] == [
        ("middle_office", "2019-06", "2019-09")
    ]
    assert found[0]["plan"] > found[0]["today"]


def test_a_plan_counts_on_other_replications_than_its_own(plan):
    """What a replication's own reference year found is not used where there is another."""
    council = plan().council
    cells = [(layer, area) for layer in council.layers for area in council.service_areas]
    rows = [
        (r, model, *cell, "2018-04", fte + 10 * r, 0.0)
        for r in (0, 1)
        for model, fte in (("today", 5.0), ("target", 3.0))
        for cell in cells
    ]
    columns = ["replication", "model", "layer", "service_area", "month", "effort_fte", "fixed_fte"]
    effort = pd.DataFrame(rows, columns=columns)
    assert (capacity_of(effort, None, council, 0).existing == 15.0).all()
    assert (capacity_of(effort, None, council, 1).existing == 5.0).all()
