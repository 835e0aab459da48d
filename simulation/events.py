"""The event log of a run, month by month: who worked on which case, when. For process-mining tools, on request.

Times are real dates of the plan's calendar. A row is a slice of work, or a caller who gave up (activity `…: gave up`).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from layers.draws import run_key
from simulation.calibration import calibrated
from simulation.engines.compiled import traced
from simulation.engines.network import Network, network_of
from simulation.engines.rebinding import rebind
from simulation.engines.state import TRACE, State
from simulation.experiment import Settings, window_of
from simulation.journeys import route
from simulation.operating_model import OperatingModel
from simulation.rows import TICKS_PER_DAY
from simulation.runs import DISCARDED, MEASURED, stretches
from simulation.scenario import Scenario

MILLISECONDS_PER_TICK = 10
ABANDONED = ": gave up"


def event_log(scenario: Scenario, settings: Settings) -> Iterator[tuple[str, pd.DataFrame]]:
    """The `events` of today and target in the first replication: (name of the part, rows), a part a month.

    The same trajectories as the run itself, simulated once more; memory holds one month at a time.
    """
    council = calibrated(scenario.council)
    window, today = window_of(scenario, settings), network_of(OperatingModel.today(council), scenario.calendar)
    for model in (OperatingModel.today(council), OperatingModel.target(council)):
        network = network_of(model, scenario.calendar)
        key, state, began = run_key(settings.seed, 0), None, False
        for begin, end, part in stretches(scenario.calendar, window):
            if state is None:
                state = State.empty(begin * TICKS_PER_DAY, len(today.teams))
            now = today if part == DISCARDED else network
            if now is network and not began:
                state, began = rebind(state, network), True
            journeys = route(now.tables, now.arrivals.draw(key, begin, end))
            state, _, trace = traced(now, state, journeys, end * TICKS_PER_DAY)
            if part == MEASURED:
                label = scenario.calendar.label(scenario.calendar.month_of_day(begin))
                yield f"{model.name}-{label}", _rows(scenario, network, trace)


def _rows(scenario: Scenario, network: Network, trace: np.ndarray) -> pd.DataFrame:
    column = dict(zip(TRACE, trace.T, strict=True))
    epoch = np.datetime64(scenario.calendar.epoch, "ms")
    given_up = column["ended"] < 0
    labels = np.array([network.model.steps[name].label or name for name in network.model.order], dtype=object)
    activity = labels[column["step"]]
    activity[given_up] = activity[given_up] + ABANDONED

    def at(name: str) -> np.ndarray:
        return epoch + (column[name] * MILLISECONDS_PER_TICK).astype("timedelta64[ms]")

    frame = pd.DataFrame(
        {
            "scenario": scenario.name,
            "model": network.model.name,
            "replication": 0,
            "case_id": column["case"],
            "contact": column["attempt"],
            "step": column["position"],
            "start": at("began"),
            "activity": activity,
            "resource": np.array(network.teams, dtype=object)[column["team"]],
            "arrive": at("ready"),
            "complete": at("ended"),
        }
    )
    frame.loc[given_up, "complete"] = frame.loc[given_up, "start"]
    return frame
