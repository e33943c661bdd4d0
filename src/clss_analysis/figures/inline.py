"""A sociogenogram as part of a page: SVG whose parts have names, are reached from the keyboard, and show their ties.

What moves is said by attributes and done by `inline.js`: `data-id` and `data-ends` of a part say what is tied to what,
`data-m` in which months it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from importlib.resources import files

from clss_analysis.figures import svg
from clss_analysis.figures.style import LOOKS
from clss_analysis.layout.genogram.family.unions import union_marks
from clss_analysis.layout.genogram.months import along, tie_strokes
from clss_analysis.layout.genogram.tie_table import tie_frame
from clss_analysis.layout.geometry import Label, Layout, Line, Symbol
from clss_analysis.records import message

_READ = ("household", "institution", "person", "other", "service")
_BOUNDARY = ("bay", "bay-edge")
_SLASH = "couple-slash"
STYLE, SCRIPT = "inline.css", "inline.js"
When = Callable[[Symbol | Line], str]


@dataclass(frozen=True)
class Inline:
    """A drawing for a page: called with a name that is its own there, it gives HTML; in Jupyter it shows itself.

    `name` is what its ids start with in Jupyter, `ties` a table of ties, which a page sets after the drawing.
    """

    name: str
    html: Callable[[str], str]
    ties: str = ""

    def __call__(self, name: str) -> str:
        """The HTML; every id in it starts with `name`."""
        return self.html(name)

    def _repr_html_(self) -> str:
        return f"<style>{asset(STYLE)}</style>{self.html(self.name)}{self.ties}<script>{asset(SCRIPT)}</script>"


def asset(name: str) -> str:
    """The style sheet or the script of drawings in a page."""
    return files("clss_analysis.figures").joinpath(name).read_text(encoding="utf-8")


def inline(layout: Layout) -> Inline:
    """A laid-out sociogenogram for a page.

    Args:
        layout: with its `parts` and `description`.

    Returns:
        What gives the HTML.
    """
    ties = tie_frame(layout).to_html(index=False, border=0, classes="vif-liens") if layout.ties else ""
    return Inline(f"{layout.kind}-{layout.case}", lambda name: framed(name, layout, drawing(layout, name)), ties)


def framed(name: str, layout: Layout, picture: str, before: str = "") -> str:
    """A drawing between what steers it and its description.

    Args:
        name: what all ids start with.
        layout: of the drawing.
        picture: its SVG.
        before: HTML over it.
    """

    def say(key: str) -> str:
        return escape(message(key, layout.lang))

    told = "".join(f"<p>{escape(text)}</p>" for text in layout.description.split("\n"))
    return (
        f'<div class="vif" lang="{layout.lang}">{before}'
        f'<a class="vif-passer" href="#{name}-description">{say("figure.skip")}</a>'
        f'<div class="vif-cadre">{picture}</div>'
        f'<p class="vif-aide" id="{name}-aide">{say("figure.keys")}</p>'
        f'<details id="{name}-description"><summary>{say("figure.description")}</summary>{told}</details></div>'
    )


def drawing(
    layout: Layout,
    name: str,
    lines: Sequence[Line] | None = None,
    when: When | None = None,
    others: Sequence[Layout] = (),
) -> str:
    """A picture as SVG, a group for each symbol and line.

    Args:
        layout: the whole picture.
        name: what all ids start with.
        lines: those to draw; default: all of the layout.
        when: tells of a symbol or line in which months it is there, as `0-3 7-7`; None for a picture without time.
        others: the same picture within other boundaries: what differs there is hidden until its month.

    Returns:
        One `<svg>` element.
    """
    drawn: list[tuple[Symbol, str]] = []
    for n, base in enumerate((layout, *others)):
        fresh = [s for s in base.symbols if s.kind in _READ and s not in (layout.symbols if n else ())]
        own = f"{name}-v{n}" if n else name
        drawn += [(s, _symbol(s, own, base, when, hidden=n > 0)) for s in fresh]
    drawn.sort(key=lambda each: _READ.index(each[0].kind))
    homes = [ink for s, ink in drawn if s.kind == "household"]
    people = [ink for s, ink in drawn if s.kind != "household"]
    legend = [svg.drawn(s) for s in layout.symbols if s.kind == "legend"]
    under = [svg.drawn(m) for m in layout.marks if not LOOKS[m.role].over and m.role not in _BOUNDARY]
    turning = [] if when is None else union_marks(layout.lines)
    over = [m for m in layout.marks if LOOKS[m.role].over and not m.role.startswith("tie-") and m not in turning]
    shown = {line.path for line in layout.lines}
    ties = [
        _line(line, f"{name}-{line.id}-{n}", layout, when, hidden=bool(others) and line.path not in shown)
        for n, line in enumerate(layout.lines if lines is None else lines)
    ]
    read = {s.id for s, _ in drawn}
    loose = [svg.words(b) for b in layout.labels if _named(b) not in read]
    width, height = svg.number(layout.width), svg.number(layout.height)
    inner = [*legend, *homes, *under, *people, *ties, *map(svg.drawn, over), *loose]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}mm" height="{height}mm"'
        f' id="{name}-dessin" role="group" aria-label="{escape(layout.alt)}" aria-describedby="{name}-aide"'
        f' aria-details="{name}-description"><title>{escape(layout.title)}</title>'
        f"<desc>{escape(layout.description)}</desc>{''.join(inner)}</svg>"
    )


def _named(label: Label) -> str:
    return "" if label.id.startswith("institution-of-") else label.of


def _symbol(symbol: Symbol, name: str, layout: Layout, when: When | None, *, hidden: bool) -> str:
    ink = svg.drawn(symbol)
    if symbol.kind == "household":
        ink += "".join(svg.drawn(m) for m in layout.marks if m.role in _BOUNDARY)
    ink += "".join(svg.words(b) for b in layout.labels if _named(b) == symbol.id)
    if when is not None and symbol.kind != "household":
        ink += svg.plus(symbol.box[2], symbol.box[1])
    own = f' tabindex="0" data-id="{escape(symbol.id)}"'
    return _part(symbol, f"{name}-{symbol.id}", own, layout.parts[symbol.id], ink, when, hidden=hidden)


def _line(line: Line, name: str, layout: Layout, when: When | None, *, hidden: bool) -> str:
    arrow = line.kind == "arrow"
    ink = svg.drawn(line) + "".join(svg.drawn(m) for m in tie_strokes([line]))
    if when is not None and arrow:
        ink += svg.plus(*along(line.path))
    elif when is not None:
        descents = (each for each in layout.lines if each.kind == "descent" and line.kind == "couple")
        marks = union_marks([line, *(replace(each, role="descent") for each in descents)])
        ink += "".join(svg.drawn(m) for m in marks if m.role == _SLASH)
    ends = " ".join(dict.fromkeys(end for end in (line.source, line.target, *line.members) if end))
    number = next((f' data-no="{row[1]}"' for row in layout.ties if line.id in row[0].split()), "")
    own = f'{number}{" tabindex=" + chr(34) + "-1" + chr(34) if arrow else ""} data-ends="{escape(ends)}"'
    words, role = layout.parts[line.id], next((n.role for n in layout.lines if n.id == line.id), line.role)
    if not arrow:  # what the line is called in the whole picture, as it is called in these months
        whole, now = (message(f"sociogenogram.legend.{each}", layout.lang) for each in (role, line.role))
        words = words.replace(whole, now)
    return _part(line, name, own, words, ink, when, hidden=hidden)


def _part(part: Symbol | Line, name: str, own: str, words: str, ink: str, when: When | None, *, hidden: bool) -> str:
    same = f"{part.id} {part.role} {part.source}" if isinstance(part, Line) else part.id
    there = "" if when is None else f' data-m="{when(part)}" data-n="{escape(same)}"'
    sort = f"partie {part.kind}{' absent' * hidden}"
    return (
        f'<g id="{escape(name)}" class="{sort}" role="img"{own}{there} aria-label="{escape(words)}">'
        f"<title>{escape(words)}</title>{ink}</g>"
    )
