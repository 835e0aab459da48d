"""Replay random councils' teams as plain Python, with every index checked; print differences and steps as JSON.

Run as a program, with NUMBA_DISABLE_JIT=1. Arguments: contacts in each council, then the councils' numbers.
"""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from simulation.capacity import replay, stream

TESTS = Path(__file__).parents[1]


def module(file: str) -> ModuleType:
    """A module of the tests, by its file."""
    name = f"checked_{Path(file).stem}"
    spec = importlib.util.spec_from_file_location(name, TESTS / file)
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    spec.loader.exec_module(found)
    return found


def main(contacts: int, numbers: list[int]) -> None:
    """Follow each council, then each of its teams alone."""
    guarded = module("engines/checked_kernel.py").guarded
    councils, tests = module("engines/random_councils.py"), module("capacity/test_replay.py")
    replay._run, stream._count, stream._pack = map(guarded, (replay._run, stream._count, stream._pack))
    said, steps = {}, 0
    for number in numbers:
        run = councils.random_run(number, contacts)
        days = list(run.days)
        with np.errstate(over="ignore"):
            measures, found = tests.watched(run, days)
            alone = tests.replayed(run.network, found, days[0], days[-1])
        steps += sum(len(team.visits) for team in found)
        if differs := tests.differences(run.network, measures, found, alone):
            said[number] = differs
    print(json.dumps({"plain": not hasattr(replay._next, "py_func"), "steps": steps, "differences": said}))


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(number) for number in sys.argv[2:]])
