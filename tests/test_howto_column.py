"""docs/howto-column.md followed to the letter in a copy: a column is one entry of the schema and its words."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOWTO = (ROOT / "docs" / "howto-column.md").read_text(encoding="utf-8")
WORK = """
import sys
from pathlib import Path
import pandas as pd
import clss_analysis as clss
from clss_analysis.records import write
from clss_analysis.records.workbook import write_workbook

records = clss.read("data/demo")
assert records.households["rent"].isna().all(), "migrated: unknown"
homes = records.households
homes["rent"] = pd.array([650, *[None] * (len(homes) - 1)], dtype="Int64")
records = records.with_tables(households=homes)
write(records, "rents")
assert clss.read("rents").households["rent"].iloc[0] == 650
assert clss.read("rents").fields_that_are("households", "quasi-identifier").count("rent") == 1
write_workbook(clss.read("rents"), Path("rents.xlsx"))
"""
WRONG = """
from pathlib import Path
table = Path("rents/households.csv")
table.write_text(table.read_text(encoding="utf-8").replace(",650,", ",-1,", 1), encoding="utf-8")
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with the entry and the words of the how-to."""
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src", house / "src")  # with what is compiled of it
    shutil.copytree(ROOT / "data" / "demo", house / "data" / "demo")
    entry, words = (re.search(rf"^```{kind}\n(.*?)^```", HOWTO, re.MULTILINE | re.DOTALL) for kind in ("json", "csv"))
    assert entry
    assert words
    schema = house / "src" / "clss_analysis" / "records" / "schema.json"
    said = json.loads(schema.read_text(encoding="utf-8"))
    said["version"] = 9
    fields = next(each for each in said["resources"] if each["name"] == "households")["schema"]["fields"]
    fields.insert([each["name"] for each in fields].index("source"), json.loads(entry[1]))
    schema.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    with (schema.parent / "messages" / "workbook.csv").open("a", encoding="utf-8") as catalogue:
        catalogue.write(words[1])
    return house


def run(house: Path, *words: str, code: int = 0) -> str:
    env = {**os.environ, "PYTHONPATH": str(house / "src")}
    done = subprocess.run([sys.executable, *words], cwd=house, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_the_column_travels(copy: Path) -> None:
    clss = ("-m", "clss_analysis")
    assert "clss migrate" in run(copy, *clss, "check", "data/demo", code=2), "yesterday's dataset is told what to do"
    assert "rent" in run(copy, *clss, "migrate", "data/demo")
    run(copy, "-c", WORK)
    run(copy, *clss, "import", "rents.xlsx", "--out", "again")
    assert ",650," in (copy / "again" / "households.csv").read_text(encoding="utf-8"), "through the workbook and back"
    help_ = run(
        copy, "-c", "from clss_analysis.records.workbook.plan import columns; print(columns('households', 'nl'))"
    )
    assert "Huur" in help_
    assert "De maandhuur, lasten inbegrepen" in help_
    run(copy, "-c", WRONG)
    said = run(copy, *clss, "check", "rents", code=2)
    assert "households.csv, ligne 2, colonne rent" in said.replace("\u202f", " ")
    assert "-1" not in said
