"""The data behind each figure as a table that a spreadsheet opens: the rows it names, as far as the gate goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.publish.figures import DATA, FOLDER
from clss_analysis.publish.manifest import sidecars
from clss_analysis.records import Records
from clss_analysis.records.escape import csv_cell, csv_text
from clss_analysis.records.schema import table_names
from clss_analysis.runs.plan import of_gallery

_KEPT_INSIDE = frozenset({"consents"})


def write_figure_data(records: Records, runs: Path, *, gallery: Records | None = None) -> None:
    """Write `figures/<id>.csv` beside each figure of a runs folder.

    Args:
        records: the dataset that the figures were drawn from.
        runs: the runs folder, its sidecars in `figures/`.
        gallery: the invented households, from which the figures of the gallery were drawn.

    Raises:
        NotClearedError: a household has no consent.
    """
    told = clear(records).told
    invented = clear(gallery).told if gallery is not None else frozenset()
    for figure in sidecars(runs):
        of = (gallery, invented) if gallery is not None and of_gallery(figure) else (records, told)
        (runs / FOLDER / f"{figure['id']}.{DATA}").write_bytes(rows_csv(of[0], figure["rows"], of[1]))


def rows_csv(records: Records, rows: Iterable[Mapping[str, Any]], told: frozenset[str]) -> bytes:
    """Rows of a dataset as CSV: table, id, then the columns that any of these tables has.

    A row of a household that may only be counted, and a consent, show their id and nothing else.  A cell that a
    spreadsheet would take for a formula starts with an apostrophe.

    Args:
        records: the dataset.
        rows: mappings with `table` and `row`.
        told: households that may be told.

    Returns:
        UTF-8 with a byte order mark, so that spreadsheets read the accents.
    """
    wanted: dict[str, list[str]] = {}
    for row in rows:
        wanted.setdefault(str(row["table"]), []).append(str(row["row"]))
    tables = [name for name in table_names() if name in wanted]
    columns = list(dict.fromkeys(str(field["name"]) for name in tables for field in records.fields(name)))
    columns = [column for column in columns if column != "id"]
    lines = [["table", "id", *map(csv_cell, columns)]]
    for name in tables:
        frame = records.table(name).set_index("id", drop=False)
        for identifier in dict.fromkeys(wanted[name]):
            cells = _cells(name, frame, identifier, told)
            lines.append([name, csv_cell(identifier), *(csv_cell(cells.get(column, "")) for column in columns)])
    return csv_text(lines, "\r\n").encode("utf-8-sig")


def _cells(table: str, frame: pd.DataFrame, identifier: str, told: frozenset[str]) -> dict[str, str]:
    if table in _KEPT_INSIDE or identifier not in frame.index:
        return {}
    row = frame.loc[identifier]
    household = row["id"] if table == "households" else row.get("household")
    if household is not None and not pd.isna(household) and str(household) not in told:
        return {}
    return {str(column): cell_text(value) for column, value in row.items() if not pd.isna(value)}


def cell_text(value: object) -> str:
    """A cell as a table shows it: a truth in small letters, a whole number without decimals."""
    if type(value).__name__.startswith("bool"):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
