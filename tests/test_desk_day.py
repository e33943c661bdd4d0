"""A social worker's day at the desk, in a real browser: from an empty house to a book, and the month after."""

from __future__ import annotations

import re

import pytest
from desk_house import empty_house, opened
from test_desk_browser import add, browser, drag, page, violations, write

__all__ = ["browser", "page"]
FAMILIES = (
    ("Samira", "Oulad", "Karim Zaoui dort mal depuis l’hiver."),
    ("Mireille", "Dubosc", "La propriétaire, Karim Zaoui, ne répond pas."),
    ("Hilde", "Verbeeck", "Le loyer a doublé."),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    found = empty_house(tmp_path_factory.mktemp("journee"))
    said = found.folder / "clss.toml"  # who signs the book is told once, when the house is made
    said.write_text(re.sub(r'^name = ".*"', 'name = "Le Seuil"', said.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return found


@pytest.fixture(scope="module")
def address(house):
    with opened(house) as (found, _):
        yield found


def enter(page, given, family, summary):
    page.get_by_role("link", name="Ménages").click()
    page.get_by_role("button", name="Nouveau ménage").click()
    home = page.locator("[data-home]").get_attribute("data-home")
    write(page, "households", 0, "intake", "2024-03")
    write(page, "households", 0, "summary", summary)
    add(page, "Ajouter une mère")
    write(page, "persons", 0, "given_name", given)
    write(page, "persons", 0, "family_name", family)
    if given == "Samira":
        write(page, "persons", 0, "age", "quarante")
        page.locator("[data-cell$='-age'] .faute").wait_for()
    write(page, "persons", 0, "age", "40")
    page.locator("[data-cell$='-age'] .faute").wait_for(state="detached")
    write(page, "persons", 0, "index", "true")
    add(page, "Ajouter un enfant")
    write(page, "persons", 1, "given_name", "Ilyas")
    add(page, "Ajouter un service")
    write(page, "actors", 0, "label", "CPAS")
    for criterion in range(5 if given == "Samira" else 0):
        write(page, "criteria", criterion, "met", "true")
    drag(page, f"#dessin [data-id=person-{home}-1]", "#libres [data-id^=actor-]")
    page.locator("#dessin .partie.arrow").wait_for()
    return home


def go(page, words):
    page.get_by_role("navigation").get_by_role("link", name=words).click()


def made(page, card):
    """Press the button of a card, and wait for the end of what it begins."""
    with page.expect_navigation():
        page.locator(f"section[aria-labelledby=t-{card}] button", has_text="Faire").click()
    state = page.locator("#travail-etat", has_text=re.compile("c’est fait|n’a pas abouti"))
    state.wait_for(timeout=600_000)
    assert state.inner_text() == "c’est fait", page.locator("#travail-lignes").inner_text()
    page.get_by_role("link", name="Voir ce qui sort").click()
    assert violations(page) == []
    return page.locator("main").inner_text()


def test_a_day_from_an_empty_house_and_the_next_month(page, house):
    homes = [enter(page, *family) for family in FAMILIES]

    go(page, "Accords")
    with page.expect_navigation():
        page.get_by_role("button", name="Ajouter une fiche").click()
    write(page, "consents", 0, "label", "Peut être raconté")
    write(page, "consents", 0, "scope", "told")
    page.reload()
    for row in range(3):
        field = page.locator("tr [data-column=consent]").nth(row)
        field.select_option(label="Peut être raconté")
        page.locator("#etat", has_text="Enregistré").wait_for()

    assert violations(page) == []
    go(page, "Faire")
    assert violations(page) == []
    page.get_by_role("button", name="Mettre à jour").click()
    page.locator(".fait", has_text="Les dossiers sont à jour").wait_for()

    go(page, "Relecture")
    passages = page.locator("fieldset.passage", has=page.locator("mark", has_text="Karim Zaoui"))
    assert passages.count() == 2
    assert violations(page) == []
    passages.first.focus()
    page.keyboard.press("p")
    page.keyboard.press("r")
    page.keyboard.type("le voisin")
    page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.matches('fieldset.passage')"):
        page.keyboard.press("m")
    page.locator("#relu", has_text=re.compile(r"(\d+) sur \1$")).wait_for()
    page.get_by_role("button", name="Appliquer mes décisions").click()
    page.locator("main", has_text="Rien n’attend de décision").wait_for()
    assert "Zaoui" not in (house.records / "households.csv").read_text("utf-8")
    assert (house.records / "households.csv").read_text("utf-8").count("le voisin") == 2

    go(page, "Faire")
    page.locator("#f-formats").select_option("html")
    told = made(page, "build")
    assert "index.html" in told
    assert "manifest.json" in told
    assert "Mme A" in told
    assert not [name for family in FAMILIES for name in family[:2] if name in told]
    go(page, "Ménages")
    assert page.get_by_role("cell", name="rien", exact=True).count() >= 3

    go(page, "Faire")
    page.locator("#f-brief").select_option(homes[0])
    assert "brief.pdf" in made(page, "brief")
    go(page, "Faire")
    page.locator("#f-case").select_option(homes[1])
    assert "Sociogénogramme" in made(page, "figure")
    go(page, "Faire")
    page.locator("#f-end").select_option(".graphml")
    assert ".graphml" in made(page, "export")

    # the next month
    go(page, "Ménages")
    page.get_by_role("link", name="Hilde Verbeeck").click()
    write(page, "households", 0, "summary", "Le loyer a doublé. Sa fille Aïcha Benali est revenue.")
    go(page, "Ménages")
    assert page.get_by_role("row", name="Hilde Verbeeck").get_by_text("changé depuis le dernier livre").count() == 1
    assert page.get_by_text("changé depuis le dernier livre").count() == 1
    go(page, "Faire")
    page.get_by_role("button", name="Mettre à jour").click()
    go(page, "Relecture")
    assert page.locator("mark").all_inner_texts() == ["Aïcha Benali"]
