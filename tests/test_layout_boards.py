"""The boards' geometry: nothing overlaps, every text fits, reading order holds, and a broken layout is caught."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from boards import ACTORS, case_of, courses, grids, relevance_tree, trees
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import signed

import clss_analysis as clss
from clss_analysis.layout import Layout, NothingToDrawError
from clss_analysis.layout.geometry import Box, Line, overlaps
from clss_analysis.layout.kinds import (
    axes,
    case_sheet,
    collective,
    consequences,
    criteria_grid,
    initiatives,
    partners,
    phasing,
    process,
    strengths,
    synoptic,
    testimonies,
    trajectory,
)
from clss_analysis.layout.kinds.criteria_grid import verdict_sentence
from clss_analysis.layout.kinds.trajectory import _CLASSES
from clss_analysis.layout.text import text_width
from clss_analysis.records import Row, codes, intake_verdict, label, message
from clss_analysis.records.schema import table_names

BOARDS = (relevance_tree, criteria_grid.lay_out, trajectory.lay_out)
MODEST = settings(max_examples=25)
TREE = [
    {"id": "B", "level": "aim", "order": 1, "label": "retrouver un logement sain"},
    {"id": "O1", "level": "objective", "parent": "B", "order": 1, "label": "éviter la rue"},
    {"id": "O2", "level": "objective", "parent": "B", "order": 2, "label": "retrouver la sérénité"},
    {"id": "A1", "level": "action", "parent": "O1", "order": 1, "label": "demander un logement de transit"},
    {"id": "A2", "level": "action", "parent": "O1", "order": 2, "label": "chercher un logement", "status": "done"},
    {"id": "A3", "level": "action", "parent": "O2", "order": 1, "label": "un psychologue", "reading": "true"},
    {"id": "M1", "level": "means", "parent": "B", "order": 1, "label": "rencontres hebdomadaires"},
]
GRID = [
    {"id": "k1", "criterion": "psychological_impact", "met": "true", "evidence": "angoisse"},
    {"id": "k2", "criterion": "other_domains", "met": "true"},
    {"id": "k3", "criterion": "isolation", "met": "false"},
]
COURSE = [
    {"id": "e1", "order": 1, "month": "2023-11", "kind": "contact", "lane": "support", "label": "première rencontre"},
    {"id": "e2", "order": 2, "month": "2024-02", "kind": "eviction", "lane": "housing", "label": "expulsion"},
    {"id": "e3", "order": 3, "kind": "rehousing", "lane": "housing", "label": "relogement", "actor": "short"},
]


def everything(*, synthetic: bool = False):
    return case_of(synthetic=synthetic, relevance_nodes=TREE, criteria=GRID, events=COURSE, actors=ACTORS)


def assert_sound(layout: Layout) -> None:
    """What holds for every board."""
    assert overlaps(layout) == []
    names = [item.id for item in (*layout.symbols, *layout.lines, *layout.labels)]
    assert len(names) == len(set(names))
    page = (0.0, 0.0, layout.width, layout.height)
    for item in (*layout.symbols, *layout.labels):
        assert inside(item.box, page), item.id
    owners = {symbol.id for symbol in layout.symbols} | {"figure"}
    for text in layout.labels:
        assert text.of in owners
        assert text.size >= 7
        assert max(text_width(line, text.size, text.face) for line in text.lines) <= text.box[2] - text.box[0] + 0.01
    assert len(layout.rows) == len(set(layout.rows))
    assert layout.alt != layout.caption
    assert layout.source in [" ".join(text.lines) for text in layout.labels if text.id == "source"]


def inside(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0] - 0.01
        and inner[1] >= outer[1] - 0.01
        and inner[2] <= outer[2] + 0.01
        and inner[3] <= outer[3] + 0.01
    )


def labels_outside_their_symbol(layout: Layout) -> list[str]:
    boxes = {symbol.id: symbol.box for symbol in layout.symbols}
    return [text.id for text in layout.labels if text.of in boxes and not inside(text.box, boxes[text.of])]


def crossings(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    """Pairs of edges of different parents that touch anywhere (all segments lie along an axis)."""

    def touch(a: Line, b: Line) -> bool:
        for p, q in pairwise(a.path):
            for r, s in pairwise(b.path):
                if all(
                    min(p[i], q[i]) <= max(r[i], s[i]) + 1e-9 and min(r[i], s[i]) <= max(p[i], q[i]) + 1e-9
                    for i in (0, 1)
                ):
                    return True
        return False

    return [(a.id, b.id) for a, b in combinations(lines, 2) if a.source != b.source and touch(a, b)]


def through_foreign_nodes(layout: Layout) -> list[tuple[str, str]]:
    return [
        (line.id, node.id)
        for line in layout.lines
        for node in layout.symbols
        if node.id not in (line.source, line.target) and node.kind == "node"
        for p, q in pairwise(line.path)
        if min(p[0], q[0]) < node.box[2]
        and max(p[0], q[0]) > node.box[0]
        and min(p[1], q[1]) < node.box[3]
        and max(p[1], q[1]) > node.box[1]
    ]


@given(rows=trees(), width=st.sampled_from([None, 160.0, 240.0]))
@MODEST
def test_any_tree_is_sound(rows, width) -> None:
    layout = relevance_tree(case_of(relevance_nodes=rows), width=width)
    assert_sound(layout)
    assert labels_outside_their_symbol(layout) == []
    assert crossings(layout.lines) == []
    assert through_foreign_nodes(layout) == []
    boxes = {symbol.id: symbol.box for symbol in layout.symbols}
    for line in layout.lines:
        (x0, y0), (x1, y1) = line.path[0], line.path[-1]
        assert x0 == pytest.approx(boxes[line.source][2])
        assert boxes[line.source][1] < y0 < boxes[line.source][3]
        assert x1 == pytest.approx(boxes[line.target][0])
        assert boxes[line.target][1] < y1 < boxes[line.target][3]
    assert len(layout.lines) == len(rows) - 1
    assert {row.row for row in layout.rows if row.table == "relevance_nodes"} == {row["id"] for row in rows}


@given(rows=trees(objectives=4, actions=4))
@MODEST
def test_a_tree_reads_in_its_order_whatever_the_order_of_rows(rows) -> None:
    layout = relevance_tree(case_of(relevance_nodes=rows))
    assert layout == relevance_tree(case_of(relevance_nodes=sorted(rows, key=lambda row: row["id"])))
    for level in ("objective", "action"):
        tops = [symbol.box[1] for symbol in layout.symbols if symbol.role == level]
        assert tops == sorted(tops)
    lowest = max((s.box[3] for s in layout.symbols if s.role in ("objective", "action")), default=0)
    band = [s for s in layout.symbols if s.role == "means" and s.id.startswith("M")]
    assert all(symbol.box[1] > lowest for symbol in band)


def test_a_tree_of_sixty_actions_grows_and_never_shrinks_its_text() -> None:
    def tree(actions: int) -> Layout:
        nodes = [{"id": "B", "level": "aim", "order": 1, "label": "un but"}]
        nodes += [
            {"id": f"O{i}", "level": "objective", "parent": "B", "order": i, "label": "objectif"} for i in range(1, 9)
        ]
        nodes += [
            {
                "id": f"A{i:02d}",
                "level": "action",
                "parent": f"O{i % 8 + 1}",
                "order": i + 1,
                "label": "une action " * 6,
            }
            for i in range(actions)
        ]
        return relevance_tree(case_of(relevance_nodes=nodes), width=160)

    heights = [tree(n).height for n in range(0, 61, 6)]
    assert heights == sorted(heights)
    assert heights[-1] < 60 * 14 + 60
    assert min(text.size for text in tree(60).labels) >= 7


def test_a_broken_tree_is_caught() -> None:
    layout = relevance_tree(everything())
    first, second, *rest = layout.symbols
    assert overlaps(replace(layout, symbols=(first, replace(second, box=first.box), *rest)))
    swapped = {"A2": "A3", "A3": "A2"}
    ends = {line.target: line.path[-1] for line in layout.lines}
    tangled = tuple(
        replace(line, path=(*line.path[:-2], (line.path[-2][0], ends[t][1]), ends[t]))
        if (t := swapped.get(line.target))
        else line
        for line in layout.lines
    )
    assert crossings(layout.lines) == []
    assert crossings(tangled)


def test_nodes_that_hang_wrong_are_refused() -> None:
    for parent in ("A2", "nowhere", "A1"):
        rows = [*TREE[:3], {**TREE[3], "parent": parent}, *TREE[4:]]
        with pytest.raises(ValueError, match="higher level"):
            relevance_tree(case_of(relevance_nodes=rows))


@given(rows=grids(), lang=st.sampled_from(["fr", "nl", "en"]))
@MODEST
def test_any_grid_is_sound_and_says_the_verdict(rows, lang) -> None:
    case = case_of(criteria=rows)
    layout = criteria_grid.lay_out(case.in_language(lang))
    assert_sound(layout)
    assert labels_outside_their_symbol(layout) == []
    texts = {text.id: " ".join(text.lines) for text in layout.labels}
    assert texts["verdict-text"] == verdict_sentence(intake_verdict(case.criteria), lang)
    answers = {row["criterion"]: row["met"] for row in rows}
    words = {"true": "yes", "false": "no", None: "not_told"}
    for code in codes("criterion"):
        assert texts[f"{code}-keyword-text"] == label("criterion_keyword", code, lang)
        assert texts[f"{code}-met-text"] == message(words[answers.get(code)], lang)
        assert label("criterion", code, lang) in layout.alt
    assert layout == criteria_grid.lay_out(case_of(criteria=rows[::-1]).in_language(lang))


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_the_five_criteria_stand_with_keyword_question_and_rule_and_no_answer(publication, lang) -> None:
    for records in (publication, publication.with_tables(programme=publication.programme.iloc[:0])):
        layout = criteria_grid.lay_out(records.in_language(lang))
        assert_sound(layout)
        assert labels_outside_their_symbol(layout) == []
        texts = {text.id: " ".join(text.lines) for text in layout.labels}
        for code in codes("criterion"):
            assert texts[f"{code}-keyword-text"] == label("criterion_keyword", code, lang)
            assert message(f"criteria_grid.question.{code}", lang) == texts[f"{code}-question-text"]
        assert {name for name in texts if name.startswith("rule-") and name.endswith("-text")} == {
            f"rule-{n}-text" for n in (1, 2, 3)
        }
        assert not any(mark.role.startswith("met-") for mark in layout.marks)
        told = not records.programme.empty
        assert [row.row for row in layout.rows] == (["rule1", "rule2", "rule3"] if told else [])


def test_unknown_is_neither_yes_nor_no() -> None:
    layout = criteria_grid.lay_out(everything())
    texts = {text.id: " ".join(text.lines) for text in layout.labels}
    assert texts["psychological_impact-met-sign"] == "✓"
    assert texts["isolation-met-sign"] == "✗"
    assert texts["eviction-met-sign"] == "?"
    assert "non dits" in texts["verdict-text"]


@given(rows=courses())
@MODEST
def test_any_trajectory_is_sound(rows) -> None:
    layout = trajectory.lay_out(case_of(events=rows, actors=ACTORS))
    assert_sound(layout)
    signs = [symbol for symbol in layout.symbols if symbol.kind == "node"]
    assert [sign.id for sign in signs] == sorted(row["id"] for row in rows)
    assert all(a.box[3] < b.box[1] for a, b in pairwise(signs))
    assert [(line.source, line.target) for line in layout.lines] == [(a.id, b.id) for a, b in pairwise(signs)]
    boxes = {sign.id: sign.box for sign in signs}
    for line in layout.lines:
        assert line.path[0][1] == pytest.approx(boxes[line.source][3])
        assert line.path[-1][1] == pytest.approx(boxes[line.target][1])
        assert all(a[1] <= b[1] for a, b in pairwise(line.path))
    lanes = {row["id"]: row["lane"] for row in rows}
    middles = {sign.id: (sign.box[0] + sign.box[2]) / 2 for sign in signs}
    for a, b in combinations(signs, 2):
        same = lanes[a.id] == lanes[b.id]
        assert (middles[a.id] == pytest.approx(middles[b.id])) == same
    assert layout == trajectory.lay_out(case_of(events=rows[::-1], actors=ACTORS))


def test_a_trajectory_says_which_months_are_known() -> None:
    layout = trajectory.lay_out(everything())
    texts = {text.id: " ".join(text.lines) for text in layout.labels}
    assert texts["e1-month"] == "nov.\u00a02023"
    assert texts["e1-gap"] == "+ 3 mois"
    assert texts["e3-month"] == "mois non dit"
    assert [mark.role for mark in layout.marks if mark.role.startswith("axis")] == ["axis", "axis-order"]
    assert any("seul l’ordre" in text for text in texts.values())
    undated = trajectory.lay_out(case_of(events=[{**row, "month": None, "actor": None} for row in COURSE]))
    assert [t.lines for t in undated.labels if t.id.endswith("-month")] == [("1",), ("2",), ("3",)]
    assert "L’ordre est connu, les mois ne sont pas dits." in undated.alt


def test_every_kind_of_event_has_a_sign() -> None:
    assert sorted(kind for kinds in _CLASSES.values() for kind in kinds) == sorted(codes("event_kind"))


@pytest.mark.parametrize("board", BOARDS)
def test_words_of_ours_follow_the_language_and_record_text_stays(board) -> None:
    case = everything()
    layouts = {lang: board(case.in_language(lang)) for lang in ("fr", "nl", "en")}
    assert len({layout.title for layout in layouts.values()}) == 3
    for lang, layout in layouts.items():
        assert layout.source == message("source", lang, what="Essai, chapitre VI")
        assert any("angoisse" in t or "logement" in t for text in layout.labels for t in text.lines)


@pytest.mark.parametrize("board", BOARDS)
def test_synthetic_is_always_marked(board) -> None:
    banner = [text for text in board(signed(everything(synthetic=True))).labels if text.id == "banner"]
    assert [text.lines for text in banner] == [(message("synthetic", "fr"),)]
    for other in (everything(), everything(synthetic=True)):
        assert not [text for text in board(other).labels if text.id == "banner"]


@pytest.mark.parametrize("board", BOARDS)
def test_nothing_to_draw_says_so(board) -> None:
    with pytest.raises(NothingToDrawError, match="Madame Essai"):
        board(case_of())


@pytest.fixture(scope="module")
def publication():
    return clss.read("data/publication")


@pytest.mark.parametrize("board", BOARDS)
def test_the_publication_fits_the_page(board, publication) -> None:
    drawn = 0
    for household in publication.households["id"]:
        for lang in ("fr", "nl", "en"):
            try:
                layout = board(publication.case(household).in_language(lang))
            except NothingToDrawError:
                continue
            assert_sound(layout)
            assert layout.width == 160
            assert layout.height <= 225
            drawn += 1
    assert drawn >= 3


def test_a_reading_is_marked(publication) -> None:
    layout = relevance_tree(publication.case("Y"))
    heads = {text.id: text.lines[0] for text in layout.labels if text.id.startswith("head-")}
    assert heads["head-action"] == "Actions\u00a0†"
    assert heads["head-objective"] == "Objectifs"
    assert any(text.lines[0].startswith("† interprétation") for text in layout.labels)
    assert Row("households", "Y") in layout.rows


DATASET = (
    axes.lay_out,
    collective.lay_out,
    consequences.lay_out,
    initiatives.lay_out,
    partners.lay_out,
    phasing.lay_out,
    process.lay_out,
    strengths.lay_out,
    synoptic.lay_out,
    testimonies.lay_out,
)


def every_table(records, change):
    return records.with_tables(**{name: change(records.table(name)) for name in table_names()})


@pytest.mark.parametrize("board", DATASET)
def test_a_figure_of_the_dataset_is_sound_in_every_language_and_fits_the_page(board, publication) -> None:
    for lang in ("fr", "nl", "en"):
        layout = board(publication.in_language(lang))
        assert_sound(layout)
        assert labels_outside_their_symbol(layout) == []
        assert layout.case is None
        assert layout.rows
        assert layout.height <= 225
    shuffled = every_table(publication, lambda frame: frame.sample(frac=1, random_state=7).reset_index(drop=True))
    assert board(shuffled) == board(publication)
    with pytest.raises(NothingToDrawError):
        board(case_of())


@pytest.mark.parametrize("board", DATASET)
def test_long_words_stay_inside_a_figure_of_the_dataset(board, publication) -> None:
    def longer(frame):
        texts = [name for name in ("label", "detail", "text", "purpose", "limit", "speaker") if name in frame]
        return frame.assign(**{name: frame[name] + " $\\frac{1}$ <b>" + "interminablement" * 6 for name in texts})

    layout = board(every_table(publication, longer))
    assert_sound(layout)
    assert labels_outside_their_symbol(layout) == []


def test_a_case_sheet_tells_all_and_says_what_is_not_told(publication) -> None:
    drawn = []
    for household in publication.households["id"]:
        try:
            layout = case_sheet.lay_out(publication.case(household))
        except NothingToDrawError:
            continue
        assert_sound(layout)
        assert layout.height <= 225
        assert {row.table for row in layout.rows} <= {"households", "criteria", "events", "case_notes"}
        drawn.append(household)
    assert {"A", "C1", "Y"} <= set(drawn)
    empty = case_sheet.lay_out(case_of(criteria=GRID))
    untold = [text.id for text in empty.labels if text.lines == (message("not_told"),)]
    assert {"fact-income-text", "battle-untold", "stages-untold", "network-untold"} <= set(untold)


def test_a_paraphrase_never_stands_between_guillemets() -> None:
    statement = {"id": "s", "speaker": "Une dame", "context": "individual", "text": "Je respire."}
    for wording, expected in (("paraphrase", "Je respire."), ("verbatim", "«\u202fJe respire.\u202f»")):
        layout = testimonies.lay_out(case_of(statements=[{**statement, "wording": wording}]))
        assert next(text.lines for text in layout.labels if text.id == "s-text") == (expected,)


def test_an_open_phase_runs_to_the_end_of_the_axis(publication) -> None:
    layout = phasing.lay_out(publication)
    bars = [mark for mark in layout.marks if mark.role == "bar-open"]
    assert bars
    assert all(mark.path[1][0] == pytest.approx(layout.width - 3) for mark in bars)
