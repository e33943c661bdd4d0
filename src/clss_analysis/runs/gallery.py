"""A page of the gallery: a convention by its name, in a sentence, before the drawing that shows it."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from clss_analysis.privacy import escape
from clss_analysis.records import Case
from clss_analysis.runs.say import shown


def convention(case: Case) -> Markdown:
    """What an example household shows: its name as a title of the first level, and its summary.

    Args:
        case: a household of `data/gallery`, or any other.

    Returns:
        The title, and a paragraph where the record has a summary.
    """
    summary = case.households["summary"].iloc[0]
    parts = [f"# {escape.markdown(case.label)}"]
    if pd.notna(summary):
        parts.append(escape.markdown(str(summary)))
    return shown("\n\n".join(parts))
