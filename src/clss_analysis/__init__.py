"""Case records of social work into sociogenograms, relevance trees, findings and a reproducible book.

Rooms, and the names that a room gives, are imported when first asked for, so that reading records does not wait for
matplotlib, and the command does not wait for pandas when there is nothing to do.
"""

from typing import Any

import lazy_loader as lazy

_given, __dir__, __all__ = lazy.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a room, what it gives, or the version
    if name == "__version__":
        from importlib.metadata import version

        return version("clss-analysis")
    return _given(name)
