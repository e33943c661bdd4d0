"""The network around each household: how large, how varied, how dense, and who is reached only through the TSC."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.records import Records

HOME, WORKER = "@household", "tsc"
_SERVICES = ("service", "professional")


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
    told = clear(records).told
    kinds = dict(zip(records.actors["id"], records.actors["kind"], strict=True))
    sectors = dict(zip(records.actors["id"], records.actors["sector"], strict=True))
    lines, households = [], [each for each in records.households["id"] if each in told]
    ends = records.ties[["household", "from_actor", "to_actor"]].astype(object)
    groups: dict[str, list[tuple[str, str]]] = {}
    for household, a, b in ends.where(ends.notna(), HOME).itertuples(index=False):
        groups.setdefault(household, []).append((a, b))
    for household in households:
        graph = nx.Graph([pair for pair in groups.get(household, []) if pair[0] != pair[1]])
        services = sorted(node for node in graph if kinds.get(node) in _SERVICES)
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
