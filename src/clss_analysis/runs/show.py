"""A figure of a household or dataset, or a sentence that says why there is none."""

from __future__ import annotations

from clss_analysis.records import Case, Records, message
from clss_analysis.runs.keep import keep
from clss_analysis.runs.say import shown
from clss_analysis.runs.tellable import tellable


def show(kind: str, records: Records, *, needs: str = "", out: str = "", lang: str = "fr") -> object:
    """Draw a figure and keep it; say so where the records do not tell what it would show.

    Args:
        kind: one of `figures.KINDS` or `figures.MEASURES`.
        records: a household, for a figure per household; else a dataset.
        needs: a table without whose rows the figure would say nothing that others do not say; none by default.
        out: as for `keep`.
        lang: fr, nl or en.

    Returns:
        What `keep` returns, or a sentence.

    Raises:
        KeyError: no such kind, or no such table.
    """
    from clss_analysis.figures import KINDS, MEASURES
    from clss_analysis.layout.page import NothingToDrawError

    if needs and records.table(needs).empty:
        return shown(message(f"show.nothing.{kind}", lang))
    kinds = {**KINDS, **MEASURES}
    shown_of = records if isinstance(records, Case) or kinds[kind].counts else tellable(records)
    try:
        drawing = kinds[kind].draw(shown_of, lang=lang)
    except NothingToDrawError as reason:
        return shown(str(reason) if kind in MEASURES else message(f"show.nothing.{kind}", lang))
    return keep(drawing, out, records=records)
