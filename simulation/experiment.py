"""The experiment of a run: today and target on the same contacts, each lever alone and taken out, replication by replication."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from layers.calendar import LONGEST_HORIZON_MONTHS
from layers.problems import InputError, Problem
from simulation.batch import run_batch
from simulation.calibration import calibrated
from simulation.council import Council
from simulation.draws import run_key
from simulation.engines.choice import engine as advance_of
from simulation.engines.network import Network, network_of
from simulation.engines.state import State
from simulation.journeys import route
from simulation.ledger import TODAY, ledger_models
from simulation.operating_model import OperatingModel
from simulation.precision import replications_wanted
from simulation.results import effort_table, ledger_table, service_table
from simulation.rows import TICKS_PER_DAY
from simulation.runs import Clock, ModelRun, Window, run_models
from simulation.scenario import Scenario
from simulation.summary import effort_released, summarise

Progress = Callable[[float, str], None]
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Settings:
    """How to run: seed, replications, months (None: a full reference year), engine, worker processes.

    With a `precision`, replications are the fewest: more are added until the 95% interval of the effort released is within
    this share of it.
    """

    seed: int = 1
    replications: int = 1
    months: int | None = None
    engine: str = "compiled"
    workers: int = 1
    precision: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What a run gives: tables, summary, notes to the reader, seconds by part of the work, the calibration it used."""

    tables: dict[str, pd.DataFrame]
    summary: dict[str, Any]
    notes: tuple[str, ...] = ()
    timings: dict[str, float] = field(default_factory=dict)
    calibration: dict[str, Any] = field(default_factory=dict)
    replications: int = 1


@dataclass(frozen=True)
class _Shared:
    """What every task needs."""

    scenario: Scenario
    council: Council
    settings: Settings
    window: Window


@dataclass(frozen=True)
class _Task:
    """Some models of one replication: they are run side by side, on the same contacts."""

    replication: int
    models: tuple[tuple[str, frozenset[str]], ...]


def run(scenario: Scenario, settings: Settings, progress: Progress | None = None) -> Outcome:
    """Run the main job on a scenario. Raises InputError where the settings ask for what cannot be."""
    window = window_of(scenario, settings)
    if progress is not None:
        progress(0.0, "Calibrating; compiling the engine if this is its first run (about 20 seconds)")
    council = calibrated(scenario.council)
    models = ledger_models(council)
    networks = _networks(scenario, council, models)
    prepare(networks[TODAY], settings.engine)
    shared = _Shared(scenario, council, settings, window)
    simulated = _Simulated(shared, models, networks, progress)
    simulated.replicate()
    results, timings = simulated.results, simulated.timings
    tables = {
        "effort": effort_table(scenario.name, networks, results, window),
        "service": service_table(scenario.name, networks, results, window),
        "ledger": ledger_table(scenario.name, networks, results, window),
    }
    summary, notes = summarise(scenario, council, settings, networks, results, tables, window)
    assert council.calibration is not None
    return Outcome(tables, summary, notes, timings, council.calibration.model_dump(), simulated.replications)


@dataclass
class _Simulated:
    """The runs of an experiment, replication by replication, until there are as many as asked for."""

    shared: _Shared
    models: dict[str, frozenset[str]]
    networks: dict[str, Network]
    progress: Progress | None
    replications: int = 0
    results: dict[tuple[str, int], ModelRun] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)

    def replicate(self) -> None:
        """Run the replications asked for; then, where a precision is asked for, more until it is reached."""
        settings, wanted = self.shared.settings, self.shared.settings.replications
        while wanted > self.replications:
            self._add(range(self.replications, wanted))
            if settings.precision is not None:
                wanted = max(wanted, replications_wanted(self._released(), settings.precision))

    def _add(self, replications: range) -> None:
        tasks = _tasks(self.models, self.shared.settings.workers, replications)
        found = run_batch(
            _work, self.shared, tasks, self.shared.settings.workers, self._progress(replications, len(tasks))
        )
        for task, (runs, seconds) in zip(tasks, found, strict=True):
            self.results |= {(name, task.replication): run for name, run in runs.items()}
            for part, spent in seconds.items():
                self.timings[f"{part}_seconds"] = self.timings.get(f"{part}_seconds", 0.0) + spent
        self.replications = replications.stop

    def _progress(self, replications: range, tasks: int) -> Callable[[int], None]:
        what = f"Simulating {len(self.models)} models"
        if replications.start:
            what += f", now {replications.stop} replications for the precision asked for"

        def done(count: int) -> None:
            if self.progress is not None:
                self.progress(count / tasks, what)

        return done

    def _released(self) -> list[float]:
        return effort_released(self.networks, self.results, self.shared.window)


def prepare(network: Network, engine: str) -> None:
    """Compile the hot loops here, once, so that worker processes find them ready on disk."""
    day = network.calendar.first_day(0)
    journeys = route(network.tables, network.arrivals.draw(run_key(0, 0), day, day + 1))
    state = State.empty(day * TICKS_PER_DAY, len(network.teams))
    if engine == "compiled":
        advance_of(engine)(network, state, journeys, (day + 1) * TICKS_PER_DAY)


def window_of(scenario: Scenario, settings: Settings) -> Window:
    """The months to measure: a full reference year, or its first months; the SimPy engine takes one month by default."""
    first, months, period = 0, settings.months, scenario.council.period
    if months is None:
        months = 12
        if settings.engine == "simpy":
            first, months = period.reference_month, 1
    if months > LONGEST_HORIZON_MONTHS:
        said = Problem("command line", None, "--months", f"{months} months", f"at most {LONGEST_HORIZON_MONTHS}")
        raise InputError([said])
    discarded = 0 if settings.months or settings.engine == "simpy" else period.discarded_weeks * DAYS_A_WEEK
    return Window(first, min(months, 12), period.settling_weeks * DAYS_A_WEEK, discarded)


def _tasks(models: dict[str, frozenset[str]], workers: int, replications: range) -> list[_Task]:
    """Each replication's models in as many chunks as there are workers; the split changes no number."""
    named = list(models.items())
    size = max(1, -(-len(named) // max(1, workers)))
    chunks = [tuple(named[i : i + size]) for i in range(0, len(named), size)]
    return [_Task(replication, chunk) for replication in replications for chunk in chunks]


def _work(shared: _Shared, task: _Task) -> tuple[dict[str, ModelRun], dict[str, float]]:
    networks = _networks(shared.scenario, shared.council, dict(task.models))
    clock = Clock()
    today = networks.get(TODAY) or _networks(shared.scenario, shared.council, {TODAY: frozenset()})[TODAY]
    settings = shared.settings
    found = run_models(networks, settings.seed, task.replication, shared.window, settings.engine, clock, today)
    return found, clock.seconds


def _networks(scenario: Scenario, council: Council, models: Mapping[str, frozenset[str]]) -> dict[str, Network]:
    return {
        name: network_of(OperatingModel(council, name, levers), scenario.calendar) for name, levers in models.items()
    }
