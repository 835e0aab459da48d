"""The kinds of assumption that the `workforce` section holds: an assumption with its unit and bounds."""

from typing import Annotated

from layers.assumption import Assumption, Frozen, Grade, Id, Quantity, Share

__all__ = ["Heads", "Mix", "Months", "Multiple", "PoundsAYear", "PoundsEach", "Share", "ShareAYear", "Weeks", "Years"]

Months = Annotated[Assumption, Quantity("months", ge=0, le=120)]
Years = Annotated[Assumption, Quantity("years", ge=0, le=120)]
Weeks = Annotated[Assumption, Quantity("weeks", ge=0, le=104)]
ShareAYear = Annotated[Assumption, Quantity("share a year", ge=0, le=0.95)]
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

    def shares(self) -> dict[str, float]:
        """The weights as shares of their sum."""
        total = sum(self.values.values())
        return {name: weight / total for name, weight in self.values.items()}
