"""A table of measures as a CSV file, with its units and what it leaves out in a file beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from clss_analysis.privacy import NotClearedError, clear
from clss_analysis.privacy.origin import is_written
from clss_analysis.records import Records, message
from clss_analysis.records.arguments import instance


def write_measure(frame: pd.DataFrame, path: Path | str, records: Records) -> tuple[Path, Path]:
    """Write a measure as CSV, and all that it says of itself as JSON beside it.

    Args:
        frame: what a measure gave, with its `.attrs`.
        path: of the CSV file; the sidecar has the same name, ending in `.meta.json`.
        records: the dataset it was made from, for the gate.

    Returns:
        Both paths.  Withheld and unknown cells are empty; the sidecar tells columns, units, method, how many households
        were left out and how many cells withheld.  The same frame gives the same bytes.

    Raises:
        ValueError: a path that does not end in .csv.
        NotClearedError: the gate is shut, a line is of a household that may only be counted, or, where there are such
            households, the frame is neither what a measure gave of records as they were read nor rows that may be told.
    """
    clearance = clear(records)
    instance("frame", frame, pd.DataFrame, "a DataFrame that a measure gave")
    for household in frame.get("household", []):
        clearance.require_told(str(household))
    if clearance.counted and not is_written(frame):
        raise NotClearedError(message("privacy_not_given"))
    path = Path(path)
    if path.suffix != ".csv":
        raise ValueError(f"path must end in .csv; got {path.suffix or 'no ending'}")
    meta = path.with_suffix(".meta.json")
    path.write_text(frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    about = {"columns": [str(name) for name in frame.columns], **frame.attrs}
    meta.write_text(
        json.dumps(about, ensure_ascii=False, indent=1, default=_plain, sort_keys=True) + "\n", encoding="utf-8"
    )
    return path, meta


def _plain(value: object) -> object:
    return None if pd.isna(value) else str(value)  # type: ignore[call-overload]  # any scalar
