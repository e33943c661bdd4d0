"""Passages that await a decision, as the sheet of the review tells them, and decisions given back by that sheet."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from tornado.web import authenticated

from clss_analysis.desk.handlers import Answer
from clss_analysis.privacy.register import register_of
from clss_analysis.privacy.review_sheet import HEADS
from clss_analysis.privacy.reviewing import review
from clss_analysis.records import Fault, InvalidRecordsError, read
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.escape import csv_text
from clss_analysis.records.house import House
from clss_analysis.records.schema import table_names
from clss_analysis.records.vocabulary import codes, label

Passage = dict[str, Any]
_AT_ONCE = 60
"""Passages on a page; those that are left come when these are decided."""
WAYS = ("mask", "leave", "keep", "word", "all")
"""What one key does each: mask, leave as it is, keep with a reason, put a word in its place, the same everywhere."""


class Review(Answer):
    """Passages in their sentences, and what is decided about them."""

    @authenticated
    async def get(self) -> None:
        """What awaits a decision."""
        desk = self.desk
        try:
            found = await self.slowly(open_passages, desk.house, desk.lang)
            desk.count_open(found)
            faults: tuple[Fault, ...] = ()
        except InvalidRecordsError as error:
            found, faults = [], error.faults
        choices = {name: [(code, label(name, code, desk.lang)) for code in codes(name)]
                   for name in ("review_decision", "review_reason")}  # fmt: skip
        names = {str(each["id"]): each["name"] for each in desk.households()}
        keys = list(zip(WAYS, desk.say("desk.review.keys").split(), strict=True))
        self.page(
            "review.html", passages=found[:_AT_ONCE], count=len(found), faults=faults, told=desk.told, names=names,
            keys=keys, **choices,
        )  # fmt: skip
        desk.told = []

    @authenticated
    async def post(self) -> None:
        """Decide."""
        said = {
            name.partition(":")[2]: tuple(
                self.get_body_argument(f"{part}:{name.partition(':')[2]}", "")
                for part in ("decision", "reason", "word", "all")
            )
            for name in self.request.body_arguments
            if name.startswith("decision:")
        }
        try:
            self.desk.told = await self.slowly(decide_passages, self.desk.house, self.desk.lang, said)
        except InvalidRecordsError as error:
            self.desk.told = [fault.told(error.lang or self.desk.lang) for fault in error.faults]
        self.redirect("/clss/review")


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
    count = Counter(each["passage"] for each in found)
    return [{**each, "same": count[each["passage"]]} for each in found]


def decide_passages(house: House, lang: str, said: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Give decisions back: by `key` of a passage its decision, its reason, the word put in its place, and whether the
    same holds wherever these words stand.

    Returns:
        What was done and what is left, by place and kind.

    Raises:
        InvalidRecordsError: a decision will not do; nothing is changed.
    """
    rows = []
    heads, *sheet = _sheet(house, lang)
    passages = [dict(zip(HEADS, cells, strict=True)) for cells in sheet]
    own = [said.get(":".join(told[name] for name in ("hash", "start", "end")), ("",)) for told in passages]
    everywhere = {told["passage"]: each for told, each in zip(passages, own, strict=True) if each[0] and each[-1]}
    for told, each in zip(passages, own, strict=True):
        decided = each if each[0] else everywhere.get(told["passage"], ("", "", "", ""))
        decision, reason, word, _ = decided
        rows.append([*(told | {"decision": decision, "reason": reason, "word": word}).values()])
    with tempfile.TemporaryDirectory() as folder:
        path = write_file(Path(folder) / "review.csv", csv_text([heads, *rows]).encode("utf-8-sig"), PRIVATE)
        return review(house.records, apply=path, lang=lang, register=register_of(house.records))[0]


def _sheet(house: House, lang: str) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "review.csv"
        review(house.records, out=path, lang=lang, register=register_of(house.records))
        return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
