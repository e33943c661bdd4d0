"""One figure of a dataset, written to a file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from inspect import signature
from pathlib import Path
from typing import Any

from clss_analysis.privacy.editions import read_for_others
from clss_analysis.privacy.written import keep_written
from clss_analysis.records import message
from clss_analysis.records.arguments import nearest_first
from clss_analysis.records.atomic import PRIVATE, SHARED, write_file
from clss_analysis.records.descriptor import ID
from clss_analysis.records.escape import csv_cell
from clss_analysis.records.house import house_of, own_house
from clss_analysis.records.schema import MONTH_FORM
from clss_analysis.runs.tellable import tellable

ENDINGS = (".svg", ".pdf", ".png")
OF_PEOPLE = ("sociogenogram", "sociogenogram-series", "mega-sociogenogram")
"""Kinds that may show a working scope to who works on it: people and ties, no word of a course or a note."""


class AskedWronglyError(ValueError):
    """A figure that cannot be asked for so; the message is one line for the person who asked."""


def figure_file(
    dataset: Path | None,
    kind: str,
    out: Path,
    *,
    case: str | None = None,
    date: str | None = None,
    labels: bool = False,
    page: str | None = None,
    view: Mapping[str, str | None] | None = None,
    lang: str = "fr",
    layout: Path | None = None,
    note: Callable[[str], object] | None = None,
) -> dict[str, Any]:
    """Draw one figure of a dataset and write it, with its geometry where asked; all files or none.

    A figure of several pages is written as one file a page: `arbre.svg`, `arbre-2.svg`, ….  Where its arrows have
    numbers, the table that they lead to is written beside it: `arbre-liens.csv`.

    Args:
        dataset: folder of the dataset; None for that of the house, La Rue's where there is none.
        kind: one of `figures.KINDS`.
        out: the file; its ending says the format: .svg, .pdf or .png.
        case: the household, for a figure per household.
        date: a month, YYYY-MM, for a figure that can show the state of that month; default: all that is told.
        labels: whether arrows carry words, for a figure that can write them.
        page: the format to fill, for a figure that can; default: as large as the figure needs.
        view: the `person`, `service` or `arrow` whose ties alone are drawn, for a figure that can; default: all ties.
        lang: fr, nl or en.
        layout: a .json file for the geometry.
        note: told what was asked in vain, in one French line, if given.

    Returns:
        What the layout says of its own quality.

    Raises:
        AskedWronglyError: what is asked for does not exist or cannot be written there.
        InvalidRecordsError: the dataset is not sound.
        UnknownCaseError: no such household.
        NotClearedError: the household may not be told.
    """
    _check_files(out, layout)
    if case is not None and not ID.fullmatch(case):
        raise AskedWronglyError(message("fault_case_form"))
    if date is not None and not MONTH_FORM.fullmatch(date):
        raise AskedWronglyError(message("cli.bad_month"))
    from clss_analysis.figures import KINDS, save
    from clss_analysis.figures.working import MARK
    from clss_analysis.layout.genogram.tie_table import tie_frame
    from clss_analysis.layout.page import NothingToDrawError
    from clss_analysis.privacy import NotClearedError, clear
    from clss_analysis.privacy.gate import clear_for_work

    if kind not in KINDS:
        raise AskedWronglyError(message("cli.unknown_kind", kinds=", ".join(KINDS)))
    about = KINDS[kind].about
    if about.per_case and not about.or_dataset and case is None:
        raise AskedWronglyError(message("cli.case_needed", kind=kind))
    if not about.per_case and case is not None:
        raise AskedWronglyError(message("cli.case_unneeded", kind=kind))
    folder = dataset or house_of(None).records
    records = read_for_others(folder)
    if case is not None:
        records = records.case(case)
    try:
        clearance = clear(records, own_work=records.synthetic or kind in OF_PEOPLE)
    except NotClearedError:
        if about.counts or own_house(folder) is None:
            raise
        clearance = clear_for_work(records)
        if note:
            note(message("figure.working_note"))
    if case is not None and not clearance.working:
        clearance.require_told(case)
    elif not about.counts:
        records = tellable(records, clearance)
    options: dict[str, Any] = {"lang": lang}
    can = signature(KINDS[kind].draw).parameters
    for name, value in {"date": date, "labels": labels, "page": page, **(view or {})}.items():
        if value and name in can:
            options[name] = value
        elif value and note:
            note(message(f"cli.no_{'view' if name in (view or {}) else name}", kind=kind))
    for name, table in (("person", "persons"), ("service", "actors")):
        known = records.table(table)["id"]
        if name in options and options[name] not in set(known):
            raise AskedWronglyError(message("cli.not_of_case", option=name, known=nearest_first(options[name], known)))
    try:
        drawing = KINDS[kind].draw(records, **options)
    except NothingToDrawError:
        raise AskedWronglyError(message("cli.nothing_to_draw", kind=kind, case=case or records.name)) from None
    used = drawing.geometry.quality.get("page")
    if note and isinstance(used, dict) and used["grown"]:
        note(message("cli.page_grown", asked=used["asked"], used=used["used"]))
    files: dict[Path, bytes] = {}
    for number, sheet in enumerate((drawing, *drawing.following), start=1):
        with tempfile.TemporaryDirectory() as made:
            picture = save(sheet, Path(made) / f"figure{out.suffix.lower()}", clearance).read_bytes()
        files[_numbered(out, number)] = picture
        if layout is not None:
            told = {MARK: message("figure.working", lang)} if clearance.working else {}
            geometry = json.dumps(told | sheet.geometry.to_json(), ensure_ascii=False, indent=1) + "\n"
            files[_numbered(layout, number)] = geometry.encode()
    if drawing.geometry.ties:
        frame = tie_frame(drawing.geometry).map(csv_cell)
        if clearance.working:
            frame.loc[len(frame)] = [MARK, message("figure.working", lang), "", "", ""]
        files[ties_beside(out)] = frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
        if note:
            note(message("ties.written", path=ties_beside(out)))
    _write_all(files, PRIVATE if clearance.working else SHARED)
    keep_written(records, files)
    return dict(drawing.geometry.quality)


def ties_beside(out: Path) -> Path:
    """Where the table of a picture with numbered arrows is."""
    return out.with_name(f"{out.stem}-liens.csv")


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def _write_all(files: dict[Path, bytes], mode: int) -> None:
    written: list[Path] = []
    try:
        for path, content in files.items():
            write_file(path, content, mode)
            written.append(path)
    except OSError:
        for path in written:
            path.unlink()
        raise


def _check_files(out: Path, layout: Path | None) -> None:
    if out.suffix.lower() not in ENDINGS:
        raise AskedWronglyError(message("cli.bad_ending", endings=", ".join(ENDINGS)))
    if layout is not None and layout.suffix.lower() != ".json":
        raise AskedWronglyError(message("cli.bad_layout_ending"))
    for path in (out, layout):
        if path is not None and path.is_dir():
            raise AskedWronglyError(message("cli.is_folder", path=path))
