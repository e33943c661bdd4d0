"""The dataset sheet of a workbook, read back as a descriptor without tables."""

from __future__ import annotations

import json
from typing import Any

from clss_analysis.records.faults import Fault
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.front import LISTED, PLAIN
from clss_analysis.records.workbook.opening import RawSheet
from clss_analysis.records.workbook.plan import HEADER

_KEYS = (*PLAIN, *LISTED, "figure_ids", "extra")


def read_dataset_sheet(sheet: RawSheet, where: str, lang: str) -> tuple[dict[str, Any], dict[str, int], list[Fault]]:
    """What the dataset sheet says.

    Returns:
        The keys of the descriptor, the row on which each stands, and the faults of form.
    """
    named = {message(f"workbook.key.{key}", lang): key for key in _KEYS}
    about: dict[str, Any] = {}
    rows: dict[str, int] = {}
    faults = []
    for number, row in enumerate(sheet.rows[HEADER:], start=HEADER + 1):
        cells = [("" if cell is None else str(cell)) for cell in (*row, None, None, None, None)[:4]]
        if not any(cells):
            continue
        key = named.get(cells[0].strip())
        if key is None or (key in PLAIN and key in about) or not _take(about, key, cells[1:], lang):
            faults.append(Fault(where, number, "A", message("workbook.fault.dataset_key", lang)))
        else:
            rows.setdefault(key, number)
    return about, rows, faults


def _take(about: dict[str, Any], key: str, cells: list[str], lang: str) -> bool:
    if key == "synthetic":
        about[key] = {message("workbook.yes", lang): True, message("workbook.no", lang): False}.get(cells[0].strip())
    elif key in PLAIN:
        about[key] = cells[0]
    elif key in LISTED:
        entry = {name: cell for name, cell in zip(LISTED[key], cells, strict=False) if cell}
        about.setdefault(key, []).append(entry)
    elif key == "figure_ids":
        figures = about.setdefault(key, {})
        if cells[0] in figures:
            return False
        figures[cells[0]] = {"kind": cells[1]} | ({"case": cells[2]} if cells[2] else {})
    else:
        try:
            about[cells[0]] = json.loads(cells[1])
        except (ValueError, RecursionError):
            return False
    return True
