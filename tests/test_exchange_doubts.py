"""Files with lines that are not sound: what is sound is taken, doubts are told by line, and no fact is turned round."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clss_analysis.cli import main
from clss_analysis.records import InvalidRecordsError, Records, import_file
from clss_analysis.records.columns import texts

HEAD = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n"
COUPLE = "0 @I1@ INDI\n1 SEX M\n1 FAMS @F1@\n{person}0 @I2@ INDI\n1 SEX F\n1 FAMS @F1@\n0 @I3@ INDI\n1 FAMC @F1@\n"
GRAPHML = """<graphml><key id="k" for="node" attr.name="kind"/><graph>
<node id="a"><data key="k">person</data></node>
<node id="b"><data key="k">person</data></node>
<node/>
<node id="a"/>
<edge source="a" target="z"/>
<edge source="a" target="b"/></graph></graphml>"""
FAMILY = "0 @F1@ FAM\n1 HUSB @I1@\n1 WIFE @I2@\n1 CHIL @I3@\n{union}"


def gedcom(tmp_path: Path, person: str = "", union: str = "", after: str = "0 TRLR\n") -> Path:
    path = tmp_path / "f.ged"
    path.write_text(HEAD + COUPLE.format(person=person) + FAMILY.format(union=union) + after, encoding="utf-8")
    return path


def taken(path: Path, **options: bool) -> tuple[Records, list[tuple[int | None, str]]]:
    records, report = import_file(path, **options)
    return records, [(each.fault.row, each.done) for each in report.doubts]


@pytest.mark.parametrize(
    ("person", "life"),
    [
        ("1 DEAT\n2 AGE 55y\n", "deceased"),
        ("1 DEAT\n2 CAUS x\n2 RIN 7\n", "deceased"),
        ("1 DEAT\n", ""),
        ("1 DEAT\n2 _UID 0123\n", ""),
        ("1 DEAT\n2 DATE (on ne sait)\n", ""),
        ("1 DEAT N\n1 BURI Y\n", "deceased"),
        ("1 EVEN\n2 TYPE Décès\n2 DATE 1999\n", "deceased"),
        ("1 EVEN\n2 TYPE Begrafenis\n", ""),
        ("1 NO DEAT\n", "alive"),
        ("1 BURI\n2 PLAC x\n", "deceased"),
        ("1 CREM Y\n", "deceased"),
        ("1 PROB\n2 DATE 1999\n", "deceased"),
        ("1 DEAT N\n", "alive"),
        ("1 WILL\n2 DATE 1999\n", ""),
        ("1 BURI\n", ""),
        ("", ""),
        ("1 DEAT\n2 DATE Living\n", ""),
        ("1 DEAT\n2 DATE UNKNOWN\n2 PLAC onbekend\n", ""),
        ("1 DEAT\n2 AGE ?\n", ""),
        ("1 DEAT\n2 DATE DECEASED\n", "deceased"),
        ("1 _FNRL\n2 DATE 1999\n", "deceased"),
        ("1 DEAT Oui\n", "deceased"),
        ("1 DEAT\n2 DATE Y\n", "deceased"),
        ("1 DEAT non\n2 DATE 1999\n", ""),
        ("1 DEAT\n2 PLAC , ,\n", ""),
        ("1 BURI\n2 ADDR x\n", "deceased"),
        ("1 NO DEAT\n2 DATE TO 1990\n", ""),
    ],
)
def test_a_death_that_the_file_asserts_is_never_a_life(tmp_path: Path, person: str, life: str) -> None:
    records, _ = taken(gedcom(tmp_path, person))
    assert records.persons.loc[records.persons["gender"] == "man", "life"].fillna("").tolist() == [life]


@pytest.mark.parametrize("event", ["1 EVEN\n2 TYPE Miskraam\n2 DATE 2012\n", "1 DEAT\n2 AGE STILLBORN\n"])
def test_a_child_never_born_is_no_living_child(tmp_path: Path, event: str) -> None:
    text = gedcom(tmp_path).read_text(encoding="utf-8").replace("1 FAMC @F1@\n", f"1 FAMC @F1@\n{event}")
    (tmp_path / "f.ged").write_text(text, encoding="utf-8")
    assert taken(tmp_path / "f.ged")[0].persons["life"].fillna("").tolist() == ["", "", "lost"]


def test_what_is_left_open_is_counted(tmp_path: Path) -> None:
    records, report = import_file(gedcom(tmp_path, "1 DEAT\n"))
    counted = {(each.what, each.count, each.reason) for each in report}
    assert {("INDI.DEAT", 1, "unclear"), ("persons.life", 3, "open"), ("persons.index", 1, "open")} <= counted
    assert not records.persons["index"].any()


@pytest.mark.parametrize(
    ("child", "link", "kinds"),
    [
        ("", "2 _FREL Step\n2 _MREL Natural\n", ["step", "birth"]),
        ("", "2 _FREL Geadopteerd\n", ["adoption", "birth"]),
        ("2 PEDI Stepchild\n", "", ["step", "step"]),
        ("2 PEDI OTHER\n3 PHRASE belle-fille\n", "", ["step", "step"]),
        ("2 PEDI foster\n", "2 _MREL Birth\n", ["foster", "birth"]),
        ("2 PEDI tutelle\n", "", ["", ""]),
        ("", "2 _FREL Unknown\n2 _MREL Guardian\n", ["", ""]),
        ("1 ADOP\n2 FAMC @F1@\n3 ADOP WIFE\n", "", ["birth", "adoption"]),
        ("1 ADOP Y\n", "", ["", ""]),
        ("2 STAT challenged\n", "", ["", ""]),
        ("2 STAT disproven\n", "", []),
        ("2 PEDI Disproved\n", "", []),
        ("", "2 _FREL Pleegvader\n2 _MREL Mère biologique\n", ["foster", "birth"]),
        ("1 ADOP N\n2 FAMC @F1@\n", "", ["birth", "birth"]),
        ("2 _PEDI Stiefkind\n", "", ["step", "step"]),
        ("", "2 PEDI Enfant adopté\n", ["adoption", "adoption"]),
    ],
)
def test_a_filiation_is_of_the_kind_that_programs_call_it(
    tmp_path: Path, child: str, link: str, kinds: list[str]
) -> None:
    path = gedcom(tmp_path, union="").read_text(encoding="utf-8")
    path = path.replace("1 FAMC @F1@\n", f"1 FAMC @F1@\n{child}").replace("1 CHIL @I3@\n", f"1 CHIL @I3@\n{link}")
    (tmp_path / "f.ged").write_text(path, encoding="utf-8")
    records, doubts = taken(tmp_path / "f.ged")
    assert (records.filiations["kind"].fillna("").tolist(), doubts) == (kinds, [])


@pytest.mark.parametrize(
    ("one", "other", "groups"),
    [
        ("1 BIRT\n2 DATE 9 JUN 2014\n", "1 BIRT\n2 DATE 9 JUN 2014\n", 1),
        ("1 BIRT\n2 DATE JUN 2014\n", "1 BIRT\n2 DATE JUN 2014\n", 0),
        ("1 BIRT\n2 DATE 9 JUN 2014\n", "1 BIRT\n2 DATE 9 JUN 2014\n1 ADOP Y\n", 0),
        ("1 ASSO @I4@\n2 RELA Sœur jumelle\n1 ASSO @I4@\n2 RELA jumelle\n", "", 1),
        ("1 BIRT\n2 DATE 9 JUN 2014\n", "1 BIRT\n2 DATE 10 JUN 2014\n1 ASSO @I3@\n2 RELA frère jumeau\n", 1),
        ("", "1 ASSO @I3@\n2 ROLE MULTIPLE\n", 1),
        ("1 ASSO @I4@\n2 TYPE tweelingbroer\n", "", 1),
    ],
)
def test_twins_are_a_group_and_no_tie(tmp_path: Path, one: str, other: str, groups: int) -> None:
    path = tmp_path / "f.ged"
    home = "0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I3@\n1 CHIL @I4@\n0 TRLR\n"
    path.write_text(f"{HEAD}0 @I1@ INDI\n0 @I3@ INDI\n{one}0 @I4@ INDI\n{other}{home}", encoding="utf-8")
    records, _ = taken(path)
    assert records.persons["twin_group"].nunique() == groups
    assert len(records.ties) == 0


@pytest.mark.parametrize(
    ("union", "state"),
    [
        ("1 MARR\n2 DATE (never married)\n", "unmarried"),
        ("1 MARR\n2 DATE (niet gehuwd)\n", "unmarried"),
        ("1 MARR\n2 DATE (au printemps)\n", ""),
        ("1 MARR\n2 TYPE RELIGIOUS\n", ""),
        ("1 MARR\n2 TYPE Common Law\n", ""),
        ("1 MARR\n2 TYPE Union libre\n", ""),
        ("1 MARR\n2 TYPE Jamais mariés\n", "unmarried"),
        ("1 MARR\n2 TYPE Not married\n2 RIN 3\n", "unmarried"),
        ("1 MARR\n2 _UID 01\n", ""),
        ("1 MARR\n", ""),
        ("1 MARR Y\n1 DIV N\n", "married"),
        ("1 MARR Y\n1 DIVF\n2 DATE 2010\n", "married"),
        ("1 MARR Y\n1 ANUL Y\n", ""),
        ("1 MARR Y\n1 _SEPR Y\n", "separated"),
        ("1 ENGA Y\n", ""),
        ("1 MARR\n2 DATE (ongehuwd)\n", "unmarried"),
        ("1 MARR not married\n", "unmarried"),
        ("1 MARR Y\n1 DIV\n2 DATE (not divorced)\n", "married"),
        ("1 EVEN\n2 TYPE MYHERITAGE:REL_PARTNERS\n", "unmarried"),
        ("1 MARR Y\n1 EVEN\n2 TYPE Echtscheiding\n2 DATE 2011\n", "divorced"),
        ("1 _NMR Y\n", "unmarried"),
        ("1 MARR\n2 DATE Never\n", "unmarried"),
        ("1 MARR\n2 PLAC niet gehuwd\n", "unmarried"),
        ("1 MARR\n2 DATE inconnue\n", ""),
        ("1 MARR Y\n1 DIV\n", ""),
        ("1 MARR Y\n1 _SEPR\n2 DATE (onbekend)\n", ""),
        ("1 MARR Y\n1 EVEN\n2 TYPE Nietigverklaring\n", ""),
        ("1 MARR Y\n1 DIV Y\n2 TYPE Séparation de corps\n", "separated"),
        ("1 MARR Y\n1 EVEN\n2 TYPE Feitelijke scheiding\n", "separated"),
        ("1 MARR Y\n1 EVEN N\n2 TYPE Divorce\n", "married"),
        ("1 MARR\n2 DATE (sans mariage)\n", "unmarried"),
        ("1 NO MARR\n2 DATE FROM 1990 TO 1999\n", ""),
        ("1 EVEN\n2 TYPE Wettelijke samenwoning\n2 DATE 2004\n", "unmarried"),
    ],
)
def test_what_a_file_does_not_say_of_a_union_is_unknown(tmp_path: Path, union: str, state: str) -> None:
    records, _ = taken(gedcom(tmp_path, union=union))
    assert records.couples["state"].fillna("").tolist() == [state]


@pytest.mark.parametrize(
    ("union", "state"),
    [
        ("1 MARR\n2 DATE 1 APR 2001\n1 DIV\n2 DATE 2 MAY 2010\n1 MARR\n2 DATE 4 JUL 2015\n", "married"),
        ("1 MARR\n2 DATE 4 JUL 2015\n1 DIV\n2 DATE ABT 2010\n1 MARR\n2 DATE 2001\n", "married"),
        ("1 EVEN\n2 TYPE Separation\n2 DATE 2008\n1 MARR\n2 DATE BET 2012 AND 2013\n", "married"),
        ("1 MARR\n2 DATE 2001\n1 DIV\n2 DATE 2010\n", "divorced"),
        ("1 MARR\n2 DATE 2001\n1 DIV Y\n", "divorced"),
        ("1 DIV Y\n1 MARR Y\n", "divorced"),
        ("1 MARR\n2 DATE 2001\n1 DIV\n2 DATE 2010\n1 MARR Y\n", "married"),
        ("1 MARR\n2 DATE 2001\n1 _SEPR\n2 DATE 2010\n1 EVEN\n2 TYPE Réconciliation\n", "married"),
        ("1 MARR\n2 DATE 2001\n1 DIV Y\n1 MARR\n2 DATE 2015\n", "married"),
        ("1 MARR Y\n1 MARR\n2 TYPE religious\n2 DATE 2002\n1 DIV Y\n", "divorced"),
        ("1 MARR Y\n1 _SEPR Y\n1 EVEN\n2 TYPE Verzoening\n", "married"),
        ("1 MARR\n2 DATE 5 MAY 2010\n1 DIV\n2 DATE 2010\n", "divorced"),
        ("1 MARR\n2 DATE 2001\n1 DIV\n2 DATE 2001\n1 MARR\n2 DATE NOV 2001\n", "married"),
    ],
)
def test_the_state_of_a_union_is_the_last_in_time(tmp_path: Path, union: str, state: str) -> None:
    records, _ = taken(gedcom(tmp_path, union=union))
    assert [*records.couples["state"]][-1] == state


@pytest.mark.parametrize(
    ("union", "periods"),
    [
        (
            "1 MARR\n2 DATE 4 JUL 2015\n1 DIV\n2 DATE 2 MAY 2010\n1 MARR\n2 DATE APR 2001\n",
            [("divorced", "2001-04", "2010-05"), ("married", "2015-07", "")],
        ),
        (
            "1 MARR\n2 DATE JAN 2001\n1 _SEPR\n2 DATE FEB 2008\n1 DIV\n2 DATE MAR 2010\n",
            [("separated", "2001-01", "2008-02"), ("divorced", "2010-03", "2010-03")],
        ),
        ("1 MARR\n2 DATE 2001\n1 DIV\n2 DATE MAR 2010\n", [("divorced", "2001", "2010-03")]),
        ("1 MARR\n2 DATE JAN 2001\n", [("married", "2001-01", "")]),
        ("1 MARR\n2 DATE ABT JAN 2001\n", [("married", "2001", "")]),
        ("1 MARR\n2 DATE AFT 2001\n", [("married", "", "")]),
        ("1 MARR\n2 DATE 1899\n1 DIV\n2 DATE 1905\n", [("divorced", "", "")]),
        ("1 MARR Y\n1 DIV\n2 DATE 2010\n", [("divorced", "", "2010")]),
        ("1 DIV\n2 DATE EST 2010\n", [("divorced", "", "2010")]),
        ("1 MARR\n2 DATE JAN 2001\n1 DIV Y\n1 MARR\n2 DATE MAY 2015\n", [("married", "", "")]),
        (
            "1 MARR\n2 DATE JAN 2001\n1 _SEPR\n2 DATE FEB 2008\n1 EVEN\n2 TYPE Réconciliation\n2 DATE MAR 2009\n",
            [("separated", "2001-01", "2008-02"), ("married", "2009-03", "")],
        ),
        (
            "1 MARR\n2 DATE MAY 2015\n0 @F2@ FAM\n1 HUSB @I1@\n1 WIFE @I2@\n1 MARR\n2 DATE 2001\n1 DIV\n2 DATE 2010\n",
            [("divorced", "2001", "2010"), ("married", "2015-05", "")],
        ),
        (
            "1 MARR\n2 DATE MAY 2015\n0 @F@ FAM\n1 HUSB @I1@\n1 WIFE @I2@\n1 DIV\n2 DATE MAR 2010\n",
            [("divorced", "2010-03", "2010-03"), ("married", "2015-05", "")],
        ),
    ],
)
def test_a_union_that_changed_has_months(tmp_path: Path, union: str, periods: list[tuple[str, str, str]]) -> None:
    couples = taken(gedcom(tmp_path, union=union))[0].couples
    told = [texts(couples, name, kind) for name, kind in (("state", "string"), ("start", "any"), ("end", "any"))]
    assert list(zip(*told, strict=True)) == periods


@pytest.mark.parametrize(
    ("person", "union", "after", "doubts"),
    [
        ("1 NOTE un\ndeux sans niveau\n\ntrois\n", "", "0 TRLR\n", [(9, "joined"), (11, "joined")]),
        ("1 NOTE un\n4 CONT trop\n", "", "0 TRLR\n", [(9, "left")]),
        ("1 NOTE un\n2019 fut dure\n1 sex f, disait-on\n", "", "0 TRLR\n", [(9, "joined"), (10, "joined")]),
        ("1 NOTE un\n0 euros reçus\n01/02/2003 : suite\n", "", "0 TRLR\n", [(9, "joined"), (10, "joined")]),
        ("1 FAMC @F9@\n", "", "0 TRLR\n", [(8, "left")]),
        ("1 FAMS\n", "", "0 TRLR\n", [(8, "left")]),
        ("", "1 CHIL\n1 CHIL @F1@\n", "0 TRLR\n", [(17, "left"), (18, "left")]),
        ("", "", "0 TRLR\n0 @N1@ NOTE x\n0 TRLR\n", [(18, "kept")]),
        ("", "", "0 @I2@ INDI\n0 TRLR\n", [(17, "left")]),
        ("-1 NOTE x\n", "\ufeff1 RIN 2\nsuite\n", "0 TRLR\n", [(8, "joined"), (19, "joined")]),
        ("1 DEAT\n2 AGE STILLBORN\n", "", "0 TRLR\n", [(14, "open")]),
    ],
)
def test_one_bad_line_of_a_gedcom_costs_no_more_than_itself(
    tmp_path: Path, person: str, union: str, after: str, doubts: list[tuple[int, str]]
) -> None:
    path = gedcom(tmp_path, person, union, after)
    records, found = taken(path)
    assert found == doubts
    assert (len(records.persons), len(records.couples), len(records.filiations)) == (3, 1, 2)
    with pytest.raises(InvalidRecordsError) as refused:
        import_file(path, strict=True)
    assert [fault.row for fault in refused.value.faults] == [line for line, _ in doubts]


@pytest.mark.parametrize(
    ("change", "line", "kept"),
    [
        (("1 CHIL @I3@\n", "1 CHIL @I3@\n1 CHIL @I1@\n"), 17, ["I1-I3", "I2-I1", "I2-I3"]),
        (("0 TRLR", "0 @F2@ FAM\n1 HUSB @I3@\n1 CHIL @I1@\n0 TRLR"), 19, ["I2-I3"]),
        (("1 SEX M\n", "1 SEX M\n1 BIRT\n2 DATE 2000\n"), 14, ["I2-I3"]),
    ],
)
def test_a_link_that_cannot_be_is_left_and_the_family_taken(
    tmp_path: Path, change: tuple[str, str], line: int, kept: list[str]
) -> None:
    path = gedcom(tmp_path)
    text = path.read_text(encoding="utf-8").replace("1 FAMC @F1@\n", "1 FAMC @F1@\n1 BIRT\n2 DATE 2005\n")
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    records, doubts = taken(path)
    assert doubts[-1] == (line + 2 if line > 14 else line, "left")
    links = zip(records.filiations["parent"], records.filiations["child"], strict=True)
    assert sorted("-".join(each).replace("H1P", "I") for each in links) == kept
    with pytest.raises(InvalidRecordsError):
        import_file(path, strict=True)


@pytest.mark.parametrize("name", ["UTF-16", "KLINGON"])
def test_an_encoding_that_is_not_what_the_file_says_is_a_doubt(tmp_path: Path, name: str) -> None:
    path = gedcom(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("CHAR UTF-8", f"CHAR {name}"), encoding="utf-8")
    records, doubts = taken(path)
    assert (len(records.persons), doubts) == (3, [(4, "kept")])


@pytest.mark.parametrize(
    ("name", "content", "doubts", "counts"),
    [
        ("f.ped", "f a 0 0 1 1\nf b a z 2 1\n", [2], (2, 0, 1)),
        ("f.ped", "f a 0 0 1 1\nf b a\nf c a 0 2 1\n", [2], (2, 0, 1)),
        ("f.ped", "f a 0 0 1 1\nf a 0 0 2 1\nf c a a 2 1\n", [2, 3], (2, 0, 0)),
        (
            "f.graphml",
            GRAPHML,
            [4, 5, 6],
            (2, 1, 0),
        ),
    ],
)
def test_one_bad_line_of_another_file_costs_no_more_than_itself(
    tmp_path: Path, name: str, content: str, doubts: list[int], counts: tuple[int, int, int]
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    records, found = taken(path)
    assert sorted({line for line, _ in found}) == doubts
    assert (len(records.persons), len(records.ties), len(records.filiations)) == counts
    with pytest.raises(InvalidRecordsError):
        import_file(path, strict=True)


def test_a_file_in_which_no_line_is_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.ped"
    path.write_text("une lettre\nqui n’est pas un PED\n", encoding="utf-8")
    with pytest.raises(InvalidRecordsError) as refused:
        import_file(path)
    assert [fault.row for fault in refused.value.faults] == [1, 2]


def test_a_partial_import_says_so_first_and_exits_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_BE.UTF-8")
    path = gedcom(tmp_path, "1 NOTE secret\nZébulon sans niveau\n")
    assert main(["import", str(path), "--out", str(tmp_path / "jeu"), "--strict"]) == 2
    assert not (tmp_path / "jeu").exists()
    capsys.readouterr()
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(("Import partiel", "Gedeeltelijke", "Partial"))
    assert ", ligne 9" in said[1] or "9" in said[1]
    assert "Zébulon" not in "".join(said)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["1 SEX F", "2 PLAC x", "1 FAMS", "1 FAMC @F2@", "2 ADOP", "mot", "7 X", "1 NO DEAT"])))
def test_a_fact_absent_from_a_file_is_never_asserted(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "f.ged"
    body = "".join(f"{line}\n" for line in lines)
    path.write_text(f"{HEAD}0 @I1@ INDI\n{body}0 @I2@ INDI\n0 TRLR\n", encoding="utf-8")
    records, _ = import_file(path)
    assert len(records.couples) == len(records.filiations) == len(records.ties) == 0
    assert set(records.persons["life"].fillna("")) <= ({"", "alive"} if "1 NO DEAT" in lines else {""})


EVENTS = ("1 DEAT Y", "1 BURI Y", "1 NO DEAT")
UNIONS = ("1 MARR Y", "1 DIV Y", "1 _SEPR Y", "1 EVEN\n2 TYPE union libre")
LINKS = ("2 _FREL Adopted", "2 _MREL Step", "2 _FREL Foster")


@settings(max_examples=12)
@given(st.sets(st.sampled_from(EVENTS)), st.sets(st.sampled_from(UNIONS)), st.sets(st.sampled_from(LINKS)))
def test_nothing_is_asserted_of_which_the_file_has_no_event(
    tmp_path: Path, events: set[str], unions: set[str], links: set[str]
) -> None:
    said = ["".join(f"{line}\n" for line in sorted(each)) for each in (events, links, unions)]
    path = gedcom(tmp_path, said[0], said[1] + said[2])
    records, _ = import_file(path)
    lives = records.persons["life"].fillna("").tolist()
    assert lives[1:] == ["", ""]
    assert lives[0] in {"": {""}, "1": {"deceased", "alive"}}["1" * bool(events)]
    assert (lives[0] == "deceased") == bool(events & set(EVENTS[:2]))
    state = records.couples["state"].fillna("")[0]
    words = {"": not unions, "married": UNIONS[0] in unions, "divorced": UNIONS[1] in unions}
    assert (words | {"separated": UNIONS[2] in unions, "unmarried": UNIONS[3] in unions})[state]
    told = {"adoption": LINKS[0], "step": LINKS[1], "foster": LINKS[2]}
    assert all(kind == "birth" or told[kind] in links for kind in records.filiations["kind"])
