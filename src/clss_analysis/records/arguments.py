"""What a caller may ask for, checked at the door: an error names the argument, what is allowed, and what came."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Integral, Real
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_NEAR = 0.6  # likeness from which two words may be one mistyped (difflib's own default)
_MOST = 30  # allowed words that an error lists
Kind = TypeVar("Kind")


def one_of(argument: str, value: object, allowed: Iterable[str]) -> str:
    """The value of an argument that takes one word of several.

    Args:
        argument: its name, for the error.
        value: what the caller gave.
        allowed: what may be given.

    Raises:
        ValueError: another value; the nearest allowed ones come first.

    >>> one_of("event", "eviction", ("rehousing", "eviction"))
    'eviction'
    >>> one_of("event", "evicted", ("rehousing", "eviction"))
    Traceback (most recent call last):
    ...
    ValueError: event must be one of eviction, rehousing; got evicted
    """
    words = tuple(allowed)
    if isinstance(value, str) and value in words:
        return value
    raise ValueError(f"{argument} must be one of {nearest_first(value, words)}; got {value}")


def nearest_first(value: object, allowed: Iterable[str]) -> str:
    """What is allowed in one line, the words most like a value, or holding it, first, at most thirty of them."""
    words = list(allowed)
    near = get_close_matches(str(value), words, n=3, cutoff=_NEAR)
    parts = [word for word in words if str(value) and str(value) in word]
    listed = list(dict.fromkeys([*near, *parts, *words]))
    return ", ".join(listed[:_MOST]) + (" …" if len(listed) > _MOST else "")


def instance(argument: str, value: object, kind: type[Kind] | tuple[type[Kind], ...], told: str) -> Kind:
    """The value of an argument that must be of a kind; `told` says of which, for the error.

    Raises:
        TypeError: another kind of value.

    >>> instance("frame", "a", dict, "a mapping")
    Traceback (most recent call last):
    ...
    TypeError: frame must be a mapping; got str
    """
    if isinstance(value, kind):
        return value
    raise TypeError(f"{argument} must be {told}; got {type(value).__name__}")


def row_of(argument: str, value: object, kind: type = object) -> np.ndarray:
    """The value of an argument that is a list, an array or a Series, as an array of a kind.

    Raises:
        TypeError: anything else, a table, or values of another kind.

    >>> row_of("months", [3, 5], float)
    array([3., 5.])
    >>> row_of("months", "abc", float)
    Traceback (most recent call last):
    ...
    TypeError: months must be a list, an array or a Series of float; got str
    """
    import numpy as np

    try:
        told: np.ndarray = np.asarray(value, dtype=kind)
    except (TypeError, ValueError):
        told = np.empty(())
    if told.ndim != 1:
        raise TypeError(
            f"{argument} must be a list, an array or a Series of {kind.__name__}; got {type(value).__name__}"
        )
    return told


def share(argument: str, value: float, *, whole: bool = False) -> float:
    """The value of an argument that is a share: above 0 and below 1, or 0 and 1 too where `whole`.

    Raises:
        ValueError: another number, such as one of percent, or none.

    >>> share("level", 95)
    Traceback (most recent call last):
    ...
    ValueError: level must be above 0 and below 1; got 95
    """
    if isinstance(value, Real) and (0 < value < 1 or (whole and value in (0, 1))):
        return value
    raise ValueError(f"{argument} must be {'from 0 to 1' if whole else 'above 0 and below 1'}; got {value}")


def least(argument: str, value: int, fewest: int) -> int:
    """The value of an argument that is a whole number, and not below the fewest.

    Raises:
        ValueError: another value.

    >>> least("draws", -1, 0)
    Traceback (most recent call last):
    ...
    ValueError: draws must be 0 or more, a whole number; got -1
    """
    if isinstance(value, Integral) and value >= fewest:
        return int(value)
    raise ValueError(f"{argument} must be {fewest} or more, a whole number; got {value}")


def month(argument: str, value: object) -> pd.Period:
    """A month given as YYYY-MM, or as a period.

    Raises:
        ValueError: the text is no month.

    >>> str(month("date", "2023-12"))
    '2023-12'
    """
    import pandas as pd

    try:
        return pd.Period(pd.to_datetime(str(value), format="%Y-%m"), freq="M")
    except ValueError:
        raise ValueError(f"{argument} must be a month, YYYY-MM; got {value}") from None
