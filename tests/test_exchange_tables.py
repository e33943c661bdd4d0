"""Archives that others write: tables of Network Canvas, GEDCOM with pictures; and what goes out as nodes and links."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import networkx as nx
import pytest

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.privacy import clear
from clss_analysis.records import InvalidRecordsError, export_file, import_file, synthesise

EGO = "networkCanvasEgoUUID,networkCanvasCaseID,networkCanvasSessionID,âge,sexe_femme,sexe_homme\n"
ALTERS = "nodeID,networkCanvasEgoUUID,networkCanvasUUID,name,age,sex_male,sex_female,relationship\n"
EDGES = "edgeID,from,to,networkCanvasEgoUUID,networkCanvasUUID,networkCanvasSourceUUID,networkCanvasTargetUUID\n"


def archive(folder: Path, **members: str) -> Path:
    path = folder / "networkCanvasExport.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name, text in members.items():
            made.writestr(f"{name}.csv", text)
    return path


def test_an_interview_has_its_ego_its_family_and_its_services(tmp_path: Path) -> None:
    path = archive(
        tmp_path,
        k7_1_ego=EGO + "e,k7,1,34,TRUE,FALSE\n",
        k7_1_attributeList_Person=ALTERS + "1,e,m,Anna,61,FALSE,TRUE,mother\n2,e,s,Bob,9,TRUE,FALSE,son\n"
        "3,e,f,Cas,40,TRUE,FALSE,friend\n",
        k7_1_attributeList_Agency="nodeID,networkCanvasEgoUUID,networkCanvasUUID,label\n1,e,a,Maison médicale\n",
        k7_1_edgeList_Knows=EDGES + "1,1,3,e,x,m,f\n",
    )
    records, left = import_file(path)
    assert not left.doubts
    persons = records.persons.set_index("role")
    assert persons["gender"].to_dict() == {"mother": "woman", "grandmother": "woman", "son": "man"}
    assert persons.loc["mother", ["age", "index"]].tolist() == [34, True]
    assert persons["index"].sum() == 1
    assert len(records.filiations) == 2
    assert records.actors["kind"].tolist() == ["service", "other_person"]
    assert "Maison médicale" in set(records.actors["label"])
    said = " ".join(records.persons["label"]) + str(left)
    assert "Anna" not in said
    assert len(records.ties) == 2  # to the friend, and of the mother and the friend


def test_two_interviews_in_one_file_are_two_households(tmp_path: Path) -> None:
    path = archive(
        tmp_path,
        unified_ego=EGO + "e,k1,1,34,TRUE,FALSE\ne2,k2,2,51,FALSE,TRUE\n",
        unified_attributeList_persoon=ALTERS.replace("relationship", "relatie")
        + "1,e,u,An,30,FALSE,TRUE,echtgenote\n1,e2,u,Bo,30,FALSE,TRUE,dochter\n",
    )
    records, _ = import_file(path)
    assert len(records.households) == 2
    assert len(records.persons) == 4
    assert records.couples["household"].nunique() == len(records.couples) == 1
    assert records.filiations["household"].nunique() == len(records.filiations) == 1


@pytest.mark.parametrize("table", ["attributeList_Person", "edgeList_Knows"])
def test_a_row_that_is_not_sound_is_told_by_table_and_line_and_left(tmp_path: Path, table: str) -> None:
    rows = {
        "attributeList_Person": ALTERS + "1,e,m,Secret,61,FALSE,TRUE,mother\n2,e,m,Double,9,TRUE,FALSE,son\n",
        "edgeList_Knows": EDGES + "1,1,3,e,x,m,nobody\n",
    }
    kept = {"attributeList_Person": ALTERS + "1,e,m,Secret,61,FALSE,TRUE,mother\n"} | {table: rows[table]}
    path = archive(tmp_path, **{f"k_1_{name}": text for name, text in kept.items()})
    records, left = import_file(path)
    (doubt,) = left.doubts
    assert doubt.fault.file.endswith(f"k_1_{table}.csv")
    assert doubt.fault.row == (3 if table.startswith("attr") else 2)
    assert len(records.persons) == 2
    with pytest.raises(InvalidRecordsError):
        import_file(path, strict=True)


@pytest.mark.parametrize("table", ["k_1_attributeList_Person", "attributeList_Person"])
def test_the_command_takes_an_archive_of_interviews_and_not_another(
    table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = archive(tmp_path, **{table: ALTERS + "1,e,m,Anna,61,FALSE,TRUE,mother\n"})
    assert main(["import", str(path), "--out", str(tmp_path / "out")]) == 0
    assert len(clss.read(tmp_path / "out").persons) == 2
    assert main(["import", str(archive(tmp_path, other="a,b\n1,2\n")), "--out", str(tmp_path / "none")]) == 2
    assert "networkCanvas" not in capsys.readouterr().err.replace(path.name, "")


HEAD = "0 HEAD\n1 GEDC\n2 VERS 7.0\n"
GED = f"{HEAD}0 @I1@ INDI\n1 SEX F\n0 @I2@ INDI\n1 SEX M\n0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n0 TRLR\n"


@pytest.mark.parametrize(("name", "beside"), [("gedcom.ged", "media/photo.jpg"), ("a/f.GED", "__MACOSX/a/._f.GED")])
def test_a_gedcom_in_its_archive_is_the_gedcom(tmp_path: Path, name: str, beside: str) -> None:
    (tmp_path / "f.ged").write_text(GED)
    with zipfile.ZipFile(tmp_path / "f.gdz", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, GED)
        made.writestr(beside, b"\xff\xd8")
    one, other = (import_file(tmp_path / f"f.{end}")[0] for end in ("ged", "gdz"))
    assert one.persons.equals(other.persons)
    assert one.filiations.equals(other.filiations)


@pytest.mark.parametrize("members", [{}, {"a.ged": GED, "b.ged": GED}, {"a.txt": GED}])
def test_an_archive_without_one_gedcom_is_refused(tmp_path: Path, members: dict[str, str]) -> None:
    with zipfile.ZipFile(tmp_path / "f.gdz", "w") as made:
        for name, text in members.items():
            made.writestr(name, text)
    with pytest.raises(InvalidRecordsError, match="un fichier GEDCOM"):
        import_file(tmp_path / "f.gdz")


@pytest.mark.parametrize("said", ["UTF-8", "UTF8"])
def test_letters_of_another_encoding_are_a_doubt_and_no_refusal(tmp_path: Path, said: str) -> None:
    head = f"0 HEAD\n1 CHAR {said}\n1 GEDC\n2 VERS 5.5.1\n"
    text = (
        head
        + "0 @É1@ INDI\n1 NAME Ré /Né/\n1 SEX F\n0 @È1@ INDI\n1 SEX M\n0 @F1@ FAM\n1 HUSB @È1@\n1 CHIL @É1@\n0 TRLR\n"
    )
    (tmp_path / "f.ged").write_bytes(text.encode("latin-1"))
    records, left = import_file(tmp_path / "f.ged")
    assert [(each.fault.row, each.done) for each in left.doubts] == [(5, "kept")]
    assert sorted(records.persons["gender"]) == ["man", "woman"]
    assert len(records.filiations) == 1


@pytest.mark.parametrize(("lang", "rule"), [("en", "has nobody"), ("nl", "niemand")])
def test_a_refusal_is_told_in_the_language_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str, rule: str
) -> None:
    monkeypatch.setenv("CLSS_LANG", lang)
    (tmp_path / "f.ged").write_text(f"{HEAD}0 TRLR\n")
    assert main(["import", str(tmp_path / "f.ged"), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert rule in told
    assert "ligne" not in told


def test_what_goes_out_as_nodes_and_links_is_the_graphml_and_has_words(tmp_path: Path) -> None:
    records = synthesise(2, 3)
    clearance = clear(records)
    for ending in ("graphml", "json"):
        export_file(records, tmp_path / f"net.{ending}", clearance)
    drawn = nx.read_graphml(tmp_path / "net.graphml", force_multigraph=True)
    linked = nx.node_link_graph(json.loads((tmp_path / "net.json").read_text("utf-8")), edges="edges")
    assert dict(linked.nodes(data=True)) == dict(drawn.nodes(data=True))
    assert sorted(linked.edges(keys=True)) == sorted(drawn.edges(keys=True))
    words = nx.get_node_attributes(drawn, "label")
    assert len(words) == len(drawn)
    assert {"Mère", "Ménage 1"} <= set(words.values())
    names = {*records.persons["label"], *records.actors["label"]} - set(words.values())
    assert len(names) > 10
    back, left = import_file(tmp_path / "net.graphml")
    assert len(back.persons) == len(records.persons)
    assert "node.label" not in str(left)


EGOS = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="k" for="node" attr.name="kind"/>
<key id="e" for="node" attr.name="{ego}"/><graph edgedefault="undirected">
<node id="a"><data key="k">person</data><data key="e">true</data></node>
<node id="b"><data key="k">person</data><data key="e">{second}</data></node>
</graph></graphml>"""


@pytest.mark.parametrize("ego", ["ego", "is_ego", "index"])
def test_of_two_index_persons_none_is_chosen_for_the_user(tmp_path: Path, ego: str) -> None:
    path = tmp_path / "f.graphml"
    path.write_text(EGOS.format(ego=ego, second="true"))
    records, left = import_file(path)
    assert not records.persons["index"].any()
    assert [(each.fault.row, each.done) for each in left.doubts] == [(4, "open")]
    assert import_file(path, index="b")[0].persons["index"].tolist() == [False, True]
    path.write_text(EGOS.format(ego=ego, second="false"))
    records, left = import_file(path)
    assert records.persons["index"].tolist() == [True, False]
    assert not left.doubts
