"""The map of the house: what it says stands somewhere stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "clss_analysis"


def places() -> list[tuple[str, str]]:
    """File and name of every row of the table in ARCHITECTURE.md; the name is empty where only a file is told."""
    table = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("| what you look for | where |")[1]
    found = []
    for row in re.findall(r"^\| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE):
        for part in row.split(";"):
            file, *name = re.findall(r"`([^`]+)`", part)
            found.append((file, name[0] if name else ""))
    return found


@pytest.mark.parametrize(("file", "name"), places())
def test_what_the_map_names_is_there(file: str, name: str) -> None:
    path = SOURCE / file
    assert path.exists()
    if path.suffix == ".py":
        assert re.search(
            rf"^(?:def|class) {name}\b|^(?:[A-Z_]+, )*{name}\b[^()]*[:=]", path.read_text("utf-8"), re.MULTILINE
        )
    elif name:
        assert f'"{name}"' in path.read_text("utf-8")


def test_the_map_is_long_enough_to_be_of_use() -> None:
    assert len(places()) >= 15


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_files_that_a_page_names_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)\)", text)
    assert linked
    assert [name for name in linked if not (ROOT / name).exists()] == []


def test_the_changes_can_be_gathered() -> None:
    """A fragment that is named otherwise than towncrier reads would stop a release."""
    words = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "0", "--date", "2026-01-01"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    fragments = [path.name for path in (ROOT / "changes").iterdir() if path.name != ".gitkeep"]
    assert all(re.fullmatch(r"[0-9]+\.(added|changed|fixed)(\.[0-9]+)?\.md", name) for name in fragments)
