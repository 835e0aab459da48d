"""The one batch executor: tasks over processes, in any number, with the same results in the same order.

Tasks are plain calls `work(shared, task)`. With one worker they run here; with more, in spawned processes that get `shared`
once. A worker that dies costs the tasks it had: they are tried again, one at a time, and a task that kills its worker twice
is an error that names it. Workers die with their parent.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for_end
from typing import Any, TypeVar

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")
MOST_TRIES = 2

_shared: Any = None


class WorkerDied(RuntimeError):
    """A task ended its worker process, each time it was tried."""


def run_batch(
    work: Callable[[Shared, Task], Result],
    shared: Shared,
    tasks: Sequence[Task],
    workers: int,
    on_done: Callable[[int], None] | None = None,
) -> list[Result]:
    """Do every task; results in the order of tasks. `on_done` gets the number of tasks finished so far.

    What a task raises is raised here. Raises WorkerDied for a task that kills its worker twice.
    """
    workers = min(workers, len(tasks))
    if workers <= 1:
        return _here(work, shared, tasks, on_done)
    results: dict[int, Result] = {}
    tries = [0] * len(tasks)
    left = list(range(len(tasks)))
    together = workers
    while left:
        for index in left[:1] if together == 1 else left:
            tries[index] += 1
        left = _one_pool(work, shared, tasks, left, together, results, on_done)
        together = 1 if left else together
        for index in left[:1]:
            if tries[index] > MOST_TRIES:
                raise WorkerDied(
                    f"task {index + 1} of {len(tasks)} ended its worker {MOST_TRIES} times: {tasks[index]}"
                )
    return [results[index] for index in range(len(tasks))]


def _here(
    work: Callable[[Shared, Task], Result],
    shared: Shared,
    tasks: Sequence[Task],
    on_done: Callable[[int], None] | None,
) -> list[Result]:
    results = []
    for task in tasks:
        results.append(work(shared, task))
        if on_done is not None:
            on_done(len(results))
    return results


def _one_pool(
    work: Callable[[Shared, Task], Result],
    shared: Shared,
    tasks: Sequence[Task],
    left: list[int],
    workers: int,
    results: dict[int, Result],
    on_done: Callable[[int], None] | None,
) -> list[int]:
    """Do what is left in one pool of processes; returns what is left when the pool breaks, else nothing."""
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (shared,))
    futures: dict[Future[Result], int] = {pool.submit(_call, work, tasks[index]): index for index in left}
    try:
        pending = set(futures)
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    results[futures[future]] = future.result()
                except BrokenProcessPool:
                    return [index for index in left if index not in results]
                if on_done is not None:
                    on_done(len(results))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()
    return []


def _begin(shared: Any) -> None:
    """Set up a worker: keep what is shared, leave interrupts to the parent, end when the parent ends."""
    import signal

    global _shared
    _shared = shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for_end([sentinel])
    os._exit(1)


def _call(work: Callable[[Any, Any], Result], task: Any) -> Result:
    return work(_shared, task)
