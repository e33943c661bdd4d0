"""The sociogenogram over time: who is there in which month, nothing that stays moves, sheets of small pictures."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sociogenogram_cases import Rows, actor, child_of, couple, household, households, person, tie

import clss_analysis as clss
from clss_analysis.figures.style import LOOKS
from clss_analysis.layout import NothingToDrawError, sociogenogram, sociogenogram_series, sociogenogram_series_sheets
from clss_analysis.layout.genogram.changes import course
from clss_analysis.layout.geometry import Box, Layout, overlap, overlaps, strikes
from clss_analysis.layout.page import ROOM
from clss_analysis.records import Case

MONTHS = ["2023-01", "2023-04", "2023-08"]
TOGETHER = ("person", "service", "other", "household")


@pytest.fixture(scope="module")
def publication() -> clss.Records:
    return clss.read("data/publication")


@pytest.fixture(scope="module")
def demo() -> clss.Records:
    return clss.read("data/demo")


def ids(layout: Layout) -> set[str]:
    return {each.id for each in (*layout.symbols, *layout.lines)} - {"legend"}


def at_home(layout: Layout) -> set[str]:
    """Persons who are drawn as living in the household."""
    return {s.id for s in layout.symbols if s.kind == "person" and not s.role.startswith("elsewhere-")}


def farthest(a: Layout, b: Layout) -> float:
    """How far, in millimetres, anyone who is in both pictures stands apart in them.

    The boundary too, where it is around the same persons.
    """
    still = TOGETHER if at_home(a) == at_home(b) else ("person", "service", "other")
    boxes = {s.id: s.box for s in a.symbols if s.kind in still}
    shared = [(boxes[s.id], s.box) for s in b.symbols if s.id in boxes]
    assert shared
    return max(abs(p - q) for one, two in shared for p, q in zip(one, two, strict=True))


def dated(case: Case, **months: Any) -> Case:
    households = case.households.copy()
    for column, month in months.items():
        households[column] = pd.array([pd.Period(month, freq="M")], dtype="period[M]")
    return replace(case, households=households)


def relabelled(case: Case, label: str) -> Case:
    return replace(case, households=case.households.assign(label=pd.array([label], dtype="string")))


def unexpected(rows: Rows, month: str) -> set[str]:
    """Those whose expectation had not begun."""
    return {f"person-{p['id']}" for p in rows["persons"] if p["life"] == "expected" and p["arrival"] > month}


def inside(box: Box, home: Box) -> bool:
    return home[0] < box[0] and home[1] < box[1] and box[2] < home[2] and box[3] < home[3]


def off_box(box: Box, point: tuple[float, float]) -> float:
    """How far a point is from the nearest side of a box that it lies on."""
    return min(abs(point[0] - box[0]), abs(point[0] - box[2]), abs(point[1] - box[1]), abs(point[1] - box[3]))


@st.composite
def moving(draw: st.DrawFn) -> Rows:
    """A household whose ties and persons have months, some of them."""
    rows = draw(households(services=5))
    month = st.sampled_from(["", "", "2023-01", "2023-03", "2023-06"])
    for each in rows["ties"]:
        each["start"] = draw(month)
        each["end"] = draw(st.sampled_from(["", "", "2023-07", "2023-09"]))
    for each in rows["persons"]:
        each["arrival"], each["departure"] = draw(month), draw(st.sampled_from(["", "", "2023-07"]))
    return rows


def unions(*rows: dict[str, str]) -> Case:
    couples = [couple("M", "P", row["state"]) | row for row in rows]
    return household({"persons": [person("M"), person("P"), person("K")], "couples": couples,
                      "filiations": child_of("K", "M", "P")})  # fmt: skip


def union_shown(case: Case, date: str | None) -> tuple[list[str], int]:
    """Roles of the couple lines of a picture, and its slashes, of which the legend shows as many again."""
    layout = sociogenogram(case, date=date)
    return [n.role for n in layout.lines if n.kind == "couple"], sum(
        m.role == "couple-slash" for m in layout.marks
    ) // 2


def test_a_union_is_drawn_as_it_was_in_the_month() -> None:
    divorced = {"id": "c1", "state": "divorced", "start": "2008-05", "end": "2016-09"}
    again = {"id": "c2", "state": "married", "start": "2019-01"}
    for rows in ([divorced, again], [again, divorced]):
        case = unions(*rows)
        assert union_shown(case, None) == (["couple-married-again"], 2)
        assert union_shown(case, "2024-01") == (["couple-married-again"], 2)
        assert "reformé après une rupture" in sociogenogram(case, date="2024-01").description
        assert union_shown(case, "2017-03") == (["couple-divorced"], 2)
        assert union_shown(case, "2012-01") == (["couple-married"], 0)
        assert union_shown(case, "2007-12") == (["couple-unknown"], 0)
    alone = unions(divorced)
    assert union_shown(alone, None) == union_shown(alone, "2024-01") == (["couple-divorced"], 2)
    left = unions({"id": "c1", "state": "separated", "end": "2020-01"})
    assert union_shown(left, "2024-01") == (["couple-separated"], 1)
    assert union_shown(left, "2019-01") == (["couple-unknown"], 0), "together, but not said how"
    parted = unions({"id": "c1", "state": "unmarried", "end": "2020-01"})
    assert union_shown(parted, "2024-01") == union_shown(parted, None) == (["couple-separated"], 1)
    assert union_shown(parted, "2019-01") == (["couple-unmarried"], 0)
    over = unions({"id": "c1", "state": "married", "end": "2020-01"})
    assert union_shown(over, "2024-01")[0] == ["couple-unknown"], "how the marriage ended is not told"
    both = unions({"id": "c1", "state": "unmarried", "end": "2018"}, {"id": "c2", "state": "married", "start": "2021"})
    assert [union_shown(both, date)[0] for date in ("2017-05", "2019-05", "2022-05")] == [
        ["couple-unmarried"], ["couple-separated"], ["couple-married"]
    ]  # fmt: skip


def test_a_life_together_that_a_death_may_have_ended_is_no_separation() -> None:
    rows = {"persons": [person("M"), person("P", life="deceased"), person("K")],
            "couples": [couple("M", "P", "unmarried") | {"id": "c1", "end": "2020-01"}],
            "filiations": child_of("K", "M", "P")}  # fmt: skip
    assert union_shown(household(rows), None) == (["couple-unmarried"], 0)
    assert union_shown(household(rows), "2024-01") == (["couple-unknown"], 0)
    for state, death, shown in (
        ("married", "2020", "married"),
        ("unmarried", "2019-12", "unmarried"),
        ("married", "2021-03", "unknown"),
    ):
        rows["couples"][0]["state"], rows["persons"][1]["death"] = state, death
        assert union_shown(household(rows), "2024-01")[0] == [f"couple-{shown}"], "a union that a death ended stays"


def test_a_household_that_everybody_left_says_so_on_the_page() -> None:
    rows: Rows = {
        "persons": [person(name, departure="2023-06") for name in "ABCDE"],
        "couples": [couple("A", "B")],
        "filiations": [row for kid in "CDE" for row in child_of(kid, "A", "B")],
        "actors": [actor(f"s{n}") for n in range(11)],
        "ties": [tie(f"t{n}", f"a:s{n}", "", start="2022-01") for n in range(11)],
    }
    layout = sociogenogram(household(rows), date="2024-01")
    home = next(s.box for s in layout.symbols if s.kind == "household")
    assert home[0] >= 0
    assert home[2] <= layout.width
    assert overlaps(layout) == strikes(layout) == []
    assert "aucune des personnes dites n’y vit" in layout.description
    assert any(label.text == "aucune des personnes dites n’y vit" for label in layout.labels)


@given(moving())
@settings(max_examples=8)
def test_whoever_stays_does_not_move_in_any_household(rows: Rows) -> None:
    case = household(rows)
    pictures = [sociogenogram(case, date=month) for month in MONTHS]
    assert max(farthest(a, b) for a, b in combinations(pictures, 2)) == 0
    assert all(overlaps(picture) == strikes(picture) == [] for picture in pictures)
    for month, picture in zip(MONTHS, pictures, strict=True):
        here = {f"person-{p['id']}" for p in rows["persons"] if p["residence"] != "elsewhere"
                and (p["arrival"] or month) <= month <= (p["departure"] or month)}  # fmt: skip
        assert at_home(picture) == here - unexpected(rows, month)


@pytest.mark.parametrize("case", ["A", "C1", "C2", "C3", "Y", "N"])
def test_whoever_stays_does_not_move_in_the_publication(publication: clss.Records, case: str) -> None:
    whole, *pictures = (sociogenogram(publication.case(case), date=date) for date in (None, "2022-06", "2024-03"))
    assert max(farthest(whole, picture) for picture in pictures) == 0


def test_whoever_stays_does_not_move_in_the_demo(demo: clss.Records) -> None:
    for name in ("S001", "S002", "S003", "S008", "S010", "S011", "S014", "S017"):
        case = demo.case(name)
        first, last = (course(case).moments[n].month for n in (0, -1))
        assert farthest(sociogenogram(case, date=str(first)), sociogenogram(case, date=str(last))) == 0, name


def test_whoever_stays_does_not_move_in_the_gallery() -> None:
    gallery = clss.read("data/gallery")
    for name in ("G14", "G15", "G16", "G17"):
        case = gallery.case(name)
        assert farthest(sociogenogram(case), sociogenogram(case, date="2024-03")) == 0, name


def test_a_title_that_wraps_in_some_months_moves_nobody() -> None:
    case = household({"persons": [person("M")], "actors": [actor("s")], "ties": [tie("1", "a:s", "p:M")]})
    wrapped = 0
    for length in range(6):
        named = relabelled(case, "m" * 36 + "i" * length)
        pictures = [sociogenogram(named, date=f"2023-{month:02d}") for month in (5, 9)]
        heights = {len(b.lines) for picture in pictures for b in picture.labels if b.id == "subtitle"}
        wrapped += len(heights) > 1
        assert farthest(*pictures) == 0, length
    assert wrapped, "no title wraps in one month alone: the test shows nothing"


def test_months_of_persons_ties_couples_and_events_are_honoured() -> None:
    event = {"id": "e", "household": "H", "order": "1", "month": "2023-06", "until": "2023-07", "actor": "u"}
    event |= {"kind": "meeting", "lane": "housing", "label": "Rencontre"}
    rows: Rows = {
        "persons": [
            person("M"),
            person("P", departure="2023-04"),
            person("K", arrival="2023-03"),
            person("O", residence="elsewhere", departure="2023-01"),
        ],
        "couples": [couple("M", "P", "separated") | {"end": "2023-02"}],
        "filiations": child_of("K", "M", "P"),
        "actors": [actor("s"), actor("t"), actor("u")],
        "ties": [
            tie("1", "a:s", "p:M", start="2023-02", end="2023-05"),
            tie("2", "p:M", "a:t"),
            tie("3", "a:u", "p:M", start="2024-01"),
        ],
        "events": [event],
    }
    case = household(rows)
    at = {month: ids(sociogenogram(case, date=f"2023-{month:02d}")) for month in range(1, 9)}
    home = {m: at_home(sociogenogram(case, date=f"2023-{m:02d}")) for m in at}
    assert [m for m in home if "person-P" in home[m]] == [1, 2, 3, 4]
    assert [m for m in home if "person-K" in home[m]] == [3, 4, 5, 6, 7, 8]
    family = {"person-M", "person-P", "person-K", "person-O", "couple-c-M-P", "descent-f-M-K-birth"}
    assert all(family <= at[m] for m in at), "who left, has not yet come or lives elsewhere is in the picture"
    assert [m for m in at if "tie-1" in at[m]] == [m for m in at if "actor-s" in at[m]] == [2, 3, 4, 5]
    assert all({"tie-2", "actor-t"} <= at[m] for m in at), "unknown is not absent"
    assert [m for m in at if "actor-u" in at[m]] == [6, 7], "it acts in the event"
    assert not any("tie-3" in at[m] for m in at)
    roles = {
        month: [n.role for n in sociogenogram(case, date=f"2023-{month:02d}").lines if n.kind == "couple"]
        for month in (2, 3, 5)
    }
    assert roles == {2: ["couple-separated"], 3: ["couple-separated"], 5: ["couple-separated"]}


def left(*, month: str = "2023-06", gender: str = "man") -> Case:
    """A parent who left after that month, between nobody: the other parent, two children, a service for all of them."""
    tables: Rows = {
        "persons": [
            person("M", gender="woman", age="33", index="true"),
            person("P", gender=gender, age="36", departure=month),
            person("K1", age="9"),
            person("K2", age="4"),
        ],
        "couples": [couple("M", "P", "married")],
        "filiations": [*child_of("K1", "M", "P"), *child_of("K2", "M", "P")],
        "actors": [actor("s", label="CPAS")],
        "ties": [tie("1", "a:s", "")],
    }
    return household(tables)


@pytest.mark.parametrize("half", [False, True])
def test_partners_who_are_related_have_a_second_stroke(*, half: bool) -> None:
    """Cousins, or an uncle and his niece; not when the filiation that would link them is an adoption."""
    tables: Rows = {
        "persons": [person(p, residence="elsewhere") for p in ("G", "A", "B")] + [person("X"), person("Y")],
        "couples": [couple("X", "Y" if not half else "A", "married") | {"start": "2020-01"}],
        "filiations": [*child_of("A", "G"), *child_of("B", "G"), *child_of("X", "B"), *child_of("Y", "A")],
    }
    for layout in (sociogenogram(household(tables)), sociogenogram(household(tables), date="2021-01")):
        strokes = [m for m in layout.marks if m.role == "couple-kin"]
        assert len(strokes) == 1 + 2, "one beside the couple's line, two in the legend"
        assert "Ancêtre en commun" in layout.description
    tables["filiations"] = [*tables["filiations"][:2], *child_of("X", "B", kind="adoption"), *child_of("Y", "A")]
    layout = sociogenogram(household(tables))
    assert not any(m.role == "couple-kin" for m in layout.marks)
    assert "ancêtre" not in layout.description


@pytest.mark.parametrize("gender", ["man", "woman"])
def test_who_left_stands_outside_the_boundary_with_all_lines(gender: str) -> None:
    case = left(gender=gender)
    before, after = (sociogenogram(case, date=month) for month in ("2023-06", "2023-07"))
    boxes = [{s.id: s.box for s in picture.symbols} for picture in (before, after)]
    assert inside(boxes[0]["person-P"], boxes[0]["household-H"])
    assert not overlap(boxes[1]["person-P"], boxes[1]["household-H"])
    assert all(inside(boxes[1][f"person-{p}"], boxes[1]["household-H"]) for p in ("M", "K1", "K2"))
    assert ids(before) == ids(after)
    end = next(n.path[-1] for n in after.lines if n.kind == "arrow")
    assert off_box(boxes[1]["household-H"], end) < 0.06, "the arrow ends on the boundary of that month"
    assert "vit ailleurs" in after.parts["person-P"]
    assert "dans le ménage jusqu’en juin" in after.description


def test_who_has_not_come_is_outside_and_who_was_not_born_is_named() -> None:
    tables: Rows = {
        "persons": [
            person("M", age="30"),
            person("G", label="Grand-mère", role="grandmother", arrival="2023-05"),
            person("B", label="Enfant attendu", life="expected", arrival="2023-05"),
            person("K", label="Nadia", age="2"),
        ],
        "filiations": [*child_of("M", "G"), *child_of("B", "M"), *child_of("K", "M")],
    }
    case = dated(household(tables), intake="2023-01")
    early, late = (sociogenogram(case, date=month) for month in ("2023-02", "2023-06"))
    assert "person-G" in ids(early) - at_home(early)
    assert "person-B" not in ids(early)
    assert {"person-G", "person-B", "person-K"} <= at_home(late)
    for text in (early.caption, early.description):
        assert "Naissance ou grossesse plus tard seulement : Enfant attendu." in text.replace("\u202f", " ")
    assert "plus tard" not in late.caption
    longago = sociogenogram(case, date="2019-12")
    assert "person-K" not in ids(longago), "two years old in January 2023"
    assert "Nadia" in longago.caption
    assert "person-K" in ids(sociogenogram(case, date="2020-02")), "may be born"


def test_a_boundary_opens_the_short_way_for_who_left_from_among_those_who_stay() -> None:
    kids = [person(f"K{n}", age=str(12 - n), departure="2023-03" if n == 1 else "") for n in range(3)]
    tables: Rows = {
        "persons": [person("M", gender="woman"), *kids],
        "filiations": [link for n in range(3) for link in child_of(f"K{n}", "M")],
    }
    case = household(tables)
    assert not any(m.role == "bay" for m in sociogenogram(case, date="2023-03").marks)
    after = sociogenogram(case, date="2023-04")
    (bay,) = (m for m in after.marks if m.role == "bay")
    (edge,) = (m for m in after.marks if m.role == "bay-edge")
    home = next(s.box for s in after.symbols if s.kind == "household")
    assert inside(next(s.box for s in after.symbols if s.id == "person-K1"), (*bay.path[0], *bay.path[1]))
    assert len(edge.path) == 4
    assert edge.path[0][1] == edge.path[-1][1] == home[3], "open below, where nobody stands"


def test_an_arrow_has_the_heads_and_the_quality_of_its_month() -> None:
    rows: Rows = {
        "persons": [person("M")],
        "actors": [actor("s"), actor("t")],
        "ties": [
            tie("1", "a:s", "p:M", start="2023-01", end="2023-03", quality="tense"),
            tie("2", "p:M", "a:s", start="2023-03", quality="strong"),
            tie("3", "a:s", "a:t", start="2023-01", end="2023-02"),
            tie("4", "a:t", "a:s", start="2023-02"),
        ],
    }
    case = household(rows)

    def arrows(month: str) -> dict[str, tuple[str, str]]:
        layout = sociogenogram(case, date=month)
        return {n.id: (n.role, n.target) for n in layout.lines if n.kind == "arrow"}

    assert arrows("2023-01") == {
        "tie-1": ("tie-helps_tense", "person-M"),
        "tie-3": ("tie-working", "actor-t"),
    }
    assert arrows("2023-04") == {
        "tie-1-back": ("tie-calls_strong", "actor-s"),
        "tie-3": ("tie-working", "actor-s"),
    }
    assert arrows("2023-02")["tie-3"] == ("tie-working-both", "actor-t")
    first = sociogenogram(case, date="2023-01")
    assert any(mark.role == "tie-helps_strokes" for mark in first.marks)
    assert "fait appel" not in first.description


def test_a_tie_without_a_month_is_pale_at_a_month_and_only_there() -> None:
    tables: Rows = {
        "persons": [person("M")],
        "actors": [actor("s"), actor("t")],
        "ties": [
            tie("1", "a:s", "p:M", start="2023-02"),
            tie("2", "p:M", "a:t"),
            tie("3", "a:t", "a:s", "two_way", quality="tense"),
        ],
    }
    case = household(tables)

    def roles(date: str | None) -> set[str]:
        return {n.role for n in sociogenogram(case, date=date).lines if n.kind == "arrow"}

    assert roles(None) == {"tie-helps", "tie-calls", "tie-working-both_tense"}
    assert roles("2023-05") == {"tie-helps", "tie-calls_undated", "tie-working-both_tense-undated"}
    shown = sociogenogram(case, date="2023-05")
    assert "2\u00a0liens sur 3" in shown.caption.replace(" ", "\u00a0") or "2 liens sur 3" in shown.caption
    assert any(b.id.startswith("legend-") and "sans mois connu" in " ".join(b.lines) for b in shown.labels)
    assert "lien sans mois connu" in shown.parts["tie-2"]
    assert any(mark.role == "tie-working_strokes" for mark in shown.marks)


def test_a_month_says_what_it_does_not_know(publication: clss.Records) -> None:
    assert "l’inconnu n’est pas une absence" in sociogenogram(publication.case("C1"), date="2023-12").caption
    assert "inconnu" not in sociogenogram(publication.case("C1")).caption


def test_the_months_are_intake_changes_and_closing(publication: clss.Records, demo: clss.Records) -> None:
    def months(case: Case) -> list[str]:
        return [str(moment.month) for moment in course(case).moments]

    assert months(publication.case("C1")) == ["2023-11", "2024-03"]
    assert months(publication.case("Y")) == ["2022-06", "2022-07"]
    for name in ("S004", "S010", "S014", "S017"):
        case = demo.case(name)
        row, told = case.households.iloc[0], course(case)
        shown = [moment.month for moment in told.moments]
        assert shown == sorted(set(shown))
        assert len(shown) <= 8
        assert shown[0] == row["intake"]
        assert pd.isna(row["closing"]) or row["closing"] in shown
        changed = [m for m in told.moments[1:] if m.month != row["closing"]]
        assert all(m.came or m.went for m in changed), name


def test_no_month_no_series(publication: clss.Records) -> None:
    with pytest.raises(NothingToDrawError):
        sociogenogram_series(publication.case("A"))
    assert sociogenogram_series(publication.case("A"), ["2024-01"]).quality["pictures"] == 1
    for wrong in (["2024-13"], []):
        with pytest.raises(ValueError, match="YYYY-MM"):
            sociogenogram_series(publication.case("A"), wrong)


def test_sheets_hold_all_months_and_their_text_stays_readable(publication: clss.Records, demo: clss.Records) -> None:
    for case in (publication.case("C1"), publication.case("Y"), demo.case("S014")):
        sheets = sociogenogram_series_sheets(case)
        told = course(case)
        assert sum(sheet.quality["pictures"] for sheet in sheets) == len(told.moments)
        for sheet in sheets:
            assert overlaps(sheet) == []
            assert min(label.size for label in sheet.labels) >= 7
            assert sheet.height <= ROOM[160.0]
            assert sheet.quality["moved"] < 0.01
            assert all(b.box[0] >= 0 and b.box[2] <= sheet.width + 0.01 for b in sheet.labels)
            assert sheet.quality["sheets"] == len(sheets)
            assert (f"{len(sheets)} feuilles" in sheet.caption) == (len(sheets) > 1)
            assert {s.role for s in sheet.symbols} | {n.role for n in sheet.lines} <= LOOKS.keys()


def test_in_the_small_pictures_everyone_keeps_their_place_and_change_is_marked(publication: clss.Records) -> None:
    sheet = sociogenogram_series(publication.case("Y"))
    months = ("m2022-06-", "m2022-07-")
    boxes = [{s.id.removeprefix(m): s.box for s in sheet.symbols if s.id.startswith(m)} for m in months]
    assert boxes[0].keys() == boxes[1].keys()
    home = next(name for name in boxes[0] if name.startswith("household"))
    for name in boxes[0]:
        apart = [tuple(at[name][i] - at[home][i] for i in (0, 1)) for at in boxes]
        assert apart[0] == pytest.approx(apart[1], abs=0.01)
    roles = {s.id: s.role for s in sheet.symbols}
    gone = [name for name, role in roles.items() if role.startswith("went-")]
    assert len(gone) == 1
    assert gone[0].startswith("m2022-07-actor-")
    assert LOOKS["went-service"].dash
    assert LOOKS["came-service"].width > LOOKS["small-service"].width
    assert any("parti depuis" in " ".join(b.lines) for b in sheet.labels)
    assert not any("venu depuis" in " ".join(b.lines) for b in sheet.labels)


def test_who_comes_is_marked_and_named() -> None:
    rows: Rows = {
        "persons": [person("M"), person("N", label="Grand-mère", arrival="2023-03")],
        "actors": [actor("s", label="CPAS")],
        "ties": [tie("1", "a:s", "p:M", start="2023-03")],
    }
    sheet = sociogenogram_series(dated(household(rows), intake="2023-01"))
    came = {s.id for s in sheet.symbols if s.role.startswith("came-")}
    assert came == {"m2023-03-person-N", "m2023-03-actor-s"}
    assert sum(mark.role == "plus-disc" for mark in sheet.marks) == 3 + 1  # and one in the legend
    words = {b.id: " ".join(b.lines) for b in sheet.labels}
    assert words["m2023-03-words"] == "Viennent\u202f: Grand-mère, CPAS et 1 lien nouveau."
    assert words["m2023-01-month"] == "janvier 2023, début du suivi"


def test_rows_in_any_order_give_the_same_sheet(demo: clss.Records) -> None:
    case = demo.case("S001")
    dice = random.Random(3)

    def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
        order = list(range(len(frame)))
        dice.shuffle(order)
        return frame.iloc[order].reset_index(drop=True)

    other = replace(case, **{name: shuffled(case.table(name)) for name in ("persons", "ties", "actors", "events")})
    assert sociogenogram_series(other).to_json() == sociogenogram_series(case).to_json()
    assert sociogenogram_series(other) == sociogenogram_series(case)
