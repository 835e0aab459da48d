"""The published plan's money, worked out once; paths and flows made by hand."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

from layers.money import Money
from layers.programme.section import Reading
from simulation.case import reduction_path
from simulation.council import Council
from simulation.finance import Asked, Finance, finance_of
from simulation.finance.flow import Flow
from simulation.scenario import load


@cache
def _council(*sets: str) -> Council:
    return load("oxfordshire", sets).council


@cache
def _plan_money(reading: Reading = "A", *sets: str) -> Finance:
    path = reduction_path(_council(*sets), "mid", reading)
    return finance_of(_council(*sets), path, Asked(posts="case", prices="published", reading=reading))


@pytest.fixture(scope="session")
def council() -> Callable[..., Council]:
    """Oxfordshire, with values set as on the command line."""
    return _council


@pytest.fixture(scope="session")
def plan_money() -> Callable[..., Finance]:
    """The money of the case's own FTE at mid on Oxfordshire's plan, in a reading, with values set as on the command line."""
    return _plan_money


@pytest.fixture(scope="session")
def published() -> Finance:
    return _plan_money("A")


@pytest.fixture(scope="session")
def money() -> Money:
    section = _council().money
    assert section is not None
    return section


@pytest.fixture(scope="session")
def path_of() -> Callable[..., pd.DataFrame]:
    """A path of posts from its rows."""

    def made(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=["release", "layer", "service_area", "month", "reduction_fte"])

    return made


@pytest.fixture(scope="session")
def saved() -> Callable[..., Flow]:
    """A flow of so many pounds in the first months, and nothing after."""

    def made(*pounds: float) -> Flow:
        values = np.zeros(120)
        values[: len(pounds)] = pounds
        return Flow("made_up", "budget_reduction", "recurring", "assumption", values)

    return made
