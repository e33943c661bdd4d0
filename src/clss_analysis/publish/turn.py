"""One build at a time into a folder."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from clss_analysis.records import message
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.private import user_cache


class BusyError(RuntimeError):
    """Another build writes into the folder."""


@contextmanager
def take_turn(out: Path, *, wait: bool = True, tell: Callable[[str], object] | None = None) -> Iterator[None]:
    """Run the block when no other build of this user writes into the folder.

    The lock is the system's: it ends with its holder, however that ends.  It stands in the user's own cache, so that
    nothing is left beside the book; where there can be none, nothing is locked.

    Args:
        out: the folder of the book; known by its real path.
        wait: for the other to end.
        tell: told once, when another is there, which process that is and since when.

    Raises:
        BusyError: another is there, and `wait` is False.
    """
    about = user_cache() / "builds" / f"{hashlib.sha256(os.fsencode(out.resolve())).hexdigest()[:16]}.json"
    lock = FileLock(about.with_suffix(".lock"), mode=PRIVATE)
    try:
        about.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire(timeout=0)
    except Timeout:
        if not wait:
            raise BusyError(_holder("build.busy", out, about)) from None
        if tell is not None:
            tell(_holder("build.waits", out, about))
        lock.acquire()
    except OSError:
        yield
        return
    try:
        write_file(about, json.dumps({"pid": os.getpid(), "since": time.strftime("%H:%M:%S")}), PRIVATE)
        yield
    finally:
        lock.release()


def _holder(key: str, out: Path, about: Path) -> str:
    try:
        holder = json.loads(about.read_text(encoding="utf-8"))
        return message(key, out=out, pid=holder["pid"], since=holder["since"])
    except (OSError, ValueError, KeyError):  # it has only just begun
        return message(key, out=out, pid="?", since=time.strftime("%H:%M:%S"))
