"""Records as GraphML: who is there, of which household, and how they hang together; no name, no text, no date."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from clss_analysis.records.exchange.neutral import Neutral, age_band_of, cell
from clss_analysis.records.tables import Records

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
_NODE = ("kind", "household", "role", "sex", "age_band", "life", "residence", "index", "birth_order", "twin_group",
         "sector")  # fmt: skip
_EDGE = ("relation", "household", "state", "filiation", "direction", "quality")


def graphml_text(records: Records, neutral: Neutral) -> str:
    """The text of a GraphML file: one directed graph, nodes and edges in the order of the tables.

    Nodes are households, persons and actors, known by a number and not by the record's own id; edges are couples,
    filiations (parent to child) and ties.  What `Neutral` counts as left behind is every text, month and exact age.
    """
    lines = [_HEAD]
    lines += [_key(name, "node") for name in _NODE] + [_key(name, "edge") for name in _EDGE]
    lines += [_key("synthetic", "graph"), '<graph id="G" edgedefault="directed">\n']
    lines.append(_data("graph", {"synthetic": "true" if records.synthetic else "false"}))
    for household in neutral.households.values():
        lines.append(_node(household, {"kind": "household", "household": household}))
    for _, row in records.persons.iterrows():
        lines.append(_node(neutral.persons[row["id"]], _person(row, neutral)))
    for _, row in records.actors.iterrows():
        home = neutral.households.get(cell(row, "household"), "")
        cells = {"kind": cell(row, "kind"), "household": home, "sector": cell(row, "sector")}
        lines.append(_node(neutral.actors[row["id"]], cells))
    edges = [*_couples(records, neutral), *_filiations(records, neutral), *_ties(records, neutral)]
    for number, (source, target, cells) in enumerate(edges, start=1):
        ends = f"source={quoteattr(source)} target={quoteattr(target)}"
        lines.append(f'<edge id="E{number}" {ends}>{_data("edge", cells)}</edge>\n')
    lines.append("</graph>\n</graphml>\n")
    return "".join(lines)


def _person(row: pd.Series, neutral: Neutral) -> dict[str, str]:
    return {
        "kind": "person",
        "household": neutral.households[row["household"]],
        "role": cell(row, "role"),
        "sex": cell(row, "gender"),
        "age_band": age_band_of(row),
        "life": cell(row, "life"),
        "residence": cell(row, "residence"),
        "index": cell(row, "index").lower(),
        "birth_order": cell(row, "birth_order"),
        "twin_group": neutral.twins.get((row["household"], cell(row, "twin_group")), ""),
    }


Edges = list[tuple[str, str, dict[str, str]]]


def _couples(records: Records, neutral: Neutral) -> Edges:
    return [
        (
            neutral.persons[row["partner_a"]],
            neutral.persons[row["partner_b"]],
            {
                "relation": "couple",
                "household": neutral.households[row["household"]],
                "state": cell(row, "state"),
            },
        )
        for _, row in records.couples.iterrows()
    ]


def _filiations(records: Records, neutral: Neutral) -> Edges:
    return [
        (
            neutral.persons[row["parent"]],
            neutral.persons[row["child"]],
            {
                "relation": "parent",
                "household": neutral.households[row["household"]],
                "filiation": cell(row, "kind"),
            },
        )
        for _, row in records.filiations.iterrows()
    ]


def _ties(records: Records, neutral: Neutral) -> Edges:
    edges: Edges = []
    for _, row in records.ties.iterrows():
        household = neutral.households[row["household"]]
        ends = [
            neutral.persons.get(cell(row, f"{side}_person"))
            or neutral.actors.get(cell(row, f"{side}_actor"), household)
            for side in ("from", "to")
        ]
        cells = {
            "relation": "tie",
            "household": household,
            "direction": cell(row, "direction"),
            "quality": cell(row, "quality"),
        }
        edges.append((ends[0], ends[1], cells))
    return edges


def _key(name: str, of: str) -> str:
    return f'<key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="string"/>\n'


def _data(of: str, cells: Mapping[str, str]) -> str:
    return "".join(f'<data key="{of}_{name}">{escape(value)}</data>' for name, value in cells.items() if value)


def _node(name: str, cells: Mapping[str, str]) -> str:
    return f"<node id={quoteattr(name)}>{_data('node', cells)}</node>\n"
