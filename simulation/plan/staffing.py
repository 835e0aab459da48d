"""People where the work is: the FTE of every team in a month of a plan, from the people of each layer and service area.

While teams merge, people move in proportion to work: the people of a layer and area are shared over the teams that take its
work that month, in proportion to the effort expected there. Where nothing has changed this gives today's teams their own people.
"""

import numpy as np

from simulation.by_area import work_by_area
from simulation.engines.network import Network


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
