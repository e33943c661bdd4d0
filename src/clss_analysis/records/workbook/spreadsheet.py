"""A spreadsheet file opened without trusting it: its cells as they stand, nothing run, nothing followed."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import IO, Any

from clss_analysis.records.archive import unpack
from clss_analysis.records.exchange.foreign import content_of
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.vocabulary import message

LIMIT_UNPACKED_MB = 256  # megabytes that a workbook may unpack to: more is a bomb
LIMIT_PARTS = 1_000  # files within a workbook, which has one for each sheet and some more
LIMIT_ROWS = 200_000  # rows of a sheet, more than anybody types
_SEEK_LINES, _SEEK_MARK = 12, 65_536  # lines, titles among them, and letters in which the mark of a table is looked for
LIMIT_COLUMNS = 80  # columns of a sheet, several times those of ours
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ACTIVE = re.compile(
    r"vbaproject|/activex/|/embeddings/|/macrosheets/|/dialogsheets/|/ctrlprops/|\.bin$", re.IGNORECASE
)
_HARMLESS = re.compile(r"printersettings[0-9]*\.bin$", re.IGNORECASE)
_LINKS = re.compile(r"/externallinks/|/connections\.xml$|/querytables/", re.IGNORECASE)
_ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_FORMULA = re.compile(
    rb'<(?:\w+:)?c (?![^>]* t="str")(?:[^>]*? )?r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*'
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value; one whose value is an empty text says so by its type."""
_COPY = re.compile(r'IF\(\$?([A-Z]{1,3}\$?[0-9]{1,7})="","",\$?\1\)')
"""The formula of our own grids, which shows another cell: what it gives is known without a spreadsheet program."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class RawSheet:
    """The cells of one sheet by row, from row 1; a cell is None, a text, a number, a bool, a date or an `Error`."""

    name: str
    rows: tuple[tuple[Any, ...], ...]

    def filled(self) -> int:
        """How many columns hold anything below the first row."""
        return len({place for row in self.rows[1:] for place, cell in enumerate(row) if cell is not None})


class Error:
    """What a cell holds whose formula failed."""

    fault = "error"


class Uncalculated(Error):  # noqa: N818  # no exception
    """What a cell holds whose formula was saved without its value."""

    fault = "uncalculated"


def open_workbook(path: str | Path, only: str | None = None) -> list[RawSheet]:
    """Read the cells of an .xlsx file, a table (.csv) or an archive of tables (.zip), with limits and without trust.

    At most 16 MB, 256 MB unpacked, 1,000 parts, 200,000 rows a sheet and 80 columns (others are not looked at).
    Formulas give the value that was saved with them.  A table is UTF-8, UTF-16 with its mark, or Windows-1252, its
    cells set apart by the sign (comma, semicolon, tab or bar) that most of its first lines have.

    Args:
        path: the file.
        only: the one sheet of an .xlsx file that is looked at.  Default: all.

    Returns:
        The sheets in their order, hidden ones too.

    Raises:
        InvalidRecordsError: one fault: not an .xlsx workbook, protected, cut short, with macros, active content or
            links to other files, with entities, or larger than the limits.
    """
    content = content_of(Path(path))
    name = Path(path).name
    if content.startswith(_OLE):
        raise refused(name, "encrypted")
    ending = Path(path).suffix.lower()
    if ending == ".csv":
        return [_table(content, Path(path).stem, name)]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if ending == ".zip":
                return _tables(archive, name)
            _inspect(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, InvalidRecordsError):
            raise
        raise refused(name, "damaged" if content.startswith(b"PK") else "kind") from None
    if ending != ".xlsx":
        raise refused(name, "kind")
    try:
        return _cells(content, name, only)
    except InvalidRecordsError:
        raise
    except Exception:
        raise refused(name, "damaged") from None


def is_open(path: Path) -> bool:
    """Whether Excel or LibreOffice has a workbook open, as the lock file beside it says."""
    return any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#"))


def refused(name: str, key: str, lang: str = "", **values: object) -> InvalidRecordsError:
    """The error of a file that is not read at all, to be raised; `lang` is that of the file, where it has one."""
    return InvalidRecordsError(
        [Fault(name, None, None, message(f"workbook.fault.{key}", lang or "fr", **values))], lang
    )


def _tables(archive: zipfile.ZipFile, name: str) -> list[RawSheet]:
    """The tables of an archive; what the names of all begin with, and the form's own name, is no part of theirs."""
    parts = [part for part in archive.infolist() if not part.is_dir() and not part.filename.startswith("__MACOSX/")]
    _require_sound(parts, {part.filename for part in parts}, name)
    tables = {Path(part.filename).stem: part for part in parts if part.filename.lower().endswith(".csv")}
    if not tables:
        raise refused(name, "kind")
    form = min(tables, key=len)
    return [_table(unpack(archive, part), stem.removeprefix(f"{form}-"), name) for stem, part in tables.items()]


def _table(content: bytes, title: str, name: str) -> RawSheet:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if (b"\0" in content and not wide) or content.startswith((b"PK", b"%PDF", b"\x1f\x8b")):
        raise refused(name, "kind")
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        if wide:
            raise refused(name, "damaged") from None
        text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise refused(name, "kind")
    top = text[:_SEEK_MARK].splitlines()[:_SEEK_LINES]
    mark = max(",;\t|", key=lambda sign: (sum(sign in line for line in top), text.count(sign, 0, _SEEK_MARK)))
    rows: list[tuple[Any, ...]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            if len(rows) > LIMIT_ROWS:
                raise refused(name, "too_many_rows", limit=LIMIT_ROWS)
            rows.append(tuple(cell or None for cell in row[:LIMIT_COLUMNS]))
    except csv.Error:
        raise InvalidRecordsError([Fault(name, len(rows) + 1, None, message("fault_quoting"))]) from None
    return RawSheet(title, tuple(rows))


def _inspect(archive: zipfile.ZipFile, name: str) -> None:
    """Look at every part before any is understood: names, sizes, kinds, entities."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    lowered = {f"/{each}".lower() for each in names}
    _require_sound(parts, lowered, name)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise refused(name, "kind")
    if any(_ACTIVE.search(each) and not _HARMLESS.search(each) for each in lowered):
        raise refused(name, "macros")
    if any(_LINKS.search(each) for each in lowered):
        raise refused(name, "links")
    for part in parts:
        text = unpack(archive, part)
        if part.filename.endswith((".xml", ".rels", ".vml")) and (_ENTITY.search(text.replace(b"\0", b""))):
            raise refused(name, "xml")
        if part.filename == "[Content_Types].xml" and b"macroenabled" in text.lower():
            raise refused(name, "macros")


def _require_sound(parts: Sequence[zipfile.ZipInfo], apart: Collection[str], name: str) -> None:
    """Stop where an archive has too many parts, two of one name (as they are told `apart`), or is locked or a bomb."""
    if len(parts) > LIMIT_PARTS or len(apart) < len(parts) or any(_strays(part.filename) for part in parts):
        raise refused(name, "parts", limit=LIMIT_PARTS)
    if sum(part.file_size for part in parts) > LIMIT_UNPACKED_MB * 2**20:
        raise refused(name, "bomb", limit=LIMIT_UNPACKED_MB)
    if any(part.flag_bits & 1 for part in parts):
        raise refused(name, "encrypted")


def _strays(part: str) -> bool:
    return part.startswith(("/", "\\")) or "\\" in part or ":" in part or ".." in part.split("/") or "\0" in part


def _cells(content: bytes, name: str, only: str | None) -> list[RawSheet]:
    from openpyxl.cell.read_only import EMPTY_CELL  # a quarter of a second, only where a workbook is read
    from openpyxl.reader.excel import ExcelReader

    class Reader(ExcelReader):  # type: ignore[misc]  # openpyxl is untyped
        """openpyxl, with texts unescaped as the format has it."""

        def read_strings(self) -> None:
            from openpyxl.xml.constants import SHARED_STRINGS

            if (part := self.package.find(SHARED_STRINGS)) is not None:
                with self.archive.open(part.PartName[1:]) as stream:
                    self.shared_strings = list(_texts(stream))

    reader = Reader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    reader.read()
    sheets, nothing = [], (None,) * LIMIT_COLUMNS
    for sheet in (each for each in reader.wb.worksheets if only in (None, each.title)):
        sheet.reset_dimensions()  # what a sheet says of its own size is not to be trusted
        rows: list[tuple[Any, ...]] = []
        for number, row in enumerate(sheet.iter_rows(max_col=LIMIT_COLUMNS), start=1):
            empty = all(cell is EMPTY_CELL for cell in row)
            if number > LIMIT_ROWS:
                if not empty and any(cell.value is not None for cell in row):
                    raise refused(name, "too_many_rows", limit=LIMIT_ROWS)
                continue
            rows.append(nothing if empty else tuple(Error() if cell.data_type == "e" else cell.value for cell in row))
        while rows and rows[-1].count(None) == LIMIT_COLUMNS:
            rows.pop()
        sheets.append(RawSheet(sheet.title, _mended(rows, reader.archive.read(sheet._worksheet_path))))
    reader.archive.close()
    return sheets


def _mended(rows: list[tuple[Any, ...]], part: bytes) -> tuple[tuple[Any, ...], ...]:
    """Rows in which a cell merged downwards holds its value in each row, and a formula without a value is told apart.

    Args:
        rows: as openpyxl reads them.
        part: the XML of the sheet, of which openpyxl keeps neither.
    """
    from openpyxl.utils.cell import range_boundaries

    filled: dict[tuple[int, int], Any] = {}
    for found in _MERGED.finditer(part):
        left, top, _, bottom = range_boundaries(found[1].decode())
        if top <= len(rows) and left <= len(rows[top - 1]):
            for row in range(top + 1, min(bottom, len(rows)) + 1):
                filled[row, left] = rows[top - 1][left - 1]
    for found in _FORMULA.finditer(part):
        column, row, *_ = range_boundaries(found[1].decode())
        filled[row, column] = Uncalculated()
        if copied := _COPY.fullmatch(unescape((found[2] or b"").decode())):
            across, down, *_ = range_boundaries(copied[1].replace("$", ""))
            told = down <= len(rows) and across <= len(rows[down - 1])
            filled[row, column] = filled.get((down, across), rows[down - 1][across - 1] if told else None)
    if not filled:
        return tuple(rows)
    whole = [list(row) for row in rows]
    for (row, column), cell in filled.items():
        if row <= len(whole) and column <= len(whole[row - 1]) and whole[row - 1][column - 1] is None:
            whole[row - 1][column - 1] = cell
    return tuple(map(tuple, whole))


def _texts(stream: IO[bytes]) -> Iterator[str]:
    """The shared texts of a workbook: runs joined, readings aloud left out, `_x000D_` and the like undone."""
    from defusedxml.ElementTree import iterparse

    for _, node in iterparse(stream):
        if node.tag.endswith("}si"):
            runs = [node, *(child for child in node if child.tag.endswith("}r"))]
            parts = [part.text or "" for run in runs for part in run if part.tag.endswith("}t")]
            yield "".join(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), part) for part in parts)
            node.clear()
