"""Cases for the tests of the boards: small ones by hand, any shape by hypothesis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.kinds.relevance_tree import _page
from clss_analysis.layout.page import LANDSCAPE, PORTRAIT, TALLEST
from clss_analysis.layout.relevance_tree.nodes import relevance_nodes
from clss_analysis.layout.relevance_tree.page import Page
from clss_analysis.records import Case, Records, codes
from clss_analysis.records.columns import typed
from clss_analysis.records.schema import fields, table_names

Rows = Sequence[Mapping[str, Any]]


def case_of(*, synthetic: bool = False, label: str = "Madame Essai", **tables: Rows) -> Case:
    """A case of the household H with these rows; what a row leaves out is unknown."""
    filled: dict[str, Rows] = {
        "households": [{"id": "H", "label": label, "consent": "accord"}],
        "consents": [{"id": "accord", "label": "Accord", "scope": "told"}],
        **tables,
    }
    frames = {name: _frame(name, filled.get(name, ())) for name in table_names()}
    records = Records(
        name="essai", title="Essai", synthetic=synthetic, sha256="0" * 64, source="Essai, chapitre VI", **frames
    )
    return records.case("H")


def relevance_tree(case: Case, *, width: float | None = None) -> Layout:
    """A relevance tree on one sheet, however tall; landscape where it would be taller than a portrait page."""
    lang = case.lang
    tree = relevance_nodes(case, lang)
    whole = [Page(tree, tree.units)]
    layout = _page(case, whole, 0, width or PORTRAIT, lang)
    return layout if width or layout.height <= TALLEST else _page(case, whole, 0, LANDSCAPE, lang)


def _frame(table: str, rows: Rows) -> pd.DataFrame:
    names = [field["name"] for field in fields(table)]
    common = {"household": "H", "source": "essai", "reading": "false"}
    cells = [
        {name: None if (value := {**common, **row}.get(name)) is None else str(value) for name in names} for row in rows
    ]
    return typed(pd.DataFrame(cells, columns=names, dtype=object), table)


WORDS = st.one_of(
    st.sampled_from(["logement", "la", "rue", "l’accompagnement", "école", "«\u202foui\u202f»", "$x_1$", "<b>", "de"]),
    st.text("abcdeéèIlMWœ’-/", min_size=1, max_size=30),
)
TEXTS = st.lists(WORDS, min_size=1, max_size=18).map(" ".join)
READINGS = st.sampled_from(["true", "false"])


@st.composite
def trees(draw: st.DrawFn, objectives: int = 8, actions: int = 8, means: int = 5) -> list[dict[str, Any]]:
    """Rows of a relevance tree, in any order of rows."""
    nodes: list[dict[str, Any]] = [{"id": "B", "level": "aim", "order": 1, "label": draw(TEXTS)}]

    def add(name: str, level: str, parent: str, order: int) -> None:
        status = draw(st.sampled_from([None, *codes("action_status")])) if level == "action" else None
        row = {"id": name, "level": level, "parent": parent, "order": order, "label": draw(TEXTS)}
        nodes.append({**row, "status": status, "reading": draw(READINGS)})

    for i in range(draw(st.integers(1, objectives))):
        add(f"O{i}", "objective", "B", i + 1)
        for j in range(draw(st.integers(0, actions))):
            add(f"O{i}A{j}", "action", f"O{i}", j + 1)
            if draw(st.integers(0, 9)) == 0:
                add(f"O{i}A{j}M", "means", f"O{i}A{j}", 1)
    for i in range(draw(st.integers(0, means))):
        add(f"M{i}", "means", "B", i + 1)
    return draw(st.permutations(nodes))


Tables = dict[str, list[dict[str, Any]]]


@st.composite
def woven(draw: st.DrawFn, objectives: int = 8, actions: int = 60, links: int = 12) -> Tables:
    """Tables of a tree of any real size: shared actions, progress, relevance; rows in any order."""
    texts = st.sampled_from(draw(st.lists(TEXTS, min_size=3, max_size=5)))
    upper = draw(st.integers(1, objectives))
    lower = draw(st.integers(0, actions))
    weights = draw(st.none() | st.lists(st.integers(1, 9), min_size=upper, max_size=upper))
    nodes: list[dict[str, Any]] = [{"id": "B", "level": "aim", "order": 1, "label": draw(texts)}]
    for i in range(upper):
        weight = f"{weights[i] / sum(weights):.6f}" if weights else None
        row = {"id": f"O{i}", "level": "objective", "parent": "B", "order": i + 1, "relevance": weight}
        nodes.append({**row, "label": draw(texts), "reading": draw(READINGS)})
    parents = draw(st.lists(st.integers(0, upper - 1), min_size=lower, max_size=lower))
    for j, parent in enumerate(parents):
        row = {"id": f"A{j:02d}", "level": "action", "parent": f"O{parent}", "order": j + 1, "label": draw(texts)}
        status = draw(st.sampled_from([None, *codes("action_status")]))
        nodes.append({**row, "status": status, "progress": draw(st.sampled_from([None, 0, 35, 100]))})
    means = draw(st.lists(texts, max_size=3))
    nodes += [{"id": f"M{i}", "level": "means", "parent": "B", "order": i, "label": m} for i, m in enumerate(means, 1)]
    free = [(i, j) for j, parent in enumerate(parents) for i in range(upper) if i != parent]
    pairs = draw(st.lists(st.sampled_from(free), unique=True, max_size=links)) if free and links else []
    shared = [{"id": f"L{i}-{j}", "parent": f"O{i}", "child": f"A{j:02d}"} for i, j in pairs]
    return {"relevance_nodes": draw(st.permutations(nodes)), "relevance_links": draw(st.permutations(shared))}


@st.composite
def grids(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of a criteria grid, some criteria left out, some answers empty."""
    kept = draw(st.lists(st.sampled_from(codes("criterion")), min_size=1, unique=True))
    answers = st.sampled_from(["true", "false", None])
    return [
        {
            "id": f"k-{code}",
            "criterion": code,
            "met": draw(answers),
            "evidence": draw(st.none() | TEXTS),
            "reading": draw(READINGS),
        }
        for code in kept
    ]


@st.composite
def courses(draw: st.DrawFn, stages: int = 14) -> list[dict[str, Any]]:
    """Rows of events, months told or not, in any order of rows."""
    month = pd.Period("2022-01", freq="M")
    rows = []
    for order in range(1, draw(st.integers(1, stages)) + 1):
        month += draw(st.integers(0, 5))
        until = month + draw(st.integers(0, 4)) if draw(st.booleans()) else None
        dated = draw(st.booleans())
        rows.append(
            {
                "id": f"e{order:02d}",
                "order": order,
                "month": month if dated else None,
                "until": until if dated else None,
                "kind": draw(st.sampled_from(codes("event_kind"))),
                "lane": draw(st.sampled_from(codes("lane"))),
                "label": draw(TEXTS),
                "detail": draw(st.none() | TEXTS),
                "actor": draw(st.sampled_from([None, "short", "long"])),
                "reading": draw(READINGS),
            }
        )
    return draw(st.permutations(rows))


ACTORS = [
    {"id": "short", "household": None, "label": "TSC", "kind": "professional"},
    {"id": "long", "household": None, "label": "Service des logements temporaires de la commune", "kind": "service"},
]
