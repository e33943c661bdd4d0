"""The mega-sociogenogram: what is counted, what is withheld, and that nothing touches what it must not."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clss_analysis as clss
from clss_analysis.layout import NothingToDrawError
from clss_analysis.layout.geometry import crossings, overlaps, strikes
from clss_analysis.layout.kinds.mega_sociogenogram import lay_out as mega_sociogenogram
from clss_analysis.layout.mega.order import _costing, flat, ring_order
from clss_analysis.layout.mega.quality import judge
from clss_analysis.layout.mega.tracks import buses
from clss_analysis.measures import tie_network
from clss_analysis.measures.ties import HOME, OTHERS
from clss_analysis.records import Records, codes
from clss_analysis.records.columns import typed
from clss_analysis.records.schema import fields, table_names
from clss_analysis.runs import show


def dataset(ties: list[dict[str, Any]], *, scope: str = "told", actors: list[dict[str, Any]] | None = None) -> Records:
    """A dataset with these ties; its services are those they name, its households released as `scope` says."""
    named = sorted({str(t[end]) for t in ties for end in ("from_actor", "to_actor") if t.get(end)})
    homes = sorted({str(t["household"]) for t in ties})
    rows: dict[str, list[dict[str, Any]]] = {
        "consents": [{"id": "c", "scope": scope}],
        "households": [{"id": h, "label": f"Ménage {h}", "consent": "c"} for h in homes],
        "actors": actors or [{"id": a, "label": f"Service {a}", "kind": "service", "sector": "social"} for a in named],
        "ties": [{"id": f"t{n}", "direction": "one_way", **tie} for n, tie in enumerate(ties)],
    }
    tables = {}
    for name in table_names():
        columns = [str(field["name"]) for field in fields(name)]
        told = {**dict.fromkeys(columns, ""), "source": "essai", "reading": "false"}
        cells = [{**told, **row} for row in rows.get(name, [])]
        tables[name] = typed(pd.DataFrame(cells, columns=columns, dtype=object), name)
    return Records(name="essai", title="Essai", synthetic=False, sha256="", source="Essai", **tables)


def many(services: int, households: int, seed: int) -> Records:
    """Services in sectors and institutions, each household tied to some, some of these to each other."""
    rng = random.Random(seed)
    actors = [
        {
            "id": f"s{n}",
            "label": rng.choice(["Service social", "Maison médicale du quartier", "ÉCOLE", "Permanence"]) + f" {n}",
            "kind": rng.choice(["service", "service", "professional"]),
            "sector": rng.choice([*codes("sector"), ""]),
            "institution": rng.choice(["", "", "La Maison", "L’Association"]),
        }
        for n in range(services)
    ]
    ties = []
    for h in range(households):
        some = sorted(rng.sample(range(services), min(services, rng.randint(1, 6))))
        for n in some:
            end = rng.choice(["from_actor", "to_actor"])
            way = rng.choice(["one_way", "two_way", "unknown"])
            ties.append({"household": f"h{h}", end: f"s{n}", "direction": way})
        for a, b in combinations(some, 2):
            if rng.random() < 0.4:
                way = rng.choice(["one_way", "two_way", "unknown"])
                ties.append({"household": f"h{h}", "from_actor": f"s{a}", "to_actor": f"s{b}", "direction": way})
    return dataset(ties, actors=actors)


@pytest.fixture(scope="module")
def publication() -> Records:
    return clss.read("data/publication")


@pytest.fixture(scope="module")
def large() -> Records:
    return many(300, 600, 7)


def counted(network, kind: str, a: str, b: str) -> int:
    links = network.links
    found = links[(links["kind"] == kind) & (links["a"] == a) & (links["b"] == b)]
    return int(found["households"].iloc[0]) if len(found) else 0


def test_a_tie_is_counted_once_a_household_and_a_mutual_one_both_ways() -> None:
    ties = [
        {"household": "h1", "from_actor": "x"},
        {"household": "h1", "from_actor": "x"},
        {"household": "h2", "from_actor": "x", "direction": "two_way"},
        {"household": "h2", "from_actor": "y", "to_actor": "x"},
        {"household": "h3", "from_actor": "x", "to_actor": "y"},
        {"household": "h3", "from_actor": "x", "direction": "unknown"},
    ]
    network = tie_network(dataset(ties))
    assert counted(network, "helps", "x", HOME) == 2
    assert counted(network, "calls", HOME, "x") == 1
    assert counted(network, "working", "x", "y") == 2
    assert counted(network, "unknown-mixed", HOME, "x") == 1
    working = network.links[network.links["kind"] == "working"].iloc[0]
    assert (working["there"], working["back"]) == (True, True)
    assert network.actors["households"].to_dict() == {"x": 3, "y": 2}


def test_other_persons_are_one_and_ties_within_a_household_are_none() -> None:
    actors = [
        {"id": "x", "label": "Service", "kind": "service"},
        {"id": "o1", "label": "Voisine", "kind": "other_person", "household": "h1"},
        {"id": "o2", "label": "Amie", "kind": "other_person", "household": "h2"},
    ]
    ties = [
        {"household": "h1", "from_actor": "o1"},
        {"household": "h2", "from_actor": "o2"},
        {"household": "h2", "to_actor": "x"},
        {"household": "h2", "from_person": "p", "to_person": "q"},
    ]
    network = tie_network(dataset(ties, actors=actors))
    assert network.actors.loc[OTHERS, "households"] == 2
    assert len(network.links) == 2
    drawn = mega_sociogenogram(dataset(ties, actors=actors))
    assert "Voisine" not in str(drawn.to_json()) + drawn.alt
    assert {r.row for r in drawn.rows if r.table == "actors"} == {"x"}


def test_small_numbers_leave_neither_drawing_nor_words_nor_rows() -> None:
    ties = [{"household": f"h{n}", "from_actor": "x"} for n in range(7)]
    ties += [{"household": f"h{n}", "from_actor": "x", "to_actor": "y"} for n in range(4)]
    closed = dataset(ties, scope="counted")
    one = dataset([*ties, {"household": "h7", "from_actor": "x", "to_actor": "y"}])
    homes, consents = one.households, one.consents
    mixed = one.with_tables(
        consents=pd.concat([consents, consents.assign(id="k", scope="counted")], ignore_index=True),
        households=homes.assign(consent=homes["consent"].mask(homes["id"] != "h7", "k")),
    )
    for records, withheld in ((closed, 0), (mixed, 1)):  # what no told household has is not said to be withheld
        network = tie_network(records)
        assert set(network.actors.index) == {"x"}
        assert (network.withheld_actors, network.withheld_links) == (withheld, withheld)
        drawn = mega_sociogenogram(records)
        assert "Service y" not in str(drawn.to_json()) + drawn.alt + drawn.caption
        assert drawn.quality["withheld"] == 2 * withheld
        assert ("Tus\u202f: 2 nombres, qui" in drawn.caption) == (withheld > 0)
        assert [row for row in drawn.rows if row.table == "ties"] == []
    told = mega_sociogenogram(dataset(ties))
    assert any(symbol.id == "actor-y" for symbol in told.symbols)
    assert len([row for row in told.rows if row.table == "ties"]) == 11


def test_a_notebook_counts_households_that_may_not_be_told(tmp_path) -> None:
    closed = dataset([{"household": f"h{n}", "from_actor": "x"} for n in range(7)], scope="counted")
    show("mega-sociogenogram", closed, out=str(tmp_path))
    about = json.loads((tmp_path / "figures" / "mega-sociogenogram.json").read_text(encoding="utf-8"))
    assert about["caption"].startswith("Réseau des services autour de 7 ménages")
    assert {row["table"] for row in about["rows"]} == {"actors"}


def test_a_direction_that_is_withheld_is_not_drawn() -> None:
    ties = [{"household": f"h{n}", "from_actor": "x", "to_actor": "y"} for n in range(3)]
    ties += [{"household": f"h{n}", "from_actor": "y", "to_actor": "x"} for n in range(3, 6)]
    (line,) = mega_sociogenogram(dataset(ties, scope="counted")).lines
    assert line.role.startswith("mega-unknown-working")


def test_nothing_to_draw_is_said() -> None:
    one = [{"household": "h", "from_actor": "x"}]
    with pytest.raises(NothingToDrawError):
        mega_sociogenogram(dataset(one, scope="counted"))
    empty = dataset(one)
    with pytest.raises(NothingToDrawError):
        mega_sociogenogram(empty.with_tables(ties=empty.ties.iloc[:0]))


def sound(layout) -> None:
    assert overlaps(layout) == []
    assert strikes(layout) == []
    boxes = {symbol.id: symbol.box for symbol in layout.symbols}
    for line in layout.lines:
        for (x, y), end in ((line.path[0], line.source), (line.path[-1], line.target)):
            x0, y0, x1, y1 = boxes[end]
            assert x0 - 0.01 <= x <= x1 + 0.01
            assert y0 - 0.01 <= y <= y1 + 0.01
    for label in layout.labels:
        assert label.size >= 7
        assert label.box[0] >= 0
        assert label.box[2] <= layout.width
        assert label.box[1] >= 0
        assert label.box[3] <= layout.height


@settings(max_examples=15)
@given(st.integers(1, 70), st.integers(1, 40), st.integers(0, 10**6))
def test_nothing_overlaps_and_no_line_runs_through_anything(services: int, households: int, seed: int) -> None:
    sound(mega_sociogenogram(many(services, households, seed)))


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_the_publication_stands_on_one_page_of_the_book(publication, lang) -> None:
    layout = mega_sociogenogram(publication.in_language(lang))
    sound(layout)
    assert layout.quality["format"] == "A4"
    assert layout.width <= 160
    assert layout.height <= 225
    assert layout.alt not in layout.caption
    assert "Permanence-logement" in layout.alt
    ends = publication.ties[["from_actor", "to_actor"]].stack().dropna()
    services = publication.actors.query("kind != 'other_person'")["id"]
    assert {s.id for s in layout.symbols if s.kind == "service"} == {f"actor-{a}" for a in set(ends) & set(services)}


def test_three_hundred_services_stand_apart_and_the_paper_says_how_large_it_is(large) -> None:
    layout = mega_sociogenogram(large)
    assert layout.quality["overlaps"] == layout.quality["strikes"] == 0
    assert len([s for s in layout.symbols if s.kind == "service"]) > 250
    assert layout.quality["format"] != "A4"
    assert f"au format {layout.quality['format']}" in layout.caption
    assert layout.quality["not_drawn"] > 0
    assert "ne sont pas dessinés" in layout.caption


def test_bulk_counts_are_those_of_the_geometry() -> None:
    layout = mega_sociogenogram(many(25, 40, 3))
    struck = replace(layout.labels[0], box=layout.labels[1].box, of="figure")
    home = next(s for s in layout.symbols if s.kind == "household")
    wider = replace(home, box=(home.box[0] - 9, home.box[1] - 9, home.box[2] + 9, home.box[3] + 9))
    moved = [wider if s is home else s for s in layout.symbols]
    shift = next(i for i, s in enumerate(moved) if s.kind == "service")
    x, y = layout.lines[-1].path[len(layout.lines[-1].path) // 2]
    moved[shift] = replace(moved[shift], box=(x - 4, y - 4, x + 4, y + 4))
    for case in (layout, replace(layout, symbols=tuple(moved), labels=(struck, *layout.labels[1:]))):
        found = judge(case)
        assert found["overlaps"] == len(overlaps(case))
        assert found["strikes"] == len(strikes(case))
        assert found["crossings"] == pytest.approx(sum(crossings(case).values()), rel=0.02)
    assert found["strikes"] > 0
    assert found["overlaps"] > 0


def test_the_order_of_rows_does_not_matter(publication) -> None:
    first = mega_sociogenogram(publication)
    for seed in range(3):
        shuffled = {
            name: publication.table(name).sample(frac=1, random_state=seed).reset_index(drop=True)
            for name in ("ties", "actors", "households", "consents")
        }
        assert mega_sociogenogram(publication.with_tables(**shuffled)) == first


def test_wider_means_more_households_and_each_width_is_in_the_legend() -> None:
    ties = [{"household": f"h{n}", "from_actor": a} for a, most in (("x", 1), ("y", 8), ("z", 40)) for n in range(most)]
    layout = mega_sociogenogram(dataset(ties))
    width = {line.source: int(line.role[-1]) for line in layout.lines}
    assert width["actor-x"] < width["actor-y"] < width["actor-z"]
    samples = {mark.role for mark in layout.marks if mark.role.startswith("mega-sample")}
    assert samples >= {f"mega-sample-{w}" for w in width.values()}
    sizes = {s.id: s.box[2] - s.box[0] for s in layout.symbols}
    assert sizes["actor-x"] < sizes["actor-y"] < sizes["actor-z"]


PAIRS = st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda p: p[0] < p[1]), max_size=16)


@settings(max_examples=60)
@given(PAIRS)
def test_the_order_found_costs_no_more_than_the_one_given_and_keeps_groups(pairs) -> None:
    groups = ((("0", "1", "2"), ("3",)), (("4",), ("5", "6")), (("7", "8"),))
    named = [(str(a), str(b)) for a, b in sorted(pairs)]
    cost, found = ring_order(groups, named)
    assert cost == _costing(sorted(named))(found) <= _costing(sorted(named))(groups)
    shape = sorted(sorted(tuple(sorted(block)) for block in group) for group in found)
    assert shape == sorted(sorted(block for block in group) for group in groups)
    assert len(set(flat(found))) == 9


@settings(max_examples=60)
@given(PAIRS)
def test_every_chord_has_one_bus_and_buses_on_a_track_stay_apart(pairs) -> None:
    made = buses(9, sorted(pairs))
    served = [tuple(sorted((bus.hub, target))) for bus in made for target in bus.targets]
    assert sorted(served) == sorted(pairs)
    steps = {
        bus: {
            (bus.hub + bus.way * k - (bus.way < 0)) % 9
            for k in range(max((bus.way * (t - bus.hub)) % 9 for t in bus.targets))
        }
        for bus in made
    }
    for a, b in combinations(made, 2):
        assert a.level != b.level or not steps[a] & steps[b]
