"""The boards as drawn: artists carry their record's id, text stands where it was measured, bytes repeat."""

from __future__ import annotations

import io
from dataclasses import replace

import matplotlib as mpl
import pytest
from boards import ACTORS, case_of
from conftest import assert_same_picture
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from records_sample import accepted
from test_figures_measures import MEASURES
from test_layout_boards import COURSE, GRID, TREE

import clss_analysis as clss
from clss_analysis.figures import KINDS, Drawing, draw, save, typeface
from clss_analysis.layout.text import font_file
from clss_analysis.privacy import clear

CASE = accepted(case_of(relevance_nodes=TREE, criteria=GRID, events=COURSE, actors=ACTORS))
BOARDS = ("relevance-tree", "criteria-grid", "trajectory")


@pytest.fixture(params=BOARDS)
def drawing(request) -> Drawing:
    return KINDS[request.param].draw(CASE)


def test_kinds_are_per_case_and_named_as_their_layout(drawing) -> None:
    assert KINDS[drawing.geometry.kind].about.per_case
    assert drawing.geometry.case == "H"


def test_every_symbol_and_edge_is_an_artist_with_its_id(drawing) -> None:
    axes = drawing.axes[0]
    drawn = {artist.get_gid() for artist in (*axes.patches, *axes.lines)}
    assert {item.id for item in (*drawing.geometry.symbols, *drawing.geometry.lines)} <= drawn


def test_text_is_drawn_where_it_was_measured_and_never_below_seven_points(drawing) -> None:
    lines = [(label, line) for label in drawing.geometry.labels for line in label.lines]
    texts = drawing.axes[0].texts
    assert [text.get_text() for text in texts] == [line for _, line in lines]
    with mpl.rc_context({"text.hinting": "none"}):
        drawing.set_dpi(300)
        renderer = FigureCanvasAgg(drawing).get_renderer()
        for text, (label, _) in zip(texts, lines, strict=True):
            assert text.get_fontsize() == label.size >= 7
            extent = text.get_window_extent(renderer)
            left, right = extent.x0 / 300 * 25.4, extent.x1 / 300 * 25.4
            assert label.box[0] - 0.25 <= left
            assert right <= label.box[2] + 0.25


def test_an_edge_ends_at_its_symbols(drawing) -> None:
    boxes = {symbol.id: symbol.box for symbol in drawing.geometry.symbols}
    for line in drawing.geometry.lines:
        for (x, y), name in ((line.path[0], line.source), (line.path[-1], line.target)):
            x0, y0, x1, y1 = boxes[name]
            assert x0 - 0.01 <= x <= x1 + 0.01
            assert y0 - 0.01 <= y <= y1 + 0.01


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_the_same_bytes_twice(drawing, ending, tmp_path) -> None:
    again = KINDS[drawing.geometry.kind].draw(CASE)
    one, two = (
        save(drawing, tmp_path / f"one.{ending}", clear(CASE)),
        save(again, tmp_path / f"two.{ending}", clear(CASE)),
    )
    assert one.read_bytes() == two.read_bytes()


def test_a_drawing_broken_on_purpose_looks_different(drawing, tmp_path) -> None:
    layout = drawing.geometry
    moved = replace(layout.symbols[0], box=tuple(v + 1 for v in layout.symbols[0].box), role="aim")
    broken = draw(replace(layout, symbols=(moved, *layout.symbols[1:])))
    sound = save(drawing, tmp_path / "sound.png", clear(CASE)).read_bytes()
    assert save(broken, tmp_path / "broken.png", clear(CASE)).read_bytes() != sound


@pytest.fixture(scope="module")
def publication():
    return clss.read("data/publication")


def test_every_kind_draws_what_it_is_called(publication) -> None:
    demo = clss.read("data/demo")
    for name, kind in KINDS.items():
        if name == "sociogenogram":
            continue
        case = publication.case("Y" if name == "relevance-tree" else "C1")
        of = case if kind.about.per_case else demo if name in MEASURES else publication
        assert kind.draw(of).geometry.kind == name


@pytest.mark.parametrize("household", ["Y", "C1"])
def test_the_partners_of_one_household_are_its_own(publication, household: str) -> None:
    case = publication.case(household)
    drawn = {row.row for row in clss.figures.partners(case).geometry.rows if row.table == "actors"}
    assert drawn == set(case.actors["id"]) & set(publication.partnerships["actor"])


def test_the_criteria_without_a_household_are_a_figure_of_the_dataset(publication) -> None:
    assert [name for name, kind in KINDS.items() if kind.about.or_dataset] == ["criteria-grid"]
    layout = KINDS["criteria-grid"].draw(publication).geometry
    assert (layout.kind, layout.case) == ("criteria-grid", None)
    assert {row.table for row in layout.rows} == {"programme"}


PICTURES = {
    "T1": ("criteria-grid", "A"),
    "T2": ("relevance-tree", "Y"),
    "F6": ("case-sheet", "C1"),
    "C1-trajectory": ("trajectory", "C1"),
    "F3": ("criteria-grid", None),
    **{kind: (kind, None) for kind, of in KINDS.items() if not of.about.per_case and kind not in MEASURES},
}


@pytest.mark.parametrize("name", [name for name in PICTURES if "mega" not in name])
def test_a_board_of_the_publication_looks_as_it_did(publication, name) -> None:
    kind, case = PICTURES[name]
    assert_same_picture(KINDS[kind].draw(publication.case(case) if case else publication), f"board-{name}")


def test_a_tree_with_shared_actions_and_progress_looks_as_it_did() -> None:
    progress = {"A1": {"progress": "20", "status": "under_way"}, "A2": {"progress": "100"}}
    nodes = [{**row, **progress.get(row["id"], {})} for row in TREE]
    shared = [{"id": "L1", "parent": "O2", "child": "A1"}]
    drawing = KINDS["relevance-tree"].draw(case_of(relevance_nodes=nodes, relevance_links=shared))
    assert_same_picture(drawing, "board-shared")


def test_a_font_in_a_figure_keeps_its_own_date() -> None:
    file = font_file("regular")
    assert TTFont(io.BytesIO(typeface._cut(file, "abc")))["head"].modified == TTFont(file)["head"].modified
