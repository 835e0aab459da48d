"""What many tests share: councils read and calibrated once, their networks, and how to run them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers.calendar import Calendar
from layers.draws import run_key
from simulation.calibration import calibrated
from simulation.council import Council
from simulation.engines.choice import engine
from simulation.engines.network import Network, network_of
from simulation.engines.state import State
from simulation.establishment import expected, step_fte
from simulation.flows import Flows
from simulation.journeys import Journeys, route
from simulation.measures import MonthMeasures
from simulation.operating_model import OperatingModel
from simulation.rows import TICKS_PER_DAY
from simulation.scenario import load

SCENARIOS = Path(__file__).with_name("scenarios")
SEED = 1


@dataclass(frozen=True)
class Course:
    """A network that is run a stretch of days at a time."""

    network: Network
    engine: str = "compiled"
    replication: int = 0

    def start(self, day: int) -> State:
        """Nobody waiting on the morning of a day."""
        return State.empty(day * TICKS_PER_DAY, len(self.network.teams))

    def arriving(self, first_day: int, last_day: int) -> Journeys:
        """The first contacts of some days, with their journeys."""
        contacts = self.network.arrivals.draw(run_key(SEED, self.replication), first_day, last_day)
        return route(self.network.tables, contacts)

    def on(self, state: State, day: int, *trace: list[Any]) -> tuple[State, MonthMeasures]:
        """Go on from a state to the start of a day."""
        return self.meet(state, self.arriving(state.tick // TICKS_PER_DAY, day), day, *trace)

    def meet(self, state: State, journeys: Journeys, day: int, *trace: list[Any]) -> tuple[State, MonthMeasures]:
        """Go on from a state to the start of a day, with the first contacts given; a list for a trace may follow."""
        return engine(self.engine)(self.network, state, journeys, day * TICKS_PER_DAY, *trace)

    def months(self, first: int, count: int, warm_up_days: int = 0) -> list[MonthMeasures]:
        """What was counted in each of some months, after a warm-up that is not counted."""
        first_day = self.network.calendar.first_day
        state = self.start(first_day(first) - warm_up_days)
        if warm_up_days:
            state, _ = self.on(state, first_day(first))
        counted = []
        for month in range(first, first + count):
            state, measures = self.on(state, first_day(month + 1))
            counted.append(measures)
        return counted


@dataclass(frozen=True)
class World:
    """A calibrated council and its calendar, and how to run it."""

    council: Council
    calendar: Calendar

    def today(self) -> OperatingModel:
        return OperatingModel.today(self.council)

    def model(self, levers: Iterable[str] | None = None) -> OperatingModel:
        """The operating model with some levers at target; without any given, the target."""
        if levers is None:
            return OperatingModel.target(self.council)
        return OperatingModel(self.council, "some", frozenset(levers))

    def network(self, model: OperatingModel) -> Network:
        return network_of(model, self.calendar)

    def course(self, model: OperatingModel, engine: str = "compiled", replication: int = 0) -> Course:
        """A run of one of the council's models."""
        return Course(self.network(model), engine, replication)

    def month(self, model: OperatingModel, warm_up_days: int = 0, **options: Any) -> MonthMeasures:
        """The first month of the plan, simulated: what was counted."""
        return self.course(model, **options).months(0, 1, warm_up_days)[0]


@pytest.fixture(scope="session")
def world() -> Callable[..., World]:
    """`world("oxfordshire", "demand.growth=0")`: a scenario, shipped or of tests/scenarios, read once."""

    @cache
    def read(name: str, *sets: str) -> World:
        own = SCENARIOS / f"{name}.yaml"
        scenario = load(str(own) if own.is_file() else name, sets)
        return World(calibrated(scenario.council), scenario.calendar)

    return read


@pytest.fixture(scope="session")
def oxfordshire(world: Callable[..., World]) -> World:
    return world("oxfordshire")


@pytest.fixture(scope="session")
def flows_of() -> Callable[[OperatingModel], Flows]:
    """`flows_of(model)`: expected visits and minutes a year by step and class, exact."""
    return expected


@pytest.fixture(scope="session")
def effort() -> Callable[[OperatingModel], dict[str, float]]:
    """`effort(model)`: expected effort a year by layer, FTE, exact."""

    def by_layer(model: OperatingModel) -> dict[str, float]:
        total = dict.fromkeys(model.council.layers, 0.0)
        for step, fte in step_fte(model, expected(model)).items():
            total[model.steps[step].layer] += float(np.sum(fte))
        return total

    return by_layer
