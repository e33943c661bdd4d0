"""Zip files whose header lies: no door unpacks more of them than they say of themselves."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

import clss_analysis as clss
from clss_analysis.privacy.review_sheet import read_filled
from clss_analysis.records import InvalidRecordsError
from clss_analysis.records.archive import unpack
from clss_analysis.records.exchange.gedcom_lines import unpacked
from clss_analysis.records.exchange.qda_reading import read_qdpx
from clss_analysis.records.workbook.spreadsheet import open_workbook

DATA = Path(__file__).parents[1] / "data" / "gallery"
REAL = 16 << 20  # bytes of the member
SAID = 100  # bytes that its header tells of
BARE = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
DOORS = {
    "x.zip": ("x.csv", open_workbook),
    "x.xlsx": ("xl/worksheets/sheet1.xml", open_workbook),
    "x.qdpx": ("project.qde", lambda path: read_qdpx(path.read_bytes(), path.name)),
    "x.gdz": ("x.ged", lambda path: unpacked(path.read_bytes(), path.name)),
    "relecture.xlsx": ("xl/sharedStrings.xml", lambda path: read_filled(path, clss.read(DATA), [])),
}


def bomb(member: str, method: int) -> bytes:
    """A zip file with the parts of a workbook and one member of zeros that is said to be small."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in BARE.items():
            archive.writestr(name, content)
        archive.writestr(member, bytes(REAL))
    content = bytearray(made.getvalue())
    listed = content.rindex(b"PK\x01\x02")
    head = int.from_bytes(content[listed + 42 : listed + 46], "little")
    for place in (listed + 24, head + 22):
        content[place : place + 4] = SAID.to_bytes(4, "little")
    return bytes(content)


@pytest.fixture(scope="module")
def bombs() -> dict[tuple[str, int], bytes]:
    """One for each door and way of packing."""
    methods = (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return {(member, method): bomb(member, method) for member, _ in DOORS.values() for method in methods}


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", DOORS)
def test_a_member_that_says_too_little_of_itself_is_refused_before_it_is_unpacked(
    name: str, method: int, bombs: dict[tuple[str, int], bytes], tmp_path: Path
) -> None:
    member, read = DOORS[name]
    path = tmp_path / name
    path.write_bytes(bombs[member, method])
    tracemalloc.start()
    with pytest.raises(InvalidRecordsError):
        read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < REAL // 2


def test_what_a_member_holds_is_read_whole() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"abc" * 1000)
    with zipfile.ZipFile(made) as archive:
        assert unpack(archive, archive.infolist()[0]) == b"abc" * 1000
        assert unpack(archive, archive.infolist()[0], 10) == b"abcabcabcab"  # the eleventh tells that there is more
