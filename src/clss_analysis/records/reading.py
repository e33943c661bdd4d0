"""A dataset folder, checked and then read."""

from __future__ import annotations

from pathlib import Path

from clss_analysis.records.faults import InvalidRecordsError
from clss_analysis.records.tables import Records, load
from clss_analysis.records.validation import checked


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
    faults, sheets = checked(Path(folder))
    if faults:
        raise InvalidRecordsError(faults)
    return load(Path(folder), sheets)
