"""The README's commands do what it says, in the order in which it says it."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from clss_analysis.cli import main
from clss_analysis.records import synthesise
from clss_analysis.records.formats import EXPORTS, IMPORTS, TABLES
from clss_analysis.records.workbook import write_workbook

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [block.splitlines() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)]
CLSS = [line for block in BLOCKS for line in block if line.startswith(".venv/bin/clss")]


def test_the_two_commands_come_first_and_are_targets():
    assert BLOCKS[0] == ["make book", "make test"]
    for line in BLOCKS[0]:
        dry = subprocess.run([*shlex.split(line), "--dry-run"], cwd=ROOT, capture_output=True, text=True)
        assert dry.returncode == 0, dry.stderr


def test_what_it_links_to_is_there():
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", README) if not t.startswith("https://")]
    targets += re.findall(r"`((?:data|src|docs|book|notebooks)/[^`\s]*)`", README)
    made = ("book/_book", "docs/site")
    assert targets
    assert [t for t in targets if not t.startswith(made) and not (ROOT / t).exists()] == []


def test_the_tree_names_what_is_there():
    tree = re.search(r"```\n(data/publication.*?)```", README, re.DOTALL).group(1)
    for line in tree.splitlines():
        name = line.split()[0]
        if not line.startswith(" "):
            assert (ROOT / name).exists(), name


def test_own_records_as_told(tmp_path, monkeypatch, capfd):
    known = {
        "famille.ged": "0 HEAD\n1 GEDC\n2 VERS 7.0\n0 @I1@ INDI\n1 SEX F\n1 FAMS @F1@\n0 @I2@ INDI\n1 SEX U\n"
        "1 FAMC @F1@\n0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n0 TRLR\n"
    }
    known["mon-theme.yml"] = re.search(r"```yaml\n(.*?)```", README, re.DOTALL).group(1)
    for name, content in known.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    write_workbook(synthesise(2, 1), tmp_path / "dossiers.xlsx")
    assert len(CLSS) == 14
    monkeypatch.chdir(tmp_path)
    for line in CLSS:
        assert main(shlex.split(line)[1:]) == 0, (line, capfd.readouterr().err)
    assert (tmp_path / "S001.svg").stat().st_size > 1000
    for pack in ("interpellation", "mon-interpellation"):
        assert {"brief.pdf", "speech.docx", "slides.pdf", "checks.txt"} <= {p.name for p in (tmp_path / pack).iterdir()}
    assert {"index.html", "clss.pdf", "clss.epub", "manifest.json"} <= {
        p.name for p in (tmp_path / "mon-livre").iterdir()
    }


@pytest.mark.parametrize("ending", sorted({*TABLES, *IMPORTS, *EXPORTS}))
def test_formats_are_those_of_the_one_table(ending, capsys):
    assert f"`{ending}`" in README
    for verb, endings in (("import", (*TABLES, *IMPORTS)), ("export", (*EXPORTS, ".xlsx"))):
        assert main([verb, "--help"]) == 0
        said = capsys.readouterr().out
        named = re.search(rf"(?<!\w){re.escape(ending)}\b", said) is not None  # not the end of a file's name
        assert named == (ending in endings)


def test_the_python_example_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL).group(1)
    spoken: dict[str, object] = {}
    exec(example, spoken)  # noqa: S102 the README's own example
    assert spoken["case"].label == "Madame Y"


@pytest.mark.parametrize("target", ["help", "book", "test", "lab", "bench"])
def test_make_says_what_each_target_does(target):
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    assert f"make {target}" in told
