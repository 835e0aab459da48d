"""People to try things on: Oxfordshire's generated establishment and the case's reductions, read once."""

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from layers.effort_matrix import estimate
from simulation.case import reduction_path
from simulation.council import Council
from simulation.scenario import load
from workforce.course import Course
from workforce.establishment.assignment import Establishment
from workforce.establishment.generated import generate
from workforce.reduction.path import Reductions
from workforce.section import Workforce
from workforce.staff import Staff

for name in ("world", "files"):
    spec = importlib.util.spec_from_file_location(f"people_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec and spec.loader
    sys.modules[f"people_{name}"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[f"people_{name}"])
MONTHS = sys.modules["people_world"].MONTHS


@pytest.fixture(scope="session")
def council() -> Council:
    return load("oxfordshire").council


@pytest.fixture(scope="session")
def section(council: Council) -> Workforce:
    assert council.workforce is not None
    return council.workforce


@pytest.fixture(scope="session")
def people(council: Council, section: Workforce) -> Establishment:
    assert council.effort_matrix is not None
    matrix = estimate(council.layers, council.service_areas, council.effort_matrix)
    return generate(section, council.service_areas, matrix)


@pytest.fixture(scope="session")
def staff(section: Workforce, people: Establishment) -> Staff:
    return Staff(section, people, MONTHS)


@pytest.fixture(scope="session")
def path(council: Council) -> pd.DataFrame:
    """The case's 744 FTE, read as half at go-live and half a year later: the harder of the two readings."""
    return reduction_path(council, "mid", "B")


@pytest.fixture(scope="session")
def found(staff: Staff, path: pd.DataFrame) -> Reductions:
    return staff.reductions(path)


@pytest.fixture(scope="session")
def course(staff: Staff, found: Reductions) -> Callable[..., Course]:
    """`course("freeze_first", 3)`: one replication of a policy, run once."""

    @cache
    def run(policy: str, replication: int = 0) -> Course:
        return staff.course(staff.policy(policy), found, 1, replication)

    return run
