"""The values that parameters take: grids as they are written, samples from a Latin hypercube, as `path=value` texts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from simulation.sweeps.sweep_file import Parameter, Range, Samples, Sweep

Cell = int | float | str
DIGITS = 12
"""Significant digits of a computed value, so that a tenth three times is 0.3."""


@dataclass(frozen=True)
class Level:
    """One value of one parameter: what tables show, and what it sets."""

    cell: Cell
    sets: tuple[str, ...]


def levels_of(sweep: Sweep, bounds: Mapping[str, tuple[float, float]]) -> Iterator[dict[str, Level]]:
    """Every combination of levels by parameter, in the order of the file; `bounds` are those of the sampled parameters."""
    sampled = [name for name, parameter in sweep.parameters.items() if parameter.sampled is not None]
    fixed = {name: _levels(p) for name, p in sweep.parameters.items() if name not in sampled}
    draws = [row for samples in sweep.samples for row in _latin_hypercube(samples, len(sampled))] if sampled else [()]
    for combination in product(*fixed.values()):
        of_grid = dict(zip(fixed, combination, strict=True))
        for draw in draws:
            of_sample = {
                name: _level(sweep.parameters[name], _between(*bounds[name], share))
                for name, share in zip(sampled, draw, strict=True)
            }
            yield {name: (of_grid | of_sample)[name] for name in sweep.parameters}


def count_of(sweep: Sweep) -> int:
    """How many combinations there are, without making them."""
    count = sum(samples.points for samples in sweep.samples) or 1
    for parameter in sweep.parameters.values():
        if parameter.sampled is None:
            count *= len(_levels(parameter))
    return count


def ends_of(sweep: Sweep, bounds: Mapping[str, tuple[float, float]]) -> dict[str, list[Level]]:
    """The first and last level of each parameter, every one of choices: what is tried before anything runs."""
    ends = {}
    for name, parameter in sweep.parameters.items():
        if parameter.sampled is not None:
            ends[name] = [_level(parameter, end) for end in bounds[name]]
        else:
            levels = _levels(parameter)
            ends[name] = levels if parameter.choices is not None else [levels[0], levels[-1]]
    return ends


def set_text(path: str, value: Any) -> str:
    """What `--set` takes for a value; JSON is YAML."""
    return f"{path}={json.dumps(value)}"


def _levels(parameter: Parameter) -> list[Level]:
    if parameter.choices is not None:
        return [
            Level(label, tuple(set_text(path, value) for path, value in sets.items()))
            for label, sets in parameter.choices.items()
        ]
    values = parameter.values if parameter.range is None else _spaced(parameter.range)
    return [_level(parameter, value) for value in values or ()]


def _level(parameter: Parameter, value: Any) -> Level:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    cell: Cell = value if is_number or isinstance(value, str) else json.dumps(value)
    return Level(cell, tuple(set_text(path, value) for path in parameter.set))


def _spaced(over: Range) -> list[float]:
    count = over.count or 1 + int(np.floor((over.last - over.first) / (over.step or 1) + 1e-9))
    step = over.step if over.step is not None else (over.last - over.first) / (count - 1)
    return [_rounded(over.first + i * step) for i in range(count)]


def _latin_hypercube(samples: Samples, dimensions: int) -> list[tuple[float, ...]]:
    """Points in the unit cube: each parameter's range is cut into as many parts as there are points, each met once."""
    from scipy.stats import qmc

    drawn = qmc.LatinHypercube(d=dimensions, rng=np.random.default_rng(samples.seed)).random(samples.points)
    return [tuple(map(float, row)) for row in drawn]


def _between(low: float, high: float, share: float) -> float:
    return min(max(_rounded(low + share * (high - low)), low), high)


def _rounded(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")
