"""The desk in a real browser: a household from nothing, drawn as it is told; nothing hostile runs."""

from __future__ import annotations

import re

import pytest
from chromium import another_page, settled, violations
from desk_house import Asked, empty_house, opened
from test_privacy_hostile import HARMLESS


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return empty_house(tmp_path_factory.mktemp("bureau"))


@pytest.fixture(scope="module")
def address(house):
    with opened(house) as (found, _):
        yield found


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    found = context.new_page()
    found.asked, found.wrong = [], []
    found.on("request", lambda request: found.asked.append(request.url))
    found.on("console", lambda line: found.wrong.append(line.text) if "Content Security" in line.text else None)
    found.on("pageerror", lambda error: found.wrong.append(str(error)))
    found.on(
        "dialog", lambda dialog: (found.wrong.append("dialog") if dialog.message == "1" else None, dialog.accept())
    )
    found.goto(address)
    assert "token" not in found.url
    yield found
    assert found.wrong == []
    assert {url.partition("/clss/")[0] for url in found.asked} <= {address.partition("/clss/")[0]} | {
        address.partition("/clss/")[0] + "/favicon.ico"
    }
    assert found.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


@pytest.fixture(scope="module")
def begun(address):
    """The page of a household that another window has begun."""
    return f"household/{Asked(address).open().add('households')}"


def write(page, table, number, column, text):
    field = page.locator(f"fieldset[data-table={table}] [data-column={column}]").nth(number)
    field.evaluate("each => { for (let box = each; box; box = box.parentNode.closest('details')) box.open = true; }")
    if field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(text)
    else:
        field.fill("")
        field.press_sequentially(text)
        field.press("Tab")
    saved(page)


def saved(page):
    """The last change is on the disk, and what follows from it is shown."""
    said = page.locator("#etat").filter(has_text=re.compile(r"^(?!Enregistrement).")).inner_text()
    assert said == "Enregistré"


def add(page, words):
    with another_page(page):
        page.get_by_role("button", name=words).click()
    settled(page)


def family(page):
    """A mother, a child and a service, written as a social worker would."""
    with another_page(page):
        page.get_by_role("link", name="Ménages").click()
    with another_page(page):
        page.get_by_role("button", name="Nouveau ménage").click()
    write(page, "households", 0, "intake", "2024-03")
    add(page, "Ajouter une mère")
    write(page, "persons", 0, "given_name", "Samira")
    write(page, "persons", 0, "family_name", "Oulad")
    write(page, "persons", 0, "index", "true")
    add(page, "Ajouter un enfant")
    write(page, "persons", 1, "given_name", "Ilyas")
    add(page, "Ajouter un service")
    write(page, "actors", 0, "label", "CPAS")


def pull(page, start, end):
    settled(page)
    boxes = [page.locator(each).first.bounding_box() for each in (start, end)]
    (x0, y0), (x1, y1) = ((box["x"] + box["width"] / 2, box["y"] + box["height"] / 3) for box in boxes)
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move(x1, y1, steps=4)
    page.mouse.up()


def drag(page, start, end):
    with another_page(page):
        pull(page, start, end)
    settled(page)


def test_a_household_is_drawn_as_it_is_told(page):
    family(page)
    home = page.locator("[data-home]").get_attribute("data-home")
    assert page.title() == f"{home} – Le bureau"
    assert page.locator("h1").inner_text() == "Samira Oulad"
    write(page, "persons", 1, "age", "sept")
    note = page.locator("[data-cell$='-age'] .faute")
    note.wait_for()
    assert note.inner_text() == "un nombre entier est attendu, en chiffres"
    write(page, "persons", 1, "age", "7")
    note.wait_for(state="detached")
    drag(page, f"#dessin [data-id=person-{home}-1]", "#libres [data-id^=actor-]")
    assert page.locator("#dessin .partie.arrow").count() == 1
    settled(page)
    service, family_box = (page.locator(each).bounding_box() for each in ("#dessin .service", "#dessin .household"))
    page.mouse.move(service["x"] + service["width"] / 2, service["y"] + service["height"] / 2)
    page.keyboard.down("Shift")
    page.mouse.down()
    page.mouse.move(family_box["x"] - 9, family_box["y"] + family_box["height"] / 2, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    saved(page)
    assert page.locator("[data-table=actors] [data-column=place]").input_value() == "left"
    settled(page)
    service, family_box = (page.locator(each).bounding_box() for each in ("#dessin .service", "#dessin .household"))
    assert service["x"] + service["width"] < family_box["x"]
    drawn = page.locator("#dessin svg")
    assert "Mme A" in drawn.text_content()
    assert "Samira" not in drawn.text_content()
    assert page.locator("#dessin #clss-working").count() == 1
    page.locator(f"#dessin [data-id=person-{home}-2]").click()
    assert page.evaluate("document.activeElement.closest('fieldset').dataset.mark") == f"person-{home}-2"
    assert violations(page) == []
    for path in ("", "consents", "collective", "review", "make"):
        page.goto(page.url.partition("/clss/")[0] + f"/clss/{path}")
        assert violations(page) == []


@pytest.mark.parametrize(("width", "height"), [(820, 1180), (640, 450), (320, 640)])
def test_nothing_scrolls_sideways(page, begun, width, height):
    page.set_viewport_size({"width": width, "height": height})
    for path in ("", "consents", begun):
        page.goto(page.url.partition("/clss/")[0] + f"/clss/{path}")
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_two_windows_are_told_of_each_other(page, begun):
    page.goto(page.url.partition("/clss/")[0] + f"/clss/{begun}")
    other = page.context.new_page()
    other.goto(page.url)
    write(other, "households", 0, "summary", "Ses mots.")
    field = page.locator("[data-column=summary]")
    field.fill("Les miens.")
    field.blur()
    page.locator("q", has_text="Ses mots.").wait_for()
    assert field.input_value() == "Les miens."
    page.get_by_role("button", name="Garder le mien").click()
    saved(page)
    other.reload()
    assert other.locator("[data-column=summary]").input_value() == "Les miens."
    other.close()


def test_hostile_text_is_shown_and_does_nothing(page, address):
    asked = Asked(address).open()
    home = asked.add("households")
    ident = page.context.request.get(f"{address.partition('/clss/')[0]}/clss/household/{home}").text()
    name = ident.partition('data-home="')[2].partition('"')[0]
    payloads = [each.replace("\n", " ") for each in HARMLESS.values()]
    for text in payloads:
        asked.add(
            "persons", household=name, role="child", residence="household", given_name=text[:300], label=text[:300]
        )
        asked.add("actors", household=name, kind="service", label=text[:300])
    page.goto(f"{address.partition('/clss/')[0]}/clss/household/{home}")
    settled(page)
    shown = page.eval_on_selector_all("[data-column=given_name]", "each => each.map(one => one.value)")
    assert {text.strip() for text in shown} == {text[:300].strip() for text in payloads}
    page.goto(f"{address.partition('/clss/')[0]}/clss/")
    assert page.locator("script").count() == 1
