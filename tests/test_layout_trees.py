"""Relevance trees of any real size: fewest crossings proven, pages that hold, the order of the tree kept."""

from __future__ import annotations

import json
from itertools import combinations, pairwise, permutations

import pytest
from boards import Tables, case_of, relevance_tree, woven
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import accepted
from test_layout_boards import (
    TREE,
    assert_sound,
    crossings,
    labels_outside_their_symbol,
    through_foreign_nodes,
)

from clss_analysis.figures import relevance_tree as drawn
from clss_analysis.figures.convert import convert_files
from clss_analysis.layout import Layout
from clss_analysis.layout.geometry import crossings as crossed
from clss_analysis.layout.kinds.relevance_tree import lay_out as relevance_tree_pages
from clss_analysis.layout.page import ROOM
from clss_analysis.layout.two_rows import count, fewest_crossings
from clss_analysis.runs.figure_files import keep

FEW = settings(max_examples=12)
SHARED = [{"id": "L1", "parent": "O2", "child": "A1"}]


@st.composite
def rows_of_two(draw: st.DrawFn, upper: int, lower: int) -> tuple[int, list[frozenset[int]]]:
    above = draw(st.integers(1, upper))
    near = st.frozensets(st.integers(0, above - 1), min_size=1, max_size=above)
    return above, draw(st.lists(near, max_size=lower))


@given(rows=rows_of_two(4, 5))
@settings(max_examples=80)
def test_no_orders_of_two_small_rows_have_fewer_crossings(rows) -> None:
    above, near = rows
    found = fewest_crossings(above, near)
    every = [
        count(upper, lower, near) for upper in permutations(range(above)) for lower in permutations(range(len(near)))
    ]
    assert found.proven
    assert found.crossings == min(every) == count(found.upper, found.lower, near)
    fixed = fewest_crossings(above, near, movable=False)
    assert fixed.upper == tuple(range(above))
    assert fixed.crossings == min(count(fixed.upper, lower, near) for lower in permutations(range(len(near))))
    if every[0] == min(every):
        assert (found.upper, found.lower) == (tuple(range(above)), tuple(range(len(near))))


@given(rows=rows_of_two(8, 60))
@FEW
def test_the_rows_of_a_whole_tree_are_proven_too(rows) -> None:
    above, near = rows
    near = [frozenset(sorted(each)[:3]) for each in near]
    found = fewest_crossings(above, near)
    assert found.proven
    assert sorted(found.upper) == list(range(above))
    assert sorted(found.lower) == list(range(len(near)))
    assert found.crossings == count(found.upper, found.lower, near)
    assert found.crossings <= count(range(above), range(len(near)), near)


def test_wishes_that_run_in_a_circle_are_settled_exactly() -> None:
    near = [frozenset(each) for each in ({0, 5}, {1, 2, 7}, {3, 4}, {0, 1, 6}, {2, 3, 7})]
    found = fewest_crossings(8, near, movable=False)
    assert found.crossings == min(count(range(8), lower, near) for lower in permutations(range(5)))


def tree_order(tables: Tables) -> list[str]:
    """Ids depth first: by the order among those that hang on the same node, objectives before means."""
    rank = {"aim": 0, "objective": 1, "action": 2, "means": 3}
    nodes = sorted(tables["relevance_nodes"], key=lambda row: (rank[row["level"]], row["order"], row["id"]))

    def below(parent: str | None) -> list[str]:
        return [name for row in nodes if row.get("parent") == parent for name in (row["id"], *below(row["id"]))]

    return below(None)


def assert_page(layout: Layout, tables: Tables) -> None:
    assert_sound(layout)
    assert labels_outside_their_symbol(layout) == []
    assert through_foreign_nodes(layout) == []
    shown = [symbol.id for symbol in layout.symbols]
    assert shown == [name for name in tree_order(tables) if name in shown]
    boxes = {symbol.id: symbol.box for symbol in layout.symbols}
    for line in layout.lines:
        (x0, y0), (x1, y1) = line.path[0], line.path[-1]
        assert x0 == pytest.approx(boxes[line.source][2])
        assert x1 == pytest.approx(boxes[line.target][0])
        assert boxes[line.source][1] < y0 < boxes[line.source][3]
        assert boxes[line.target][1] < y1 < boxes[line.target][3]
        assert all(a[0] <= b[0] for a, b in pairwise(line.path))
    if tables["relevance_links"]:
        assert sum(crossed(layout).values()) == layout.quality["crossings"]
    else:
        assert crossings(layout.lines) == []
        assert layout.quality["crossings"] == 0
        for level in ("objective", "action"):
            tops = [symbol.box[1] for symbol in layout.symbols if symbol.role == level]
            assert tops == sorted(tops)


@given(tables=st.one_of(woven(), woven(links=0)), lang=st.sampled_from(["fr", "nl", "en"]))
@FEW
def test_every_page_of_any_tree_is_sound_and_holds(tables, lang) -> None:
    pages = relevance_tree_pages(case_of(**tables).in_language(lang))
    parts: list[str] = []
    for number, layout in enumerate(pages, start=1):
        assert_page(layout, tables)
        single = [symbol for symbol in layout.symbols if symbol.role in ("action", "means")]
        assert layout.height <= ROOM[layout.width] or len(single) < 2
        assert layout.quality["proven"]
        assert (f"({number}/{len(pages)})" in layout.title) == (len(pages) > 1)
        parts += [symbol.id for symbol in single]
    ids = [row["id"] for row in tables["relevance_nodes"]]
    assert sorted(parts) == sorted(name for name in ids if name[0] in "AM")
    assert {symbol.id for layout in pages for symbol in layout.symbols} == set(ids)
    edges = {(line.source, line.target) for layout in pages for line in layout.lines}
    hung = {(row["parent"], row["id"]) for row in tables["relevance_nodes"] if row.get("parent")}
    assert edges == hung | {(row["parent"], row["child"]) for row in tables["relevance_links"]}
    if not tables["relevance_links"]:
        assert parts == [name for name in tree_order(tables) if name in parts]


@given(tables=woven(objectives=4, actions=5, links=4))
@FEW
def test_a_small_tree_has_the_fewest_crossings_of_all_orders(tables) -> None:
    layout = relevance_tree(case_of(**tables))
    assert_page(layout, tables)
    nodes = {row["id"]: row for row in tables["relevance_nodes"]}
    actions = [name for name in nodes if name[0] == "A"]
    objectives = [name for name in nodes if name[0] == "O"]
    near = [
        frozenset(
            objectives.index(up)
            for up in [nodes[a]["parent"], *(k["parent"] for k in tables["relevance_links"] if k["child"] == a)]
        )
        for a in actions
    ]
    every = (
        count(upper, lower, near)
        for upper in permutations(range(len(objectives)))
        for lower in permutations(range(len(actions)))
    )
    assert layout.quality["crossings"] == min(every)


def test_a_tree_without_need_keeps_its_order_and_says_when_it_does_not() -> None:
    kept = relevance_tree(case_of(relevance_nodes=TREE, relevance_links=[{**SHARED[0], "child": "A2"}]))
    tops = {symbol.id: symbol.box[1] for symbol in kept.symbols}
    assert tops["A1"] < tops["A2"] < tops["A3"]
    notes = [" ".join(text.lines) for text in kept.labels]
    assert not any("s’écarte" in note for note in notes)
    moved = relevance_tree(case_of(relevance_nodes=TREE, relevance_links=SHARED))
    tops = {symbol.id: symbol.box[1] for symbol in moved.symbols}
    assert tops["A2"] < tops["A1"] < tops["A3"]
    assert any("s’écarte" in " ".join(text.lines) for text in moved.labels)
    assert "sert aussi l’objectif 2" in moved.alt
    assert [line.rows[0].row for line in moved.lines if line.role == "branch-shared"] == ["L1"]


def test_progress_and_relevance_are_shown_where_they_are_told() -> None:
    numbers = {"O1": {"relevance": "0.65"}, "O2": {"relevance": "0.35"}, "A2": {"progress": "40"}}
    case = case_of(relevance_nodes=[{**row, **numbers.get(row["id"], {})} for row in TREE])
    layout = relevance_tree(case)
    texts = {text.id: " ".join(text.lines) for text in layout.labels}
    assert texts["O1-note"] == "pertinence 0,65"
    assert texts["A2-note"] == "✓ faite · 40\u202f%"
    assert "A1-note" not in texts
    whole, done = (next(mark for mark in layout.marks if mark.role == r) for r in ("progress-all", "progress"))
    long, short = (mark.path[1][0] - mark.path[0][0] for mark in (whole, done))
    assert short == pytest.approx(0.4 * long)
    box = next(symbol.box for symbol in layout.symbols if symbol.id == "A2")
    assert all(box[0] < x < box[2] and box[1] < y < box[3] for x, y in whole.path)
    assert "relevance 0.65" in " ".join(relevance_tree(case.in_language("en")).alt.split())


@pytest.mark.parametrize(
    "link",
    [
        {"parent": "B", "child": "A1"},
        {"parent": "O1", "child": "A1"},
        {"parent": "O2", "child": "M1"},
        {"parent": "O2", "child": "nowhere"},
    ],
)
def test_a_link_that_is_none_is_refused(link) -> None:
    with pytest.raises(ValueError, match="relevance_links"):
        relevance_tree(case_of(relevance_nodes=TREE, relevance_links=[{"id": "L", **link}]))
    twice = [{**SHARED[0]}, {**SHARED[0], "id": "L2"}]
    with pytest.raises(ValueError, match="twice"):
        relevance_tree(case_of(relevance_nodes=TREE, relevance_links=twice))


def tall() -> Tables:
    nodes = [{"id": "B", "level": "aim", "order": 1, "label": "retrouver un logement sain"}]
    nodes += [{"id": f"O{i}", "level": "objective", "parent": "B", "order": i, "label": "vivre"} for i in range(1, 4)]
    nodes += [
        {
            "id": f"A{i:02d}",
            "level": "action",
            "parent": f"O{1 + (i > 29) + (i > 32)}",
            "order": i + 1,
            "label": "écrire " * 12,
        }
        for i in range(36)
    ]
    return {"relevance_nodes": nodes, "relevance_links": []}


def test_an_objective_that_goes_on_says_so_on_both_pages() -> None:
    first, second, *_ = relevance_tree_pages(case_of(**tall()))
    notes = [{text.of: " ".join(text.lines) for text in page.labels if "-note" in text.id} for page in (first, second)]
    both = set(notes[0]) & set(notes[1])
    assert both
    for name in both:
        assert notes[0][name] == "se poursuit page 2"
        assert notes[1][name].startswith("suite de la page 1")


def test_all_pages_are_kept_each_as_a_figure_of_its_own(tmp_path) -> None:
    case = accepted(case_of(**tall()))
    drawing = drawn(case)
    pages = 1 + len(drawing.following)
    assert pages > 1
    text = keep(drawing, str(tmp_path), records=case).data
    convert_files((tmp_path / "figures").glob("*.svg"))
    names = ["H-relevance-tree", *(f"H-relevance-tree-{n}" for n in range(2, pages + 1))]
    assert text.count("![") == pages
    assert (tmp_path / "figures" / "H-relevance-tree.md").read_text(encoding="utf-8").strip() == text.strip()
    shown: list[str] = []
    for name in names:
        about = json.loads((tmp_path / "figures" / f"{name}.json").read_text(encoding="utf-8"))
        assert about["id"] == name
        assert f"#fig-{name.lower()}" in text
        shown += [row["row"] for row in about["rows"] if row["row"].startswith("A")]
        assert all((tmp_path / "figures" / f"{name}.{ending}").is_file() for ending in ("svg", "pdf", "png"))
    assert sorted(shown) == [f"A{i:02d}" for i in range(36)]
    alts = [page.geometry.alt for page in (drawing, *drawing.following)]
    assert all(a != b for a, b in combinations(alts, 2))
