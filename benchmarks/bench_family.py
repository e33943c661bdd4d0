"""The family part of the sociogenogram beside layered layouts of general graphs, family by family.

Families are those of the tests' generator, of 2 to 60 persons (seeds are named), or the GEDCOM and PED files of the
folder that the environment variable CLSS_BENCH_FAMILIES names.  All peers have a node for each union between the
partners and their children: Graphviz dot with splines, ELK layered with splines (elkjs, where there is Node:
`npm --prefix benchmarks ci`).
Crossings are of lines of different unions; off a row: couples whose centres differ by more than 1 mm in height; not
below: children whose symbol starts above the bottom of a parent's; strangers in couples and in sibships as
`tests/family_faults.py` counts them; clean: none of these and no crossing; parted: sibships over more than one row,
beside the least that kinship allows where partners share a row and every child stands below its parents; elder: of two
siblings on a row the elder stands right, which only ours is asked not to do.  A peer that is not installed is left out.
Milliseconds are of processor time for ours, of a warm process for all.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import networkx as nx

from clss_analysis.layout.genogram.family.kinship import Kin, kin
from clss_analysis.layout.genogram.family.persons import Union
from clss_analysis.layout.genogram.family.positions import family as placed
from clss_analysis.layout.genogram.family.rules import weave
from clss_analysis.layout.geometry import Line, Symbol
from clss_analysis.records import Case

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from families import family
from family_faults import Drawn, faults
from sociogenogram_cases import household

SEEDS = range(0, 59, 2)
_SIZE = 11.0
_PT = 72 / 25.4
_COUNTED = ("crossings", "couple", "sibship", "off_row", "not_below", "parted")
Spots = dict[str, tuple[float, float]]
Peer = Callable[[Kin], tuple[Spots, list[tuple[tuple[str, ...], list[tuple[float, float]]]]]]


def cases() -> Iterator[tuple[str, Case]]:
    """Families with their names."""
    folder = os.environ.get("CLSS_BENCH_FAMILIES")
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
    lines = [(key, _bezier(graph.get_edge(a, b).attr["pos"])) for a, b, key in _edges(people)]
    return _drawn(people, spots, lines)


class _Elk:
    """ELK in a Node process that stays warm."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None:
            raise ImportError("node")
        self.process = subprocess.Popen(
            [node, "elk.js"], cwd=Path(__file__).parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def __call__(self, people: Kin) -> Drawn:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        side = _SIZE * _PT
        nodes = [{"id": p, "width": side, "height": side} for p in people.members]
        nodes += [{"id": f"u {u.id}", "width": 1, "height": 1} for u in people.unions]
        edges = [{"id": f"e{n}", "sources": [a], "targets": [b]} for n, (a, b, _) in enumerate(_edges(people))]
        options = {"elk.algorithm": "layered", "elk.direction": "DOWN", "elk.edgeRouting": "SPLINES"}
        graph = {"id": "root", "layoutOptions": options, "children": nodes, "edges": edges}
        try:
            self.process.stdin.write(json.dumps(graph) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError as gone:
            raise ImportError("elkjs") from gone
        answer = self.process.stdout.readline()
        if not answer:
            raise ImportError("elkjs")
        found = json.loads(answer)["graph"]
        half = side / 2
        spots = {
            n["id"]: ((n["x"] + half) / _PT, (n["y"] + half) / _PT)
            for n in found["children"]
            if n["id"] in people.members
        }
        lines = []
        for edge, (_, _, key) in zip(found["edges"], _edges(people), strict=True):
            (section,) = edge["sections"]
            knots = [section["startPoint"], *section.get("bendPoints", ()), section["endPoint"]]
            lines.append((key, [(x / _PT, y / _PT) for x, y in _curve([(k["x"], k["y"]) for k in knots])]))
        return _drawn(people, spots, lines)


def _curve(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Cubic pieces as a polyline of eight parts each; what is left over of two or three points is straight."""
    out = [points[0]]
    for i in range(0, len(points) - 1, 3):
        piece = points[i : i + 4]
        if len(piece) < 4:
            return [*out, *piece[1:]]
        for step in range(1, 9):
            t = step / 8
            s = 1 - t
            weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
            x, y = (sum(w * p[axis] for w, p in zip(weights, piece, strict=True)) for axis in (0, 1))
            out.append((x, y))
    return out


def _point(text: str) -> tuple[float, float]:
    x, y = text.split(",")[:2]
    return float(x) / _PT, -float(y) / _PT


def _bezier(text: str) -> list[tuple[float, float]]:
    """A spline of Graphviz as a polyline."""
    places = [tuple(map(float, p.split(","))) for p in text.split() if p[0] not in "se"]
    return [(x / _PT, -y / _PT) for x, y in _curve([(x, y) for x, y in places])]


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


PEERS: dict[str, Callable[[], Callable[[Kin], Drawn]]] = {
    "dot": lambda: _dot,
    "ELK": _Elk,
}


def run() -> list[dict[str, object]]:
    """One row per family, then the sums."""
    rows: list[dict[str, object]] = []
    installed = {}
    for name, make in PEERS.items():
        try:
            draw = make()
            draw(kin(household(family(2, 4))))
        except ImportError:
            continue
        installed[name] = draw
    for name, case in cases():
        start = time.process_time()
        people = kin(case)
        ours = _ours(people)
        seconds = time.process_time() - start
        elder = [(f"person-{a}", f"person-{b}") for a, b in _elder(people)]
        seen, least = faults(ours, elder), people.verdict.bound
        row: dict[str, object] = {"family": name, "persons": len(people.members)}
        row |= _counted("clss", seen, seconds)
        row |= {
            "least crossings": least,
            "least parted": _least_parted(people, len(seen["parted"])),
            "proven": "yes" if people.verdict.proven and least == len(seen["crossings"]) else "no",
        }
        for peer, draw in installed.items():
            start = time.perf_counter()
            theirs = draw(people)
            seconds = time.perf_counter() - start
            row |= _counted(peer, faults(theirs, elder), seconds)
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


def _elder(people: Kin) -> list[tuple[str, str]]:
    level = {person: row for row, those in enumerate(people.rows) for person in those}
    return list(weave(people.members, people.unions, level).elder)


def _least_parted(people: Kin, most: int) -> int:
    """The fewest sibships over more than one row, all ways tried; never more than `most`, which a drawing has."""
    of = [union for union in people.unions if len(union.children) > 1]
    ways = (way for number in range(most) for way in combinations(of, number))
    return next((len(way) for way in ways if _in_rows(people, [each for each in of if each not in way])), most)


def _in_rows(people: Kin, whole: list[Union]) -> bool:
    """Whether partners, and the children of these unions, can share a row with all children below their parents."""
    alike = nx.utils.UnionFind(people.members)
    for same in (*(union.parents for union in people.unions), *(union.children for union in whole)):
        alike.union(*same)
    above = {(alike[p], alike[c]) for union in people.unions for p in union.parents for c in union.children}
    return nx.is_directed_acyclic_graph(nx.DiGraph(above))  # a circle is one of its own, too


def _counted(what: str, found: dict[str, list[tuple[str, ...]]], seconds: float) -> dict[str, object]:
    said: dict[str, object] = {f"{what} {kind.replace('_', ' ')}": len(found[kind]) for kind in _COUNTED}
    clean = not any(found[kind] for kind in _COUNTED[:-1])
    said[f"{what} elder"] = len(found["elder"])
    return said | {f"{what} clean": "yes" if clean else "no", f"{what} ms": round(seconds * 1000)}
