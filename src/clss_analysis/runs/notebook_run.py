"""One run, start to end, in a process that does nothing else at the time."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from clss_analysis.runs import notebook
from clss_analysis.runs.fragment import write_fragment
from clss_analysis.runs.kernel_environment import environment
from clss_analysis.runs.parameters import Scalar

START_SECONDS = 120  # seconds for a kernel to start, on a machine that is busy
RUN_SECONDS = 900  # seconds for a notebook: what runs for a quarter of an hour is taken to hang
_LONGEST = 1 << 18  # bytes of a task or of what came of it


@dataclass(frozen=True)
class Task:
    """A run as a worker gets it: the notebook file, its parameters, and the folder it runs in and leaves results in."""

    id: str
    notebook: str
    parameters: Mapping[str, Scalar]
    folder: str
    memory: int | None = None
    seconds: float = RUN_SECONDS
    warm: str = ""


@dataclass(frozen=True)
class Failure:
    """An error as the worker saw it, whose reason may quote the records."""

    cell: int | None
    error: str
    reason: str

    @property
    def killed(self) -> bool:
        """Whether the system ended the kernel, or the worker that had it, and no cell is to blame."""
        return self.cell is None and (self.error, self.reason) == ("DeadKernelError", "SIGKILL")


def perform(task: Task) -> Failure | None:
    """Execute the notebook of a task; whatever goes wrong comes back as a value, since errors may not pickle.

    Leaves `<id>.ipynb` in the task's folder, whole or not at all; what the kernel writes past the notebook may quote
    the records, and is not kept.
    """
    warnings.simplefilter("ignore")
    import papermill  # only workers need it, and it is slow to import

    from clss_analysis.runs import kernel
    from clss_analysis.runs.figure_files import altered
    from clss_analysis.runs.warm_engine import Shared, WarmKernelManager, register

    register()
    Shared.address, Shared.memory = task.warm, task.memory
    WarmKernelManager.ended = None
    manager = kernel.OwnWarmKernelManager if task.warm else kernel.OwnKernelManager
    folder = Path(task.folder)
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="k") as private, _streams():
        os.environ.update(environment(private))
        try:
            executed = papermill.execute_notebook(
                notebook.read(Path(task.notebook)),
                None,
                parameters=dict(task.parameters),
                kernel_name=kernel.NAME,
                language="python",
                cwd=folder,
                progress_bar=False,
                kernel_manager_class=manager,
                shutdown_kernel="immediate",
                start_timeout=START_SECONDS,
                execution_timeout=max(1, int(task.seconds)),
            )
        except papermill.PapermillExecutionError as error:
            return Failure(error.cell_index, str(error.ename), str(error.evalue))
        except Exception as error:
            return _died(error, getattr(manager, "ended", None))
        finally:
            os.environ.clear()
            os.environ.update(before)
    made = folder / f"{task.id}.ipynb"
    try:
        if (found := altered(executed, folder)) is not None:
            return Failure(found[0], "NotClearedError", found[1])
        notebook.write(notebook.steady(executed), made)
        write_fragment(made, Path(task.notebook).name, task.parameters)
    except Exception as error:
        return Failure(None, type(error).__name__, str(error))
    return None


def _died(error: Exception, status: int | None) -> Failure:
    """A kernel that ended under its notebook tells how: a signal's name or an exit status."""
    name = type(error).__name__
    if name != "DeadKernelError" or status is None:
        return Failure(None, name, str(error))
    if status < 0:
        return Failure(None, name, f"{signal.Signals(-status).name}")
    return Failure(None, name, f"exit {status}")


@contextlib.contextmanager
def _streams() -> Iterator[None]:
    """This process's own streams, and those of what it starts, to nowhere."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    with Path(os.devnull).open("wb") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for stream, fd in zip((1, 2), kept, strict=True):
                os.dup2(fd, stream)
                os.close(fd)


def serve(channel: socket.socket) -> int:
    """In a process forked for it: do the tasks that come, one after another, until nobody sends any more."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while data := channel.recv(_LONGEST):
        channel.send(pickle.dumps(perform(pickle.loads(data))))  # noqa: S301 - from the process that asked for this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return 0
