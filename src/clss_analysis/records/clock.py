"""The only place that asks what day it is."""

from datetime import date


def this_month() -> str:
    """The month of whoever works on this machine, as tables write it.

    >>> len(this_month())
    7
    """
    return f"{date.today():%Y-%m}"  # noqa: DTZ011 - that of whoever works here


def has_ended(until: str) -> bool:
    """Whether a consent with this last month has ended.

    Args:
        until: the last month, YYYY-MM; empty for a consent without end.

    >>> has_ended(this_month()), has_ended("2001-01"), has_ended("")
    (False, True, False)
    """
    return "" < until < this_month()


def is_to_come(granted: str) -> bool:
    """Whether a consent with this first month, YYYY-MM, does not hold yet; one that says none does.

    >>> is_to_come(this_month()), is_to_come("2999-01"), is_to_come("")
    (False, True, False)
    """
    return granted > this_month()
