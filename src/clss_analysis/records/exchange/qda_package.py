"""A .qdpx opened in memory: a zip with one project.qde and its text sources; nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from clss_analysis.records.exchange.found import LIMIT_DEPTH, stop

LIMIT_PACKAGE_MB = 64
LIMIT_MEMBERS = 5_000
LIMIT_TEXT_MB = 32
LIMIT_RATIO = 200
_FREE_BYTES = 2**16
_WRITTEN = (1980, 1, 1, 0, 0, 0)


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
            with package.open(member) as stream:
                found = stream.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
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
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException:
        raise stop(file, None, "xml_doctype") from None
    except (ParseError, ValueError, LookupError):
        raise stop(file, None, "xml") from None
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
