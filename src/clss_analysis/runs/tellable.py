"""What of a dataset a notebook may show: without the households that may only be counted, and as it was read."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, ParamSpec

from clss_analysis.privacy import Clearance, clear
from clss_analysis.privacy.consents import Given, without_words
from clss_analysis.privacy.gate import part_of
from clss_analysis.privacy.origin import cleared_as_read, is_given
from clss_analysis.runs.markdown import shown

if TYPE_CHECKING:
    from IPython.display import Markdown

P = ParamSpec("P")
_WORD = re.compile(r"\w+")


def tellable(records: Given, clearance: Clearance | None = None) -> Given:
    """The records without any row of a household that may not be told, its consent too; rows of no household stay.

    Nor are words there that may not be quoted, nor consents that no household names: those of one that is gone, or that
    is counted as it was once.

    Args:
        records: the dataset, or one household.
        clearance: what the gate gave for it; default: what it gives now.

    Raises:
        NotClearedError: a household has no consent at all.
    """
    told = (clearance or clear(records)).told
    cleared_as_read(records)  # whose rows a table may show then
    homes = records.households
    whole = told >= set(homes["id"]) and records.consents["id"].isin(homes["consent"]).all()
    return without_words(records if whole else part_of(records, told))


def by_origin(said: Callable[P, Markdown]) -> Callable[P, Markdown]:
    """The same sentences, weighed only where what they are of is as it was read, or as a measure gave it."""

    @wraps(said)
    def saying(*args: P.args, **options: P.kwargs) -> Markdown:
        sentences = said(*args, **options)
        of = next(iter((*args, *options.values())))
        return sentences if is_given(of) else shown(sentences.data, weighed=False)

    return saying


def is_literal(words: str) -> bool:
    """Whether every word stands in quotes in a cell of the notebook that runs: what is computed may tell of somebody.

    Outside a notebook, from which nothing goes into a book, all are.
    """
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return True
    written = {word for cell in shell.user_ns.get("In", ()) for word in _quoted(cell)}
    return written.issuperset(_WORD.findall(words.lower()))


@lru_cache(maxsize=512)  # cells of a notebook
def _quoted(source: str) -> frozenset[str]:
    try:
        parts = [each.value for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Constant)]
    except SyntaxError:  # such as a command of IPython
        return frozenset()
    return frozenset(word for each in parts if isinstance(each, str) for word in _WORD.findall(each.lower()))
