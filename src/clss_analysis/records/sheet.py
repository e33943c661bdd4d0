"""One CSV table as text: read once, in the same way for checking and for loading."""

from __future__ import annotations

import codecs
import csv
import gc
import io
import json
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clss_analysis.records.faults import Fault
from clss_analysis.records.schema import Descriptor, fields, optional_fields, optional_table, table_schema
from clss_analysis.records.vocabulary import message

LIMIT_MB = 64  # megabytes of a table, which is read whole
_LONGEST = 131_072  # characters of a cell: Python's own limit, sixty pages of text, more than any account holds
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_ENCODINGS = {
    "windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-1": "latin-1", "latin-1": "latin-1", "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16le": "utf-16-le",
    "utf-16-be": "utf-16-be", "utf-16be": "utf-16-be",
}  # fmt: skip
"""Encodings that spreadsheet programs write, by the names that descriptors give them."""
_DELIMITERS = (",", ";", "\t", "|")
_COMMENT = "comment"
_MARKS = {"quoteChar": "quotechar", "escapeChar": "escapechar", "doubleQuote": "doublequote",
          "skipInitialSpace": "skipinitialspace", "commentChar": _COMMENT}  # fmt: skip
"""What a dialect may say besides its delimiter, and what the reader of CSV calls it."""

Cells = tuple[NDArray[np.int64], NDArray[np.object_]]
Dialect = Mapping[str, Any]
"""How a CSV file is written, by the arguments of `csv.reader`; empty for commas."""


@dataclass(frozen=True)
class Sheet:
    """The rows of one table as text, cells in the column order of `fields`: the schema's, then `own` ones.

    `columns` are those that the file has (others are empty in `rows`), `lines` the line of the file
    on which each row starts, `ragged` the rows with too few or too many cells, by position.
    """

    table: str
    file: str
    columns: frozenset[str]
    rows: list[list[str]]
    lines: list[int]
    ragged: frozenset[int]
    own: tuple[Descriptor, ...] = ()

    @property
    def fields(self) -> tuple[Descriptor, ...]:
        """The fields of the table, in the order of the cells."""
        return (*fields(self.table), *self.own)

    @cached_property
    def cells(self) -> dict[str, Cells]:
        """Every column as the place of each row's text among the texts that occur, so that each is looked at once."""
        names = [str(field["name"]) for field in self.fields]
        flat = list(chain.from_iterable(self.rows))  # far faster than zip(*rows), which jumps about in memory
        return {name: _told_apart(flat[place :: len(names)]) for place, name in enumerate(names)}

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows that are whole, as text, with the line on which each starts as index."""
        if not self.rows:
            return no_rows(tuple(str(field["name"]) for field in self.fields))
        whole = np.ones(len(self.rows), dtype=bool)
        whole[sorted(self.ragged)] = False
        columns = {name: texts[place][whole] for name, (place, texts) in self.cells.items()}
        return pd.DataFrame(columns, index=np.array(self.lines, dtype=np.int64)[whole], dtype=object)

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line and cells by column of every row that is whole."""
        names = [str(field["name"]) for field in self.fields]
        for position, (line, row) in enumerate(zip(self.lines, self.rows, strict=True)):
            if position not in self.ragged:
                yield line, dict(zip(names, row, strict=True))


@cache
def no_rows(names: tuple[str, ...]) -> pd.DataFrame:
    """The rows of a table that has none, with its columns."""
    return pd.DataFrame(columns=list(names), index=np.array((), dtype=np.int64), dtype=object)


def read_bytes(path: Path, name: str) -> bytes | Fault:
    """The bytes of a regular file of at most 64 MB that is no symbolic link."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return Fault(name, None, None, message("fault_not_regular"))
        if status.st_size > LIMIT_MB * 2**20:
            return Fault(name, None, None, message("fault_too_large", limit=LIMIT_MB))
        return path.read_bytes()
    except FileNotFoundError:
        return Fault(name, None, None, message("fault_no_file"))
    except OSError:
        return Fault(name, None, None, message("fault_unreadable"))


def decode(content: bytes, name: str, encoding: str = "utf-8") -> str | Fault:
    """UTF-8 text, with or without a byte order mark (spreadsheet programs write one), or that of another encoding."""
    marked = encoding == "utf-8" or content.startswith(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8-sig" if marked else encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        return Fault(name, content.count(b"\n", 0, error.start) + 1, None, message("fault_encoding"))


def read_sheet(folder: Path, table: str, own: tuple[Descriptor, ...] = ()) -> tuple[Sheet | None, list[Fault]]:
    """Read one table as text, with every fault of its form.

    Comma-separated UTF-8 with a header, or what the dataset's `datapackage.json` declares of the resource: `encoding`
    (Windows-1252, ISO 8859-1 or -15, UTF-16) and `dialect` (`delimiter`: semicolon, tab, bar; `quoteChar`,
    `escapeChar`, `doubleQuote`, `skipInitialSpace`, `commentChar`); columns in any order; lines end in LF or
    CRLF; empty lines at the end or in between are passed over.  `own` are fields that the dataset adds.

    Returns:
        The sheet, None where nothing can be read, and the faults.
    """
    name = str(table_schema(table)["path"])
    content = read_bytes(folder / name, name)
    if isinstance(content, Fault):
        return None, [content]
    package = read_bytes(folder / "datapackage.json", "datapackage.json")
    encoding, dialect = ("utf-8", {}) if isinstance(package, Fault) else form_of(package, name)
    text = decode(content, name, encoding)
    if isinstance(text, Fault):
        return None, [text]
    return parse_sheet(text, table, name, dialect, own)


def form_of(package: bytes, name: str) -> tuple[str, Dialect]:
    """Encoding and dialect of a file, as the descriptor declares them."""
    return _forms(package).get(name, ("utf-8", {}))


@lru_cache(maxsize=8)
def _forms(package: bytes) -> dict[str, tuple[str, Dialect]]:
    """Encoding and dialect of each file that a descriptor declares otherwise than as UTF-8 with commas.

    What it declares and is not read here is passed over: the file's own faults tell.
    """
    try:
        resources = json.loads(package)["resources"]
        forms: dict[str, tuple[str, Dialect]] = {}
        for each in resources:
            said = each.get("dialect", {})
            said = {**said, **said.get("csv", {})}
            dialect = {ours: said[theirs] for theirs, ours in _MARKS.items() if theirs in said}
            dialect["delimiter"] = said.get("delimiter", ",")
            encoding = _ENCODINGS.get(str(each.get("encoding", "utf-8")).lower(), "utf-8")
            if dialect["delimiter"] in _DELIMITERS and _reads(dialect):
                forms[str(each["path"])] = (encoding, dialect)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return forms


def _reads(dialect: Dialect) -> bool:
    """Whether a dialect is one that the reader of CSV can follow."""
    try:
        csv.reader("", **csv_arguments(dialect))
    except (TypeError, ValueError, csv.Error):
        return False
    return isinstance(dialect.get(_COMMENT, ""), str)


def csv_arguments(dialect: Dialect) -> dict[str, Any]:
    """The arguments of `csv.reader` and `csv.writer` for a dialect; which rows are comments they do not know."""
    quotes = {} if dialect.get("quotechar", '"') else {"quoting": csv.QUOTE_NONE}
    return {name: value for name, value in dialect.items() if name != _COMMENT} | quotes


def is_comment(row: Sequence[str], dialect: Dialect) -> bool:
    """Whether a row is a comment by what a dialect says begins one."""
    return bool(row and dialect.get(_COMMENT) and row[0].startswith(dialect[_COMMENT]))


def parse_sheet(
    text: str, table: str, name: str, dialect: Dialect = MappingProxyType({}), own: tuple[Descriptor, ...] = ()
) -> tuple[Sheet | None, list[Fault]]:
    """The rows of a CSV text, aligned with the columns of the schema and own ones; see `read_sheet`."""
    lines, cells, faults = _split(text, name, dialect)
    if not cells:
        return None, faults or [Fault(name, 1, None, message("fault_no_header"))]
    header, places, header_faults = cells[0], {}, []
    known = [str(field["name"]) for field in (*fields(table), *own)]
    if len(header) == 1 and ";" in header[0]:
        return None, [*faults, Fault(name, 1, None, message("fault_separator"))]
    for position, column in enumerate(header):
        if column not in known:
            header_faults.append(Fault(name, 1, None, message("fault_extra_column", n=position + 1)))
        elif column in places:
            header_faults.append(Fault(name, 1, column, message("fault_repeated_column")))
        else:
            places[column] = position
    header_faults += [
        Fault(name, 1, column, message("fault_missing_column"))
        for column in known
        if column not in places and column not in optional_fields(table)
    ]
    if not places:
        return None, [*faults, *header_faults]
    rows, starts = cells[1:], lines[1:]
    if not all(map(any, rows)):
        faults += [
            Fault(name, line, None, message("fault_blank_row"))
            for line, row in zip(starts, rows, strict=True)
            if not any(row)
        ]
        starts = [line for line, row in zip(starts, rows, strict=True) if any(row)]
        rows = [row for row in rows if any(row)]
    ragged = [place for place, found in enumerate(map(len, rows)) if found != len(header)]
    for place in ragged:
        rule = message("fault_cells", expected=len(header), found=len(rows[place]))
        faults.append(Fault(name, starts[place], None, rule))
    if ragged or header != known:
        row_of = [places.get(column) for column in known]
        rows = [[row[at] if at is not None and at < len(row) else "" for at in row_of] for row in rows]
    return Sheet(table, name, frozenset(places), rows, starts, frozenset(ragged), own), faults + header_faults


def _rows_and_lines(text: str, dialect: Dialect) -> tuple[list[int], list[list[str]], int | None]:
    """The rows up to the first whose quoting or length is wrong, the line on which each starts, and that one's line."""
    csv.field_size_limit(_LONGEST)  # one number for the whole process, which importing Frictionless raises
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, **csv_arguments(dialect))
    with suppress(csv.Error):
        cells = list(reader)
        if len(cells) == reader.line_num:
            return list(range(1, len(cells) + 1)), cells, None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, **csv_arguments(dialect))
    lines: list[int] = []
    cells, start = [], 1
    try:
        for row in reader:
            cells.append(row)
            lines.append(start)
            start = reader.line_num + 1
    except csv.Error:
        return lines, cells, start
    return lines, cells, None


def _split(text: str, name: str, dialect: Dialect) -> tuple[list[int], list[list[str]], list[Fault]]:
    faults: list[Fault] = []
    line, place = 1, 0
    for match in FORBIDDEN.finditer(text):
        line, place = line + text.count("\n", place, match.start()), match.start()
        faults.append(Fault(name, line, None, message("fault_control")))
    collecting = gc.isenabled()
    gc.disable()  # a hundred thousand new rows, none of them garbage
    try:
        lines, cells, broken = _rows_and_lines(text, dialect)
    finally:
        if collecting:
            gc.enable()
    if broken is not None:
        faults.append(Fault(name, broken, None, message("fault_quoting")))
    if not all(cells) or dialect.get(_COMMENT):
        lines = [line for line, row in zip(lines, cells, strict=True) if row and not is_comment(row, dialect)]
        cells = [row for row in cells if row and not is_comment(row, dialect)]
    return lines, cells, faults


def _told_apart(column: Sequence[str]) -> Cells:
    values = np.empty(len(column), dtype=object)
    values[:] = column
    if not len(values):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=object)
    place, texts = pd.factorize(values)
    return place.astype(np.int64), np.asarray(texts, dtype=object)


def is_absent(folder: Path, table: str) -> bool:
    """Whether a dataset does without a table that it may do without."""
    path = folder / table_schema(table)["path"]
    return optional_table(table) and not path.exists() and not path.is_symlink()
