"""The same small network (`peers.yaml`) in four simulators, contacts a second: `python benchmarks/peers.py [--quick]`.

Each figure is the best of several alternating turns and covers the drawing of random numbers too. The share that gives up
shows that all four did the same work.
"""

import argparse
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise

from small_network import MINUTES_A_DAY, SmallNetwork, by_ciw, by_salabim, our_network

from layers.draws import run_key
from simulation.engines.choice import engine
from simulation.engines.network import Network
from simulation.engines.state import State
from simulation.experiment import prepare
from simulation.journeys import route
from simulation.rows import TICKS_PER_DAY

PEERS = ("ciw", "salabim")
STRETCH_DAYS = 30
SIZES = {"12 people": (), "96 people": ("demand.volume_factor=8", "teams.staffing_factor=8")}
CONTACTS = {"compiled": 400_000, "SimPy": 40_000, "Ciw": 30_000, "salabim": 8_000}
"""So many each: enough for a steady figure, in seconds."""
INSTALL = "python3 start.py python -m pip install --no-build-isolation -e '.[peers]'"


def ours(network: Network, engine_name: str, days: int) -> tuple[int, int]:
    """Draw, route and queue, a month or less at a time."""
    advance, key, teams = engine(engine_name), run_key(1, 0), len(network.teams)
    state, contacts, gave_up = State.empty(0, teams), 0, 0
    for begin, end in pairwise([*range(0, days, STRETCH_DAYS), days]):
        journeys = route(network.tables, network.arrivals.draw(key, begin, end))
        state, counted = advance(network, state, journeys, end * TICKS_PER_DAY)
        contacts += counted.attempts
        gave_up += int(counted.by_team["abandoned"].sum())
    return contacts, gave_up


def missing() -> list[str]:
    """The peers that are not installed."""
    return [name for name in PEERS if not _version(name)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def how_to_install(names: list[str]) -> str:
    """One line for who has not got the peers."""
    return f"peers: {' and '.join(names)} not installed; {INSTALL}"


def speeds(quick: bool = False) -> dict[str, dict[str, float]]:
    """Contacts a second and the share that gives up, by size of the network and simulator."""
    return {f"peers, {size}": _speeds(our_network(*sets), quick) for size, sets in SIZES.items()}


def _speeds(network: Network, quick: bool) -> dict[str, float]:
    small = SmallNetwork.of(network)
    prepare(network, "compiled")
    simulators: dict[str, Callable[[int], tuple[int, int]]] = {
        "compiled": lambda days: ours(network, "compiled", days),
        "SimPy": lambda days: ours(network, "simpy", days),
        "Ciw": lambda days: by_ciw(small, days),
        "salabim": lambda days: by_salabim(small, days),
    }
    best, shares = dict.fromkeys(simulators, 0.0), {}
    for _ in range(1 if quick else 3):
        for name, simulate in simulators.items():
            days = max(1, round(CONTACTS[name] / small.calls_a_minute / MINUTES_A_DAY))
            start = time.perf_counter()
            contacts, gave_up = simulate(days)
            best[name] = max(best[name], contacts / (time.perf_counter() - start))
            shares[name] = gave_up / contacts
    return {f"{name}, contacts/s": value for name, value in best.items()} | {
        f"{name}, gave up %": 100 * share for name, share in shares.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one turn instead of three")
    options = parser.parse_args()
    if missing():
        return print(how_to_install(missing()))
    print("  ".join(f"{name} {version(name)}" for name in ("numba", "simpy", *PEERS)))
    for size, numbers in speeds(options.quick).items():
        print(f"\n{size}")
        print("\n".join(f"  {name:34s} {value:>14,.1f}" for name, value in numbers.items()))


if __name__ == "__main__":
    main()
