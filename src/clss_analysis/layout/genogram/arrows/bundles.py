"""What a dense picture leaves out: ties that say the same of two sides are one arrow, with their number on it.

Drawn each by itself, the 145 ties of 54 persons and services crossed 513 times, and nobody could follow them.  A
bundle ends at an institution's frame or at the household's boundary; the words of the picture tell every tie.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from clss_analysis.layout.genogram.arrows.typed_ties import Tie

DENSE = 60
"""Ties up to which each has its arrow: in no household of publication, gallery or demo are there more."""
_LEAST = 2
"""Ties from which on they are bundled: two already cross what one does not."""
MIXED = "mixed"
Ends = tuple[str, str]


def bundled(arrows: tuple[Tie, ...], frames: dict[str, str], home: str, inside: frozenset[str]) -> tuple[Tie, ...]:
    """One arrow for the ties between one end and the services of one institution, and so on outwards.

    Between two institutions, between anyone and an institution, between a service and the persons of the household,
    between an institution and the household: in this order, ties that one of them takes in are left to it.

    Args:
        arrows: all ties that are drawn.
        frames: the id of the frame of its institution for every service that stands in one.
        home: the id of the household's boundary, empty where there is none.
        inside: ids of the persons within it.

    Returns:
        Ties with `counts` of those that they stand for.
    """
    ends: list[Ends] = [(tie.source, tie.target) for tie in arrows]
    taken: set[int] = set()

    def out(end: str) -> str:
        return frames.get(end, end)

    def living(end: str) -> str:
        return home if home and (end == home or end in inside) else ""

    def lift(option: Callable[[str, str], Ends | None]) -> None:
        groups: dict[tuple[Ends, bool], dict[int, Ends]] = defaultdict(dict)
        for n, (a, b) in enumerate(ends):
            for one, turned in ((option(a, b), False), (option(b, a), True)):
                if one is not None and one[0] != one[1]:
                    groups[_pair(one), arrows[n].heads == 0][n] = one[::-1] if turned else one
        for _, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
            fresh = {n: pair for n, pair in group.items() if n not in taken or ends[n] == pair}
            if len(fresh) >= _LEAST:
                taken.update(fresh)
                for n, pair in fresh.items():
                    ends[n] = pair

    lift(lambda a, b: (out(a), out(b)) if a in frames and b in frames else None)
    lift(lambda a, b: (a, out(b)) if b in frames and out(a) != out(b) else None)
    taken.clear()
    lift(lambda a, b: (a, living(b)) if living(b) and not living(a) and not a.startswith("person-") else None)
    lift(lambda a, b: (out(a), living(b)) if living(b) and out(a) in frames.values() else None)
    groups: dict[tuple[Ends, bool], list[tuple[Tie, Ends]]] = defaultdict(list)
    for tie, pair in zip(arrows, ends, strict=True):
        groups[_pair(pair), tie.heads == 0].append((tie, pair))
    return tuple(sorted((_bundle(group) for group in groups.values()), key=lambda tie: tie.id))


def _bundle(group: list[tuple[Tie, Ends]]) -> Tie:
    """One tie for several between the same two ends; each way of two lanes has a number of its own, of rows of ties."""
    first, (source, target) = group[0]
    if len(group) == 1:
        return replace(first, source=source, target=target)
    ways: dict[bool, list[str]] = {True: [], False: []}
    for tie, pair in group:
        forward = pair == (source, target)
        both = tie.lanes == 2 or tie.heads == 2
        ways[forward] += [tie.kind] * (max(1, sum(there for there, _, _ in tie.told)) if both else len(tie.rows))
        ways[not forward] += [tie.back or tie.kind] * (
            max(1, sum(not there for there, _, _ in tie.told)) if both else 0
        )
    there, back = (kinds[0] if kinds else "" for kinds in (ways[True], ways[False]))
    two = bool(back) and there != back
    return replace(
        first,
        source=source,
        target=target,
        kind=there,
        heads=first.heads and (2 if back == there else 1),
        lanes=2 if two else 1,
        back=back if two else "",
        quality=_common([tie.quality for tie, _ in group]),
        counts=(len(ways[True]), len(ways[False])) if two else (sum(len(tie.rows) for tie, _ in group), 0),
        told=tuple(
            (forward == (pair == (source, target)), words, start)
            for tie, pair in group
            for forward, words, start in tie.told
        ),
        rows=tuple(dict.fromkeys(row for tie, _ in group for row in tie.rows)),
    )


def _common(qualities: list[str]) -> str:
    """What all ties of a bundle have in common; `MIXED` where one is tense or broken and another is not."""
    if len(set(qualities)) == 1:
        return qualities[0]
    bare = {quality.removesuffix("undated").rstrip("-") for quality in qualities}
    if len(bare) == 1:
        return bare.pop()
    return MIXED if any(quality.endswith(("tense", "broken")) for quality in bare) else ""


def _pair(ends: Ends) -> Ends:
    return min(ends), max(ends)
