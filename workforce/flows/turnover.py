"""Turnover: how likely people of an age and service are to leave in a month, and why. The `turnover` section.

The rate is of heads and comes from the council's own count of leavers. Redundancies are part of that count and are taken out,
because the model makes its own. What the rest divides into, by age, by service and by reason, only shapes it: the hazards are
scaled so that the opening establishment loses as many people a year as the rate says.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import model_validator

from layers.assumption import Frozen, Share
from layers.problems import Fault, Faults
from workforce.quantities import Mix, Months, Multiple, ShareAYear, VacantShare, Years

OLDEST, LONGEST = 85, 60
"""Ages and years of service beyond which hazards no longer change."""
REASONS = ("retirement", "resignation", "other")
AGE_EDGES = {"under_25": 16, "from_25": 25, "from_35": 35, "from_60": 60, "from_65": 65}
SERVICE_EDGES = {"under_1": 0, "from_1": 1, "from_2": 2, "from_5": 5, "from_10": 10}


class Turnover(Frozen):
    """The `turnover` section. `by_age` and `by_service` multiply the chance of leaving for any reason but retirement.

    `retirement` is a share a year of those from 60 and from 65; `reasons` are shares of all leavers, redundancy included.
    """

    rate: ShareAYear
    reasons: Mix
    by_age: Mix
    by_service: Mix
    retirement: Mix
    at_risk_factor: Multiple
    """Times the usual resignations of people whose posts are at risk."""
    waiting_for_voluntary: Share
    """The fall in their resignations while a voluntary scheme is expected."""

    @model_validator(mode="after")
    def somebody_resigns(self) -> Self:
        """Refuse reasons that leave nobody to resign or to leave otherwise: their shares of all leavers must sum to 1."""
        if sum(self.reasons.values.get(name, 0.0) for name in ("resignation", "other")) <= 0:
            raise Faults([Fault(("reasons", "values"), "nobody resigns", "resignation or other above 0")])
        return self


class Vacancies(Frozen):
    """The `vacancies` section: posts not filled, and how long filling takes."""

    opening: VacantShare
    """Vacant posts as a share of all posts at the opening; more than recruitment explains are standing vacancies."""
    months_to_fill: Months
    covered_by_agency: Share
    """The share of vacant posts that agency staff cover."""
    learning_months: Months
    """New starters reach full output in a straight line over this time."""
    starting_output: Share
    youngest_starter: Years
    oldest_starter: Years


@dataclass(frozen=True)
class Hazards:
    """Monthly chances of leaving by reason, age in years (row) and years of service (column)."""

    retirement: np.ndarray
    resignation: np.ndarray
    other: np.ndarray

    def by_reason(self) -> np.ndarray:
        """The three in one array, in the order of REASONS."""
        return np.stack([self.retirement, self.resignation, self.other])

    def total(self) -> np.ndarray:
        """The chance of leaving for any reason."""
        return self.retirement + self.resignation + self.other


def hazards(turnover: Turnover, ages: np.ndarray, services: np.ndarray, head_shares: np.ndarray) -> Hazards:
    """Hazards with which people of these ages and services (months) leave at the yearly rate, their posts being filled again."""
    reasons = turnover.reasons.shares()
    kept = 1.0 - reasons.get("redundancy", 0.0)
    shape = _banded(turnover.by_age, AGE_EDGES, OLDEST)[:, None] * _banded(turnover.by_service, SERVICE_EDGES, LONGEST)
    retires = _retirement(turnover.retirement)
    row, column = np.minimum(ages // 12, OLDEST), np.minimum(services // 12, LONGEST)
    heads = head_shares.sum()
    able = (head_shares * retires[row]).sum()
    share = reasons.get("retirement", 0.0) if able > 0 else 0.0
    retiring = turnover.rate.value * share * heads / able if able > 0 else 0.0
    others = turnover.rate.value * (kept - share) * heads / (head_shares * shape[row, column]).sum()
    resigning = reasons.get("resignation", 0.0) / (kept - share)
    whole = others * shape
    return Hazards(
        retirement=_monthly(np.repeat(retiring * retires[:, None], LONGEST + 1, axis=1)),
        resignation=_monthly(whole) * resigning,
        other=_monthly(whole) * (1.0 - resigning),
    )


def _monthly(yearly: np.ndarray) -> np.ndarray:
    """Chances a month from departures a year for each post that is always filled again: a twelfth of them."""
    return np.asarray(np.minimum(yearly / 12, 1.0))


def _banded(mix: Mix, edges: dict[str, int], last: int) -> np.ndarray:
    """The value of each whole year, from bands that begin at the edges; a band not named is as the one before it."""
    out, current = np.zeros(last + 1), mix.values.get(next(iter(edges)), 1.0)
    starts = {start: name for name, start in edges.items()}
    for year in range(last + 1):
        current = mix.values.get(starts.get(year, ""), current)
        out[year] = current
    return out


def _retirement(mix: Mix) -> np.ndarray:
    out = np.zeros(OLDEST + 1)
    out[60:65] = mix.values.get("from_60", 0.0)
    out[65:] = mix.values.get("from_65", mix.values.get("from_60", 0.0))
    return out
