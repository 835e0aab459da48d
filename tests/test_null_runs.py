"""Null and extreme runs: what changes nothing releases exactly nothing, and what goes all the way leaves nothing over."""

import json

import numpy as np
import pytest

LEVERS = ("prevention", "signposting", "channel_shift", "straight_through", "failed_online", "first_contact_resolution",
          "adult_front_door", "failure_demand", "automated_processing", "automated_assessment", "streamlined_assessment",
          "teams")  # fmt: skip
FRONT = ("customer_management", "customer_assessment")


def same_month(world, one, other) -> bool:
    return world.month(one, warm_up_days=7).same_as(world.month(other, warm_up_days=7))


def as_today(world, name: str) -> list[str]:
    """What `--set` needs for every lever's target to be today's value, as a user would write it."""
    sets = []
    for lever, value in world(name).council.levers.all.items():
        number = {**value.today.model_dump(mode="json"), "low": None, "high": None}
        sets.append(f"levers.all.{lever}.target={json.dumps(number)}")
    return sets


# --- Nothing changes -------------------------------------------------------------------------------------------------


def test_the_council_as_it_is_releases_exactly_nothing(world):
    as_is = world("as_is")
    assert same_month(as_is, as_is.today(), as_is.model())


def test_the_council_as_it_is_has_oxfordshires_today(world, oxfordshire):
    as_is = world("as_is")
    assert as_is.council.calibration == oxfordshire.council.calibration
    assert as_is.month(as_is.model()).same_as(oxfordshire.month(oxfordshire.today()))


@pytest.mark.parametrize("name", ["oxfordshire", "district"])
def test_levers_whose_targets_are_todays_values_release_exactly_nothing(world, name):
    unmoved = world(name, *as_today(world, name))
    assert len(unmoved.council.levers.all) == len(world(name).council.levers.all)
    assert same_month(unmoved, unmoved.today(), unmoved.model())


def test_without_any_lever_effort_is_the_same_to_the_byte(oxfordshire):
    today, no_lever = (oxfordshire.month(model) for model in (oxfordshire.today(), oxfordshire.model(levers=())))
    assert today.effort_ticks.tobytes() == no_lever.effort_ticks.tobytes()


def test_a_council_without_levers_releases_exactly_nothing(world):
    queue = world("one_queue")
    assert same_month(queue, queue.today(), queue.model())


def test_the_shipped_target_does_move_effort(oxfordshire):
    """The null tests above would pass on a program that ignores levers."""
    assert oxfordshire.council.levers.target == set(LEVERS)
    today, target = (oxfordshire.month(model) for model in (oxfordshire.today(), oxfordshire.model()))
    assert target.effort_ticks.sum() < 0.9 * today.effort_ticks.sum()


@pytest.mark.parametrize("lever", LEVERS)
def test_each_lever_alone_changes_something(oxfordshire, lever):
    assert not same_month(oxfordshire, oxfordshire.today(), oxfordshire.model(levers=[lever]))


# --- All the way -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def all_online(world):
    return world("all_online")


def online_classes(world) -> np.ndarray:
    """The classes of contact that the lever channel shift covers: bool array."""
    classes = world.today().classes
    return classes.within(world.council.levers.all["channel_shift"].only)


def test_with_self_service_and_straight_through_at_one_no_staffed_minutes_are_expected(all_online, flows_of):
    covered = online_classes(all_online)
    today, target = (flows_of(model) for model in (all_online.today(), all_online.model()))
    steps = [name for name, step in all_online.today().steps.items() if step.layer == "customer_management"]
    assert sum(today.minutes[name][covered].sum() for name in steps) > 10_000_000
    for name in steps:
        assert not target.minutes[name][covered].any(), name


def test_with_self_service_and_straight_through_at_one_no_such_step_is_simulated(all_online):
    journeys = all_online.course(all_online.model()).arriving(365, 395)
    covered = online_classes(all_online)
    order, steps = all_online.model().order, all_online.model().steps
    of_layer = np.array([steps[name].layer == "customer_management" for name in order])
    met = journeys.contacts["class"]
    assert covered[met].sum() > 20_000
    staffed = of_layer[journeys.steps["step"]] & covered[journeys.steps["class"]]
    assert not staffed.any()


def test_without_elasticity_the_middle_office_releases_exactly_nothing(world, effort):
    rigid = world("oxfordshire", "follow_on.middle_office_elasticity=0")
    today, target = (effort(model)["middle_office"] for model in (rigid.today(), rigid.model()))
    assert today == target == 0.0
    layer = list(rigid.council.layers).index("middle_office")
    months = [rigid.month(model) for model in (rigid.today(), rigid.model())]
    booked = [month.effort_ticks.reshape(len(rigid.council.layers), -1)[layer] for month in months]
    assert not booked[0].any() and not booked[1].any()


def test_with_full_elasticity_the_middle_office_falls_by_the_front_offices_share(world, effort):
    elastic = world("oxfordshire", "follow_on.middle_office_elasticity=1")
    today, target = effort(elastic.today()), effort(elastic.model())
    assert today["middle_office"] == pytest.approx(880, rel=1e-6)
    front = [sum(model[layer] for layer in FRONT) for model in (today, target)]
    assert target["middle_office"] / today["middle_office"] == pytest.approx(front[1] / front[0], abs=0.02)


@pytest.mark.parametrize("elasticity", [0.5, 0.75])
def test_the_middle_office_follows_in_proportion_to_its_elasticity(world, effort, elasticity):
    part, whole = (world("oxfordshire", f"follow_on.middle_office_elasticity={e}") for e in (elasticity, 1))
    released = [effort(w.today())["middle_office"] - effort(w.model())["middle_office"] for w in (part, whole)]
    assert released[0] == pytest.approx(elasticity * released[1], rel=1e-6)
