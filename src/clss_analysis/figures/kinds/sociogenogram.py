"""The sociogenogram as a figure."""

from __future__ import annotations

from functools import lru_cache

from clss_analysis.figures import ink
from clss_analysis.figures.ink import Drawing
from clss_analysis.figures.inline import inline
from clss_analysis.layout.genogram.drawing import sociogenogram as lay_out
from clss_analysis.layout.genogram.tie_table import numbered
from clss_analysis.layout.genogram.views import View
from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.kinds import Kind
from clss_analysis.records import Case

KIND = Kind(per_case=True)


def draw(
    case: Case,
    *,
    date: str | None = None,
    labels: bool = False,
    page: str | None = None,
    person: str | None = None,
    service: str | None = None,
    arrow: str | None = None,
    numbers: bool | None = None,
) -> Drawing:
    """The sociogenogram of one household.

    Args:
        case: the household.
        date: a month, YYYY-MM; only what can be active then is drawn, and nothing moves.  Default: everything.
        labels: whether arrows say what the tie is for and since which month.  Default: no.
        page: a4-portrait, a4-landscape, a3-landscape or 16:9, to fill that page, or a larger one of that shape.
            Default: as large as the drawing needs.
        person: id of a person; only the ties of this one are drawn, everybody at their place, and the caption says how
            many are left out.  Default: all ties.
        service: id of a service, professional or other person, likewise.
        arrow: a kind of arrow, likewise: living, helps, calls, working, other or unknown, as the legend has them, or
            strong, weak, tense or broken.
        numbers: whether arrows have numbers, of a table of ties that book and page show with the drawing, and that
            the command writes beside its file.  Default: where more than 60 ties are drawn.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        ValueError: `date` is no month, `page` no format, or the household has no such person, service or arrow.

    >>> import clss_analysis as clss
    >>> clss.figures.sociogenogram(clss.read("data/publication").case("Y")).geometry.kind
    'sociogenogram'
    """
    lang = case.lang
    view = View(person, service, arrow) if person or service or arrow else None
    plain = date is None and page is None and not labels and view is None
    laid = whole(case, lang) if plain else lay_out(case, lang=lang, date=date, labels=labels, page=page, view=view)
    drawing = ink.draw(numbered(laid, case, asked=numbers))
    drawing.inline = inline(drawing.geometry)
    return drawing


@lru_cache(maxsize=2)
def whole(case: Case, lang: str) -> Layout:
    """All that is told of a household, laid out once for the figures that show it: a `Case` never changes."""
    return lay_out(case, lang=lang)
