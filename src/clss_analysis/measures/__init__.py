"""What we count: co-occurrence and association, durations, courses, configurations, networks, codings, completeness."""

from typing import Any

import lazy_loader as lazy

_member, __dir__, __all__ = lazy.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a function, a class, a module
    """A measure, whose results are known when a table shows them."""
    from types import FunctionType

    member = _member(name)
    if not isinstance(member, FunctionType):
        return member
    from clss_analysis.privacy.origin import remembered

    globals()[name] = known = remembered(member)
    return known
