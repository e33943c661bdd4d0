"""The gate: no public path yields output from a dataset that is not cleared, and no module writes around it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.display import Markdown
from records_sample import signed, sound_rows, write_rows
from test_figures_measures import MEASURES

import clss_analysis as clss
from clss_analysis import cli, measures
from clss_analysis.cli.arguments import parser as words_of_the_command
from clss_analysis.figures import KINDS, Drawing, save
from clss_analysis.privacy import Clearance, NotClearedError, clear, publishable_counts, withhold
from clss_analysis.publish import build_book
from clss_analysis.publish.build import build
from clss_analysis.publish.figure_data import write_figure_data
from clss_analysis.records import Records, Row, export_file, synthesise
from clss_analysis.records.synthetic.made_up import translate
from clss_analysis.records.synthetic.signature import signed as as_made_up
from clss_analysis.records.tables import Case
from clss_analysis.records.vocabulary import LANGUAGES
from clss_analysis.runs import dataset_overview, keep, say, show, table
from clss_analysis.runs.engine import execute
from clss_analysis.runs.figure_command import figure_file
from clss_analysis.runs.inspection import leaks
from clss_analysis.runs.markdown import shown
from clss_analysis.runs.plan import Run, plan_runs

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "clss_analysis"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "jeu", sound_rows())


@pytest.fixture
def shut(folder: Path) -> Records:
    """A dataset in which household B has no consent."""
    return clss.read(folder)


@pytest.fixture
def mixed(tmp_path: Path) -> Records:
    """A dataset in which A may be told and B only counted."""
    rows = sound_rows()
    rows["consents"].append(rows["consents"][0] | {"id": "CO2", "scope": "counted"})
    rows["households"][1] |= {"consent": "CO2", "summary": "Un résumé que personne d’autre ne doit lire."}
    return clss.read(write_rows(tmp_path / "mixte", rows))


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def command_lines(dataset: Path, out: Path) -> dict[str, list[list[str]]]:
    """For every verb of `clss`, the ways in which it could make something of a dataset."""
    per_kind = []
    for kind in KINDS:
        words = ["figure", kind, "--dataset", str(dataset), "--out", str(out / f"{kind}.svg")]
        per_kind.append([*words, "--case", "B"] if KINDS[kind].about.per_case else words)
    return {
        "build": [["build", "--dataset", str(dataset), "--out", str(out / "livre"), "--formats", "html"]],
        "figure": per_kind,
        "export": [
            ["export", str(dataset), "--out", str(out / f"sortie{ending}")] for ending in (".ged", ".graphml", ".xlsx")
        ],
    }


HARMLESS = {
    "check": "tells places and rules, never a content",
    "synth": "makes up households",
    "desk": "shows the house to who works in it, and makes things by the other verbs alone",
    "import": "writes a dataset, which stays in the house",
    "lab": "opens the researcher's own view",
    "migrate": "changes a dataset in its place, and keeps the one before beside it",
    "new": "makes an empty dataset",
    "review": "is the decision that the gate waits for",
    "undo": "puts a dataset back as it was before an import, in its place",
}


def verbs() -> set[str]:
    parser = words_of_the_command()
    return set(next(each for each in parser._actions if each.dest == "command").choices)


def test_every_verb_is_known_to_be_harmless_or_gated(tmp_path: Path) -> None:
    assert verbs() <= set(HARMLESS) | set(command_lines(tmp_path, tmp_path)) | {"brief"}


def test_no_command_yields_anything_of_a_dataset_that_is_shut(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "dehors"
    out.mkdir()
    for lines in command_lines(folder, out).values():
        for words in lines:
            assert cli.main(words) != 0, words
            told = capsys.readouterr()
            assert "consentement" in told.err, words
            assert not told.out, words
    assert files_in(out) == set()


def drawings(records: Records) -> Iterator[Drawing]:
    from clss_analysis.layout import NothingToDrawError

    for name, kind in KINDS.items():
        if kind.about.counts or name in MEASURES:
            continue
        try:
            yield kind.draw(records.case("A") if kind.about.per_case else records)
        except NothingToDrawError:
            continue


@pytest.mark.parametrize("kind", MEASURES)
def test_no_chart_of_a_shut_dataset_is_drawn(shut: Records, kind: str) -> None:
    from clss_analysis.layout import NothingToDrawError

    with pytest.raises(NothingToDrawError if kind == "concept-lattice" else NotClearedError):
        KINDS[kind].draw(shut)


def test_no_drawing_of_a_shut_dataset_becomes_a_file(shut: Records, tmp_path: Path) -> None:
    seen = 0
    for drawing in drawings(shut):
        seen += 1
        assert drawing._repr_mimebundle_(), "the researcher's own view stays"
        with pytest.raises(NotClearedError, match="porte"):
            save(drawing, tmp_path / "dessin.svg")
        for records in (shut, None):
            with pytest.raises(NotClearedError):
                keep(drawing, str(tmp_path / "dehors"), records=records)
        assert keep(drawing, "") is drawing
    assert seen >= 4
    assert not (tmp_path / "dehors").exists() or files_in(tmp_path / "dehors") == set()


def test_no_other_public_path_yields_anything(shut: Records, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "dehors"
    run = Run("menage-B", "01_menage.ipynb", {}, "B")
    released = clear(clss.records.synthesise(1, 1))
    paths: list[Callable[[], object]] = [
        lambda: plan_runs(shut, dataset="../dataset"),
        lambda: execute([run], ROOT / "notebooks", out, clearance=released),
        lambda: execute([run], ROOT / "notebooks", out, clearance=clear(shut)),
        lambda: build(ROOT, folder, out),
        lambda: build_book(
            ROOT / "book", out, out / "livre", dataset={"name": "x", "sha256": "0", "synthetic": False}, software={}
        ),
        lambda: figure_file(folder, "sociogenogram", out / "x.svg", case="B"),
        lambda: export_file(shut, out / "x.ged", clear(shut)),
        lambda: export_file(shut, out / "x.graphml", released),
        lambda: write_figure_data(shut, out),
        lambda: dataset_overview(shut),
        lambda: show("partners", shut, out=str(out)),
        lambda: show("mega-sociogenogram", shut, out=str(out)),
        lambda: withhold([], [], shut),
        lambda: publishable_counts(shut.households["id"].value_counts(), shut.households["id"], shut),
    ]
    for path in paths:
        with pytest.raises(NotClearedError):
            path()
    assert not out.exists() or files_in(out) == set()


TABLES = {"table": "housing_problems", "rows": "housing_problems", "columns": "criteria", "event": "rehousing"}
TABLES |= {"frame": pd.DataFrame(), "path": "mesure.csv"}
TABLES |= {"seed": 1, "condition": "a", "expected": "b"}


def test_no_measure_counts_a_shut_dataset(shut: Records) -> None:
    counting = [
        measure
        for name in measures.__all__
        if inspect.isfunction(measure := getattr(measures, name)) and "records" in inspect.signature(measure).parameters
    ]
    assert len(counting) >= 6
    for measure in counting:
        taken = inspect.signature(measure).parameters
        with pytest.raises(NotClearedError):
            measure(**{name: value for name, value in TABLES.items() if name in taken}, records=shut)


def test_a_clearance_cannot_be_made_elsewhere() -> None:
    with pytest.raises(NotClearedError, match="porte"):
        Clearance(frozenset("B"), frozenset(), False, 1, frozenset(), clss.read("data/publication"), object())


def test_rows_that_may_only_be_counted_are_not_drawn(mixed: Records, tmp_path: Path) -> None:
    clearance = clear(mixed)
    assert Row("persons", "B1") in clearance.withheld
    assert Row("persons", "A1") not in clearance.withheld
    told, only_counted = (KINDS["sociogenogram"].draw(mixed.case(case)) for case in "AB")
    assert save(told, tmp_path / "A.svg", clearance).is_file()
    with pytest.raises(NotClearedError):
        save(only_counted, tmp_path / "B.svg", clearance)
    with pytest.raises(NotClearedError, match="synthétiques"):
        save(
            told,
            tmp_path / "C.svg",
            clear(signed(clss.records.synthesise(1, 1).with_tables(households=mixed.households))),
        )
    with pytest.raises(NotClearedError):
        export_file(mixed, tmp_path / "x.ged", clearance)
    assert isinstance(mixed.case("A"), Case)
    assert {path.name for path in tmp_path.glob("*.*")} == {"A.svg"}


def executed_with(*outputs: nbformat.NotebookNode) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell("x", outputs=list(outputs))
    return nbformat.v4.new_notebook(
        cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


def markdown_output(text: str) -> nbformat.NotebookNode:
    return output_of(shown(text))


def output_of(value: object) -> nbformat.NotebookNode:
    """What a cell that ends in this value shows."""
    data, metadata = DisplayFormatter().format(value)
    return nbformat.v4.new_output("execute_result", data, metadata=metadata)


def test_executed_notebooks_are_looked_through(mixed: Records) -> None:
    clearance = clear(mixed)
    assert list(leaks(executed_with(markdown_output("Le ménage A, /ou et 1/2.")), clearance)) == []
    bad = {
        "trace": nbformat.v4.new_output("error", ename="E", evalue="x", traceback=[]),
        "chemin": nbformat.v4.new_output("stream", text="lu dans " + "/home" + "/marie/dossiers"),
        "métadonnées": nbformat.v4.new_output("display_data", {"text/plain": "x"}, metadata={"auteur": "x"}),
        "sans seuil": nbformat.v4.new_output("stream", text="{'lone_mother': 5}"),
        "que la cellule calcule": nbformat.v4.new_output("execute_result", {"text/plain": "29.8"}),
        "elle-même": output_of(pd.crosstab(mixed.persons["role"], mixed.persons["life"])),
        "sans seuil\u202f;": output_of(Markdown("En tout, 3 ménages.")),
        "cellule calcule": output_of(say("En tout, {n} ménages.", n=3)),
        "un tableau": output_of(table(mixed.persons["role"].value_counts().reset_index(), "t", caption="T")),
    }
    for word, output in bad.items():
        assert any(word in each for each in leaks(executed_with(output), clearance)), word
    weighed = table(measures.incidence(mixed, "criteria"), "t", of="criteria")
    assert list(leaks(executed_with(output_of(weighed)), clearance)) == []
    told = clear(clss.records.synthesise(2, 1))
    printed = executed_with(bad["sans seuil"])
    assert list(leaks(printed, told)) == [], "where all may be told, numbers hide nobody"
    marked = executed_with()
    marked.metadata["auteur"] = "x"
    assert len(list(leaks(marked, clearance))) == 1


WRITERS = {
    "figures/ink.py": "save asks for a clearance",
    "runs/figure_files.py": "keep asks the gate before the first file",
    "runs/figure_command.py": "figure_file asks the gate",
    "runs/engine.py": "execute asks for a clearance; the log is masked",
    "runs/notebook.py": "writes what execute made",
    "publish/build.py": "build asks the gate; the copy of the dataset is thrown away",
    "publish/book.py": "build_book asks for a clearance; what it calls writes into its stage",
    "publish/figure_data.py": "asks the gate",
    "measures/sidecar.py": "write_measure asks for a clearance",
    "records/exchange/transfer.py": "export_file asks for a clearance",
    "records/writing.py": "a dataset, which stays in the house",
    "publish/house_book.py": "chapters and settings of a book, into the stage of a build",
    "publish/new_house.py": "an empty house, or a copy of the publication's, which stays where it is made",
    "publish/unchanged.py": "digests of a book that was built",
    "runs/fragment.py": "writes what execute made",
    "runs/freshness.py": "keeps what execute made, in the house",
    "runs/cluster.py": "brings back what execute sent out",
    "runs/progress.py": "the log is masked",
}
IN_THE_STAGE = {"crate", "deposit", "epub", "html", "manifest", "pdf", "quarto", "word"}
WRITING = {"write_text", "write_bytes", "savefig", "copyfile", "copytree", "copy2", "to_csv", "to_excel",
           "NamedTemporaryFile", "mkstemp", "save_workbook"}  # fmt: skip


def writes(tree: ast.AST) -> bool:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return bool({getattr(called, "attr", getattr(called, "id", "")) for called in calls} & WRITING)


def test_no_module_of_the_rooms_that_show_writes_around_the_gate() -> None:
    found = set()
    for room in ("figures", "runs", "publish", "records/exchange", "measures", "layout"):
        for path in (SOURCE / room).rglob("*.py"):
            if writes(ast.parse(path.read_text(encoding="utf-8"))):
                found.add(str(path.relative_to(SOURCE)))
    staged = {f"publish/{name}.py" for name in IN_THE_STAGE}
    unknown = {name for name in found - set(WRITERS) - staged if not name.startswith("publish/brief/")}
    assert unknown == set()
    for name, reason in WRITERS.items():
        if "asks " in reason:
            assert "clear" in (SOURCE / name).read_text(encoding="utf-8"), name


def test_the_search_for_writers_can_find_one() -> None:
    assert writes(ast.parse("from pathlib import Path\nPath('x').write_text(records)"))
    assert not writes(ast.parse("x = records.copy()"))


@pytest.mark.parametrize("written", LANGUAGES)
def test_a_household_leaves_in_each_language_whichever_its_records_are_written_in(written: str, tmp_path: Path) -> None:
    records = as_made_up(replace(synthesise(1, 2), language=written))
    cleared = clear(records)
    for lang in LANGUAGES:
        said, _ = translate(records.case("S001"), lang)
        save(clss.figures.trajectory(said, lang=lang), tmp_path / f"{written}-{lang}.svg", cleared)
