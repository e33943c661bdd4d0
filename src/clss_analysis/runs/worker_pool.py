"""Several runs at a time on this machine: worker processes forked from one warm server, or stock ones."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import selectors
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

import psutil

from clss_analysis.runs.notebook_run import Failure, Task, perform
from clss_analysis.runs.warm_client import Forked, WarmServer, fork

LIVES = 3  # times that a task is tried where its worker is lost
RECYCLED = 200  # tasks that a worker does before another takes its place, so that what it holds does not grow
_LONGEST = 1 << 20  # bytes of what came of a task

Done = tuple[Task, Failure | None]


class _Worker:
    """A forked worker and the task it is at, from which it is told apart by its deadline."""

    def __init__(self, address: str, task: Task) -> None:
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            here = str(Path.cwd())
            self.process: Forked = fork(address, "worker", env=os.environ, cwd=here, channel=theirs.fileno())
        self.done = 0
        self.give(task)

    def give(self, task: Task) -> None:
        """Let it do a task; a worker that is gone shows when its answer is taken."""
        self.task, self.deadline = task, time.monotonic() + task.seconds
        with contextlib.suppress(OSError):
            self.channel.send(pickle.dumps(task))

    def take(self) -> Failure | None:
        """What became of the task.

        Raises:
            EOFError: the worker is gone.
        """
        try:
            said = self.channel.recv(_LONGEST)
        except OSError:
            said = b""
        if not said:
            raise EOFError
        self.done += 1
        failure: Failure | None = pickle.loads(said)  # noqa: S301 - from a worker of ours
        return failure

    def end(self) -> None:
        """End it, and the kernel it has."""
        self.channel.close()
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(Exception):
            self.process.wait(0.5)
        self.process.kill()


def run_warm(tasks: Sequence[Task], server: WarmServer, jobs: int) -> Iterator[Done]:
    """Execute tasks in workers of a warm server; a task whose worker is lost is done again, three times in all.

    Args:
        tasks: what to do, in this order.
        server: where workers and kernels are forked.
        jobs: how many at a time.

    Yields:
        Each task with its failure, or None, as it is done.

    Raises:
        ConnectionError: the server is gone.
    """
    waiting = deque(replace(task, warm=server.address) for task in tasks)
    lost: dict[str, int] = {}
    with selectors.DefaultSelector() as selector:
        try:
            while waiting or selector.get_map():
                while waiting and len(selector.get_map()) < jobs:
                    _watch(selector, _Worker(server.address, waiting.popleft()))
                for worker in _ended(selector):
                    selector.unregister(worker.channel)
                    task = worker.task
                    try:
                        if worker.deadline <= time.monotonic():
                            worker.end()
                            yield task, Failure(None, "TimeoutError", f"{task.seconds:g} s")
                            continue
                        failure = worker.take()
                    except EOFError:
                        worker.end()
                        lost[task.id] = lost.get(task.id, 0) + 1
                        if lost[task.id] < LIVES:
                            waiting.append(task)
                        else:
                            yield task, Failure(None, "WorkerLost", "")
                        continue
                    if waiting and worker.done < RECYCLED:
                        worker.give(waiting.popleft())
                        _watch(selector, worker)
                    else:
                        worker.end()
                    yield task, failure
        finally:
            for key in list(selector.get_map().values()):
                key.data.end()


def _watch(selector: selectors.BaseSelector, worker: _Worker) -> None:
    selector.register(worker.channel, selectors.EVENT_READ, worker)


def _ended(selector: selectors.BaseSelector) -> list[_Worker]:
    """Workers that have answered, are gone, or are past their time; waits for the first."""
    running: list[_Worker] = [key.data for key in selector.get_map().values()]
    soonest = min(worker.deadline for worker in running) - time.monotonic()
    answered = [key.data for key, _ in selector.select(max(0.0, soonest))]
    return answered or [worker for worker in running if worker.deadline <= time.monotonic()]


def run_stock(tasks: Sequence[Task], jobs: int) -> Iterator[Done]:
    """Execute tasks with a kernel started from nothing each; where forking does not exist."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=end_with_parent) as pool:
        futures = {pool.submit(perform, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                try:
                    failure = future.result()
                except Exception as error:
                    failure = Failure(None, type(error).__name__, str(error))
                yield futures[future], failure
        except BaseException:
            workers = list(pool._processes or ())
            pool.shutdown(wait=False, cancel_futures=True)
            for pid in workers:
                _kill(pid)
            raise


def end_with_parent() -> None:
    """In a worker: a thread that ends it, and its kernel, when what started it is gone, however that ended."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
        _kill(os.getpid())

    threading.Thread(target=wait, daemon=True).start()


def _kill(pid: int) -> None:
    with contextlib.suppress(psutil.Error):
        worker = psutil.Process(pid)
        for process in (*worker.children(recursive=True), worker):
            with contextlib.suppress(psutil.Error):
                process.kill()
