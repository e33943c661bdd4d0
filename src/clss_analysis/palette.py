"""The colours of everything that is made: figures, book, brief, workbook, pages in the browser.

Colours keep their meaning: black for those who live together, green for those who work together, blue, orange and red
for the directions of their links (after the sociogénogramme of the clinique de concertation, J.-M. Lemaire).  No
meaning hangs on colour alone.  Contrast on white is at least 4.5 to 1 for everything that is read.
"""

from __future__ import annotations

INK = "#1a1a1a"  # text and outlines: those who live together
GREY = "#5f6368"  # second rank: captions, axes
SLATE = "#2f3d46"  # filled boxes, bars
PLUM = "#7d2853"  # threats
PALE = "#eceff1"  # bands behind text
FAINT = "#7b868d"  # what has gone
RULE = "#b4bcc2"  # hairlines
PAPER = "#ffffff"
GREEN = "#1b7a3d"  # those who work together
BLUE = "#1f5fa8"  # among those who live together
ORANGE = "#c85a00"  # from those who work to those who live together
RED = "#b3202c"  # from those who live to those who work together
TINT_GREEN = "#e8f3ec"
TINT_BLUE = "#e8f0f8"
TINT_ORANGE = "#fbefe3"
TINT_RED = "#fae9ea"


def colours() -> dict[str, str]:
    """Every colour by its name in lower case, for templates of style sheets and pages.

    >>> colours()["tint_green"]
    '#e8f3ec'
    """
    return {name.lower(): value for name, value in globals().items() if name.isupper()}
