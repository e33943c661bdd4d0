"""What stands and runs on the page: services with their words, and every tie as the line or lines that are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from clss_analysis.layout.genogram.arrows.borders import RADIUS, End, lanes, rounded
from clss_analysis.layout.genogram.arrows.costs import ROUTE
from clss_analysis.layout.genogram.arrows.neighbours import Path
from clss_analysis.layout.genogram.arrows.obstacles import Ground
from clss_analysis.layout.genogram.arrows.routing import added, lay
from clss_analysis.layout.genogram.arrows.search import Route
from clss_analysis.layout.genogram.arrows.typed_ties import Tie
from clss_analysis.layout.genogram.persons_in_words import within
from clss_analysis.layout.genogram.service_words import NAME_SIZE, OTHER_HALF, SIZE, SUB_SIZE, Service, service
from clss_analysis.layout.genogram.surroundings import Surroundings
from clss_analysis.layout.geometry import Label, Line, Point, Symbol
from clss_analysis.layout.text import block_size
from clss_analysis.records import Case, Row

_BRIDGE = 30.0
"""Millimetres of detour for a crossing in a dense picture: what goes round the page is harder to follow."""
_BEND = 2.0
"""Radius of bends there: a wider one would cut across the heads that stand at the corner."""


def services_of(case: Case, arrows: tuple[Tie, ...]) -> tuple[tuple[Service, ...], dict[str, str], dict[str, str]]:
    """Actors with a tie or a part in an event, the household's own other persons; institutions of two or more."""
    tied = {end for tie in arrows for end in (tie.source, tie.target)}
    tied |= {f"actor-{a}" for a in case.events["actor"].dropna()}
    rows = sorted(case.actors.to_dict("records"), key=lambda r: str(r["id"]))
    kept = [
        r for r in rows if f"actor-{r['id']}" in tied or (r["kind"] == "other_person" and r["household"] == case.id)
    ]
    working = [r for r in kept if r["kind"] != "other_person" and not pd.isna(r["institution"])]
    count = Counter(str(r["institution"]) for r in working)
    groups = {str(r["id"]): str(r["institution"]) for r in working if count[str(r["institution"])] > 1}
    made = tuple(
        service(
            str(r["id"]),
            str(r["label"]),
            str(r["kind"]),
            None if pd.isna(r["institution"]) else str(r["institution"]),
            grouped=str(r["id"]) in groups,
            lang=case.lang,
            place=None if pd.isna(r["place"]) else str(r["place"]),
        )
        for r in kept
    )
    names = {str(r["id"]): str(r["label"]) for r in kept}
    return made, groups, names | {str(r["id"]): within(names[str(r["id"])]) for r in kept if r["kind"] != "service"}


def placed_services(
    around: Surroundings, services: tuple[Service, ...]
) -> tuple[tuple[Symbol, ...], tuple[Label, ...]]:
    """The family's symbols and labels, and those of the services in their cells."""
    symbols, labels = list(around.family.symbols), list(around.family.labels)
    for each in services:
        x0, y0, x1, y1 = around.cells[each.id]
        middle, name = (x0 + x1) / 2, f"actor-{each.id}"
        row = (Row("actors", each.id),)
        if each.kind == "other_person":
            box = (middle - OTHER_HALF, y0, middle + OTHER_HALF, y0 + 2 * OTHER_HALF)
            symbols.append(Symbol(name, "other", box, _role(each), row))
            labels.append(_centred(f"label-{name}", each.lines, middle, box[3] + 0.8, SIZE, "regular", name))
            continue
        role = _role(each)
        symbols.append(Symbol(name, "service", (x0, y0, x1, y1), role, row))
        high = block_size(each.lines, SIZE, "semibold")[1]
        sub = block_size(each.sub, SUB_SIZE, "italic")[1] if each.sub else 0.0
        top = (y0 + y1 - high - sub) / 2
        labels.append(_centred(f"label-{name}", each.lines, middle, top, SIZE, "semibold", name, "working"))
        if each.sub:
            text = _centred(f"institution-{name}", each.sub, middle, top + high, SUB_SIZE, "italic", name, "working")
            labels.append(text)
    for frame in around.frames:
        if frame.id:
            rows = tuple(Row("actors", each) for each in frame.services)
            symbols.append(Symbol(frame.id, "institution", frame.box, "institution", rows))
        of = f"actor-{frame.services[0]}"
        labels.append(
            Label(f"institution-of-{of}", frame.label, frame.lines, of, NAME_SIZE, "italic", "left", "working")
        )
    return tuple(symbols), tuple(labels)


def _centred(
    name: str, lines: tuple[str, ...], x: float, y: float, size: float, face: str, of: str, role: str = "text"
) -> Label:
    width, height = block_size(lines, size, face)
    return Label(name, (x - width / 2, y, x + width / 2, y + height), lines, of, size, face, "center", role)


def _role(each: Service) -> str:
    return {"other_person": "other", "professional": "professional"}.get(each.kind, "service")


def shapes(services: tuple[Service, ...]) -> tuple[Symbol, ...]:
    """Services as symbols that have no place yet: what the legend must explain."""
    nowhere = (0.0, 0.0, 0.0, 0.0)
    return tuple(
        Symbol(f"actor-{s.id}", "other" if s.kind == "other_person" else "service", nowhere, _role(s)) for s in services
    )


def shafts(arrows: tuple[Tie, ...]) -> tuple[Line, ...]:
    """Every tie as the lines that it is drawn as, without a path yet: one, or two opposite ones side by side."""
    found = []
    for tie in arrows:
        suffix = f"_{tie.quality}" if tie.quality else ""
        both = "-both" if tie.heads == 2 else ""
        role = f"tie-{tie.kind}{both}{suffix}"
        found.append(Line(f"tie-{tie.id}", "arrow", (), role, tie.source, tie.target, rows=tie.rows))
        if tie.lanes == 2:
            role = f"tie-{tie.back}{suffix}"
            found.append(Line(f"tie-{tie.id}-back", "arrow", (), role, tie.target, tie.source, rows=tie.rows))
    return tuple(found)


def laid_arrows(
    arrows: tuple[Tie, ...],
    services: tuple[Service, ...],
    around: tuple[Surroundings, ...],
    beyond: tuple[float, float],
    known: Mapping[str, Path] | None = None,
) -> tuple[Surroundings, tuple[Symbol, ...], tuple[Label, ...], tuple[Line, ...], dict[str, Path]]:
    """The arrangement whose arrows cross least, with everything at its place.

    Args:
        arrows: all ties.
        services: all services.
        around: arrangements of them, the likeliest first.
        beyond: how far arrows may run beyond the upper and the lower edge of the services, in millimetres.
        known: ways by tie that stay; the others are laid at once on the first arrangement.  Default: the best ways.

    Returns:
        The arrangement, symbols, labels, arrows as lines, and their ways by tie.
    """
    placed = [placed_services(each, services) for each in around]
    grounds = tuple(_ground(each, *things, beyond) for each, things in zip(around, placed, strict=True))
    routes = tuple(Route(t.id, t.source, t.target, t.lanes, t.heads) for t in arrows)
    number, laid = (
        lay(routes, grounds, sum(each.wished for each in around))
        if known is None
        else (0, added(routes, grounds[0], known))
    )
    return around[number], *placed[number], _as_lines(arrows, laid, grounds[number]), laid


def _ground(
    around: Surroundings, symbols: tuple[Symbol, ...], labels: tuple[Label, ...], beyond: tuple[float, float]
) -> Ground:
    cut = tuple((*m.path[0], *m.path[1]) for m in around.family.marks if m.role == "bay")
    ends = {s.id: End(s.id, _shape(s), s.box, cut if s.kind == "household" else ()) for s in symbols}
    homes = [s for s in symbols if s.kind == "household"]
    named = {f"institution-of-actor-{f.services[0]}": f.id for f in around.frames if f.id}
    boxes = [(s.id, s.box) for s in symbols if s.kind not in ("household", "institution")]
    boxes += [(named.get(b.id, f"label {b.id}"), b.box) for b in labels if not _within(b, ends)]
    held = [(h.id, h.box, frozenset(s.id for s in symbols if s.kind == "person" and _inside(s, h))) for h in homes]
    held += [(f.id or f"frame {f.name}", f.box, frozenset(f"actor-{s}" for s in f.services)) for f in around.frames]
    family_lines = tuple(line.path for line in around.family.lines)
    crossing = _BRIDGE if named else ROUTE.crossing
    page = (0.2, -beyond[0], around.width - 0.2, around.height + beyond[1])
    return Ground(ends, tuple(boxes), tuple(held), family_lines, around.family.bonds, page, crossing)


def _as_lines(arrows: tuple[Tie, ...], laid: dict[str, tuple[Point, ...]], ground: Ground) -> tuple[Line, ...]:
    lines: list[Line] = []
    ends, radius = ground.ends, _BEND if ground.closed else RADIUS
    for tie in arrows:
        path = laid[tie.id]
        courses = [path]
        if tie.lanes == 2:
            there, back = lanes(path, ends[tie.source], ends[tie.target])
            courses = [there, back[::-1]]
        for line, course in zip(shafts((tie,)), courses, strict=True):
            lines.append(replace(line, path=rounded(course, radius)))
    return tuple(lines)


def _shape(symbol: Symbol) -> str:
    if symbol.kind == "person":
        return symbol.role.split("-")[1]
    return {"household": "household", "other": "diamond"}.get(symbol.kind, "rect")


def _within(label: Label, ends: dict[str, End]) -> bool:
    """Whether a label lies inside its own symbol, which already stands in the way."""
    if label.of not in ends or ends[label.of].shape == "household":
        return False
    box = ends[label.of].box
    return box[0] <= label.box[0] and box[1] <= label.box[1] and label.box[2] <= box[2] and label.box[3] <= box[3]


def _inside(symbol: Symbol, home: Symbol) -> bool:
    (x0, y0, x1, y1), (u0, v0, u1, v1) = symbol.box, home.box
    return u0 <= x0 and v0 <= y0 and x1 <= u1 and y1 <= v1
