"""Expected flows: they agree with simulation, and with arithmetic that can be done by hand."""

import numpy as np
import pytest

from simulation.calibration import calibrate
from simulation.establishment import first_contact_entries
from simulation.flows import ExpectedFlows
from simulation.rows import TICKS_PER_MINUTE
from simulation.scenario import load

FRONT = ("customer_management", "customer_assessment")
FRONT_OFFICE_FTE = 768


@pytest.fixture(scope="module")
def front_office_release(effort):
    """Expected front-office effort released, FTE."""

    def released(world) -> float:
        today, target = effort(world.today()), effort(world.model())
        return sum(today[layer] - target[layer] for layer in FRONT)

    return released


# --- Against arithmetic ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["oxfordshire", "district"])
def test_today_handles_the_published_effort(world, effort, name):
    """To one part in ten thousand: volumes and minutes are solved for it."""
    council = world(name).council
    by_layer = effort(world(name).today())
    for layer in FRONT:
        assert by_layer[layer] == pytest.approx(council.layers[layer].handling_fte, rel=1e-4)
    follows = council.follow_on.middle_office_elasticity.value * council.layers["middle_office"].existing_fte.value
    assert by_layer["middle_office"] == pytest.approx(follows, rel=1e-4)


def test_the_stored_calibration_is_what_calibration_gives_now(oxfordshire):
    stored = load("oxfordshire").council.calibration
    solved = calibrate(oxfordshire.council)
    assert stored is not None and stored.fingerprint == solved.fingerprint
    assert stored.volume_factor == pytest.approx(solved.volume_factor, rel=1e-9)
    assert stored.middle_office_ratio == pytest.approx(solved.middle_office_ratio, rel=1e-9)
    assert stored.minutes_factor == pytest.approx(solved.minutes_factor, rel=1e-9)
    assert stored.pool_fte == pytest.approx(solved.pool_fte, rel=1e-6)


def test_three_ambitious_levers_release_what_arithmetic_says_with_minutes_flat(world, front_office_release):
    """60% of contacts of six types, 40% of processing and bookings, 70% of non-complex assessment: FTE of the demand model."""
    by_hand = 0.6 * 118.3 + 0.4 * 174.8 + 0.7 * 36.2
    assert round(by_hand) == 166
    assert front_office_release(world("evidence_c")) == pytest.approx(by_hand, abs=5)


def test_they_release_less_once_simple_contacts_leave_first(world, front_office_release):
    assert front_office_release(world("evidence_c_simple_first")) < front_office_release(world("evidence_c")) - 5


def test_the_shipped_target_releases_some_of_the_front_office_and_not_all(oxfordshire, front_office_release):
    assert 0 < front_office_release(oxfordshire) < FRONT_OFFICE_FTE


def test_repeats_are_the_levers_share_of_attempts(world, flows_of):
    """Nobody gives up: first calls ÷ calls is what the scenario says."""
    queue = world("repeating_queue")
    for model, share in ((queue.today(), 0.3), (queue.model(), 0.2)):
        first = sum(float(flow.sum()) for flow in first_contact_entries(model).values())
        assert 1 - first / flows_of(model).visits["answer"].sum() == pytest.approx(share)


def test_a_repeat_prefers_the_channel_its_first_contact_came_by(world, flows_of):
    """Of all attempts, repeats included, the share that the lever says goes online; a shifted caller may phone again."""
    evidence = world("evidence_c")
    model = evidence.model()
    flows, classes = flows_of(model), model.classes
    six = classes.within(model.council.levers.all["channel_shift"].only)
    online = flows.visits["online_form"][six].sum()
    first_or_again = flows.visits["prefers"][six].sum()
    assert online / first_or_again == pytest.approx(0.6, abs=0.005)


# --- Against simulation ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["today", "target"])
def district_year(request, world):
    """A year of the district with so many staff that nobody gives up or chases: the model and its twelve months."""
    district = world("district", "teams.staffing_factor=4", "demand.growth=0")
    model = district.today() if request.param == "today" else district.model()
    return model, district.course(model).months(0, 12, warm_up_days=28)


def without_loss(model):
    """Expected flows where nobody gives up."""
    return ExpectedFlows(model, abandoned=False).of(first_contact_entries(model))


def by_book(model, by_step: dict[str, np.ndarray]) -> np.ndarray:
    """Numbers by step and class, added up by layer, service area and whether the work is live: float array."""
    layers, areas = list(model.council.layers), len(model.council.service_areas)
    total = np.zeros((len(layers), areas, 2))
    for name, step in model.steps.items():
        if step.work or step.drag:
            live = int(bool(step.work and step.work.live))
            at = (layers.index(step.layer), model.classes.columns["service_area"], live)
            np.add.at(total, at, by_step[name])
    return total


def test_simulated_visits_agree_with_expected_ones(district_year):
    """By layer, area and live or not, within six standard deviations of a Poisson count; the middle office apart, where work
    that follows no minutes is no step.
    """
    model, months = district_year
    assert sum(month.by_team["abandoned"].sum() for month in months) < 20
    wanted = by_book(model, without_loss(model).visits)
    simulated = sum(month.steps for month in months).reshape(wanted.shape)
    but = [layer != "middle_office" for layer in model.council.layers]
    assert wanted[but].sum() > 200_000
    assert np.abs((simulated - wanted) / np.sqrt(np.maximum(wanted, 1)))[but].max() < 6


def test_simulated_effort_agrees_with_expected_effort(district_year):
    model, months = district_year
    wanted = by_book(model, without_loss(model).minutes).sum(axis=(1, 2))
    simulated = sum(month.effort_ticks for month in months).reshape(len(wanted), -1).sum(axis=1) / TICKS_PER_MINUTE
    assert simulated == pytest.approx(wanted, rel=0.02)
