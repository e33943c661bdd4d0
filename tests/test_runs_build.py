"""The main job: a household that fails is named, and a book that lacks it never replaces one that lacks nothing."""

import json
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from clss_analysis.publish.build import build
from clss_analysis.records import read, synthesise, write
from clss_analysis.records.house import house_of
from clss_analysis.records.schema import optional_table, table_names
from clss_analysis.runs import plan as plan_module
from clss_analysis.runs.parameters import ParameterError
from clss_analysis.runs.plan import plan_runs
from clss_analysis.runs.tellable import tellable

ROOT = Path(__file__).parents[1]
PROJECT = """\
project:
  type: book
  output-dir: _book
book:
  title: Essai
  author: Essai
  date: "2025-12-01"
  chapters:
    - index.md
lang: fr-BE
"""
HOUSEHOLD = """\
from IPython.display import Markdown
if case == "S002" and "{broken}":
    raise ValueError("Ménage Zola")
Markdown("# Fiche " + case)
"""


def notebook(root: Path, broken: str) -> None:
    cells = [
        nbformat.v4.new_code_cell(
            'dataset = ""\ncase = ""\nlang = ""\nout = ""', metadata={"tags": ["parameters"]}, id="a"
        ),
        nbformat.v4.new_code_cell(HOUSEHOLD.replace("{broken}", broken), id="b"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), root / "notebooks" / "01_menage.ipynb")


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(plan_module, "DATASET_RUNS", ())
    root = tmp_path / "projet"
    for name in ("book", "notebooks", "data"):
        (root / name).mkdir(parents=True)
    (root / "book" / "_quarto.yml").write_text(PROJECT)
    (root / "book" / "index.md").write_text(
        "# Essai\n\n## Ménages\n\n{{< include _runs/menage-S001.md >}}\n\n{{< include _runs/menage-S002.md >}}\n"
    )
    write(synthesise(2, 1), root / "data" / "jeu")
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_failing_household_never_costs_a_complete_book(project):
    dataset, out, fresh = project / "data" / "jeu", project / "livre", project / "autre"
    notebook(project, broken="")
    built = build(project, dataset, out, formats=("html",), jobs=2, keep_runs=True)
    assert (built.failures, built.written) == ((), True)
    good = contents(out)
    assert json.loads(good["manifest.json"])["failures"] == []
    assert (project / "book" / "_runs" / "menage-S001.ipynb").is_file()
    assert (project / "book" / "_runs" / "menage-S001.md").read_text() == "### Fiche S001\n"

    notebook(project, broken="yes")
    built = build(project, dataset, out, formats=("html",), jobs=2, keep_runs=True)
    assert not built.written
    assert "menage-S002" in built.failures[0]
    assert "ValueError" in built.failures[0]
    assert "Ménage" not in built.failures[0]
    assert contents(out) == good
    assert not (project / "book" / "_runs" / "menage-S002.ipynb").exists()
    assert (project / "book" / "_runs" / "menage-S001.ipynb").is_file()

    built = build(project, dataset, fresh, formats=("html",), jobs=2, given_out=True)
    assert not built.written
    assert not fresh.exists(), "an edition is whole or is not"
    built = build(project, dataset, fresh, formats=("html",), jobs=2)
    assert built.written
    manifest = json.loads((fresh / "manifest.json").read_text(encoding="utf-8"))
    assert [(failure["run"], failure["case"], failure["error"]) for failure in manifest["failures"]] == [
        ("menage-S002", "S002", "ValueError")
    ]
    assert "Fiche S001" in (fresh / "index.html").read_text(encoding="utf-8")
    assert not [path for path in project.iterdir() if path.name.startswith(".")]


def test_who_is_only_counted_changes_no_byte_of_a_book_without_counts(project):
    notebook(project, broken="")
    (project / "book" / "index.md").write_text("# Essai\n\n## Ménages\n\n{{< include _runs/menage-A.md >}}\n")
    records = read(ROOT / "data" / "publication")
    homes, mine = records.households, records.households["id"].ne("A")
    records = records.with_tables(
        consents=pd.concat([records.consents, records.consents.assign(id="k2", scope="counted")], ignore_index=True),
        households=homes.assign(consent=homes["consent"].mask(mine, "k2")),
    )
    datasets = [
        write(replace(records, name="association", figure_ids={}, households=each), project / str(n))
        for n, each in enumerate(
            (records.households, records.households.assign(income=homes["income"].mask(mine, "work")))
        )
    ]
    assert read(datasets[0]).sha256 != read(datasets[1]).sha256
    books = []
    for dataset in datasets:
        out = dataset.with_name(f"livre-{dataset.name}")
        assert build(project, dataset, out, formats=("html", "epub"), jobs=2).written
        books.append(contents(out))
    assert books[0] == books[1]


def test_a_dataset_without_the_optional_tables_becomes_a_book(project):
    notebook(project, broken="")
    dataset = project / "data" / "jeu"
    descriptor = json.loads((dataset / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [each for each in descriptor["resources"] if not optional_table(each["name"])]
    (dataset / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for table in filter(optional_table, table_names()):
        (dataset / f"{table}.csv").unlink()
    built = build(project, dataset, project / "livre", formats=("html",), jobs=2)
    assert (built.failures, built.written) == ((), True)


def test_nothing_runs_and_nothing_is_written_when_a_notebook_takes_other_parameters(project):
    notebook(project, broken="")
    path = project / "notebooks" / "01_menage.ipynb"
    path.write_text(path.read_text().replace("case = ", "cas = "))
    before = contents(project)
    with pytest.raises(ParameterError):
        build(project, project / "data" / "jeu", project / "livre", formats=("html",))
    assert contents(project) == before


def test_only_who_may_be_told_has_a_run():
    records = read(ROOT / "data" / "publication")
    told = [run.case for run in plan_runs(records, dataset="../dataset") if run.case]
    assert told == ["A", "C1", "C2", "C3", "Y", "N"]
    scopes = records.consents.assign(scope="counted")
    assert [run.id for run in plan_runs(records.with_tables(consents=scopes), dataset="../dataset")] == [
        "jeu-de-donnees",
        "constats",
        "reseau",
        "programme",
        "mesures",
        "codage",
    ]


def test_a_figure_of_the_whole_leaves_out_who_may_only_be_counted():
    records = read(ROOT / "data" / "publication")
    assert tellable(records) is records
    mine = records.households["id"].eq("N")
    counted = records.consents.assign(id="comptes", scope="counted")
    mixed = records.with_tables(
        consents=pd.concat([records.consents, counted], ignore_index=True),
        households=records.households.assign(consent=records.households["consent"].mask(mine, "comptes")),
    )
    told = tellable(mixed)
    assert told.households["id"].tolist() == ["A", "C1", "C2", "C3", "Y"]
    assert "N" not in set(told.statements["household"].dropna())
    assert told.statements["household"].isna().sum() == records.statements["household"].isna().sum()


def test_the_house_is_found_from_below_and_from_the_checkout(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT / "src" / "clss_analysis")
    assert house_of(None).folder == ROOT
    monkeypatch.chdir(tmp_path)
    assert house_of(None).folder == ROOT
    (tmp_path / "clss.toml").write_text('name = "Le Seuil"', encoding="utf-8")
    assert house_of(None).folder == tmp_path
