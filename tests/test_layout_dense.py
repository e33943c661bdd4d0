"""Dense households: ties are bundled, nothing covers anything, and no tie is lost."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from functools import cache
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from sociogenogram_cases import Rows, actor, dense, household, person, tie

from clss_analysis.layout.genogram import places
from clss_analysis.layout.genogram.arrows import routing
from clss_analysis.layout.genogram.arrows.apart import moved_apart
from clss_analysis.layout.genogram.arrows.borders import End
from clss_analysis.layout.genogram.arrows.bundles import DENSE, bundled
from clss_analysis.layout.genogram.arrows.obstacles import Ground, hits
from clss_analysis.layout.genogram.arrows.search import Route
from clss_analysis.layout.genogram.arrows.segments import meeting, segments_hit_boxes
from clss_analysis.layout.genogram.arrows.typed_ties import Tie
from clss_analysis.layout.genogram.clusters import clustered, opened
from clss_analysis.layout.genogram.drawing import sociogenogram
from clss_analysis.layout.genogram.family.positions import Family
from clss_analysis.layout.genogram.service_words import Service
from clss_analysis.layout.genogram.surroundings import Surroundings
from clss_analysis.layout.geometry import Layout, Point, overlaps, strikes
from clss_analysis.layout.quality import _obstruction
from clss_analysis.records import Row

MONTH = "2022-08"
FRAMES = {"actor-a": "frame-a", "actor-b": "frame-a", "actor-c": "frame-c", "actor-d": "frame-c"}
INSIDE = frozenset({"person-M", "person-F"})


def one(name: str, source: str, target: str, kind: str = "helps", **told: object) -> Tie:
    """A tie of one row."""
    tie = Tie(name, source, target, kind, 1, 1, "", "", ((True, "", None),), (Row("ties", name),))
    return replace(tie, **told)  # type: ignore[arg-type]  # what the test says


@cache
def drawn() -> Layout:
    """A dense household at a month, laid out once for all tests that look at it."""
    return sociogenogram(dense(2), date=MONTH)


def ends(ties: tuple[Tie, ...]) -> list[tuple[str, str, int, tuple[int, int]]]:
    return [(tie.source, tie.target, tie.lanes, tie.counts) for tie in ties]


def test_ties_of_one_person_to_services_of_one_institution_are_one_arrow_with_their_number() -> None:
    ties = (one("1", "person-M", "actor-a", "calls"), one("2", "person-M", "actor-b", "calls"))
    assert ends(bundled(ties, FRAMES, "", frozenset())) == [("person-M", "frame-a", 1, (2, 0))]
    merged = replace(ties[1], told=2 * ties[1].told, rows=(*ties[1].rows, Row("ties", "3")))
    assert ends(bundled((ties[0], merged), FRAMES, "", frozenset())) == [("person-M", "frame-a", 1, (3, 0))]
    alone = (ties[0], one("2", "person-M", "actor-c", "calls"))
    assert bundled(alone, FRAMES, "", frozenset()) == alone


def test_both_ways_are_two_lanes_each_with_its_number() -> None:
    ties = (
        one("1", "person-M", "actor-a", "calls"),
        one("2", "actor-a", "person-F"),
        one("3", "actor-b", "person-F", lanes=2, back="calls"),
    )
    assert ends(bundled(ties, FRAMES, "home", INSIDE)) == [("home", "frame-a", 2, (2, 2))]


def test_between_two_institutions_there_is_one_arrow_and_within_one_there_are_all() -> None:
    ties = (
        one("1", "actor-a", "actor-c", "working"),
        one("2", "actor-d", "actor-b", "working"),
        one("3", "actor-a", "actor-b", "working"),
    )
    found = bundled(ties, FRAMES, "home", INSIDE)
    assert ends(found) == [("frame-a", "frame-c", 1, (2, 0)), ("actor-a", "actor-b", 1, (0, 0))]
    assert [tie.heads for tie in found] == [2, 1]


def test_a_bundle_says_that_a_tie_in_it_is_tense() -> None:
    ties = (one("1", "actor-a", "person-M", quality="tense"), one("2", "actor-b", "person-M"))
    assert [tie.quality for tie in bundled(ties, FRAMES, "", frozenset())] == ["mixed"]
    both = tuple(replace(tie, quality="tense-undated" if tie.id == "1" else "tense") for tie in ties)
    assert [tie.quality for tie in bundled(both, FRAMES, "", frozenset())] == ["tense"]


def test_services_of_an_institution_stand_in_the_order_in_which_their_ties_cross_least() -> None:
    groups = {"a": "CPAS", "b": "CPAS"}
    services = tuple(Service(name, "service", None, (name,), (), 10.0) for name in "abcd")
    _, clusters = clustered(services, groups)
    family = Family((), (), (), (), (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0), {}, {}, ("", "", 0.0, 0.0))
    cells = {"frame-a": (0.0, 0.0, 29.0, 40.0), "c": (80.0, 0.0, 109.0, 10.0), "d": (80.0, 30.0, 109.0, 40.0)}
    around = Surroundings(160.0, 60.0, family, cells, ())
    for ties, first in (((), "a"), ((("a", "c"), ("b", "d")), "a"), ((("a", "d"), ("b", "c")), "b")):
        page = opened(around, clusters, groups, ties)
        assert min("ab", key=lambda name: page.cells[name][1]) == first


def test_arrows_of_a_dense_month_cross_no_more_than_dot_lets_them() -> None:
    dot = 58  # Graphviz 2.43 with splines: an institution a box with a field for each service, the household a cluster
    assert drawn().quality["crossings"]["arrow-arrow"] <= dot


def test_a_tie_of_unknown_direction_stays_apart() -> None:
    ties = (one("1", "actor-a", "person-M"), one("2", "actor-b", "person-M", "unknown-mixed", heads=0))
    assert bundled(ties, FRAMES, "", frozenset()) == ties


def test_a_dense_month_has_nothing_over_anything_and_every_tie_on_some_arrow() -> None:
    case, layout = dense(2), drawn()
    assert len(case.ties) > DENSE
    assert overlaps(layout) == strikes(layout) == []
    assert layout.quality["coincidences"] == layout.quality["hidden_heads"] == 0
    at = case.ties[case.ties["start"].isna() | (case.ties["start"] <= MONTH)]
    at = at[at["end"].isna() | (at["end"] >= MONTH)]
    told = [row.row for line in layout.lines if line.kind == "arrow" for row in line.rows]
    assert set(told) == set(at["id"])
    assert sum(line.kind == "arrow" for line in layout.lines) < 0.75 * len(at)
    boxes = {symbol.id for symbol in layout.symbols}
    assert {end for line in layout.lines if line.kind == "arrow" for end in (line.source, line.target)} <= boxes
    counts = {b.of: b.text.rstrip("!") for b in layout.labels if b.id.startswith("count-")}
    assert counts
    for line in layout.lines:
        if line.id in counts:
            assert 1 < int(counts[line.id]) <= len(line.rows)
    legend = " ".join(b.text for b in layout.labels if b.of == "legend")
    assert "plusieurs liens en une flèche" in legend
    assert ("l’un au moins est tendu ou rompu" in legend) == any("_mixed" in line.role for line in layout.lines)


def test_row_order_does_not_matter_in_a_dense_picture() -> None:
    case = dense(2)
    turned = {n: case.table(n).iloc[::-1].reset_index(drop=True) for n in ("persons", "actors", "ties")}
    back = sociogenogram(replace(case, **turned), date=MONTH)
    assert json.dumps(drawn().to_json()) == json.dumps(back.to_json())


@pytest.mark.parametrize("seed", [2, 6, 10])
def test_no_line_passes_over_the_head_of_another(seed: int) -> None:
    layout = drawn() if seed == 2 else sociogenogram(dense(seed), date=MONTH)
    lines = [line for line in layout.lines if line.kind == "arrow"]
    for line in lines:
        (x, y), (u, v) = line.path[-1], line.path[-2]
        long = math.dist((x, y), (u, v))
        dx, dy = (u - x) / long, (v - y) / long
        spots = [(x + a * dx + b * dy, y + a * dy - b * dx) for a in (0.8, 1.6, 2.4) for b in (-0.3 * a, 0, 0.3 * a)]
        others = [pair for other in lines if other.id != line.id for pair in pairwise(other.path)]
        assert min(apart(spot, *pair) for spot in spots for pair in others) > 0.2, line.id


def apart(spot: Point, start: Point, stop: Point) -> float:
    """Distance of a point to a segment."""
    (x, y), (u, v), (a, b) = start, stop, spot
    share = ((a - x) * (u - x) + (b - y) * (v - y)) / max((u - x) ** 2 + (v - y) ** 2, 1e-9)
    share = min(1.0, max(0.0, share))
    return math.dist(spot, (x + share * (u - x), y + share * (v - y)))


def test_a_coarse_look_at_boxes_loses_none_that_a_line_passes_through() -> None:
    chance = np.random.default_rng(16)
    start = chance.random((300, 2)) * 1500
    lines = np.hstack([start, start + chance.normal(size=(300, 2)) * 90])
    corner = start + chance.normal(size=(300, 2)) * 40
    boxes = np.hstack([corner, corner + 1e-4 + chance.random((300, 2)) * 30])
    through = segments_hit_boxes(lines, boxes)
    assert 100 < through.sum() < len(lines) * len(boxes) / 10
    assert set(zip(*np.nonzero(through), strict=True)) <= set(zip(*meeting(lines, boxes), strict=True))
    assert hits(lines, boxes).tolist() == through.any(axis=1).tolist()
    beside = np.array([[1500.0001, 0.0, 1500.0001, 9.0]])
    assert len(meeting(beside, np.array([[1500.0001, 9.0, 1501.0, 12.0]]))[0]) == 1
    assert len(meeting(beside, np.array([[1500.5, 0.0, 1501.0, 12.0]]))[0]) == 0


def test_another_month_of_a_household_that_is_laid_out_needs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: Rows = {
        "persons": [person("M"), person("F")],
        "actors": [actor("a"), actor("b")],
        "ties": [tie("1", "a:a", "p:M", start="2021-02"), tie("2", "p:F", "a:b", start="2021-01")],
    }
    first = sociogenogram(household(rows), date="2021-01")
    monkeypatch.setattr(routing, "Search", None)
    monkeypatch.setattr(places, "Ways", None)
    both = sociogenogram(household(rows), date="2021-03")
    assert [line.id for line in first.lines] == ["tie-2"]
    assert {line.id: line.path for line in both.lines}["tie-2"] == first.lines[0].path


def test_an_institution_keeps_its_name_when_its_first_service_has_gone() -> None:
    rows: Rows = {
        "persons": [person("M")],
        "actors": [actor("a", institution="CPAS"), actor("b", institution="CPAS")],
        "ties": [tie("1", "a:a", "p:M", end="2021-03"), tie("2", "a:b", "p:M", start="2021-01")],
    }
    layout = sociogenogram(household(rows), date="2022-01")
    names = [label for label in layout.labels if label.text == "CPAS"]
    assert [label.of for label in names] == ["actor-b"]


def test_arrows_too_near_to_each_other_move_apart_and_nothing_else_moves() -> None:
    boxes = {"a": (0.0, 0.0, 20.0, 10.0), "b": (0.0, 20.0, 20.0, 30.0), "c": (60.0, 0.0, 80.0, 30.0)}
    known = {name: End(name, "rect", box) for name, box in boxes.items()}
    ground = Ground(known, tuple(boxes.items()), (), (), {}, (-20.0, -20.0, 100.0, 60.0), 30.0)
    routes = {"1": Route("1", "a", "c"), "2": Route("2", "b", "c"), "3": Route("3", "a", "c")}
    paths = {
        "1": ((20.0, 5.0), (30.0, 14.0), (50.0, 14.0), (60.0, 14.0)),
        "2": ((20.0, 25.0), (30.0, 14.4), (50.0, 14.4), (60.0, 14.4)),
        "3": ((20.0, 2.5), (60.0, 2.5)),
    }
    found = moved_apart(paths, {"1", "2"}, routes, ground)
    assert found.keys() == {"1", "2"}
    for (_, upper), (_, lower) in zip(found["1"][1:], found["2"][1:], strict=True):
        assert lower - upper > 1.3
    assert (found["1"][0], found["2"][0]) == (paths["1"][0], paths["2"][0])
    assert found["1"][-1][0] == found["2"][-1][0] == 60.0
    assert moved_apart(paths, {"3"}, routes, ground) == {"3": paths["3"]}


def test_the_bound_of_crossings_takes_out_what_networkx_does() -> None:
    """The same lines as its counterexample has, and of those none is too many."""
    for seed in range(8):
        chance = random.Random(seed)
        pairs = {tuple(sorted(chance.sample(range(14), 2))) for _ in range(48)}
        graph = nx.Graph(sorted(pairs))
        planar, proof = nx.check_planarity(graph, counterexample=True)
        found = _obstruction(graph)
        assert not planar
        assert {frozenset(line) for line in found} == {frozenset(line) for line in proof.edges}
