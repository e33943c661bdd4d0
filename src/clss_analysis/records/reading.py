"""A dataset folder, checked and then read."""

from __future__ import annotations

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
    if _held and (held := _held.get(_content(Path(folder)))):
        return held
    faults, sheets = checked(Path(folder))
    if faults:
        raise InvalidRecordsError(faults)
    return load(Path(folder), sheets)


def _content(folder: Path) -> str:
    try:
        return fingerprint(folder)
    except OSError:
        return ""
