"""The compiled engine stays inside its arrays, however little room it begins with, and refuses what its keys cannot hold."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulation.engines.compiled import TIME_SHIFT
from simulation.engines.state import ID_BITS
from simulation.rows import TICKS_PER_DAY

SCRIPT = Path(__file__).with_name("checked_kernel.py")
ROOT = SCRIPT.parents[2]


def checked(contacts: int, numbers: Iterable[int], **setting: str) -> dict[str, Any]:
    """What the script found, in a process with another way of compiling."""
    command = [sys.executable, "-W", "ignore", str(SCRIPT), str(contacts), *map(str, numbers)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **setting}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_as_plain_python_no_index_is_out_of_bounds_or_negative_and_the_course_is_the_same():
    found = checked(60, range(8), NUMBA_DISABLE_JIT="1")
    assert found["plain"]
    assert found["differences"] == {}
    assert found["rows"] > 5000
    assert min(found["growth"][name] for name in ("attempts", "steps", "heap", "trace", "visits")) > 500


@pytest.mark.campaign
def test_compiled_with_bounds_checked_no_index_is_out_of_bounds(tmp_path):
    found = checked(400, range(60), NUMBA_BOUNDSCHECK="1", NUMBA_CACHE_DIR=str(tmp_path))
    assert not found["plain"]
    assert found["differences"] == {}
    assert found["rows"] > 200_000


def test_a_wait_beyond_the_calendar_never_ends_and_reads_nothing_beyond_it(random_run, following):
    run = random_run(6)
    delays = run.network.tables.failure.copy()
    delays[2:5] = np.int64(20 * 365) * TICKS_PER_DAY
    far = replace(run, network=replace(run.network, tables=run.network.tables._replace(failure=delays)))
    simpy, compiled = (following(far, list(far.stretches), [name]) for name in ("simpy", "compiled"))
    assert simpy.differences(compiled) == []
    state = compiled.states[-1]
    assert state.progress["until"].max() == run.network.office.closes[-1]
    assert state.progress["until"].max() < 1 << (63 - TIME_SHIFT)


@pytest.mark.parametrize("name", ["simpy", "compiled"])
def test_more_attempts_than_an_event_key_can_number_are_refused(random_run, following, name):
    run = random_run(3)
    run = replace(run)
    object.__setattr__(run, "start", lambda: replace(type(run).start(run), next_id=(1 << ID_BITS) - 5))
    with pytest.raises(OverflowError, match="67 million"):
        following(run, list(run.stretches), [name])
