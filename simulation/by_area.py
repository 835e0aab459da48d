"""Teams by service area: their expected work and their FTE, by layer and the area that the work is for."""

from collections.abc import Mapping

import numpy as np

from simulation.engines.network import Network


def work_by_area(network: Network) -> dict[str, np.ndarray]:
    """Expected effort a year by team and service area, FTE."""
    column = network.model.classes.columns["service_area"]
    areas = len(network.model.council.service_areas)
    return {n: np.bincount(column, weights=network.rosters.effort[n], minlength=areas) for n in network.teams}


def effort_by_area(network: Network) -> np.ndarray:
    """Expected effort a year by layer × service area, FTE."""
    layers = list(network.model.council.layers)
    effort = np.zeros((len(layers), len(network.model.council.service_areas)))
    for name, work in work_by_area(network).items():
        effort[layers.index(network.model.teams[name].layer)] += work
    return effort


def fte_by_area(network: Network, fte: Mapping[str, float]) -> np.ndarray:
    """FTE of teams by layer × service area, in proportion to each team's expected work; evenly where it has none."""
    layers = list(network.model.council.layers)
    out = np.zeros((len(layers), len(network.model.council.service_areas)))
    for name, work in work_by_area(network).items():
        if name in fte:
            share = work / work.sum() if work.any() else np.full(len(work), 1.0 / len(work))
            out[layers.index(network.model.teams[name].layer)] += fte[name] * share
    return out
