"""Notebooks executed: only those whose inputs changed, as many at a time as asked, each for itself."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from clss_analysis.privacy import Clearance
from clss_analysis.records import Records, message
from clss_analysis.records.private import owned_folder, private_temp
from clss_analysis.runs import parameters
from clss_analysis.runs.freshness import Inputs, Store, deliver, digest, software
from clss_analysis.runs.kernel_environment import environment
from clss_analysis.runs.notebook_run import RUN_SECONDS, Task
from clss_analysis.runs.outcome import Result, result_of
from clss_analysis.runs.plan import Run
from clss_analysis.runs.progress import Watch, write_log
from clss_analysis.runs.warm_client import NoWarmServerError, StaleServerError, WarmServer
from clss_analysis.runs.worker_pool import Done, run_stock, run_warm

SERVERS = 4  # warm servers in a row that may be lost before stock kernels take over
WORK = "_runs"
SCRATCH = ".runs-"


@dataclass(frozen=True)
class How:
    """How runs are executed: how many at a time, where, for how long at most, with how much memory.

    `cluster` is the address of a dask scheduler, `seconds` the limit of one run, `memory` how many bytes a kernel may
    take beyond what every kernel has; `warm` is False for kernels started from nothing; `server` is one that was
    started before and is taken first.
    """

    jobs: int | None = None
    cluster: str = ""
    seconds: float = RUN_SECONDS
    memory: int | None = None
    warm: bool = True
    server: WarmServer | None = None


@contextmanager
def warming(how: How, *, due: bool) -> Iterator[How]:
    """The same with a warm server that warms up while its owner does other work, if any run is due; it ends here."""
    server = None
    if due and how.warm and not how.cluster:
        with suppress(NoWarmServerError):
            server = WarmServer(environment(tempfile.gettempdir()))
    try:
        yield replace(how, server=server)
    finally:
        if server is not None:
            server.close()


def execute(
    runs: Sequence[Run],
    notebooks: Path,
    folder: Path,
    *,
    clearance: Clearance,
    dataset: Path | None = None,
    records: Records | None = None,
    rows: Mapping[str | None, str] | None = None,
    store: Store | None = None,
    how: How | None = None,
    watch: Watch | None = None,
) -> tuple[Result, ...]:
    """Execute runs, each in its own kernel and folder; a failing run does not stop the others.

    Every run is checked against the parameters cell of its notebook before the first kernel starts.  A run whose
    inputs are those of a kept result is not done again.  What a run leaves appears in `folder` whole: the executed
    notebook `<run id>.ipynb`, its fragment `<run id>.md`, its figures; what happened is in `logs/<run id>.log`.

    Args:
        runs: what to execute.
        notebooks: folder of the notebooks.
        folder: where results are gathered; made when missing.  A notebook itself runs in a folder of its own, of the
            name `_runs`, with `dataset` beside it.
        clearance: what `privacy.clear` gave for the dataset that the notebooks read.
        dataset: folder that the notebooks see as `../dataset`.
        records: that dataset as it was read, which warm kernels then need not read again.
        rows: digest of the rows that the notebook of a household depends on, under the folder that is a notebook's
            parameter `dataset` that of its rows, and under None that of all others.
        store: where results are kept between builds; default: nowhere, everything is executed.
        how: how many at a time and the like.
        watch: is told what happens.

    Returns:
        One result per run, in the order of `runs`.

    Raises:
        ParameterError: a run gives its notebook parameters that it does not take; nothing has run.
        OSError: the disk is full, for a run as for all.
        NotClearedError: a run tells a household that may not be told; nothing has run.
    """
    for run in runs:
        if run.case is not None:
            clearance.require_told(run.case)
    asked = {name: parameters.read_parameters(notebooks / name) for name in sorted({run.notebook for run in runs})}
    for run in runs:
        parameters.check(notebooks / run.notebook, run.parameters, asked[run.notebook])
    if not runs:
        return ()
    how, watch = how or How(), watch or Watch()
    folder.mkdir(parents=True, exist_ok=True)
    inputs = {run.id: _inputs(run, notebooks, rows or {}) for run in runs}
    why = {run.id: store.changed(run.id, inputs[run.id]) if store else ("never",) for run in runs}
    results: dict[str, Result] = {}
    due = [run for run in runs if why[run.id]]
    place = store.folder if store is not None else folder.parent
    place.mkdir(parents=True, exist_ok=True)
    with watch, private_temp(), owned_folder(place, SCRATCH) as scratch:
        watch.begin(len(due), len(runs) - len(due))
        for run in runs:
            if store is not None and not why[run.id]:
                store.give(run.id, folder)
                results[run.id] = Result(run, ok=True)
        by_id = {run.id: run for run in due}
        tasks = [_task(run, notebooks, scratch, dataset, how) for run in due]
        begun = time.monotonic()
        for task, failure in _tried(tasks, records, how, watch, dataset):
            run, outputs = by_id[task.id], Path(task.folder)
            if failure is not None and failure.error == "OSError" and f"[Errno {errno.ENOSPC}]" in failure.reason:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
            elapsed = time.monotonic() - begun
            results[run.id] = result = result_of(run, failure, elapsed, why[run.id])
            write_log(result, folder)
            if failure is None:
                deliver(outputs, folder)
                if store is not None:
                    store.keep(run.id, outputs, inputs[run.id])
            shutil.rmtree(outputs.parent, ignore_errors=True)
            watch.tell(result)
    return tuple(results[run.id] for run in runs)


def _inputs(run: Run, notebooks: Path, rows: Mapping[str | None, str]) -> Inputs:
    given = "\n".join(f"{name} = {value!r}" for name, value in sorted(run.parameters.items()))
    of = run.case if run.case is not None else str(run.parameters.get("dataset"))
    return {
        "notebook": digest((notebooks / run.notebook).read_bytes()),
        "parameters": digest(given),
        "rows": rows.get(of, rows.get(None, "")),
        "software": software(),
    }


def _task(run: Run, notebooks: Path, scratch: Path, dataset: Path | None, how: How) -> Task:
    place = scratch / run.id
    (place / WORK).mkdir(parents=True)
    if dataset is not None:
        try:
            (place / "dataset").symlink_to(dataset.resolve())
        except OSError:  # Windows asks for a privilege
            shutil.copytree(dataset, place / "dataset")
    notebook = str((notebooks / run.notebook).resolve())
    return Task(run.id, notebook, dict(run.parameters), str(place / WORK), how.memory, how.seconds)


def _tried(tasks: list[Task], records: Records | None, how: How, watch: Watch, dataset: Path | None) -> Iterator[Done]:
    """Tasks as they are done; those whose kernel the system killed are done once more, at the end and one at a time.

    What kills kernels is want of memory, of which there is most then.
    """
    again = []
    for task, failure in _done(tasks, records, how, watch, dataset):
        if failure is not None and failure.killed:
            again.append(task)
        else:
            yield task, failure
    for task in again:
        watch.note("runs.again", id=task.id)
    _empty(again)
    yield from _done(again, records, replace(how, jobs=1, server=None), watch, dataset)


def _done(tasks: list[Task], records: Records | None, how: How, watch: Watch, dataset: Path | None) -> Iterator[Done]:
    """Tasks with their failures as they are done, wherever they are done; a lost server is replaced."""
    if not tasks:
        return
    if how.cluster:
        from clss_analysis.runs.cluster import on_cluster

        yield from on_cluster(tasks, how.cluster, dataset)
        return
    jobs = max(1, min(how.jobs or os.cpu_count() or 1, len(tasks)))
    left = {task.id: task for task in tasks}
    first = how.server
    for _ in range(SERVERS if how.warm else 0):
        server, first = first, None
        try:
            if server is None:
                server = WarmServer(
                    environment(tempfile.gettempdir()), counting=not all("case" in task.parameters for task in tasks)
                )
            if records is not None:
                server.hold(records)
            server.await_ready()
            for task, failure in run_warm(tuple(left.values()), server, jobs):
                del left[task.id]
                yield task, failure
        except NoWarmServerError as error:
            watch.note("warm.stock", why=message(f"warm.{error}"))
            break
        except (ConnectionError, FileNotFoundError, StaleServerError):
            _empty(left.values())
        finally:
            if server is not None:
                with suppress(OSError):
                    server.close()
        if not left:
            return
    yield from run_stock(tuple(left.values()), jobs)


def _empty(tasks: Iterable[Task]) -> None:
    for task in tasks:
        shutil.rmtree(task.folder, ignore_errors=True)
        Path(task.folder).mkdir(parents=True, exist_ok=True)
