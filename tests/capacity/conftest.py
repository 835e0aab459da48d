"""What tests of capacity share: one team alone in plain Python, made-up networks, queueing theory, random councils."""

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]


def _module(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def alone() -> ModuleType:
    """The module of one team alone."""
    return _module("tests_capacity_team_alone", TESTS / "capacity/team_alone.py")


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    """The module of made-up networks."""
    return _module("tests_capacity_made_up", TESTS / "capacity/made_up.py")


@pytest.fixture(scope="session")
def erlang() -> ModuleType:
    """The formulas of queueing theory."""
    return _module("tests_capacity_erlang", TESTS / "theory/erlang.py")


@pytest.fixture(scope="session")
def random_run() -> Callable[[int], Any]:
    """`random_run(number)`: the run of a random council, built once."""
    return cache(_module("tests_capacity_random_councils", TESTS / "engines/random_councils.py").random_run)
