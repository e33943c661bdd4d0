"""The house: which room may know which, and what only one room may know."""

from __future__ import annotations

import ast
import csv
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clss_analysis.records.schema import table_names
from clss_analysis.records.vocabulary import LANGUAGES, message_keys

SOURCE = Path(__file__).parents[1] / "src" / "clss_analysis"
ROOMS = ["records", "privacy", "measures", "layout", "figures", "runs", "publish", "desk", "cli"]
ONLY = {"matplotlib": "figures", "papermill": "runs", "pypandoc": "publish", "typst": "publish"}
ALSO = {("figures/convert.py", "typst")}
"""One module of another room: PDF and PNG of a figure are made of its SVG by typst, for the command, a notebook and
the book alike, and what draws figures may not know what publishes them."""
BANNED = {"utils", "util", "helpers", "core", "common", "config", "misc"}
SHIPPED = ["fonts", "palette"]
RECORDS = SOURCE / "records"


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrong_arrows(name: str, tree: ast.AST, path: str = "") -> list[str]:
    wrong = []
    for target in imported(tree):
        parts = target.split(".")
        if parts[0] in ONLY and ONLY[parts[0]] != name and (path, parts[0]) not in ALSO:
            wrong.append(target)
        if parts[0] == "clss_analysis" and len(parts) > 1 and parts[1] in ROOMS and name in ROOMS:
            wrong += [target] if ROOMS.index(parts[1]) > ROOMS.index(name) else []
    return wrong


def test_rooms_are_those_of_the_house() -> None:
    found = {room(path) for path in modules()} - {"__init__"}
    assert found <= {*ROOMS, *SHIPPED, "__main__"}
    assert {"records", "privacy", "measures", "layout", "figures"} <= found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_downwards_and_each_engine_has_one_room(path: Path) -> None:
    place = path.relative_to(SOURCE).as_posix()
    assert wrong_arrows(room(path), ast.parse(path.read_text(encoding="utf-8")), place) == []


def test_a_wrong_arrow_is_found() -> None:
    assert wrong_arrows("layout", ast.parse("import matplotlib.pyplot")) == ["matplotlib.pyplot"]
    assert wrong_arrows("records", ast.parse("from clss_analysis.privacy import clear")) == [
        "clss_analysis.privacy.clear"
    ]
    assert wrong_arrows("records", ast.parse("from clss_analysis import privacy")) == ["clss_analysis.privacy"]
    assert wrong_arrows("figures", ast.parse("def f():\n    import matplotlib")) == []
    assert wrong_arrows("figures", ast.parse("import typst"), "figures/ink.py") == ["typst"]
    assert wrong_arrows("figures", ast.parse("import typst"), "figures/convert.py") == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_holds_one_topic(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert not BANNED & set(path.relative_to(SOURCE).with_suffix("").parts)


def test_one_place_asks_what_day_it_is() -> None:
    asks = re.compile(r"\.(?:today|now|utcnow)\(")
    assert [path.name for path in modules() if asks.search(path.read_text(encoding="utf-8"))] == ["clock.py"]


def test_the_picture_of_the_house_finds_no_arrow_upwards_and_no_circle() -> None:
    drawn = subprocess.run(
        [sys.executable, str(SOURCE.parents[1] / "docs" / "house.py"), "--check"], capture_output=True, text=True
    )
    assert drawn.stdout == ""
    assert drawn.returncode == 0


def test_reading_records_does_not_wait_for_matplotlib() -> None:
    program = (
        "import sys, clss_analysis as clss; "
        "assert 'matplotlib' not in sys.modules and 'papermill' not in sys.modules; "
        "assert clss.figures.__name__ == 'clss_analysis.figures' and clss.measures.cooccurrence; "
        "assert not hasattr(clss, 'nothing')"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def catalogues() -> list[Path]:
    return [RECORDS / "vocabularies.csv", *sorted((RECORDS / "messages").glob("*.csv"))]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.name)
def test_catalogues_are_complete_in_every_language(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows
    for row in rows:
        assert None not in row, row
        for lang in LANGUAGES:
            assert row[lang], (row, lang)
            if path.name != "vocabularies.csv":
                assert places(row[lang]) == places(row["fr"]), (row["key"], lang)


def test_no_key_and_no_code_is_said_twice() -> None:
    assert len(set(message_keys())) == len(message_keys())
    with (RECORDS / "vocabularies.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(row["vocabulary"], row["code"]) for row in csv.DictReader(stream)]
    assert len(set(rows)) == len(rows)
    blocks = [name for place, (name, _) in enumerate(rows) if place == 0 or rows[place - 1][0] != name]
    assert len(set(blocks)) == len(blocks), "a vocabulary stands in one block"


def test_every_table_has_a_name_for_readers() -> None:
    assert {f"title.{table}" for table in table_names()} <= set(message_keys())


def test_every_message_that_the_code_asks_for_exists() -> None:
    known = set(message_keys())
    asked = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "message" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    asked.add(first.value)
    assert asked
    assert asked - known == set()
