"""The notebooks: thin, stripped, strictly parameterised; they run on real, synthetic and hostile records alike."""

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pypandoc
import pytest
from records_sample import accepted

from clss_analysis.figures.convert import convert_files
from clss_analysis.privacy import clear
from clss_analysis.publish.tree import nodes
from clss_analysis.records import read, write
from clss_analysis.records.schema import table_names
from clss_analysis.records.vocabulary import message_keys
from clss_analysis.runs.engine import How, execute
from clss_analysis.runs.fragment import render_fragment, translated
from clss_analysis.runs.parameters import read_parameters
from clss_analysis.runs.plan import DATASET_RUNS, HOUSEHOLD, plan_runs

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
HOSTILE = (
    "Zola <script>alert(1)</script> [lien](javascript:x) ![i](x.svg){#fig-t1} {{< include /etc/passwd >}} | a | "
    "`code`{=html} $x$ \\input{/etc/passwd} @fig-t1 @key [^n] ::: {.x} # *gras* **fort** <https://x.be> --- "
    "{0} {label} =1+1 \u202e &lt; ~~barré~~ H^2^ ''"
)
ALIVE = {"RawInline", "RawBlock", "Link", "Math", "Note", "Cite", "Div", "CodeBlock", "Strikeout", "Superscript"}
SCREENS = ["", ["content-visible"], [["unless-format", "typst"]]]  # the one division that notebooks write themselves
RUNS = {
    "hostile": ("menage-Y", "menage-N", "jeu-de-donnees", "constats", "reseau", "programme"),
    "demo": ("menage-S001", "jeu-de-donnees"),
}


def cells(path: Path, kind: str) -> list:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", []))


def test_they_are_numbered_and_all_there():
    assert [path.name for path in NOTEBOOKS] == [
        "01_menage.ipynb",
        "02_jeu_de_donnees.ipynb",
        "03_constats.ipynb",
        "04_reseau.ipynb",
        "05_programme.ipynb",
        "06_galerie.ipynb",
        "07_interpellation.ipynb",
        "08_mesures.ipynb",
        "09_codage.ipynb",
        "10_explorateur.ipynb",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_are_stripped_and_valid(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in cells(path, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_ask_with_one_parameters_cell_and_the_agreed_names(path):
    asked = {name: parameter.default for name, parameter in read_parameters(path).items()}
    expected = {"dataset": "../data/publication", "lang": "fr", "out": ""}
    own = {
        "06_galerie": {"dataset": "../data/gallery"},
        "01_menage": {"case": "Y"},
        "07_interpellation": {"case": "C1", "theme": "expulsion"},
    }
    assert asked == expected | own.get(path.stem, {})


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_hold_no_logic(path):
    for cell in cells(path, "code"):
        assert "%" not in cell.source
        assert "!" not in cell.source.replace("!=", "")
        tree = ast.parse(cell.source)
        forbidden = (
            ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.Try,
            ast.With, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
        )  # fmt: skip
        for node in ast.walk(tree):
            assert not isinstance(node, forbidden)
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
                assert all(str(name).split(".")[0] == "clss_analysis" for name in names)
        assert "/" not in cell.source.replace("../data/publication", "").replace("../data/gallery", "")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_are_a_lecture_in_french_typography(path):
    prose = cells(path, "markdown")
    assert prose[0].source.startswith("# ")
    assert prose[0].source.splitlines()[0].endswith("\u202f?")
    assert tags(prose[0]) == {"lab"}
    assert len(prose) >= 5
    for cell in prose:
        words = re.sub(r"`[^`]*`", "", cell.source)
        assert not re.search(r"[^\u202f\s] ?[;?!»](?!\w)", words.replace("\u202f", "")) or not re.search(
            r"(?<!\u202f)[;?!»]|(?<!\u202f):(?!\w)|«(?!\u202f)", words
        ), cell.source
        assert "'" not in words


@pytest.fixture(scope="session")
def executed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    sources = {"publication": ROOT / "data" / "publication", "demo": ROOT / "data" / "demo"}
    sources["hostile"] = write(poisoned(), folder / "poison")
    texts, results = {}, {}
    for name, wanted in RUNS.items():
        records = read(sources[name])
        place = folder / name
        place.mkdir()
        write(records, place / "dataset")
        runs = [run for run in plan_runs(records, dataset="../dataset") if run.id in wanted]
        seen = {"dataset": place / "dataset", "records": records}
        for result in execute(
            runs,
            ROOT / "notebooks",
            place / "_runs",
            clearance=clear(records),
            how=How(jobs=2),
            **seen,
        ):
            results[name, result.run.id] = result
            if result.ok:
                texts[name, result.run.id] = render_fragment(place / "_runs" / f"{result.run.id}.ipynb")
    return folder, results, texts


def poisoned():
    """The publication's records with hostile words wherever a text is free."""
    records = read(ROOT / "data" / "publication")
    free = {
        "households": ["label", "summary"],
        "persons": ["label", "note"],
        "situations": ["detail"],
        "criteria": ["evidence"],
        "housing_problems": ["detail"],
        "health_impacts": ["detail"],
        "domain_impacts": ["detail"],
        "actors": ["label", "institution"],
        "ties": ["label"],
        "events": ["label", "detail"],
        "relevance_nodes": ["label"],
        "statements": ["speaker", "text"],
        "codes": ["label", "definition", "example"],
        "partnerships": ["purpose", "limit"],
        "consents": ["label"],
        "programme": ["label", "detail"],
        "phases": ["label", "detail"],
    }
    for table, columns in free.items():
        frame = records.table(table).copy()
        for column in columns:
            frame[column] = frame[column].where(frame[column].isna(), HOSTILE)
        records = records.with_tables(**{table: frame})
    statements = records.statements.copy()
    statements.loc[0, ["household", "wording"]] = ["Y", "verbatim"]
    codings = records.codings.copy()
    codings.loc[codings["statement"] == statements["id"].iloc[0], "household"] = "Y"
    return accepted(replace(records.with_tables(statements=statements, codings=codings), title=HOSTILE))


def parsed(text: str):
    return json.loads(pypandoc.convert_text(text, "json", format="markdown", extra_args=["--wrap=none"]))


def test_every_table_has_a_title_in_every_language():
    assert [name for name in table_names() if f"title.{name}" not in message_keys()] == []


def test_every_run_is_done(executed):
    _, results, _ = executed
    assert {key: (r.error, r.reason) for key, r in results.items() if not r.ok} == {}
    assert set(results) == {(name, run) for name, wanted in RUNS.items() for run in wanted}


def test_hostile_records_stay_words(executed):
    _, _, texts = executed
    for (name, run), text in texts.items():
        if name != "hostile":
            continue
        tree = parsed(text)
        kinds = {node["t"] for node in nodes(tree) if node["t"] != "Div" or node["c"][0] != SCREENS}
        assert not kinds & ALIVE, run
        images = [node["c"][2][0] for node in nodes(tree) if node["t"] == "Image"]
        assert all(re.fullmatch(r"_runs/figures/[A-Za-z0-9_-]+\.svg", image) for image in images)
        plain = pypandoc.convert_text(text, "plain", format="markdown", extra_args=["--wrap=none"])
        assert not re.search(r"(?<!\\)\{\{<", text)
        assert "<script>alert(1)</script>" in plain or run == "programme"  # it shows figures only


def test_the_household_is_told_whole(executed):
    _, _, texts = executed
    text = texts["demo", "menage-S001"]
    assert text.startswith("### Fiche\u202f: Ménage S001")
    assert "synthétique" in text
    assert "#fig-s001-sociogenogram" in text
    assert "#tbl-s001-health" in text
    assert re.findall(r"^#+ ", text, re.MULTILINE)[0] == "### "
    assert len(re.findall(r"^#### ", text, re.MULTILINE)) == 9


def test_what_is_not_told_is_said(executed):
    _, _, texts = executed
    text = texts["hostile", "menage-N"]
    assert "Le dossier ne donne pas de grille des critères." in text
    assert "Le dossier ne donne pas d’arbre de pertinence." in text
    assert "cela ne veut pas dire qu’il n’y en a pas" in text
    assert "#fig-n-trajectory" not in text
    assert "Le dossier ne donne pas de quoi remplir une fiche" in text


def test_a_synthetic_dataset_is_said_to_be_one(executed):
    _, _, texts = executed
    assert "**Données synthétiques" in texts["demo", "jeu-de-donnees"]
    assert "Aucun n’est inventé" in texts["hostile", "jeu-de-donnees"]


def test_figures_are_kept_with_all_that_the_book_needs(executed):
    folder, _, texts = executed
    kept = folder / "hostile" / "_runs" / "figures"
    convert_files(kept.glob("*.svg"))
    ids = {path.name.split(".")[0] for path in kept.iterdir()}
    per_case = {
        "T2",
        "T2-2",
        "Y-sociogenogram",
        "Y-sociogenogram-series",
        "Y-criteria-grid",
        "Y-trajectory",
        "N-sociogenogram",
    }
    whole = {"F1", "F2", "F3", "F4", "F5", "F8", "F9", "F10", "F11", "F12", "F13", "mega-sociogenogram"}
    assert ids == per_case | whole
    for name in sorted(ids):
        about = json.loads((kept / f"{name}.json").read_text(encoding="utf-8"))
        assert about["id"] == name
        assert about["case"] == (name[0].replace("T", "Y") if name in per_case else None)
        assert about["rows"]
        assert about["alt"].strip() != about["caption"].strip()
        assert not about["synthetic"]
        assert json.loads((kept / f"{name}.layout.json").read_text(encoding="utf-8"))["unit"] == "mm"
        for ending in ("svg", "pdf", "png"):
            assert (kept / f"{name}.{ending}").stat().st_size > 1000
        line, *rest = (kept / f"{name}.md").read_text(encoding="utf-8").strip().split("\n\n")
        assert rest == ([(kept / "T2-2.md").read_text(encoding="utf-8").strip()] if name == "T2" else [])
        assert any(line in text for text in texts.values())
        (figure,) = parsed(line)["blocks"]
        (image,) = [node for node in nodes(figure) if node["t"] == "Image"]
        (_, _, pairs), _, (target, _) = image["c"]
        assert figure["c"][0][0] == f"fig-{name.lower()}"
        assert target == f"_runs/figures/{name}.svg"
        assert dict(pairs)["fig-alt"] == " ".join(about["alt"].split(" ")).strip()


def test_executed_notebooks_know_no_machine(executed):
    folder, _, _ = executed
    for path in folder.rglob("_runs/*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert str(folder) not in text
        assert str(ROOT) not in text
        assert '"papermill"' not in text


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", [HOUSEHOLD, *(name for _, name in DATASET_RUNS), "06_galerie.ipynb"])
def test_what_a_notebook_says_in_the_book_follows_the_language(name, lang):
    """No heading or sentence of a cell that goes into the book stays French, and each says which language it is in."""
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    told = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown" and "lab" not in cell.metadata.get("tags", [])
    ]
    for source in told:
        said = translated(source, lang)
        for line in filter(None, source.splitlines()):
            assert line not in said.splitlines(), line
        marks = [line for line in said.splitlines() if f"{{lang={lang}}}" in line]
        assert marks
        assert len([line for line in marks if line.startswith("#")]) == len(re.findall(r"^#", source, re.MULTILINE))
    assert translated("# Un titre que personne ne connaît", lang) == "# Un titre que personne ne connaît"
    assert translated(told[0], "fr") == told[0]
