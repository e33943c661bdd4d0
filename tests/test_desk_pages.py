"""Pages of the desk about the house, its workbooks and what leaves it: what they change, and that no text runs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from desk_house import Asked, empty_house, opened
from jinja2 import Environment, FileSystemLoader
from test_desk_server import OURS, Tags
from test_privacy_hostile import HARMLESS

from clss_analysis.desk import app, state
from clss_analysis.desk.draft import Draft
from clss_analysis.desk.leaving import Leaving
from clss_analysis.desk.state import Opened
from clss_analysis.records import InvalidRecordsError, Records, synthesise
from clss_analysis.records.house import House, house_at
from clss_analysis.records.house_settings import read_settings, write_settings
from clss_analysis.records.workbook import write_workbook

TEXTS = [each.replace("\n", " ") for each in HARMLESS.values()]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return empty_house(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def asked(house):
    with opened(house) as (address, _):
        yield Asked(address).open()


def test_the_house_says_who_it_is_and_keeps_the_rest_of_its_file(asked, house):
    file = house.folder / "clss.toml"
    before = file.read_text("utf-8")
    assert asked.form("/clss/house", name='Asbl « Le "Fil" » # 1', **{"edition.date": "2026-12-01"}) == 302
    said = read_settings(file)
    assert (said.name, str(said.date), said.threshold) == ('Asbl « Le "Fil" » # 1', "2026-12-01", 5)
    changed = set(file.read_text("utf-8").splitlines()) ^ set(before.splitlines())
    assert {line.partition(" ")[0] for line in changed} == {"name", "date"}
    assert {line.partition("#")[2] for line in changed if "#" in line} >= {" le nom de l’association"}
    assert asked.form("/clss/house", **{"edition.date": "demain"}) == 200  # told, and nothing is written
    assert read_settings(file) == said


def test_hostile_words_of_a_house_are_words(asked):
    for text in TEXTS:
        assert asked.form("/clss/house", name=text) in (200, 302)
        page = asked("GET", "/clss/house")[2]
        assert Tags.of(page) <= OURS | {"form"}
    assert asked.form("/clss/house", name=TEXTS[0]) == 302
    assert TEXTS[0].strip() in unescape(asked("GET", "/clss/house")[2])


@pytest.mark.parametrize("text", ['name = """\nA"""\n', "edition = { year = 2025 }\n"])
def test_a_file_that_only_a_person_can_change_stays_as_it_is(tmp_path, text):
    path = tmp_path / "clss.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidRecordsError):
        write_settings(path, {"name": "B", "edition.date": "2026-01-01"})
    assert path.read_text("utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_workbook_is_taken_up_after_its_changes_were_seen(tmp_path, asked, house):
    workbook = write_workbook(synthesise(2, 5), tmp_path / "autre.xlsx") or tmp_path / "autre.xlsx"
    assert asked.send("/clss/workbook/read", "../../x.xlsx", workbook.read_bytes()) == 302
    page = unescape(asked("GET", "/clss/make")[2])
    assert re.search(r"<li>Ménages\u202f: nouveau Ménage S001, Ménage S002</li>", page)
    assert "/clss/household/" not in asked("GET", "/clss/")[2]
    asked.add("consents", label="entre-temps")
    asked.form("/clss/workbook/apply")
    assert "de nouveau" in asked("GET", "/clss/make")[2]
    asked.send("/clss/workbook/read", "x.xlsx", workbook.read_bytes())
    asked.form("/clss/workbook/apply")
    assert asked("GET", "/clss/")[2].count("/clss/household/") == 2
    asked.send("/clss/workbook/read", "x.xlsx", workbook.read_bytes())
    assert "la même chose" in asked("GET", "/clss/make")[2]
    assert asked.change("undo") == (200, {"done": True})
    assert "/clss/household/" not in asked("GET", "/clss/")[2]
    for stranger in (b"no workbook", b"PK\x03\x04 cut short"):
        assert asked.send("/clss/workbook/read", "x.xlsx", stranger) == 302
        page = asked("GET", "/clss/make")[2]
        assert "classeur.xlsx" in page
        assert "/clss/workbook/apply" not in page
    assert {path.name for path in house.folder.iterdir()} & {"x.xlsx", "classeur.xlsx", "mapping.toml"} == set()


def test_hostile_rows_of_a_workbook_and_of_the_draft_are_listed_as_text(tmp_path, asked):
    other = empty_house(tmp_path)
    draft = Draft(other)
    key = draft.add("households", {})
    home = draft.tables["households"][key]["id"]
    for text in TEXTS:
        cells = {"household": home, "role": "mother", "residence": "household", "given_name": text[:300]}
        draft.add("persons", cells)
    draft.write_workbook()
    asked.send("/clss/workbook/read", "x.xlsx", other.workbook.read_bytes())
    page = asked("GET", "/clss/make")[2]
    assert Tags.of(page) <= OURS | {"form", "progress", "pre", "li"}
    line = re.search(r"<li>Personnes\u202f: nouveau (.*?)</li>", page, re.DOTALL)
    assert sum(text[:60].strip() in unescape(line[1]) for text in TEXTS) >= 12  # it names so many, and counts the rest
    asked.form("/clss/workbook/apply")
    page = asked("GET", "/clss/make")[2]
    assert Tags.of(page) <= OURS | {"form", "progress", "pre", "li"}
    assert asked.change("undo")[0] == 200


def test_hostile_words_of_what_was_made_are_shown_as_text(tmp_path):
    desk = Opened(empty_house(tmp_path), "fr", looking=True)
    places = Environment(loader=FileSystemLoader([app.HERE / "templates"]), autoescape=True)
    places.globals.update(say=desk.say, lang="fr", palette={})
    many = tuple(TEXTS)
    found = Leaving(tuple((t, "1") for t in many), many, dict.fromkeys(many, many), dict.fromkeys(many, 1), many)
    job = type("Made", (), {"what": "export", "lines": list(many), "code": 0})
    page = places.get_template("leaving.html").render(
        xsrf="x", here="/clss/leaving", looking=False, job=job, found=found, single=True, place=many[0]
    )
    assert Tags.of(page) <= OURS | {"form", "li"}
    assert not [text for text in many if text.strip() not in unescape(page)]
    desk.close()


def test_whoever_has_not_agreed_stays_out_of_the_records(tmp_path):
    desk = Opened(empty_house(tmp_path), "fr")
    draft = desk.draft
    keys = [draft.add("households", {}) for _ in range(3)]
    assert desk.left_out() == {}  # nobody has agreed yet: all go into the records, and nothing leaves them
    for scope in ("told", "working"):
        draft.add("consents", {"label": scope, "scope": scope})
    draft.change("households", keys[0], "consent", "accord-1", "")
    draft.change("households", keys[1], "consent", "accord-2", "")
    assert set(desk.left_out()) == {"M2", "M3"}
    pages, places = draft.pages("fr", without=desk.left_out())
    assert places["households"] == keys[:1]
    assert [line.cells["id"] for line in pages.tables["households"].lines] == ["M1"]
    draft.mark("taken", desk.left_out())
    assert set(draft.marks["taken"]) == {"M1"}
    assert json.dumps(desk.consequences(), ensure_ascii=False).count("rien") == 2
    desk.close()


def test_the_end_of_a_consent_is_read_however_it_is_typed(tmp_path):
    desk = Opened(empty_house(tmp_path), "fr")
    for _ in range(2):
        key = desk.draft.add("consents", {"label": "dit", "scope": "told"})
    for consent in ("accord-1", "accord-2"):
        desk.draft.add("households", {"consent": consent})
    seen = ""
    for until, ended in (("12/2001", True), ("12/2999", False), ("déc. 2001", True), ("2999-01", False)):
        desk.draft.change("consents", key, "until", until, seen)
        seen = desk.draft.shown("consents", desk.draft.tables["consents"][key])["until"]
        assert set(desk.left_out()) == ({"M2"} if ended else set())
    desk.close()


def test_the_last_household_that_withdraws_is_told_that_nothing_leaves_any_more(tmp_path, monkeypatch):
    desk = Opened(empty_house(tmp_path), "fr")
    draft = desk.draft
    one, other = (draft.add("households", {"consent": "accord-1"}) for _ in range(2))
    draft.add("consents", {"label": "dit", "scope": "told"})
    monkeypatch.setattr("clss_analysis.desk.state.scopes_of", lambda _: {"M1": "told", "M2": "told"})
    monkeypatch.setattr("clss_analysis.desk.state.read", lambda _: Records.from_frames())
    draft.change("households", one, "consent", "", "accord-1")
    assert set(desk.left_out()) == {"M1"}
    assert "quitte les dossiers" in desk.consequences()["M1"][1]
    draft.change("households", other, "consent", "", "accord-1")
    assert desk.left_out() == {}  # who agreed to nothing is in the records again, and the gate is shut on all of them
    assert {said for _, said in desk.consequences().values()} == {desk.say("desk.consents.last")}
    desk.close()


def test_a_desk_that_nobody_uses_closes_until_the_passphrase_is_told(tmp_path, monkeypatch):
    house = empty_house(tmp_path)
    file = house.folder / "clss.toml"
    file.write_text(file.read_text("utf-8").replace("# passphrase = false", "passphrase = true "), "utf-8")
    monkeypatch.setenv("CLSS_PASSPHRASE", "sept mots bien longs")
    with opened(house_at(house.folder)) as (address, _):
        asked = Asked(address).open()
        key = asked.add("households")
        assert 'data-idle="600.0"' in asked("GET", "/clss/")[2]
        assert "fermé" in asked("GET", "/clss/idle")[2]  # where a page goes that nobody touched
        for path in ("/clss/", f"/clss/household/{key}", f"/clss/household/{key}/state", "/clss/make", "/clss/house"):
            status, headers, text = asked("GET", path)
            assert (status, headers["Location"], text) == (302, "/clss/idle", "")
        assert asked.change("drop", table="households", key=key)[0] == 423
        asked.form("/clss/idle", phrase="une autre")
        assert "pas cette phrase" in asked("GET", "/clss/idle")[2]
        assert asked("POST", "/clss/idle", "phrase=sept mots bien longs")[0] == 403
        with opened(house_at(house.folder)) as (second, _):  # one that only looks opens again too
            other = Asked(second).open()
            other("GET", "/clss/idle")
            assert other.form("/clss/idle", phrase="sept mots bien longs") == 302
            assert "M1" in other("GET", "/clss/")[2]
        assert asked.form("/clss/idle", phrase="sept mots bien longs") == 302
        assert "M1" in asked("GET", "/clss/")[2]


def test_a_desk_closes_by_itself_only_where_the_register_has_a_passphrase(tmp_path, monkeypatch):
    desk, time = Opened(empty_house(tmp_path), "fr", looking=True), [0.0]
    monkeypatch.setattr(state, "monotonic", lambda: time[0])
    for locked in (False, True):
        desk.house = House(desk.house.folder, replace(desk.house.settings, passphrase=locked))
        desk.is_closed()
        time[0] += state.IDLE - 1
        assert not desk.is_closed()
        time[0] += state.IDLE + 1
        assert desk.is_closed() is locked
    assert desk.is_closed()  # and stays so
    desk.close()
