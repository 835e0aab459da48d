"""Integer tables of an operating model: what the router reads. Probabilities are 31-bit thresholds, minutes are ticks."""

from typing import NamedTuple

import numpy as np

from layers.draws import ONE, name_hash, quantile_table
from layers.routes import Work
from simulation.classes import FLOAT, INT
from simulation.operating_model import FRONT_OFFICE, OperatingModel
from simulation.rows import TICKS_PER_MINUTE

CHOOSE, MATCH, WORK, PAUSE, DRAG, BECOMES, END = range(7)
NODE = np.dtype(
    [
        ("kind", "i1"),
        ("slot", "u8"),
        ("row", "i4"),
        ("to", "i2"),
        ("layer", "i1"),
        ("front", "i1"),
        ("live", "i1"),
        ("shape", "i2"),
        ("value", "i8"),
        ("value2", "i8"),
    ]
)
"""A step as a record. `row` points into the table its kind uses; `value`: pause ticks, channel index, drag ratio (fixed
point), or for an end the delay before its child; `value2`: kind index, or for an end the entry of its child (-1 none) times
2, plus 1 if the attempt may be repeated."""


class RouteTables(NamedTuple):
    """Everything the router reads; arrays are indexed by node, row and contact class.

    `class_of` has two rows by contact class: service area, demand type. They are one array because with a fourteenth array here
    the compiled router takes four times as long.
    """

    nodes: np.ndarray
    entries: np.ndarray
    thresholds: np.ndarray
    ways: np.ndarray
    jumps: np.ndarray
    ticks: np.ndarray
    patience: np.ndarray
    pools: np.ndarray
    quantiles: np.ndarray
    class_of: np.ndarray
    repeat: np.ndarray
    failure: np.ndarray
    slots: np.ndarray

    @property
    def class_type(self) -> np.ndarray:
        """The demand type of each contact class."""
        return self.class_of[1]


FAILURE_FIELDS = (
    "redial",
    "redial_or_other",
    "redial_ticks",
    "other_ticks",
    "repeat_ticks",
    "chase",
    "channels",
    "other_channel",
    "areas",
    "generations",
    "kind_stride",
    "kinds",
    "types",
)
OWN_DRAWS = (
    "after abandoning",
    "delay after abandoning",
    "repeat",
    "delay before repeat",
    "chase",
    "delay before child",
    "patience",
)


def build_tables(model: OperatingModel, working_day_ticks: int) -> RouteTables:
    """Turn an operating model into integers. `working_day_ticks` is the length of the office's working day."""
    return _Builder(model, working_day_ticks).build()


class _Builder:
    def __init__(self, model: OperatingModel, working_day_ticks: int) -> None:
        self.model = model
        self.day = working_day_ticks
        self.index = {name: i for i, name in enumerate(model.order)}
        self.layers = tuple(model.council.layers)
        self.entries = {name: i for i, name in enumerate(model.council.routes.entries)}
        self.shapes: dict[tuple[str, float], int] = {}
        self.threshold_rows: list[FLOAT] = []
        self.ways: list[int] = []
        self.jump_rows: list[INT] = []
        self.work_rows: list[tuple[FLOAT, FLOAT, INT]] = []

    def build(self) -> RouteTables:
        exponential = self._shape("exponential", 1.0)
        assert exponential == 0
        nodes = np.zeros(len(self.index), dtype=NODE)
        for name, i in self.index.items():
            self._node(name, nodes[i])
        count = self.model.classes.count
        self._refuse_too_many_standards()
        ticks = [np.zeros(count), *(row[0] for row in self.work_rows)]
        patience = [np.zeros(count), *(row[1] for row in self.work_rows)]
        pools = [np.full(count, -1), *(row[2] for row in self.work_rows)]
        return RouteTables(
            nodes,
            np.array([self.index[step] for step in self.model.council.routes.entries.values()], dtype=np.int16),
            np.array([np.full(count, ONE), *self.threshold_rows]).astype(np.int64),
            np.array([0, *self.ways], dtype=np.int16),
            np.array([np.full(count, -1), *self.jump_rows], dtype=np.int16),
            np.rint(np.array(ticks) * TICKS_PER_MINUTE).astype(np.int64),
            np.rint(np.array(patience) * TICKS_PER_MINUTE).astype(np.int64),
            np.array(pools, dtype=np.int16),
            np.array([quantile_table(*shape) for shape in self.shapes], dtype=np.int64),
            np.array([self.model.classes.columns[name] for name in ("service_area", "demand_type")], dtype=np.int16),
            np.rint(self.model.repeat_chance * ONE).astype(np.int64),
            self._failure(),
            np.array([name_hash(f"own/{name}") for name in OWN_DRAWS], dtype=np.uint64),
        )

    def _refuse_too_many_standards(self) -> None:
        layers, types = len(self.layers), len(self.model.classes.demand_types)
        if layers * types * 4 > np.iinfo(np.int16).max:
            raise OverflowError(f"{layers} layers × {types} demand types are more classes of work than can be numbered")

    def _shape(self, shape: str, spread: float) -> int:
        return self.shapes.setdefault((shape, spread), len(self.shapes))

    def _node(self, name: str, node: np.void) -> None:
        step = self.model.steps[name]
        node["slot"] = name_hash(f"step/{name}")
        node["layer"] = self.layers.index(step.layer)
        node["to"] = self.index[step.to] if step.to else -1
        if step.choose:
            node["kind"], node["row"] = CHOOSE, len(self.threshold_rows) + 1
            self._thresholds(name, [self.index[option.to] for option in step.choose])
        elif step.match:
            node["kind"], node["row"] = MATCH, len(self.jump_rows) + 1
            self.jump_rows.append(self.model.jumps(name))
        elif step.work:
            node["kind"], node["row"] = WORK, len(self.work_rows) + 1
            node["live"], node["front"] = step.work.live, step.layer in FRONT_OFFICE
            node["shape"] = self._shape(step.work.shape, self._spread(step.work))
            self._work(name, step.work)
        elif step.drag:
            node["kind"], node["row"] = DRAG, len(self.work_rows) + 1
            node["value"] = round(self.model.drag_ratio * (1 << 20))
            self.work_rows.append((np.zeros(self.model.classes.count),) * 2 + (self.model.team_of(name),))
        elif step.pause:
            node["kind"], node["value"] = PAUSE, round(step.pause.working_days.value * self.day)
            node["shape"] = self._shape(step.pause.shape, 1.0)
        elif step.becomes:
            classes, becomes = self.model.classes, step.becomes
            node["kind"] = BECOMES
            node["value"] = classes.channels.index(becomes.channel) if becomes.channel else -1
            node["value2"] = classes.kinds.index(becomes.kind) if becomes.kind else -1
        else:
            self._end(name, node)

    def _end(self, name: str, node: np.void) -> None:
        end = self.model.steps[name].end
        assert end is not None
        node["kind"], node["value"] = END, round(end.child_after.value * self.day)
        node["value2"] = 2 * (self.entries[end.child] if end.child else -1) + int(end.repeats)
        node["row"] = int(end.need_met)

    def _spread(self, work: Work) -> float:
        return work.spread.value if work.shape == "lognormal" else 1.0

    def _thresholds(self, name: str, ways: list[int]) -> None:
        cumulative = np.rint(np.clip(np.cumsum(self.model.shares(name), axis=0), 0, 1) * ONE)
        cumulative[-1] = ONE
        self.threshold_rows.extend(cumulative)
        self.ways.extend(ways)

    def _work(self, name: str, work: Work) -> None:
        classes = self.model.classes
        patience = np.full(classes.count, work.patience.value if work.patience else 0.0)
        self.work_rows.append((np.nan_to_num(self.model.minutes(name)), patience, self.model.team_of(name)))

    def _failure(self) -> np.ndarray:
        f, classes = self.model.council.routes.failure_demand, self.model.classes
        values = {
            "redial": round(f.redial.value * ONE),
            "redial_or_other": round(min(1.0, f.redial.value + f.other_channel.value) * ONE),
            "redial_ticks": round(f.redial_after.value * TICKS_PER_MINUTE),
            "other_ticks": round(f.other_channel_after.value * TICKS_PER_MINUTE),
            "repeat_ticks": round(f.repeat_after.value * self.day),
            "chase": round(f.chase.value * ONE),
            "channels": len(classes.channels),
            "other_channel": classes.channels.index(f.other_channel_is),
            "areas": len(classes.service_areas),
            "generations": f.generations,
            "kind_stride": len(classes.complexities) * len(classes.channels),
            "kinds": len(classes.kinds),
            "types": len(classes.demand_types),
        }
        return np.array([values[name] for name in FAILURE_FIELDS], dtype=np.int64)


def entry_index(model: OperatingModel, entry: str) -> int:
    """The number by which contact rows name an entry."""
    return list(model.council.routes.entries).index(entry)
