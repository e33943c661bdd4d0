"""Where what a notebook shows comes from: measures, and rows of households that may be told, known by their content.

A frame bears no mark of its own that would be trusted: what a measure gave is kept here as it was given, and a table
is looked for in it cell by cell when it is shown.  A notebook is code of who runs it, in the same process as this:
what was altered is found, somebody who sets out to forge is not held off.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, wraps
from itertools import chain, islice, product
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from clss_analysis.privacy.gate import Clearance, clear
from clss_analysis.records import Case, Records, message, read
from clss_analysis.records.faults import InvalidRecordsError, NotClearedError
from clss_analysis.records.schema import table_names
from clss_analysis.records.tables import fingerprint

_MOST = 500  # frames that are kept of one process, the newest: a notebook asks for some dozens
_TRIES = 4096  # ways to read renamed columns as those of one frame before it is taken for none
_SEEN: dict[str, Clearance] = {}
P = ParamSpec("P")
R = TypeVar("R")


def require_as_read(records: Records) -> Clearance | None:
    """What `cleared_as_read` gives; stops where some may only be counted and the records are no part of what was read.

    Raises:
        NotClearedError: they are not.
    """
    whole = cleared_as_read(records)
    if whole is None and any(each.counted for each in _seen(records)):
        raise NotClearedError(message("privacy_rows_changed"))
    return whole


def cleared_as_read(records: Records) -> Clearance | None:
    """The clearance of the dataset that these records were read of; None where they are no part of it as it was read.

    They are all of it, a household or others that may be told, or what may be told of it.
    """
    return next((whole for whole in _seen(records) if _is_part(records, whole)), None)


def _seen(records: Records) -> list[Clearance]:
    """The clearance of the dataset of these records, kept for what is shown later; none where it is not cleared."""
    try:
        whole = _cleared(records.folder, fingerprint(records.folder)) if records.folder is not None else None
    except (NotClearedError, InvalidRecordsError, OSError):
        return []
    if whole is None:
        return []
    _SEEN[whole.records.content] = whole
    return [whole]


def _is_part(records: Records, whole: Clearance) -> bool:
    case = records.id if isinstance(records, Case) else None
    homes = set(records.households["id"])
    if case is not None and case not in whole.told:
        return False
    if whole.covers(case, records.content):
        return True
    return homes <= whole.told and records.content == whole.records.among(homes).content


@lru_cache(maxsize=4)
def _cleared(folder: Path, _content: str) -> Clearance:
    return clear(read(folder))


@dataclass(frozen=True, eq=False)
class _Given:
    """A frame as a function gave it, and the records and frames that this was made of, as they were then."""

    frame: pd.DataFrame
    of: tuple[Records | pd.DataFrame, ...]

    @cached_property
    def content(self) -> str:
        return _content(self.frame)

    @cached_property
    def sound(self) -> bool:
        """Whether it was made of nothing but records as read and of frames that are sound themselves."""
        return bool(self.of) and all(map(is_given, self.of))

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Its cells with the names of households beside their ids; none where a household may only be counted."""
        frame = self.frame if isinstance(self.frame.index, pd.RangeIndex) else self.frame.reset_index()
        if "household" not in frame.columns:
            return frame
        if any(frame["household"].isin(each.counted).any() for each in _SEEN.values()):
            return frame.iloc[:0]
        homes = pd.concat([each.records.households for each in _SEEN.values()]).set_index("id")["label"].to_dict()
        return frame.assign(**{"household label": frame["household"].map(homes)})


_GIVEN: deque[_Given] = deque(maxlen=_MOST)


@cache
def remembered(made: Callable[P, R]) -> Callable[P, R]:
    """The same function; the frames that it gives are known when they are shown."""

    @wraps(made)
    def remembering(*args: P.args, **options: P.kwargs) -> R:
        of = [each if isinstance(each, Records) else _framed(each) for each in (*args, *options.values())]
        result = made(*args, **options)
        frame = _framed(result)
        if frame is not None:
            _GIVEN.append(_Given(frame, tuple(each for each in of if each is not None)))
        return result

    return remembering


def is_given(thing: Any) -> bool:  # noqa: ANN401 - records, a frame or a network
    """Whether this is as it was read, or as a function whose results are known gave it, with all that it says."""
    if isinstance(thing, Records):
        return cleared_as_read(thing) is not None
    content = _content(_framed(thing))
    return any(each.content == content and each.sound for each in reversed(_GIVEN))


def is_drawn(frame: pd.DataFrame) -> bool:
    """Whether each row of a frame is one of a frame that was given, or of a household that may be told.

    Columns may be left out, rows left out and sorted, numbers rounded; columns of a measure renamed, but not those of
    a household, whose orders and ages would pass for counts.
    """
    return any(each.sound and _holds(each.lines, frame) for each in reversed(_GIVEN)) or any(
        _holds(rows, frame, renamed=False) for rows in _told(set(frame.columns))
    )


def is_written(frame: pd.DataFrame) -> bool:
    """Whether rows, names of columns and `.attrs` of a frame are those of one that was given, or of who may be told."""
    if frame.columns.empty:
        return False
    given = (each for each in reversed(_GIVEN) if each.sound)
    like = (each.lines for each in given if not frame.attrs or repr(frame.attrs) == repr(each.frame.attrs))
    told = () if frame.attrs else _told(set(frame.columns))
    return any(_holds(rows, frame, renamed=False) for rows in chain(like, told))


def _told(columns: set[str]) -> Iterator[pd.DataFrame]:
    """The tables that may have these columns, of the households that may be told."""
    for told in (each.told_records for each in _SEEN.values()):
        names = (name for name in table_names() if columns <= {field["name"] for field in told.fields(name)})
        yield from map(told.table, names)


def _framed(thing: Any) -> pd.DataFrame | None:  # noqa: ANN401 - whatever a function takes or gives
    """A copy of a frame, or of the nodes of a network as one."""
    if isinstance(thing, pd.DataFrame):
        return thing.copy()
    if not hasattr(thing, "nodes"):
        return None
    frame = pd.DataFrame([about for _, about in thing.nodes(data=True)])
    frame.attrs = dict(thing.graph)
    return frame


def _content(frame: pd.DataFrame | None) -> str:
    if frame is None:
        return ""
    return f"{frame.attrs!r}\n{frame.dtypes.to_dict()!r}\n" + frame.to_csv(na_rep="\0")


def _holds(source: pd.DataFrame, frame: pd.DataFrame, *, renamed: bool = True) -> bool:
    if not renamed and not set(frame.columns) <= set(source.columns):
        return False
    columns = [_columns_like(source if renamed else source[[name]], str(name), frame[name]) for name in frame.columns]
    rows = Counter(zip(*(found[0] for found in columns), strict=True))
    return any(
        rows <= Counter(zip(*chosen, strict=True)) for chosen in islice(product(*(each[1] for each in columns)), _TRIES)
    )


def _columns_like(source: pd.DataFrame, name: str, wanted: pd.Series) -> tuple[list[Any], list[list[Any]]]:
    """The cells of a column, and the columns of a source, rounded alike, that have them: the one of its name alone."""
    numbers = [float(each) for each in wanted if isinstance(each, float) and each == each]
    places = next((n for n in range(12) if all(round(each, n) == each for each in numbers)), 12)
    cells = [_key(each, places) for each in wanted]
    like = {str(each): [_key(cell, places) for cell in source[each]] for each in source.columns}
    found = {each: column for each, column in like.items() if set(cells) <= set(column)}
    return cells, [found[name]] if name in found else list(found.values())


def _key(value: Any, places: int) -> object:  # noqa: ANN401 - a cell
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    number = pd.api.types.is_number(value) and not pd.api.types.is_bool(value)
    return round(float(value), places) if number else str(value)
