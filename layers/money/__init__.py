"""Money as data: prices, costs, funds, savings that are not people, the need. The `money` section of a scenario."""

from layers.money.prices import Prices, PriceSet, price_set
from layers.money.section import Money

__all__ = ["Money", "PriceSet", "Prices", "price_set"]
