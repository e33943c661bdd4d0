"""Case records of social work into sociogenograms, relevance trees, findings and a reproducible book.

Rooms, and the names that a room gives, are imported when first asked for, so that reading records does not wait for
matplotlib, and the command does not wait for pandas when there is nothing to do.
"""

from collections.abc import Mapping
from importlib import import_module
from sys import modules
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clss_analysis import figures, layout, measures, privacy, records, runs
    from clss_analysis.records import Case, Records, read
    from clss_analysis.runs.explorer import explore

_ROOMS = ("figures", "layout", "measures", "privacy", "records", "runs")

__all__ = ["Case", "Records", "explore", "figures", "layout", "measures", "privacy", "read", "records", "runs"]


class _Lazy(ModuleType):
    """A package that imports what it gives when it is asked for.

    A module never hides the function of the same name: `runs.keep` is the function, wherever `runs/keep.py` was
    imported first.
    """

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
        homes: Mapping[str, str] = self.__dict__["homes"]
        if name == "__version__" and self.__name__ == "clss_analysis":
            return import_module("importlib.metadata").version("clss-analysis")
        if name not in homes:
            raise AttributeError(f"module {self.__name__} has no attribute {name}")
        module = import_module(homes[name])
        value = getattr(module, name, module) if homes[name] == f"{self.__name__}.{name}" else getattr(module, name)
        self.__dict__[name] = value
        return value

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and name in self.__dict__["homes"]):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *self.__dict__["homes"]})


def lazily(package: str, homes: Mapping[str, str]) -> None:
    """Make a package import what it gives when it is asked for.

    Args:
        package: its `__name__`.
        homes: for each name that it gives, the module below the package that holds it.
    """
    module = modules[package]
    module.__dict__["homes"] = {name: f"{package}.{home}" for name, home in homes.items()}
    module.__class__ = _Lazy


lazily(
    __name__,
    {
        **{room: room for room in _ROOMS},
        "Case": "records",
        "Records": "records",
        "explore": "runs.explorer",
        "read": "records",
    },
)
