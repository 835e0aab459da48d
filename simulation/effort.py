"""Effort: staffed minutes as FTE by layer, service area and month, from what was counted. Rules of `model` arithmetic only.

One FTE of effort is productive hours × planned occupancy of work (live work keeps people waiting, so it takes more of them).
Work that does not follow contacts one by one is added as its own part: front-office support and quality assurance, the fixed
middle office, planned service delivery.
"""

from dataclasses import dataclass

import numpy as np

from layers.splits import Attribute
from simulation.council import Council
from simulation.engines.network import Network
from simulation.establishment import minutes_per_fte, step_fte
from simulation.measures import MonthMeasures
from simulation.operating_model import FRONT_OFFICE
from simulation.rows import TICKS_PER_MINUTE

FLOAT = np.ndarray
MONTHS = 12
SIMULATED = (*FRONT_OFFICE, "middle_office")
"""Layers whose release is simulated. Service delivery is simulated too, but no lever touches it and none of it counts."""


@dataclass(frozen=True)
class Effort:
    """Effort of one run by layer × service area × month. `handled_fte` follows contacts; `fixed_fte` does not.

    FTE are at yearly rate: the mean over twelve months is the year's effort. `hours` are hours of work.
    """

    hours: FLOAT
    handled_fte: FLOAT
    fixed_fte: FLOAT

    @property
    def fte(self) -> FLOAT:
        """All effort, FTE by layer × area × month."""
        return self.handled_fte + self.fixed_fte


def effort_of(
    network: Network, months: list[MonthMeasures], fixed_shares: FLOAT, front_office_today: float | None
) -> Effort:
    """The effort of a run. `fixed_shares`: how each layer's fixed effort falls on areas (layer × area).

    `front_office_today`: mean handled front-office FTE of today's run on the same contacts, by which support follows; None
    for today itself.
    """
    council = network.model.council
    ticks = np.stack([m.effort_ticks for m in months], axis=-1).astype(float)
    ticks = ticks.reshape(len(council.layers), len(council.service_areas), 2, len(months))
    minutes = ticks / TICKS_PER_MINUTE
    rates = np.array([minutes_per_fte(council.teams, live=False), minutes_per_fte(council.teams, live=True)]) / MONTHS
    handled = minutes[:, :, 0] / rates[0] + minutes[:, :, 1] / rates[1]
    change = 1.0
    if front_office_today:
        change = front_office(council, handled) / front_office_today
    by_layer = np.array(list(fixed_by_layer(council, change).values()))
    fixed = np.repeat((by_layer[:, None] * fixed_shares)[:, :, None], len(months), axis=2)
    return Effort(minutes.sum(axis=2) / 60.0, handled, fixed)


def front_office(council: Council, handled: FLOAT) -> float:
    """Mean handled FTE of customer management and assessment."""
    rows = [i for i, layer in enumerate(council.layers) if layer in FRONT_OFFICE]
    return float(handled[rows].sum(axis=(0, 1)).mean())


def fixed_by_layer(council: Council, change: float) -> dict[str, float]:
    """Effort that no contact carries, by layer, when front-office effort is `change` times today's, FTE."""
    follow, out = council.follow_on, {}
    for layer, baseline in council.layers.items():
        support = baseline.fixed_support_fte.value if baseline.fixed_support_fte else 0.0
        fixed = support * (1.0 - follow.support_follows.value * (1.0 - change))
        if layer == "middle_office":
            fixed += baseline.existing_fte.value * (1.0 - follow.middle_office_elasticity.value)
        if layer == "service_delivery":
            fixed += baseline.existing_fte.value * (1.0 - follow.contact_driven_delivery.value)
        out[layer] = fixed if baseline.basis != "sized" else 0.0
    return out


def fixed_shares(today: Network) -> FLOAT:
    """How the fixed effort of each layer is shared out over areas: as today's expected handled effort (layer × area)."""
    shares = _expected(today, "service_area", len(today.model.council.service_areas))
    totals = shares.sum(axis=1, keepdims=True)
    even = np.full_like(shares, 1.0 / shares.shape[1])
    return np.where(totals > 0, shares / np.where(totals > 0, totals, 1.0), even)


def _expected(network: Network, by: Attribute, count: int) -> FLOAT:
    """Expected effort of a year by layer and one attribute of the contact, FTE."""
    layers, column = list(network.model.council.layers), network.model.classes.columns[by]
    effort = np.zeros((len(layers), count))
    for step, fte in step_fte(network.model, network.flows).items():
        effort[layers.index(network.model.steps[step].layer)] += np.bincount(column, weights=fte, minlength=count)
    return effort


def season(network: Network, months: range) -> FLOAT:
    """By layer: expected effort of a year ÷ expected effort of these months at yearly rate; 1 for a whole year.

    What a part of a year has to be multiplied by to stand for the year.
    """
    model = network.model
    if len(months) % MONTHS == 0:
        return np.ones(len(model.council.layers))
    effort = _expected(network, "demand_type", len(model.classes.demand_types))
    weight = np.array([_share_of_year(network, name, months) for name in model.classes.demand_types])
    part = effort @ weight * MONTHS / len(months)
    return np.where(part > 0, effort.sum(axis=1) / np.where(part > 0, part, 1.0), 1.0)


def _share_of_year(network: Network, demand_type: str, months: range) -> float:
    """The share of a year's contacts of a type that arrive in these months."""
    profile = network.model.council.demand.profiles[network.model.council.demand.types[demand_type].profile]
    days = [d for m in months for d in range(network.calendar.first_day(m), network.calendar.first_day(m + 1))]
    return network.arrivals.share_of_year(profile, days)
