"""The sociogenogram: a household's genogram, the services around it, and typed arrows between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from clss_analysis.layout.genogram import months
from clss_analysis.layout.genogram.arrows.bundles import DENSE
from clss_analysis.layout.genogram.arrows.lines import laid_arrows, shafts
from clss_analysis.layout.genogram.arrows.tie_labels import arrow_texts, bundle_counts, placed_texts
from clss_analysis.layout.genogram.family.household import at_home
from clss_analysis.layout.genogram.family.kinship import Kin
from clss_analysis.layout.genogram.family.positions import bounded
from clss_analysis.layout.genogram.family.verdict import proof
from clss_analysis.layout.genogram.kept import Kept
from clss_analysis.layout.genogram.legend_entries import legend
from clss_analysis.layout.genogram.persons_in_words import called
from clss_analysis.layout.genogram.scenes import Scene, bundles_of, holding, placed, scene_of
from clss_analysis.layout.genogram.surroundings import Surroundings
from clss_analysis.layout.genogram.text_version import alt_text, caption, description, parts, unsure_words
from clss_analysis.layout.genogram.views import View
from clss_analysis.layout.geometry import Box, Label, Layout, Line, Mark, Symbol, overlaps
from clss_analysis.layout.page import (
    FORMATS,
    PAGES,
    Entry,
    Format,
    Part,
    compose,
    foot,
    head,
    head_room,
    on_sheet,
    title_lines,
)
from clss_analysis.layout.quality import assess
from clss_analysis.records import Case, Row, message
from clss_analysis.records.arguments import month as month_told
from clss_analysis.records.arguments import one_of
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.translations import credited
from clss_analysis.records.typography import counted, listed, short_month

_OVER, _UNDER = 8.0, 6.0
_SIDE = 58.0
_EFFORT = 2  # arrangements tried; of a dense picture only one is
_ROOMY, _SMALL = (1.6, 1.3), 8
_SHEETS, _ATTEMPTS, _LEAST, _MOST_COLUMNS = 14, 5, 50.0, 4
_UP = 1.8  # millimetres by which a drawing stands nearer to a topic, which is small, than to a title
_REACH = _OVER  # millimetres kept free at first for arrows that run beyond the services


def sociogenogram(
    case: Case,
    *,
    lang: str = "fr",
    date: str | None = None,
    labels: bool = False,
    page: str | None = None,
    view: View | None = None,
) -> Layout:
    """Lay out the sociogenogram of one household.

    The household stands inside its boundary on generation rows; relatives who live elsewhere stand outside it.  The
    service with most ties stands above with the rest of its institution, the others around.  Arrows are typed by
    their ends.  The order of the rows in the tables does not matter.

    What is sought, in this order: no overlap and no line through anything, few crossings of family lines, few
    crossings of arrows, short arrows on a compact page.

    Args:
        case: the household.
        lang: fr, nl or en, for all words that are not the record's own.
        date: a month, YYYY-MM; only what can be active then is drawn, the boundary is around who lives in the
            household then, and nobody moves.  Default: everything.
        labels: whether arrows say what the tie is for and since which month, where the record does.  Default: no.
        page: a4-portrait, a4-landscape, a3-landscape or 16:9, to fill that page; where a case does not fit with text
            of 7 pt, a larger page of that shape, as `quality` tells.  Default: as large as the drawing needs, 160 to
            240 mm wide where the family allows.
        view: the ties that are drawn, everybody at their place; the caption says how many are not.  Default: all.

    Returns:
        The layout; for its `quality` see `quality.assess`, with `page` and `labels` where asked for.

    Raises:
        ValueError: `date` is no month, `page` no format, or the household has no such end or arrow as the `view` asks.

    Source: clinique de concertation (J.-M. Lemaire); genogram symbols after McGoldrick, Gerson and Petry (2020).

    >>> import clss_analysis as clss
    >>> sociogenogram(clss.read("data/publication").case("Y")).quality["overlaps"]
    0
    """
    if page is not None:
        one_of("page", page, PAGES)
    month = None if date is None else month_told("date", date)
    scene = scene_of(case, lang, month, month, view)
    if page is not None:
        layout, said = _on_page(scene, FORMATS[page], labels=labels)
    elif (drawing := _drawn(scene, None, labels=labels)) is not None:
        layout, said = _composed(scene, drawing, None)
    return replace(layout, quality=assess(layout) | proof(scene.people, layout.lines, lang) | said)


def sketch(case: Case, *, lang: str = "fr", kept: Kept | None = None) -> tuple[Layout, Kept]:
    """The sociogenogram without a date, and what a sketch of the household keeps of it after a change.

    Args:
        case: the household.
        lang: fr, nl or en.
        kept: of the picture before.  What is still there stays where it was, and what is new is put beside it at
            once, so that arrows may cross and the page be larger than need be.  Default: the picture as it should be.
    """
    scene = scene_of(case, lang, None, None)
    drawing = _drawn(scene, None, labels=False, kept=kept)
    if drawing is None:
        raise RuntimeError("no page is large enough")
    return _composed(scene, drawing, None)[0], drawing.place


def standing(case: Case, month: pd.Period, *, lang: str = "fr") -> Layout:
    """Everything that is told, as `sociogenogram` has it without a date, within the boundary of a month."""
    scene = scene_of(case, lang, month, None)
    drawing = _drawn(scene, None, labels=False)
    if drawing is None:
        raise RuntimeError("no page is large enough")
    return _composed(scene, drawing, None)[0]


@dataclass(frozen=True)
class _Drawing:
    """What is drawn, from (0, 0), and the legend's entries."""

    around: Surroundings
    symbols: tuple[Symbol, ...]
    labels: tuple[Label, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    entries: tuple[Entry, ...]
    said: dict[str, Any]
    whole: tuple[Line, ...]
    place: Kept
    dense: bool
    told: tuple[Line, ...]


def _drawn(
    scene: Scene, room: tuple[float, float] | None, *, labels: bool, kept: Kept | None = None
) -> _Drawing | None:
    """Everything at its place, what was `kept` at its own; None when it needs more room than there is."""
    case, dense, some = scene.case, len(scene.arrows) > DENSE, scene.viewed
    held, beyond = bundles_of(scene, scene.arrows) if dense else scene.arrows, (_OVER, _UNDER)
    stayed, known = (None, None) if kept is None else kept.of(scene.home, scene.services, scene.groups, held)
    effort = 1 if dense or kept is not None else _EFFORT
    found = (stayed,) if stayed else placed(scene, held, room, effort, dense=dense)
    if not found:
        return None
    whole: tuple[Line, ...] = ()
    if dense:  # of so many ties, no arrangements are compared
        found = found[-1:]
        held = (
            held if scene.month is None else bundles_of(scene, holding(case, scene.people, scene.arrows, scene.month))
        )
    else:
        around, symbols, texts, laid, paths = laid_arrows(held, scene.services, found, beyond, known)
        whole = (*around.family.lines, *laid)
        beyond, found = (max([0.0, *(-y for line in whole for _, y in line.path)]), _UNDER), (around,)
    if some is not None:
        held = bundles_of(scene, some) if len(some) > DENSE else some
    if dense or some is not None or scene.now != scene.people:
        tied = any(f"household-{case.id}" in (t.source, t.target) for t in scene.arrows)
        plan = bounded(found[0].family, scene.now, scene.now.unborn(scene.lived))
        plan = at_home(plan, scene.now, tied=tied, bare=not scene.services, lang=scene.lang)
        found = (replace(found[0], family=plan),)
        around, symbols, texts, laid, paths = laid_arrows(held, scene.services, found, beyond, known if dense else None)
        whole = (*whole, *plan.lines, *laid)
    apart = dense or some is not None
    told = (*around.family.lines, *(shafts(scene.arrows) if apart else laid))
    present = months.scene(case, scene.month, symbols, told, scene.people.unborn(scene.month))
    told, frames = present.lines, [f for f in around.frames if any(f"actor-{s}" not in scene.gone for s in f.services)]
    lines = (*(line for line in told if line.kind != "arrow"), *laid) if apart else told
    told = lines if some is not None else told
    empty = {f.id for f in around.frames} - {f.id for f in frames}
    symbols = tuple(s for s in present.symbols if s.id not in empty)
    stay = {
        f"institution-of-actor-{f.services[0]}": [s for s in f.services if f"actor-{s}" not in scene.gone]
        for f in frames
    }
    texts = tuple(replace(b, of=f"actor-{stay[b.id][0]}") if b.id in stay else b for b in texts)
    texts = tuple(b for b in texts if b.of not in scene.gone)
    areas = [Mark(((f.box[0], f.box[1]), (f.box[2], f.box[3])), "institution") for f in frames if not f.id]
    marks = (*areas, *months.on_lines(around.family.marks, lines), *months.tie_strokes(lines))
    entries = scene.entries
    said: dict[str, Any] = {}
    space: Box = (0.5, -_OVER, around.width - 0.5, around.height + _UNDER)
    if dense:
        counts, entry = bundle_counts(held, lines, symbols, texts, space, scene.lang)
        texts, entries = texts + counts, entries + entry
    if labels:
        words = arrow_texts(scene.arrows if some is None else some, scene.lang)
        beside, numbered = placed_texts(words, lines, symbols, texts, space, scene.lang)
        drawn = len({line.id for line in lines} & set(words))
        signs, legend_only = len(beside) + len(numbered) - drawn, drawn - len(beside)
        said = {"labels": {"beside": len(beside) - signs, "numbered": signs, "legend_only": legend_only}}
        texts, entries = texts + beside, entries + numbered
    place = Kept(around, scene.services, scene.groups, held, paths)
    return _Drawing(around, symbols, texts, lines, marks, entries, said, whole, place, dense, told)


def _composed(scene: Scene, drawing: _Drawing, sheet: tuple[float, float] | None) -> tuple[Layout, dict[str, Any]]:
    """The whole figure, on a page of its own size or to a width and height, the legend under or beside it."""
    case, lang = scene.case, scene.lang
    people = _as_drawn(scene.now.without(scene.gone), drawing.lines)
    shown = {s.id for s in drawing.symbols}
    names = {f"actor-{a}": words for a, words in scene.actors.items()}
    names |= {f"household-{case.id}": message("sociogenogram.home", lang)}
    for members in (scene.people.members, people.members):  # who is not there yet is named too
        names |= {f"person-{p}": name for p, name in called(members.values(), lang).items()}
    names |= {f.id: f.name for f in drawing.around.frames if f.id}
    inside = {f"actor-{s}": f.name for f in drawing.around.frames for s in f.services if f"actor-{s}" in shown}
    said = short_month(scene.month, lang) if scene.month is not None else ""
    unborn = [scene.people.members[p].label for p in sorted(scene.people.unborn(scene.month))]
    later = f"\n{message('sociogenogram.later', lang, who=listed(unborn, lang))}" if unborn else ""
    later += f"\n{scene.left}" if scene.left else ""
    later += f"\n{open_}" if (open_ := unsure_words(case, people, names, scene.month, lang)) else ""
    width = drawing.around.width if sheet is None else sheet[0]
    steady = _steady(scene, width)
    layout = compose(
        "sociogenogram",
        case,
        lambda top: _body(top + steady, drawing, sheet, lang),
        title=_title(scene),
        caption=caption(case, sum(s.startswith("actor-") for s in shown), people.members.values(), lang, said)
        + _unknown(case, said, lang)
        + later.replace("\n", " "),
        alt=" ".join(filter(None, [alt_text(case, people, names, drawing.told, lang), scene.left])),
        rows=_rows(drawing),
        lang=lang,
        width=width,
        notes=(*filter(None, [scene.left]), message("sociogenogram.credit", lang)),
        finding=_finding(scene, width),
    )
    told = description(case, people, names, inside, drawing.told, lang) + later
    named = parts(case, people, names, drawing.symbols, drawing.lines, lang)
    return replace(layout, description=told, parts=named), drawing.said


def _as_drawn(people: Kin, lines: tuple[Line, ...]) -> Kin:
    """The kinship with each union as its line says it, so that the words of a month are those of the picture."""
    told = {frozenset(line.members): line for line in lines if line.kind == "couple"}
    unions = []
    for union in people.unions:
        line = told.get(frozenset(f"person-{p}" for p in union.parents))
        state = None if line is None else line.role.removeprefix("couple-")
        couple = union.couple if line is not None and line.rows else None
        unions.append(replace(union, state=None if state == "unknown" else state, couple=couple))
    return replace(people, unions=tuple(unions))


def _steady(scene: Scene, width: float) -> float:
    """What is free under the words of the head: below it nothing moves from one month to another."""
    turns = [None, *(pd.Period(f"2000-{n:02d}", freq="M") for n in range(1, 13))]
    words = head(_title(scene), width=width, synthetic=False, lang=scene.lang, finding=_finding(scene, width)).labels
    tallest = head_room(
        [_title(replace(scene, month=month)) for month in turns], width, title_lines(scene.whole, width)
    )
    return tallest - (words[-1].box[3] - words[0].box[1]) - (_UP if title_lines(scene.whole, width) else 0.0)


def _finding(scene: Scene, width: float) -> str:
    """What is found, where it needs no more lines than what is found without a date."""
    return scene.finding if title_lines(scene.finding, width) <= title_lines(scene.whole, width) else ""


def _unknown(case: Case, month: str, lang: str) -> str:
    """What the caption of a month adds: ties without a month are drawn, since unknown is not absent."""
    bare, of = months.untold(case)
    return f" {counted('series.unknown', bare, lang, of=of)}" if month and bare else ""


def _title(scene: Scene) -> str:
    said = short_month(scene.month, scene.lang) if scene.month is not None else ""
    key = "sociogenogram.title.month" if said else "sociogenogram.title"
    return message(key, scene.lang, case=scene.case.label, month=said)


def _frame_height(scene: Scene, width: float) -> float:
    """Height of what stands over and under the drawing, the legend left out, and of the gaps between them."""
    over = head(
        _title(scene), width=width, synthetic=is_made_up(scene.case), lang=scene.lang, finding=_finding(scene, width)
    )
    steady = _steady(scene, width)
    source = message("source", scene.lang, what=credited(scene.case))
    under = foot(source, (message("sociogenogram.credit", scene.lang),), y=0, width=width)
    return over.bottom + steady + 1 + 5 + under.bottom


def _body(top: float, drawing: _Drawing, sheet: tuple[float, float] | None, lang: str) -> Part:
    placed = _placed(top, drawing)
    width = drawing.around.width
    if sheet is None or sheet[0] < sheet[1]:
        return placed + legend(drawing.entries, y=placed.bottom + 1.2, width=width, lang=lang)
    return placed + legend(drawing.entries, y=top + 1, width=sheet[0], lang=lang, left=width)


def _on_page(scene: Scene, asked: Format, *, labels: bool) -> tuple[Layout, dict[str, Any]]:
    """The figure on the page that was asked for, or on the first larger one of its shape on which all has room."""
    sheet = asked
    for _ in range(_SHEETS):
        for scale in (*(_ROOMY if len(scene.services) <= _SMALL else ()), *sheet.scales):
            size = ((sheet.width - 2 * sheet.margin) / scale, (sheet.height - 2 * sheet.margin) / scale)
            layout, said = _fitted(scene, size, labels=labels)
            if layout is None:
                continue
            done = on_sheet(layout, sheet, scale)
            used = sheet.name or f"{sheet.width:.0f} × {sheet.height:.0f} mm"
            filled = layout.height * layout.width / (size[0] * size[1])
            told = {
                "asked": asked.name,
                "used": used,
                "grown": sheet != asked,
                "text_pt": min(b.size for b in done.labels),
                "filled": round(filled, 2),
            }
            return done, said | {"page": told}
        sheet = sheet.grown()
    raise RuntimeError("no page is large enough")


def _fitted(scene: Scene, size: tuple[float, float], *, labels: bool) -> tuple[Layout | None, dict[str, Any]]:
    """The figure within a width and height, its legend beside it on a wide page; None when there is no room.

    How far arrows reach out and how many words go to the legend is known only when all is drawn, so that a second
    attempt may follow.  The first keeps `_REACH` free for them where there is room for that: laying arrows is what
    costs time.
    """
    width, height = size
    entries, spare, reach = scene.entries, 0.0, _REACH
    for _ in range(_ATTEMPTS):
        taken = _frame_height(scene, width) + spare + reach
        if width > height:
            columns = _columns(entries, height - taken, scene.lang)
            room = (width - columns * _SIDE, height - taken)
        else:
            room = (width, height - taken - legend(entries, y=2.5, width=width, lang=scene.lang).bottom)
        drawing = _drawn(scene, room, labels=labels) if min(room) >= _LEAST else None
        if drawing is None and reach:
            reach = 0.0
            continue
        if drawing is None:
            return None, {}
        layout, said = _composed(scene, drawing, size)
        if overlaps(layout):
            return None, {}
        if layout.height <= height + 0.01:
            return layout, said
        spare += layout.height - height + 0.5 if entries == drawing.entries else 0.0
        entries = drawing.entries
    return None, {}


def _columns(entries: tuple[Entry, ...], height: float, lang: str) -> int:
    """How many columns a legend beside the drawing takes."""
    found = 1
    while found < _MOST_COLUMNS and legend(entries, y=0, width=found * _SIDE, lang=lang).bottom > height:
        found += 1
    return found


def _placed(top: float, drawing: _Drawing) -> Part:
    points = [p for line in drawing.whole for p in line.path]
    points += [(0.0, -_OVER), (0.0, drawing.around.height + _UNDER)] * drawing.dense
    over = min([0.0, *(y - 1 for _, y in points), *(b.box[1] for b in drawing.labels)])
    under = max([drawing.around.height, *(y + 1 for _, y in points), *(b.box[3] for b in drawing.labels)])
    dy = round(top + 0.5 - over, 3)

    body = Part(0.0, drawing.symbols, drawing.lines, drawing.labels, drawing.marks)
    return body.moved(lambda x, y: (round(x, 3), round(y + dy, 3)), round(dy + under, 3))


def _rows(drawing: _Drawing) -> tuple[Row, ...]:
    found = [*(r for s in drawing.symbols for r in s.rows), *(r for n in drawing.lines for r in n.rows)]
    return tuple(sorted(set(found)))
