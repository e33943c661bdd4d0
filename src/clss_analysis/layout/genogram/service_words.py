"""One service as it will be written: its words broken into lines, and how high its box is."""

from __future__ import annotations

from dataclasses import dataclass

from clss_analysis.layout.text import block_size, line_height, wrap

WIDTH = 29.0
SIZE, SUB_SIZE, NAME_SIZE = 8.0, 7.0, 7.5
OTHER_HALF = 4.6
_INNER = WIDTH - 3.2


@dataclass(frozen=True, slots=True)
class Service:
    """A service, professional or other person, with its words broken into lines; sizes in millimetres.

    `place` is the side of the family at which it is wished to stand: left, right, above, below.
    """

    id: str
    kind: str
    institution: str | None
    lines: tuple[str, ...]
    sub: tuple[str, ...]
    height: float
    place: str | None = None


def service(
    actor: str, words: str, kind: str, institution: str | None, *, grouped: bool, lang: str, place: str | None = None
) -> Service:
    """A service as it will be written: its name, and its institution under it where no frame says so."""
    if kind == "other_person":
        lines = wrap(words, WIDTH - 2, SIZE, lang=lang)
        return Service(actor, kind, None, lines, (), 2 * OTHER_HALF + 0.8 + block_size(lines, SIZE)[1], place)
    lines = wrap(words, _INNER, SIZE, "semibold", lang)
    said = institution and not grouped and institution != words
    sub = wrap(institution, _INNER, SUB_SIZE, "italic", lang) if institution and said else ()
    height = len(lines) * line_height(SIZE) + len(sub) * line_height(SUB_SIZE) + 3.4
    return Service(actor, kind, institution, lines, sub, max(height, 9.0), place)
