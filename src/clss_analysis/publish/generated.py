"""Fragments that the build itself writes: all households in a row, and of what the book is made."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from clss_analysis.publish.hundreds import case_pages, entrance
from clss_analysis.publish.manifest import MadeOf
from clss_analysis.publish.notions import FRAGMENT as NOTIONS
from clss_analysis.publish.notions import index_fragment
from clss_analysis.publish.project import Chapter
from clss_analysis.publish.provenance import dictionary, provenance
from clss_analysis.publish.source import Shelf, assemble, sheet_lines
from clss_analysis.records.escape import markdown
from clss_analysis.records.own_columns import OwnFields
from clss_analysis.records.typography import counted
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.fragment import shifted

PROVENANCE = "provenance.md"
_HOUSEHOLD = "menage-"
_PARTS = re.compile(r"(\d+)")


def fragments(runs: Path, of: MadeOf, lang: str, own: OwnFields) -> dict[str, str]:
    """Name and text of each fragment: menages.md, fabrication.md, dictionnaire.md, and pages of many households."""
    sheets = households(runs)
    pages = case_pages(sheets, lang)
    return {
        "dictionnaire.md": dictionary(lang, own),
        "menages.md": entrance(pages, len(sheets), lang) if pages else "\n\n".join(sheets) + "\n",
        "fabrication.md": _made_of(of, lang),
        **pages,
    }


def gathered(chapters: tuple[Chapter, ...], shelf: Shelf, of: MadeOf) -> dict[str, str]:
    """Fragments that need the other chapters to be known: where each figure comes from, and the index of notions."""
    blank = replace(shelf, generated={**shelf.generated, PROVENANCE: "", NOTIONS: ""})
    sources, _ = assemble(chapters, blank)
    shown = frozenset(name for source in sources for name in source.figures)
    printed = frozenset(name for source in sources for name in source.printed)
    return {
        PROVENANCE: provenance(of.figures, shown, printed, shelf.lang),
        NOTIONS: index_fragment((each.markdown for each in sources if not each.chapter.technical), shelf.lang),
    }


def households(runs: Path) -> list[str]:
    """The fragments of all households, A before B and 2 before 10, their headings one level up."""
    names = sorted((path.name for path in runs.glob(f"{_HOUSEHOLD}*.md")), key=_natural)
    texts = [shifted((runs / name).read_text(encoding="utf-8"), -1, least=3) for name in names]
    before, after = ("\n".join(sheet_lines(which)) for which in ("debut", "fin"))
    return [f"{before}{text.strip()}\n{after}" for text in texts]


def _made_of(of: MadeOf, lang: str) -> str:
    """A paragraph on the data, a table of the software, and a notice when something failed."""
    lines = [
        message(
            "book_made_part" if of.dataset.get("in_part") else "book_made_data",
            lang,
            name=markdown(str(of.dataset["name"])),
            sha256=re.sub(r"[^0-9A-Za-z]", "", str(of.dataset["sha256"])),
            n=len(of.figures),
        ),
        "",
        f"| {message('book_made_name', lang)} | {message('book_made_version', lang)} |",
        "|---|---|",
        *(f"| {markdown(str(name))} | {markdown(str(version))} |" for name, version in sorted(of.software.items())),
        "",
        f": {message('book_made_caption', lang)} {{#tbl-fabrication}}",
        "",
    ]
    if of.failures:
        lines += ["::: {.callout-warning}", counted("book_made_failures", len(of.failures), lang), ":::", ""]
    return "\n".join(lines)


def _natural(name: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in _PARTS.split(name)]
