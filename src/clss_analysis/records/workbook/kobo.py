"""A KoboToolbox or ODK export of the form, read as a workbook."""

from __future__ import annotations

from clss_analysis.records.workbook.opening import RawSheet
from clss_analysis.records.workbook.pages import Pages


def is_kobo(raw: list[RawSheet]) -> bool:
    """Whether the sheets are such an export."""
    return False


def read_kobo(raw: list[RawSheet], name: str) -> Pages:
    """Read it."""
    raise NotImplementedError
