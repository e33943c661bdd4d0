"""The shipped typefaces, under the SIL Open Font License 1.1.

CLSS Sans (figures, headings) and CLSS Serif (running text) are Source Sans 3 and Source Serif 4 without hinting and
without the alternate glyphs that nothing here uses: a PDF figure embeds them seven times faster.  As modified
versions they may not bear the reserved name of their origin.
"""
