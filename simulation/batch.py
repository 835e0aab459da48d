"""The one batch executor: tasks over processes, in any number, with the same results in the same order.

Tasks are plain calls `work(shared, task)`. With one worker they run here; with more, in spawned processes that get `shared`
once. A worker that dies costs the tasks in hand at that moment, no other: they are tried again, one at a time, and a task
that twice ends the worker it has to itself is an error that names it. Workers die with their parent.
"""

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait as wait_for_end
from typing import Any, Generic, TypeVar

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")
MOST_TRIES = 2
INTERRUPTS = (signal.SIGINT, signal.SIGTERM)

_shared: Any = None


class WorkerDied(RuntimeError):
    """A task ended its worker process, each time it was tried alone."""


def run_batch(
    work: Callable[[Shared, Task], Result],
    shared: Shared,
    tasks: Sequence[Task],
    workers: int,
    on_done: Callable[[int], None] | None = None,
) -> list[Result]:
    """Do every task; results in the order of tasks. `on_done` gets the number of tasks finished so far.

    What a task raises is raised here. Raises WorkerDied for a task that kills a worker of its own twice.
    """
    batch = _Batch(work, shared, tasks, on_done or (lambda _: None))
    if min(workers, len(tasks)) <= 1:
        return batch.here()
    return batch.over(min(workers, len(tasks)))


@dataclass
class _Batch(Generic[Shared, Task, Result]):
    work: Callable[[Shared, Task], Result]
    shared: Shared
    tasks: Sequence[Task]
    on_done: Callable[[int], None]
    results: dict[int, Result] = field(default_factory=dict)

    def here(self) -> list[Result]:
        """Do every task in this process."""
        for index, task in enumerate(self.tasks):
            self._keep(index, self.work(self.shared, task))
        return list(self.results.values())

    def over(self, workers: int) -> list[Result]:
        """Do every task in worker processes; those in hand when a worker dies are done alone before the rest goes on."""
        left = deque(range(len(self.tasks)))
        while left:
            suspects, deaths = deque(self._pool(left, workers)), Counter[int]()
            while suspects:
                for index in self._pool(suspects, 1):
                    deaths[index] += 1
                    suspects.appendleft(index)
                    if deaths[index] == MOST_TRIES:
                        said = f"task {index + 1} of {len(self.tasks)} ended its worker {MOST_TRIES} times"
                        raise WorkerDied(f"{said}: {self.tasks[index]}")
        return [self.results[index] for index in range(len(self.tasks))]

    def _keep(self, index: int, result: Result) -> None:
        self.results[index] = result
        self.on_done(len(self.results))

    def _pool(self, left: deque[int], workers: int) -> list[int]:
        """Hand out what is left to a pool of processes; returns what was in hand when one died, else nothing."""
        others = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (self.shared,))
        in_hand: dict[Future[Result], int] = {}
        try:
            while left or in_hand:
                while left and len(in_hand) < workers:
                    with _interrupts_held():
                        in_hand[pool.submit(_call, self.work, self.tasks[left[0]])] = left[0]
                    left.popleft()
                done = wait(in_hand, return_when=FIRST_COMPLETED).done
                for future in sorted(done, key=lambda ended: ended.exception() is not None):
                    self._keep(in_hand[future], future.result())
                    del in_hand[future]
        except BrokenProcessPool:
            return sorted(in_hand.values())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
        return []


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start a worker without being interrupted half-way, and let it begin with Ctrl-C held back: its parent stops it."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held: list[int] = []
    before = {number: signal.signal(number, lambda came, _: held.append(came)) for number in INTERRUPTS}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)
    for came in held[:1]:
        signal.raise_signal(came)


def _begin(shared: Any) -> None:
    """Set up a worker: keep what is shared, leave interrupts to the parent, end when the parent ends."""
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
