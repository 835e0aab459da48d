"""The peers' network (`peers.yaml`): its few numbers, and the same network written for Ciw and for salabim.

Both are written as their manuals show, with all observation that can be switched off switched off.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.assumption import Assumption
from simulation.calibration import calibrated
from simulation.engines.network import Network, network_of
from simulation.operating_model import OperatingModel
from simulation.scenario import load

SCENARIO = str(Path(__file__).with_name("peers.yaml"))
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Team:
    """A team round the clock: people, mean minutes of work and its spread (None: exponential), mean minutes of patience."""

    people: int
    work_minutes: float
    spread: float | None
    patience_minutes: float

    @property
    def lognormal(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of the minutes of work."""
        variance = math.log(1 + (self.spread or 0.0) ** 2)
        return math.log(self.work_minutes) - variance / 2, math.sqrt(variance)


@dataclass(frozen=True)
class SmallNetwork:
    """Poisson calls to the first team; a share of those answered goes on to the second. Nobody comes back."""

    calls_a_minute: float
    teams: tuple[Team, Team]
    goes_on: float

    @classmethod
    def of(cls, network: Network) -> "SmallNetwork":
        """What the network of `peers.yaml` amounts to: its numbers stand there alone."""
        choice = network.model.steps["goes_on"].choose
        assert choice and isinstance(choice[0].share, Assumption)
        teams = _team(network, "desk", "answer"), _team(network, "specialists", "advise")
        calls = float(network.arrivals.means(0, 365).sum())
        return cls(calls / (365 * MINUTES_A_DAY), teams, choice[0].share.value)


def _team(network: Network, team: str, step: str) -> Team:
    work = network.model.steps[step].work
    assert work and work.patience and isinstance(work.minutes, Assumption)
    spread = work.spread.value if work.shape == "lognormal" else None
    return Team(round(network.rosters.fte[team]), work.minutes.value, spread, work.patience.value)


def our_network(*sets: str) -> Network:
    """The network of `peers.yaml` with these changes (`path=value`)."""
    scenario = load(SCENARIO, sets)
    return network_of(OperatingModel.today(calibrated(scenario.council)), scenario.calendar)


def ciw_records(small: SmallNetwork, minutes: float, seed: int) -> list[Any]:
    """Ciw's records of every visit that has ended after so many minutes: node 1 or 2, `service` or `renege`."""
    import ciw

    def work(team: Team) -> Any:
        return ciw.dists.Lognormal(*team.lognormal) if team.spread else ciw.dists.Exponential(1 / team.work_minutes)

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(small.calls_a_minute), None],
        service_distributions=[work(team) for team in small.teams],
        reneging_time_distributions=[ciw.dists.Exponential(1 / team.patience_minutes) for team in small.teams],
        routing=[[0.0, small.goes_on], [0.0, 0.0]],
        number_of_servers=[team.people for team in small.teams],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(minutes)
    return list(simulation.get_all_records(only=["service", "renege"]))


def by_ciw(small: SmallNetwork, days: int) -> tuple[int, int]:
    """Contacts are customers of the first node whose visit has ended."""
    records = ciw_records(small, days * MINUTES_A_DAY, seed=1)
    return sum(r.node == 1 for r in records), sum(r.record_type == "renege" for r in records)


def by_salabim(small: SmallNetwork, days: int) -> tuple[int, int]:
    """One component a contact, with its process as a generator; no monitors."""
    import salabim

    environment = salabim.Environment(trace=False, yieldless=False)
    draw, counts = random.Random(1), [0, 0]
    people = [salabim.Resource(capacity=team.people, monitor=False, env=environment) for team in small.teams]

    def minutes(team: Team) -> float:
        return draw.lognormvariate(*team.lognormal) if team.spread else draw.expovariate(1 / team.work_minutes)

    class Contact(salabim.Component):
        def process(self) -> Iterator[Any]:
            counts[0] += 1
            for team, free in zip(small.teams, people, strict=True):
                yield self.request(free, fail_delay=draw.expovariate(1 / team.patience_minutes))
                if self.failed():
                    counts[1] += 1
                    return
                yield self.hold(minutes(team))
                self.release(free)
                if draw.random() >= small.goes_on:
                    return

    class Calls(salabim.Component):
        def process(self) -> Iterator[Any]:
            while True:
                yield self.hold(draw.expovariate(small.calls_a_minute))
                Contact(env=environment)

    Calls(env=environment)
    environment.run(till=days * MINUTES_A_DAY)
    return counts[0], counts[1]
