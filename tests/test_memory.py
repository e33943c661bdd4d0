"""What an association decided once is not asked again, and who was called A stays A."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from clss_analysis.cli import main
from clss_analysis.privacy import importing, review
from clss_analysis.privacy.identifiers import Finding
from clss_analysis.privacy.key_file import KeyFile, Remembered, new_key, open_key, save_key
from clss_analysis.privacy.pseudonyms import pseudonymise
from clss_analysis.privacy.register import FILE, undo
from clss_analysis.privacy.remembrance import proposals, proposed, remember, sentence, with_remembered
from clss_analysis.privacy.review import undecided
from clss_analysis.privacy.review_sheet import Filled, decided, read_filled, write_sheet
from clss_analysis.records import Records, message, read
from clss_analysis.records.workbook import Line, Page, Pages, read_workbook, reading, records_of_pages
from clss_analysis.records.workbook.interview import FORMAT, entries, sheet_titles
from clss_analysis.records.workbook.plan import LISTS
from clss_analysis.records.workbook.spreadsheet import RawSheet

PERSON = {"life": "alive", "residence": "household", "index": "false"}
Rows = Mapping[str, list[tuple[dict[str, str], dict[str, str]]]]


@pytest.fixture(autouse=True)
def _titles_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found is a name after a title: the search itself, whose model takes long to load, has its own tests."""

    def find(texts: list[str], *_: object, **__: object) -> list[tuple[Finding, ...]]:
        spans = [[found.span(1) for found in re.finditer(r"\b(?:M\.|Mme|Dr) ([A-Z]\w+)", text)] for text in texts]
        return [tuple(Finding(*span, "person", 0.9, "title") for span in each) for each in spans]

    monkeypatch.setattr(review, "find_in_all", find)
    monkeypatch.setattr(review, "find_in_ids", lambda ids, *_: [() for _ in ids])


def pages(rows: Rows) -> Pages:
    """A workbook as it is read, from cells and identifying cells by table."""
    tables = {}
    for table, lines in rows.items():
        told = tuple(Line(number, *each) for number, each in enumerate(lines, start=5))
        tables[table] = Page(table, message(f"workbook.sheet.{table}"), {}, told)
    about = {"name": "essai", "title": "Essai", "synthetic": False, "language": "fr", "source_line": "dossier"}
    return Pages("dossiers.xlsx", "fr", tables, about)


def person(
    key: str, given: str, family: str = "", birth: str = "", **cells: str
) -> tuple[dict[str, str], dict[str, str]]:
    home = cells.pop("household", key.split("-")[0])
    told = {"given_name": given, "family_name": family, "birth_date": birth}
    return {"id": key, "household": home, "role": "adult", **PERSON, **cells}, {k: v for k, v in told.items() if v}


def home(key: str, **cells: str) -> tuple[dict[str, str], dict[str, str]]:
    return {"id": key, "intake": "2024-01", "label": f"Ménage {key}", **cells}, {}


def event(house: str, detail: str) -> tuple[dict[str, str], dict[str, str]]:
    return {"household": house, "kind": "meeting", "label": "rencontre", "detail": detail, "lane": "housing"}, {}


def book(*people: tuple[dict[str, str], dict[str, str]], events: tuple = ()) -> Pages:
    homes = dict.fromkeys(each[0]["household"] for each in people)
    return pages({"households": [home(each) for each in homes], "persons": list(people), "events": list(events)})


def labels(made: Pages) -> dict[str, str]:
    return {line.cells["id"]: line.cells["label"] for line in made.tables["persons"].lines}


# Pseudonyms --------------------------------------------------------------------------------------------------------


JOKE = person("M2-1", "Joke", "Claes")


@pytest.mark.parametrize(
    "later",
    [
        (person("M1-1", "Fatiha", "Bouzid"), person("M1-2", "Ilyes", "Bouzid"), person("M2-1", "Joke", "Claes")),
        (person("M1-1", "Fatima", "Bouzyd"), person("M1-2", "Ilyes", "Bouzyd"), person("M2-1", "Joke", "Claes")),
        (person("M1-1", "Fatima", "Bouzid", "1990-02-03"), person("M1-2", "Ilyes", "Bouzid"), JOKE),
        (person("M2-1", "Joke", "Claes"), person("M1-2", "Ilyes", "Bouzid"), person("M1-1", "Fatima", "Bouzid")),
        (person("M1-1", "Fatima", "Bouzid", household="M2"), person("M1-2", "Ilyes", "Bouzid"), JOKE),
    ],
    ids=["first name", "family name", "birth date", "order", "household"],
)  # fmt: skip
def test_a_correction_leaves_the_letter(later: tuple) -> None:
    key = new_key()
    first, _ = pseudonymise(
        book(person("M1-1", "Fatima", "Bouzid"), person("M1-2", "Ilyes", "Bouzid"), person("M2-1", "Joke", "Claes")),
        key,
    )
    second, _ = pseudonymise(book(*later), key)
    assert labels(first) == {"M1-1": "Personne A", "M1-2": "Personne B", "M2-1": "Personne C"}
    assert labels(second) == labels(first)


def test_a_name_that_was_corrected_is_still_replaced_in_the_texts() -> None:
    key, told = new_key(), event("M1", "Fatima est venue avec Ilyes.")
    pseudonymise(book(person("M1-1", "Fatima", "Bouzid"), events=(told,)), key)
    second, _ = pseudonymise(book(person("M1-1", "Fatiha", "Bouzid"), events=(told,)), key)
    assert second.tables["events"].lines[0].cells["detail"] == "Personne A est venue avec Ilyes."


def test_two_of_one_name_have_two_letters_whatever_the_order() -> None:
    key = new_key()
    people = [person("M1-1", "Ali", "Kaya"), person("M1-2", "Ali", "Kaya"), person("M2-1", "Ali", "Kaya", "1980-01-01")]
    first, _ = pseudonymise(book(*people), key)
    second, _ = pseudonymise(book(*people[::-1]), key)
    assert len(set(labels(first).values())) == 3
    assert labels(second) == labels(first)


def test_a_letter_is_never_given_to_a_second_person() -> None:
    key = new_key()
    pseudonymise(book(person("M1-1", "Ana", "Ruiz"), person("M1-2", "Bo", "Lind")), key)
    later, _ = pseudonymise(book(person("M1-1", "Ana", "Ruiz"), person("M1-3", "Cleo", "Marek")), key)
    assert labels(later) == {"M1-1": "Personne A", "M1-3": "Personne C"}


def test_a_key_file_of_before_still_gives_its_letters(tmp_path: Path) -> None:
    key = KeyFile(bytes(range(32)))
    key.letters = {key.hashed("ana|ruiz|1980"): "Q", key.hashed("ana|ruiz|"): "Q"}
    old = {"format": "clss-key 1", "salt": key.salt.hex(), "letters": key.letters}
    (tmp_path / "cle.json").write_text(json.dumps(old), encoding="utf-8")
    read_again = open_key(tmp_path / "cle.json", tmp_path / "jeu")
    made, _ = pseudonymise(book(person("M1-1", "Ana", "Ruiz", "1980")), read_again)
    assert labels(made) == {"M1-1": "Personne Q"}
    save_key(read_again, tmp_path / "cle.json")
    again = open_key(tmp_path / "cle.json", tmp_path / "jeu")
    assert again == read_again
    assert again.people == {"persons/M1-1": "Q"}


def test_ids_that_an_export_numbers_bind_nobody() -> None:
    key = new_key()
    first = replace(book(person("M1-1", "Ana"), person("M1-2", "Bo")), numbered=frozenset({"persons"}))
    pseudonymise(first, key)
    later = replace(book(person("M1-1", "Bo"), person("M1-2", "Ana")), numbered=frozenset({"persons"}))
    assert labels(pseudonymise(later, key)[0]) == {"M1-1": "Personne B", "M1-2": "Personne A"}
    assert not key.people


# Decisions ---------------------------------------------------------------------------------------------------------

BAILLEUR = "Préavis reçu de M. Verhaegen, le bailleur. Elle est inquiète."
MEDECIN = "Elle voit le Dr Ouedraogo, puis Mme Szymanski."


def records_with(*details: str) -> Records:
    made, _ = pseudonymise(
        book(person("M1-1", "Ana", "Ruiz"), events=tuple(event("M1", each) for each in details)), new_key()
    )
    return records_of_pages(made)


def passages(found: tuple) -> list[str]:
    return [each.text[each.finding.start : each.finding.end] for each in found]


def details(records: Records) -> list[str]:
    return records.events["detail"].tolist()


def decide_all(records: Records, key: KeyFile, word: str = "") -> Records:
    filled = [Filled(each, "mask", "", word) for each in undecided(records)]
    for each in filled:
        remember(key, each.found.text, each.found.finding, Remembered("mask", "", "research", "2025-01", each.word))
    return decided(records, filled, "research", "2025-01")


@pytest.mark.parametrize("word", ["", "un voisin"])
def test_a_passage_decided_once_is_decided_in_whichever_text(word: str) -> None:
    key = new_key()
    done = decide_all(records_with(BAILLEUR, MEDECIN), key, word)
    put = word or "[nom]"
    assert details(done)[0] == f"Préavis reçu de M. {put}, le bailleur. Elle est inquiète."
    later = with_remembered(records_with(MEDECIN, f"Mardi passé. {BAILLEUR} Rien d’autre.", BAILLEUR), key)
    assert undecided(later) == ()
    assert details(later)[2] == details(done)[0]
    changed = with_remembered(records_with(BAILLEUR.replace("Préavis", "Courrier")), key)
    assert passages(undecided(changed)) == ["Verhaegen"]


def test_what_may_stay_stays_decided_with_its_reason() -> None:
    key = new_key()
    records = records_with(BAILLEUR)
    (found,) = undecided(records)
    remember(key, found.text, found.finding, Remembered("accept", "public_role", "research", "2025-01"))
    later = with_remembered(records_with("Rien.", f"Mardi. {BAILLEUR}"), key)
    assert undecided(later) == ()
    (kept,) = later.decisions
    assert (kept.decision, kept.reason, kept.month) == ("accept", "public_role", "2025-01")


def test_a_masked_string_is_proposed_everywhere(tmp_path: Path) -> None:
    key = new_key()
    decide_all(records_with(BAILLEUR), key)
    later = with_remembered(records_with(BAILLEUR, "on a parlé de verhaegen au téléphone, [nom] aussi"), key)
    assert "verhaegen" not in passages(undecided(later))
    found = undecided(later, proposed=proposals(key))
    assert "verhaegen" in passages(found)
    sheet = write_sheet(found, tmp_path / "f.csv", proposed=lambda each: proposed(key, each))
    filled, stale = read_filled(sheet, later, found)
    assert [each.found.text[each.found.finding.start : each.found.finding.end] for each in filled] == ["verhaegen"]
    assert stale == []


def answered(sheet: Path, answers: dict[str, str]) -> Path:
    """The sheet with a decision for some passages: a word of the list, or after « = » one's own."""
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    at = {head: rows[0].index(message(f"identifiers.head.{head}")) for head in ("decision", "word", "passage")}
    for row in rows[1:]:
        said = answers.get(row[at["passage"]], "")
        row[at["word" if said.startswith("=") else "decision"]] = said.lstrip("=")
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return sheet


def test_a_half_done_sheet_goes_on_and_an_old_one_says_what_fits_no_more(tmp_path: Path) -> None:
    records = records_with(BAILLEUR, MEDECIN, "Vu M. Okonjo.")
    found = undecided(records)
    half = answered(write_sheet(found, tmp_path / "f.csv"), {"Ouedraogo": "mask"})
    filled, stale = read_filled(half, records, found)
    records = decided(records, filled, "research", "2025-01")
    whole = answered(half, {"Ouedraogo": "mask", "Szymanski": "=une amie", "Verhaegen": "mask", "Okonjo": "mask"})
    later = records_with(*details(records)[:2], "Vu enfin M. Okonjo.", f"Plus tard. {BAILLEUR}")
    filled, stale = read_filled(whole, later, undecided(later))
    assert len(stale) == 1, "the sentence about M. Okonjo changed"
    done = decided(later, filled, "research", "2025-01")
    assert details(done)[1] == "Elle voit le Dr [nom], puis Mme une amie."
    assert "Verhaegen" not in "".join(details(done))
    assert passages(undecided(done)) == ["Okonjo"]


@pytest.mark.parametrize(
    ("text", "passage", "around"),
    [
        ("Vu hier. Reçu de M. Bey, le bailleur. Elle attend.", "Bey", "Reçu de M. Bey, le bailleur. "),
        ("Un.\nDeux Bey trois\nQuatre.", "Bey", "Deux Bey trois\n"),
        ("Bey", "Bey", "Bey"),
        ("Est-ce vrai ? Bey ! Non.", "Bey", "Bey ! "),
    ],
)
def test_where_a_sentence_ends(text: str, passage: str, around: str) -> None:
    at = text.index(passage)
    assert text[slice(*sentence(text, at, at + len(passage)))] == around


# A house from month to month ---------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "maison"
    folder.mkdir()
    (folder / "clss.toml").write_text('name = "Le Pas"\n', encoding="utf-8")
    (folder / "dossiers.xlsx").write_bytes(b"")
    monkeypatch.chdir(folder)
    return folder


def month(monkeypatch: pytest.MonkeyPatch, workbook: Pages, *words: str) -> int:
    monkeypatch.setattr(importing, "read_workbook", lambda *_: workbook)
    return main(["import", "dossiers.xlsx", *words])


FIRST = book(
    person("M1-1", "Ana", "Ruiz"), person("M2-1", "Bo", "Lind"), events=(event("M1", BAILLEUR), event("M2", MEDECIN))
)
GROWN = book(
    person("M2-1", "Bo", "Lind"), person("M3-1", "Cleo", "Marek"), person("M1-1", "Anna", "Ruiz"),
    events=(event("M2", MEDECIN), event("M1", BAILLEUR), event("M3", "Vu M. Okonjo.")),
)  # fmt: skip


def test_the_next_month_asks_only_what_is_new(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert month(monkeypatch, FIRST) == 0
    assert main(["review", "records", "--mask-all"]) == 0
    before = {path.name: path.read_bytes() for path in (house / "records").iterdir()}
    capsys.readouterr()
    assert month(monkeypatch, FIRST) == 0
    assert message("update.nothing") in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in (house / "records").iterdir()} == before
    assert month(monkeypatch, GROWN) == 0
    told = capsys.readouterr()
    assert "Personnes\u202f: nouveau M3-1" in told.out
    assert "Événements\u202f: nouveau M3-e1\n" in told.out
    assert not any(name in told.out + told.err for name in ("Ruiz", "Lind", "Marek", "Okonjo", "Verhaegen"))
    assert passages(undecided(read("records"))) == ["Okonjo"]
    assert read("records").persons.set_index("id")["label"]["M1-1"] == "Personne A"
    kept = (house / "register" / FILE).read_text(encoding="utf-8")
    assert not any(name.lower() in kept.lower() for name in ("Ruiz", "Verhaegen", "Ouedraogo", "bailleur"))


def test_rows_go_only_when_that_is_agreed_and_come_back(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert month(monkeypatch, GROWN) == 0
    before = {path.name: path.read_bytes() for path in (house / "records").iterdir()}
    register = json.loads((house / "register" / FILE).read_text(encoding="utf-8"))
    assert month(monkeypatch, FIRST) == 2
    told = capsys.readouterr()
    assert "--yes" in told.err
    assert "Personnes\u202f: parti M3-1" in told.out
    assert {path.name: path.read_bytes() for path in (house / "records").iterdir()} == before
    assert month(monkeypatch, FIRST, "--yes") == 0
    assert "M3-1" not in set(read("records").persons["id"])
    assert main(["undo"]) == 0
    assert {path.name: path.read_bytes() for path in (house / "records").iterdir()} == before
    assert json.loads((house / "register" / FILE).read_text(encoding="utf-8")) == register
    assert main(["undo"]) == 2
    assert message("update.nothing_kept") in capsys.readouterr().err


def test_nothing_changes_where_an_import_cannot_be_meant(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert month(monkeypatch, GROWN) == 0
    place = house / "register" / FILE
    before = {path: path.read_bytes() for path in house.rglob("*") if path.is_file()}
    without = pages({"households": [home("M1")], "persons": [person("M1-1", "Ana", "Ruiz")], "events": []})
    assert month(monkeypatch, without, "--yes") == 2
    assert "Événements" in capsys.readouterr().err
    (house / "~$dossiers.xlsx").write_bytes(b"")
    assert month(monkeypatch, GROWN) == 2
    assert message("update.open") in capsys.readouterr().err
    (house / "~$dossiers.xlsx").unlink()
    assert {path: path.read_bytes() for path in house.rglob("*") if path.is_file()} == before
    other = new_key()
    pseudonymise(book(person("M2-1", "Zed"), person("M1-1", "Yan"), person("M3-1", "Xi")), other)
    save_key(other, place)
    assert month(monkeypatch, GROWN) == 2
    assert message("update.other_house") in capsys.readouterr().err
    assert read("records").persons["label"].tolist() == ["Personne A", "Personne B", "Personne C"]


def test_a_lost_register_is_made_again_from_workbook_and_records(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert month(monkeypatch, GROWN) == 0
    people = json.loads((house / "register" / FILE).read_text(encoding="utf-8"))["people"]
    (house / "register" / FILE).unlink()
    turned = book(
        *(
            each
            for each in reversed(
                [person("M3-1", "Cleo", "Marek"), person("M1-1", "Anna", "Ruiz"), person("M2-1", "Bo", "Lind")]
            )
        )
    )
    assert month(monkeypatch, turned, "--yes", "--allow-empty") == 0
    assert json.loads((house / "register" / FILE).read_text(encoding="utf-8"))["people"] == people


def test_two_who_are_one_are_joined(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert month(monkeypatch, GROWN) == 0
    assert month(monkeypatch, GROWN, "--join", "M1-1=M3-1") == 0
    shown = read("records").persons.set_index("id")["label"]
    assert shown["M3-1"] == shown["M1-1"]
    assert month(monkeypatch, GROWN) == 0
    assert read("records").persons.set_index("id")["label"]["M3-1"] == shown["M1-1"]
    before = (house / "records" / "persons.csv").read_bytes()
    assert month(monkeypatch, GROWN, "--join", "M9-9=M3-1") == 2
    assert message("update.join") in capsys.readouterr().err
    assert (house / "records" / "persons.csv").read_bytes() == before


def test_outside_a_house_the_key_file_remembers_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert month(monkeypatch, FIRST, "--out", "janvier", "--key", "cle.json") == 0
    assert main(["review", "janvier", "--mask-all"]) == 0
    assert month(monkeypatch, GROWN, "--out", "fevrier", "--key", "cle.json") == 0
    assert passages(undecided(read("fevrier"))) == ["Okonjo"]
    assert month(monkeypatch, GROWN, "--out", "janvier", "--key", "cle.json") == 0
    assert read("janvier").events.equals(read("fevrier").events)
    undo(tmp_path / "janvier")
    assert len(read("janvier").persons) == 2


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_what_never_leaves_is_its_owner_s_alone(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0)
    try:
        assert month(monkeypatch, FIRST) == 0
        assert month(monkeypatch, GROWN) == 0
    finally:
        os.umask(before)
    for path in (house / "register").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


# Twelve months -----------------------------------------------------------------------------------------------------

GIVEN = ("Ana", "Bo", "Cleo", "Dov", "Ezra", "Femke", "Goran", "Hana", "Imre", "Jana", "Kofi", "Lotte", "Milo", "Nadia")
STRANGERS = ("Verhaegen", "Szymanski", "Ouedraogo", "Okonjo", "Lemmens", "Castelein", "Dumoulin", "Haddad", "Peeters",
             "Vandamme", "Kowalski", "Traoré", "Nkemelu", "Wouters", "Delvaux", "Rossi")  # fmt: skip


Shown = Callable[["Year", pytest.MonkeyPatch], Pages]


class Year:
    """A workbook that grows, is corrected and loses rows from one month to the next."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.people: dict[str, list[str]] = {}
        self.events: list[tuple[str, str, str]] = []
        self.count = 0

    def goes_on(self) -> None:
        chance = self.chance
        for _ in range(chance.randint(1, 2)):
            self.count += 1
            key = f"P{self.count}"
            self.people[key] = [chance.choice(GIVEN), f"{chance.choice(GIVEN)}sen", "", f"M{chance.randint(1, 4)}"]
        for told in self.people.values():
            if chance.random() < 0.2:
                told[0] += "a"
            if chance.random() < 0.1:
                told[1] += "s"
            if chance.random() < 0.2:
                told[2] = told[2] or f"19{chance.randint(50, 99)}-05-06"
            if chance.random() < 0.1:
                told[3] = f"M{chance.randint(1, 4)}"
        if len(self.people) > 3 and chance.random() < 0.5:
            del self.people[chance.choice(sorted(self.people))]
        for _ in range(2):
            self.count += 1
            who = chance.choice(STRANGERS)
            self.events.append((f"M{chance.randint(1, 4)}", f"Visite {self.count} chez M. {who}.", who))
        if len(self.events) > 4 and chance.random() < 0.5:
            self.events.pop(chance.randrange(len(self.events) - 2))
        if len(self.events) > 4 and chance.random() < 0.5:
            home_, text, who = self.events[0]
            self.events[0] = (home_, text.replace("Visite", "Visite brève"), who)
        chance.shuffle(self.events)
        shuffled = [*self.people.items()]
        chance.shuffle(shuffled)
        self.people = dict(shuffled)

    def tables(self, _: pytest.MonkeyPatch) -> Pages:
        """What the workbook with a sheet for every table holds."""
        people = [
            person(key, given, family, birth, household=house)
            for key, (given, family, birth, house) in self.people.items()
        ]
        told = {"households": [home(f"M{n}") for n in (1, 2, 3, 4)], "persons": people}
        return pages({**told, "events": [event(where, text) for where, text, _ in self.events]})

    def interview(self, monkeypatch: pytest.MonkeyPatch) -> Pages:
        """What the workbook of an interview holds, read as its sheets are."""
        names = ("id", "given_name", "family_name", "birth_date", "household")
        people = [dict(zip(names, (key, *told), strict=True)) | {"role": "adulte"} for key, told in self.people.items()]
        rows = {
            "household": [{"id": f"M{n}", "intake": "janv. 2024"} for n in (1, 2, 3, 4)],
            "people": people,
            "course": [{"household": where, "kind": "rencontre", "detail": text} for where, text, _ in self.events],
        }
        raw = [RawSheet(LISTS, ((FORMAT, "fr"),))]
        for key, told in rows.items():
            across = entries(key, "fr")
            cells = (tuple(row.get(each.name) or None for each in across) for row in told)
            raw.append(RawSheet(sheet_titles("fr")[key], (tuple(each.title for each in across), *cells)))
        monkeypatch.setattr(reading, "open_workbook", lambda _: raw)
        return read_workbook("dossiers.xlsx")


WORKBOOKS = pytest.mark.parametrize("shown", [Year.tables, Year.interview], ids=["tables", "interview"])


@WORKBOOKS
@pytest.mark.parametrize("seed", range(2, 12))
def test_over_twelve_months_each_keeps_a_letter_of_her_own(
    seed: int, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    year, key, known = Year(seed), new_key(), {}
    for _ in range(12):
        year.goes_on()
        now = labels(pseudonymise(shown(year, monkeypatch), key)[0])
        known = now | known
        assert now.items() <= known.items()
        assert len(set(known.values())) == len(known)
    assert labels(pseudonymise(shown(year, monkeypatch), key)[0]) == now


@WORKBOOKS
def test_over_twelve_months_only_what_is_new_is_asked(
    house: Path, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    year, asked_before, known = Year(1), set(), {}
    for number in range(12):
        year.goes_on()
        assert month(monkeypatch, shown(year, monkeypatch), "--yes") == 0
        records = read("records")
        found = undecided(records)
        texts = {text for _, text, _ in year.events}
        assert {each.text for each in found} == texts - asked_before, number
        asked_before |= texts
        now = records.persons.set_index("id")["label"].to_dict()
        assert now.keys() == year.people.keys()
        assert {key: now[key] for key in known if key in now} == {key: known[key] for key in known if key in now}
        assert len(set(now.values()) | set(known.values())) == len({**known, **now}), "no letter for two persons"
        known |= now
        sheet = write_sheet(found, Path(f"r{number}.csv"))
        answers = dict.fromkeys(STRANGERS, "mask") | dict.fromkeys(STRANGERS[::3], "=une connaissance")
        answered(sheet, answers)
        assert main(["review", "records", "--apply", str(sheet)]) == 0
    once = house.with_name("once")
    once.mkdir()
    for name in ("clss.toml", "dossiers.xlsx", "register"):
        (shutil.copytree if name == "register" else shutil.copyfile)(house / name, once / name)
    monkeypatch.chdir(once)
    assert month(monkeypatch, shown(year, monkeypatch)) == 0
    at_once = read("records")
    assert at_once.persons.set_index("id")["label"].to_dict() == now
    assert undecided(at_once) == ()
