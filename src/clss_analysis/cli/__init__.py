"""`clss`: words only, no work.  Every command calls one function of a room and says what came of it."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from clss_analysis.cli.arguments import parser
from clss_analysis.cli.words import DONE, FAILED, MISUSED, complain, language, refuse, say
from clss_analysis.records.faults import InvalidRecordsError
from clss_analysis.records.vocabulary import told

__all__ = ["DONE", "FAILED", "MISUSED", "main"]
_SIGNALLED = 128  # what a shell adds to a signal's number to tell of it
_NEW_OBJECTS = 100_000  # between two looks for cycles: of what a command imports and reads, nearly all stays
_FULL_OR_CLOSED = {
    errno.ENOSPC: "cli.disk_full",
    errno.EDQUOT: "cli.disk_full",
    errno.EROFS: "cli.read_only",
    errno.EACCES: "cli.read_only",
    errno.EPERM: "cli.read_only",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: the words after `clss`; default: those of the process.

    Returns:
        0 done; 1 work ran and something named failed; 2 bad usage or bad input; 130 or 143 ended by SIGINT or SIGTERM.
    """
    gc.set_threshold(_NEW_OBJECTS)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        asked = parser().parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else MISUSED
    from clss_analysis.records.private import forbid_core_dumps, private_temp

    forbid_core_dumps()
    if sys.stdin is not None and sys.stdin.isatty():
        from clss_analysis.privacy.lock import ask_with

        ask_with(_passphrase)
    try:
        with _ended_by_signals(), private_temp():
            return int(asked.do(asked))
    except InvalidRecordsError as error:
        return refuse(fault.told(error.lang or language()) for fault in error.faults)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt as stop:
        return complain(say("cli.interrupted"), _SIGNALLED + (stop.args[0] if stop.args else signal.SIGINT))
    except Exception as error:
        if asked.debug:
            raise
        return _named(error)


def _passphrase(new: bool) -> str:  # noqa: FBT001  # what `ask_with` tells
    """Ask for the passphrase of the register, a new one twice; empty where the two differ."""
    from getpass import getpass

    said = getpass(say("lock.ask"))
    return said if not new or said == getpass(say("lock.ask_again")) else ""


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGINT and SIGTERM end the block as one exception, so that what was begun is cleared away; no second is heard."""

    def stop(number: int, _: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(number)

    main = threading.current_thread() is threading.main_thread()
    before = {each: signal.getsignal(each) for each in ((signal.SIGINT, signal.SIGTERM) if main else ())}
    for number, handler in before.items():
        if handler in (signal.default_int_handler, signal.SIG_DFL):  # nohup's deafness stays
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(error: Exception) -> str:
    """What an error says, in the language of the command where its words are ours."""
    ours = error.args and all(isinstance(line, str) or hasattr(line, "told") for line in error.args)
    return "\n".join(told(line, language()) for line in error.args) if ours else str(error)


def _named(error: Exception) -> int:
    """One line or several for an error, and the exit code it calls for; never a traceback."""
    from clss_analysis.privacy import NotClearedError
    from clss_analysis.records.faults import UnknownCaseError
    from clss_analysis.records.house import NoHouseError
    from clss_analysis.runs.figure_command import AskedWronglyError
    from clss_analysis.runs.notebook import NotebookError
    from clss_analysis.runs.parameters import ParameterError

    if isinstance(error, (AskedWronglyError, NoHouseError, NotebookError, UnknownCaseError, FileExistsError)):
        return refuse([_told(error)])
    if isinstance(error, ParameterError):
        return refuse(error.faults)
    if isinstance(error, NotClearedError):
        return refuse(_told(error).splitlines())
    if type(error).__name__ in ("BookError", "BriefError", "NoClusterError", "QuartoMissingError"):
        return refuse(_told(error).splitlines())
    if type(error).__name__ in ("BusyError", "PandocError", "TypstError", "QuartoError"):
        return complain(" ".join(_told(error).split()), FAILED)
    if isinstance(error, OSError):
        for number, key in _FULL_OR_CLOSED.items():
            if error.errno == number:
                return refuse([say(key, path=error.filename2 or error.filename or "")])
        what = error.strerror or type(error).__name__
        return complain(say("cli.os_error", what=what, path=error.filename or ""), FAILED)
    return complain(say("cli.unexpected", error=type(error).__name__), FAILED)
