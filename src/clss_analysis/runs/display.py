"""A figure of a household or dataset, or a sentence that says why there is none."""

from __future__ import annotations

from typing import cast

from IPython.display import Markdown

from clss_analysis.records import Case, Records
from clss_analysis.records.vocabulary import first_message
from clss_analysis.runs.figure_files import keep, known_id
from clss_analysis.runs.markdown import on_screens, shown
from clss_analysis.runs.tellable import tellable


def show(kind: str, records: Records, *, aside: bool = False, out: str = "", lang: str = "fr") -> object:
    """Draw a figure and keep it; say so where the records do not tell what it would show.

    Args:
        kind: one of `figures.KINDS`.
        records: a household, for a figure per household; else a dataset.
        aside: whether it repeats what other figures of the household tell; the printed book leaves it to the screens
            then, unless the dataset gives it an id of its own.
        out: as for `keep`.
        lang: fr, nl or en.

    Returns:
        What `keep` returns, or a sentence; one about a household is for screens, since its sheet ends with what is not
        told of it.

    Raises:
        KeyError: no such kind.
    """
    from clss_analysis.figures import KINDS
    from clss_analysis.layout.page import NothingToDrawError

    def nothing(said: str) -> Markdown:
        return shown(on_screens(said) if out and isinstance(records, Case) else said)

    about = KINDS[kind].about
    empty = first_message((f"show.nothing.{kind}",), lang)
    shown_of = records if isinstance(records, Case) or about.counts else tellable(records)
    if empty and about.needs and records.table(about.needs).empty:
        return nothing(empty)
    try:
        drawing = KINDS[kind].draw(shown_of, lang=lang)
    except NothingToDrawError as reason:
        return nothing(empty or str(reason))
    kept = keep(drawing, out, records=records)
    if not (aside and out) or known_id(records, kind, drawing.geometry.case) in records.figure_ids:
        return kept
    return shown(on_screens(cast("Markdown", kept).data))
