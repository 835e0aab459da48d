"""Whether the money fits the rest of a council: its layers, the beginning of its plan, the end of the case it asks for."""

from collections.abc import Iterator, Mapping
from typing import Literal

from layers.baselines import LayerBaseline
from layers.money.section import Money
from layers.money.years import month_after
from layers.problems import Fault, closest, one_of

End = Literal["low", "mid", "high"]


def money_faults(
    money: Money, layers: Mapping[str, LayerBaseline], first_month: str, end: End, has_case: bool
) -> list[Fault]:
    """Every fault. `end` of the case's range is asked of the bands; `has_case`: published prices are needed for all layers."""
    return [*_price_faults(money, layers, has_case), *_plan_faults(money, first_month), *_band_faults(money, end)]


def _price_faults(money: Money, layers: Mapping[str, LayerBaseline], has_case: bool) -> Iterator[Fault]:
    for name in money.published_prices:
        if name not in layers:
            yield Fault(
                ("money", "published_prices", name), f"no layer {name!r}", one_of(layers), closest(name, layers)
            )
    for name, layer in layers.items():
        if has_case and layer.existing_fte.value > 0 and name not in money.published_prices:
            said = f"no price for the layer {name!r}, and prices of two sets are not mixed"
            yield Fault(("money", "published_prices"), said, "£ per FTE per year for every layer with effort")


def _plan_faults(money: Money, first_month: str) -> Iterator[Fault]:
    begins = month_after(money.first_year, 0)
    if first_month != begins:
        said = f"year 0 begins in {begins}, and the plan in {first_month}"
        yield Fault(("money", "first_year"), said, "the financial year in whose April the plan begins")


def _band_faults(money: Money, end: End) -> Iterator[Fault]:
    for name, band in money.bands.items():
        if end != "mid" and getattr(band.pounds, end) is None:
            said = f"has no {end} end, and programme.case_level asks for it"
            yield Fault(("money", "bands", name, "pounds"), said, f"a number for {end}")
