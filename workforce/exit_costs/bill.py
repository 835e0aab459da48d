"""What each departure and move costs, line by line, booked in the year it is decided and paid when it happens."""

from dataclasses import dataclass

import numpy as np

from layers.assumption import Frozen, Share
from workforce.exit_costs.pension_strain import Strain, pension_strain
from workforce.exit_costs.redundancy_pay import LocalScheme, redundancy_pay
from workforce.exit_costs.rules import EmploymentRules
from workforce.quantities import Multiple, PoundsAYear, PoundsEach
from workforce.routes import CODE

LINES = ("redundancy_pay", "pension_strain", "notice", "pay_protection", "retraining", "agency_premium")

EVENT = np.dtype(
    [
        ("route", "i1"),
        ("release", "i1"),
        ("pool", "i2"),
        ("grade", "i1"),
        ("terms", "i1"),
        ("member", "i1"),
        ("age", "i2"),
        ("service", "i2"),
        ("decided", "i2"),
        ("month", "i2"),
        ("due", "i2"),
        ("notice", "i2"),
        ("head", "f8"),
        ("fte", "f8"),
        ("pay", "f8"),
        ("new_pay", "f8"),
        ("distance", "f8"),
        ("refused", "i1"),
    ]
)
"""One person leaving by redundancy or moving to another post: `month` when, `decided` and `due` when; `pay` and `new_pay` for full
time, £ a year; `notice` in months; `distance` of skills moved; `refused` a suitable post unreasonably, which loses the payment."""


class ExitCosts(Frozen):
    """The `exit_costs` section."""

    local_scheme: LocalScheme
    pension_strain: Strain
    on_cost: Share
    """Employer's contributions as a share of pay."""
    notice_not_worked: Share
    """The part of a notice that is paid and not worked."""
    retraining: PoundsEach
    """For one step of distance between job families."""
    agency: PoundsAYear
    """What agency staff cost for an FTE-year."""
    cover_of_held_posts: Share
    """The part of posts held empty before their work has fallen that agency staff cover."""


@dataclass(frozen=True)
class Money:
    """What the costs of events depend on beside the events: rules, prices, pay protection in months, the first month's date."""

    rules: EmploymentRules
    prices: ExitCosts
    protection_months: float
    first_month: np.datetime64
    multiplier: Multiple
    """Times the statutory weeks for volunteers; the rest get the local scheme's."""

    def days(self, months: np.ndarray) -> np.ndarray:
        """The last day of each month number."""
        return (self.first_month.astype("datetime64[M]") + np.asarray(months) + 1).astype("datetime64[D]") - 1


def bill(events: np.ndarray, money: Money) -> np.ndarray:
    """Cost of each event (row) by line of LINES (column), £."""
    prices, out = money.prices, np.zeros((len(events), len(LINES)))
    redundant = (events["route"] == CODE["voluntary"]) | (events["route"] == CODE["compulsory"])
    paid, left = events["pay"] * events["fte"], money.days(events["month"])
    age, service = events["age"], events["service"]
    scheme = prices.local_scheme
    pay = redundancy_pay(age, service, paid, left, money.rules, scheme)
    more = scheme.model_copy(update={"multiplier": money.multiplier})
    volunteers = redundancy_pay(age, service, paid, left, money.rules, more)
    pay = np.where(events["route"] == CODE["voluntary"], volunteers, pay)
    out[:, 0] = np.where(redundant & (events["refused"] == 0), pay, 0.0)
    strain = pension_strain(age, service, paid, events["member"], left, money.rules, prices.pension_strain)
    out[:, 1] = np.where(redundant, strain, 0.0)
    monthly = paid * (1 + prices.on_cost.value) / 12
    out[:, 2] = np.where(redundant, monthly * events["notice"] * prices.notice_not_worked.value, 0.0)
    moved = events["route"] == CODE["redeployed"]
    lost = np.maximum(events["pay"] - events["new_pay"], 0.0) * events["fte"] * (1 + prices.on_cost.value)
    out[:, 3] = np.where(moved, lost * money.protection_months / 12, 0.0)
    out[:, 4] = np.where(moved, prices.retraining.value * events["distance"], 0.0)
    return out


def protective_award(events: np.ndarray, money: Money) -> float:
    """What a tribunal could award in all if nobody had been consulted: so many days' pay each redundant person, £."""
    redundant = (events["route"] == CODE["voluntary"]) | (events["route"] == CODE["compulsory"])
    days = money.rules.protective_award_days.on(money.days(events["decided"]))
    return float((np.where(redundant, events["pay"] * events["fte"] / 365.25, 0.0) * days).sum())


def agency_premium(held_fte_months: np.ndarray, pay: np.ndarray, prices: ExitCosts) -> np.ndarray:
    """What covering held posts costs beyond what their holders cost, £; `pay` for full time, £ a year."""
    dearer = np.maximum(prices.agency.value - pay * (1 + prices.on_cost.value), 0.0)
    return held_fte_months / 12 * prices.cover_of_held_posts.value * dearer
