"""What of a dataset a notebook may show: without the households that may only be counted, and as it was read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from clss_analysis.privacy import Clearance, clear
from clss_analysis.privacy.consents import Given, without_words
from clss_analysis.privacy.gate import part_of
from clss_analysis.privacy.origin import cleared_as_read, is_given
from clss_analysis.runs.markdown import shown

if TYPE_CHECKING:
    from IPython.display import Markdown

P = ParamSpec("P")


def tellable(records: Given, clearance: Clearance | None = None) -> Given:
    """The records without any row of a household that may not be told, its consent too; rows of no household stay.

    Nor are words there that may not be quoted.

    Args:
        records: the dataset, or one household.
        clearance: what the gate gave for it; default: what it gives now.

    Raises:
        NotClearedError: a household has no consent at all.
    """
    told = (clearance or clear(records)).told
    cleared_as_read(records)  # whose rows a table may show then
    return without_words(records if told >= set(records.households["id"]) else part_of(records, told))


def by_origin(said: Callable[P, Markdown]) -> Callable[P, Markdown]:
    """The same sentences, weighed only where what they are of is as it was read, or as a measure gave it."""

    @wraps(said)
    def saying(*args: P.args, **options: P.kwargs) -> Markdown:
        sentences = said(*args, **options)
        of = next(iter((*args, *options.values())))
        return sentences if is_given(of) else shown(sentences.data, weighed=False)

    return saying
