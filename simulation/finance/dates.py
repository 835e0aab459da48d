"""The dates of a plan that money hangs on: when a release spends, and when its saving is in the budget."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layers.money.years import MONTHS_A_YEAR
from layers.programme.plan import Plan

APRIL = 4


@dataclass(frozen=True)
class ReleaseDates:
    """One release that is delivered, in months counted from April of year 0 (negative: before it).

    It is constructed from `constructed_from` up to but not including `goes_live`; Cabinet signs it off in `signed_off`, and
    Council sets a budget once a year in `budget_month` (2 is February).
    """

    release: str
    constructed_from: int
    goes_live: int
    signed_off: int
    budget_month: int = 2

    @property
    def construct_months(self) -> int:
        """Months of construction."""
        return self.goes_live - self.constructed_from

    @property
    def budgeted_from(self) -> int:
        """The first month whose budget can count on the saving: the April after the first budget since sign-off.

        Signed off in February it is in the base of that April; a month later it waits for the next year's.
        """
        waits = (self.budget_month - APRIL - self.signed_off) % MONTHS_A_YEAR
        decided = self.signed_off + waits
        return decided + (APRIL - self.budget_month) % MONTHS_A_YEAR

    def later(self, months: int) -> "ReleaseDates":
        """The same release so many months later."""
        return replace(
            self,
            constructed_from=self.constructed_from + months,
            goes_live=self.goes_live + months,
            signed_off=self.signed_off + months,
        )


def dates_of(plan: Plan) -> tuple[ReleaseDates, ...]:
    """The dates of every release that a plan delivers, by go-live; the plan must begin in April."""
    found = (
        ReleaseDates(
            release=name,
            constructed_from=plan.construct(name).start,
            goes_live=month,
            signed_off=plan.sign_off(name),
            budget_month=plan.programme.calendar.budget_month,
        )
        for name, month in plan.release_months.items()
        if plan.delivers(name)
    )
    return tuple(sorted(found, key=lambda dates: (dates.goes_live, dates.release)))


def programme_months(dates: Sequence[ReleaseDates]) -> int:
    """Months from the first construction to the last go-live: what is paid by the month is paid for so long."""
    if not dates:
        return 0
    return max(d.goes_live for d in dates) - min(d.constructed_from for d in dates)
