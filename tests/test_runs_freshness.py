"""What is done again is what its inputs changed: no more, and never less."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clss_analysis.publish.unchanged import book_inputs, remember, unchanged
from clss_analysis.records import read
from clss_analysis.records.reading import _held, hold
from clss_analysis.records.schema import table_names, table_schema
from clss_analysis.runs.freshness import Store, digest, folder_digest, household_rows, software

ROOT = Path(__file__).parents[1]
NAMES = ("datapackage.json", *(table_schema(table)["path"] for table in table_names()))
ASKED = {"formats": ("html",), "engine": "builtin", "lang": "fr", "keep_runs": False}


@pytest.fixture
def dataset(tmp_path):
    return Path(shutil.copytree(ROOT / "data" / "demo", tmp_path / "jeu"))


def edited(dataset: Path, name: str, find: str) -> set[str]:
    """Households whose digest changes when the first line that holds `find` gets another last cell."""
    before, whole = household_rows(dataset, NAMES)
    lines = (dataset / name).read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if find in line and n)
    lines[place] += "x"
    (dataset / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    after, changed = household_rows(dataset, NAMES)
    assert changed != whole
    assert set(after) == set(before)
    return {each for each in before if before[each] != after[each]}


@pytest.mark.parametrize("table", ["households", "persons", "criteria", "ties", "events", "relevance_nodes"])
def test_a_row_of_one_household_changes_that_one_alone(table, dataset):
    assert edited(dataset, f"{table}.csv", "S003") == {"S003"}


def test_a_row_of_everybody_changes_all(dataset):
    assert edited(dataset, "datapackage.json", "synthetic") == set(read(ROOT / "data" / "demo").households["id"])


def test_an_actor_changes_those_who_name_it(dataset):
    records = read(dataset)
    told = records.ties["to_actor"].dropna()
    service = next(each for each in told if records.actors.set_index("id").loc[each].get("household") is not str)
    naming = {
        str(row["household"])
        for name, columns in (("ties", ("from_actor", "to_actor")), ("events", ("actor",)))
        for _, row in records.table(name).iterrows()
        if service in {row[column] for column in columns}
    }
    own = records.actors.set_index("id").loc[service, "household"]
    assert edited(dataset, "actors.csv", f"{service},") - ({str(own)} if isinstance(own, str) else set()) == naming


def test_a_result_is_kept_whole_or_not_at_all(tmp_path):
    store, made = Store(tmp_path / "store"), tmp_path / "made"
    inputs = {"rows": "a", "software": "b"}
    assert store.changed("r", inputs) == ("never",)
    for text in ("un", "deux"):
        (made / "figures").mkdir(parents=True)
        (made / "figures" / "f.svg").write_text(text)
        store.keep("r", made, inputs)
        assert not made.exists()
    assert store.changed("r", inputs) == ()
    assert store.changed("r", {**inputs, "rows": "c"}) == ("rows",)
    store.give("r", tmp_path / "out")
    assert (tmp_path / "out" / "figures" / "f.svg").read_text() == "deux"
    (tmp_path / "store" / "r" / "figures" / "f.svg").unlink()
    assert store.changed("r", inputs) == ("broken",)
    (tmp_path / "store" / "r" / "made.json").write_text("{")
    assert store.changed("r", inputs) == ("never",)
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["r"]


def test_parts_of_a_digest_do_not_run_together():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a") == digest(b"a")


def test_caches_do_not_count_as_source(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = folder_digest(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("2")
    (tmp_path / ".hidden").write_text("3")
    assert folder_digest(tmp_path) == before
    (tmp_path / "b.py").write_text("")
    assert folder_digest(tmp_path) != before
    assert len(software()) == 64


def test_a_book_is_unchanged_until_something_of_it_is(tmp_path, dataset):
    root, out = tmp_path / "projet", tmp_path / "livre"
    for name in ("book/chapitre.md", "notebooks/a.ipynb"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("texte")
    out.mkdir()
    (out / "index.html").write_text("livre")
    inputs = book_inputs(root, dataset, **ASKED)
    assert not unchanged(root, out, inputs)
    remember(root, out, inputs)
    assert unchanged(root, out, book_inputs(root, dataset, **ASKED))
    assert not unchanged(root, out, book_inputs(root, dataset, **{**ASKED, "lang": "nl"}))
    assert not unchanged(root, tmp_path / "autre", inputs)
    (root / "book" / "chapitre.md").write_text("texte neuf")
    assert not unchanged(root, out, book_inputs(root, dataset, **ASKED))
    (out / "index.html").write_text("livre!")
    assert not unchanged(root, out, inputs)


def test_a_consent_that_has_ended_counts_in_any_form_of_the_file(tmp_path, dataset):
    told = "id;label;scope;granted;until\nA;Accord donné;told;2000-01;{until}\n"
    ended = []
    for until in ("2001-02", "2001-03", "2099-12"):
        (dataset / "consents.csv").write_bytes(told.format(until=until).encode("cp1252"))
        ended.append(book_inputs(tmp_path, dataset, **ASKED)["ended"])
    assert ended == ["2000-01,2001-02", "2000-01,2001-03", "2000-01"]


def test_nothing_heavy_is_loaded_to_know_that_nothing_changed():
    code = (
        "import sys, clss_analysis.cli, clss_analysis.publish.unchanged, clss_analysis.runs.project\n"
        "print([name for name in ('pandas', 'numpy', 'matplotlib', 'IPython', 'papermill', 'networkx') "
        "if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_records_in_hand_are_those_of_the_same_bytes_only(dataset):
    records = read(dataset)
    try:
        hold(records)
        again = read(ROOT / "data" / "demo")
        assert again.sha256 == records.sha256
        own = again.households
        own.loc[0, "label"] = "changé"
        assert read(dataset).households.equals(records.households), "a frame changed in place stays that reader's own"
        package = dataset / "datapackage.json"
        content = json.loads(package.read_text(encoding="utf-8"))
        package.write_text(json.dumps({**content, "title": "Autre"}), encoding="utf-8")
        assert read(dataset).title == "Autre"
    finally:
        _held.clear()


def test_no_name_is_both_a_module_and_a_function():
    code = (
        "import importlib, pkgutil, types, clss_analysis\n"
        "from clss_analysis import records, runs\n"
        "from clss_analysis.runs import keep\n"
        "assert callable(keep) and callable(runs.show) and callable(records.describe) and 'keep' in dir(runs)\n"
        "assert not hasattr(runs, 'nothing') and clss_analysis.__version__\n"
        "for found in pkgutil.walk_packages(clss_analysis.__path__, 'clss_analysis.'):\n"
        "    module = importlib.import_module(found.name)\n"
        "    package, _, name = found.name.rpartition('.')\n"
        "    given = getattr(importlib.import_module(package), name)\n"
        "    assert given is module, found.name\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
