"""What is to be saved: bands that are not people, the need of the existing plan, and the three options of Cabinet."""

from typing import Annotated, Self

from pydantic import model_validator

from layers.assumption import Assumption, Frozen, Id, Quantity, Share
from layers.money.costs import Rise
from layers.money.years import FinancialYear
from layers.problems import Fault, Faults

SumAYear = Annotated[Assumption, Quantity("£ per year", ge=0)]


class Band(Frozen):
    """A saving that is not people's time: third-party spend, income. The case's own flat steps; nothing simulates it.

    `pounds` is what it is worth a year in the end, low to high; `steps` are the weights of the years in which it comes.
    """

    label: str
    pounds: SumAYear
    steps: dict[FinancialYear, float]
    rises_with: Rise | None = None

    @model_validator(mode="after")
    def comes_in_some_year(self) -> Self:
        """Refuse steps below 0, and steps that bring nothing."""
        faults = [
            Fault(("steps", year), f"{step:g} is below 0", "0 or more") for year, step in self.steps.items() if step < 0
        ]
        if not faults and sum(self.steps.values()) <= 0:
            faults = [Fault(("steps",), "bring nothing", "weights that add up to more than 0")]
        if faults:
            raise Faults(faults)
        return self


class Need(Frozen):
    """What the medium-term plan already counts on.

    `parts` add up to the sum that transformation must bring; its profile by year is not published. `by_year` is the phased
    need of directorates, on another basis and of another sum: both are covered apart, never added.
    """

    parts: dict[Id, SumAYear]
    by_year: dict[FinancialYear, SumAYear]

    @property
    def pounds(self) -> float:
        """What transformation must bring in all, £ a year."""
        return sum(part.value for part in self.parts.values())


class Option(Frozen):
    """One option for change. Without `programme` nothing is built, saved or spent: the need is still to be found.

    `saves_at_most` stops the savings there; of the one-off costs, the share `costs_that_follow` shrinks with them.
    """

    label: str
    programme: bool = True
    saves_at_most: SumAYear | None = None
    costs_that_follow: Share | None = None
