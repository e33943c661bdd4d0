"""Kinship without coordinates: who is whose child and partner, on which generation row, in which order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations

import pandas as pd

from clss_analysis.records import Case, Row, label

SHAPES = {"woman": "circle", "man": "square"}
UNBORN = ("expected", "lost")
ENDED = ("separated", "divorced")
_HINTS = {"grandmother": -1, "grandfather": -1, "daughter": 1, "son": 1, "child": 1}
_MAX_ROOTS_TRIED = 5


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the household or family, with what the picture needs of them; `age` only of who is alive."""

    id: str
    label: str
    shape: str
    age: str
    gender: str | None
    life: str
    index: bool
    residence: str
    years: float | None
    birth_order: int | None
    twin_group: str | None
    hint: int

    @property
    def inside(self) -> bool:
        """Whether the person lives in the household, hosted ones included."""
        return self.residence != "elsewhere"


@dataclass(frozen=True, slots=True)
class Union:
    """One or two parents and the children they have together, or a couple without children.

    `state` is the couple's state, None when unknown; `couple` is the id in the couples table, None when the record
    knows the two only as parents of the same child; `kinds` and `rows` are those of each child's filiations.
    """

    id: str
    parents: tuple[str, ...]
    children: tuple[str, ...]
    state: str | None
    couple: str | None
    kinds: tuple[str, ...]
    rows: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True)
class Kin:
    """Members by id, unions, and the generation rows from the oldest down, each ordered from left to right."""

    members: dict[str, Member]
    unions: tuple[Union, ...]
    rows: tuple[tuple[str, ...], ...]

    def row_of(self, person: str) -> int:
        """Index of the row on which a person stands."""
        return next(i for i, row in enumerate(self.rows) if person in row)


def kin(case: Case, *, lang: str = "fr") -> Kin:
    """Persons, couples and filiations of a case as rows of generations.

    Partners stand on one row, children on a later one.  Within a row: man left and woman right of a couple, a former
    partner on the outer side, children from the eldest (age or age band, then birth order, then id).

    Returns:
        The kinship; row order of the tables does not matter.
    """
    members = {m.id: m for m in sorted((_member(r, lang) for r in _dicts(case.persons)), key=lambda m: m.id)}
    unions = _unions(case, members)
    return Kin(members, unions, _ordered_rows(members, unions, _generations(members, unions)))


def sibling_key(member: Member) -> tuple[bool, float, float, str, str]:
    """Sorts siblings from the eldest: unborn last, then by age, birth order, twin group and id."""
    years = member.years if member.years is not None else -1.0
    order = float(member.birth_order) if member.birth_order is not None else float("inf")
    return (member.life == "expected", -years, order, member.twin_group or "", member.id)


def _dicts(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): None if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records")]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _member(row: dict[str, object], lang: str) -> Member:
    band = _text(row["age_band"])
    age = row["age"]
    life = str(row["life"])
    gender = _text(row["gender"])
    years = float(str(age)) if age is not None else float(band.rstrip("+").split("-")[0]) if band else None
    return Member(
        id=str(row["id"]),
        label=str(row["label"]),
        shape="triangle" if life in UNBORN else SHAPES.get(gender or "", "diamond"),
        age="" if life != "alive" else str(age) if age is not None else _band(band, lang),
        gender=gender,
        life=life,
        index=bool(row["index"]),
        residence=str(row["residence"]),
        years=years,
        birth_order=int(str(row["birth_order"])) if row["birth_order"] is not None else None,
        twin_group=_text(row["twin_group"]),
        hint=_HINTS.get(str(row["role"]), 0),
    )


def _band(band: str | None, lang: str) -> str:
    """An age band as it fits in a symbol: « 30–44 », « 75+ »."""
    return "" if band is None else band if band.endswith("+") else label("age_band", band, lang).split(" ")[0]


def _unions(case: Case, members: dict[str, Member]) -> tuple[Union, ...]:
    couples: dict[frozenset[str], dict[str, object]] = {}
    for row in sorted(_dicts(case.couples), key=lambda r: str(r["id"])):
        pair = frozenset((str(row["partner_a"]), str(row["partner_b"])))
        if len(pair) == 2 and pair <= members.keys():
            couples.setdefault(pair, row)
    parents: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for row in sorted(_dicts(case.filiations), key=lambda r: str(r["id"])):
        parent, child, kind = str(row["parent"]), str(row["child"]), str(row["kind"])
        if parent in members and child in members and parent != child:
            parents[child, kind].append((parent, kind, str(row["id"])))
    children: dict[frozenset[str], list[tuple[str, str, tuple[Row, ...]]]] = defaultdict(list)
    for (child, kind), links in parents.items():
        for pair in _pairs([parent for parent, _, _ in links], couples):
            rows = tuple(Row("filiations", row) for parent, _, row in links if parent in pair)
            children[pair].append((child, kind, rows))
    found = []
    for pair in sorted({*couples, *children}, key=sorted):
        row = couples.get(pair, {})
        own = sorted(children[pair], key=lambda c: (sibling_key(members[c[0]]), c[1]))
        found.append(
            Union(
                id="-".join(sorted(pair)),
                parents=tuple(sorted(pair)),
                children=tuple(child for child, _, _ in own),
                state=_text(row.get("state")),
                couple=_text(row.get("id")),
                kinds=tuple(kind for _, kind, _ in own),
                rows=tuple(rows for _, _, rows in own),
            )
        )
    return tuple(found)


def _pairs(parents: list[str], couples: dict[frozenset[str], dict[str, object]]) -> list[frozenset[str]]:
    """One or two parents are one union; more are split, declared couples first."""
    left = sorted(set(parents))
    if len(left) <= 2:
        return [frozenset(left)]
    split = []
    for pair in sorted(couples, key=sorted):
        if pair <= set(left):
            split.append(pair)
            left = [p for p in left if p not in pair]
    return [*split, *(frozenset((p,)) for p in left)]


def _generations(members: dict[str, Member], unions: tuple[Union, ...]) -> dict[str, int]:
    """Rows by longest descent, partners together unless kinship forbids it; roots sit just above their children."""
    below: dict[str, set[str]] = defaultdict(set)
    for union in unions:
        for parent in union.parents:
            below[parent].update(union.children)
    group = {person: person for person in members}
    for union in unions:
        if len(union.parents) == 2:
            a, b = (group[p] for p in union.parents)
            trial = {p: (a if g == b else g) for p, g in group.items()}
            if a != b and not _cyclic(trial, below):
                group = trial
    arcs = {(group[p], group[c]) for p, cs in below.items() for c in cs}
    depth = dict.fromkeys(sorted(set(group.values())), 0)
    for _ in depth:
        for parent, child in sorted(arcs):
            depth[child] = max(depth[child], depth[parent] + 1)
    for _ in depth:
        for node in sorted(depth):
            if not any(child == node for _, child in arcs):
                lower = [depth[child] for parent, child in arcs if parent == node]
                depth[node] = min(lower) - 1 if lower else depth[node]
    return _aligned(members, group, arcs, depth)


def _aligned(
    members: dict[str, Member], group: dict[str, str], arcs: set[tuple[str, str]], depth: dict[str, int]
) -> dict[str, int]:
    """Families that the record does not link are set level by their members' roles."""
    component = {node: node for node in depth}
    for a, b in sorted(arcs):
        component = {n: (component[a] if c == component[b] else c) for n, c in component.items()}
    shift = {}
    for root in sorted(set(component.values())):
        off = sorted(m.hint - depth[group[m.id]] for m in members.values() if component[group[m.id]] == root)
        shift[root] = off[len(off) // 2]
    level = {p: depth[g] + shift[component[g]] for p, g in group.items()}
    ranks = {value: rank for rank, value in enumerate(sorted(set(level.values())))}
    return {p: ranks[value] for p, value in level.items()}


def _cyclic(group: dict[str, str], below: dict[str, set[str]]) -> bool:
    after: dict[str, set[str]] = defaultdict(set)
    for parent, children in below.items():
        after[group[parent]].update(group[c] for c in children)
    state: dict[str, int] = {}

    def visit(node: str) -> bool:
        if state.get(node) == 1:
            return True
        if state.get(node) == 2:
            return False
        state[node] = 1
        found = any(visit(n) for n in sorted(after[node]))
        state[node] = 2
        return found

    return any(visit(node) for node in sorted(set(group.values())))


def _ordered_rows(
    members: dict[str, Member], unions: tuple[Union, ...], level: dict[str, int]
) -> tuple[tuple[str, ...], ...]:
    has_parents = {child for union in unions for child in union.children}
    seen: set[str] = set()
    roots = []
    for person in sorted(members, key=lambda p: (level[p], sibling_key(members[p]))):
        if person not in seen:
            cluster = _cluster(person, members, unions, level)
            seen.update(cluster)
            if not has_parents & set(cluster) or level[person] == 0:
                roots.append(person)
    tried = permutations(roots) if len(roots) <= _MAX_ROOTS_TRIED else iter([tuple(roots)])
    best = min(
        (_emitted(order, members, unions, level) for order in tried),
        key=lambda rows: _disorder(rows, unions),
        default=(),
    )
    return tuple(tuple(row) for row in best)


def _emitted(
    roots: tuple[str, ...], members: dict[str, Member], unions: tuple[Union, ...], level: dict[str, int]
) -> tuple[tuple[str, ...], ...]:
    rows: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    placed: set[str] = set()

    def emit(person: str) -> None:
        if person in placed:
            return
        cluster = _cluster(person, members, unions, level)
        placed.update(cluster)
        rows[level[person]].extend(cluster)
        at = {p: i for i, p in enumerate(cluster)}
        own = [u for u in unions if set(u.parents) & at.keys()]
        for union in sorted(own, key=lambda u: (sum(at.get(p, 0) for p in u.parents) / len(u.parents), u.id)):
            for child in union.children:
                emit(child)

    for person in (*roots, *sorted(members)):
        emit(person)
    return tuple(tuple(row) for row in rows)


def _cluster(
    person: str, members: dict[str, Member], unions: tuple[Union, ...], level: dict[str, int]
) -> tuple[str, ...]:
    """A person and all partners reached from them on the same row, in order from left to right."""
    partners: dict[str, list[tuple[bool, bool, str]]] = defaultdict(list)
    for union in unions:
        if len(union.parents) == 2 and level[union.parents[0]] == level[union.parents[1]]:
            for one, other in (union.parents, union.parents[::-1]):
                former = union.state in ENDED or not members[other].inside
                partners[one].append((former, not union.children, other))
    reached, queue = {person}, [person]
    while queue:
        for _, _, other in partners[queue.pop()]:
            if other not in reached:
                reached.add(other)
                queue.append(other)
    pivot = max(sorted(reached, reverse=True), key=lambda p: len(partners[p]))
    order, waiting = [pivot], [pivot]
    while waiting:
        one = waiting.pop(0)
        for _, _, other in sorted(partners[one]):
            if other in order:
                continue
            left = _stands_left(members[other], members[one])
            if one == pivot and len(order) > 1:
                left = order[0] == pivot
            elif one != pivot:
                left = order.index(one) < order.index(pivot)
            order.insert(0 if left else len(order), other)
            waiting.append(other)
    return tuple(order)


def _stands_left(one: Member, other: Member) -> bool:
    rank = {"man": 0, "woman": 2}
    ours, theirs = rank.get(one.gender or "", 1), rank.get(other.gender or "", 1)
    return ours < theirs if ours != theirs else sibling_key(one) < sibling_key(other)


def _disorder(rows: tuple[tuple[str, ...], ...], unions: tuple[Union, ...]) -> tuple[int, int, tuple[str, ...]]:
    """Strangers between siblings, crossings of descent lines, and the order itself as the last tie-break."""
    place = {p: (r, i) for r, row in enumerate(rows) for i, p in enumerate(row)}
    family: dict[str, set[str]] = defaultdict(set)
    for union in unions:
        for person in (*union.parents, *union.children):
            family[person].update(union.parents if person in union.parents else union.children)
    strangers = 0
    links = []
    for union in unions:
        if not union.children:
            continue
        spots = [place[c] for c in union.children]
        for row in {r for r, _ in spots}:
            along = [i for r, i in spots if r == row]
            for person in rows[row][min(along) : max(along) + 1]:
                strangers += person not in union.children and not family[person] & set(union.children)
        top = sum(place[p][1] for p in union.parents) / len(union.parents)
        links += [(place[union.parents[0]][0], top, i) for _, i in spots]
    crossings = sum(
        (a[1] - b[1]) * (a[2] - b[2]) < 0 for n, a in enumerate(links) for b in links[n + 1 :] if a[0] == b[0]
    )
    return strangers, crossings, tuple(p for row in rows for p in row)
