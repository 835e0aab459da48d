"""People where the work is: the FTE of every team in a month of a plan, from the people of each layer and service area.

While teams merge, people move in proportion to work: the people of a layer and area are shared over the teams that take its
work that month, in proportion to the effort expected there. Where nothing has changed this gives today's teams their own people.
"""

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


def team_fte(network: Network, people: np.ndarray, today: Network) -> dict[str, float]:
    """FTE by team from the people of each layer × area; today's teams count with the people they have for their work."""
    layers, work = list(network.model.council.layers), work_by_area(network)
    weights = {name: effort * _crew(name, today) for name, effort in work.items()}
    fte = dict.fromkeys(network.teams, 0.0)
    for at, layer in enumerate(layers):
        teams = [name for name in network.teams if network.model.teams[name].layer == layer]
        if not teams:
            continue
        shares = np.array([weights[name] for name in teams])
        total = shares.sum(axis=0)
        # people of an area without work there help where the layer's other work is
        idle = people[at][total == 0].sum()
        shares = np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)
        by_team = (shares * people[at]).sum(axis=1)
        whole = by_team.sum()
        by_team += idle * (by_team / whole if whole > 0 else 1.0 / len(teams))
        fte |= dict(zip(teams, by_team.tolist(), strict=True))
    return fte


def _crew(name: str, today: Network) -> float:
    """People that a team of today has for each FTE of effort; 1 for a team that today does not have."""
    effort = today.rosters.effort.get(name)
    if effort is None or not effort.any():
        return 1.0
    return today.rosters.fte[name] / float(effort.sum())
