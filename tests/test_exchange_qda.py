"""REFI-QDA: what others wrote comes in, what we hold goes out and comes back, and what is hostile is refused."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import signed

import clss_analysis as clss
from clss_analysis.records import InvalidRecordsError, Records, export_file, import_file, read, synthesise, write
from clss_analysis.records.columns import typed
from clss_analysis.records.exchange import qda
from clss_analysis.records.exchange.qda_reading import read_qdc, read_qdpx, records_of
from clss_analysis.records.exchange.qda_writing import qdc_bytes, qdpx_bytes

NS = 'xmlns="urn:QDA-XML:project:1.0"'
CODE, OTHER, TEXT = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002", "TEXT-GUID"
SAID = "a😀b\r\nélan été 🏠 fin"


def package(project: str, *texts: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        archive.writestr("project.qde", project)
        for name, content in texts:
            archive.writestr(name, content)
    return made.getvalue()


def passage(start: int, end: int, *codes: str, user: str = "U1") -> str:
    codings = "".join(
        f'<Coding guid="g" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>' for code in codes
    )
    return f'<PlainTextSelection guid="p" startPosition="{start}" endPosition="{end}">{codings}</PlainTextSelection>'


def project(*passages: str, extra: str = "", attributes: str = 'plainTextPath="internal://TEXT.txt"') -> str:
    return (
        f'<Project {NS} name="Entretiens avec Jeanne" origin="Autre 1.0"><Users><User guid="U1" name="Jeanne Dupont"/>'
        f'</Users><CodeBook><Codes><Code guid="{CODE}" name="Peur" isCodable="true" color="#ff0000">'
        f'<Description>Craindre.</Description><Code guid="{OTHER}" name="Peur du courrier" isCodable="false"/></Code>'
        f'</Codes></CodeBook><Sources><TextSource guid="{TEXT}" name="Jeanne.docx" {attributes}>'
        f"{''.join(passages)}</TextSource></Sources>{extra}</Project>"
    )


def taken(content: bytes) -> Records:
    return records_of(read_qdpx(content, "x.qdpx"))


def spoken(records: Records) -> list[tuple[str, str, str]]:
    """Passage, code and coder of every coding."""
    texts = dict(zip(records.statements["id"], records.statements["text"], strict=True))
    labels = dict(zip(records.codes["id"], records.codes["label"], strict=True))
    rows = records.codings[["statement", "code", "coder", "start", "end"]].itertuples(index=False)
    return [
        (texts[s] if pd.isna(start) else texts[s][int(start) : int(end)], labels[code], coder)
        for s, code, coder, start, end in rows
    ]


@pytest.mark.parametrize(
    "text", [SAID.encode(), SAID.encode("utf-8-sig"), SAID.encode("utf-16"), b"\xfe\xff" + SAID.encode("utf-16-be")]
)
def test_positions_are_code_points_with_or_without_mark(text: bytes) -> None:
    """A character outside the basic plane is one, CR and LF are one each, a byte order mark is none."""
    content = package(project(passage(5, 9, CODE), passage(14, 15, OTHER)), ("sources/TEXT.txt", text))
    assert [each[:2] for each in spoken(taken(content))] == [("élan", "Peur"), ("🏠", "Peur du courrier")]


def test_positions_in_utf16_units_are_told_by_what_they_cut() -> None:
    text = "🏠🏠🏠 " + " ".join(["maison", "peur", "courrier", "temps"] * 5)
    units = text.encode("utf-16-le")
    spans = [
        (place, place + 4)
        for place in range(len(units) // 2)
        if units[2 * place : 2 * place + 8] == "peur".encode("utf-16-le")
    ]
    content = package(project(*(passage(a, b, CODE) for a, b in spans)), ("Sources/text.TXT", text.encode()))
    found = read_qdpx(content, "x.qdpx")
    assert [each[0] for each in spoken(records_of(found))] == ["peur"] * 5
    assert ("PlainTextSelection.startPosition", 5) in [(each.what, each.count) for each in found.tally.listed()]


def test_passages_that_overlap_are_one_statement() -> None:
    text = "Le courrier fait peur, et le temps passe."
    passages = [passage(0, 21, CODE), passage(12, 21, OTHER, user="U2"), passage(26, 40, CODE, OTHER)]
    records = taken(package(project(*passages), ("sources/TEXT.txt", text.encode())))
    assert records.statements["text"].tolist() == ["Le courrier fait peur", "le temps passe"]
    assert (records.statements["wording"] == "verbatim").all()
    assert spoken(records) == [
        ("Le courrier fait peur", "Peur", "C1"),
        ("fait peur", "Peur du courrier", "C2"),
        ("le temps passe", "Peur", "C1"),
        ("le temps passe", "Peur du courrier", "C1"),
    ]


def test_nobody_is_named_and_what_stays_behind_is_counted() -> None:
    extra = (
        '<Notes><Note guid="n" name="Jeanne"/></Notes><Links><Link guid="l"/></Links>'
        '<Sets><Set guid="s" name="Jeanne"/></Sets><Graphs><Graph guid="g"/></Graphs>'
    )
    content = package(project(passage(5, 9, CODE), extra=extra), ("sources/TEXT.txt", SAID.encode()))
    found = read_qdpx(content, "x.qdpx")
    records = records_of(found)
    everything = "".join(records.table(name).to_csv() for name in ("households", "statements", "codes", "codings"))
    assert "Jeanne" not in everything + records.title + records.description + records.name
    left = {each.what: each.count for each in found.tally.listed()}
    assert left | {"User.name": 1, "TextSource.name": 1, "Code.color": 1, "Code.isCodable": 1, "Note": 1, "Link": 1,
                   "Set": 1, "Graph": 1, "characters": len(SAID) - 4} == left  # fmt: skip


def test_codes_keep_their_tree() -> None:
    codes = taken(package(project(), ("sources/TEXT.txt", b"x"))).codes
    assert codes[["id", "label", "definition"]].fillna("").to_numpy().tolist() == [
        ["K1", "Peur", "Craindre."],
        ["K2", "Peur du courrier", ""],
    ]
    assert codes["parent"].fillna("").tolist() == ["", "K1"]


def test_a_case_is_a_household_and_pdf_text_counts() -> None:
    text = f'<Representation guid="r" plainTextPath="internal://two.txt">{passage(0, 4, CODE)}</Representation>'
    pdf = f'<PDFSource guid="pdf" path="internal://x.pdf">{text}</PDFSource>'
    sources = '<SourceRef targetGUID="pdf"/><SourceRef targetGUID="TEXT-GUID"/>'
    case = f'<Cases><Case guid="c" name="Jeanne">{sources}</Case></Cases>'
    whole = (
        project(passage(5, 9, CODE)).replace("</Sources>", pdf + "</Sources>").replace("<Sources>", case + "<Sources>")
    )
    texts = [("sources/TEXT.txt", SAID.encode()), ("sources/two.txt", b"Loin")]
    records = taken(package(whole, *texts))
    assert records.statements["household"].tolist() == ["H1", "H1"]
    assert taken(package(whole.replace(case, ""), *texts)).statements["household"].tolist() == ["H1", "H2"]


def test_an_import_is_sound_and_nothing_of_it_may_leave(tmp_path: Path) -> None:
    file = tmp_path / "x.qdpx"
    file.write_bytes(package(project(passage(5, 9, CODE)), ("sources/TEXT.txt", SAID.encode())))
    records, left = import_file(file)
    assert left
    assert records.statements["text"].tolist() == ["élan"]
    again = read(write(records, tmp_path / "jeu"))
    pd.testing.assert_frame_equal(again.codings, records.codings)
    with pytest.raises(clss.privacy.NotClearedError):
        clss.measures.code_frequencies(again)


HOSTILE = {
    "path": [("../../etc/evil.txt", b"x")],
    "absolute": [("/etc/evil.txt", b"x")],
    "drive": [("C:\\evil.txt", b"x")],
    "backslash": [("..\\evil.txt", b"x")],
    "two texts": [("sources/a.txt", b"x"), ("other/A.TXT", b"y")],
    "two projects": [("second.qde", b"<Project/>")],
    "bomb": [("sources/bomb.txt", b"0" * 2**26)],
    "binary": [("sources/TEXT.txt", b"\xff\xfe\x00")],
}


@pytest.mark.parametrize("texts", HOSTILE.values(), ids=HOSTILE)
def test_hostile_packages_are_refused(texts: list[tuple[str, bytes]]) -> None:
    with pytest.raises(InvalidRecordsError) as refusal:
        read_qdpx(package(project(passage(0, 1, CODE)), *texts), "x.qdpx")
    assert "evil" not in str(refusal.value)


def test_a_bomb_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qda, "LIMIT_TEXT_MB", 1)
    content = bytearray(package(project(), ("sources/TEXT.txt", b"a b c " * 2**18), compression=zipfile.ZIP_DEFLATED))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(InvalidRecordsError):
        read_qdpx(bytes(content), "x.qdpx")


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><Project {NS} name="&e;"/>',
        f'<!DOCTYPE p [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Project {NS} name="&b;"/>',
        "<Other/>",
        f"<Project {NS}>",
        f"<Project {NS}>" + "<Code>" * 150 + "</Code>" * 150 + "</Project>",
        project(passage(0, 1, CODE)).replace('startPosition="0"', 'startPosition="zéro"'),
        project().replace(OTHER, CODE),
    ],
)
def test_hostile_projects_are_refused(document: str) -> None:
    with pytest.raises(InvalidRecordsError):
        read_qdpx(package(document, ("sources/TEXT.txt", b"x")), "x.qdpx")


def test_no_zip_and_a_cut_zip_are_refused() -> None:
    whole = package(project(), ("sources/TEXT.txt", b"x"))
    for content in (b"PK", b"not a zip", whole[: len(whole) // 2], b""):
        with pytest.raises(InvalidRecordsError):
            read_qdpx(content, "x.qdpx")


@settings(max_examples=60)
@given(st.binary(max_size=400), st.integers(0, 10_000))
def test_damage_gives_a_fault_or_records_never_a_crash(noise: bytes, at: int) -> None:
    whole = package(project(passage(5, 9, CODE)), ("sources/TEXT.txt", SAID.encode()))
    place = at % len(whole)
    for content in (whole[:place] + noise + whole[place:], whole[:place] + noise + whole[place + len(noise) :]):
        with contextlib.suppress(InvalidRecordsError):
            taken(content)


def test_out_of_place_passages_are_counted_not_cut() -> None:
    passages = [passage(-1, 3, CODE), passage(3, 3, CODE), passage(2, 999, CODE), passage(5, 9, "ffff")]
    found = read_qdpx(package(project(*passages), ("sources/TEXT.txt", SAID.encode())), "x.qdpx")
    left = {(each.what, each.reason): each.count for each in found.tally.listed()}
    assert left["PlainTextSelection", "unclear"] == 3
    assert left["Coding", "unclear"] == 1
    assert records_of(found).codings.empty


LETTERS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\r"),
    min_size=1,
    max_size=12,
)
WORDS = LETTERS.filter(lambda text: bool(text.strip()))


COHORT = synthesise(3, 1)


@st.composite
def coded(draw: st.DrawFn) -> Records:
    """A dataset with a forest of codes and statements of some households, whole or in part coded by some."""
    base = COHORT
    homes = list(base.households["id"])
    names = draw(st.lists(WORDS.map(str.strip).filter(bool), min_size=1, max_size=5))
    parents = [draw(st.integers(-1, n - 1)) for n in range(len(names))]
    codes = [
        (f"k{n}", f"k{up}" if up >= 0 else "", name, draw(LETTERS).strip())
        for n, (name, up) in enumerate(zip(names, parents, strict=True))
    ]
    statements, codings = [], []
    for number, text in enumerate(draw(st.lists(WORDS, max_size=5))):
        home = draw(st.sampled_from(homes))
        statements.append((f"s{number}", home, "Une mère", "individual", "verbatim", text))
        for code in draw(st.lists(st.sampled_from(codes), max_size=3, unique=True)):
            start = draw(st.integers(0, len(text) - 1))
            end = draw(st.integers(start + 1, len(text)))
            span = ("", "") if (start, end) == (0, len(text)) else (start, end)
            coder = draw(st.sampled_from(["Anne", "Ben"]))
            codings.append((f"g{len(codings)}", home, f"s{number}", code[0], coder, *span))
    made = base.with_tables(
        codes=table("codes", ["id", "parent", "label", "definition"], codes),
        statements=table("statements", ["id", "household", "speaker", "context", "wording", "text"], statements),
        codings=table("codings", ["id", "household", "statement", "code", "coder", "start", "end"], codings),
    )
    return signed(made)


def table(name: str, columns: list[str], rows: list[tuple[object, ...]]) -> pd.DataFrame:
    from clss_analysis.records.schema import fields

    told = {"source": "essai", "reading": "false"}
    cells = [
        [str(dict(zip(columns, row, strict=True)).get(f["name"], told.get(f["name"], ""))) for f in fields(name)]
        for row in rows
    ]
    return typed(pd.DataFrame(cells, columns=[f["name"] for f in fields(name)], dtype=object), name)


def content_of(records: Records) -> tuple[object, ...]:
    """What the standard can carry, without ids: the forest, the statements by household, the codings by coder."""
    label = dict(
        zip(
            records.codes["id"],
            zip(records.codes["label"], records.codes["definition"].fillna(""), strict=True),
            strict=True,
        )
    )
    above = dict(zip(records.codes["id"], records.codes["parent"].fillna(""), strict=True))

    def path(code: str) -> list[tuple[str, str]]:
        return [*path(above[code]), label[code]] if code else []

    homes: dict[str, list[str]] = {}
    for statement, home in zip(records.statements["id"], records.statements["household"], strict=True):
        homes.setdefault(home, []).append(statement)
    said = [homes[home] for home in records.households["id"] if home in homes]
    place = {statement: (h, s) for h, among in enumerate(said) for s, statement in enumerate(among)}
    texts = dict(zip(records.statements["id"], records.statements["text"], strict=True))
    by_coder: dict[str, list[object]] = {}
    columns = ["statement", "code", "coder", "start", "end"]
    for statement, code, coder, start, end in records.codings[columns].fillna(-1).itertuples(index=False):
        by_coder.setdefault(coder, []).append((place[statement], path(code), int(start), int(end)))
    return (
        sorted(path(code) for code in records.codes["id"]),
        [[texts[statement] for statement in among] for among in said],
        sorted(sorted(codings, key=repr) for codings in by_coder.values()),
    )


@settings(max_examples=15)
@given(coded())
def test_the_round_trip_loses_nothing_that_the_standard_carries(records: Records) -> None:
    content = qdpx_bytes(records)
    assert content == qdpx_bytes(records)
    back = taken(content)
    assert content_of(back) == content_of(records)
    assert qdpx_bytes(taken(qdpx_bytes(back))) == qdpx_bytes(back)
    forest = content_of(records_of(read_qdc(qdc_bytes(records), "x.qdc")))[0]
    assert forest == content_of(records)[0]


def test_what_is_written_follows_the_standards_order_and_names_nobody(tmp_path: Path) -> None:
    records = read("data/demo")
    export_file(records, tmp_path / "x.qdpx", clss.privacy.clear(records))
    with zipfile.ZipFile(tmp_path / "x.qdpx") as archive:
        root = fromstring(archive.read("project.qde"))
        assert [each.tag.partition("}")[2] for each in root] == ["Users", "CodeBook", "Cases", "Sources"]
        assert {each.filename.partition("/")[0] for each in archive.infolist()} == {"project.qde", "Sources"}
        assert b"S001" not in archive.read("project.qde")
    guids = [each.get("guid") for each in root.iter() if each.get("guid")]
    assert len(set(guids)) == len(guids)
    assert not (tmp_path / ".x.qdpx.part").exists()
