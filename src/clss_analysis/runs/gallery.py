"""Households of the gallery: each a convention by its name, in a sentence, and the drawing that shows it."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown, display

from clss_analysis.privacy import escape
from clss_analysis.records import Case, Records
from clss_analysis.runs.say import shown
from clss_analysis.runs.show import show


def examples(records: Records, *households: str, kind: str = "sociogenogram", out: str = "", lang: str = "fr") -> None:
    """Show households one after another: name, summary, drawing.

    Args:
        records: the gallery, or any other dataset.
        households: their ids, in the order in which they are shown.
        kind: a figure per household.
        out: as for `keep`.
        lang: fr, nl or en.

    Raises:
        UnknownCaseError: no such household.
    """
    for household in households:
        case = records.case(household)
        display(_convention(case), show(kind, case, out=out, lang=lang))  # type: ignore[no-untyped-call]  # IPython


def _convention(case: Case) -> Markdown:
    summary = case.households["summary"].iloc[0]
    parts = [f"## {escape.markdown(case.label)}"]
    if pd.notna(summary):
        parts.append(escape.markdown(str(summary)))
    return shown("\n\n".join(parts))
