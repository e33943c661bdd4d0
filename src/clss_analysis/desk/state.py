"""What an open desk knows: the draft, how its households look, what awaits a decision, what is being made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from clss_analysis.desk.draft import Draft
from clss_analysis.desk.look import Look, drawing, look, verdict
from clss_analysis.desk.making import Job
from clss_analysis.records.house import House
from clss_analysis.records.vocabulary import codes, message


class Opened:
    """One house, opened; what takes time is done in one thread, one thing after the other."""

    def __init__(self, house: House, lang: str) -> None:
        self.house, self.lang = house, lang
        self.draft = Draft(house)
        self.say: Callable[..., str] = partial(_say, lang)
        self.thread = ThreadPoolExecutor(1)
        self.criteria = codes("criterion")
        self.job: Job | None = None
        self.told: list[str] = []
        self.open: Counter[str] = Counter()
        self._looks: dict[str, tuple[str, Look, str]] = {}

    def close(self) -> None:
        """Stop what is being made, and leave nothing in the journal."""
        if self.job is not None:
            self.job.cancel()
        self.draft.save()

    def seen(self, household: str) -> tuple[Look, str]:
        """A household and its drawing, made again where its rows changed."""
        pages, _ = self.draft.pages(self.lang, household)
        content = repr([(table, line) for table, page in pages.tables.items() for line in page.lines])
        if self._looks.get(household, ("",))[0] != content:
            now = look(self.draft, household, self.lang)
            drawn = "" if now.case is None or not len(now.case.persons) else drawing(now.case, self.lang)
            self._looks[household] = content, now, drawn
        return self._looks[household][1:]

    def state(self, household: str) -> dict[str, Any]:
        """What a page shows of a household besides its rows."""
        now, drawn = self.seen(household)
        told = [[each.table, each.key, each.column, each.rule] for each in now.faults]
        return {"faults": told, "drawing": drawn, "verdict": verdict(now.case, self.lang) if now.case else ""}

    def count_open(self, passages: Iterable[dict[str, str]]) -> None:
        """Remember how many passages of each household await a decision."""
        self.open = Counter(each["household"] for each in passages)

    def households(self) -> list[dict[str, Any]]:
        """The list by name, with what is missing; names of index persons, where they are given."""
        tables = self.draft.tables
        people: dict[str, list[dict[str, Any]]] = {}
        for row in tables["persons"].values():
            people.setdefault(str(row.get("household", "")), []).append(row)
        answered = Counter(row.get("household") for row in tables["criteria"].values() if row.get("met"))
        found = []
        for key, row in tables["households"].items():
            home = str(row.get("id", ""))
            mine = sorted(people.get(home, []), key=lambda each: each.get("index") != "true")
            missing = [self.say("desk.missing.persons")] * (not mine)
            missing += [self.say("desk.missing.index")] * (bool(mine) and mine[0].get("index") != "true")
            missing += [self.say("desk.missing.criteria", n=5 - answered[home])] * (answered[home] < 5)
            missing += [self.say("desk.missing.intake")] * (not row.get("intake"))
            missing += [self.say("desk.missing.review", n=self.open[home])] * bool(self.open[home])
            name = next((name for each in mine if (name := full_name(each))), "") or str(row.get("label") or home)
            found.append({"key": key, "id": home, "name": name, "people": len(mine), "missing": missing,
                          "consent": row.get("consent", "")})  # fmt: skip
        return sorted(found, key=lambda each: (str(each["name"]).casefold(), each["key"]))


def name_of(row: dict[str, Any]) -> str:
    """The name of a person or service, else what stands for it."""
    return full_name(row) or str(row.get("label") or row.get("person_name") or "")


def full_name(row: dict[str, Any]) -> str:
    """Given and family name, as far as they are written."""
    return " ".join(str(row[name]) for name in ("given_name", "family_name") if row.get(name))


def _say(lang: str, key: str, **values: object) -> str:
    return message(key, lang, **values)
