"""Files and folders written whole or not at all: made beside their place, and moved there when they are complete."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED = 0o644
"""Mode of what anyone may read: books, figures, datasets that were cleared."""
PRIVATE = 0o600
"""Mode of what stays with its owner: keys, decisions, working drawings."""


@contextmanager
def new_file(path: Path, mode: int = SHARED) -> Iterator[Path]:
    """A file to be written by the block, put in its place when the block ends well; what stood there stays otherwise.

    Args:
        path: its place; folders above it are made.
        mode: permissions of the finished file, whatever the umask (POSIX; ignored elsewhere).

    Yields:
        An empty file beside the place, of the same ending, readable by its owner only.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".clss-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_file(path: Path, content: str | bytes, mode: int = SHARED) -> Path:
    r"""Write a file whole or not at all; text in UTF-8 with `\n`.

    Args:
        path: its place; folders above it are made, a file that is there is replaced.
        content: what it shall hold.
        mode: permissions of the file.

    Returns:
        The path.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_file(Path(folder) / "new" / "a.txt", "é").read_bytes()
    b'\xc3\xa9'
    """
    with new_file(path, mode) as beside:
        beside.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


@contextmanager
def new_folder(path: Path, mode: int = 0o755) -> Iterator[Path]:
    """A folder to be filled by the block, put in its place when the block ends well; the one before stays otherwise.

    Args:
        path: its place; a folder that is there is replaced as a whole.
        mode: permissions of the finished folder.

    Yields:
        An empty folder beside the place, open to its owner only.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     with new_folder(Path(home) / "book") as made:
    ...         _ = (made / "index.html").write_text("…", encoding="utf-8")
    ...     sorted(each.name for each in Path(home).rglob("*"))
    ['book', 'index.html']
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    made, old = beside / "new", beside / "old"
    try:
        made.mkdir()
        yield made
        made.chmod(mode)
        if path.exists():
            path.rename(old)
        try:
            made.rename(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
