"""Make the shipped fonts from Adobe's: `python -m clss_analysis.fonts SourceSans3-*.ttf SourceSerif4-*.ttf`."""

import sys
from io import BytesIO
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
FACES = {
    "serif": "ClssSerif-Regular.ttf",
    "serif-italique": "ClssSerif-It.ttf",
    "serif-gras": "ClssSerif-Semibold.ttf",
    "sans": "ClssSans-Regular.ttf",
    "sans-gras": "ClssSans-Semibold.ttf",
}
RANGES = ((0x20, 0x17F), (0x2010, 0x206F), (0x2190, 0x2193))  # code points: Latin letters, punctuation, arrows
SINGLE = (0x20AC, 0x2116, 0x2122, 0x2212, 0x2248, 0x2264, 0x2265, 0x21A9, 0x25A0, 0x25CF, 0x2713)
"""Code points: euro, numero, trademark, signs of mathematics, marks of figures."""
PACKED_BY_HARFBUZZ = "fontTools.ttLib.tables.otBase:USE_HARFBUZZ_REPACKER"
"""What fontTools does where HarfBuzz is there, whose versions pack differently: the shipped faces are not."""
COPYRIGHT = (0, 7, 13, 14)
"""Entries of the name table that the licence asks to be kept: copyright, trademark, licence, its address."""


def trim(source: Path) -> Path:
    """Write the trimmed and renamed font beside this file."""
    features = FEATURES["Serif" if "Serif" in source.name else "Sans"]
    options = Options(layout_features=features, hinting=False, glyph_names=True, name_IDs=["*"])
    with TTFont(source, recalcTimestamp=False) as font:
        font.cfg[PACKED_BY_HARFBUZZ] = False
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=font.getBestCmap())
        subsetter.subset(font)
        _unglue(font)
        for record in font["name"].names:
            if record.nameID not in COPYRIGHT:
                record.string = _renamed(record.toUnicode())
        target = HERE / _renamed(source.name)
        font.save(target)
    return target


def _unglue(font: TTFont) -> None:
    """Take out what draws l·l as the one letter of Catalan: in « professionnel·les » the dot stands between two."""
    tables = [font[name].table.LookupList.Lookup for name in ("GSUB", "GPOS")]
    for rules in [
        getattr(each, "ExtSubTable", each) for table in tables for lookup in table for each in lookup.SubTable
    ]:
        for made in getattr(rules, "ligatures", {}).values():
            made[:] = [each for each in made if "periodcentered" not in each.Component]
        if any("periodcentered" in cover.glyphs for cover in getattr(rules, "InputCoverage", ())):
            rules.PosLookupRecord, rules.PosCount = [], 0


def for_screens(face: str) -> bytes:
    """A face as WOFF with the letters that French, Dutch and English need, punctuation and the usual signs."""
    features = ["kern", "liga", "locl", "ccmp", "mark", "onum", "lnum"]
    options = Options(layout_features=features, hinting=False, notdef_outline=True, recalc_timestamp=False)
    wanted = [code for first, last in RANGES for code in range(first, last + 1)]
    with TTFont(HERE / FACES[face], recalcTimestamp=False) as font:
        font.cfg[PACKED_BY_HARFBUZZ] = False
        cutter = Subsetter(options)
        cutter.populate(unicodes=[*wanted, *SINGLE])
        cutter.subset(font)
        font.flavor = "woff"
        made = BytesIO()
        font.save(made)
    return made.getvalue()


def _renamed(text: str) -> str:
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return text


if __name__ == "__main__":
    for name in sys.argv[1:]:
        trim(Path(name))
    for face in FACES:
        (HERE / f"{face}.woff").write_bytes(for_screens(face))
