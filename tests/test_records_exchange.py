"""Other programs' files in and out: what is carried, what is counted, what is refused, and that nothing leaks."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import signed

import clss_analysis as clss
from clss_analysis import cli
from clss_analysis.privacy import clear
from clss_analysis.records import InvalidRecordsError, Records, export_file, import_file, synthesise, validate, write
from clss_analysis.records.exchange import foreign

SECRET = "Zébulon"
FAMILY = f"""0 HEAD
1 GEDC
2 VERS 5.5.1
1 CHAR UTF-8
0 @I1@ INDI
1 NAME Anna /{SECRET}/
1 SEX F
1 BIRT
2 DATE 3 MAR 1988
2 PLAC {SECRET}
1 FAMS @F1@
1 FAMS @F2@
1 ASSO @I6@
2 RELA Voisine
1 ASSO @I2@
2 RELA {SECRET}
0 @I2@ INDI
1 NAME Bob /{SECRET}/
1 SEX M
1 DEAT Y
1 FAMS @F1@
0 @I3@ INDI
1 SEX M
1 FAMS @F2@
0 @I4@ INDI
1 SEX F
1 BIRT
2 DATE 2010
1 FAMC @F1@
2 PEDI birth
0 @I5@ INDI
1 SEX U
1 FAMC @F2@
2 PEDI adopted
1 NOTE {SECRET}
2 CONT {SECRET}
0 @I6@ INDI
1 NAME Carla /{SECRET}/
0 @F1@ FAM
1 HUSB @I2@
1 WIFE @I1@
1 CHIL @I4@
1 MARR Y
1 DIV Y
0 @F2@ FAM
1 HUSB @I3@
1 WIFE @I1@
1 CHIL @I5@
1 EVEN
2 TYPE Separation
0 TRLR
"""
SEVEN = """0 HEAD
1 GEDC
2 VERS 7.0
0 @A@ INDI
1 SEX X
1 FAMS @F@
0 @B@ INDI
1 SEX M
1 FAMS @F@
0 @C@ INDI
1 NO BIRT
1 FAMC @F@
2 PEDI BIRTH
0 @D@ INDI
1 ADOP
2 FAMC @F@
3 ADOP HUSB
1 ASSO @A@
2 ROLE OTHER
3 PHRASE confidente
1 ASSO @VOID@
2 ROLE FRIEND
0 @F@ FAM
1 HUSB @A@
1 WIFE @B@
1 CHIL @C@
1 CHIL @D@
1 NO MARR
0 TRLR
"""
PED = """#family id father mother sex phenotype
f1 kid dad mom 2 2
f1 dad 0 0 1 1
f1 mom 0 0 2 -9
f2 solo -9 0 0 0 extra
"""
GRAPHML = f"""<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="k" for="node" attr.name="Kind" attr.type="string"/>
<key id="s" for="node" attr.name="gender" attr.type="string"/>
<key id="e" for="node" attr.name="ego" attr.type="boolean"/>
<key id="l" for="node" attr.name="label" attr.type="string"/>
<key id="a" for="node" attr.name="age" attr.type="int"/>
<key id="r" for="edge" attr.name="relation" attr.type="string"/>
<key id="w" for="edge" attr.name="weight" attr.type="double"/>
<graph edgedefault="undirected">
<node id="n0"><data key="e">true</data><data key="s">F</data><data key="l">{SECRET}</data><data key="a">34</data></node>
<node id="n1"><data key="s">male</data><data key="a">4</data></node>
<node id="n2"><data key="k">service</data><data key="l">CPAS</data></node>
<node id="n3"><data key="l">{SECRET}</data></node>
<edge source="n0" target="n1"><data key="r">parent</data></edge>
<edge source="n0" target="n2" directed="true"><data key="w">2.0</data></edge>
<edge source="n3" target="n0"/>
</graph>
</graphml>
"""


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(records: Records, table: str, *columns: str) -> list[tuple[str, ...]]:
    frame = records.table(table)[list(columns)].astype("string").fillna("")
    return [tuple(row) for row in frame.itertuples(index=False)]


def refused(path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(InvalidRecordsError) as caught:
        import_file(path, strict=True)
    assert {fault.file for fault in caught.value.faults} == {str(path)}
    assert SECRET not in str(caught.value)
    return [(fault.row, fault.rule.replace("\u202f", " ")) for fault in caught.value.faults]


def test_a_gedcom_of_version_5_is_a_family_without_names(tmp_path: Path) -> None:
    records, left = import_file(put(tmp_path, "f.ged", FAMILY), year=2024)
    assert rows(records, "persons", "id", "label", "role", "gender", "age", "life", "index", "residence") == [
        ("H1P1", "Mère", "mother", "woman", "36", "", "False", "household"),
        ("H1P2", "Père 1", "father", "man", "", "deceased", "False", "elsewhere"),
        ("H1P3", "Père 2", "father", "man", "", "", "False", "elsewhere"),
        ("H1P4", "Fille", "daughter", "woman", "14", "", "False", "household"),
        ("H1P5", "Enfant", "child", "", "", "", "False", "household"),
    ]
    assert rows(records, "couples", "partner_a", "partner_b", "state") == [
        ("H1P2", "H1P1", "divorced"),
        ("H1P3", "H1P1", "separated"),
    ]
    assert rows(records, "filiations", "parent", "child", "kind") == [
        ("H1P2", "H1P4", "birth"),
        ("H1P1", "H1P4", "birth"),
        ("H1P3", "H1P5", "adoption"),
        ("H1P1", "H1P5", "adoption"),
    ]
    assert rows(records, "actors", "label", "kind", "household") == [("Voisin·e", "other_person", "H1")]
    assert rows(records, "ties", "from_person", "to_person", "to_actor", "direction", "label") == [
        ("H1P1", "", "X1", "unknown", "voisin·e"),
        ("H1P1", "H1P2", "", "unknown", ""),
    ]
    counted = {(each.what, each.count, each.reason) for each in left}
    assert {
        ("INDI.NAME", 3, "identifier"),
        ("INDI.NOTE", 1, "identifier"),
        ("INDI.BIRT.PLAC", 1, "identifier"),
        ("INDI.ASSO.RELA", 1, "identifier"),
        ("persons.residence", 5, "assumed"),
    } <= counted
    assert validate(write(records, tmp_path / "jeu")) == []
    assert SECRET not in "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "jeu").iterdir())
    assert list(records.consents["scope"]) == ["working"]


def test_without_a_year_no_age_comes_in_and_the_index_person_can_be_chosen(tmp_path: Path) -> None:
    records, _ = import_file(put(tmp_path, "f.ged", FAMILY), index="I4")
    assert records.persons["age"].isna().all()
    assert rows(records, "persons", "role", "index", "residence") == [
        ("mother", "False", "household"),
        ("father", "False", "elsewhere"),
        ("father", "False", "elsewhere"),
        ("daughter", "True", "household"),
        ("child", "False", "household"),
    ]
    with pytest.raises(InvalidRecordsError, match="clé demandée"):
        import_file(tmp_path / "f.ged", index="I99")


def test_a_gedcom_of_version_7(tmp_path: Path) -> None:
    records, left = import_file(put(tmp_path, "f.ged", SEVEN))
    assert rows(records, "persons", "gender", "life") == [
        ("other", ""), ("man", ""), ("", "expected"), ("", ""),
    ]  # fmt: skip
    assert rows(records, "couples", "state") == [("unmarried",)]
    assert rows(records, "filiations", "parent", "child", "kind", "reading") == [
        ("H1P1", "H1P3", "birth", "False"),
        ("H1P2", "H1P3", "birth", "False"),
        ("H1P1", "H1P4", "adoption", "False"),
        ("H1P2", "H1P4", "birth", "False"),
    ]
    assert rows(records, "ties", "from_person", "to_person") == [("H1P4", "H1P1")]
    assert ("ASSO @VOID@", 1, "unclear") in {(each.what, each.count, each.reason) for each in left}


@pytest.mark.parametrize(
    ("codec", "declared", "mark"),
    [
        ("utf-8", "UTF-8", b""),
        ("utf-8", "UTF-8", b"\xef\xbb\xbf"),
        ("utf-16-le", "UNICODE", b"\xff\xfe"),
        ("utf-16-be", "UNICODE", b""),
        ("latin-1", "ANSEL", b""),
        ("cp1252", "ANSI", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_give_the_same_family(
    tmp_path: Path, codec: str, declared: str, mark: bytes, end: str
) -> None:
    plain, _ = import_file(put(tmp_path, "a.ged", FAMILY))
    text = FAMILY.replace("CHAR UTF-8", f"CHAR {declared}").replace("\n", end)
    other, _ = import_file(put(tmp_path, "b.ged", mark + text.encode(codec)))
    for table in ("persons", "couples", "filiations", "ties", "actors"):
        assert plain.table(table).equals(other.table(table)), table


@pytest.mark.parametrize("name", ["f.ped", "f.fam"])
def test_a_pedigree_file_gives_a_household_for_each_family(tmp_path: Path, name: str) -> None:
    records, left = import_file(put(tmp_path, name, PED))
    assert rows(records, "persons", "id", "household", "role", "gender") == [
        ("H1P1", "H1", "daughter", "woman"),
        ("H1P2", "H1", "father", "man"),
        ("H1P3", "H1", "mother", "woman"),
        ("H2P1", "H2", "adult", ""),
    ]
    assert rows(records, "filiations", "parent", "child") == [("H1P2", "H1P1"), ("H1P3", "H1P1")]
    assert len(records.couples) == 0
    assert {("PHENO1", 2), ("COV", 1), ("IID", 4)} <= {(each.what, each.count) for each in left}


def test_an_ego_network(tmp_path: Path) -> None:
    records, left = import_file(put(tmp_path, "f.graphml", GRAPHML))
    assert rows(records, "persons", "label", "gender", "age", "index") == [
        ("Mère", "woman", "34", "True"),
        ("Fils", "man", "4", "False"),
    ]
    assert rows(records, "actors", "label", "kind") == [("CPAS", "service"), ("Autre personne", "other_person")]
    assert rows(records, "ties", "from_person", "from_actor", "to_person", "to_actor", "direction") == [
        ("H1P1", "", "", "X1", "one_way"),
        ("", "X2", "H1P1", "", "unknown"),
    ]
    assert {("node.label", 2, "identifier"), ("edge.weight", 1, "no_place")} <= {
        (each.what, each.count, each.reason) for each in left
    }


INTERVIEW = """<graph edgedefault="undirected"><data key="g1">{age}</data><data key="g2f">true</data>
<node id="1"><data key="networkCanvasType">{kind}</data><data key="l">{label}</data><data key="r">{relation}</data>
<data key="s_m">true</data><data key="s_f">false</data><data key="a">12</data></node>
<node id="2"><data key="networkCanvasType">Agency</data><data key="l">Maison médicale</data></node>
<edge source="1" target="2"/></graph>"""
KEYS = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="networkCanvasType" for="all" attr.name="{title}"/><key id="l" for="all" attr.name="label"/>
<key id="s_m" for="node" attr.name="gender_male"/><key id="s_f" for="node" attr.name="gender_female"/>
<key id="a" for="node" attr.name="age"/><key id="r" for="node" attr.name="relationship_to_ego"/>
<key id="g1" for="graph" attr.name="age"/><key id="g2f" for="graph" attr.name="sex_female"/>"""


@pytest.mark.parametrize("title", ["networkCanvasType", "type"])
def test_an_interview_of_network_canvas_is_a_household_around_its_ego(tmp_path: Path, title: str) -> None:
    first = INTERVIEW.format(age=38, kind="Person", label=SECRET, relation="son")
    second = INTERVIEW.format(age=67, kind="Alter", label=SECRET, relation="voisin")
    text = KEYS.format(title=title) + first + second + "</graphml>"
    records, left = import_file(put(tmp_path, "f.graphml", text))
    assert rows(records, "persons", "household", "gender", "age", "life", "index") == [
        ("H1", "woman", "38", "", "True"),
        ("H1", "man", "12", "", "False"),
        ("H2", "woman", "67", "", "True"),
    ]
    assert rows(records, "filiations", "parent", "child", "reading") == [("H1P1", "H1P2", "True")]
    assert rows(records, "actors", "label", "kind", "household") == [
        ("Maison médicale", "service", ""),
        ("Autre personne", "other_person", "H2"),
        ("Maison médicale", "service", ""),
    ]
    assert rows(records, "ties", "household", "from_person", "from_actor", "to_actor", "label") == [
        ("H2", "H2P1", "", "X2", "voisin·e"),
        ("H1", "H1P2", "", "X1", ""),
        ("H2", "", "X2", "X3", ""),
    ]
    assert "persons.index" not in {each.what for each in left}


@pytest.mark.parametrize("folder", ['yfiles.foldertype="group"', ""])
@pytest.mark.parametrize(
    ("arrows", "direction"),
    [(("none", "none"), "unknown"), (("standard", "white_delta"), "two_way"), (("none", "standard"), "one_way")],
)
def test_a_group_is_a_household(tmp_path: Path, folder: str, arrows: tuple[str, str], direction: str) -> None:
    node = '<node id="{id}"><data key="d"><Shape><NodeLabel>{label}</NodeLabel></Shape></data>{more}</node>'
    inside = "".join(node.format(id=f"a{n}", label=label, more="") for n, label in enumerate(("Père", SECRET)))
    service = node.format(id="s", label="École", more='<data key="t">Organisation</data>')
    other = node.format(id="b0", label="Dochter", more="")
    text = (
        '<graphml><key id="d" for="node" yfiles.type="nodegraphics"/>'
        '<key id="t" for="node" attr.name="description"/><graph edgedefault="directed">'
        f'<node id="a" {folder}><graph>{inside}</graph></node><node id="b"><graph>{other}</graph></node>{service}'
        f'<edge source="a0" target="s"><data key="e"><Arrows source="{arrows[0]}" target="{arrows[1]}"/></data></edge>'
        '<edge source="b" target="s"/></graph></graphml>'
    )
    records, left = import_file(put(tmp_path, "f.graphml", text))
    assert rows(records, "persons", "household", "gender", "index", "residence") == [
        ("H1", "man", "False", "household"),
        ("H1", "", "False", "household"),
        ("H2", "woman", "False", "household"),
    ]
    assert rows(records, "actors", "label", "kind") == [("École", "service")]
    assert rows(records, "ties", "household", "from_person", "direction") == [
        ("H1", "H1P1", direction), ("H2", "", "one_way"),
    ]  # fmt: skip
    assert ("persons.index", 2, "open") in {(each.what, each.count, each.reason) for each in left}


@pytest.mark.parametrize("edge", ["", '<edge source="a" target="b"/>'])
def test_of_a_plain_network_nobody_is_made_the_ego(tmp_path: Path, edge: str) -> None:
    text = f'<graphml><graph><node id="a"/><node id="b"/>{edge}</graph></graphml>'
    records, left = import_file(put(tmp_path, "f.graphml", text))
    assert (len(records.persons), len(records.actors), len(records.ties)) == (0, 2, int(bool(edge)))
    assert ("node.kind", 2, "open") in {(each.what, each.count, each.reason) for each in left}


def line_of(text: str, line: str) -> int:
    return text.splitlines().index(line) + 1


@pytest.mark.parametrize(
    ("break_it", "line", "rule"),
    [
        (lambda t: t.replace("1 CHIL @I4@", "1 CHIL @I4@\n1 CHIL @I1@"), None, "son propre ancêtre"),
        (lambda t: t.replace("2 DATE 2010", "2 DATE 1980"), "1 FAMC @F1@", "au moins 10 ans"),
        (lambda t: t.replace("1 WIFE @I1@\n1 CHIL @I4@", "1 WIFE @I2@\n1 CHIL @I4@"), "1 WIFE @I2@", "soi-même"),
        (lambda t: t.replace("1 ASSO @I6@", "1 ASSO @I77@"), "1 ASSO @I77@", "pas dans le fichier"),
        (lambda t: t.replace("1 HUSB @I3@", "1 HUSB @F1@"), "1 HUSB @F1@", "un enregistrement INDI"),
        (lambda t: t.replace("0 TRLR\n", ""), None, "coupé"),
        (lambda t: t[: len(t) // 2], None, ""),
        (lambda t: t.replace("1 DIV Y", "3 DIV Y"), "3 DIV Y", "niveau"),
        (lambda t: t.replace("1 DIV Y", SECRET), SECRET, "une ligne GEDCOM"),
        (lambda t: t.replace("1 DIV Y", "1 NOTE " + "x" * 40_000), None, "32768 caractères"),
        (lambda t: t.replace("1 DIV Y", "1 NOTE a\0b"), "1 NOTE a\0b", "caractère de commande"),
        (lambda t: t.replace("VERS 5.5.1", "VERS 4.0"), None, "versions"),
        (lambda t: t.replace("CHAR UTF-8", "CHAR KLINGON"), "1 CHAR KLINGON", "encodage"),
        (lambda t: t.replace("@I6@ INDI", "@I5@ INDI"), "0 @I5@ INDI", "déjà prise"),
        (lambda t: t + "0 @I9@ INDI\n", "0 @I9@ INDI", "rien ne suit"),
        (lambda t: "nom;prénom\n" + t, "nom;prénom", "une ligne GEDCOM"),
    ],
)
def test_a_gedcom_that_cannot_be_is_refused_with_its_line(
    tmp_path: Path, break_it: Callable[[str], str], line: str | None, rule: str
) -> None:
    text = break_it(FAMILY)
    faults = refused(put(tmp_path, "f.ged", text))
    assert any(rule in told for _, told in faults)
    if line is not None:
        places = [number for number, each in enumerate(text.split("\n"), start=1) if each == line]
        assert {number for number, _ in faults} & set(places)


def test_bytes_that_are_not_what_they_say_are_refused(tmp_path: Path) -> None:
    bad = FAMILY.encode().replace(SECRET.encode(), b"Z\xe9bulon", 1)
    assert refused(put(tmp_path, "f.ged", bad)) == [(6, "les octets ne suivent pas l’encodage annoncé")]
    for name in ("f.ged", "f.ped", "f.graphml"):
        assert refused(put(tmp_path, name, b"PK\x03\x04" + bytes(200)))
        assert refused(put(tmp_path, name, b"\x7fELF" + bytes(range(256))))
        assert refused(put(tmp_path, name, b" \n")) == [(None, "le fichier est vide")]
        assert refused(tmp_path / "nulle-part" / name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f a b 0 1 1\n", (1, "le père ou la mère")),
        ("f a 0 0 1 1\nf a 0 0 1 1\n", (2, "déjà prise")),
        ("f a b 0 1 1\nf b a 0 1 1\n", (1, "propre ancêtre")),
        ("f a b b 1 1\nf b 0 0 1 1\n", (1, "soi-même")),
        ("f a 0 0 1\n", (1, "6 colonnes")),
        ("f a 0 0 1 1\n" + "x" * 40_000, (2, "32768")),
        ("#rien\n", (1, "personne")),
    ],
)
def test_a_pedigree_that_cannot_be_is_refused(tmp_path: Path, text: str, expected: tuple[int, str]) -> None:
    faults = refused(put(tmp_path, "f.ped", text))
    assert faults[0][0] == expected[0]
    assert expected[1] in faults[0][1]


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<graphml><graph><node id="&b;"/></graph></graphml>'
)


PREGNANCY = (
    '<graphml><key id="l" for="node" attr.name="life"/><key id="k" for="node" attr.name="kind"/><graph>'
    '<node id="a"><data key="k">person</data><data key="l">expected</data></node></graph></graphml>'
)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (LAUGHS, "entité"),
        ('<!DOCTYPE g SYSTEM "file:///etc/passwd"><graphml/>', "entité"),
        ("<graphml>" + "<graph>" * 5_000, "emboîtés"),
        (GRAPHML[:-30], "bien formé"),
        ("<html><body/></html>", "racine"),
        ("<graphml></graphml>", "graphe"),
        ('<graphml><graph><node id="a"/><edge source="a" target="b"/></graph></graphml>', "pas dans le fichier"),
        ('<graphml><graph><node id="a"/><node id="a"/></graph></graphml>', "déjà prise"),
        ('<graphml><graph><node id="a"><data key="k">' + "x" * 40_000 + "</data></node></graph></graphml>", "32768"),
        ('<?xml version="1.0" encoding="klingon"?><graphml/>', "encodage"),
        (GRAPHML.replace(">34<", ">9<"), "au moins 10 ans"),
        (GRAPHML.replace('"n0" target="n1"', '"n0" target="n2"'), "joint deux personnes"),
        (
            GRAPHML.replace('for="node" attr.name="age"', 'for="node" attr.name="life"')
            .replace(">4<", ">alive<")
            .replace(">34<", ">expected<"),
            "à naître",
        ),
        (
            PREGNANCY,
            "grossesse",
        ),
    ],
)
def test_a_hostile_or_impossible_graphml_is_refused(tmp_path: Path, text: str, rule: str) -> None:
    assert any(rule in told for _, told in refused(put(tmp_path, "f.graphml", text)))


def test_limits_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = "".join(f"f p{n} 0 0 1 1\n" for n in range(foreign.LIMIT_NODES + 1))
    assert refused(put(tmp_path, "f.ped", many))[0][0] == foreign.LIMIT_NODES + 1
    nodes = "".join(f'<node id="{n}"/>\n' for n in range(foreign.LIMIT_NODES + 1))
    assert "5000" in refused(put(tmp_path, "f.graphml", f"<graphml><graph>{nodes}</graph></graphml>"))[0][1]
    keys = "".join(f'<key id="{n}"/>' for n in range(foreign.LIMIT_KEYS + 1))
    assert "200 attributs" in refused(put(tmp_path, "k.graphml", f"<graphml>{keys}<graph/></graphml>"))[0][1]
    lines = "0 HEAD\n" + "1 NOTE\n" * foreign.LIMIT_LINES
    assert refused(put(tmp_path, "l.ged", lines)) == [(foreign.LIMIT_LINES + 1, "plus de 400000 lignes")]
    edge = '<edge source="a" target="b"/>\n' * (foreign.LIMIT_LINKS + 1)
    text = f'<graphml><graph><node id="a"/><node id="b"/>{edge}</graph></graphml>'
    assert "20000 liens" in refused(put(tmp_path, "g.graphml", text))[0][1]
    monkeypatch.setattr(foreign, "LIMIT_MB", 0)
    assert refused(put(tmp_path, "f.ged", FAMILY)) == [(None, "le fichier dépasse 0 Mo")]


@settings(max_examples=30)
@given(data=st.data())
def test_whatever_a_file_holds_it_is_refused_or_read(data: st.DataObject, tmp_path: Path) -> None:
    name, text = data.draw(
        st.sampled_from([("f.ged", FAMILY), ("f.ged", SEVEN), ("f.ped", PED), ("f.graphml", GRAPHML)])
    )
    place = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 12))
    new = data.draw(
        st.one_of(st.text(max_size=12), st.sampled_from(["@I1@", "\n0 X", "<node/>", "1 CHIL @I1@\n", "0 "]))
    )
    path = put(tmp_path, name, (text[:place] + new + text[place + cut :]).encode("utf-8", "surrogatepass"))
    try:
        records, _ = import_file(path)
    except InvalidRecordsError as error:
        names = {fault.file for fault in error.faults}
    else:
        names = {str(path)} if len(records.households) else set()
    assert names == {str(path)}


def family_of(records: Records) -> dict[str, object]:
    """A dataset's families by the places of persons in their table, without ids."""
    place = {person: n for n, person in enumerate(records.persons["id"])}
    couples = [
        (frozenset((place[a], place[b])), s) for a, b, s in rows(records, "couples", "partner_a", "partner_b", "state")
    ]
    filiations = [(place[a], place[b], kind) for a, b, kind in rows(records, "filiations", "parent", "child", "kind")]
    sexes = [sex if sex != "undisclosed" else "" for (sex,) in rows(records, "persons", "gender")]
    return {
        "sexes": sexes,
        "lives": rows(records, "persons", "life"),
        "couples": Counter(couples),
        "filiations": Counter(filiations),
    }


def ties_of(records: Records) -> list[tuple[object, ...]]:
    names = {each: (table, n) for table in ("persons", "actors") for n, each in enumerate(records.table(table)["id"])}
    home = {each: n for n, each in enumerate(records.households["id"])}
    columns = ("household", "from_person", "from_actor", "to_person", "to_actor", "direction", "quality")
    return sorted(
        (home[h], str(names.get(a or b)), str(names.get(c or d)), direction, quality)
        for h, a, b, c, d, direction, quality in set(rows(records, "ties", *columns))
    )


cohorts = st.integers(0, 10**6).map(lambda seed: synthesise(2, seed))
states = st.sampled_from(["married", "unmarried", "separated", "divorced", ""])


@settings(max_examples=10)
@given(records=cohorts, state=states, genders=st.data())
def test_a_family_comes_back_from_gedcom_and_graphml(
    records: Records, state: str, genders: st.DataObject, tmp_path: Path
) -> None:
    couples = records.couples.assign(state=state or None).astype(records.couples.dtypes)
    codes = st.sampled_from(["woman", "man", "other", "undisclosed", None])
    sexes = [genders.draw(codes) for _ in range(len(records.persons))]
    persons = records.persons.assign(gender=sexes).astype(records.persons.dtypes)
    records = signed(records.with_tables(couples=couples, persons=persons))
    before = family_of(records)
    export_file(records, tmp_path / "f.ged", clear(records))
    back, _ = import_file(tmp_path / "f.ged")
    assert family_of(back) == before
    export_file(records, tmp_path / "f.graphml", clear(records))
    back, _ = import_file(tmp_path / "f.graphml")
    assert family_of(back) == before
    assert rows(back, "persons", "role", "residence", "index") == rows(records, "persons", "role", "residence", "index")
    assert rows(back, "actors", "kind", "sector") == rows(records, "actors", "kind", "sector")
    assert len(back.households) == len(records.households)
    assert ties_of(back) == ties_of(records)


def test_what_goes_out_has_no_text_no_month_and_no_age_and_others_read_it(tmp_path: Path) -> None:
    import gedcom7  # another reader of version 7, in the development dependencies

    records = clss.read("data/publication")
    first = [export_file(records, tmp_path / name, clear(records)) for name in ("a.ged", "a.graphml")]
    export_file(records, tmp_path / "b.ged", clear(records))
    assert os.name != "posix" or {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
    assert (tmp_path / "a.ged").read_bytes() == (tmp_path / "b.ged").read_bytes()
    texts = [(tmp_path / name).read_text(encoding="utf-8") for name in ("a.ged", "a.graphml")]
    words = {
        str(word)
        for table in ("persons", "actors", "households", "ties")
        for word in records.table(table)["label"].dropna()
    }
    for text in texts:
        assert not [word for word in words if len(word) > 3 and word in text]
    for left in first:
        assert {"persons.label", "persons.note", "ties.start"} <= {
            each.what for each in left if each.reason == "identifier"
        }
    assert gedcom7.validate(gedcom7.loads(texts[0])) == []
    graph = nx.read_graphml(tmp_path / "a.graphml")
    assert sum(kind == "person" for _, kind in graph.nodes(data="kind")) == len(records.persons)


def test_an_unknown_ending_tells_the_endings(tmp_path: Path) -> None:
    assert ".ged, .gdz, .ped, .graphml" in refused(put(tmp_path, "f.doc", "x"))[0][1]
    with pytest.raises(InvalidRecordsError, match=r"\.ged, \.graphml"):
        export_file(synthesise(1, 1), tmp_path / "f.ped", clear(synthesise(1, 1)))


def test_the_command_writes_a_sound_dataset_and_tells_what_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(tmp_path, "f.ged", FAMILY)
    assert cli.main(["import", str(path), "--out", str(tmp_path / "jeu"), "--year", "2024"]) == 0
    told = capsys.readouterr()
    assert "consents.csv" in told.err
    assert "INDI.NAME × 3" in told.err
    assert SECRET not in told.out + told.err
    assert validate(tmp_path / "jeu") == []
    assert cli.main(["export", str(tmp_path / "jeu"), "--out", str(tmp_path / "g.ged")]) == 2
    assert not (tmp_path / "g.ged").exists(), "an import has no consents, and nothing leaves without"
    with (tmp_path / "jeu" / "consents.csv").open("a", encoding="utf-8") as consents:
        consents.write("C1,Accord,told,,,essai,false\n")
    households = (tmp_path / "jeu" / "households.csv").read_text(encoding="utf-8").splitlines()
    place = households[0].split(",").index("consent")
    cells = households[1].split(",")
    cells[place] = "C1"
    lines = [households[0], ",".join(cells), *households[2:]]
    (tmp_path / "jeu" / "households.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert cli.main(["export", str(tmp_path / "jeu"), "--out", str(tmp_path / "g.ged")]) == 0
    assert import_file(tmp_path / "g.ged")[0].persons.shape[0] == 5


def test_the_command_refuses_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put(tmp_path, "f.ged", FAMILY.replace("2 DATE 2010", "2 DATE 1980"))
    assert cli.main(["import", str(path), "--out", str(tmp_path / "jeu"), "--strict"]) == 2
    assert not (tmp_path / "jeu").exists()
    line = line_of(path.read_text(encoding="utf-8"), "1 FAMC @F1@")
    assert f"ligne {line}" in capsys.readouterr().err
    assert cli.main(["import", str(put(tmp_path, "f.odt", "rien")), "--out", str(tmp_path / "jeu")]) == 2
    assert ".graphml" in capsys.readouterr().err
