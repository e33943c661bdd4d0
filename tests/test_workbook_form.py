"""The form for KoboToolbox and ODK: pyxform accepts it, and what it gathers becomes a dataset."""

from __future__ import annotations

import csv
import io
import zipfile
from itertools import product
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pyxform.xls2xform import convert

from clss_analysis.cli import main
from clss_analysis.records import InvalidRecordsError, Records, intake_verdict, read
from clss_analysis.records.schema import IDENTIFYING
from clss_analysis.records.vocabulary import LANGUAGES, codes
from clss_analysis.records.workbook import read_workbook, records_of_pages, write_form
from clss_analysis.records.workbook.form import REPEATS, group_name, main_questions, questions_of


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pyxform_accepts_the_form(lang: str, tmp_path: Path) -> None:
    write_form(tmp_path / "f.xlsx", lang)
    warnings: list[str] = []
    xform = convert(tmp_path / "f.xlsx", warnings=warnings).xform
    assert warnings == []
    for table in REPEATS:
        assert f'nodeset="/data/{table}"' in xform or f"/{table}" in xform
    first = (tmp_path / "f.xlsx").read_bytes()
    write_form(tmp_path / "f.xlsx", lang)
    assert (tmp_path / "f.xlsx").read_bytes() == first


@pytest.mark.parametrize("allowed", [False, True])
def test_the_form_asks_for_no_name_but_where_its_house_says_so(
    allowed: bool,  # a parameter of the test
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clss.toml").write_text(f"form_asks_names = {str(allowed).lower()}\n", encoding="utf-8")
    assert main(["new", "--xlsform", "f.xlsx"]) == 0
    cells = list(openpyxl.load_workbook("f.xlsx")["survey"].iter_rows(values_only=True))
    private = {name for names in IDENTIFYING.values() for name in names}
    assert {row[1] for row in cells} & private == (private if allowed else set())
    hints = {str(row[3]) for row in cells if row[1] in private}
    assert not [hint for hint in hints if "pseudonyme" in hint or "Supprimé" in hint], "untrue of a server"
    assert convert("f.xlsx", warnings=(warned := [])).xform
    assert warned == []


def test_the_form_s_verdict_is_the_intake_rule(tmp_path: Path) -> None:
    write_form(tmp_path / "f.xlsx")
    rows = {row[1]: row for row in openpyxl.load_workbook(tmp_path / "f.xlsx")["survey"].iter_rows(values_only=True)}
    outcome = {True: "admissible", False: "non admissible", None: "pas encore décidable"}
    for grid in product((True, False, None), repeat=5):
        answers = dict(zip(codes("criterion"), grid, strict=True))
        known = {f"${{met_{each}}}": {True: "'yes'", False: "'no'", None: "''"}[met] for each, met in answers.items()}
        known["${criteria_met}"] = str(list(grid).count(True))
        known["${criteria_unmet}"] = str(list(grid).count(False))
        calculation = rows["verdict"][8]
        for name, value in known.items():
            calculation = calculation.replace(name, value)
        python = calculation.replace("if(", "choose(").replace(" = ", " == ")
        shown = eval(python, {"choose": lambda test, yes, no: yes if test else no})  # noqa: S307  our own formula
        verdict = intake_verdict(pd.DataFrame({"criterion": list(answers), "met": list(grid)}))
        assert shown == outcome[verdict.eligible], grid


def export(path: Path, *, labels: bool, prefix: str = "") -> Path:
    """What KoboToolbox would export of two submissions: a main sheet, and one sheet per repeated group."""
    lang = "fr"
    asked = {each.name: each.label if labels else f"{prefix}{each.name}" for each in main_questions(lang)}
    mother = "mère" if labels else "mother"
    main_rows = [
        {"id": "K1", "label": "Mme K", "intake": "2024-03", "income": "travail" if labels else "work",
         "met_psychological_impact": "oui" if labels else "yes", "evidence_isolation": "=seule"},
        {"label": "M. L", "met_eviction": "non" if labels else "no"},
    ]  # fmt: skip
    persons = [
        (1, {"label": "Mme K", "role": mother, "life": "en vie" if labels else "alive", "index": "oui",
             "residence": "vit dans le ménage" if labels else "household", "given_name": "Zohra"}),
        (1, {"label": "Sa fille", "role": "fille" if labels else "daughter", "life": "en vie" if labels else "alive",
             "residence": "vit dans le ménage" if labels else "household", "note": "Fille de Zohra"}),
        (2, {"label": "M. L", "role": "adulte" if labels else "adult", "life": "en vie" if labels else "alive",
             "residence": "vit dans le ménage" if labels else "household"}),
    ]  # fmt: skip
    filiations = [(1, {"parent": 1, "child": 2, "kind": "naissance" if labels else "birth"})]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Dossier d’un ménage"
    sheet.append(["start", "end", *asked.values(), "_id", "_uuid", "_submission_time", "_index"])
    for number, row in enumerate(main_rows, start=1):
        cells = [row.get(name) for name in asked]
        sheet.append(["2024-03-02", "2024-03-02", *cells, 99 + number, "u-u", "2024-03-02", number])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for table, rows in (("persons", persons), ("filiations", filiations)):
        repeated = {each.name: each.label if labels else f"{table}/{each.name}" for each in questions_of(table, lang)}
        sheet = book.create_sheet(group_name(table, lang) if labels else table)
        sheet.append([*repeated.values(), "_index", "_parent_table_name", "_parent_index"])
        for number, (parent, row) in enumerate(rows, start=1):
            sheet.append([*(row.get(name) for name in repeated), number, "Dossier", parent])
    book.save(path)
    return path


@pytest.mark.parametrize(("labels", "prefix"), [(False, ""), (False, "household/"), (True, "")])
def test_an_export_becomes_a_dataset(labels: bool, prefix: str, tmp_path: Path, capsys) -> None:
    path = export(tmp_path / "kobo.xlsx", labels=labels, prefix=prefix)
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 0
    assert "Zohra" not in "".join(capsys.readouterr())
    records = read(tmp_path / "jeu")
    assert records.households["id"].tolist() == ["K1", "M2"]
    assert records.households["income"].tolist()[0] == "work"
    assert records.persons["id"].tolist() == ["K1-1", "K1-2", "M2-1"]
    assert records.persons["note"].tolist()[1] == "Fille de Mme K"
    assert records.filiations[["parent", "child"]].to_numpy().tolist() == [["K1-1", "K1-2"]]
    grid = records.criteria.set_index(["household", "criterion"])
    assert bool(grid.loc[("K1", "psychological_impact"), "met"])
    assert pd.isna(grid.loc[("K1", "isolation"), "met"])
    assert grid.loc[("K1", "isolation"), "evidence"] == "=seule"
    assert not grid.loc[("M2", "eviction"), "met"]


def test_faults_of_an_export_are_named_by_its_own_sheets(tmp_path: Path) -> None:
    path = export(tmp_path / "kobo.xlsx", labels=True)
    book = openpyxl.load_workbook(path)
    sheet = book["Personnes"]
    place = [cell.value for cell in sheet[1]].index("Place") + 1
    sheet.cell(3, place).value = "cousine"
    sheet.cell(1, place - 1).value = "Surnom"
    book.save(path)
    with pytest.raises(InvalidRecordsError) as refusal:
        records_of_pages(read_workbook(path))
    told = [(fault.file, fault.row, fault.column) for fault in refusal.value.faults]
    letter = sheet.cell(1, place).column_letter
    assert ("kobo.xlsx, feuille «\u202fPersonnes\u202f»", 3, f"{letter} «\u202fPlace\u202f»") in told
    assert ("kobo.xlsx, feuille «\u202fPersonnes\u202f»", 1, sheet.cell(1, place - 1).column_letter) in told
    assert "cousine" not in str(refusal.value)


@pytest.mark.parametrize(
    "titles",
    [
        ["meta/rootUuid", "_submission_meta/rootUuid"],
        ["formhub/uuid", "meta/instanceName", "meta/audit"],
        ["__version__", "_attachments", "_geolocation", "meta/deprecatedID"],
        ["background-audio", "household/question_retirée"],
        ["version2.household.nieuwe_vraag"],
    ],
)
def test_columns_that_the_program_or_another_form_adds_are_left_and_counted(
    titles: list[str], tmp_path: Path, capsys
) -> None:
    path = export(tmp_path / "kobo.xlsx", labels=False, prefix="household/")
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[:2]:
        for place, title in enumerate(titles, start=sheet.max_column + 1):
            sheet.cell(1, place).value = title
            sheet.cell(2, place).value = "uuid:secret"
    book.save(path)
    plain = read_workbook(export(tmp_path / "avant.xlsx", labels=False, prefix="household/"))
    pages = read_workbook(path)
    assert pages.columns_left == plain.columns_left + 2 * len(titles)
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 0
    assert "secret" not in "".join(capsys.readouterr())
    assert read(tmp_path / "jeu").persons["id"].tolist() == ["K1-1", "K1-2", "M2-1"]


@pytest.mark.parametrize("group", ["household-", "household.", "household/"])
def test_an_export_of_odk_central_is_joined_by_its_keys(group: str, tmp_path: Path) -> None:
    path = export(tmp_path / "odk.xlsx", labels=False, prefix=group)
    book = openpyxl.load_workbook(path)
    for number, sheet in enumerate(book.worksheets):
        head = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            index = sheet.cell(row, head["_index"])
            index.value = f"uuid:{index.value}" if number == 0 else f"uuid:x/row[{row}]"
            if "_parent_index" in head:
                parent = sheet.cell(row, head["_parent_index"])
                parent.value = f"uuid:{parent.value}"
        sheet.cell(1, head["_index"]).value = "KEY"
        if "_parent_index" in head:
            sheet.cell(1, head["_parent_index"]).value = "PARENT_KEY"
        for place, title in enumerate(("SubmissionDate", "ReviewState"), start=sheet.max_column + 1):
            sheet.cell(1, place).value = title
            sheet.cell(2, place).value = "2024-05-01"
    book.save(path)
    records = records_of_pages(read_workbook(path))
    assert records.households["id"].tolist() == ["K1", "M2"]
    assert records.persons["id"].tolist() == ["K1-1", "K1-2", "M2-1"]


@pytest.mark.parametrize(
    ("form", "mark", "codec", "beside"),
    [
        (
            "dossier",
            ",",
            "utf-8-sig",
            {"__MACOSX/._dossier.csv": b"\0\5", "dossier - audit.csv": b"instance ID,event,start,end\n1,2,3,4\n"},
        ),
        (
            "formulaire_v2",
            ";",
            "cp1252",
            {"media/photo.jpg": b"x", "audits.csv": b"instance ID,node,start,end\nu,a,1,2\n"},
        ),
    ],
)
def test_an_archive_of_tables_is_an_export(
    form: str, mark: str, codec: str, beside: dict[str, bytes], tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(export(tmp_path / "a.xlsx", labels=False, prefix="household-"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number, sheet in enumerate(book.worksheets):
            text = io.StringIO()
            rows = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
            csv.writer(text, delimiter=mark).writerows(rows)
            name = form if number == 0 else f"{form}-{sheet.title}"
            archive.writestr(f"{name}.csv", text.getvalue().encode(codec))
        for name, content in beside.items():
            archive.writestr(name, content)
    ours, theirs = (records_of_pages(read_workbook(tmp_path / name)) for name in ("a.xlsx", "a.zip"))
    for table in ("households", "persons", "filiations", "criteria"):
        assert ours.table(table).equals(theirs.table(table)), table


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Records]:
    """What an export by names, and one by labels, hold."""
    path = tmp_path_factory.mktemp("export") / "a.xlsx"
    return {labels: records_of_pages(read_workbook(export(path, labels=labels))) for labels in (False, True)}


def changed(path: Path, sheet: int, titles: dict[str, list[object]], *, instead_of: str = "") -> None:
    """Put columns of their own behind those of a sheet, and take one away."""
    book = openpyxl.load_workbook(path)
    cells = book.worksheets[sheet]
    if instead_of:
        cells.delete_cols([cell.value for cell in cells[1]].index(instead_of) + 1)
    for title, column in titles.items():
        for row, cell in enumerate([title, *column], start=1):
            cells.cell(row, cells.max_column + (row == 1)).value = cell
    book.save(path)


@pytest.mark.parametrize(
    ("labels", "income", "titles"),
    [
        (False, "household/income", {"household/income/work": [1, 0], "household/income/pension": [0, None]}),
        (False, "household/income", {"household.income.pension": ["False", ""], "household.income.work": ["True", ""]}),
        (False, "household/income", {"household__income__work": ["VRAI"], "household__income__none": ["FAUX"]}),
        (True, "Revenu principal", {"Revenu principal/travail": ["1"], "Revenu principal/pension": ["0"]}),
        (False, "household/income", {"household/income": [None, None], "version2/income": ["work", None]}),
        (True, "Nom public", {"Intitulé": ["Mme K", "M. L"]}),
        (False, "", {"household/income/work": [1, None], "SET-OF-persons": ["uuid:1/persons", "uuid:2/persons"]}),
        (False, "", {"${rank}": ["x", "y"]}),
    ],
)
def test_an_answer_is_taken_from_whichever_column_has_it(
    labels: bool, income: str, titles: dict[str, list[object]], tmp_path: Path, unchanged: dict[bool, Records]
) -> None:
    path = export(tmp_path / "b.xlsx", labels=labels, prefix="" if labels else "household/")
    changed(path, 0, titles, instead_of=income)
    theirs, ours = records_of_pages(read_workbook(path)), unchanged[labels]
    for table in ("households", "persons", "criteria", "housing_problems", "situations"):
        assert ours.table(table).equals(theirs.table(table)), table


@pytest.mark.parametrize(
    ("titles", "row"),
    [
        ({"household/income/pension": [1, 0]}, 0),
        ({"household/housing_problems": ["health_damp security_gas", None]}, 2),
        ({"housing_problems/security_gas": [1, 0], "housing_problems/health_damp": ["1", ""]}, 2),
        ({"housing_problems/security_gas": ["1.0", "0.0"], "housing_problems/health_damp": ["0.0", "1.0"]}, 2),
        ({"Problèmes de logement": ["health_damp", "security_gas"]}, 2),
        ({"household/income": ["work pension", None]}, 3),
        ({"version2/income": ["pension", None]}, 3),
    ],
)
def test_several_answers_are_rows_of_a_list_and_a_fault_elsewhere(
    titles: dict[str, list[object]], row: int, tmp_path: Path
) -> None:
    path = export(tmp_path / "a.xlsx", labels=False, prefix="household/")
    changed(path, 0, titles, instead_of="household/income" if "household/income" in titles else "")
    if row == 3:
        with pytest.raises(InvalidRecordsError, match="plusieurs réponses") as refused:
            records_of_pages(read_workbook(path))
        assert [fault.row for fault in refused.value.faults] == [2]
        return
    records = records_of_pages(read_workbook(path))
    assert len(records.housing_problems) == row
    assert records.households["income"].tolist()[0] == "work"


@pytest.mark.parametrize(
    ("name", "sheet", "wrong"),
    [
        ("household-persons", None, ""),
        ("persons", ("animals", ["animals/name", "_index", "_parent_table_name", "_parent_index"]), ""),
        ("persons", ("persons-langues", ["langue", "PARENT_KEY", "KEY"]), ""),
        ("personnes_v2", None, "n’est pas de celles"),
        ("persons", ("Mes notes", ["x", "y"]), "n’est pas de celles"),
    ],
)
def test_a_repeat_that_the_form_does_not_ask_is_left_and_one_of_ours_is_not(
    name: str, sheet: tuple[str, list[str]] | None, wrong: str, tmp_path: Path
) -> None:
    path = export(tmp_path / "a.xlsx", labels=False, prefix="household/")
    book = openpyxl.load_workbook(path)
    book["persons"].title = name
    if sheet is not None:
        added = book.create_sheet(sheet[0])
        added.append(sheet[1])
        added.append(["secret", 1, "Dossier", 1][: len(sheet[1])])
    book.save(path)
    if wrong:
        with pytest.raises(InvalidRecordsError, match=wrong):
            records_of_pages(read_workbook(path))
    else:
        assert records_of_pages(read_workbook(path)).persons["id"].tolist() == ["K1-1", "K1-2", "M2-1"]


@pytest.mark.parametrize(("key", "found"), [("1.0", True), (1.0, True), ("01", False), (7, False)])
def test_a_row_of_a_repeat_belongs_to_a_record_or_is_a_fault(key: object, found: bool, tmp_path: Path) -> None:
    path = export(tmp_path / "a.xlsx", labels=False)
    book = openpyxl.load_workbook(path)
    sheet = book["filiations"]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("_parent_index") + 1).value = key
    book.save(path)
    if found:
        assert len(records_of_pages(read_workbook(path)).filiations) == 1
    else:
        with pytest.raises(InvalidRecordsError, match="n’est pas dans l’export") as refused:
            records_of_pages(read_workbook(path))
        assert [fault.row for fault in refused.value.faults] == [2]


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b"PK\x03\x04"), ("a.csv", b'a;b\n"c'), ("a.zip", b"PK\x03\x04")]
)
def test_a_table_that_is_none_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidRecordsError):
        read_workbook(tmp_path / name)
