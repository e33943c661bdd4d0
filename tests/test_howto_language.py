"""docs/howto-language.md followed to the letter in a copy: a column of every catalogue and three entries."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOWTO = (ROOT / "docs" / "howto-language.md").read_text(encoding="utf-8")
WORK = """
import clss_analysis as clss
from clss_analysis.records.typography import number, quoted

records = clss.read("data/publication").in_language("de")
drawn = [
    clss.figures.sociogenogram(records.case("Y")), clss.figures.trajectory(records.case("C1")),
    clss.figures.mega_sociogenogram(records), clss.figures.criteria_grid(records.case("Y")),
]
assert all("DE " in drawing.geometry.alt for drawing in drawn)
assert number(1234.5, lang="de") == "1.234,5" and quoted("Wort", "de") == "„Wort“"
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with the column, the name and the locale of the how-to."""
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src", house / "src")  # with what is compiled of it
    shutil.copytree(ROOT / "data" / "publication", house / "data" / "publication")
    records = house / "src" / "clss_analysis" / "records"
    for file in [*(records / "messages").glob("*.csv"), records / "vocabularies.csv", records / "glossary.csv"]:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines(keepends=True)))
        with file.open("w", encoding="utf-8", newline="") as catalogue:
            written = csv.DictWriter(catalogue, [*rows[0], "de"], lineterminator="\n")
            written.writeheader()
            written.writerows(
                {**row, "de": ("DE " if ".alt" in row.get("key", "") else "") + row["en"]} for row in rows
            )
    entries = re.findall(r"^```python\n(([\w]+) = .*)\n```", HOWTO, re.MULTILINE)
    assert [name for _, name in entries] == ["LANGUAGES", "LOCALES", "_QUOTES"]
    for file in (records / "vocabulary.py", records / "typography.py"):
        text = file.read_text(encoding="utf-8")
        for entry, name in entries:
            text = re.sub(rf"^{name} = .*$", lambda _, entry=entry: entry, text, flags=re.MULTILINE)
        file.write_text(text, encoding="utf-8")
    return house


def run(house: Path, *words: str) -> None:
    env = {**os.environ, "PYTHONPATH": str(house / "src")}
    done = subprocess.run([sys.executable, *words], cwd=house, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_figures_speak_the_language(copy: Path) -> None:
    run(copy, "-c", WORK)


def test_the_command_takes_the_language(copy: Path) -> None:
    asked = ("--dataset", "data/publication", "--case", "Y", "--lang", "de", "--out", "y.svg")
    run(copy, "-m", "clss_analysis", "figure", "criteria-grid", *asked)
    assert (copy / "y.svg").is_file()
