from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import Rows, sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.records import InvalidRecordsError, UnknownCaseError, message, validate
from clss_analysis.records.schema import table_names

SECRET = "Zébulon-0470123456"


@pytest.fixture
def rows() -> Rows:
    return sound_rows()


@pytest.fixture
def folder(tmp_path: Path, rows: Rows) -> Path:
    return write_rows(tmp_path / "jeu", rows)


def places(folder: Path) -> list[tuple[str, int | None, str | None]]:
    return [(fault.file, fault.row, fault.column) for fault in validate(folder)]


def lines(folder: Path) -> list[str]:
    return [str(fault).replace("\u202f", " ") for fault in validate(folder)]


def test_the_sound_dataset_is_sound(folder: Path) -> None:
    assert validate(folder) == []
    assert clss.read(folder).case("A").label == "Ménage A"


def test_a_missing_folder_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(InvalidRecordsError, match="le dossier n’existe pas"):
        clss.read(tmp_path / "rien")


def test_an_empty_folder_is_one_fault(tmp_path: Path) -> None:
    assert [fault.rule for fault in validate(tmp_path)] == ["le dossier est vide"]


def test_a_file_is_not_a_folder(folder: Path) -> None:
    assert [fault.rule for fault in validate(folder / "ties.csv")] == ["le dossier n’existe pas"]


def test_a_dataset_without_any_household_is_refused(tmp_path: Path, rows: Rows) -> None:
    assert lines(write_rows(tmp_path / "vide", {name: [] for name in rows})) == [
        f"households.csv : {message('fault_no_household')}".replace("\u202f", " ")
    ]


@pytest.mark.parametrize("name", ["ties.csv", "datapackage.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert lines(folder) == [f"{name} : le fichier manque"]


def test_a_missing_referenced_table_does_not_make_every_key_dangle(folder: Path) -> None:
    (folder / "persons.csv").unlink()
    assert lines(folder) == ["persons.csv : le fichier manque"]


def test_a_missing_and_an_extra_column(folder: Path) -> None:
    path = folder / "couples.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("state", SECRET, 1), encoding="utf-8")
    assert lines(folder) == [
        "couples.csv, ligne 1 : la colonne de rang 5 n’est pas du schéma",
        "couples.csv, ligne 1, colonne state : la colonne manque",
    ]


def test_a_column_written_twice(folder: Path) -> None:
    path = folder / "phases.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("detail", "label", 1), encoding="utf-8")
    assert places(folder) == [("phases.csv", 1, "detail"), ("phases.csv", 1, "label")]


def test_columns_may_come_in_any_order(folder: Path) -> None:
    path = folder / "consents.csv"
    path.write_text("reading,source,granted,scope,label,id\nfalse,essai,2023-02,told,Accord,CO1\n", encoding="utf-8")
    assert validate(folder) == []
    assert clss.read(folder).consents["granted"].astype(str).tolist() == ["2023-02"]


def test_semicolons_are_explained_once(folder: Path) -> None:
    path = folder / "couples.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert lines(folder) == [
        "couples.csv, ligne 1 : les colonnes se séparent par des virgules, et non par des points-virgules"
    ]


def test_bytes_that_are_not_utf8(folder: Path) -> None:
    path = folder / "persons.csv"
    path.write_bytes(path.read_bytes().replace("Mère".encode(), "Mère".encode("latin-1"), 1))
    assert lines(folder) == ["persons.csv, ligne 2 : les octets ne sont pas de l’UTF-8"]


def test_a_byte_order_mark_and_windows_line_ends_are_read(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert validate(folder) == []
    assert clss.read(folder).persons["id"].tolist() == ["A1", "A2", "A3", "A4", "B1"]


@pytest.mark.parametrize(("tail", "found"), [("C\n", 1), ("C" + "," * 13 + "\n", 14)])
def test_a_row_with_too_few_or_too_many_cells(folder: Path, tail: str, found: int) -> None:
    with (folder / "households.csv").open("a", encoding="utf-8") as stream:
        stream.write(tail)
    assert lines(folder) == [f"households.csv, ligne 4 : 13 cellules attendues, {found} trouvées"]


def test_lines_are_counted_as_in_the_file(folder: Path, rows: Rows) -> None:
    rows["households"][0]["summary"] = "deux\nlignes"
    rows["households"][1]["outcome"] = SECRET
    assert places(write_rows(folder, rows)) == [("households.csv", 4, "outcome")]


def test_an_unclosed_quote_and_a_control_character(folder: Path, rows: Rows) -> None:
    rows["workshops"] = [{"id": "W1", "label": "a\x00b", "source": "essai", "reading": "false"}]
    write_rows(folder, rows)
    with (folder / "phases.csv").open("a", encoding="utf-8") as stream:
        stream.write(f'F1,1,"{SECRET}\n')
    assert places(folder) == [("phases.csv", 2, None), ("workshops.csv", 2, None)]


LEVEL = "un nœud de niveau {} se rattache à un nœud de niveau {}"
UNEVEN = "la pertinence est donnée à des nœuds de même rattachement, et manque ici"
SUM = "les pertinences des nœuds de même niveau et de même rattachement ne font pas 1 en somme"
TWICE = "l’action est déjà rattachée à cet objectif"
UNMARKED = "une ligne synthétique exige que le descripteur marque le jeu comme synthétique"
BROKEN = [
    ("households", 0, {"intake": "2023-11-04"}, 2, "intake", "un mois s’écrit AAAA-MM, jamais de jour"),
    ("households", 0, {"intake": "2023-13"}, 2, "intake", "un mois s’écrit AAAA-MM, jamais de jour"),
    ("households", 0, {"intake": "2023-4"}, 2, "intake", "un mois s’écrit AAAA-MM, jamais de jour"),
    ("households", 0, {"intake": "2023-12"}, 2, "closing", "la fin précède le début (colonne intake)"),
    ("households", 0, {"label": ""}, 2, "label", "la cellule ne peut pas être vide"),
    ("households", 0, {"consent": "CO9"}, 2, "consent", "aucune ligne de consents n’a cet identifiant"),
    ("households", 1, {"id": "A"}, 3, "id", "cet identifiant est déjà pris plus haut dans la table"),
    ("households", 1, {"id": "a"}, 3, "id", "cet identifiant ne diffère d’un autre que par des majuscules"),
    ("persons", 0, {"age": "-1"}, 2, "age", "la valeur doit être au moins 0"),
    ("persons", 0, {"age": "121"}, 2, "age", "la valeur doit être au plus 120"),
    ("persons", 0, {"age": "3_4"}, 2, "age", "un nombre entier est attendu, en chiffres"),
    ("persons", 0, {"age": "trente"}, 2, "age", "un nombre entier est attendu, en chiffres"),
    ("persons", 0, {"index": "TRUE"}, 2, "index", "true ou false est attendu"),
    ("persons", 0, {"index": "oui"}, 2, "index", "true ou false est attendu"),
    ("persons", 1, {"birth": "2023-05", "life": "expected"}, 3, "birth",
     "une naissance est datée, mais la personne est dite à naître (sa grossesse se date par l’arrivée)"),
    ("persons", 1, {"birth": "2023-05", "age": "12"}, 3, "age",
     "l’âge au début du suivi et le mois de la naissance ne vont pas ensemble"),
    ("persons", 1, {"birth": "2023-05", "age": "", "life": "", "death": "2023-04"}, 3, "death",
     "la fin précède le début (colonne birth)"),
    ("persons", 1, {"identical": "true"}, 3, "identical",
     "des jumeaux d’un même œuf ont le même mot dans la colonne des jumeaux, et le même genre"),
    ("ties", 0, {"quality": "weak", "strength": "strong"}, 2, "strength",
     "la qualité dit déjà fort ou ténu, et la force dit le contraire"),
    ("couples", 0, {"partner_b": "A1"}, 2, "partner_b", "une personne ou un acteur ne peut pas être lié à soi-même"),
    ("couples", 0, {"partner_b": "B1"}, 2, "partner_b", "la ligne nomme quelqu’un d’un autre ménage"),
    ("filiations", 0, {"child": "B1"}, 2, "child", "la ligne nomme quelqu’un d’un autre ménage"),
    ("filiations", 0, {"child": "A9"}, 2, "child", "aucune ligne de persons n’a cet identifiant"),
    ("filiations", 0, {"child": "A1"}, 2, "child", "une personne ou un acteur ne peut pas être lié à soi-même"),
    ("filiations", 0, {"child": "A4"}, 2, "parent", "la ligne fait partie d’un cycle"),
    ("ties", 0, {"to_person": "B1"}, 2, "to_person", "la ligne nomme quelqu’un d’un autre ménage"),
    ("ties", 0, {"from_actor": "X2"}, 2, "from_actor", "la ligne nomme quelqu’un d’un autre ménage"),
    ("ties", 0, {"from_actor": "A1"}, 2, "from_actor", "aucune ligne de actors n’a cet identifiant"),
    ("ties", 1, {"from_actor": "X1"}, 3, "to_actor", "une personne ou un acteur ne peut pas être lié à soi-même"),
    ("ties", 1, {"to_actor": ""}, 3, None, "les deux bouts du lien sont le ménage entier"),
    ("ties", 1, {"to_person": "A2"}, 3, "to_actor", "ce bout du lien est à la fois une personne et un acteur"),
    ("relevance_nodes", 0, {"parent": "AN4"}, 2, "parent", "un but n’a pas de nœud supérieur"),
    ("relevance_nodes", 1, {"parent": ""}, 3, "parent", LEVEL.format("objectif", "but")),
    ("relevance_nodes", 2, {"parent": "AN1"}, 4, "parent", LEVEL.format("action", "objectif")),
    ("relevance_nodes", 3, {"parent": "AN2"}, 5, "parent", LEVEL.format("moyens", "but ou action")),
    ("relevance_nodes", 2, {"progress": "101"}, 4, "progress", "la valeur doit être au plus 100"),
    ("relevance_nodes", 2, {"progress": "50 %"}, 4, "progress", "un nombre entier est attendu, en chiffres"),
    ("relevance_nodes", 1, {"relevance": "1.2"}, 3, "relevance", "la valeur doit être au plus 1"),
    ("relevance_nodes", 1, {"relevance": "0.606"}, 3, "relevance", SUM),
    ("relevance_nodes", 4, {"relevance": ""}, 6, "relevance", UNEVEN),
    ("relevance_nodes", 3, {"relevance": "0.9"}, 5, "relevance", SUM),
    ("relevance_links", 0, {"parent": "AN1"}, 2, "parent", "un nœud de niveau objectif est attendu"),
    ("relevance_links", 0, {"child": "AN4"}, 2, "child", "un nœud de niveau action est attendu"),
    ("relevance_links", 0, {"parent": "AN2"}, 2, "child", TWICE),
    ("relevance_links", 0, {"child": "AN9"}, 2, "child", "aucune ligne de relevance_nodes n’a cet identifiant"),
    ("relevance_links", 0, {"household": "B"}, 2, "child", "la ligne nomme quelqu’un d’un autre ménage"),
    ("programme", 0, {"parent": "P2"}, 2, "parent", "la ligne fait partie d’un cycle"),
    ("programme", 0, {"parent": "P1"}, 2, "parent", "la ligne fait partie d’un cycle"),
    ("context_statistics", 0, {"value": "NaN"}, 2, "value", "un nombre est attendu, avec un point pour les décimales"),
    ("context_statistics", 0, {"value": "3,5"}, 2, "value", "un nombre est attendu, avec un point pour les décimales"),
    ("context_statistics", 0, {"source": "synthetic"}, 2, "source", UNMARKED),
]  # fmt: skip


@pytest.mark.parametrize(("table", "index", "cells", "line", "column", "rule"), BROKEN)
def test_one_broken_cell_is_one_fault(
    folder: Path, rows: Rows, table: str, index: int, cells: dict[str, str], line: int, column: str | None, rule: str
) -> None:
    rows[table][index] |= cells
    found = [
        (fault.file, fault.row, fault.column, fault.rule.replace("\u202f", " "))
        for fault in validate(write_rows(folder, rows))
    ]
    assert (f"{table}.csv", line, column, rule) in found
    knock_on = {"actors", "persons"} if column == "id" else {"filiations"}
    assert {name for name, *_ in found} <= {f"{name}.csv" for name in {table} | knock_on}


def test_relevance_may_miss_one_by_half_a_hundredth_and_a_link_stands_once(folder: Path, rows: Rows) -> None:
    rows["relevance_nodes"][1]["relevance"] = "0.595"
    assert validate(write_rows(folder, rows)) == []
    rows["relevance_links"].append(rows["relevance_links"][0] | {"id": "AL2"})
    assert places(write_rows(folder, rows)) == [("relevance_links.csv", 3, "child")]


def test_a_cycle_in_a_relevance_tree_names_a_row(folder: Path, rows: Rows) -> None:
    rows["relevance_nodes"][1]["parent"] = "AN3"
    assert "relevance_nodes.csv, ligne 3, colonne parent : la ligne fait partie d’un cycle" in lines(
        write_rows(folder, rows)
    )


@pytest.mark.parametrize(
    ("parent", "child", "kind", "life", "faults"),
    [
        ("34", "4", "birth", "alive", []),
        ("14", "4", "birth", "alive", []),
        ("13", "4", "birth", "alive", [("filiations.csv", 2, "parent")]),
        ("3", "4", "birth", "alive", [("filiations.csv", 2, "parent")]),
        ("3", "4", "adoption", "alive", []),
        ("3", "4", "birth", "deceased", []),
        ("", "4", "birth", "alive", []),
    ],
)
def test_a_child_is_not_older_than_those_it_was_born_to(
    folder: Path, rows: Rows, parent: str, child: str, kind: str, life: str, faults: list[object]
) -> None:
    rows["persons"][0] |= {"age": parent, "life": life}
    rows["persons"][2]["age"] = child
    rows["filiations"][0]["kind"] = kind
    write_rows(folder, rows)
    assert places(folder) == faults


def test_a_pregnancy_belongs_to_somebody_and_the_unborn_have_no_children(folder: Path, rows: Rows) -> None:
    rows["persons"][3]["life"] = "expected"
    rows["persons"][2]["life"] = "lost"
    write_rows(folder, rows)
    assert places(folder) == [("filiations.csv", 3, "parent"), ("persons.csv", 5, "life")]


def test_an_unknown_code_tells_the_codes_that_are_allowed(folder: Path, rows: Rows) -> None:
    rows["households"][0]["french"] = SECRET
    assert lines(write_rows(folder, rows)) == [
        "households.csv, ligne 2, colonne french : code inconnu ; codes admis : fluent, some, none"
    ]


@pytest.mark.parametrize("bad", ["", "-A", "A B", "é", "A" * 33, "A\n", "../A"])
def test_an_ill_formed_id_is_refused(folder: Path, rows: Rows, bad: str) -> None:
    rows["workshops"] = [{"id": bad, "label": "Atelier", "source": "essai", "reading": "false"}]
    assert places(write_rows(folder, rows)) == [("workshops.csv", 2, "id")]


def test_a_criterion_twice_and_a_filiation_twice(folder: Path, rows: Rows) -> None:
    rows["criteria"].append(rows["criteria"][0] | {"id": "AK2"})
    rows["filiations"].append(rows["filiations"][0] | {"id": "AF9"})
    assert lines(write_rows(folder, rows)) == [
        "criteria.csv, ligne 3, colonne criterion : ce critère est déjà évalué pour ce ménage",
        "filiations.csv, ligne 4, colonne child : ce lien de filiation est déjà inscrit plus haut",
    ]


def test_every_fault_is_told_at_once_in_order_and_without_content(folder: Path, rows: Rows) -> None:
    rows["households"][0] |= {"intake": SECRET, "outcome": SECRET, "consent": SECRET}
    rows["persons"][1] |= {"age": SECRET, "id": SECRET, "birth_order": SECRET}
    rows["ties"][0] |= {"from_actor": SECRET, "direction": SECRET}
    rows["context_statistics"][0] |= {"value": SECRET}
    (write_rows(folder, rows) / "phases.csv").unlink()
    with pytest.raises(InvalidRecordsError) as caught:
        clss.read(folder)
    faults = caught.value.faults
    keys = [(fault.file, fault.row or 0, fault.column or "") for fault in faults]
    assert keys == sorted(keys)
    assert {name for name, _, _ in keys} == {
        "context_statistics.csv", "couples.csv", "households.csv", "persons.csv", "phases.csv", "ties.csv"
    }  # fmt: skip
    assert str(caught.value).count("\n") == len(faults) - 1
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("target", ["/dev/null", "inside.csv"])
def test_a_symbolic_link_is_refused(folder: Path, target: str) -> None:
    (folder / "phases.csv").rename(folder / "inside.csv")
    (folder / "phases.csv").symlink_to(target)
    assert places(folder) == [("phases.csv", None, None)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_stop_the_reader(folder: Path) -> None:
    (folder / "phases.csv").unlink()
    os.mkfifo(folder / "phases.csv")
    assert places(folder) == [("phases.csv", None, None)]


def test_a_table_over_the_limit_is_refused_unread(folder: Path) -> None:
    with (folder / "phases.csv").open("ab") as stream:
        stream.truncate(64 * 2**20 + 1)
    assert lines(folder) == ["phases.csv : le fichier dépasse 64 Mo"]


def spoil(folder: Path, change: object) -> list[tuple[str | None, str]]:
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    change(package)  # type: ignore[operator]
    path.write_text(json.dumps(package), encoding="utf-8")
    faults = validate(folder)
    assert {fault.file for fault in faults} <= {"datapackage.json"}
    return [(fault.column, fault.rule) for fault in faults]


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, '{"name": 1}'])
def test_a_descriptor_that_is_no_descriptor(folder: Path, text: str) -> None:
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    assert {name for name, _, _ in places(folder)} == {"datapackage.json"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Essai Un"),
        ("title", ""),
        ("title", "deux\nlignes"),
        ("synthetic", "false"),
        ("synthetic", None),
        ("language", "de"),
        ("language", ["fr"]),
        ("source_line", 3),
        ("description", 3),
        ("description", "\x00"),
        ("title", "\ud800"),
        ("figure_ids", {"../T1": {"kind": "trajectory"}}),
        ("figure_ids", {"T1": {"kind": "trajectory", "case": "Z"}}),
        ("figure_ids", {"T1": {"kind": "trajectory", "path": "x"}}),
        ("figure_ids", {"T1": {"kind": "trajectory"}, "T2": {"kind": "trajectory"}}),
        ("figure_ids", {"T1": {"kind": "trajectory"}, "t1": {"kind": "partners"}}),
    ],
)
def test_a_descriptor_key_of_the_wrong_shape(folder: Path, key: str, value: object) -> None:
    assert [column for column, _ in spoil(folder, lambda package: package.update({key: value}))] == [key]


def test_a_descriptor_cannot_loosen_or_lead_elsewhere(folder: Path) -> None:
    def change(package: dict) -> None:
        by_name = {resource["name"]: resource for resource in package["resources"]}
        by_name["ties"]["path"] = "https://example.org/ties.csv"
        by_name["actors"]["path"] = "../actors.csv"
        by_name["phases"]["data"] = []
        by_name["persons"]["schema"]["fields"][0]["constraints"] = {}
        by_name["couples"]["schema"]["foreignKeys"] = []
        by_name["events"]["schema"]["fields"][5]["constraints"]["enum"].append("autre")
        package["resources"] = [r for r in package["resources"] if r["name"] != "programme"]
        package["resources"].append({"name": "script", "path": "x.py"})

    said = [rule for _, rule in spoil(folder, change)]
    assert len(said) == 8
    for table in ("ties", "actors", "phases", "persons", "couples", "events", "programme"):
        assert sum(f"table {table} " in rule for rule in said) == 1


def test_a_shorter_enumeration_is_no_loosening(folder: Path) -> None:
    def change(package: dict) -> None:
        events = next(resource for resource in package["resources"] if resource["name"] == "events")
        events["schema"]["fields"][5]["constraints"]["enum"].pop()

    assert spoil(folder, change) == []


def test_a_synthetic_dataset_holds_no_other_rows(folder: Path, rows: Rows) -> None:
    faults = validate(write_rows(folder, rows, synthetic=True))
    assert len(faults) == sum(len(table) for table in rows.values())
    assert {fault.column for fault in faults} == {"source"}


def test_what_the_descriptor_says_is_in_the_records(folder: Path, rows: Rows) -> None:
    write_rows(folder, rows, language="nl", figure_ids={"T1": {"kind": "criteria-grid", "case": "A"}})
    records = clss.read(folder)
    assert (records.name, records.title, records.synthetic, records.source) == ("essai", "Essai", False, "Essai")
    assert (records.language, records.figure_ids["T1"]["case"]) == ("nl", "A")
    assert records.case("A").figure_ids == records.figure_ids


@pytest.mark.parametrize("case", ["", "../A", "A B", "-A", "A" * 33, "A\n", "Z"])
def test_an_unknown_or_ill_formed_case_is_refused(folder: Path, case: str) -> None:
    with pytest.raises(UnknownCaseError, match="ménage"):
        clss.read(folder).case(case)


junk = st.one_of(
    st.sampled_from(
        ["", "true", "2023-05", "A", "A1", "AN2", "X1", "aim", "synthetic", "-3", "1e9", '"', "\x00", ",,", "\n", "é"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)


@given(table=st.sampled_from(table_names()), data=st.data())
@settings(max_examples=60)
def test_whatever_a_table_holds_it_is_either_refused_or_read(
    folder: Path, rows: Rows, table: str, data: st.DataObject
) -> None:
    path = write_rows(folder, rows) / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    cut = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    width = data.draw(st.integers(0, 12))
    content = (text[: cut[0]] + data.draw(junk) + text[min(cut[1], cut[0] + width) :]).encode()
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content)
    if not validate(folder):
        records = clss.read(folder)
        for household in records.households["id"]:
            assert len(records.case(household).households) == 1


def test_every_table_is_read(folder: Path) -> None:
    records = clss.read(folder)
    assert all(records.table(name) is not None for name in table_names())


@pytest.mark.parametrize(("parent", "sound"), [("AN1", True), ("AN3", True), ("AN2", False)])
def test_means_belong_to_one_action_or_to_the_whole(parent: str, sound: bool, tmp_path: Path) -> None:
    rows = sound_rows()
    rows["relevance_nodes"][3]["parent"] = parent
    faults = validate(write_rows(tmp_path / "jeu", rows))
    assert [(each.row, each.column) for each in faults] == ([] if sound else [(5, "parent")])
