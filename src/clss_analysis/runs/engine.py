"""Notebooks executed: papermill, one kernel a run, as many at a time as asked."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import warnings
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from clss_analysis.privacy import Clearance
from clss_analysis.runs import notebook, parameters
from clss_analysis.runs.mask import Mask
from clss_analysis.runs.plan import Run

START_SECONDS = 120
RUN_SECONDS = 900


@dataclass(frozen=True)
class Result:
    """What became of a run: done, or failed in a cell (counted from 1) with a type of error and a masked reason."""

    run: Run
    ok: bool
    cell: int | None = None
    error: str = ""
    reason: str = ""


def execute(
    runs: Sequence[Run],
    notebooks: Path,
    folder: Path,
    *,
    clearance: Clearance,
    mask: Mask,
    jobs: int | None = None,
) -> tuple[Result, ...]:
    """Execute runs, each in its own kernel; a failing run does not stop the others.

    Every run is checked against the parameters cell of its notebook before the first kernel starts.  The executed
    notebook is written to `<folder>/<run id>.ipynb`, whole or not at all and the same bytes every time; what happened
    to `<folder>/<run id>.log`.  A bar shows the progress on a terminal, nothing in a pipe.

    Args:
        runs: what to execute.
        notebooks: folder of the notebooks.
        folder: where they run and leave their results; made when missing.
        clearance: what `privacy.clear` gave for the dataset that the notebooks read.
        mask: hides the records' words in the reasons of failures.
        jobs: how many at a time; default: as many as there are cores.

    Returns:
        One result per run, in the order of `runs`.

    Raises:
        ParameterError: a run gives its notebook parameters that it does not take; nothing has run.
        NotClearedError: a run tells a household that may not be told; nothing has run.
    """
    for run in runs:
        if run.case is not None:
            clearance.require_told(run.case)
    for run in runs:
        parameters.check(notebooks / run.notebook, run.parameters)
    if not runs:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    workers = max(1, min(jobs or os.cpu_count() or 1, len(runs)))
    results: dict[str, Result] = {}
    with (
        tqdm(total=len(runs), unit="run", disable=not sys.stderr.isatty(), leave=False) as bar,
        ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool,
    ):
        futures: dict[Future[Failure | None], Run] = {
            pool.submit(_execute, run, notebooks.resolve(), folder.resolve()): run for run in runs
        }
        try:
            for future in as_completed(futures):
                run = futures[future]
                results[run.id] = _result(run, future, mask)
                _log(results[run.id], folder)
                bar.set_postfix_str(run.id)
                bar.update()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(results[run.id] for run in runs)


@dataclass(frozen=True)
class Failure:
    """An error as the worker saw it, not yet masked."""

    cell: int | None
    error: str
    reason: str


def _result(run: Run, future: Future[Failure | None], mask: Mask) -> Result:
    try:
        failure = future.result()
    except Exception as error:
        failure = Failure(None, type(error).__name__, str(error))
    if failure is None:
        return Result(run, ok=True)
    return Result(run, ok=False, cell=failure.cell, error=failure.error, reason=mask(failure.error, failure.reason))


def _log(result: Result, folder: Path) -> None:
    lines = [f"{result.run.id}: {result.run.notebook}"]
    lines += [f"  {name} = {value!r}" for name, value in result.run.parameters.items()]
    lines.append("ok" if result.ok else f"cell {result.cell}: {result.error}: {result.reason}")
    with (folder / f"{result.run.id}.log").open("a", encoding="utf-8") as log:
        log.write("\n".join(lines) + "\n")


def _execute(run: Run, notebooks: Path, folder: Path) -> Failure | None:
    """In a worker: one notebook, start to end.

    Whatever goes wrong belongs to this run only, and comes back as a value, since errors may not pickle.
    """
    warnings.simplefilter("ignore")
    import papermill  # only workers need it, and it is slow to import

    from clss_analysis.runs import kernel

    source = notebook.read(notebooks / run.notebook)
    with tempfile.TemporaryDirectory(prefix="clss") as private, (folder / f"{run.id}.log").open("wb") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
        os.environ.update(kernel.environment(private))
        try:
            executed = papermill.execute_notebook(
                source,
                None,
                parameters=dict(run.parameters),
                kernel_name=kernel.NAME,
                language="python",
                cwd=folder,
                progress_bar=False,
                kernel_manager_class=kernel.OwnKernelManager,
                shutdown_kernel="immediate",
                start_timeout=START_SECONDS,
                execution_timeout=RUN_SECONDS,
            )
        except papermill.PapermillExecutionError as error:
            return Failure(error.cell_index, str(error.ename), str(error.evalue))
        except Exception as error:
            return Failure(None, type(error).__name__, str(error))
    notebook.write(notebook.steady(executed), folder / f"{run.id}.ipynb")
    return None
