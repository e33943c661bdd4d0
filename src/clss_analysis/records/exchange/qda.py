"""What REFI-QDA files hold, apart from reading and writing them: packages, positions in texts, codes and passages.

A .qdpx is opened in memory: a zip with one project.qde and its text sources; nothing is ever unpacked to disk.
Positions are code points as REFI-QDA asks, or the UTF-16 units in which NVivo for Windows counts them.
"""

from __future__ import annotations

import io
import zipfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import DefusedXMLParser

from clss_analysis.records.archive import unpack
from clss_analysis.records.exchange.foreign import LIMIT_DEPTH, Tally, stop
from clss_analysis.records.exchange.graphml_stream import fed

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
INTERNAL = "internal://"
ORIGIN = "clss-analysis"


@dataclass(frozen=True)
class QdaCode:
    """A code by its key in the file, under its parent's key, empty at the top."""

    key: str
    parent: str
    name: str
    description: str


@dataclass(frozen=True)
class QdaSelection:
    """A passage of a source: code points from `start` up to, and without, `end`, with (code, user) for each coding."""

    start: int
    end: int
    codings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class QdaSource:
    """A text with its passages; `case` is the key of the one case that holds it, empty where none or several do."""

    key: str
    text: str
    selections: tuple[QdaSelection, ...]
    case: str


@dataclass(kw_only=True)
class QdaProject:
    """Everything of a project that records can hold."""

    file: str
    format: str
    codes: list[QdaCode] = field(default_factory=list)
    sources: list[QdaSource] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


Spans = Iterable[tuple[int, int]]


def code_points_of(text: str) -> Callable[[int], int]:
    """A function from positions in UTF-16 units to positions in code points of a text.

    >>> [code_points_of("a😀b")(units) for units in (0, 1, 3, 4)]
    [0, 1, 2, 3]
    """
    wide = [place + rank for rank, place in enumerate(at for at, sign in enumerate(text) if ord(sign) > 0xFFFF)]
    return lambda units: units - bisect_left(wide, units)


def counted_in_utf16(sources: Iterable[tuple[str, Spans]]) -> bool:
    """Whether the passages of these texts make sense as UTF-16 units only.

    Passages begin and end between words, save for a few.  Where texts hold characters outside the basic plane, the two
    ways of counting differ, and the wrong one cuts words: the units are believed where the code points cut at least
    three ends inside a word, or beyond the text, and the units at most half as many.

    >>> text = "😀😀 un deux trois quatre"
    >>> counted_in_utf16([(text, [(5, 7), (8, 12), (13, 18)])]), counted_in_utf16([(text, [(3, 5), (6, 10), (11, 16)])])
    (True, False)
    """
    by_points = by_units = 0
    for text, spans in sources:
        if text.isascii() or max(text) <= "\uffff":
            continue
        point_of = code_points_of(text)
        for place in (end for span in spans for end in span):
            by_points += _cuts(text, place)
            by_units += _cuts(text, point_of(place))
    return by_points >= 3 and by_units * 2 <= by_points


def _cuts(text: str, place: int) -> bool:
    inside = 0 < place < len(text)
    return place > len(text) or (inside and text[place - 1].isalnum() and text[place].isalnum())


LIMIT_PACKAGE_MB = 64  # megabytes of a package, with pictures and sound that are not looked at
LIMIT_MEMBERS = 5_000  # files in a package: interviews, and what belongs to them
LIMIT_TEXT_MB = 32  # megabytes of text: hundreds of interviews
LIMIT_RATIO = 200  # how many times smaller a text was packed: of prose a few times, of a bomb up to a thousand
_FREE_BYTES = 2**16  # bytes that a member may have whatever its ratio: small files pack oddly
_WRITTEN = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an archive can say, so that the same members give the same bytes."""


def open_package(content: bytes, file: str) -> tuple[Element, Mapping[str, bytes]]:
    """The project and the texts of a package.

    Names of members are looked up, never used as paths; what is neither the project nor a text (sound, film, pictures,
    PDF, Word) is not read at all.

    Args:
        content: the bytes of the file.
        file: what the faults call it.

    Returns:
        The root of project.qde, and the bytes of each .txt member by the last part of its name, in lower case.

    Raises:
        InvalidRecordsError: no zip, no project, a member encrypted, named twice or by a path out of the package, or
            any size above its limit.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        members = [each for each in package.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise stop(file, None, "qda_zip") from None
    if len(members) > LIMIT_MEMBERS:
        raise stop(file, None, "qda_members", limit=LIMIT_MEMBERS)
    names = [each.filename.replace("\\", "/") for each in members]
    if any(name.startswith("/") or ":" in name or ".." in name.split("/") for name in names):
        raise stop(file, None, "qda_path")
    projects = [each for each, name in zip(members, names, strict=True) if name.lower().endswith(".qde")]
    texts = {
        name.rpartition("/")[2].lower(): each
        for each, name in zip(members, names, strict=True)
        if name.lower().endswith(".txt") and not name.startswith("__MACOSX/")
    }
    wanted = [name for name in map(str.lower, names) if name.endswith(".txt") and not name.startswith("__macosx/")]
    if len(projects) != 1 or len(texts) != len(wanted):
        raise stop(file, None, "qda_project")
    budget = _Budget(file)
    root = parse(budget.read(package, projects[0]), file)
    return root, {name: budget.read(package, member) for name, member in sorted(texts.items())}


class _Budget:
    """Bytes that may still be unpacked; what a member says of its size is not believed."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.left = LIMIT_TEXT_MB * 2**20

    def read(self, package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
        most = min(self.left, _FREE_BYTES + LIMIT_RATIO * member.compress_size)
        try:
            found = unpack(package, member, most)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
            raise stop(self.file, None, "qda_zip") from None
        if len(found) > most:
            raise stop(self.file, None, "qda_large", limit=LIMIT_TEXT_MB, ratio=LIMIT_RATIO)
        self.left -= len(found)
        return found


def parse(content: bytes, file: str) -> Element:
    """The root of an XML document without document type or entities, at most 99 levels deep.

    Raises:
        InvalidRecordsError: it is not well formed, or hostile.
    """
    parser = DefusedXMLParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    root: Element = fed(parser, content, file)
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > LIMIT_DEPTH:
            raise stop(file, None, "xml_deep", limit=LIMIT_DEPTH)
        level = [child for each in level for child in each]
    return root


def close_package(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these members, stored as they are: the same members give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for name, content in members:
            package.writestr(zipfile.ZipInfo(name, _WRITTEN), content)
    return made.getvalue()
