"""What tests of the engines share: random councils, and a way to follow a run stretch by stretch on either engine."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from simulation.engines.choice import engine
from simulation.engines.state import State
from simulation.measures import MonthMeasures
from simulation.rows import TICKS_PER_DAY

Stretch = tuple[int, int]


@dataclass
class Followed:
    """What one engine did: the rows of the trace, and the state and the measures at the end of each stretch."""

    trace: list[tuple[int, ...]] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    measures: list[MonthMeasures] = field(default_factory=list)

    def differences(self, other: "Followed") -> list[str]:
        """Where two runs differ, in words; empty where every number is equal."""
        said = []
        for number, (mine, theirs) in enumerate(zip(self.trace, other.trace, strict=False)):
            if mine != theirs:
                said.append(f"row {number} of the trace: {mine} and {theirs}")
                break
        if len(self.trace) != len(other.trace):
            said.append(f"{len(self.trace)} and {len(other.trace)} rows in the trace")
        for what in ("states", "measures"):
            for number, (mine, theirs) in enumerate(zip(getattr(self, what), getattr(other, what), strict=True)):
                if not mine.same_as(theirs):
                    said.append(f"{what} at the end of stretch {number}")
        return said


def follow(run: Any, stretches: Sequence[Stretch], names: Sequence[str], folder: Path | None = None) -> Followed:
    """Run some stretches of days, on the named engines by turns; with a folder each state is saved there and read again."""
    out, state = Followed(), run.start()
    for number, (first, last) in enumerate(stretches):
        advance: Any = engine(names[number % len(names)])
        journeys = run.arriving(first, last)
        state, counted = advance(run.network, state, journeys, last * TICKS_PER_DAY, out.trace)
        out.states.append(state)
        out.measures.append(counted)
        if folder is not None:
            state = saved_and_read(state, folder)
    return out


def saved_and_read(state: State, folder: Path) -> State:
    """A state that has been to the disk and back."""
    file = folder / "state.npz"
    np.savez(file, **{f.name: getattr(state, f.name) for f in fields(state)})
    with np.load(file) as stored:
        read = {f.name: stored[f.name] for f in fields(state)}
    return State(**{**read, "tick": int(read["tick"]), "next_id": int(read["next_id"])})


@pytest.fixture(scope="session")
def councils() -> ModuleType:
    """The module of random councils."""
    name, file = "tests_engines_random_councils", Path(__file__).with_name("random_councils.py")
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def following() -> Callable[..., Followed]:
    """`following(run, stretches, ["simpy"])`: see `follow`."""
    return follow


@pytest.fixture(scope="session")
def random_run(councils: ModuleType) -> Callable[..., Any]:
    """`random_run(number)`: the run of a random council, built once."""
    return cache(councils.random_run)


@pytest.fixture(scope="session")
def saved() -> Callable[[State, Path], State]:
    """`saved(state, folder)`: the state as it is read again from a folder where it was saved."""
    return saved_and_read
