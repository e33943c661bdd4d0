"""A sociogenogram as part of a page: SVG whose parts have names, are reached from the keyboard, and show their ties.

What moves is said by attributes and done by `inline.js`: `data-id` and `data-ends` of a part say what is tied to what,
`data-m` in which months it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from clss_analysis.figures import svg
from clss_analysis.figures.style import LOOKS
from clss_analysis.layout.genogram.months import along, tie_strokes
from clss_analysis.layout.geometry import Label, Layout, Line, Symbol
from clss_analysis.records import message

_READ = ("household", "person", "other", "service")
STYLE, SCRIPT = "inline.css", "inline.js"
When = Callable[[Symbol | Line], str]


@dataclass(frozen=True)
class Inline:
    """A drawing for a page: called with a name that is its own there, it gives HTML; in Jupyter it shows itself.

    `name` is what its ids start with in Jupyter.
    """

    name: str
    html: Callable[[str], str]

    def __call__(self, name: str) -> str:
        """The HTML; every id in it starts with `name`."""
        return self.html(name)

    def _repr_html_(self) -> str:
        return f"<style>{asset(STYLE)}</style>{self.html(self.name)}<script>{asset(SCRIPT)}</script>"


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
    return Inline(f"{layout.kind}-{layout.case}", lambda name: framed(name, layout, drawing(layout, name)))


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


def drawing(layout: Layout, name: str, lines: Sequence[Line] | None = None, when: When | None = None) -> str:
    """A picture as SVG, a group for each symbol and line.

    Args:
        layout: the whole picture.
        name: what all ids start with.
        lines: those to draw; default: all of the layout.
        when: tells of a symbol or line in which months it is there, as `0-3 7-7`; None for a picture without time.

    Returns:
        One `<svg>` element.
    """
    labels: dict[str, list[Label]] = {}
    for label in layout.labels:
        labels.setdefault("" if label.id.startswith("institution-of-") else label.of, []).append(label)
    symbols = sorted((s for s in layout.symbols if s.kind in _READ), key=lambda s: _READ.index(s.kind))
    homes = [_symbol(s, labels, name, layout, when) for s in symbols if s.kind == "household"]
    others = [_symbol(s, labels, name, layout, when) for s in symbols if s.kind != "household"]
    legend = [svg.drawn(s) for s in layout.symbols if s.kind == "legend"]
    under = [svg.drawn(m) for m in layout.marks if not LOOKS[m.role].over]
    over = [svg.drawn(m) for m in layout.marks if LOOKS[m.role].over and not m.role.startswith("tie-")]
    ties = [
        _line(line, f"{name}-{line.id}-{n}", layout, when)
        for n, line in enumerate(layout.lines if lines is None else lines)
    ]
    read = {s.id for s in symbols}
    loose = [svg.words(b) for of, each in labels.items() if of not in read for b in each]
    width, height = svg.number(layout.width), svg.number(layout.height)
    inner = [*legend, *homes, *under, *others, *ties, *over, *loose]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}mm" height="{height}mm"'
        f' id="{name}-dessin" role="group" aria-label="{escape(layout.alt)}" aria-describedby="{name}-aide"'
        f' aria-details="{name}-description"><title>{escape(layout.title)}</title>'
        f"<desc>{escape(layout.description)}</desc>{''.join(inner)}</svg>"
    )


def _symbol(symbol: Symbol, labels: dict[str, list[Label]], name: str, layout: Layout, when: When | None) -> str:
    ink = svg.drawn(symbol) + "".join(svg.words(b) for b in labels.get(symbol.id, ()))
    if when is not None and symbol.kind != "household":
        ink += svg.plus(symbol.box[2], symbol.box[1])
    own = f' tabindex="0" data-id="{escape(symbol.id)}"'
    return _part(symbol, f"{name}-{symbol.id}", own, layout.parts[symbol.id], ink, when)


def _line(line: Line, name: str, layout: Layout, when: When | None) -> str:
    arrow = line.kind == "arrow"
    ink = svg.drawn(line) + "".join(svg.drawn(m) for m in tie_strokes([line]))
    if when is not None and arrow:
        ink += svg.plus(*along(line.path))
    ends = " ".join(dict.fromkeys(end for end in (line.source, line.target, *line.members) if end))
    own = f'{" tabindex=" + chr(34) + "-1" + chr(34) if arrow else ""} data-ends="{escape(ends)}"'
    return _part(line, name, own, layout.parts[line.id], ink, when)


def _part(part: Symbol | Line, name: str, own: str, words: str, ink: str, when: When | None) -> str:
    there = "" if when is None else f' data-m="{when(part)}"'
    return (
        f'<g id="{escape(name)}" class="partie {part.kind}" role="img"{own}{there} aria-label="{escape(words)}">'
        f"<title>{escape(words)}</title>{ink}</g>"
    )
