"""The kinds of assumption that the `workforce` section holds: an assumption with its unit and bounds."""

from typing import Annotated, Self

from pydantic import model_validator

from layers.assumption import Assumption, Frozen, Grade, Id, Quantity, Share
from layers.problems import Fault, Faults

__all__ = [
    "Heads",
    "Mix",
    "Months",
    "Multiple",
    "PoundsAYear",
    "PoundsEach",
    "Share",
    "ShareAYear",
    "VacantShare",
    "Weeks",
    "Years",
]

Months = Annotated[Assumption, Quantity("months", ge=0, le=120)]
Years = Annotated[Assumption, Quantity("years", ge=0, le=120)]
Weeks = Annotated[Assumption, Quantity("weeks", ge=0, le=104)]
ShareAYear = Annotated[Assumption, Quantity("share a year", ge=0, le=0.95)]
VacantShare = Annotated[Assumption, Quantity("share", ge=0, le=0.9)]
Heads = Annotated[Assumption, Quantity("heads", ge=0)]
PoundsAYear = Annotated[Assumption, Quantity("£ a year", ge=0)]
PoundsEach = Annotated[Assumption, Quantity("£ each", ge=0)]
Multiple = Annotated[Assumption, Quantity("factor", ge=0, le=10)]


class Mix(Frozen):
    """Weights by name, of which only the proportions count, with one source and grade for all."""

    values: dict[Id, float]
    source: str | None = None
    grade: Grade | None = None
    note: str | None = None

    @model_validator(mode="after")
    def shares_something_out(self) -> Self:
        """Refuse weights below 0 or all 0."""
        if min(self.values.values(), default=0) < 0 or not sum(self.values.values()) > 0:
            raise Faults([Fault(("values",), "weights must be 0 or more and not all 0", "at least one above 0")])
        return self

    def shares(self) -> dict[str, float]:
        """The weights as shares of their sum."""
        total = sum(self.values.values())
        return {name: weight / total for name, weight in self.values.items()}
