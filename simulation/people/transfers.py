"""Transfers: people who follow their work into the customer function. Neither released nor redundant, so counted apart."""

from collections.abc import Mapping

from workforce.section import Workforce

LAYER = "customer_management"
FUNCTION = "customer_experience"


def transfers_fte(section: Workforce, effort: Mapping[tuple[str, str], float]) -> float:
    """FTE of customer management done in other areas than the customer function that would move there with its people.

    `effort` is FTE by (layer, service area). A share of it by assumption: an estimate, before any reduction.
    """
    elsewhere = sum(fte for (layer, area), fte in effort.items() if layer == LAYER and area != FUNCTION)
    return section.transfers.value * elsewhere
