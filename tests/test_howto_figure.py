"""docs/howto-figure.md followed to the letter in a copy: a kind of figure is one module, its words and a test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clss_analysis.figures import KINDS
from clss_analysis.layout.kinds import Kind

ROOT = Path(__file__).parents[1]
HOWTO = (ROOT / "docs" / "howto-figure.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([^`\n]+)`:\n\n```\w+\n(.*?)^```", HOWTO, re.MULTILINE | re.DOTALL))
KEEP = """
import clss_analysis as clss
from clss_analysis.runs import show
print(show("intakes", clss.read("data/demo"), out="kept").data)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with the files of the how-to."""
    house = tmp_path_factory.mktemp("house")
    for folder in ("src", "docs", "data", "notebooks"):
        shutil.copytree(ROOT / folder, house / folder)  # with what is compiled of it
    for name in ("clss.toml", "pyproject.toml"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, house / name)
    for name, text in FILES.items():
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(text, encoding="utf-8")
    (house / "kept" / "figures").mkdir(parents=True)
    return house


def run(house: Path, *words: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(house / "src")}
    return subprocess.run(
        [sys.executable, *words], cwd=house, env=env, check=True, capture_output=True, text=True
    ).stdout


def test_a_new_figure_is_one_module_its_words_and_a_test() -> None:
    assert sorted(Path(name).parts[0] for name in FILES) == ["src", "src", "tests"]


def test_the_command_draws_it(copy: Path) -> None:
    run(copy, "-m", "clss_analysis", "figure", "intakes", "--dataset", "data/demo", "--lang", "nl", "--out", "new.svg")
    assert (copy / "new.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "intakes" in run(copy, "-m", "clss_analysis", "figure", "--help")


def test_a_notebook_keeps_it(copy: Path) -> None:
    line = run(copy, "-c", KEEP)
    assert "_runs/figures/intakes.svg" in line
    assert "mois d’entrée" in line
    assert (copy / "kept" / "figures" / "intakes.svg").is_file()


def test_its_own_test_holds(copy: Path) -> None:
    assert "1 passed" in run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_figures_intakes.py")


def test_the_list_of_figures_has_it(copy: Path) -> None:
    run(copy, "docs/figures.py")
    assert "| `intakes` | How many households began in each year." in (copy / "docs" / "figures.md").read_text(
        encoding="utf-8"
    )


def test_the_list_of_figures_is_up_to_date() -> None:
    run(ROOT, "docs/figures.py", "--check")


@pytest.mark.parametrize("name", KINDS)
def test_what_is_read_of_a_kind_is_what_its_module_says(name: str) -> None:
    kind = KINDS[name]
    assert kind.about == getattr(kind._module, "KIND", Kind())
