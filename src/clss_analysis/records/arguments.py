"""What a caller may ask for, checked at the door: an error names the argument, what is allowed, and what came."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_NEAR = 0.6  # likeness from which two words may be one mistyped (difflib's own default)
_MOST = 30  # allowed words that an error lists


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
