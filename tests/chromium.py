"""A browser of this machine, and what axe finds on a page of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from book_runs import needs


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser of this machine."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    needs(program, "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


@contextmanager
def another_page(page: Any) -> Iterator[None]:
    """What is done here leads to another document, which is loaded afterwards.

    The next navigation would not do: a change of the address alone is one, and so is one that was under way before.
    """
    page.evaluate("document.documentElement.dataset.left = 'yes'")
    yield
    page.locator("html:not([data-left])").wait_for(state="attached")
    page.wait_for_load_state()


def settled(page: Any) -> None:
    """Nothing of the page is still to be replaced by something better."""
    page.locator("[aria-busy=true]").wait_for(state="detached")


def violations(page):
    """Every violation that axe finds; what it finds in order, it does not list, which takes as long again."""
    from axe_playwright_python.sync_playwright import Axe

    said = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [(found["id"], found["nodes"][0]["html"][:160]) for found in said["violations"]]
