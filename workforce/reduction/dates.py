"""When a reduction becomes known, is proposed, confirmed, and who must be told how long before. The `process` section.

The order is the council's own: approval and impact assessment, proposal (letters under section 188 and to those at risk), formal
consultation, a structure confirmed, slotting and selection, notice, leaving (Cabinet pack 18 Sept 2018, construct and implement
steps). Reductions of one release are proposed together for some months at a time, a tranche.
"""

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Literal

import numpy as np

from layers.assumption import Frozen
from workforce.exit_costs.rules import EmploymentRules
from workforce.quantities import Months, Weeks
from workforce.reduction.path import Reductions

WEEKS_A_MONTH = 365.25 / 12 / 7
LeaveBy = Literal["as_work_falls", "go_live"]


class Process(Frozen):
    """The `process` section: how long each step takes."""

    tranche: Months
    """The months of reductions that one proposal covers."""
    approval: Months
    """From approval and impact assessment to the proposal."""
    individual_consultation: Weeks
    """Where too few are proposed for collective consultation."""
    structure: Months
    """From the end of consultation to a confirmed structure with people slotted and selected."""


@dataclass(frozen=True)
class Tranche:
    """Reductions of one release in some months: `first` to `last` month due, known from `known`, proposed in `proposed`."""

    release: int
    first: int
    last: int
    known: int
    proposed: int
    fte: np.ndarray
    """By pool and month due."""

    @cached_property
    def total(self) -> np.ndarray:
        """FTE by pool."""
        return np.asarray(self.fte.sum(axis=1))


def moved(found: Reductions, leave_by: LeaveBy) -> Reductions:
    """The reductions when people leave: as the work falls, or all of a release in the month in which it first falls."""
    if leave_by == "as_work_falls":
        return found
    fte = np.zeros_like(found.fte)
    for release in range(len(found.releases)):
        months = np.flatnonzero(found.fte[release].sum(axis=0) > 0)
        if len(months):
            fte[release, :, months[0]] = found.fte[release].sum(axis=1)
    return Reductions(found.releases, fte, found.dropped_fte)


def tranches(found: Reductions, process: Process, rules: EmploymentRules, freeze_months: float) -> tuple[Tranche, ...]:
    """The tranches of every release, in order of being known.

    Each is proposed early enough for the longest consultation and the longest notice before its first post goes, but not before the
    first month simulated; recruitment is frozen `freeze_months` before that.
    """
    lead = months_of_days(rules.longest_consultation_days) + round(process.structure.value) + LONGEST_NOTICE_MONTHS
    length, out = max(1, round(process.tranche.value)), []
    for release in range(len(found.releases)):
        due = np.flatnonzero(found.fte[release].sum(axis=0) > 0)
        if not len(due):
            continue
        for first in range(int(due[0]), int(due[-1]) + 1, length):
            last = min(first + length, found.months) - 1
            fte = np.zeros_like(found.fte[release])
            fte[:, first : last + 1] = found.fte[release][:, first : last + 1]
            proposed = max(0, first - lead)
            known = max(0, proposed - max(round(process.approval.value), round(freeze_months)))
            out.append(Tranche(release, first, last, known, proposed, fte))
    return tuple(sorted(out, key=lambda tranche: (tranche.known, tranche.release, tranche.first)))


LONGEST_NOTICE_MONTHS = ceil(12 / WEEKS_A_MONTH)


def months_of_days(days: float) -> int:
    """Whole months that hold so many days, so that nothing is too early: 30 days are one month, 45 two."""
    return ceil(days / 30.5)


def consultation_days(proposed: int, rules: EmploymentRules, process: Process) -> float:
    """Days of consultation for so many people proposed in 90 days at one establishment."""
    for step in sorted(rules.consultation, key=lambda step: -step.proposed):
        if proposed >= step.proposed:
            return float(step.days)
    return process.individual_consultation.value * 7


def notice_months(service_months: np.ndarray, contractual_weeks: np.ndarray) -> np.ndarray:
    """Whole months that hold the longer of statutory and contractual notice."""
    weeks = np.maximum(statutory_notice_weeks(service_months), contractual_weeks)
    return np.ceil(weeks / WEEKS_A_MONTH - 1e-9).astype(np.int64)


def statutory_notice_weeks(service_months: np.ndarray) -> np.ndarray:
    """One week from one month's service, then one a full year from two years, at most 12 (ERA 1996 s.86)."""
    years = np.asarray(service_months) // 12
    return np.where(years >= 2, np.minimum(years, 12), np.where(np.asarray(service_months) >= 1, 1, 0))
