"""Tasks for the batch executor's tests, importable by a worker. Run as a program it starts a batch of endless tasks."""

import os
import signal
import sys
import time
from pathlib import Path


def square(shared: int, task: int) -> tuple[int, int]:
    """shared × task², and the process that worked it out."""
    time.sleep(0.01 * (task % 3))
    return shared * task * task, os.getpid()


def noted(folder: str, task: int) -> int:
    """Leave one file for each time a task is begun."""
    times = len(list(Path(folder).glob(f"task-{task}-*")))
    (Path(folder) / f"task-{task}-{times}").write_text(str(os.getpid()))
    return times


def dies_once(folder: str, task: int) -> int:
    """Task 3 ends its worker the first time, after a moment in which others finish."""
    times = noted(folder, task)
    if task == 3 and times == 0:
        time.sleep(0.3)
        os._exit(7)
    return task * 10


def dies_first(folder: str, task: int) -> int:
    """Task 0 ends its worker the first time; the others say who did them."""
    if noted(folder, task) == 0 and task == 0:
        os._exit(7)
    time.sleep(0.1)
    return os.getpid()


def poisoned(folder: str, task: int) -> int:
    """Task 5 ends its worker whenever it is tried."""
    noted(folder, task)
    if task == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return task * 10


def dies_at_once(shared: None, task: int) -> int:
    """Task 0 ends its worker before the others are even handed out."""
    if task == 0 and not os.environ.get("TOM_TEST_SPARE_TASK_0"):
        os._exit(7)
    return task


def fails(folder: str, task: int) -> int:
    """Task 1 raises; the others take a while."""
    noted(folder, task)
    if task == 1:
        raise ValueError("task 1 has no answer")
    time.sleep(0.2)
    return task


def endless(folder: str, task: int) -> None:
    """Work without a pause, and without reading anything, for longer than any test waits."""
    noted(folder, task)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        sum(range(100_000))


def unpicklable(shared: None, task: int) -> object:
    """Gives back what no process can hand to another."""
    return lambda: task


if __name__ == "__main__":
    from simulation.batch import run_batch

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started us in the background
    run_batch(endless, sys.argv[1], [1, 2], 2)
