"""A plan as long tables: where posts stand, what residents feel, and the runs that the tables of effort and service show."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simulation.capacity.work_classes import PACE, URGENCY
from simulation.effort import SIMULATED, Effort, effort_of, fixed_shares, front_office
from simulation.engines.network import Network
from simulation.ledger import TODAY
from simulation.measures import MonthMeasures
from simulation.operating_model import OperatingModel
from simulation.plan.stages import Stages
from simulation.plan.transition import PLAN, Transition
from simulation.results import Shown, effort_table, service_table
from simulation.rows import TICKS_PER_MINUTE

Transitions = Mapping[int, Transition]
"""Transitions by replication."""


Tables = dict[str, pd.DataFrame]


def with_plan(tables: Tables, scenario: str, today: Network, stages: Stages, found: Transitions) -> Tables:
    """The tables with the plan's own, and with its months, beside today's, in those of effort and service.

    Today's months that are there already stay as they are: on the same contacts they are the same.
    """
    runs = shown_plan(found, today, stages)
    more = {"effort": effort_table(scenario, runs), "service": service_table(scenario, runs)}
    joined = {}
    for name, rows in more.items():
        known = set(tables[name].loc[tables[name]["model"] == TODAY, "month"])
        new = rows[(rows["model"] == PLAN) | ~rows["month"].isin(known)]
        joined[name] = pd.concat([tables[name], new], ignore_index=True)
        joined[name] = joined[name].sort_values(["model", "replication", "month"], kind="stable", ignore_index=True)
    return {
        **tables,
        **joined,
        "transition": transition_table(scenario, found, stages),
        "residents": residents_table(scenario, runs),
    }


def shown_plan(found: Transitions, today: Network, stages: Stages) -> list[Shown]:
    """Both models of every transition as the tables of effort and service show them.

    Support follows the front office month by month.
    """
    council = today.model.council
    teams = today.remodelled(OperatingModel(council, PLAN, council.levers.target, stages.stage(0)))
    shares, runs = fixed_shares(today), []
    for replication, transition in sorted(found.items()):
        first, effort = transition.first, effort_of(today, transition.today.months, shares, None)
        fronts = [front_office(council, effort.handled_fte[..., [at]]) for at in range(len(transition.months))]
        each = [
            effort_of(teams, [month], shares, front)
            for month, front in zip(transition.plan.months, fronts, strict=True)
        ]
        planned = Effort(*(np.concatenate([getattr(e, name) for e in each], axis=2) for name in EFFORT))
        runs.append(Shown(TODAY, replication, today, first, transition.today.months, effort))
        runs.append(Shown(PLAN, replication, teams, first, transition.plan.months, planned))
    return sorted(runs, key=lambda run: (run.model, run.replication))


EFFORT = ("hours", "handled_fte", "fixed_fte")


def transition_table(scenario: str, found: Transitions, stages: Stages) -> pd.DataFrame:
    """The `transition` table: FTE by replication, release, layer, service area and month, for what the plan releases.

    `due_fte` the plan wants gone by then, `earned_fte` the levers in force allow, `gone_fte` are gone, `at_risk_fte` are proposed
    and not gone, `deferred_fte` are due and not gone.
    """
    council, releases = stages.council, stages.releases()
    layers, areas = np.meshgrid(list(council.layers), list(council.service_areas), indexing="ij")
    frames = []
    for replication, transition in sorted(found.items()):
        capacity = transition.capacity
        moves = (np.abs(capacity.released) > 1e-9) & (releases != "")
        for at, month in enumerate(transition.months):
            columns = {
                "due_fte": month.due,
                "earned_fte": month.earned * capacity.released,
                "gone_fte": month.gone,
                "at_risk_fte": month.at_risk,
                "deferred_fte": np.clip(month.due - month.gone, 0.0, None) * (capacity.released > 0),
            }
            key = {
                "scenario": scenario, "replication": replication, "release": releases[moves], "layer": layers[moves],
                "service_area": areas[moves], "month": stages.calendar.label(transition.first + at),
            }  # fmt: skip
            frames.append(pd.DataFrame({**key, **{name: values[moves] for name, values in columns.items()}}))
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["replication", "release", "layer", "service_area", "month"], ignore_index=True)


def residents_table(scenario: str, runs: list[Shown]) -> pd.DataFrame:
    """The `residents` table: what each class of work met, by model, replication, layer and month.

    Steps that began or were given up in the month; waits are elapsed minutes of live and working minutes of written work.
    """
    frames = []
    for run in runs:
        council = run.network.model.council
        layers, types = list(council.layers), run.network.model.classes.demand_types
        place = np.array(
            [(i, j, k, u) for i in range(len(layers)) for j in range(len(types)) for k in (0, 1) for u in (0, 1)]
        )
        labels = np.array([f"{types[j]} {PACE[k]}{URGENCY[u]}" for _, j, k, u in place])
        of_layer = np.array(layers)[place[:, 0]]
        for at, month in enumerate(run.months):
            frame = pd.DataFrame(
                {
                    "scenario": scenario, "model": run.model, "replication": run.replication, "layer": of_layer,
                    "work_class": labels, "month": run.network.calendar.label(run.first + at), **_felt(month),
                }
            )  # fmt: skip
            frames.append(frame[(frame["steps"] > 0) & frame["layer"].isin(SIMULATED)])
    return pd.concat(frames, ignore_index=True)


def _felt(month: MonthMeasures) -> dict[str, np.ndarray]:
    by = month.by_class
    steps = by["answered"] + by["abandoned"]
    judged, begun = np.where(steps > 0, steps, np.nan), np.where(by["answered"] > 0, by["answered"], np.nan)
    return {
        "steps": steps,
        "late": steps - by["in_target"] - by["abandoned"],
        "share_in_target": by["in_target"] / judged,
        "share_abandoned": by["abandoned"] / judged,
        "needs_unmet": by["gave_up"],
        "mean_wait_minutes": by["wait_ticks"] / begun / TICKS_PER_MINUTE,
    }


def reductions(transition: pd.DataFrame) -> pd.DataFrame:
    """What goes in each month, FTE, by replication, release, layer, service area and month; below 0 where work moves to.

    Months in which nothing goes have no row.
    """
    key = ["replication", "release", "layer", "service_area"]
    table = transition.sort_values([*key, "month"], ignore_index=True)
    before = table.groupby(key)["gone_fte"].shift(fill_value=0.0)
    table["reduction_fte"] = table["gone_fte"] - before
    return table.loc[table["reduction_fte"].abs() > 1e-12, [*key, "month", "reduction_fte"]].reset_index(drop=True)


def by_effect(reduced: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Reductions parted by what they are to a budget: posts, which are a `budget_reduction`, and time returned, `capacity`.

    Of each layer's reductions the share is posts that the capacity released of the layer has; posts that are filled count whole.
    """
    sums = capacity.groupby("layer")[["posts_releasable", "released_fte"]].sum()
    share = (sums["posts_releasable"] / sums["released_fte"].where(sums["released_fte"] > 0)).fillna(1.0).clip(0.0, 1.0)
    posts = reduced["layer"].map(share).where(reduced["reduction_fte"] > 0, 1.0)
    parts = [
        reduced.assign(reduction_fte=reduced["reduction_fte"] * part, effect=effect)
        for effect, part in (("budget_reduction", posts), ("capacity", 1.0 - posts))
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows[rows["reduction_fte"] != 0.0].reset_index(drop=True)
