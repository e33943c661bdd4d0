"""The network of partners: which services meet around the same households."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import networkx as nx
import pandas as pd

from clss_analysis.measures.nested import least_shown
from clss_analysis.privacy import publishable_counts
from clss_analysis.records import Records

_SERVICES = ("service", "professional")


def partner_network(records: Records) -> nx.Graph:
    """Services and professionals, tied where they act around the same household.

    A service acts around a household when one of the household's ties or events names it.

    Returns:
        A graph whose nodes are actor ids with `label`, `kind`, `sector`, `institution`, `partnership` (structural,
        occasional or None) and `households` (number of households around which it acts), and whose edges have
        `weight` (households around which both act) and `tied` (households in which a tie joins the two directly).
        Partners around whom no household is on record stand alone.  Nodes and edges come in the order of their ids.
        Where households may only be counted, an edge or node that rests on too few, or an edge that leaves too few
        to one of its ends, is left out;
        `graph["withheld"]` says how many were.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> network = partner_network(clss.read("data/publication"))
    >>> network.nodes["cpas"]["sector"]
    'social'
    """
    actors = records.actors[records.actors["kind"].isin(_SERVICES)].set_index("id").sort_index()
    around = _acting(records, set(actors.index))
    direct = _direct(records, set(actors.index))
    partnership = dict(zip(records.partnerships["actor"], records.partnerships["kind"], strict=True))
    meetings = _meetings(around)
    ties = {pair: len(found) for pair, found in direct.items()}
    households, weights, tied = (
        publishable_counts(pd.Series(found, dtype="Int64"), records.households["id"], records)
        for found in ({str(actor): len(around.get(str(actor), ())) for actor in actors.index}, meetings, ties)
    )
    graph = nx.Graph(withheld=households.attrs["withheld"])
    for actor, row in actors.iterrows():
        number = households[str(actor)]
        if pd.notna(number) and (number or actor in partnership):
            told = {name: None if pd.isna(row[name]) else str(row[name]) for name in _TOLD}
            graph.add_node(actor, **told, partnership=partnership.get(str(actor)), households=int(number))
    least = least_shown(records.households["id"], records)
    for a, b in sorted(meetings):
        if a in graph and b in graph:
            weight, joined = weights[a, b], tied.get((a, b), 0)
            rest = [graph.nodes[each]["households"] - meetings[a, b] for each in (a, b)]
            apart = pd.isna(joined) or 0 < meetings[a, b] - joined < least
            if pd.isna(weight) or any(0 < each < least for each in rest):
                graph.graph["withheld"] += 1
            else:
                graph.add_edge(a, b, weight=int(weight), tied=None if apart else int(joined))
    return graph


_TOLD = ("label", "kind", "sector", "institution")


def _meetings(around: dict[str, set[str]]) -> dict[tuple[str, str], int]:
    """In how many households two services act, for those that meet in one."""
    there: dict[str, list[str]] = {}
    for actor in sorted(around):
        for household in around[actor]:
            there.setdefault(household, []).append(actor)
    return dict(Counter(pair for actors in there.values() for pair in combinations(actors, 2)))


def _acting(records: Records, services: set[str]) -> dict[str, set[str]]:
    named = [(records.ties, "from_actor"), (records.ties, "to_actor"), (records.events, "actor")]
    around: dict[str, set[str]] = {}
    for frame, column in named:
        for household, actor in zip(frame["household"], frame[column], strict=True):
            if actor in services:
                around.setdefault(actor, set()).add(household)
    return around


def _direct(records: Records, services: set[str]) -> dict[tuple[str, str], set[str]]:
    direct: dict[tuple[str, str], set[str]] = {}
    ties = records.ties[["household", "from_actor", "to_actor"]].dropna()
    for household, a, b in ties.itertuples(index=False):
        if a in services and b in services:
            direct.setdefault((min(a, b), max(a, b)), set()).add(household)
    return direct
