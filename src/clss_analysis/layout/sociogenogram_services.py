"""Services and other persons around a household: boxes by measured width, and an order with few crossings.

The service with most ties stands above the household, with what belongs to the same institution; the others take
places on a ring of columns at both sides and rows above and below.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from clss_analysis.layout.geometry import Box
from clss_analysis.layout.sociogenogram_family import Family, moved
from clss_analysis.layout.sociogenogram_ring import Ring, settle
from clss_analysis.layout.text import block_size, line_height, wrap

WIDTH = 30.0
SIZE, SUB_SIZE, NAME_SIZE = 8.0, 7.0, 7.5
OTHER_HALF = 4.6
MARGIN = 3.0
FRAME = 1.7
NAME = line_height(NAME_SIZE) + 0.6
MIN_WIDTH, MAX_WIDTH = 160.0, 240.0
CORRIDOR = 11.0
CORE_GAP = 16.0
ROW_GAP = 13.0
_INNER = WIDTH - 3.2


@dataclass(frozen=True, slots=True)
class Service:
    """A service, professional or other person, with its words broken into lines; sizes in millimetres."""

    id: str
    kind: str
    institution: str | None
    lines: tuple[str, ...]
    sub: tuple[str, ...]
    height: float


@dataclass(frozen=True)
class Frame:
    """An institution around its services."""

    name: str
    lines: tuple[str, ...]
    box: Box
    label: Box
    services: tuple[str, ...]


@dataclass(frozen=True)
class Surroundings:
    """The body of the page: the family moved to its place, a cell for every service, frames; from (0, 0)."""

    width: float
    height: float
    family: Family
    cells: dict[str, Box]
    frames: tuple[Frame, ...]


Ends = tuple[str, str]


def service(actor: str, words: str, kind: str, institution: str | None, *, grouped: bool) -> Service:
    """A service as it will be written: its name, and its institution under it where no frame says so."""
    if kind == "other_person":
        lines = wrap(words, WIDTH - 2, SIZE)
        return Service(actor, kind, None, lines, (), 2 * OTHER_HALF + 0.8 + block_size(lines, SIZE)[1])
    lines = wrap(words, _INNER, SIZE, "semibold")
    sub = wrap(institution, _INNER, SUB_SIZE, "italic") if institution and not grouped and institution != words else ()
    height = len(lines) * line_height(SIZE) + len(sub) * line_height(SUB_SIZE) + 3.4
    return Service(actor, kind, institution, lines, sub, max(height, 9.0))


def surround(
    services: tuple[Service, ...], groups: dict[str, str], ties: tuple[Ends, ...], home: Family
) -> Surroundings:
    """Place services around a family.

    Args:
        services: all of them, in any order.
        groups: institution by service id, for institutions with two services or more in the picture.
        ties: pairs of ids; "person-…" and "household-…" ids are fixed, the others are services.
        home: the family around its own origin.

    Returns:
        Cells of equal width, disjoint, in a page between 160 and 240 mm wide where the family allows.
    """
    by_id = {s.id: s for s in sorted(services, key=lambda s: s.id)}
    core = _core(by_id, groups, ties)
    others = [s for s in by_id if s not in core]
    runs = _runs(others, groups)
    fw, fh = home.extent[2] - home.extent[0], home.extent[3] - home.extent[1]
    cells, frames, core_top, core_half = _core_cells([by_id[c] for c in core], groups)
    beside = fw + 2 * (WIDTH + CORRIDOR + MARGIN + FRAME) <= MAX_WIDTH
    width = max(MIN_WIDTH, fw + 2 * (WIDTH + CORRIDOR + MARGIN + FRAME) if beside and others else fw + 2 * MARGIN)
    if not core:
        core_top = 0.0
    home = moved(home, -(home.extent[0] + home.extent[2]) / 2, CORE_GAP * bool(core) - home.extent[1])
    shift = (home.household[0] + home.household[2]) / 2
    shift = max(-width / 2 + core_half + MARGIN, min(width / 2 - core_half - MARGIN, shift))
    cells = {s: (b[0] + shift, b[1], b[2] + shift, b[3]) for s, b in cells.items()}
    frames = [_shifted(f, shift) for f in frames]
    pitch = max([by_id[s].height for s in others], default=9.0)
    bottom = home.extent[3]
    slots, sequences = _slots(len(others), runs, pitch, width, (core_top, bottom if beside else 0.0), bottom)
    fixed = dict(cells)
    fixed |= {s.id: s.box for s in home.symbols}
    solid = [*cells.values(), *(s.box for s in home.symbols if s.kind != "household")]
    solid += [entry.box for entry in home.labels]
    inner = {s.id for s in home.symbols}
    ring = Ring(slots, sequences, (WIDTH, pitch), fixed, home.household, tuple(solid), frozenset(inner))
    places = settle(ring, runs, ties)
    for run in runs:
        name = groups.get(run[0])
        spots = sorted((slots[places[s]], s) for s in run)
        vertical = spots[0][0][0] == spots[-1][0][0]
        if vertical and name is not None:
            spots.sort(key=lambda spot: spot[0][1])
            total = sum(by_id[s].height for _, s in spots) + 3.0 * (len(spots) - 1)
            y = (spots[0][0][1] + spots[-1][0][1]) / 2 - (total - NAME) / 2
            for (x, _), s in spots:
                cells[s] = (x - WIDTH / 2, y, x + WIDTH / 2, y + by_id[s].height)
                y += by_id[s].height + 3.0
        else:
            for (x, y), s in spots:
                half = by_id[s].height / 2
                cells[s] = (x - WIDTH / 2, y - half, x + WIDTH / 2, y + half)
        if name is not None:
            frames.append(_framed(name, tuple(run), cells))
    return _on_page(width, home, cells, tuple(frames))


def _core(by_id: dict[str, Service], groups: dict[str, str], ties: tuple[Ends, ...]) -> list[str]:
    """The service with most ties, then the rest of its institution."""
    degree: dict[str, int] = defaultdict(int)
    for a, b in ties:
        degree[a] += 1
        degree[b] += 1
    working = [s for s in by_id if by_id[s].kind != "other_person"]
    if not working:
        return []
    hub = max(working, key=lambda s: (degree[s], [-ord(c) for c in s]))
    if hub not in groups:
        return [hub]
    return [
        hub,
        *sorted((s for s in working if s != hub and groups.get(s) == groups[hub]), key=lambda s: (-degree[s], s)),
    ]


def _runs(others: list[str], groups: dict[str, str]) -> tuple[tuple[str, ...], ...]:
    runs: dict[str, list[str]] = {}
    for s in others:
        runs.setdefault(f"group {groups[s]}" if s in groups else f"single {s}", []).append(s)
    return tuple(tuple(runs[key]) for key in sorted(runs))


def _core_cells(core: list[Service], groups: dict[str, str]) -> tuple[dict[str, Box], list[Frame], float, float]:
    """The principal service with its bottom at height 0, the rest of its institution in rows of two above it."""
    if not core:
        return {}, [], 0.0, 0.0
    hub, rest = core[0], core[1:]
    framed = hub.id in groups
    bottom = -FRAME if framed else 0.0
    cells = {hub.id: (-WIDTH / 2, bottom - hub.height, WIDTH / 2, bottom)}
    top = bottom - hub.height
    for start in range(0, len(rest), 2):
        pair = rest[start : start + 2]
        top -= 8.0 if start == 0 else 5.0
        tall = max(s.height for s in pair)
        for s, x in zip(pair, [0.0] if len(pair) == 1 else [-WIDTH / 2 - 2.5, WIDTH / 2 + 2.5], strict=True):
            cells[s.id] = (x - WIDTH / 2, top - tall, x + WIDTH / 2, top - tall + s.height)
        top -= tall
    frames = [_framed(groups[hub.id], tuple(s.id for s in core), cells)] if framed else []
    half = max(abs(v) for b in cells.values() for v in (b[0], b[2])) + FRAME
    return cells, frames, frames[0].box[1] if frames else top, half


def _framed(name: str, members: tuple[str, ...], cells: dict[str, Box]) -> Frame:
    boxes = [cells[m] for m in members]
    x0, y0 = min(b[0] for b in boxes) - FRAME, min(b[1] for b in boxes) - NAME - FRAME / 2
    x1, y1 = max(b[2] for b in boxes) + FRAME, max(b[3] for b in boxes) + FRAME
    lines = wrap(name, x1 - x0 - 2 * FRAME, NAME_SIZE, "italic")
    width, height = block_size(lines, NAME_SIZE, "italic")
    y0 -= height - line_height(NAME_SIZE)
    return Frame(name, lines, (x0, y0, x1, y1), (x0 + FRAME, y0 + 0.3, x0 + FRAME + width, y0 + 0.3 + height), members)


def _shifted(frame: Frame, dx: float, dy: float = 0.0) -> Frame:
    def box(b: Box) -> Box:
        return (b[0] + dx, b[1] + dy, b[2] + dx, b[3] + dy)

    return Frame(frame.name, frame.lines, box(frame.box), box(frame.label), frame.services)


def _slots(
    count: int,
    runs: tuple[tuple[str, ...], ...],
    tall: float,
    width: float,
    side: tuple[float, float],
    bottom: float,
) -> tuple[tuple[tuple[float, float], ...], tuple[tuple[int, ...], ...]]:
    """Centres of the places on the ring, and the sequences in which places are neighbours.

    The sides are filled first; rows below and above are added until there is room to choose.
    """
    edge = width / 2 - MARGIN - FRAME - WIDTH / 2
    pitch = tall + NAME + FRAME + 1.4
    centres: list[tuple[float, float]] = []
    sequences: list[tuple[int, ...]] = []

    def add(points: list[tuple[float, float]]) -> None:
        sequences.append(tuple(range(len(centres), len(centres) + len(points))))
        centres.extend(points)

    longest = max((len(r) for r in runs), default=0)
    along = max(2, int((2 * edge) / (WIDTH + 7.0)) + 1)
    high = side[1] - side[0] - NAME
    per_side = int((high - tall) / pitch) + 1 if count and high > tall else 0
    if per_side:
        wanted = max(longest if longest > along else 0, min(per_side, (count + 3) // 2))
        spread = (high - tall) / (wanted - 1) if wanted > 1 else 0.0
        spread = min(max(spread, pitch), pitch * 1.5)
        total = spread * (wanted - 1)
        middle = (side[0] + NAME + side[1]) / 2
        for x in (-edge, edge):
            add([(x, middle - total / 2 + spread * i) for i in range(wanted)])
    lows = [c[1] for c in centres]
    above, below = min([side[0], *(y - tall / 2 - NAME for y in lows)]), max([bottom, *(y + tall / 2 for y in lows)])
    step = pitch - tall + ROW_GAP - 5.0
    row = [(-edge + 2 * edge * i / (along - 1)) for i in range(along)]
    place = 0
    spare = max(2, longest) if runs else 0
    while len(centres) < count + (spare if place or not per_side else 1):
        level = place // 2
        y = (
            below + step + tall / 2 + level * (tall + step)
            if place % 2 == 0
            else above - step - tall / 2 - level * (tall + step)
        )
        add([(x, y) for x in row])
        place += 1
    return tuple(centres), tuple(sequences)


def _on_page(width: float, home: Family, cells: dict[str, Box], frames: tuple[Frame, ...]) -> Surroundings:
    boxes = [home.extent, *cells.values(), *(f.box for f in frames)]
    top, bottom = min(b[1] for b in boxes), max(b[3] for b in boxes)
    reach = max(max(abs(b[0]), abs(b[2])) for b in boxes) + MARGIN
    width = min(width, max(2 * reach, 120.0)) if reach * 2 <= width else 2 * reach
    dx, dy = width / 2, -top
    placed = {s: (b[0] + dx, b[1] + dy, b[2] + dx, b[3] + dy) for s, b in sorted(cells.items())}
    return Surroundings(
        width,
        bottom - top,
        moved(home, dx, dy),
        placed,
        tuple(_shifted(f, dx, dy) for f in sorted(frames, key=lambda f: f.name)),
    )
