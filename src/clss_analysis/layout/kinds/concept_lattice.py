"""The concept lattice as boxes: the wider a set of households, the higher it stands; lines lead to what shares more."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from clss_analysis.layout.geometry import Layout, Line, Symbol
from clss_analysis.layout.page import (
    HEADING,
    MARGIN,
    PORTRAIT,
    ROOM,
    SMALL_MUTED,
    SMALL_STRONG,
    NothingToDrawError,
    Part,
    block,
    compose,
    count_notes,
)
from clss_analysis.layout.two_rows import count
from clss_analysis.measures import code_of
from clss_analysis.measures import concept_lattice as concepts_of
from clss_analysis.records import Records, Row, label, message
from clss_analysis.records.typography import capital, counted, listed, quoted

MOST_CONCEPTS = 22
_FEWEST, _ABREAST, _SWEEPS = 3, 4, 8
_GUTTER, _GAP, _LANE, _RISE, _PAD = 22.0, 4.0, 3.0, 8.0, 1.4
_WIDEST, _NARROWEST = 44.0, 25.0


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands in a row: a concept, or the lane of a line that passes by it (`concept` is None)."""

    concept: int | None
    key: tuple[int, int]


_Tier = list[_Place]


def lay_out(records: Records, *, rows: str = "housing_problems", columns: str = "health_impacts") -> Layout:
    """The sets of codes that sets of households have in common, widest sets of households on top.

    As many concepts are drawn as have enough households for no more than 22 boxes to remain; how many that takes is
    said.  The concept without any code, which is all households, is left out.

    Args:
        records: the dataset; only households that may be told are drawn.
        rows: table of the first codes.
        columns: table of the second codes.

    Raises:
        NothingToDrawError: fewer than three households, more than 100, or no code that two of them share.

    >>> import clss_analysis as clss
    >>> clss.figures.concept_lattice(clss.read("data/demo")).geometry.kind
    'concept-lattice'
    """
    lang = records.lang
    lattice, tiers, all_of_them = _chosen(records, rows, columns, lang)
    about, least = lattice.attrs, int(lattice.attrs["least"])
    said = {int(line["concept"]): _words(line, rows, columns, lang) for line in lattice.to_dict("records")}
    drawn = lattice[lattice["concept"].isin({place.concept for tier in tiers for place in tier})]
    notes = [
        *count_notes(about["known"], about["unknown"], lang=lang),
        counted("concept_lattice.least", least, lang, shown=len(drawn), concepts=all_of_them),
        message("concept_lattice.own", lang),
        message("concept_lattice.limits", lang),
    ]
    homes = set(",".join(lattice["members"]).split(","))
    frames = [(name, records.table(name)) for name in (rows, columns)]
    return compose(
        "concept-lattice",
        records,
        lambda top: _body(drawn, tiers, said, _names(lattice, records, least), lang, top),
        title=message("concept_lattice.title", lang),
        finding=_finding(drawn, said, int(about["known"]), lang),
        caption=message("concept_lattice.caption", lang),
        alt=" ".join(
            counted("concept_lattice.concept", n, lang, codes=listed([*said[concept][0], *said[concept][1]], lang))
            for concept, n in zip(drawn["concept"], drawn["households"], strict=True)
        ),
        rows=[Row(name, row) for name, frame in frames for row in frame.loc[frame["household"].isin(homes), "id"]],
        notes=notes,
    )


def _finding(drawn: pd.DataFrame, said: dict[int, tuple[list[str], list[str]]], of: int, lang: str) -> str:
    """What is told of most households; where several sets are, that no code is told of more."""
    most = drawn.nlargest(1, "households", keep="all")
    own, above = said[int(most["concept"].iloc[0])]
    n, shared = int(most["households"].iloc[0]), [quoted(word, lang) for word in (*own, *above)]
    key = "shared" if n > 1 == len(most) else "apart"
    return counted(f"concept_lattice.{key}", n, lang, of=of, codes=listed(shared, lang))


def _chosen(records: Records, rows: str, columns: str, lang: str) -> tuple[pd.DataFrame, list[_Tier], int]:
    """The part of the lattice that is drawn, its rows, and the number of concepts that have a code."""
    nothing = NothingToDrawError(message("concept_lattice.nothing", lang))
    try:
        whole = concepts_of(records, rows, columns)
    except ValueError:
        raise nothing from None
    if whole.attrs["known"] < _FEWEST:
        raise nothing
    coded = whole[(whole["rows"] != "") | (whole["columns"] != "")]
    for least in sorted(set(coded["households"])):
        if (coded["households"] >= least).sum() <= MOST_CONCEPTS:
            part = concepts_of(records, rows, columns, least=int(least))
            tiers = _ordered(part)
            if all(_width(tier) >= _NARROWEST for tier in tiers):
                return part, tiers, len(coded)
    raise nothing


def _ordered(part: pd.DataFrame) -> list[_Tier]:
    """Concepts in rows by their number of households, lanes for the lines that pass, few crossings between rows."""
    sizes = {int(line["concept"]): int(line["households"]) for line in part.to_dict("records")}
    bare = set(part.loc[(part["rows"] == "") & (part["columns"] == ""), "concept"])
    tiers: list[_Tier] = []
    for size in sorted(set(sizes.values()), reverse=True):
        held = [each for each in sizes if sizes[each] == size and each not in bare]
        tiers += [
            [_Place(each, (each, each)) for each in held[n : n + _ABREAST]] for n in range(0, len(held), _ABREAST)
        ]
    tier_of = {place.concept: n for n, tier in enumerate(tiers) for place in tier}
    for upper, lower in _edges(part):
        if upper in tier_of and lower in tier_of:
            for n in range(tier_of[upper] + 1, tier_of[lower]):
                tiers[n].append(_Place(None, (upper, lower)))
    best, fewest = tiers, _crossings(tiers, part)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        order = range(1, len(tiers)) if down else range(len(tiers) - 2, -1, -1)
        for n in order:
            near = tiers[n - 1] if down else tiers[n + 1]
            tiers = [*tiers[:n], _by_neighbours(tiers[n], near, part, down=down), *tiers[n + 1 :]]
        if (now := _crossings(tiers, part)) < fewest:
            best, fewest = tiers, now
    return best


def _edges(part: pd.DataFrame) -> list[tuple[int, int]]:
    return [
        (int(line["concept"]), int(lower))
        for line in part.to_dict("records")
        for lower in line["below"].split(",")
        if lower
    ]


def _joined(upper: _Place, lower: _Place, edges: set[tuple[int, int]]) -> bool:
    """Whether a piece of a line leads from a place to one in the next row."""
    if upper.concept is None and lower.concept is None:
        return upper.key == lower.key
    if upper.concept is None:
        return upper.key[1] == lower.concept
    if lower.concept is None:
        return lower.key[0] == upper.concept
    return (upper.concept, lower.concept) in edges


def _crossings(tiers: list[_Tier], part: pd.DataFrame) -> int:
    edges = set(_edges(part))
    total = 0
    for above, below in pairwise(tiers):
        near = [frozenset(n for n, up in enumerate(above) if _joined(up, low, edges)) for low in below]
        total += count(range(len(above)), range(len(below)), near)
    return total


def _by_neighbours(tier: _Tier, near: _Tier, part: pd.DataFrame, *, down: bool) -> _Tier:
    edges = set(_edges(part))

    def middle(place: _Place) -> float:
        at = [
            (n + 0.5) / len(near)
            for n, other in enumerate(near)
            if (_joined(other, place, edges) if down else _joined(place, other, edges))
        ]
        return sum(at) / len(at) if at else (tier.index(place) + 0.5) / len(tier)

    return sorted(tier, key=middle)


def _width(tier: _Tier) -> float:
    """Width of a box in a row, in millimetres."""
    boxes = sum(place.concept is not None for place in tier)
    room = PORTRAIT - 2 * MARGIN - _GUTTER - _LANE * (len(tier) - boxes) - _GAP * (len(tier) - 1)
    return min(_WIDEST, room / max(boxes, 1))


def _words(line: Mapping[Hashable, Any], rows: str, columns: str, lang: str) -> tuple[list[str], list[str]]:
    """What a concept adds to those above it, and what it has from them."""
    own: list[str] = []
    inherited: list[str] = []
    for table, side in ((rows, "rows"), (columns, "columns")):
        added = set(str(line[f"own_{side}"]).split(","))
        for code in filter(None, str(line[side]).split(",")):
            (own if code in added else inherited).append(label(code_of(table)[1], code, lang))
    return own, inherited


def _names(lattice: pd.DataFrame, records: Records, least: int) -> dict[int, str]:
    """The households that a whole lattice has at each concept and at none below it."""
    if least > 1:
        return {}
    labels = dict(zip(records.households["id"], records.households["label"], strict=True))
    return {
        int(line["concept"]): ", ".join(labels[each] for each in line["own"].split(","))
        for line in lattice.to_dict("records")
        if line["own"]
    }


def _body(
    drawn: pd.DataFrame,
    tiers: list[_Tier],
    said: dict[int, tuple[list[str], list[str]]],
    names: dict[int, str],
    lang: str,
    top: float,
) -> Part:
    sizes = dict(zip(drawn["concept"], drawn["households"], strict=True))
    part, y, before = Part(top), top, 0
    ends: dict[tuple[int, int], list[tuple[float, float]]] = {}
    feet: dict[int, tuple[float, float]] = {}
    heads: dict[int, tuple[float, float]] = {}
    for number, tier in enumerate(tiers):
        wide = _width(tier)
        widths = [wide if place.concept is not None else _LANE for place in tier]
        left = MARGIN + _GUTTER + (PORTRAIT - 2 * MARGIN - _GUTTER - sum(widths) - _GAP * (len(tier) - 1)) / 2
        lefts = [left + sum(widths[:n]) + _GAP * n for n in range(len(tier))]
        boxes = {
            place.concept: _box(place.concept, *said[place.concept], names.get(place.concept, ""), (x, y), wide)
            for place, x in zip(tier, lefts, strict=True)
            if place.concept is not None
        }
        low = max((each.bottom for each in boxes.values()), default=y) + _PAD
        for place, x, broad in zip(tier, lefts, widths, strict=True):
            centre = x + broad / 2
            if place.concept is None:
                ends.setdefault(place.key, []).extend([(centre, y), (centre, low)])
                continue
            box = (x, y, x + broad, low)
            part += Part(low, (Symbol(f"concept-{place.concept}", "node", box, "step"),))
            part += boxes[place.concept]
            heads[place.concept], feet[place.concept] = (centre, y), (centre, low)
        size = next(int(sizes[place.concept]) for place in tier if place.concept is not None)
        if size != before:
            head = block(
                f"size-{number}", counted("concept_lattice.size", size, lang), (MARGIN, y), _GUTTER - 2, HEADING
            )
            part += Part(head.box[3], labels=(head,))
        before, y = size, max(low, part.bottom) + _RISE
    lines = [
        Line(
            f"below-{upper}-{lower}",
            "edge",
            (feet[upper], *ends.get((upper, lower), []), heads[lower]),
            "branch",
            f"concept-{upper}",
            f"concept-{lower}",
        )
        for upper, lower in _edges(drawn)
        if upper in feet and lower in heads
    ]
    if part.bottom - top > ROOM[PORTRAIT]:
        raise NothingToDrawError(message("concept_lattice.nothing", lang))
    return part + Part(part.bottom, lines=tuple(lines))


def _box(concept: int, own: list[str], inherited: list[str], names: str, at: tuple[float, float], wide: float) -> Part:
    name, (x, y) = f"concept-{concept}", at
    part = Part(y + _PAD)
    texts = [
        *((f"{name}-own-{n}", capital(word), SMALL_STRONG) for n, word in enumerate(own)),
        *((f"{name}-from-{n}", capital(word), SMALL_MUTED) for n, word in enumerate(inherited)),
        *([(f"{name}-names", names, HEADING)] if names else []),
    ]
    for each, text, voice in texts:
        made = block(each, text, (x + _PAD, part.bottom), wide - 2 * _PAD, voice, of=name)
        part += Part(made.box[3], labels=(made,))
    return part
