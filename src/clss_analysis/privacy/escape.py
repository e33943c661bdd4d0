"""Record text made inert: whatever it holds, Pandoc reads it back as plain text."""

from __future__ import annotations

import re
import unicodedata

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SPACES = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")


def markdown(text: str) -> str:
    r"""Escape a text for Pandoc Markdown, so that no construct in it can come alive.

    Every ASCII punctuation mark is preceded by a backslash: HTML, links, images, mathematics, raw attributes,
    shortcodes, citations, footnotes, emphasis, tables, headings and lists all start with one.  Runs of white space and
    line ends become one space, control characters are left out; typographic quotes and no-break spaces stay.

    Returns:
        One line of Markdown that Pandoc reads as the literal text.

    >>> print(markdown("[clic](javascript:x) {{< include /etc/passwd >}}"))
    \[clic\]\(javascript\:x\) \{\{\< include \/etc\/passwd \>\}\}
    """
    return _PUNCTUATION.sub(r"\\\1", _plain(text))


def attribute(text: str) -> str:
    r"""Escape a text for a quoted attribute value in Pandoc Markdown, such as fig-alt="…" (quotes not included).

    No-break spaces at either end go too: Pandoc takes a quote followed by one for a bare value.

    >>> print(attribute('dit « "oui" »'))
    dit « \"oui\" »
    """
    return markdown(text).strip()


def _plain(text: str) -> str:
    kept = "".join(char for char in _SPACES.sub(" ", text) if unicodedata.category(char) not in ("Cc", "Cs"))
    return kept.strip(" ")
