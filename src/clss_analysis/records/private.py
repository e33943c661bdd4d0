"""Folders of one process: open to its user alone, and removed by the next process when their owner was killed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

PREFIX = "clss-"
_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_OWNER = re.compile(r"([0-9a-f]+)-([0-9a-f]+)-\w+")
_LOCK = ".owner"
_CLOCK_SECONDS = 2
"""How far two readings of one process's start may lie apart: it is kept in whole seconds, and clocks are set."""


@contextmanager
def owned_folder(place: Path | None = None, prefix: str = PREFIX) -> Iterator[Path]:
    """A folder (0700 whatever the umask) that is gone after the block; those of dead processes are removed first.

    Its name says whose it is, by process number and start; a lock in it, which the system lets go when its holder
    dies, says the same to a process that cannot see the owner, as from another container.

    Args:
        place: where it is made; default: the folder for temporary files.
        prefix: how its name begins.

    Yields:
        The folder.

    >>> with owned_folder() as folder:
    ...     folder.is_dir()
    True
    >>> folder.exists()
    False
    """
    place = Path(tempfile.gettempdir()) if place is None else place
    for left in place.glob(f"{prefix}*"):
        with suppress(OSError):  # gone meanwhile, or not ours
            if _is_dead(left, prefix):
                shutil.rmtree(left, ignore_errors=True)
    owner = f"{os.getpid():x}-{int(psutil.Process().create_time()):x}"
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{owner}-", dir=place))
    try:
        with FileLock(folder / _LOCK, mode=0o600):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def private_temp() -> Iterator[Path]:
    """Within the block all temporary files, those of libraries and of processes started, fall into one owned folder.

    Where that is so already, by this process or the one that started it, nothing changes.  It is a setting of the whole
    process, so that blocks in several threads must not end while another still runs.
    """
    here = Path(tempfile.gettempdir())
    if _OWNER.fullmatch(here.name.removeprefix(PREFIX)) and here.name.startswith(PREFIX):
        yield here
        return
    with ExitStack() as stack:
        folder = stack.enter_context(owned_folder(here))
        before = {name: os.environ.get(name) for name in _VARIABLES}, tempfile.tempdir
        stack.callback(_restore, *before)
        os.environ.update(dict.fromkeys(_VARIABLES, str(folder)))
        tempfile.tempdir = str(folder)
        yield folder


def forbid_core_dumps() -> None:
    """From here on no crash of this process, or of one it starts, writes its memory to a disk; POSIX only."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def user_cache() -> Path:
    """Where the system keeps what a program of this user remembers; not made here."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "clss"


def _restore(variables: dict[str, str | None], tempdir: str | None) -> None:
    tempfile.tempdir = tempdir
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _is_dead(folder: Path, prefix: str) -> bool:
    """Whether a folder is one of this user's whose process is gone."""
    owner = _OWNER.fullmatch(folder.name.removeprefix(prefix))
    about = folder.lstat()
    if owner is None or folder.is_symlink() or not folder.is_dir():
        return False
    if hasattr(os, "getuid") and about.st_uid != os.getuid():
        return False
    try:
        started = psutil.Process(int(owner[1], 16)).create_time()
        if abs(started - int(owner[2], 16)) <= _CLOCK_SECONDS:
            return False
    except psutil.NoSuchProcess:
        pass
    except psutil.Error:
        return False
    try:
        with FileLock(folder / _LOCK, timeout=0):
            return True
    except Timeout:
        return False
