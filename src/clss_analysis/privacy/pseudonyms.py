"""Names become letters, birth dates ages, days months, addresses neighbourhoods; identifiers stay behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from string import ascii_uppercase

from clss_analysis.privacy.birth import age_cells, birth_month, born, day_to_month, forms_of
from clss_analysis.privacy.key_file import KeyFile
from clss_analysis.privacy.names_in_text import Known, holds_name, keys_of, known_marks, known_names, squeezed
from clss_analysis.records.descriptor import ID
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.rules import CHILD_ROLES, GENDERS
from clss_analysis.records.schema import MONTHS
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook import Line, Page, Pages
from clss_analysis.records.workbook.plan import Column

RULES = (
    "names", "names_in_text", "identifiers_in_text", "birth_dates", "birth_dates_dropped", "days", "addresses",
    "addresses_dropped", "national_number", "phone", "email", "file_number", "columns_left",
)  # fmt: skip
_REMOVED = ("national_number", "phone", "email", "file_number")
_MARKS = (*_REMOVED, "address")
_COMMUNES = {
    "1000": "Bruxelles", "1020": "Laeken", "1030": "Schaerbeek", "1040": "Etterbeek", "1050": "Ixelles",
    "1060": "Saint-Gilles", "1070": "Anderlecht", "1080": "Molenbeek-Saint-Jean", "1081": "Koekelberg",
    "1082": "Berchem-Sainte-Agathe", "1083": "Ganshoren", "1090": "Jette", "1120": "Neder-Over-Heembeek",
    "1130": "Haren", "1140": "Evere", "1150": "Woluwe-Saint-Pierre", "1160": "Auderghem",
    "1170": "Watermael-Boitsfort", "1180": "Uccle", "1190": "Forest", "1200": "Woluwe-Saint-Lambert",
    "1210": "Saint-Josse-ten-Noode",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """Something that was changed, by rule and number, never by content."""

    rule: str
    count: int

    def told(self, lang: str) -> str:
        """One line for a reader."""
        return message("pseudonyms.line", lang, rule=message(f"pseudonyms.rule.{self.rule}", lang), n=self.count)


def pseudonymise(pages: Pages, key: KeyFile, *, bands: bool = False) -> tuple[Pages, list[Change]]:
    """Take out of a workbook what names people, and put in its place what a dataset may hold.

    A person whose name is given gets a letter, the same at every import with the same key (« Mme A », « M. N », for a
    child « Fille C »); it fills an empty designation and replaces the name in every text of the workbook, whole words
    only, whatever their case and accents.  A birth date fills an empty age at intake, a day in a month column becomes
    its month, an address with a postcode of Brussels fills an empty neighbourhood with the municipality.  Numbers,
    addresses and e-mails of the identifying columns are also taken out of the texts.  Names that stand in texts only
    are not looked for here.

    Args:
        pages: the workbook as it was read.
        key: letters given so far; new ones are added to it.
        bands: age bands in place of ages.

    Returns:
        The workbook without identifying columns, and what was changed; its faults are now also birth dates that cannot
        be read and ids made of a name, by sheet, row and column.
    """
    work = _Work(pages, key, bands=bands)
    changed = work.done()
    return changed, [Change(rule, work.counts[rule]) for rule in RULES if work.counts[rule]]


def know_people(key: KeyFile, pages: Pages, before: Records, file: str) -> None:
    """Bind persons to the letters that a dataset made of the same workbook gave them, where the register does not.

    Args:
        key: the register, which may be new or lost.
        pages: the workbook.
        before: the dataset.
        file: the workbook, for the fault.

    Raises:
        InvalidRecordsError: the register gives most of them other letters: it is that of another house.
    """
    labels = dict(zip(map(str, before.persons["id"]), map(str, before.persons["label"]), strict=True))
    people = {}
    for line in pages.tables["persons"].lines if "persons" in pages.tables else ():
        found = re.search(r"\b[A-Z]{1,3}$", labels.get(line.cells.get("id", ""), ""))
        if found and line.identifying and not line.cells.get("label") and "persons" not in pages.numbered:
            people[f"persons/{line.cells['id']}"] = found[0]
    used = bool(key.letters or key.people)
    named = set(key.letters.values())
    other = [
        each for each, letter in people.items() if key.people.get(each, letter if letter in named else "") != letter
    ]
    if used and 2 * len(other) > len(people):
        raise InvalidRecordsError([Fault(file, None, None, message("update.other_house", pages.lang))], pages.lang)
    for each, letter in people.items():
        key.people.setdefault(each, letter)


class _Work:
    def __init__(self, pages: Pages, key: KeyFile, *, bands: bool) -> None:
        self.pages, self.key, self.bands = pages, key, bands
        self.counts: Counter[str] = Counter(columns_left=pages.columns_left)
        self.faults: list[Fault] = []
        self.taken = {*key.letters.values(), *key.people.values()} | self._letters_in_use()
        self.held: set[str] = set()
        self.bound: set[str] = set()
        self.labels: dict[tuple[str, int], str] = {}
        self.intakes = {
            line.cells.get("id", ""): day_to_month(line.cells.get("intake", ""))[0]
            for line in self._lines("households")
        }

    def done(self) -> Pages:
        named = self._named()
        homes: dict[str, set[str]] = {}
        families: dict[str, str] = {}
        for _, family, label, home, _ in named:
            for name in keys_of(family):
                homes.setdefault(name, set()).add(home)
                families.setdefault(name, label.split()[-1])
        shared = {
            name: message("pseudonyms.family", self.pages.lang, letter=families[name])
            for name, among in homes.items()
            if name and len(among) == 1
        }
        someone = message("pseudonyms.someone", self.pages.lang)
        removed = message("pseudonyms.removed", self.pages.lang)
        names = known_names([*(each[:3] for each in named), *self._former(named)], someone, shared)
        marks = known_marks(self._marks(), removed)
        tables = {table: self._page(page, names, marks) for table, page in self.pages.tables.items()}
        about = {
            key: self._text(value, names, marks) if isinstance(value, str) else value
            for key, value in self.pages.about.items()
        }
        return replace(self.pages, tables=tables, about=about, faults=(*self.pages.faults, *self.faults))

    def _lines(self, table: str) -> Iterable[Line]:
        page = self.pages.tables.get(table)
        return page.lines if page else ()

    def _letters_in_use(self) -> set[str]:
        labels = [line.cells.get("label", "") for table in ("households", "persons") for line in self._lines(table)]
        return {found[0] for text in labels if (found := re.search(r"\b[A-Z]{1,3}$", text))}

    def _named(self) -> list[tuple[str, str, str, str, str]]:
        """Given name, family name, designation, household and letter of everybody who is named, by letter."""
        named = []
        for table in ("persons", "actors"):
            for line in self._lines(table):
                told = line.identifying
                given, family = told.get("given_name", "").strip(), told.get("family_name", "").strip()
                if whole := told.get("person_name", "").strip():
                    given, _, family = whole.rpartition(" ")
                if squeezed(given + family):
                    bound = "" if table in self.pages.numbered else f"{table}/{line.cells.get('id', '')}"
                    named.append((table, line, given, family, bound))
        letters = {bound: self.key.people[bound] for *_, bound in named if bound in self.key.people}
        self.held, self.bound = set(letters.values()), set(self.key.people.values())
        shown = []
        for table, line, given, family, bound in named:
            name = f"{squeezed(given)}|{squeezed(family)}"
            letter = self._letter(name, squeezed(line.identifying.get("birth_date", "")), letters.get(bound))
            if ID.fullmatch(bound.partition("/")[2]):
                self.key.people[bound] = letter
            own = line.cells.get("label", "")
            label = own if table == "persons" and own else self._label(line, letter)
            self.labels[table, line.number] = label
            self.counts["names"] += 1
            shown.append((given, family, label, line.cells.get("household", ""), letter))
        return sorted(shown, key=lambda each: (len(each[4]), each[4]))

    def _former(self, named: Iterable[tuple[str, str, str, str, str]]) -> list[tuple[str, str, str]]:
        """Names in the texts that somebody of this workbook bore alone at an import before, and her designation.

        They are known again by their keyed hash: a name that was corrected is still replaced where it was not.
        """
        labels: dict[str, str] = {}
        now: set[str] = set()
        bearers: dict[str, str] = {}
        for given, family, label, _, letter in named:
            labels[letter] = label
            for form in (*keys_of(given), *keys_of(family)):
                now.add(form)
                hashed = self.key.hashed(f"word|{form}")
                bearers[hashed] = letter if bearers.get(hashed, letter) == letter else ""
        cells = {text for page in self.pages.tables.values() for line in page.lines for text in line.cells.values()}
        words = [re.findall(r"[^\W\d_]+", text) for text in cells] if self.key.words else []
        runs = {" ".join(each[at : at + n]) for each in words for n in (1, 2, 3) for at in range(len(each) - n + 1)}
        told = {}
        for run in sorted(runs):
            if (form := squeezed(run)) not in now and (bore := self.key.words.get(self.key.hashed(f"word|{form}"))):
                told[form] = (run, "", labels.get(bore, ""))
        for hashed, letter in bearers.items():
            self.key.words[hashed] = letter if self.key.words.get(hashed, letter) == letter else ""
        return [told[form] for form in sorted(told) if told[form][2]]

    def _letter(self, name: str, birth: str, bound: str | None) -> str:
        """The letter of a person: that of her id; else by name and birth date, or by name alone.

        By name alone only where one of the two imports lacks the birth date, and the letter is bound to nobody; and
        never a letter that somebody else in this workbook has.
        """
        known = self.key.letters
        full, alone = self._free(f"{name}|{birth}", bound), self._free(f"{name}|", bound)
        letter = bound or known.get(full) or (None if birth and self._dated(alone) else known.get(alone))
        if letter is None:
            letter = next(each for each in _alphabet() if each not in self.taken)
            self.taken.add(letter)
        self.held.add(letter)
        known[full] = letter
        known.setdefault(alone, letter)
        return letter

    def _free(self, identity: str, bound: str | None) -> str:
        """The hash of a name that no other person in this workbook has; a second one of the name has another."""
        for again in range(1, len(self.key.letters) + 2):
            hashed = self.key.hashed(f"{identity}#{again}" if again > 1 else identity)
            holder = self.key.letters.get(hashed)
            other = self.held if identity.partition("|")[2].partition("|")[2] else self.held | self.bound
            if holder is None or holder == bound or holder not in other:
                return hashed
        raise AssertionError

    def _dated(self, alone: str) -> bool:
        """Whether the letter of a name is already that of somebody with a birth date."""
        letter = self.key.letters.get(alone, "")
        return list(self.key.letters.values()).count(letter) > 1

    def _label(self, line: Line, letter: str) -> str:
        role, gender = line.cells.get("role", ""), line.cells.get("gender", "")
        if role in CHILD_ROLES:
            kind = role
        else:
            told = gender or GENDERS.get(role, "")
            kind = told if told in ("woman", "man") else "person"
        return message(f"pseudonyms.{kind}", self.pages.lang, letter=letter)

    def _marks(self) -> Iterable[str]:
        for page in self.pages.tables.values():
            for line in page.lines:
                yield from (line.identifying[name] for name in _MARKS if line.identifying.get(name))
                yield from forms_of(line.identifying.get("birth_date", ""))

    def _page(self, page: Page, names: Known | None, marks: Known | None) -> Page:
        across = self.pages.across(page.table)
        return replace(page, lines=tuple(self._line(page, line, across, names, marks) for line in page.lines))

    def _line(
        self, page: Page, line: Line, across: dict[str, Column], names: Known | None, marks: Known | None
    ) -> Line:
        cells = dict(line.cells)
        for name, cell in line.cells.items():
            kind = across[name].kind
            if kind in MONTHS:
                cells[name], cut = day_to_month(cell)
                self.counts["days"] += cut
            elif kind in ("id", "reference") or name == "twin_group":
                if names and cell and holds_name(cell, names):
                    self._fault(page, line, across[name], "name_in_id")
            elif kind == "string":
                cells[name] = self._text(cell, names, marks)
        told = line.identifying
        if (page.table, line.number) in self.labels and not cells.get("label"):
            cells["label"] = self.labels[page.table, line.number]
        if told.get("birth_date", "").strip():
            self._birth(page, line, cells, across["birth_date"])
        if told.get("address", "").strip():
            self._address(page.table, cells, told["address"])
        for name in _REMOVED:
            self.counts[name] += bool(told.get(name, "").strip())
        return replace(line, cells=cells, identifying={})

    def _text(self, cell: str, names: Known | None, marks: Known | None) -> str:
        for known, rule in ((marks, "identifiers_in_text"), (names, "names_in_text")):
            if known is not None and cell:
                cell, count = known.replace(cell)
                self.counts[rule] += count
        return cell

    def _birth(self, page: Page, line: Line, cells: dict[str, str], column: Column) -> None:
        birth = born(line.identifying["birth_date"])
        if birth is None:
            self._fault(page, line, column, "birth_date")
            return
        aged = age_cells(birth, self.intakes.get(cells.get("household", ""), ""), bands=self.bands)
        if cells.get("age") or cells.get("age_band") or aged:
            self.counts["birth_dates"] += 1
            if not (cells.get("age") or cells.get("age_band")):
                cells |= aged
        elif late := birth_month(birth, self.intakes.get(cells.get("household", ""), "")):
            self.counts["birth_dates"] += 1
            cells["birth"] = cells.get("birth") or late
        else:
            self.counts["birth_dates_dropped"] += 1

    def _address(self, table: str, cells: dict[str, str], address: str) -> None:
        codes = [code for code in re.findall(r"\b1\d{3}\b", address) if code in _COMMUNES]
        if table == "households" and (codes or cells.get("neighbourhood")):
            cells["neighbourhood"] = cells.get("neighbourhood") or _COMMUNES[codes[-1]]
            self.counts["addresses"] += 1
        else:
            self.counts["addresses_dropped"] += 1

    def _fault(self, page: Page, line: Line, column: Column, rule: str) -> None:
        lang = self.pages.lang
        where = message("workbook.fault.where", lang, file=self.pages.file, sheet=page.name)
        shown = self.pages.shown(page, line, column)
        self.faults.append(Fault(where, line.number, shown, message(f"pseudonyms.fault.{rule}", lang)))


def _alphabet() -> Iterable[str]:
    return ("".join(each) for size in (1, 2, 3) for each in product(ascii_uppercase, repeat=size))
