"""The transition: one replication of a plan month by month beside today's operating model, on the same contacts.

Each month: the levers as far as they have come, the posts that go under the gate, the people left where the work is, and what
becomes of the contacts. Nothing looks ahead of the month but the plan itself and the calendar.
"""

from dataclasses import dataclass, field
from math import ceil

import numpy as np

from layers.draws import run_key
from simulation.by_area import effort_by_area, fte_by_area
from simulation.engines.choice import engine
from simulation.engines.network import Network
from simulation.engines.rebinding import rebind
from simulation.engines.state import State
from simulation.measures import MonthMeasures
from simulation.operating_model import OperatingModel
from simulation.plan.felt import Felt
from simulation.plan.posts import Capacity, Due, GateRules, Posts, step
from simulation.plan.staffing import team_fte
from simulation.plan.stages import Stages
from simulation.runs import Clock, ModelRun, Window, advanced, drawn, opening_state, stretches
from simulation.stage import Stage

PLAN = "plan"


@dataclass(frozen=True, eq=False)
class MonthOfPlan:
    """Where the plan stands in a month, FTE by layer × area: due to have gone, earned by the levers in force, gone, proposed and
    not gone; and whether the past quarter's service held, by layer.
    """

    due: np.ndarray
    earned: np.ndarray
    gone: np.ndarray
    at_risk: np.ndarray
    held: np.ndarray


@dataclass
class Transition:
    """One replication of a plan: what it counted on, both models' measured months, where the plan stood in each."""

    capacity: Capacity
    first: int
    today: ModelRun = field(default_factory=ModelRun)
    plan: ModelRun = field(default_factory=ModelRun)
    months: list[MonthOfPlan] = field(default_factory=list)


class Stepping:
    """The networks of a plan's months: tables are built anew only where the stage has other rules than the last."""

    def __init__(self, today: Network, stages: Stages) -> None:
        self.today, self.stages = today, stages
        self._last: tuple[bytes, Network] | None = None
        self.people = fte_by_area(today, today.rosters.fte)
        target = today.remodelled(OperatingModel.target(today.model.council))
        self._today_effort = effort_by_area(today)
        self._way = self._today_effort - effort_by_area(target)

    def network(self, stage: Stage) -> Network:
        """The network of a stage, with today's people still to be replaced."""
        if self._last is None or self._last[0] != stage.rules:
            council = self.today.model.council
            model = OperatingModel(council, PLAN, council.levers.target, stage)
            self._last = stage.rules, self.today.remodelled(model)
        return self._last[1]

    def earned(self, network: Network, stage: Stage) -> np.ndarray:
        """The share of the way from today's expected effort to the target's that is gone, by layer × area; by the levers' own
        progress where no effort is simulated. Below 0 while staff learn.
        """
        gone = self._today_effort - effort_by_area(network)
        share = np.divide(gone, self._way, out=np.zeros_like(gone), where=np.abs(self._way) > 1e-9)
        return np.where(np.abs(self._way) > 1e-9, np.clip(share, -1.0, 1.0), stage.reached)

    def staffed(self, network: Network, stage: Stage, gone: np.ndarray) -> Network:
        """The network with the people who are left and not in training."""
        if not stage.has_begun and not gone.any():
            nobody = dict.fromkeys(network.teams, 0.0)
            return network.staffed({**nobody, **self.today.rosters.fte})
        people = np.clip(self.people - gone, 0.0, None) * stage.present
        return network.staffed(team_fte(network, people, self.today))


def simulate(
    today: Network,
    stages: Stages,
    capacity: Capacity,
    seed: int,
    replication: int,
    window: Window,
    engine_name: str = "compiled",
    clock: Clock | None = None,
) -> Transition:
    """Simulate one replication of a plan and of today's model over the window, whose first month is the plan's.

    Both start from the same state; until something changes they count the same. A gate that lets nothing go is an answer.
    """
    run = _Run(today, stages, capacity, engine_name, clock or Clock())
    states = run.begin(seed, replication, window)
    return run.over(states, seed, replication, window)


@dataclass
class _Run:
    today: Network
    stages: Stages
    capacity: Capacity
    engine_name: str
    clock: Clock

    def begin(self, seed: int, replication: int, window: Window) -> State:
        """The state in which the first month begins: both models are today's until then."""
        state = opening_state(self.today, seed, replication, window, self.engine_name, self.clock)
        before = Window(window.first, 0, window.settling_days)
        for first, end, _ in stretches(self.today.calendar, before):
            state, _ = self._advanced(self.today, state, self._contacts(seed, replication, first, end), end)
        return state

    def over(self, state: State, seed: int, replication: int, window: Window) -> Transition:
        """Month after month of the window."""
        out = Transition(self.capacity, window.first)
        stepping, posts = Stepping(self.today, self.stages), Posts.none(self.capacity)
        out.today.backlog_before = out.plan.backlog_before = state.backlog
        now, then, tables = state, state, None
        felt = Felt(list(self.today.model.council.layers))
        for month in window.measured:
            first, end = (self.today.calendar.first_day(m) for m in (month, month + 1))
            stage = self.stages.stage(month)
            network = stepping.network(stage)
            due = self._due(month, stepping.earned(network, stage), felt)
            posts = step(posts, self.capacity, self.rules, due)
            network = stepping.staffed(network, stage, self._of_teams(posts.gone))
            if network.tables is not tables:
                then, tables = rebind(then, network), network.tables
            contacts = self._contacts(seed, replication, first, end)
            now, counted = self._advanced(self.today, now, contacts, end)
            then, planned = self._advanced(network, then, contacts, end)
            out.today.months.append(counted)
            out.plan.months.append(planned)
            felt.add(counted, planned)
            out.months.append(
                MonthOfPlan(due.now * self.capacity.released, due.earned, posts.gone, posts.at_risk, due.held)
            )
        return out

    @property
    def rules(self) -> GateRules:
        """The gate as the programme has it."""
        programme = self.stages.plan.programme
        gate = programme.gate
        return GateRules(
            gate.on,
            gate.tolerance_points.value / 100.0,
            ceil(programme.calendar.consultation_months.value),
            ceil(gate.notice_months.value),
        )

    def _due(self, month: int, earned: np.ndarray, felt: Felt) -> Due:
        ahead = self.stages.due(month + self.rules.lead_months)
        held = felt.shortfall() <= self.rules.tolerance
        look = self.stages.plan.programme.gate.look_ahead_months
        first_day = self.today.calendar.first_day
        growth = max(self.today.arrivals.grown(first_day(m)) for m in range(month, month + look))
        return Due(month, self.stages.due(month), ahead, earned, growth, held)

    def _of_teams(self, gone: np.ndarray) -> np.ndarray:
        """The part of the posts gone that worked in teams."""
        released = self.capacity.released
        share = np.divide(
            self.capacity.teams_released, released, out=np.zeros_like(gone), where=np.abs(released) > 1e-9
        )
        return gone * share

    def _advanced(self, network: Network, state: State, contacts: np.ndarray, end: int) -> tuple[State, MonthMeasures]:
        return advanced(engine(self.engine_name), network, state, contacts, end, self.clock)

    def _contacts(self, seed: int, replication: int, first: int, end: int) -> np.ndarray:
        return drawn(self.today, run_key(seed, replication), first, end, self.clock)
