"""The desk on its real server: who may ask, what it keeps, and that it reads rows as an import does."""

from __future__ import annotations

import csv
import json
import multiprocessing
import random
import re
import stat
import threading
from contextlib import suppress
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPException
from importlib.resources import files

import pytest
from brief_packs import real_house
from desk_house import Asked, empty_house, finished, house_of, opened
from test_privacy_hostile import HARMLESS

from clss_analysis.desk.app import open_desk
from clss_analysis.desk.draft import ChangedError, Draft
from clss_analysis.desk.look import in_fields, look
from clss_analysis.desk.state import Opened
from clss_analysis.layout.genogram.drawing import sketch, sociogenogram
from clss_analysis.layout.geometry import overlaps
from clss_analysis.privacy.importing import import_pages, import_workbook
from clss_analysis.records import InvalidRecordsError, read, synthesise
from clss_analysis.records.writing import files_of

XSRF = "X-XSRFToken"
OURS = set(
    re.findall(
        r"\w+",
        "html head meta title link script body a header nav button p main noscript h1 h2 div ul details summary span"
        " fieldset legend label select option textarea input section img dialog",
    )
)


class Tags(HTMLParser):
    """The elements of a page, none of which may have a handler or run what is no file of the desk."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        said = dict(attrs)
        assert not [name for name in said if name.startswith("on") or name == "style"]
        assert tag != "script" or str(said["src"]).startswith("/clss/asset/")
        assert str(said.get("href", "/clss/")).startswith(("/clss/", "#"))

    @classmethod
    def of(cls, page: str) -> set[str]:
        found = cls()
        found.feed(page)
        return found.seen


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return empty_house(tmp_path_factory.mktemp("bureau"))


@pytest.fixture(scope="module")
def address(house):
    with opened(house) as (found, _):
        yield found


@pytest.fixture
def asked(address):
    return Asked(address).open()


POSTED = ["/clss/", "/clss/house", "/clss/take", "/clss/review", "/clss/run/check", "/clss/run/show",
          "/clss/workbook/write", "/clss/workbook/read", "/clss/workbook/apply"]  # fmt: skip
PATHS = [
    "/clss/house",
    "/clss/make",
    "/clss/leaving",
    "/clss/leaving/copy",
    "/clss/",
    "/clss/consents",
    "/clss/household/1",
    "/clss/household/1/state",
    "/clss/asset/desk.js",
]


@pytest.mark.parametrize("path", [*PATHS, "/", "/api/contents", "/tree", "/login", "/files/register/draft.json"])
def test_nothing_is_served_without_the_token(address, path):
    status, headers, text = Asked(address)("GET", path)
    assert status == 403
    assert "token=" not in text
    assert "Set-Cookie" not in headers or "username" not in headers["Set-Cookie"]


@pytest.mark.parametrize(
    "path", ["/", "/api/contents", "/api/kernels", "/login", "/files/register/draft.json", "/static/x"]
)
def test_nothing_else_of_jupyter_answers(asked, path):
    assert asked("GET", path)[0] == 404
    assert asked("POST", path, {}, {XSRF: asked.cookies["_xsrf"]})[0] == 404


def test_the_token_leaves_the_address_at_once(address):
    status, headers, _ = Asked(address)("GET", "/clss/?" + address.partition("?")[2])
    assert (status, headers["Location"]) == (302, "/clss/")
    assert "SameSite=Strict" in headers["Set-Cookie"]
    assert Asked(address)("GET", "/clss/?token=wrong")[0] == 403


@pytest.mark.parametrize("headers", [
    {"Host": "evil.example"},
    {"Host": "evil.example:80"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_page_is_refused(asked, headers, method):
    body = {"table": "consents", "cells": {}} if method == "POST" else None
    path = "/clss/change/row" if method == "POST" else "/clss/"
    right = {XSRF: asked.cookies["_xsrf"]}
    assert asked(method, path, body, {**right, **headers})[0] == 403
    assert asked(method, path, body, right)[0] == 200


@pytest.mark.parametrize(
    "path", ["/clss/change/row", "/clss/change/cell", "/clss/change/drop", "/clss/change/undo", *POSTED]
)
def test_a_change_without_its_second_token_is_refused(asked, address, path):
    body = {"table": "consents", "cells": {}}
    for headers in ({}, {XSRF: "x"}, {"Authorization": "token " + address.partition("token=")[2]}):
        assert asked("POST", path, body, headers)[0] == 403


def test_headers_keep_the_page_to_itself(asked):
    _, headers, text = asked("GET", "/clss/")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in headers
    assert not re.search(r"<script(?! src=)|<style| style=| on[a-z]+=", text)


WRONG = [
    [],
    {"table": "secret"},
    {"table": "persons", "key": "x"},
    {"table": "persons", "cells": {"id": "X"}},
    {"table": "persons", "cells": {"zzz": "1"}},
    {"table": "persons", "cells": {"note": "a\x07"}},
]


@pytest.mark.parametrize("body", WRONG)
def test_what_is_no_change_is_refused_whole(asked, body):
    for what in ("row", "cell") if isinstance(body, dict) and "cells" in body else ("cell",):
        status, _, text = asked("POST", f"/clss/change/{what}", body, {XSRF: asked.cookies["_xsrf"]})
        assert status in (400, 409)
        assert "Traceback" not in text


def test_a_second_desk_on_the_same_house_says_so_and_only_looks(house, asked):
    key = asked.add("consents", label="vu")
    with opened(house) as (address, process):
        other = Asked(address).open()
        assert "ne fait que regarder" in other("GET", "/clss/")[2]
        page = other("GET", "/clss/consents")[2]
        assert 'value="vu"' in page
        said = {"table": "consents", "key": key, "column": "label", "value": "x", "seen": "vu"}
        assert other.change("cell", **said)[0] == 423
        for path in POSTED:
            assert other.form(path) == 423
        assert asked.change("cell", **said)[0] == 200
        assert 'value="x"' in other("GET", "/clss/consents")[2]
        assert process.poll() is None


def test_two_windows_never_lose_each_others_words(asked):
    key = asked.add("consents", label="un")
    said = {"table": "consents", "key": key, "column": "label"}
    assert asked.change("cell", **said, value="deux", seen="un") == (200, {"saved": True})
    assert asked.change("cell", **said, value="trois", seen="un") == (409, {"now": "deux"})
    assert asked.change("cell", **said, value="deux", seen="un")[0] == 200
    assert asked.change("drop", table="consents", key=key)[0] == 200
    assert asked.change("cell", **said, value="x", seen="deux") == (409, {"now": None})
    assert asked.change("undo") == (200, {"done": True})
    assert asked.change("cell", **said, value="x", seen="deux")[0] == 200


def test_hostile_text_comes_back_as_text(asked):
    home = asked.add("households")
    name = home_of(asked, home)
    row = asked.add("persons", household=name, role="mother", residence="household")
    seen = dict.fromkeys(("given_name", "note", "label"), "")
    for payload in HARMLESS.values():
        for column in seen:
            text = payload.replace("\n", " ")
            said = {"table": "persons", "key": row, "column": column, "value": text, "seen": seen[column]}
            assert asked.change("cell", **said)[0] == 200
            seen[column] = text if column != "given_name" else text.strip()
        status, _, page = asked("GET", f"/clss/household/{home}")
        assert status == 200
        assert text in unescape(page)
        assert Tags.of(page) <= OURS
        assert text not in re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]


def home_of(asked: Asked, key: int) -> str:
    page = asked("GET", f"/clss/household/{key}")[2]
    return re.search(r'data-home="([^"]+)"', page)[1]


@pytest.mark.usefixtures("asked")
def test_the_draft_is_its_owners_alone(house):
    for name in ("draft.json", "draft.jsonl"):
        assert stat.S_IMODE((house.register / name).stat().st_mode) == 0o600


def test_no_kill_takes_what_was_told_to_be_saved(tmp_path):
    """The real server, forked so that thirty starts are cheap, killed anywhere between its start and its edits."""
    house, fork, chance = empty_house(tmp_path), multiprocessing.get_context("fork"), random.Random(22)
    saved: dict[int, str] = {}
    doubtful: tuple[int, str] | None = None
    for turn in range(30):
        hears, says = fork.Pipe()
        server = fork.Process(target=open_desk, args=(house,), kwargs={"browser": False, "tell": says.send})
        server.start()
        says.close()
        if turn % 5 == 0:  # while it starts; else while it is asked
            threading.Timer(chance.uniform(0.05, 0.9), server.kill).start()
        with suppress(OSError, EOFError, HTTPException):
            asked = Asked(re.search(r"http\S+", hears.recv())[0]).open()
            if turn % 5:
                threading.Timer(chance.uniform(0, 0.3), server.kill).start()
            while True:
                text = f"accord {chance.random()}"
                if saved and chance.random() < 0.5:
                    key = chance.choice(list(saved))
                    said = {"table": "consents", "key": key, "column": "label", "value": text, "seen": saved[key]}
                    doubtful = key, text
                    assert asked.change("cell", **said)[0] == 200
                else:
                    key = asked.add("consents", label=text)
                saved[key], doubtful = text, None
        server.join()
        rows = Draft(house, looking=True).tables["consents"]
        for key, text in saved.items():
            assert rows[key]["label"] in {text, doubtful[1] if doubtful and doubtful[0] == key else text}
        saved = {key: rows[key]["label"] for key in saved}
    assert len(saved) > 30
    with (house.register / "draft.jsonl").open("ab") as journal:
        journal.write(b'[99999, [["drop", "consents", 1')  # cut short: it was never told to be saved
    draft = Draft(house)
    assert {key: draft.tables["consents"][key]["label"] for key in saved} == saved
    assert (house.register / "draft.jsonl").read_bytes() == b""
    assert Draft(house).tables == draft.tables


# ---- one truth with the workbook

EDITS = [
    ("persons", "note", "Dort mal ; téléphone 0470 12 34 56."),
    ("households", "summary", "Humidité, moisissures. Madame Zébulon attend."),
    ("persons", "age", "41"),
    ("households", "intake", "2023-05-17"),
    ("situations", "start", "2022-11"),
    ("ties", "label", "=1+1"),
    ("actors", "label", "Service d’à côté"),
    ("criteria", "met", ""),
    ("households", "label", ""),
    ("persons", "given_name", "Zébulon"),
]
LATER = ("events", "label", "Un rendez-vous de plus")  # in place of an age, since no child may be as old as its mother


@pytest.mark.parametrize("seed", [3, 8])
def test_fifty_edits_in_desk_and_workbook_give_the_same_dataset(tmp_path, seed):
    from openpyxl import load_workbook

    records = synthesise(5, seed)
    folders: list[dict[str, str]] = []
    for way in ("desk", "workbook"):
        house = house_of(tmp_path / way, records)
        draft = Draft(house)
        edits = [(table, n, column, f"{text} {n}" if " " in text else text)
                 for n in range(5) for table, column, text in (EDITS if n == 0 else [*EDITS, LATER])
                 if n == 0 or column != "age"]  # fmt: skip
        assert len(edits) == 50
        if way == "desk":
            for table, n, column, text in edits:
                key = list(draft.tables[table])[n]
                draft.change(table, key, column, text, str(draft.tables[table][key].get(column, "")))
            pages, _ = draft.pages("fr")
            import_pages(pages, house.records).write()
        else:
            book = load_workbook(house.workbook)
            for table, n, column, text in edits:
                sheet, place, row = _cell(table, column)
                cell = book[sheet].cell(row + n, place)
                cell.value = text or None
                cell.data_type = "s" if text else "n"
            book.save(house.workbook)
            import_workbook(house.workbook, house.records).write()
        folders.append(files_of(read(house.records)))
    assert folders[0] == folders[1]
    assert folders[0]["households.csv"].count("2023-05") >= 5
    assert "Zébulon" not in "".join(folders[0].values())


def _cell(table: str, column: str) -> tuple[str, int, int]:
    from clss_analysis.records.workbook.plan import FIRST, columns, sheet_names

    names = [each.name for each in columns(table, "fr")]
    return sheet_names("fr")[table], names.index(column) + 1, FIRST


def test_a_draft_begins_with_the_workbook_else_with_the_records(tmp_path):
    records = synthesise(2, 5)
    house = house_of(tmp_path / "a", records)
    assert [row["id"] for row in Draft(house).tables["persons"].values()] == list(records.persons["id"])
    import_workbook(house.workbook, house.records).write()
    house.workbook.unlink()
    (house.register / "draft.json").unlink()
    draft = Draft(house)
    pages, _ = draft.pages("fr")
    assert import_pages(pages, house.records).differences == ()


def test_faults_stand_at_their_cells_in_the_words_of_the_import(tmp_path):
    house = house_of(tmp_path / "b", synthesise(1, 5))
    draft = Draft(house)
    home = next(iter(draft.tables["households"].values()))["id"]
    key = next(iter(draft.tables["persons"]))
    draft.change("persons", key, "age", "sept", str(draft.tables["persons"][key].get("age", "")))
    fresh = draft.add("ties", {"household": home})
    now = look(draft, home, "fr")
    told = {(each.table, each.key, each.column): str(each.rule) for each in now.faults}
    assert told["persons", key, "age"] == "un nombre entier est attendu, en chiffres"
    assert {("ties", fresh, "direction"), ("ties", fresh, None)} & set(told)
    assert now.case is not None
    assert len(now.case.persons) == len(draft.tables["persons"])
    pages, _ = draft.pages("fr")
    with pytest.raises(InvalidRecordsError) as stopped:
        import_pages(pages, house.records)
    assert told["persons", key, "age"] in {str(each.rule) for each in stopped.value.faults}


def test_whoever_has_no_name_yet_is_drawn_by_her_place(tmp_path):
    draft = Draft(empty_house(tmp_path))
    key = draft.add("households", {})
    home = draft.tables["households"][key]["id"]
    for role in ("mother", "child"):
        draft.add("persons", {"household": home, "role": role, "residence": "household"})
    draft.add("actors", {"household": home, "kind": "service"})
    now = look(draft, home, "fr")
    assert now.case is not None
    assert list(now.case.persons["label"]) == ["mère", "enfant"]
    assert len(now.case.actors) == 1
    assert {each.column for each in now.faults} == {"label"}


def test_changes_are_taken_back_and_done_again_also_after_a_restart(tmp_path):
    house = empty_house(tmp_path)
    draft, states = Draft(house), []
    key = draft.add("consents", {"label": "un"})
    for text in ("deux", "trois"):
        states.append(json.dumps(draft.tables))
        draft.change("consents", key, "label", text, draft.tables["consents"][key]["label"])
    states.append(json.dumps(draft.tables))
    for way, place in (("undo", 1), ("undo", 0), ("redo", 1), ("redo", 2), ("undo", 1)):
        (Draft(house) if place == 1 else draft).save()  # a start, or an orderly end
        draft = Draft(house)
        assert draft.step(way)
        assert json.dumps(draft.tables) == states[place], (way, place)
    draft = Draft(house)
    draft.change("consents", key, "label", "autre", "deux")
    assert not Draft(house).step("redo")
    assert Draft(house).step("undo")


def test_a_change_is_taken_back_with_all_that_went(tmp_path):
    house = house_of(tmp_path / "c", synthesise(2, 5))
    draft = Draft(house)
    before = json.dumps(draft.tables)
    draft.drop("households", next(iter(draft.tables["households"])))
    assert len({row["household"] for row in draft.tables["persons"].values()}) == 1
    assert draft.step("undo")
    assert json.dumps(draft.tables) == before
    assert not draft.step("undo")
    with pytest.raises(ChangedError):
        draft.change("persons", 99_999, "note", "x", "")


def test_what_changed_is_drawn_at_once_and_moves_nobody_else(tmp_path):
    desk = Opened(house_of(tmp_path / "s", real_house(2, "told", 5)), "fr")
    try:
        home = next(iter(desk.draft.tables["households"].values()))["id"]
        case = desk.seen(home).case
        first, places = sketch(case)
        assert first.lines == sociogenogram(case).lines
        boxes = {each.id: each.box for each in first.symbols if each.kind != "legend"}
        person = case.persons["id"][0]
        new = desk.draft.add(
            "actors", {"kind": "service", "label": "Tout neuf", "household": home, "source": "dossier"}
        )
        actor = desk.draft.tables["actors"][new]["id"]
        ends = {"from_person": person, "to_actor": actor, "direction": "one_way", "source": "dossier"}
        tie = desk.draft.add("ties", {"household": home, **ends})
        then, kept = sketch(desk.seen(home).case, kept=places)
        now = {each.id: each.box for each in then.symbols if each.kind != "legend"}
        assert set(now) == {*boxes, f"actor-{actor}"}
        moved = {name: now[name][1] - box[1] for name, box in boxes.items()}
        assert all(now[name][0] == box[0] for name, box in boxes.items())
        assert max(moved.values()) - min(moved.values()) < 0.01
        assert len(then.lines) == len(first.lines) + 1
        assert not overlaps(then)
        desk.draft.drop("ties", tie)
        assert sketch(desk.seen(home).case, kept=kept)[0].lines == first.lines
        said = desk.state(home)
        assert not said["whole"]
        whole = desk.whole(home)
        assert desk.state(home) == said | {"drawing": whole, "whole": True}
        desk.draft.change("actors", new, "note", "Rien.", "")
        assert desk.state(home)["drawing"] == whole
    finally:
        desk.close()


# ---- from the draft to what leaves


def test_a_household_goes_from_nothing_to_a_book_that_may_leave(tmp_path):
    house = empty_house(tmp_path)
    with opened(house) as (address, _):
        asked = Asked(address).open()
        assert "ne peuvent pas encore" in asked("GET", "/clss/review")[2]
        key = asked.add("households")
        home = home_of(asked, key)
        asked.change("cell", table="households", key=key, column="summary", value="Karim Zaoui dort mal.", seen="")
        mother = {"given_name": "Samira", "family_name": "Oulad", "index": "true", "role": "mother"}
        person = asked.add("persons", household=home, residence="home", **mother)
        page = asked("GET", "/clss/make")[2]
        assert (
            f'<a href="/clss/household/{key}#persons-{person}-residence">Samira Oulad › Personnes › Résidence' in page
        )
        said = {"table": "persons", "key": person, "column": "residence", "value": "household", "seen": "home"}
        assert asked.change("cell", **said)[0] == 200
        page = asked("GET", "/clss/make")[2]
        assert "Fautes" not in page
        count = re.search(r'name="seen" value="(\d+)"', page)[1]
        asked.add("consents", label="Peut être raconté", scope="told")
        assert asked.form("/clss/take", seen=count) == 302
        assert (
            not (house.records / "households.csv").read_text("utf-8").count(home)
        )  # something changed since it was shown
        consent = re.search(r'option value="(accord-1)"', asked("GET", "/clss/consents")[2])[1]
        assert asked.change("cell", table="households", key=key, column="consent", value=consent, seen="")[0] == 200
        count = re.search(r'name="seen" value="(\d+)"', asked("GET", "/clss/make")[2])[1]
        asked.form("/clss/take", seen=count)
        assert "sont à jour" in asked("GET", "/clss/make")[2]
        assert list(read(house.records).persons["label"]) == ["Mme A"]
        page = asked("GET", "/clss/review")[2]
        assert "<mark>Karim Zaoui</mark>" in page
        passage = re.search(r'name="decision:([0-9a-f]+:\d+:\d+)"', page)[1]
        assert asked.form("/clss/run/check") == 302
        assert finished(asked)["code"] == 1
        asked.form("/clss/review", **{f"decision:{passage}": "keep"})
        assert "raison" in asked("GET", "/clss/review")[2]
        asked.form("/clss/review", **{f"decision:{passage}": "mask", f"word:{passage}": "le père"})
        assert "attend de décision" in asked("GET", "/clss/review")[2].replace("\u202f", " ")
        assert read(house.records).households["summary"][0] == "le père dort mal."
        asked.form("/clss/run/check")
        assert finished(asked)["code"] == 0
        asked.form("/clss/run/figure", kind="sociogenogram", case=home)
        assert finished(asked)["code"] == 0
        assert "Mme A" in (house.made("figures") / f"sociogenogram-{home}.svg").read_text("utf-8")
        assert asked.form("/clss/run/figure", kind="../x", case=home) == 400
        assert asked.form("/clss/run/export", ending=".exe") == 400
        assert "Samira" not in "".join(files_of(read(house.records)).values())
        assert "rien" not in asked("GET", "/clss/make")[2].partition("t-take")[2].partition("</section>")[0]


def test_rows_go_from_the_records_only_when_that_is_meant(tmp_path):
    house = house_of(tmp_path / "d", synthesise(2, 5))
    import_workbook(house.workbook, house.records).write()
    with opened(house) as (address, _):
        asked = Asked(address).open()
        key = int(re.search(r"/clss/household/(\d+)", asked("GET", "/clss/")[2])[1])
        assert asked.change("drop", table="households", key=key)[0] == 200
        count = re.search(r'name="seen" value="(\d+)"', asked("GET", "/clss/make")[2])[1]
        asked.form("/clss/take", seen=count)
        assert len(read(house.records).households) == 2
        asked.form("/clss/take", seen=count, gone="yes")
        assert len(read(house.records).households) == 1


def test_workbook_and_draft_hold_the_same(tmp_path):
    house = house_of(tmp_path / "e", synthesise(2, 9))
    draft = Draft(house)
    key = next(iter(draft.tables["persons"]))
    draft.change("persons", key, "given_name", "Samira", "")
    draft.change("persons", key, "age", "sept", str(draft.tables["persons"][key].get("age", "")))
    before = {table: list(rows.values()) for table, rows in draft.tables.items()}
    draft.write_workbook()
    assert stat.S_IMODE(house.workbook.stat().st_mode) == 0o600
    assert (house.register / house.workbook.name).exists()
    draft.replace(draft.offered(house.workbook)[0])
    after = {table: list(rows.values()) for table, rows in draft.tables.items()}
    for table, rows in before.items():
        assert after[table] == [{name: text for name, text in row.items() if text} for row in rows], table
    assert draft.step("undo")
    assert {table: list(rows.values()) for table, rows in draft.tables.items()} == before


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_a_fault_speaks_of_fields_and_of_no_sheet(lang):
    of_a_sheet = re.compile(r"\b(cellules?|lignes?|colonnes?|feuilles?|cel(len)?|regels?|rij(en)?|kolom(men)?|blad"
                            r"|cells?|lines?|rows?|columns?|sheet)\b")  # fmt: skip
    folder = files("clss_analysis.records").joinpath("messages")
    told = [re.sub(r"\{\w+\}", "", row[lang]) for name in ("faults", "workbook", "pseudonyms")
            for row in csv.DictReader(folder.joinpath(f"{name}.csv").read_text("utf-8").splitlines())
            if re.match(r"fault_|(workbook|pseudonyms)\.fault\.", row["key"])]  # fmt: skip
    assert sum(bool(of_a_sheet.search(rule)) for rule in told) > 10
    assert not [rule for rule in told if of_a_sheet.search(in_fields(rule, lang))]


# ---- hostile text


def every_field(draft: Draft, texts: list[str]) -> None:
    """A household for each text, with a row in each table that says it in every field; also where no form lets it."""
    row = 1 + max((key for rows in draft.tables.values() for key in rows), default=0)
    for n, text in enumerate(texts):
        home = f"M{n}" if n % 3 else f"{text}{n}"[:40]
        for table, rows in draft.tables.items():
            own = {"id": home if table == "households" else f"{text}{n}"[:40], "household": home}
            rows[row] = {each.name: own.get(each.name, text) for each in draft.across(table, "fr")}
            row += 1
    draft.save()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    house = empty_house(tmp_path_factory.mktemp("hostile"))
    every_field(Draft(house), [each.replace("\n", " ") for each in HARMLESS.values()])
    with opened(house) as (address, _):
        yield Asked(address).open()


def test_hostile_text_in_every_field_of_every_page_is_text(hostile):
    homes = re.findall(r"/clss/household/(\d+)", hostile("GET", "/clss/")[2])
    assert len(homes) == len(HARMLESS) >= 60
    for path in ("", "consents", "collective", "make", "house", "review", *(f"household/{key}" for key in homes)):
        status, _, page = hostile("GET", f"/clss/{path}")
        assert status == 200
        assert Tags.of(page) <= OURS | {"table", "thead", "tbody", "tr", "th", "td", "form", "li", "progress"}
    whole = unescape("".join(hostile("GET", f"/clss/household/{key}")[2] for key in homes))
    assert not [each for each in HARMLESS.values() if whole.count(each.replace("\n", " ").strip()[:60]) < 20]


def test_hostile_passages_are_shown_and_run_nothing(tmp_path):
    house = empty_house(tmp_path)
    draft = Draft(house)
    for n, text in enumerate([each.replace("\n", " ")[:300] for each in HARMLESS.values()]):
        home = f"M{n + 1}"
        for table, cells in {
            "households": {"id": home, "intake": "2024-01", "summary": f"Karim Zaoui dit {text} à la voisine."},
            "persons": {"id": f"{home}-1", "household": home, "role": "mother", "residence": "household",
                        "index": "true", "label": "Mère"},
        }.items():  # fmt: skip
            draft.tables[table][2 * n + (table == "persons")] = cells
    draft.save()
    pages, _ = draft.pages("fr")
    import_pages(pages, house.records).write()
    with opened(house) as (address, _):
        page = Asked(address).open()("GET", "/clss/review")[2]
    assert page.count("<mark>") >= 50
    assert Tags.of(page) <= OURS | {"mark", "kbd", "progress", "form"}
