"""What the printed book alone shows, and what is for screens alone, written as Quarto writes it.

`::: {.content-visible when-format="typst"}` is in print only, `::: {.content-visible unless-format="typst"}` on
screens only: site, EPUB and Word file.
"""

from __future__ import annotations

from dataclasses import replace

from clss_analysis.publish.crossref import Page
from clss_analysis.publish.tree import Node, identifiers, plain, rewrite, text, value_of
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.markdown import CLASS, PRINT


def for_print(pages: list[Page]) -> list[Page]:
    """The chapters as the printed book has them.

    Figures and tables keep the number that they have on screens, so that readers of both speak of the same one; a
    reference to one that is not printed says where it is and links nowhere.
    """
    shown = [_shown(page, printed=True) for page in pages]
    gone = _ids(pages) - _ids(shown)
    return [replace(page, blocks=rewrite(page.blocks, lambda node: _elsewhere(node, gone))) for page in shown]


def for_screens(pages: list[Page]) -> list[Page]:
    """The chapters as site, EPUB and Word file have them: whole, without what only paper needs."""
    return [_shown(page, printed=False) for page in pages]


def _shown(page: Page, *, printed: bool) -> Page:
    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Div" or CLASS not in node["c"][0][1]:
            return None
        when = value_of(node["c"][0], "when-format") == PRINT
        return list(node["c"][1]) if when == printed else []

    return replace(page, blocks=rewrite(page.blocks, change))


def _ids(pages: list[Page]) -> frozenset[str]:
    return frozenset(name for page in pages for name in identifiers(page.blocks))


def _elsewhere(node: Node, gone: frozenset[str]) -> list[Node] | None:
    if node["t"] != "Link" or node["c"][2][0].removeprefix("#") not in gone:
        return None
    return [text(f"{plain(node['c'][1])}, {message('book_on_screens')}")]
