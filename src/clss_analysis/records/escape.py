"""Text made inert for what will read it: whatever a record says, no program takes it for something to run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_LIVE = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
"""Beginnings that Excel, LibreOffice or Google Sheets may take for a formula, full-width signs of Asian locales too."""
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_CODE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|\r")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SPACES = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_KEPT = frozenset("\u202f\u00a0\u00ad")
"""Spaces and hyphens that Python calls unprintable and a typesetter needs."""
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


def csv_text(rows: Iterable[Iterable[object]], end: str = "\n", **dialect: Any) -> str:  # noqa: ANN401  # of csv.writer
    r"""Rows as the text of a CSV file; what a spreadsheet will read goes through `csv_cell` before.

    >>> csv_text([("id", "text"), ("A", "one, two")])
    'id,text\nA,"one, two"\n'
    """
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end, **dialect).writerows(rows)
    return stream.getvalue()


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


def markdown(text: str) -> str:
    r"""Escape a text for Pandoc Markdown, so that no construct in it can come alive.

    Every ASCII punctuation mark is preceded by a backslash: HTML, links, images, mathematics, raw attributes,
    shortcodes, citations, footnotes, emphasis, tables, headings and lists all start with one.  Runs of white space and
    line ends become one space, control characters are left out; typographic quotes and no-break spaces stay.

    Returns:
        One line of Markdown that Pandoc reads as the literal text.

    >>> print(markdown("[clic](javascript:x) {{< include /etc/passwd >}}"))
    \[clic\]\(javascript\:x\) \{\{\< include \/etc\/passwd \>\}\}
    """
    return _PUNCTUATION.sub(r"\\\1", _plain(text))


def attribute(text: str) -> str:
    r"""Escape a text for a quoted attribute value in Pandoc Markdown, such as fig-alt="…" (quotes not included).

    No-break spaces at either end go too: Pandoc takes a quote followed by one for a bare value.

    >>> print(attribute('dit « "oui" »'))
    dit « \"oui\" »
    """
    return markdown(text).strip()


def _plain(text: str) -> str:
    kept = "".join(char for char in _SPACES.sub(" ", text) if unicodedata.category(char) not in ("Cc", "Cs"))
    return kept.strip(" ")


def typst(text: str) -> str:
    r"""A text as a Typst string, quotes included, in which nothing is code.

    >>> typst('a"b#c')
    '"a\\"b#c"'
    """
    flat = "".join(char if char.isprintable() or char in _KEPT else " " for char in text)
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'
