"""The documentation site: built whole from what is here, every name and example in it true."""

import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from chromium import violations

from clss_analysis.cli import main

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
TRIED = ("python.md", "notebook.md", "deuxieme-codage.md")
FRENCH = ("debut", "association", "dossiers", "interpellation", "deuxieme-codage", "made/dictionary")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, made as `make docs` makes it: a warning is a failure."""
    out = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-d", str(out.parent / "trees")]
    done = subprocess.run([*command, str(DOCS), str(out)], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return out


class Links(HTMLParser):
    """What a page leads to, what it loads, and the places in it."""

    def __init__(self, page: Path):
        super().__init__()
        self.leads, self.loads, self.places, self.lang = [], [], set(), None
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.places |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "html":
            self.lang = given["lang"]
        if tag == "a" and given.get("href"):
            self.leads.append(given["href"])
        if tag in ("link", "script", "img") and (given.get("src") or given.get("href")):
            self.loads.append(given.get("src") or given["href"])


def test_every_link_leads_somewhere_and_nothing_is_fetched(site):
    pages = {path.resolve(): Links(path) for path in site.rglob("*.html")}
    assert len(pages) > 25
    for path, page in pages.items():
        assert [each for each in page.loads if "//" in each] == [], path
        for href in (each for each in page.leads if "://" not in each):
            file, place = urldefrag(unquote(href))
            target = (path.parent / file).resolve() if file else path
            assert target.exists(), (path.name, href)
            if place and target in pages and "search" not in target.name:
                assert place in pages[target].places, (path.name, href)


def test_a_page_says_its_language(site):
    for path in site.rglob("*.html"):
        name = path.relative_to(site).with_suffix("").as_posix()
        french = name in (*FRENCH, "howto-chapter", "grappe", "machine")
        assert Links(path).lang == ("fr" if french else "en"), name


def test_every_public_name_is_documented(site):
    stubs = {"clss_analysis": ROOT / "src/clss_analysis/__init__.pyi"}
    for room in ("records", "measures", "runs", "layout"):
        stubs[f"clss_analysis.{room}"] = ROOT / "src/clss_analysis" / room / "__init__.pyi"
    said = set(re.findall(r'id="(clss_analysis\.[\w.]+)"', (site / "made/api.html").read_text(encoding="utf-8")))
    ends = {name.rpartition(".")[2] for name in said}
    named = {
        name
        for stub in stubs.values()
        for name in re.findall(r"import \w+ as (\w+)", stub.read_text(encoding="utf-8"))
        if name not in ("figures", "layout", "measures", "privacy", "records", "runs", "qca")
    }
    assert len(named) > 80
    assert named - ends == set()


@pytest.mark.parametrize("page", TRIED)
def test_its_examples_run(page, tmp_path, monkeypatch):
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)  # noqa: S102 - a page of this project


def test_the_ten_minutes_as_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lines = re.findall(r"^(?:clss|uv) .*$", (DOCS / "debut.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) == 6
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for line in lines:
        if line.startswith(("clss build", "uv")):
            assert line in readme  # the README's own test runs it
        else:
            assert main(shlex.split(line)[1:]) == 0, (line, capsys.readouterr().err)
    assert (tmp_path / "S001.svg").stat().st_size > 1000


def test_axe_finds_nothing(site, browser):
    page = browser.new_page()
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        assert violations(page) == [], path.name
    page.close()
