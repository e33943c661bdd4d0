"""Runs on other machines: the same tasks through an existing dask.distributed scheduler, results back as bytes.

Each dask worker process keeps one warm server of its own.  Only the process that asked writes: what a run leaves
comes back through its future, so that no file system need be shared; the dataset goes the other way once a worker.
"""

from __future__ import annotations

import atexit
import io
import tarfile
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from clss_analysis.records.private import owned_folder
from clss_analysis.records.reading import read
from clss_analysis.records.tables import fingerprint
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.notebook_run import Failure, Task
from clss_analysis.runs.warm_client import NoWarmServerError, StaleServerError, WarmServer
from clss_analysis.runs.worker_pool import Done, run_stock, run_warm

SECONDS = 15  # seconds to find the scheduler: it is there or it is not
WORKER_SECONDS = 120  # seconds for a first worker, which a queue may have to start
LIVES = 3  # times that a task is tried where a worker is lost


class NoClusterError(ValueError):
    """dask.distributed is not installed, no scheduler answers at the address, or it has no workers."""


def on_cluster(tasks: Sequence[Task], address: str, dataset: Path | None) -> Iterator[Done]:
    """Execute tasks on a cluster.

    Args:
        tasks: what to do; their folders are here, and are filled here.
        address: of the scheduler, such as `tcp://127.0.0.1:8786`.
        dataset: folder that notebooks see as `../dataset`.

    Yields:
        Each task with its failure, or None, as it is done; runs of a worker that is lost are done again.

    Raises:
        NoClusterError: there is no dask, nobody at the address, or no worker within two minutes.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise NoClusterError(message("cluster.missing")) from None
    try:
        client: Any = Client(address, timeout=SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]  # untyped
    except (OSError, ValueError, TypeError):
        raise NoClusterError(message("cluster.nobody", address=address)) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError:
            raise NoClusterError(message("cluster.empty", address=address)) from None
        rows = None if dataset is None else client.scatter(_packed(dataset), broadcast=True)
        contents = {task.notebook: Path(task.notebook).read_bytes() for task in tasks}
        submitted = {
            client.submit(remote, task, contents[task.notebook], rows, pure=False, retries=LIVES): task
            for task in tasks
        }
        for future in as_completed(list(submitted), loop=client.loop):  # type: ignore[no-untyped-call]  # untyped
            task = submitted.pop(future)
            try:
                files, failure = future.result()
            except Exception as error:  # a cluster has many ways to fail; each is this run's
                files, failure = b"", Failure(None, type(error).__name__, str(error))
            _unpack(files, Path(task.folder))
            future.release()
            yield task, failure


_lock = threading.Lock()
_server: WarmServer | None = None
_held: set[str] = set()


def remote(task: Task, notebook: bytes, dataset: bytes | None) -> tuple[bytes, Failure | None]:
    """On a dask worker: one task, its notebook and dataset sent along.

    Returns:
        The files it left, packed; its failure, or None.
    """
    with owned_folder() as place:
        folder, source = place / "_runs", place / "notebook" / Path(task.notebook).name
        folder.mkdir()
        source.parent.mkdir()
        source.write_bytes(notebook)
        if dataset is not None:
            _unpack(dataset, place / "dataset")
        here = replace(task, folder=str(folder), notebook=str(source))
        failure = _perform(here, place / "dataset" if dataset is not None else None)
        return _packed(folder), failure


def _perform(task: Task, dataset: Path | None) -> Failure | None:
    for _ in range(LIVES):
        try:
            return next(run_warm([task], _warm_server(dataset), 1))[1]
        except (ConnectionError, FileNotFoundError, StaleServerError):
            _end_server()
        except NoWarmServerError:
            break
    return next(run_stock([task], 1))[1]


def _warm_server(dataset: Path | None) -> WarmServer:
    """The one warm server of this dask worker process; it reads a dataset once."""
    global _server  # noqa: PLW0603 - it lives as long as the process
    with _lock:
        if _server is None or not _server.alive():
            from clss_analysis.runs.kernel_environment import environment

            _server = WarmServer(environment(tempfile.gettempdir()))
            _server.await_ready()
            atexit.register(_server.close)
            _held.clear()
        if dataset is not None and (content := fingerprint(dataset)) not in _held:
            _server.hold(read(dataset))
            _held.add(content)
        return _server


def _end_server() -> None:
    global _server  # noqa: PLW0603 - the same
    with _lock:
        if _server is not None:
            with suppress(OSError):
                _server.close()
        _server = None


def _packed(folder: Path) -> bytes:
    """The files below a folder as one archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(folder, ".")
    return buffer.getvalue()


def _unpack(packed: bytes, folder: Path) -> None:
    if packed:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
