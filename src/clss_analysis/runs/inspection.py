"""Executed notebooks looked through before they are published: what they show, their metadata, errors and paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from clss_analysis.privacy import Clearance
from clss_analysis.records import Records, message
from clss_analysis.records.schema import home_column, table_names
from clss_analysis.runs import notebook
from clss_analysis.runs.fragment import DROPPED, figures_in
from clss_analysis.runs.markdown import WEIGHED
from clss_analysis.runs.outcome import Result
from clss_analysis.runs.rows import withheld_rows

if TYPE_CHECKING:
    from nbformat import NotebookNode

METADATA = frozenset({"kernelspec", "language_info"})
CELL_METADATA = frozenset({"tags", "editable", "slideshow", "jupyter", "collapsed", "scrolled"})
_PATH = re.compile(
    r"(?<![\w/.:])/(?:home|Users|root|tmp|var|private|mnt|media|opt|work)/\w|\b[A-Za-z]:\\\\?(?:Users|Temp)\b"
)
_PLACES = ("id", "household", "source")
_DIGIT = re.compile(r"\d")
_WEIGHED = {"text/markdown": WEIGHED}
_LONG = 12  # characters: shorter texts are words that anybody's page has


def inspected(result: Result, runs: Path, records: Records, clearance: Clearance) -> Result:
    """A run's result, turned into a failure where its executed notebook shows what may not leave.

    The notebook and its figures then do not go into the book; the reason names no content.
    """
    if not result.ok:
        return result
    path = runs / f"{result.run.id}.ipynb"
    reasons = list(dict.fromkeys(leaks(notebook.read(path), records, clearance)))
    if not reasons:
        return result
    path.unlink()
    told = path.with_suffix(".md")
    for name in figures_in(told.read_text(encoding="utf-8")) if told.exists() else ():
        for file in (runs / "figures").glob(f"{name}.*"):
            file.unlink()
    told.unlink(missing_ok=True)
    return replace(result, ok=False, error="NotClearedError", reason=" ; ".join(reasons))


def leaks(executed: NotebookNode, records: Records, clearance: Clearance) -> Iterator[str]:
    """What in an executed notebook may not leave the house, one French line per kind.

    Looked for: a traceback, metadata that the notebook did not have when it was written, a path of this machine, and
    texts and rows of households that may only be counted and, where there are such, numbers that no threshold weighed,
    as it weighs those of our measures in `table` and `show`.
    """
    if set(executed.metadata) - METADATA or any(set(cell.metadata) - CELL_METADATA for cell in executed.cells):
        yield message("inspection.metadata")
    kept = withheld_texts(records, clearance)
    rows = withheld_rows(records, clearance) if clearance.counted else None
    for number, cell in enumerate(executed.cells, start=1):
        weighs = bool(clearance.counted) and not notebook.tags(cell) & DROPPED
        for output in cell.get("outputs", ()):
            if output.get("output_type") == "error" or "Traceback (most recent call last)" in output.get("text", ""):
                yield message("inspection.traceback")
            if output.get("metadata") not in (None, {}, _WEIGHED):
                yield message("inspection.metadata")
            shown = _text(output)
            if _PATH.search(shown):
                yield message("inspection.path")
            if any(text in shown for text in kept):
                yield message("inspection.withheld")
            if rows is not None and any(rows.shown(each) for each in _texts(output)):
                yield message("inspection.rows", cell=number)
            elif weighs and output.get("metadata") != _WEIGHED and any(map(_DIGIT.search, _texts(output))):
                yield message("inspection.numbers", cell=number)


@lru_cache(maxsize=1)
def withheld_texts(records: Records, clearance: Clearance) -> frozenset[str]:
    """Free texts of the households that may only be counted, where no text that may be told says the same in it."""
    if not clearance.counted:
        return frozenset()
    kept, told = set(), set()
    for table in table_names():
        frame = records.table(table)
        column = home_column(table)
        hidden = frame[column].isin(clearance.counted) if column in frame else pd.Series(data=False, index=frame.index)
        for field in records.fields(table):
            if field["type"] == "string" and "vocabulary" not in field and field["name"] not in _PLACES:
                told |= set(frame.loc[~hidden, field["name"]].dropna())
                kept |= set(frame.loc[hidden, field["name"]].dropna())
    said = "\n".join(sorted(told))
    return frozenset(text for text in kept if len(text) >= _LONG and text not in said)


def _texts(output: NotebookNode) -> Iterator[str]:
    """What an output shows as text, in each of its ways."""
    data = output.get("data", {})
    for shown in (output.get("text", ""), *(data.get(f"text/{kind}", "") for kind in ("plain", "markdown", "html"))):
        yield "".join(shown)


def _text(output: NotebookNode) -> str:
    data = {kind: shown for kind, shown in output.get("data", {}).items() if kind not in ("image/svg+xml", "image/png")}
    return f"{output.get('text', '')}\n{json.dumps(data, ensure_ascii=False)}"
