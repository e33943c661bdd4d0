"""The household's own part, fit for every household: nobody in it, everyone deceased, a family hosted in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from clss_analysis.layout.genogram.family.kinship import Kin
from clss_analysis.layout.genogram.family.outline import EAVES, RISE, hull
from clss_analysis.layout.genogram.family.positions import Family, bounded
from clss_analysis.layout.geometry import Box, Label, Mark, Point, overlap
from clss_analysis.layout.text import block_size, wrap_evenly
from clss_analysis.records import message

_EDGE = 1.5
_WORDS = 8.0
_PASSAGE = 6.0  # millimetres: as wide as a door seems beside a symbol of ten


def at_home(home: Family, people: Kin, *, tied: bool, bare: bool, lang: str) -> Family:
    """The family part with its boundary only where it holds someone or something.

    Where nobody alive is told to live there, the boundary is left out, unless a tie ends on it or nothing else is
    drawn: then it says that nobody is told.  Two hosted persons of one family or more get a boundary of their own
    inside the household's, as long as nobody else stands there.

    Args:
        home: the family as placed.
        people: its kinship.
        tied: whether a tie ends on the household.
        bare: whether there is no service and no other person.
        lang: fr, nl or en.
    """
    living = [m for m in people.members.values() if m.inside and m.life != "deceased"]
    if living:
        return replace(home, marks=(*home.marks, *_hosted(home, people)))
    if not tied and people.members:
        alone = _without_boundary(home, people)
        return replace(alone, marks=(*alone.marks, *_hosted(alone, people)))
    if any(m.inside for m in people.members.values()):
        return home
    frame = next(s for s in home.symbols if s.kind == "household")
    key = "sociogenogram.vacant" if people.members else "sociogenogram.empty" if bare else "sociogenogram.untold"
    x0, y0, x1, y1 = frame.box
    lines = wrap_evenly(message(key, lang), x1 - x0 - 6, _WORDS, "italic")
    width, height = block_size(lines, _WORDS, "italic")
    named = next((b for b in home.labels if b.of == frame.id), None)
    low = named.box[1] if named is not None and named.box[1] > (y0 + y1) / 2 else y1
    top = y0 + (low - y0 - height) / 2
    box = ((x0 + x1 - width) / 2, top, (x0 + x1 + width) / 2, top + height)
    said = Label(f"untold-{frame.id}", box, lines, frame.id, _WORDS, "italic", "center", "muted")
    return replace(home, labels=(*home.labels, said))


def _without_boundary(home: Family, people: Kin) -> Family:
    """The family alone, with room for the boundaries of the months in which somebody lives in the household."""
    symbols = tuple(s for s in home.symbols if s.kind != "household")
    shown = {s.id for s in symbols}
    labels = tuple(b for b in home.labels if b.of in shown)
    boxes = [s.box for s in symbols] + [b.box for b in labels]
    boxes += [(x, y, x, y) for line in home.lines for x, y in line.path]
    marks = tuple(m for m in home.marks if m.role not in ("bay", "bay-edge"))
    then = [(people.at(month), people.unborn(month)) for month in people.turns()]
    lived = [bounded(home, now, gone).household for now, gone in then if any(m.inside for m in now.members.values())]
    extent = hull([*boxes, *lived])
    return replace(home, symbols=symbols, labels=labels, marks=marks, household=hull(boxes), extent=extent)


def _hosted(home: Family, people: Kin) -> tuple[Mark, ...]:
    """A boundary around each hosted family of two or more and each home elsewhere of which two are told, and a roof.

    The roof is over the household and who lives in its dwelling in a home of their own, where nobody else stands there.
    """
    hosted = {m.id for m in people.members.values() if m.residence == "hosted"}
    family = {p: p for p in sorted(hosted)}
    for union in people.unions:
        those = sorted(hosted & {*union.parents, *union.children})
        for person in those[1:]:
            old, new = family[person], family[those[0]]
            family = {p: new if f == old else f for p, f in family.items()}
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person, name in family.items():
        groups["hosted-family", name].append(f"person-{person}")
    for m in people.members.values():
        for unit in m.units if not m.inside else ():
            groups["unit", unit].append(f"person-{m.id}")
    marks = []
    for (role, _), members in groups.items():
        own = [s.box for s in home.symbols if s.id in members] + [b.box for b in home.labels if b.of in members]
        x0, y0, x1, y1 = hull(own)
        edge = _grown((x0, y0, x1, y1), _EDGE)
        foreign = [s.box for s in home.symbols if s.kind == "person" and s.id not in members]
        foreign += [b.box for b in home.labels if b.of not in members]
        if (
            len(members) > 1
            and (role != "unit" or _clear(edge, home))
            and not any(overlap(edge, box) for box in foreign)
        ):
            corners = ((edge[0], edge[1]), (edge[2], edge[1]), (edge[2], edge[3]), (edge[0], edge[3]))
            marks.append(Mark((*corners, corners[0]), role))
    return (*marks, *_roof(home, people))


def _roof(home: Family, people: Kin) -> tuple[Mark, ...]:
    """The outline of the dwelling: a house around all, else one block over the other with a passage between them."""
    under = {f"person-{m.id}" for m in people.members.values() if m.under_roof}
    around = {f"person-{m.id}" for m in people.members.values() if not m.inside} - under
    frames = [s.box for s in home.symbols if s.kind == "household"]
    boxes = [s.box for s in home.symbols if s.id in under] + [b.box for b in home.labels if b.of in under]
    if not frames or not boxes:
        return ()
    others = [s.box for s in home.symbols if s.id in around] + [b.box for b in home.labels if b.of in around]

    def free(*blocks: Box) -> bool:
        return not any(overlap(block, box) for block in blocks for box in others)

    whole = _grown(hull([*frames, *boxes]), EAVES)
    if free(whole):
        return (_house(whole, whole),)
    own = _grown(hull(boxes), EAVES if len(under) > 1 else EAVES / 2)  # a partner's line may run close by
    over, below = sorted((_grown(hull(frames), EAVES), own), key=lambda box: box[1])
    left, right = max(over[0], below[0]), min(over[2], below[2])
    if right - left < _PASSAGE:
        left, right = right - _PASSAGE, left + _PASSAGE
    if over[3] > below[1] or not free(over, (left, over[3], right, below[1]), below):
        return ()
    down = ((over[0], over[3]), (left, over[3]), (left, below[1]), (below[0], below[1]))
    up = ((below[2], below[1]), (right, below[1]), (right, over[3]), (over[2], over[3]))
    return (_house(over, below, down, up),)


def _house(over: Box, below: Box, down: tuple[Point, ...] = (), up: tuple[Point, ...] = ()) -> Mark:
    """From the right eaves over the top, `down` the left walls to the ground, and `up` the right ones."""
    right, top, left = (over[2], over[1]), ((over[0] + over[2]) / 2, over[1] - RISE), (over[0], over[1])
    return Mark((right, top, left, *down, (below[0], below[3]), (below[2], below[3]), *up, right), "roof")


def _grown(box: Box, by: float) -> Box:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def _clear(edge: Box, home: Family) -> bool:
    """Whether a home elsewhere stands outside the household's boundary, or in one of its bays."""
    x0, y0, x1, y1 = (
        max(a, b) if i < 2 else min(a, b) for i, (a, b) in enumerate(zip(edge, home.household, strict=True))
    )
    bays_ = [(*m.path[0], *m.path[-1]) for m in home.marks if m.role == "bay"]
    crossed = any(s.kind == "household" for s in home.symbols) and overlap(edge, home.household)
    return not crossed or any(b[0] <= x0 and b[1] <= y0 and x1 <= b[2] and y1 <= b[3] for b in bays_)
