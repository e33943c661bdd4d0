"""What all boards share: the page, its title, the banner of synthetic data, the legend box, notes and source line.

Every part is laid out from a top edge down and says where it ends, so that a figure is composed from parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from clss_analysis.layout.geometry import Label, Layout, Line, Mark, Point, Symbol, relocated
from clss_analysis.layout.text import block_size, line_height, text_width, wrap, wrap_evenly
from clss_analysis.records import Case, Records, Row, message
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.translations import credited
from clss_analysis.records.typography import counted

PORTRAIT = 160.0  # mm: the width of the text of the book on A4
LANDSCAPE = 240.0  # mm: that of a page of it turned
TALLEST = 225.0  # mm: the tallest figure that a page of the book holds
ROOM = {PORTRAIT: 205.0, LANDSCAPE: 140.0}  # height by width that a page of the book has beside a caption
MARGIN = 3.0  # mm between the edge of a figure and all that it holds


@dataclass(frozen=True, slots=True)
class Voice:
    """How a text speaks: size in points, face, colour role, and whether its lines are made of about even length."""

    size: float = 8.5
    face: str = "regular"
    role: str = "text"
    even: bool = False


TITLE = Voice(11.5, "semibold", "title")
_TITLE_LINES = 2  # a title of more is a paragraph
PLAIN = Voice()
EVEN = Voice(even=True)
STRONG = Voice(face="semibold", even=True)
INVERSE = Voice(face="semibold", role="inverse", even=True)
MUTED = Voice(role="muted")
UNTOLD = Voice(face="italic", role="muted")
VERDICT = Voice(9.0, "semibold")
BANNER = Voice(9.0, "semibold", "inverse")
SMALL = Voice(7.5)
SMALL_STRONG = Voice(7.5, "semibold")
SMALL_MUTED = Voice(7.5, role="muted", even=True)
SMALL_UNTOLD = Voice(7.5, "italic", "muted")
SMALL_INVERSE = Voice(7.5, role="inverse", even=True)
HEADING = Voice(7.5, "semibold", "muted")
FINE = Voice(7.0, role="muted")


@dataclass(frozen=True, slots=True)
class Format:
    """A page that a figure is laid out for: its size and margin in millimetres, and the format that comes after it.

    `scales` are the factors that its text is enlarged by, the largest that leaves room first: 1 for what is read in
    the hand, more for a screen.
    """

    name: str
    width: float
    height: float
    margin: float = 8.0
    larger: str = ""
    scales: tuple[float, ...] = (1.0,)

    def grown(self) -> Format:
        """The next larger page: the format named for it, else one of the same shape a seventh longer."""
        if self.larger:
            return FORMATS[self.larger]
        return replace(self, name="", width=round(self.width * 8 / 7), height=round(self.height * 8 / 7))


FORMATS = {
    each.name: each
    for each in (
        Format("a4-portrait", 210, 297, larger="a3-portrait"),
        Format("a4-landscape", 297, 210, larger="a3-landscape"),
        Format("a3-portrait", 297, 420, scales=(1.4, 1.0)),
        Format("a3-landscape", 420, 297, scales=(1.4, 1.0)),
        Format("16:9", 338.67, 190.5, scales=(1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0)),
    )
}
PAGES = ("a4-portrait", "a4-landscape", "a3-landscape", "16:9")


class NothingToDrawError(ValueError):
    """The case or dataset holds no record for this figure; the message is a sentence a reader may see."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a figure: its items, and the lowest edge in millimetres."""

    bottom: float
    symbols: tuple[Symbol, ...] = ()
    lines: tuple[Line, ...] = ()
    labels: tuple[Label, ...] = ()
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: Part) -> Part:
        return Part(
            max(self.bottom, other.bottom),
            self.symbols + other.symbols,
            self.lines + other.lines,
            self.labels + other.labels,
            self.marks + other.marks,
        )

    def lowered(self, by: float) -> Part:
        """The same part further down the page, in millimetres."""
        return self.moved(lambda x, y: (x, y + by), self.bottom + by)

    def moved(self, at: Callable[[float, float], Point], bottom: float) -> Part:
        """The same part elsewhere: `at` gives the new place of every point, `bottom` is the new lowest edge."""
        return replace(relocated(self, at), bottom=bottom)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend: words, and a sample drawn by `sample(x, y)` about its left end and middle height."""

    text: str
    sample: Callable[[float, float], Part]
    width: float = 5.0


def block(
    name: str, text: str, at: Point, width: float, voice: Voice = PLAIN, *, of: str = "figure", align: str = "left"
) -> Label:
    """A text wrapped to a width, in a box as tight as its measured lines.

    Args:
        name: id of the label.
        text: one paragraph.
        at: left and top edge in millimetres of the room it has.
        width: of the room, in millimetres.
        voice: size, face and colour.
        of: the id of what it names.
        align: left, center or right within the room.

    >>> block("a", "un logement sain", (0, 0), 20).lines
    ('un logement', 'sain')
    """
    lines = (wrap_evenly if voice.even else wrap)(text, width, voice.size, voice.face)
    broad, high = block_size(lines, voice.size, voice.face)
    left = at[0] + {"left": 0.0, "center": (width - broad) / 2, "right": width - broad}[align]
    box = (left, at[1], left + broad, at[1] + high)
    return Label(name, box, lines, of, voice.size, voice.face, align, voice.role)


def head(topic: str, *, width: float, synthetic: bool, lang: str, finding: str = "") -> Part:
    """Banner of synthetic data, when the dataset is one, and the title: what is found, its topic below it.

    The topic alone is the title where nothing is found, or in more words than two lines hold.
    """
    y, part = MARGIN, Part(MARGIN)
    if synthetic:
        words = message("synthetic", lang)
        text = block("banner", words, (MARGIN, y + 1.2), width - 2 * MARGIN, BANNER, align="center")
        band = Mark(((MARGIN, y), (width - MARGIN, text.box[3] + 1.2)), "banner")
        part += Part(text.box[3] + 1.2, labels=(text,), marks=(band,))
        y = part.bottom + 3
    room = width - 2 * MARGIN
    label = block("title", finding if title_lines(finding, width) else topic, (MARGIN, y), room, TITLE)
    if not title_lines(finding, width):
        return part + Part(label.box[3] + 3, labels=(label,))
    under = block("subtitle", topic, (MARGIN, label.box[3] + 0.4), room, SMALL_MUTED)
    return part + Part(under.box[3] + 3, labels=(label, under))


def title_lines(finding: str, width: float) -> int:
    """How many lines a finding takes as a title; none, where it is no title."""
    lines = len(block("title", finding, (0.0, 0.0), width - 2 * MARGIN, TITLE).lines) if finding else 0
    return lines if lines <= _TITLE_LINES else 0


def head_room(topics: Iterable[str], width: float, lines: int) -> float:
    """The height of the words of the tallest head of pictures with one of these topics, what they find in so many."""
    under = max(block("subtitle", topic, (0.0, 0.0), width - 2 * MARGIN, SMALL_MUTED).box[3] for topic in topics)
    alone = max(block("title", topic, (0.0, 0.0), width - 2 * MARGIN, TITLE).box[3] for topic in topics)
    return max(alone, lines * line_height(TITLE.size) + 0.4 + under) if lines else alone


def legend(entries: Iterable[Entry], *, y: float, width: float, lang: str) -> Part:
    """The legend box over the width of the page, its entries in as many even columns as their words allow."""
    entries = tuple(entries)
    left, inner = MARGIN + 2.5, width - 2 * MARGIN - 5
    name = block("legend-title", message("legend", lang), (left, y + 2), inner, SMALL_STRONG, of="legend")
    widest = max(entry.width + 1.5 + text_width(entry.text, SMALL.size) for entry in entries)
    columns = max(1, min(len(entries), int((inner + 6) // (widest + 6))))
    rows = -(-len(entries) // columns)
    columns = -(-len(entries) // rows)
    pitch = (inner + 6) / columns
    part, top = Part(name.box[3], labels=(name,)), name.box[3] + 1
    for start in range(0, len(entries), columns):
        low = top
        for column, entry in enumerate(entries[start : start + columns]):
            x = left + column * pitch
            room = pitch - 6 - entry.width - 1.5
            at = (x + entry.width + 1.5, top)
            text = block(f"legend-{start + column + 1}", entry.text, at, room, SMALL, of="legend")
            part += entry.sample(x, top + line_height(SMALL.size) / 2) + Part(text.box[3], labels=(text,))
            low = max(low, text.box[3])
        top = low + 1.5
    bottom = part.bottom + 2
    return part + Part(bottom, symbols=(Symbol("legend", "legend", (MARGIN, y, width - MARGIN, bottom), "legend"),))


def on_sheet(layout: Layout, sheet: Format, scale: float) -> Layout:
    """A layout set on a page, enlarged, in the middle of its width and from its upper margin down."""
    dx, dy = (sheet.width - layout.width * scale) / 2, sheet.margin

    def at(x: float, y: float) -> Point:
        return round(dx + x * scale, 3), round(dy + y * scale, 3)

    larger = tuple(replace(label, size=round(label.size * scale, 2)) for label in layout.labels)
    return relocated(replace(layout, width=sheet.width, height=sheet.height, labels=larger), at)


def foot(source: str, notes: Iterable[str], *, y: float, width: float) -> Part:
    """Notes and source line under a thin rule."""
    part = Part(y, marks=(Mark(((MARGIN, y), (width - MARGIN, y)), "rule"),))
    top = y + 1.6
    for index, note in enumerate((*notes, source)):
        name = f"note-{index + 1}" if note != source else "source"
        label = block(name, note, (MARGIN, top), width - 2 * MARGIN, FINE)
        part += Part(label.box[3], labels=(label,))
        top = label.box[3] + 0.5
    return part + Part(top - 0.5 + MARGIN)


def compose(
    kind: str,
    records: Records,
    body: Callable[[float], Part],
    *,
    title: str,
    caption: str,
    alt: str,
    rows: Iterable[Row],
    lang: str = "",
    width: float = PORTRAIT,
    entries: Iterable[Entry] = (),
    notes: Iterable[str] = (),
    finding: str = "",
) -> Layout:
    """A whole figure: head, body, legend, notes and source line, one under the other.

    Args:
        kind: of the figure, as the contract names it.
        records: the dataset, or one case of it.
        body: lays out the drawing from a top edge in millimetres.
        title: the topic, over the drawing.
        caption: under the figure in the book.
        alt: what a reader who cannot see it must know; never the caption.
        rows: every record drawn.
        lang: fr, nl or en; default: the language of the records.
        width: of the page in millimetres.
        entries: of the legend; none, no legend box.
        notes: sentences above the source line.
        finding: what the drawing shows, which becomes the title where two lines hold it, with the topic below it.
    """
    lang = lang or records.lang
    source = message("source", lang, what=credited(records))
    part = head(title, width=width, synthetic=is_made_up(records), lang=lang, finding=finding)
    found = any(label.id == "subtitle" for label in part.labels)
    part += body(part.bottom)
    entries = tuple(entries)
    if entries:
        part += legend(entries, y=part.bottom + 5, width=width, lang=lang)
    part += foot(source, notes, y=part.bottom + (3 if entries else 5), width=width)
    return Layout(
        kind=kind,
        case=records.id if isinstance(records, Case) else None,
        lang=lang,
        width=width,
        height=part.bottom,
        title=finding if found else title,
        caption=caption,
        alt=alt,
        source=source,
        symbols=part.symbols,
        lines=part.lines,
        labels=part.labels,
        marks=part.marks,
        rows=tuple(dict.fromkeys(rows)),
        content=records.content,
        synthetic=is_made_up(records),
    )


def count_notes(
    known: int | None, unknown: int | None, withheld: int = 0, threshold: int = 0, *, lang: str = "fr"
) -> list[str]:
    r"""The notes under a figure of counts: households it rests on, those left out, counts that the gate keeps back.

    `known` is None where that number is kept back too.

    >>> count_notes(12, 0)
    ['Comptés\u202f: 12 ménages.']
    """
    notes = [message("measures.known_held", lang) if known is None else counted("measures.known", known, lang)]
    if unknown:
        notes.append(counted("measures.left_out", unknown, lang))
    if withheld:
        notes.append(counted("measures.withheld", withheld, lang, threshold=threshold))
    return notes
