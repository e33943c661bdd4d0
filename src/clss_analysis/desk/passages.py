"""Passages that await a decision, as the sheet of the review tells them, and decisions given back by that sheet."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from clss_analysis.privacy.register import register_of
from clss_analysis.privacy.review_sheet import HEADS
from clss_analysis.privacy.reviewing import review
from clss_analysis.records import read
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.house import House
from clss_analysis.records.schema import table_names

Passage = dict[str, str]


def open_passages(house: House, lang: str) -> list[Passage]:
    """What awaits a decision, by column of the sheet; `key` names a passage, `household` whose it is.

    Raises:
        InvalidRecordsError: the records are not sound, or there are none yet.
    """
    records = read(house.records)
    found = []
    for cells in _sheet(house, lang)[1:]:
        told = dict(zip(HEADS, cells, strict=True))
        told["key"] = ":".join(told[name] for name in ("hash", "start", "end"))
        home = "id" if told["table"] == "households" else "household"
        frame = records.table(told["table"]) if told["table"] in table_names() else pd.DataFrame()
        mine = frame.loc[frame["id"] == told["row"], home] if home in frame.columns else ()
        told["household"] = next((str(each) for each in mine), "")
        found.append(told)
    return found


def decide_passages(house: House, lang: str, said: Mapping[str, tuple[str, str, str]]) -> list[str]:
    """Give decisions back: by `key` of a passage its decision, its reason, and the word put in its place.

    Returns:
        What was done and what is left, by place and kind.

    Raises:
        InvalidRecordsError: a decision will not do; nothing is changed.
    """
    rows = []
    heads, *sheet = _sheet(house, lang)
    for cells in sheet:
        told = dict(zip(HEADS, cells, strict=True))
        decision, reason, word = said.get(":".join(told[name] for name in ("hash", "start", "end")), ("", "", ""))
        rows.append([*(told | {"decision": decision, "reason": reason, "word": word}).values()])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heads, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = write_file(Path(folder) / "review.csv", text.getvalue().encode("utf-8-sig"), PRIVATE)
        return review(house.records, apply=path, lang=lang, register=register_of(house.records))[0]


def _sheet(house: House, lang: str) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "review.csv"
        review(house.records, out=path, lang=lang, register=register_of(house.records))
        return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
