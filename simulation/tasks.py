"""The tasks of an experiment: what one worker does at a time. Each gives its result and the seconds it took, by part."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulation.capacity.requirement import Requirement, requirement
from simulation.capacity.summary import judged_layers
from simulation.capacity.unseen import Check, check
from simulation.council import Council
from simulation.engines.network import Network, network_of
from simulation.ledger import TARGET, TODAY
from simulation.operating_model import OperatingModel
from simulation.plan.posts import Capacity
from simulation.plan.stages import Stages
from simulation.plan.transition import Transition, simulate
from simulation.runs import Clock, ModelRun, Window, run_models
from simulation.scenario import Scenario

Seconds = dict[str, float]


@dataclass(frozen=True)
class Shared:
    """What every task needs: the scenario, its calibrated council, and how the reference year is simulated."""

    scenario: Scenario
    council: Council
    seed: int
    engine: str
    window: Window

    def networks(self, models: Mapping[str, frozenset[str]]) -> dict[str, Network]:
        """The networks of some models, each with some levers at target."""
        calendar = self.scenario.calendar
        return {
            name: network_of(OperatingModel(self.council, name, levers), calendar) for name, levers in models.items()
        }

    @property
    def today(self) -> Network:
        """Today's network."""
        return self.networks({TODAY: frozenset()})[TODAY]

    @property
    def both(self) -> dict[str, Network]:
        """Today's and the target's."""
        return self.networks({TODAY: frozenset(), TARGET: self.council.levers.target})


@dataclass(frozen=True)
class SimulateModels:
    """Some models of one replication: they are run side by side, on the same contacts."""

    replication: int
    models: tuple[tuple[str, frozenset[str]], ...]

    def do(self, shared: Shared) -> tuple[dict[str, ModelRun], Seconds]:
        """The measured months of each model."""
        networks, clock = shared.networks(dict(self.models)), Clock()
        today = networks.get(TODAY) or shared.today
        return run_models(
            networks, shared.seed, self.replication, shared.window, shared.engine, clock, today
        ), clock.seconds


@dataclass(frozen=True)
class SearchFte:
    """The search for the FTE required in one replication, today and in the target."""

    replication: int

    def do(self, shared: Shared) -> tuple[Requirement, Seconds]:
        """What both sides need."""
        start, both = time.perf_counter(), shared.both
        where = (shared.seed, self.replication, shared.window, judged_layers(shared.council))
        return requirement(both[TODAY], both[TARGET], *where), {"search": time.perf_counter() - start}


@dataclass(frozen=True)
class TryUnseen:
    """A replication that no search has seen, with the FTE by team that the searches found."""

    replication: int
    plans: dict[str, dict[str, float]]

    def do(self, shared: Shared) -> tuple[dict[str, Check], Seconds]:
        """What each side misses there."""
        start = time.perf_counter()
        where = (shared.seed, self.replication, shared.window, judged_layers(shared.council))
        return check(shared.both, self.plans, *where), {"search": time.perf_counter() - start}


@dataclass(frozen=True, eq=False)
class SimulatePlan:
    """The plan in one replication, with what it may count on and the months to simulate."""

    replication: int
    capacity: Capacity
    window: Window

    def do(self, shared: Shared) -> tuple[Transition, Seconds]:
        """The plan beside today, month by month."""
        clock, stages = Clock(), Stages(shared.council, shared.scenario.calendar)
        where = (shared.seed, self.replication, self.window, shared.engine)
        return simulate(shared.today, stages, self.capacity, *where, clock), clock.seconds


Task = SimulateModels | SearchFte | TryUnseen | SimulatePlan


def do(shared: Shared, task: Task) -> tuple[Any, Seconds]:
    """Do one task: what a worker is handed."""
    return task.do(shared)
