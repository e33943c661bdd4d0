"""A sociogenogram in a real browser: tabbed through, its ties lit, its description read, its months walked by keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from book_runs import DATASET, SAMPLE, SOFTWARE, make_runs
from chromium import violations

import clss_analysis as clss
from clss_analysis.figures import sociogenogram, sociogenogram_series, sociogenogram_slider
from clss_analysis.privacy import clear
from clss_analysis.publish import build_book
from clss_analysis.runs.figure_files import keep

DIMMED = """async node => {
    await Promise.all(node.getAnimations().map(each => each.finished));
    return getComputedStyle(node).opacity;
}"""


@pytest.fixture(scope="module")
def case():
    return clss.read("data/publication").case("Y")


@pytest.fixture(scope="module")
def site(tmp_path_factory, case):
    """A book whose household has its sociogenogram, its series, and a sociogenogram with a table of its ties."""
    folder = tmp_path_factory.mktemp("vif")
    runs = make_runs(folder / "runs")
    lines = [
        keep(drawing, str(runs), name, records=case).data
        for drawing, name in (
            (sociogenogram(case), "Y-socio"),
            (sociogenogram_series(case), "Y-mois"),
            (sociogenogram(case, numbers=True), "Y-nombres"),
        )
    ]
    fragment = runs / "menage-E.md"
    fragment.write_text(fragment.read_text(encoding="utf-8") + "\n" + "\n\n".join(lines) + "\n", encoding="utf-8")
    cleared = clear(clss.read("data/publication"))
    cleared = replace(cleared, told=cleared.told | {"E"})  # whom the sample tells
    build_book(SAMPLE, runs, folder / "out", formats=("html",), dataset=DATASET, software=SOFTWARE, clearance=cleared)
    return folder / "out"


@pytest.fixture
def page(site, browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.on("pageerror", lambda error: pytest.fail(str(error)))
    opened.goto((site / "01-un.html").as_uri())
    yield opened
    context.close()


def lit(page):
    return set(page.locator("svg.eclaire .lie[data-id]").evaluate_all("all => all.map(each => each.dataset.id)"))


def places(box):
    """Where the outline of every person and service stands, from the corner of the drawing."""
    return box.locator("[data-id]").evaluate_all(
        """all => all.map(each => {
            const a = each.querySelector("rect, ellipse, path").getBoundingClientRect();
            const b = each.ownerSVGElement.getBoundingClientRect();
            return [each.dataset.id, Math.round(10 * (a.x - b.x)), Math.round(10 * (a.y - b.y))];
        })"""
    )


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_tab_goes_from_part_to_part_and_lights_its_ties(page, case):
    page.locator(".vif").first.locator(".vif-passer").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Madame Y, ceux qui vivent ensemble"
    seen = []
    for _ in range(len(case.persons)):
        page.keyboard.press("Tab")
        seen.append((focused(page), lit(page)))
    names = [name.split(",")[0] for name, _ in seen]
    assert sorted(names) == sorted(case.persons["label"])
    ties = case.ties
    for name, ids in seen:
        person = case.persons.loc[case.persons["label"] == name.split(",")[0], "id"].item()
        met = ties.loc[ties["from_person"] == person, "to_actor"].dropna().tolist()
        met += ties.loc[ties["to_person"] == person, "from_actor"].dropna().tolist()
        assert ids >= {f"person-{person}", *(f"actor-{actor}" for actor in met)}
        assert {each for each in ids if each.startswith("actor-")} == {f"actor-{actor}" for actor in met}
    ring = page.locator(".partie:focus").evaluate("node => getComputedStyle(node).outlineStyle")
    assert ring == "solid"
    dimmed = page.locator("svg.eclaire .partie:not(.lie):not(.household)").first
    assert float(dimmed.evaluate(DIMMED)) < 0.3


def test_arrow_keys_walk_the_ties_and_escape_puts_them_out(page):
    service = page.locator(".vif").first.locator('[data-id="actor-tsc"]')
    service.focus()
    told = []
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        told.append(focused(page))
    assert len(set(told)) == 3
    assert all("TSC" in words for words in told)
    page.keyboard.press("Escape")
    assert lit(page) == set()


def test_the_pointer_lights_up_too(page):
    page.locator(".vif").first.locator('[data-id="actor-tsc"] text').first.hover()
    assert "actor-tsc" in lit(page)
    page.locator("h1").hover()
    assert lit(page) == set()


def test_the_description_can_be_read_and_the_drawing_points_to_it(page):
    svg = page.locator(".vif svg").first
    told = page.locator(f"#{svg.get_attribute('aria-details')}")
    told.locator("summary").focus()
    page.keyboard.press("Enter")
    words = told.inner_text()
    assert "vivent ensemble Monsieur Y (homme)" in words
    assert "Depuis le ménage, vers des services" in words
    assert "Entre services, depuis la TSC vers" in words or "autour de : la TSC" in words


def test_the_slider_goes_from_month_to_month_from_the_keyboard(page):
    box = page.locator(".vif:has(.vif-mois)")
    slider = box.locator("input[type=range]")
    slider.focus()
    assert slider.get_attribute("aria-valuetext") == "juin 2022"
    before = places(box)
    assert len(before) > 20
    assert box.locator(".parti").count() == 0
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "juillet 2022"
    assert box.locator("output").inner_text() == "juillet 2022"
    assert box.locator("[role=status]").inner_text().startswith("S’en vont")
    assert box.locator(".parti.service").count() == 1
    assert places(box) == before
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "juin 2022"
    assert box.locator(".parti").count() == 0
    assert not page.locator("figure:has(.vif-mois) .dessin").is_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_no_axe_violation_with_ties_lit_and_months_walked(site, browser, scheme, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto((site / "01-un.html").as_uri())
    page.locator("input[type=range]").focus()
    page.keyboard.press("End")
    page.locator(".vif").first.locator('[data-id="actor-tsc"]').focus()
    for summary in page.locator(".vif summary").all():
        summary.evaluate("node => { node.parentNode.open = true; }")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ids = page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids))
    context.close()


def test_a_row_of_the_table_of_ties_and_its_arrow_light_up_each_other(page, case):
    box = page.locator(".vif").nth(2)
    rows = page.locator("#tbl-y-nombres-liens tbody tr")
    assert rows.count() == len(case.ties)
    cells = rows.nth(4).locator("td").all_inner_texts()
    rows.nth(4).focus()
    arrow = box.locator(f'.arrow[data-no="{cells[0]}"]')
    assert "lie" in arrow.get_attribute("class").split()
    assert box.locator(".arrow.lie").count() == 1
    assert cells[2] in arrow.get_attribute("aria-label")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.rowIndex") == 6
    page.keyboard.press("Escape")
    assert box.locator("svg.eclaire").count() == page.locator("tr.lie").count() == 0
    arrow.focus()
    assert page.locator("tr.lie").all_inner_texts() == [rows.nth(4).inner_text()]
    box.locator('[data-id="actor-medecin-y"]').focus()
    assert page.locator("tr.lie td:nth-child(2)").all_inner_texts() == ["Médecin"]
    rows.nth(7).hover()
    number = rows.nth(7).locator("td").first.inner_text()
    box.locator(f'svg.eclaire .arrow.lie[data-no="{number}"]').wait_for()


def test_without_scripts_the_sheet_is_there_and_the_slider_is_not(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "01-un.html").as_uri())
    assert page.locator("figure:has(.vif-mois) .dessin img").is_visible()
    assert not page.locator("input[type=range]").is_visible()
    assert page.locator(".vif svg").first.is_visible()
    context.close()


def test_a_notebook_s_output_works_by_itself(browser, tmp_path, case):
    outputs = "".join(
        f"<div>{shown._repr_html_()}</div>" for shown in (sociogenogram(case).inline, sociogenogram_slider(case))
    )
    place = tmp_path / "sortie.html"
    head = '<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><title>Sortie</title>'
    place.write_text(f"{head}<main><h1>Sortie</h1>{outputs}</main></html>", encoding="utf-8")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(place.as_uri())
    slider = page.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "juillet 2022"
    page.locator('.vif:has(.vif-mois) [data-id="person-Y-1"]').focus()
    assert "person-Y-1" in lit(page)
    assert violations(page) == []
    assert asked == [place.as_uri()]
    page.close()
