"""The shipped typefaces: Source Sans 3 (figures, headings) and Source Serif 4 (running text), SIL OFL 1.1."""
