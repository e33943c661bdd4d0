"""What `clss check` says that no picture shows as the record tells it: one case for each reason, keys and no cells."""

from __future__ import annotations

import pytest
from records_sample import sound_rows, write_rows
from sociogenogram_cases import Rows, actor, child_of, couple, household, person, tie

from clss_analysis.cli import main
from clss_analysis.layout.genogram.unshown import unshown, unshown_report
from clss_analysis.records import read, synthesise

SECRET = "Qvzx"


def told(**rows: list[dict[str, str]]) -> Rows:
    """Mother, father and son, all of whom the rows say when; `rows` stand in place of theirs."""
    since = {"start": "2019-01"}
    base = {
        "persons": [person("M"), person("V"), person("S", label=SECRET)],
        "couples": [couple("M", "V", "married") | since],
        "filiations": child_of("S", "M", "V"),
        "actors": [actor("D")],
        "ties": [tie("t", "a:D", "p:M", **since)],
    }
    return base | rows


def stay(name: str, who: str, **cells: str) -> dict[str, str]:
    return {"id": name, "household": "H", "person": who, "kind": "elsewhere", "start": "2020-01"} | cells


M, V, S = told()["persons"]
G, H = (person(name, residence="elsewhere") for name in "GH")
UNIONS = [couple("M", "V", "unmarried") | {"id": "c1", "start": "2018"},
          couple("M", "V", "married") | {"id": "c2", "start": "2020"}]  # fmt: skip
CASES = {
    "person.unlinked": (told(persons=[M, V, S, G]), ["G"]),
    "person.dead": (told(persons=[M, V | {"life": "deceased"}, S]), ["V"]),
    "person.twins": (told(persons=[M, V, S | {"twin_group": "T"}]), ["S"]),
    "stay.undated": (told(residences=[stay("r", "S", start="")]), ["r"]),
    "stay.year": (told(residences=[stay("r", "S", start="2020")]), ["r"]),
    "stay.place": (told(residences=[stay("r", "S", share="half")]), ["r"]),
    "stay.unit": (told(residences=[stay("r", "V", unit="X"), stay("q", "S", unit="X", start="2030-01")]), ["r", "q"]),
    "union.undated": (told(couples=[couple("M", "V", "married")]), ["c-M-V"]),
    "union.state": (told(couples=[couple("M", "V") | {"start": "2019"}]), ["c-M-V"]),
    "union.ended": (told(couples=[couple("M", "V", "married") | {"start": "2019", "end": "2021"}]), ["c-M-V"]),
    "union.twice": (told(couples=UNIONS), ["c1", "c2"]),
    "link.kind": (told(filiations=[*child_of("S", "M"), *child_of("S", "V", kind="")]), ["f-V-S-"]),
    "link.undated": (told(filiations=[*child_of("S", "M"), *child_of("S", "V", kind="step")]), ["f-V-S-step"]),
    "tie.undated": (told(ties=[tie("t", "a:D", "p:M")]), ["t"]),
    "tie.qualities": (told(ties=[tie(n, "a:D", "p:M", start="2019", quality=q) for n, q in
                                 (("t", "strong"), ("u", "tense"))]), ["t", "u"]),
    "event.undated": (told(events=[{"id": "e", "household": "H", "actor": "D"}]), ["e"]),
    "event.nobody": (told(events=[{"id": "e", "household": "H", "month": "2020-01"}]), ["e"]),
    "actor.alone": (told(actors=[actor("D"), actor("E", household="H")]), ["E"]),
}  # fmt: skip


@pytest.mark.parametrize("why", CASES)
def test_each_reason_names_its_rows_and_no_other_reason_is_said(why: str) -> None:
    rows, keys = CASES[why]
    assert [(each.why, list(each.rows)) for each in unshown(household(rows))] == [(why, keys)]


def test_what_is_told_whole_is_not_listed() -> None:
    assert unshown(household(told())) == []
    dated = [couple("M", "V", "unmarried") | {"id": "c1", "start": "2018", "end": "2019"}, UNIONS[1]]
    assert unshown(household(told(couples=dated))) == []


def test_a_home_elsewhere_that_has_its_outline_is_not_listed() -> None:
    two = [stay("r", "G", unit="X"), stay("q", "H", unit="X")]
    rows = told(
        persons=[M, V, S, G, H], couples=[*told()["couples"], couple("G", "H", "married") | {"start": "2000"}],
        filiations=[*child_of("S", "M", "V"), *child_of("V", "G", "H")], residences=two,
    )  # fmt: skip
    assert unshown(household(rows)) == []


def test_what_kinship_forbids_is_said_with_its_proof() -> None:
    both = [couple("M", "S", "married") | {"start": "2020"}]
    (fault,) = unshown(household(told(couples=[*told()["couples"], *both])))
    assert (fault.why, set(fault.rows)) == ("kinship", {"M", "S"})
    assert "M + S" in fault.told("en")


def test_check_says_it_by_household_in_three_languages_and_never_a_cell(tmp_path, capsys):
    rows = sound_rows()
    rows["persons"].append(rows["persons"][3] | {"id": "A9", "label": SECRET})
    write_rows(tmp_path, rows)
    for lang, word in (("fr", "ni union ni"), ("nl", "geen verbintenis"), ("en", "no union")):
        lines, found = unshown_report(read(tmp_path), lang)
        (line,) = (line for line in lines if "persons A9" in line)
        assert word in line
        assert SECRET not in "".join(lines)
        assert {"why": "person.unlinked", "table": "persons", "rows": ["A9"]}.items() <= found["A"][0].items()
    assert main(["check", str(tmp_path)]) == 1  # nobody has consented yet
    assert unshown_report(read(tmp_path))[0][-1] in capsys.readouterr().out
    assert unshown_report(synthesise(1, 1)) == ([], {})
