"""The only place that asks what day it is."""

from datetime import date


def this_month() -> str:
    """The month of whoever works on this machine, as tables write it.

    >>> len(this_month())
    7
    """
    return f"{date.today():%Y-%m}"  # noqa: DTZ011 - that of whoever works here
