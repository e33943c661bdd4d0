"""Households of the gallery: each a convention by its name, in a sentence, and the drawing that shows it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from IPython.display import Markdown, display

from clss_analysis.privacy import clear
from clss_analysis.records import Case, Records, escape
from clss_analysis.runs.figure_files import FOLDER, keep, known_id, note
from clss_analysis.runs.markdown import on_screens, shown

VIGNETTE = ".vignette.svg"


def examples(records: Records, *households: str, kind: str = "sociogenogram", out: str = "", lang: str = "fr") -> None:
    """Show households one after another: name, summary, drawing.

    For the printed book the drawing is kept once more without title and legend, so that several stand on a page; the
    further pages of a figure are for screens alone.

    Args:
        records: the gallery, or any other dataset.
        households: their ids, in the order in which they are shown.
        kind: a figure per household.
        out: as for `keep`.
        lang: fr, nl or en.

    Raises:
        UnknownCaseError: no such household.
    """
    from clss_analysis.figures import KINDS, draw, save
    from clss_analysis.layout.cropping import crop

    for household in households:
        case = records.case(household)
        drawing = KINDS[kind].draw(case, lang=lang)
        kept = keep(drawing, out, records=case)
        if not isinstance(kept, Markdown):
            display(*_convention(case), kept)  # type: ignore[no-untyped-call]  # IPython
            continue
        name = known_id(case, kind, case.id)
        note(save(draw(crop(drawing.geometry)), Path(out) / FOLDER / f"{name}{VIGNETTE}", clear(case)))
        head, *told = (each.data for each in _convention(case))
        first, _, rest = kept.data.partition("\n\n")
        parts = [head, "::: {.exemple}", *told, first, ":::", *([on_screens(rest)] if rest else [])]
        display(shown("\n\n".join(parts)))  # type: ignore[no-untyped-call]  # IPython


def _convention(case: Case) -> list[Markdown]:
    summary = case.households["summary"].iloc[0]
    told = [] if pd.isna(summary) else [shown(escape.markdown(str(summary)))]
    return [shown(f"## {escape.markdown(case.label)}"), *told]
