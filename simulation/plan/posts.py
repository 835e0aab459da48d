"""Posts: which are due to go by the plan, which the safe-release gate lets go, and when. FTE by layer × service area.

A reduction is proposed, confirmed when notice is given, and gone when notice ends. The gate looks twice, at the proposal and
at notice: the people left must be at least what is needed at the levers in force that month, in the worst of the months
ahead, and the layer's service of the past quarter must have held. It knows nothing of the months to come but the calendar.
"""

from dataclasses import dataclass, replace

import numpy as np

FLOAT = np.ndarray


@dataclass(frozen=True, eq=False)
class Capacity:
    """What the plan may count on, FTE by layer × area: people today, and what today and the target need.

    `teams_released`: the part of what is released that works in teams; the rest is support and quality assurance.
    """

    existing: FLOAT
    needed_today: FLOAT
    needed_target: FLOAT
    teams_released: FLOAT

    @property
    def released(self) -> FLOAT:
        """FTE released when every lever is at its target; negative where work moves to."""
        return self.needed_today - self.needed_target

    def needed(self, earned: FLOAT, growth: float) -> FLOAT:
        """FTE needed when a share `earned` of the way to the target's effort is gone and volumes are `growth` times today's."""
        return (self.needed_today - earned * self.released) * growth


@dataclass(frozen=True)
class GateRules:
    """The gate: whether it is on, how far service may fall short (share), months from proposal to notice and of notice."""

    on: bool
    tolerance: float
    consultation_months: int
    notice_months: int

    @property
    def lead_months(self) -> int:
        """Months from proposal to leaving."""
        return self.consultation_months + self.notice_months


@dataclass(frozen=True, eq=False)
class Proposal:
    """Posts proposed in one month, FTE by layer × area."""

    month: int
    fte: FLOAT


@dataclass(frozen=True, eq=False)
class Posts:
    """Where the reductions stand at the start of a month: gone for good, and proposed but not gone."""

    gone: FLOAT
    proposals: tuple[Proposal, ...] = ()

    @classmethod
    def none(cls, capacity: Capacity) -> "Posts":
        """Nobody has left."""
        return cls(np.zeros_like(capacity.existing))

    @property
    def at_risk(self) -> FLOAT:
        """FTE proposed and not gone."""
        return np.sum([p.fte for p in self.proposals], axis=0) if self.proposals else np.zeros_like(self.gone)


@dataclass(frozen=True, eq=False)
class Due:
    """What the month asks of the posts, by layer × area: the share of the release due now and a lead ahead, the share earned by
    the levers in force, growth of volumes in the worst month ahead, and whether the past quarter's service held, by layer.
    """

    month: int
    now: FLOAT
    ahead: FLOAT
    earned: FLOAT
    growth: float
    held: FLOAT


def step(posts: Posts, capacity: Capacity, rules: GateRules, due: Due) -> Posts:
    """The posts at the end of the first day of a month: leavers gone, notices given or taken back, new ones proposed."""
    posts = _leave(posts, capacity, rules, due)
    if rules.on:
        posts = _confirm(posts, capacity, rules, due)
    return _propose(posts, capacity, rules, due)


def _leave(posts: Posts, capacity: Capacity, rules: GateRules, due: Due) -> Posts:
    """Those whose notice ends go; where work moves to, posts are filled when the plan says, and no gate is needed."""
    leaving = [p for p in posts.proposals if p.month + rules.lead_months <= due.month]
    gone = posts.gone + sum((p.fte for p in leaving), np.zeros_like(posts.gone))
    gone = np.where(capacity.released < 0, due.now * capacity.released, gone)
    return Posts(gone, tuple(p for p in posts.proposals if p not in leaving))


def _confirm(posts: Posts, capacity: Capacity, rules: GateRules, due: Due) -> Posts:
    """Look again before notice: what is no longer safe is taken back, and is due again."""
    kept = []
    for proposal in posts.proposals:
        if proposal.month + rules.consultation_months == due.month:
            earlier = sum((p.fte for p in posts.proposals if p.month < proposal.month), np.zeros_like(posts.gone))
            safe = np.clip(room(posts.gone + earlier, capacity, rules, due), 0.0, None)
            proposal = replace(proposal, fte=np.minimum(proposal.fte, safe))
        kept.append(proposal)
    return replace(posts, proposals=tuple(p for p in kept if p.fte.any()))


def _propose(posts: Posts, capacity: Capacity, rules: GateRules, due: Due) -> Posts:
    """Propose what falls due when notice would end, as far as the gate allows."""
    spoken_for = posts.gone + posts.at_risk
    wanted = np.clip(due.ahead * np.clip(capacity.released, 0.0, None) - spoken_for, 0.0, None)
    if rules.on:
        wanted = np.minimum(wanted, np.clip(room(spoken_for, capacity, rules, due), 0.0, None))
    wanted = np.where(capacity.released > 0, wanted, 0.0)
    if not wanted.any():
        return posts
    return replace(posts, proposals=(*posts.proposals, Proposal(due.month, wanted)))


def room(spoken_for: FLOAT, capacity: Capacity, rules: GateRules, due: Due) -> FLOAT:
    """FTE beyond those spoken for that could go: none in a layer whose service of the past quarter did not hold."""
    needed = capacity.needed(due.earned, due.growth) * (1.0 - rules.tolerance)
    free = capacity.existing - spoken_for - needed
    return np.where(due.held[:, None], free, np.minimum(free, 0.0))
