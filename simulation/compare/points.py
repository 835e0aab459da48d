"""The points of one sweep ranked by a metric, each paired with the first: all met the same chances."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from simulation.compare.differences import Difference, paired

OWN = ("run", "point", "scenario", "replication", "status", "message", "tries")


@dataclass(frozen=True)
class RankedPoint:
    """A point of a sweep: its place (the highest mean first), what it sets, and its difference from the first point."""

    place: int
    point: int
    scenario: str
    parameters: Mapping[str, Any]
    difference: Difference

    def as_json(self) -> dict[str, Any]:
        """The point as plain values."""
        about = {"place": self.place, "point": self.point, "scenario": self.scenario}
        return {**about, "parameters": dict(self.parameters), **self.difference.as_json()}


def rank_points(runs: pd.DataFrame, metric: str, parameters: tuple[str, ...]) -> list[RankedPoint]:
    """The points by the mean of a metric; those without a replication in common with the first point are left out."""
    wide = runs.dropna(subset=[metric]).pivot(index="replication", columns="point", values=metric)
    first = wide.columns.min()
    found = {
        point: wide[[first, point]].dropna() if point != first else wide[[point]].dropna() for point in wide.columns
    }
    differences = {
        p: paired(both.iloc[:, 0].tolist(), both.iloc[:, -1].tolist()) for p, both in found.items() if len(both)
    }
    about = runs.drop_duplicates("point").set_index("point")
    order = sorted(differences, key=lambda point: (-differences[point].other, point))
    return [
        RankedPoint(
            place, int(point), str(about.loc[point, "scenario"]),
            {name: _plain(about.loc[point, name]) for name in parameters}, differences[point],
        )
        for place, point in enumerate(order, start=1)
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
