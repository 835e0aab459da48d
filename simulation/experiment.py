"""The experiment of a run: today and target on the same contacts, each lever alone and taken out, replication by replication;
then the plan, month by month.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from layers.calendar import LONGEST_HORIZON_MONTHS
from layers.compiling import NUMBA
from layers.draws import run_key
from layers.problems import InputError, Problem
from layers.programme.section import HORIZON_MONTHS
from simulation.batch import run_batch
from simulation.calibration import calibrated
from simulation.capacity.requirement import Requirement
from simulation.capacity.summary import Capacity, capacity_summary, closed_ledger
from simulation.capacity.tables import capacity_table, staffing_table, standards_table
from simulation.capacity.unseen import Check, plans
from simulation.council import Council
from simulation.engines.choice import engine as advance_of
from simulation.engines.network import Network
from simulation.engines.state import State
from simulation.journeys import route
from simulation.ledger import TODAY, ledger_models
from simulation.plan.basis import capacity_of
from simulation.plan.stages import Stages
from simulation.plan.summary import plan_summary
from simulation.plan.tables import with_plan
from simulation.plan.transition import Transition
from simulation.precision import replications_wanted
from simulation.results import EffortBook, effort_table, ledger_table, service_table, shown
from simulation.rows import TICKS_PER_DAY
from simulation.runs import ModelRun, Window
from simulation.scenario import Scenario
from simulation.summary import effort_released, summarise
from simulation.tasks import SearchFte, Shared, SimulateModels, SimulatePlan, TryUnseen, do

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


def run(scenario: Scenario, settings: Settings, progress: Progress | None = None) -> Outcome:
    """Run the main job on a scenario. Raises InputError where the settings ask for what cannot be."""
    window = window_of(scenario, settings)
    if progress is not None:
        progress(0.0, "Calibrating; compiling the engine if this is its first run (about 20 seconds)")
    council = calibrated(scenario.council)
    models = ledger_models(council)
    shared = Shared(scenario, council, settings.seed, settings.engine, window)
    networks = shared.networks(models)
    prepare(networks[TODAY], settings.engine)
    simulated = _Simulated(shared, settings, models, networks, progress)
    simulated.replicate()
    book = EffortBook(networks, simulated.results)
    tables = _tables(scenario, council, networks, simulated, book)
    checks, transitions = simulated.look_ahead(tables)
    found = Capacity(simulated.requirements, checks)
    stages = Stages(council, scenario.calendar)
    if transitions:
        tables = with_plan(tables, scenario.name, networks[TODAY], stages, transitions)
    summary, notes = summarise(scenario, council, settings, networks, simulated.results, tables, window)
    summary |= capacity_summary(tables, council, found)
    if transitions:
        summary |= plan_summary(tables, transitions, stages)
    assert council.calibration is not None
    return Outcome(tables, summary, notes, simulated.timings, council.calibration.model_dump(), simulated.replications)


def _tables(
    scenario: Scenario, council: Council, networks: dict[str, Network], simulated: "_Simulated", book: EffortBook
) -> dict[str, pd.DataFrame]:
    """The tables of the reference year."""
    window, found = simulated.shared.window, simulated.requirements
    runs = shown(book, window)
    tables = {
        "effort": effort_table(scenario.name, runs),
        "service": service_table(scenario.name, runs),
        "ledger": ledger_table(scenario.name, networks, simulated.results, window),
    }
    if found:
        tables |= {
            "capacity": capacity_table(scenario.name, networks, found, book),
            "standards": standards_table(scenario.name, found),
            "staffing": staffing_table(scenario.name, networks, found),
        }
        tables["ledger"] = closed_ledger(tables["ledger"], tables["capacity"], council)
    return tables


@dataclass
class _Simulated:
    """The runs of an experiment, replication by replication, until there are as many as asked for."""

    shared: Shared
    settings: Settings
    models: dict[str, frozenset[str]]
    networks: dict[str, Network]
    progress: Progress | None
    replications: int = 0
    results: dict[tuple[str, int], ModelRun] = field(default_factory=dict)
    requirements: dict[int, Requirement] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)

    def replicate(self) -> None:
        """Run the replications asked for; then, where a precision is asked for, more until it is reached."""
        settings, wanted = self.settings, self.settings.replications
        while wanted > self.replications:
            self._add(range(self.replications, wanted))
            if settings.precision is not None:
                wanted = max(wanted, replications_wanted(self._released(), settings.precision))

    def look_ahead(self, tables: dict[str, pd.DataFrame]) -> tuple[dict[str, list[Check]], dict[int, Transition]]:
        """What the FTE found do in replications that no search has seen, by side; and the plan in every replication."""
        found = plans([self.requirements[r] for r in sorted(self.requirements)]) if self.requirements else {}
        beyond = self.settings.first_replication + self.replications
        unseen = [TryUnseen(beyond + extra, found) for extra in range(UNSEEN) if found]
        planned = self._plan_tasks(tables)
        done = self._batch([*planned, *unseen], "Simulating the plan, and trying the posts found on years not seen")
        checks = done[len(planned) :]
        transitions = {task.replication: got for task, got in zip(planned, done, strict=False)}
        return {side: [check[side] for check in checks] for side in found}, transitions

    @property
    def numbers(self) -> range:
        """The replications run so far."""
        first = self.settings.first_replication
        return range(first, first + self.replications)

    def _plan_tasks(self, tables: dict[str, pd.DataFrame]) -> list[SimulatePlan]:
        council = self.shared.council
        window = plan_window(council, self.settings, self.shared.window)
        if window is None:
            return []
        effort, capacity = tables["effort"], tables.get("capacity")
        return [SimulatePlan(r, capacity_of(effort, capacity, council, r), window) for r in self.numbers]

    def _add(self, replications: range) -> None:
        settings = self.settings
        first = settings.first_replication
        numbered = range(first + replications.start, first + replications.stop)
        tasks: list[SearchFte | SimulateModels] = [*_tasks(self.models, settings.workers, numbered)]
        if searches(settings):
            tasks = [*(SearchFte(replication) for replication in numbered), *tasks]
        what = f"Simulating {len(self.models)} models"
        if replications.start:
            what += f", now {replications.stop} replications for the precision asked for"
        for task, found in zip(tasks, self._batch(tasks, what), strict=True):
            if isinstance(task, SearchFte):
                self.requirements[task.replication] = found
            else:
                self.results |= {(name, task.replication): run for name, run in found.items()}
        self.replications = replications.stop

    def _batch(self, tasks: Sequence[Any], what: str) -> list[Any]:
        def done(count: int) -> None:
            if self.progress is not None:
                self.progress(count / max(1, len(tasks)), what)

        found = []
        for result, seconds in run_batch(do, self.shared, tasks, self.settings.workers, done):
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


def _tasks(models: dict[str, frozenset[str]], workers: int, replications: range) -> list[SimulateModels]:
    """Each replication's models in as many chunks as there are workers; the split changes no number."""
    named = list(models.items())
    size = max(1, -(-len(named) // max(1, workers)))
    chunks = [tuple(named[i : i + size]) for i in range(0, len(named), size)]
    return [SimulateModels(replication, chunk) for replication in replications for chunk in chunks]


def searches(settings: Settings) -> bool:
    """Whether there is a search: on the compiled engine whatever the run's own, since both give the same trajectories."""
    return settings.search and NUMBA


def plan_window(council: Council, settings: Settings, window: Window) -> Window | None:
    """The months of the plan, from its first: five years, or as many as asked for; None where there is no plan to simulate.

    The SimPy engine, too slow for five years, simulates a plan only over the months it is asked for.
    """
    if council.programme is None or not council.levers.target or (settings.engine == "simpy" and not settings.months):
        return None
    return replace(window, first=0, months=min(settings.months or HORIZON_MONTHS, HORIZON_MONTHS))
