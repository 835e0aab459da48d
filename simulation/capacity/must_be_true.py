"""What must be true: how far one lever would have to go beyond its target for so many FTE more, the others as they are.

By exact expected flows, in effort: what queues add is taken as it is. A lever's target is moved towards the most there can be (a
share towards 1 or 0, a factor towards 0), everywhere it acts by the same part of the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from layers.assumption import Assumption
from layers.levers import Lever
from layers.splits import Number, Split
from simulation.council import Council
from simulation.effort import SIMULATED, fixed_by_layer
from simulation.establishment import expected, step_fte
from simulation.operating_model import FRONT_OFFICE, TEAMS, OperatingModel

HALVINGS = 9


@dataclass(frozen=True)
class Reach:
    """One lever moved `part` of the way from its target to the most there can be; `value` where it has a single number.

    `in_range`: whether that lies inside the range of the evidence; None where the target has no range.
    """

    lever: str
    part: float
    value: float | None
    target: float | None
    in_range: bool | None


def expected_release(council: Council) -> float:
    """Effort released over the simulated layers in expectation, FTE, of a calibrated council."""
    handled = {}
    for model in (OperatingModel.today(council), OperatingModel.target(council)):
        by_layer = dict.fromkeys(council.layers, 0.0)
        for step, fte in step_fte(model, expected(model)).items():
            by_layer[model.steps[step].layer] += float(fte.sum())
        handled[model.name] = by_layer
    front = {name: sum(by.get(layer, 0.0) for layer in FRONT_OFFICE) for name, by in handled.items()}
    change = front["target"] / front["today"] if front["today"] else 1.0
    before, after = fixed_by_layer(council, 1.0), fixed_by_layer(council, change)
    return sum(
        handled["today"][layer] + before[layer] - handled["target"][layer] - after[layer]
        for layer in SIMULATED
        if layer in council.layers
    )


def levers_alone(council: Council, more_fte: Mapping[str, float]) -> dict[str, tuple[Reach, ...]]:
    """For each goal (FTE more than expected now), the levers that alone would reach it, those that go the shortest way first."""
    base = expected_release(council)
    most = {name: _released(council, name, 1.0) - base for name in _movable(council)}
    out = {}
    for goal, more in more_fte.items():
        found = [_reach(council, name, base + more) for name, gain in most.items() if 0 < more <= gain]
        out[goal] = tuple(sorted(found, key=lambda reach: (reach.part, reach.lever)))
    return out


def _movable(council: Council) -> list[str]:
    target = council.levers.target
    return [
        name
        for name, lever in council.levers.all.items()
        if name in target and name != TEAMS and lever.target.unit != "teams"
    ]


def _reach(council: Council, name: str, wanted: float) -> Reach:
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        part = (low + high) / 2
        low, high = (low, part) if _released(council, name, part) >= wanted else (part, high)
    lever = council.levers.all[name]
    moved = _moved(lever, high)
    if isinstance(moved, Split) or isinstance(lever.target, Split):
        return Reach(name, high, None, None, None)
    target = lever.target
    ranged = target.low is not None and target.high is not None
    inside = target.low <= moved.value <= target.high if target.low is not None and target.high is not None else None
    return Reach(name, high, moved.value, target.value, inside if ranged else None)


def _released(council: Council, name: str, part: float) -> float:
    levers = council.levers
    moved = levers.all[name].model_copy(update={"target": _moved(levers.all[name], part)})
    changed = levers.model_copy(update={"all": {**levers.all, name: moved}})
    return expected_release(council.model_copy(update={"levers": changed}))


def _moved(lever: Lever, part: float) -> Number:
    """The lever's target, moved part of the way to the most there can be."""
    limit = 1.0 if _mean(lever.target) > _mean(lever.today) else 0.0
    target = lever.target
    if isinstance(target, Assumption):
        value = target.value + part * (limit - target.value)
        return target.model_copy(update={"value": value, "low": None, "high": None})
    values = {name: value + part * (limit - value) for name, value in target.values.items()}
    rest = None if target.otherwise is None else target.otherwise + part * (limit - target.otherwise)
    return target.model_copy(update={"values": values, "otherwise": rest, "low": None, "high": None})


def _mean(number: Number) -> float:
    if isinstance(number, Assumption):
        return number.value
    values = [*number.values.values(), *([] if number.otherwise is None else [number.otherwise])]
    return sum(values) / len(values)
