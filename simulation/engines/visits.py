"""Steps as their teams saw them, from a state: those open when a recording begins."""

import numpy as np

from simulation.engines.network import Network
from simulation.engines.state import ARRIVAL, ID_BITS, IN_HAND, WAITING, State
from simulation.rows import OTHER_CHANNEL, REDIALS, VISIT


def open_visits(state: State, network: Network) -> np.ndarray:
    """The steps waiting or in hand at a state: VISIT array, by team and priority.

    Those waiting come first, in the order in which they would be taken up, then those in hand. Work that has begun is never
    abandoned, so its patience is 0. Raises ValueError for a state of another network's teams.
    """
    if len(state.on_duty) != len(network.teams):
        raise ValueError(f"a state of {len(state.on_duty)} teams, a network of {len(network.teams)}")
    progress = state.progress
    here = np.flatnonzero((progress["phase"] == WAITING) | (progress["phase"] == IN_HAND))
    progress = progress[here]
    steps = state.steps[state.contacts["first_step"][here] + progress["at"]]
    visits = np.zeros(len(here), dtype=VISIT)
    for name in ("pool", "standard", "priority", "live"):
        visits[name] = steps[name]
    in_hand = progress["phase"] == IN_HAND
    visits["order"] = (ARRIVAL << ID_BITS) | progress["id"]
    visits["gives_up"] = ~np.isin(state.contacts["after_abandon"][here], [REDIALS, OTHER_CHANNEL])
    visits["ready"], visits["ticks"], visits["phase"] = progress["ready"], progress["remaining"], progress["phase"]
    visits["until"] = np.where(in_hand, progress["until"], 0)
    visits["started"] = in_hand | (progress["started"] == 1)
    may_give_up = (visits["started"] == 0) & (progress["give_up_at"] >= 0)
    visits["patience"] = np.where(may_give_up, progress["give_up_at"] - progress["ready"], 0)
    return visits[np.lexsort((progress["rank"], in_hand, visits["priority"], visits["pool"]))]
