"""A sister association's house: its next edition, and its copy on another computer, which makes the same files.

What is confidential in a house is not for git.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from canary import Search
from records_sample import signed

from clss_analysis.publish.new_house import new_house
from clss_analysis.records import synthesise, write
from clss_analysis.records.workbook import write_workbook

LA_RUE = ("La Rue asbl", "asbl La Rue", "larueasbl", "Molenbeek", "Madame Y", "Contrat Local", "booster", "CC BY 4.0",
          "La Rue, 20", "clss-historique", "Retour d’expérience")  # fmt: skip
TOML = """name = "Le Passage"
place = "Anderlecht"
title = "Portes ouvertes"
subtitle = "Une année au seuil"
licence = "CC BY-SA 4.0"
contact = "Le Passage"

[edition]
date = "{year}-06-01"
"""
TOLD = """# Ce que nous avons fait

Nous racontons {{count households}} ménages : {{list households.label lower}}.
{{count criteria household=S001 met=true capital | Un critère | # critères}} sur {{count criteria household=S001}}.
En {{fact events.S001-e2.month}} : {{fact events.S001-e2.label lower}}.

## Les ménages

"""


@dataclass(frozen=True)
class Edition:
    """What an edition changes, in records, clss.toml and chapters."""

    year: int
    homes: tuple[str, ...]
    service: str
    event: str
    month: str
    evicted: bool
    wish: str

    def settle(self, house: Path) -> None:
        records = synthesise(4, 5)
        actors, events, criteria = records.actors, records.events, records.criteria
        actors.loc[actors["id"] == "tsc", "label"] = self.service
        events.loc[events["id"] == "S001-e2", ["label", "month"]] = [self.event, pd.Period(self.month, "M")]
        criteria.loc[criteria["id"] == "S001-k5", "met"] = self.evicted
        records = records.with_tables(actors=actors, events=events, criteria=criteria).among(self.homes)
        write(signed(replace(records, name="le-passage", title="Le Passage")), house / "records", overwrite=True)
        (house / "clss.toml").write_text(TOML.format(year=self.year), encoding="utf-8")
        sheets = "\n\n".join(f"{{{{< include _runs/menage-{each}.md >}}}}" for each in self.homes)
        (house / "book" / "02-travail.md").write_text(f"{TOLD}{sheets}\n", encoding="utf-8")
        wanted = f"# Ce que nous demandons {{#sec-recommandations}}\n\n- {self.wish}\n"
        (house / "book" / "04-recommandations.md").write_text(wanted, encoding="utf-8")


FIRST = Edition(2030, ("S001", "S002"), "Atelier du hublot", "Bilan de la brume", "2025-02", False, "Ouvrir les bains.")
NEXT = Edition(
    2031, ("S001", "S003", "S004"), "Atelier du phare", "Bilan du rivage", "2025-03", True, "Fermer les quais."
)

GONE = (FIRST.service, FIRST.event, FIRST.wish, "Ménage S002", "S002-")


def made_in(house: Path, home: Path, *words: str) -> None:
    """What a process of its own makes there, for somebody else with another home."""
    home.mkdir(exist_ok=True)
    said = {
        **os.environ,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "LC_ALL": "C",
        "PYTHONHASHSEED": str(len(str(home))),
    }
    done = subprocess.run([sys.executable, "-m", "clss_analysis", *words], cwd=house, env=said, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A house after two editions, and a copy of it on another computer that knows nothing of the first one."""
    place = tmp_path_factory.mktemp("maisons")
    house = new_house(place / "ici" / "maison").folder
    FIRST.settle(house)
    made_in(house, place / "h1", "build", "--formats", "html")
    first = "".join(path.read_text(encoding="utf-8") for path in (house / "out" / "book").glob("*.html"))
    assert Search([FIRST.service, FIRST.event]).found(first) == {FIRST.service, FIRST.event}
    NEXT.settle(house)
    (place / "un autre" / "bureau à elle").mkdir(parents=True)
    other = Path(shutil.copytree(house, place / "un autre" / "bureau à elle" / "m"))
    shutil.rmtree(other / "out")
    for each, home in ((house, place / "h1"), (other, place / "home-2")):
        made_in(each, home, "build", "--formats", "html,pdf,epub,docx")
        made_in(each, home, "brief", "compter-les-expulsions", "--case", "S001", "--date", "2026-11")
    return house, other


@pytest.fixture(scope="module")
def pages(houses: tuple[Path, Path]) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (houses[0] / "out" / "book").glob("*.html")}


@pytest.mark.parametrize("what", ["book", "brief"])
def test_a_house_copied_elsewhere_makes_the_same_bytes(houses: tuple[Path, Path], what: str) -> None:
    here, there = (files_of(house / "out" / what) for house in houses)
    assert sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []
    endings = {"book": {"html", "pdf", "epub", "docx", "svg", "png", "csv", "json"}, "brief": {"pdf", "docx", "md"}}
    assert endings[what] <= {name.rsplit(".")[-1] for name in here}
    outside = os.fsencode(houses[0].parents[1])
    assert not [name for name, content in there.items() if outside in content]


@pytest.fixture(scope="module")
def foreign(houses: tuple[Path, Path]) -> dict[str, list[str]]:
    """Words that are not hers, or no longer, and where they stand in what she gives out."""
    return Search([*LA_RUE, *GONE]).below(houses[0] / "out" / "book", houses[0] / "out" / "brief")


def test_no_word_of_la_rue_is_in_anything_that_a_sister_gives_out(foreign: dict[str, list[str]]) -> None:
    assert {word: places for word, places in foreign.items() if word in LA_RUE} == {}


WHERE: dict[str, tuple[Callable[[Path], str], tuple[str, ...]]] = {
    "HTML": (lambda book: (book / "index.html").read_text(encoding="utf-8"), ("CC BY-SA 4.0",)),
    "PDF": (lambda book: words_of(book / "clss.pdf"), ("CC BY-SA 4.0",)),
    "EPUB": (lambda book: member(book / "clss.epub", ".opf"), ("2031-06-01", "CC BY-SA 4.0")),
    "DOCX": (lambda book: member(book / "clss.docx", "core.xml"), ("2031-06-01",)),
    "RO-Crate": (lambda book: (book / "ro-crate-metadata.json").read_text(encoding="utf-8"), ("licenses/by-sa/4.0/",)),
}
"""Where a book says whose it is, and what each place says beside name, title and year."""


def words_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def member(path: Path, ending: str) -> str:
    with zipfile.ZipFile(path) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(ending)]
        return archive.read(name).decode()


@pytest.mark.parametrize("where", WHERE)
def test_name_year_and_licence_are_hers_wherever_la_rue_s_stood(houses: tuple[Path, Path], where: str) -> None:
    read, more = WHERE[where]
    told = read(houses[0] / "out" / "book")
    assert [word for word in ("Le Passage", "Portes ouvertes", "2031", *more) if word not in told] == []


def test_a_file_and_a_pack_are_signed_by_her(houses: tuple[Path, Path]) -> None:
    out = houses[0] / "out"
    about = pypdf.PdfReader(out / "book" / "clss.pdf").metadata
    assert about is not None
    assert about.creation_date is not None
    signed_ = (about.title, about.author, about.creation_date.date())
    assert signed_ == ("Portes ouvertes", "Le Passage", datetime.date(2031, 6, 1))
    (named,) = Search(["Le Passage"]).below(out / "brief").values()
    assert "brief.pdf" in {Path(each.split(":")[0]).name for each in named}


def test_in_the_next_edition_nothing_is_left_of_the_first(
    houses: tuple[Path, Path], pages: dict[str, str], foreign: dict[str, list[str]]
) -> None:
    book = houses[0] / "out" / "book"
    assert {word: places for word, places in foreign.items() if word in GONE} == {}
    assert not [name for name, page in pages.items() if "2030" in page]
    told = " ".join(re.sub(r"<[^<>]*>", "", pages["02-travail.html"]).split())
    assert "Nous racontons trois ménages : ménage S001, ménage S003 et ménage S004." in told
    assert "Cinq critères sur cinq." in told
    assert "En mars 2025 : Bilan du rivage." in told
    assert NEXT.wish in pages["04-recommandations.html"]
    figures = {each["id"]: each for each in json.loads((book / "manifest.json").read_text(encoding="utf-8"))["figures"]}
    for name, word in {"S001-sociogenogram": NEXT.service, "S001-trajectory": NEXT.event}.items():
        assert word in figures[name]["alt"]
        for ending in ("svg", "csv"):
            assert word in (book / "figures" / f"{name}.{ending}").read_text(encoding="utf-8")
    assert "cinq critères remplis" in figures["S001-criteria-grid"]["caption"] + figures["S001-criteria-grid"]["alt"]
    assert {name[:4] for name in figures if name.startswith("S0")} == set(NEXT.homes)


@pytest.mark.parametrize(("word", "mark"), [("Figure", "figcaption"), ("Tableau", "caption")])
def test_figures_and_tables_are_numbered_in_their_order(
    houses: tuple[Path, Path], pages: dict[str, str], word: str, mark: str
) -> None:
    """On screens without a hole; the printed book leaves out what is for screens alone, under the same numbers."""
    order = dict.fromkeys(["index.html", *re.findall(r'href="([\w-]+\.html)"', pages["index.html"])])
    screens = "".join(pages[name] for name in order)
    caption = rf"<{mark}[^>]*><span class=\"numero\">{word} (\d+)\.</span>([^<]*)"
    shown = {int(n): " ".join(text.split())[:16].strip() for n, text in re.findall(caption, screens)}
    assert list(shown) == [*range(1, len(shown) + 1)]
    assert len(shown) > 9
    inside = re.findall(
        rf"{word} (\d+)\. (.{{16}})", " ".join(words_of(houses[0] / "out" / "book" / "clss.pdf").split())
    )
    printed = {int(n): text for n, text in inside}
    assert list(printed) == sorted(printed)
    assert {n: " ".join(text.split()) for n, text in printed.items()} == {n: shown[n] for n in printed}


@pytest.mark.parametrize("like", [None, "publication"])
def test_git_takes_nothing_confidential_of_a_house(like: str | None, tmp_path: Path) -> None:
    git = shutil.which("git")
    assert git
    house = new_house(tmp_path / "maison", like=like).folder
    if like is None:
        write_workbook(synthesise(1, 4), house / "dossiers-a-corriger.xlsx")
    secret = ("register/register.json", "register/draft.json", "records/persons.csv", "out/book/index.html",
              "relecture.csv", "relecture.xlsx", "cle.json", "mes-menages-import.csv",
              "book/.ipynb_checkpoints/a.ipynb")  # fmt: skip
    for name in secret:
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text("Awa Sow", encoding="utf-8")
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run([git, *words], cwd=house, check=True, capture_output=True)
    done = subprocess.run([git, "ls-files"], cwd=house, check=True, capture_output=True, text=True)
    taken = set(done.stdout.splitlines())
    assert {"clss.toml", ".gitignore", "Ouvrir.bat"} <= taken
    assert not {name for name in taken if name in secret or name.endswith(".xlsx") or name.startswith("records/")}
