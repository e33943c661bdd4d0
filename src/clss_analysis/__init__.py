"""Case records of social work into sociogenograms, relevance trees, findings and a reproducible book.

The rooms `records`, `privacy`, `measures`, `layout`, `figures` and `runs` are imported when first named,
so that reading records does not wait for matplotlib.
"""

from importlib import import_module
from types import ModuleType

from clss_analysis.records import Case, Records, read

_ROOMS = ("figures", "layout", "measures", "privacy", "records", "runs")

__all__ = ["Case", "Records", "figures", "layout", "measures", "privacy", "read", "records", "runs"]


def __getattr__(name: str) -> ModuleType:
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__} has no attribute {name}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_ROOMS])
