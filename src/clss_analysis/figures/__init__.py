"""How things look: geometry and numbers to matplotlib figures, a function for each kind in the registry."""

from typing import TYPE_CHECKING, Any

import lazy_loader as lazy

from clss_analysis.figures.registry import KINDS

if TYPE_CHECKING:
    from clss_analysis.figures.ink import Drawing, draw, save
    from clss_analysis.figures.slider import sociogenogram_slider

_others, _, _names = lazy.attach(
    __name__, submod_attrs={"ink": ["Drawing", "draw", "save"], "slider": ["sociogenogram_slider"]}
)
__all__ = ["KINDS", "Drawing", "draw", "save", "sociogenogram_slider"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # a function of the registry, or whatever else is given
    """`clss.figures.axes` is the function of the kind `axes`; what else the room gives is imported when asked for."""
    kind = KINDS.get(name.replace("_", "-"))
    return _others(name) if kind is None else kind.draw


def __dir__() -> list[str]:
    return sorted([*_names, *(name.replace("-", "_") for name in KINDS)])
