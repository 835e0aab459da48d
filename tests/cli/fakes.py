"""A council small enough to run in no time: stands in for scenario, experiment and description in tests of the CLI.

Run as a program it is `tom` with the fakes in place; FAKE_EXPERIMENT says what its experiment does.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from layers.problems import InputError, Problem

DISTRIBUTION = {"mean": 30.0, "p10": 28.0, "p50": 30.0, "p90": 32.0, "ci95": [27.0, 33.0], "n": 3}
PROBLEM = Problem("bad.yaml", 3, "demand.highwys", "unknown key", "one of highways, adult_care", "highways")


@dataclass(frozen=True)
class FakeCouncil:
    compared_with: str | None = None


@dataclass(frozen=True)
class FakeScenario:
    name: str
    sets: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = (("small.yaml", "ab12"),)
    council: FakeCouncil = FakeCouncil()

    def resolved(self) -> dict[str, Any]:
        return {"title": self.name, "sets": list(self.sets)}


@dataclass(frozen=True)
class FakeSettings:
    seed: int
    replications: int
    months: int | None
    engine: str
    workers: int
    precision: float | None = None
    search: bool = True


@dataclass(frozen=True)
class FakeOutcome:
    tables: dict[str, Any]
    summary: dict[str, Any]
    notes: tuple[str, ...] = ("a reference month, scaled as such",)
    timings: dict[str, float] = field(default_factory=lambda: {"queueing_seconds": 0.5})
    calibration: dict[str, Any] = field(default_factory=dict)
    replications: int = 1


@dataclass(frozen=True)
class FakeCalibration:
    council: FakeCouncil

    def model_dump(self) -> dict[str, Any]:
        return {"volume_factor": 1.25, "first_contacts": {"highways": {"phone": 1234.5}}}


@dataclass(frozen=True)
class FakeRow:
    path: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    grade: str | None = None
    source: str | None = None
    note: str | None = None


def load(name_or_path: str, sets: Sequence[str] = ()) -> FakeScenario:
    if name_or_path.startswith("bad"):
        second = Problem(name_or_path, 9, "period", "missing")
        raise InputError([second, Problem(name_or_path, *[getattr(PROBLEM, key) for key in FIELDS])])
    return FakeScenario(name_or_path, tuple(sets))


FIELDS = ("line", "path", "message", "expected", "suggestion")


def run(scenario: FakeScenario, settings: FakeSettings, progress: Callable[[float, str], None] | None = None):
    import pandas as pd

    print("a library that prints")
    behave(os.environ.get("FAKE_EXPERIMENT", ""))
    key = {"scenario": scenario.name, "replication": 1, "lever": "channel_shift", "layer": "customer_management"}
    return FakeOutcome(
        {"ledger": pd.DataFrame([{**key, "alone_fte": 1.5}])}, summary(), replications=settings.replications
    )


def behave(how: str) -> None:
    if how == "crash":
        raise ZeroDivisionError("division by zero")
    if how == "limit files":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
    if how == "slow":
        print("working", file=sys.stderr, flush=True)
        time.sleep(30)


def summary() -> dict[str, Any]:
    return {
        "months": 1,
        "first_month": "2018-06",
        "effort_fte": {
            "today": {"customer_management": {"mean": 500.0}, "middle_office": {"mean": 1880.25}},
            "target": {"customer_management": {"mean": 480.0}, "middle_office": {"mean": 1870.25}},
        },
        "effort_released_fte": DISTRIBUTION,
        "effort_released_by_layer": {"customer_management": DISTRIBUTION, "middle_office": DISTRIBUTION},
        "effort_ledger": {
            "channel_shift": {"alone_fte": DISTRIBUTION, "last_out_fte": -0.01},
            "interaction": {"released_fte": DISTRIBUTION},
        },
        "period": "June 2018 after two weeks' warm-up.",
    }


def fake_modules() -> dict[str, ModuleType]:
    """The modules to put in place of the real ones, by name within `simulation`."""
    names = ("scenario", "experiment", "describe", "calibration")
    scenario, experiment, describe, calibration = modules = [ModuleType(name) for name in names]
    calibration.calibrate = FakeCalibration
    scenario.load = load
    experiment.run, experiment.Settings = run, FakeSettings
    rows = [
        FakeRow("demand.volume", 1_385_000, "per year", 1e6, 2e6, "A", "Cabinet pack, slide 263"),
        FakeRow("x", 0.1, "share"),
    ]
    describe.assumptions = lambda scenario: rows
    describe.set_paths = lambda scenario: [("demand.growth", "growth of demand a year")]
    describe.effort_matrix = lambda scenario: None
    describe.plan_of = lambda scenario: None
    describe.release_rows = describe.breaches_of = lambda plan: []
    describe.routing_svg = lambda scenario: f"<svg><!-- {scenario.name} £ --></svg>"
    return dict(zip(names, modules, strict=True))


def main() -> None:
    import simulation
    from simulation.cli.main import main as tom

    for name, module in fake_modules().items():
        sys.modules[f"simulation.{name}"] = module
        setattr(simulation, name, module)
    tom()


if __name__ == "__main__":
    main()
