"""The one queue against queueing theory: theory's value lies in the simulated 99% interval, which is narrow."""

import numpy as np
import pytest

from simulation.engines.choice import ENGINES
from simulation.measures import wait_quantile
from simulation.rows import TICKS_PER_MINUTE

GIVES_UP = "routes.steps.answer.work.patience=10"
TWO_CLASSES = "demand.types.call.urgent=0.3"
SERVICE_MINUTES, PATIENCE_MINUTES, SERVERS, CALLS_AN_HOUR = 10, 10, 4, 18
REPLICATIONS = 16


def queue(erlang):
    return erlang.Queue(CALLS_AN_HOUR / 60, 1 / SERVICE_MINUTES, SERVERS)


# --- The formulas themselves ---------------------------------------------------------------------------------------


def test_the_formulas_give_a_textbook_call_centre(erlang):
    """200 calls an hour of 3 minutes and 14 agents: 17.4% wait, 7.8 seconds on average."""
    centre = erlang.Queue(200 / 60, 1 / 3, 14)
    assert round(centre.share_waiting, 3) == 0.174
    assert round(centre.mean_wait * 60, 1) == 7.8


def test_without_impatience_the_two_formulas_agree(erlang):
    q = queue(erlang)
    assert abs(q.mean_wait_of_served(1e-9) / q.mean_wait - 1) < 1e-5
    assert abs(sum(q.numbers_present(0.1)) - 1) < 1e-12


def test_waits_of_two_classes_average_to_the_wait_of_one(erlang):
    q = queue(erlang)
    urgent, other = q.mean_wait_by_class(0.3)
    assert abs(0.3 * urgent + 0.7 * other - q.mean_wait) < 1e-12


# --- Customers who wait for ever -----------------------------------------------------------------------------------


def test_the_simulated_mean_wait_is_erlangs(observed, erlang, interval):
    simulated = interval([run.mean_wait() for run in observed()])
    assert queue(erlang).mean_wait in simulated
    assert simulated.relative_width < 0.12


def test_the_simulated_share_waiting_is_erlangs(observed, erlang, interval):
    simulated = interval([float((run.wait_minutes > 0).mean()) for run in observed()])
    assert queue(erlang).share_waiting in simulated
    assert simulated.relative_width < 0.05


def test_the_simulated_share_waiting_over_ten_minutes_is_erlangs(observed, erlang, interval):
    simulated = interval([float((run.wait_minutes > 10).mean()) for run in observed()])
    assert queue(erlang).share_waiting_over(10) in simulated
    assert simulated.relative_width < 0.12


def test_arrivals_and_service_are_what_the_scenario_says(observed, interval):
    runs = observed()
    assert CALLS_AN_HOUR / 60 in interval([run.arrivals_a_minute for run in runs])
    assert SERVICE_MINUTES in interval([run.mean_service_minutes for run in runs])


def test_numbers_present_are_arrival_rate_times_time_in_the_system(observed, interval):
    """Little's law: customers counted at every midnight in the saved state, against times of single customers."""
    runs = observed()
    simulated = interval([float(run.present.mean()) for run in runs])
    by_law = float(np.mean([run.arrivals_a_minute * run.mean_minutes_present for run in runs]))
    assert by_law in simulated
    assert simulated.relative_width < 0.15


def test_the_queue_and_the_calls_in_hand_are_together_what_theory_says(observed, erlang, interval):
    q = queue(erlang)
    assert q.load + q.arrival * q.mean_wait in interval([float(run.present.mean()) for run in observed()])


def test_the_p90_read_from_the_histogram_is_erlangs(world, erlang, interval):
    """A cell of the histogram is an eighth of a doubling wide; inside it the quantile is interpolated."""
    one = world("one_queue")
    months = [one.month(one.today(), warm_up_days=7, replication=r) for r in range(REPLICATIONS)]
    simulated = interval([wait_quantile(month.waits[0], 0.9) / TICKS_PER_MINUTE for month in months])
    assert queue(erlang).wait_quantile(0.9) in simulated
    assert simulated.relative_width < 0.12


@pytest.mark.parametrize("share", [0.6, 0.8, 0.9, 0.95, 0.99])
def test_a_quantile_read_from_the_histogram_is_close_to_that_of_the_waits_themselves(histogram_and_waits, share):
    histogram, waits = histogram_and_waits
    assert abs(histogram.sum() - len(waits)) <= SERVERS
    assert wait_quantile(histogram, share) == pytest.approx(float(np.quantile(waits, share)), rel=0.02)


# --- Callers who give up ---------------------------------------------------------------------------------------------


def test_the_simulated_share_abandoning_is_erlangs(observed, erlang, interval):
    simulated = interval([1 - float(run.served.mean()) for run in observed(GIVES_UP)])
    assert queue(erlang).share_abandoning(1 / PATIENCE_MINUTES) in simulated
    assert simulated.relative_width < 0.05


def test_the_simulated_mean_wait_of_those_served_is_erlangs(observed, erlang, interval):
    simulated = interval([run.mean_wait(run.served) for run in observed(GIVES_UP)])
    assert queue(erlang).mean_wait_of_served(1 / PATIENCE_MINUTES) in simulated
    assert simulated.relative_width < 0.05


def test_the_simulated_mean_wait_of_all_is_the_share_abandoning_times_patience(observed, erlang, interval):
    simulated = interval([run.mean_wait() for run in observed(GIVES_UP)])
    assert queue(erlang).share_abandoning(1 / PATIENCE_MINUTES) * PATIENCE_MINUTES in simulated


def test_little_holds_with_callers_who_give_up(observed, interval):
    runs = observed(GIVES_UP)
    differences = [float(run.present.mean()) - run.arrivals_a_minute * run.mean_minutes_present for run in runs]
    assert 0 in interval(differences)


# --- Urgent calls first ----------------------------------------------------------------------------------------------


def test_the_simulated_wait_of_urgent_calls_is_cobhams(observed, erlang, interval):
    simulated = interval([run.mean_wait(run.urgent) for run in observed(TWO_CLASSES)])
    assert queue(erlang).mean_wait_by_class(0.3)[0] in simulated
    assert simulated.relative_width < 0.06


def test_the_simulated_wait_of_other_calls_is_cobhams(observed, erlang, interval):
    simulated = interval([run.mean_wait(~run.urgent) for run in observed(TWO_CLASSES)])
    assert queue(erlang).mean_wait_by_class(0.3)[1] in simulated
    assert simulated.relative_width < 0.15


def test_urgency_moves_waits_between_calls_and_changes_no_number_of_calls(observed):
    for one, two in zip(observed(), observed(TWO_CLASSES), strict=True):
        assert len(one.wait_minutes) == len(two.wait_minutes)
        assert two.urgent.any() and not one.urgent.any()


# --- Both engines ----------------------------------------------------------------------------------------------------


def test_the_readable_engine_gives_the_same_month(world):
    one = world("one_queue", GIVES_UP, TWO_CLASSES)
    months = [one.month(one.today(), warm_up_days=3, engine=name) for name in ENGINES]
    assert months[0].same_as(months[1])
