"""A first figure drawn before any is wanted: fonts are found and read, the writers of every format are loaded."""

from __future__ import annotations

import tempfile
from pathlib import Path

from clss_analysis import figures
from clss_analysis.figures.ink import ENDINGS, draw, save
from clss_analysis.layout.geometry import Label, Layout, Line, Symbol
from clss_analysis.layout.text import FACES, text_width


def warm() -> int:
    """Draw and save a page with a word in every face, and forget it.

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
    drawing = draw(Layout(**page, **words, symbols=symbols, lines=lines, labels=labels))  # type: ignore[arg-type]  # said above
    with tempfile.TemporaryDirectory(prefix="clss-warm-") as folder:
        for ending in ENDINGS:
            save(drawing, Path(folder) / f"page{ending}")
    return len([kind.draw for kind in figures.KINDS.values()])
