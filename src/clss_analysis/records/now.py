"""The month that it is, by the calendar of the machine, and whether a consent has ended in it."""

from __future__ import annotations

from datetime import date


def this_month() -> str:
    """The month that it is for whoever works here, YYYY-MM."""
    return f"{date.today():%Y-%m}"  # noqa: DTZ011 - that of the machine


def has_ended(until: str) -> bool:
    """Whether a consent with this last month has ended.

    Args:
        until: the last month, YYYY-MM; empty for a consent without end.

    >>> has_ended(this_month()), has_ended("2001-01"), has_ended("")
    (False, True, False)
    """
    return "" < until < this_month()
