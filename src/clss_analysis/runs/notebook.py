"""Notebook files: read, made steady, written.

`nbformat` is imported where it is used, which a brief need not wait for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clss_analysis.records import message
from clss_analysis.records.atomic import write_file

if TYPE_CHECKING:
    from nbformat import NotebookNode

INJECTED = "injected-parameters"
_GRAMMAR = "rfc3987_syntax"  # of addresses that no notebook has; `nbformat` has it compiled, which takes a second


class NotebookError(ValueError):
    """A file that is missing or is no notebook; the message names it."""


@contextmanager
def without_grammar() -> Iterator[None]:
    """Imports done meanwhile do without the grammar of addresses, if nobody has imported it yet."""
    absent = _GRAMMAR not in sys.modules
    if absent:
        sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # which is how the import system is told so
    try:
        yield
    finally:
        if absent:
            sys.modules.pop(_GRAMMAR, None)


def _nbformat() -> Any:  # noqa: ANN401 - which has no types
    with without_grammar():
        import nbformat
    return nbformat


def read(path: Path) -> NotebookNode:
    """A notebook, in format 4.

    Raises:
        NotebookError: there is none.
    """
    try:
        notebook: NotebookNode = _nbformat().read(path, as_version=4)
    except (OSError, ValueError, KeyError, AttributeError):
        raise NotebookError(message("runs.no_notebook", notebook=path.name)) from None
    return notebook


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook, whole or not at all."""
    write_file(path, _nbformat().writes(notebook))


def tags(cell: NotebookNode) -> frozenset[str]:
    """The tags of a cell."""
    return frozenset(cell.metadata.get("tags", ()))


def steady(notebook: NotebookNode) -> NotebookNode:
    """An executed notebook without what differs between two runs: times, durations and chance ids."""
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        cell.id = INJECTED if INJECTED in tags(cell) else cell.get("id", f"cell-{number}")
    return notebook
