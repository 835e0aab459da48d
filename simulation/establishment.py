"""Establishment: the FTE of every team of an operating model, and the hours that an FTE gives."""

from collections.abc import Mapping

import numpy as np

from layers.teams import Teams
from simulation.flows import ExpectedFlows, Flows
from simulation.operating_model import OperatingModel

MINUTES_PER_HOUR = 60.0


def minutes_per_fte(teams: Teams, live: bool) -> float:
    """Minutes of work a year that make one FTE of effort: productive hours × planned occupancy × 60."""
    occupancy = teams.occupancy.live if live else teams.occupancy.deferrable
    return teams.productive_hours.value * occupancy.value * MINUTES_PER_HOUR


def step_fte(model: OperatingModel, flows: Flows) -> dict[str, np.ndarray]:
    """Expected effort a year by step and contact class, FTE."""
    out = {}
    for name, step in model.steps.items():
        live = bool(step.work and step.work.live)
        out[name] = flows.minutes[name] / minutes_per_fte(model.council.teams, live)
    return out


def team_effort(model: OperatingModel, flows: Flows) -> dict[str, np.ndarray]:
    """Expected effort a year by team and contact class, FTE."""
    teams = {name: np.zeros(model.classes.count) for name in model.teams}
    by_step = step_fte(model, flows)
    for step, fte in by_step.items():
        if fte.any():
            takes = model.team_of(step)
            for index, team in enumerate(teams):
                teams[team] += np.where(takes == index, fte, 0.0)
    return teams


def establishment(model: OperatingModel, flows: Flows) -> dict[str, float]:
    """FTE by team. A team that only the target has shares the people of its layer's closing teams in proportion to work.

    The staffing factor multiplies all. Nobody has left: this is who is there before a post is released.
    """
    council, effort = model.council, team_effort(model, flows)
    stored: Mapping[str, float] = council.calibration.pool_fte if council.calibration else {}
    given = {n: t.fte.value if t.fte else stored.get(n, 0.0) for n, t in council.teams.pools.items()}
    fte = {}
    for name, team in model.teams.items():
        fte[name] = given[name]
        if team.model == "target" and team.fte is None:
            closing = sum(
                given[n] for n, t in council.teams.pools.items() if t.model == "today" and t.layer == team.layer
            )
            opening = [n for n, t in model.teams.items() if t.model == "target" and t.layer == team.layer]
            work = {n: float(effort[n].sum()) for n in opening}
            fte[name] = closing * work[name] / sum(work.values()) if any(work.values()) else closing / len(opening)
    return {name: value * council.teams.staffing_factor.value for name, value in fte.items()}


def first_contact_entries(model: OperatingModel) -> dict[str, np.ndarray]:
    """First contacts and scheduled work a year by entry and class, calibration and volume factor applied, no growth."""
    council, classes = model.council, model.classes
    assert council.calibration is not None
    factor = council.calibration.volume_factor * council.demand.volume_factor.value
    entries = {name: np.zeros(classes.count) for name in council.routes.entries}
    for name, channels in council.calibration.first_contacts.items():
        for channel, count in channels.items():
            entries["contact"] += count * factor * classes.mix(council.demand, name, channel)
    for name, cases in scheduled_entries(model):
        entries[name] += cases * council.demand.volume_factor.value
    return {name: flow for name, flow in entries.items() if flow.any()}


def scheduled_entries(model: OperatingModel) -> list[tuple[str, np.ndarray]]:
    """Scheduled work a year: (entry, cases by class)."""
    classes, out = model.classes, []
    for work in model.council.demand.scheduled.values():
        weights = np.zeros(classes.shape)
        pair = classes.pairs.index(
            (classes.demand_types.index(work.demand_type), classes.service_areas.index(work.service_area))
        )
        for name, share in work.complexity.shares().items():
            weights[pair, classes.kinds.index(work.kind), classes.complexities.index(name), 0] = share
        out.append((work.entry, work.per_year.value * weights.reshape(-1)))
    return out


def expected(model: OperatingModel) -> Flows:
    """Expected flows of a calibrated council's model over a year."""
    return ExpectedFlows(model).of(first_contact_entries(model))
