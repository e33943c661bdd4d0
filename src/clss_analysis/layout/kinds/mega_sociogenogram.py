"""The mega-sociogenogram: the services as one network around all households of a dataset."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from clss_analysis.layout.genogram.legend_entries import legend
from clss_analysis.layout.geometry import Box, Label, Layout, Mark, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.mega.arrows import HOME_ID, OTHERS_ID, Places, lay_arrows, symbol_id
from clss_analysis.layout.mega.captions import alt_text, caption, legend_entries, names, sector_name, title
from clss_analysis.layout.mega.choice import rank, thresholds
from clss_analysis.layout.mega.order import Group, flat
from clss_analysis.layout.mega.paths import COLLECTOR
from clss_analysis.layout.mega.plan import Plan, plan_network
from clss_analysis.layout.mega.quality import judge
from clss_analysis.layout.mega.ring import HEAD_SIZE, SUB_SIZE, Entry, Measure, Placed, Ring, place_entries
from clss_analysis.layout.page import Part, compose
from clss_analysis.layout.text import block_size, line_height, text_width
from clss_analysis.measures.ties import OTHERS, tie_network
from clss_analysis.records import Records, Row, message
from clss_analysis.records.typography import capital, counted, number

KIND = Kind(counts=True)
_PAPERS = (
    ("A4", 160.0, 225.0),
    ("A3", 267.0, 390.0),
    ("A2", 390.0, 564.0),
    ("A1", 564.0, 811.0),
    ("A0", 811.0, 1159.0),
)
_SIZES = (
    (8.5, (3.4, 4.4, 5.6, 7.0)),
    (8.0, (3.2, 4.2, 5.2, 6.4)),
    (7.5, (3.0, 3.8, 4.8, 5.8)),
    (7.0, (2.6, 3.3, 4.0, 5.0)),
)
_PITCH, _APART = 1.35, 1.6


def lay_out(records: Records) -> Layout:
    """The services of a dataset as one network around its households.

    The households are one symbol in the centre; the services stand around them on a ring, those of a sector and of an
    institution together, in an order that lowers crossings.  Arrows to and from the households run straight, those
    between services along concentric tracks, bundled by the service they share, so that lines cross at right angles.
    Widths are classes of numbers of households.  All other persons of collective life are one symbol.  Numbers that
    the disclosure gate withholds are not drawn, nor links too weak for the drawing to be read; both are counted in
    the caption.  The paper grows from A4 until all text stands at 7 points or more.

    Args:
        records: the dataset; up to about 300 services and 10,000 households.

    Returns:
        The layout; its `quality` has overlaps, strikes, crossings (of pairs of lines) and crossing points, tracks,
        paper format, text size in points, and the numbers withheld and not drawn.

    Raises:
        NothingToDrawError: no tie of a service may be shown.
        NotClearedError: a household has no consent.

    Source: clinique de concertation (J.-M. Lemaire) for the kinds of arrows; ring order by barycentres and sifting
    after Baur and Brandes (2004).

    >>> import clss_analysis as clss
    >>> clss.figures.mega_sociogenogram(clss.read("data/publication")).geometry.quality["overlaps"]
    0
    """
    lang = records.lang
    made = plan_network(tie_network(records), lang)
    for paper, width, height in _PAPERS:
        for size, symbols in _SIZES:
            if _rises(made, lang, paper, width, size, symbols) > height:
                continue
            found = _composed(records, made, lang, paper, width, size, symbols, arrows_too=False)
            if found is not None and found.height <= height:
                return _judged(_composed(records, made, lang, paper, width, size, symbols), made, paper, size)
    return _judged(_composed(records, made, lang, "", width, size, symbols), made, "", size)


def _rises(made: Plan, lang: str, paper: str, width: float, size: float, symbols: Sequence[float]) -> float:
    """How high the ring alone is; without end where its labels have no room."""
    laid = place_entries(*_entries(made, lang, symbols), _measure(made, paper, width, size), 0.0)
    return 2 * laid[0].half[1] if laid else math.inf


def _measure(made: Plan, paper: str, width: float, size: float) -> Measure:
    tracks = made.levels * _PITCH + len(made.gathered) * COLLECTOR
    return Measure(width, size, tracks, 29.0 if paper == "A4" else 40.0)


def _composed(
    records: Records,
    made: Plan,
    lang: str,
    paper: str,
    width: float,
    size: float,
    symbols: Sequence[float],
    *,
    arrows_too: bool = True,
) -> Layout | None:
    """The figure at a width and text size, if its labels have room."""
    measure = _measure(made, paper, width, size)
    right, left = _entries(made, lang, symbols)
    if place_entries(right, left, measure, 0.0) is None:
        return None

    def body(top: float) -> Part:
        laid = place_entries(right, left, measure, top + 1.0)
        if laid is None:
            raise RuntimeError("what fits at one height fits at another")
        drawn = _drawn(made, *laid, size, lang, arrows_too=arrows_too)
        entries = legend_entries(drawn.symbols, made.links, drawn.marks, made.starts, made.most, lang)
        return drawn + legend(entries, y=drawn.bottom + 5, width=width, lang=lang)

    return compose(
        "mega-sociogenogram",
        records,
        body,
        title=title(made.network, lang),
        caption=caption(made.network, made.choice, paper, lang),
        alt=alt_text(made.network, made.choice, lang),
        rows=made.rows if arrows_too else (),
        width=width,
        notes=(*((message("mega.bundles", lang),) if made.bundles else ()), message("sociogenogram.credit", lang)),
    )


def _entries(made: Plan, lang: str, symbols: Sequence[float]) -> tuple[list[Entry], list[Entry]]:
    """Headings and members of both sides, from top to bottom."""
    said = names(made.network, lang)
    counts = made.network.actors["households"]
    starts = thresholds(int(n) for n in counts)
    institutions = made.network.actors["institution"]
    seen: set[str] = set()

    def listing(parts: Sequence[tuple[str, Group]], *, upwards: bool) -> list[Entry]:
        entries = []
        for code, group in reversed(parts) if upwards else parts:
            if name := capital(sector_name(code, lang)):
                said_again = message("mega.continued", lang, sector=name) if code in seen else name
                entries.append(Entry("sector", f"{code}-{len(seen)}", said_again))
                seen.add(code)
            apart = 0.0
            for block in reversed(group) if upwards else group:
                if len(block) > 1:
                    entries.append(Entry("institution", block[0], str(institutions[block[0]])))
                    apart = 0.0
                for member in reversed(block) if upwards else block:
                    n = int(counts[member])
                    mm = symbols[rank(n, starts) - 1]
                    entries.append(Entry("node", member, said[member], number(n, lang=lang), mm, apart))
                    apart = 0.0
                apart = _APART if len(block) > 1 else 0.0
        return entries

    return listing(made.right, upwards=False), listing(made.left, upwards=True)


def _drawn(made: Plan, curve: Ring, placed: list[Placed], size: float, lang: str, *, arrows_too: bool) -> Part:
    at = {p.entry.id: curve.place(p.y, right=p.right) for p in placed if p.entry.kind == "node"}
    boxes = {p.entry.id: _square(curve, at[p.entry.id], p.entry.size) for p in placed if p.entry.kind == "node"}
    kinds = made.network.actors["kind"]
    symbols = [Symbol(HOME_ID, "household", curve.home, "household")]
    for member in made.members:
        if member == OTHERS:
            symbols.append(Symbol(OTHERS_ID, "other", boxes[member], "other"))
        else:
            role = "professional" if kinds[member] == "professional" else "service"
            symbols.append(Symbol(symbol_id(member), "service", boxes[member], role, (Row("actors", member),)))
    labels = (*_home_label(made, curve, lang), *(b for p in placed for b in _labels(p, curve, size)))
    lines = lay_arrows(made, curve, Places(at, boxes)) if arrows_too else ()
    bottom = max([curve.centre[1] + curve.half[1], *(b.box[3] for b in labels), *(s.box[3] for s in symbols)])
    return Part(bottom, tuple(symbols), lines, labels, _bands(made, curve, at))


def _square(curve: Ring, at: float, size: float) -> Box:
    x, y = curve.point(at)
    return x - size / 2, y - size / 2, x + size / 2, y + size / 2


def _home_label(made: Plan, curve: Ring, lang: str) -> list[Label]:
    n = made.network.households
    noun = counted("mega.home", n, lang)
    width = curve.home[2] - curve.home[0]
    big = min(16.0 + width / 4, 12.0 * (width - 4) / max(text_width(number(n, lang=lang), 12.0, "semibold"), 1.0))
    small = min(big * 0.6, 9.0 * (width - 3) / text_width(noun, 9.0))
    middle, y = curve.centre[0], curve.centre[1] - (line_height(big) + line_height(small)) / 2
    labels = []
    for name, text, points, face in (
        ("count", number(n, lang=lang), big, "semibold"),
        ("noun", noun, small, "regular"),
    ):
        broad = text_width(text, points, face)
        box = (middle - broad / 2, y, middle + broad / 2, y + line_height(points))
        labels.append(Label(f"label-{HOME_ID}-{name}", box, (text,), HOME_ID, points, face, "center"))
        y = box[3]
    return labels


def _labels(placed: Placed, curve: Ring, size: float) -> list[Label]:
    entry, way = placed.entry, 1 if placed.right else -1
    x, align = curve.centre[0] + way * placed.edge, "left" if placed.right else "right"
    if entry.kind != "node":
        points, face, role = (
            (HEAD_SIZE, "semibold", "muted") if entry.kind == "sector" else (SUB_SIZE, "italic", "working")
        )
        of = "figure" if entry.kind == "sector" else symbol_id(entry.id)
        name = f"{entry.kind}-{entry.id}"
        return [_label(name, placed.lines, x, placed.y, way, align, points, face, of, role)]
    of = symbol_id(entry.id)
    number_label = _label(f"count-{of}", (entry.count,), x, placed.y, way, align, size, "semibold", of, "working")
    wide = text_width(entry.count, size, "semibold") + 1.2
    name_label = _label(f"label-{of}", placed.lines, x + way * wide, placed.y, way, align, size, "regular", of, "text")
    return [number_label, name_label]


def _label(
    name: str,
    lines: tuple[str, ...],
    x: float,
    y: float,
    way: int,
    align: str,
    size: float,
    face: str,
    of: str,
    role: str,
) -> Label:
    broad, high = block_size(lines, size, face)
    left = x if way > 0 else x - broad
    return Label(name, (left, y - high / 2, left + broad, y + high / 2), lines, of, size, face, align, role)


def _bands(made: Plan, curve: Ring, at: dict[str, float]) -> tuple[Mark, ...]:
    """A pale band behind the members of each sector, and one on it behind those of one institution."""
    groups = [group for _, group in (*made.right, *made.left)]
    sectors = [("mega-sector", flat([group])) for group in groups]
    institutions = [("mega-institution", block) for group in groups for block in group if len(block) > 1]
    marks = []
    for role, some in (*sectors, *institutions):
        first, last = at[some[0]], at[some[-1]]
        steps = max(2, int((last - first) / 1.5))
        marks.append(Mark(tuple(curve.point(first + (last - first) * k / steps) for k in range(steps + 1)), role))
    return tuple(marks)


def _judged(layout: Layout | None, made: Plan, paper: str, size: float) -> Layout:
    if layout is None:
        raise RuntimeError("the widest paper has room for every label")
    said = {
        "format": paper or "> A0",
        "text_pt": size,
        "arrows": len(layout.lines),
        "tracks": made.levels,
        "withheld": made.network.withheld_links + made.network.withheld_actors,
        "not_drawn": made.choice.hidden_chords + made.choice.hidden_spokes,
    }
    return replace(layout, quality=judge(layout) | said)
