"""Several runs at a time on this machine: worker processes forked from one warm server, or stock ones."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace

from clss_analysis.runs.warm import Forked, WarmServer, fork
from clss_analysis.runs.worker import Failure, Task, perform

LIVES = 3
_LONGEST = 1 << 20
_RECYCLED = 200

Done = tuple[Task, Failure | None]


class _Worker:
    """A forked worker, and the task it is at."""

    def __init__(self, address: str) -> None:
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process: Forked = fork(
                address, "worker", env=os.environ, cwd=os.getcwd(), channel=theirs.fileno()  # noqa: PTH109
            )
        self.task: Task | None = None
        self.deadline = 0.0
        self.done = 0

    def give(self, task: Task) -> None:
        self.task = task
        self.deadline = time.monotonic() + task.seconds
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
            os.kill(self.process.pid, signal.SIGTERM)
        with contextlib.suppress(Exception):
            self.process.wait(0.5)
        self.process.kill()


def warm(tasks: Sequence[Task], server: WarmServer, jobs: int) -> Iterator[Done]:
    """Execute tasks in workers of a warm server; a task whose worker is lost is done again, three times in all.

    Args:
        tasks: what to do, in this order.
        server: where workers and kernels are forked.
        jobs: how many at a time.

    Yields:
        Each task with its failure, or None, as it is done.
    """
    waiting = deque(replace(task, warm=server.address) for task in tasks)
    lost: dict[str, int] = {}
    selector = selectors.DefaultSelector()
    workers: set[_Worker] = set()

    def busy(worker: _Worker) -> None:
        worker.give(waiting.popleft())
        selector.register(worker.channel, selectors.EVENT_READ, worker)
        workers.add(worker)

    try:
        for _ in range(min(jobs, len(waiting))):
            busy(_Worker(server.address))
        while workers:
            soonest = min(worker.deadline for worker in workers) - time.monotonic()
            ready = selector.select(max(0.0, min(soonest, 0.5)))
            ended = [key.data for key, _ in ready] + [w for w in workers if w.deadline <= time.monotonic()]
            for worker in dict.fromkeys(ended):
                task = worker.task
                assert task is not None
                selector.unregister(worker.channel)
                workers.discard(worker)
                fresh = worker.deadline <= time.monotonic() and worker.channel not in [k.fileobj for k, _ in ready]
                if fresh:
                    yield task, Failure(None, "TimeoutError", f"{task.seconds:g} s")
                else:
                    try:
                        yield task, worker.take()
                    except EOFError:
                        fresh = True
                        lost[task.id] = lost.get(task.id, 0) + 1
                        if lost[task.id] < LIVES:
                            waiting.append(task)
                        else:
                            yield task, Failure(None, "WorkerLost", "")
                if fresh or worker.done >= _RECYCLED or not waiting:
                    worker.end()
                    worker = _Worker(server.address) if waiting else worker
                if waiting:
                    busy(worker)
    finally:
        for worker in workers:
            worker.end()
        selector.close()


def stock(tasks: Sequence[Task], jobs: int) -> Iterator[Done]:
    """Execute tasks with a kernel started from nothing each; where forking does not exist."""
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = {pool.submit(perform, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                try:
                    failure = future.result()
                except Exception as error:
                    failure = Failure(None, type(error).__name__, str(error))
                yield futures[future], failure
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
