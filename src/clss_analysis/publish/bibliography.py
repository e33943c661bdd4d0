"""The works that a book may cite, as pandoc reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from clss_analysis.publish.pandoc import PandocError, pandoc
from clss_analysis.publish.project import BookError, Project
from clss_analysis.records.faults import Fault
from clss_analysis.records.vocabulary import LANGUAGES, message

Work = Mapping[str, Any]
_SILENT = ("id", "type", "language")
_NOTES = ("note", "annote", "abstract", "keyword")
_IN_LIBRARIES = ("book", "chapter", "article-journal", "article-magazine", "article-newspaper", "paper-conference")
_OF_NAME = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix", "literal")


def works(book: Path, project: Project) -> tuple[Work, ...]:
    """The entries of the bibliography of a book, as CSL JSON; none where it has none.

    Args:
        book: the folder of its chapters.
        project: says which file it is.

    Raises:
        BookError: the file cannot be read as BibLaTeX.
    """
    if project.bibliography is None:
        return ()
    try:
        return _read((book / project.bibliography).read_bytes())
    except PandocError as error:
        raise BookError([Fault(project.bibliography, None, None, message("book_bibliography"))]) from error


@lru_cache(maxsize=8)
def _read(content: bytes) -> tuple[Work, ...]:
    return tuple(json.loads(pandoc(["--from", "biblatex", "--to", "csljson"], content)))


def language(work: Work) -> str:
    """The language of a work whose entry says one of ours (`langid`); else nothing."""
    said = str(work.get("language", ""))[:2]
    return said if said in LANGUAGES else ""


def authors(work: Work) -> list[str]:
    """Whoever made a work: persons, family name last, and bodies."""
    people = (name for field in work.values() if isinstance(field, list) for name in field if isinstance(name, Mapping))
    return [" ".join(str(name[part]) for part in _OF_NAME if part in name) for name in people]


def is_public(work: Work) -> bool:
    """Whether anybody can find a work in a library, and somebody published it or it appeared somewhere.

    A conversation, a letter, a file or a report of one's own is cited as `misc`, `unpublished`, `online` or `report`:
    what its entry says may point at somebody.

    >>> is_public({"type": "book", "publisher": "Odile Jacob"}), is_public({"type": "", "publisher": "chez elle"})
    (True, False)
    """
    return work["type"] in _IN_LIBRARIES and bool(work.get("publisher") or work.get("container-title"))


def said(work: Work) -> list[str]:
    """What an entry says that may point at somebody: its notes; of a work that no publisher answers for, everything."""
    if is_public(work):
        return [str(work[key]) for key in _NOTES if key in work]
    return [*authors(work), *(str(each) for key, each in work.items() if isinstance(each, str) and key not in _SILENT)]
