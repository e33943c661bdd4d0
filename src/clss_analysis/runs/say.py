"""A sentence with values of the records in it."""

from __future__ import annotations

from IPython.display import Markdown

from clss_analysis.privacy import escape


def shown(text: str) -> Markdown:
    """A text that a notebook shows as formatted Markdown; what the records say in it is escaped already."""
    return Markdown(text)  # type: ignore[no-untyped-call]  # IPython is untyped


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
    return shown(text.format(**{name: escape.markdown(str(value)) for name, value in values.items()}))
