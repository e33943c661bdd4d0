"""Files as other programs and other languages write them: columns by their header, groups that are no household."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from clss_analysis.cli import main
from clss_analysis.privacy.gate import undecided_texts
from clss_analysis.records import Records, import_file

KEY = '<key id="{id}" for="{what}" attr.name="{name}"/>'
YED = '<key id="l" for="node" yfiles.type="nodegraphics"/>'


def graphml(tmp_path: Path, keys: list[tuple[str, str, str]], body: str) -> Records:
    head = "".join(KEY.format(id=key, what=what, name=name) for key, what, name in keys)
    path = tmp_path / "f.graphml"
    path.write_text(f"<graphml>{head}{YED}<graph edgedefault='directed'>{body}</graph></graphml>", encoding="utf-8")
    return import_file(path)[0]


def node(name: str, inside: str = "", **said: str) -> str:
    cells = "".join(f'<data key="{key}">{value}</data>' for key, value in said.items())
    return f'<node id="{name}">{cells}{f"<graph>{inside}</graph>" if inside else ""}</node>'


def test_what_cannot_be_together_is_left_and_the_rest_taken(tmp_path: Path) -> None:
    keys = [("k", "node", "kind"), ("s", "node", "sex"), ("t", "node", "twin_group"), ("i", "node", "identical"),
            ("q", "edge", "quality"), ("f", "edge", "strength")]  # fmt: skip
    twins = [node(name, k="person", s=sex, t=group, i="true")
             for name, sex, group in (("a", "m", "x"), ("b", "f", "x"), ("c", "f", "y"), ("d", "f", "y"))]  # fmt: skip
    tie = '<edge source="a" target="s"><data key="q">strong</data><data key="f">weak</data></edge>'
    records = graphml(tmp_path, keys, "".join([*twins, node("s", k="service"), tie]))
    assert records.persons["identical"].fillna(value=False).tolist() == [False, False, True, True]
    assert (records.ties["quality"].tolist(), records.ties["strength"].isna().tolist()) == (["strong"], [True])


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("f.ped", "#FID\tIID\tSEX\tPAT\tMAT\n1\ta\t1\t0\t0\n1\tc\t2\ta\tb\n1\tb\t2\t0\t0\n"),
        ("f.fam", "FamilyId,IndividualId,Gender,Mother,Father,Deceased\n1,a,M,.,.,Y\n1,b,F,.,.,.\n1,c,F,b,a,.\n"),
        ("f.ped", "id;dadid;momid;sex\na;0;0;male\nb;0;0;female\nc;a;b;2\n"),
        ("f.ped", "Famille;Individu;Père;Mère;Sexe\n1;a;;;homme\n1;b;;;femme\n1;c;a;b;F\n"),
        ("f.ped", "familie,persoon,vader,moeder,geslacht\n1,a,0,0,M\n1,b,0,0,V\n1,c,a,b,vrouw\n"),
        ("f.fam", "famid id father mother sex\n1 a 0 0 1\n1 b 0 0 2\n1 c a b 2\n"),
        ("f.ped", "id a 0 0 1 1\nid b 0 0 2 1\nid c a b 2 1\n"),
        ("f.ped", "\nFamilyId\nIndividualId\nGender\nFather\nMother\nLastName\n\nf a M . .\nf b F . .\nf c F a b\n"),
        ("f.ped", '"ped" "id" "father" "mother" "sex"\n"1" 1 101 0 0 1\n"2" 1 102 0 0 2\n"3" 1 103 101 102 2\n'),
    ],
)
def test_columns_of_a_pedigree_are_those_that_its_header_names(tmp_path: Path, name: str, table: str) -> None:
    (tmp_path / name).write_text(table, encoding="utf-8")
    records, report = import_file(tmp_path / name)
    gender = dict(zip(records.persons["id"], records.persons["gender"], strict=True))
    parents = {gender[each] for each in records.filiations["parent"]}
    assert (parents, {gender[each] for each in records.filiations["child"]}) == ({"man", "woman"}, {"woman"})
    assert (len(records.persons), len(records.filiations), report.doubts) == (3, 2, ())


@pytest.mark.parametrize(
    "head",
    ["FamilyId IndividualId Gender Father Mother Deceased Proband MZTwin", "fam id sex dad mom dead proband dztwin"],
)
@pytest.mark.parametrize("mark", ["\n", "\t"])
def test_who_is_dead_the_proband_and_twins_are_taken_from_a_table(tmp_path: Path, head: str, mark: str) -> None:
    rows = "f a M . . Y . .\nf b F . . . . .\nf c F a b . . t\nf d F a b . Y t\n"
    text = f"{mark.join(head.split())}\n" + "\n" * (mark == "\n") + (rows.replace(" ", mark) if mark == "\t" else rows)
    (tmp_path / "f.ped").write_text(text, encoding="utf-8")
    persons = import_file(tmp_path / "f.ped")[0].persons
    assert persons["life"].fillna("").tolist() == ["deceased", "", "", ""]
    assert persons["index"].tolist() == [False, False, False, True]
    assert persons["twin_group"].fillna("").tolist() == ["", "", "J1", "J1"]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [(("stepfather", "foster_mother"), ["step", "foster"]), (("Stiefmoeder", "pleegvader"), ["step", "foster"])],
)
def test_an_alter_who_is_a_step_or_foster_parent_is_one(
    tmp_path: Path, words: tuple[str, str], kinds: list[str]
) -> None:
    keys = [("t", "node", "networkCanvasType"), ("p", "node", "relationship")]
    records = graphml(tmp_path, keys, "".join(node(str(n), t="person", p=word) for n, word in enumerate(words)))
    assert records.filiations["kind"].tolist() == kinds


@pytest.mark.parametrize("word", ["Parents", "Enfants"])
def test_a_group_within_a_household_is_none_and_one_around_households_is_none(tmp_path: Path, word: str) -> None:
    inner = node("p", node("a", l="Mère\n41 ans") + node("b", l="Père"), l=word)
    body = node("i", node("f", inner + node("c", l="Fille"), l="Famille") + node("g", node("d", l="Mère"), l="Autre"))
    records = graphml(tmp_path, [], body + node("s", l="Maison médicale") + '<edge source="s" target="a"/>')
    assert records.persons["household"].tolist() == ["H1", "H1", "H1", "H2"]
    assert records.persons["role"].tolist() == ["mother", "father", "daughter", "mother"]
    assert (len(records.households), records.actors["kind"].tolist(), len(records.ties)) == (2, ["service"], 1)


@pytest.mark.parametrize(
    ("age", "woman", "partner"),
    [("leeftijd", "geslacht_vrouw", "relatie_partner"), ("ego_age", "sexe_femme", "lien_conjoint")],
)
def test_an_interview_in_another_language_keeps_ages_and_sexes(
    tmp_path: Path, age: str, woman: str, partner: str
) -> None:
    keys = [("t", "node", "networkCanvasType"), ("ga", "graph", age), ("gw", "graph", woman)]
    keys += [("a", "node", age.removeprefix("ego_")), ("w", "node", woman), ("p", "node", partner)]
    body = '<data key="ga">41</data><data key="gw">true</data>'
    body += node("1", t="personne", a="44", w="false", p="true") + node("2", t="organisatie", a="12")
    records = graphml(tmp_path, keys, body)
    told = records.persons[["gender", "age", "index"]].astype("string").fillna("").to_numpy().tolist()
    assert told == [["woman", "41", "True"], ["", "44", "False"]]
    assert (records.actors["kind"].tolist(), len(records.couples)) == (["service"], 1)


def test_what_a_column_says_in_words_is_no_truth_about_its_title(tmp_path: Path) -> None:
    keys = [("k", "node", "kind"), ("s", "node", "gender_identity"), ("o", "node", "sex_orientation")]
    records = graphml(tmp_path, keys, node("1", k="person", s="female") + node("2", k="person", o="male"))
    assert records.persons["gender"].fillna("").tolist() == ["woman", ""]


@pytest.mark.parametrize("title", ["ego", "index"])
def test_an_ego_that_is_a_node_of_an_interview_is_its_ego(tmp_path: Path, title: str) -> None:
    keys = [("t", "node", "networkCanvasType"), ("e", "node", title), ("a", "node", "age")]
    keys += [("p", "node", "relationship_type_mother"), ("n", "node", "nom")]
    body = node("1", t="Person", p="true", a="60") + node("0", t="Person", e="true", a="29")
    records = graphml(tmp_path, keys, body + node("2", t="Service social", n="CPAS de Forest"))
    assert records.persons["index"].tolist() == [False, True]
    links = records.filiations[["parent", "child"]].to_numpy().tolist()
    assert links == [["H1P1", "H1P2"]]
    assert records.actors[["kind", "label"]].to_numpy().tolist() == [["service", "CPAS de Forest"]]


@pytest.mark.parametrize(("active", "kind"), [("0", "service"), ("1", "professional")])
def test_a_group_of_yed_has_the_label_that_is_shown(tmp_path: Path, active: str, kind: str) -> None:
    looks = "<GroupNode><NodeLabel>Diensten</NodeLabel></GroupNode><GenericGroupNode>Intervenants</GenericGroupNode>"
    looks = f'<data key="l"><Realizers active="{active}">{looks}</Realizers></data>'
    body = f'<node id="g">{looks}<graph>{node("g1", l="Huisarts")}</graph></node>'
    records = graphml(tmp_path, [], body + node("f", node("f1", l="Maman") + node("f2", l="Mamie"), l="Gezin"))
    assert records.actors["kind"].tolist() == [kind]
    assert records.persons["role"].tolist() == ["mother", "grandmother"]


@pytest.mark.parametrize("first", [True, False])
def test_a_node_of_gephi_may_name_the_group_around_it(tmp_path: Path, first: bool) -> None:
    group, one = '<node id="h" label="Gezin"/>', '<node id="a" label="Moeder" pid="h"/>'
    nodes = f"{group}{one}" if first else f"{one}{group}"
    (tmp_path / "f.gexf").write_text(
        f'<gexf><graph><nodes>{nodes}<node id="s" label="École 4"/></nodes></graph></gexf>'
    )
    records, _ = import_file(tmp_path / "f.gexf")
    assert (records.persons["role"].tolist(), records.actors["kind"].tolist()) == (["mother"], ["service"])


@pytest.mark.parametrize(("word", "kind"), [("Services", "service"), ("Intervenants", "professional")])
def test_a_group_of_those_who_work_is_no_household(tmp_path: Path, word: str, kind: str) -> None:
    body = node("g", node("g1", l="CPAS") + node("g2", l="Maison médicale"), l=word)
    body += node("f", node("f1", l="Père") + node("f2", l="Grand-mère"), l="Famille")
    records = graphml(tmp_path, [], body + '<edge source="g1" target="f1"/>')
    assert (len(records.households), records.persons["role"].tolist()) == (1, ["father", "grandmother"])
    assert (records.actors["kind"].tolist(), len(records.ties)) == ([kind, kind], 1)


@pytest.mark.parametrize("word", ["sibling", "broer"])
def test_siblings_without_parents_are_no_tie(tmp_path: Path, word: str) -> None:
    keys = [("r", "edge", "relation")]
    body = f'{node("1")}{node("2")}<edge source="1" target="2"><data key="r">{word}</data></edge>'
    records = graphml(tmp_path, keys, body)
    assert (len(records.persons), len(records.ties), len(records.filiations)) == (2, 0, 0)


@pytest.mark.parametrize(
    ("word", "state"), [("ex-mari", "separated"), ("Ex-partner", "separated"), ("divorcée", "divorced"), ("mari", "")]
)
def test_a_former_partner_is_one_whose_union_has_ended(tmp_path: Path, word: str, state: str) -> None:
    body = f'{node("1")}{node("2")}<edge source="1" target="2"><data key="r">{word}</data></edge>'
    records = graphml(tmp_path, [("r", "edge", "relation")], body)
    keys = [("t", "node", "networkCanvasType"), ("p", "node", "relationship")]
    told = graphml(tmp_path, keys, node("1", t="person", p=word))
    assert [each.couples["state"].fillna("").tolist() for each in (records, told)] == [[state], [state]]


INTERVIEW = """<graphml><key id="n" for="node" attr.name="networkCanvasUUID"/>
<key id="s" for="node" attr.name="sex"/><graph>
<node id="1"><data key="n">u</data><data key="s">f</data></node></graph></graphml>"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f.ped", "f a 0 0 1 2 7\nf b a a 2 1 8\nf c a d 1 0 9\nf d 0 0 1 1 1\n"),
        ("f.graphml", INTERVIEW),
        ("f.gexf", '<gexf><graph><nodes><node id="1" label="Zohra"/></nodes></graph></gexf>'),
    ],
)  # fmt: skip
def test_what_an_import_says_of_itself_awaits_no_decision(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    records, left = import_file(tmp_path / name)
    assert left
    assert undecided_texts(records) == 0


def test_groups_of_gephi_are_households_and_a_huge_value_is_not_kept(tmp_path: Path) -> None:
    inside = '<node id="a" label="Mère"/><node id="b" label="Fils"/>'
    long = f'<attvalue for="0" value="{"x" * 40_000}"/>'
    text = (
        '<gexf><graph defaultedgetype="directed"><attributes class="node"><attribute id="0" title="kind">'
        f'</attribute></attributes><nodes><node id="h" label="Famille"><nodes>{inside}</nodes>'
        f'</node><node id="s" label="CPAS">{long}<attvalue for="0" value="service"/></node></nodes>'
        '<edges><edge source="s" target="a"/><edge source="b" target="a" type="undirected"/></edges></graph></gexf>'
    )
    (tmp_path / "f.gexf").write_text(text, encoding="utf-8")
    records, _ = import_file(tmp_path / "f.gexf")
    assert records.persons["household"].tolist() == ["H1", "H1"]
    assert records.persons["role"].tolist() == ["mother", "son"]
    assert records.actors["kind"].tolist() == ["service"]
    assert sorted(records.ties["direction"]) == ["one_way", "unknown"]


def test_a_table_of_madeline_has_remarks_and_tells_of_one_adopted_twice(tmp_path: Path) -> None:
    text = "//\n // un essai\n\nFamilyId\nIndividualId\nGender\nFather\nMother\n\n"
    text += "f p M . .\nf m F . .\n// la suite\nf q M . .\nf -c F p m\nf +c F q .\nf e M p m"
    (tmp_path / "f.ped").write_text(text, encoding="utf-8")
    records, report = import_file(tmp_path / "f.ped")
    assert (records.persons["gender"].tolist(), report.doubts) == (["man", "woman", "man", "woman", "man"], ())
    links = records.filiations[["parent", "child", "kind"]].to_numpy().tolist()
    assert sorted(links) == [
        ["H1P1", "H1P4", "birth"], ["H1P1", "H1P5", "birth"], ["H1P2", "H1P4", "birth"], ["H1P2", "H1P5", "birth"],
        ["H1P3", "H1P4", "adoption"],
    ]  # fmt: skip
    (tmp_path / "g.ped").write_text("f -1 0 0 1 1\nf +1 0 0 2 1\n", encoding="utf-8")
    assert len(import_file(tmp_path / "g.ped")[0].persons) == 2


@pytest.mark.parametrize(("encoding", "doubts"), [("utf-16", 0), ("utf-8-sig", 0), ("cp1252", 1)])
def test_ids_of_a_pedigree_may_have_accents_in_any_encoding(tmp_path: Path, encoding: str, doubts: int) -> None:
    (tmp_path / "f.ped").write_bytes("f é 0 0 1 1\nf è 0 0 2 1\nf ç é è 1 1\n".encode(encoding))
    records, report = import_file(tmp_path / "f.ped")
    assert (len(records.persons), len(records.filiations), len(report.doubts)) == (3, 2, doubts)


@pytest.mark.parametrize(
    ("name", "content", "row", "rule"),
    [
        ("f.gexf", b"<gexf><edge type='directed'/><node id='Zohra'/></gexf>", 1, "graphe"),
        ("f.gexf", b'<!DOCTYPE a [<!ENTITY b "Zohra">]>\n<gexf/>', 1, "entité"),
        ("f.qdc", b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "Zohra">]><a/>', 2, "entité"),
        ("f.csv", b'KEY,a\n1,2\n3,"Zohra\n', 3, "guillemets"),
        ("f.txt", b"Zohra", None, ".xlsx, .csv, .zip, .ged"),
    ],
)
def test_a_file_that_is_refused_names_its_line_and_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, row: int | None, rule: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert main(["import", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert rule in told
    assert "Zohra" not in told
    assert f"ligne {row}" in told if row else "ligne" not in told


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".zip", ".ged"])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, ending: str) -> None:
    pipe, codes = tmp_path / f"tuyau{ending}", []
    os.mkfifo(pipe)
    words = ["import", str(pipe), "--out", str(tmp_path / "jeu")]
    asked = Thread(target=lambda: codes.append(main(words)), daemon=True)
    asked.start()
    asked.join(120)
    assert codes == [2]
