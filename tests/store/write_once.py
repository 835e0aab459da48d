"""Writes one result into the folder given and prints a hash of its tables: run in processes of their own."""

import hashlib
import sys
from pathlib import Path

import pandas as pd

from simulation.store.result import write_result

ROWS = 5_000


def main() -> None:
    pools = {f"pool {number}" for number in range(ROWS)}
    service = pd.DataFrame({"pool": list(pools)})  # a set: its order changes with PYTHONHASHSEED
    service["occupancy"] = service["pool"].str.removeprefix("pool ").astype(float) / 7
    service = service.assign(scenario="s", model="today", replication=1, month="2018-04", offered=3)
    folder = write_result(Path(sys.argv[1]), "s", {"service": service}, {}, {"input_hash": "0" * 64}, csv=True)
    content = b"".join((folder / f"service.{kind}").read_bytes() for kind in ("parquet", "csv"))
    print(hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main()
