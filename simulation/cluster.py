"""A Dask cluster as a pool for the batch executor: the same tasks in processes of other machines.

Needs the extra `cluster`. The scheduler and every worker run this same program; they see the tasks alone, no file of this
machine. Dask itself hands the tasks of a dead worker to others; what ends worker after worker comes back here.
"""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from simulation.batch import End, Submit

FIRST_PATIENCE_SECONDS = 30.0
PATIENCE_SECONDS = 300.0
"""How long a scheduler that went away, or its workers, may take to come back."""
QUIET = ("distributed.client", "distributed.core", "distributed.comm", "asyncio")
"""Loggers that print a traceback for each connection lost: whoever waits is told in one sentence instead."""
COUNTED_EVERY_SECONDS = 5.0
AHEAD = 2
"""Tasks handed out for each thread of the cluster, so that none waits for the next."""


class NoCluster(RuntimeError):
    """Nothing answers at the address, or no longer."""


def is_installed() -> bool:
    """Whether the extra is there."""
    from importlib.util import find_spec

    return find_spec("distributed") is not None


@dataclass
class Cluster:
    """The workers behind a Dask scheduler, such as `tcp://10.0.0.1:8786`."""

    address: str
    patience_seconds: float = PATIENCE_SECONDS
    _places: list[int] = field(default_factory=lambda: [1])
    _counted_at: float = float("-inf")
    _client: Any = None
    _was_open: bool = False

    tries = 1
    """Dask has tried a task several times, on several workers, before it comes back."""

    @property
    def places(self) -> int:
        """Tasks handed out at one time: as many as the cluster now has threads, and as many again."""
        if self._client is not None and time.monotonic() - self._counted_at > COUNTED_EVERY_SECONDS:
            self._counted_at = time.monotonic()
            self._places[0] = AHEAD * max(1, sum(self._threads().values()))
        return self._places[0]

    def alone(self) -> "_Alone":
        """The same cluster with one task."""
        return _Alone(self)

    def kind(self, error: BaseException) -> End:
        """Blame a task for the deaths of several workers; never for a connection that broke."""
        from distributed import CancelledError as Forgotten
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        if isinstance(error, KilledWorker):
            return End.DIED
        return End.LOST if isinstance(error, CancelledError | Forgotten | CommClosedError) else End.RAISED

    @contextmanager
    def open(self, shared: Any) -> Iterator[Submit]:
        """Connect; raises NoCluster where no scheduler with a worker answers in time."""
        client = self._connected()
        self._client, self._was_open, self._counted_at = client, True, float("-inf")
        try:
            # As a task, not as data: should the worker that holds it die, another makes it again.
            known = client.submit(_given, shared, pure=False)
            executor = client.get_executor(pure=False)

            def submit(work: Callable[[Any, Any], Any], task: Any) -> "Future[Any]":
                future: Future[Any] = executor.submit(_call, work, known, task)
                return future

            yield submit
        finally:
            self._client = None
            client.close(timeout=5)

    def _connected(self) -> Any:
        from distributed import Client

        for name in QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        patience = self.patience_seconds if self._was_open else min(FIRST_PATIENCE_SECONDS, self.patience_seconds)
        until = time.monotonic() + patience
        while True:
            client = None
            try:
                client = Client(self.address, timeout=min(5.0, patience), set_as_default=False)
                client.wait_for_workers(1, timeout=max(1.0, until - time.monotonic()))
                return client
            except (OSError, TimeoutError, ValueError) as error:
                if client is not None:
                    client.close(timeout=5)
                if isinstance(error, ValueError) or time.monotonic() >= until:
                    what = "no worker is connected to" if client is not None else "no Dask scheduler answers at"
                    raise NoCluster(f"{what} {self.address} (waited {patience:.0f} seconds)") from error
                time.sleep(0.5)

    def _threads(self) -> dict[str, int]:
        try:
            return dict(self._client.nthreads())
        except Exception:  # a connection that breaks at this moment shows in the tasks, where it is dealt with
            return {}


@dataclass(frozen=True)
class _Alone:
    """A cluster with one task at a time."""

    cluster: Cluster
    places: int = 1
    tries: int = 1

    def alone(self) -> "_Alone":
        return self

    def kind(self, error: BaseException) -> End:
        return self.cluster.kind(error)

    def open(self, shared: Any) -> Any:
        return self.cluster.open(shared)


def _given(value: Any) -> Any:
    return value


def _call(work: Callable[[Any, Any], Any], shared: Any, task: Any) -> Any:
    return work(shared, task)
