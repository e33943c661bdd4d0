"""A social worker's day at the desk, and the next month's, in a real browser: keyboard and mouse, and nothing else."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from chromium import another_page, chromium, settled, violations
from desk_house import empty_house, opened
from test_desk_browser import drag, pull, saved

from clss_analysis.privacy import clear
from clss_analysis.records import read

SHOTS = os.environ.get("CLSS_SHOTS")
"""A folder for pictures of every page, for who wants to look at them."""
FAMILIES = [("Samira", "Ilyas"), ("Nadia", "Yanis"), ("Fatou", "Awa")]


class Desk:
    """What a person does at the desk."""

    def __init__(self, page, house):
        self.page, self.house, self.seen = page, house, []

    def go(self, word):
        self.follow(self.page.get_by_role("navigation").get_by_role("link", name=word, exact=True))
        if word not in self.seen:
            self.look(word)

    def follow(self, link):
        with another_page(self.page):
            link.click()

    def look(self, name):
        settled(self.page)
        assert violations(self.page) == []
        self.seen.append(name)
        if SHOTS:
            for width, height in ((1280, 900), (820, 1180), (640, 450)):
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.screenshot(path=f"{SHOTS}/{len(self.seen):02} {name} {width}.png", full_page=True)
            self.page.set_viewport_size({"width": 1280, "height": 900})

    def press(self, name):
        with another_page(self.page):
            self.page.get_by_role("button", name=name, exact=True).click()

    def tell(self, table, number, column, text):
        """Type into a field, or go down to what begins so there, and leave it."""
        field = self.page.locator(f"fieldset[data-table={table}] [data-column={column}]").nth(number)
        if field.evaluate("each => each.tagName") == "SELECT":
            self.choose(field, text)
        else:
            field.click()
            self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")
        saved(self.page)

    def choose(self, field, text):
        """Go down to what begins so, by the arrow keys: letters that come late would begin another word."""
        field.focus()
        begins = (
            "(each, text) => [...each.options].findIndex(one => one.text.toLowerCase().startsWith(text.toLowerCase()))"
        )
        down = field.evaluate(begins, text) if text else 0
        assert down >= 0
        self.page.keyboard.press("Home")
        for _ in range(down):
            self.page.keyboard.press("ArrowDown")

    def family(self, first, second, age, summary):
        """A mother, her child and the service that she turned to."""
        self.go("Ménages")
        self.press("Nouveau ménage")
        self.tell("households", 0, "intake", "2024-03")
        self.tell("households", 0, "summary", summary)
        self.press("Ajouter une mère")
        self.tell("persons", 0, "given_name", first)
        self.tell("persons", 0, "age", age)
        self.tell("persons", 0, "index", "oui")
        self.press("Ajouter un enfant")
        self.tell("persons", 1, "given_name", second)
        self.press("Ajouter un service")
        self.tell("actors", 0, "label", "CPAS")
        for criterion in range(5):
            self.tell("criteria", criterion, "met", "oui")
        home = self.page.locator("[data-home]").get_attribute("data-home")
        drag(self.page, f"#dessin [data-id=person-{home}-1]", "#libres [data-id^=actor-]")
        return home

    def consent(self, name, words):
        row = self.page.locator(".accords tr", has=self.page.get_by_role("link", name=name, exact=True))
        self.choose(row.locator("select"), words)
        saved(self.page)
        return self.page.locator("main").inner_text()

    def take(self):
        self.go("Faire")
        if (gone := self.page.locator("[name=gone]")).count():
            gone.check()
        self.press("Mettre à jour")
        self.page.get_by_text("Les dossiers sont à jour.").wait_for()

    def make(self, what, **chosen):
        card = self.page.locator("section", has=self.page.get_by_role("heading", name=what, exact=True))
        for label, words in chosen.items():
            card.get_by_label(label).select_option(label=words)
        with another_page(self.page):
            card.get_by_role("button", name="Faire").click()
        state = self.page.locator("#travail-etat").filter(has_text=re.compile("c’est fait|abouti"))
        state.wait_for(timeout=240_000)
        assert state.inner_text() == "c’est fait", self.page.locator("#travail-lignes").inner_text()
        self.follow(self.page.get_by_role("link", name="Voir ce qui sort"))
        self.look(f"Ce qui sort {what}")
        said = self.page.locator("main").inner_text()
        self.go("Faire")
        return said


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    house = empty_house(tmp_path_factory.mktemp("jour"))
    with opened(house) as (address, _), chromium() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(60_000)
        wrong: list[str] = []
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(address)
        yield Desk(page, house)
        assert wrong == []


def test_a_day_from_an_empty_house_to_what_leaves_it(desk):
    page, house = desk.page, desk.house
    desk.go("La maison")
    for label, text in {
        "Nom de": "Asbl Le Fil",
        "Titre du livre": "Ce que nous avons vu",
        "Date": "2026-12-01",
    }.items():
        page.get_by_label(label).click()
        page.keyboard.type(text)
    desk.press("Enregistrer")
    assert 'name = "Asbl Le Fil"  # le nom' in (house.folder / "clss.toml").read_text("utf-8")
    desk.go("Accords")
    desk.press("Ajouter un accord")
    desk.tell("consents", 0, "label", "Peut être raconté")
    desk.tell("consents", 0, "scope", "racont")
    texts = ["Ilyas tousse la nuit.", "Karim Zaoui a donné un préavis.", "Un préavis."]
    for (first, second), age, text in zip(FAMILIES, ("34", "3x", "29"), texts, strict=True):
        home = desk.family(first, second, age, text)
    pull(page, *(f"#dessin [data-id=person-{home}-{n}]" for n in (1, 2)))
    desk.look("Lien")
    desk.press("Parent\u202f: Fatou\u202f; enfant\u202f: Awa")
    desk.look("Ménage")
    desk.go("Faire")
    desk.look("Faire fautes")
    desk.follow(page.get_by_role("link", name="Nadia › Personnes › Âge"))
    page.locator("[aria-invalid]").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("31")
    page.keyboard.press("Tab")
    page.locator("[aria-invalid]").wait_for(state="detached")
    desk.go("Accords")
    for first, _ in FAMILIES[:2]:
        desk.consent(first, "Peut")
    desk.take()
    assert set(read(house.records).households["id"]) == {"M1", "M2"}  # the third has not agreed yet
    desk.go("Accords")
    desk.consent("Fatou", "Peut")
    desk.take()
    records = read(house.records)
    assert list(records.filiations[["parent", "child"]].iloc[0]) == [f"{home}-1", f"{home}-2"]
    assert list(records.ties["from_person"]) == ["M1-1", "M2-1", "M3-1"]
    assert "Ilyas" not in str(records.households["summary"].tolist())
    desk.go("Relecture")
    assert page.locator("mark").all_inner_texts() == ["Karim Zaoui"]
    page.keyboard.press("m")
    desk.press("Appliquer mes décisions")
    desk.look("Relecture faite")
    desk.go("Faire")
    assert "Mme A" in desk.make("Le livre", Formats="HTML")
    assert "Asbl Le Fil" in (house.made("book") / "index.html").read_text("utf-8")
    desk.make("Un dossier d’interpellation", Thème="expulsion", ménage="Samira")
    assert "Mme A" in desk.make("Une figure", Sorte="Le sociogénogramme", ménage="Samira")
    desk.make("Un export")
    desk.follow(page.get_by_role("link", name="Voir ce qui sort"))
    with page.expect_download() as saved:
        page.get_by_role("link", name="Enregistrer une copie").click()
    assert saved.value.suggested_filename == "dossiers.xlsx"
    assert Path(saved.value.path()).read_bytes()[:2] == b"PK"


def test_the_next_month_asks_only_what_is_new_and_takes_back_what_was_withdrawn(desk):
    page, house = desk.page, desk.house
    desk.go("Ménages")
    desk.look("Liste")
    assert page.get_by_text("changé depuis").count() == 0
    desk.follow(page.get_by_role("link", name="Samira", exact=True))
    desk.tell("households", 0, "closing", "2024-11")
    desk.family("Leïla", "Sami", "41", "Bruno Petit a prêté une chambre.")
    desk.go("Accords")
    desk.consent("Leïla", "Peut")
    said = desk.consent("Nadia", "")
    assert re.search(r"Nadia\u202f: L’accord est retiré.*quitte les dossiers \(fiches\u202f: 10\)", said)
    desk.look("Accord retiré")
    desk.go("Faire")
    assert "laissés hors des dossiers" in page.locator("main").inner_text()
    assert "Ménages\u202f: nouveau Leïla\u202f; changé Samira\u202f; parti Nadia" in page.locator("main").inner_text()
    desk.take()
    desk.go("Relecture")
    assert page.locator("mark").all_inner_texts() == ["Bruno Petit"]
    page.keyboard.press("m")
    desk.press("Appliquer mes décisions")
    desk.go("Faire")
    said = desk.make("Le livre", Formats="HTML")
    assert "M4" in said
    assert "M2" not in said
    assert clear(read(house.records)).told == {"M1", "M3", "M4"}
    figures = json.loads((house.made("book") / "manifest.json").read_text("utf-8"))["figures"]
    assert "M2" not in str(figures)
    desk.go("Ménages")
    assert page.get_by_text("pas dans le dernier livre").count() == 1
    assert (house.register / "draft.json").read_text("utf-8").count("Nadia") == 1
