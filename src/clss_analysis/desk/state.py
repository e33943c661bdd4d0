"""What an open desk knows: the draft, how its households look, what awaits a decision, what is being made."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from clss_analysis.desk.draft import Draft, full_name
from clss_analysis.desk.look import Look, drawing, drawn_of, look, verdict
from clss_analysis.desk.making import Job
from clss_analysis.layout.genogram.kept import Kept
from clss_analysis.privacy.consents import COUNTED, DRAWN, TOLD, scopes_of
from clss_analysis.records import InvalidRecordsError, read
from clss_analysis.records.clock import has_ended, is_to_come
from clss_analysis.records.house import House
from clss_analysis.records.schema import home_column, table_names
from clss_analysis.records.vocabulary import codes, label, message
from clss_analysis.runs.worker_pool import end_with_parent

IDLE = 600.0
"""Seconds without a question after which a desk closes, where the register has a passphrase."""
LEAVING = (TOLD, DRAWN, COUNTED)
"""Scopes under which something of a household leaves."""


@dataclass(frozen=True)
class Drawn:
    """A household's drawing: of which rows, what the next one may keep, and a better one where it is `coming`."""

    content: str
    html: str
    kept: Kept
    coming: Future[tuple[str, Kept]] | None


@dataclass(frozen=True)
class Offer:
    """A workbook that was looked at and not yet taken up: its rows, and what they would change in which draft."""

    count: int
    file: str
    said: dict[str, Any]
    changes: tuple[str, ...]


class Opened:
    """One house, opened; what takes time is done in one thread, one thing after the other."""

    def __init__(self, house: House, lang: str, *, looking: bool = False) -> None:
        self.house, self.lang, self.looking = house, lang, looking
        self.draft = Draft(house, looking=looking)
        self.say: Callable[..., str] = partial(message, lang=lang)
        self.thread = ThreadPoolExecutor(1)
        self.criteria = codes("criterion")
        self.job: Job | None = None
        self.told: list[str] = []
        self.offer: Offer | None = None
        self.closed, self._asked = False, monotonic()
        self.open: Counter[str] = Counter()
        self._looks: dict[str, tuple[int, Look]] = {}
        self._drawings: dict[str, Drawn] = {}
        self._painter = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), end_with_parent)

    def close(self) -> None:
        """Stop what is being made, and leave nothing in the journal."""
        self._painter.shutdown(wait=False, cancel_futures=True)
        if self.job is not None:
            self.job.cancel()
        if not self.looking:
            self.draft.save()

    def is_closed(self) -> bool:
        """Whether it waits for the passphrase, since nobody asked anything for a while."""
        now = monotonic()
        self.closed |= self.house.settings.passphrase and now - self._asked > IDLE
        self._asked = now
        return self.closed

    def look_again(self) -> None:
        """See what the desk that writes has written since."""
        self.draft = Draft(self.house, looking=True)

    def seen(self, household: str) -> Look:
        """A household as it is, looked at again where a row changed."""
        if self._looks.get(household, (-1,))[0] != self.draft.count:
            self._looks[household] = self.draft.count, look(self.draft, household, self.lang)
        return self._looks[household][1]

    def state(self, household: str) -> dict[str, Any]:
        """What a page shows of a household besides its rows; the drawing is at once a sketch, where it changed."""
        now = self.seen(household)
        told = [[each.table, each.key, each.column, each.rule] for each in now.faults]
        said = {"faults": told, "drawing": "", "whole": True, "verdict": ""}
        if now.case is None:
            return said
        said["verdict"] = verdict(now.case, self.lang)
        if len(now.case.persons):
            content = drawn_of(now.case)
            before = self._drawings.get(household)
            if before is None or before.content != content:
                html, kept = drawing(now.case, self.lang, before.kept if before else Kept())
                if before and before.coming:
                    before.coming.cancel()
                coming = self._painter.submit(drawing, now.case, self.lang)
                before = self._drawings[household] = Drawn(content, html, kept, coming)
            said |= {"drawing": before.html, "whole": before.coming is None}
        return said

    def whole(self, household: str) -> str:
        """The drawing as it should be, once it is made; empty where a row changed meanwhile."""
        drawn = self._drawings.get(household)
        if drawn is None or drawn.coming is None:
            return drawn.html if drawn else ""
        try:
            html, kept = drawn.coming.result()
        except (CancelledError, BrokenExecutor):
            return ""
        if self._drawings[household] is not drawn:
            return ""
        self._drawings[household] = Drawn(drawn.content, html, kept, None)
        return html

    def note_book(self) -> None:
        """Remember of which rows the book is, once it is made."""
        if self.job is not None and self.job.what == "build" and self.job.code == 0 and not self.job.noted:
            self.job.noted = True
            self.draft.mark("book")

    def count_open(self, passages: Iterable[dict[str, str]]) -> None:
        """Remember how many passages of each household await a decision."""
        self.open = Counter(each["household"] for each in passages)

    def scopes(self) -> dict[str, str]:
        """By household, the scope of its consent; empty without one, and where it does not hold this month."""
        consents = [self.draft.shown("consents", row, self.lang) for row in self.draft.tables["consents"].values()]
        said = {each["id"]: "" if has_ended(each["until"]) or is_to_come(each["granted"]) else each["scope"]
                for each in consents if each["id"]}  # fmt: skip
        return {str(row.get("id", "")): said.get(str(row.get("consent") or ""), "")
                for row in self.draft.tables["households"].values()}  # fmt: skip

    def left_out(self) -> dict[str, str]:
        """Households that stay out of the records, by id and name: those without a consent, where another has one."""
        out = {home for home, scope in self.scopes().items() if scope not in LEAVING}
        every = self.households()
        nobody = len(out) == len(every) or self.draft.about.get("synthetic") == "true"
        return {} if nobody else {each["id"]: each["name"] for each in every if each["id"] in out}

    def consequences(self) -> dict[str, tuple[str, str]]:
        """By household, what of it leaves, and what follows where that is less than the records allow."""
        scopes, before, rows, out = self.scopes(), {}, Counter[str](), self.left_out()
        with suppress(InvalidRecordsError):
            records = read(self.house.records)
            before = scopes_of(records)
            for table in table_names():
                frame = records.table(table)
                column = home_column(table)
                rows.update(frame[column].dropna() if column in frame.columns else ())
        found = {}
        for home, scope in scopes.items():
            was, now = before.get(home), scope if scope in LEAVING else ""
            lost = was in LEAVING and not now
            gone = "desk.consents.gone" if home in out else "desk.consents.last"
            less = self.say("desk.consents.less") if now == COUNTED and was in (TOLD, DRAWN) else ""
            found[home] = (label("consent_scope", now, self.lang) if now else self.say("desk.consents.nothing"),
                           self.say(gone, n=rows[home]) if lost else less)  # fmt: skip
        return found

    def households(self) -> list[dict[str, Any]]:
        """The list by name, with what is missing; names of index persons, where they are given."""
        tables = self.draft.tables
        people: dict[str, list[dict[str, Any]]] = {}
        for row in tables["persons"].values():
            people.setdefault(str(row.get("household", "")), []).append(row)
        answered = Counter(row.get("household") for row in tables["criteria"].values() if row.get("met"))
        book = self.draft.marks.get("book")
        now = self.draft.told() if book else {}
        found = []
        for key, row in tables["households"].items():
            home = str(row.get("id", ""))
            mine = sorted(people.get(home, []), key=lambda each: each.get("index") != "true")
            missing = [self.say("desk.missing.persons")] * (not mine)
            missing += [self.say("desk.missing.index")] * (bool(mine) and mine[0].get("index") != "true")
            missing += [self.say("desk.missing.criteria", n=5 - answered[home])] * (answered[home] < 5)
            missing += [self.say("desk.missing.intake")] * (not row.get("intake"))
            faults = len(self._looks[home][1].faults) if home in self._looks else 0
            missing += [self.say("desk.missing.faults", n=faults)] * bool(faults)
            missing += [self.say("desk.missing.review", n=self.open[home])] * bool(self.open[home])
            name = next((name for each in mine if (name := full_name(each))), "") or str(row.get("label") or home)
            found.append({"key": key, "id": home, "name": name, "people": len(mine), "missing": missing,
                          "consent": row.get("consent", ""),
                          "changed": "" if book is None else "new" if home not in book
                          else "none" if book[home] == now[home] else "since"})  # fmt: skip
        return sorted(found, key=lambda each: (str(each["name"]).casefold(), each["key"]))
