"""The sociogenogram as a series of months."""

from __future__ import annotations

from collections.abc import Sequence

from clss_analysis.figures import ink
from clss_analysis.figures.ink import Drawing
from clss_analysis.figures.kinds.sociogenogram import whole
from clss_analysis.figures.slider import sociogenogram_slider
from clss_analysis.layout.genogram.series import sociogenogram_series_sheets
from clss_analysis.layout.kinds import Kind
from clss_analysis.records import Case

KIND = Kind(per_case=True)


def draw(case: Case, months: Sequence[str] | None = None) -> Drawing:
    """One household month by month: everyone keeps their place, what came and what went is marked.

    Args:
        case: the household.
        months: YYYY-MM each; default: intake, the months in which most changes (at most six), closing.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.  Of a series that takes several
        sheets it is the first, and `following` has the others.

    Raises:
        NothingToDrawError: nothing that changes the picture has a month.
        ValueError: one of `months` is no month.

    >>> import clss_analysis as clss
    >>> clss.figures.sociogenogram_series(clss.read("data/publication").case("C1")).geometry.quality["moved"]
    0.0
    """
    lang = case.lang
    told = whole(case, lang)
    first, *rest = (ink.draw(sheet) for sheet in sociogenogram_series_sheets(case, months, lang=lang, whole=told))
    first.following = tuple(rest)
    first.inline = sociogenogram_slider(case, months, lang=lang, whole=told)
    return first
