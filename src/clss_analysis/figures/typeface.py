"""The shipped typeface in a figure that is opened alone: what of a text it can show, and the letters embedded."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz as harfbuzz

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
        rules.append(f"@font-face{{font-family:'{FAMILY}';{style}src:url(data:font/ttf;base64,{font})}}")
    return "".join(rules)


@cache
def _characters(file: Path) -> frozenset[str]:
    return frozenset(map(chr, _font(file).unicodes))


@lru_cache(maxsize=64)
def _cut(file: Path, letters: str) -> bytes:
    asked = harfbuzz.SubsetInput()
    asked.flags |= harfbuzz.SubsetFlags.NO_HINTING | harfbuzz.SubsetFlags.NOTDEF_OUTLINE
    asked.unicode_set.update(map(ord, letters))
    asked.name_id_set.clear()
    asked.drop_table_tag_set.update(int.from_bytes(name.encode(), "big") for name in _UNUSED)
    blob = harfbuzz.subset(_font(file), asked).blob
    return bytes(blob.data)


@cache
def _font(file: Path) -> Any:  # noqa: ANN401  # the library has no types
    return harfbuzz.Face(harfbuzz.Blob.from_file_path(file))
