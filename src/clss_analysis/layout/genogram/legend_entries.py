"""The words of a sociogenogram: legend entries for what occurs, caption, and the text for who cannot see it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from clss_analysis.layout.genogram.family.persons import NUMBERLESS, UNTOLD
from clss_analysis.layout.geometry import Line, Mark, Point, Symbol
from clss_analysis.layout.page import FINE, MARGIN, SMALL, SMALL_STRONG, Entry, Part, block
from clss_analysis.layout.text import line_height, wrap
from clss_analysis.records import message

_SWATCH = 8.4
_SHAPES = ("square", "circle", "diamond", "triangle")


def legend_entries(
    symbols: Iterable[Symbol],
    lines: Iterable[Line],
    marks: Iterable[Mark],
    lang: str,
    *,
    ages: frozenset[str],
    notes: frozenset[tuple[str, bool]] = frozenset(),
    genders: frozenset[str] = frozenset(),
) -> tuple[Entry, ...]:
    """What occurs in this picture and how to read it: people, family lines, services, arrows.

    `ages` and `notes` are what stands in and beside the symbols, the latter with whether the person lives here;
    `genders` are those told of the persons.
    """
    roles = {s.role for s in symbols}
    people = [r for r in roles if r.split("-")[0] in ("person", "hosted", "elsewhere")]
    elsewhere = any(r.startswith("elsewhere") for r in people)
    drawn = {line.role for line in lines}
    areas = {mark.role for mark in marks}

    def words(key: str) -> str:
        return message(f"sociogenogram.legend.{key}", lang)

    entries = [
        Entry(
            words(f"{shape}-other" if shape == "diamond" and "other" in genders else shape),
            _area(f"person-{shape}", 3.0),
            _SWATCH,
        )
        for shape in _SHAPES
        if any(r.split("-")[1] == shape for r in people)
    ]
    if any(r.endswith("-index") or "-index-" in r for r in people):
        entries.append(Entry(words("index"), _area("person-circle-index", 3.2), _SWATCH))
    if any("-cross" in r for r in people):
        entries.append(Entry(words("cross"), _area("person-square-cross", 3.0), _SWATCH))
    if any(r.startswith("hosted") for r in people):
        entries.append(Entry(words("hosted"), _area("hosted-circle", 3.0), _SWATCH))
    if elsewhere:
        entries.append(Entry(words("elsewhere"), _area("elsewhere-circle", 3.0), _SWATCH))
    for note, inside in sorted(notes):
        said = message(f"sociogenogram.legend.{'part' if inside else 'care'}", lang, word=note)
        entries.append(Entry(said, _area(f"{'person' if inside else 'elsewhere'}-circle", 3.0), _SWATCH))
    if ages - {UNTOLD, NUMBERLESS}:
        entries.append(Entry(words("age"), _aged("14"), _SWATCH))
    entries += [
        Entry(words(key), _aged(mark), _SWATCH)
        for mark, key in ((UNTOLD, "life-unknown"), (NUMBERLESS, "numberless"))
        if mark in ages
    ]
    if "household" in roles:
        entries.append(Entry(words("household"), _area("household", 3.0, 7.0), _SWATCH))
    if "hosted-family" in areas:
        entries.append(Entry(words("hosted-family"), _outline("hosted-family"), _SWATCH))
    if "unit" in areas:
        entries.append(Entry(words("unit"), _outline("unit"), _SWATCH))
    if "roof" in areas:
        entries.append(Entry(words("roof"), _outline("roof"), _SWATCH))
    entries += [
        Entry(words(role), _stroke(role), _SWATCH)
        for role in (
            "couple-married",
            "couple-unmarried",
            "couple-married-again",
            "couple-unmarried-again",
            "couple-separated",
            "couple-divorced",
            "couple-unknown",
            "descent-chosen",
            "descent-step",
            "descent-chosen-ended",
            "descent-step-ended",
        )
        if role in drawn
    ]
    if "couple-kin" in areas:
        entries.append(Entry(words("couple-kin"), _stroke("couple-kin"), _SWATCH))
    if "twin-bar" in areas:
        entries.append(Entry(words("twin-bar"), _stroke("twin-bar"), _SWATCH))
    entries += [
        Entry(words(role), _area(role, 3.0 if role != "other" else 3.2, 7.0 if role != "other" else 3.2), _SWATCH)
        for role in ("service", "professional", "other")
        if role in roles
    ]
    if "institution" in areas | roles:
        entries.append(Entry(words("institution"), _area("institution", 3.0, 7.0), _SWATCH))
    arrows = [role.removeprefix("tie-").partition("_") for role in drawn if role.startswith("tie-")]
    kinds = {kind.removesuffix("-both") for kind, _, _ in arrows}
    entries += [
        Entry(words("tie-kin" if kind == "living" and elsewhere else f"tie-{kind}"), _stroke(f"tie-{kind}"), _SWATCH)
        for kind in ("living", "helps", "calls", "working", "other")
        if kind in kinds
    ]
    unknown = sorted(k for k in kinds if k.startswith("unknown"))
    if unknown:
        entries.append(Entry(words("tie-unknown"), _stroke(f"tie-{unknown[0]}"), _SWATCH))
    qualities = {each for _, _, quality in arrows for each in quality.split("-")}
    entries += [
        Entry(words(f"quality-{q}"), _stroke(f"sample_{q}"), _SWATCH)
        for q in ("strong", "weak", "tense", "broken", "undated")
        if q in qualities
    ]
    return tuple(entries)


def legend(entries: tuple[Entry, ...], *, y: float, width: float, lang: str, left: float = 0.0) -> Part:
    """The legend box between two edges of the page: entries down even columns of 45 mm or more, their words wrapped."""
    inner = width - left - 2 * MARGIN - 6
    columns = max(1, min(len(entries), int((inner + 4) / 49)))
    pitch = (inner + 4) / columns
    name = block("legend-title", message("legend", lang), (left + MARGIN + 3, y + 2), inner, SMALL_STRONG, of="legend")
    room = pitch - 4 - _SWATCH - 2
    heights = [len(wrap(e.text, room, SMALL.size)) * line_height(SMALL.size) + 1 for e in entries]
    limit = _shortest_column(heights, columns)
    part, top, column, low = Part(name.box[3], labels=(name,)), name.box[3] + 1.4, 0, 0.0
    for index, (entry, high) in enumerate(zip(entries, heights, strict=True)):
        if low + high > limit + 1e-6 and low > 0:
            column, low = column + 1, 0.0
        x = left + MARGIN + 3 + column * pitch
        text = block(f"legend-{index + 1}", entry.text, (x + _SWATCH + 2, top + low), room, SMALL, of="legend")
        middle = (text.box[1] + text.box[3]) / 2
        part += entry.sample(x, middle) + Part(text.box[3], labels=(text,))
        low += high
    bottom = part.bottom + 2.2
    return part + Part(
        bottom, symbols=(Symbol("legend", "legend", (left + MARGIN, y, width - MARGIN, bottom), "legend"),)
    )


def _shortest_column(heights: list[float], columns: int) -> float:
    """The least height at which all entries fit into so many columns."""
    sums = sorted({round(sum(heights[i:j]), 4) for i in range(len(heights)) for j in range(i + 1, len(heights) + 1)})
    for limit in sums:
        used, low = 1, 0.0
        for high in heights:
            if low + high > limit + 1e-6:
                used, low = used + 1, 0.0
            low += high
        if used <= columns and max(heights, default=0.0) <= limit + 1e-6:
            return limit
    return sum(heights)


def _area(role: str, height: float, width: float = 0.0) -> Callable[[float, float], Part]:
    wide = width or height

    def sample(x: float, y: float) -> Part:
        left = x + (_SWATCH - wide) / 2
        return Part(y + height / 2, marks=(Mark(((left, y - height / 2), (left + wide, y + height / 2)), role),))

    return sample


def _outline(role: str) -> Callable[[float, float], Part]:
    def sample(x: float, y: float) -> Part:
        x0, x1, y0, y1 = x + (_SWATCH - 7.0) / 2, x + (_SWATCH + 7.0) / 2, y - 1.5, y + 1.5
        return Part(y + 1.5, marks=(Mark(((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)), role),))

    return sample


def _aged(text: str) -> Callable[[float, float], Part]:
    name = {UNTOLD: "legend-life-unknown", NUMBERLESS: "legend-numberless"}.get(text, "legend-age")

    def sample(x: float, y: float) -> Part:
        box = _area("legend-age", 3.6)(x, y)
        number = block(name, text, (x, y - line_height(7.0) / 2), _SWATCH, FINE, of="legend", align="center")
        return box + Part(y, labels=(replace(number, role="text"),))

    return sample


def _stroke(role: str) -> Callable[[float, float], Part]:
    def sample(x: float, y: float) -> Part:
        marks = [Mark(((x, y), (x + _SWATCH, y)), role)]
        if role == "couple-kin":
            marks.append(Mark(((x, y - 1.4), (x + _SWATCH, y - 1.4)), role))
        if role.endswith("-again"):
            marks.append(Mark(((x + 2.2, y - 1.6), (x + 3.8, y + 1.6)), "couple-slash"))
        if role in ("couple-separated", "couple-divorced") or role.endswith(("-ended", "-again")):
            offsets = (-0.7, 0.7) if role.endswith("divorced") else (0.0,)
            marks += [Mark(((x + 2.2 + o, y + 1.6), (x + 3.8 + o, y - 1.6)), "couple-slash") for o in offsets]
        if role in ("sample_tense", "sample_broken"):
            path = ((x, y), (x + _SWATCH, y))
            marks += [Mark(stroke, "sample_strokes") for stroke in quality_strokes(path, role.removeprefix("sample_"))]
        return Part(y + 1, marks=tuple(marks))

    return sample


def quality_strokes(path: tuple[Point, ...], quality: str) -> tuple[tuple[Point, Point], ...]:
    """Short strokes across a tie: all along a tense one, two at the middle of a broken one (eco-map)."""
    lengths = [math.dist(a, b) for a, b in pairwise(path)]
    total = sum(lengths)
    if quality == "broken":
        spots = [total / 2 - 0.6, total / 2 + 0.6]
    else:
        count = max(1, int((total - 5.0) / 2.4))
        spots = [total / 2 + 2.4 * (i - (count - 1) / 2) for i in range(count)]
    half = 0.75 if quality == "tense" else 1.5
    strokes = []
    for spot in spots:
        along = min(max(spot, 0.0), total)
        index = 0
        while index < len(lengths) - 1 and along > lengths[index]:
            along -= lengths[index]
            index += 1
        (ax, ay), (bx, by) = path[index], path[index + 1]
        ux, uy = (bx - ax) / (lengths[index] or 1.0), (by - ay) / (lengths[index] or 1.0)
        x, y = ax + ux * along, ay + uy * along
        strokes.append(((x - uy * half, y + ux * half), (x + uy * half, y - ux * half)))
    return tuple(strokes)
