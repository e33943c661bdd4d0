"""Text made inert for what will read it: whatever a record says, no program takes it for something to run."""

from __future__ import annotations

import datetime as dt
import re
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_LIVE = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
"""Beginnings that Excel, LibreOffice or Google Sheets may take for a formula, full-width signs of Asian locales too."""
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_CODE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|\r")
_LONGEST_CODED = 1 << 22
"""Characters that a coded cell may take: at most 32,767 of a cell, each as long as a reference."""
_INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WRITTEN = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # a fixed day, of no zone: the same content gives the same bytes


def csv_cell(cell: object) -> str:
    """A cell of a CSV file for a spreadsheet, with an apostrophe before what would be taken for a formula.

    A number keeps its sign.  For files that people open; a dataset's own tables are read back to the letter and are
    not changed.

    Source: OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection.

    >>> csv_cell("=1+1"), csv_cell("-3"), csv_cell("- 3 rue"), csv_cell("31 %"), csv_cell(-0.5)
    ("'=1+1", '-3', "'- 3 rue", '31 %', '-0.5')
    """
    text = str(cell)
    return f"'{text}" if _LIVE.match(text) and not _NUMBER.fullmatch(text) else text


def xlsx_book(stream: IO[bytes], title: str = "") -> Workbook:
    """A new .xlsx workbook in which a text is never a formula, link or number; the same cells give the same bytes.

    Args:
        stream: where `close()` of the workbook writes it.
        title: of the document, in its properties.
    """
    from xlsxwriter import Workbook

    book = Workbook(stream, dict(_INERT))
    book.set_properties({"created": _WRITTEN} | ({"title": title} if title else {}))
    return book


def xlsx_cell(sheet: Any, row: int, column: int, text: str, look: Any = None) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    """Write a text into a cell of a sheet of `xlsx_book` as a text, whatever it looks like.

    A text that looks like a code of the format (`_x000D_`) or like xlsxwriter's markup of runs is given as such
    markup, coded here: xlsxwriter misses codes that share an underscore.  Its « _ » is written as a reference, which
    xlsxwriter passes on and a reader of the file undoes before it undoes codes.

    Args:
        sheet: the sheet.
        row: from 0.
        column: from 0.
        text: at most 32,767 characters.
        look: a format of the workbook.
    """
    if _CODE.search(text) or (text.startswith("<r>") and text.endswith("</r>")):
        coded = _CODED.sub(lambda found: f"&#95;x{ord(found[0]):04X}&#95;", escape(text))
        text, sheet.xls_strmax = f'<r><t xml:space="preserve">{coded}</t></r>', _LONGEST_CODED
    sheet.write_string(row, column, text, look)
