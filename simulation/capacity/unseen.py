"""Unseen replications: does what was found on some years serve others too, and what would mend it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from simulation.capacity.passes import Side, unhurried
from simulation.capacity.requirement import Requirement, Staffed, reference
from simulation.capacity.search import Replays, raised
from simulation.engines.network import Network
from simulation.runs import Window, opening_state


@dataclass(frozen=True)
class Check:
    """One side on one unseen replication: FTE of the plan, what it misses (in words, with by how much), FTE to mend it."""

    plan_fte: float
    missed: tuple[tuple[str, float], ...]
    guards: tuple[str, ...]
    repair_fte: float


def plan(found: Sequence[Staffed]) -> dict[str, float]:
    """One staffing for all years: each team's mean over replications, up to the next tenth of an FTE."""
    mean = {name: float(np.mean([one.teams[name].required_fte for one in found])) for name in found[0].teams}
    return {name: ceil(round(10 * fte, 6)) / 10 for name, fte in mean.items()}


def plans(requirements: Sequence[Requirement]) -> dict[str, dict[str, float]]:
    """The plan of both sides."""
    return {"today": plan([r.today for r in requirements]), "target": plan([r.target for r in requirements])}


def check(
    networks: Mapping[str, Network],
    planned: Mapping[str, Mapping[str, float]],
    seed: int,
    replication: int,
    window: Window,
    judged: tuple[str, ...],
) -> dict[str, Check]:
    """Simulate one replication that no search has seen with the plans of both sides; standards are its own today's."""
    begin = opening_state(networks["today"], seed, replication, window)
    networks = {name: unhurried(network, judged) for name, network in networks.items()}
    today = networks["today"]
    standards, _ = reference(today, begin, seed, replication, window, judged)
    out = {}
    for name, fte in planned.items():
        side = Side(networks[name], begin, seed, replication, window, standards.classes)
        tenths = np.array([round(fte[team] * 10) for team in side.teams])
        shown = side.measure(tenths)
        short = standards.short(shown.service.counts)[: standards.classes.count]
        replays = Replays(shown)
        mended = raised(replays, tenths, standards)
        missed = tuple((standards.names[i], float(short[i])) for i in np.flatnonzero(short))
        guards = standards.guards_broken(shown.service)
        out[name] = Check(float(tenths.sum()) / 10, missed, guards, float((mended - tenths).sum()) / 10)
    return out
