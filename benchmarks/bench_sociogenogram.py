"""The sociogenogram beside Graphviz: the same persons, services and ties, time, crossings and overlaps.

Five made-up households for each size; nodes are persons and services together.  Every node is as large as its symbol
with its label, the household a node as small as a service.  Peers draw straight lines and know no family, so that
only arrows are counted; ours has the family drawn too, goes round what stands in the way, and keeps arrows apart.
`ms` is the layout's processor time in the median, `ms to SVG` that of drawing it in a warm
process; crossings (of lines without a common end), overlaps of symbols and lines through a foreign
symbol are summed over the five.

Nothing is compiled here.  Of a layout's time, distances, crossings and boxes in the way are three tenths, so that even
at no cost they would leave seven; numba makes them seventeen times as fast, and costs a cold process 0.2 s to
import, 0.2 s for two functions from its cache, 64 MB of memory and 208 MB of disk.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.bench_mega import PEERS, by_peer
from clss_analysis.figures.ink import draw
from clss_analysis.layout import sociogenogram
from clss_analysis.layout.geometry import Layout, overlaps, strikes
from clss_analysis.layout.quality import assess
from clss_analysis.records import Case

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from sociogenogram_cases import Rows, actor, child_of, couple, household, person, tie

_SIZES, _SEEDS = (10, 30, 60), range(1, 6)


def made_up(nodes: int, seed: int) -> Case:
    """A couple with children and services: each has to do with a person or the household, a third with another too.

    Args:
        nodes: persons and services together, at least 10.
        seed: any whole number.
    """
    rng = random.Random(f"{nodes}/{seed}")
    children = [f"K{n}" for n in range(rng.randint(1, 4))]
    people = ["M", "F", *children]
    rows: Rows = {
        "persons": [person("M", gender="man"), person("F", gender="woman", index="true")]
        + [person(name, birth_order=str(n + 1)) for n, name in enumerate(children)],
        "couples": [couple("M", "F")],
        "filiations": [row for name in children for row in child_of(name, "M", "F")],
        "actors": [],
        "ties": [],
    }
    services = [f"s{n:02d}" for n in range(nodes - len(people))]
    for n, name in enumerate(services):
        rows["actors"].append(actor(name, label=f"Service numéro {n}"))
        near = rng.choice(["", "", f"p:{rng.choice(people)}"])
        ends = (f"a:{name}", near) if rng.random() < 0.7 else (near, f"a:{name}")
        rows["ties"].append(tie(f"t{n:02d}", *ends))
        if n and rng.random() < 0.33:
            rows["ties"].append(tie(f"u{n:02d}", f"a:{name}", f"a:{services[rng.randrange(n) // 3]}"))
    return household(rows, synthetic=True)


def run() -> list[dict[str, object]]:
    """One row per size and layout."""
    rows: list[dict[str, object]] = []
    _svg(sociogenogram(made_up(10, 0)))  # typeface and words read before the clock starts
    for nodes in _SIZES:
        ours = [_timed(partial(sociogenogram, made_up(nodes, seed))) for seed in _SEEDS]
        rows.append(_row(nodes, "clss", ours))
        for name in ("pygraphviz dot", "pygraphviz neato", "netgraph"):
            try:
                theirs = [
                    _timed(partial(by_peer, layout, _sizes(layout), PEERS[name], scaled=name == "netgraph"))
                    for layout, _ in ours
                ]
            except ImportError:
                continue
            rows.append(_row(nodes, name, theirs))
    return rows


def _timed(work: Callable[[], Layout]) -> tuple[Layout, float]:
    start = time.process_time()
    return work(), 1000 * (time.process_time() - start)


def _sizes(layout: Layout) -> dict[str, tuple[float, float]]:
    """Width and height of each symbol with its labels, mm; the household, one symbol for its peers, has its own."""
    sizes = {}
    for symbol in layout.symbols:
        boxes = [symbol.box, *(b.box for b in layout.labels if b.of == symbol.id)]
        wide = max(b[2] for b in boxes) - min(b[0] for b in boxes)
        high = max(b[3] for b in boxes) - min(b[1] for b in boxes)
        if symbol.kind != "legend":
            sizes[symbol.id] = (29.0, 9.0) if symbol.kind == "household" else (wide, high)
    return sizes


def _svg(layout: Layout) -> float:
    start = time.process_time()
    draw(layout)._repr_mimebundle_(include=["image/svg+xml"])
    return 1000 * (time.process_time() - start)


def _row(nodes: int, what: str, drawn: list[tuple[Layout, float]]) -> dict[str, object]:
    found = [assess(layout) for layout, _ in drawn]
    return {
        "nodes": nodes,
        "layout": what,
        "arrows": sum(q["arrows"] for q in found),
        "ms": f"{statistics.median(ms for _, ms in drawn):.0f}",
        "ms to SVG": f"{statistics.median(_svg(layout) for layout, _ in drawn):.0f}" if what == "clss" else "",
        "crossings": sum(q["crossings"]["arrow-arrow"] + q["crossings"]["arrow-family"] for q in found),
        "coincidences": sum(q["coincidences"] for q in found),
        "overlaps": sum(len(overlaps(layout)) for layout, _ in drawn),
        "strikes": sum(len(strikes(layout)) for layout, _ in drawn),
    }
