"""The same questions as a form for KoboToolbox or ODK."""

from __future__ import annotations

from pathlib import Path


def write_form(path: str | Path, lang: str = "fr") -> None:
    """Write the form."""
    raise NotImplementedError(path, lang)
