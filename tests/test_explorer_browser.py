"""The explorer in JupyterLab, in a real browser: choose, see, copy the code, run it, and get the same figure."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from defusedxml import ElementTree
from lab_server import served

from clss_analysis.measures import code_of
from clss_analysis.records import label

ROOT = Path(__file__).parents[1]
NOTEBOOK = "10_explorateur.ipynb"
DRAWN = ".widget-html-content svg path"
PATHS = "all => all.map(each => (each.getAttribute('d') || '').split(/\\s+/).filter(word => word))"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on a copy of the notebook that reads the synthetic cohort; its address."""
    pytest.importorskip("ipywidgets")
    place = tmp_path_factory.mktemp("lab")
    (place / "notebooks").mkdir()
    shutil.copytree(ROOT / "data" / "demo", place / "data" / "demo")
    text = (ROOT / "notebooks" / NOTEBOOK).read_text(encoding="utf-8").replace("../data/publication", "../data/demo")
    (place / "notebooks" / NOTEBOOK).write_text(text, encoding="utf-8")
    own = {
        name: str(place / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    words = ["--no-browser", "--allow-root", "--port=0", "--IdentityProvider.token="]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *words, f"--notebook-dir={place}"],
        env={**os.environ, **own, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.DEVNULL,
        stderr=(place / "log").open("w"),
    )
    try:
        yield f"{served(place, server)['url']}lab/tree/notebooks/{NOTEBOOK}"
    finally:
        server.terminate()
        server.wait(30)


def paths(svg: str) -> list[list[str]]:
    """The paths of a figure, its letters among them, in their order."""
    return [each.get("d", "").split() for each in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path")]


def another(page, output, paths: list[list[str]]) -> None:
    """Each choice gives one drawing: wait until it is another one than it was."""
    now = f"[...node.querySelectorAll('{DRAWN}')]"
    page.wait_for_function(
        f"([node, old]) => {{ const now = {now}; return now.length && JSON.stringify(({PATHS})(now)) !== old; }}",
        arg=[output.element_handle(), json.dumps(paths, ensure_ascii=False, separators=(",", ":"))],
    )


def test_choose_see_copy_run_and_see_the_same(lab: str, browser) -> None:
    context = browser.new_context(
        viewport={"width": 1400, "height": 2400}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(lab)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    output = page.locator(".jp-CodeCell", has_text="clss.explore(").locator(".jp-OutputArea-output")
    output.locator("select[multiple]").first.wait_for()
    households, problems, _ = output.locator("select[multiple]").all()
    drawn = output.locator(DRAWN)
    drawn.first.wait_for(state="attached")
    everything = drawn.evaluate_all(PATHS)

    households.select_option(index=[0, 3, 5, 7, 12])
    another(page, output, everything)
    five = drawn.evaluate_all(PATHS)
    problems.select_option(
        label=[label(code_of("housing_problems")[1], code) for code in ("health_damp", "health_lighting")]
    )
    code = output.locator("textarea")
    page.wait_for_function("([node]) => node.value.includes('health_lighting')", arg=[code.element_handle()])
    another(page, output, five)
    seen = drawn.evaluate_all(PATHS)

    code.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    last = page.locator(".jp-CodeCell").last
    last.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+v")
    before = last.locator(".jp-RenderedSVG img").get_attribute("src")
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        "([cell, old]) => { const now = cell.querySelector('.jp-RenderedSVG img'); return now && now.src !== old; }",
        arg=[last.element_handle(), before],
    )
    again = unquote(str(last.locator(".jp-RenderedSVG img").get_attribute("src")).partition(",")[2])
    assert last.locator(".cm-content").inner_text().split() == code.input_value().split()
    assert paths(again) == seen
    context.close()


def test_the_notebook_of_the_explorer_is_in_no_book() -> None:
    from clss_analysis.runs.plan import DATASET_RUNS

    assert NOTEBOOK not in dict(DATASET_RUNS).values()
    assert json.loads((ROOT / "notebooks" / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
