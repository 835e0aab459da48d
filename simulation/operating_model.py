"""An operating model: the council's routes, minutes and teams with some levers at target, or part of the way there in a month
of a plan, as numbers by contact class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np

from layers.levers import Lever
from layers.routes import Option, Step
from layers.teams import Team
from simulation.classes import FLOAT, INT, ContactClasses
from simulation.council import Council
from simulation.stage import Stage

FRONT_OFFICE = ("customer_management", "customer_assessment")
TEAMS = "teams"
"""The lever that changes which teams exist; it has no number of its own."""


@dataclass(frozen=True)
class OperatingModel:
    """The council with the levers in `levers` at target and the others as today.

    With a `stage`, each of these levers is only as far as the plan has come, in its layer and each service area.
    """

    council: Council
    name: str
    levers: frozenset[str]
    stage: Stage | None = None

    @classmethod
    def today(cls, council: Council) -> "OperatingModel":
        """No lever at target."""
        return cls(council, "today", frozenset())

    @classmethod
    def target(cls, council: Council) -> "OperatingModel":
        """Every lever that the target has."""
        return cls(council, "target", council.levers.target)

    @cached_property
    def classes(self) -> ContactClasses:
        """The contact classes, the same for every model of a council."""
        return ContactClasses.of(self.council.demand, tuple(self.council.service_areas))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The steps in an order in which each comes after all that lead to it."""
        graph = nx.DiGraph((name, way) for name, step in self.steps.items() for way in step.ways_on)
        graph.add_nodes_from(self.steps)
        return tuple(nx.lexicographical_topological_sort(graph))

    @property
    def steps(self) -> Mapping[str, Step]:
        """The steps of the routing graph."""
        return self.council.routes.steps

    @cached_property
    def teams(self) -> dict[str, Team]:
        """The teams that exist in this model, in the scenario's order: on the way, those of today and of the target."""
        if self.stage is not None:
            return dict(self.council.teams.pools)
        missing = "today" if TEAMS in self.levers else "target"
        return {name: team for name, team in self.council.teams.pools.items() if team.model != missing}

    @cached_property
    def volumes(self) -> FLOAT:
        """Attempts handled today by class, channels included: the weights of "today's mix"."""
        demand = self.council.demand
        total = np.zeros(self.classes.count)
        for name, line in demand.types.items():
            for channel, count in line.handled.values.items():
                total += count * self.classes.mix(demand, name, channel)
        return total

    def reached(self, name: str) -> FLOAT:
        """How far a lever is from today's value (0) to the target's (1), by class: float array."""
        if name not in self.levers:
            return np.zeros(self.classes.count)
        if self.stage is None:
            return np.ones(self.classes.count)
        return self._by_class(self.stage.reached, self.council.levers.all[name].layer)

    def _by_class(self, of_layers: FLOAT, layer: str) -> FLOAT:
        """A layer's row of an array by layer and service area, by class."""
        areas: FLOAT = of_layers[list(self.council.layers).index(layer)]
        return areas[self.classes.columns["service_area"]]

    def lever(self, name: str) -> FLOAT:
        """A lever's value by class in this model: float array."""
        lever = self.council.levers.all[name]
        today = self.classes.spread(lever.today)
        if name not in self.levers:
            return today
        target = self.classes.spread(lever.target)
        if lever.falls_with_complexity is not None:
            target = self._fall_with_complexity(lever, target)
        if lever.at_most is not None:
            target = np.minimum(target, np.maximum(lever.at_most.value, today))
        if self.stage is not None:
            reached = self.reached(name)
            # at the end of the way it is the target to the last bit
            target = np.where(reached == 1.0, target, today + reached * (target - today))
        return np.where(self.classes.within(lever.only), target, today)

    def _fall_with_complexity(self, lever: Lever, target: FLOAT) -> FLOAT:
        """Share a flat target out over complexity: 1 − (1 − p)^(k·w), k found so that the mean over the mix stays p."""
        assert lever.falls_with_complexity is not None
        weight = self.classes.spread(lever.falls_with_complexity)
        inside = self.classes.within(lever.only)
        mix = self.volumes * (self.complexity_factor if lever.mix == "minutes" else 1.0) * inside
        out = target.copy()
        for p in np.unique(target[inside]):
            if 0.0 < p < 1.0:
                here = inside & (target == p)
                out[here] = _share_out(p, weight[here], mix[here])
        return out

    @cached_property
    def complexity_factor(self) -> FLOAT:
        """Handling time of each class relative to the mean of its demand type over today's mix."""
        demand, classes = self.council.demand, self.classes
        minutes = np.array([demand.complexities[name].minutes.value for name in classes.complexities])
        mean = np.empty(len(classes.demand_types))
        for index, name in enumerate(classes.demand_types):
            shares = demand.types[name].complexity.shares()
            mean[index] = sum(shares.get(c, 0.0) * m for c, m in zip(classes.complexities, minutes, strict=True))
        return minutes[classes.columns["complexity"]] / mean[classes.columns["demand_type"]]

    def shares(self, step: str) -> FLOAT:
        """The share of each way on from a `choose` step by class: float array (options × classes)."""
        options = self.steps[step].choose or ()
        table = np.zeros((len(options), self.classes.count))
        for row, option in enumerate(options):
            table[row] = 1.0 - table[:row].sum(axis=0) if option.rest else self._share(option)
        return table

    def _share(self, option: Option) -> FLOAT:
        number = self.lever(option.lever) if option.lever else self.classes.spread(option.share)  # type: ignore[arg-type]
        if option.beyond_channel is not None:
            number = self._beyond(option, number)
        if option.needs is not None:
            number = number * self.reached(option.needs)
        return np.where(self.classes.within(option.only), number, 0.0)

    def _beyond(self, option: Option, share: FLOAT) -> FLOAT:
        """What of those who prefer other channels must move, so that `share` of all use this one: all of them at 1."""
        assert option.lever is not None and option.beyond_channel is not None
        already = self._preferring(option.beyond_channel)
        already = np.maximum(already, self.classes.spread(self.council.levers.all[option.lever].today))
        return np.clip(share - already, 0.0, None) / (1.0 - already)

    def _preferring(self, channel: str) -> FLOAT:
        """The share of first contacts of each class's demand type that prefer a channel today; 0 before calibration."""
        stored = self.council.calibration.first_contacts if self.council.calibration else {}
        shares = [
            stored[name].get(channel, 0.0) / total if (total := sum(stored.get(name, {}).values())) else 0.0
            for name in self.classes.demand_types
        ]
        return np.minimum(np.array(shares), 0.999)[self.classes.columns["demand_type"]]

    def jumps(self, step: str) -> INT:
        """The way on from a `match` step by class: index into `order`, -1 where the match names none."""
        match = self.steps[step].match
        assert match is not None
        index = {name: i for i, name in enumerate(self.order)}
        names = self.classes.names(match.by)
        ways = [match.to.get(name, match.otherwise) for name in names]
        return np.array([index[way] if way else -1 for way in ways])[self.classes.columns[match.by]]

    def minutes(self, step: str) -> FLOAT:
        """Mean staff minutes of a `work` step by class, levers and calibration applied; NaN where none are given."""
        work = self.steps[step].work
        assert work is not None
        minutes = self.classes.spread(work.minutes) * work.part.value
        if not work.flat_over_complexity:
            minutes = minutes * self.complexity_factor
        if work.less:
            minutes = minutes * (1.0 - self.lever(work.less))
        if work.times:
            minutes = minutes * self.lever(work.times)
        if self.stage is not None:
            minutes = minutes * self._by_class(self.stage.minutes_factor, self.steps[step].layer)
        stored = self.council.calibration
        return minutes * (stored.minutes_factor.get(self.steps[step].layer, 1.0) if stored else 1.0)

    @property
    def drag_ratio(self) -> float:
        """Middle-office minutes that each front-office minute brings, elasticity applied."""
        stored = self.council.calibration
        return self.council.follow_on.middle_office_elasticity.value * (stored.middle_office_ratio if stored else 0.0)

    def team_of(self, step: str) -> INT:
        """The team that takes a step, by class: index into `teams`, -1 where none does, -2 where several do.

        On the way, a service area's work goes to the teams of the target from the month in which the lever begins there.
        """
        found = np.full(self.classes.count, -1)
        begun = self.reached(TEAMS) > 0.0
        closed = {"both": np.zeros_like(begun), "today": begun, "target": ~begun}
        for index, team in enumerate(self.teams.values()):
            for takes in team.takes:
                if step in takes.steps:
                    inside = self.classes.within(takes) & ~closed[team.model]
                    found[inside] = np.where(found[inside] == -1, index, np.where(found[inside] == index, index, -2))
        return found

    @cached_property
    def repeat_chance(self) -> FLOAT:
        """Chance by class that a handled attempt brings a repeat, from the lever's share of repeats among attempts."""
        failure = self.council.routes.failure_demand
        if failure.repeat_lever is None:
            return np.zeros(self.classes.count)
        shares = self.lever(failure.repeat_lever)
        chances = {share: chance_of_repeat(share, failure.generations) for share in np.unique(shares)}
        return np.array([chances[share] for share in shares])


def chance_of_repeat(share: float, generations: int) -> float:
    """The chance q that an attempt brings another, such that repeats are `share` of attempts over so many generations.

    Solves (q + … + q^g) / (1 + q + … + q^g) = share by bisection; 1 where even that is too little.
    """
    low, high = 0.0, 1.0
    for _ in range(60):
        q = (low + high) / 2
        repeats = sum(q**i for i in range(1, generations + 1))
        low, high = (q, high) if repeats < share * (1 + repeats) else (low, q)
    return (low + high) / 2 if generations else 0.0


def _share_out(p: float, weight: FLOAT, mix: FLOAT) -> FLOAT:
    low, high = 0.0, 100.0
    for _ in range(80):
        k = (low + high) / 2
        shares = 1.0 - (1.0 - p) ** (k * weight)
        low, high = (k, high) if np.average(shares, weights=mix) < p else (low, k)
    return 1.0 - (1.0 - p) ** ((low + high) / 2 * weight)
