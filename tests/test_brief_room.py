"""The room of a brief: the last day for the request, what a council does not hear, and the papers that go with it."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from book_runs import needs
from brief_packs import CONTEXT, PUBLICATION, ROOT, text_of, told
from pypdf import PdfReader

from clss_analysis.cli import main
from clss_analysis.publish.brief import BUILT_IN, tell
from clss_analysis.publish.brief.facts import Sentence
from clss_analysis.publish.brief.room import (
    Room,
    a_day,
    address,
    hindrances,
    request_markdown,
    room_files,
    rule_lines,
    signature_notes,
)
from clss_analysis.publish.brief.speech import speech, word_file
from clss_analysis.publish.brief.theme import BriefError, read_theme
from clss_analysis.records import InvalidRecordsError
from clss_analysis.records.assemblies import UnknownAssemblyError, find_assembly, read_assemblies
from clss_analysis.records.context import read_context

DAY = datetime.date
COUNCILS = ("2026-12-17", "2027-01-28", "2027-03-01")
DEADLINES = {  # counted on a calendar
    "anderlecht": ("2026-12-11", "2027-01-22", "2027-02-23"),
    "auderghem": (None, None, None),
    "berchem-sainte-agathe": (None, None, None),
    "bruxelles": ("2026-12-02", "2027-01-13", "2027-02-14"),
    "etterbeek": ("2026-12-11", "2027-01-22", "2027-02-23"),
    "evere": (None, None, None),
    "forest": (None, None, None),
    "ganshoren": (None, None, None),
    "ixelles": ("2026-12-04", "2027-01-15", "2027-02-16"),
    "jette": (None, None, None),
    "koekelberg": ("2026-12-09", "2027-01-20", "2027-02-21"),
    "molenbeek-saint-jean": (None, None, None),
    "saint-gilles": (None, None, None),
    "saint-josse-ten-noode": (None, None, None),
    "schaerbeek": ("2026-12-09", "2027-01-20", "2027-02-21"),
    "uccle": (None, None, None),
    "watermael-boitsfort": ("2026-12-04", "2027-01-15", "2027-02-16"),
    "woluwe-saint-lambert": (None, None, None),
    "woluwe-saint-pierre": ("2026-12-11", "2027-01-22", "2027-02-23"),
    "generique": (None, None, None),
}


@pytest.fixture(scope="module")
def rooms():
    return read_assemblies(CONTEXT)


def room_of(rooms, commune: str, council: str = "2026-12-17", seen: DAY | None = None) -> Room:
    return Room(find_assembly(rooms, commune), a_day(council), seen or DAY(2026, 11, 29))


def test_the_last_day_of_every_commune(rooms):
    assert set(rooms) == set(DEADLINES)
    for commune, days in DEADLINES.items():
        found = [room_of(rooms, commune, council).deadline for council in COUNCILS]
        assert found == [None if day is None else DAY.fromisoformat(day) for day in days], commune


def test_every_row_says_where_it_was_read_and_no_column_is_older_that_is_empty(rooms):
    for room in rooms.values():
        assert "22 février 2024" in room.cells["source"]
        assert room.cells["date"] == "2026-11"
        assert set(room.cells.get("older", "").split()) <= set(room.cells), room.id


@pytest.mark.parametrize(("name", "commune"), [
    ("Molenbeek-Saint-Jean", "molenbeek-saint-jean"), ("sint-jans-molenbeek", "molenbeek-saint-jean"),
    ("Ixelles", "ixelles"), ("ELSENE", "ixelles"), ("Woluwé Saint Pierre", "woluwe-saint-pierre"),
])  # fmt: skip
def test_a_commune_is_found_by_either_name(rooms, name, commune):
    assert find_assembly(rooms, name).id == commune


def test_an_unknown_commune_is_told_the_nearest(rooms):
    with pytest.raises(UnknownAssemblyError, match="il y a molenbeek-saint-jean, "):
        find_assembly(rooms, "molenbek-saint-jan")


@pytest.mark.parametrize("text", ["2026-12", "2026-13-01", "2026-02-30", "17/12/2026", "20261217", ""])
def test_a_day_that_is_none_is_refused(text):
    with pytest.raises(BriefError, match="--council"):
        a_day(text)


@pytest.mark.parametrize(("column", "value"), [
    ("notice", "0"), ("signatures", "vingt"), ("days", "francs"), ("addressee", "roi"), ("source", ""),
    ("date", "2026"), ("single_case", "non"), ("older", "delai"), ("url", "koekelberg.be"), ("id", "evere"),
])  # fmt: skip
def test_a_row_that_is_not_sound_is_refused_by_line_and_column(tmp_path, column, value):
    rows = list(csv.DictReader((CONTEXT / "assemblies.csv").open(encoding="utf-8")))
    rows[10][column] = value
    with (tmp_path / "assemblies.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(InvalidRecordsError) as refused:
        read_assemblies(tmp_path)
    (fault,) = refused.value.faults
    assert (fault.file, fault.row, fault.column) == ("assemblies.csv", 12, column)
    assert value == "" or value not in str(fault)
    assert read_context(tmp_path).empty, "rules are no numbers"


def against(room: Room, **changes) -> tuple[str, ...]:
    lang = changes.get("lang", "fr")
    story = replace(told("expulsion", lang).story, **changes)
    return hindrances(room, story, speech(story))


def test_a_sound_demand_has_nothing_against_it(rooms):
    for theme in BUILT_IN:
        story = told(theme, "fr").story
        for commune in ("molenbeek-saint-jean", "koekelberg", "generique"):
            assert hindrances(room_of(rooms, commune), story, speech(story)) == ()


@pytest.mark.parametrize(("seen", "words"), [
    (DAY(2026, 12, 9), None), (DAY(2026, 12, 10), "Le délai est passé"), (DAY(2026, 12, 17), "9\xa0décembre"),
    (DAY(2026, 12, 18), "a déjà eu lieu"), (DAY(2027, 1, 1), "a déjà eu lieu"), (DAY(2026, 12, 1), None),
])  # fmt: skip
def test_a_deadline_is_past_only_from_the_day_after(rooms, seen, words):
    said = against(room_of(rooms, "koekelberg", seen=seen))
    assert (said == ()) if words is None else (len(said) == 1 and words in said[0])


SINGLE = {
    "fr": ["Nous demandons que cette famille soit relogée.", "Nous demandons un logement pour Madame Y.",
           "Relogez la famille A avant jeudi."],
    "nl": ["Wij vragen dat dit gezin een woning krijgt.", "Wij vragen een woning voor mevrouw Y."],
}  # fmt: skip


@pytest.mark.parametrize(("lang", "demand"), [(lang, text) for lang, texts in SINGLE.items() for text in texts])
def test_the_case_of_one_household_is_not_admissible(rooms, lang, demand):
    (said,) = against(room_of(rooms, "ixelles"), lang=lang, demand=Sentence(demand, ()))
    assert {"fr": "portée générale", "nl": "algemene draagwijdte"}[lang] in said


def test_where_single_cases_are_heard_or_nothing_is_known_none_is_told(rooms):
    known = find_assembly(rooms, "ixelles")
    for cell in ({"single_case": "true"}, {}):
        cells = {key: value for key, value in known.cells.items() if key != "single_case"} | cell
        room = Room(replace(known, cells=cells), DAY(2026, 12, 17), DAY(2026, 11, 29))
        assert against(room, demand=Sentence("Nous demandons que cette famille soit relogée.", ())) == ()
    asked = "le cas d’une seule personne est-il recevable"
    assert any(asked in line for line in rule_lines(room, told("expulsion", "fr").story, ()))


def test_another_language_another_power_and_a_long_speech_are_told(rooms):
    room = room_of(rooms, "ixelles")
    assert "français ou en néerlandais" not in " ".join(against(room, lang="nl"))
    assert "French or Dutch" in against(room, lang="en")[0]
    assert "la Région" in against(room, decides="region")[0]
    assert against(room, decides="council") == ()
    short = replace(room.assembly, cells={**room.assembly.cells, "minutes": "2"})
    assert "environ 3 minutes, la règle en donne 2" in against(replace(room, assembly=short))[0]


def test_what_is_not_known_is_asked_and_what_is_older_is_marked(rooms):
    story = told("expulsion", "fr").story
    lines = "\n".join(rule_lines(room_of(rooms, "molenbeek-saint-jean"), story, ()))
    assert "Le délai n’est pas connu" in lines
    assert "combien de jours avant le conseil" in lines
    assert "25" in lines
    lines = "\n".join(rule_lines(room_of(rooms, "etterbeek"), story, ()))
    assert "vendredi 11\xa0décembre\xa02026" in lines
    assert "5 jours francs" in lines
    assert "règle antérieure à l’ordonnance de 2024" in lines
    assert "faites-le confirmer" in lines, "the day itself comes from that older rule"
    lines = "\n".join(rule_lines(room_of(rooms, "koekelberg", "2027-03-01"), story, ()))
    assert "dimanche 21\xa0février\xa02027" in lines
    assert "vendredi 19\xa0février\xa02027" in lines, "the town hall is closed on Sundays"
    assert "faites-le confirmer" not in lines


SIGNING = {
    "fr": "Peuvent signer\u202f: personnes domiciliées dans la commune, à partir de 16 ans.",
    "nl": "Wie mag tekenen: personen gedomicilieerd in de gemeente, vanaf 16 jaar.",
    "en": "Who may sign: persons domiciled in the municipality, from 16 years on.",
}


@pytest.mark.parametrize("lang", list(SIGNING))
def test_the_signature_sheet_says_who_may_sign_in_one_sentence(rooms, lang):
    assert signature_notes(rooms["ixelles"], lang)[0] == SIGNING[lang]
    assert len(signature_notes(rooms["molenbeek-saint-jean"], lang)) == 3


def test_a_letter_to_no_commune_in_particular_leaves_its_name_to_be_filled_in(rooms):
    assert address(rooms["generique"], "fr")[1] == "Commune\u202f: ……………………"
    assert rooms["generique"].name("en") == "Another municipality of the Region"
    assert address(rooms["ixelles"], "nl")[1] == "Gemeente: Elsene"


@pytest.fixture(scope="module")
def papers(rooms):
    room = room_of(rooms, "watermael-boitsfort")
    return {lang: room_files(room, told("relogement", lang).story, 0) for lang in ("fr", "nl")}


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_the_papers_of_the_room(papers, lang):
    files, story = papers[lang], told("relogement", lang).story
    assert set(files) == {"request.pdf", "request.docx", "signatures.pdf", "handout.pdf", "press-square.png",
                          "press-wide.png", "press.txt"}  # fmt: skip
    said = {name: " ".join(text_of(files[name]).split()) for name in files if name.endswith(".pdf")}
    for name in said:
        assert b"<pdfuaid:part>1</pdfuaid:part>" in files[name]
        assert PdfReader(io.BytesIO(files[name])).trailer["/Root"]["/Lang"] == {"fr": "fr-BE", "nl": "nl-BE"}[lang]
        assert " ".join(story.demand.text.split()) in said[name].replace("- ", "-"), name
    assert [len(PdfReader(io.BytesIO(files[f"{name}.pdf"])).pages) for name in ("handout", "request")] == [1, 1]
    assert {"fr": "17 décembre 2026", "nl": "17 december 2026"}[lang] in said["request.pdf"]
    assert {"fr": "À titre d’illustration, sans nom", "nl": "Ter illustratie, zonder naam"}[lang] in said["request.pdf"]
    word = zipfile.ZipFile(io.BytesIO(files["request.docx"])).read("word/document.xml").decode()
    letter = re.sub("<[^>]*>", "", word)
    assert story.demand.text in letter
    assert {"fr": "portée générale", "nl": "algemene draagwijdte"}[lang] in letter
    assert "35" in said["signatures.pdf"], "ten more than needed"
    for name, (width, height) in {"press-square.png": (1, 1), "press-wide.png": (16, 9)}.items():
        wide, high = (int.from_bytes(files[name][start : start + 4], "big") for start in (16, 20))
        assert wide > 2000
        assert abs(wide / high - width / height) < 0.01
    alternative = files["press.txt"].decode()
    assert story.title in alternative
    assert story.demand.text in alternative


def longest_request(rooms, lang):
    """The longest request of all communes and themes, as a Word file."""
    asked = [room_of(rooms, name) for name in rooms]
    pairs = [(room, told(theme, lang).story) for theme in BUILT_IN for room in asked]
    room, story = max(pairs, key=lambda pair: len(request_markdown(*pair)))
    return word_file(request_markdown(room, story), story, 0, tight=True)


def test_the_request_is_one_page_in_word_too(rooms, tmp_path):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    needs(program, "LibreOffice")
    for lang in SIGNING:
        (tmp_path / f"{lang}.docx").write_bytes(longest_request(rooms, lang))
    command = [program, "--headless", f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, tmp_path.glob("*.docx"))]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert {lang: len(PdfReader(tmp_path / f"{lang}.pdf").pages) for lang in SIGNING} == dict.fromkeys(SIGNING, 1)


def test_a_day_dates_the_deadline_and_no_count():
    """The counts of a booklet of 2025 are not those of the day on which a council is asked."""
    days = {"2026-11": "novembre\xa02026", "2026-11-30": "décembre\xa02025"}
    for date, month in days.items():
        made = tell("expulsion", PUBLICATION, context=CONTEXT, commune="ixelles", council="2026-12-17", date=date)
        assert [each.when for each in made.story.numbers if each.shown == "4"] == [month]
        assert made.story.as_of == "novembre\xa02026"


def test_the_same_room_gives_the_same_bytes(papers, rooms):
    again = room_files(room_of(rooms, "watermael-boitsfort"), told("relogement", "nl").story, 0)
    assert again == papers["nl"]


def refused(words: list[str], out: Path, capsys) -> str:
    assert main(["brief", "expulsion", *words, "--out", str(out)]) == 2, words
    assert not out.exists()
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_words_that_do_not_hold_are_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("CLSS_LANG", raising=False)
    out = tmp_path / "out"
    assert "vont ensemble" in refused(["--commune", "ixelles"], out, capsys)
    assert "vont ensemble" in refused(["--council", "2026-12-17"], out, capsys)
    assert "AAAA-MM-JJ" in refused(["--commune", "ixelles", "--council", "demain"], out, capsys)
    assert "ixelles" in refused(["--commune", "ixele", "--council", "2026-12-17"], out, capsys)
    assert refused(["--commune", "ixelles", "--council", "2026-12-17", "--date", "2026-12-40"], out, capsys)
    assert "AAAA-MM" in refused(["--date", "2026-12-01"], out, capsys), "a day is said only to a council"


def test_an_inadmissible_demand_is_told_and_the_pack_is_there(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("CLSS_LANG", raising=False)
    words = ["--commune", "Koekelberg", "--council", "2026-12-17", "--date", "2026-12-10", "--lang", "nl"]
    assert main(["brief", "relogement", *words, "--out", str(tmp_path / "out")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "De termijn is verstreken" in line
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"request.pdf", "signatures.pdf", "handout.pdf", "brief.pdf", "checks.txt"} <= made
    checks = (tmp_path / "out" / "checks.txt").read_text("utf-8")
    assert checks.index("De termijn is verstreken") < checks.index("7 vrije dagen")


def test_a_theme_says_who_decides(tmp_path):
    path = tmp_path / "t.yml"
    said = {"rows": ["programme/reco9"], "says": {"fr": "Nous demandons ceci."}}
    theme = {"title": {"fr": "Titre"}, "demand": said | {"decides": "roi"}, "recommendations": [said],
             "numbers": [{"row": "context/expulsions-region", "says": {"fr": "{value}."}}] * 3}  # fmt: skip
    path.write_text(json.dumps(theme), "utf-8")
    with pytest.raises(BriefError, match=r"demand\.decides"):
        read_theme(str(path))
