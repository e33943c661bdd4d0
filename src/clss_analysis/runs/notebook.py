"""Notebook files: read, made steady, written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from clss_analysis.records import message

INJECTED = "injected-parameters"


class NotebookError(ValueError):
    """A file that is missing or is no notebook; the message names it."""


def read(path: Path) -> NotebookNode:
    """A notebook, in format 4.

    Raises:
        NotebookError: there is none.
    """
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # untyped
    except (OSError, ValueError, KeyError, AttributeError):
        raise NotebookError(message("runs.no_notebook", notebook=path.name)) from None
    return notebook


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook, whole or not at all."""
    text = nbformat.writes(notebook)  # type: ignore[no-untyped-call]  # nbformat is untyped
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=path.suffix, delete=False, encoding="utf-8") as file:
        file.write(text)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


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
