"""The network of partners: which services meet around the same households."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.privacy.suppression import THRESHOLD
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
        Where households may only be counted, an edge or node that rests on fewer than five is left out;
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
    least = 1 if set(records.households["id"]) <= clear(records).told else THRESHOLD
    graph = nx.Graph(withheld=0)
    for actor, row in actors.iterrows():
        households = around.get(str(actor), set())
        if 0 < len(households) < least:
            graph.graph["withheld"] += 1
        elif households or actor in partnership:
            told = {name: None if pd.isna(row[name]) else str(row[name]) for name in _TOLD}
            graph.add_node(actor, **told, partnership=partnership.get(str(actor)), households=len(households))
    for a, b in combinations(graph.nodes, 2):
        weight = len(around.get(a, set()) & around.get(b, set()))
        if weight >= least:
            graph.add_edge(a, b, weight=weight, tied=_shown(len(direct.get((a, b), set())), least))
        elif weight:
            graph.graph["withheld"] += 1
    return graph


_TOLD = ("label", "kind", "sector", "institution")


def _shown(count: int, least: int) -> int | None:
    return count if count == 0 or count >= least else None


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
