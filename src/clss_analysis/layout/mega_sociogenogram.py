"""The mega-sociogenogram: the services as one network around all households of a dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clss_analysis.layout.geometry import Box, Label, Layout, Line, Mark, Symbol
from clss_analysis.layout.mega_sociogenogram_choice import Choice, choose, grouped, rank, thresholds
from clss_analysis.layout.mega_sociogenogram_order import Group, flat, ring_order
from clss_analysis.layout.mega_sociogenogram_paths import HEAD_ROOM, chord, depths, spoke
from clss_analysis.layout.mega_sociogenogram_quality import quality
from clss_analysis.layout.mega_sociogenogram_ring import HEAD_SIZE, SUB_SIZE, Entry, Measure, Placed, Ring, ring, sides
from clss_analysis.layout.mega_sociogenogram_tracks import Bus, buses
from clss_analysis.layout.mega_sociogenogram_words import (
    alt_text,
    caption,
    legend_entries,
    names,
    number,
    sector_name,
)
from clss_analysis.layout.page import NothingToDrawError, Part, compose
from clss_analysis.layout.text import block_size, line_height, text_width
from clss_analysis.layout.words import capital, counted
from clss_analysis.measures.tie_network import HOME, OTHERS, TieNetwork, tie_network
from clss_analysis.records import Records, Row, message

_HOME, _OTHERS = "households", "others"
_PAPERS = (("A4", 160.0, 225.0), ("A3", 267.0, 390.0), ("A2", 390.0, 564.0), ("A1", 564.0, 811.0), ("A0", 811.0, 1159.0))
_SIZES = ((8.5, (3.4, 4.4, 5.6, 7.0)), (8.0, (3.2, 4.2, 5.2, 6.4)), (7.5, (3.0, 3.8, 4.8, 5.8)), (7.0, (2.6, 3.3, 4.0, 5.0)))  # fmt: skip
_PITCH, _LANE = 1.35, 0.15


@dataclass(frozen=True, eq=False)
class _Plan:
    """What does not hang on the size of the paper: who stands where on the ring, and how chords are bundled."""

    network: TieNetwork
    choice: Choice
    right: tuple[tuple[str, Group], ...]
    left: tuple[tuple[str, Group], ...]
    bundles: tuple[Bus, ...]
    starts: tuple[int, ...]
    cost: int

    @property
    def members(self) -> tuple[str, ...]:
        return flat([group for _, group in (*self.right, *self.left)])


def mega_sociogenogram(records: Records, *, lang: str = "fr") -> Layout:
    """Lay out the services of a dataset as one network around its households.

    The households are one symbol in the centre; the services stand around them on a ring, those of a sector and of an
    institution together, in an order that lowers crossings.  Arrows to and from the households run straight, those
    between services along concentric tracks, bundled by the service they share, so that lines cross at right angles.
    Widths are classes of numbers of households.  All other persons of collective life are one symbol.  Numbers that
    the disclosure gate withholds are not drawn, nor links too weak for the drawing to be read; both are counted in
    the caption.  The paper grows from A4 until all text stands at 7 points or more.

    Args:
        records: the dataset; up to about 300 services and 10,000 households.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        The layout; its `quality` has overlaps, strikes, crossings (of pairs of lines) and crossing points, tracks,
        paper format, text size in points, and the numbers withheld and not drawn.

    Raises:
        NothingToDrawError: no tie of a service may be shown.
        NotClearedError: a household has no consent.

    Source: clinique de concertation (J.-M. Lemaire) for the kinds of arrows; ring order by barycentres and sifting
    after Baur and Brandes (2004).

    >>> import clss_analysis as clss
    >>> mega_sociogenogram(clss.read("data/publication")).quality["overlaps"]
    0
    """
    plan = _planned(tie_network(records), lang)
    found = None
    for paper, width, height in _PAPERS:
        for size, symbols in _SIZES:
            found = _composed(records, plan, lang, paper, width, size, symbols)
            if found is not None and found.height <= height:
                return _judged(found, plan, paper, size)
    if found is None:
        raise RuntimeError("the widest paper has room for every label")
    return _judged(replace(found, caption=caption(plan.network, plan.choice, "", lang)), plan, "", size)


def _planned(network: TieNetwork, lang: str) -> _Plan:
    choice = choose(network)
    if network.actors.empty or choice.links.empty:
        raise NothingToDrawError(message("mega.nothing", lang))
    groups = grouped(network.actors)
    ends = zip(choice.links["a"], choice.links["b"], strict=True)
    pairs = sorted({(min(a, b), max(a, b)) for a, b in ends if HOME not in (a, b)})
    cost, ordered = ring_order(tuple(groups.values()), pairs)
    right, left = sides(ordered, heads=True)
    code_of = {member: code for code, group in groups.items() for block in group for member in block}
    members = flat((*right, *left))
    place = {member: index for index, member in enumerate(members)}
    return _Plan(
        network=network,
        choice=choice,
        right=tuple((code_of[group[0][0]], group) for group in right),
        left=tuple((code_of[group[0][0]], group) for group in left),
        bundles=buses(len(members), [(place[a], place[b]) for a, b in pairs]),
        starts=thresholds(int(n) for n in choice.links["households"]),
        cost=cost,
    )


def _composed(
    records: Records, plan: _Plan, lang: str, paper: str, width: float, size: float, symbols: Sequence[float]
) -> Layout | None:
    levels = 1 + max((bus.level for bus in plan.bundles), default=-1)
    measure = Measure(width, size, levels * _PITCH, 29.0 if paper == "A4" else 40.0)
    right, left = _entries(plan, lang, symbols)
    if ring(right, left, measure, 0.0) is None:
        return None
    made: list[Part] = []

    def body(top: float) -> Part:
        laid = ring(right, left, measure, top + 1.0)
        if laid is None:
            raise RuntimeError("what fits at one height fits at another")
        made.append(_drawn(plan, *laid, levels, size, lang))
        return made[0]

    most = max(int(n) for n in plan.choice.links["households"])
    actors, ties = _rows(plan)
    probe = _drawn(plan, *_sure(ring(right, left, measure, 0.0)), levels, size, lang)
    return compose(
        "mega-sociogenogram",
        records,
        body,
        title=message("mega.title", lang),
        caption=caption(plan.network, plan.choice, paper, lang),
        alt=alt_text(plan.network, plan.choice, lang),
        rows=(*actors, *ties),
        lang=lang,
        width=width,
        entries=legend_entries(probe.symbols, probe.lines, plan.starts, most, lang),
        notes=(message("sociogenogram.credit", lang),),
    )


def _sure(laid: tuple[Ring, list[Placed]] | None) -> tuple[Ring, list[Placed]]:
    if laid is None:
        raise RuntimeError("this ring was laid before")
    return laid


def _entries(plan: _Plan, lang: str, symbols: Sequence[float]) -> tuple[list[Entry], list[Entry]]:
    """Headings and members of both sides, from top to bottom."""
    said = names(plan.network, lang)
    counts = plan.network.actors["households"]
    starts = thresholds(int(n) for n in counts)
    institutions = plan.network.actors["institution"]
    seen: set[str] = set()

    def listing(parts: Sequence[tuple[str, Group]], *, upwards: bool) -> list[Entry]:
        entries = []
        for code, group in reversed(parts) if upwards else parts:
            if name := capital(sector_name(code, lang)):
                said_again = message("mega.continued", lang, sector=name) if code in seen else name
                entries.append(Entry("sector", f"{code}-{len(seen)}", said_again))
                seen.add(code)
            for block in reversed(group) if upwards else group:
                if len(block) > 1:
                    entries.append(Entry("institution", block[0], str(institutions[block[0]])))
                for member in reversed(block) if upwards else block:
                    n = int(counts[member])
                    mm = symbols[rank(n, starts) - 1]
                    entries.append(Entry("node", member, said[member], number(n, lang), mm))
        return entries

    return listing(plan.right, upwards=False), listing(plan.left, upwards=True)


def _drawn(plan: _Plan, curve: Ring, placed: list[Placed], levels: int, size: float, lang: str) -> Part:
    at = {p.entry.id: curve.place(p.y, right=p.right) for p in placed if p.entry.kind == "node"}
    boxes = {p.entry.id: _square(curve, at[p.entry.id], p.entry.size) for p in placed if p.entry.kind == "node"}
    kinds = plan.network.actors["kind"]
    symbols = [Symbol(_HOME, "household", curve.home, "household")]
    for member in plan.members:
        if member == OTHERS:
            symbols.append(Symbol(_OTHERS, "other", boxes[member], "other"))
        else:
            role = "professional" if kinds[member] == "professional" else "service"
            symbols.append(Symbol(_name(member), "service", boxes[member], role, (Row("actors", member),)))
    labels = [*_home_label(plan, curve, lang), *(b for p in placed for b in _labels(p, curve, size))]
    lines = _lines(plan, curve, at, boxes, levels)
    marks = _sectors(plan, curve, at, boxes)
    bottom = curve.centre[1] + curve.half[1]
    bottom = max([bottom, *(b.box[3] for b in labels), *(s.box[3] for s in symbols)])
    return Part(bottom, tuple(symbols), tuple(lines), tuple(labels), tuple(marks))


def _name(member: str) -> str:
    return {HOME: _HOME, OTHERS: _OTHERS}.get(member, f"actor-{member}")


def _square(curve: Ring, at: float, size: float) -> Box:
    x, y = curve.point(at)
    return x - size / 2, y - size / 2, x + size / 2, y + size / 2


def _home_label(plan: _Plan, curve: Ring, lang: str) -> list[Label]:
    n = plan.network.households
    noun = counted("mega.home", n, lang)
    width = curve.home[2] - curve.home[0]
    big = min(22.0, 12.0 * (width - 4) / max(text_width(number(n, lang), 12.0, "semibold"), 1.0))
    small = min(11.0, 9.0 * (width - 3) / text_width(noun, 9.0))
    middle, y = curve.centre[0], curve.centre[1] - (line_height(big) + line_height(small)) / 2
    labels = []
    for name, text, points, face in (("count", number(n, lang), big, "semibold"), ("noun", noun, small, "regular")):
        broad = text_width(text, points, face)
        box = (middle - broad / 2, y, middle + broad / 2, y + line_height(points))
        labels.append(Label(f"label-{_HOME}-{name}", box, (text,), _HOME, points, face, "center"))
        y = box[3]
    return labels


def _labels(placed: Placed, curve: Ring, size: float) -> list[Label]:
    entry, way = placed.entry, 1 if placed.right else -1
    x, align = curve.centre[0] + way * placed.edge, "left" if placed.right else "right"
    if entry.kind != "node":
        points, face, role = (
            (HEAD_SIZE, "semibold", "muted") if entry.kind == "sector" else (SUB_SIZE, "italic", "working")
        )
        of = "figure" if entry.kind == "sector" else _name(entry.id)
        name = f"{entry.kind}-{entry.id}"
        return [_label(name, placed.lines, x, placed.y, way, align, points, face, of, role)]
    of = _name(entry.id)
    number_label = _label(f"count-{of}", (entry.count,), x, placed.y, way, align, size, "semibold", of, "working")
    wide = text_width(entry.count, size, "semibold") + 1.2
    name_label = _label(f"label-{of}", placed.lines, x + way * wide, placed.y, way, align, size, "regular", of, "text")
    return [number_label, name_label]


def _label(
    name: str, lines: tuple[str, ...], x: float, y: float, way: int, align: str, size: float, face: str, of: str, role: str
) -> Label:
    broad, high = block_size(lines, size, face)
    left = x if way > 0 else x - broad
    return Label(name, (left, y - high / 2, left + broad, y + high / 2), lines, of, size, face, align, role)


def _lines(plan: _Plan, curve: Ring, at: dict[str, float], boxes: dict[str, Box], levels: int) -> list[Line]:
    """Arrows, the weakest first, so that the widest of a bundle lies on top."""
    behind: dict[int, list[Row]] = defaultdict(list)
    for link, tie in zip(plan.network.ties["link"], plan.network.ties["tie"], strict=True):
        behind[int(link)].append(Row("ties", str(tie)))
    members = plan.members
    place = {member: index for index, member in enumerate(members)}
    along = [at[m] for m in members]
    around = [boxes[m] for m in members]
    widest = max(box[2] - box[0] for box in around)
    tracks = depths(curve, levels, widest)
    routes = {}
    for bus in plan.bundles:
        for target in bus.targets:
            routes[frozenset((bus.hub, target))] = (bus, target)
    links = plan.choice.links.sort_values(["households", "kind", "a", "b"], kind="stable")
    spokes: dict[str, list[int]] = defaultdict(list)
    for index, a, b in zip(links.index, links["a"], links["b"], strict=True):
        if HOME in (a, b):
            spokes[b if a == HOME else a].append(int(index))
    lines = []
    for index, row in zip(links.index, links.to_dict("records"), strict=True):
        a, b, kind = str(row["a"]), str(row["b"]), str(row["kind"])
        source, target = (a, b) if row["there"] or not row["back"] else (b, a)
        if HOME in (a, b):
            member = b if a == HOME else a
            lanes = sorted(spokes[member])
            size = boxes[member][2] - boxes[member][0]
            offset = (lanes.index(int(index)) - (len(lanes) - 1) / 2) * 2 * _LANE * size
            path = spoke(curve, at[member], offset, boxes[member])
            path = path if source == member else path[::-1]
        else:
            bus, other = routes[frozenset((place[a], place[b]))]
            path = chord(curve, bus, other, tracks[bus.level], along, around)
            path = path if members[bus.hub] == source else path[::-1]
        if not (row["there"] or row["back"]) and kind == "working":
            kind = "unknown-working"
        elif not (row["there"] or row["back"]) and kind == "other":
            kind = "unknown-mixed"
        both = "-both" if row["there"] and row["back"] else ""
        role = f"mega-{kind}{both}-{rank(int(row['households']), plan.starts)}"
        name = f"{row['kind']}.{_name(a)}.{_name(b)}"
        lines.append(Line(name, "arrow", path, role, _name(source), _name(target), rows=tuple(behind[int(index)])))
    return lines


def _sectors(plan: _Plan, curve: Ring, at: dict[str, float], boxes: dict[str, Box]) -> list[Mark]:
    """A pale band behind the members of each sector."""
    marks = []
    for _, group in (*plan.right, *plan.left):
        members = flat([group])
        first, last = at[members[0]], at[members[-1]]
        steps = max(2, int((last - first) / 1.5))
        marks.append(
            Mark(tuple(curve.point(first + (last - first) * k / steps) for k in range(steps + 1)), "mega-sector")
        )
    return marks


def _rows(plan: _Plan) -> tuple[list[Row], list[Row]]:
    actors = [Row("actors", str(actor)) for actor in plan.network.actors.index if actor != OTHERS]
    ties = plan.network.ties
    drawn = ties.loc[ties["link"].isin(plan.choice.links.index), "tie"]
    return actors, [Row("ties", tie) for tie in sorted(set(drawn))]


def _judged(layout: Layout, plan: _Plan, paper: str, size: float) -> Layout:
    rounded = replace(
        layout,
        lines=tuple(replace(n, path=tuple((round(x, 3), round(y, 3)) for x, y in n.path)) for n in layout.lines),
    )
    return replace(
        rounded,
        quality=quality(rounded)
        | {
            "format": paper or "> A0",
            "text_pt": size,
            "arrows": len(layout.lines),
            "tracks": 1 + max((bus.level for bus in plan.bundles), default=-1),
            "withheld": plan.network.withheld_links,
            "not_drawn": plan.choice.hidden_chords + plan.choice.hidden_spokes,
        },
    )
