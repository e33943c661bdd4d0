"""Every page in a real browser: no axe violation, no sideways scrolling, in both colour schemes."""

from __future__ import annotations

import shutil

import pytest
from book_runs import DATASET, SAMPLE, SOFTWARE, make_runs, needs

from clss_analysis.publish import build_book


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    dataset = {**DATASET, "synthetic": True}
    build_book(
        SAMPLE, make_runs(folder / "runs"), folder / "out", formats=("html",), dataset=dataset, software=SOFTWARE
    )
    return folder / "out"


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    needs(program, "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


def violations(page):
    from axe_playwright_python.sync_playwright import Axe

    return [(found["id"], found["nodes"][0]["html"][:160]) for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
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
