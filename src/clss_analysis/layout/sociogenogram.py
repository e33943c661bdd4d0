"""The sociogenogram: a household's genogram, the services around it, and typed arrows between them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pandas as pd

from clss_analysis.layout.geometry import Label, Layout, Line, Mark, Symbol, crossings, overlaps, strikes
from clss_analysis.layout.page import MARGIN, TITLE, Entry, Part, block, compose
from clss_analysis.layout.sociogenogram_description import alt_text, description, parts
from clss_analysis.layout.sociogenogram_family import family
from clss_analysis.layout.sociogenogram_kin import Kin, kin
from clss_analysis.layout.sociogenogram_labels import caption, legend, legend_entries
from clss_analysis.layout.sociogenogram_lanes import lanes, rounded
from clss_analysis.layout.sociogenogram_months import MARKED, month_of, on_lines, scene, tie_strokes, untold
from clss_analysis.layout.sociogenogram_ports import End
from clss_analysis.layout.sociogenogram_routing import Ground, Route, lay
from clss_analysis.layout.sociogenogram_services import (
    NAME_SIZE,
    OTHER_HALF,
    SIZE,
    SUB_SIZE,
    Service,
    Surroundings,
    service,
    surround,
)
from clss_analysis.layout.sociogenogram_ties import Tie, ties
from clss_analysis.layout.text import block_size
from clss_analysis.layout.words import month as month_words
from clss_analysis.records import Case, Row, message


def sociogenogram(case: Case, *, lang: str = "fr", date: str | None = None) -> Layout:
    """Lay out the sociogenogram of one household.

    The household stands inside its boundary on generation rows; relatives who live elsewhere stand outside it.  The
    service with most ties stands above with the rest of its institution, the others around.  Arrows are typed by
    their ends.  The order of the rows in the tables does not matter.

    Args:
        case: the household.
        lang: fr, nl or en, for all words that are not the record's own.
        date: a month, YYYY-MM; only what can be active then is drawn, and nothing moves.  Default: everything.

    Returns:
        The layout; its `quality` counts overlaps, strikes, crossings by kind and bends.

    Raises:
        ValueError: `date` is no month.

    Source: clinique de concertation (J.-M. Lemaire); genogram symbols after McGoldrick, Gerson and Petry (2020).

    >>> import clss_analysis as clss
    >>> sociogenogram(clss.read("data/publication").case("Y")).quality["overlaps"]
    0
    """
    month = month_of(date) if date is not None else None
    people = kin(case, lang=lang)
    arrows = ties(case, people)
    services, groups, actors = _services(case, arrows)
    home = family(people, case.id, case.label)
    around = surround(services, groups, tuple(_plain(t) for t in arrows), home)
    symbols, labels = _drawn(around, services)
    whole = (*around.family.lines, *_laid(arrows, around, symbols, labels))
    present = scene(case, month, symbols, whole)
    gone = frozenset(s.id for s in symbols) - present.ids
    symbols, lines = present.symbols, present.lines
    labels = tuple(b for b in labels if b.of not in gone)
    frames = [f for f in around.frames if any(f"actor-{s}" not in gone for s in f.services)]
    areas = [Mark(((f.box[0], f.box[1]), (f.box[2], f.box[3])), "institution") for f in frames]
    marks = (*areas, *on_lines(around.family.marks, lines), *tie_strokes(lines))
    drawn_kin = _present_kin(people, gone)
    shown = {s.id for s in symbols}
    names = {f"actor-{a}": words for a, words in actors.items()} | {
        f"household-{case.id}": message("sociogenogram.home", lang)
    }
    names |= {f"person-{m.id}": m.label for m in people.members.values()}
    inside = {f"actor-{s}": f.name for f in around.frames for s in f.services if f"actor-{s}" in shown}
    said = month_words(month, lang) if month is not None else ""
    entries = legend_entries(symbols, lines, marks, lang, ages=any(m.age for m in drawn_kin.members.values()))
    services_drawn = len([s for s in shown if s.startswith("actor-")])
    title = _title(case, said, lang)
    steady = _room_of_titles(case, lang, around.width) - _height(title, around.width)
    layout = compose(
        "sociogenogram",
        case,
        lambda top: _with_legend(
            _placed(top + steady, around, symbols, lines, labels, marks, whole), entries, around.width, lang
        ),
        title=title,
        caption=caption(case, services_drawn, len(drawn_kin.members), lang, said) + _unknown(case, said, lang),
        alt=alt_text(case, drawn_kin, names, lines, lang),
        rows=_rows(symbols, lines),
        lang=lang,
        width=around.width,
        notes=(message("sociogenogram.credit", lang),),
    )
    return replace(
        layout,
        quality=_quality(layout),
        description=description(case, drawn_kin, names, inside, lines, lang),
        parts=parts(case, drawn_kin, names, symbols, lines, lang),
    )


def _title(case: Case, month: str, lang: str) -> str:
    return message("sociogenogram.title.month" if month else "sociogenogram.title", lang, case=case.label, month=month)


def _height(title: str, width: float) -> float:
    box = block("title", title, (0.0, 0.0), width - 2 * MARGIN, TITLE).box
    return box[3] - box[1]


def _room_of_titles(case: Case, lang: str, width: float) -> float:
    """The height of the tallest title that any month gives: below it nothing moves from one month to another."""
    said = ["", *(month_words(pd.Period(f"2000-{n:02d}", freq="M"), lang) for n in range(1, 13))]
    return max(_height(_title(case, words, lang), width) for words in said)


def _unknown(case: Case, month: str, lang: str) -> str:
    """What the caption of a month adds: ties without a month are drawn, since unknown is not absent."""
    bare, of = untold(case)
    return f" {message('series.unknown', lang, n=bare, of=of)}" if month and bare else ""


def _plain(tie: Tie) -> tuple[str, str]:
    return tie.source.removeprefix("actor-"), tie.target.removeprefix("actor-")


def _services(case: Case, arrows: tuple[Tie, ...]) -> tuple[tuple[Service, ...], dict[str, str], dict[str, str]]:
    """Actors with a tie and the household's own other persons; institutions that hold two of them or more."""
    tied = {end for tie in arrows for end in (tie.source, tie.target)}
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
        )
        for r in kept
    )
    return made, groups, {str(r["id"]): str(r["label"]) for r in kept}


def _drawn(around: Surroundings, services: tuple[Service, ...]) -> tuple[tuple[Symbol, ...], tuple[Label, ...]]:
    symbols, labels = list(around.family.symbols), list(around.family.labels)
    for each in services:
        x0, y0, x1, y1 = around.cells[each.id]
        middle, name = (x0 + x1) / 2, f"actor-{each.id}"
        row = (Row("actors", each.id),)
        if each.kind == "other_person":
            box = (middle - OTHER_HALF, y0, middle + OTHER_HALF, y0 + 2 * OTHER_HALF)
            symbols.append(Symbol(name, "other", box, "other", row))
            labels.append(_centred(f"label-{name}", each.lines, middle, box[3] + 0.8, SIZE, "regular", name))
            continue
        role = "professional" if each.kind == "professional" else "service"
        symbols.append(Symbol(name, "service", (x0, y0, x1, y1), role, row))
        high = block_size(each.lines, SIZE, "semibold")[1]
        sub = block_size(each.sub, SUB_SIZE, "italic")[1] if each.sub else 0.0
        top = (y0 + y1 - high - sub) / 2
        labels.append(_centred(f"label-{name}", each.lines, middle, top, SIZE, "semibold", name, "working"))
        if each.sub:
            text = _centred(f"institution-{name}", each.sub, middle, top + high, SUB_SIZE, "italic", name, "working")
            labels.append(text)
    for frame in around.frames:
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


def _laid(
    arrows: tuple[Tie, ...], around: Surroundings, symbols: tuple[Symbol, ...], labels: tuple[Label, ...]
) -> tuple[Line, ...]:
    """Arrows as lines."""
    ends = {s.id: End(s.id, _shape(s), s.box) for s in symbols}
    home = next(s for s in symbols if s.kind == "household")
    boxes = [(s.id, s.box) for s in symbols if s.kind != "household"]
    boxes += [(f"label {b.id}", b.box) for b in labels if not _within(b, ends)]
    held = [(home.id, home.box, frozenset(s.id for s in symbols if s.kind == "person" and _inside(s, home)))]
    held += [(f"frame {f.name}", f.box, frozenset(f"actor-{s}" for s in f.services)) for f in around.frames]
    family_lines = tuple(line.path for line in around.family.lines)
    page = (0.2, -8.0, around.width - 0.2, around.height + 6.0)
    ground = Ground(ends, tuple(boxes), tuple(held), family_lines, around.family.bonds, page)
    laid = lay(tuple(Route(t.id, t.source, t.target, t.lanes) for t in arrows), ground)
    lines: list[Line] = []
    for tie in arrows:
        path = laid[tie.id]
        suffix = f"_{tie.quality}" if tie.quality in MARKED else ""
        drawn = []
        if tie.lanes == 2:
            there, back = lanes(path, ends[tie.source], ends[tie.target])
            drawn.append((f"tie-{tie.id}", there, f"tie-{tie.kind}{suffix}", tie.source, tie.target))
            drawn.append((f"tie-{tie.id}-back", back[::-1], f"tie-{tie.back}{suffix}", tie.target, tie.source))
        else:
            both = "-both" if tie.heads == 2 else ""
            drawn.append((f"tie-{tie.id}", path, f"tie-{tie.kind}{both}{suffix}", tie.source, tie.target))
        for name, course, role, source, target in drawn:
            lines.append(Line(name, "arrow", rounded(course), role, source, target, rows=tie.rows))
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


def _present_kin(people: Kin, gone: frozenset[str]) -> Kin:
    members = {p: m for p, m in people.members.items() if f"person-{p}" not in gone}
    rows = tuple(tuple(p for p in row if p in members) for row in people.rows)
    unions = []
    for union in people.unions:
        keep = [i for i, c in enumerate(union.children) if c in members]
        if all(p in members for p in union.parents):
            unions.append(
                replace(
                    union,
                    children=tuple(union.children[i] for i in keep),
                    kinds=tuple(union.kinds[i] for i in keep),
                    rows=tuple(union.rows[i] for i in keep),
                )
            )
    return Kin(members, tuple(unions), rows)


def _placed(
    top: float,
    around: Surroundings,
    symbols: tuple[Symbol, ...],
    lines: tuple[Line, ...],
    labels: tuple[Label, ...],
    marks: tuple[Mark, ...],
    whole: tuple[Line, ...],
) -> Part:
    points = [p for line in whole for p in line.path]
    over = min([0.0, *(y - 1.5 for _, y in points)])
    under = max([around.height, *(y + 1.5 for _, y in points)])
    dy = round(top + 1 - over, 3)

    def box(b: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        return (round(b[0], 3), round(b[1] + dy, 3), round(b[2], 3), round(b[3] + dy, 3))

    return Part(
        round(dy + under, 3),
        tuple(replace(s, box=box(s.box)) for s in symbols),
        tuple(replace(n, path=tuple((round(x, 3), round(y + dy, 3)) for x, y in n.path)) for n in lines),
        tuple(replace(b, box=box(b.box)) for b in labels),
        tuple(replace(m, path=tuple((round(x, 3), round(y + dy, 3)) for x, y in m.path)) for m in marks),
    )


def _with_legend(drawing: Part, entries: tuple[Entry, ...], width: float, lang: str) -> Part:
    return drawing + legend(entries, y=drawing.bottom + 3.5, width=width, lang=lang)


def _rows(symbols: tuple[Symbol, ...], lines: tuple[Line, ...]) -> tuple[Row, ...]:
    found = [*(r for s in symbols for r in s.rows), *(r for n in lines for r in n.rows)]
    return tuple(sorted(set(found)))


def _quality(layout: Layout) -> dict[str, object]:
    arrows = [line for line in layout.lines if line.kind == "arrow"]
    return {
        "overlaps": len(overlaps(layout)),
        "strikes": len(strikes(layout)),
        "crossings": crossings(layout),
        "arrows": len(arrows),
        "bent_arrows": sum(len(line.path) > 2 for line in arrows),
    }
