"""What the printed book alone shows, and what is for screens alone, as Quarto writes it."""

from __future__ import annotations

CLASS = "content-visible"
PRINT = "typst"  # the format that Quarto makes its printed book with
UNLESS_PRINT = f'unless-format="{PRINT}"'


def on_screens(markdown: str) -> str:
    """A piece of Markdown that site, EPUB and Word file show and the printed book leaves out.

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
