"""Capacity in brief: what a person or a script reads first, and the ledger closed so that its bars sum to the release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simulation.capacity.requirement import Requirement, Staffed
from simulation.capacity.unseen import Check
from simulation.council import Council
from simulation.effort import SIMULATED
from simulation.ledger import INTERACTION
from simulation.precision import distribution

QUEUEING = "queueing_and_pooling"
"""The closing bar of the ledger: capacity released less effort released. Teams that merge need fewer people for the same work,
and a team cannot give up the part of a person that its effort falls by."""
SIZED = "sized"


@dataclass(frozen=True)
class Capacity:
    """What the search found: the requirement by replication, and what became of it in replications not seen, by side."""

    requirements: Mapping[int, Requirement]
    unseen: Mapping[str, Sequence[Check]]


def judged_layers(council: Council) -> tuple[str, ...]:
    """The layers whose FTE is sought: those simulated that have a team."""
    staffed = {team.layer for team in council.teams.pools.values()}
    return tuple(layer for layer in council.layers if layer in SIMULATED and layer in staffed)


def closed_ledger(ledger: pd.DataFrame, capacity: pd.DataFrame, council: Council) -> pd.DataFrame:
    """The ledger of effort with the bars that close it to the capacity released: by layer, queueing and pooling, and sized.

    Layers that do not count are left out. Pounds are at what existing staff of the layer cost.
    """
    rows = [ledger[ledger["layer"].isin(capacity["layer"])]]
    effort = ledger.groupby(["replication", "layer"])["released_fte"].sum()
    for key, found in capacity.groupby(["replication", "layer", "basis"], sort=False):
        replication, layer, basis = key
        bar, fte = SIZED, float(found["released_fte"].sum())
        if basis == "simulated":
            bar, fte = QUEUEING, fte - float(effort.get((replication, layer), 0.0))
        row = {"scenario": found["scenario"].iloc[0], "replication": replication, "lever": bar, "layer": layer}
        rows.append(pd.DataFrame([{**row, "released_fte": fte}]))
    table = pd.concat([frame for frame in rows if len(frame)], ignore_index=True)
    cost = {name: layer.pounds_per_fte.value for name, layer in council.layers.items() if layer.pounds_per_fte}
    if cost:
        table["released_pounds"] = table["released_fte"] * table["layer"].map(cost)
    return table


def capacity_summary(tables: Mapping[str, pd.DataFrame], council: Council, found: Capacity) -> dict[str, Any]:
    """The keys that capacity adds to a summary; none without a search."""
    if not found.requirements:
        return {}
    sides = {
        side: _search([getattr(r, side) for _, r in sorted(found.requirements.items())], found.unseen[side])
        for side in ("today", "target")
    }
    busy = tables["staffing"].groupby("model", sort=False)[["load_fte", "required_fte"]].sum()
    occupancy = {str(model): float(row["load_fte"] / row["required_fte"]) for model, row in busy.iterrows()}
    return {**totals(tables, council), "occupancy": occupancy, "service_held": _held(found), "search": sides}


def totals(tables: Mapping[str, pd.DataFrame], council: Council) -> dict[str, Any]:
    """What the capacity and ledger tables add up to: FTE required and released, posts, time returned, the ledger."""
    table = tables["capacity"]
    simulated, layers = table[table["basis"] == "simulated"], [n for n in council.layers if n in set(table["layer"])]
    released = {}
    for name in layers:
        rows = table[table["layer"] == name]
        released[name] = {"basis": str(rows["basis"].iloc[0]), **_sum(rows, "released_fte")}
    columns = {
        "existing": "existing_fte", "today": "required_today_fte", "slack": "slack_fte", "target": "required_fte",
    }  # fmt: skip
    returned = table.assign(returned=table["released_fte"] - table["posts_releasable"])
    return {
        "required_fte": {name: _sum(simulated, column) for name, column in columns.items()},
        "required_by_layer": {
            name: {key: _sum(rows, column) for key, column in columns.items()}
            for name, rows in simulated.groupby("layer", sort=False)
        },
        "released_fte": {
            "total": _sum(table, "released_fte"),
            "by_layer": released,
            "by_basis": {str(basis): _sum(rows, "released_fte") for basis, rows in table.groupby("basis", sort=False)},
        },
        "posts_releasable": _sum(table, "posts_releasable"),
        "posts_by_layer": {name: _sum(table[table["layer"] == name], "posts_releasable") for name in layers},
        "capacity_returned_fte": _sum(returned, "returned"),
        "ledger": ledger_summary(tables["ledger"]),
    }


def _sum(table: pd.DataFrame, column: str) -> dict[str, Any]:
    return distribution(table.groupby("replication")[column].sum().tolist())


def ledger_summary(ledger: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Mean FTE, and pounds where they are known, of every bar; they sum to the capacity released."""
    replications = ledger["replication"].nunique()
    out = {}
    for bar in dict.fromkeys(ledger["lever"]):
        rows = ledger[ledger["lever"] == bar]
        out[str(bar)] = {"fte": float(rows["released_fte"].sum()) / replications}
        if "released_pounds" in rows:
            out[str(bar)]["pounds"] = float(rows["released_pounds"].sum()) / replications
    last = [bar for bar in out if bar in (INTERACTION, QUEUEING, SIZED, "case")]
    return {bar: out[bar] for bar in [*(b for b in out if b not in last), *last]}


def _held(found: Capacity) -> dict[str, Any]:
    """Whether every standard is held on both sides, and the class that comes nearest to its limit in the target."""
    held = all(side.held for r in found.requirements.values() for side in (r.today, r.target))
    worst: dict[str, Any] = {}
    least = np.inf
    for requirement in found.requirements.values():
        standards = requirement.standards
        for measure, today, target, room in standards.room(requirement.target.service):
            if len(room) and np.nanmin(room) < least:
                at = int(np.nanargmin(room))
                least = float(room[at])
                name = f"{standards.classes.layers[at]}: {standards.classes.labels[at]}"
                worst = {"work_class": name, "measure": measure, "today": float(today[at]), "target": float(target[at])}
    tolerance = next(iter(found.requirements.values())).standards.wanted.tolerance.value
    return {"held": held, "tolerance": tolerance, **({"worst": worst} if worst else {})}


def _search(sides: Sequence[Staffed], unseen: Sequence[Check]) -> dict[str, Any]:
    planned = unseen[0].plan_fte
    return {
        "held": all(side.held for side in sides),
        "passes": [side.passes for side in sides],
        "replays": [side.replays for side in sides],
        "guards_broken": sorted({guard for side in sides for guard in side.broken}),
        "plan_fte": planned,
        "unseen_replications": len(unseen),
        "unseen_missed": sorted(
            {name for check in unseen for name, _ in check.missed} | {g for c in unseen for g in c.guards}
        ),
        "unseen_repair_fte": float(np.mean([check.repair_fte for check in unseen])),
        "unseen_repair_share": float(np.mean([check.repair_fte for check in unseen])) / planned if planned else 0.0,
    }
