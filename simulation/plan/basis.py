"""What a plan may count on: people today and what is needed, by layer and area, from other replications than its own."""

import numpy as np
import pandas as pd

from layers.effort_matrix import estimate
from simulation.capacity.tables import ALL_AREAS
from simulation.council import Council
from simulation.effort import SIMULATED
from simulation.ledger import TARGET, TODAY
from simulation.plan.posts import Capacity


def capacity_of(effort: pd.DataFrame, capacity: pd.DataFrame | None, council: Council, replication: int) -> Capacity:
    """The mean of the other replications' `capacity` (of its own reference year where it is the only one).

    Without a search (`capacity` is None) what is released is the effort released. What benchmarks size for the whole council
    falls on service areas as today's effort of the layer does.
    """
    fixed = _mean(effort, "fixed_fte", council, replication, TODAY)
    fixed_released = fixed - _mean(effort, "fixed_fte", council, replication, TARGET)
    if capacity is None:
        today, target = (_mean(effort, "effort_fte", council, replication, model) for model in (TODAY, TARGET))
        simulated = np.isin(list(council.layers), SIMULATED)[:, None]
        target = np.where(simulated, target, today)
        return Capacity(today, today, target, today - target - fixed_released * simulated)
    rows = _others(capacity, replication)
    count = rows["replication"].nunique()
    rows = _spread(rows, council)
    columns = ("existing_fte", "required_today_fte", "required_fte")
    existing, today, target = (_array(rows, column, council) / count for column in columns)
    own = np.isin(list(council.layers), SIMULATED)[:, None]
    return Capacity(existing, today, target, np.where(own, today - target - fixed_released, 0.0))


def _others(rows: pd.DataFrame, replication: int) -> pd.DataFrame:
    others = rows[rows["replication"] != replication]
    return others if len(others) else rows


def _mean(effort: pd.DataFrame, column: str, council: Council, replication: int, model: str) -> np.ndarray:
    """Mean over months and other replications of one model, layer × area."""
    rows = _others(effort[effort["model"] == model], replication)
    return _array(rows, column, council) / (rows["replication"].nunique() * rows["month"].nunique())


def _spread(rows: pd.DataFrame, council: Council) -> pd.DataFrame:
    """Rows for the whole council spread over its areas as today's effort is."""
    whole = rows[rows["service_area"] == ALL_AREAS]
    if whole.empty or council.effort_matrix is None:
        return rows[rows["service_area"] != ALL_AREAS]
    matrix = estimate(council.layers, council.service_areas, council.effort_matrix)
    cells = pd.DataFrame([c for c in matrix.cells() if c[2] > 0], columns=["layer", "service_area", "part"])
    cells["part"] /= cells.groupby("layer")["part"].transform("sum")
    spread = whole.drop(columns="service_area").merge(cells, on="layer")
    measures = ["existing_fte", "required_today_fte", "required_fte"]
    spread[measures] = spread[measures].mul(spread["part"], axis=0)
    return pd.concat([rows[rows["service_area"] != ALL_AREAS], spread], ignore_index=True)


def _array(rows: pd.DataFrame, column: str, council: Council) -> np.ndarray:
    """Sums by layer × service area."""
    by = rows.groupby(["layer", "service_area"])[column].sum()
    index = pd.MultiIndex.from_product([list(council.layers), list(council.service_areas)])
    return by.reindex(index, fill_value=0.0).to_numpy().reshape(len(council.layers), len(council.service_areas))
