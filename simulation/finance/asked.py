"""What is asked of the money: whose posts they are, at which prices, in which reading of the case's profile."""

from dataclasses import dataclass

from layers.money import PriceSet
from layers.problems import InputError, Problem
from layers.programme.section import CaseLevel, Reading
from simulation.finance.flow import Basis


@dataclass(frozen=True)
class Asked:
    """What a path of posts is, and how it is to be read.

    `posts`: whose FTE they are; `prices`: which price set is laid on them; `level` and `reading` of the case's profile, for
    the bands; `as_at`: the month (`2018-09`) in which status is told, the plan's first where it is left out.
    Raises InputError for published prices on posts that are not the case's own: they are made from its FTE alone.
    """

    posts: Basis
    prices: PriceSet
    reading: Reading
    level: CaseLevel = "mid"
    as_at: str | None = None

    def __post_init__(self) -> None:
        if self.prices == "published" and self.posts != "case":
            said = (
                f"published prices are for the case's own FTE, and these are {self.posts}: two price sets are not mixed"
            )
            raise InputError([Problem("", None, "money.published_prices", said, expected="the existing prices")])
