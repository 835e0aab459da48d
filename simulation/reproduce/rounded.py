"""Rounded figures: a value with the range that its last printed digit leaves open, carried through arithmetic."""

from dataclasses import dataclass
from typing import Union

from layers.published import PublishedCell

Number = Union["Rounded", float]


@dataclass(frozen=True)
class Rounded:
    """A value and the lowest and highest it may be before rounding; for an exact number all three are the same."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, number: Number) -> "Rounded":
        """An exact number as it is, or a rounded one unchanged."""
        return number if isinstance(number, Rounded) else cls(number, number, number)

    @classmethod
    def printed(cls, cell: PublishedCell) -> "Rounded":
        """A published figure: half its last printed digit either way."""
        half = cell.step / 2
        return cls(cell.value, cell.value - half, cell.value + half)

    @property
    def exact(self) -> bool:
        """Whether no rounding is carried."""
        return self.low == self.high

    def __add__(self, other: Number) -> "Rounded":
        o = Rounded.of(other)
        return Rounded(self.value + o.value, self.low + o.low, self.high + o.high)

    __radd__ = __add__

    def __sub__(self, other: Number) -> "Rounded":
        o = Rounded.of(other)
        return Rounded(self.value - o.value, self.low - o.high, self.high - o.low)

    def __mul__(self, other: Number) -> "Rounded":
        o = Rounded.of(other)
        ends = [a * b for a in (self.low, self.high) for b in (o.low, o.high)]
        return Rounded(self.value * o.value, min(ends), max(ends))

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> "Rounded":
        """Divide; the divisor's range must be above 0."""
        o = Rounded.of(other)
        return self * Rounded(1 / o.value, 1 / o.high, 1 / o.low)

    def prints_as(self, value: float, step: float) -> bool:
        """Whether some number in the range rounds to `value` at a last digit of `step` (a tie may go either way)."""
        return self.low - step / 2 - 1e-9 <= value <= self.high + step / 2 + 1e-9
