"""A drawing kept for the book, or shown as it is in JupyterLab."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from clss_analysis.layout.genogram.tie_table import tie_frame
from clss_analysis.privacy import Clearance, NotClearedError, clear
from clss_analysis.privacy.origin import require_as_read
from clss_analysis.records import Records, escape, message
from clss_analysis.records.typography import says_number
from clss_analysis.runs.markdown import KEPT, KEPT_AS, shown
from clss_analysis.runs.tables import table
from clss_analysis.runs.tellable import is_literal

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from clss_analysis.figures.ink import Drawing

FOLDER = "figures"
INLINE = ".inline.html"
_NO_PAGE = frozenset({".txt", ".csv", ".xlsx"})  # files of a notebook's own that no page shows
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,95}")


def keep(drawing: Drawing, out: str, figure_id: str | None = None, *, records: Records | None = None) -> object:
    """Keep a drawing where the book finds it; the further pages of a tall one as well, as `<id>-2`, `<id>-3`, ….

    Args:
        drawing: a figure of this package, which carries its geometry.
        out: the notebook's parameter of that name; empty in JupyterLab, where the drawing just shows itself.
        figure_id: its id; default: the id that the dataset gives to this kind of figure for this household, else
            `<household>-<kind>`, or `<kind>` for a figure of the whole dataset.
        records: the dataset or household that was drawn, for the gate and for the ids it gives.

    Returns:
        The drawing, when `out` is empty; else the Markdown line that puts it into the book, after writing below
        `out/figures/` the drawing as SVG (PDF and PNG are made of it by the book), its layout as JSON, what the
        manifest says of it as JSON, that same Markdown line (of several pages, a line each), and the HTML of a figure
        that is inline in the site.

    Raises:
        ValueError: an id that is no file name.
        NotClearedError: the figure may not leave the house, or it is not said of which records it is; or some may only
            be counted there and the drawing or its records were altered, or an id or a title of one's own says a number
            or stands in no cell.
    """
    layout = drawing.geometry
    if not out:
        return drawing
    name = figure_id or known_id(records, layout.kind, layout.case)
    if not _ID.fullmatch(name):
        raise ValueError("a figure id is made of 1 to 96 letters without accent, digits, hyphens and underscores")
    pages = {name if n == 1 else f"{name}-{n}": page for n, page in enumerate((drawing, *drawing.following), start=1)}
    clearance = clear(records) if records is not None else None
    if records is not None:
        whole = require_as_read(records)
        if whole is not None and whole.counted:
            pages = {each: _as_made(page) for each, page in pages.items()}
            if figure_id is not None and not is_literal(figure_id):
                raise NotClearedError(message("privacy_drawing_changed"))
    lines = [_kept(page, Path(out) / FOLDER, each, clearance) for each, page in pages.items()]
    if layout.ties:
        said = message("ties.caption", layout.lang)
        lines += [table(tie_frame(layout), f"{name}-liens", caption=said, records=records, lang=layout.lang).data]
    text = "\n\n".join(lines)
    _write(Path(out) / FOLDER / f"{name}.md", text)
    return shown(text)


def _as_made(drawing: Drawing) -> Drawing:
    """A drawing made once more of its geometry, which whoever has it in hand may have drawn on.

    Raises:
        NotClearedError: its geometry is another than that of its kind, or a title of somebody's own says a number or
            what stands in no cell.
    """
    from clss_analysis.figures.ink import draw

    if drawing.made is not drawing.geometry or says_number(drawing.title_given) or not is_literal(drawing.title_given):
        raise NotClearedError(message("privacy_drawing_changed"))
    fresh = draw(drawing.geometry) if drawing.titled is None else drawing.titled()
    fresh.inline = drawing.inline
    return fresh


def altered(executed: NotebookNode, folder: Path) -> tuple[int | None, str] | None:
    """The files that a run left and that `keep` did not leave as they are, in a line, and a cell that kept one of them.

    What each output says of the files kept is taken out of it.
    """
    said: dict[str, tuple[str, int]] = {}
    for number, cell in enumerate(executed.cells, start=1):
        for output in cell.get("outputs", ()):
            about = output.get("metadata", {}).get("text/markdown", {})
            for name, content in about.pop(KEPT_AS, {}).items():
                said[name] = said[name] if name in said and said[name][0] == content else (content, number)
            if about == {}:
                output.get("metadata", {}).pop("text/markdown", None)
    there = {_place(path, folder): _digest(path) for path in folder.rglob("*") if path.is_file()}
    own = {name for name in there.keys() - said.keys() if Path(name).suffix in _NO_PAGE}
    wrong = sorted(name for name in {*said, *there} - own if said.get(name, ("",))[0] != there.get(name))
    cells = [said[name][1] for name in wrong if name in said]
    return (min(cells, default=None), message("inspection.figure", figure=", ".join(wrong))) if wrong else None


def note(path: Path) -> None:
    """Say in every output from here on that this file was kept, and what is in it."""
    KEPT[_place(path, Path.cwd())] = _digest(path)


def _place(path: Path, folder: Path) -> str:
    """A file as it is called from the folder of the run, in which a notebook works."""
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _kept(drawing: Drawing, folder: Path, name: str, clearance: Clearance | None) -> str:
    """Write one page, with its layout and what the manifest says of it; gives its Markdown line."""
    from clss_analysis.figures.ink import save

    layout = drawing.geometry
    note(save(drawing, folder / f"{name}.svg", clearance))
    about = {
        "id": name,
        "kind": layout.kind,
        "case": layout.case,
        "caption": layout.caption,
        "alt": layout.alt,
        "rows": [{"table": row.table, "row": row.row} for row in layout.rows],
        "title": layout.title,
        "source": layout.source,
        "synthetic": layout.synthetic,
    }
    if layout.description:
        about["description"] = layout.description
    if drawing.inline is not None:
        _write(folder / f"{name}{INLINE}", drawing.inline(f"{name.lower()}-vif"))
    _write(folder / f"{name}.layout.json", json.dumps(layout.to_json(), ensure_ascii=False, indent=1))
    _write(folder / f"{name}.json", json.dumps(about, ensure_ascii=False, indent=1))
    line = figure_line(name, layout.caption, layout.alt)
    _write(folder / f"{name}.md", line)
    return line


def known_id(records: Records | None, kind: str, case: str | None) -> str:
    """The id of a figure: the dataset's own, where it gives one, else made of household and kind."""
    for name, figure in sorted((records.figure_ids if records is not None else {}).items()):
        if figure.get("kind") == kind and figure.get("case") == case:
            return name
    return f"{case}-{kind}" if case else kind


def figure_line(name: str, caption: str, alt: str) -> str:
    """The Markdown line that puts a kept figure into the book."""
    attributes = f'#fig-{name.lower()} fig-alt="{escape.attribute(alt)}"'
    return f"![{escape.markdown(caption)}](_runs/{FOLDER}/{name}.svg){{{attributes}}}"


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")
    note(path)
