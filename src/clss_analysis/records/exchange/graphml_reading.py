"""GraphML of ego networks: nodes become persons, services and others, edges ties and family links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from clss_analysis.records.exchange.foreign import (
    MARK,
    ForeignActor,
    ForeignCouple,
    ForeignFile,
    ForeignFiliation,
    ForeignPerson,
    ForeignTie,
    Why,
    actor_word,
    foreign_words,
    person_word,
    stop,
    working_kind,
)
from clss_analysis.records.exchange.graphml_stream import ARROWS, Element, Stream, parsed
from clss_analysis.records.exchange.network_canvas import TYPE
from clss_analysis.records.rules import GENDERS, SUCCESSIVE
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.typography import plain
from clss_analysis.records.vocabulary import LANGUAGES, codes, label

_FAMILY = ("couple", "parent", "child", "sibling", "relative")


def read_graphml(content: bytes, file: str) -> ForeignFile:
    """What a GraphML or GEXF file says of persons, services, families and ties.

    Attributes are known by `attr.name`, in any letter case: of nodes `kind` (or type), `sex` (or gender), `role`,
    `age`, `age_band`, `life`, `residence`, `index` (or ego), `household`, `sector`, `birth_order`, `twin_group`,
    `identical`, and `label` of a service only, since that of a person may be a name; of edges `relation` (or type),
    `state`, `filiation`, `direction`, `quality`, `strength`, `household`.  A truth such as `sex_male` is a value of
    `sex`.  A node without kind is a person where it is the ego, has a place in a family or a family link or stands in a
    group, else another person of collective life.  A group of yEd or Gephi is a household.  Each graph of Network
    Canvas is the interview of one household: what it says of the ego is its index person, and `relationship` is the
    alter's place in the family or collective life of the ego.  A directed edge is a tie one way, an undirected one, or
    one that yEd draws without heads, a tie of unknown direction.  Document types, and so entities, are refused; nothing
    outside the file is opened.

    Raises:
        InvalidRecordsError: the file is no sound GraphML, names nodes that are not there, or breaks a limit.
    """
    found = ForeignFile(file=file, format="GEXF" if file.lower().endswith(".gexf") else "GraphML")
    read_stream(parsed(content, found), found)
    return found


def read_stream(stream: Stream, found: ForeignFile) -> None:
    """Put what graphs, nodes and edges say into a file, as `read_graphml` does."""
    _Reader(found, stream).read()


class _Reader:
    def __init__(self, found: ForeignFile, stream: Stream) -> None:
        self.found, self.stream = found, stream
        self.count = found.tally.add
        self.twins: dict[str, str] = {}
        self.homes: dict[str, str] = {}
        self.around: dict[str, str] = {}
        self.egos: dict[int, str] = {}
        self.grouped: set[str] = set()
        self.holding: set[str] = set()
        self.pairs: dict[tuple[str, str], set[str]] = {}
        said = {key.lower() for key in stream.keys} | {self.title(each).lower() for each in stream.keys.values()}
        self.interviews = any(each.startswith("networkcanvas") for each in said)
        self.names = {key: self.known(each) for key, each in stream.keys.items()}

    def title(self, key: Element) -> str:
        """What the file calls an attribute; the words that yEd draws on a node are its label."""
        drawn = key.attributes.get("yfiles.type") == "nodegraphics"
        return "label" if drawn else key.attributes.get("attr.name", "").strip()

    def known(self, key: Element) -> str:
        """Our name of an attribute, with `=` and a value where it is a truth about one value; empty where none."""
        name = self.title(key).lower()
        about = key.attributes.get("for", "all")
        if about == "graph" and not self.interviews:
            return ""
        if key.attributes.get("id") == TYPE:
            return "relation" if about == "edge" else "kind"
        words = foreign_words("graphml.edge" if about == "edge" else "graphml.node")
        name = name.removeprefix("ego_") if about == "graph" else name
        if name in words:
            return words[name]
        base = max((each for each in words if name.startswith(f"{each}_")), key=len, default="")
        return f"{words[base]}={name.removeprefix(base)[1:]}" if base else ""

    def key(self, element: Element, end: str = "id") -> str:
        """The key of a node; of several interviews, ids may be the same."""
        name = element.attributes.get(end, "")
        return f"{element.graph + 1}\t{name}" if name and self.interviews and len(self.stream.graphs) > 1 else name

    def read(self) -> None:
        found, stream = self.found, self.stream
        if not stream.graphs:
            raise stop(found.file, 1, "graphml_empty")
        found.own = any(self.title(stream.keys[key]) == MARK for key in stream.graphs[0].data if key in stream.keys)
        nodes: dict[str, Element] = {}
        for node in stream.nodes:
            key = self.key(node)
            if not key:
                self.found.doubt(node.line, "no_key")
            elif nodes.setdefault(key, node) is not node:
                self.found.doubt(node.line, "twice")
        if not nodes:
            raise stop(found.file, stream.graphs[0].line, "nobody")
        said = {key: self.cells(node, "node") for key, node in nodes.items()}
        self.place(nodes, said)
        edges = [(edge, self.cells(edge, "edge")) for edge in stream.edges]
        edges = [each for each in edges if self.has_ends(each[0], said)]
        kin = {
            self.key(edge, end)
            for edge, cells in edges
            if foreign_words("graphml.relation").get(cells.get("relation", "").lower(), "tie") != "tie"
            for end in ("source", "target")
        }
        kin |= {key for key, cells in said.items() if self.lien(cells)[0].partition(" ")[0] in _FAMILY}
        kinds = {
            key: "household"
            if nodes[key].is_group and not cells.get("kind")
            else self.kind(cells, in_family=key in kin or key in self.grouped)
            for key, cells in said.items()
        }
        for number, graph in enumerate(stream.graphs if self.interviews else ()):
            within = [key for key, node in nodes.items() if node.graph == number and self.truth(said[key], "index")]
            self.egos[number] = within[0] if within else f"{number + 1}\tego"
            if not within:
                self.ego(number, graph)
        for key, cells in said.items():
            if not nodes[key].is_group or kinds[key] in ("household", "person"):
                self.node(key, nodes[key].line, kinds[key], cells)
        if self.interviews:
            for key, cells in ((key, each) for key, each in said.items() if key not in self.egos.values()):
                self.alter(key, nodes[key], kinds[key], cells)
        else:
            self.count("graph", Why.NO_PLACE, len(stream.graphs) - 1)
        for edge, cells in edges:
            self.edge(edge, cells, kinds)

    def place(self, nodes: Mapping[str, Element], said: Mapping[str, dict[str, str]]) -> None:
        """In which household a node stands that does not say it: that of its interview, or the group around it."""
        kinds = foreign_words("graphml.kind")
        for key, node in nodes.items():
            word = said[key].get("label", "").lower()
            self.holding |= set() if node.is_group else {node.group}
            if node.is_group and kinds.get(word, "household") not in ("household", "person"):
                said[key].setdefault("kind", word)  # « Services » around them says what its members are
        for key, node in nodes.items():
            if self.interviews:
                self.around[key] = self.interview(node.graph)
            above, seen = node.group, set[str]()
            while above in nodes and above not in seen:
                seen.add(above)
                said[key].setdefault("kind", said[above].get("kind", ""))
                if above in self.holding and not said[above].get("kind"):
                    self.around[key] = above  # the outermost: « Parents » within « Famille » is no household
                    self.grouped.add(key)
                above = nodes[above].group

    def interview(self, graph: int) -> str:
        return str(graph + 1) if len(self.stream.graphs) > 1 else ""

    def ego(self, number: int, graph: Element) -> None:
        """The person interviewed, of whom the graph itself tells."""
        self.node(
            self.egos[number],
            graph.line,
            "person",
            self.cells(graph, "graph") | {"index": "true"},
            self.interview(number),
        )

    def alter(self, key: str, node: Element, kind: str, cells: Mapping[str, str]) -> None:
        """What an interview tells of an alter's relation to the ego."""
        ego, (said, word), line = self.egos[node.graph], self.lien(cells), node.line
        place, _, link = said.partition(" ")
        if kind == "person" and place == "couple":
            self.found.couples.append(ForeignCouple(a=ego, b=key, line=line, state=link))
        elif kind == "person" and place in ("parent", "child"):
            parent, child = (key, ego) if place == "parent" else (ego, key)
            self.found.filiations.append(
                ForeignFiliation(parent=parent, child=child, line=line, kind=link or "birth", told=bool(link))
            )
            self.count("node.relation (filiation)", Why.ASSUMED, int(not link))
        elif kind == "other_person" and place:
            self.found.ties.append(ForeignTie(source=ego, target=key, line=line, relation=place))
        elif word and place not in ("sibling", "relative"):
            self.count("node.relation", Why.NO_PLACE)

    def lien(self, cells: Mapping[str, str]) -> tuple[str, str]:
        """An alter's relation to the ego as a code, and the word of the file."""
        word = cells.get("relation", "").lower().replace("_", " ")
        return foreign_words("graphml.alter").get(word, "") if self.interviews else "", word

    def cells(self, element: Element, kind: str) -> dict[str, str]:
        """Values of an element by our names of attributes; the others are counted."""
        cells: dict[str, str] = {}
        for key, each in self.stream.keys.items():
            name, _, option = self.names[key].partition("=")
            value = element.data.get(key, each.data.get("", "") if each.attributes.get("for") == kind else "")
            if option and value.lower() in ("false", "0"):
                continue
            truth = not option or value.lower() in ("true", "1")
            if value and name and truth and not FORBIDDEN.search(value):
                cells.setdefault(name, option or value)
            elif value and each.attributes.get("for") in (kind, "all", None) and name != "synthetic":
                self.leave(kind, self.title(each))
        if (word := cells.pop("description", "")) and word.lower() in foreign_words("graphml.kind"):
            cells.setdefault("kind", word)
        elif word:
            self.leave(kind, "description")
        strange = element.data.keys() - self.stream.keys.keys() - {ARROWS}
        self.count(f"{kind}.data", Why.UNCLEAR, len(strange))
        return cells

    def leave(self, kind: str, name: str) -> None:
        shown = name if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,31}", name) else "data"
        self.count(
            f"{kind}.{shown}", Why.IDENTIFIER if name.lower() in foreign_words("graphml.identifying") else Why.NO_PLACE
        )

    def has_ends(self, edge: Element, nodes: Mapping[str, object]) -> bool:
        """Whether both ends of an edge are in the file; it is a doubt where they are not."""
        if all(self.key(edge, end) in nodes for end in ("source", "target")):
            return True
        self.found.doubt(edge.line, "dangling")
        return False

    def kind(self, cells: Mapping[str, str], *, in_family: bool) -> str:
        said = cells.get("kind", "").lower()
        kind = foreign_words("graphml.kind").get(said, "") or working_kind(said)
        if said and not kind:
            self.count("node.kind", Why.UNCLEAR)
        if kind and not (self.interviews and kind == "person"):
            return kind
        if not kind and working_kind(cells.get("label", "").lower()) == "service":
            return "service"
        if in_family or self.truth(cells, "index") or self.role(cells):
            return "person"
        self.count("node.kind", Why.OPEN, int(not said))
        return "other_person"

    def code(self, cells: Mapping[str, str], name: str, vocabulary: str) -> str:
        """A coded value; one that is no code is counted and unknown."""
        value = cells.get(name, "")
        if value and value not in codes(vocabulary):
            self.count(f"{name} (?)", Why.UNCLEAR)
            return ""
        return value

    def role(self, cells: Mapping[str, str]) -> str:
        value, drawn = cells.get("role", "").lower(), cells.get("label", "").partition("\n")[0]
        return value if value in codes("family_role") else _role_words().get(plain(drawn), "")

    def truth(self, cells: Mapping[str, str], name: str) -> bool:
        return cells.get(name, "").lower() in ("true", "1", "yes", "oui", "ja")

    def number(self, cells: Mapping[str, str], name: str, low: int, high: int) -> int | None:
        value = cells.get(name, "").removesuffix(".0")
        if re.fullmatch("[0-9]{1,3}", value) and low <= int(value) <= high:
            return int(value)
        self.count(f"node.{name}", Why.UNCLEAR, int(bool(value)))
        return None

    def node(self, key: str, line: int, kind: str, cells: Mapping[str, str], home: str = "") -> None:
        home = cells.get("household", home or self.around.get(key, ""))
        if kind == "household":
            if key in self.holding or self.around.get(key) or not self.stream.has_groups(key):
                self.homes[key] = home or key
                self.found.households += [self.homes[key]] * (self.homes[key] not in self.found.households)
            return
        if kind != "person":
            around = home or (None if kind == "service" or self.shared() else "")
            ours = {actor_word(kind, cells.get("sector", ""), lang) for lang in LANGUAGES} | {""}
            label = cells.get("label", "") if kind == "service" and cells.get("label", "") not in ours else ""
            self.count("node.label", Why.IDENTIFIER, int(kind != "service" and cells.get("label", "") not in ours))
            self.found.actors.append(
                ForeignActor(
                    key=key, line=line, kind=kind, label=label.replace("\n", " ")[:200],
                    sector=self.code(cells, "sector", "sector"), household=around if kind == "other_person" else None,
                )
            )  # fmt: skip
            for name in ("sex", "age", "life", "role", "birth_order", "residence"):
                self.count(f"node.{name}", Why.NO_PLACE, int(name in cells))
            return
        sex = cells.get("sex", "").lower()
        self.count("node.sex", Why.UNCLEAR, int(bool(sex) and sex not in foreign_words("graphml.sex")))
        self.count("node.label", Why.IDENTIFIER, int("label" in cells and not _says_nobody(cells["label"])))
        self.count("node.role", Why.NO_PLACE, int("role" in cells and not self.role(cells)))
        role = self.role(cells)
        worded = "" if cells.get("role") else role  # "mère" on a symbol says a woman; a code of ours leaves it open
        self.found.persons.append(
            ForeignPerson(
                key=key,
                line=line,
                gender=foreign_words("graphml.sex").get(sex, GENDERS.get(worded, "")),
                life=self.code(cells, "life", "life"),
                age=self.number(cells, "age", 0, 120),
                age_band=self.code(cells, "age_band", "age_band"),
                role=role,
                residence=self.code(cells, "residence", "residence") or "household" * (key in self.grouped),
                index=self.truth(cells, "index"),
                birth_order=self.number(cells, "birth_order", 1, 999),
                twin_group=self.twin(cells),
                identical=self.truth(cells, "identical"),
                household=home,
            )
        )

    def shared(self) -> bool:
        return "household" in self.names.values() or any(self.around.values())

    def twin(self, cells: Mapping[str, str]) -> str:
        group = cells.get("twin_group", "")
        return self.twins.setdefault(group, f"J{len(self.twins) + 1}") if group else ""

    def edge(self, edge: Element, cells: Mapping[str, str], kinds: Mapping[str, str]) -> None:
        source, target = self.key(edge, "source"), self.key(edge, "target")
        said = cells.get("relation", "").lower()
        relation, _, state = foreign_words("graphml.relation").get(said, "tie").partition(" ")
        self.count("edge.relation", Why.NO_PLACE, int(bool(said) and said not in foreign_words("graphml.relation")))
        if relation == "sibling":  # who are their parents is not said
            self.count("edge.relation", Why.NO_PLACE)
            return
        if relation != "tie":
            told = {"state": state} if state else {}
            self.family(edge.line, relation, {**told, **cells}, (source, target), kinds)
            return
        if source == target:
            self.count("edge (self)", Why.NO_PLACE)
            return
        graph = self.stream.graphs[0].attributes.get("edgedefault", "undirected")
        directed = edge.attributes.get("directed", str(graph == "directed").lower()) == "true"
        tail, _, head = edge.data.get(ARROWS, "none standard" if directed else "none none").partition(" ")
        if head == "none" != tail:
            source, target = target, source
        heads = (tail != "none") + (head != "none")
        direction = self.code(cells, "direction", "tie_direction") or ("unknown", "one_way", "two_way")[heads]
        ends = [None if kinds[end] == "household" else end for end in (source, target)]
        if ends == [None, None] or any(kinds[end] == "household" and end not in self.homes for end in (source, target)):
            self.count("edge", Why.NO_PLACE)
            return
        home = next(
            (self.homes[end] for end in (source, target) if end in self.homes),
            cells.get("household", self.around.get(source, "")),
        )
        quality, strength = (self.code(cells, name, f"tie_{name}") for name in ("quality", "strength"))
        if quality in codes("tie_strength"):
            self.count("edge.strength", Why.UNCLEAR, int(strength not in ("", quality)))
            strength = ""
        self.found.ties.append(
            ForeignTie(source=ends[0], target=ends[1], line=edge.line, direction=direction, quality=quality,
                       strength=strength, household=home)
        )  # fmt: skip

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
            kind = self.code(cells, "filiation", "filiation_kind")
            known = self.pairs.setdefault((parent, child), set())
            if known and (kind in known or not known | {kind} <= {*SUCCESSIVE}):
                self.count("edge.filiation", Why.UNCLEAR)
                return
            known.add(kind)
            if not kind:
                self.count("edge.filiation", Why.ASSUMED)
            self.found.filiations.append(
                ForeignFiliation(parent=parent, child=child, line=line, kind=kind or "birth", told=bool(kind))
            )


def _says_nobody(label: str) -> bool:
    """Whether a label is the word of a role or a number of ours."""
    numbered = {plain(person_word("", number, lang)) for number in re.findall("[0-9]+$", label) for lang in LANGUAGES}
    return plain(label) in _role_words() or plain(label) in numbered


@cache
def _role_words() -> Mapping[str, str]:
    """The words of family roles in three languages, and those that people say at home."""
    own = {plain(word): code for word, code in foreign_words("own.role").items()}
    return own | {plain(label("family_role", code, lang)): code for lang in LANGUAGES for code in codes("family_role")}
