"""Parameters are held against the parameters cell before any kernel starts."""

from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_sample import clearance_for

from clss_analysis.runs.engine import How, execute
from clss_analysis.runs.notebook import NotebookError
from clss_analysis.runs.parameters import ParameterError, check, read_parameters
from clss_analysis.runs.plan import Run

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "01_menage.ipynb"
GIVEN = {"dataset": "../dataset", "case": "Y", "lang": "fr", "out": "."}


def notebook_with(folder: Path, *cells: tuple[str, list[str]]) -> Path:
    path = folder / "essai.ipynb"
    made = [nbformat.v4.new_code_cell(source, metadata={"tags": tags}) for source, tags in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def test_the_cell_is_read_in_its_own_order_without_running_it(tmp_path):
    path = notebook_with(tmp_path, ('b = "x"\na: int = 3\n# words\nc = -1.5\nd = True', ["parameters"]))
    assert {name: p.default for name, p in read_parameters(path).items()} == {"b": "x", "a": 3, "c": -1.5, "d": True}
    assert list(read_parameters(path)) == ["b", "a", "c", "d"]


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "x = open('f')",
        "x, y = 1, 2",
        "x = [1]",
        "x = None",
        "x.y = 1",
        "x = y = 1",
        "x: int",
        "x = (",
        "f()",
    ],
)
def test_a_cell_that_does_more_than_name_values_is_refused(tmp_path, source):
    with pytest.raises(ParameterError, match=r"essai\.ipynb"):
        read_parameters(notebook_with(tmp_path, (source, ["parameters"])))


def test_exactly_one_cell_is_asked_for(tmp_path):
    with pytest.raises(ParameterError, match="0"):
        read_parameters(notebook_with(tmp_path, ("x = 1", [])))
    with pytest.raises(ParameterError, match="2"):
        read_parameters(notebook_with(tmp_path, ("x = 1", ["parameters"]), ("y = 1", ["parameters"])))


def test_a_missing_or_broken_notebook_is_named(tmp_path):
    (tmp_path / "casse.ipynb").write_text("{")
    for name in ("casse.ipynb", "absent.ipynb"):
        with pytest.raises(NotebookError, match=name):
            read_parameters(tmp_path / name)


def test_what_the_notebook_takes_passes():
    check(NOTEBOOK, GIVEN)


@pytest.mark.parametrize(
    "name",
    [
        "x=1;__import__('os').system('touch hostile')#",
        "cas",
        "case ",
        "ｃase",
        "case\nimport os",
        "__builtins__",
        "class",
        "",
        "9case",
        "case=1#",
        "K",
    ],
)
def test_hostile_and_unknown_names_are_refused(name):
    with pytest.raises(ParameterError) as caught:
        check(NOTEBOOK, {**GIVEN, name: "Y"})
    assert len(caught.value.faults) == 1
    assert "\n" not in caught.value.faults[0]


@pytest.mark.parametrize("value", [1, None, b"Y", ["Y"], True, 1.0])
def test_mistyped_values_are_refused(value):
    with pytest.raises(ParameterError, match="case"):
        check(NOTEBOOK, {**GIVEN, "case": value})


def test_numbers_keep_their_kind(tmp_path):
    path = notebook_with(tmp_path, ("whole = 1\npart = 1.0\nswitch = False", ["parameters"]))
    check(path, {"whole": 2, "part": 2, "switch": True})
    for wrong in ({"whole": 2.0}, {"whole": True}, {"part": True}, {"part": float("nan")}, {"switch": 1}):
        with pytest.raises(ParameterError):
            check(path, {"whole": 2, "part": 2.0, "switch": True, **wrong})


def test_all_faults_at_once():
    with pytest.raises(ParameterError) as caught:
        check(NOTEBOOK, {"dataset": 3, "case": "Y", "nom": "x"})
    assert len(caught.value.faults) == 4


@given(st.text(max_size=40))
def test_no_name_but_the_cells_own_ever_passes(name):
    if name in GIVEN:
        return
    with pytest.raises(ParameterError):
        check(NOTEBOOK, {**GIVEN, name: "x"})


def test_a_refusal_starts_nothing(tmp_path):
    runs = [
        Run("menage-A", NOTEBOOK.name, {**GIVEN, "case": "A"}, "A"),
        Run("menage-B", NOTEBOOK.name, {**GIVEN, "case": "B", "x=1;print()#": "y"}, "B"),
    ]
    with pytest.raises(ParameterError):
        execute(runs, NOTEBOOK.parent, tmp_path / "_runs", clearance=clearance_for("A", "B"), how=How(jobs=1))
    assert not (tmp_path / "_runs").exists()
