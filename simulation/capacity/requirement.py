"""The requirement of one replication: the least FTE by team, today and in the target, that serves nobody worse than today does.

Today is simulated once with its existing people: that fixes the standards and the guards, for both sides and for good.
"""

from dataclasses import dataclass
from math import floor

import numpy as np

from simulation.capacity.passes import Recording, Shown, Side, record, unhurried
from simulation.capacity.search import Found, least
from simulation.capacity.standards import OFFERED, Service, Standards, class_counts
from simulation.capacity.work_classes import WorkClasses
from simulation.engines.network import Network
from simulation.engines.state import State
from simulation.establishment import loads
from simulation.runs import Window, opening_state

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Team:
    """Why a team needs what it needs. `load_fte`: FTE at work all their time; `binding`: the class that one tenth less would
    fail, with the month in which it was served worst; empty where none stands in the way by itself.
    """

    existing_fte: float
    required_fte: float
    load_fte: float
    occupancy: float
    binding: str
    month: int | None


@dataclass(frozen=True)
class Staffed:
    """One side, staffed with the least: the teams whose FTE is sought, what its service is, what the search took."""

    teams: dict[str, Team]
    service: Service
    held: bool
    broken: tuple[str, ...]
    passes: int
    replays: int


@dataclass(frozen=True)
class Requirement:
    """What one replication needs: the standards (with today's service at existing people), and both sides staffed."""

    standards: Standards
    today: Staffed
    target: Staffed


def reference(
    today: Network, begin: State, seed: int, replication: int, window: Window, judged: tuple[str, ...]
) -> tuple[Standards, Recording]:
    """Today's reference year with its existing people: the standards it sets, and what was recorded."""
    council = today.model.council
    recording = record(today, begin, seed, replication, window)
    months = recording.months
    a_year = class_counts(months)[OFFERED] * MONTHS_A_YEAR / window.months
    smallest = council.standards.smallest_class
    classes = WorkClasses.of(tuple(council.layers), judged, today.model.classes, a_year, smallest)
    return Standards.of_today(classes, Service.of(today, classes, months), council.standards), recording


def requirement(
    today: Network, target: Network, seed: int, replication: int, window: Window, judged: tuple[str, ...]
) -> Requirement:
    """The least FTE of both sides in one replication. A target without a lever is today itself."""
    begin = opening_state(today, seed, replication, window)
    today, target = unhurried(today, judged), unhurried(target, judged)
    standards, recording = reference(today, begin, seed, replication, window, judged)
    now = Side(today, begin, seed, replication, window, standards.classes, _below(today))
    existing = np.array([floor(today.rosters.fte[name] * 10) for name in now.teams])
    ours = staffed(now, least(now.measure, existing, standards, seen=now.shown(recording)), standards)
    if not target.model.levers:
        return Requirement(standards, ours, ours)
    then = Side(target, begin, seed, replication, window, standards.classes)
    return Requirement(standards, ours, staffed(then, least(then.measure, first_guess(then), standards), standards))


def _below(today: Network) -> dict[str, float]:
    return {name: fte - floor(fte * 10) / 10 for name, fte in today.rosters.fte.items()}


def first_guess(side: Side) -> np.ndarray:
    """A start from above, tenths by team: live load and some of its square root, deferrable load and 3%."""
    work = loads(side.network.model, side.network.flows)
    fte = [live + 0.8 * live**0.5 + 1.03 * deferrable for live, deferrable in (work[name] for name in side.teams)]
    return np.array([int(np.ceil(10 * value)) for value in fte])


def staffed(side: Side, found: Found, standards: Standards) -> Staffed:
    """What was found, with the reasons team by team."""
    shown = found.seen
    assert isinstance(shown, Shown)
    broken = standards.guards_broken(shown.service)
    teams = {name: _team(side, shown, found, standards, i) for i, name in enumerate(side.teams)}
    return Staffed(teams, shown.service, found.held, broken, found.passes, found.replays)


def _team(side: Side, shown: Shown, found: Found, standards: Standards, place: int) -> Team:
    name, tenths = side.teams[place], int(found.tenths[place])
    index = side.network.teams.index(name)
    busy = sum(int(m.by_team["busy_ticks"][index]) for m in shown.months)
    duty = sum(int(m.by_team["duty_ticks"][index]) for m in shown.months)
    occupancy = busy / duty if duty else 0.0
    binding, month = _binding(side, shown, standards, place, tenths)
    fte = side.fte(name, tenths)
    return Team(side.network.rosters.fte[name], fte, fte * occupancy, occupancy, binding, month)


def _binding(side: Side, shown: Shown, standards: Standards, place: int, tenths: int) -> tuple[str, int | None]:
    """The class that one tenth of an FTE less would fail most, and the measured month in which it was served worst."""
    if tenths == 0:
        return "", None
    less = shown.service.counts - shown.replay(place, tenths) + shown.replay(place, tenths - 1)
    worse = standards.short(less) - standards.short(shown.service.counts)
    if not (worse > 0).any():
        return "", None
    worst = int(np.argmax(worse))
    by_month = [standards.short(side.classes.gather(class_counts([m])))[worst] for m in shown.months]
    return standards.names[worst], side.window.first + int(np.argmax(by_month))
