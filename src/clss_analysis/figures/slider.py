"""The sociogenogram with a slider over its months, for a page or a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from clss_analysis.figures.inline import Inline, drawing, framed
from clss_analysis.layout.genogram.changes import Course, course, heading
from clss_analysis.layout.geometry import Layout, Line, Symbol
from clss_analysis.records import Case, message
from clss_analysis.records.arguments import instance

Key = tuple[str, str, str, tuple[object, ...]]


def sociogenogram_slider(
    case: Case,
    months: Sequence[str] | None = None,
    *,
    lang: str = "fr",
    whole: Layout | None = None,
    quick: bool = False,
) -> Inline:
    """One household's sociogenogram that a slider takes from month to month; needs no library and no network.

    Everyone keeps their place; who came since the month before has a plus, what went is a dashed ghost, and a live
    region says both.  Without scripts everything told is there, with a list of what changes when.

    Args:
        case: the household.
        months: YYYY-MM each; default: every month from intake (or the month before the first change) to the last
            change or the closing, up to ten years.
        lang: fr, nl or en, for all words that are not the record's own.
        whole: the household's sociogenogram without a date, where it is laid out already.
        quick: whether the boundary of the whole stands for those of all months, which take time to lay out.

    Returns:
        What shows itself in Jupyter, and gives HTML for a page.

    Raises:
        NothingToDrawError: nothing that changes the picture has a month.
        ValueError: one of `months` is no month.

    >>> import clss_analysis as clss
    >>> "novembre 2023" in sociogenogram_slider(clss.read("data/publication").case("C1"))("C1")
    True
    """
    instance("case", case, Case, "one household: records.case(id)")
    told = course(case, months, lang=lang, every=True, whole=whole, quick=quick)
    stops = [heading(case, moment.month, lang) for moment in told.moments]
    return Inline(f"sociogenogram-series-{case.id}", lambda name: _html(name, told, stops))


def _html(name: str, told: Course, stops: list[str]) -> str:
    there: dict[Key, list[int]] = {}
    lines: dict[Key, Line] = {}
    wholes: list[Layout] = []
    for index, moment in enumerate(told.moments):
        if moment.scene.whole is not None and all(moment.scene.whole is not each for each in (told.base, *wholes)):
            wholes.append(moment.scene.whole)
        for symbol in moment.scene.symbols:
            there.setdefault(_key(symbol), []).append(index)
        for line in moment.scene.lines:
            there.setdefault(_key(line), []).append(index)
            lines[_key(line)] = line
    order = {line.id: n for n, line in enumerate(told.base.lines)}
    drawn = sorted(lines.values(), key=lambda line: (order[line.id], line.role, line.source, line.path))
    picture = drawing(told.base, name, drawn, lambda part: _ranges(there.get(_key(part), [])), wholes)
    return framed(name, told.base, picture, _steering(name, told, stops))


def _key(part: Symbol | Line) -> Key:
    """What is drawn once for all months in which it is the same."""
    if isinstance(part, Line):
        return part.id, part.role, part.source, part.path
    return part.id, part.role, "", (*part.box, *part.rows)


def _ranges(stops: list[int]) -> str:
    """Stops in order, as runs.

    >>> _ranges([0, 1, 2, 5])
    '0-2 5-5'
    """
    runs: list[list[int]] = []
    for stop in stops:
        if runs and runs[-1][1] == stop - 1:
            runs[-1][1] = stop
        else:
            runs.append([stop, stop])
    return " ".join(f"{first}-{last}" for first, last in runs)


def _steering(name: str, told: Course, stops: list[str]) -> str:
    lang, last = told.base.lang, len(stops) - 1
    changed = [n for n, moment in enumerate(told.moments) if n in (0, last) or moment.came or moment.went]
    ticks = "".join(f'<option value="{n}" label="{escape(stops[n])}"></option>' for n in changed)
    items = "".join(
        f'<li{"" if n in changed else " hidden"} data-mois="{escape(stop)}"><b>{escape(stop)}</b>'
        f" <span>{escape(moment.words)}</span></li>"
        for n, (stop, moment) in enumerate(zip(stops, told.moments, strict=True))
    )
    return (
        f'<div class="vif-mois" hidden><label for="{name}-mois">{escape(message("series.slider", lang))}</label>'
        f'<input type="range" id="{name}-mois" min="0" max="{last}" step="1" value="0" list="{name}-crans"'
        f' aria-valuetext="{escape(stops[0])}"><datalist id="{name}-crans">{ticks}</datalist>'
        f'<output for="{name}-mois">{escape(stops[0])}</output><p role="status"></p>'
        f"<p>{escape(message('series.signs', lang))}</p></div>"
        f'<details class="vif-liste"><summary>{escape(message("series.slider.words", lang))}</summary>'
        f"<ol>{items}</ol></details>"
    )
