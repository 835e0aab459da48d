"""What the programme costs: lines of cost, what makes each of them move, and the funds that pay.

A line's `pounds` are what the paper prints for the plan it was written for, and `covers` how many releases or months that
plan had. Another plan pays for its own releases and months at the same rate:

- `fixed`: by financial year as printed, whatever the plan;
- `per_release`: so much a release, moved with the release;
- `per_month`: so much a month from the first month of construction to the last go-live, shared by the releases equally;
- `recurring`: so much a year from `from_year` on.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from layers.assumption import Assumption, Frozen, Id, Quantity
from layers.money.years import FinancialYear
from layers.problems import Fault, Faults

Sum = Annotated[Assumption, Quantity("£", ge=0)]
Driver = Literal["fixed", "per_release", "per_month", "recurring"]
Rise = Literal["pay", "contracts", "income"]
"""Which inflation a line follows in the cash view; a line without one stays at its price."""
BELONGS: Mapping[str, tuple[str, ...]] = {
    "fixed": ("by_year",),
    "per_release": ("covers", "after_go_live"),
    "per_month": ("covers", "after_go_live"),
    "recurring": ("from_year",),
}
NEEDED: Mapping[str, str] = {
    "fixed": "by_year",
    "per_release": "covers",
    "per_month": "covers",
    "recurring": "from_year",
}


class Fund(Frozen):
    """Where money comes from, and how much there is in all; without `available` it has no limit of its own."""

    label: str
    available: Sum | None = None


class CostLine(Frozen):
    """One line of cost; `fund` names who pays. `in_case` says whether the business case counts it in its £17.9m.

    Without `after_go_live` a release's part falls evenly on its months of construction; with it, its weights fall on the
    first, second … twelve months after go-live, evenly within each.
    """

    label: str
    driver: Driver
    pounds: Sum
    fund: Id
    covers: int | None = Field(default=None, ge=1)
    by_year: dict[FinancialYear, float] | None = None
    after_go_live: tuple[float, ...] | None = None
    from_year: FinancialYear | None = None
    rises_with: Rise | None = None
    in_case: bool = True

    @model_validator(mode="after")
    def says_what_its_driver_needs(self) -> Self:
        """Refuse a field that its driver does not use, one that it lacks, and weights that spread nothing."""
        faults = []
        for field in ("by_year", "covers", "after_go_live", "from_year"):
            if getattr(self, field) is not None and field not in BELONGS[self.driver]:
                faults.append(Fault((field,), f"a {self.driver} cost does not use it"))
        if getattr(self, NEEDED[self.driver]) is None:
            faults.append(Fault((NEEDED[self.driver],), f"a {self.driver} cost needs it"))
        for field, weights in (("by_year", self.by_year), ("after_go_live", self.after_go_live)):
            faults += _weight_faults(field, weights)
        if faults:
            raise Faults(faults)
        return self

    @property
    def one_off(self) -> bool:
        """Whether it is paid once, not every year."""
        return self.driver != "recurring"


def _weight_faults(field: str, weights: Mapping[str, float] | tuple[float, ...] | None) -> list[Fault]:
    if weights is None:
        return []
    items: list[tuple[str | int, float]] = []
    items += weights.items() if isinstance(weights, Mapping) else enumerate(weights)
    faults = [Fault((field, key), f"{weight:g} is below 0", "0 or more") for key, weight in items if weight < 0]
    if not faults and sum(weight for _, weight in items) <= 0:
        faults.append(Fault((field,), "spreads nothing", "weights that add up to more than 0"))
    return faults
