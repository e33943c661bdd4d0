"""What a reader of forty households found false or unsaid, one household for each kind."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from sociogenogram_cases import actor, child_of, couple, household, person, tie
from test_sociogenogram_months import union_shown, unions

from clss_analysis.layout import sociogenogram
from clss_analysis.layout.genogram.changes import course
from clss_analysis.layout.genogram.family.kinship import kin
from clss_analysis.layout.genogram.unshown import unshown
from clss_analysis.layout.geometry import strikes
from clss_analysis.records.exchange.gedcom_reading import read_gedcom

COURSE = [
    {"id": "c1", "state": "unmarried", "start": "2020-01", "end": "2022-08"},
    {"id": "c2", "state": "married", "start": "2022-09", "end": "2023-05"},
    {"id": "c3", "state": "separated", "start": "2023-06", "end": "2024-03"},
    {"id": "c4", "state": "divorced", "start": "2024-04", "end": "2024-09"},
    {"id": "c5", "state": "married", "start": "2024-10"},
]


@pytest.mark.parametrize(
    ("month", "state", "slashes"),
    [
        ("2022-08", "unmarried", 0),
        ("2022-09", "married", 0),
        ("2023-05", "married", 0),
        ("2023-06", "separated", 1),
        ("2024-03", "separated", 1),
        ("2024-04", "divorced", 2),
        ("2024-09", "divorced", 2),
    ],
)
def test_rows_that_follow_each_other_are_states_of_one_union(month: str, state: str, slashes: int) -> None:
    assert union_shown(unions(*COURSE), month) == ([f"couple-{state}"], slashes)
    assert union_shown(unions(*COURSE[::-1]), month) == ([f"couple-{state}"], slashes)


def test_who_marry_again_after_a_divorce_told_as_a_state_are_together_again() -> None:
    assert union_shown(unions(*COURSE), "2024-11")[0] == ["couple-married-again"]
    assert union_shown(unions(*COURSE), None)[0] == ["couple-married-again"]


def test_a_marriage_that_another_row_takes_over_from_does_not_end_unsaid() -> None:
    rows = [couple("M", "V") | row for row in COURSE]
    told = unshown(household({"persons": [person("M"), person("V")], "couples": rows}))
    assert [each for each in told if each.table == "couples"] == []
    told = unshown(household({"persons": [person("M"), person("V")], "couples": [rows[1]]}))
    assert [each.rows for each in told if each.why == "union.ended"] == [("c2",)]


def test_no_line_of_descent_runs_through_the_name_of_the_household() -> None:
    persons = [
        person("M", label="Mère", gender="woman", age="37"),
        person("V", label="Père", gender="man"),
        person("K", label="Fille", gender="woman", age="14", departure="2023-05"),
        person("T", label="Tante", gender="woman", age="42", residence="elsewhere"),
        person("G", label="Grand-mère", gender="woman", residence="elsewhere"),
    ]
    links = [*child_of("K", "M", "V"), *child_of("M", "G"), *child_of("T", "G")]
    case = household({"persons": persons, "couples": [couple("M", "V", "married")], "filiations": links})
    named = replace(case, households=case.households.assign(label="Deux mois ailleurs"))
    assert strikes(sociogenogram(named, date="2023-06")) == []


def row_of(*siblings: dict[str, str]) -> list[str]:
    """The children of one woman, from left to right, in a household that was first met in January 2022."""
    links = [link for each in siblings for link in child_of(each["id"], "M")]
    case = household({"persons": [person("M"), *siblings], "filiations": links})
    case = replace(case, households=case.households.assign(intake=pd.array(["2022-01"], dtype="period[M]")))
    return list(kin(case).rows[1])


def test_the_dead_stand_where_they_were_born() -> None:
    alive = [person("a", age="17"), person("b", age="12"), person("c")]
    first = person("z", age="4", life="deceased", birth_order="1")
    assert row_of(*alive, first)[0] == "z", "the first born, whatever age they had"
    assert row_of(*alive[:2], person("z", age="2", life="deceased", death="2008")) == ["a", "z", "b"], "born about 2006"
    assert row_of(*alive[:2], person("z", age="2", life="deceased", death="2020")) == ["a", "b", "z"]


def test_who_died_before_the_follow_up_was_born_before_their_death() -> None:
    dead = person("z", age="2", life="deceased", death="2008-06")
    case = household({"persons": [person("M"), dead], "filiations": child_of("z", "M")})
    case = replace(case, households=case.households.assign(intake=pd.array(["2022-01"], dtype="period[M]")))
    assert kin(case).unborn(pd.Period("2008-06", freq="M")) == frozenset()
    assert kin(case).unborn(pd.Period("2005-06", freq="M")) == {"z"}


def test_no_outline_is_drawn_around_a_home_for_somebody_who_is_not_born_yet() -> None:
    persons = [
        person("M", gender="woman"),
        person("V", gender="man"),
        person("A", gender="woman", residence="elsewhere"),
        person("b", gender="man", residence="elsewhere", birth="2023-05"),
        person("e", gender="woman"),
    ]
    stays = [
        {"id": f"r-{who}", "household": "H", "person": who, "kind": "elsewhere", "unit": "chez elle"} for who in "Ab"
    ]
    rows = {"persons": persons, "couples": [couple("M", "V", "married"), couple("A", "V")],
            "filiations": [*child_of("b", "A", "V"), *child_of("e", "M", "V")]}  # fmt: skip
    case = household({**rows, "residences": stays})
    drawn = {month: [m.role for m in sociogenogram(case, date=month).marks] for month in ("2023-04", "2023-05")}
    assert "unit" not in drawn["2023-04"]
    assert "unit" in drawn["2023-05"]


def described(date: str | None = "2023-06", **tables: list[dict[str, str]]) -> str:
    """The long description of a household of a mother and what else is told."""
    mother = person("M", label="Mère", gender="woman", index="true")
    return sociogenogram(household({**tables, "persons": [mother, *tables.get("persons", [])]}), date=date).description


def test_the_dead_and_the_unborn_are_not_said_to_live_with_anybody() -> None:
    persons = [
        person("V", label="Père", gender="man", life="deceased", death="2023-04"),
        person("k", label="Premier", life="lost", birth="2022-01"),
        person("e", label="Attendu", life="expected", arrival="2023-01"),
    ]
    told = described(persons=persons, filiations=[*child_of("k", "M", "V"), *child_of("e", "M", "V")])
    assert told.startswith("Ménage H\u202f: une personne, Mère (femme, personne de référence).")
    for words in (
        "Décès\u202f: Père (en avril\u00a02023).",
        "Grossesse perdue\u202f: Premier (en janv.\u00a02022).",
        "À naître\u202f: Attendu (grossesse dite dès janv.\u00a02023).",
    ):
        assert words in told


def test_where_somebody_lives_is_said_with_its_months_and_agrees() -> None:
    cousin = person("C", label="Cousine", gender="woman", residence="hosted", arrival="2023-02", departure="2024-03")
    span = "dans le ménage dès févr.\u00a02023 jusqu’en mars\u00a02024"
    assert f"Cousine (femme, hébergée par le ménage, {span})" in described(persons=[cousin])
    before = described("2022-06", persons=[cousin])
    assert f"Ailleurs\u202f: Cousine (femme, {span})" in before


def test_persons_of_one_name_are_told_apart() -> None:
    sons = [person(name, label="Fils", age=age) for name, age in (("a", "11"), ("b", "3"))]
    persons = [*sons, person("c", label="Fils", gender="man", life="deceased")]
    links = [link for each in persons for link in child_of(each["id"], "M")]
    case = household({"persons": [person("M", label="Mère"), *persons], "filiations": links, "actors": [actor("S")],
                      "ties": [tie("t", "a:S", "p:a")]})  # fmt: skip
    layout = sociogenogram(case)
    told = layout.description
    assert "Des services vers Fils (11 ans)\u202f: Service S." in told
    assert "Fils (décédé)" in told
    assert layout.parts["tie-t"].startswith("Service S vers Fils (11 ans)")


def test_each_child_is_said_to_be_whose_it_is() -> None:
    persons = [person("a", label="Aînée"), person("b", label="Benjamin"), person("c", label="Cadet")]
    links = [*child_of("a", "M"), *child_of("b", "M", kind="adoption"), *child_of("c", "M", kind="foster")]
    told = described(persons=persons, filiations=links)
    assert "Enfants\u202f: Aînée, Benjamin (adoption) et Cadet (accueil familial)\u202f; parents\u202f: Mère." in told


def test_custody_is_said_and_check_tells_that_it_is_not_drawn() -> None:
    persons = [person("V", label="Père", residence="elsewhere"), person("k", label="Fils")]
    links = [child_of("k", "V")[0] | {"end": "2023-03"}, child_of("k", "M")[0] | {"start": "2023-04"}]
    told = described(persons=persons, filiations=links)
    who = "Père (jusqu’en mars\u00a02023) et Mère (dès avril\u00a02023)"
    assert f"Garde de l’enfant (Fils)\u202f: {who}." in told
    case = household({"persons": [person("M"), *persons], "filiations": links})
    assert [each.rows for each in unshown(case) if each.why == "link.custody"] == [("f-V-k-birth", "f-M-k-birth")]


def test_the_quality_of_ties_is_in_the_long_description() -> None:
    ties = [
        tie("t", "a:S", "p:M", start="2022", quality="tense", strength="strong"),
        tie("u", "p:M", "a:T", "two_way", quality="weak"),
    ]
    told = described(actors=[actor("S"), actor("T")], ties=ties).split("\n")[-1]
    for words in (
        "Lien fort\u202f: Service S vers Mère.",
        "Lien tendu\u202f: Service S vers Mère.",
        "Lien ténu\u202f: Mère vers Service T\u202f; Service T vers Mère.",
        "Lien sans mois connu\u202f: Mère vers Service T\u202f; Service T vers Mère.",
    ):
        assert words in told


def test_ages_are_said_to_be_those_of_the_beginning() -> None:
    assert "Âges au début du suivi." in described(persons=[person("k", label="Fils", age="3")])
    assert "Âges au début" not in described(persons=[person("k", label="Fils")])


def test_title_and_caption_count_what_is_drawn() -> None:
    rows = {"persons": [person("M", label="Mère")], "actors": [actor("S")]}
    case = household({**rows, "ties": [tie("t", "a:S", "p:M", start="2023-01")]})
    assert sociogenogram(case, date="2023-02").title == "Autour d’une personne\u202f: Service S"
    assert "aucun service ni autre personne" in sociogenogram(case, date="2022-02").caption


def test_a_child_expected_later_leaves_no_gap_among_the_siblings() -> None:
    late = {"birth": "2023-03", "arrival": "2022-09"}
    gaps = {}
    for cells in ({}, late):
        persons = [
            person("M"),
            person("V"),
            person("a", age="3"),
            person("b", **(cells or {"age": "1"})),
        ]
        rows = {"persons": persons, "couples": [couple("M", "V", "married")]}
        case = household({**rows, "filiations": [*child_of("a", "M", "V"), *child_of("b", "M", "V")]})
        case = replace(case, households=case.households.assign(intake=pd.array(["2022-01"], dtype="period[M]")))
        boxes = {s.id: s.box for s in sociogenogram(case, date="2023-06").symbols}
        gaps[bool(cells)] = boxes["person-b"][0] - boxes["person-a"][2]
    assert gaps[True] == pytest.approx(gaps[False])


def test_a_picture_of_all_months_names_the_last_home_alone() -> None:
    grand = person("G", residence="household")
    stays = [
        {"id": "r1", "household": "H", "person": "G", "kind": "same_roof", "unit": "à l’étage", "end": "2024-06"},
        {"id": "r2", "household": "H", "person": "G", "kind": "elsewhere", "unit": "au home", "start": "2024-07"},
    ]
    case = household({"persons": [person("M"), grand], "filiations": child_of("M", "G"), "residences": stays})
    assert kin(case).members["G"].note == "au home"
    ended = household({"persons": [person("M"), grand], "residences": stays[:1]})
    assert kin(ended).members["G"].note in ("", "même toit, foyer à part, à l’étage")


def test_check_tells_of_whom_only_an_age_is_drawn() -> None:
    case = household({"persons": [person("M"), person("V", life="", age="40")], "couples": [couple("M", "V")]})
    assert [each.rows for each in unshown(case) if each.why == "person.life"] == [("V",)]


@pytest.mark.parametrize(
    ("births", "order"),
    [
        (("2006", "ABT 2005", "2008"), [2, 1, 3]),
        (("11 AUG 1981", "1976", "3 MAR 1981"), [3, 1, 2]),
        (("2006", "", "2004"), [1, 2, 3]),
        (("2006", "BEF 2005", "2004"), [1, 2, 3]),
    ],
)
def test_siblings_of_a_gedcom_file_stand_by_their_births(births: tuple[str, ...], order: list[int]) -> None:
    lines = ["0 HEAD", "1 GEDC", "2 VERS 5.5.1", "0 @F1@ FAM", "1 WIFE @M@", "0 @M@ INDI", "1 FAMS @F1@"]
    for n, date in enumerate(births):
        lines += [f"0 @C{n}@ INDI", *(["1 BIRT", f"2 DATE {date}"] if date else []), "1 FAMC @F1@"]
    lines[5:5] = [f"1 CHIL @C{n}@" for n in range(len(births))]
    found = read_gedcom("\n".join([*lines, "0 TRLR", ""]).encode(), "f.ged")
    assert [each.birth_order for each in found.persons if each.key != "@M@"] == order


@pytest.mark.parametrize(("gender", "words"), [("other", "autre genre, ou genre non dit"), ("", "genre non dit")])
def test_a_gender_that_is_told_is_not_said_to_be_untold(gender: str, words: str) -> None:
    case = household({"persons": [person("M", gender=gender)]})
    assert words in [label.text for label in sociogenogram(case).labels]


def course_of(persons: list[dict[str, str]], **tables: list[dict[str, str]]) -> dict[str, str]:
    """What each month of change is said to bring, after the beginning in January 2022."""
    case = household({"persons": [person("M", label="Mère"), *persons], **tables})
    case = replace(case, households=case.households.assign(intake=pd.array(["2022-01"], dtype="period[M]")))
    return {str(moment.month): moment.words for moment in course(case).moments[1:]}


def test_a_child_that_is_born_or_lost_is_said_to_be_so() -> None:
    persons = [
        person("b", label="Bébé", gender="woman", birth="2023-05"),
        person("k", label="Attendu", life="lost", arrival="2022-08", birth="2023-02"),
    ]
    said = course_of(persons, filiations=[*child_of("b", "M"), *child_of("k", "M")])
    assert said == {
        "2022-08": "Viennent\u202f: Attendu.",
        "2023-02": "Grossesse perdue (févr.\u00a02023)\u202f: Attendu.",
        "2023-05": "Naissance (mai\u00a02023)\u202f: Bébé.",
    }


def test_who_adopts_or_fosters_a_child_from_a_month_on_is_said() -> None:
    links = [
        {
            "id": "f1",
            "household": "H",
            "parent": "M",
            "child": "k",
            "kind": "foster",
            "start": "2022-06",
            "end": "2023-04",
        },
        {"id": "f2", "household": "H", "parent": "M", "child": "k", "kind": "adoption", "start": "2023-05"},
        {"id": "f3", "household": "H", "parent": "M", "child": "s", "kind": "step", "end": "2023-07"},
    ]
    said = course_of([person("k", label="Petit"), person("s", label="Grande")], filiations=links)
    assert said == {
        "2022-06": "Mère et Petit\u202f: accueil familial.",
        "2023-05": "Mère et Petit\u202f: adoption.",
        "2023-08": "Mère et Grande\u202f: beau-parent et enfant, ce n’est plus le cas.",
    }


def test_where_somebody_goes_is_said_with_their_leaving_and_not_again() -> None:
    places = [("household", "", "2022-08"), ("hospital", "2022-09", "2022-12"), ("hospital", "2023-01", "2023-03"),
              ("household", "2023-04", "")]  # fmt: skip
    stays = [
        {"id": f"r{n}", "household": "H", "person": "V", "kind": kind, "start": start, "end": end}
        for n, (kind, start, end) in enumerate(places)
    ]
    said = course_of([person("V", label="Père", gender="man")], residences=stays)
    assert said["2022-09"] == "S’en vont\u202f: Père. Père\u202f: à l’hôpital."
    assert "hôpital" not in said.get("2023-01", "")
    assert said["2023-04"] == "Viennent\u202f: Père."


def test_check_tells_who_comes_or_leaves_in_a_year_alone() -> None:
    persons = [person("M"), person("V", departure="2023"), person("K", arrival="2023-02")]
    case = household({"persons": persons, "filiations": child_of("K", "M", "V")})
    assert [(each.table, each.rows) for each in unshown(case) if each.why == "stay.year"] == [("persons", ("V",))]
