"""Three hundred identifiers where nobody looks in a workbook: none in any byte that a command leaves or says.

Document properties, names of sheets, hidden sheets, comments and their authors, defined names, headers and footers,
the name of the file, and a theme; the commands run as a user's do, in a process of their own, with its own home,
cache and temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from book_runs import needs
from canary import FAMILIES, PDFTOTEXT, Search, canaries, squeezed
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from test_canary import THEME, household

from clss_analysis.records.workbook import write_workbook

PLANTED = [each.text for each in canaries() if len(squeezed(each.text)) > 6 and each.kind != "child_health"][:300]
TITLES = [name.replace("’", " ") for name in FAMILIES if len(name) > 8][:4]
DEFINED = "Tshilumba_Karabulutoglu"
FILE = "Dossier Nsengiyumva"
SEARCH = Search([*PLANTED, *TITLES, DEFINED, FILE])
PROPERTIES = ("creator", "lastModifiedBy", "title", "subject", "description", "keywords", "category", "identifier")
Run = Callable[..., tuple[int, str]]


def plant(path: Path, *, sheets: bool) -> None:
    """A workbook of ours with identifiers in all that is no cell of it, and perhaps in sheets of their own."""
    write_workbook(household(), path)
    book = openpyxl.load_workbook(path)
    own: Iterator[str] = iter(PLANTED)
    for name in PROPERTIES:
        setattr(book.properties, name, next(own))
    book.custom_doc_props.append(StringProperty(name=next(own), value=next(own)))
    ours = book.worksheets[:6]
    for sheet in ours:
        sheet.oddHeader.center.text, sheet.oddFooter.left.text = next(own), next(own)
        for row in range(1, 9):
            sheet.cell(row, 2).comment = Comment(next(own), next(own))
    book.defined_names[DEFINED] = DefinedName(DEFINED, attr_text="'Ménages'!$A$1", comment=next(own))
    if sheets:
        for title, state in zip(TITLES, ("visible", "hidden", "veryHidden", "visible"), strict=True):
            sheet = book.create_sheet(title)
            sheet.sheet_state = state
            for word in islice(own, 46):
                sheet.append([word])
    book.save(path)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is searched: the home, cache, temporary folder and outputs of the commands, and all they said."""
    needs(PDFTOTEXT, "pdftotext")
    folder = tmp_path_factory.mktemp("machine")
    (folder / "tmp").mkdir()
    return folder


@pytest.fixture(scope="module")
def run(machine: Path) -> Run:
    def clss(name: str, *words: str | Path) -> tuple[int, str]:
        own = {"HOME": machine, "XDG_CACHE_HOME": machine / "cache", "TMPDIR": machine / "tmp"}
        done = subprocess.run(
            [sys.executable, "-m", "clss_analysis", *map(str, words)], cwd=machine, capture_output=True, check=False,
            env={**os.environ, **{key: str(value) for key, value in own.items()}},
        )  # fmt: skip
        (machine / f"{name}.log").write_bytes(done.stdout + done.stderr)
        return done.returncode, (done.stdout + done.stderr).decode()

    return clss


def test_they_are_planted_in_every_such_place(tmp_path: Path) -> None:
    plant(tmp_path / f"{FILE}.xlsx", sheets=True)
    assert len(PLANTED) == 300
    assert set(SEARCH.below(tmp_path)) == set(SEARCH.words), "each is seen where it stands"


def test_sheets_that_are_not_ours_are_refused_by_their_number(run: Run, machine: Path, tmp_path: Path) -> None:
    plant(tmp_path / "dossiers.xlsx", sheets=True)
    code, told = run("refus", "import", tmp_path / "dossiers.xlsx", "--out", machine / "refus", "--key", machine / "k")
    assert code == 2
    assert told.count("feuille «\u202fn° ") == len(TITLES)
    assert SEARCH.below(machine) == {}


def test_no_identifier_of_a_workbook_that_is_no_cell_is_left_anywhere(run: Run, machine: Path, tmp_path: Path) -> None:
    workbook, dataset, theme = tmp_path / f"{FILE}.xlsx", machine / "jeu", tmp_path / "theme.yml"
    plant(workbook, sheets=False)
    theme.write_text(THEME.replace("Compter les expulsions", f"Pour {PLANTED[0]}, {TITLES[0]}"), encoding="utf-8")
    assert run("import", "import", workbook, "--out", dataset, "--key", machine / "cle.json")[0] == 0
    assert run("masque", "review", dataset, "--mask-all")[0] == 0
    assert run("porte", "check", dataset)[0] == 0
    home = next(iter((dataset / "households.csv").read_text(encoding="utf-8").splitlines()[1:])).split(",")[0]
    for name, words in {
        "classeur": ("export", dataset, "--out", machine / "e.xlsx"),
        "graphe": ("export", dataset, "--out", machine / "e.graphml"),
        "figure": ("figure", "sociogenogram", "--dataset", dataset, "--case", home, "--out", machine / "f.svg"),
    }.items():
        assert run(name, *words)[0] == 0
    words = ("brief", theme, "--dataset", dataset, "--case", home, "--date", "2025-12", "--out", machine / "dossier")
    assert run("theme", *words)[0] == 2
    assert not (machine / "dossier").exists()
    assert SEARCH.below(machine) == {}
    assert not list((machine / "tmp").iterdir()), "nothing stays in the temporary folder"
