"""A workbook loses nothing, names every fault by sheet, row and column, and lets nothing hostile in."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from records_sample import sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.records import InvalidRecordsError, Records
from clss_analysis.records.decisions import Decision, text_hash
from clss_analysis.records.descriptor import ROLES, SIGNATURE
from clss_analysis.records.schema import IDENTIFYING, fields, table_names
from clss_analysis.records.vocabulary import LANGUAGES, codes, label, message, vocabularies
from clss_analysis.records.workbook import blank_records, open_workbook, read_workbook, records_of_pages, write_workbook
from clss_analysis.records.workbook.pages import folded, letter_of
from clss_analysis.records.workbook.plan import EXAMPLE, FIRST, HEADER, columns, sheet_names

LETTER = {
    table: {column.name: letter_of(place) for place, column in enumerate(columns(table, "fr"))}
    for table in table_names()
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Records:
    folder = tmp_path_factory.mktemp("modele") / "jeu"
    return clss.read(write_rows(folder, sound_rows(), figure_ids={"T1": {"kind": "trajectory", "case": "A"}}))


@pytest.fixture(scope="module")
def filled(sample: Records, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook of the sample, written once for all tests that change theirs."""
    path = tmp_path_factory.mktemp("classeur") / "modele.xlsx"
    write_workbook(sample, path)
    return path.read_bytes()


def assert_same(a: Records, b: Records) -> None:
    for name in table_names():
        assert_frame_equal(a.table(name), b.table(name))
    for key in ("name", "title", "synthetic", "source", "language", "description", "figure_ids", "decisions",
                "threshold", "disclosure", "translations"):  # fmt: skip
        assert getattr(a, key) == getattr(b, key), key


# Lossless ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("dataset", ["data/publication", "data/demo"])
def test_a_dataset_survives_being_a_workbook_and_a_workbook_being_a_dataset(dataset, lang, tmp_path) -> None:
    records = clss.read(dataset)
    write_workbook(records, tmp_path / "un.xlsx", lang)
    again = records_of_pages(read_workbook(tmp_path / "un.xlsx"))
    assert_same(again, records)
    # a workbook is edited by hand, so that its rows are nobody's invention until they are signed again
    assert again.extra == {key: said for key, said in records.extra.items() if key != SIGNATURE}
    write_workbook(again, tmp_path / "deux.xlsx", lang)
    assert (tmp_path / "un.xlsx").read_bytes() == (tmp_path / "deux.xlsx").read_bytes()


safe = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
nasty = st.sampled_from(
    [
        "=1+1", "+32", "-", "@x", "007", "1e5", "2023-11", "TRUE", "oui", "exemple", " ", " bords ", "\n", "a\nb",
        "\r", "a\r\nb", "\r_x000D_", "_x000D_x000A_\r", "_x_x000D_000D_", "<r>\r_x005F_</r>", "_x005f_x0041_",
        "\t", '"', "“‘«", "<r>x</r>", "<r><t>x</t></r>", "_x000D_", "_x005F_x000D_", "x005F_",
        "👩‍👧‍👦🏚️", "𝔘", "é\u0301\u202f»", "\u2028", "{=A1}", "http://x.be", "mailto:x@x.be", "internal:'Ménages'!A1",
        "NA", "null", "#N/A", "'quoté", "x" * 32_767, "_x000D_" * 4_681,
    ]
)  # fmt: skip
texts = st.one_of(st.text(safe, min_size=1, max_size=40), nasty)
maybe = st.one_of(st.none(), texts)


@st.composite
def changed(draw: st.DrawFn) -> Callable[[Records], Records]:
    """Everything a cell may hold, in a family that stays possible."""
    words = {name: draw(texts) for name in ("households", "persons", "actors", "events")}
    months = draw(st.lists(st.one_of(st.none(), st.dates().map(lambda day: f"{1900 + day.year % 200}-{day.month:02d}")),
                           min_size=2, max_size=2))  # fmt: skip
    coded = {name: draw(st.one_of(st.none(), st.sampled_from(codes(name)))) for name in ("household_type", "income")}
    met = draw(st.sampled_from([True, False, None]))
    figure = draw(st.one_of(st.just(-0.0), st.floats(-1e12, 1e12, allow_nan=False).map(lambda n: round(n, 9))))
    threshold, role = draw(st.integers(3, 100)), draw(st.sampled_from([None, *ROLES]))
    decided = draw(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(codes("review_reason"))), max_size=3))
    notes = {name: draw(maybe) for name in ("summary", "neighbourhood", "note", "evidence")}
    title = draw(st.text(safe, min_size=1, max_size=20).filter(str.strip))

    def change(records: Records) -> Records:
        homes, persons, criteria = records.households.copy(), records.persons.copy(), records.criteria.copy()
        homes.loc[0, ["label", "summary", "neighbourhood"]] = [
            words["households"],
            notes["summary"],
            notes["neighbourhood"],
        ]
        homes.loc[1, list(coded)] = list(coded.values())
        homes["intake"] = pd.PeriodIndex([pd.Period(months[0], "M") if months[0] else pd.NaT, pd.NaT], freq="M")
        homes["closing"] = pd.PeriodIndex([pd.NaT, pd.Period(months[1], "M") if months[1] else pd.NaT], freq="M")
        persons.loc[0, ["label", "note"]] = [words["persons"], notes["note"]]
        criteria.loc[0, "met"] = pd.NA if met is None else met
        criteria.loc[0, "evidence"] = notes["evidence"]
        statistics = records.context_statistics.reindex([0]).assign(
            id="007", label=words["events"], value=figure, unit="€", source=words["actors"], reading=True
        )
        kept = {name: frame.dtypes for name, frame in (("c", records.context_statistics),)}
        return dataclasses.replace(
            records.with_tables(
                households=homes, persons=persons, criteria=criteria, context_statistics=statistics.astype(kept["c"])
            ),
            title=title,
            threshold=threshold,
            disclosure={"persons.note": role} if role else {},
            translations={("persons", persons["id"][0], "note"): {"nl": notes["note"]}}
            if (notes["note"] or "").strip() else {},
            decisions=tuple(sorted({
                Decision("persons", "note", text_hash("persons", "note", notes["note"] or ""), start, start + 4,
                         "person", "keep", reason, "research", "2026-01") for start, reason in decided
            })),
        )  # fmt: skip

    return change


@given(change=changed(), lang=st.sampled_from(LANGUAGES))
@settings(max_examples=8)
def test_whatever_a_cell_holds_comes_back(sample: Records, change, lang, tmp_path: Path) -> None:
    records = change(sample)
    path = tmp_path / "aller.xlsx"
    write_workbook(records, path, lang)
    again = records_of_pages(read_workbook(path))
    assert_same(again, records)
    first = path.read_bytes()
    folder = clss.records.write(again, tmp_path / "jeu", overwrite=True)
    assert_same(clss.read(folder), records)
    write_workbook(clss.read(folder), path, lang)
    assert path.read_bytes() == first


def test_a_hidden_sheet_that_was_changed_is_a_fault(filled: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(filled)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    for row in (["decision", "persons", "note"], ["disclosure", "persons.nom", "none"], [], ["autre"]):
        book["clss-porte"].append(row)
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(InvalidRecordsError) as refusal:
        records_of_pages(read_workbook(tmp_path / "x.xlsx"))
    assert len(refusal.value.faults) == 3
    assert all("clss-porte" in fault.file and "cachée" in fault.rule for fault in refusal.value.faults)


def test_a_text_too_long_for_a_cell_is_refused_before_anything_is_written(sample: Records, tmp_path: Path) -> None:
    homes = sample.households.copy()
    homes.loc[1, "summary"] = "🏚" * 16_384
    with pytest.raises(InvalidRecordsError, match=r"households\.csv, ligne 3, colonne summary"):
        write_workbook(sample.with_tables(households=homes), tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []


# What the workbook is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_lists_and_sheets_can_be_told_apart_and_fit(lang: str) -> None:
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in sheet_names(lang).values())
    assert sorted(sheet_names(lang)) == sorted(table_names())
    for table in table_names():
        across = columns(table, lang)
        assert len({folded(column.title) for column in across}) == len(across), table
        assert all(column.title and column.help and len(column.help) <= 255 for column in across), table
        assert {field["name"] for field in fields(table)} <= {column.name for column in across}
    for vocabulary in vocabularies():
        words = {folded(label(vocabulary, code, lang)): code for code in codes(vocabulary)}
        assert len(words) == len(codes(vocabulary)), vocabulary
        assert all(words.get(folded(code), code) == code for code in codes(vocabulary)), vocabulary


def test_no_table_has_an_identifying_column() -> None:
    for table, names in IDENTIFYING.items():
        assert not set(names) & {field["name"] for field in fields(table)}


def test_the_examples_are_not_imported_and_would_be_sound(tmp_path: Path) -> None:
    write_workbook(blank_records(), tmp_path / "dossiers.xlsx")
    book = openpyxl.load_workbook(tmp_path / "dossiers.xlsx")
    assert [book["Ménages"].cell(EXAMPLE, place).value for place in (1, 2)] == ["exemple", "M1"]
    with pytest.raises(InvalidRecordsError) as refusal:
        records_of_pages(read_workbook(tmp_path / "dossiers.xlsx"))
    assert [str(fault) for fault in refusal.value.faults] == [
        f"dossiers.xlsx, feuille «\u202fMénages\u202f»\u202f: {message('fault_no_household')}"
    ]


def test_no_formula_but_the_form_s_own_and_no_link_out(tmp_path: Path) -> None:
    write_workbook(clss.read("data/publication"), tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    live = {sheet.title for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    assert live == {"Critères"}
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        assert not [name for name in archive.namelist() if "external" in name or name.endswith(".bin")]
        assert all(b'TargetMode="External"' not in archive.read(name) for name in archive.namelist())


# Faults ------------------------------------------------------------------------------------------------------------


def cell(table: str, column: str, row: int, value: object) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet_names("fr")[table]][f"{LETTER[table][column]}{row}"] = value

    return change


def column_said(table: str, column: str) -> str:
    title = next(each.title for each in columns(table, "fr") if each.name == column)
    return f"{LETTER[table][column]} « {title} »"


FAULTS: dict[str, tuple[Callable[[openpyxl.Workbook], None], str, int | None, str | None, str]] = {}


def fault(name: str, table: str, column: str, row: int, value: object, rule: str) -> None:
    FAULTS[name] = (cell(table, column, row, value), sheet_names("fr")[table], row, column_said(table, column), rule)


fault(
    "a word that is not in the list",
    "households",
    "household_type",
    FIRST,
    "tribu",
    "code inconnu ; codes admis : personne seule · couple sans enfant",
)
fault("a word near one of the list", "households", "household_type", FIRST, "Personne  seul", "vouliez-vous dire")
fault("a month that is none", "households", "intake", FIRST, "hiver 2023", "un mois s’écrit AAAA-MM")
fault(
    "an end before its start",
    "households",
    "closing",
    FIRST,
    "2019-01",
    "la fin précède le début (colonne Début du suivi)",
)
fault("a required cell left empty", "persons", "role", FIRST, None, "la cellule ne peut pas être vide")
fault("an age in words", "persons", "age", FIRST, "trente", "un nombre entier est attendu")
fault("an age beyond life", "persons", "age", FIRST, 150, "la valeur doit être au plus 120")
fault("neither yes nor no", "persons", "index", FIRST, "peut-être", "oui ou non est attendu")
fault("an id taken twice", "persons", "id", FIRST + 1, "A1", "cet identifiant est déjà pris")
fault("an id with a space", "persons", "id", FIRST + 4, "B 1", "un identifiant s’écrit avec 1 à 32 lettres")
fault(
    "a household that is not there",
    "persons",
    "household",
    FIRST + 4,
    "Z",
    "aucune ligne de Ménages n’a cet identifiant",
)
fault(
    "a consent that is not there",
    "households",
    "consent",
    FIRST,
    "CO9",
    "aucune ligne de Consentements n’a cet identifiant",
)
fault("someone of another household", "couples", "partner_b", FIRST, "B1", "la ligne nomme quelqu’un d’un autre ménage")
fault(
    "a couple of one", "couples", "partner_b", FIRST, "A1", "une personne ou un acteur ne peut pas être lié à soi-même"
)
fault("a parent younger than the child", "persons", "age", FIRST + 2, 30, "a au moins 10 ans de plus")
fault("a tie with a double end", "ties", "to_actor", FIRST, "X1", "ce bout du lien est à la fois")
fault("a share above a hundred", "relevance_nodes", "progress", FIRST + 2, 140, "la valeur doit être au plus 100")
fault("relevance that does not sum to one", "relevance_nodes", "relevance", FIRST + 1, 0.9, "ne font pas 1 en somme")
fault("an aim that hangs on something", "relevance_nodes", "parent", FIRST, "AN2", "")
fault("a cell with an error", "households", "label", FIRST, "#REF!", "la cellule contient une erreur de calcul")
fault("a synthetic row among real ones", "actors", "source", FIRST, "synthetic", "une ligne synthétique exige")
fault("a mark that is no mark", "households", "mark", FIRST, "x", "seule la marque « exemple » est admise ici")
fault(
    "an example that was filled in",
    "households",
    "income",
    EXAMPLE,
    "travail",
    "la ligne est marquée comme exemple mais a été remplie",
)
fault(
    "a column that was renamed",
    "households",
    "neighbourhood",
    HEADER,
    "Coin",
    "ce titre de colonne n’est pas du classeur",
)
FAULTS["a parent younger than the child"] = (
    *FAULTS["a parent younger than the child"][:1],
    "Filiations",
    FIRST,
    column_said("filiations", "parent"),
    "a au moins 10 ans de plus",
)
FAULTS["a mark that is no mark"] = (*FAULTS["a mark that is no mark"][:3], "A", "seule la marque")
FAULTS["an example that was filled in"] = (*FAULTS["an example that was filled in"][:3], "A", "la ligne est marquée")
FAULTS["a column that was renamed"] = (
    *FAULTS["a column that was renamed"][:3],
    LETTER["households"]["neighbourhood"],
    "ce titre de colonne n’est pas",
)


def rename(before: str, after: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book[before].title = after

    return change


FAULTS["a sheet that was renamed"] = (rename("Liens", "Liens 2"), "Liens 2", None, None, "cette feuille n’est pas")


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_by_sheet_row_and_column(name: str, filled: bytes, tmp_path: Path, capsys) -> None:
    change, sheet, row, column, rule = FAULTS[name]
    path = tmp_path / "dossiers.xlsx"
    path.write_bytes(filled)
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 2
    told = plain(capsys.readouterr().err).splitlines()
    where = f"dossiers.xlsx, feuille « {sheet} »"
    where += f", ligne {row}" if row else ""
    where += f", colonne {column}" if column else ""
    found = [line for line in told if line.startswith(plain(f"{where} : "))]
    assert found, told
    assert plain(rule) in found[0]
    assert not (tmp_path / "jeu").exists()
    assert "tribu" not in "".join(told)
    assert "hiver 2023" not in "".join(told)


def test_there_are_twenty_kinds_of_fault_and_more() -> None:
    assert len(FAULTS) >= 20


def test_faults_are_told_in_the_workbook_s_own_language(sample: Records, tmp_path: Path, capsys) -> None:
    path = tmp_path / "records.xlsx"
    write_workbook(sample, path, "nl")
    book = openpyxl.load_workbook(path)
    book["Huishoudens"][f"{LETTER['households']['household_type']}{FIRST}"] = "stam"
    book.save(path)
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"records.xlsx, blad “Huishoudens”, regel {FIRST}, kolom D “Samenstelling”: onbekende code")
    assert "alleenstaande moeder met kinderen" in line


# What a worker may leave out ---------------------------------------------------------------------------------------


def test_what_is_left_empty_is_filled_where_nothing_is_invented(filled: bytes, tmp_path: Path) -> None:
    path = tmp_path / "dossiers.xlsx"
    path.write_bytes(filled)
    book = openpyxl.load_workbook(path)
    for table, column in (("couples", "id"), ("households", "source"), ("persons", "reading"), ("filiations", "id")):
        book[sheet_names("fr")[table]][f"{LETTER[table][column]}{FIRST}"] = None
    book["Situations de logement"].append([None, None, "A", None, "Logement adéquat"])
    del book["Programme"]
    book.save(path)
    records = records_of_pages(read_workbook(path))
    assert records.couples["id"].tolist() == ["A-c1"]
    assert records.filiations["id"].tolist() == ["A-f1", "AF2"]
    assert records.households["source"].tolist()[0] == "dossier"
    assert not records.persons["reading"].iloc[0]
    assert records.situations["order"].tolist()[-1] == 1
    assert len(records.programme) == 0


@pytest.mark.parametrize(
    ("typed", "month"),
    [("2023-11", "2023-11"), (pd.Timestamp("2023-11-01").to_pydatetime(), "2023-11"), (" 2023-11 ", "2023-11")],
)
def test_a_month_is_read_however_a_spreadsheet_keeps_it(typed, month, filled: bytes, tmp_path: Path) -> None:
    path = tmp_path / "dossiers.xlsx"
    path.write_bytes(filled)
    book = openpyxl.load_workbook(path)
    book["Ménages"][f"{LETTER['households']['intake']}{FIRST}"] = typed
    book.save(path)
    assert str(records_of_pages(read_workbook(path)).households["intake"].iloc[0]) == month


# Hostile files -----------------------------------------------------------------------------------------------------


def repacked(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> bytes:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in change(parts).items():
            archive.writestr(name, content)
    return buffer.getvalue()


TYPES = "[Content_Types].xml"
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
UTF16 = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'.encode("utf-16")
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str]] = {
    "entity bomb": (lambda parts: parts | {"xl/sharedStrings.xml": BOMB}, "entités"),
    "entity in UTF-16": (lambda parts: parts | {"xl/styles.xml": UTF16}, "entités"),
    "external entity": (lambda parts: parts | {"docProps/core.xml": EXTERNAL}, "entités"),
    "zip bomb": (lambda parts: parts | {"xl/media/x.png": b"\0" * (257 << 20)}, "256 Mo"),
    "path upwards": (lambda parts: parts | {"../../x.xml": b"<x/>"}, "parties inattendues"),
    "absolute path": (lambda parts: parts | {"/etc/x.xml": b"<x/>"}, "parties inattendues"),
    "windows path": (lambda parts: parts | {"C:\\x.xml": b"<x/>"}, "parties inattendues"),
    "too many parts": (lambda parts: parts | {f"xl/x{n}.xml": b"<x/>" for n in range(1001)}, "parties inattendues"),
    "parts that differ by case": (lambda parts: parts | {"XL/Workbook.xml": b"<x/>"}, "parties inattendues"),
    "macros": (lambda parts: parts | {"xl/vbaProject.bin": b"x"}, "macros"),
    "macro content type": (
        lambda parts: parts | {TYPES: parts[TYPES].replace(b"sheet.main", b"sheet.macroEnabled.main")},
        "macros",
    ),
    "active control": (lambda parts: parts | {"xl/activeX/activeX1.xml": b"<x/>"}, "macros"),
    "embedded object": (lambda parts: parts | {"xl/embeddings/oleObject1.bin": b"x"}, "macros"),
    "old macro sheet": (lambda parts: parts | {"xl/macrosheets/sheet1.xml": b"<x/>"}, "macros"),
    "link to another file": (lambda parts: parts | {"xl/externalLinks/link1.xml": b"<x/>"}, "liaisons externes"),
    "data connection": (lambda parts: parts | {"xl/connections.xml": b"<x/>"}, "liaisons externes"),
    "XML that does not close": (lambda parts: parts | {"xl/workbook.xml": b"<workbook>"}, "abîmé"),
    "a sheet that is not XML": (lambda parts: parts | {"xl/worksheets/sheet3.xml": b"nope"}, "abîmé"),
    "no workbook part": (lambda parts: {k: v for k, v in parts.items() if k != "xl/workbook.xml"}, ".xlsx est attendu"),
    "no content types": (lambda parts: {k: v for k, v in parts.items() if "Content" not in k}, ".xlsx est attendu"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_one_line_and_2(name: str, filled: bytes, tmp_path: Path, capsys) -> None:
    change, rule = HOSTILE[name]
    path = tmp_path / "dossiers.xlsx"
    path.write_bytes(filled)
    path.write_bytes(repacked(path, change))
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert rule in plain(line)
    assert [entry.name for entry in tmp_path.iterdir()] == ["dossiers.xlsx"]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("vide.xlsx", b"", "vide"),
        ("texte.xlsx", b"id,label\n", "un classeur .xlsx est attendu"),
        ("ancien.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "mot de passe"),
        ("protege.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "mot de passe"),
        ("coupe.xlsx", None, "abîmé"),
        ("macros.xlsm", ..., "un classeur .xlsx est attendu"),
        ("absent.xlsx", 0, "n’existe pas"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_one_line_and_2(name, content, rule, filled: bytes, tmp_path: Path, capsys) -> None:
    path = tmp_path / name
    (tmp_path / "bon.xlsx").write_bytes(filled)
    whole = (tmp_path / "bon.xlsx").read_bytes()
    if content != 0:
        path.write_bytes({None: whole[: len(whole) // 2], ...: whole}.get(content, content))
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert rule in plain(line)
    assert not (tmp_path / "jeu").exists()


def test_another_workbook_is_told_so(tmp_path: Path, capsys) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Budget"
    book.save(tmp_path / "budget.xlsx")
    assert main(["import", str(tmp_path / "budget.xlsx"), "--out", str(tmp_path / "jeu")]) == 2
    assert "n’est pas un classeur fait par" in plain(capsys.readouterr().err)


OWN = {
    "fr": (
        ("Suivi des familles", None, None, None, None, None),
        ("N° ménage", "Nom de famille", "Prénom ", "Sexe", "Âge", "Couleur du dossier"),
        ("F1", "Zébulon", "Ada", "F", 41, "bleu"),
        ("F1", "Zébulon", "Max", "H", 7, "bleu"),
        ("F2", "Quarante", "Léo", "homme", 33, "vert"),
    ),
    "nl": (
        ("Huishouden", "Familienaam", "Voornaam", "Rol in het gezin", "Leeftijd", "Ploeg"),
        ("Zébulon", "Zébulon", "Ada", "moeder", 41, "a"),
        ("Zébulon", "Zébulon", "Max", "zoon", 7, "a"),
        ("Quarante", "Quarante", "Léo", "volwassene", 33, "b"),
    ),
}


def own_workbook(path: Path, rows: tuple[tuple[object, ...], ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("lang", OWN)
def test_a_workbook_of_their_own_is_taken_after_one_correction(lang: str, tmp_path: Path, capsys) -> None:
    first = own_workbook(tmp_path / "janvier.xlsx", OWN[lang])
    assert main(["import", str(first), "--out", str(tmp_path / "un")]) == 2
    assert "mapping.toml" in capsys.readouterr().err
    assert not (tmp_path / "un").exists()
    mapping = tmp_path / "mapping.toml"
    said = mapping.read_text(encoding="utf-8")
    assert "Zébulon" not in said
    said = re.sub(r'residence = ""', 'residence = "vit dans le ménage"', re.sub(r'role = ""', 'role = "adulte"', said))
    mapping.write_text(said, encoding="utf-8")
    assert main(["import", str(first), "--out", str(tmp_path / "un")]) == 0
    persons = clss.read(tmp_path / "un").persons
    homes = ["F1", "F1", "F2"] if lang == "fr" else ["M1", "M1", "M2"]
    assert persons["household"].tolist() == homes
    assert persons["age"].tolist() == [41, 7, 33]
    if lang == "fr":
        assert persons["gender"].tolist() == ["woman", "man", "man"]
    else:
        assert persons["role"].tolist() == ["mother", "son", "adult"]
    assert not persons["index"].any()
    assert "Zébulon" not in "".join(each.read_text(encoding="utf-8") for each in (tmp_path / "un").iterdir())
    later = own_workbook(tmp_path / "fevrier.xlsx", (*OWN[lang], ("F9", "Neuf", "Eva", None, 20, "x")))
    code = main(["import", str(later), "--out", str(tmp_path / "deux")])
    assert code == (0 if lang == "fr" else 2)  # of the new row the Dutch workbook does not say the role
    assert mapping.read_text(encoding="utf-8") == said


@pytest.mark.parametrize(
    "text", ["table =", '[sheets.S]\ntable = "inconnue"', '[sheets.S]\ntable = "persons"\n[sheets.S.columns]\nA = "x"']
)
def test_a_mapping_that_is_none_is_refused_without_its_content(text: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    path = own_workbook(tmp_path / "a.xlsx", OWN["fr"])
    assert main(["import", str(path), "--out", str(tmp_path / "un")]) == 2
    assert "TOML" in capsys.readouterr().err
    assert not (tmp_path / "un").exists()


def test_a_sheet_with_too_many_rows_stops(filled: bytes, tmp_path: Path, capsys) -> None:
    path = tmp_path / "dossiers.xlsx"
    path.write_bytes(filled)

    def far(parts: dict[str, bytes]) -> dict[str, bytes]:
        name = "xl/worksheets/sheet3.xml"
        row = b'<row r="1000000"><c r="B1000000"><v>1</v></c></row></sheetData>'
        return parts | {name: parts[name].replace(b"</sheetData>", row)}

    path.write_bytes(repacked(path, far))
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert re.search("plus de 200000 lignes", line)


def test_texts_come_as_they_stand_from_raw_cells(sample: Records, tmp_path: Path) -> None:
    homes = sample.households.copy()
    homes.loc[0, "summary"] = "a_x000D_x005F_x000D_<r>b</r>"
    write_workbook(sample.with_tables(households=homes), tmp_path / "x.xlsx")
    cells = [cell for sheet in open_workbook(tmp_path / "x.xlsx") for row in sheet.rows for cell in row]
    assert "a_x000D_x005F_x000D_<r>b</r>" in cells


def test_a_column_of_their_own_is_left_and_counted_and_an_older_workbook_may_lack_one(
    sample: Records, filled: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "dossiers.xlsx"
    path.write_bytes(filled)
    book = openpyxl.load_workbook(path)
    sheet = book["Ménages"]
    sheet.cell(HEADER, sheet.max_column + 1).value = "Pointure"
    sheet.cell(FIRST, sheet.max_column).value = 42
    persons = book["Personnes"]
    persons.delete_cols([cell.value for cell in persons[HEADER]].index(title("persons", "twin_group")) + 1)
    book.save(path)
    pages = read_workbook(path)
    assert pages.columns_left == 1
    back = records_of_pages(pages)
    assert back.households.equals(sample.households)
    assert back.persons["twin_group"].isna().all()
    assert back.persons.drop(columns="twin_group").equals(sample.persons.drop(columns="twin_group"))


def title(table: str, name: str) -> str:
    return next(column.title for column in columns(table, "fr") if column.name == name)
