"""The volumes that a book is bound in: what each holds, what it is called, and how it speaks of the other.

The chapters that `technique` of `_variables.yml` names are the technical volume, all others the publication.  The site
is one for both; a book without that word is one volume.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clss_analysis.publish.crossref import Page
from clss_analysis.publish.edition import Edition, volume_name
from clss_analysis.publish.epub import identifier
from clss_analysis.publish.printed import PAPER, answered, shown
from clss_analysis.publish.project import Chapter
from clss_analysis.publish.source import Shelf
from clss_analysis.publish.tree import Node, identifiers, link, plain, rewrite, text
from clss_analysis.records.typography import typeset
from clss_analysis.records.vocabulary import message

_WORKS = "{#refs}"


@dataclass(frozen=True)
class Volume:
    """The chapters of a volume in order; `alone` where the book is one volume."""

    chapters: tuple[Chapter, ...]
    technical: bool = False
    alone: bool = False

    @property
    def name(self) -> str:
        """What the manifest calls it."""
        return "technique" if self.technical else "publication"

    @property
    def stem(self) -> str:
        """What the names of its files begin with."""
        return "clss-technique" if self.technical else "clss"

    def of(self, whole: Edition, ending: str) -> Edition:
        """What stands on its cover and colophon, the file of the other volume among it."""
        if self.alone:
            return whole
        other = replace(self, technical=not self.technical)
        name, file = volume_name(whole.around, technical=other.technical), f"{other.stem}.{ending}"
        key = "book_other_volume" if self.technical else "book_technical_volume"
        return replace(
            whole,
            volume=volume_name(whole.around, technical=self.technical),
            other=typeset(message(key, whole.around, name=name, file=file), whole.around),
            made=whole.made if self.technical else (),
            identifier=identifier(whole.identifier) if self.technical else whole.identifier,
        )


def divide(chapters: tuple[Chapter, ...], shelf: Shelf) -> tuple[Volume, ...]:
    """The volumes of these chapters; both end with the chapter of the works cited where only one has it."""
    technical = tuple(chapter for chapter in chapters if chapter.technical)
    told = tuple(chapter for chapter in chapters if not chapter.technical)
    if not (technical and told):
        return (Volume(chapters, alone=True),)
    works = [each for each in told if _WORKS in (shelf.read(each.file) or "")]
    own = any(_WORKS in (shelf.read(each.file) or "") for each in technical)
    return Volume(told), Volume((*technical, *(() if own else works)), technical=True)


def pages_in(volumes: Mapping[Volume, Sequence[Page]], ending: str, lang: str = "fr") -> dict[Volume, list[Page]]:
    """The chapters of each volume as a format has them, each reference leading where its target is.

    Figures and tables keep the number that they have on screens, so that readers of both speak of the same one.  What
    the other volume has is told by number and volume, with a link to its file; what is not printed, by number and
    where it is.
    """
    told = {volume: [shown(page, printed=ending in PAPER) for page in pages] for volume, pages in volumes.items()}
    if ending == "docx":
        told = {volume: [answered(page) for page in pages] for volume, pages in told.items()}
    known = frozenset().union(*map(_ids, volumes.values()))
    held = {volume: _ids(pages) for volume, pages in told.items()}

    def placed(volume: Volume) -> list[Page]:
        def change(node: Node) -> list[Node] | None:
            name = node["c"][2][0].removeprefix("#") if node["t"] == "Link" else ""
            if name not in known or name in held[volume]:
                return None
            other = next((each for each in held if name in held[each]), None)
            words = elsewhere(plain(node["c"][1]), other, lang)
            if other is None or ending == "epub":  # an EPUB may point at nothing beside it
                return [text(words)]
            return [link([text(words)], f"{other.stem}.{ending}", "renvoi")]

        return [replace(page, blocks=rewrite(page.blocks, change)) for page in told[volume]]

    return {volume: placed(volume) for volume in told}


def elsewhere(words: str, volume: Volume | None, lang: str = "fr") -> str:
    """A reference to what another volume has, or the site alone.

    >>> elsewhere("figure 31", Volume((), technical=True))
    'figure 31, volume technique'
    """
    if volume is None:
        return f"{words}, {message('book_on_screens', lang)}"
    return f"{words}, {message('book_in_technical' if volume.technical else 'book_in_publication', lang)}"


def _ids(pages: Sequence[Page]) -> frozenset[str]:
    return frozenset(name for page in pages for name in identifiers(page.blocks))
