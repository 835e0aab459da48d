"""A course: every month of one replication under one policy, from the opening to the end, added up."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workforce.exit_costs.bill import EVENT, agency_premium, bill, protective_award
from workforce.flows.month import HELD_FTE, LEFT_OTHERWISE, RESIGNED, RETIRED
from workforce.reduction.dates import Tranche
from workforce.state import Setting, State
from workforce.step import step


@dataclass(frozen=True)
class Course:
    """What happened, month by month. Arrays begin with the month; then as in `workforce.state.Month`."""

    setting: Setting
    tranches: tuple[Tranche, ...]
    flows: np.ndarray
    stocks: np.ndarray
    met: np.ndarray
    late_fte: np.ndarray
    register: np.ndarray
    events: np.ndarray
    last: State
    applied: int
    refused: int
    solves: int

    @property
    def leavers(self) -> np.ndarray:
        """Heads who left of themselves, by month and pool."""
        return np.asarray(self.flows[:, :, [RETIRED, RESIGNED, LEFT_OTHERWISE]].sum(axis=2))

    @property
    def unmet_fte(self) -> np.ndarray:
        """By release and pool, at the end."""
        return np.asarray(self.late_fte[-1])

    @cached_property
    def pay_per_fte(self) -> np.ndarray:
        """What an FTE costs a year by pool, on-cost in, £: at the opening's pay."""
        posts, pools = self.setting.opening.posts, len(self.setting.pools.names)
        fte = np.bincount(posts["pool"], posts["fte"], pools)
        paid = np.bincount(posts["pool"], posts["fte"] * posts["pay"], pools)
        return np.asarray(paid / np.maximum(fte, 1e-9) * (1 + self.setting.money.prices.on_cost.value))

    @cached_property
    def event_costs(self) -> np.ndarray:
        """Cost of each event by line, £."""
        return bill(self.events, self.setting.money)

    @cached_property
    def agency(self) -> np.ndarray:
        """Premium of agency cover for posts held empty, by month and pool, £."""
        pay = self.pay_per_fte / (1 + self.setting.money.prices.on_cost.value)
        return agency_premium(self.stocks[:, :, HELD_FTE], pay, self.setting.money.prices)

    @cached_property
    def protective_award(self) -> float:
        """What a tribunal could award if nobody had been consulted, £: an exposure, not a cost."""
        return protective_award(self.events, self.setting.money)

    @property
    def benefit(self) -> np.ndarray:
        """Pay of the posts gone, by month, release and pool, £: budget, spent or not."""
        gone = self.met[:, :, :, :, 0].sum(axis=3).cumsum(axis=0)
        return np.asarray(gone * self.pay_per_fte / 12)

    @property
    def waited(self) -> np.ndarray:
        """Pay of posts that are due and not gone, by month, release and pool, £."""
        return np.asarray(self.late_fte * self.pay_per_fte / 12)

    @property
    def double_running(self) -> float:
        """Pay of those who left or moved after their posts were due, from then until they did, £."""
        events, on_cost = self.events, 1 + self.setting.money.prices.on_cost.value
        late = np.where(events["due"] < 30_000, np.maximum(events["month"] - events["due"], 0), 0)
        return float((late * events["pay"] * events["fte"] * on_cost / 12).sum())


def run_course(setting: Setting, tranches: tuple[Tranche, ...], months: int) -> Course:
    """Every month, one after the other."""
    state, counts, events = State.opening(setting), [], [np.zeros(0, EVENT)]
    for month in range(months):
        state, count = step(state, month, tranches, setting)
        counts.append(count)
        events += count.events
    return Course(
        setting,
        tranches,
        np.array([count.flows for count in counts]),
        np.array([count.stocks for count in counts]),
        np.array([count.met for count in counts]),
        np.array([count.late_fte for count in counts]),
        np.array([count.register for count in counts]),
        np.concatenate(events),
        state,
        sum(count.applied for count in counts),
        sum(count.refused for count in counts),
        sum(count.solves for count in counts),
    )
