"""A number that differs by one attribute of a contact: minutes by demand type, a share by complexity, volumes by channel."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Tag, model_validator

from layers.assumption import Assumption, Factor, Frozen, Grade, Id, Minutes, Share
from layers.problems import Fault, Faults

Attribute = Literal["demand_type", "service_area", "kind", "complexity", "channel"]
ATTRIBUTES: tuple[Attribute, ...] = ("demand_type", "service_area", "kind", "complexity", "channel")


LARGEST = {"share": 1.0, "minutes": 100_000.0}
"""The largest number that a unit allows; minutes beyond that would not fit the engines' whole-number clock."""


class Split(Frozen):
    """Values by one attribute, with one unit, source and grade for all; `otherwise` serves the attribute values not named.

    `low` and `high` give the range of the values they name.
    """

    by: Attribute
    values: dict[Id, float]
    low: dict[Id, float] | None = None
    high: dict[Id, float] | None = None
    otherwise: float | None = None
    unit: str
    source: str | None = None
    grade: Grade | None = None
    note: str | None = None

    @model_validator(mode="after")
    def ranges_hold_values(self) -> Self:
        """Refuse a low above, or a high below, the value it belongs to, and a range of something not named."""
        faults = []
        for end, sign in (("low", 1), ("high", -1)):
            for name, bound in (getattr(self, end) or {}).items():
                if name not in self.values:
                    faults.append(Fault((end, name), "no such value", f"one of {', '.join(self.values)}"))
                elif sign * bound > sign * self.values[name]:
                    faults.append(Fault((end, name), f"{bound:g} does not hold the value {self.values[name]:g}"))
        self._check_bounds(faults)
        if faults:
            raise Faults(faults)
        return self

    def _check_bounds(self, faults: list[Fault]) -> None:
        top = LARGEST.get(self.unit, float("inf"))
        expected = f"between 0 and {top:g}" if self.unit in LARGEST else "0 or more"
        for end in ("values", "low", "high"):
            for name, number in (getattr(self, end) or {}).items():
                if not 0 <= number <= top:
                    faults.append(Fault((end, name), f"{number:g} {self.unit}", expected))
        if self.otherwise is not None and not 0 <= self.otherwise <= top:
            faults.append(Fault(("otherwise",), f"{self.otherwise:g} {self.unit}", expected))

    def at(self, name: str) -> float:
        """The value for one attribute value; raises KeyError where neither it nor `otherwise` is given."""
        if name in self.values:
            return self.values[name]
        if self.otherwise is None:
            raise KeyError(name)
        return self.otherwise

    def shares(self) -> dict[str, float]:
        """The values as shares of their sum (they must not all be 0)."""
        total = sum(self.values.values())
        return {name: value / total for name, value in self.values.items()}


class ShareSplit(Split):
    """Shares (0 to 1) by one attribute."""

    unit: Literal["share"] = "share"


class MinutesSplit(Split):
    """Minutes of staff time by one attribute."""

    unit: Literal["minutes"] = "minutes"


class FactorSplit(Split):
    """Factors (0 or more) by one attribute."""

    unit: Literal["factor"] = "factor"


class CountSplit(Split):
    """Counts a year by one attribute."""

    unit: Literal["per year"] = "per year"


class Weights(Split):
    """Relative sizes by one attribute: only their proportions count. They may not all be 0."""

    unit: str = "weight"

    @model_validator(mode="after")
    def not_all_zero(self) -> Self:
        """Refuse weights that share out nothing."""
        if not sum(self.values.values()) > 0:
            raise Faults([Fault(("values",), "all weights are 0", "at least one above 0")])
        return self


def _one_or_split(given: Any) -> str:
    split = isinstance(given, Split) or (isinstance(given, Mapping) and "by" in given)
    return "split" if split else "one"


ShareBy = Annotated[Annotated[Share, Tag("one")] | Annotated[ShareSplit, Tag("split")], Discriminator(_one_or_split)]
MinutesBy = Annotated[
    Annotated[Minutes, Tag("one")] | Annotated[MinutesSplit, Tag("split")], Discriminator(_one_or_split)
]
FactorBy = Annotated[Annotated[Factor, Tag("one")] | Annotated[FactorSplit, Tag("split")], Discriminator(_one_or_split)]
Number = Annotated[Annotated[Assumption, Tag("one")] | Annotated[Split, Tag("split")], Discriminator(_one_or_split)]
"""A number or a split in any unit; the unit must be written."""
NumberBy = Assumption | Split
"""What the types above hold once read."""
