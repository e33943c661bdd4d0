"""The shipped typeface in a figure that is opened alone: what of a text it can show, and the letters embedded."""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from clss_analysis.layout.text import font_file

FAMILY = "CLSS Sans"
STYLES = {
    "regular": {},
    "semibold": {"font-weight": "600"},
    "bold": {"font-weight": "700"},
    "italic": {"font-style": "italic"},
}
"""What tells the faces of the family apart, in the words of CSS and of SVG's attributes."""
_STEERING = frozenset(("Cc", "Cf", "Cs", "Mn", "Me"))
"""Unicode categories of characters that only steer others, or have no letter of their own."""
_LATIN = frozenset((*range(0x20, 0x180), *range(0x2010, 0x2070)))
_USUAL = frozenset((*range(0x20, 0x100), 0x152, 0x153, *range(0x2010, 0x2040)))
"""Letters and punctuation of Latin scripts, and of French, Dutch and English: cut out once, the second out of the
first, so that each figure is cut from little."""
_UNUSED = ("BASE", "GDEF", "GPOS", "GSUB", "gasp")
"""Tables for kerning and the like, without which text has the widths that it was measured with."""


def drawable(text: str, face: str) -> str:
    r"""The text as the shipped font can show it.

    Marks without a letter of their own, and characters that only steer others (joiners, direction), go; a character
    that the font lacks becomes a question mark: an archivable PDF allows no blank box.

    >>> drawable("e\u0301t\u00e9 \u2d30", "regular")
    'été ?'
    """
    known = _characters(font_file(face))
    composed = unicodedata.normalize("NFC", text)
    kept = (char for char in composed if unicodedata.category(char) not in _STEERING)
    return "".join(char if char in known else "?" for char in kept)


def embedded(used: Mapping[str, Iterable[str]]) -> str:
    """Style rules that bring the typeface, cut down to the letters of a figure.

    Args:
        used: the texts of each face.

    Returns:
        A `@font-face` rule for each face, the font within; the same bytes each time.
    """
    rules = []
    for face, texts in sorted(used.items()):
        font = base64.b64encode(_cut(font_file(face), "".join(sorted(set().union(*texts))))).decode()
        style = "".join(f"{name}:{value};" for name, value in STYLES[face].items())
        rules.append(f"@font-face{{font-family:'{FAMILY}';{style}src:url(data:font/woff;base64,{font})}}")
    return "".join(rules)


@cache
def _characters(file: Path) -> frozenset[str]:
    with TTFont(file) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def _font(file: Path, level: int) -> bytes:
    """The whole font, that with Latin letters, that with usual ones."""
    if not level:
        return file.read_bytes()
    return _subset(_font(file, level - 1), "".join(map(chr, sorted((_LATIN, _USUAL)[level - 1]))), None)


@lru_cache(maxsize=64)
def _cut(file: Path, letters: str) -> bytes:
    return _subset(_font(file, sum(each.issuperset(map(ord, letters)) for each in (_LATIN, _USUAL))), letters, "woff")


def _subset(font: bytes, letters: str, flavor: str | None) -> bytes:
    from fontTools import subset  # slow to import, and only a figure that is drawn needs it

    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, name_IDs=[], recalc_timestamp=False, recalc_bounds=False
    )
    options.drop_tables += _UNUSED
    with TTFont(io.BytesIO(font), recalcTimestamp=False, recalcBBoxes=False) as whole:
        for table in _UNUSED:
            if table in whole:
                del whole[table]
        cutter = subset.Subsetter(options)
        cutter.populate(text=letters)
        cutter.subset(whole)
        whole.flavor = flavor
        made = io.BytesIO()
        whole.save(made, reorderTables=None)
    return made.getvalue()
