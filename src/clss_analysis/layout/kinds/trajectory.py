"""Trajectory: the stages of one household in order of time, going down the page, each in its lane.

A path links the signs of the stages from lane to lane; the words of a stage stand beside it over the full width.
Months stand on the axis where they are known.  Where one is not, the axis is dotted: order alone is told there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from clss_analysis.layout.boards.parts import in_order, most_often, stack
from clss_analysis.layout.geometry import Label, Layout, Line, Mark, Point, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import (
    EVEN,
    FINE,
    HEADING,
    MARGIN,
    PLAIN,
    PORTRAIT,
    SMALL,
    SMALL_MUTED,
    SMALL_UNTOLD,
    STRONG,
    Entry,
    NothingToDrawError,
    Part,
    block,
    compose,
)
from clss_analysis.layout.text import line_height, text_width
from clss_analysis.records import Case, Row, codes, label, message
from clss_analysis.records.typography import counted, opening, sentence, short_month, text_of

KIND = Kind(per_case=True, needs="events")
_CLASSES = {
    "threat": ("eviction_threat", "notice", "eviction", "loss"),
    "legal": ("judgment", "suspension", "appeal"),
    "voice": ("mobilisation", "interpellation"),
    "life": ("health", "training"),
    "support": ("contact", "meeting", "collective", "supervision", "relay", "closing", "follow_up"),
    "home": ("transit", "rehousing"),
}  # fmt: skip
_SIGNS = {"threat": 4.8, "legal": 3.7, "voice": 4.5, "life": 4.0, "support": 4.2, "home": 4.8}
_AXIS, _PITCH, _PAD = 22.0, 8.0, 2.4
_STAIR = line_height(SMALL.size) + 0.3


@dataclass(frozen=True, slots=True)
class _Stage:
    id: str
    number: int
    start: pd.Period | None
    until: pd.Period | None
    group: str
    lane: str
    text: str
    detail: str
    actor: str
    reading: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the axis, the lanes and the words stand across the page, in millimetres."""

    lanes: dict[str, float]
    words: float
    room: float
    dated: bool
    daggers: bool
    lang: str


def lay_out(case: Case, *, width: float = PORTRAIT) -> Layout:
    """The trajectory of one household.

    Args:
        case: the household; stages stand by `order`, never by the order of the rows.
        width: of the page in millimetres; default: 160, the book's.

    Returns:
        The layout; the sign of each stage is a symbol of kind node, linked to the next by an edge.

    Raises:
        NothingToDrawError: no stage of this household is told.

    >>> import clss_analysis as clss
    >>> clss.figures.trajectory(clss.read("data/publication").case("C1")).geometry.kind
    'trajectory'
    """
    lang = case.lang
    stages = _stages(case)
    if not stages:
        raise NothingToDrawError(message("trajectory.nothing", lang, case=case.label))
    used = [lane for lane in codes("lane") if any(stage.lane == lane for stage in stages)]
    pitch = _PITCH * width / PORTRAIT
    lanes = {lane: MARGIN + _AXIS + pitch * i + 0.75 * _PITCH for i, lane in enumerate(used)}
    words = MARGIN + _AXIS + pitch * (len(used) - 1) + 1.25 * _PITCH + 1.5
    read = all(stage.reading for stage in stages)
    dated = any(stage.start is not None for stage in stages)
    frame = _Frame(lanes, words, width - MARGIN - words, dated, not read, lang)
    undated = any(stage.start is None for stage in stages)
    groups = [group for group in _CLASSES if any(stage.group == group for stage in stages)]
    notes = [message("trajectory.undated", lang)] if undated and frame.dated else []
    if any(stage.reading for stage in stages):
        notes.append(message("trajectory.read" if read else "figure.reading", lang))
    actors = {record["id"]: text_of(record["actor"]) for record in in_order(case.events)}
    return compose(
        "trajectory",
        case,
        lambda top: _body(stages, frame, top),
        title=message("trajectory.title", lang, case=case.label),
        caption=counted("trajectory.caption", stage_count(case.events["kind"]), lang, case=case.label),
        alt=_alt(case, stages, lang),
        rows=[
            Row("households", case.id),
            *(Row("events", stage.id) for stage in stages),
            *(Row("actors", actor) for actor in actors.values() if actor),
        ],
        width=width,
        entries=[Entry(message(f"trajectory.class.{group}", lang), _sample(group)) for group in groups],
        notes=notes,
        finding=_finding(case, lang),
    )


def _finding(case: Case, lang: str) -> str:
    """How many stages, and of what kind more of them are than of any other, where it is so of some."""
    stages = stage_count(case.events["kind"])
    said = counted("trajectory.finding", stages, lang)
    kinds = map(sign_of, case.events["kind"])
    said += most_often(kinds, stages, lambda kind: message(f"trajectory.class.{kind}", lang), lang)
    return opening(said, lang)


def stage_count(kinds: Iterable[str]) -> int:
    """How many stages a course has: what follows on it (`follow_up`) is none, where anything else is told.

    >>> stage_count(["loss", "rehousing", "follow_up"])
    2
    """
    told = list(kinds)
    return len(told) - told.count("follow_up") or len(told)


def sign_of(kind: str) -> str:
    """The class of an event's kind: threat, legal, voice, life, support or home; its sign is `stage-<class>`.

    >>> sign_of("judgment")
    'legal'
    """
    return next((group for group, kinds in _CLASSES.items() if kind in kinds), "support")


def _stages(case: Case) -> list[_Stage]:
    names = dict(zip(case.actors["id"], case.actors["label"], strict=True))
    return [
        _Stage(
            record["id"],
            number,
            None if pd.isna(record["month"]) else record["month"],
            None if pd.isna(record["until"]) else record["until"],
            sign_of(record["kind"]),
            record["lane"],
            text_of(record["label"]),
            text_of(record["detail"]),
            text_of(names.get(record["actor"], "")) if text_of(record["actor"]) else "",
            bool(record["reading"]),
        )
        for number, record in enumerate(in_order(case.events), start=1)
    ]


def _body(stages: list[_Stage], frame: _Frame, top: float) -> Part:
    heads = _heads(frame, top, acted=any(stage.actor for stage in stages))
    part, y = heads, heads.bottom
    signs: list[Symbol] = []
    for stage in stages:
        row = _stage(stage, frame, y)
        signs.append(row.symbols[0])
        y = row.bottom
        part += row
        if stage is not stages[-1]:
            part += Part(y, marks=(Mark(((frame.words, y), (frame.words + frame.room, y)), "hairline"),))
    guides = tuple(Mark(((x, top + (i + 1) * _STAIR), (x, y)), "guide") for i, x in enumerate(frame.lanes.values()))
    return Part(y, marks=guides) + part + _axis(stages, signs, frame) + _path(signs)


def _heads(frame: _Frame, top: float, *, acted: bool) -> Part:
    """Names of the lanes as a stair, each over the top of its own guide line."""
    part, step = Part(top), _STAIR
    for index, (lane, x) in enumerate(frame.lanes.items()):
        text = block(f"lane-{lane}", label("lane", lane, frame.lang), (x - 0.8, top + index * step), 60, HEADING)
        part += Part(text.box[3], labels=(text,))
    key = "trajectory.month" if frame.dated else "trajectory.order"
    name = block("head-axis", message(key, frame.lang), (MARGIN, top), _AXIS - 3, HEADING, align="right")
    part += Part(max(part.bottom, name.box[3]) + 1.5, labels=(name,))
    if acted:
        words = message("trajectory.actor", frame.lang)
        at = (frame.words, part.bottom - 1.5 - line_height(SMALL.size))
        text = block("head-actor", words, at, frame.room, HEADING, align="right")
        part += Part(part.bottom, labels=(text,))
    return part


def _stage(stage: _Stage, frame: _Frame, top: float) -> Part:
    y = top + _PAD
    middle = y + line_height(PLAIN.size) / 2
    dagger = "\u00a0†" if stage.reading and frame.daggers else ""
    texts = (("text", stage.text + dagger, STRONG, 0.0), ("detail", stage.detail, EVEN, 0.3))
    labels = list(stack(stage.id, (frame.words, y), frame.room, *texts))
    if stage.actor:
        labels.append(_actor(stage, labels, frame))
    when = _when(stage, frame.lang) if frame.dated else str(stage.number)
    voice = SMALL if stage.start is not None else SMALL_UNTOLD if frame.dated else SMALL_MUTED
    at = (MARGIN, middle - line_height(SMALL.size) / 2)
    labels.append(block(f"{stage.id}-month", when, at, _AXIS - 3, voice, of=stage.id, align="right"))
    bottom = max(*(text.box[3] + _PAD for text in labels), labels[-1].box[3] + line_height(FINE.size) + 1.2)
    x, half = frame.lanes[stage.lane], _SIGNS[stage.group] / 2
    box = (x - half, middle - half, x + half, middle + half)
    sign = Symbol(stage.id, "node", box, f"stage-{stage.group}", (Row("events", stage.id),))
    return Part(bottom, symbols=(sign,), labels=tuple(labels))


def _actor(stage: _Stage, above: list[Label], frame: _Frame) -> Label:
    """The main actor at the right of the stage's first line, or under its words where there is no room."""
    first = above[0]
    room = frame.words + frame.room - first.box[2] - 4
    if len(first.lines) == 1 and text_width(stage.actor, SMALL.size) < room:
        y = first.box[1] + (line_height(PLAIN.size) - line_height(SMALL.size)) / 2
    else:
        y = above[-1].box[3] + 0.3
    return block(
        f"{stage.id}-actor", stage.actor, (frame.words, y), frame.room, SMALL_MUTED, of=stage.id, align="right"
    )


def _when(stage: _Stage, lang: str) -> str:
    if stage.start is None:
        return message("trajectory.no_month", lang)
    start = short_month(stage.start, lang)
    if stage.until is None or stage.until == stage.start:
        return start
    return f"{start}\u00a0– {short_month(stage.until, lang)}"


def _axis(stages: list[_Stage], signs: list[Symbol], frame: _Frame) -> Part:
    """The axis of months: solid where two stages are dated, dotted where order alone is told."""
    x, part = MARGIN + _AXIS - 1.0, Part(0)
    heights = [(sign.box[1] + sign.box[3]) / 2 for sign in signs]
    for y in heights:
        part += Part(0, marks=(Mark(((x - 0.9, y), (x + 0.9, y)), "tick"),))
    for i, (before, after) in enumerate(pairwise(stages)):
        both = before.start is not None and after.start is not None
        role = "axis" if both else "axis-order"
        part += Part(0, marks=(Mark(((x, heights[i] + 1), (x, heights[i + 1] - 1)), role),))
        if before.start is None or after.start is None:
            continue
        gap = (after.start - (before.until if before.until is not None else before.start)).n
        if gap > 0:
            words = counted("trajectory.later", gap, frame.lang)
            wide = text_width(words, FINE.size)
            lines = 1 if before.until is None or before.until == before.start else 2
            low = heights[i] + line_height(SMALL.size) * (lines - 0.5)
            y = (low + heights[i + 1] - line_height(SMALL.size) / 2 - line_height(FINE.size)) / 2
            text = block(f"{before.id}-gap", words, (x - 2 - wide, y), wide + 0.01, FINE)
            part += Part(0, labels=(text,))
    return part


def _path(signs: list[Symbol]) -> Part:
    lines = tuple(
        Line(f"{a.id}--{b.id}", "edge", _curve(_below(a), _above(b)), "course", a.id, b.id) for a, b in pairwise(signs)
    )
    return Part(0, lines=lines)


def _below(sign: Symbol) -> Point:
    return (sign.box[0] + sign.box[2]) / 2, sign.box[3]


def _above(sign: Symbol) -> Point:
    return (sign.box[0] + sign.box[2]) / 2, sign.box[1]


def _curve(start: Point, end: Point, steps: int = 32) -> tuple[Point, ...]:
    """An S from one height to the next with upright ends, as a polyline (straight within one lane)."""
    (x0, y0), (x1, y1) = start, end
    if x0 == x1:
        return (start, end)
    points = []
    for i in range(steps + 1):
        t = i / steps
        rise = 3 * t * (1 - t) * (1 - t) * 0.5 + 3 * t * t * (1 - t) * 0.5 + t**3
        points.append((x0 + (x1 - x0) * t * t * (3 - 2 * t), y0 + (y1 - y0) * rise))
    return tuple(points)


def _sample(group: str) -> Callable[[float, float], Part]:
    def drawn(x: float, y: float) -> Part:
        half = _SIGNS[group] / 2 * 0.8
        mark = Mark(((x + 2.2 - half, y - half), (x + 2.2 + half, y + half)), f"stage-{group}")
        return Part(y + half, marks=(mark,))

    return drawn


def _alt(case: Case, stages: Sequence[_Stage], lang: str) -> str:
    undated = sum(stage.start is None for stage in stages)
    said = [counted("trajectory.alt", stage_count(case.events["kind"]), lang, case=case.label)]
    if all(stage.reading for stage in stages):
        said.append(message("trajectory.read", lang))
    if undated == len(stages):
        said.append(message("trajectory.alt.order", lang))
    elif undated:
        said.append(message("trajectory.undated", lang))
    some = not all(stage.reading for stage in stages)
    for stage in stages:
        place = [label("lane", stage.lane, lang)]
        if stage.start is not None:
            place.insert(0, _when(stage, lang))
        if stage.actor:
            place.append(message("trajectory.alt.actor", lang, actor=stage.actor))
        if some and stage.reading:
            place.append(message("reading", lang))
        said.append(sentence(f"{stage.number}. {stage.text} ({', '.join(place)})"))
        if stage.detail:
            said.append(sentence(stage.detail))
    return " ".join(said)
