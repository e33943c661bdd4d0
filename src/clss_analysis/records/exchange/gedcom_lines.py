"""GEDCOM as lines and as a tree of structures, versions 5.5 to 7: strict on form, silent on content.

Published parsers were tried (gedcom7 for version 7, ged4py for 5.5): neither reads both versions, and neither keeps
the line of every structure, which a fault must name.  No text of a GEDCOM is ever carried into records, only
pointers and codes, which are ASCII in every encoding of version 5.5; so ANSEL and the old code pages need no tables.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from clss_analysis.records.archive import unpack
from clss_analysis.records.exchange.foreign import (
    JOINED,
    KEPT,
    LEFT,
    LIMIT_DEPTH,
    LIMIT_LINE,
    LIMIT_LINES,
    LIMIT_MB,
    ForeignFile,
    stop,
)

_LINE = re.compile(r"(0|[1-9][0-9]?) +(?:(@[^@#\s][^@]*@) +)?([A-Za-z0-9_]{1,64})(?: (.*))?")
_DAY = re.compile(r"(?:(?:([0-9]{1,2}) )?(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC) )?([0-9]{4})")
_ABOUT = ("ABT ", "EST ", "CAL ")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LEVEL = re.compile(r"(?:[0-9]{3,}|0[0-9]+) +(?:@[^@]*@ +)?[A-Z_][A-Z0-9_]{2,}(?: |$)")
_POINTER = re.compile(r"@[^@#\s][^@]*@")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUL = re.compile("\x00")
_BREAK = re.compile(r"\r\n|\n\r|\n|\r")
_SINGLE_BYTE = {
    *("ANSEL", "ASCII", "ANSI", "CP1250", "CP1251", "CP1252", "CP437", "CP850", "IBM", "IBMPC", "IBM-PC"),
    *("IBM DOS", "IBM WINDOWS", "IBM_WINDOWS", "MSDOS", "MS-DOS", "OEM", "WINDOWS", "WINDOWS-1250", "WINDOWS-1251"),
    *("WINDOWS-1252", "ISO8859", "ISO8859-1", "ISO-8859-1", "ISO8859-15", "ISO-8859-15", "LATIN1", "MACINTOSH"),
}
_UTF8 = {"UTF-8", "UTF8", "UTF", "UNICODE"}
_WRAPPED = -1
"""The level of a line that has none."""
VOID = "@VOID@"
COUPLE_UNSTATED, COPARENTS = "Couple", "Coparents"
"""What an event of a family written here says where no state of the union is known, or there is no union."""
SYNTHETIC = "Synthetic data: made-up persons"
"""The note in the header of a file of invented households."""


@dataclass(slots=True)
class Structure:
    """A line with what stands below it; of a value of several lines, whose text is carried nowhere, the first."""

    line: int
    tag: str
    xref: str = ""
    value: str = ""
    children: list[Structure] = field(default_factory=list)

    def all(self, tag: str) -> list[Structure]:
        """The structures of a tag right below this one."""
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> Structure | None:
        """The first structure of a tag right below this one."""
        return next((child for child in self.children if child.tag == tag), None)

    def text(self, tag: str) -> str:
        """The value of the first structure of a tag below, stripped; empty where there is none."""
        child = self.first(tag)
        return child.value.strip() if child else ""


def is_pointer(value: str) -> bool:
    """Whether a value points at a record."""
    return bool(_POINTER.fullmatch(value.strip()))


def unpacked(content: bytes, file: str) -> bytes:
    """The GEDCOM of an archive (.gdz); the pictures and documents beside it are not looked at.

    Raises:
        InvalidRecordsError: no archive, or not one GEDCOM in it, or one that is larger than a file may be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (member,) = (
                each
                for each in archive.infolist()
                if re.search(r"^(?!__MACOSX/).*\.ged$", each.filename, re.IGNORECASE)
            )
            text = unpack(archive, member, LIMIT_MB * 2**20)
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, EOFError, OSError):
        raise stop(file, None, "gedcom_zip") from None
    if len(text) > LIMIT_MB * 2**20:
        raise stop(file, None, "too_large", limit=LIMIT_MB)
    return text


def records_of(content: bytes, found: ForeignFile) -> tuple[list[Structure], str]:
    """The records of a GEDCOM file, header first, without its trailer, and its version.

    A line without level is the wrapped end of the one before; a level that skips one leaves its line; what stands
    after the trailer is read.  Each is a doubt.

    Args:
        content: the bytes of the file.
        found: what takes its name and its doubts.

    Returns:
        The records in the order of the file, and "5.5", "5.5.1", "7.0" or the like.

    Raises:
        InvalidRecordsError: the file is no GEDCOM of version 5.5 or 7, is cut short, or breaks a limit; the fault
            names the line.
    """
    file = found.file
    text = _decoded(content, found)
    _no_control(text, file, _NUL)
    records: list[Structure] = []
    stack: list[Structure] = []
    last, trailer = 0, 0
    for number, level, structure in _structures(text, file):
        last = number
        if not records and level == _WRAPPED:
            raise stop(file, number, "gedcom_line", limit=LIMIT_DEPTH)
        if not records and (level, structure.tag) != (0, "HEAD"):
            raise stop(file, number, "gedcom_head")
        if records[-1:] and records[-1].tag == "TRLR":
            found.doubt(number, "gedcom_after_trailer", KEPT)
            records.pop()
            stack.clear()
        if level == _WRAPPED:
            found.doubt(number, "gedcom_line", JOINED if stack else LEFT, limit=LIMIT_DEPTH)
            continue
        if structure.tag in ("CONT", "CONC"):
            if level > len(stack) or level == 0:
                found.doubt(number, "gedcom_level")
                continue
            del stack[level:]
            continue
        if level > len(stack):
            found.doubt(number, "gedcom_level")
            continue
        del stack[level:]
        (stack[-1].children if stack else records).append(structure)
        stack.append(structure)
        trailer = number if (level, structure.tag) == (0, "TRLR") else trailer
    if not records:
        raise stop(file, 1, "gedcom_head")
    if not trailer:
        raise stop(file, last, "gedcom_cut")
    if records[-1].tag == "TRLR":
        records.pop()
    version = _version(records[0], file)
    if version.startswith("7"):
        _no_control(text, file, _CONTROL)
    return records, version


def _structures(text: str, file: str) -> Iterator[tuple[int, int, Structure]]:
    """Level and structure of each line; where the first tag has capitals, words without are a wrapped line's end."""
    capitals = False
    for number, raw in enumerate(_BREAK.split(text), start=1):
        if number > LIMIT_LINES:
            raise stop(file, number, "too_many_lines", limit=LIMIT_LINES)
        if len(raw) > LIMIT_LINE:
            raise stop(file, number, "long_line", limit=LIMIT_LINE)
        line = raw.lstrip(" \t\ufeff")
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        if found is None and _LEVEL.match(line):
            raise stop(file, number, "gedcom_deep", limit=LIMIT_DEPTH)
        if found is None or (capitals and not found[3].startswith("_") and found[3] != found[3].upper()):
            yield number, _WRAPPED, Structure(number, "")
            continue
        capitals = capitals or found[3] == "HEAD"
        yield number, int(found[1]), Structure(number, found[3].upper(), found[2] or "", found[4] or "")


def _version(head: Structure, file: str) -> str:
    form = head.first("GEDC")
    version = form.text("VERS") if form else ""
    if version and not re.fullmatch(r"5\.5(\.[0-9]{1,2})?|7\.[0-9]{1,2}(\.[0-9]{1,3})?", version):
        raise stop(file, form.line if form else head.line, "gedcom_version")
    return version or "5.5"


def _decoded(content: bytes, found: ForeignFile) -> str:
    """Text of the file, by its byte order mark, else by what its header says, else as one byte a letter.

    A byte that UTF-8 does not know is a letter of its own, and a doubt: pointers and tags need no more.
    """
    file = found.file
    if content.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF")):
        raise stop(file, 1, "gedcom_head")
    codec = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    if not codec:
        codec = "utf-16-be" if content[:2] == b"\x000" else "utf-16-le" if content[:2] == b"0\x00" else ""
    if not codec:
        codec = _declared(content, found)
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        line = len(_BREAK.findall(content[: error.start].decode(codec, "ignore"))) + 1
        if codec != "utf-8":
            raise stop(file, line, "encoding") from None
        found.doubt(line, "encoding", KEPT)
        text = content.decode(codec, "surrogateescape").translate(_LONE)
    return text.removeprefix("\ufeff").rstrip("\x1a\r\n")


_LONE = {0xDC00 + byte: chr(byte) for byte in range(0x80, 0x100)}
"""What stands for a byte that UTF-8 does not know, as the letter of Latin-1."""


def _no_control(text: str, file: str, controls: re.Pattern[str]) -> None:
    if control := controls.search(text):
        raise stop(file, len(_BREAK.findall(text, 0, control.start())) + 1, "control")


_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _declared(content: bytes, found: ForeignFile) -> str:
    head = content[:65_536].decode("latin-1")
    for number, raw in enumerate(_BREAK.split(head), start=1):
        line = raw.strip()
        if number > 1 and line.startswith("0 "):
            break
        if said := re.fullmatch(r"1 +CHAR +(.{1,32})", line):
            name = said[1].strip().upper()
            if name in _UTF8:
                return "utf-8"
            if name in _SINGLE_BYTE:
                return "latin-1"
            found.doubt(number, "unknown_encoding", KEPT)
            return "utf-8"
        if re.fullmatch(r"2 +VERS +7\..{1,8}", line):
            return "utf-8"
    return "latin-1"


def month_of(date: str) -> str:
    """The month of a date that gives one exactly, `YYYY-MM`; the year of one that tells no month, or one about it.

    Empty of a range, of what is before or after a date, and of centuries that records do not tell of.

    >>> month_of("4 JUL 2015"), month_of("ABT JUL 2015"), month_of("2015"), month_of("BEF 2015"), month_of("1815")
    ('2015-07', '2015', '2015', '', '')
    """
    about, said = is_about(date), " ".join(date.upper().split())
    found = _DAY.fullmatch(said.partition(" ")[2] if about else said)
    if not found or found[3][:2] not in ("19", "20"):
        return ""
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02}" if found[2] and not about else found[3]


def is_about(date: str) -> bool:
    """Whether a date is one about which something took place, estimated or calculated."""
    return " ".join(date.upper().split()).startswith(_ABOUT)


def day_of(date: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date or of the first in a range, 0 where not given; None where there is no year."""
    found = _DAY.search(" ".join(date.upper().split()))
    if found is None or date.startswith("("):
        return None
    return int(found[3]), _MONTHS.index(found[2]) + 1 if found[2] else 0, int(found[1] or 0)
