"""What every figure needs, loaded before any is wanted: the kinds, the letters of the typeface, what writes SVG."""

from __future__ import annotations

from clss_analysis import figures
from clss_analysis.layout.geometry import Label, Layout, Line, Symbol
from clss_analysis.layout.text import FACES, text_width
from clss_analysis.records.typography import LOCALES, number, says_number


def load(*, counting: bool = True) -> int:
    """Draw a page with a word in every face, and forget it.

    Args:
        counting: whether all kinds are loaded, or those of one household alone; what counts takes 40 MiB.

    Returns:
        How many kinds of figures are loaded.
    """
    labels = tuple(
        Label(face, (5, 5 + 8 * n, 5 + text_width("Ménage", 9, face), 10 + 8 * n), ("Ménage",), "figure", 9, face)
        for n, face in enumerate(FACES)
    )
    symbols = (Symbol("a", "node", (40, 5, 50, 12), "action"), Symbol("b", "node", (40, 25, 50, 32), "service"))
    lines = (Line("c", "arrow", ((45, 12), (45, 25)), "tie-helps", "a", "b"),)
    page = {"kind": "warm", "case": None, "lang": "fr", "width": 60.0, "height": 40.0, "synthetic": True}
    words = dict.fromkeys(("title", "caption", "alt", "source"), "")
    drawing = figures.draw(Layout(**page, **words, symbols=symbols, lines=lines, labels=labels))  # type: ignore[arg-type]  # said above
    drawing.to_svg()
    says_number("")
    for lang in LOCALES:
        number(1, lang=lang)
    return sum(callable(kind.draw) for kind in figures.KINDS.values() if counting or kind.about.per_case)
