"""The batch executor: the same results in the same order whatever the workers, and whatever happens to them."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from importlib import import_module
from multiprocessing import active_children, get_context
from pathlib import Path
from types import ModuleType

import pytest

from simulation.batch import Processes, WorkerDied, each, run_batch

HERE = Path(__file__).parent
NAME = "batch_tasks"
PATIENCE_SECONDS = 20.0


@pytest.fixture
def tasks(monkeypatch) -> Iterator[ModuleType]:
    """The module of tasks, which workers import by name."""
    monkeypatch.syspath_prepend(HERE)
    yield import_module(NAME)
    sys.modules.pop(NAME)


@pytest.fixture
def begun(tmp_path) -> Callable[[], Counter[int]]:
    """How many times each task was begun."""
    return lambda: Counter(int(file.name.split("-")[1]) for file in tmp_path.glob("task-*"))


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    yield
    wait_until(lambda: not active_children())


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not yet collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_two_workers_give_the_results_of_one_in_the_order_of_tasks(tasks):
    here, done = run_batch(tasks.square, 3, range(12), 1), []
    apart = run_batch(tasks.square, 3, range(12), 2, done.append)
    assert [value for value, _ in here] == [value for value, _ in apart] == [3 * n * n for n in range(12)]
    assert {pid for _, pid in here} == {os.getpid()}
    assert os.getpid() not in {pid for _, pid in apart} and len({pid for _, pid in apart}) <= 2
    assert done == list(range(1, 13))


def test_nothing_to_do_is_done_at_once(tasks):
    assert run_batch(tasks.square, 3, [], 4) == []


def test_more_workers_than_tasks_are_not_started(tasks):
    assert [value for value, _ in run_batch(tasks.square, 1, [5], 8)] == [25]


def test_a_worker_that_dies_costs_the_tasks_in_hand_and_no_other(tasks, begun, tmp_path):
    done = []
    results = run_batch(tasks.dies_once, str(tmp_path), range(8), 2, done.append)
    assert results == [n * 10 for n in range(8)]
    assert begun()[3] == 2
    assert sum(begun().values()) <= 8 + 2
    assert done == list(range(1, 9))


def test_after_a_worker_died_the_rest_is_shared_out_again(tasks, tmp_path):
    results = run_batch(tasks.dies_first, str(tmp_path), range(12), 2)
    assert len({pid for pid in results[4:]}) == 2


def test_a_task_that_kills_every_worker_is_named(tasks, begun, tmp_path):
    with pytest.raises(WorkerDied, match=r"task 6 of 8 ended its worker 2 times: 5$"):
        run_batch(tasks.poisoned, str(tmp_path), range(8), 2)
    assert begun()[5] == 3
    assert all(begun()[n] >= 1 for n in range(4))


def test_a_worker_that_dies_while_tasks_are_handed_out_is_no_different(tasks, monkeypatch):
    with pytest.raises(WorkerDied, match="task 1 of 30000"):
        run_batch(tasks.dies_at_once, None, range(30_000), 2)
    monkeypatch.setenv("TOM_TEST_SPARE_TASK_0", "1")
    assert run_batch(tasks.dies_at_once, None, range(50), 2) == list(range(50))


def test_what_a_task_raises_is_raised(tasks, begun, tmp_path):
    for workers in (1, 2):
        with pytest.raises(ValueError, match="task 1 has no answer"):
            run_batch(tasks.fails, str(tmp_path), range(40), workers)
    assert sum(begun().values()) < 40


def test_what_cannot_be_handed_over_is_an_error_and_not_a_dead_worker(tasks):
    with pytest.raises(Exception, match=r"pickle|local object"):
        run_batch(tasks.unpicklable, None, range(4), 2)


def test_ctrl_c_in_the_parent_ends_the_workers_and_nobody_else_s(tasks):
    def interrupted(done: int) -> None:
        raise KeyboardInterrupt

    bystander = get_context("spawn").Process(target=time.sleep, args=(60,))
    bystander.start()
    with pytest.raises(KeyboardInterrupt):
        run_batch(tasks.square, 1, range(100), 2, interrupted)
    wait_until(lambda: active_children() == [bystander])
    bystander.terminate()


@pytest.fixture
def starting(tmp_path) -> Iterator[subprocess.Popen[bytes]]:
    """A parent in a session of its own that starts two workers which never finish; nothing of it outlives the test."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)])}
    command = [sys.executable, str(HERE / f"{NAME}.py"), str(tmp_path)]
    parent = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.PIPE)
    yield parent
    with suppress(ProcessLookupError):
        os.killpg(parent.pid, signal.SIGKILL)
    parent.communicate()


@pytest.fixture
def endless(starting, tmp_path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """Such a parent with both workers at work, and their numbers."""
    files = [tmp_path / f"task-{n}-0" for n in (1, 2)]
    wait_until(lambda: all(file.exists() and file.read_text() for file in files))
    return starting, [int(file.read_text()) for file in files]


def test_workers_die_with_a_parent_that_is_killed(endless):
    parent, workers = endless
    assert all(map(alive, workers))
    parent.kill()
    parent.wait()
    wait_until(lambda: not any(map(alive, workers)))


@pytest.mark.parametrize("whom", ["parent", "everybody"])
def test_ctrl_c_ends_parent_and_workers_and_only_the_parent_says_so(endless, whom):
    """A terminal sends Ctrl-C to every process of the group."""
    parent, workers = endless
    interrupt(parent, whom)
    wait_until(lambda: not any(map(alive, workers)))


def test_ctrl_c_while_workers_start_is_told_once_too(starting):
    wait_until(lambda: len(children(starting.pid)) > 1)
    started = children(starting.pid)
    interrupt(starting, "everybody")
    wait_until(lambda: not any(map(alive, started)))


def interrupt(parent: subprocess.Popen[bytes], whom: str) -> None:
    """Ctrl-C; one process tells about it, once."""
    os.kill(parent.pid, signal.SIGINT) if whom == "parent" else os.killpg(parent.pid, signal.SIGINT)
    _, said = parent.communicate(timeout=PATIENCE_SECONDS)
    assert parent.returncode != 0
    assert said.count(b"Traceback") == 1 and said.rstrip().endswith(b"KeyboardInterrupt"), said.decode()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def test_tasks_are_taken_as_there_is_room_for_them(tasks):
    taken = []

    def endless_tasks():
        while True:
            taken.append(len(taken))
            yield taken[-1]

    with closing(each(tasks.square, 1, endless_tasks(), Processes(2, ahead=1))) as ended:
        assert sorted(next(ended).index for _ in range(6))[:2] == [0, 1]
    assert len(taken) <= 6 + 3


def test_what_a_task_raises_or_dies_of_is_told_and_the_others_go_on(tasks, tmp_path):
    raised = list(each(tasks.fails, str(tmp_path), range(5), Processes(2)))
    assert [end.index for end in raised if isinstance(end.error, ValueError)] == [1]
    assert sorted(end.index for end in raised) == list(range(5))
    died = list(each(tasks.poisoned, str(tmp_path), range(8), Processes(2)))
    assert [end.index for end in died if isinstance(end.error, WorkerDied)] == [5]
    assert sorted(end.result for end in died if end.error is None) == [0, 10, 20, 30, 40, 60, 70]


def test_without_a_pool_tasks_are_done_here_and_errors_told(tasks, tmp_path):
    ended = list(each(tasks.fails, str(tmp_path), range(3)))
    assert [(end.index, type(end.error)) for end in ended] == [(0, type(None)), (1, ValueError), (2, type(None))]
