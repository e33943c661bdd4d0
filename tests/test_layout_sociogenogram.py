"""The sociogenogram's geometry: nothing over anything else, families in their order, arrows where they belong."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from records_sample import signed
from sociogenogram_cases import Rows, actor, child_of, couple, household, households, person, tie

import clss_analysis as clss
from clss_analysis.layout.genogram.arrows.coincidence import coincident
from clss_analysis.layout.genogram.drawing import sociogenogram
from clss_analysis.layout.genogram.family.kinship import kin, sibling_key
from clss_analysis.layout.geometry import Label, Layout, Line, Symbol, crossings, length, overlap, overlaps, strikes
from clss_analysis.layout.page import FORMATS, PAGES

CASES = ("A", "C1", "C2", "C3", "Y", "N")
TABLES = ("persons", "couples", "filiations", "actors", "ties", "events")
CEILINGS = {"C1": (13, 0), "C3": (0, 1)}  # with arrows, with family lines; of the others none crosses anything
SIDES = ("left", "right", "above", "below")
UNHURRIED = settings(max_examples=15)


@pytest.fixture(scope="module")
def publication() -> clss.Records:
    return clss.read("data/publication")


@cache
def drawn(case: str, *, labels: bool = False) -> Layout:
    """A case of the publication, laid out once for all tests that only look at it."""
    return sociogenogram(clss.read("data/publication").case(case), labels=labels)


def box_of(layout: Layout, name: str) -> tuple[float, float, float, float]:
    return next(s.box for s in layout.symbols if s.id == name)


def off_border(layout: Layout, name: str, point: tuple[float, float]) -> float:
    """How far a point lies from the outline of a symbol."""
    symbol = next(s for s in layout.symbols if s.id == name)
    x0, y0, x1, y1 = symbol.box
    x, y = point
    shape = symbol.role.split("-")[1] if symbol.kind == "person" else "diamond" if symbol.kind == "other" else "rect"
    cx, cy, rx, ry = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2
    if shape == "circle":
        return abs(((x - cx) ** 2 + (y - cy) ** 2) ** 0.5 - rx)
    if shape == "diamond":
        return abs(abs(x - cx) / rx + abs(y - cy) / ry - 1) * rx
    if shape == "triangle":
        return 0.0 if abs(y - y1) < 0.02 else abs(abs(x - cx) - rx * (y - y0) / (y1 - y0))
    inside = x0 - 0.02 <= x <= x1 + 0.02 and y0 - 0.02 <= y <= y1 + 0.02
    return min(abs(x - x0), abs(x - x1), abs(y - y0), abs(y - y1)) if inside else 99.0


@pytest.mark.parametrize("case", CASES)
def test_cases_of_the_publication_are_sound_and_fit_a_page(publication: clss.Records, case: str) -> None:
    layout = drawn(case)
    assert overlaps(layout) == []
    assert strikes(layout) == []
    assert layout.width <= 240.05
    for label in layout.labels:
        assert label.size >= 7
        assert label.box[0] >= -0.01
        assert label.box[2] <= layout.width + 0.01
    lines = {line.id: line for line in layout.lines}
    for tie_id in publication.case(case).ties["id"]:
        assert any(tie_id in {row.row for row in line.rows} for line in lines.values())


@pytest.mark.parametrize("case", CASES)
def test_arrows_of_the_publication_cross_no_more_than_they_did(case: str) -> None:
    layout = drawn(case)
    counted, quality = crossings(layout), layout.quality
    own = sum(n for kind, n in counted.items() if kind == "arrow-arrow")
    family = sum(n for kind, n in counted.items() if "arrow" in kind and kind != "arrow-arrow")
    most = CEILINGS.get(case, (0, 0))
    assert own <= most[0]
    assert family <= most[1]
    assert (quality["crossings"]["arrow-arrow"], quality["crossings"]["arrow-family"]) == (own, family)
    assert quality["coincidences"] == quality["hidden_heads"] == 0
    assert quality["arrow_crossings"]["bound"] <= own
    assert quality["arrow_length"]["longest_detour"] >= 1


@pytest.mark.parametrize("dataset", ["demo", "gallery"])
def test_no_arrow_lies_on_anything_in_any_household(dataset: str) -> None:
    records = clss.read(f"data/{dataset}")
    for case in sorted(records.households["id"]):
        quality = sociogenogram(records.case(case)).quality
        assert (quality["overlaps"], quality["strikes"], quality["coincidences"]) == (0, 0, 0), case


def test_an_arrow_along_another_or_along_the_boundary_is_a_coincidence() -> None:
    home = Symbol("home", "household", (0, 0, 40, 30), "household")
    along, other, clear = (
        Line(name, "arrow", ((5, y), (35, y)), "tie-helps", f"{name}-a", f"{name}-b")
        for name, y in (("along", 30.3), ("other", 30.8), ("clear", 34))
    )
    assert coincident((along, other, clear), (home,)) == [("along", "home"), ("along", "other")]


def test_ten_row_orders_give_the_same_bytes() -> None:
    for dataset, case in (("publication", "C3"), ("demo", "S003"), ("gallery", "G16")):
        one = clss.read(f"data/{dataset}").case(case)
        drawn = json.dumps(sociogenogram(one).to_json())
        for seed in range(10):
            tables = {n: one.table(n).sample(frac=1, random_state=seed).reset_index(drop=True) for n in TABLES}
            assert json.dumps(sociogenogram(replace(one, **tables)).to_json()) == drawn, (case, seed)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("case", ["C1", "Y", "N"])
def test_a_page_is_filled_with_text_that_can_be_read(publication: clss.Records, case: str, page: str) -> None:
    layout = sociogenogram(publication.case(case), page=page, labels=True)
    asked, told = FORMATS[page], layout.quality["page"]
    assert overlaps(layout) == strikes(layout) == []
    assert told["grown"] == ((layout.width, layout.height) != (asked.width, asked.height))
    assert abs(layout.width / layout.height - asked.width / asked.height) < 0.02
    assert min(label.size for label in layout.labels) >= 7
    assert told["filled"] > (0.65 if case != "N" else 0.4)
    for box in [*(s.box for s in layout.symbols), *(b.box for b in layout.labels)]:
        assert box[0] >= 5
        assert box[1] >= 5
        assert box[2] <= layout.width - 5
        assert box[3] <= layout.height - 5


@pytest.mark.parametrize("case", ["C1", "Y", "C3"])
def test_every_tie_with_words_says_them(publication: clss.Records, case: str) -> None:
    layout = drawn(case, labels=True)
    assert overlaps(layout) == strikes(layout) == []
    arrows = {line.id for line in layout.lines if line.kind == "arrow"}
    texts = [b for b in layout.labels if b.of in arrows]
    assert len({b.of for b in texts}) == len(texts)
    told = {name for b in texts for line in layout.lines if line.id == b.of for _, name in line.rows}
    ties = publication.case(case).ties
    only = {b.id.removeprefix("legend-arrow-") for b in layout.labels if b.id.startswith("legend-arrow-")}
    told |= {name for line in layout.lines if line.id in only for _, name in line.rows}
    assert len(only) == layout.quality["labels"]["legend_only"]
    assert set(ties.loc[ties["label"].notna(), "id"]) <= told
    numbers = [" ".join(b.lines) for b in texts if " ".join(b.lines).isdigit()]
    keys = [" ".join(b.lines) for b in layout.labels if b.id.startswith("legend-number-")]
    assert sorted(numbers) == sorted(keys)


def test_a_tie_says_since_when_and_both_ways_stand_apart() -> None:
    rows = {
        "persons": [person("M")],
        "actors": [actor("s")],
        "ties": [
            tie("1", "a:s", "p:M", label="conseille", start="2023-11"),
            tie("2", "p:M", "a:s", label="demande"),
        ],
    }
    layout = sociogenogram(household(rows), labels=True)
    words = {b.of: " ".join(b.lines) for b in layout.labels if b.of.startswith("tie-")}
    keys = {b.id.removeprefix("legend-"): " ".join(b.lines) for b in layout.labels if b.of == "legend"}
    assert len(words) == 2
    assert {"conseille, depuis nov.\u00a02023", "demande"} <= {*words.values(), *keys.values()}
    assert overlaps(layout) == []


@given(households())
@settings(UNHURRIED, max_examples=6)
def test_words_on_arrows_and_pages_never_cover_anything(rows: Rows) -> None:
    for each in rows["ties"]:
        each |= {"label": "aide au suivi judiciaire", "start": "2024-02"}
    for page in (None, "a4-landscape", "16:9"):
        layout = sociogenogram(household(rows), labels=True, page=page)
        assert overlaps(layout) == strikes(layout) == []
        assert min(label.size for label in layout.labels) >= 7


def crowd(services: int, children: int) -> Rows:
    """A lone parent with children, and services that all have to do with them, some with each other."""
    rows: Rows = {"persons": [person("M", gender="woman")], "filiations": [], "actors": [], "ties": []}
    for n in range(children):
        rows["persons"].append(person(f"K{n:02d}", birth_order=str(n + 1)))
        rows["filiations"] += child_of(f"K{n:02d}", "M")
    for n in range(services):
        rows["actors"].append(actor(f"s{n:02d}", label=f"Service numéro {n}"))
        rows["ties"].append(tie(f"t{n:02d}", f"a:s{n:02d}", "" if n % 3 else "p:M"))
        if n % 4 == 3:
            rows["ties"].append(tie(f"u{n:02d}", f"a:s{n:02d}", f"a:s{n * 7 % n:02d}"))
    return rows


@pytest.mark.parametrize(("services", "children"), [(60, 0), (20, 9)])
def test_many_services_and_many_children_have_room(services: int, children: int) -> None:
    layout = sociogenogram(household(crowd(services, children)))
    assert overlaps(layout) == strikes(layout) == []
    assert sum(s.kind == "service" for s in layout.symbols) == services


def test_a_boundary_stands_only_around_somebody() -> None:
    gone = {"persons": [person("M", life="deceased", residence="elsewhere"), person("F", residence="elsewhere")]}
    assert not any(s.kind == "household" for s in sociogenogram(household(gone)).symbols)
    tied = {**gone, "actors": [actor("s")], "ties": [tie("1", "a:s", "")]}
    layout = sociogenogram(household(tied))
    assert any(s.kind == "household" for s in layout.symbols)
    assert any("aucune des personnes dites" in " ".join(b.lines) for b in layout.labels)
    bare = sociogenogram(household({}))
    assert any("Rien n’est encore dit" in " ".join(b.lines) for b in bare.labels)


def test_a_hosted_family_has_a_boundary_of_its_own() -> None:
    rows = {
        "persons": [person("M"), person("G", residence="hosted"), person("K", residence="hosted")],
        "filiations": child_of("K", "G"),
    }
    marks = [m.role for m in sociogenogram(household(rows)).marks]
    assert marks.count("hosted-family") == 1 + 1  # around the two, and in the legend


def test_an_actor_named_only_by_an_event_is_drawn() -> None:
    event = {"id": "e", "household": "H", "order": "1", "label": "Audience", "actor": "s", "kind": "hearing"}
    rows = {"persons": [person("M")], "actors": [actor("s"), actor("t")], "events": [event]}
    shown = {s.id for s in sociogenogram(household(rows)).symbols}
    assert "actor-s" in shown
    assert "actor-t" not in shown


def test_a_page_that_does_not_exist_is_refused(publication: clss.Records) -> None:
    with pytest.raises(ValueError, match="a4-portrait"):
        sociogenogram(publication.case("A"), page="a5")


def test_an_arrow_crosses_another_where_the_way_round_is_twice_as_long() -> None:
    layout = sociogenogram(clss.read("data/demo").case("S012"))
    arrows = [line for line in layout.lines if line.kind == "arrow"]
    assert arrows
    assert max(length(line.path) / math.dist(line.path[0], line.path[-1]) for line in arrows) < 2
    assert overlaps(layout) == strikes(layout) == []
    assert layout.quality["coincidences"] == layout.quality["hidden_heads"] == 0


@given(households())
@UNHURRIED
def test_any_household_is_drawn_without_overlap_or_strike(rows: Rows) -> None:
    layout = sociogenogram(household(rows))
    assert overlaps(layout) == []
    assert strikes(layout) == []
    persons = {s.id.removeprefix("person-") for s in layout.symbols if s.kind == "person"}
    assert persons == {p["id"] for p in rows["persons"]}


@given(households(services=3))
@UNHURRIED
def test_families_keep_their_order(rows: Rows) -> None:
    case = household(rows)
    layout = sociogenogram(case)
    people = kin(case)
    middle = {
        s.id.removeprefix("person-"): (s.box[0] + s.box[2], round(s.box[1] + s.box[3], 2)) for s in layout.symbols
    }
    for union in people.unions:
        assert len({middle[p][1] for p in union.parents}) == 1
        for child in union.children:
            for parent in union.parents:
                assert box_of(layout, f"person-{child}")[1] > box_of(layout, f"person-{parent}")[3]
        siblings = sorted(union.children, key=lambda c: middle[c][0])
        assert siblings == sorted(union.children, key=lambda c: sibling_key(people.members[c]))


@given(households())
@UNHURRIED
def test_arrows_end_on_their_symbols(rows: Rows) -> None:
    layout = sociogenogram(household(rows))
    for line in layout.lines:
        if line.kind == "arrow":
            assert off_border(layout, line.source, line.path[0]) < 0.06, line.id
            assert off_border(layout, line.target, line.path[-1]) < 0.06, line.id


@given(households())
@settings(UNHURRIED, max_examples=8)
def test_row_order_does_not_matter(rows: Rows) -> None:
    order = random.Random(7)  # a fixed shuffle
    shuffled = {name: order.sample(table, len(table)) for name, table in rows.items()}
    assert sociogenogram(household(shuffled)) == sociogenogram(household(rows))


def test_publication_case_in_any_row_order(publication: clss.Records) -> None:
    case = publication.case("Y")
    names = ("persons", "couples", "filiations", "actors", "ties")
    for seed in range(3):
        tables = {n: case.table(n).sample(frac=1, random_state=seed).reset_index(drop=True) for n in names}
        assert sociogenogram(replace(case, **tables)) == sociogenogram(case)


def test_man_left_woman_right_former_partner_outside() -> None:
    rows = {
        "persons": [
            person("M", gender="woman"),
            person("H", gender="man"),
            person("X", gender="man", residence="elsewhere"),
            person("K1", age="12"),
            person("K2", age="3"),
        ],
        "couples": [couple("M", "H", "married"), couple("M", "X", "divorced")],
        "filiations": [*child_of("K1", "M", "X"), *child_of("K2", "M", "H")],
    }
    layout = sociogenogram(household(rows))
    assert box_of(layout, "person-H")[2] < box_of(layout, "person-M")[0] < box_of(layout, "person-X")[0]
    assert not overlap(box_of(layout, "person-X"), box_of(layout, "household-H"))
    assert sum(mark.role == "couple-slash" for mark in layout.marks) == 2 + 2  # on the line, and in the legend


def test_a_child_elsewhere_between_siblings_stands_in_a_bay() -> None:
    rows = {
        "persons": [person("M", gender="woman")]
        + [person(f"K{n}", age=str(12 - n), residence="elsewhere" if n == 1 else "household") for n in range(3)],
        "filiations": [link for n in range(3) for link in child_of(f"K{n}", "M")],
    }
    layout = sociogenogram(household(rows))
    assert {"bay", "bay-edge"} <= {mark.role for mark in layout.marks}
    assert box_of(layout, "person-K0")[0] < box_of(layout, "person-K1")[0] < box_of(layout, "person-K2")[0]


@pytest.mark.parametrize(
    ("lang", "word", "whole"),
    [("nl", "stiefgrootmoeder", False), ("nl", "overgrootvader", True), ("fr", "arrière-petite-fille", True)],
)
def test_words_break_at_syllables_or_not_at_all(lang: str, word: str, *, whole: bool) -> None:
    rows = {"persons": [person("M"), person("O", label=word, role="grandmother")], "filiations": child_of("M", "O")}
    rows |= {"actors": [actor("s", label="Huisvestingsmaatschappijvereniging")], "ties": [tie("1", "a:s", "p:M")]}
    case = household(rows)
    layout = sociogenogram(replace(case, lang=lang), lang=lang)
    assert overlaps(layout) == []
    lines = {b.id: b.lines for b in layout.labels}
    if whole:
        assert not any(line.endswith("\u2010") for line in lines["label-person-O"])
    for name in ("label-person-O", "label-actor-s"):
        assert all(line.endswith(("\u2010", "-")) for line in lines[name][:-1]), "nothing is cut between two letters"
        assert all(len(line) > 2 for line in lines[name])
    told = {item["id"]: item["text"] for item in layout.to_json()["items"] if item["kind"] == "label"}
    assert told["label-actor-s"] == "Huisvestingsmaatschappijvereniging"


def test_arrows_are_typed_by_their_ends() -> None:
    rows = {
        "persons": [person("M", gender="woman"), person("K", age="9")],
        "filiations": child_of("K", "M"),
        "actors": [actor("s"), actor("t", kind="professional"), actor("v", kind="other_person", household="H")],
        "ties": [
            tie("1", "p:M", "p:K"),
            tie("2", "a:s", "p:M"),
            tie("3", "", "a:t"),
            tie("4", "a:s", "a:t", "two_way"),
            tie("5", "p:K", "a:t", "two_way"),
            tie("6", "a:v", ""),
            tie("7", "a:s", "", "unknown"),
        ],
    }
    layout = sociogenogram(household(rows))
    roles = {line.id: line.role for line in layout.lines if line.kind == "arrow"}
    assert roles == {
        "tie-1": "tie-living",
        "tie-2": "tie-helps",
        "tie-3": "tie-calls",
        "tie-4": "tie-working-both",
        "tie-5": "tie-calls",
        "tie-5-back": "tie-helps",
        "tie-6": "tie-other",
        "tie-7": "tie-unknown-mixed",
    }
    there, back = (next(n for n in layout.lines if n.id == name) for name in ("tie-5", "tie-5-back"))
    assert (there.source, there.target) == (back.target, back.source)
    gaps = [((x - u) ** 2 + (y - v) ** 2) ** 0.5 for (x, y), (u, v) in zip(there.path, back.path[::-1], strict=True)]
    assert min(gaps) > 1.5


def test_institutions_with_two_services_get_a_frame() -> None:
    rows = {
        "persons": [person("M")],
        "actors": [actor(n, institution="Commune" if n != "z" else "CPAS") for n in ("a", "b", "y", "z")],
        "ties": [tie(n, "", f"a:{n}") for n in ("a", "b", "y", "z")],
    }
    layout = sociogenogram(household(rows))
    assert sum(mark.role == "institution" for mark in layout.marks) == 1 + 1  # around the services, and in the legend
    assert [" ".join(b.lines) for b in layout.labels if b.id.startswith("institution-of-")] == ["Commune"]
    assert [" ".join(b.lines) for b in layout.labels if b.id == "institution-actor-z"] == ["CPAS"]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("who", ["x", "z"])
def test_a_service_stands_at_the_side_where_it_is_wished(side: str, who: str) -> None:
    services = [actor(each, place=side if each == who else "") for each in ("v", "x", "y", "z")]
    ties = [tie(each, *each.split()) for each in ("p:p a:x", "p:q a:x", "p:p a:y", "p:q a:z", "p:p a:v")]
    rows = {"persons": [person("p"), person("q")], "actors": services, "ties": ties}
    layout = sociogenogram(household(rows))
    assert sociogenogram(household({name: table[::-1] for name, table in rows.items()})) == layout
    (x0, y0, x1, y1), (u0, v0, u1, v1) = box_of(layout, f"actor-{who}"), box_of(layout, "household-H")
    assert {"left": x1 < u0, "right": x0 > u1, "above": y1 < v0, "below": y0 > v1}[side]
    assert overlaps(layout) == strikes(layout) == []


@pytest.mark.parametrize(
    ("case", "wishes"),
    [("S005", {"justice": "left", "agence": "below"}),
     ("S016", {"permanence": "below", "tsc": "left", "maison-medicale": "left", "transit": "left"})],
)  # fmt: skip
def test_a_wish_is_given_up_where_more_would_cross(case: str, wishes: dict[str, str]) -> None:
    home = clss.read("data/demo").case(case)
    actors = home.actors
    actors["place"] = actors["id"].map(wishes).astype("string")
    before, after = sociogenogram(home), sociogenogram(home.with_tables(actors=actors))
    assert after.symbols != before.symbols
    assert sum(crossings(after).values()) <= sum(crossings(before).values())
    assert after.quality["coincidences"] <= before.quality["coincidences"]


def test_at_a_date_what_stays_does_not_move(publication: clss.Records) -> None:
    whole, later = drawn("C1"), sociogenogram(publication.case("C1"), date="2024-06")
    origin = {s.id: s.box for s in whole.symbols if s.kind in ("person", "service", "other", "household")}
    kept = {s.id: s.box for s in later.symbols if s.kind in ("person", "service", "other", "household")}
    assert kept.items() <= origin.items()
    assert any(line.id == "tie-C1-t04" for line in whole.lines)
    assert not any(line.id == "tie-C1-t04" for line in later.lines)
    assert "actor-cpas" in kept  # the other tie to it has no known end
    assert overlaps(later) == strikes(later) == []


def test_a_date_that_is_no_month_is_refused(publication: clss.Records) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        sociogenogram(publication.case("A"), date="2024-13")


def test_nobody_told_is_still_a_picture() -> None:
    layout = sociogenogram(household({}))
    assert overlaps(layout) == []
    assert "ne sont pas dites" in layout.alt


def test_legend_holds_only_what_occurs() -> None:
    words = {" ".join(b.lines) for b in drawn("N").labels if b.id.startswith("legend-")}
    assert "homme" in words
    assert "femme" not in words
    assert "entre ceux qui travaillent ensemble" in words
    assert "entre ceux qui vivent ensemble" not in words


@pytest.mark.parametrize(("kind", "role"), [("step", "descent-step"), ("foster", "descent-chosen"), ("", "descent")])
def test_each_kind_of_filiation_has_its_line(kind: str, role: str) -> None:
    rows: Rows = {"persons": [person("A"), person("B", age="9")], "filiations": child_of("B", "A", kind=kind)}
    layout = sociogenogram(household(rows))
    assert [line.role for line in layout.lines if line.kind == "descent"] == [role]
    words = {" ".join(b.lines) for b in layout.labels if b.id.startswith("legend-")}
    assert ("beau-parent et enfant" in words) == (kind == "step")
    assert ("Beaux-enfants" in layout.description) == (kind == "step")


@pytest.mark.parametrize(("life", "age", "sign"), [("", "", "?"), ("", "40", "40"), ("alive", "", None)])
def test_an_unknown_life_is_neither_a_life_nor_a_death(life: str, age: str, sign: str | None) -> None:
    layout = sociogenogram(household({"persons": [person("A", life=life, age=age)]}))
    signs = [" ".join(each.lines) for each in layout.labels if each.id == "age-person-A"]
    assert signs == ([sign] if sign else [])
    assert "-cross" not in layout.symbols[0].role
    assert ("on ne sait pas si la personne est en vie" in layout.description) == (life == "")
    words = {" ".join(b.lines) for b in layout.labels if b.id.startswith("legend-")}
    assert ("on ne sait pas si la personne est en vie" in words) == (sign == "?")
    assert overlaps(layout) == []


def test_alt_text_says_who_lives_and_works_with_whom(publication: clss.Records) -> None:
    layout = drawn("Y")
    for words in ("vivent ensemble", "Monsieur Y (homme)", "le fils (homme, 14 ans)", "CLTB"):
        assert words in layout.alt
        assert words in layout.description
    assert "Couple : " in layout.description
    assert layout.to_json()["description"] == layout.description
    assert len(layout.alt) < 0.6 * len(layout.description)
    assert {each.id for each in (*layout.symbols, *layout.lines)} - {"legend"} == layout.parts.keys()
    assert layout.alt != layout.caption
    assert "samen" in sociogenogram(publication.case("Y"), lang="nl").alt
    assert "living together" in sociogenogram(publication.case("Y"), lang="en").alt


def test_every_row_drawn_is_named(publication: clss.Records) -> None:
    case = publication.case("Y")
    rows = set(sociogenogram(case).rows)
    for table in ("households", "persons", "couples", "filiations", "ties"):
        assert {(table, name) for name in case.table(table)["id"]} <= rows


def test_credit_source_and_synthetic_mark() -> None:
    layout = sociogenogram(signed(household({"persons": [person("M")]}, synthetic=True)))
    words = [" ".join(label.lines) for label in layout.labels]
    assert any("clinique de concertation (J.-M. Lemaire)" in w for w in words)
    assert any("synthétiques" in w for w in words)
    assert layout.synthetic


def test_hostile_words_stay_words() -> None:
    rows = {"persons": [person("M", label="<script>$x^2$ {0} %s\n\tfin")], "actors": [actor("s", label="{who}")]}
    rows["ties"] = [tie("1", "a:s", "p:M")]
    layout = sociogenogram(household(rows))
    assert "{who}" in layout.description
    assert overlaps(layout) == strikes(layout) == []


def test_the_checker_catches_a_layout_broken_on_purpose() -> None:
    layout = drawn("Y")
    first, second = [s for s in layout.symbols if s.kind == "service"][:2]
    moved = tuple(replace(s, box=first.box) if s.id == second.id else s for s in layout.symbols)
    assert overlaps(replace(layout, symbols=moved))
    arrow = next(n for n in layout.lines if n.kind == "arrow" and n.target.startswith("household"))
    x0, y0, x1, y1 = next(s.box for s in layout.symbols if s.id == "person-Y-4")
    through = replace(arrow, path=(arrow.path[0], ((x0 + x1) / 2, (y0 + y1) / 2)))
    assert (arrow.id, "person-Y-4") in strikes(replace(layout, lines=(*layout.lines, through)))
    label = Label("extra", (x0, y0, x1, y1), ("x",), "figure", 8)
    assert ("person-Y-4", "extra") in overlaps(replace(layout, labels=(*layout.labels, label)))
