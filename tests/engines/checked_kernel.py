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
from simulation.rows import TICKS_PER_DAY, VISIT

HERE = Path(__file__).parent
KERNEL = ("_run", "_resume", "_ranks", "_sort_out", "_count_open", "_gather")
GROWS = {
    "NEED_ATTEMPTS": ("attempts", "seldom", "behind", "contacts"),
    "NEED_STEPS": ("steps",),
    "NEED_HEAP": ("heap",),
    "NEED_TRACE": ("trace",),
    "NEED_VISITS": ("visits",),
}


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


def leave_no_room(growth: Counter[str]) -> None:
    """Begin every month without a record to spare, give the loop one more at a time, and count how often it asks."""
    begin = compiled._Month.__init__

    def begin_full(month: Any, *arguments: Any) -> None:
        begin(month, *arguments)
        month.visits = np.empty(1, dtype=VISIT)  # every month is recorded
        for need, place in (("ATTEMPTS", compiled.ATTEMPTS), ("STEPS", compiled.STEPS_USED), ("HEAP", compiled.HEAP)):
            for name in GROWS[f"NEED_{need}"]:
                setattr(month.room, name, getattr(month.room, name)[: month.keep[place]].copy())
        month.trace = month.trace[:1].copy()

    def one_more(month: Any, lacking: int) -> None:
        growth.update(names[0] for bit, names in GROWS.items() if lacking & getattr(compiled, bit))
        for name in (name for bit, names in GROWS.items() if lacking & getattr(compiled, bit) for name in names):
            owner = month if name in ("trace", "visits") else month.room
            array = getattr(owner, name)
            setattr(owner, name, np.concatenate([array, np.zeros_like(array, shape=(1, *array.shape[1:]))]))

    compiled._Month.__init__, compiled._Month._make_room = begin_full, one_more


def crowd(run: Any) -> Any:
    """Everybody comes at the first midnight and many people begin work at once: the largest events there can be."""
    few, arriving = run.network.rosters.changes, type(run).arriving

    def many(first_day: int, last_day: int) -> np.ndarray:
        return few(first_day, last_day) * np.array([1, 1, 50])

    def all_at_once(self: Any, first_day: int, last_day: int) -> Any:
        journeys = arriving(self, first_day, last_day)
        journeys.contacts["arrival"] = first_day * TICKS_PER_DAY
        return journeys

    run.network.rosters.changes = many
    return type("Crowd", (type(run),), {"arriving": all_at_once})(**vars(run))


def main(contacts: int, numbers: list[int]) -> None:
    """Follow each council month by month on both engines, every third one crowded; print differences and growth."""
    growth: Counter[str] = Counter()
    leave_no_room(growth)
    plain = not hasattr(compiled._run, "py_func")
    for name in KERNEL if plain else ():
        setattr(compiled, name, guarded(getattr(compiled, name)))
    follow, councils = module("conftest").follow, module("random_councils")
    differences, rows = {}, 0
    for number in numbers:
        run = councils.random_run(number, contacts)
        run = crowd(run) if number % 3 == 0 else run
        with np.errstate(over="ignore"):
            simpy = follow(run, list(run.stretches), ["simpy"])
            checked = follow(run, list(run.stretches), ["compiled"])
        rows += len(checked.trace)
        if said := simpy.differences(checked):
            differences[number] = said
    print(json.dumps({"plain": plain, "rows": rows, "growth": growth, "differences": differences}))


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(number) for number in sys.argv[2:]])
