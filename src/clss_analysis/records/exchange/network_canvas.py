"""Tables of Network Canvas: an archive of .csv files, read as the graphs that its GraphML would be."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from clss_analysis.records.exchange.foreign import LIMIT_KEYS, Doubt, ForeignFile, fault, stop
from clss_analysis.records.exchange.graphml_stream import Element, Stream

_TABLE = re.compile(r"(?:.*_)?(?:(attributeList|edgeList)(?:_(.*))?|(ego))", re.DOTALL)
_KINDS = {"attributeList": "node", "edgeList": "edge", "ego": "graph"}
_EGO, _KEY, _SOURCE, _TARGET, TYPE = (
    f"networkCanvas{name}" for name in ("EgoUUID", "UUID", "SourceUUID", "TargetUUID", "Type")
)
_STRUCTURE = {_EGO, _KEY, _SOURCE, _TARGET, "nodeID", "edgeID", "from", "to"}
"""Columns that say which row is meant, and nothing of it."""
_Rows = tuple[tuple[Any, ...], ...]


def has_interviews(path: Path) -> bool:
    """Whether an archive holds tables of Network Canvas, by the names of its members alone."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return False
        with zipfile.ZipFile(path) as archive:
            return names_interviews(archive.namelist())
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


def names_interviews(names: Iterable[str]) -> bool:
    """Whether tables of these names are those of Network Canvas."""
    return any(re.search("(?:^|[_/])(?:attributeList|edgeList)", name) for name in names)


def interviews(tables: Mapping[str, _Rows], found: ForeignFile) -> Stream:
    """The graphs, nodes and edges of the tables, as a GraphML of the same interviews has them.

    `…_attributeList_<type>` holds alters, `…_edgeList_<type>` what joins them, `…_ego` who was interviewed; the ego's
    number says to which interview a row belongs.  Other tables, such as matrices, say the same once more and are left.

    Args:
        tables: rows by name of the table, the first of them its columns.
        found: what takes the doubts: a row without number, with one that is taken, or that leads to nobody.

    Raises:
        InvalidRecordsError: no interview, or over a limit.
    """
    stream, graphs, nodes = Stream(found), dict[str, int](), set[tuple[int, str]]()
    named = {name: match for name in sorted(tables) if (match := _TABLE.fullmatch(name))}
    for table in ("ego", "attributeList", "edgeList"):  # who is there before who is joined
        for name, match in named.items():
            if table not in (match[1], match[3]):
                continue
            said, kind = (match[2] or "").replace("_", " ").strip(), _KINDS[table]
            columns = [str(cell or "").strip() for cell in tables[name][0]] if tables[name] else []
            for column in {*columns, TYPE} - _STRUCTURE - {""}:
                about = {"id": TYPE if column == TYPE else f"{kind} {column}", "attr.name": column, "for": kind}
                stream.keys.setdefault(f"{kind} {column}", Element("key", 1, about))
            for line, row in enumerate(tables[name][1:], start=2):
                cells = {column: str(cell).strip() for column, cell in zip(columns, row, strict=False) if cell}
                if not cells:
                    continue
                graph = graphs.setdefault(cells.get(_EGO, ""), len(graphs))
                data = {f"{kind} {column}": cell for column, cell in cells.items() if column not in _STRUCTURE}
                if said:
                    data.setdefault(f"{kind} {TYPE}", said)
                ends = {"id": _KEY} if kind == "node" else {"source": _SOURCE, "target": _TARGET}
                about = {} if kind == "graph" else {end: cells.get(column, "") for end, column in ends.items()}
                element = Element(kind, line, about, data, graph)
                if rule := _wrong(element, nodes):
                    found.doubts.append(Doubt(fault(f"{found.file}, {name}.csv", line, rule), "left"))
                else:
                    stream.keep(kind, element)
    told = {graph.graph: graph for graph in stream.graphs}
    stream.graphs = [told.get(number, Element("graph", 1, {}, {}, number)) for number in range(len(graphs))]
    if len(stream.keys) > LIMIT_KEYS:
        raise stop(found.file, None, "too_many_keys", limit=LIMIT_KEYS)
    return stream


def _wrong(element: Element, nodes: set[tuple[int, str]]) -> str:
    """The rule that a row breaks, empty where none; a node that breaks none is among them afterwards."""
    if element.kind == "node":
        key = element.graph, element.attributes["id"]
        rule = "no_key" if not key[1] else "twice" if key in nodes else ""
        if not rule:
            nodes.add(key)
        return rule
    ends = element.attributes.values()
    return "" if all((element.graph, end) in nodes for end in ends) else "dangling"
