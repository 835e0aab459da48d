"""The stages of a plan: month by month, how far each layer has come in each service area, by take-up; and what falls due."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from layers.calendar import Calendar
from layers.programme.plan import MONTHS_A_YEAR, Plan
from simulation.council import Council
from simulation.stage import Stage


@dataclass(frozen=True)
class Stages:
    """A council's plan as arrays by layer × service area, for whole months from the plan's first.

    Levers take up as people do, whatever the reading; the reading decides when posts are due to go.
    """

    council: Council
    calendar: Calendar

    @cached_property
    def plan(self) -> Plan:
        """The plan in its own reading."""
        assert self.council.programme is not None
        return Plan(self.council.programme, self.calendar)

    @cached_property
    def _take_up(self) -> Plan:
        programme = self.plan.programme
        if programme.behaviour is None:
            return self.plan
        return Plan(programme.model_copy(update={"reading": "behavioural"}), self.calendar)

    def stage(self, month: int) -> Stage:
        """The stage of one month."""
        hours = self._each(self._take_up.training_hours_per_fte, month)
        paid = self.council.teams.productive_hours.value / MONTHS_A_YEAR
        return Stage(
            self._each(self._take_up.progress, month),
            self._each(self._take_up.productivity, month),
            np.clip(1.0 - hours / paid, 0.0, 1.0),
        )

    def due(self, month: int) -> np.ndarray:
        """The share of each release that the plan wants gone by a month."""
        return self._each(self.plan.progress, month)

    def releases(self) -> np.ndarray:
        """The release that brings each layer to each area, by id; empty where none does."""
        return np.array([[self.plan.release_of(layer, area) or "" for area in self._areas] for layer in self._layers])

    def _each(self, rule: Callable[[str, str, int], float], month: int) -> np.ndarray:
        return np.array([[rule(layer, area, month) for area in self._areas] for layer in self._layers])

    @property
    def _layers(self) -> list[str]:
        return list(self.council.layers)

    @property
    def _areas(self) -> list[str]:
        return list(self.council.service_areas)
