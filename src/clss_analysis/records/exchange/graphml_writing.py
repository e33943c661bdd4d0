"""Records as a network and as GraphML: who is there, in which household, how they are linked; no name, no date."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx
import pandas as pd

from clss_analysis.records.exchange.foreign import MARK, actor_word, cell, person_word
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import age_band, message
from clss_analysis.records.years import lives

_PERSON = {
    "role": "role",
    "sex": "gender",
    "life": "life",
    "residence": "residence",
    "index": "index",
    "birth_order": "birth_order",
    "identical": "identical",
}
"""Attributes of a person's node, by the column that they come from."""
_EDGES = {
    "couple": ("couples", "partner_a", "partner_b", {"state": "state"}),
    "parent": ("filiations", "parent", "child", {"filiation": "kind"}),
    "tie": ("ties", "from", "to", {"direction": "direction", "quality": "quality", "strength": "strength"}),
}
"""Kinds of edges: the table, where an edge begins and ends, and its attributes by column."""


@dataclass(frozen=True)
class Neutral:
    """New names of households (H1), persons (P1), actors (X1) and groups of twins (J1), by the records' own ids."""

    households: dict[str, str]
    persons: dict[str, str]
    actors: dict[str, str]
    twins: dict[tuple[str, str], str]


def neutral(records: Records) -> Neutral:
    """Number everything in the order of the tables."""
    groups = records.persons.dropna(subset=["twin_group"])[["household", "twin_group"]].itertuples(index=False)
    return Neutral(
        _numbered("H", records.households["id"]),
        _numbered("P", records.persons["id"]),
        _numbered("X", records.actors["id"]),
        {(home, group): f"J{n}" for n, (home, group) in enumerate(dict.fromkeys(map(tuple, groups)), start=1)},
    )


def _numbered(letter: str, ids: Iterable[str]) -> dict[str, str]:
    return {each: f"{letter}{n}" for n, each in enumerate(ids, start=1)}


def node_link_text(records: Records) -> str:
    """The text of a .json file of `network_of` in networkx's node-link form, which d3 and others read."""
    return json.dumps(nx.node_link_data(network_of(records), edges="edges"), ensure_ascii=False, indent=1) + "\n"


def graphml_text(records: Records) -> str:
    """The text of a GraphML file of `network_of`, written by networkx; the same records give the same text."""
    return "\n".join(nx.generate_graphml(network_of(records))) + "\n"


def network_of(records: Records) -> nx.MultiDiGraph:
    """Households, persons and actors as nodes; couples, filiations (parent to child) and ties as edges.

    Nodes are known by a number and not by the record's own id, in the order of the tables.  Attributes are texts, and
    absent where unknown; ages are bands.  No text, month or exact age goes in; a `label` is the word of a role, sector
    or kind, or a number.
    """
    new, lang = neutral(records), records.language
    graph = nx.MultiDiGraph(synthetic=str(is_made_up(records)).lower(), **{MARK: "records"})
    for home in new.households.values():
        graph.add_node(
            home, kind="household", household=home, label=str(message("exchange.household", lang, n=home[1:]))
        )
    for _, row in records.persons.assign(life=lives(records.persons)).iterrows():
        said = {"kind": "person", "household": new.households[row["household"]]}
        said |= {name: cell(row, column) for name, column in _PERSON.items()}
        said |= {name: said[name].lower() for name in ("index", "identical")} | {"age_band": _band(row)}
        said["label"] = person_word(said["role"], new.persons[row["id"]][1:], lang)
        said["twin_group"] = new.twins.get((row["household"], cell(row, "twin_group")), "")
        graph.add_node(new.persons[row["id"]], **_filled(said))
    for _, row in records.actors.iterrows():
        home = new.households.get(cell(row, "household"), "")
        said = {"kind": cell(row, "kind"), "household": home, "sector": cell(row, "sector")}
        said["label"] = actor_word(said["kind"], said["sector"], lang)
        graph.add_node(new.actors[row["id"]], **_filled(said))
    number = 0
    for relation, (table, source, target, about) in _EDGES.items():
        for _, row in records.table(table).iterrows():
            number += 1
            home = new.households[row["household"]]
            ends = [_end(row, end, new, home) for end in (source, target)]
            said = {"relation": relation, "household": home}
            said |= {name: cell(row, column) for name, column in about.items()}
            graph.add_edge(*ends, key=f"E{number}", **_filled(said))
    return graph


def _end(row: pd.Series, end: str, new: Neutral, home: str) -> str:
    """The node of a person, or of the person or actor at an end of a tie; the household where it is neither."""
    if end in row.index:
        return new.persons[row[end]]
    return new.persons.get(cell(row, f"{end}_person")) or new.actors.get(cell(row, f"{end}_actor"), home)


def _band(row: pd.Series) -> str:
    return cell(row, "age_band") if pd.isna(row["age"]) else age_band(int(row["age"]))


def _filled(cells: dict[str, str]) -> dict[str, str]:
    return {name: str(text) for name, text in cells.items() if text}
