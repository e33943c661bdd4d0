"""What the printed book alone shows, and what is for screens alone, written as Quarto writes it.

`::: {.content-visible when-format="typst"}` is in print only, `::: {.content-visible unless-format="typst"}` on
screens only: site and EPUB.  The Word file, a draft of what is printed, has what is in print.
"""

from __future__ import annotations

from dataclasses import replace

from clss_analysis.publish.crossref import Page
from clss_analysis.publish.tree import Node, rewrite, value_of
from clss_analysis.runs.markdown import CLASS, PRINT

PAPER = ("pdf", "docx")
"""Formats that have what is in print."""


def shown(page: Page, *, printed: bool) -> Page:
    """A chapter as the printed book and the Word file have it, or as site and EPUB have it."""

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Div" or CLASS not in node["c"][0][1]:
            return None
        when = value_of(node["c"][0], "when-format") == PRINT
        return list(node["c"][1]) if when == printed else []

    return replace(page, blocks=rewrite(page.blocks, change))


def answered(page: Page) -> Page:
    """A chapter without the headings under which nothing is left; the PDF does so sheet by sheet."""
    kept: list[Node] = []
    for block in reversed(page.blocks):
        after = kept[-1] if kept else None
        bare = block["t"] == "Header" and (after is None or (after["t"] == "Header" and after["c"][0] <= block["c"][0]))
        kept += [] if bare else [block]
    return replace(page, blocks=kept[::-1])
