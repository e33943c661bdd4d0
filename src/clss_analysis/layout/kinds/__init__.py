"""Kinds of figures with a geometry of their own, a module each: its `lay_out` gives the geometry of one.

A module of this folder is all that the command, the notebooks and the list of figures need to know of a new kind.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What of a kind of figure cannot be read from its function; the `KIND` of a module, where it is not the default.

    Args:
        per_case: whether it is of one household; else of the whole dataset.
        or_dataset: of a household, but the dataset has it as well when none is named.
        counts: whether it shows numbers of households only and passes them through the disclosure gate itself, so that
            it takes those too that may not be told.
        needs: a table without whose rows it would say nothing in a notebook that others do not say.
    """

    per_case: bool = False
    or_dataset: bool = False
    counts: bool = False
    needs: str = ""
