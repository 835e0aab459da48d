"""The search: the least FTE by team, on a grid of a tenth, that leaves no class of work worse served.

A pass simulates the whole network and records what every team saw. On that record each team is replayed alone at other FTE,
exactly, and since a class's service is a sum over teams, many teams can be moved at once without another pass. The next pass
shows what the teams do to one another (fewer lost callers here are more work there), and so on until nothing moves. The answer
is the least that a pass has confirmed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from simulation.capacity.standards import Service, Standards

MOST_PASSES = 12
POLISH = 2
"""Passes after the first that confirms something less than the start."""
FREE_PASSES = 2
"""Passes after which teams may go up and down; after later ones up where something is missed, down only where nothing is."""
CAUTION = 0.001
"""How much stricter than owed every class is taken from the start: a tenth of a point for what one team does to another."""
WORTH_A_PASS = 0.002
"""The share of all FTE that must be in sight for another pass once one has confirmed what was found."""
RISES, DROPS = (1, 3, 8, 25), (25, 5, 1)
"""Steps tried, tenths of an FTE."""
TRADES = (8, 2)
"""What a team is given, tenths of an FTE, to see whether others can then give up more."""
PUSH, MOST_PUSHES = 8, 25
"""How far every team of a class that is short is raised where no single step helps, and how often."""
GUARDED = 0.002
"""How much stricter live work becomes when too many needs are unmet: a fifth of a point, then twice as much each time."""
WIDEST, SMALLEST = 4, 100
"""No team is raised beyond so many times what it begins with; what begins with less than 10 FTE counts as 10."""


class Seen(Protocol):
    """What one pass of the network showed."""

    @property
    def service(self) -> Service:
        """The service of the whole network."""

    def replay(self, team: int, tenths: int) -> np.ndarray:
        """Counts by class of one team replayed alone at an FTE."""


Pass = Callable[[np.ndarray], Seen]
"""Simulates the network with some FTE by team (tenths)."""


class Replays:
    """Counts of teams at FTE, replayed once each."""

    def __init__(self, seen: Seen) -> None:
        self._seen, self._kept = seen, dict[tuple[int, int], np.ndarray]()

    def at(self, team: int, tenths: int) -> np.ndarray:
        """Counts by class of one team at an FTE."""
        if (team, tenths) not in self._kept:
            self._kept[team, tenths] = self._seen.replay(team, tenths)
        return self._kept[team, tenths]

    def all(self, tenths: np.ndarray) -> np.ndarray:
        """Counts by class of all teams together."""
        return np.sum([self.at(team, int(f)) for team, f in enumerate(tenths)], axis=0)

    @property
    def done(self) -> int:
        """Replays done."""
        return len(self._kept)


@dataclass(frozen=True)
class Found:
    """The least FTE found: tenths by team, what the pass that confirmed it showed, and what the search took.

    `held` is False if no pass met every standard and guard: then it is the last FTE tried, and no answer.
    """

    tenths: np.ndarray
    seen: Seen
    held: bool
    passes: int
    replays: int

    @property
    def fte(self) -> np.ndarray:
        """FTE by team."""
        return self.tenths / 10.0


def least(
    measure: Pass, start: np.ndarray, standards: Standards, most_passes: int = MOST_PASSES, seen: Seen | None = None
) -> Found:
    """Search from `start` (tenths by team); see the module. `seen`: what a pass at the start shows, where that is known."""
    return _Search(measure, standards, most_passes).run(start, seen)


@dataclass
class _Search:
    measure: Pass
    standards: Standards
    most_passes: int
    replays: int = 0
    guarded: float = GUARDED
    best: tuple[np.ndarray, Seen] | None = None
    asked: Standards = field(init=False)
    margin: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.asked = self.standards
        self.margin = np.full(self.standards.classes.count, CAUTION)

    def run(self, start: np.ndarray, known: Seen | None) -> Found:
        """Pass after pass, until next to nothing is in sight. Where the teams stay as they are the same pass is looked at again,
        with more caution.
        """
        tenths, passes, last = start.copy(), 0, self.most_passes
        for number in range(1, self.most_passes + 1):
            seen, passes = known or self.measure(tenths), passes + (known is None or number == 1)
            held = self._judge(tenths, seen)
            if held and number > 1:
                last = min(last, number + POLISH)
            if number == last:
                break
            after = self._next(number, tenths, seen, held)
            if held and tenths.sum() - after.sum() <= WORTH_A_PASS * tenths.sum():
                break
            known = seen if np.array_equal(after, tenths) else None
            tenths = after
        kept, shown = self.best if self.best is not None else (tenths, seen)
        return Found(kept, shown, self.best is not None, passes, self.replays)

    def _judge(self, tenths: np.ndarray, seen: Seen) -> bool:
        """Keep the least FTE that a pass confirms."""
        held = self.standards.held(seen.service)
        if held and (self.best is None or tenths.sum() < self.best[0].sum()):
            self.best = (tenths, seen)
        return held

    def _next(self, number: int, tenths: np.ndarray, seen: Seen, held: bool) -> np.ndarray:
        """Where to go from a pass: at first each team to its own least; then up where something is missed, down where not."""
        replays = Replays(seen)
        if number > 1:
            # the first pass may be far from any service that could be allowed
            self.asked = self.asked.corrected(seen.service)
        if number > FREE_PASSES and not held:
            # the last step promised more than the network kept: ask for a little more than is owed
            self.margin = self.margin + self.standards.short(seen.service.counts)[: len(self.margin)] / 2
            if seen.service.unmet > self.standards.unmet_at_most:
                self.margin = self.margin + self.guarded * self.standards.classes.live
                self.guarded *= 2
        wanted = self.asked.tightened(self.margin)
        if number == 1:
            tenths = np.array([alone(replays, team, int(f), wanted) for team, f in enumerate(tenths)])
        if number <= FREE_PASSES or not held:
            tenths = raised(replays, tenths, wanted)
        if number <= FREE_PASSES or held:
            tenths = lowered(replays, tenths, wanted)
        if number == FREE_PASSES:
            tenths = traded(replays, tenths, wanted)
        self.replays += replays.done
        return tenths


def alone(replays: Replays, team: int, guess: int, wanted: Standards) -> int:
    """The least FTE (tenths) at which a team by itself owes none of its classes anything; 0 if it has no work.

    The guess, where no FTE up to WIDEST times it is enough.
    """

    def enough(tenths: int) -> bool:
        return not wanted.short_alone(replays.at(team, tenths)).any()

    if enough(0):
        return 0
    guess = max(guess, 1)
    step, low, high = max(1, guess // 100), guess, guess
    if enough(guess):
        while low > 0 and enough(low):
            low, high, step = max(0, low - step), low, 2 * step
    else:
        while not enough(high):
            if high == WIDEST * guess:
                return guess
            low, high, step = high, min(high + step, WIDEST * guess), 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def raised(replays: Replays, tenths: np.ndarray, wanted: Standards) -> np.ndarray:
    """Raise teams, each time by the step that takes most off the sum of shortfalls for its FTE, until none is left.

    What more people do not mend is left as it is: the last FTE that took something off is returned.
    """
    tenths, pushes, most = tenths.copy(), 0, WIDEST * np.maximum(tenths, SMALLEST)
    total = replays.all(tenths)
    mended, least_short = tenths.copy(), np.inf
    while pushes <= MOST_PUSHES:
        short = wanted.short(total)
        if short.sum() < least_short:
            mended, least_short = tenths.copy(), short.sum()
        concerned = wanted.concerns(short)
        teams = [t for t, f in enumerate(tenths) if f < most[t] and replays.at(t, int(f))[:, concerned].any()]
        if not teams:
            break
        best_gain, best_team, best_step = 0.0, -1, 0
        for team in teams:
            rest = total - replays.at(team, int(tenths[team]))
            for step in RISES:
                left = wanted.short(rest + replays.at(team, int(tenths[team]) + step)).sum()
                gain = (short.sum() - left) / step
                if gain > best_gain * (1 + 1e-12):
                    best_gain, best_team, best_step = gain, team, step
        if best_team >= 0:
            tenths[best_team] += best_step
        else:
            tenths[teams] += PUSH
            pushes += 1
        total = replays.all(tenths)
    return mended


def traded(replays: Replays, tenths: np.ndarray, wanted: Standards) -> np.ndarray:
    """Give a team more where others can then go by more than that together; team after team, as long as the total falls.

    Two teams that share a class may each be as low as the other allows, and yet not be the least together.
    """
    for step in TRADES:
        for team in range(len(tenths)):
            more = tenths.copy()
            more[team] += step
            after = lowered(replays, more, wanted, kept=team)
            while after.sum() < tenths.sum():
                tenths, more = after, after.copy()
                more[team] += step
                after = lowered(replays, more, wanted, kept=team)
    return lowered(replays, tenths, wanted)


def lowered(replays: Replays, tenths: np.ndarray, wanted: Standards, kept: int | None = None) -> np.ndarray:
    """Lower teams one by one, by large steps and then by a tenth, while no class falls shorter than it is; until none can go.

    The team `kept` stays as it is.
    """
    tenths = tenths.copy()
    total = replays.all(tenths)
    allowed = wanted.short(total)
    for step in DROPS:
        moving = True
        while moving:
            moving = False
            for team in range(len(tenths)):
                if team == kept or tenths[team] < step:
                    continue
                after = total - replays.at(team, int(tenths[team])) + replays.at(team, int(tenths[team]) - step)
                if (wanted.short(after) <= allowed).all():
                    tenths[team] -= step
                    total, moving = after, True
    return tenths
