"""A dataset written to a folder, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from clss_analysis.records.arguments import instance
from clss_analysis.records.atomic import PRIVATE, SHARED, new_folder, write_file
from clss_analysis.records.columns import texts
from clss_analysis.records.decisions import DECISIONS, decisions_text
from clss_analysis.records.descriptor import FILE, as_json, describe
from clss_analysis.records.schema import Descriptor, table_names, table_schema
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.tables import Records
from clss_analysis.records.translations import FILE as TRANSLATIONS
from clss_analysis.records.translations import translations_text
from clss_analysis.records.vocabulary import message

IGNORED = ".gitignore"
_QUOTED = re.compile('[",\n\r]')


def write(records: Records, folder: str | Path, *, overwrite: bool = False) -> Path:
    """Write a dataset as a Frictionless data package: `datapackage.json` and one CSV file per table.

    The files are made in a temporary folder beside the target and moved there at the end, so that a failure leaves
    what was there as it was.  Records that nobody invented are their user's alone (0700 and 0600 whatever the umask),
    and git is told to leave the folder out.  Reading the folder again gives the same tables: nothing is lost or
    rounded, months are written YYYY-MM, unknown is an empty cell (as is an empty text).  The same records give the
    same bytes.

    Args:
        records: the dataset.
        folder: the target; its parents are made where they are missing.
        overwrite: replace a dataset that is already there (a folder that holds anything else is never replaced).

    Returns:
        The folder.

    Raises:
        FileExistsError: the folder is not empty, or holds other files than those of a dataset.
        ValueError: a text has a control character, which no reader would accept.
    """
    instance("records", records, Records, "records, such as clss.read(folder)")
    target = Path(folder).resolve()
    own_files = {FILE, IGNORED, DECISIONS, TRANSLATIONS, *(table_schema(table)["path"] for table in table_names())}
    present = {entry.name for entry in target.iterdir()} if target.exists() else set()
    if present and not (overwrite and present <= own_files):
        raise FileExistsError(message("write_not_empty", folder=folder))
    contents = files_of(records)
    made_up = is_made_up(records)
    mode = SHARED if made_up else PRIVATE
    with new_folder(target, 0o755 if made_up else 0o700) as made:
        for name, text in contents.items():
            write_file(made / name, text, mode)
        if not made_up:
            write_file(made / IGNORED, "*\n", mode)
    return Path(folder)


def files_of(records: Records) -> dict[str, str]:
    """The files of a dataset by name, as text: the descriptor, tables, decisions and translations if there are any.

    Raises:
        ValueError: a text has a control character.
    """
    package = describe(
        name=records.name,
        title=records.title,
        description=records.description,
        synthetic=records.synthetic,
        source_line=records.source,
        language=records.language,
        figure_ids=records.figure_ids,
        threshold=records.threshold,
        disclosure=records.disclosure,
        own=records.own_fields,
        extra=records.extra,
    )
    tables = {
        table_schema(table)["path"]: _table_text(records.table(table), table, records.fields(table))
        for table in table_names()
    }
    decided = {DECISIONS: decisions_text(records.decisions)} if records.decisions else {}
    said = {TRANSLATIONS: translations_text(records.translations)} if records.translations else {}
    return {FILE: as_json(package), **tables, **decided, **said}


def _table_text(frame: pd.DataFrame, table: str, of: Sequence[Descriptor]) -> str:
    names = [str(field["name"]) for field in of]
    columns = []
    for field in of:
        cells = texts(frame, str(field["name"]), field["type"])
        where = f"{table}.{field['name']}"
        columns.append([_quoted(cell, where) for cell in cells] if field["type"] == "string" else cells)
    return "".join(",".join(row) + "\n" for row in [names, *zip(*columns, strict=True)])


def _quoted(cell: str, where: str) -> str:
    if FORBIDDEN.search(cell):
        raise ValueError(f"{where}: a text has a control character")
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell
