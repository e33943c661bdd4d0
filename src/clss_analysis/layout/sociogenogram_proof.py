"""What is proven of the family part of a sociogenogram: crossings, the least possible, faults with reasons."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, pairwise
from typing import Any

from clss_analysis.layout.geometry import Line, cross
from clss_analysis.layout.sociogenogram_kin import Kin
from clss_analysis.records import message


def proof(people: Kin, lines: Iterable[Line], lang: str = "fr") -> dict[str, Any]:
    """Crossings and faults of the family lines.

    Args:
        people: the kinship and what is proven of its order.
        lines: family lines as drawn.
        lang: fr, nl or en, for the reasons.

    Returns:
        `family_crossings`: of lines of different unions, as drawn.  `family_crossings_bound`: no order on these
        generation rows has fewer.  `proven`: whether both are equal.  `faults`: by kind (off_row, couple, sibship,
        elder) what kinship forbids to avoid: ids of the persons and the reason.
    """
    crossings = family_crossings(lines)
    bound = min(people.verdict.bound, crossings)
    return {
        "family_crossings": crossings,
        "family_crossings_bound": bound,
        "proven": people.verdict.proven and crossings == bound,
        "faults": {
            kind: [
                {
                    "ids": list(ids),
                    "reason": message(f"family.fault.{kind}", lang, why=", ".join(_because(people, ids, lang))),
                }
                for ids in found
            ]
            for kind, found in people.verdict.forced.items()
        },
    }


def family_crossings(lines: Iterable[Line]) -> int:
    """Places where lines of different unions cross; lines of one union may share their way.

    >>> from clss_analysis.layout.geometry import Line
    >>> a = Line("a", "couple", ((0, 1), (2, 1)), "", members=("p", "q"))
    >>> b = Line("b", "descent", ((1, 0), (1, 2)), "", members=("r", "s", "t"))
    >>> family_crossings((a, b)), family_crossings((a, a))
    (1, 0)
    """
    family = [line for line in lines if line.kind in ("couple", "descent")]
    found = set()
    for one, other in combinations(family, 2):
        unions = tuple(sorted((union_of(one), union_of(other))))
        if unions[0] == unions[1]:
            continue
        for (a, b), (c, d) in ((p, q) for p in pairwise(one.path) for q in pairwise(other.path)):
            if cross(a, b, c, d):
                found.add((unions, _meeting(a, b, c, d)))
    return len(found)


def union_of(line: Line) -> tuple[str, ...]:
    """The parents or partners whose line this is."""
    return tuple(sorted(line.members if line.kind == "couple" else line.members[:-1]))


def _meeting(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> tuple[float, float]:
    dx, dy, ex, ey = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    along = ((c[0] - a[0]) * ey - (c[1] - a[1]) * ex) / (dx * ey - dy * ex)
    return round(a[0] + along * dx, 1), round(a[1] + along * dy, 1)


def _because(people: Kin, ids: tuple[str, ...], lang: str) -> list[str]:
    """What in the kinship around these persons binds the order of the rows."""
    parents: dict[str, list[tuple[str, ...]]] = {}
    unions: dict[str, int] = {}
    for union in people.unions:
        for child in union.children:
            parents.setdefault(child, []).append(union.parents)
        for person in union.parents if len(union.parents) == 2 else ():
            unions[person] = unions.get(person, 0) + 1
    near = {
        *ids,
        *(p for u in people.unions if set(ids) & {*u.parents, *u.children} for p in (*u.parents, *u.children)),
    }
    found = []
    for union in people.unions:
        if len(union.parents) == 2 and set(union.parents) & near:
            a, b = (_ancestors(p, parents) for p in union.parents)
            if a & b or set(union.parents) & (a | b):
                found.append(message("family.why.kin", lang, who=" + ".join(union.parents)))
            elif a and b:
                found.append(message("family.why.both", lang, who=" + ".join(union.parents)))
    found += [message("family.why.unions", lang, who=p) for p in sorted(near) if unions.get(p, 0) > 2]
    found += [message("family.why.parents", lang, who=p) for p in sorted(near) if len(parents.get(p, ())) > 1]
    return found or [message("family.why.order", lang)]


def _ancestors(person: str, parents: dict[str, list[tuple[str, ...]]]) -> set[str]:
    found: set[str] = set()
    queue = [person]
    while queue:
        for pair in parents.get(queue.pop(), ()):
            queue += [p for p in pair if p not in found]
            found.update(pair)
    return found
