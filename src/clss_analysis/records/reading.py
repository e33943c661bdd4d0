"""A dataset folder, checked and then read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from clss_analysis.records.arguments import instance
from clss_analysis.records.faults import InvalidRecordsError
from clss_analysis.records.tables import Records, fingerprint, load
from clss_analysis.records.validation import checked

_held: dict[str, Records] = {}


def hold(records: Records) -> None:
    """Keep records that `read` gave in memory: reading the same bytes again, of whatever folder, then takes no time."""
    _held[records.sha256] = records


def read(folder: str | Path) -> Records:
    """Read a dataset: check it whole, then load its tables.

    Args:
        folder: a folder with `datapackage.json` and the CSV tables of the schema.

    Returns:
        The records, every table a pandas DataFrame.

    Raises:
        InvalidRecordsError: the dataset is not sound; its text has one line per fault.

    >>> records = read("data/publication")
    >>> records.case("Y").label
    'Madame Y'
    """
    instance("folder", folder, (str, Path), "the path of a folder")
    if _held and (content := _content(Path(folder))) in _held:
        return _there(content, Path(folder).resolve())
    faults, sheets = checked(Path(folder))
    if faults:
        raise InvalidRecordsError(faults)
    return load(Path(folder), sheets)._with(folder=Path(folder).resolve())


@lru_cache(maxsize=4)
def _there(content: str, folder: Path) -> Records:
    return _held[content]._with(folder=folder)


def _content(folder: Path) -> str:
    try:
        return fingerprint(folder)
    except OSError:
        return ""
