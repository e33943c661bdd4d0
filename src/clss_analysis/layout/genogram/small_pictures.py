"""One small picture of a series: the whole sociogenogram made smaller, with what is there in its month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count
from string import ascii_uppercase

from clss_analysis.layout.genogram.changes import Course, Moment
from clss_analysis.layout.genogram.months import along, on_lines, tie_strokes
from clss_analysis.layout.geometry import Box, Label, Line, Mark, Point, Symbol
from clss_analysis.layout.page import Part
from clss_analysis.layout.text import block_size

SIZE = 7.0
_BADGE = 1.1
_ARM = 0.7


@dataclass(frozen=True)
class Frame:
    """The body of the whole picture, how much smaller it is drawn, and the code that stands for each symbol."""

    body: Box
    scale: float
    codes: dict[str, str]


def extent(told: Course) -> Box:
    """The box around all symbols and lines of all pictures, without the legend, a millimetre wider on each side."""
    wholes = [told.base, *(m.scene.whole for m in told.moments if m.scene.whole is not None)]
    boxes = [s.box for base in wholes for s in base.symbols if s.kind != "legend"]
    lines = [line for base in wholes for line in base.lines]
    xs = [x for line in lines for x, _ in line.path] + [x for b in boxes for x in (b[0], b[2])]
    ys = [y for line in lines for _, y in line.path] + [y for b in boxes for y in (b[1], b[3])]
    return min(xs) - 1, min(ys) - 1, max(xs) + 1, max(ys) + 1


def codes(told: Course) -> dict[str, str]:
    """A letter for everyone who lives there or shares their life, a number for every service, in reading order."""
    order = {"person": 0, "other": 1, "service": 2}
    seen = sorted((s for s in told.base.symbols if s.id in told.names), key=lambda s: (order[s.kind], _at(s)))
    letters = (a + b for a in ("", *ascii_uppercase) for b in ascii_uppercase)
    numbers = count(1)
    return {s.id: str(next(numbers)) if s.kind == "service" else next(letters) for s in seen}


def picture(told: Course, number: int, frame: Frame, corner: Point) -> Part:
    """One month: what is there, marked where it came since the moment before, and the ghosts of what went.

    Args:
        told: the series.
        number: of the moment.
        frame: what is drawn of the whole picture, and how small.
        corner: left and top edge in millimetres.
    """
    moment = told.moments[number]
    before = told.moments[max(0, number - 1)].scene
    there = {s.id for s in moment.scene.symbols}
    symbols = (*moment.scene.symbols, *(s for s in before.symbols if s.id in moment.went - there))
    lines = (*moment.scene.lines, *(n for n in before.lines if n.id in moment.went))
    small = _Small(frame, corner, f"m{moment.month}-")
    drawn = tuple(small.symbol(s, _state(s.id, moment)) for s in symbols)
    paths = tuple(small.line(line, _state(line.id, moment)) for line in lines)
    labels = tuple(
        _code(f"{s.id}-code", frame.codes[o.id], s, _voice(o, moment))
        for o, s in zip(symbols, drawn, strict=True)
        if o.id in frame.codes
    )
    body = [m for m in (moment.scene.whole or told.base).marks if all(_inside(p, frame.body) for p in m.path)]
    areas = [m for m in body if m.role == "institution" and any(_inside(_middle(s.box), _box(m)) for s in symbols)]
    areas += [m for m in body if m.role in ("bay", "bay-edge", "hosted-family", "roof")]
    areas += on_lines([m for m in body if m.role == "couple-slash"], moment.scene.lines)
    ink = [small.mark(m) for m in areas]
    for line in moment.scene.lines:
        ink += [replace(m, role=f"small-{m.role}") for m in tie_strokes([replace(line, path=small.path(line.path))])]
    badges = [(s.box[2], s.box[1]) for s in drawn if s.role.startswith("came-")]
    badges += [along(p.path) for p in paths if p.kind == "arrow" and p.role.startswith("came-")]
    return Part(
        corner[1] + (frame.body[3] - frame.body[1]) * frame.scale,
        drawn,
        paths,
        labels,
        (*ink, *(mark for at in badges for mark in plus(*at))),
    )


def plus(x: float, y: float) -> tuple[Mark, ...]:
    """The sign of what came: a plus on a disc."""
    disc = Mark(((x - _BADGE, y - _BADGE), (x + _BADGE, y + _BADGE)), "plus-disc")
    return disc, Mark(((x - _ARM, y), (x + _ARM, y)), "plus"), Mark(((x, y - _ARM), (x, y + _ARM)), "plus")


def _came(x: float, y: float) -> Part:
    return Part(
        y + 1.7, marks=(Mark(((x + 1.0, y - 1.7), (x + 7.0, y + 1.7)), "came-service"), *plus(x + 7.0, y - 1.2))
    )


def _went(x: float, y: float) -> Part:
    return _sample("went", x, y)


def _sample(state: str, x: float, y: float) -> Part:
    return Part(y + 1.7, marks=(Mark(((x + 1.0, y - 1.7), (x + 7.0, y + 1.7)), f"{state}-service"),))


legend_samples = {"came": _came, "went": _went}


@dataclass(frozen=True)
class _Small:
    """The way from the whole picture to a small one."""

    frame: Frame
    corner: Point
    prefix: str

    def path(self, points: Iterable[Point]) -> tuple[Point, ...]:
        (x0, y0, _, _), scale = self.frame.body, self.frame.scale
        return tuple(
            (round(self.corner[0] + (x - x0) * scale, 3), round(self.corner[1] + (y - y0) * scale, 3))
            for x, y in points
        )

    def symbol(self, symbol: Symbol, state: str) -> Symbol:
        a, b = self.path((symbol.box[:2], symbol.box[2:]))
        return replace(symbol, id=self.prefix + symbol.id, box=(*a, *b), role=f"{state}-{symbol.role}")

    def line(self, line: Line, state: str) -> Line:
        source, target = self.prefix + line.source, self.prefix + line.target
        members = tuple(self.prefix + member for member in line.members)
        path, role = self.path(line.path), f"{state}-{line.role}"
        return Line(self.prefix + line.id, line.kind, path, role, source, target, members, line.rows)

    def mark(self, mark: Mark) -> Mark:
        return Mark(self.path(mark.path), f"small-{mark.role}")


def _state(name: str, moment: Moment) -> str:
    return "came" if name in moment.came else "went" if name in moment.went else "small"


def _voice(symbol: Symbol, moment: Moment) -> str:
    return "muted" if symbol.id in moment.went else "working" if symbol.kind == "service" else "text"


def _code(name: str, code: str, symbol: Symbol, role: str) -> Label:
    width, height = block_size((code,), SIZE, "semibold")
    x, y = _middle(symbol.box)
    box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Label(name, box, (code,), symbol.id, SIZE, "semibold", "center", role)


def _at(symbol: Symbol) -> Point:
    return round(symbol.box[1] + symbol.box[3], 1), round(symbol.box[0], 1)


def _middle(box: Box) -> Point:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _box(mark: Mark) -> Box:
    xs, ys = [p[0] for p in mark.path], [p[1] for p in mark.path]
    return min(xs), min(ys), max(xs), max(ys)


def _inside(point: Point, box: Box) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
