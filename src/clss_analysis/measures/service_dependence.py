"""Which services are called on together, which stand at the core, and what would break if one closed."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd

from clss_analysis.measures.nested import least_shown, tells
from clss_analysis.measures.partners import partner_network
from clss_analysis.privacy import clear, publishable_counts
from clss_analysis.records import Records


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
    acting = [node for node, about in network.nodes(data=True) if about["households"]]
    graph = nx.Graph(network.subgraph(acting))
    cores = nx.core_number(graph) if len(graph) else {}
    highest = max(cores.values(), default=0)
    before = _joined(graph, set(acting))
    around = _around(records)
    alone = _sole(around)
    sole = around.groupby("household").filter(lambda rows: rows["actor"].nunique() == 1) if len(around) else around
    counts = pd.DataFrame(
        {
            "alone": [alone.get(node, 0) for node in acting],
            "sole": [int((sole["actor"] == node).sum()) for node in acting],
        },
        index=acting,
        dtype="Int64",
    )
    shown = publishable_counts(counts, records.households["id"], records)
    around_each = np.array([[graph.nodes[node]["households"]] for node in acting], dtype=int).reshape(-1, 1)
    nested = tells(around_each - counts.to_numpy(dtype=int), least_shown(records.households["id"], records))
    shown = shown.mask(pd.DataFrame(nested, index=shown.index, columns=shown.columns))
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
        "threshold": clear(records).threshold,
        "units": dict.fromkeys(("households", "alone", "sole"), "households")
        | {"together": "services", "core": "services", "cut_off": "services"},
    }
    return frame


def _joined(graph: nx.Graph, nodes: set[str]) -> int:
    """How many services the largest connected part holds."""
    return max((len(part) for part in nx.connected_components(graph.subgraph(nodes))), default=0)


def _around(records: Records) -> pd.DataFrame:
    """Which service acts around which household, each pair once, with its sector."""
    ends = [
        records.ties[["household", name]].set_axis(["household", "actor"], axis=1)
        for name in ("from_actor", "to_actor")
    ]
    pairs = pd.concat([*ends, records.events[["household", "actor"]]]).dropna().drop_duplicates()
    services = records.actors.loc[records.actors["kind"].isin(["service", "professional"]), ["id", "sector"]]
    return pairs.merge(services.rename(columns={"id": "actor"}), on="actor")


def _sole(around: pd.DataFrame) -> dict[str, int]:
    """Number of households whose only service of a sector each service is; services of no told sector are left out."""
    known = around.dropna(subset=["sector"])
    size = known.groupby(["household", "sector"])["actor"].transform("nunique")
    return {str(actor): int(n) for actor, n in known[size == 1].groupby("actor")["household"].nunique().items()}
