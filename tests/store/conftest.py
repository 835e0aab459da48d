"""A small result: two models, two layers, one lever, in an order that is not the key's."""

from datetime import UTC, datetime

import pandas as pd
import pytest

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def effort() -> pd.DataFrame:
    keys = [
        (model, replication, layer)
        for model in ("today", "target")
        for replication in (2, 1)
        for layer in ("middle_office", "customer_management")
    ]
    return pd.DataFrame(
        {
            "layer": [layer for _, _, layer in keys],
            "scenario": "small",
            "model": [model for model, _, _ in keys],
            "replication": [replication for _, replication, _ in keys],
            "service_area": "highways",
            "month": "2018-04",
            "contacts": range(len(keys)),
            "effort_fte": [0.1 * row for row in range(len(keys))],
            "effort_hours": [None, *[10.0 / row for row in range(1, len(keys))]],
        }
    )


@pytest.fixture
def ledger() -> pd.DataFrame:
    row = {"scenario": "small", "replication": 1, "lever": "=self_service", "layer": "customer_management"}
    return pd.DataFrame([{**row, "alone_fte": -12.5, "last_out_fte": -0.0}])


@pytest.fixture
def tables(effort, ledger) -> dict[str, pd.DataFrame]:
    return {"effort": effort, "ledger": ledger}


@pytest.fixture
def manifest() -> dict[str, str]:
    return {"input_hash": "0123456789abcdef"}


@pytest.fixture
def noon() -> datetime:
    return NOON
