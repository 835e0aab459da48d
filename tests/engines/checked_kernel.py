"""Run random councils with every index of the compiled engine checked, and say as JSON what was found.

Compiled code checks no index: a wrong one reads or writes somebody else's memory. Run as a program, with
NUMBA_DISABLE_JIT=1 (plain Python, in which negative indexes are refused too) or NUMBA_BOUNDSCHECK=1.
Arguments: contacts in each council, then the councils' numbers.
"""

import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from simulation.engines import compiled

HERE = Path(__file__).parent
KERNEL = ("_run", "_resume", "_ranks", "_gather")
GROWS = {"NEED_ATTEMPTS": "attempts", "NEED_STEPS": "steps", "NEED_HEAP": "heap", "NEED_TRACE": "trace"}


class Guarded(np.ndarray):
    """An array that refuses a negative index; numpy itself refuses one that is too large."""

    def __getitem__(self, index: Any) -> Any:
        return super().__getitem__(_not_negative(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        super().__setitem__(_not_negative(index), value)


def _not_negative(index: Any) -> Any:
    for part in index if isinstance(index, tuple) else (index,):
        if isinstance(part, int | np.integer) and part < 0:
            raise IndexError(f"negative index {part}")
    return index


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function on guarded views of the arrays it is given."""

    def guard(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return value.view(Guarded)
        return value._make(map(guard, value)) if hasattr(value, "_make") else value

    return lambda *arguments: function(*map(guard, arguments))


def module(name: str) -> ModuleType:
    """A module of this folder."""
    spec = importlib.util.spec_from_file_location(f"checked_{name}", HERE / f"{name}.py")
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    sys.modules[f"checked_{name}"] = found
    spec.loader.exec_module(found)
    return found


def count_growth(growth: Counter[str]) -> None:
    """Start every month with next to no room to spare, and count how often the loop asks for more of what."""
    compiled.SPARE = 1
    make_room = compiled._Month._make_room

    def counting(month: Any, lacking: int) -> None:
        growth.update(name for bit, name in GROWS.items() if lacking & getattr(compiled, bit))
        make_room(month, lacking)

    compiled._Month._make_room = counting


def main(contacts: int, numbers: list[int]) -> None:
    """Follow each council month by month on both engines; print the differences and the growth."""
    growth: Counter[str] = Counter()
    count_growth(growth)
    plain = not hasattr(compiled._run, "py_func")
    for name in KERNEL if plain else ():
        setattr(compiled, name, guarded(getattr(compiled, name)))
    follow, councils = module("conftest").follow, module("random_councils")
    differences, rows = {}, 0
    for number in numbers:
        run = councils.random_run(number, contacts)
        with np.errstate(over="ignore"):
            simpy = follow(run, list(run.stretches), ["simpy"])
            checked = follow(run, list(run.stretches), ["compiled"])
        rows += len(checked.trace)
        if said := simpy.differences(checked):
            differences[number] = said
    print(json.dumps({"plain": plain, "rows": rows, "growth": growth, "differences": differences}))


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(number) for number in sys.argv[2:]])
