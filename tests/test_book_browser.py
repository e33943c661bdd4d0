"""Every page in a real browser: no axe violation, no sideways scrolling, in both colour schemes."""

from __future__ import annotations

import pytest
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs
from chromium import violations

from clss_analysis.publish import build_book


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    dataset = {**DATASET, "synthetic": True}
    build_book(
        SAMPLE,
        make_runs(folder / "runs"),
        folder / "out",
        formats=("html",),
        dataset=dataset,
        software=SOFTWARE,
        clearance=CLEARANCE,
    )
    return folder / "out"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_has_an_axe_violation_or_scrolls_sideways(site, browser, scheme, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for path in sorted(site.glob("*.html")):
        page.goto(path.as_uri())
        assert violations(page) == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
    context.close()


def test_axe_sees_a_page_broken_on_purpose(site, browser, tmp_path):
    text = (site / "01-un.html").read_text(encoding="utf-8").replace("<main", "<div").replace("</main>", "</div>")
    (tmp_path / "casse.html").write_text(text.replace(' alt="', ' data-alt="'), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "casse.html").as_uri())
    assert {"landmark-one-main", "image-alt"} <= {name for name, _ in violations(page)}
    page.close()


def test_the_text_is_there_without_scripts_and_nothing_is_fetched_from_elsewhere(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "01-un.html").as_uri())
    assert page.locator("main h1").inner_text()
    assert page.locator("nav#sommaire a").first.is_visible()
    assert page.locator("a.next").is_visible()
    assert asked
    assert all(url.startswith("file:") for url in asked)
    context.close()


def test_the_search_finds_a_word_from_the_keyboard_and_asks_nobody(site, browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.locator(".recherche input").focus()
    page.keyboard.type("menage E")
    page.locator(".trouvailles a").first.wait_for()
    assert violations(page) == []
    assert "trouvé" in page.locator(".recherche [role=status]").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/01-un.html*")
    assert all(url.startswith("file:") for url in asked)
    context.close()


def test_without_scripts_there_is_no_search_box(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert not page.locator(".recherche").is_visible()
    context.close()


def test_the_first_page_is_light(site, browser):
    page = browser.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.wait_for_load_state("networkidle")
    folder = site.as_uri() + "/"
    assert sum((site / url.removeprefix(folder)).stat().st_size for url in seen) < 500_000
    page.close()


def test_figures_stand_on_light_ground_in_the_dark(site, browser):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto((site / "01-un.html").as_uri())
    ground = page.locator("figure .dessin").first.evaluate("node => getComputedStyle(node).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    context.close()
