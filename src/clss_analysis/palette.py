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

SHEETS = {
    "family": "#3B4A54", "housing": "#8A5A2B", "criteria": "#A23B3B", "life": "#6B4A7D", "network": "#2F6B4F",
    "course": "#2C5F8A", "tree": "#4F6B2F", "voice": "#7D5A6B", "consent": "#1F1F1F", "collective": "#3F7272",
    "project": "#6B6B6B",
}  # fmt: skip
"""Families of sheets of the workbook: tabs, titles and heads, white on them at 4.5 to 1 at least."""
CELLS = {
    "about": "#555555", "example": "#8C8C8C", "example_fill": "#F2F2F2", "example_rule": "#BFBFBF",
    "private": "#A23B3B", "private_head": "#7A2626", "private_head_fill": "#F3D9D9", "private_fill": "#FBF0F0",
    "rule": "#D9D9D9", "link": "#2C5F8A", "verdict_fill": "#F7F7F7", "good": "#1E6B3A", "good_fill": "#E3F1E7",
    "bad": "#A23B3B", "bad_fill": "#F8E6E6", "open": "#8A6100", "open_fill": "#FBF1D9", "paper": "#FFFFFF",
    "fault_fill": "#FFC84A",
}  # fmt: skip
"""Cells of the workbook; pink is what never reaches a dataset, green, red and ochre what the intake rule concludes,
bright yellow what is to be corrected."""


def colours() -> dict[str, str]:
    """Every colour by its name in lower case, for templates of style sheets and pages.

    >>> colours()["tint_green"]
    '#e8f3ec'
    """
    return {name.lower(): value for name, value in globals().items() if name.isupper() and isinstance(value, str)}
