"""Calibration: solve today's volumes and minutes so that simulated today handles the published effort by layer.

Only volume × minutes ÷ hours is identified. First contacts are found from the attempts that the council answers today
(repeats are generated, so they are not drawn again); one factor on volumes then meets customer management, one on minutes
meets assessment and delivery, and the middle-office ratio meets the middle office. All of it is exact arithmetic on expected
flows; simulation has to confirm it.
"""

import hashlib
import json
from typing import Any

import numpy as np

from simulation.calibrated import Calibration
from simulation.council import Council
from simulation.establishment import (
    expected,
    first_contact_entries,
    minutes_per_fte,
    step_fte,
    team_effort,
)
from simulation.flows import ExpectedFlows, Flows
from simulation.operating_model import OperatingModel

_NOT_TODAY = {
    "demand": ("growth", "volume_factor"),
    "teams": ("staffing_factor", "roster_follows_demand", "answer_within_seconds", "start_within_working_days"),
    "levers": ("in_target",),
}
_MOST_ROUNDS = 200


def fingerprint(council: Council) -> str:
    """A hash of everything that calibration depends on: what today is, not what is done to it."""
    said = council.model_dump(mode="json", include={"demand", "routes", "teams", "levers", "layers", "service_areas"})
    said["delivery"] = council.follow_on.contact_driven_delivery.value
    said["elasticity"] = council.follow_on.middle_office_elasticity.value
    for section, keys in _NOT_TODAY.items():
        for key in keys:
            said[section].pop(key, None)
    for lever in said["levers"]["all"].values():
        lever.pop("target"), lever.pop("at_most"), lever.pop("falls_with_complexity")
    return hashlib.sha256(json.dumps(_numbers_only(said), sort_keys=True).encode()).hexdigest()[:16]


def _numbers_only(said: Any) -> Any:
    """Leave out ranges, sources and labels: they change no number."""
    if isinstance(said, dict):
        told = ("low", "high", "source", "grade", "note", "label", "ground")
        return {key: _numbers_only(part) for key, part in said.items() if key not in told}
    return [_numbers_only(part) for part in said] if isinstance(said, list) else said


def calibrated(council: Council) -> Council:
    """The council with a calibration that fits it: the stored one if it still does, else a new one."""
    if council.calibration is not None and council.calibration.fingerprint == fingerprint(council):
        return council
    return council.model_copy(update={"calibration": calibrate(council)})


def calibrate(council: Council) -> Calibration:
    """Solve the calibration of a council afresh."""
    plain = council.model_copy(update={"demand": _at_factor_one(council)})
    start = Calibration(
        fingerprint=fingerprint(council),
        first_contacts={},
        volume_factor=1.0,
        minutes_factor={},
        middle_office_ratio=0.0,
        pool_fte={},
        expected_fte={},
    )
    fitted = _with(start, first_contacts=_first_contacts(plain))
    fitted = _with(fitted, volume_factor=_factor(plain, fitted, "customer_management"))
    factors = {layer: _factor(plain, fitted, layer) for layer in ("customer_assessment", "service_delivery")}
    fitted = _with(fitted, minutes_factor={k: v for k, v in factors.items() if k in council.layers})
    fitted = _with(fitted, middle_office_ratio=_drag_ratio(plain, fitted))
    today = OperatingModel.today(plain.model_copy(update={"calibration": fitted}))
    flows = expected(today)
    pools = {name: round(float(fte.sum()), 3) for name, fte in team_effort(today, flows).items()}
    free = {name: fte for name, fte in pools.items() if council.teams.pools[name].fte is None}
    return _with(fitted, pool_fte=free, expected_fte=_by_layer(today, flows))


def _with(calibration: Calibration, **changes: Any) -> Calibration:
    return calibration.model_copy(update=changes)


def _at_factor_one(council: Council) -> Any:
    factor = council.demand.volume_factor.model_copy(update={"value": 1.0})
    return council.demand.model_copy(update={"volume_factor": factor})


def _first_contacts(council: Council) -> dict[str, dict[str, float]]:
    """First contacts a year by type and preferred channel, such that answered attempts are those given."""
    demand = council.demand
    wanted = {name: dict(line.handled.values) for name, line in demand.types.items()}
    model = OperatingModel.today(council)
    solver = ExpectedFlows(model)
    first = {name: {c: 0.7 * n for c, n in line.items()} for name, line in wanted.items()}
    for _ in range(_MOST_ROUNDS):
        answered = _answered(model, solver, first)
        gap = 0.0
        for name, line in wanted.items():
            for channel, count in line.items():
                ratio = count / answered[name, channel] if answered[name, channel] > 0 else 1.0
                first[name][channel] *= ratio
                gap = max(gap, abs(ratio - 1.0) if count else 0.0)
        if gap < 1e-10:
            break
    return {name: {c: round(n, 6) for c, n in line.items()} for name, line in first.items()}


def _answered(
    model: OperatingModel, solver: ExpectedFlows, first: dict[str, dict[str, float]]
) -> dict[tuple[str, str], float]:
    classes = model.classes
    entry = np.zeros(classes.count)
    for name, channels in first.items():
        for channel, count in channels.items():
            entry += count * classes.mix(model.council.demand, name, channel)
    flows = solver.of({"contact": entry})
    answered = sum(
        flows.visits[name] * (1 - solver.lost(name))
        for name, s in model.steps.items()
        if s.work and s.work.handles_contact
    )
    of_type, of_channel = classes.columns["demand_type"], classes.columns["channel"]
    return {
        (t, c): float(np.sum(answered, where=(of_type == i) & (of_channel == j)))
        for i, t in enumerate(classes.demand_types)
        for j, c in enumerate(classes.channels)
    }


def _factor(council: Council, fitted: Calibration, layer: str) -> float:
    """What multiplies a layer's effort so that it meets its published FTE; 1 where there is none to meet."""
    if layer not in council.layers or council.layers[layer].existing_fte.value <= 0:
        return 1.0
    model = OperatingModel.today(council.model_copy(update={"calibration": fitted}))
    now = _by_layer(model, expected(model)).get(layer, 0.0)
    return wanted_fte(council, layer) / now if now > 0 else 1.0


def wanted_fte(council: Council, layer: str) -> float:
    """The effort of a layer that contacts have to make today: existing less what does not follow contacts, FTE."""
    baseline = council.layers[layer]
    fixed = baseline.fixed_support_fte.value if baseline.fixed_support_fte else 0.0
    share = council.follow_on.contact_driven_delivery.value if layer == "service_delivery" else 1.0
    return baseline.existing_fte.value * share - fixed


def _by_layer(model: OperatingModel, flows: Flows) -> dict[str, float]:
    total: dict[str, float] = {}
    for step, fte in step_fte(model, flows).items():
        layer = model.steps[step].layer
        total[layer] = total.get(layer, 0.0) + float(fte.sum())
    return {layer: round(fte, 6) for layer, fte in total.items() if fte}


def _drag_ratio(council: Council, fitted: Calibration) -> float:
    """Middle-office minutes per front-office minute (at elasticity 1) that give the published middle office."""
    if "middle_office" not in council.layers or council.layers["middle_office"].existing_fte.value <= 0:
        return 0.0
    full = council.follow_on.model_copy(
        update={
            "middle_office_elasticity": council.follow_on.middle_office_elasticity.model_copy(update={"value": 1.0})
        }
    )
    trial = council.model_copy(update={"calibration": _with(fitted, middle_office_ratio=1.0), "follow_on": full})
    model = OperatingModel.today(trial)
    flows = ExpectedFlows(model).of(first_contact_entries(model))
    drags = {name: step for name, step in model.steps.items() if step.drag}
    minutes = flows.total_minutes(drags)
    return (
        wanted_fte(council, "middle_office") * minutes_per_fte(council.teams, live=False) / minutes if minutes else 0.0
    )
