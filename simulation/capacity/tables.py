"""Capacity as long tables: what each layer and area needs and releases, how each class of work is served, why each team needs
what it needs. Pure functions of what the search found.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from layers.back_office import size
from layers.cashability import posts
from simulation.by_area import fte_by_area
from simulation.capacity.requirement import Requirement, Staffed
from simulation.capacity.standards import (
    ABANDONED,
    ANSWERED,
    GAVE_UP,
    WAIT_TICKS,
    Service,
    abandoned,
    in_target,
    judged_steps,
)
from simulation.engines.network import Network
from simulation.ledger import TARGET, TODAY
from simulation.results import EffortBook, Networks
from simulation.rows import TICKS_PER_MINUTE

Requirements = Mapping[int, Requirement]
ALL_AREAS = "all"
"""The service area of what is known for a whole layer only."""
RUN_RATE = "run_rate"
EXISTING, REQUIRED = "existing", "required"


def capacity_table(scenario: str, networks: Networks, found: Requirements, book: EffortBook) -> pd.DataFrame:
    """The `capacity` table: FTE by replication, layer and service area, at yearly rate.

    Team FTE falls on areas as the team's expected work does; effort that no contact carries is added as it is. Sized layers have
    one row for the council.
    """
    council = networks[TODAY].model.council
    layers, areas = list(council.layers), list(council.service_areas)
    frames = []
    for replication, requirement in sorted(found.items()):
        judged = [layers.index(name) for name in requirement.standards.classes.layer_names]
        fixed = {side: book.of(side, replication).fixed_fte.mean(axis=2) for side in (TODAY, TARGET)}
        existing = (
            fte_by_area(networks[TODAY], {n: t.existing_fte for n, t in requirement.today.teams.items()}) + fixed[TODAY]
        )
        today = fte_by_area(networks[TODAY], _fte(requirement.today)) + fixed[TODAY]
        target = fte_by_area(networks[TARGET], _fte(requirement.target)) + fixed[TARGET]
        released = today - target
        for at in judged:
            by_layer = float(released[at].sum())
            releasable = posts(council.cashability, {layers[at]: by_layer})[layers[at]].releasable_fte
            part = released[at] / by_layer if by_layer > 0 else np.zeros(len(areas))
            frame = {
                "layer": layers[at], "service_area": areas, "basis": "simulated", "existing_fte": existing[at],
                "required_today_fte": today[at], "slack_fte": existing[at] - today[at], "required_fte": target[at],
                "released_fte": released[at], "posts_releasable": releasable * part,
            }  # fmt: skip
            frames.append(_keyed(pd.DataFrame(frame), scenario, replication))
        frames.append(_keyed(_sized(networks[TODAY]), scenario, replication))
    table = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    table.insert(4, "financial_year", RUN_RATE)
    return table[(table["existing_fte"] > 0) | (table["required_fte"] > 0)].reset_index(drop=True)


def _sized(network: Network) -> pd.DataFrame:
    """The back-office layers, at the middle of what benchmarks give; their figures are in posts already.

    Nothing changes in them where the target has no lever.
    """
    council = network.model.council
    existing = {name: layer.existing_fte.value for name, layer in council.layers.items()}
    rows = []
    for name, layer in size(council.back_office, existing).items():
        released = layer.released_fte.mid if council.levers.target else 0.0
        kept = layer.existing_fte - released
        rows.append((name, ALL_AREAS, "sized", layer.existing_fte, layer.existing_fte, 0.0, kept, released, released))
    return pd.DataFrame(rows, columns=CAPACITY)


CAPACITY = ["layer", "service_area", "basis", "existing_fte", "required_today_fte", "slack_fte", "required_fte",
            "released_fte", "posts_releasable"]  # fmt: skip


def _fte(side: Staffed) -> dict[str, float]:
    return {name: team.required_fte for name, team in side.teams.items()}


def standards_table(scenario: str, found: Requirements) -> pd.DataFrame:
    """The `standards` table: how each class of work is served today with today's people, and on both sides with the least."""
    frames = []
    for replication, requirement in sorted(found.items()):
        standards = requirement.standards
        sides: Sequence[tuple[str, str, Service]] = (
            (TODAY, EXISTING, standards.today),
            (TODAY, REQUIRED, requirement.today.service),
            (TARGET, REQUIRED, requirement.target.service),
        )
        for model, staffing, service in sides:
            counts = service.counts
            begun = np.where(counts[ANSWERED] > 0, counts[ANSWERED], np.nan)
            frame = pd.DataFrame(
                {
                    "scenario": scenario, "model": model, "staffing": staffing, "replication": replication,
                    "layer": standards.classes.layers, "work_class": standards.classes.labels,
                    "steps": judged_steps(counts),
                    "share_in_target": in_target(counts), "asked_share_in_target": standards.at_least,
                    "share_abandoned": np.where(standards.classes.live, abandoned(counts), np.nan),
                    "allowed_share_abandoned": np.where(standards.classes.live, standards.at_most, np.nan),
                    "abandoned": counts[ABANDONED], "needs_unmet": counts[GAVE_UP],
                    "mean_wait_minutes": counts[WAIT_TICKS] / begun / TICKS_PER_MINUTE,
                    "held": (standards.short(counts)[: standards.classes.count] <= 0).astype(int),
                }
            )  # fmt: skip
            frames.append(frame[(frame["steps"] > 0) | (frame["staffing"] == EXISTING)])
    return pd.concat(frames, ignore_index=True)


def staffing_table(scenario: str, networks: Networks, found: Requirements) -> pd.DataFrame:
    """The `staffing` table: FTE by team, and why: its load, how busy it is, what one tenth of an FTE less would fail."""
    rows = []
    for replication, requirement in sorted(found.items()):
        for model, side in ((TODAY, requirement.today), (TARGET, requirement.target)):
            network = networks[model]
            for name, team in side.teams.items():
                month = network.calendar.label(team.month) if team.month is not None else ""
                layer = network.model.teams[name].layer
                rows.append(
                    (scenario, model, replication, name, layer, team.existing_fte, team.required_fte, team.load_fte,
                     team.occupancy, team.binding, month)
                )  # fmt: skip
    return pd.DataFrame(rows, columns=STAFFING)


STAFFING = ["scenario", "model", "replication", "pool", "layer", "existing_fte", "required_fte", "load_fte", "occupancy",
            "binding_standard", "binding_month"]  # fmt: skip


def _keyed(frame: pd.DataFrame, scenario: str, replication: int) -> pd.DataFrame:
    frame.insert(0, "scenario", scenario)
    frame.insert(1, "replication", replication)
    return frame
