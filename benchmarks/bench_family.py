"""The family part of the sociogenogram beside layered layouts of general graphs, family by family.

Families are those of the tests' generator, of 2 to 60 persons (seeds are named), or the GEDCOM and PED files of the
folder that the environment variable CLSS_FAMILIES names.  Graphviz dot draws a node for each union on a rank of its
own between the partners and their children, edges as splines; igraph’s Sugiyama layout draws straight lines.
Crossings are of lines of different unions; off a row: couples whose centres differ by more than 1 mm in height; not
below: children whose symbol starts above the bottom of a parent's; strangers in couples and in sibships as
`tests/family_faults.py` counts them; clean: none of these and no crossing.  A peer that is not installed is left out;
ELK needs Java or Node and is not here.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from clss_analysis.layout.geometry import Line, Symbol
from clss_analysis.layout.sociogenogram_family import family as placed
from clss_analysis.layout.sociogenogram_kin import Kin, kin
from clss_analysis.records import Case

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from families import family
from family_faults import Drawn, faults
from sociogenogram_cases import household

SEEDS = range(0, 59, 2)
_SIZE = 11.0
_COUNTED = ("crossings", "couple", "sibship", "off_row", "not_below")
Spots = dict[str, tuple[float, float]]
Peer = Callable[[Kin], tuple[Spots, list[tuple[tuple[str, ...], list[tuple[float, float]]]]]]


def cases() -> Iterator[tuple[str, Case]]:
    """Families with their names."""
    folder = os.environ.get("CLSS_FAMILIES")
    if folder is None:
        yield from ((f"seed {seed}", household(family(seed, 2 + seed % 59))) for seed in SEEDS)
        return
    from clss_analysis.records import InvalidRecordsError, import_file

    for path in sorted(Path(folder).rglob("*")):
        if path.suffix.lower() in (".ged", ".ped"):
            try:
                records, _ = import_file(path)
            except InvalidRecordsError:
                continue
            for number, name in enumerate(sorted(records.households["id"])):
                case = records.case(name)
                if 3 <= len(case.persons) <= 60:
                    yield f"{path.stem[:20]} {number + 1}", case


def _ours(people: Kin) -> Drawn:
    home = placed(people, "H", "Ménage")
    return Drawn.of(home.symbols, home.lines)


def _edges(people: Kin) -> Iterator[tuple[str, str, str]]:
    for union in people.unions:
        for parent in union.parents:
            yield parent, f"u {union.id}", union.id
        for child in union.children:
            yield f"u {union.id}", child, union.id


def _dot(people: Kin) -> Drawn:
    import pygraphviz

    graph = pygraphviz.AGraph(directed=True, splines="spline", ranksep="0.3", nodesep="0.25")
    for person in people.members:
        graph.add_node(person, shape="box", fixedsize=True, width=_SIZE / 25.4, height=_SIZE / 25.4, label="")
    for union in people.unions:
        graph.add_node(f"u {union.id}", shape="point", width=0.02)
    for start, end, union in _edges(people):
        graph.add_edge(start, end, key=union, arrowhead="none")
    graph.layout(prog="dot")
    spots = {p: _point(graph.get_node(p).attr["pos"]) for p in people.members}
    lines = [(key, [_point(p) for p in _bezier(graph.get_edge(a, b).attr["pos"])]) for a, b, key in _edges(people)]
    return _drawn(people, spots, lines)


def _point(text: str) -> tuple[float, float]:
    x, y = text.split(",")[:2]
    return float(x) / 72 * 25.4, -float(y) / 72 * 25.4


def _bezier(text: str) -> list[str]:
    """A spline of Graphviz as a polyline of eight pieces for each of its parts."""
    points = [tuple(map(float, p.split(","))) for p in text.split() if p[0] not in "se"]
    out = [points[0]]
    for i in range(0, len(points) - 1, 3):
        a, b, c, d = points[i : i + 4]
        for step in range(1, 9):
            t = step / 8
            s = 1 - t
            out.append(
                tuple(
                    s**3 * p + 3 * s * s * t * q + 3 * s * t * t * r + t**3 * w
                    for p, q, r, w in zip(a, b, c, d, strict=True)
                )
            )
    return [f"{x},{y}" for x, y in out]


def _igraph(people: Kin) -> Drawn:
    import igraph

    nodes = [*people.members, *(f"u {u.id}" for u in people.unions)]
    index = {node: i for i, node in enumerate(nodes)}
    edges = list(_edges(people))
    graph = igraph.Graph(len(nodes), [(index[a], index[b]) for a, b, _ in edges], directed=True)
    found = graph.layout_sugiyama(hgap=_SIZE * 1.5, vgap=_SIZE)
    at = {node: (found[i][0], found[i][1]) for node, i in index.items()}
    return _drawn(people, at, [(key, [at[a], at[b]]) for a, b, key in edges])


def _drawn(people: Kin, at: Spots, lines: list[tuple[str, list[tuple[float, float]]]]) -> Drawn:
    half = _SIZE / 2
    symbols = [
        Symbol(f"person-{p}", "person", (x - half, y - half, x + half, y + half), "")
        for p, (x, y) in at.items()
        if p in people.members
    ]
    unions = {u.id: u for u in people.unions}
    paths = [
        Line(f"{n}", "couple", tuple(path), "", members=tuple(f"person-{p}" for p in unions[key].parents))
        for n, (key, path) in enumerate(lines)
    ]
    kin_lines = [
        Line(f"d{u.id}{c}", "descent", (), "", members=(*(f"person-{p}" for p in u.parents), f"person-{c}"))
        for u in people.unions
        for c in u.children
    ]
    return Drawn.of(symbols, (*paths, *kin_lines))


PEERS: dict[str, Callable[[Kin], Drawn]] = {"dot": _dot, "igraph": _igraph}


def run() -> list[dict[str, object]]:
    """One row per family, then the sums."""
    rows: list[dict[str, object]] = []
    installed = {}
    for name, draw in PEERS.items():
        try:
            draw(kin(household(family(2, 4))))
        except ImportError:
            continue
        installed[name] = draw
    for name, case in cases():
        start = time.perf_counter()
        people = kin(case)
        ours = _ours(people)
        seconds = time.perf_counter() - start
        seen, least = faults(ours), people.verdict.bound
        row: dict[str, object] = {"family": name, "persons": len(people.members)}
        row |= _counted("clss", seen, seconds)
        row |= {
            "least crossings": least,
            "proven": "yes" if people.verdict.proven and least == len(seen["crossings"]) else "no",
        }
        for peer, draw in installed.items():
            start = time.perf_counter()
            theirs = draw(people)
            seconds = time.perf_counter() - start
            row |= _counted(peer, faults(theirs), seconds)
        rows.append(row)
    total: dict[str, object] = {"family": f"all {len(rows)}"}
    for head in rows[0]:
        if head != "family":
            values = [row[head] for row in rows]
            total[head] = (
                f"{statistics.median(values):.0f} (median)"  # type: ignore[type-var]
                if head.endswith(" ms")
                else sum(v if isinstance(v, int) else v == "yes" for v in values)
            )
    return [*rows, total]


def _counted(what: str, found: dict[str, list[tuple[str, ...]]], seconds: float) -> dict[str, object]:
    said: dict[str, object] = {f"{what} {kind.replace('_', ' ')}": len(found[kind]) for kind in _COUNTED}
    clean = not any(found[kind] for kind in _COUNTED)
    return said | {f"{what} clean": "yes" if clean else "no", f"{what} ms": round(seconds * 1000)}
