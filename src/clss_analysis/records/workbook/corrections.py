"""The faults of a workbook shown in a copy of it: a colour and a comment on every cell that is to be corrected."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from clss_analysis.palette import CELLS
from clss_analysis.records.archive import unpack
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.exchange.foreign import content_of
from clss_analysis.records.faults import Fault
from clss_analysis.records.vocabulary import LANGUAGES, Sentence, message
from clss_analysis.records.workbook.pages import letter_of
from clss_analysis.records.workbook.spreadsheet import LIMIT_COLUMNS, is_open, open_workbook

_LIMIT_UNPACKED_MB = 64
"""Above it no copy is made: a whole workbook takes some fifty times as much memory as its parts."""
_COLOUR = f"FF{CELLS['fault_fill'].lstrip('#')}"
_PROPERTY, _CUSTOM, _CORE = "clss-corrections", "docProps/custom.xml", "docProps/core.xml"
_UNSIGNED = b"0" * 64
_MODIFIED = re.compile(rb"(?<=>)[^<]*(?=</dcterms:modified>)")
_DAY = b"2000-01-01T00:00:00Z"
"""When every copy was written, as it says: the same workbook gives the same bytes."""
_FORMULA = re.compile(rb'<c r="([A-Z]+)([0-9]+)"((?: s="[0-9]+")?)>(<f(?:[^>]*/>|[^>]*>[^<]*</f>))<v ?/></c>')

Notes = dict[tuple[str, int, int], list[str]]


def write_corrections(path: Path, faults: Iterable[Fault], lang: str) -> tuple[str, bool]:
    """Write beside a workbook the copy in which its faults are to be corrected.

    Every cell with a fault is coloured and bears the rule as a comment, below one that is there; a fault of a row is on
    its first filled cell, one of a sheet on the first of the sheet.  Values, formulas and what they gave, lists, styles
    and hidden sheets stay; shapes, and lists that Excel keeps as an extension, are lost in the copy.  The copy of a
    copy is itself, with the colours and comments of now.

    Args:
        path: the workbook.
        faults: what an import found in it.
        lang: language of the file's name and of the sentence: fr, nl or en.

    Returns:
        A sentence for its user, and whether the copy was written.  The sentence is empty where no fault has a cell;
        a copy that was changed since, or is open in another program, is left alone.
    """
    told = [fault for fault in faults if _sheet(fault)]
    if not told:
        return "", False
    copy = _beside(path, lang)
    try:
        if copy != path and copy.exists() and not _is_untouched(copy):
            return message("workbook.correct.kept", lang, path=copy), False
        if is_open(copy):
            raise PermissionError
        content, count = _marked(path, told, lang)
        if count:
            write_file(copy, content, PRIVATE)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # the place, or what openpyxl cannot carry
        return message("workbook.correct.failed", lang, path=copy), False
    return (message("workbook.correct.written", lang, path=copy, n=count), True) if count else ("", False)


def remove_corrections(path: Path) -> None:
    """Remove the copies of a workbook without faults, those that nobody has changed since they were written."""
    for copy in {_beside(path, lang) for lang in LANGUAGES} - {path}:
        if not is_open(copy) and _is_untouched(copy):
            with suppress(OSError):  # it is only a help, and the import is done
                copy.unlink()


def _beside(path: Path, lang: str) -> Path:
    """Where the copy of a workbook stands; that of a copy is itself."""
    if path.stem.endswith(tuple(message("workbook.correct.suffix", each) for each in LANGUAGES)):
        with zipfile.ZipFile(path) as archive:
            if _CUSTOM in archive.namelist() and _PROPERTY.encode() in unpack(archive, archive.getinfo(_CUSTOM)):
                return path
    return path.with_name(f"{path.stem}{message('workbook.correct.suffix', lang)}.xlsx")


def _is_untouched(copy: Path) -> bool:
    """Whether a file is a copy that was written here and holds what it held then, by the digest of its parts in it."""
    try:
        parts = _parts(copy.read_bytes())
    except (OSError, ValueError, zipfile.BadZipFile):
        return False
    return _digest(parts) in parts.get(_CUSTOM, b"")


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _LIMIT_UNPACKED_MB * 2**20:
            raise ValueError
        return {part.filename: unpack(archive, part) for part in archive.infolist()}


def _digest(parts: Mapping[str, bytes]) -> bytes:
    told = [hashlib.sha256(part).digest() + name.encode() for name, part in sorted(parts.items()) if name != _CUSTOM]
    return hashlib.sha256(b"\n".join(told)).hexdigest().encode()


def _marked(path: Path, faults: list[Fault], lang: str) -> tuple[bytes, int]:
    """The bytes of the copy, and how many of its cells are marked."""
    from openpyxl import load_workbook
    from openpyxl.packaging.custom import StringProperty

    content = content_of(path)
    _parts(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out
        book = load_workbook(io.BytesIO(content), rich_text=True)
    heads = [message("workbook.correct.head", each) for each in LANGUAGES]
    for sheet in book.worksheets:
        _unmark(sheet, heads)
    notes: Notes = {}
    for fault in faults:
        for name, row, column, rule in _places(book, fault):
            notes.setdefault((name, row, column), []).append(rule)
    for (name, row, column), rules in notes.items():
        _mark(book[name], row, column, "\n".join([message("workbook.correct.head", lang), *dict.fromkeys(rules)]))
    if _PROPERTY in book.custom_doc_props.names:
        del book.custom_doc_props[_PROPERTY]
    book.custom_doc_props.append(StringProperty(name=_PROPERTY, value=_UNSIGNED.decode()))
    buffer = io.BytesIO()
    book.save(buffer)
    parts = _parts(buffer.getvalue())
    parts[_CORE] = _MODIFIED.sub(_DAY, parts[_CORE])
    known = {sheet.name: sheet.rows for sheet in open_workbook(path)}
    for sheet in book.worksheets:
        parts[sheet.path[1:]] = _with_results(parts[sheet.path[1:]], known.get(sheet.title, ()))
    parts[_CUSTOM] = parts[_CUSTOM].replace(_UNSIGNED, _digest(parts))
    signed = io.BytesIO()
    with zipfile.ZipFile(signed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return signed.getvalue(), len(notes)


def _sheet(fault: Fault) -> str:
    """The name of the sheet that a fault is about; empty where it is that of a whole file."""
    return str(fault.file.values.get("sheet", "")) if isinstance(fault.file, Sentence) else ""


def _places(book: Any, fault: Fault) -> Iterator[tuple[str, int, int, str]]:  # noqa: ANN401  # openpyxl is untyped
    """Sheet, row, column and rule of every cell that a fault is about; none where it is about no sheet of the file."""
    from openpyxl.utils import column_index_from_string

    names = {f"n° {place}": name for place, name in enumerate(book.sheetnames, start=1)}  # of a sheet that is not ours
    name = names.get(_sheet(fault), _sheet(fault))
    if name not in book.sheetnames:
        return
    rule, rows = fault.rule, [fault.row]
    if isinstance(rule, Sentence) and rule.key == "workbook.fault.many":
        rows = [int(each) for each in str(rule.values["rows"]).split(", ")]
        rule = str(rule.values["rule"])
    column = fault.column or ""
    letter = str(column.values["letter"]) if isinstance(column, Sentence) else column
    known = letter in {letter_of(place) for place in range(LIMIT_COLUMNS)}
    if column and not known:
        rule = f"{column.removeprefix(letter).strip()} – {rule}"
    for row in rows:
        filled = (each for line in book[name].iter_rows(row, row) for each in line if each.value not in (None, ""))
        if row and known:
            yield name, row, column_index_from_string(letter), rule
        elif first := next(filled, None):
            yield name, first.row, first.column, rule
        else:
            yield name, row or 1, 1, rule


def _mark(sheet: Any, row: int, column: int, text: str) -> None:  # noqa: ANN401  # openpyxl is untyped
    """Colour a cell, the first of those that are merged with it, and put a text below its comment."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(row, column)
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    note = cell.comment or Comment("", "clss")
    note.text = "\n\n".join([*filter(None, [note.text.rstrip()]), text])
    note.width, note.height = 300, 30 + 20 * sum(1 + len(line) // 40 for line in note.text.split("\n"))
    cell.comment = note
    before = {"bgColor": cell.fill.fgColor} if cell.fill.fill_type == "solid" and not _is_ours(cell) else {}
    cell.fill = PatternFill("solid", fgColor=_COLOUR, **before)  # a solid fill shows no second colour: it is kept there
    sheet.sheet_properties.tabColor = _COLOUR


def _is_ours(cell: Any) -> bool:  # noqa: ANN401  # openpyxl is untyped
    return bool(cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == _COLOUR)


def _unmark(sheet: Any, heads: list[str]) -> None:  # noqa: ANN401  # openpyxl is untyped
    """Take out of a sheet the colours and comments of a copy before; what its user wrote stays."""
    from openpyxl.styles import PatternFill

    if sheet.sheet_properties.tabColor is not None and sheet.sheet_properties.tabColor.rgb == _COLOUR:
        sheet.sheet_properties.tabColor = None
    for cell in [*sheet._cells.values()]:
        if _is_ours(cell):
            before = cell.fill.bgColor
            had = before.type == "theme" or (before.type == "rgb" and before.rgb not in ("00000000", _COLOUR))
            cell.fill = PatternFill("solid", fgColor=before) if had else PatternFill()
        if cell.comment and (head := next((each for each in heads if each in cell.comment.text), "")):
            cell.comment.text = cell.comment.text.partition(head)[0].rstrip()
            cell.comment = cell.comment if cell.comment.text else None


def _with_results(part: bytes, rows: tuple[tuple[Any, ...], ...]) -> bytes:
    """The XML of a sheet with what its formulas gave, which openpyxl does not write."""
    from openpyxl.utils import column_index_from_string

    def filled(found: re.Match[bytes]) -> bytes:
        row, column = int(found[2]) - 1, column_index_from_string(found[1].decode()) - 1
        cell = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if cell is not None and not isinstance(cell, bool | int | float | str):
            return found[0]
        kind = b"b" if isinstance(cell, bool) else b"str" if cell is None or isinstance(cell, str) else b"n"
        value = escape("" if cell is None else str(int(cell) if isinstance(cell, bool) else cell)).encode()
        return b'<c r="%b%b"%b t="%b">%b<v>%b</v></c>' % (found[1], found[2], found[3], kind, found[4], value)

    return _FORMULA.sub(filled, part)
