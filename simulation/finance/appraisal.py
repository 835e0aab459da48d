"""Whether it pays: net present value, payback, the running sum, what a month of delay costs. Pure functions of flows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from layers.money import Money
from layers.money.years import MONTHS_A_YEAR, month_after
from simulation.finance.flow import Flow, by_year, total

FEW_YEARS = 5
"""The short appraisal, beside that of `appraisal_years`."""


@dataclass(frozen=True)
class Payback:
    """When what was saved has made good what was spent; `month` (`2020-09`) is absent where that is not reached."""

    reached: bool
    month: str | None = None


def net_by_year(flows: Iterable[Flow], money: Money) -> np.ndarray:
    """Saved less spent, £ by financial year of the appraisal, constant prices."""
    return by_year(total(flows, money.appraisal_years * MONTHS_A_YEAR))


def net_present_value(flows: Iterable[Flow], money: Money, years: int) -> float:
    """Discounted sum of the first `years`, £ of year 0: year n is worth 1 ÷ (1 + rate)^n, so year 0 counts in full."""
    net = net_by_year(flows, money)[:years]
    return float(sum(pounds / (1 + money.discount_rate.value) ** n for n, pounds in enumerate(net)))


def payback(flows: Iterable[Flow], money: Money) -> Payback:
    """The first month after which the running sum, once below 0, never falls below it again within the appraisal."""
    running = np.cumsum(total(flows, money.appraisal_years * MONTHS_A_YEAR))
    below = np.flatnonzero(running < -1e-6)
    if not below.size or below[-1] == len(running) - 1:
        return Payback(False)
    return Payback(True, month_after(money.first_year, int(below[-1]) + 1))


def cost_of_delay(now: Sequence[Flow], a_month_later: Sequence[Flow], money: Money) -> float:
    """What one month of delay costs, £ of year 0: the present value over the whole appraisal now, less that a month later."""
    years = money.appraisal_years
    return net_present_value(now, money, years) - net_present_value(a_month_later, money, years)
