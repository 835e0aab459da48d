"""The summary of a run: the numbers a person or a script reads first. Nothing here knows the business case's outcomes."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.back_office import size
from simulation.council import Council
from simulation.effort import SIMULATED
from simulation.ledger import INTERACTION, TARGET, TODAY
from simulation.precision import FEWEST, distribution, relative_half_width, variance_reduction
from simulation.results import Networks, Results, yearly_by_layer
from simulation.runs import Window
from simulation.scenario import Scenario

if TYPE_CHECKING:
    from simulation.experiment import Settings


def summarise(
    scenario: Scenario,
    council: Council,
    settings: "Settings",
    networks: Networks,
    results: Results,
    tables: dict[str, pd.DataFrame],
    window: Window,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The summary of a run and the notes that go with it."""
    layers = list(council.layers)
    effort = {model: yearly_by_layer(networks, results, window, model) for model in (TODAY, TARGET)}
    rows = _counted(council)
    released = {r: effort[TODAY][r] - effort[TARGET][r] for r in effort[TODAY]}
    moved = [i for i, layer in enumerate(layers) if any(effort[m][r][i] > 0 for m in effort for r in released)]
    summary = {
        "months": window.months,
        "first_month": scenario.calendar.label(window.first),
        "period": _period(scenario, settings, window),
        "contacts_simulated": _attempts(results, TARGET),
        "effort_fte": {
            model: {layers[i]: distribution([by[r][i] for r in sorted(by)]) for i in moved}
            for model, by in effort.items()
        },
        "effort_released_fte": distribution(effort_released(networks, results, window)),
        **_precision(*([float(effort[m][r][rows].sum()) for r in sorted(released)] for m in (TODAY, TARGET))),
        "effort_released_by_layer": {
            layers[i]: distribution([float(released[r][i]) for r in sorted(released)]) for i in rows
        },
        "effort_ledger": _ledger(tables["ledger"], (*council.levers.all, INTERACTION)),
        "sized_fte": {
            name: {"low": layer.released_fte.low, "mid": layer.released_fte.mid, "high": layer.released_fte.high}
            for name, layer in size(council.back_office, _existing(council)).items()
        },
        "demand": {model: _demand(results, model) for model in (TODAY, TARGET)},
        "balance": {model: _balance(results, model) for model in (TODAY, TARGET)},
        "calls": {model: _calls(networks, results, model) for model in (TODAY, TARGET)},
    }
    return summary, _notes(scenario, council)


def effort_released(networks: Networks, results: Results, window: Window) -> list[float]:
    """Effort of today less effort of the target over the simulated layers, FTE by replication."""
    rows = _counted(networks[TODAY].model.council)
    today, target = (yearly_by_layer(networks, results, window, model) for model in (TODAY, TARGET))
    return [float((today[r] - target[r])[rows].sum()) for r in sorted(today)]


def _counted(council: Council) -> list[int]:
    """The places of the layers whose release counts."""
    return [i for i, layer in enumerate(council.layers) if layer in SIMULATED]


def _precision(today: list[float], target: list[float]) -> dict[str, Any]:
    """How sure the effort released is, chance only, and what common random numbers did for it; nothing for one run."""
    if len(today) < 2:
        return {}
    released = [a - b for a, b in zip(today, target, strict=True)]
    found = {"relative_half_width": relative_half_width(released)}
    saved = variance_reduction(today, target) if len(today) >= FEWEST else None
    return {"precision": found if saved is None else {**found, "variance_reduction": saved}}


def _existing(council: Council) -> dict[str, float]:
    return {name: layer.existing_fte.value for name, layer in council.layers.items()}


def _period(scenario: Scenario, settings: "Settings", window: Window) -> str:
    label = scenario.calendar.label
    days = window.discarded_days + window.settling_days
    weeks = days // 7
    before = (
        f"after {weeks} week{' that is' if weeks == 1 else 's that are'} not counted" if days else "from an empty start"
    )
    if window.months == 12:
        runs = f"{settings.replications} replication{'' if settings.replications == 1 else 's'}"
        return f"A full reference year from {label(window.first)}, {before}; {runs}."
    last = label(window.first + window.months - 1)
    span = label(window.first) if window.months == 1 else f"{label(window.first)} to {last}"
    return f"Only {span}, {before}, scaled to a year by the expected pattern of work; a quick look, not the full year."


def _notes(scenario: Scenario, council: Council) -> tuple[str, ...]:
    if scenario.council.calibration is not None and council.calibration == scenario.council.calibration:
        return ()
    return ("the stored calibration does not fit these inputs (or there is none): solved again for this run",)


def _attempts(results: Results, model: str) -> int:
    return sum(m.attempts for (name, _), run in results.items() if name == model for m in run.months)


def _demand(results: Results, model: str) -> dict[str, Any]:
    """Attempts by cause and what became of them, all replications together."""
    months = [m for (name, _), run in sorted(results.items()) if name == model for m in run.months]
    causes = {cause: sum(m.causes[cause] for m in months) for cause in months[0].causes}
    ended = causes["ended"]
    again = causes["repeats"] + causes["chases"]
    return {**causes, "repeat_share": again / ended if ended else 0.0, "needs_unmet": causes["gave_up"]}


def _balance(results: Results, model: str) -> dict[str, Any]:
    """Steps open when the measured months began and when they ended, all replications together.

    `change` is a share of those open before, `of_offered` the same difference as a share of all steps offered meanwhile.
    """
    runs = [run for (name, _), run in sorted(results.items()) if name == model]
    before = sum(run.backlog_before for run in runs)
    after = sum(int(run.months[-1].by_team["backlog"].sum()) for run in runs)
    offered = sum(int(month.by_team["offered"].sum()) for run in runs for month in run.months)
    return {
        "backlog_before": before,
        "backlog_after": after,
        "change": after / before - 1.0 if before else 0.0,
        "of_offered": (after - before) / offered if offered else 0.0,
    }


def _calls(networks: Networks, results: Results, model: str) -> dict[str, Any]:
    """Live contacts offered and abandoned at teams that answer the phone or chat, all replications together."""
    network = networks[model]
    answers = [name for name, step in network.model.steps.items() if step.work and step.work.abandoned_today.value > 0]
    phones = [
        i for i, team in enumerate(network.model.teams.values()) if any(set(t.steps) & set(answers) for t in team.takes)
    ]
    months = [m for (name, _), run in sorted(results.items()) if name == model for m in run.months]
    live = sum(int(m.by_team["live_offered"][phones].sum()) for m in months)
    lost = sum(int(m.by_team["abandoned"][phones].sum()) for m in months)
    return {"offered": live, "abandoned": lost, "abandoned_share": lost / live if live else 0.0}


def _ledger(table: pd.DataFrame, bars: tuple[str, ...]) -> dict[str, Any]:
    """By lever: FTE released alone and last out over the simulated layers, and the interaction."""
    counted = table[table["layer"].isin(SIMULATED)]
    out: dict[str, Any] = {}
    for lever in (name for name in dict.fromkeys(counted["lever"]) if name in bars):
        rows = (
            counted[counted["lever"] == lever]
            .groupby("replication")[["alone_fte", "last_out_fte", "released_fte"]]
            .sum()
        )
        if lever == INTERACTION:
            out[lever] = {"released_fte": distribution(rows["released_fte"].tolist())}
        else:
            out[lever] = {
                "alone_fte": distribution(rows["alone_fte"].tolist()),
                "last_out_fte": distribution(rows["last_out_fte"].tolist()),
            }
    return out
