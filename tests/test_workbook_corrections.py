"""The faults of a workbook, marked in a copy of it: which cells, what they say, and that nothing else changes."""

from __future__ import annotations

import fnmatch
import os
import stat
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from records_sample import sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.palette import CELLS
from clss_analysis.publish.new_house import IGNORED
from clss_analysis.records.schema import table_names
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook import corrections, write_workbook
from clss_analysis.records.workbook.pages import letter_of
from clss_analysis.records.workbook.plan import FIRST, HEADER, columns

COLOUR = f"FF{CELLS['fault_fill'][1:]}"
AT = {
    table: {column.name: letter_of(place) for place, column in enumerate(columns(table, "fr"))}
    for table in table_names()
}
BORN, KIND = f"{AT['persons']['birth_date']}{FIRST}", f"{AT['households']['household_type']}{FIRST}"
AGES = [f"{AT['persons']['age']}{row}" for row in range(FIRST, FIRST + 3)]
TEXT = f"{AT['households']['summary']}{FIRST}"


PINK = "FFFBF0F0"


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Which columns of theirs are which of ours, as an import proposes it and a person completes it."""
    folder = tmp_path_factory.mktemp("colonnes")
    assert taken(gens(folder / "a.xlsx")) == 2
    assert not (folder / "a-a-corriger.xlsx").exists()
    said = (folder / "mapping.toml").read_text(encoding="utf-8")
    return said.replace('role = ""', 'role = "adult"').replace('residence = ""', 'residence = "household"')


def gens(path: Path, first: object = "vieux", second: object = "jeune") -> Path:
    """A small workbook of one's own; in the cell of the first age are a colour and a note of its user."""
    book = openpyxl.Workbook()
    book.active.title = "Gens"
    for row in (("Famille", "Prénom", "Sexe", "Âge"), ("F1", "Ada", "F", first), ("F2", "Léo", "H", second)):
        book.active.append(row)
    book.active["D2"].fill = PatternFill("solid", fgColor=PINK)
    book.active["D2"].comment = Comment("à revoir avec Zohra", "Moi")
    book.save(path)
    return path


def change(path: Path, **cells: object) -> None:
    """Type into a workbook."""
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book.active[cell] = value
    book.save(path)


@pytest.fixture
def book(mapping: str, tmp_path: Path) -> Path:
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    return gens(tmp_path / "mars.xlsx")


def taken(path: Path) -> int:
    return main(["import", str(path), "--out", str(path.with_name("jeu")), "--yes"])


def marks(path: Path) -> dict[str, dict[str, str]]:
    """What is said on every coloured cell, by sheet."""
    found: dict[str, dict[str, str]] = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        said = {cell.coordinate: cell.comment.text for cell in cells if cell.fill.fgColor.rgb == COLOUR}
        assert (sheet.sheet_properties.tabColor is not None and sheet.sheet_properties.tabColor.rgb == COLOUR) == bool(
            said
        )
        found |= {sheet.title: said} if said else {}
    return found


def contents(path: Path) -> list[object]:
    """Everything of a workbook but colours and comments."""
    book, results = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    told: list[object] = [{name: said.attr_text for name, said in book.defined_names.items()}]
    for sheet in book.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        rules = sorted((str(each.sqref), str(each.formula1)) for each in sheet.data_validations.dataValidation)
        told += [sheet.title, sheet.sheet_state, sheet.freeze_panes, rules, len(sheet.conditional_formatting)]
        told += [{key: (each.width, each.hidden) for key, each in sheet.column_dimensions.items()}]
        told += [{key: each.height for key, each in sheet.row_dimensions.items()}]
        told += [
            (each.coordinate, each.value, each.value and each.data_type, each.number_format, each.font.b)
            for each in cells
        ]
        told += [each.value for row in results[sheet.title].iter_rows() for each in row]
    return told


def test_every_faulty_cell_of_our_workbook_is_coloured_and_says_its_rule(tmp_path: Path, capsys) -> None:
    path, copy = tmp_path / "avril.xlsx", tmp_path / "avril-a-corriger.xlsx"
    write_workbook(clss.read(write_rows(tmp_path / "modele", sound_rows())), path, "fr")
    made = openpyxl.load_workbook(path)
    made["Ménages"][KIND] = "tribu"
    made["Ménages"][TEXT] = "=1+1"
    made["Ménages"][TEXT].data_type = "s"
    made["Personnes"][BORN] = "un hiver"
    for cell in AGES:
        made["Personnes"][cell] = "vieux"
    made.create_sheet("Brouillon")["C4"] = "notes"
    made["Acteurs"][f"{AT['actors']['kind']}{HEADER}"] = "Genre d’acteur"
    for cell in made["Couples"][HEADER]:
        cell.value = None
    made.save(path)
    before = contents(path)
    assert taken(path) == 2
    told = capsys.readouterr()
    found = marks(copy)
    assert {sheet: sorted(cells) for sheet, cells in found.items()} == {
        "Ménages": [KIND],
        "Personnes": sorted([*AGES, BORN]),
        "Acteurs": sorted([f"A{HEADER}", f"{AT['actors']['kind']}{HEADER}", "B5", "B6"]),
        "Couples": ["B1"],
        "Brouillon": ["C4"],
    }
    assert told.out.splitlines() == [message("workbook.correct.written", path=copy, n=11)]
    head = message("workbook.correct.head")
    assert found["Ménages"][KIND].startswith(f"{head}\ncode inconnu")
    assert {found["Personnes"][cell] for cell in AGES} == {f"{head}\n{message('fault_integer')}"}
    assert found["Personnes"][BORN] == f"{head}\n{message('pseudonyms.fault.birth_date')}"
    assert not any(word in str(found) for word in ("tribu", "vieux", "hiver", "notes"))
    assert contents(copy) == before


@pytest.mark.parametrize(
    ("lang", "name"), [("fr", "mars-a-corriger"), ("nl", "mars-te-verbeteren"), ("en", "mars-to-correct")]
)
def test_the_copy_of_a_workbook_of_ones_own_is_named_in_the_language_of_the_command(
    lang: str, name: str, book: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLSS_LANG", lang)
    copy = book.with_name(f"{name}.xlsx")
    before = contents(book)
    assert taken(book) == 2
    told, head = capsys.readouterr(), message("workbook.correct.head", lang)
    assert told.out.splitlines() == [message("workbook.correct.written", lang, path=copy, n=2)]
    assert len(told.err.splitlines()) == 2
    rule = message("fault_integer", lang)
    assert marks(copy) == {"Gens": {"D2": f"à revoir avec Zohra\n\n{head}\n{rule}", "D3": f"{head}\n{rule}"}}
    assert contents(copy) == before
    assert any(fnmatch.fnmatch(copy.name, pattern) for pattern in IGNORED.split())
    if os.name == "posix":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_copy_that_was_corrected_is_imported_and_marked_anew_in_its_place(book: Path) -> None:
    taken(book)
    copy = book.with_name("mars-a-corriger.xlsx")
    first = copy.read_bytes()
    taken(book)
    assert copy.read_bytes() == first
    change(copy, D2=40)
    assert taken(copy) == 2
    assert list(marks(copy)["Gens"]) == ["D3"]
    cell = openpyxl.load_workbook(copy)["Gens"]["D2"]
    assert (cell.value, cell.comment.text, cell.fill.fgColor.rgb) == (40, "à revoir avec Zohra", PINK)
    change(copy, D3=30)
    assert taken(copy) == 0
    assert sorted(path.name for path in book.parent.glob("*.xlsx")) == ["mars-a-corriger.xlsx", "mars.xlsx"]


def test_a_copy_goes_when_its_workbook_is_sound_unless_somebody_worked_in_it(book: Path, capsys) -> None:
    copy = book.with_name("mars-a-corriger.xlsx")
    taken(book)
    change(book, D2=40, D3=30)
    assert taken(book) == 0
    assert not copy.exists()
    taken(gens(book))
    change(copy, D2=40)
    worked = copy.read_bytes()
    capsys.readouterr()
    assert taken(book) == 2
    assert message("workbook.correct.kept", path=copy) in capsys.readouterr().err.splitlines()
    change(book, D2=40, D3=30)
    assert taken(book) == 0
    assert copy.read_bytes() == worked


def refuse(*_: object, **__: object) -> None:
    raise PermissionError


@pytest.mark.parametrize("why", ["place", "open", "memory"])
def test_where_no_copy_can_be_written_the_faults_are_told(
    why: str, book: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = book.with_name("mars-a-corriger.xlsx")
    if why == "place":
        monkeypatch.setattr(corrections, "write_file", refuse)
    elif why == "memory":
        monkeypatch.setattr(corrections, "_LIMIT_UNPACKED_MB", 0)
    else:
        book.with_name(f".~lock.{copy.name}#").touch()
    assert taken(book) == 2
    told = capsys.readouterr()
    assert len(told.err.splitlines()) == 3
    assert told.err.splitlines()[-1] == message("workbook.correct.failed", path=copy)
    assert (told.out, copy.exists()) == ("", False)


@pytest.mark.parametrize("name", ["mars.xlsx", "mars-a-corriger.xlsx", "mars.csv"])
def test_what_cannot_be_opened_or_is_no_workbook_has_no_copy(name: str, tmp_path: Path, capsys) -> None:
    (tmp_path / name).write_bytes(b"PK\3\4 Personnes")
    before = sorted(tmp_path.iterdir())
    assert taken(tmp_path / name) == 2
    told = capsys.readouterr()
    assert (len(told.err.splitlines()), told.out) == (1, "")
    assert sorted(tmp_path.iterdir()) == before


def test_what_no_column_of_theirs_says_is_marked_on_the_row_and_a_merged_cell_on_its_first(book: Path) -> None:
    made = openpyxl.load_workbook(book)
    made.active.merge_cells("D2:D3")
    made.save(book)
    said = book.with_name("mapping.toml").read_text(encoding="utf-8")
    book.with_name("mapping.toml").write_text(said.replace('= "household"  #', '= "quelque part"  #'), encoding="utf-8")
    assert taken(book) == 2
    found = marks(book.with_name("mars-a-corriger.xlsx"))["Gens"]
    assert list(found) == ["A2", "D2", "A3"]
    title = next(column.title for column in columns("persons", "fr") if column.name == "residence")
    assert title in found["A2"]
    assert "quelque part" not in found["A2"]


def test_formulas_keep_what_they_gave(book: Path) -> None:
    part = b'<row r="4"><c r="A4"><v>1</v></c><c r="F4" t="str"><f>IF(1&lt;2,"a&amp;b","")</f><v>a&amp;b</v></c>'
    part += b'<c r="G4"><f>1+1</f><v>2</v></c><c r="H4"><f>1+2</f></c></row></sheetData>'
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(book, "w") as archive:
        for name, said in parts.items():
            archive.writestr(name, said.replace(b"</sheetData>", part))
    assert taken(book) == 2
    copy = book.with_name("mars-a-corriger.xlsx")
    for opened, said in ((False, ['=IF(1<2,"a&b","")', "=1+1", "=1+2"]), (True, ["a&b", 2, None])):
        sheet = openpyxl.load_workbook(copy, data_only=opened)["Gens"]
        assert [sheet[cell].value for cell in ("F4", "G4", "H4")] == said
