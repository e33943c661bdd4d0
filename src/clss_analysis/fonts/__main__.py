"""Make the shipped fonts from Adobe's: `python -m clss_analysis.fonts SourceSans3-*.ttf SourceSerif4-*.ttf`.

The WOFF files of site and EPUB are cut anew from what then is there.
"""

import io
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
FEATURES = {"Sans": ["kern", "mark", "ccmp"], "Serif": ["kern", "mark", "ccmp", "liga", "locl", "onum", "lnum"]}
RENAMED = {
    "SourceSans3": "ClssSans",
    "Source Sans 3": "CLSS Sans",
    "SourceSerif4": "ClssSerif",
    "Source Serif 4": "CLSS Serif",
}
WEB_FEATURES = ["kern", "liga", "locl", "ccmp", "mark", "onum", "lnum"]
WEB_SIGNS = (0x20AC, 0x2116, 0x2122, 0x2212, 0x2248, 0x2264, 0x2265, 0x21A9, 0x25A0, 0x25CF, 0x2713)
"""Code points: euro, numero, trademark, signs of mathematics, marks of figures."""
WEB_LETTERS = (range(0x20, 0x180), range(0x2010, 0x2070), range(0x2190, 0x2194), WEB_SIGNS)
"""Code points: Latin letters, punctuation, arrows, signs."""


COPYRIGHT = (0, 7, 13, 14)
"""Entries of the name table that the licence asks to be kept: copyright, trademark, licence, its address."""


def trim(source: Path) -> Path:
    """Write the trimmed and renamed font beside this file."""
    features = FEATURES["Serif" if "Serif" in source.name else "Sans"]
    options = Options(layout_features=features, hinting=False, glyph_names=True, name_IDs=["*"])
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=font.getBestCmap())
        subsetter.subset(font)
        for record in font["name"].names:
            if record.nameID not in COPYRIGHT:
                record.string = _renamed(record.toUnicode())
        target = HERE / _renamed(source.name)
        font.save(target)
    return target


def web(font: Path) -> bytes:
    """A shipped font as WOFF, cut down to the letters that French, Dutch and English need; the same bytes each time."""
    options = Options(layout_features=WEB_FEATURES, hinting=False, notdef_outline=True, recalc_timestamp=False)
    with TTFont(font, recalcTimestamp=False) as whole:
        cutter = Subsetter(options)
        cutter.populate(unicodes=[code for codes in WEB_LETTERS for code in codes])
        cutter.subset(whole)
        whole.flavor = "woff"
        made = io.BytesIO()
        whole.save(made)
    return made.getvalue()


def _renamed(text: str) -> str:
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return text


if __name__ == "__main__":
    for name in sys.argv[1:]:
        trim(Path(name))
    for made in HERE.glob("*.woff"):
        made.write_bytes(web(made.with_suffix(".ttf")))
