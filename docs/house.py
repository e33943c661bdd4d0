"""Draw the house from its imports: rooms from top to bottom, arrows for who imports whom, the weight of each room.

`make house` writes `docs/house.svg`; `python docs/house.py --check` draws nothing and exits 1 where an import runs
upwards or modules import each other in a circle.  It reads the source as text and imports nothing of it.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

import matplotlib as mpl
import networkx as nx
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

HERE = Path(__file__).parent
SOURCE = HERE.parent / "src" / "clss_analysis"
ROOMS = {
    "cli": "the command: words only",
    "desk": "the house in a browser",
    "publish": "book, brief, manifest",
    "runs": "notebooks executed",
    "figures": "geometry → matplotlib",
    "layout": "records → geometry in mm",
    "measures": "what we count",
    "privacy": "what may leave",
    "records": "what a record is",
}
"""From the top of the house to the ground, with what a room is for (a line of design); imports run downwards only."""
_SILENT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def modules() -> dict[str, Path]:
    """Every module by its dotted name below the package."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(known: dict[str, Path]) -> nx.DiGraph:
    """Module → module that it imports, wherever in the file; what is imported for types alone is no arrow."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(known)
    for name, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        typed = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
                 for inner in ast.walk(node)}  # fmt: skip
        for node in ast.walk(tree):
            if id(node) in typed or not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("clss_analysis"):
                continue
            base = node.module.removeprefix("clss_analysis").lstrip(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".lstrip(".")
                target = inner if inner in known else base
                if target in known and target not in ("", name):
                    graph.add_edge(name, target)
    return graph


def code_lines(path: Path) -> int:
    """Lines of code of a file: without blanks, comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    quiet: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            quiet.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _SILENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - quiet)


def faults(graph: nx.DiGraph) -> list[str]:
    """Arrows that run upwards, and circles of modules."""
    order = list(ROOMS)
    wrong = []
    for here, there in sorted(graph.edges):
        rooms = [name.split(".")[0] for name in (here, there)]
        if all(room in ROOMS for room in rooms) and order.index(rooms[0]) > order.index(rooms[1]):
            wrong.append(f"{here} imports {there}, which is above it")
    circles = [sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]
    return wrong + [f"circle: {', '.join(circle)}" for circle in sorted(circles)]


def draw(graph: nx.DiGraph, known: dict[str, Path]) -> Figure:
    """The house: a box per room, as high as its code, and arrows as broad as they are used."""
    weight = Counter({room: 0 for room in ROOMS})
    for name, path in known.items():
        weight[name.split(".")[0]] += code_lines(path)
    arrows = Counter(
        (here.split(".")[0], there.split(".")[0])
        for here, there in graph.edges
        if here.split(".")[0] in ROOMS and there.split(".")[0] in ROOMS and here.split(".")[0] != there.split(".")[0]
    )
    figure = Figure(figsize=(7.2, 8.4), facecolor="white")
    axes = figure.add_axes((0.02, 0.01, 0.96, 0.98))
    axes.axis("off")
    axes.set_xlim(0, 100)
    step = {}
    top = 0.0
    for room, about in ROOMS.items():
        high = (
            6 + weight[room] / 800
        )  # one millimetre and a bit for a thousand lines, over a least height for the words
        box = FancyBboxPatch((4, top), 52, high, boxstyle="round,pad=0,rounding_size=1.2", facecolor="#eceff1",
                             edgecolor="#2f3d46", linewidth=1.0)  # fmt: skip
        axes.add_artist(box)
        number = sum(name.split(".")[0] == room for name in known)
        axes.text(7, top + high / 2, room, fontsize=12, fontweight="bold", va="center")
        lines = f"{weight[room]:,}".replace(",", "\u202f")
        axes.text(21, top + high / 2, f"{about}\n{lines} lines of code, {number} modules", fontsize=8.5, va="center", linespacing=1.4)  # fmt: skip
        step[room] = (top, top + high)
        top += high + 4
    axes.set_ylim(top, -1)
    order = list(ROOMS)
    pairs = sorted(arrows, key=lambda pair: (abs(order.index(pair[1]) - order.index(pair[0])), order.index(pair[0])))
    ports: dict[str, list[tuple[str, str]]] = {room: [] for room in ROOMS}
    for lane, pair in enumerate(pairs):
        for room in pair:
            ports[room].append(pair)
    for lane, (here, there) in enumerate(pairs):
        heights = []
        for room in (here, there):
            low, high = step[room]
            mine = sorted(ports[room], key=lambda pair: _port(pair, room, order))
            heights.append(low + (high - low) * (mine.index((here, there)) + 1) / (len(mine) + 1))
        x = 60 + 38 * lane / max(1, len(pairs) - 1)
        colour = "#b3202c" if order.index(there) < order.index(here) else "#5f6368"
        width = 0.5 + arrows[here, there] / 50  # points; a hundred imports are 2.5
        axes.plot([56, x, x], [heights[0], heights[0], heights[1]], color=colour, linewidth=width,
                  solid_joinstyle="round")  # fmt: skip
        axes.annotate("", (56, heights[1]), (x, heights[1]), arrowprops={
            "arrowstyle": "-|>", "color": colour, "linewidth": width, "shrinkA": 0, "shrinkB": 0})  # fmt: skip
        axes.text(x, sum(heights) / 2, str(arrows[here, there]), fontsize=7, ha="center", va="center",
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})  # fmt: skip
    return figure


def _port(pair: tuple[str, str], room: str, order: list[str]) -> tuple[int, int]:
    """Where an arrow meets a room, from its upper edge down: what comes from above first, the farthest outermost."""
    other = pair[0] if pair[1] == room else pair[1]
    apart = order.index(other) - order.index(room)
    return (0, apart) if apart < 0 else (1, apart)


def main() -> int:
    """Draw, or check only."""
    known = modules()
    graph = imports(known)
    wrong = faults(graph)
    for line in wrong:
        print(line)  # noqa: T201 - a script for people
    if "--check" not in sys.argv:
        with mpl.rc_context({"svg.hashsalt": "house", "svg.fonttype": "none", "font.family": "sans-serif"}):
            draw(graph, known).savefig(HERE / "house.svg", metadata={"Date": None})
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
