"""What is proven of the family part of a sociogenogram: crossings, the least possible, faults with reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations, pairwise
from typing import Any

from clss_analysis.layout.genogram.family.contradictions import Conflict
from clss_analysis.layout.genogram.family.kinship import Kin
from clss_analysis.layout.genogram.family.levels import split_sibships
from clss_analysis.layout.geometry import Line, cross
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
        elder) what kinship forbids to avoid: ids of the persons, the reason with the fewest relations that contradict
        one another, and whether that contradiction is proven.  `siblings_apart`: children of one union on different
        rows.  `row_by_role`: who is linked to nobody, so that only their role or age says on which row.
    """
    crossings = family_crossings(lines)
    bound = min(people.verdict.bound, crossings)
    level = {person: row for row, those in enumerate(people.rows) for person in those}
    linked = {p for union in people.unions for p in (*union.parents, *union.children)}
    return {
        "family_crossings": crossings,
        "family_crossings_bound": bound,
        "proven": people.verdict.proven and crossings == bound,
        "faults": {
            kind: [_fault(kind, ids, people.verdict.conflicts, lang) for ids in found]
            for kind, found in people.verdict.forced.items()
        },
        "siblings_apart": [list(those) for those in split_sibships(people.unions, level)],
        "row_by_role": sorted(people.members.keys() - linked) if len(people.members) > 1 else [],
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


def _fault(kind: str, ids: tuple[str, ...], conflicts: tuple[Conflict, ...], lang: str) -> dict[str, Any]:
    met = max(conflicts, key=lambda c: (len(c.people.intersection(ids)), sorted(c.people)), default=None)
    if met is None or len(met.people.intersection(ids)) < 2:
        why, proven = message("family.why.rows", lang), False
    else:
        why, proven = ", ".join(_because(kind, met, lang)), met.proven
    reason = message(f"family.fault.{kind}", lang, why=why)
    return {
        "ids": list(ids),
        "reason": reason if proven else message("family.unproven", lang, reason=reason),
        "proven": proven,
    }


def _because(kind: str, conflict: Conflict, lang: str) -> list[str]:
    """The relations that contradict one another, under the name of what they make."""
    couples = "; ".join(" + ".join(pair) for pair in conflict.couples)
    if kind == "off_row":
        key = "family.why.kin" if len(conflict.couples) == 1 else "family.why.generations"
        return [message(key, lang, who=couples)]
    partners = Counter(p for pair in conflict.couples for p in pair)
    many = ", ".join(sorted(p for p, count in partners.items() if count > 2))
    found = []
    if many:
        found.append(message("family.why.unions", lang, who=many))
    if conflict.couples:
        circle = len(conflict.couples) >= len(partners)
        found.append(message("family.why.exchange" if circle else "family.why.chain", lang, who=couples))
    if conflict.siblings:
        found.append(message("family.why.siblings", lang, who="; ".join(", ".join(s) for s in conflict.siblings)))
    if conflict.elder:
        found.append(message("family.why.order", lang, who="; ".join(" > ".join(pair) for pair in conflict.elder)))
    return found
