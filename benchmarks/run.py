"""Speed in one run: `python benchmarks/run.py [--quick] [--peers] [--json]`. Ratios count; seconds depend on the machine.

Contacts are attempts that arrive, further attempts included. Every figure is the best of several alternating turns.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.engines.network import Network
    from simulation.runs import Window

HERE = Path(__file__).parent
NETWORK = str(HERE / "network.yaml")
WINDOW_DAYS = 28


def main() -> None:
    options = _options()
    if options.child:
        return _child(options.child, options.months)
    figures: dict[str, dict[str, float]] = {}
    for name in (NETWORK, "oxfordshire"):
        label = "benchmark network" if name == NETWORK else name
        figures[label] = _speeds(name, turns=1 if options.quick else 3, months=1 if options.quick else 12)
    figures["start"] = _starts()
    figures["workers"] = _workers(options.quick)
    figures["plan"] = _plan(quick=options.quick)
    figures["memory"] = _memory((1, 2) if options.quick else (12, 24, 60))
    if options.peers:
        figures |= _peers(options.quick)
    print(json.dumps({"machine": _machine(), **figures}, indent=1) if options.json else _text(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small version, for a look")
    parser.add_argument("--peers", action="store_true", help="Ciw and salabim too, on a small network")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--months", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def _speeds(scenario: str, turns: int, months: int) -> dict[str, float]:
    """Contacts a second of each part of a year, and the ratio of a year to the floor."""
    from floor import contacts_and_numbers

    from layers.draws import run_key
    from simulation.calibration import calibrated
    from simulation.engines import compiled, readable
    from simulation.engines.network import network_of
    from simulation.engines.state import State
    from simulation.experiment import prepare
    from simulation.journeys import route
    from simulation.measures import wait_quantile
    from simulation.operating_model import OperatingModel
    from simulation.rows import TICKS_PER_DAY
    from simulation.scenario import load

    council = load(scenario)
    network = network_of(OperatingModel.today(calibrated(council.council)), council.calendar)
    prepare(network, "compiled")
    key, calendar = run_key(1, 0), council.calendar
    contacts_and_numbers(network.arrivals, key, calendar.first_day(0), calendar.first_day(0) + 1)
    best: dict[str, float] = {}
    totals = {"first": 0, "attempts": 0, "steps": 0, "readable": 0}

    def timed(part: str, call: Callable[[], object], into: dict[str, float]) -> object:
        start = time.perf_counter()
        out = call()
        into[part] = into.get(part, 0.0) + time.perf_counter() - start
        return out

    for _ in range(turns):
        spent: dict[str, float] = {}
        first = calendar.first_day(0)
        state = State.empty(first * TICKS_PER_DAY, len(network.teams))
        totals = dict.fromkeys(totals, 0)
        for month in range(months):
            begin, end = calendar.first_day(month), calendar.first_day(month + 1)
            timed("floor", lambda b=begin, e=end: contacts_and_numbers(network.arrivals, key, b, e), spent)
            contacts = timed("drawing", lambda b=begin, e=end: network.arrivals.draw(key, b, e), spent)
            journeys = timed("routing", lambda c=contacts: route(network.tables, c.copy()), spent)
            if month == 0:
                weeks = route(network.tables, network.arrivals.draw(key, begin, begin + WINDOW_DAYS))
                until = (begin + WINDOW_DAYS) * TICKS_PER_DAY
                call = lambda s=state, j=weeks, u=until: readable.advance(network, s, j, u)  # noqa: E731
                _, seen = timed("simpy", call, spent)
                totals["readable"] = seen.attempts
                call = lambda s=state, j=weeks, u=until: compiled.advance(network, s, j, u)  # noqa: E731
                timed("compiled, the same", call, spent)
            call = lambda s=state, j=journeys, e=end: compiled.advance(network, s, j, e * TICKS_PER_DAY)  # noqa: E731
            state, counted = timed("compiled", call, spent)
            timed("measuring", lambda c=counted: [wait_quantile(w, 0.9) for w in c.waits], spent)
            totals["first"] += len(contacts)
            totals["attempts"] += counted.attempts
            totals["steps"] += int(counted.steps.sum())
        best = {part: min(best.get(part, 1e9), seconds) for part, seconds in spent.items()}
    year = best["drawing"] + best["routing"] + best["compiled"] + best["measuring"]
    return {
        "contacts": totals["attempts"],
        "steps a contact": totals["steps"] / totals["attempts"],
        "floor, contacts/s": totals["first"] / best["floor"],
        "drawing, contacts/s": totals["first"] / best["drawing"],
        "routing, contacts/s": totals["first"] / best["routing"],
        "SimPy queueing, contacts/s": totals["readable"] / best["simpy"],
        "compiled queueing, contacts/s": totals["attempts"] / best["compiled"],
        "compiled queueing, steps/s": totals["steps"] / best["compiled"],
        "compiled ÷ SimPy, same weeks": best["simpy"] / best["compiled, the same"],
        "measuring, contacts/s": totals["attempts"] / best["measuring"],
        "seconds": year,
        "÷ floor": year / best["floor"],
        "queueing ÷ floor": best["compiled"] / best["floor"],
    }


def _starts() -> dict[str, float]:
    """Seconds from a fresh interpreter to one simulated day: with no compiled code on disk, and with it."""
    with tempfile.TemporaryDirectory() as cache:
        out = {}
        for name in ("cold", "cached", "cached, again"):
            out[name] = float(_run_child("start", 0, {"NUMBA_CACHE_DIR": cache}).splitlines()[-1])
    return {"cold, seconds": out["cold"], "cached, seconds": min(out["cached"], out["cached, again"])}


def _workers(quick: bool) -> dict[str, float]:
    """Seconds of the main job's simulation, without its search, with one and with two worker processes."""
    months = 1 if quick else 12
    seconds = {workers: float(_run_child(f"workers {workers}", months).splitlines()[-1]) for workers in (1, 2)}
    return {"one, seconds": seconds[1], "two, seconds": seconds[2], "gain": seconds[1] / seconds[2]}


def _plan(quick: bool) -> dict[str, float]:
    """Seconds of one replication of today and the target over a year, and of today and the plan over the plan's five."""
    year, plan = (float(_run_child(what, 1 if quick else months).splitlines()[-1]) for what, months in PLAN_AND_PAIR)
    return {"today and target, seconds": year, "today and plan, seconds": plan, "÷ the pair": plan / year}


PLAN_AND_PAIR = (("pair", 12), ("plan", 60))


def _memory(horizons: tuple[int, ...]) -> dict[str, float]:
    """Peak megabytes above an interpreter that has imported the same, and seconds, by months."""
    out = {}
    for months in horizons:
        megabytes, seconds = _run_child("memory", months).split()[-2:]
        out[f"{months} months, MB"], out[f"{months} months, seconds"] = float(megabytes), float(seconds)
    return out


def _peers(quick: bool) -> dict[str, dict[str, float]]:
    """The small network in four simulators; nothing but a line that says how, where two of them are not installed."""
    from peers import how_to_install, missing, speeds

    if missing():
        print(how_to_install(missing()), file=sys.stderr)
        return {}
    return speeds(quick)


def _run_child(what: str, months: int, environment: dict[str, str] | None = None) -> str:
    command = [sys.executable, __file__, "--child", what, "--months", str(months)]
    # as an installed program does: what Python compiles is kept
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        command, env={**inherited, **(environment or {})}, capture_output=True, text=True, check=True
    ).stdout


def _child(what: str, months: int) -> None:
    start = time.perf_counter()
    from simulation.calibration import calibrated
    from simulation.engines.network import network_of
    from simulation.experiment import Settings, prepare, run
    from simulation.operating_model import OperatingModel
    from simulation.runs import Window, run_months
    from simulation.scenario import load

    if what.startswith("workers"):
        settings = Settings(replications=2, months=months, workers=int(what.split()[1]), search=False)
        scenario = load("oxfordshire")
        prepare(network_of(OperatingModel.today(calibrated(scenario.council)), scenario.calendar), "compiled")
        start = time.perf_counter()
        run(scenario, settings)
        return print(time.perf_counter() - start)
    scenario = load("oxfordshire")
    network = network_of(OperatingModel.today(calibrated(scenario.council)), scenario.calendar)
    if what == "start":
        start = time.perf_counter()
        prepare(network, "compiled")
        return print(time.perf_counter() - start)
    if what in ("pair", "plan"):
        return print(_seconds_of(what, network, Window(0, months, 28, 336)))
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    run_months(network, 1, 0, Window(0, months, 0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print((peak - before) / 1024, time.perf_counter() - start)


def _seconds_of(what: str, today: "Network", window: "Window") -> float:
    """Seconds of one replication of the snapshot pair, or of the plan beside today, on a compiled engine."""
    from simulation.by_area import effort_by_area, fte_by_area
    from simulation.experiment import prepare
    from simulation.operating_model import OperatingModel
    from simulation.plan.posts import Capacity
    from simulation.plan.stages import Stages
    from simulation.plan.transition import simulate
    from simulation.runs import run_models

    prepare(today, "compiled")
    target = today.remodelled(OperatingModel.target(today.model.council))
    people = fte_by_area(today, today.rosters.fte)
    released = effort_by_area(today) - effort_by_area(target)
    start = time.perf_counter()
    if what == "pair":
        run_models({"today": today, "target": target}, 1, 0, window, today=today)
    else:
        capacity = Capacity(people, people, people - released, released)
        simulate(today, Stages(today.model.council, today.calendar), capacity, 1, 0, window)
    return time.perf_counter() - start


def _machine() -> dict[str, object]:
    packages = {name: version(name) for name in ("numpy", "numba", "simpy")}
    return {"cores": os.cpu_count(), "python": platform.python_version(), **packages}


def _text(figures: dict[str, dict[str, float]]) -> str:
    lines = ["  ".join(f"{name} {value}" for name, value in _machine().items())]
    for part, numbers in figures.items():
        lines.append(f"\n{part}")
        lines += [
            f"  {name:34s} {value:>14,.2f}" if value < 1000 else f"  {name:34s} {value:>14,.0f}"
            for name, value in numbers.items()
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
