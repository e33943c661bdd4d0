"""What was typed on the sheets of an interview made into the rows of the tables that they fill."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from clss_analysis.records.rules import CHILD_ROLES, GENDERS, SEVERAL
from clss_analysis.records.schema import IDENTIFYING
from clss_analysis.records.vocabulary import codes, label, message
from clss_analysis.records.workbook.completion import unlisted
from clss_analysis.records.workbook.interview import (
    GIVEN,
    WHAT,
    directions,
    entries,
    listed,
    table_sheets,
)
from clss_analysis.records.workbook.pages import SHOWN, Line, Page, folded
from clss_analysis.records.workbook.plan import columns

_BODY = frozenset({"respiratory", "allergy", "injury", "illness"})
_DOMAINS = {
    "schooling_affected": "schooling", "no_place_to_study": "schooling", "social_life_stopped": "social_life",
    "family_harmony": "family_relations", "children_affected": "family_relations", "training_at_risk": "employment",
    "job_at_risk": "employment", "job_lost": "employment", "neighbour_conflict": "neighbourhood",
    "isolation": "social_life",
}  # fmt: skip
_LANES = {
    "eviction_threat": "housing", "notice": "housing", "eviction": "housing", "transit": "housing",
    "rehousing": "housing", "loss": "housing", "judgment": "justice", "suspension": "justice", "appeal": "justice",
    "mobilisation": "public", "interpellation": "public", "health": "health", "training": "training",
    "collective": "collective",
}  # fmt: skip
"""The lane of a kind of event, where none is chosen; any other is the accompaniment's own."""
_ABOVE = {"objective": ("aim",), "action": ("objective",), "means": ("aim",)}
_PAIR = 2  # grown persons who are a couple where the household is said to be one
_DATED = re.compile(r"[0-9]{4}")
_AND = re.compile(r"\s+(?:et|en|and|&|\+)\s+|\s*[,;]\s*")
_YEAR = re.compile(r"(19|20)[0-9]{2}")


@dataclass(frozen=True)
class Typed:
    """A sheet of an interview as it was typed: its name, the letter of each column, the text of each row by key."""

    name: str
    letters: Mapping[str, str]
    rows: tuple[tuple[int, dict[str, str]], ...]


Told = Callable[[str, int, str, str], None]
"""Takes a fault: name of the sheet, row, column as shown, rule."""


def tables_of(typed: Mapping[str, Typed], lang: str, tell: Told) -> dict[str, Page]:
    """The pages of the tables that the sheets of an interview fill.

    Args:
        typed: the sheets by key.
        lang: their language.
        tell: takes the faults that only these sheets know: a name that is nobody's, a word that is in no list.
    """
    return _Tables(typed, lang, tell).pages()


class _Tables:
    def __init__(self, typed: Mapping[str, Typed], lang: str, tell: Told) -> None:
        self.typed, self.lang, self.tell = typed, lang, tell
        self.above: dict[str, dict[str, str]] = {}
        self.titles = {
            sheet: {each.name: (one.letters.get(each.name, ""), each.title) for each in entries(sheet, lang)}
            for sheet, one in typed.items()
        }
        self.rows = {sheet: _filled(one.rows) for sheet, one in typed.items()}
        self.lines: dict[str, list[Line]] = defaultdict(list)
        self.people: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.services: dict[str, str] = {}
        self.sheet = ""

    def pages(self) -> dict[str, Page]:
        for _, row in self.rows.get("people", ()):
            self._know(row)
        for sheet, take in (
            ("household", self._household), ("people", self._person), ("grid", self._grid), ("housing", self._housing),
            ("around", self._around), ("course", self._event), ("aims", self._aim), ("words", self._said),
        ):  # fmt: skip
            self.sheet, self.above = sheet, {}
            for number, row in self.rows.get(sheet, ()):
                take(number, row)
        self._homes()
        return {
            table: Page(table, self.typed[sheet].name, {}, tuple(self.lines[table]))
            for table, sheet in table_sheets().items()
            if sheet in self.typed
        }

    def _put(self, table: str, number: int, cells: dict[str, str], typed: Mapping[str, str] | None = None) -> None:
        """Add a line; `typed` names the column of the sheet, where it is not called as that of the table."""
        titles = self.titles[self.sheet]
        keys = {name: name for name in cells} | dict(typed or {})
        private = IDENTIFYING.get(table, ())
        kept = {name: text for name, text in cells.items() if name not in private}
        told = {name: cells[name] for name in private if cells.get(name)}
        places = {name: titles[key] for name, key in keys.items() if key in titles}
        self.lines[table].append(Line(number, kept, told, places))

    def _wrong(self, number: int, key: str, rule: str) -> None:
        letter, title = self.titles[self.sheet][key]
        self.tell(
            self.typed[self.sheet].name,
            number,
            message("workbook.fault.column", self.lang, letter=letter, title=title),
            rule,
        )

    def _know(self, row: Mapping[str, str]) -> None:
        given, family, home, key = (row.get(each, "") for each in ("given_name", "family_name", "household", "id"))
        for name in {folded(given), folded(f"{given} {family}"), folded(f"{family} {given}"), folded(key)} - {""}:
            self.people[home][name].add(key)
        self.people[""][folded(key)].add(key)

    def _who(self, number: int, row: Mapping[str, str], key: str) -> str:
        """The id of a person who was chosen from the list, or named as nobody else in the household."""
        return next(iter(self._all(number, row, key)), "")

    def _all(self, number: int, row: Mapping[str, str], key: str) -> list[str]:
        """The ids of one person or more (« Fatima et Hassan »), chosen or named as in `_who`."""
        home, text = self.people[row.get("household", "")], self._named(row.get(key, ""))
        several = [text] if text in self.people[""] or text in home else _AND.split(text)
        found = [self.people[""].get(each) or home.get(each) or set() for each in filter(None, several)]
        if any(len(each) != 1 for each in found):
            self._wrong(number, key, message("workbook.fault.nobody", self.lang))
            return []
        return [person for each in found for person in each]

    def _named(self, text: str) -> str:
        """What was typed, or the id of a person who was chosen from a list that shows her name behind it."""
        chosen = folded(text.partition(SHOWN)[0])
        return chosen if chosen in self.people[""] else folded(text)

    def _household(self, number: int, row: dict[str, str]) -> None:
        scope, granted = row.pop("scope", ""), row.pop("granted", "")
        row["consent"] = ""
        if scope or granted:
            row["consent"] = f"accord-{row.get('id', '')}"
            title = message("workbook.interview.consent", self.lang, household=row.get("id", ""))
            self._put("consents", number, {"id": row["consent"], "label": title, "scope": scope, "granted": granted})
        self._put("households", number, row, {"consent": "scope"})

    def _homes(self) -> None:
        """Households of which another sheet tells, and their own sheet nothing yet."""
        self.sheet, told = "household", {line.cells.get("id") for line in self.lines["households"]}
        for number, row in self.typed["household"].rows if "household" in self.typed else ():
            if row.get("id") not in told and any(
                row.get("id") == each.cells.get("household") for lines in [*self.lines.values()] for each in lines
            ):
                self._household(number, dict(row))
        self.lines["households"].sort(key=lambda line: line.number)
        for line in self.lines["households"]:
            here = {
                table: [each.cells for each in self.lines[table] if each.cells["household"] == line.cells.get("id")]
                for table in ("persons", "couples", "events")
            }
            first = next(
                (
                    each["month"]
                    for each in here["events"]
                    if each["kind"] == "contact" and _DATED.search(each["month"])
                ),
                "",
            )
            said = {"intake": first, "household_type": _composition(here["persons"], here["couples"])}
            line.cells.update({key: text for key, text in said.items() if not line.cells.get(key)})  # type: ignore[attr-defined]  # made here

    def _person(self, number: int, row: dict[str, str]) -> None:
        own, home = row.get("id", ""), row.get("household", "")
        for key in ("parents", "parent"):
            for parent in self._all(number, row, key):
                kind = row.get("filiation", "") if key == "parent" else "birth"
                cells = {"household": home, "parent": parent, "child": own, "kind": kind}
                self._put("filiations", number, cells, {"parent": key, "child": "id", "kind": "filiation"})
        if other := self._who(number, row, "partner"):
            pair = {frozenset((line.cells["partner_a"], line.cells["partner_b"])) for line in self.lines["couples"]}
            cells = {name: row.get(key, "") for name, key in (("state",) * 2, ("start", "since"), ("end", "until"))}
            cells |= {"household": home, "partner_a": own, "partner_b": other}
            if frozenset((own, other)) not in pair:
                keys = {"partner_a": "id", "partner_b": "partner", "start": "since", "end": "until"}
                self._put("couples", number, cells, keys)
        here = {each.name for each in columns("persons", self.lang)}
        cells = {name: text for name, text in row.items() if name in here}
        cells["gender"] = row.get("gender") or GENDERS.get(row.get("role", ""), "")
        cells["residence"] = row.get("residence") or "household"
        if cells["residence"] == "household" and not row.get("death"):
            cells["life"] = row.get("life") or "alive"
        self._put("persons", number, cells)

    def _grid(self, number: int, row: dict[str, str]) -> None:
        for place, criterion in enumerate(codes("criterion"), start=1):
            met, evidence = row.get(f"met{place}", ""), row.get(f"evidence{place}", "")
            if met or evidence:
                cells = {"household": row.get("household", ""), "criterion": criterion, "met": met,
                         "evidence": evidence, "assessed": row.get("assessed", "")}  # fmt: skip
                self._put("criteria", number, cells, {"met": f"met{place}", "evidence": f"evidence{place}"})

    def _housing(self, number: int, row: dict[str, str]) -> None:
        known = {folded(word): told for word, told in listed(self.lang).items()}
        table, code = known.get(folded(row.get("what", "")), ("", ""))
        if not table:
            rule = message("fault_required", self.lang)
            if row.get("what"):
                rule = unlisted(row["what"], [*listed(self.lang)], self.lang)
            return self._wrong(number, "what", rule)
        person = self._who(number, row, "person")
        cells = {key: row.get(key, "") for key in ("household", "detail", "start", "end")}
        cells[WHAT[table]] = code
        if table in ("situations", "housing_problems"):
            self._dated(table, number, cells, {WHAT[table]: "what"})
            return None
        health = table == "health_impacts"
        one = ("physical_health" if code in _BODY else "mental_health") if health else _DOMAINS.get(code, "")
        every = codes("health_domain" if health else "life_domain") if code == "none" else (one,)
        for domain in every:
            self._dated(
                table, number, cells | {"person": person, "domain": domain}, {WHAT[table]: "what", "domain": "what"}
            )
        return None

    def _dated(self, table: str, number: int, cells: dict[str, str], typed: Mapping[str, str]) -> None:
        """Add a line; a year that stands where the table knows months only is kept in the words of its detail."""
        for key in ("start", "end", "month", "until"):
            if _YEAR.fullmatch(cells.get(key, "")):
                said = message(f"workbook.interview.year.{key}", self.lang, year=cells[key])
                cells[key] = ""
                cells["detail"] = f"{cells['detail']} ({said})" if cells.get("detail") else said
        self._put(table, number, cells, typed)

    def _event(self, number: int, row: dict[str, str]) -> None:
        kind = row.get("kind", "")
        row["lane"] = row.get("lane") or (_LANES.get(kind, "support") if kind else "")
        row["label"] = row.get("label") or (label("event_kind", kind, self.lang) if kind in codes("event_kind") else "")
        if actor := folded(row.get("actor", "")):
            row["actor"] = self.services.get(actor) or self.services.get(f"{row.get('household')}|{actor}", "")
            if not row["actor"]:
                self._wrong(number, "actor", message("workbook.fault.no_service", self.lang))
        self._dated("events", number, row, {})

    def _around(self, number: int, row: dict[str, str]) -> None:
        home, here = row.get("household", ""), self.people[row.get("household", "")]
        name = self._named(row.get("name", ""))
        service = "" if name in here or name in self.people[""] else self._actor(number, row)
        one = {"to_actor": service} if service else {"to_person": self._who(number, row, "name")}
        other = folded(row.get("person", ""))
        from_actor = self.services.get(other, "") or self.services.get(f"{home}|{other}", "")
        from_person = "" if from_actor else self._who(number, row, "person")
        cells = {"from_person": from_person, "from_actor": from_actor, "to_person": "", "to_actor": "", **one}
        known = {folded(word): each for word, each in directions(self.lang).items()}
        way = known.get(folded(row.get("direction", "")), "")
        if row.get("direction") and not way:
            self._wrong(number, "direction", unlisted(row["direction"], [*directions(self.lang)], self.lang))
        if way == "in":
            cells = {
                f"{'to' if name.startswith('from') else 'from'}_{name.partition('_')[2]}": each
                for name, each in cells.items()
            }
        told = {key: row.get(key, "") for key in ("quality", "start", "end")}
        told |= {"label": row.get("about", ""), "direction": {"both": "two_way", "": "unknown"}.get(way, "one_way")}
        keys = dict.fromkeys(("from_person", "from_actor"), "person") | dict.fromkeys(("to_person", "to_actor"), "name")
        self._put("ties", number, {"household": home, **cells, **told}, {**keys, "label": "about"})

    def _actor(self, number: int, row: Mapping[str, str]) -> str:
        """The id of a service or person around them: that of the first row that names it."""
        name, person = row.get("name", ""), row.get("person_name", "")
        kind = row.get("kind") or ("professional" if person and not name else "service")
        home = row.get("household", "") if kind == "other_person" else ""
        key = f"{home}|{folded(name or person)}".lstrip("|")
        if not (name or person):
            self._wrong(number, "name", message("fault_required", self.lang))
            return row.get("id", "")
        told = {each: row.get(each, "") for each in ("sector", "institution", "person_name", "phone", "email")}
        if key in self.services:
            for line in self.lines["actors"]:
                if line.cells["id"] == self.services[key]:
                    line.cells.update({k: v for k, v in told.items() if v and k in line.cells and not line.cells[k]})  # type: ignore[attr-defined]  # a dict that was made here
            return self.services[key]
        self.services[key] = row.get("id", "")
        cells = {"id": row.get("id", ""), "label": name, "kind": kind, "household": home, **told}
        self._put("actors", number, cells, {"label": "name"})
        return self.services[key]

    def _aim(self, number: int, row: dict[str, str]) -> None:
        level, home = row.get("level", ""), row.get("household", "")
        above = self.above.setdefault(home, {})
        row["parent"] = next((above[each] for each in _ABOVE.get(level, ()) if each in above), "")
        above[level] = row.get("id", "")
        if level == "aim":
            self.above[home] = {"aim": row.get("id", "")}
        self._put("relevance_nodes", number, row, {"parent": "level"})

    def _said(self, number: int, row: dict[str, str]) -> None:
        speaker = row.get("speaker", "")
        if self._named(speaker) in self.people[""] and SHOWN in speaker:
            name, _, who = speaker.partition(SHOWN)[2].rpartition(", ")
            row["speaker"] = name or who
        self._put("statements", number, row)


def _composition(persons: Iterable[Mapping[str, str]], couples: Iterable[Mapping[str, str]]) -> str:
    """The composition of a household, of who lives in it; empty where it is none that has a word."""
    here = {
        each["id"]: each["role"] for each in persons if each["residence"] == "household" and each["life"] == "alive"
    }
    couple = any(
        each["state"] not in ("separated", "divorced") and {each["partner_a"], each["partner_b"]} <= set(here)
        for each in couples
    )
    roles = [*here.values()]
    children = [each for each in roles if each in (*CHILD_ROLES, SEVERAL)]
    grown = [each for each in roles if each not in children]
    if couple and len(grown) == _PAIR:
        return "couple_children" if children else "couple"
    if len(grown) == 1 and not children:
        return "single"
    alone = {"mother": "lone_mother", "father": "lone_father"}
    return alone.get(grown[0], "") if children and len(grown) == 1 else ""


def _filled(rows: Iterable[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    """The rows that somebody filled in; one that was put between two of a household is that household's."""
    given = [(number, dict(row)) for number, row in rows]
    homes = [row.get("household", "") for _, row in given]
    for place, (_, row) in enumerate(given):
        before = next((each for each in reversed(homes[:place]) if each), "")
        after = next((each for each in homes[place + 1 :] if each), "")
        if "household" in row and not row["household"] and before == after:
            row["household"] = before
    return [(number, row) for number, row in given if any(text for key, text in row.items() if key not in GIVEN)]
