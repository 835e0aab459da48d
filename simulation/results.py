"""Results as long tables: one row a key, plain numbers, unit in the column name. Pure functions of what was counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from simulation.effort import Effort, effort_of, fixed_shares, front_office, season
from simulation.engines.network import Network
from simulation.ledger import INTERACTION, TARGET, TODAY, alone, without
from simulation.measures import MonthMeasures, wait_quantile
from simulation.rows import TICKS_PER_HOUR, TICKS_PER_MINUTE
from simulation.runs import ModelRun, Window

SHOWN = (TODAY, TARGET)
"""The models that the effort and service tables show; the others serve the ledger."""


Results = Mapping[tuple[str, int], ModelRun]
"""What was counted, by model and replication."""
Networks = Mapping[str, Network]


class EffortBook:
    """The effort of every run, worked out once: today first, since support follows today's front office."""

    def __init__(self, networks: Networks, results: Results) -> None:
        self.networks, self.results = networks, results
        self._of = cache(self._work_out)
        self._fixed_shares = fixed_shares(networks[TODAY])

    def of(self, model: str, replication: int) -> Effort:
        """The effort of one model in one replication."""
        return self._of(model, replication)

    def _work_out(self, model: str, replication: int) -> Effort:
        months = self.results[model, replication].months
        if model == TODAY:
            return effort_of(self.networks[model], months, self._fixed_shares, None)
        today = self.of(TODAY, replication)
        front = front_office(self.networks[TODAY].model.council, today.handled_fte)
        return effort_of(self.networks[model], months, self._fixed_shares, front)


@dataclass(frozen=True)
class Shown:
    """One run as the tables show it: measured months of one model from month number `first` on, and their effort."""

    model: str
    replication: int
    network: Network
    first: int
    months: list[MonthMeasures]
    effort: Effort


def shown(book: EffortBook, window: Window) -> list[Shown]:
    """The runs of today and of the target."""
    keys = [key for key in sorted(book.results) if key[0] in SHOWN]
    return [
        Shown(model, r, book.networks[model], window.first, book.results[model, r].months, book.of(model, r))
        for model, r in keys
    ]


def effort_table(scenario: str, runs: Sequence[Shown]) -> pd.DataFrame:
    """The `effort` table: needs, contacts, steps, hours and FTE by model, replication, layer, area, month."""
    frames = []
    for run in runs:
        council = run.network.model.council
        layers, areas = list(council.layers), list(council.service_areas)
        counted = _counts(run.network, run.months)
        for at in range(len(run.months)):
            frame = pd.DataFrame(
                {
                    "layer": np.repeat(layers, len(areas)),
                    "service_area": np.tile(areas, len(layers)),
                    **{key: values[..., at].reshape(-1) for key, values in counted.items()},
                    "effort_hours": run.effort.hours[..., at].reshape(-1),
                    "effort_fte": run.effort.fte[..., at].reshape(-1),
                    "fixed_fte": run.effort.fixed_fte[..., at].reshape(-1),
                }
            )
            frame.insert(2, "month", run.network.calendar.label(run.first + at))
            frames.append(_keyed(frame, scenario, run))
    table = pd.concat(frames, ignore_index=True)
    return table[(table["contacts"] > 0) | (table["effort_fte"] > 0)].reset_index(drop=True)


def _counts(network: Network, months: list[MonthMeasures]) -> dict[str, np.ndarray]:
    """needs, contacts and steps by layer × area × month."""
    shape = (len(network.model.council.layers), len(network.model.council.service_areas))
    steps = np.stack([m.steps.reshape(*shape, 2).sum(axis=2) for m in months], axis=-1)
    contacts = np.stack([m.contacts.reshape(shape) for m in months], axis=-1)
    needs = np.stack([m.needs.reshape(shape) for m in months], axis=-1)
    return {"needs": needs, "contacts": contacts, "steps": steps}


def service_table(scenario: str, runs: Sequence[Shown]) -> pd.DataFrame:
    """The `service` table: what residents and teams feel, by model, replication, team and month.

    Waits are elapsed minutes for teams that answer live work and working minutes for deferrable steps; in a team that does
    both they are mixed, and the `live` columns give the live part. p90 is read from a histogram with eight cells to a doubling.
    """
    frames = []
    for run in runs:
        for month, counted in enumerate(run.months, run.first):
            t = counted.by_team
            answered = np.where(t["answered"] > 0, t["answered"], np.nan)
            live = np.where(t["live_answered"] > 0, t["live_answered"], np.nan)
            p90 = np.array([wait_quantile(waits, 0.9) for waits in counted.waits])
            frame = pd.DataFrame(
                {
                    "pool": run.network.teams,
                    "month": run.network.calendar.label(month),
                    "offered": t["offered"],
                    "answered": t["answered"],
                    "abandoned": t["abandoned"],
                    "share_in_target": t["in_target"] / answered,
                    "mean_wait_minutes": t["wait_ticks"] / answered / TICKS_PER_MINUTE,
                    "p90_wait_minutes": p90 / TICKS_PER_MINUTE,
                    "backlog": t["backlog"],
                    "occupancy": t["busy_ticks"] / np.where(t["duty_ticks"] > 0, t["duty_ticks"], np.nan),
                    "overtime_hours": t["overtime_ticks"] / TICKS_PER_HOUR,
                    "live_offered": t["live_offered"],
                    "live_share_in_target": t["live_in_target"] / live,
                    "live_mean_wait_minutes": t["live_wait_ticks"] / live / TICKS_PER_MINUTE,
                }
            )
            frames.append(_keyed(frame, scenario, run))
    return pd.concat(frames, ignore_index=True)


def ledger_table(scenario: str, networks: Networks, results: Results, window: Window) -> pd.DataFrame:
    """The `ledger` table in effort, FTE at yearly rate: each lever alone (first in) and last out, by layer.

    The row `interaction` is the total less the sum of the levers alone; `released_fte` of the bars sums to the total. What
    the middle office and support release is in the layer columns of the lever that drags it with it.
    """
    book, rows = EffortBook(networks, results), []
    council = networks[TODAY].model.council
    factor = season(networks[TODAY], window.measured)
    levers = [name for name in council.levers.all if alone(name) in networks]
    for replication in sorted({replication for _, replication in results}):
        effort = {name: _by_layer(book.of(name, replication)) * factor for name in networks}
        total = effort[TODAY] - effort[TARGET]
        each = {lever: effort[TODAY] - effort[alone(lever)] for lever in levers}
        last = {lever: effort[without(lever)] - effort[TARGET] for lever in levers}
        rest = total - sum(each.values(), np.zeros_like(total))
        for at, layer in enumerate(council.layers):
            for lever in levers:
                rows.append((replication, lever, layer, each[lever][at], last[lever][at], each[lever][at]))
            rows.append((replication, INTERACTION, layer, np.nan, np.nan, rest[at]))
    columns = ["replication", "lever", "layer", "alone_fte", "last_out_fte", "released_fte"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.insert(0, "scenario", scenario)
    moved = frame.groupby("layer")["released_fte"].transform(lambda x: bool((x != 0).any())).astype(bool)
    return frame[moved].reset_index(drop=True)


def yearly_by_layer(networks: Networks, results: Results, window: Window, model: str) -> dict[int, np.ndarray]:
    """Effort of a model by replication: FTE by layer at yearly rate, a part of a year scaled to stand for it."""
    book, factor = EffortBook(networks, results), season(networks[TODAY], window.measured)
    return {r: _by_layer(book.of(m, r)) * factor for m, r in results if m == model}


def _by_layer(effort: Effort) -> np.ndarray:
    return effort.fte.sum(axis=1).mean(axis=1)


def _keyed(frame: pd.DataFrame, scenario: str, run: Shown) -> pd.DataFrame:
    frame.insert(0, "scenario", scenario)
    frame.insert(1, "model", run.model)
    frame.insert(2, "replication", run.replication)
    return frame
