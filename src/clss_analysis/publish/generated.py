"""Fragments that the build itself writes: all households in a row, and of what the book is made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clss_analysis.publish.hundreds import case_pages, entrance
from clss_analysis.publish.notions import FRAGMENT as NOTIONS
from clss_analysis.publish.notions import index_fragment
from clss_analysis.publish.project import Chapter
from clss_analysis.publish.provenance import dictionary, provenance
from clss_analysis.publish.source import FENCE, Shelf, assemble, sheet_lines
from clss_analysis.records.escape import markdown
from clss_analysis.records.own_columns import OwnFields
from clss_analysis.records.typography import counted
from clss_analysis.records.vocabulary import message

PROVENANCE = "provenance.md"
_HOUSEHOLD = "menage-"
_PARTS = re.compile(r"(\d+)")


def fragments(
    runs: Path,
    dataset: Mapping[str, Any],
    software: Mapping[str, Any],
    figures: int,
    failures: Sequence[Any],
    lang: str = "fr",
    own: OwnFields = MappingProxyType({}),
) -> dict[str, str]:
    """Name and text of each fragment: menages.md, fabrication.md, dictionnaire.md, and pages of many households."""
    sheets = households(runs)
    pages = case_pages(sheets, lang)
    return {
        "dictionnaire.md": dictionary(lang, own),
        "menages.md": entrance(pages, len(sheets), lang) if pages else "\n\n".join(sheets) + "\n",
        "fabrication.md": made_of(dataset, software, figures, failures, lang),
        **pages,
    }


def gathered(
    chapters: tuple[Chapter, ...], shelf: Shelf, figures: Sequence[Mapping[str, Any]], lang: str = "fr"
) -> dict[str, str]:
    """Fragments that need the other chapters to be known: where each figure comes from, and the index of notions."""
    blank = replace(shelf, generated={**shelf.generated, PROVENANCE: "", NOTIONS: ""})
    sources, _ = assemble(chapters, blank)
    shown = frozenset(name for source in sources for name in source.figures)
    printed = frozenset(name for source in sources for name in source.printed)
    return {
        PROVENANCE: provenance(figures, shown, printed, lang),
        NOTIONS: index_fragment((each.markdown for each in sources if not each.chapter.technical), lang),
    }


def households(runs: Path) -> list[str]:
    """The fragments of all households, A before B and 2 before 10, their headings one level up."""
    names = sorted((path.name for path in runs.glob(f"{_HOUSEHOLD}*.md")), key=_natural)
    texts = [_raised((runs / name).read_text(encoding="utf-8")) for name in names]
    before, after = ("\n".join(sheet_lines(which)) for which in ("debut", "fin"))
    return [f"{before}{text.strip()}\n{after}" for text in texts]


def made_of(
    dataset: Mapping[str, Any], software: Mapping[str, Any], figures: int, failures: Sequence[Any], lang: str = "fr"
) -> str:
    """A paragraph on the data, a table of the software, and a notice when something failed."""
    lines = [
        message(
            "book_made_data",
            lang,
            name=markdown(str(dataset["name"])),
            sha256=re.sub(r"[^0-9A-Za-z]", "", str(dataset["sha256"])),
            n=figures,
        ),
        "",
        f"| {message('book_made_name', lang)} | {message('book_made_version', lang)} |",
        "|---|---|",
        *(f"| {markdown(str(name))} | {markdown(str(version))} |" for name, version in sorted(software.items())),
        "",
        f": {message('book_made_caption', lang)} {{#tbl-fabrication}}",
        "",
    ]
    if failures:
        lines += ["::: {.callout-warning}", counted("book_made_failures", len(failures), lang), ":::", ""]
    return "\n".join(lines)


def _natural(name: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in _PARTS.split(name)]


def _raised(markdown: str) -> str:
    lines: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        mark = FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not mark[2] else fence
        elif mark:
            fence = mark[1]
        elif re.match(r"#{3,6}\s", line):
            lines.append(line[1:])
            continue
        lines.append(line)
    return "\n".join(lines)
