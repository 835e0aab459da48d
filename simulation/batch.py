"""The one batch executor: tasks over processes, in any number, with the same results in the same order.

Tasks are plain calls `work(shared, task)`. With one worker they run here; with more, in spawned processes that get `shared`
once; or in the processes of a cluster (`simulation/cluster.py`). A worker that dies costs the tasks in hand at that moment, no
other: they are tried again, one at a time, and a task that twice ends the worker it has to itself is an error that names it.
Workers die with their parent.
"""

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from multiprocessing.connection import wait as wait_for_end
from typing import Any, Generic, Protocol, TypeVar

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")
Submit = Callable[[Callable[[Any, Any], Any], Any], "Future[Any]"]
MOST_TRIES = 2
INTERRUPTS = (signal.SIGINT, signal.SIGTERM)

_shared: Any = None


class WorkerDied(RuntimeError):
    """A task ended its worker process, each time it was tried alone."""


class End(Enum):
    """What an exception in place of a result says of its task."""

    RAISED = auto()
    """The task raised it."""
    DIED = auto()
    """Its worker died: this task, or one beside it, is to blame."""
    LOST = auto()
    """The pool was lost, through no fault of the task."""


@dataclass(frozen=True)
class Ended(Generic[Task, Result]):
    """A task that has ended: its place in the order of tasks, and its result or what it raised."""

    index: int
    task: Task
    result: Result | None = None
    error: Exception | None = None


class Pool(Protocol):
    """Where tasks are done."""

    @property
    def places(self) -> int:
        """Tasks handed out at one time."""

    @property
    def tries(self) -> int:
        """Times that a task on its own may end its worker before it is to blame."""

    def open(self, shared: Any) -> AbstractContextManager[Submit]:
        """Start workers that know `shared`; the function handed back submits a task. Raises what `kind` knows as LOST."""

    def alone(self) -> "Pool":
        """The same with one task at a time."""

    def kind(self, error: BaseException) -> End:
        """What an exception says of the task that ended with it."""


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
    results: dict[int, Any] = {}
    workers = min(workers, len(tasks))
    with closing(each(work, shared, tasks, Processes(workers) if workers > 1 else None)) as ended:
        for end in ended:
            if isinstance(end.error, WorkerDied):
                raise WorkerDied(f"task {end.index + 1} of {len(tasks)} {end.error}: {end.task}")
            if end.error is not None:
                raise end.error
            results[end.index] = end.result
            if on_done is not None:
                on_done(len(results))
    return [results[index] for index in range(len(tasks))]


def each(
    work: Callable[[Shared, Task], Result], shared: Shared, tasks: Iterable[Task], pool: Pool | None = None
) -> Generator[Ended[Task, Result], None, None]:
    """Do every task; each is yielded as it ends, with its result or what it raised. Without a pool they are done here.

    Tasks are taken as there is room for them and nothing is kept, so that there may be any number. To be closed by whoever
    leaves it before its end. Raises what says that the pool is lost, once it cannot be opened again.
    """
    if pool is None:
        for index, task in enumerate(tasks):
            yield _done_here(work, shared, index, task)
        return
    yield from _Batch(work, shared, iter(enumerate(tasks)), pool).over()


def _done_here(work: Callable[[Shared, Task], Result], shared: Shared, index: int, task: Task) -> Ended[Task, Result]:
    try:
        return Ended(index, task, work(shared, task))
    except Exception as error:
        return Ended(index, task, error=error)


@dataclass
class _Batch(Generic[Shared, Task, Result]):
    work: Callable[[Shared, Task], Result]
    shared: Shared
    new: Iterator[tuple[int, Task]]
    pool: Pool
    again: deque[tuple[int, Task]] = field(default_factory=deque)
    """Tasks that were handed out and lost with the pool."""

    def over(self) -> Generator[Ended[Task, Result], None, None]:
        """Do every task in the pool; those in hand when a worker dies are done alone before the rest goes on."""
        while left := self._first():
            self.again.appendleft(left)
            suspects, deaths = deque((yield from self._through(self.pool, self._first))), Counter[int]()
            while suspects:
                for index, task in (yield from self._through(self.pool.alone(), _from(suspects))):
                    deaths[index] += 1
                    if deaths[index] < self.pool.tries:
                        suspects.appendleft((index, task))
                    else:
                        yield Ended(index, task, error=WorkerDied(f"ended its worker {deaths[index]} times"))

    def _first(self) -> tuple[int, Task] | None:
        return self.again.popleft() if self.again else next(self.new, None)

    def _through(
        self, pool: Pool, take: Callable[[], tuple[int, Task] | None]
    ) -> Generator[Ended[Task, Result], None, list[tuple[int, Task]]]:
        """Hand out tasks until there are none, a worker dies or the pool is lost; returns what was in hand at a death."""
        in_hand: dict[Future[Any], tuple[int, Task]] = {}
        suspects: list[tuple[int, Task]] = []
        more = True
        with pool.open(self.shared) as submit:
            while more or in_hand:
                while more and len(in_hand) < pool.places and (task := take()):
                    more = self._hand_out(pool, submit, task, in_hand)
                if not in_hand:
                    break
                done = wait(in_hand, return_when=FIRST_COMPLETED).done
                for future in sorted(done, key=_failed):
                    index, own = in_hand.pop(future)
                    end = _ended(future, index, own)
                    kind = pool.kind(end.error) if end.error else End.RAISED
                    if kind is End.RAISED:
                        yield end
                        continue
                    more = False
                    (suspects if kind is End.DIED else self.again).append((index, own))
        return sorted(suspects, key=lambda suspect: suspect[0])

    def _hand_out(
        self, pool: Pool, submit: Submit, task: tuple[int, Task], in_hand: "dict[Future[Any], tuple[int, Task]]"
    ) -> bool:
        """Submit one task; False, and the task kept for later, where the pool takes no more."""
        try:
            in_hand[submit(self.work, task[1])] = task
        except Exception as error:
            if pool.kind(error) is End.RAISED:
                raise
            self.again.appendleft(task)
            return False
        return True


def _from(tasks: deque[tuple[int, Task]]) -> Callable[[], tuple[int, Task] | None]:
    return lambda: tasks.popleft() if tasks else None


def _failed(future: "Future[Any]") -> bool:
    return future.cancelled() or future.exception() is not None


def _ended(future: "Future[Any]", index: int, task: Task) -> Ended[Task, Any]:
    try:
        return Ended(index, task, future.result())
    except Exception as error:
        return Ended(index, task, error=error)


@dataclass(frozen=True)
class Processes:
    """Spawned processes on this machine; `ahead` tasks are handed out beyond one a worker, so that none waits for the next."""

    workers: int
    ahead: int = 0
    tries: int = MOST_TRIES

    @property
    def places(self) -> int:
        """Tasks handed out at one time."""
        return self.workers + self.ahead

    def alone(self) -> "Processes":
        """One process with one task."""
        return Processes(1)

    def kind(self, error: BaseException) -> End:
        """A dead worker takes the whole pool with it."""
        return End.DIED if isinstance(error, BrokenProcessPool) else End.RAISED

    @contextmanager
    def open(self, shared: Any) -> Iterator[Submit]:
        """Start the pool; whatever ends it, its processes end too."""
        others = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn"), _begin, (shared,))

        def submit(work: Callable[[Any, Any], Any], task: Any) -> "Future[Any]":
            with _interrupts_held():
                return pool.submit(_call, work, task)

        try:
            yield submit
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()


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
