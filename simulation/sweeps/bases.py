"""The scenarios a sweep starts from: each read once, its inputs hashed; every path that is to vary can be tried beforehand."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from layers.problems import InputError, Problem, dotted
from layers.reading import Document, read_document, with_sets
from simulation.describe.assumptions import assumptions
from simulation.scenario import Scenario, scenario_of
from simulation.store.json_text import canonical_json
from simulation.sweeps.levels import ends_of
from simulation.sweeps.sweep_file import Sweep


@dataclass(frozen=True)
class Base:
    """A scenario before anything varies."""

    document: Document
    scenario: Scenario
    bounds: Mapping[str, tuple[float, float]]
    """The ends of each sampled parameter."""

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.document.name

    @property
    def input_hash(self) -> str:
        """SHA-256 over the scenario as it was merged and every file read."""
        inputs = {"scenario": self.scenario.resolved(), "files": sorted(self.scenario.files)}
        return hashlib.sha256(canonical_json(inputs).encode()).hexdigest()


def read_bases(file: Document, sweep: Sweep, folder: Path, sets: Sequence[str] = ()) -> list[Base]:
    """Read the scenarios of a sweep file that lies in `folder`, `sets` laid on each; raises InputError with every problem."""
    bases, problems = [], []
    for position, name in enumerate(sweep.scenarios):
        try:
            document = read_document(_path_of(name, folder), sets)
            scenario = scenario_of(document)
        except InputError as error:
            problems += [_placed(file, ("scenarios", position), p) if p.line is None else p for p in error.problems]
            continue
        bounds, wrong = _bounds(file, sweep, scenario)
        bases.append(Base(document, scenario, bounds))
        problems += wrong
    problems += _twice(file, bases)
    if problems:
        raise InputError(problems)
    return bases


def _path_of(name: str, folder: Path) -> str:
    """A path is meant from the folder of the sweep file; else the name of a shipped scenario."""
    beside = folder / name
    return str(beside) if beside.is_file() else name


def _twice(file: Document, bases: Sequence[Base]) -> list[Problem]:
    names = [base.name for base in bases]
    return [
        _at(file, ("scenarios",), f"two scenarios are called {name}", "files with different names")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]


def _bounds(file: Document, sweep: Sweep, scenario: Scenario) -> tuple[dict[str, tuple[float, float]], list[Problem]]:
    """The ends of each sampled parameter: its own, else those of the (first) assumption it sets."""
    own = {row.path: (row.low, row.high) for row in assumptions(scenario)}
    bounds, problems = {}, []
    for name, parameter in sweep.parameters.items():
        if parameter.sampled is None:
            continue
        given = (parameter.sampled.low, parameter.sampled.high)
        low, high = given if given[0] is not None else own.get(parameter.set[0], (None, None))
        if low is None or high is None:
            said = f"{parameter.set[0]} has no range of its own in {scenario.name}"
            problems.append(_at(file, ("parameters", name, "sampled"), said, "sampled: {low: …, high: …}"))
            continue
        bounds[name] = (low, high)
    return bounds, problems


def try_values(file: Document, sweep: Sweep, bases: Sequence[Base]) -> None:
    """Set each parameter by itself to its ends, choices to each, in every scenario; raises InputError with every problem."""
    problems = []
    for base in bases:
        for name, levels in ends_of(sweep, base.bounds).items():
            key = "set" if sweep.parameters[name].choices is None else "choices"
            for level in levels:
                try:
                    scenario_of(with_sets(base.document, level.sets))
                except InputError as error:
                    problems += [_placed(file, ("parameters", name, key), problem) for problem in error.problems]
    if problems:
        raise InputError(problems)


def _placed(file: Document, path: tuple[str | int, ...], problem: Problem) -> Problem:
    """A problem of a scenario told at the place of the sweep file that caused it."""
    said = f"{problem.path}: {problem.message}" if problem.path else problem.message
    return _at(file, path, said, problem.expected, problem.suggestion)


def _at(file: Document, path: tuple[str | int, ...], message: str, expected: str = "", suggestion: str = "") -> Problem:
    place = file.place(path)
    return Problem(place.file, place.line, dotted(path), message, expected, suggestion)
