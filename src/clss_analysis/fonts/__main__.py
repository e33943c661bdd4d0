"""Make the shipped fonts from Adobe's: `python -m clss_analysis.fonts SourceSans3-*.ttf SourceSerif4-*.ttf`."""

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


def _renamed(text: str) -> str:
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return text


if __name__ == "__main__":
    for name in sys.argv[1:]:
        trim(Path(name))
