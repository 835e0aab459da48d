"""Expected flows: the mean number of visits to every step and the mean staff minutes there, without a clock or queues.

Steps are visited in topological order and flows are vectors by contact class, so the answer is exact in a pass or two.
Calibration solves volumes with it, teams are staffed from it, and simulation must agree with it within its noise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from layers.routes import Becomes
from simulation.classes import FLOAT
from simulation.operating_model import FRONT_OFFICE, OperatingModel


@dataclass
class Flows:
    """Expected visits and staff minutes a year by step and contact class (float arrays); `repeats` by class."""

    visits: dict[str, FLOAT] = field(default_factory=dict)
    minutes: dict[str, FLOAT] = field(default_factory=dict)
    repeats: FLOAT | None = None

    def total_minutes(self, steps: Mapping[str, object]) -> float:
        """Minutes over the steps named."""
        return float(sum(self.minutes[name].sum() for name in steps if name in self.minutes))


class ExpectedFlows:
    """Works out expected flows of one operating model for given entry flows by class."""

    def __init__(self, model: OperatingModel, abandoned: bool = True) -> None:
        self.model = model
        self.abandoned = abandoned
        self.count = model.classes.count
        self.shares = {n: model.shares(n) for n, s in model.steps.items() if s.choose}
        self.jumps = {n: model.jumps(n) for n, s in model.steps.items() if s.match}
        self.work = {n: np.nan_to_num(model.minutes(n)) for n, s in model.steps.items() if s.work}

    def of(self, entries: Mapping[str, FLOAT]) -> Flows:
        """Flows a year from first contacts (and scheduled work) that enter, by entry and class; further attempts added."""
        flows = Flows(repeats=np.zeros(self.count))
        for name in self.model.steps:
            flows.visits[name] = np.zeros(self.count)
            flows.minutes[name] = np.zeros(self.count)
        waves: Mapping[str, FLOAT] = entries
        generations = self.model.council.routes.failure_demand.generations
        for generation in range(generations + 1):
            waves = self._pass(waves, flows, generation)
        return flows

    def _pass(self, entries: Mapping[str, FLOAT], flows: Flows, generation: int) -> dict[str, FLOAT]:
        model, routes = self.model, self.model.council.routes
        mass = {name: np.zeros(self.count) for name in model.steps}
        front = {name: np.zeros(self.count) for name in model.steps}
        children: dict[str, FLOAT] = {}
        for entry, flow in entries.items():
            mass[routes.entries[entry]] = mass[routes.entries[entry]] + flow
            _add(children, "repeat", flow * self.returns[routes.entries[entry]])
        for name in model.order:
            if mass[name].any():
                self._step(name, mass, front, flows, children)
        return children

    def _step(
        self, name: str, mass: dict[str, FLOAT], front: dict[str, FLOAT], flows: Flows, children: dict[str, FLOAT]
    ) -> None:
        step, m, f = self.model.steps[name], mass[name], front[name]
        flows.visits[name] += m
        if step.choose:
            for row, option in enumerate(step.choose):
                self._move(option.to, m * self.shares[name][row], f * self.shares[name][row], mass, front)
        elif step.match:
            for index, way in enumerate(self.model.order):
                here = self.jumps[name] == index
                if here.any():
                    self._move(way, np.where(here, m, 0), np.where(here, f, 0), mass, front)
        elif step.becomes:
            self._move(step.to or "", self._become(m, step.becomes), self._become(f, step.becomes), mass, front)
        elif step.end:
            self._end(name, m, flows, children)
        else:
            self._staffed(name, m, f, mass, front, flows, children)

    def _staffed(self, name, m, f, mass, front, flows, children) -> None:  # type: ignore[no-untyped-def]
        step = self.model.steps[name]
        if step.work:
            lost = self.lost(name)
            self._abandon(m * lost, children)
            m, f = m * (1 - lost), f * (1 - lost)
            done = m * self.work[name]
        else:
            done = f * self.model.drag_ratio if step.drag else np.zeros(self.count)
        flows.minutes[name] += done
        counts = step.layer in FRONT_OFFICE and step.work is not None
        self._move(step.to or "", m, f + done if counts else f, mass, front)

    def lost(self, name: str) -> float:
        """The share of visits to a work step that abandon, as calibration reckons."""
        work = self.model.steps[name].work
        assert work is not None
        return work.abandoned_today.value if self.abandoned and work.patience is not None else 0.0

    def _move(self, to: str, m: FLOAT, f: FLOAT, mass: dict[str, FLOAT], front: dict[str, FLOAT]) -> None:
        mass[to] = mass[to] + m
        front[to] = front[to] + f

    @cached_property
    def returns(self) -> dict[str, FLOAT]:
        """The chance, by step and class there, that an attempt which comes to the step brings a repeat in the end.

        Worked out from the ends backwards. A repeat enters with the class its attempt came with: whoever was moved to
        another channel prefers their own again.
        """
        chance: dict[str, FLOAT] = {}
        for name in reversed(self.model.order):
            chance[name] = self._return(name, chance)
        return chance

    def _return(self, name: str, chance: Mapping[str, FLOAT]) -> FLOAT:
        step = self.model.steps[name]
        if step.end:
            return self.model.repeat_chance * step.end.repeats
        if step.choose:
            shares = self.shares[name]
            return np.sum([shares[row] * chance[option.to] for row, option in enumerate(step.choose)], axis=0)
        if step.match:
            ways = np.array([chance.get(way, np.zeros(self.count)) for way in self.model.order])
            jumps = self.jumps[name]
            return np.where(jumps >= 0, ways[jumps, np.arange(self.count)], 0.0)
        after = chance[step.to or ""]
        if step.becomes:
            return after[self._becomes(step.becomes)]
        return after * (1 - self.lost(name)) if step.work else after

    def _becomes(self, becomes: Becomes) -> np.ndarray:
        """The class that each class becomes: int array."""
        classes = self.model.classes
        index = np.arange(self.count).reshape(classes.shape)
        for axis, names, to in ((1, classes.kinds, becomes.kind), (3, classes.channels, becomes.channel)):
            if to is not None:
                index = np.repeat(index.take([names.index(to)], axis=axis), classes.shape[axis], axis=axis)
        return index.reshape(-1)

    def _become(self, flow: FLOAT, becomes: Becomes) -> FLOAT:
        """Move a flow to the classes of another kind or channel."""
        return np.bincount(self._becomes(becomes), weights=flow, minlength=self.count)

    def _abandon(self, lost: FLOAT, children: dict[str, FLOAT]) -> None:
        failure = self.model.council.routes.failure_demand
        if lost.any():
            _add(children, "redial", lost * failure.redial.value)
            moved = self._become(lost, Becomes(channel=failure.other_channel_is))
            _add(children, "other_channel", moved * failure.other_channel.value)

    def _end(self, name: str, m: FLOAT, flows: Flows, children: dict[str, FLOAT]) -> None:
        end = self.model.steps[name].end
        assert end is not None and flows.repeats is not None
        if end.repeats:
            flows.repeats += m * self.model.repeat_chance
        if end.child:
            _add(children, end.child, m)


def _add(children: dict[str, FLOAT], entry: str, flow: FLOAT) -> None:
    children[entry] = children.get(entry, np.zeros_like(flow)) + flow
