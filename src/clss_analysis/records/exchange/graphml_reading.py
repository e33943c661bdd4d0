"""GraphML of ego networks: nodes become persons, services and others, edges ties and family links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from clss_analysis.records.exchange.foreign import (
    ASSUMED,
    IDENTIFIER,
    LIMIT_DEPTH,
    LIMIT_KEYS,
    LIMIT_LINE,
    LIMIT_LINKS,
    LIMIT_NODES,
    NO_PLACE,
    UNCLEAR,
    ForeignActor,
    ForeignCouple,
    ForeignFile,
    ForeignFiliation,
    ForeignPerson,
    ForeignTie,
    foreign_words,
    stop,
)
from clss_analysis.records.faults import InvalidRecordsError
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.vocabulary import codes

_NAMESPACE = "{http://graphml.graphdrawing.org/xmlns"


@dataclass
class Element:
    """A node, edge, key or graph while its data come in."""

    kind: str
    line: int
    attributes: Mapping[str, str]
    data: dict[str, str] = field(default_factory=dict)


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

    @property
    def line(self) -> int:
        """Line of the file that the parser has come to."""
        return int(self.parser.parser.CurrentLineNumber)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        name = tag.rpartition("}")[2]
        self.depth += 1
        if self.depth == 1 and (name != "graphml" or (tag != name and not tag.startswith(_NAMESPACE))):
            raise stop(self.found.file, self.line, "graphml_root")
        if self.depth > LIMIT_DEPTH:
            raise stop(self.found.file, self.line, "xml_deep", limit=LIMIT_DEPTH)
        element = Element(name, self.line, dict(attributes))
        if name in ("graph", "node", "edge", "key"):
            self.open.append(element)
            self.keep(name, element)
        elif name in ("data", "default") and self.open:
            self.text, self.data_key = [], attributes.get("key", "")
            self.size = 0
        elif name in ("hyperedge", "port"):
            self.found.tally.add(name, NO_PLACE)

    def keep(self, name: str, element: Element) -> None:
        """Keep an element, within the limits."""
        limit = LIMIT_LINKS if name == "edge" else LIMIT_NODES
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
        if self.text is not None:
            self.size += len(text)
            if self.size > LIMIT_LINE:
                raise stop(self.found.file, self.line, "long_line", limit=LIMIT_LINE)
            self.text.append(text)

    def end(self, tag: str) -> None:
        """An element closes."""
        name = tag.rpartition("}")[2]
        self.depth -= 1
        if name in ("data", "default") and self.text is not None and self.open:
            self.open[-1].data[self.data_key if name == "data" else ""] = "".join(self.text).strip()
            self.text = None
        elif self.open and name == self.open[-1].kind:
            self.open.pop()

    def close(self) -> None:
        """The document ends; what was kept is in the attributes."""


def parsed(content: bytes, found: ForeignFile) -> Stream:
    """Everything of a GraphML file, read in pieces, so that what is hostile stops it early.

    Raises:
        InvalidRecordsError: no well-formed XML, a document type or entity, no GraphML, or over a limit.
    """
    stream = Stream(found)
    parser = DefusedXMLParser(target=stream, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    stream.parser = parser
    try:
        for place in range(0, len(content), 65_536):
            parser.feed(content[place : place + 65_536])
        parser.close()
    except DefusedXmlException:
        raise stop(found.file, stream.line, "xml_doctype") from None
    except ParseError as error:
        raise stop(found.file, error.position[0], "xml") from None
    except InvalidRecordsError:
        raise
    except (LookupError, ValueError):
        raise stop(found.file, stream.line, "unknown_encoding") from None
    return stream


def read_graphml(content: bytes, file: str) -> ForeignFile:
    """What a GraphML file says of persons, services, families and ties.

    Attributes are known by `attr.name`, in any letter case: of nodes `kind` (or type), `sex` (or gender), `role`,
    `age`, `age_band`, `life`, `residence`, `index` (or ego), `household`, `sector`, `birth_order`, `twin_group`, and
    `label` of a service only, since that of a person may be a name; of edges `relation` (or type), `state`,
    `filiation`, `direction`, `quality`, `household`.  A node without kind is a person where it is the ego, has a place
    in a family or a family link, else another person of collective life.  A directed edge is a tie one way, an
    undirected one a tie of unknown direction.  Document types, and so entities, are refused; nothing outside the file
    is opened.

    Raises:
        InvalidRecordsError: the file is no sound GraphML, names nodes that are not there, or breaks a limit.
    """
    found = ForeignFile(file=file, format="GraphML")
    stream = parsed(content, found)
    reader = _Reader(found, stream)
    reader.read()
    return found


class _Reader:
    def __init__(self, found: ForeignFile, stream: Stream) -> None:
        self.found, self.stream = found, stream
        self.count = found.tally.add
        self.twins: dict[str, str] = {}
        self.homes: dict[str, str] = {}
        self.pairs: set[tuple[str, str]] = set()
        self.names = {key: self.known(each) for key, each in stream.keys.items()}

    def known(self, key: Element) -> str:
        """Our name of an attribute; empty where we have none."""
        name = key.attributes.get("attr.name", "").strip().lower()
        of = "node" if key.attributes.get("for", "all") in ("node", "all") else "edge"
        if key.attributes.get("for") == "graph":
            return ""
        return foreign_words(f"graphml.{of}").get(name, "")

    def read(self) -> None:
        found, stream = self.found, self.stream
        if not stream.graphs:
            raise stop(found.file, 1, "graphml_empty")
        self.count("graph", NO_PLACE, len(stream.graphs) - 1)
        nodes: dict[str, Element] = {}
        for node in stream.nodes:
            key = node.attributes.get("id", "")
            if not key:
                self.found.doubt(node.line, "no_key")
            elif nodes.setdefault(key, node) is not node:
                self.found.doubt(node.line, "twice")
        if not nodes:
            raise stop(found.file, stream.graphs[0].line, "nobody")
        said = {key: self.cells(node, "node") for key, node in nodes.items()}
        edges = [(edge, self.cells(edge, "edge")) for edge in stream.edges]
        edges = [each for each in edges if self.has_ends(each[0], said)]
        kin = {
            edge.attributes[end]
            for edge, cells in edges
            if foreign_words("graphml.relation").get(cells.get("relation", "").lower(), "tie") != "tie"
            for end in ("source", "target")
        }
        kinds = {key: self.kind(cells, in_family=key in kin) for key, cells in said.items()}
        if "person" not in kinds.values():
            first = next((key for key, kind in kinds.items() if kind == "other_person"), "")
            kinds |= {first: "person"} if first else {}
            self.count("node.kind (ego)", ASSUMED)
        for key, cells in said.items():
            self.node(key, nodes[key].line, kinds[key], cells)
        for edge, cells in edges:
            self.edge(edge, cells, kinds)

    def cells(self, element: Element, kind: str) -> dict[str, str]:
        """Values of an element by our names of attributes; the others are counted."""
        cells: dict[str, str] = {}
        for key, each in self.stream.keys.items():
            name = self.names[key]
            value = element.data.get(key, each.data.get("", "") if each.attributes.get("for") == kind else "")
            if value and name and not FORBIDDEN.search(value):
                cells.setdefault(name, value)
            elif value:
                self.leave(kind, each.attributes.get("attr.name", ""))
        self.count(f"{kind}.data", UNCLEAR, sum(key not in self.stream.keys for key in element.data))
        return cells

    def leave(self, kind: str, name: str) -> None:
        shown = name if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,31}", name) else "data"
        self.count(f"{kind}.{shown}", IDENTIFIER if name.lower() in foreign_words("graphml.identifying") else NO_PLACE)

    def has_ends(self, edge: Element, nodes: Mapping[str, object]) -> bool:
        """Whether both ends of an edge are in the file; it is a doubt where they are not."""
        if all(edge.attributes.get(end, "") in nodes for end in ("source", "target")):
            return True
        self.found.doubt(edge.line, "dangling")
        return False

    def kind(self, cells: Mapping[str, str], *, in_family: bool) -> str:
        said = cells.get("kind", "").lower()
        kind = foreign_words("graphml.kind").get(said, "")
        if said and not kind:
            self.count("node.kind", UNCLEAR)
        if kind:
            return kind
        return "person" if in_family or self.truth(cells, "index") or self.role(cells) else "other_person"

    def code(self, cells: Mapping[str, str], name: str, vocabulary: str) -> str:
        """A coded value; one that is no code is counted and unknown."""
        value = cells.get(name, "")
        if value and value not in codes(vocabulary):
            self.count(f"{name} (?)", UNCLEAR)
            return ""
        return value

    def role(self, cells: Mapping[str, str]) -> str:
        value = cells.get("role", "").lower()
        return value if value in codes("family_role") else ""

    def truth(self, cells: Mapping[str, str], name: str) -> bool:
        return cells.get(name, "").lower() in ("true", "1", "yes", "oui", "ja")

    def number(self, cells: Mapping[str, str], name: str, low: int, high: int) -> int | None:
        value = cells.get(name, "").removesuffix(".0")
        if re.fullmatch("[0-9]{1,3}", value) and low <= int(value) <= high:
            return int(value)
        self.count(f"node.{name}", UNCLEAR, int(bool(value)))
        return None

    def node(self, key: str, line: int, kind: str, cells: Mapping[str, str]) -> None:
        if kind == "household":
            self.homes[key] = cells.get("household", key)
            self.found.households.append(self.homes[key])
            return
        if kind != "person":
            around = cells.get("household", None if kind == "service" or self.shared() else "")
            label = cells.get("label", "") if kind == "service" else ""
            self.count("node.label", IDENTIFIER, int(kind != "service" and "label" in cells))
            self.found.actors.append(
                ForeignActor(
                    key=key, line=line, kind=kind, label=label.replace("\n", " ")[:200],
                    sector=self.code(cells, "sector", "sector"), household=around if kind == "other_person" else None,
                )
            )  # fmt: skip
            for name in ("sex", "age", "life", "role", "birth_order", "residence"):
                self.count(f"node.{name}", NO_PLACE, int(name in cells))
            return
        sex = cells.get("sex", "").lower()
        self.count("node.sex", UNCLEAR, int(bool(sex) and sex not in foreign_words("graphml.sex")))
        self.count("node.label", IDENTIFIER, int("label" in cells))
        self.count("node.role", NO_PLACE, int("role" in cells and not self.role(cells)))
        life = self.code(cells, "life", "life")
        if not life:
            self.count("node.life", ASSUMED)
        self.found.persons.append(
            ForeignPerson(
                key=key,
                line=line,
                gender=foreign_words("graphml.sex").get(sex, ""),
                life=life or "alive",
                age=self.number(cells, "age", 0, 120),
                age_band=self.code(cells, "age_band", "age_band"),
                role=self.role(cells),
                residence=self.code(cells, "residence", "residence"),
                index=self.truth(cells, "index"),
                birth_order=self.number(cells, "birth_order", 1, 999),
                twin_group=self.twin(cells),
                household=cells.get("household", ""),
            )
        )

    def shared(self) -> bool:
        return "household" in self.names.values()

    def twin(self, cells: Mapping[str, str]) -> str:
        group = cells.get("twin_group", "")
        return self.twins.setdefault(group, f"J{len(self.twins) + 1}") if group else ""

    def edge(self, edge: Element, cells: Mapping[str, str], kinds: Mapping[str, str]) -> None:
        source, target = edge.attributes["source"], edge.attributes["target"]
        said = cells.get("relation", "").lower()
        relation = foreign_words("graphml.relation").get(said, "tie")
        self.count("edge.relation", NO_PLACE, int(bool(said) and said not in foreign_words("graphml.relation")))
        if relation != "tie":
            self.family(edge.line, relation, cells, (source, target), kinds)
            return
        if source == target:
            self.count("edge (self)", NO_PLACE)
            return
        graph = self.stream.graphs[0].attributes.get("edgedefault", "undirected")
        directed = edge.attributes.get("directed", str(graph == "directed").lower()) == "true"
        direction = self.code(cells, "direction", "tie_direction") or ("one_way" if directed else "unknown")
        ends = [None if kinds[end] == "household" else end for end in (source, target)]
        if ends == [None, None]:
            self.count("edge", NO_PLACE)
            return
        home = next((self.homes[end] for end in (source, target) if end in self.homes), cells.get("household", ""))
        quality = self.code(cells, "quality", "tie_quality")
        self.found.ties.append(
            ForeignTie(
                source=ends[0], target=ends[1], line=edge.line, direction=direction, quality=quality, household=home
            )
        )

    def family(
        self, line: int, relation: str, cells: Mapping[str, str], ends: tuple[str, str], kinds: Mapping[str, str]
    ) -> None:
        if any(kinds[end] != "person" for end in ends):
            self.found.doubt(line, "not_persons")
        elif relation == "couple":
            state = self.code(cells, "state", "couple_state")
            self.found.couples.append(ForeignCouple(a=ends[0], b=ends[1], line=line, state=state))
        else:
            parent, child = ends if relation == "parent" else ends[::-1]
            if (parent, child) in self.pairs:
                self.count("edge.filiation", UNCLEAR)
                return
            self.pairs.add((parent, child))
            kind = self.code(cells, "filiation", "filiation_kind")
            if not kind:
                self.count("edge.filiation", ASSUMED)
            self.found.filiations.append(
                ForeignFiliation(parent=parent, child=child, line=line, kind=kind or "birth", told=bool(kind))
            )
