"""Whether a dataset is made up, and not only marked so."""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

from clss_analysis.records.descriptor import SIGNATURE
from clss_analysis.records.synthetic.cohort import synthesise
from clss_analysis.records.synthetic.signature import Some, agrees, signed
from clss_analysis.records.tables import Records
from clss_analysis.records.translations import translated

_COHORT = re.compile(r"cohorte-synthetique-([1-9][0-9]?)-([0-9]{1,9})")
_MADE_UP: WeakKeyDictionary[Records, bool] = WeakKeyDictionary()


def is_made_up(records: Records) -> bool:
    """Whether a dataset is marked synthetic and every row and word of it is one that was signed as such.

    Fewer rows are made up still, a row that was edited or added is not.  Cohorts of up to 99 households that were made
    before there were signatures are made again and held against that.

    >>> import clss_analysis as clss
    >>> demo = clss.read("data/demo")
    >>> is_made_up(demo.case("S001")), is_made_up(demo.with_tables(households=demo.households.assign(label="Ménage")))
    (True, False)
    """
    if not records.synthetic:
        return False
    if records not in _MADE_UP:
        said = records.extra.get(SIGNATURE)
        if said is None and (made := _COHORT.fullmatch(records.name)):
            said = synthesise(int(made[1]), int(made[2])).extra[SIGNATURE]
        _MADE_UP[records] = agrees(records, said)
    return _MADE_UP[records]


def translate(records: Some, lang: str) -> tuple[Some, tuple[str, ...]]:
    """`translated`, which stays made up where the records are."""
    said, missing = translated(records, lang)
    return (signed(said) if said is not records and is_made_up(records) else said), missing
