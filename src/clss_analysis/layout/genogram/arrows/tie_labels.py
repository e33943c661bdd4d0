"""Words on arrows: what a tie is for and since when, beside its arrow, or by a number in the legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from clss_analysis.layout.genogram.arrows.obstacles import segments_of
from clss_analysis.layout.genogram.arrows.segments import Floats, segments_hit_boxes
from clss_analysis.layout.genogram.arrows.typed_ties import Tie
from clss_analysis.layout.geometry import Box, Label, Line, Point, Symbol, overlap
from clss_analysis.layout.page import SMALL_STRONG, Entry, Part, block
from clss_analysis.layout.text import block_size, wrap_evenly
from clss_analysis.records import message
from clss_analysis.records.typography import short_month
from clss_analysis.records.years import first_month

SIZE = 7.0
_WIDE = 27.0
_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)
_FINE = tuple(round(0.5 + sign * k / 40, 3) for k in range(19) for sign in (1, -1))


def arrow_texts(arrows: Iterable[Tie], lang: str) -> dict[str, str]:
    """Words by id of line, of ties whose record has any: what for, and the month in which it was first active."""
    found: dict[str, str] = {}
    for tie in arrows:
        for name, forward in ((f"tie-{tie.id}", True), (f"tie-{tie.id}-back", False)):
            told = [t for t in tie.told if t[0] == forward] if tie.lanes == 2 else list(tie.told) * forward
            words = list(dict.fromkeys(text for _, text, _ in told if text))
            starts = [start for _, _, start in told if start is not None]
            if starts:
                since = short_month(min(starts, key=first_month), lang)
                words.append(message("sociogenogram.since", lang, month=since))
            if words:
                found[name] = ", ".join(words)
    return found


def placed_texts(
    texts: dict[str, str],
    lines: tuple[Line, ...],
    symbols: tuple[Symbol, ...],
    labels: tuple[Label, ...],
    page: Box,
    lang: str,
) -> tuple[tuple[Label, ...], tuple[Entry, ...]]:
    """Labels beside their arrows where there is room for the words, else a number there and the words in the legend.

    Where there is no room even for a number, the legend says both ends with the words.

    Args:
        texts: words by id of line.
        lines: all that are drawn, arrows and family lines.
        symbols: all that are drawn.
        labels: those that are there already.
        page: where words may stand.
        lang: fr, nl or en.

    Returns:
        Labels that touch no symbol, line or other label, and legend entries for all other words.
    """
    ground = _Ground(lines, symbols, labels, page)
    drawn = {line.id: line for line in lines if line.id in texts}
    open_ = {}
    for name in sorted(drawn):
        words = wrap_evenly(texts[name], _WIDE, SIZE, "italic")
        open_[name] = (words, ground.free(drawn[name].path, block_size(words, SIZE, "italic"), _SHARES, (0.7, 1.6)))
    made: list[Label] = []
    for name in sorted(open_, key=lambda n: (len(open_[n][1]), n)):
        words, spots = open_[name]
        box = next((b for b in spots if not any(overlap(b, other.box, 0.6) for other in made)), None)
        if box is not None:
            made.append(Label(f"text-{name}", box, words, name, SIZE, "italic", "center"))
    beside = {label.of for label in made}
    waiting = sorted((n for n in drawn if n not in beside), key=lambda n: _middle(drawn[n].path))
    names = {label.of: " ".join(label.lines) for label in reversed(labels)}
    entries: list[Entry] = []
    bare: list[Entry] = []
    for name in waiting:
        number = len(entries) + 1
        size = block_size((str(number),), SIZE + 0.5, "semibold")
        spots = ground.free(drawn[name].path, size, _FINE, (0.4, 0.9, 1.8, 3.0))
        box = next((b for b in spots if not any(overlap(b, other.box, 0.3) for other in made)), None)
        if box is not None:
            made.append(Label(f"text-{name}", box, (str(number),), name, SIZE + 0.5, "semibold", "center"))
            entries.append(Entry(texts[name], _sign(str(number), f"number-{number}"), 8.4))
        else:
            ends = f"{names.get(drawn[name].source, '–')} → {names.get(drawn[name].target, '–')}"
            told = message("quality.line", lang, what=ends, value=texts[name])
            bare.append(Entry(told, _sign("→", f"arrow-{name}"), 8.4))
    return tuple(made), (*entries, *bare)


def bundle_counts(
    arrows: tuple[Tie, ...],
    lines: tuple[Line, ...],
    symbols: tuple[Symbol, ...],
    labels: tuple[Label, ...],
    page: Box,
    lang: str,
) -> tuple[tuple[Label, ...], tuple[Entry, ...]]:
    """How many ties each bundle stands for, beside its arrow, and the legend's entry for such a number."""
    told = {f"tie-{t.id}{back}": n for t in arrows for back, n in zip(("", "-back"), t.counts, strict=True) if n > 1}
    drawn = {line.id: line for line in lines if line.id in told}
    made: list[Label] = []
    for name, line in sorted(drawn.items()):
        words = f"{told[name]}!" if "_mixed" in line.role else str(told[name])
        size = block_size((words,), SIZE + 0.5, "semibold")
        ground = _Ground(lines, symbols, (*labels, *made), page)
        spots = ground.free(line.path, size, _SHARES, (0.4, 0.9)) or ground.free(
            line.path, size, _FINE, (0.4, 0.9, 1.8)
        )
        if spots:
            made.append(Label(f"count-{name}", spots[0], (words,), name, SIZE + 0.5, "semibold", "center"))
    entry = Entry(message("sociogenogram.legend.count", lang), _sign("3", "count"), 8.4)
    tense = Entry(message("sociogenogram.legend.quality-mixed", lang), _sign("3!", "mixed"), 8.4)
    return tuple(made), (entry,) * bool(drawn) + (tense,) * any("_mixed" in line.role for line in drawn.values())


class _Ground:
    """What words must keep clear of."""

    def __init__(
        self, lines: tuple[Line, ...], symbols: tuple[Symbol, ...], labels: tuple[Label, ...], page: Box
    ) -> None:
        homes = [s.box for s in symbols if s.kind in ("household", "institution")]
        solid = [s.box for s in symbols if s.kind not in ("household", "institution")] + [b.box for b in labels]
        self.boxes = np.array(solid).reshape(-1, 4)
        edges = [((b[0], b[1]), (b[2], b[1]), (b[2], b[3]), (b[0], b[3]), (b[0], b[1])) for b in homes]
        self.strokes = segments_of((*(line.path for line in lines), *edges))
        self.page = page

    def free(
        self, path: tuple[Point, ...], size: tuple[float, float], shares: tuple[float, ...], gaps: tuple[float, ...]
    ) -> list[Box]:
        """Boxes of a size beside a path that touch nothing, the nearest to its middle first."""
        tried = np.array([b for gap in gaps for share in shares for b in _beside(path, size, share, gap)])
        inside = (tried[:, :2] >= np.array(self.page[:2])).all(axis=1)
        inside &= (tried[:, 2:] <= np.array(self.page[2:])).all(axis=1)
        tried = tried[inside]
        grown: Floats = tried + 0.5 * np.array([-1.0, -1.0, 1.0, 1.0])
        one, other = grown[:, None, :], self.boxes[None, :, :]
        clear = ~(
            (one[..., 0] < other[..., 2])
            & (other[..., 0] < one[..., 2])
            & (one[..., 1] < other[..., 3])
            & (other[..., 1] < one[..., 3])
        ).any(axis=1)
        thin = tried + 0.25 * np.array([-1.0, -1.0, 1.0, 1.0])
        clear &= ~segments_hit_boxes(self.strokes, thin).any(axis=0)
        return [(b[0], b[1], b[2], b[3]) for b in tried[clear].round(3).tolist()]


def _beside(path: tuple[Point, ...], size: tuple[float, float], share: float, gap: float) -> list[Box]:
    """The two boxes that stand at either side of a path, at a share of its length."""
    (x, y), (ux, uy) = _along(path, share)
    reach = abs(uy) * size[0] / 2 + abs(ux) * size[1] / 2 + gap
    middles = [(x + side * uy * reach, y - side * ux * reach) for side in (1, -1)]
    return [(a - size[0] / 2, b - size[1] / 2, a + size[0] / 2, b + size[1] / 2) for a, b in middles]


def _along(path: tuple[Point, ...], share: float) -> tuple[Point, Point]:
    """The point at a share of a path's length, and the direction there."""
    lengths = [math.dist(a, b) for a, b in pairwise(path)]
    left = share * sum(lengths)
    for (a, b), long in zip(pairwise(path), lengths, strict=True):
        if left <= long and long > 0:
            ux, uy = (b[0] - a[0]) / long, (b[1] - a[1]) / long
            return (a[0] + ux * left, a[1] + uy * left), (ux, uy)
        left -= long
    return path[-1], (1.0, 0.0)


def _middle(path: tuple[Point, ...]) -> tuple[float, float]:
    (x, y), _ = _along(path, 0.5)
    return round(y / 8), round(x, 2)


def _sign(sign: str, name: str) -> Callable[[float, float], Part]:
    def sample(x: float, y: float) -> Part:
        label = block(f"legend-{name}", sign, (x, y), 8.4, SMALL_STRONG, of="legend", align="center")
        high = label.box[3] - label.box[1]
        box = (label.box[0], y - high / 2, label.box[2], y + high / 2)
        return Part(y + high / 2, labels=(replace(label, box=box),))

    return sample
