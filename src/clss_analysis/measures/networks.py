"""The network around each household, and what would break if a service closed."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from clss_analysis.measures.counts import lines_by_home
from clss_analysis.measures.ties import SERVICES, acting, by_household, partner_network
from clss_analysis.privacy import clear
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records
from clss_analysis.records.arguments import instance

HOME, WORKER = "@household", "tsc"


def household_network(records: Records, *, worker: str = WORKER) -> pd.DataFrame:
    """Measure the network of services around each household that may be told.

    The household is one node, whoever of it a tie names; other persons of collective life are nodes of their own.
    Numbers measure how fully a story is told as much as the network: compare a household with itself, not with others.

    Args:
        records: the dataset, or one household of it.
        worker: actor id of the social worker who accompanies.

    Returns:
        One line per household with ties: `household`; `services` and `others` (actors tied); `sectors` (distinct,
        among those told); `density` (share of pairs of services that are tied to each other, `<NA>` below two);
        `through_worker` (services that no tie joins to the household but by way of the worker) and
        `only_through_worker` (their ids, by commas); `cut_points` (actors without whom others would be cut off, by
        commas); `brokerage` (share of pairs of services that meet only by way of the worker: `<NA>` below two others).
        `.attrs` tells `counted` (households that may not be told, left out), `none` (told households without ties) and
        `units`.

    Raises:
        NotClearedError: a household has no consent.

    Source: articulation points after Hopcroft & Tarjan (1973), by networkx; brokerage as the share of an actor's pairs
    of neighbours that no other path joins, after Gould & Fernandez (1989) without roles.

    >>> import clss_analysis as clss
    >>> networks = household_network(clss.read("data/publication")).set_index("household")
    >>> int(networks.loc["C3", "services"]), float(networks.loc["C3", "density"]) <= 1
    (6, True)
    """
    instance("worker", worker, str, "the id of an actor")
    records = ledger(records).records
    told = clear(records).told
    kinds = dict(zip(records.actors["id"], records.actors["kind"], strict=True))
    sectors = dict(zip(records.actors["id"], records.actors["sector"], strict=True))
    lines, households = [], [each for each in records.households["id"] if each in told]
    ends = records.ties[["household", "from_actor", "to_actor"]].astype(object)
    groups = lines_by_home(ends.where(ends.notna(), HOME), "from_actor", "to_actor")
    for household in households:
        graph = nx.Graph([pair for pair in groups.get(household, []) if pair[0] != pair[1]])
        services = sorted(node for node in graph if kinds.get(node) in SERVICES)
        others = [node for node in graph if kinds.get(node) == "other_person"]
        if not services and not others:
            continue
        told_sectors = {sectors[each] for each in services if pd.notna(sectors[each])}
        only = _only_through(graph, services, worker)
        cuts = sorted(node for node in nx.articulation_points(graph) if node != HOME)
        density = nx.density(graph.subgraph(services)) if len(services) > 1 else pd.NA
        names = ",".join(only), ",".join(cuts)
        sizes = len(services), len(others), len(told_sectors)
        lines.append((household, *sizes, density, len(only), *names, _brokerage(graph, services, worker)))
    columns = ["household", "services", "others", "sectors", "density", "through_worker", "only_through_worker"]
    frame = pd.DataFrame(lines, columns=[*columns, "cut_points", "brokerage"])
    counts = dict.fromkeys(("services", "others", "sectors", "through_worker"), "Int64")
    frame = frame.astype(counts | {"household": "string", "density": "Float64", "brokerage": "Float64"})
    frame.attrs = {
        "counted": len(records.households) - len(households),
        "none": len(households) - len(frame),
        "units": dict.fromkeys(counts, "actors")
        | {"sectors": "sectors", "density": "share of pairs, 0 to 1", "brokerage": "share of pairs, 0 to 1"},
    }
    return frame


def _only_through(graph: nx.Graph, services: list[str], worker: str) -> list[str]:
    """Services that the household reaches, but no longer when the worker is gone."""
    if worker not in graph or HOME not in graph:
        return []
    reached = nx.node_connected_component(graph, HOME)
    left = nx.node_connected_component(graph.subgraph(node for node in graph if node != worker), HOME)
    return [each for each in services if each != worker and each in reached and each not in left]


def _brokerage(graph: nx.Graph, services: list[str], worker: str) -> object:
    """Share of pairs of other services that a path joins with the worker and the household, and none without."""
    others = [each for each in services if each != worker]
    if worker not in graph or len(others) < 2:
        return pd.NA
    among = graph.subgraph([*others, worker])
    with_worker, without = _pairs(among, others), _pairs(graph.subgraph(others), others)
    return (with_worker - without) / (len(others) * (len(others) - 1) / 2)


def _pairs(graph: nx.Graph, nodes: list[str]) -> int:
    wanted = set(nodes)
    sizes = [len(wanted & component) for component in nx.connected_components(graph)]
    return sum(size * (size - 1) // 2 for size in sizes)


def service_dependence(records: Records) -> pd.DataFrame:
    """Measure each service's place among all, and what its closing would take away.

    Two services are called on together when both act around the same household; that does not mean that they work
    together.  The core is the densest part of that network: each of its services meets at least `core` others of it.

    Returns:
        One line per service that acts around a household, those around most households first: `actor`, `label`,
        `sector`, `households`, `together` (services met around the same households), `core` (k-core number),
        `in_core` (of the highest number), `cut_off` (services that nothing would join to the rest any more without
        it), `alone` (households whose only service of that sector it is) and `sole` (households whose only service it
        is).  Counts of households are `<NA>` where withheld.  `.attrs` tells `withheld`, `threshold` and `units`.

    Raises:
        NotClearedError: a household has no consent.

    Source: k-cores after Seidman (1983), by networkx.

    >>> import clss_analysis as clss
    >>> services = service_dependence(clss.read("data/publication"))
    >>> services["actor"].iloc[0], bool(services["in_core"].any())
    ('permanence', True)
    """
    network = partner_network(records)
    entered = ledger(records)
    records = entered.records
    acting = [node for node, about in network.nodes(data=True) if about["households"]]
    graph = nx.Graph(network.subgraph(acting))
    cores = nx.core_number(graph) if len(graph) else {}
    highest = max(cores.values(), default=0)
    before = _joined(graph, set(acting))
    around = _around(records)
    homes = records.households["id"]
    acts = by_household(around, homes, acting)
    known = around.dropna(subset=["sector"])
    of_sector = known.groupby(["household", "sector"])["actor"].transform("nunique")
    alone = by_household(known[of_sector == 1], homes, acting)
    sole = by_household(around[around.groupby("household")["actor"].transform("nunique") == 1], homes, acting)
    shown = pd.DataFrame({"alone": alone.sum(), "sole": sole.sum()}, index=acting, dtype="Int64")
    for node in acting if len(entered.only_counted) else ():
        if not entered.shows(*(entered.trait(each[node]) for each in (acts, alone, sole))):
            shown.loc[node, :] = pd.NA
    lines = [
        (
            node,
            graph.nodes[node]["label"],
            graph.nodes[node]["sector"],
            graph.nodes[node]["households"],
            graph.degree[node],
            cores[node],
            highest > 0 and cores[node] == highest,
            before - _joined(graph, set(acting) - {node}) - (1 if graph.degree[node] else 0),
            *shown.loc[node],
        )
        for node in acting
    ]
    columns = ["actor", "label", "sector", "households", "together", "core", "in_core", "cut_off", "alone", "sole"]
    frame = pd.DataFrame(lines, columns=columns).astype({"alone": "Int64", "sole": "Int64"})
    frame = frame.sort_values(["households", "actor"], ascending=[False, True], kind="stable").reset_index(drop=True)
    frame.attrs = {
        "withheld": network.graph["withheld"] + int(shown.isna().to_numpy().sum()),
        "threshold": entered.threshold,
        "units": dict.fromkeys(("households", "alone", "sole"), "households")
        | {"together": "services", "core": "services", "cut_off": "services"},
    }
    return frame


def _joined(graph: nx.Graph, nodes: set[str]) -> int:
    """How many services the largest connected part holds."""
    return max((len(part) for part in nx.connected_components(graph.subgraph(nodes))), default=0)


def _around(records: Records) -> pd.DataFrame:
    """Which service acts around which household, each pair once, with its sector."""
    services = records.actors.loc[records.actors["kind"].isin(SERVICES), ["id", "sector"]]
    return acting(records).drop_duplicates().merge(services.rename(columns={"id": "actor"}), on="actor")
