"""What sweeps cost beside their runs: `python benchmarks/sweeps.py [--quick] [--json]`. Ratios count, seconds less.

Where thousands of runs are needed for the store alone, a stored outcome stands in for the simulation ("canned" below).
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

HEAD = "search: false\nmonths: 1\nscenarios: {scenario}\nreplications: {replications}\n"
GRID = "parameters:\n  staffing: {{set: teams.staffing_factor, range: {{from: 0.9, to: 1.1, count: {points}}}}}\n"
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small version, for a look")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return _child(*options.child)
    runs, month = (1_000, "district") if options.quick else (10_000, "oxfordshire")
    figures = {
        f"overhead, one-month runs of {month}": _against_a_loop(month, 4, 1),
        "overhead, tiny runs (one_queue, one month)": _against_a_loop("one_queue", 200 if options.quick else 10_000, 4),
        "canned runs, and the finished sweep again": _canned(runs),
        "query": _query(1_000_000),
    }
    print(json.dumps(figures, indent=1) if options.json else _text(figures))


def _against_a_loop(scenario: str, runs: int, points: int) -> dict[str, float]:
    """Seconds of a sweep in one process and of a plain loop over the same runs, which keeps nothing."""
    from simulation.calibration import calibrated
    from simulation.experiment import Settings, run
    from simulation.scenario import load

    with tempfile.TemporaryDirectory() as here:
        plan = _plan(Path(here), scenario, runs // points, points)
        run(load(scenario), Settings(months=1, search=False))  # compiled, imported
        started = _now()
        last, council = None, None
        for position in range(plan.design.runs):
            point, replication = plan.design.point_of(position)
            if point is not last:
                read = load(scenario, list(point.sets))
                last, council = point, replace(read, council=calibrated(read.council))
            run(council, Settings(months=1, search=False, first_replication=replication))
        loop, started = _since(started), _now()
        _do(plan, Path(here))
        sweep = _since(started)
        size = sum(path.stat().st_size for path in Path(here).rglob("*.parquet"))
    return {
        "runs": plan.design.runs,
        "plain loop, s a run": loop[0] / plan.design.runs,
        "sweep ÷ loop": sweep[0] / loop[0],
        "sweep ÷ loop, processor time": sweep[1] / loop[1],
        "bytes a run on disk": size / plan.design.runs,
    }


def _now() -> tuple[float, float]:
    """Wall clock and processor time: on a busy machine the second is the steadier."""
    return time.perf_counter(), time.process_time()


def _since(started: tuple[float, float]) -> tuple[float, float]:
    return time.perf_counter() - started[0], time.process_time() - started[1]


def _canned(runs: int) -> dict[str, float]:
    """Time a run and peak memory where nothing is simulated, at a tenth of the runs and at all; then the finished sweep again."""
    out: dict[str, float] = {}
    for count in (runs // 10, runs):
        with tempfile.TemporaryDirectory() as here:
            wall, processor, megabytes = _run_child(here, count)
            out |= {
                f"{count} runs, ms a run": wall / count * 1000,
                f"{count} runs, processor ms a run": processor / count * 1000,
            }
            out[f"{count} runs, peak MB"] = megabytes
            if count == runs:
                words = ["sweep", "bench.yaml", "--quiet", "--workers", "1"]
                out["tom sweep again, s"], out["the same, processor s"] = min(
                    _timed_command(here, words) for _ in range(3)
                )
                out["any tom command, s"], _ = min(_timed_command(here, ["--version"]) for _ in range(3))
    return out


def _query(rows: int) -> dict[str, float]:
    """Seconds of a sum by two columns over so many rows of a result."""
    import numpy as np
    import pandas as pd

    from simulation.query.asking import ask
    from simulation.store.result import write_result

    keys = np.arange(rows)
    numbered = {
        "layer": (keys % 10).astype(str),
        "month": (keys // 10 % 12 + 10).astype(str),
        "replication": keys // 120,
    }
    effort = pd.DataFrame({**numbered, "scenario": "made_up", "model": "today", "service_area": "all"})
    effort["effort_fte"] = np.sqrt(keys)
    with tempfile.TemporaryDirectory() as here:
        folder = write_result(Path(here), "made_up", {"effort": effort}, {}, {"input_hash": "0" * 8})
        asked = "SELECT layer, month, sum(effort_fte), count(*) FROM effort GROUP BY ALL ORDER BY ALL"
        ask([folder], asked)
        seconds = min(_timed(lambda: ask([folder], asked)) for _ in range(3))
    return {"rows": rows, "seconds": seconds}


def _plan(here: Path, scenario: str, replications: int, points: int) -> Any:
    from simulation.sweeps.plan import plan_of

    text = HEAD.format(scenario=scenario, replications=replications) + (
        GRID.format(points=points) if points > 1 else ""
    )
    (here / "bench.yaml").write_text(text)
    return plan_of(str(here / "bench.yaml"), {})


def _do(plan: Any, here: Path) -> None:
    """The sweep as the command does it, in this process."""
    from simulation.sweeps.claiming import claim
    from simulation.sweeps.sweep import Doing

    folder = plan.folder(here)
    claim(folder, plan.design, plan.manifest())
    doing = Doing(folder, plan.design)
    doing.do(doing.missing(), plan.shared(), None)
    assert doing.finish()


def _child(here: str, runs: str) -> None:
    """A sweep of canned runs in a process of its own: prints seconds and megabytes."""
    from simulation.experiment import Outcome, Settings, run
    from simulation.scenario import load
    from simulation.sweeps import work

    stored = run(load("one_queue"), Settings(months=1, search=False))

    def canned(scenario: Any, settings: Settings) -> Outcome:
        number = settings.first_replication
        return replace(stored, tables={name: rows.assign(replication=number) for name, rows in stored.tables.items()})

    work.run = canned
    plan = _plan(Path(here), "one_queue", int(runs), 1)
    started = _now()
    _do(plan, Path(here) / "results")
    print(*_since(started), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _run_child(here: str, runs: int) -> tuple[float, float, float]:
    command = [sys.executable, __file__, "--child", here, str(runs)]
    said = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=True).stdout
    wall, processor, megabytes = map(float, said.splitlines()[-1].split())
    return wall, processor, megabytes


def _timed_command(here: str, words: list[str]) -> tuple[float, float]:
    """Wall clock and processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "simulation", *words]
    wall = _timed(lambda: subprocess.run(command, cwd=here, env=_environment(), capture_output=True, check=True))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _text(figures: dict[str, dict[str, float]]) -> str:
    lines = []
    for part, numbers in figures.items():
        lines.append(part)
        lines += [f"  {name:34s} {value:>14,.3f}" for name, value in numbers.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
