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


def loads(model: OperatingModel, flows: Flows) -> dict[str, tuple[float, float]]:
    """Expected work a year by team: live and deferrable, in FTE that are at work all their productive time."""
    minutes_a_year = model.council.teams.productive_hours.value * MINUTES_PER_HOUR
    work = {name: [0.0, 0.0] for name in model.teams}
    for step, minutes in flows.minutes.items():
        if minutes.any():
            live, takes = bool((done := model.steps[step].work) and done.live), model.team_of(step)
            for index, team in enumerate(work):
                work[team][0 if live else 1] += float(minutes[takes == index].sum()) / minutes_a_year
    return {team: (live, deferrable) for team, (live, deferrable) in work.items()}


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
    """FTE by team. Nobody has left: this is who is there before a post is released.

    Today every team has its own people. With a lever in force people follow the work inside their layer: the layer's people
    are shared over its teams in proportion to expected work, so that work that moves between teams is still done. Teams whose
    FTE the scenario gives keep it. The staffing factor multiplies all.
    """
    council, effort = model.council, team_effort(model, flows)
    stored: Mapping[str, float] = council.calibration.pool_fte if council.calibration else {}
    given = {n: t.fte.value if t.fte else stored.get(n, 0.0) for n, t in council.teams.pools.items()}
    fte = {name: given[name] for name in model.teams}
    if model.levers:
        for layer in {team.layer for team in model.teams.values()}:
            fte |= _follow_the_work(model, layer, given, {n: float(e.sum()) for n, e in effort.items()})
    return {name: value * council.teams.staffing_factor.value for name, value in fte.items()}


def _follow_the_work(
    model: OperatingModel, layer: str, given: Mapping[str, float], work: Mapping[str, float]
) -> dict[str, float]:
    """The people of a layer's teams of today, shared over its teams in this model by work; evenly where there is none."""
    free = [name for name, team in model.teams.items() if team.layer == layer and team.fte is None]
    pools = model.council.teams.pools
    people = sum(given[n] for n, t in pools.items() if t.layer == layer and t.fte is None and t.model != "target")
    total = sum(work[name] for name in free)
    return {name: people * (work[name] / total if total > 0 else 1.0 / len(free)) for name in free}


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
