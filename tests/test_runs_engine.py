"""Notebooks executed: a failing one is reported and the others finish; what is kept has the same bytes every time."""

import ast
import sys
from pathlib import Path

import nbformat
import pytest
from records_sample import clearance_for

from clss_analysis.runs.engine import How, execute
from clss_analysis.runs.fragment import render_fragment, shifted
from clss_analysis.runs.freshness import Store
from clss_analysis.runs.plan import Run

SHOWN = """
class Shown:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/markdown": "## De Markdown", "text/plain": "plain", "text/html": "<b>html</b>"}
Shown()
"""
CELLS = [
    ("markdown", "# Titre", []),
    ("markdown", "Seulement dans JupyterLab.", ["lab"]),
    ("code", 'case = "A"\nlang = "fr"', ["parameters"]),
    ("code", "import os, sys\nprint('dans', os.path.basename(os.getcwd()))\nprint('bruit', file=sys.stderr)", []),
    ("code", "sys.executable", []),
    ("code", "if case == 'B':\n    raise ValueError('could not convert Madame Zola : 42 cafards')", []),
    ("code", SHOWN, []),
    ("markdown", "## Section\n\n```\n# pas un titre\n```", []),
]
MAKERS = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}


@pytest.fixture(scope="session")
def executed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("engine")
    cells = [
        MAKERS[kind](source, metadata={"tags": tags}, id=f"c{index}")
        for index, (kind, source, tags) in enumerate(CELLS)
    ]
    kernel = {"kernelspec": {"name": "another", "display_name": "Another", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "essai.ipynb")
    runs = [Run(f"menage-{case}", "essai.ipynb", {"case": case, "lang": "fr"}, case) for case in "ABC"]
    results = execute(
        runs,
        folder,
        folder / "_runs",
        clearance=clearance_for("A", "B", "C"),
        how=How(jobs=2),
    )
    again = execute(runs[:1], folder, folder / "other", clearance=clearance_for("A", "B", "C"), how=How(jobs=1))
    return folder, results, again


def test_the_failing_run_is_reported_and_the_others_finish(executed):
    _, results, _ = executed
    assert [(result.run.id, result.ok) for result in results] == [
        ("menage-A", True),
        ("menage-B", False),
        ("menage-C", True),
    ]
    assert (results[1].cell, results[1].error) == (6, "ValueError")


def test_no_word_of_the_records_is_in_the_report(executed):
    folder, results, _ = executed
    assert results[1].reason == ""
    log = (folder / "_runs" / "logs" / "menage-B.log").read_text(encoding="utf-8")
    assert "cell 6: ValueError" in log
    assert "Zola" not in log + results[1].line()


def test_only_whole_notebooks_are_left(executed):
    folder, _, _ = executed
    left = [path.relative_to(folder / "_runs").as_posix() for path in (folder / "_runs").rglob("*") if path.is_file()]
    assert sorted(left) == [
        "logs/menage-A.log",
        "logs/menage-B.log",
        "logs/menage-C.log",
        "menage-A.ipynb",
        "menage-A.md",
        "menage-C.ipynb",
        "menage-C.md",
    ]


def test_two_executions_give_the_same_bytes(executed):
    folder, _, again = executed
    assert again[0].ok
    first, second = (nbformat.read(folder / name / "menage-A.ipynb", 4) for name in ("_runs", "other"))
    assert first.cells[4].outputs[0].text == "dans _runs\n"
    assert nbformat.writes(first) == nbformat.writes(second)


def test_parameters_reach_the_notebook_after_their_defaults(executed):
    folder, _, _ = executed
    cells = nbformat.read(folder / "_runs" / "menage-C.ipynb", 4).cells
    assert cells[3].id == "injected-parameters"
    assert 'case = "C"' in cells[3].source
    assert "papermill" not in cells[3].metadata


def test_the_kernel_is_this_interpreter_whatever_kernel_the_notebook_names(executed):
    folder, _, _ = executed
    cells = nbformat.read(folder / "_runs" / "menage-A.ipynb", 4).cells
    assert Path(ast.literal_eval(cells[5].outputs[0].data["text/plain"])) == Path(sys.executable)


def test_the_fragment_has_prose_and_results_without_code(executed):
    folder, _, _ = executed
    text = render_fragment(folder / "_runs" / "menage-A.ipynb")
    assert text.startswith("### Titre\n")
    assert "#### De Markdown" in text
    assert "#### Section\n\n```\n# pas un titre\n```" in text
    for unwanted in ("JupyterLab", "print", "bruit", "plain", "<b>", "class Shown", "case ="):
        assert unwanted not in text


def test_a_notebook_of_another_dataset_is_done_again_for_its_own_rows_alone(tmp_path):
    asked = nbformat.v4.new_code_cell('dataset = ""', metadata={"tags": ["parameters"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[asked]), tmp_path / "essai.ipynb")
    runs = [Run(name, "essai.ipynb", {"dataset": place}) for name, place in (("tous", "../d"), ("autre", "../d/autre"))]

    def done(whole: str, other: str) -> list[tuple[str, ...]]:
        results = execute(
            runs,
            tmp_path,
            tmp_path / "_runs",
            clearance=clearance_for("A"),
            rows={None: whole, "../d/autre": other},
            store=Store(tmp_path / "store"),
            how=How(jobs=2),
        )
        return [result.why for result in results]

    assert done("1", "1") == [("never",), ("never",)]
    assert done("2", "1") == [("rows",), ()]
    assert done("2", "2") == [(), ("rows",)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# a\n## b", "### a\n#### b"),
        ("##### e", "###### e"),
        ("~~~\n# a\n```\n# b\n~~~\n# c", "~~~\n# a\n```\n# b\n~~~\n### c"),
        ("````\n```\n# a\n````\n# b", "````\n```\n# a\n````\n### b"),
        ("#mot-dièse\n    # code", "#mot-dièse\n    # code"),
        ("texte # a", "texte # a"),
    ],
)
def test_headings_move_and_code_stays(before, after):
    assert shifted(before) == after
