"""GraphML or GEXF as a stream of nodes, edges, keys and graphs, read in pieces and stopped at the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from clss_analysis.records.exchange.foreign import (
    LIMIT_DEPTH,
    LIMIT_KEYS,
    LIMIT_LINE,
    LIMIT_LINKS,
    LIMIT_NODES,
    ForeignFile,
    Why,
    stop,
)
from clss_analysis.records.faults import InvalidRecordsError

_NAMESPACE = "{http://graphml.graphdrawing.org/xmlns"
ARROWS = "#arrows"
"""Among the data of an edge: the arrow heads that yEd draws at its source and at its target."""


@dataclass
class Element:
    """A node, edge, key or graph: in which graph of the file it stands, and inside which node."""

    kind: str
    line: int
    attributes: Mapping[str, str]
    data: dict[str, str] = field(default_factory=dict)
    graph: int = 0
    group: str = ""
    is_group: bool = False


class Stream:
    """Target of the XML parser: keeps nodes, edges and keys, never a tree, and stops at the limits."""

    def __init__(self, found: ForeignFile) -> None:
        self.found = found
        self.parser: Any = None
        self.depth = 0
        self.size = 0
        self.open: list[Element] = []
        self.text: list[str] | None = None
        self.keys: dict[str, Element] = {}
        self.nodes: list[Element] = []
        self.edges: list[Element] = []
        self.graphs: list[Element] = []
        self.data_key = ""
        self.about = ""
        self.active: int | None = None

    def has_groups(self, key: str) -> bool:
        """Whether groups stand inside a node."""
        return any(each.is_group and each.group == key for each in self.nodes)

    @property
    def line(self) -> int:
        """Line of the file that the parser has come to."""
        return int(self.parser.parser.CurrentLineNumber)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        name = tag.rpartition("}")[2]
        self.depth += 1
        if self.depth == 1 and name == "gexf":
            self.about = "node"
        elif self.depth == 1 and (name != "graphml" or (tag != name and not tag.startswith(_NAMESPACE))):
            raise stop(self.found.file, self.line, "graphml_root")
        if self.depth > LIMIT_DEPTH:
            raise stop(self.found.file, self.line, "xml_deep", limit=LIMIT_DEPTH)
        around = next((each for each in reversed(self.open) if each.kind == "node"), None)
        group = around.attributes.get("id", "") if around else ""
        element = Element(name, self.line, dict(attributes), graph=len(self.graphs) - 1, group=group)
        if self.about:
            name = self.of_gexf(element, around)
        if name in ("graph", "node", "edge", "key"):
            self.open.append(element)
            self.keep(name, element)
        elif name in ("data", "default") and self.open:
            self.text, self.data_key = [], attributes.get("key", "")
            self.size = 0
            self.active = None
        elif name == "Realizers":  # a group of yEd has one look when it is open, and one when it is closed
            self.active = int(attributes.get("active", "0") == "1")
        elif name.endswith("GroupNode") and self.active is not None:
            self.active -= 1
        elif name == "Arrows" and self.open:
            self.open[-1].data[ARROWS] = " ".join(attributes.get(end, "none") for end in ("source", "target"))
        elif name in ("hyperedge", "port"):
            self.found.tally.add(name, Why.NO_PLACE)

    def of_gexf(self, element: Element, around: Element | None) -> str:
        """Make an element of GEXF what it would be in GraphML, and give the name that it has there."""
        name, said = element.kind, {**element.attributes}
        if name == "graph":
            for each, title in (("node label", "label"), ("edge kind", "relation"), ("edge label", "label")):
                self.keys[each] = Element("key", 0, {"for": each[:4], "attr.name": title})
            said["edgedefault"] = said.get("defaultedgetype", "undirected")
        elif name == "attributes":
            self.about = said.get("class", "node")
        elif name == "attribute":
            element.kind, said["attr.name"] = "key", said.get("title", "")
            said |= {"id": f"{self.about} {said.get('id', '')}", "for": self.about}
        elif name == "attvalue" and self.open and len(said.get("value", "")) <= LIMIT_LINE:
            about = self.open[-1]
            about.data[f"{about.kind} {said.get('for') or said.get('id', '')}"] = said.get("value", "").strip()
        elif name in ("node", "edge"):
            element.data |= {
                f"{name} {each}": said[each]
                for each in ("label", "kind")
                if f"{name} {each}" in self.keys and each in said
            }
            if around is not None and name == "node":
                around.is_group = True
            element.group = said.get("pid") or element.group
            if "type" in said:
                said["directed"] = str(said["type"] == "directed").lower()
            element.data |= {ARROWS: "standard standard"} if said.get("type") == "mutual" else {}
        element.attributes = said
        return element.kind

    def keep(self, name: str, element: Element) -> None:
        """Keep an element, within the limits."""
        limit = LIMIT_LINKS if name == "edge" else LIMIT_NODES
        if name == "graph" and element.group:
            self.open[-2].is_group = True
            return
        many: list[Element] | None = {"node": self.nodes, "edge": self.edges, "graph": self.graphs}.get(name)
        if name == "key":
            self.keys[element.attributes.get("id", "")] = element
            if len(self.keys) > LIMIT_KEYS:
                raise stop(self.found.file, element.line, "too_many_keys", limit=LIMIT_KEYS)
        elif many is not None:
            many.append(element)
            if len(many) > limit:
                rule = "too_many_links" if name == "edge" else "too_many"
                raise stop(self.found.file, element.line, rule, limit=limit)

    def data(self, text: str) -> None:
        """Text of a data element."""
        if self.text is not None and self.active in (None, -1):
            self.size += len(text)
            if self.size > LIMIT_LINE:
                raise stop(self.found.file, self.line, "long_line", limit=LIMIT_LINE)
            self.text.append(text)

    def end(self, tag: str) -> None:
        """An element closes."""
        name = "key" if self.about and tag.endswith("}attribute") else tag.rpartition("}")[2]
        self.depth -= 1
        if name in ("data", "default") and self.text is not None and self.open:
            self.open[-1].data[self.data_key if name == "data" else ""] = "".join(self.text).strip()
            self.text = None
        elif self.open and name == self.open[-1].kind:
            self.open.pop()

    def close(self) -> None:
        """The document ends; what other nodes name as the one around them is a group."""
        groups = {each.group for each in self.nodes}
        for each in self.nodes:
            each.is_group = each.is_group or each.attributes.get("id") in groups


def parsed(content: bytes, found: ForeignFile) -> Stream:
    """Everything of a GraphML file, read in pieces, so that what is hostile stops it early.

    Raises:
        InvalidRecordsError: no well-formed XML, a document type or entity, no GraphML, or over a limit.
    """
    stream = Stream(found)
    parser = DefusedXMLParser(target=stream, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    stream.parser = parser
    fed(parser, content, found.file)
    return stream


def fed(parser: DefusedXMLParser, content: bytes, file: str) -> Any:  # noqa: ANN401
    """What an XML parser makes of a content, which it is given in pieces.

    Raises:
        InvalidRecordsError: no well-formed XML, a document type or entity, or an encoding that nobody knows.
    """
    try:
        for place in range(0, len(content), 65_536):
            parser.feed(content[place : place + 65_536])
        return parser.close()
    except DefusedXmlException:
        raise stop(file, parser.parser.CurrentLineNumber, "xml_doctype") from None
    except ParseError as error:
        raise stop(file, error.position[0], "xml") from None
    except InvalidRecordsError:
        raise
    except (LookupError, ValueError):
        raise stop(file, parser.parser.CurrentLineNumber, "unknown_encoding") from None
