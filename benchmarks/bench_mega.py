"""The mega-sociogenogram beside general network layouts: the same links on the same labels, time and legibility.

Every node is as large as its symbol with its label (in ours both stand apart), the households' node as large as ours.
Peers draw straight lines; Graphviz chooses its own paper, the others get ours.  Crossings are of lines without a
common end; strikes are lines through a foreign symbol or label.  A peer that is not installed is left out.
The wheel of pygraphviz has no prism, so `overlap=scale` is asked of sfdp and neato.
"""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import networkx as nx
import pandas as pd

import clss_analysis as clss
from clss_analysis.layout.geometry import Box, Layout, Line, Symbol
from clss_analysis.layout.kinds.mega_sociogenogram import lay_out as mega_sociogenogram
from clss_analysis.layout.mega.quality import judge
from clss_analysis.records import Records, codes
from clss_analysis.records.columns import typed
from clss_analysis.records.schema import fields, table_names

Place = Callable[[nx.Graph, dict[str, tuple[float, float]]], dict[str, tuple[float, float]]]
_NAMES = (
    "Service social",
    "Maison médicale",
    "Antenne juridique",
    "Agence immobilière sociale",
    "Centre de guidance",
    "École de devoirs",
    "Maison de quartier",
    "Permanence-logement",
    "Service de médiation",
    "Cellule habitat",
)


def cohort(services: int, households: int, seed: int) -> Records:
    """Households with two to ten ties to services, most of them of their own area; all synthetic.

    Args:
        services: how many, of all sectors, a third of them in institutions.
        households: how many.
        seed: any whole number.
    """
    rng = random.Random(f"{services}/{households}/{seed}")
    areas = max(1, services // 25)
    actors: list[dict[str, str]] = []
    for n in range(services):
        institution = f"Association {n % areas + 1}-{rng.randrange(4) + 1}" if rng.random() < 0.35 else ""
        kind = "professional" if rng.random() < 0.15 else "service"
        label, sector = f"{_NAMES[n % len(_NAMES)]} {n + 1:03d}", rng.choice(codes("sector"))
        actors.append({"id": f"s{n:03d}", "label": label, "kind": kind, "sector": sector, "institution": institution})
    ids = [actor["id"] for actor in actors]
    ties: list[dict[str, str]] = []
    for h in range(households):
        home = ids[rng.randrange(areas) :: areas]
        weights = [1.0 / (1 + i) for i in range(len(home))]
        near = sorted({*rng.choices(home, weights, k=rng.randint(2, 9)), rng.choice(ids)})
        for k, service in enumerate(near):
            end = "to_actor" if rng.random() < 0.3 else "from_actor"
            direction = rng.choices(("one_way", "two_way", "unknown"), (78, 17, 5))[0]
            ties.append({"id": f"h{h}-t{k}", "household": f"h{h}", end: service, "direction": direction})
        for k in range(rng.randint(0, 2)):
            a, b = rng.choice(near), rng.choice(near)
            if a != b:
                way = rng.choice(("one_way", "two_way"))
                tie = {"id": f"h{h}-w{k}", "household": f"h{h}", "from_actor": a, "to_actor": b, "direction": way}
                ties.append(tie)
    homes = [{"id": f"h{h}", "label": f"Ménage {h}"} for h in range(households)]
    rows: dict[str, Any] = {"households": homes, "actors": actors, "ties": ties}
    tables: dict[str, Any] = {}
    for name in table_names():
        columns = [str(field["name"]) for field in fields(name)]
        empty = {**dict.fromkeys(columns, ""), "source": "synthetic", "reading": "false"}
        cells = [{**empty, **row} for row in rows.get(name, [])]
        tables[name] = typed(pd.DataFrame(cells, columns=columns, dtype=object), name)
    return Records(name="banc", title="Banc d’essai", synthetic=True, sha256="", source="banc d’essai", **tables)


def _graphviz(program: str) -> Place:
    def place(graph: nx.Graph, sizes: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        import pygraphviz

        drawn = pygraphviz.AGraph(directed=False, overlap="scale", splines="line", start="1")
        for node in graph:
            width, height = sizes[node]
            drawn.add_node(node, shape="box", fixedsize=True, width=width / 25.4, height=height / 25.4, label="")
        drawn.add_edges_from(graph.edges)
        drawn.layout(prog=program)
        found = {node: drawn.get_node(node).attr["pos"].split(",") for node in graph}
        return {node: (float(x) / 72 * 25.4, float(y) / 72 * 25.4) for node, (x, y) in found.items()}

    return place


def _netgraph(graph: nx.Graph, _: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    import netgraph
    import numpy as np

    np.random.seed(1)  # what netgraph draws from
    found = netgraph.get_fruchterman_reingold_layout(
        list(graph.edges), nodes=list(graph), origin=(0.0, 0.0), scale=(1.0, 1.0)
    )
    return {node: (float(x), float(y)) for node, (x, y) in found.items()}


def _spring(graph: nx.Graph, _: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    return {node: (float(x), float(y)) for node, (x, y) in nx.spring_layout(graph, seed=1).items()}


PEERS: dict[str, Place] = {
    "pygraphviz dot": _graphviz("dot"),
    "pygraphviz neato": _graphviz("neato"),
    "pygraphviz sfdp": _graphviz("sfdp"),
    "netgraph": _netgraph,
    "networkx spring": _spring,
}


def _sizes(layout: Layout) -> dict[str, tuple[float, float]]:
    """Width and height of each symbol together with the labels that name it; the households' of their symbol."""
    found = {}
    for symbol in layout.symbols:
        boxes = [symbol.box]
        if symbol.kind in ("service", "other"):
            boxes += [b.box for b in layout.labels if b.of == symbol.id and not b.id.startswith("institution")]
        if symbol.kind != "legend":
            found[symbol.id] = _outer(boxes)
    return found


def _outer(boxes: list[Box]) -> tuple[float, float]:
    return max(b[2] for b in boxes) - min(b[0] for b in boxes), max(b[3] for b in boxes) - min(b[1] for b in boxes)


def by_peer(layout: Layout, sizes: dict[str, tuple[float, float]], place: Place, *, scaled: bool) -> Layout:
    """The same symbols (of these sizes in mm) and arrows, placed by a peer."""
    arrows = [line for line in layout.lines if line.kind == "arrow"]
    graph = nx.Graph()
    graph.add_nodes_from(sorted(sizes))
    graph.add_edges_from(sorted({tuple(sorted((n.source, n.target))) for n in arrows}))
    at = place(graph, sizes)
    if scaled:
        at = spread(at, layout.width, layout.height)
    symbols = tuple(
        Symbol(n, "service", (x - w / 2, y - h / 2, x + w / 2, y + h / 2), "service")
        for n, (x, y) in at.items()
        for w, h in (sizes[n],)
    )
    lines = tuple(Line(n.id, "arrow", (at[n.source], at[n.target]), n.role, n.source, n.target) for n in arrows)
    return replace(layout, symbols=symbols, lines=lines, labels=(), marks=())


def spread(at: dict[str, tuple[float, float]], width: float, height: float) -> dict[str, tuple[float, float]]:
    """Places stretched to a page in millimetres."""
    xs, ys = [x for x, _ in at.values()], [y for _, y in at.values()]
    across, down = (width - 40) / (max(xs) - min(xs) or 1), (height - 60) / (max(ys) - min(ys) or 1)
    return {n: (20 + (x - min(xs)) * across, 20 + (y - min(ys)) * down) for n, (x, y) in at.items()}


def run() -> list[dict[str, object]]:
    """One row per dataset and layout."""
    mega_sociogenogram(clss.read("data/publication"))  # typeface and words read before the clock starts
    datasets = {
        "publication": clss.read("data/publication"),
        "20 households": clss.records.synthesise(20, 1),
        "1,000 households": clss.records.synthesise(1000, 1),
        "10,000 households": clss.records.synthesise(10000, 1),
        "300 services, 10,000 households": cohort(300, 10000, 1),
    }
    rows = []
    for name, records in datasets.items():
        start, work = time.perf_counter(), time.process_time()
        layout = mega_sociogenogram(records)
        rows.append(_row(name, "clss", layout, time.perf_counter() - start, time.process_time() - work))
        for peer, place in PEERS.items():
            start, work = time.perf_counter(), time.process_time()
            try:
                drawn = by_peer(layout, _sizes(layout), place, scaled=not peer.startswith("pygraphviz"))
            except ImportError:
                continue
            rows.append(_row(name, peer, drawn, time.perf_counter() - start, time.process_time() - work))
    return rows


def _row(name: str, what: str, layout: Layout, seconds: float, work: float) -> dict[str, object]:
    found = judge(layout)
    symbols = [s.box for s in layout.symbols]
    wide, high = _outer(symbols)
    return {
        "dataset": name,
        "layout": what,
        "services": sum(s.kind in ("service", "other") for s in layout.symbols) - (what != "clss"),
        "lines": len(layout.lines),
        "s": f"{seconds:.2f}",
        "s of processor": f"{work:.2f}",
        "overlaps": found["overlaps"],
        "strikes": found["strikes"],
        "crossings": found["crossings"],
        "crossing points": found["crossing_points"],
        "drawing, mm": f"{wide:.0f} × {high:.0f}",
    }
