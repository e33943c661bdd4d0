"""Every kind of figure, found by its module: the command, notebooks, book and documents read this list alone.

A kind is a module of `layout/kinds` (with `lay_out`, which gives the geometry of a page or of several) or of
`figures/kinds` (with `draw`, which gives the drawing).  Its name is the module's, with hyphens; what else is to be
known of it, its `KIND`.  Nothing is imported before a kind is asked for, so that listing them costs nothing.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from clss_analysis.layout.kinds import Kind
from clss_analysis.records.arguments import one_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clss_analysis.figures.ink import Drawing
    from clss_analysis.records import Records

_PACKAGE = Path(__file__).parents[1]
_KIND = re.compile(r"^KIND = (Kind\(.*\))$", re.MULTILINE)
_OPTIONS = tuple(
    inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=f"{kind} | None")
    for name, kind in (("lang", "str"), ("title", "str"), ("size", "float | str"), ("ax", "Axes"))
)
_DOCUMENTED = """    lang: fr, nl or en, for all words that are not the record's own; default: that of the records.
    title: other words over the drawing; default: those of the kind.
    size: width in millimetres, or the name of a page (a4-portrait, a4-landscape, a3-portrait, a3-landscape, 16:9) that
        the figure is enlarged or reduced to; refused where its text would be smaller than 7 pt.
    ax: axes of a figure of your own to draw on; they are returned.
"""
_RETURNS = """Returns:
    A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.  Of a figure that takes several
    pages it is the first, and `following` has the others."""


class Registered:
    """A kind of figure: its name, what is to be known of it, and the function that draws it."""

    def __init__(self, name: str, home: str) -> None:
        self.name = name
        self._home = home

    @cached_property
    def _module(self) -> ModuleType:
        return import_module(self._home)

    @cached_property
    def about(self) -> Kind:
        """Whether it is of a household or of the dataset, whether it only counts, and the rows that it needs.

        The line of its module that says so is read, for to import all of them takes half a second.
        """
        path = _PACKAGE.joinpath(*self._home.split(".")[1:]).with_suffix(".py")
        said = _KIND.search(path.read_text(encoding="utf-8"))
        call = ast.parse(said[1] if said else "Kind()", mode="eval").body
        options = call.keywords if isinstance(call, ast.Call) else []
        return Kind(**{str(each.arg): ast.literal_eval(each.value) for each in options})

    @cached_property
    def draw(self) -> Callable[..., Any]:
        """The function that `clss.figures` gives: records in, a drawing out, `lang` for another language."""
        module = self._module
        made = getattr(module, "draw", None) or module.lay_out
        shape = inspect.signature(made)

        def figure(
            records: Records,
            *args: Any,  # noqa: ANN401  # as the kind has it
            lang: str | None = None,
            title: str | None = None,
            size: float | str | None = None,
            ax: Axes | None = None,
            **options: Any,  # noqa: ANN401  # as the kind has it
        ) -> Drawing | Axes:
            from clss_analysis.records.translations import spoken  # pandas, which the words of the command do without

            self._check(records, args, options, shape)
            drawing = _drawn(made(spoken(records, lang or records.lang), *args, **options))
            if title is not None or size is not None or ax is not None:
                from clss_analysis.figures.sizes import adapted

                other = adapted(drawing, title=title, size=size, ax=ax)
                if not isinstance(other, type(drawing)):
                    return other
                drawing = other
            for page in (drawing, *drawing.following):
                page.made, page.title_given = page.geometry, title or ""
            return drawing

        asked = [*shape.parameters.values(), *_OPTIONS]
        figure.__signature__ = shape.replace(parameters=asked, return_annotation="Drawing")  # type: ignore[attr-defined]  # what `inspect` reads
        figure.__name__ = figure.__qualname__ = self.name.replace("-", "_")
        figure.__module__ = "clss_analysis.figures"
        figure.__doc__ = _documented(inspect.getdoc(made) or "")
        return figure

    def _check(self, records: object, args: tuple[Any, ...], options: dict[str, Any], shape: inspect.Signature) -> None:
        from clss_analysis.records import Case, Records

        name = self.name.replace("-", "_")
        if not isinstance(records, Records):
            raise TypeError(f"{name} draws records, such as clss.read(folder); got {type(records).__name__}")
        if self.about.per_case and not self.about.or_dataset and not isinstance(records, Case):
            raise TypeError(f"{name} draws one household: records.case(id), with an id of records.households; got all")
        for option in options:
            one_of(f"argument of {name}", option, [*list(shape.parameters)[1:], *(each.name for each in _OPTIONS)])
        try:
            shape.bind(records, *args, **options)
        except TypeError as error:
            raise TypeError(f"{name}: {error}") from None


def _drawn(made: Any) -> Drawing:  # noqa: ANN401  # a drawing, a layout, or the layouts of several pages
    from clss_analysis.figures.ink import Drawing, draw

    if isinstance(made, Drawing):
        return made
    first, *rest = map(draw, made if isinstance(made, tuple) else (made,))
    first.following = tuple(rest)
    return first


def _documented(text: str) -> str:
    """The docstring of a kind with the language among its arguments, and with what comes back."""
    text = re.sub(r"(Args:\n(?: .*\n)+)", rf"\1{_DOCUMENTED}", text, count=1)
    return text if "Returns:" in text else re.sub(r"\n\n(Raises:|>>>)", rf"\n\n{_RETURNS}\n\n\1", text, count=1)


def _found() -> dict[str, Registered]:
    homes = [(f"clss_analysis.{room}.kinds", str(_PACKAGE / room / "kinds")) for room in ("layout", "figures")]
    modules = ((home, each.name) for home, folder in homes for each in iter_modules([folder]))
    return {
        name.replace("_", "-"): Registered(name.replace("_", "-"), f"{home}.{name}")
        for home, name in sorted(modules, key=lambda pair: pair[1])
    }


KINDS = MappingProxyType(_found())
"""Every kind by its name, in alphabetical order."""
