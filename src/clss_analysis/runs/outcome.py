"""What became of a run, in a form that may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from clss_analysis.records.vocabulary import message
from clss_analysis.runs.notebook_run import Failure
from clss_analysis.runs.plan import Run

_ENDED = "DeadKernelError"
_WORDED = frozenset({"UnknownCaseError", "InvalidRecordsError", "ParameterError", "NotClearedError"})
_PLAIN = {"TimeoutError": "runs.timeout", "WorkerLost": "runs.lost", "MemoryError": "runs.memory"}


@dataclass(frozen=True)
class Result:
    """Done, or failed in a cell (counted from 1) with a type of error and, where it is in our own words, a reason.

    `elapsed` is the seconds since the first run began; `why` names what had changed, empty when the result was kept
    from before.
    """

    run: Run
    ok: bool
    cell: int | None = None
    error: str = ""
    reason: str = ""
    elapsed: float = 0.0
    why: tuple[str, ...] = ()

    def line(self, lang: str = "fr") -> str:
        """The failure on one line."""
        where = {"id": self.run.id, "notebook": self.run.notebook, "error": self.error}
        if self.cell is None:
            line = message("build.failed_nowhere", lang, **where)
        else:
            line = message("build.failed", lang, cell=self.cell, **where)
        return f"{line} ({self.reason})" if self.reason else line


def result_of(run: Run, failure: Failure | None, elapsed: float, why: tuple[str, ...]) -> Result:
    """The result of a run, from what its worker said.

    The words of an error may be those of the records, whole, cut or wrapped: only its place and kind are said, and the
    reasons that the package words itself, which say rules and ids only.
    """
    if failure is None:
        return Result(run, ok=True, elapsed=elapsed, why=why)
    reason = _ours(failure) or (" ".join(failure.reason.split()) if failure.error in _WORDED else "")
    return Result(run, False, failure.cell, failure.error, reason, elapsed, why)  # noqa: FBT003


def _ours(failure: Failure) -> str:
    if failure.cell is None and failure.error == _ENDED:
        if failure.killed:
            return message("runs.killed")
        kind, _, status = failure.reason.rpartition(" ")
        if kind == "exit":
            return message("runs.exited", status=status)
        return message("runs.signal", name=failure.reason) if failure.reason.startswith("SIG") else ""
    if failure.error == "CellTimeoutError":
        return message("runs.timeout_cell")
    key = _PLAIN.get(failure.error, "")
    return message(key, limit=failure.reason) if key == "runs.timeout" else (message(key) if key else "")
