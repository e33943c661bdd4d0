"""Many households: their sheets in pages of a hundred, which the site has and a bound book does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clss_analysis.publish.crossref import Page
from clss_analysis.publish.project import Chapter
from clss_analysis.publish.source import RUNS
from clss_analysis.publish.tree import Node, rewrite, span
from clss_analysis.records.vocabulary import message

PER_PAGE = 100  # sheets on a page of the site, which a browser still scrolls with ease
_STEM = "fiches-"
_ID = "sec-fiches-"


def case_pages(sheets: Sequence[str], lang: str = "fr") -> dict[str, str]:
    """Name and text of each page of a hundred sheets; none where one page holds them all.

    >>> list(case_pages(["## Madame A"] * 150))
    ['fiches-1-100.md', 'fiches-101-150.md']
    """
    starts = range(0, len(sheets), PER_PAGE) if len(sheets) > PER_PAGE else ()
    pages = {}
    for start in starts:
        some = sheets[start : start + PER_PAGE]
        first, last = start + 1, start + len(some)
        title = f"# {message('cases.page', lang, first=first, last=last)} {{#{_ID}{first}}}"
        pages[f"{_STEM}{first}-{last}.md"] = "\n\n".join([title, *some]) + "\n"
    return pages


def entrance(pages: Iterable[str], sheets: int, lang: str = "fr") -> str:
    """Where the pages of sheets are: a sentence, and a link to each."""
    items = []
    for name in pages:
        first, last = name.removeprefix(_STEM).removesuffix(".md").split("-")
        items.append(f"- [{message('cases.page', lang, first=first, last=last)}](#{_ID}{first})")
    return "\n".join([message("cases.many", lang, n=sheets, per=PER_PAGE), "", *items]) + "\n"


def appendix(generated: Iterable[str]) -> tuple[Chapter, ...]:
    """The pages of sheets among the fragments that the build made, as chapters."""
    return tuple(Chapter(RUNS + name, appendix=True) for name in generated if name.startswith(_STEM))


def bound(pages: Sequence[Page]) -> list[Page]:
    """The pages of a book that is not the site: without those of sheets, and without links to them."""
    kept = [page for page in pages if not page.chapter.file.startswith(RUNS + _STEM)]
    if len(kept) == len(pages):
        return kept
    return [Page(page.chapter, rewrite(page.blocks, _unlinked), page.headings) for page in kept]


def _unlinked(node: Node) -> list[Node] | None:
    away = node["t"] == "Link" and str(node["c"][2][0]).startswith(f"#{_ID}")
    return [span(node["c"][1])] if away else None
