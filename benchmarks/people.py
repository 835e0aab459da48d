"""How fast people are: flows alone, beside drawing as many random numbers; and policies with redeployment.

    python benchmarks/people.py [--replications N] [--policies N]

Bars: 4,455 people × 60 months × 1,000 replications in 10 seconds on one core; five policies × 200 replications in 2 minutes.
"""

import argparse
import resource
import time

import numpy as np

from layers.draws import name_hash
from layers.effort_matrix import estimate
from simulation.case import reduction_path
from simulation.scenario import load
from workforce.chance import fill_chances, replication_key
from workforce.establishment.generated import generate
from workforce.flows.month import FLOWS, POOL, flow_month
from workforce.staff import Staff, months_from

MONTHS = 60


def oxfordshire() -> tuple[Staff, object]:
    council = load("oxfordshire").council
    matrix = estimate(council.layers, council.service_areas, council.effort_matrix)
    people = generate(council.workforce, council.service_areas, matrix)
    staff = Staff(council.workforce, people, months_from("2018-06", "2023-06"))
    return staff, staff.reductions(reduction_path(council, "mid", "A"))


def flows(staff: Staff, setting: object, replications: int) -> float:
    """Seconds for the people of so many replications, month by month."""
    pools = np.zeros(len(staff.pools.names), POOL)
    pools["resign_factor"] = 1.0
    counts = np.zeros((len(pools), len(FLOWS)))
    started = time.perf_counter()
    for replication in range(replications):
        posts, run = staff.opening.posts.copy(), replication_key(1, replication)
        for month in range(MONTHS):
            flow_month(posts, pools, month, run, setting.leaving, setting.allowed, setting.hiring, counts)
    return time.perf_counter() - started


def draws(people: int, replications: int) -> float:
    """Seconds for one random number a person, month and replication."""
    out, indices, purpose = np.empty(people), np.arange(people), name_hash("benchmark")
    started = time.perf_counter()
    for replication in range(replications):
        run = replication_key(1, replication)
        for month in range(MONTHS):
            fill_chances(out, run, purpose, month, indices)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--replications", type=int, default=1000)
    parser.add_argument("--policies", type=int, default=200, help="replications of each of five policies")
    asked = parser.parse_args()
    staff, found = oxfordshire()
    setting = staff.course(staff.policy("usual"), found, 1, 0).setting
    flows(staff, setting, 1), draws(10, 1)
    seconds, alone = flows(staff, setting, asked.replications), draws(len(staff.opening.posts), asked.replications)
    print(f"flows: {len(staff.opening.posts):,} posts × {MONTHS} months × {asked.replications:,}: {seconds:.1f} s")
    print(f"random numbers alone: {alone:.1f} s; flows take {seconds / alone:.1f} times that")
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    for name in staff.section.compared:
        for replication in range(asked.policies):
            staff.course(staff.policy(name), found, 1, replication)
    seconds = time.perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{len(staff.section.compared)} policies × {asked.policies}: {seconds:.0f} s; memory grew by {grown:.0f} MB")


if __name__ == "__main__":
    main()
