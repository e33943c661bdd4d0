"""A house copied to another computer makes the same book; what is confidential in it is not for git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clss_analysis.publish.new_house import new_house
from clss_analysis.records import synthesise, write
from clss_analysis.records.workbook import write_workbook


def book_of(house: Path, home: Path) -> dict[str, bytes]:
    """The files of the book that a process of its own makes there, for somebody else with another home."""
    home.mkdir()
    said = {
        **os.environ,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "LC_ALL": "C",
        "PYTHONHASHSEED": str(len(str(home))),
    }
    words = [sys.executable, "-m", "clss_analysis", "build", "--formats", "html"]
    subprocess.run(words, cwd=house, env=said, check=True, capture_output=True)
    book = house / "out" / "book"
    return {path.relative_to(book).as_posix(): path.read_bytes() for path in book.rglob("*") if path.is_file()}


def test_a_house_copied_elsewhere_makes_the_same_bytes(tmp_path: Path) -> None:
    house = new_house(tmp_path / "ici" / "maison").folder
    shutil.rmtree(house / "records")
    write(synthesise(1, 4), house / "records")
    (house / "clss.toml").write_text('name = "Le Passage"\n', encoding="utf-8")
    (tmp_path / "un autre" / "bureau à elle").mkdir(parents=True)
    other = Path(shutil.copytree(house, tmp_path / "un autre" / "bureau à elle" / "m"))
    here, there = book_of(house, tmp_path / "h1"), book_of(other, tmp_path / "home-2")
    assert sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []
    assert "index.html" in here
    assert not [name for name, content in there.items() if os.fsencode(tmp_path) in content]


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
