"""What a REFI-QDA project says of codes and coded texts, before it is records."""

from __future__ import annotations

from dataclasses import dataclass, field

from clss_analysis.records.exchange.found import Tally

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
INTERNAL = "internal://"
ORIGIN = "clss-analysis"


@dataclass(frozen=True)
class QdaCode:
    """A code by its key in the file, under its parent's key, empty at the top."""

    key: str
    parent: str
    name: str
    description: str


@dataclass(frozen=True)
class QdaSelection:
    """A passage of a source: code points from `start` up to, and without, `end`, with (code, user) for each coding."""

    start: int
    end: int
    codings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class QdaSource:
    """A text with its passages; `case` is the key of the one case that holds it, empty where none or several do."""

    key: str
    text: str
    selections: tuple[QdaSelection, ...]
    case: str


@dataclass(kw_only=True)
class QdaProject:
    """Everything of a project that records can hold."""

    file: str
    format: str
    codes: list[QdaCode] = field(default_factory=list)
    sources: list[QdaSource] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
