"""Services and other persons around a household: boxes by measured width, and an order with few crossings.

The service with most ties stands above the household, with what belongs to the same institution; the others take
places on a ring of columns at both sides and rows above and below.  Who is wished at one side stands there, unless
more arrows would cross or the page be too high.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from clss_analysis.layout.genogram.arrows.bundles import Ends
from clss_analysis.layout.genogram.arrows.costs import PLACE
from clss_analysis.layout.genogram.arrows.segments import Ring
from clss_analysis.layout.genogram.family.abscissae import spaced
from clss_analysis.layout.genogram.family.positions import Family, moved
from clss_analysis.layout.genogram.places import settle
from clss_analysis.layout.genogram.service_words import NAME_SIZE, WIDTH, Service
from clss_analysis.layout.genogram.wishes import NOBODY, run_of, unmet, wishes_of
from clss_analysis.layout.geometry import Box
from clss_analysis.layout.text import block_size, line_height, wrap

MARGIN = 6.0
FRAME = 1.7
NAME = line_height(NAME_SIZE) + 0.6
WIDTHS = (160.0, 200.0, 240.0)
CORRIDOR = 9.0
CORE_GAP = 13.5
ROW_GAP = 10.5
COLUMN_GAP = 16.0
BODY = 159.0
_STEPS = 8


@dataclass(frozen=True)
class Frame:
    """An institution around its services; one with an `id` is a symbol at which arrows may end."""

    name: str
    lines: tuple[str, ...]
    box: Box
    label: Box
    services: tuple[str, ...]
    id: str = ""


@dataclass(frozen=True)
class Surroundings:
    """The body of the page: the family moved to its place, a cell for every service, frames; from (0, 0).

    `wished` is whether somebody wished it so.
    """

    width: float
    height: float
    family: Family
    cells: dict[str, Box]
    frames: tuple[Frame, ...]
    wished: bool = False


def surround(
    services: tuple[Service, ...],
    groups: dict[str, str],
    ties: tuple[Ends, ...],
    home: Family,
    room: tuple[float, float] | None = None,
    best: int = 1,
    *,
    dense: bool = False,
) -> tuple[Surroundings, ...]:
    """Place services around a family, on the narrowest page that leaves its height within an A4 page.

    Args:
        services: all of them, in any order.
        groups: institution by service id, for institutions with two services or more in the picture.
        ties: pairs of ids; "person-…" and "household-…" ids are fixed, the others are services.
        home: the family around its own origin.
        room: width and height in millimetres to fill.
        best: how many arrangements to give at most, the likeliest to have few crossings first, beside those that
            follow the wishes of services (`Service.place`), which come before them.
        dense: whether the picture is, so that crossings count for more than length.

    Returns:
        Arrangements that have room, none where nothing has; cells of equal width, disjoint; without `room` in a page
        from 160 to 240 mm wide where the family allows, higher than A4 when even that is not wide enough.
    """
    wishes = wishes_of(services, groups)
    surrounded = partial(_surrounded, services, groups, ties, home, dense=dense)

    def wished(width: float, tall: float | None = None) -> list[Surroundings]:
        each = [surrounded(1, width, tall, wishes, w) for w in PLACE.wished if wishes]
        return [replace(a, wished=True) for those in each for a in those]

    if room is not None:
        found = [*wished(*room), *surrounded(best, *room)]
        return tuple(a for a in found if a.width <= room[0] + 0.01 and a.height <= room[1] + 0.01)
    for width in WIDTHS:
        found = surrounded(best, width)
        if found and found[0].height <= BODY:
            break
    return tuple(a for a in (*wished(width), *found) if a.height <= max(BODY, found[0].height))


def _surrounded(
    services: tuple[Service, ...],
    groups: dict[str, str],
    ties: tuple[Ends, ...],
    home: Family,
    best: int,
    least: float,
    tall: float | None = None,
    wishes: Mapping[str, str] = NOBODY,
    weight: float = 0.0,
    *,
    dense: bool = False,
) -> list[Surroundings]:
    by_id = {s.id: s for s in sorted(services, key=lambda s: s.id)}
    away = {s for s, side in wishes.items() if side != "above" and weight > PLACE.crossing}
    core = _core(by_id, groups, ties, away)
    others = [s for s in by_id if s not in core]
    runs = _runs(others, groups)
    fw = home.extent[2] - home.extent[0]
    cells, frames, core_top, core_half = _core_cells([by_id[c] for c in core], groups)
    beside = fw + 2 * (WIDTH + CORRIDOR + MARGIN + FRAME) <= (WIDTHS[-1] if tall is None else least)
    width = max(least, fw + 2 * (WIDTH + CORRIDOR + MARGIN + FRAME) if beside and others else fw + 2 * MARGIN)
    home = moved(home, -(home.extent[0] + home.extent[2]) / 2, CORE_GAP * bool(core) - home.extent[1])
    shift = (home.household[0] + home.household[2]) / 2
    room = width / 2 - core_half - MARGIN - (WIDTH + FRAME + 4.0 if beside and others else 0.0)
    shift = max(-room, min(room, shift)) if room > 0 else 0.0
    cells = {s: _shifted_box(b, shift) for s, b in cells.items()}
    frames = [_shifted(f, shift) for f in frames]
    span = (core_top, home.extent[3])
    ring = _ring(others, runs, by_id, cells, home, width, span, beside=beside, tall=tall, least=2 * bool(wishes))
    ring = replace(ring, dense=dense)
    affordable = sum(row <= ring.afford for row in ring.rows)
    if affordable < len(others) and (tall is not None or least < WIDTHS[-1]):
        return []
    if tall is not None and (width > least + 0.01 or span[1] - span[0] > tall):
        return []
    found = []
    for places in settle(ring, runs, ties, best, unmet(ring, runs, wishes, weight, sum(span) / 2)):
        blocks = [_block(run, groups.get(run[0]), by_id, ring, places, ties) for run in runs]
        placed = _stacked(blocks, span)
        if tall is not None:
            placed = _spread(blocks, placed, span, tall)
        full = cells | {s: _shifted_box(b, 0.0, dy) for block, dy in placed for s, b in block.cells.items()}
        around = [*frames, *(framed(groups[run[0]], run, full) for run in runs if run[0] in groups)]
        found.append(_on_page(width, home, full, tuple(around), whole=tall is not None))
    return found


@dataclass(frozen=True)
class _Block:
    """Services that stay together: relative cells around the middle height of the block."""

    x: float
    y: float
    above: float
    below: float
    cells: dict[str, Box]
    row: int


def _block(
    run: tuple[str, ...],
    name: str | None,
    by_id: dict[str, Service],
    ring: Ring,
    places: dict[str, int],
    ties: tuple[Ends, ...],
) -> _Block:
    spots = sorted((ring.slots[places[s]], s) for s in run)
    xs = {x for (x, _), _ in spots}
    middle = sum(y for (_, y), _ in spots) / len(spots)
    room = (NAME + FRAME) if name is not None else 0.0
    cells: dict[str, Box] = {}
    if len(xs) == 1 and len(run) > 1:
        tied = {frozenset(t) for t in ties}
        order = [s for _, s in spots]
        gaps = [8.5 if frozenset(pair) in tied else 3.0 for pair in pairwise(order)]
        y = -(sum(by_id[s].height for s in run) + sum(gaps)) / 2
        for ((x, _), s), gap in zip(spots, [*gaps, 0.0], strict=True):
            cells[s] = (x - WIDTH / 2, y, x + WIDTH / 2, y + by_id[s].height)
            y += by_id[s].height + gap
    else:
        for (x, _), s in spots:
            half = by_id[s].height / 2
            cells[s] = (x - WIDTH / 2, -half, x + WIDTH / 2, half)
    tall = max(b[3] for b in cells.values())
    return _Block(min(xs), middle, tall + room, tall + (FRAME if room else 0.0), cells, ring.rows[places[run[0]]])


def _spread(
    blocks: list[_Block], placed: list[tuple[_Block, float]], span: tuple[float, float], tall: float
) -> list[tuple[_Block, float]]:
    """Heights that use the room there is: columns spread out, rows further away, both within reason."""

    def high(those: list[tuple[_Block, float]]) -> float:
        tops = [span[0], *(y - b.above for b, y in those)]
        return max([span[1], *(y + b.below for b, y in those)]) - min(tops)

    for step in range(_STEPS, 0, -1):
        wider = _stacked(blocks, span, spread=1 + 0.6 * step / _STEPS, gap=ROW_GAP * (1 + step / _STEPS))
        if high(wider) <= tall:
            return wider
    return placed


def _stacked(
    blocks: list[_Block], core: tuple[float, float], *, spread: float = 1.0, gap: float = ROW_GAP
) -> list[tuple[_Block, float]]:
    """Final heights: columns keep their distances, rows stand clear of whatever is between them."""
    centre = sum(core) / 2
    placed: list[tuple[_Block, float]] = []
    middle = [b for b in blocks if b.row == 0]
    for x in sorted({b.x for b in middle}):
        column = sorted((b for b in middle if b.x == x), key=lambda b: b.y)
        apart = [a.below + b.above + 4.2 for a, b in pairwise(column)]
        placed += zip(column, spaced([centre + (b.y - centre) * spread for b in column], apart), strict=True)
    top = min([core[0], *(y - b.above for b, y in placed)])
    bottom = max([core[1], *(y + b.below for b, y in placed)])
    for row in sorted({b.y for b in blocks if b.row and b.y < core[0]}, reverse=True):
        those = [b for b in blocks if b.row and b.y == row]
        y = top - gap - max(b.below for b in those)
        placed += [(b, y) for b in those]
        top = y - max(b.above for b in those)
    for row in sorted({b.y for b in blocks if b.row and b.y > core[1]}):
        those = [b for b in blocks if b.row and b.y == row]
        y = bottom + gap + max(b.above for b in those)
        placed += [(b, y) for b in those]
        bottom = y + max(b.below for b in those)
    return placed


def _core(by_id: dict[str, Service], groups: dict[str, str], ties: tuple[Ends, ...], away: set[str]) -> list[str]:
    """The service with most ties, then the rest of its institution, those with fewest ties to the family first.

    None that is `away` is at the core.
    """
    degree: dict[str, int] = defaultdict(int)
    to_family: dict[str, int] = defaultdict(int)
    for a, b in ties:
        for one, other in ((a, b), (b, a)):
            degree[one] += 1
            to_family[one] += other not in by_id
    working = [s for s in by_id if by_id[s].kind != "other_person" and s not in away]
    if not working:
        return []
    hub = min(working, key=lambda s: (-degree[s], by_id[s].kind != "professional", s))
    rest = [s for s in working if s != hub and hub in groups and groups.get(s) == groups[hub]]
    return [hub, *sorted(rest, key=lambda s: (to_family[s], degree[s], s))]


def _runs(others: list[str], groups: dict[str, str]) -> tuple[tuple[str, ...], ...]:
    runs: dict[str, list[str]] = {}
    for s in others:
        runs.setdefault(run_of(s, groups), []).append(s)
    return tuple(tuple(runs[key]) for key in sorted(runs))


def _core_cells(core: list[Service], groups: dict[str, str]) -> tuple[dict[str, Box], list[Frame], float, float]:
    """The principal service above, the rest of its institution beside or under it, all above height 0.

    Returns:
        Cells, the frame if there is one, the top edge, and half the width.
    """
    if not core:
        return {}, [], 0.0, 0.0
    hub, rest = core[0], core[1:]
    rows = [[hub]] if len(rest) % 2 == 0 else [[rest[0], hub]]
    left = rest[len(rows[0]) - 1 :]
    rows += [left[i : i + 2] for i in range(0, len(left), 2)]
    apart = 9.0 if len(rows) == 1 else 13.0
    bottom = -FRAME if hub.id in groups else 0.0
    cells: dict[str, Box] = {}
    for row in rows[::-1]:
        tall = max(s.height for s in row)
        for s, x in zip(row, [0.0] if len(row) == 1 else [-(WIDTH + apart) / 2, (WIDTH + apart) / 2], strict=True):
            y = bottom - tall / 2
            cells[s.id] = (x - WIDTH / 2, y - s.height / 2, x + WIDTH / 2, y + s.height / 2)
        bottom -= tall + 9.0
    top = bottom + 9.0
    frames = [framed(groups[hub.id], tuple(s.id for s in core), cells)] if hub.id in groups else []
    half = max(abs(v) for b in cells.values() for v in (b[0], b[2])) + FRAME
    return cells, frames, frames[0].box[1] if frames else top, half


def framed(name: str, members: tuple[str, ...], cells: dict[str, Box]) -> Frame:
    """An institution's frame around the cells of its services, its name at the top."""
    boxes = [cells[m] for m in members]
    x0, y0 = min(b[0] for b in boxes) - FRAME, min(b[1] for b in boxes) - NAME - FRAME / 2
    x1, y1 = max(b[2] for b in boxes) + FRAME, max(b[3] for b in boxes) + FRAME
    lines = wrap(name, x1 - x0 - 2 * FRAME, NAME_SIZE, "italic")
    width, height = block_size(lines, NAME_SIZE, "italic")
    y0 -= height - line_height(NAME_SIZE)
    return Frame(name, lines, (x0, y0, x1, y1), (x0 + FRAME, y0 + 0.3, x0 + FRAME + width, y0 + 0.3 + height), members)


def _shifted_box(b: Box, dx: float, dy: float = 0.0) -> Box:
    return (b[0] + dx, b[1] + dy, b[2] + dx, b[3] + dy)


def _shifted(frame: Frame, dx: float, dy: float = 0.0) -> Frame:
    return replace(frame, box=_shifted_box(frame.box, dx, dy), label=_shifted_box(frame.label, dx, dy))


def _ring(
    others: list[str],
    runs: tuple[tuple[str, ...], ...],
    by_id: dict[str, Service],
    core: dict[str, Box],
    home: Family,
    width: float,
    span: tuple[float, float],
    *,
    beside: bool,
    tall: float | None = None,
    least: int = 0,
) -> Ring:
    """Places for the services: columns at both sides of the core, then rows under and over it, with room to choose.

    On a page that is wider than high, columns run over its whole height, and there are as many as it has room for.
    """
    wide = tall is not None and beside and width > 1.15 * tall
    edge = width / 2 - MARGIN - FRAME - WIDTH / 2
    mean = sum(by_id[s].height for s in others) / len(others) if others else 9.0
    pitch = mean + 4.6
    middle = (span[0] + span[1]) / 2
    run = (min(span[0], middle - tall / 2), max(span[1], middle + tall / 2)) if wide and tall else span
    longest = max((len(run) for run in runs), default=1)
    centres: list[tuple[float, float]] = []
    sequences: list[tuple[int, ...]] = []

    def add(points: list[tuple[float, float]]) -> None:
        sequences.append(tuple(range(len(centres), len(centres) + len(points))))
        centres.extend(points)

    along = max(2, int(2 * edge / (WIDTH + 7.0)) + 1)
    per_side = max(1, int((run[1] - run[0] - mean) / pitch) + 1) if beside else 0
    per_side = min(per_side, max(3, -(-len(others) // 2) + 2))
    if longest > along:
        per_side = max(per_side, longest)
    inner = max(-home.extent[0], home.extent[2], *(max(-b[0], b[2]) for b in core.values()), 0.0) + CORRIDOR
    xs = [edge]
    while wide and 2 * per_side * len(xs) < 1.6 * len(others) and xs[-1] - WIDTH - COLUMN_GAP - WIDTH / 2 >= inner:
        xs.append(xs[-1] - WIDTH - COLUMN_GAP)
    if others and per_side:
        step = min((run[1] - run[0] - mean) / max(1, per_side - 1), 2.2 * pitch if wide else 1.25 * pitch)
        for x in [side for reach in xs for side in (-reach, reach)]:
            add([(x, middle + (i - (per_side - 1) / 2) * step) for i in range(per_side)])
    row = [-edge + 2 * edge * i / (along - 1) for i in range(along)]
    level, rows = 0, [0] * len(centres)
    while others and (len(centres) < len(others) + 2 * along or level < least):
        reach = ROW_GAP + mean / 2 + level // 2 * (mean + ROW_GAP)
        add([(x, run[1] + reach if level % 2 == 0 else run[0] - reach) for x in row])
        level += 1
        rows += [level] * len(row)
    price = tuple(0.0 if span[0] <= y <= span[1] else 1.0 + 0.03 * abs(y - sum(span) / 2) for _, y in centres)
    lines = tuple((*a, *b) for line in home.lines for a, b in pairwise(line.path))
    fixed = dict(core) | {s.id: s.box for s in home.symbols}
    solid = [*core.values(), *(s.box for s in home.symbols if s.kind != "household"), *(b.box for b in home.labels)]
    return Ring(
        tuple(centres),
        tuple(sequences),
        (WIDTH, mean),
        fixed,
        home.household,
        tuple(solid),
        frozenset(s.id for s in home.symbols),
        price,
        tuple(core.values()),
        frozenset(core),
        tuple(rows),
        lines,
        max(0 if wide else 1, int(((tall or BODY) - (run[1] - run[0])) / (mean + ROW_GAP))),
    )


def _on_page(
    width: float, home: Family, cells: dict[str, Box], frames: tuple[Frame, ...], *, whole: bool
) -> Surroundings:
    boxes = [home.extent, *cells.values(), *(f.box for f in frames)]
    top, bottom = min(b[1] for b in boxes), max(b[3] for b in boxes)
    reach = max(max(abs(b[0]), abs(b[2])) for b in boxes) + MARGIN
    if not whole or reach * 2 > width:
        width = round(min(width, max(2 * reach, 120.0)) if reach * 2 <= width else 2 * reach, 2)
    dx, dy = width / 2, -top
    placed = {s: _shifted_box(b, dx, dy) for s, b in sorted(cells.items())}
    return Surroundings(
        width,
        bottom - top,
        moved(home, dx, dy),
        placed,
        tuple(_shifted(f, dx, dy) for f in sorted(frames, key=lambda f: f.name)),
    )
