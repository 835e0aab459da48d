"""Passing work from one operating model's teams to another's: a case keeps its route, its steps find their new teams."""

import numpy as np

from simulation.engines.network import Network
from simulation.engines.state import IN_HAND, WAITING, State


def rebind(state: State, network: Network) -> State:
    """The same state with every step bound to the team that takes it in `network`, whose council has the same routes.

    Queues merge in order of who has waited longest (then of number); work in hand is finished by the new team. Nobody is
    counted on duty until the first change of people on duty.
    """
    steps = state.steps.copy()
    rows = network.tables.nodes["row"][steps["step"]]
    steps["pool"] = network.tables.pools[rows, steps["class"]]
    progress = state.progress.copy()
    waiting = np.flatnonzero(progress["phase"] == WAITING)
    current = steps[state.contacts["first_step"][waiting] + progress["at"][waiting]]
    # those put back after a slice were ahead of the rest and stay so
    started = 1 - progress["started"][waiting]
    order = waiting[np.lexsort((progress["id"][waiting], progress["ready"][waiting], started))]
    progress["rank"][order] = np.arange(len(order))
    assert (current["pool"] >= 0).all() and (progress["phase"] <= IN_HAND).all()
    on_duty = np.zeros(len(network.teams), dtype=np.int64)
    return State(state.tick, state.next_id, state.contacts, progress, steps, on_duty)
