"""The experiment of a run: today and target on the same contacts, each lever alone and taken out, replication by replication."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from layers.calendar import LONGEST_HORIZON_MONTHS
from layers.compiling import NUMBA
from layers.draws import run_key
from layers.problems import InputError, Problem
from simulation.batch import run_batch
from simulation.calibration import calibrated
from simulation.capacity.requirement import Requirement, requirement
from simulation.capacity.summary import Capacity, capacity_summary, closed_ledger, judged_layers
from simulation.capacity.tables import capacity_table, staffing_table, standards_table
from simulation.capacity.unseen import Check, check, plans
from simulation.council import Council
from simulation.engines.choice import engine as advance_of
from simulation.engines.network import Network, network_of
from simulation.engines.state import State
from simulation.journeys import route
from simulation.ledger import TARGET, TODAY, ledger_models
from simulation.operating_model import OperatingModel
from simulation.precision import replications_wanted
from simulation.results import EffortBook, effort_table, ledger_table, service_table
from simulation.rows import TICKS_PER_DAY
from simulation.runs import Clock, ModelRun, Window, run_models
from simulation.scenario import Scenario
from simulation.summary import effort_released, summarise

Progress = Callable[[float, str], None]
DAYS_A_WEEK = 7
UNSEEN = 2
"""Replications beyond those simulated on which the FTE found are tried."""


@dataclass(frozen=True)
class Settings:
    """How to run: seed, replications, months (None: a full reference year), engine, worker processes, whether to search for
    the FTE required.

    With a `precision`, replications are the fewest: more are added until the 95% interval of the effort released is within
    this share of it. Replications are numbered from `first_replication`: number 7 alone is what it is among ten.
    """

    seed: int = 1
    replications: int = 1
    months: int | None = None
    engine: str = "compiled"
    workers: int = 1
    precision: float | None = None
    search: bool = True
    first_replication: int = 0


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


@dataclass(frozen=True)
class _Search:
    """The search for the FTE required in one replication, today and in the target."""

    replication: int


@dataclass(frozen=True)
class _Unseen:
    """A replication that no search has seen, with the FTE by team that the searches found."""

    replication: int
    plans: dict[str, dict[str, float]]


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
    book = EffortBook(networks, results)
    found = Capacity(simulated.requirements, simulated.check_unseen())
    tables = {
        "effort": effort_table(scenario.name, networks, results, window),
        "service": service_table(scenario.name, networks, results, window),
        "ledger": ledger_table(scenario.name, networks, results, window),
    }
    if found.requirements:
        tables |= {
            "capacity": capacity_table(scenario.name, networks, found.requirements, book),
            "standards": standards_table(scenario.name, found.requirements),
            "staffing": staffing_table(scenario.name, networks, found.requirements),
        }
        tables["ledger"] = closed_ledger(tables["ledger"], tables["capacity"], council)
    summary, notes = summarise(scenario, council, settings, networks, results, tables, window)
    summary |= capacity_summary(tables, council, found)
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
    requirements: dict[int, Requirement] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)

    def replicate(self) -> None:
        """Run the replications asked for; then, where a precision is asked for, more until it is reached."""
        settings, wanted = self.shared.settings, self.shared.settings.replications
        while wanted > self.replications:
            self._add(range(self.replications, wanted))
            if settings.precision is not None:
                wanted = max(wanted, replications_wanted(self._released(), settings.precision))

    def check_unseen(self) -> dict[str, list[Check]]:
        """What the FTE found do in replications that no search has seen, by side."""
        if not self.requirements:
            return {}
        found = plans([self.requirements[r] for r in sorted(self.requirements)])
        beyond = self.shared.settings.first_replication + self.replications
        tasks = [_Unseen(beyond + extra, found) for extra in range(UNSEEN)]
        checks = self._batch(tasks, "Trying the posts found on years not seen")
        return {side: [check[side] for check in checks] for side in found}

    def _add(self, replications: range) -> None:
        settings = self.shared.settings
        first = settings.first_replication
        numbered = range(first + replications.start, first + replications.stop)
        tasks: list[_Search | _Task] = [*_tasks(self.models, settings.workers, numbered)]
        if searches(settings):
            tasks = [*(_Search(replication) for replication in numbered), *tasks]
        what = f"Simulating {len(self.models)} models"
        if replications.start:
            what += f", now {replications.stop} replications for the precision asked for"
        for task, found in zip(tasks, self._batch(tasks, what), strict=True):
            if isinstance(task, _Search):
                self.requirements[task.replication] = found
            else:
                self.results |= {(name, task.replication): run for name, run in found.items()}
        self.replications = replications.stop

    def _batch(self, tasks: Sequence[Any], what: str) -> list[Any]:
        def done(count: int) -> None:
            if self.progress is not None:
                self.progress(count / len(tasks), what)

        found = []
        for result, seconds in run_batch(_work, self.shared, tasks, self.shared.settings.workers, done):
            found.append(result)
            for part, spent in seconds.items():
                self.timings[f"{part}_seconds"] = self.timings.get(f"{part}_seconds", 0.0) + spent
        return found

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


def searches(settings: Settings) -> bool:
    """Whether there is a search: on the compiled engine whatever the run's own, since both give the same trajectories."""
    return settings.search and NUMBA


def _work(shared: _Shared, task: _Task | _Search | _Unseen) -> tuple[Any, dict[str, float]]:
    settings, window = shared.settings, shared.window
    if isinstance(task, _Task):
        networks, clock = _networks(shared.scenario, shared.council, dict(task.models)), Clock()
        today = networks.get(TODAY) or _networks(shared.scenario, shared.council, {TODAY: frozenset()})[TODAY]
        runs = run_models(networks, settings.seed, task.replication, window, settings.engine, clock, today)
        return runs, clock.seconds
    start = time.perf_counter()
    both = _networks(shared.scenario, shared.council, {TODAY: frozenset(), TARGET: shared.council.levers.target})
    where = (settings.seed, task.replication, window, judged_layers(shared.council))
    found: Any = requirement(both[TODAY], both[TARGET], *where) if isinstance(task, _Search) else None
    if isinstance(task, _Unseen):
        found = check(both, task.plans, *where)
    return found, {"search": time.perf_counter() - start}


def _networks(scenario: Scenario, council: Council, models: Mapping[str, frozenset[str]]) -> dict[str, Network]:
    return {
        name: network_of(OperatingModel(council, name, levers), scenario.calendar) for name, levers in models.items()
    }
