"""Markdown that notebooks show and books are made of: sentences with values in them, what print or screens alone show.

IPython is imported where something is shown, so that a book need not wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from clss_analysis.records import escape

if TYPE_CHECKING:
    from IPython.display import Markdown

CLASS = "content-visible"
"""What Quarto calls a division that some formats alone show."""
PRINT = "typst"
"""The format that Quarto makes its printed book with."""
WEIGHED, KEPT_AS = "weighed", "kept"
"""What is said of an output: whether its numbers may leave the house, and which files were kept until then."""
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([^`]*)$")
UNLESS_PRINT = f'unless-format="{PRINT}"'


def lines_of(markdown: str) -> Iterator[tuple[str, bool]]:
    r"""The lines of a text of Markdown, each with whether it is code: in a fenced block, or a fence of one.

    >>> list(lines_of("a\n~~~\n# b\n~~~"))
    [('a', False), ('~~~', True), ('# b', True), ('~~~', True)]
    """
    fence = ""
    for raw in markdown.split("\n"):
        line = raw.rstrip("\r")
        mark = FENCE.match(line)
        yield line, bool(fence or mark)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not mark[2]:
            fence = ""


KEPT: dict[str, str] = {}
"""File that `keep` left → SHA-256 of it; each output says it, since a notebook cannot take back what it has shown."""


def shown(text: str, *, weighed: bool | None = True) -> Markdown:
    """A text that a notebook shows as formatted Markdown; what the records say in it is escaped already.

    Args:
        text: the Markdown.
        weighed: whether the ledger weighed its numbers, or they are of what may be told; the inspection asks.  None of
            a table whose cells were not looked at by anybody.
    """
    from IPython.display import Markdown

    said = {} if weighed is False else {WEIGHED: bool(weighed)}
    return Markdown(text, metadata=said | ({KEPT_AS: dict(KEPT)} if KEPT else {}))  # type: ignore[no-untyped-call]  # IPython is untyped


def say(text: str, **values: object) -> Markdown:
    r"""Markdown of a sentence whose places are filled with escaped values.

    Args:
        text: Markdown written by the author of the notebook, with `{name}` where a value goes.
        values: what the records say; whatever they hold, it comes out as plain text.

    Returns:
        What a notebook shows as formatted text.

    Raises:
        KeyError: a place without its value.

    >>> say("Le ménage **{label}**", label="A*B").data
    'Le ménage **A\\*B**'
    """
    return shown(text.format(**{name: escape.markdown(str(value)) for name, value in values.items()}), weighed=False)


def on_screens(markdown: str) -> str:
    """A piece of Markdown that site and EPUB show and the printed book and the Word file leave out.

    >>> print(on_screens("Un curseur."))
    ::: {.content-visible unless-format="typst"}
    <BLANKLINE>
    Un curseur.
    <BLANKLINE>
    :::
    """
    return f"::: {{.{CLASS} {UNLESS_PRINT}}}\n\n{markdown}\n\n:::"


def in_print(markdown: str) -> str:
    """A piece of Markdown that the printed book alone shows."""
    return f'::: {{.{CLASS} when-format="{PRINT}"}}\n\n{markdown}\n\n:::'
