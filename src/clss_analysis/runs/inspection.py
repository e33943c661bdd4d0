"""Executed notebooks looked through before they are published: what they show, their metadata, errors and paths."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from clss_analysis.privacy import Clearance
from clss_analysis.records import message
from clss_analysis.runs import notebook
from clss_analysis.runs.fragment import DROPPED, figures_in
from clss_analysis.runs.markdown import KEPT_AS, WEIGHED
from clss_analysis.runs.outcome import Result

if TYPE_CHECKING:
    from nbformat import NotebookNode

METADATA = frozenset({"kernelspec", "language_info"})
_ASKED = frozenset({"parameters", "injected-parameters"})
_SAYING = frozenset({"say", "print", "display", "Markdown"})
CELL_METADATA = frozenset({"tags", "editable", "slideshow", "jupyter", "collapsed", "scrolled"})
_PATH = re.compile(
    r"(?<![\w/.:])/(?:home|Users|root|tmp|var|private|mnt|media|opt|work)/\w|\b[A-Za-z]:\\\\?(?:Users|Temp)\b"
)


def inspected(result: Result, runs: Path, clearance: Clearance) -> Result:
    """A run's result, turned into a failure where its executed notebook shows what may not leave.

    The notebook and its figures then do not go into the book; the reason names no content.
    """
    if not result.ok:
        return result
    path = runs / f"{result.run.id}.ipynb"
    reasons = list(dict.fromkeys(leaks(notebook.read(path), clearance)))
    if not reasons:
        return result
    path.unlink()
    told = path.with_suffix(".md")
    for name in figures_in(told.read_text(encoding="utf-8")) if told.exists() else ():
        for file in (runs / "figures").glob(f"{name}.*"):
            file.unlink()
    told.unlink(missing_ok=True)
    return replace(result, ok=False, error="NotClearedError", reason=" ; ".join(reasons))


def leaks(executed: NotebookNode, clearance: Clearance) -> Iterator[str]:
    """What in an executed notebook may not leave the house, one French line per kind.

    Looked for: a traceback, metadata that the notebook did not have when it was written, a path of this machine and,
    where some may only be counted, whatever a cell computes and shows itself: the book takes what our own functions
    show of a measure or of a household that may be told, and what a cell says that names nothing it could compute it
    from; and none of it where the cell chooses or repeats by anything but the notebook's parameters: that something is
    shown says then what was chosen by.  What stands in cells of Markdown is written as well, and all is looked through
    with the chapters.
    """
    found: dict[str, list[int]] = {}
    asked = {name for cell in executed.cells if notebook.tags(cell) & _ASKED for name in _stored(cell.source)}
    if set(executed.metadata) - METADATA or any(set(cell.metadata) - CELL_METADATA for cell in executed.cells):
        yield message("inspection.metadata")
    for number, cell in enumerate(executed.cells, start=1):
        weighs = bool(clearance.counted) and not notebook.tags(cell) & DROPPED
        for output in cell.get("outputs", ()):
            if output.get("output_type") == "error" or "Traceback (most recent call last)" in output.get("text", ""):
                yield message("inspection.traceback")
            about = output.get("metadata") or {}
            said = {key: each for key, each in about.get("text/markdown", {}).items() if key != KEPT_AS}
            if set(about) - {"text/markdown"} or set(said) - {WEIGHED}:
                yield message("inspection.metadata")
            if _PATH.search(_text(output)):
                yield message("inspection.path")
            if weighs and said and _chooses(cell.source, asked):
                found.setdefault("inspection.chosen", []).append(number)
            elif weighs and said.get(WEIGHED) is False:
                found.setdefault("inspection.table", []).append(number)
            elif weighs and not said and output.get("name") != "stderr" and not _written(cell.source):
                found.setdefault("inspection.computed", []).append(number)
    for key, numbers in found.items():
        yield message(key, cell=", ".join(map(str, dict.fromkeys(numbers))))


def _written(source: str) -> bool:
    """Whether a cell says what stands in it and nothing else.

    >>> _written('say("Deux ménages.")'), _written('say("Deux" if few else "Trois")')
    (True, False)
    """
    try:
        names = {each.id for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Name)}
    except SyntaxError:  # such as a command of IPython
        return False
    return names <= _SAYING


def _chooses(source: str, asked: Collection[str]) -> bool:
    """Whether a cell shows something or not, or again, by what it names beyond the parameters.

    >>> _chooses('for kind in ("a", "b"): show(kind)', ()), _chooses('table(m, "a", caption="A" if few else "B")', ())
    (False, True)
    """
    from IPython.core.inputtransformer2 import TransformerManager  # what a command of IPython is in Python

    parts: list[ast.AST] = []
    python = TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]  # the library has no types
    for each in ast.walk(ast.parse(python)):
        if isinstance(each, ast.If | ast.IfExp | ast.While):
            parts.append(each.test)
        elif isinstance(each, ast.For):
            parts.append(each.iter)
        elif isinstance(each, ast.Match):
            parts.append(each.subject)
        elif isinstance(each, ast.Try):
            parts.append(each)
    names = {each.id for part in parts for each in ast.walk(part) if isinstance(each, ast.Name)}
    return not names.issubset(asked)


def _stored(source: str) -> set[str]:
    tree = ast.walk(ast.parse(source))
    return {each.id for each in tree if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def _text(output: NotebookNode) -> str:
    data = {kind: shown for kind, shown in output.get("data", {}).items() if kind not in ("image/svg+xml", "image/png")}
    return f"{output.get('text', '')}\n{json.dumps(data, ensure_ascii=False)}"
