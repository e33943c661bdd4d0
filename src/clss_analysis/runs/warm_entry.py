"""What papermill finds under the name `clss-warm`.

papermill loads its engines while it is itself being imported, so that a module which imports papermill cannot hold
one: this stands for the engine until a notebook is executed.
"""

from __future__ import annotations

from typing import Any


class _Engine:
    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the engine has
        from clss_analysis.runs import warm_engine

        return getattr(warm_engine.WarmEngine, name)


engine = _Engine()
