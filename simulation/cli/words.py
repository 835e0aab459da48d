"""How the headline writes numbers and names."""

from collections.abc import Mapping
from typing import Any

LAYERS = {
    "pre_front_door": "Pre-front door",
    "customer_management": "Customer management",
    "customer_assessment": "Customer assessment",
    "middle_office": "Middle office",
    "service_delivery": "Service delivery",
    "provision_cycle": "Provision cycle",
    "strategic_capability": "Strategic capability",
    "business_intelligence": "Business intelligence",
    "enabling_support": "Enabling support",
}


def mean(value: Any) -> float:
    """The mean of a distribution, or the number itself."""
    return float(value["mean"] if isinstance(value, Mapping) else value)


def fte(value: Any) -> str:
    """One decimal and no minus before zero; nothing for what was not computed."""
    return "" if value is None else f"{round(mean(value), 1) + 0.0:,.1f}"


def words(name: str) -> str:
    """An identifier as a person writes it."""
    return LAYERS.get(name, name.replace("_", " ").capitalize())
