"""Five hundred identifiers planted in every field and text; after import, review and build none is left anywhere.

The dataset is made up and said to be real, so that the gate takes it for what it would be.  Half of the identifiers
come in through a workbook, half are written into the dataset that the import made.  One more, `KEPT`, is kept by a
person who says why: it must be found in every kind of output, or the search would prove nothing.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from book_runs import needs
from canary import FAMILIES, GIVEN, PDFTOTEXT, Canary, Search, canaries, squeezed
from hidden_words import HIDDEN, WORDS

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.privacy.texts import text_columns
from clss_analysis.records import Records, message, synthesise, write
from clss_analysis.records.columns import typed
from clss_analysis.records.schema import IDENTIFYING
from clss_analysis.records.workbook import write_workbook
from clss_analysis.records.workbook.plan import FIRST, columns, sheet_names

ROOT = Path(__file__).parents[1]
CANARIES = canaries()
KEPT = "Oumaïma Zerrouk-Vanpoucke"
SEARCH = Search([*(each.text for each in CANARIES), *(name for name in FAMILIES if len(squeezed(name)) >= 7)])
PROSE = ("summary", "detail", "note", "evidence", "text", "definition", "example", "purpose", "limit", "source")
SAID = {
    "person": ("Vu {} ce matin, avec sa fille.", "Le dossier est suivi par {}.", "{} n’a pas répondu."),
    "phone": ("Rappeler au {} après l’école.", "Joignable le soir : {}."),
    "email": ("Écrire à {} pour le bail.", "Courriel : {}"),
    "address": ("La famille vit {} depuis l’été.", "Visite : {}."),
    "date": ("Reçue {}, avec les papiers.", "Audience le matin, {}."),
    "plate": ("La voiture du bailleur porte la plaque {}.",),
    "account": ("Le loyer se verse au {}.", "Garantie sur le compte {}."),
    "card": ("Carte {} volée dans le hall.",),
    "dossier": ("Au tribunal : {}.", "Voir {}, pour la suite."),
    "web": ("Annonce vue sur {}.",),
    "national_number": ("NISS : {}.", "Carte d’identité de la mère, {}, perdue."),
    "workplace": ("Le petit va à {}.", "Le père a trouvé une place à {}."),
    "place": ("On la croise {}, près du banc.",),
    "child_health": ("Chez le cadet, {} depuis la naissance.", "Sa fille de six ans, dit-elle : {}."),
}  # fmt: skip
"""How each kind is told; in a short field it stands bare, but what is only telling of a child."""
SPOKEN = ("person", "phone", "email", "account")
"""Kinds that are also planted in what a dataset says in Dutch and English."""
THEME = """title: {fr: "Compter les expulsions", nl: "Uithuiszettingen tellen"}
demand:
  rows: [context/expulsions-region]
  says:
    fr: "Nous demandons de publier chaque année le nombre d’expulsions."
    nl: "Wij vragen elk jaar het aantal uithuiszettingen bekend te maken."
numbers:
  - row: context/expulsions-region
    says: {fr: "{value} jugements d’expulsion en un an.", nl: "{value} vonnissen in een jaar."}
  - row: context/attente-logement-social
    about: true
    says: {fr: "{value} ménages attendent un logement social.", nl: "{value} huishoudens wachten."}
  - count: {table: criteria, where: {criterion: eviction, met: true}}
    says:
      fr: "{value} des {households} ménages sont menacés d’expulsion."
      nl: "{value} van de {households} huishoudens worden bedreigd."
recommendations:
  - rows: [context/expulsions-region]
    says: {fr: "Relever chaque année les jugements d’expulsion.", nl: "Elk jaar de vonnissen tellen."}
"""
ROWS = {
    "consents": {"id": "CO1", "label": "Accord", "scope": "told"},
    "relevance_links": {"id": "L1", "household": "{home}", "parent": "{objective}", "child": "{action}"},
    "attendance": {"id": "T1", "workshop": "{workshop}", "household": "{home}", "sessions": "2"},
    "residences": {"id": "R1", "household": "{home}", "person": "{person}", "kind": "elsewhere"},
    "phases": {"id": "P1", "order": "1", "label": "Phase", "start": "2022-01"},
    "programme": {"id": "AX1", "section": "axis", "order": "1", "label": "Axe"},
    "context_statistics": {"id": "S1", "label": "Part", "value": "31", "unit": "%"},
}
"""A row for every table that a made-up household leaves empty."""

OF_ALL = ("axes", "criteria-grid", "framework", "mega-sociogenogram", "partners", "phasing", "problems-impacts",
          "testimonies")  # fmt: skip
OF_ONE = ("case-sheet", "relevance-tree", "sociogenogram-series", "trajectory")
"""The other kinds of figure that one household is enough for."""


@dataclass(frozen=True)
class Told:
    """Folders whose every byte is searched, and those that hold what was planted."""

    machine: Path
    project: Path
    dataset: Path
    planted: Path

    def run(self, name: str, *words: str | Path) -> int:
        """A command; what it says is kept with everything else that is searched."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = main([str(word) for word in words])
        (self.machine / "dit" / f"{name}.txt").write_text(f"{code}\n{said.getvalue()}", encoding="utf-8")
        return code

    def said(self, name: str) -> str:
        """What a command said."""
        return (self.machine / "dit" / f"{name}.txt").read_text(encoding="utf-8")


def household() -> Records:
    """A made-up household with a row in every table, said to be real."""
    made = synthesise(1, 7)
    nodes = made.relevance_nodes
    ids = {"home": made.households["id"][0], "person": made.persons["id"][0], "workshop": made.workshops["id"][0]}
    ids |= {
        level: nodes.loc[nodes["level"] == level, "id"].iloc[at] for level, at in (("objective", 0), ("action", -1))
    }
    tables = {}
    for table, row in ROWS.items():
        cells = {name: text.format(**ids) for name, text in row.items()} | {"source": "dossier", "reading": "false"}
        tables[table] = typed(pd.DataFrame([dict.fromkeys(made.table(table).columns, "") | cells], dtype=object), table)
    for table, _ in text_columns():
        frame = tables.get(table, made.table(table)).copy()
        tables[table] = frame.assign(source="dossier").astype({"source": "string"})
    tables["households"] = tables["households"].assign(consent="CO1").astype({"consent": "string"})
    return replace(made.with_tables(**tables), synthetic=False, name="canaris")


def plant(records: Records, which: int) -> Records:
    """The records with identifiers in every second text, from the first or the second on, and every second field."""
    own, ways = cycle(CANARIES[which::2]), {kind: cycle(said) for kind, said in SAID.items()}
    of_children: list[Canary] = []
    tables, place = {}, 0
    for table, column in text_columns():
        frame = tables.get(table, records.table(table)).copy()
        texts = []
        for before in frame[column].astype(object):
            place += 1
            if place % 2 != which:
                texts.append(before)
            elif column in PROSE:
                told = [of_children.pop() if of_children else next(own) for _ in range(2)]
                texts.append(" ".join(next(ways[each.kind]).format(each.text) for each in told))
            else:
                while (bare := next(own)).kind == "child_health":
                    of_children.append(bare)
                texts.append(bare.text)
        tables[table] = frame.assign(**{column: pd.array(texts, dtype="string")})
    said = records.translations
    if which:
        spoken = [each for each in CANARIES if each.kind in SPOKEN]
        rows = [("events", row, "label") for row in records.events["id"]]
        said = {place: {"nl": f"{one.text} wacht.", "en": f"It is about {two.text}."}
                for place, one, two in zip(rows, spoken, reversed(spoken), strict=False)}  # fmt: skip
    about = dict(zip(("title", "description", "source"), (next(own).text for _ in range(3)), strict=True))
    return replace(
        records.with_tables(**tables), translations=said, **({key: about[key] for key in about if which} or {})
    )


def fill_private_columns(path: Path) -> None:
    """Identifiers in the columns that a workbook offers and no dataset has, each told again in a text."""
    book = openpyxl.load_workbook(path)
    own = {kind: cycle([each.text for each in CANARIES if each.kind == kind]) for kind in SAID}
    makers = {
        "given_name": cycle(GIVEN), "family_name": cycle(FAMILIES), "birth_date": cycle(["1990-05-12", "03/11/2015"]),
        "national_number": own["national_number"], "phone": own["phone"], "email": own["email"],
        "address": own["address"], "file_number": own["dossier"], "person_name": own["person"],
    }  # fmt: skip
    for table, names in IDENTIFYING.items():
        sheet, across = book[sheet_names("fr")[table]], columns(table, "fr")
        place = {column.name: number for number, column in enumerate(across, start=1)}
        row = FIRST
        while sheet.cell(row, place["id"]).value:
            told = {name: next(makers[name]) for name in names}
            for name, text in told.items():
                sheet.cell(row, place[name], text)
            where = place["summary" if table == "households" else "note"]
            private = " ; ".join(text.upper().replace("-", " ") for text in told.values())
            sheet.cell(row, where, f"{sheet.cell(row, where).value or ''} {private}")
            row += 1
    book.save(path)


def keep_one(sheet: Path) -> None:
    """Decide on a review sheet that one name stays."""
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    place = {name: rows[0].index(message(f"identifiers.head.{name}")) for name in ("passage", "decision", "reason")}
    for row in rows[1:]:
        if row[place["passage"]] == KEPT:
            row[place["decision"]], row[place["reason"]] = "keep", "consent"
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The whole way, where every file that is left on it is seen: workbook, import, refusals, review, build."""
    needs(PDFTOTEXT, "pdftotext")
    base = tmp_path_factory.mktemp("canaris")
    told = Told(*(base / name for name in ("machine", "projet", "jeu", "semis")))
    for folder in (told.planted, *(told.machine / name for name in ("tmp", "dit", "dehors"))):
        folder.mkdir(parents=True)
    for name in ("book", "notebooks", "data/context"):
        shutil.copytree(ROOT / name, told.project / name, ignore=shutil.ignore_patterns("_runs", "_cache", "_book"))
    shutil.copy(ROOT / "clss.toml", told.project)
    with pytest.MonkeyPatch.context() as patch:
        for name, folder in {"HOME": "", "XDG_CACHE_HOME": "cache", "TMPDIR": "tmp"}.items():
            patch.setenv(name, str(told.machine / folder))
        patch.setattr(tempfile, "tempdir", None)
        patch.chdir(told.project)
        take_in(told)
        yield told
    tempfile.tempdir = None


def take_in(told: Told) -> None:
    workbook = told.planted / "dossiers.xlsx"
    write_workbook(plant(household(), 0), workbook)
    fill_private_columns(workbook)
    assert told.run("import", "import", workbook, "--out", told.dataset, "--key", told.machine / "cle.json") == 0
    records = plant(clss.read(told.dataset), 1)
    homes = records.households.assign(label=pd.array([KEPT], dtype="string"))
    write(records.with_tables(households=homes), told.dataset, overwrite=True)
    write(records, told.planted / "jeu")
    (told.planted / "theme.yml").write_text(THEME, encoding="utf-8")


def out_of(told: Told, folder: str) -> dict[str, tuple[str, ...]]:
    """Every way out of the house, by name."""
    dataset, home = str(told.dataset), str(clss.read(told.dataset).households["id"][0])
    out = told.machine / "dehors" / folder
    ways = {"build": ("build", "--dataset", dataset, "--formats", "html,pdf,epub,docx", "--json")}
    words = ("brief", str(told.planted / "theme.yml"), "--dataset", dataset, "--case", home, "--date", "2025-12")
    for lang in ("fr", "nl"):
        ways[f"brief-{lang}"] = (*words, "--lang", lang, "--out", str(out / f"dossier-{lang}"))
    for ending in (".svg", ".pdf", ".png"):
        words = ("figure", "sociogenogram", "--dataset", dataset, "--case", home)
        ways[f"figure{ending}"] = (*words, "--out", str(out / f"f{ending}"), "--layout", str(out / f"f{ending}.json"))
    for kind in (*OF_ALL, *OF_ONE):
        words = ("figure", kind, "--dataset", dataset, *(("--case", home) if kind in OF_ONE else ()))
        ways[f"figure-{kind}"] = (*words, "--out", str(out / f"{kind}.svg"))
    for ending in (".xlsx", ".ged", ".graphml", ".json", ".qdpx", ".qdc"):
        ways[f"export{ending}"] = ("export", dataset, "--out", str(out / f"e{ending}"))
    return ways


@pytest.fixture(scope="module")
def shut(told: Told) -> list[tuple[str, int]]:
    """What every way out answers before the review."""
    return [(name, told.run(f"avant-{name}", *words)) for name, words in out_of(told, "avant").items()]


@pytest.fixture(scope="module")
def opened(told: Told, shut: list[tuple[str, int]]) -> Told:
    """After a review that keeps one name and masks the rest, everything that can be made of the dataset."""
    assert shut, "all was asked for before the review too"
    sheet = told.planted / "relecture.csv"
    assert told.run("feuille", "review", told.dataset, "--out", sheet) == 1
    keep_one(sheet)
    assert told.run("garde", "review", told.dataset, "--apply", sheet) == 1
    assert told.run("masque", "review", told.dataset, "--mask-all") == 0
    assert told.run("porte", "check", told.dataset) == told.run("porte-json", "check", told.dataset, "--json") == 0
    for name, words in out_of(told, "apres").items():
        assert told.run(f"apres-{name}", *words) == 0, told.said(f"apres-{name}")
    return told


def test_five_hundred_are_planted_in_every_field_and_the_search_sees_each(told: Told) -> None:
    assert len({squeezed(each.text) for each in CANARIES}) == 500
    assert {each.kind for each in CANARIES} == set(SAID)
    assert set(SEARCH.below(told.planted)) == set(SEARCH.words)
    planted = plant(plant(household(), 0), 1)
    for table, column in text_columns():
        told_ = planted.table(table)[column].dropna()
        assert len(told_), (table, column)
        assert all(SEARCH.found(text) for text in told_), (table, column)


@pytest.mark.parametrize(("name", "how", "make"), HIDDEN, ids=[f"{name}-{how}" for name, how, _ in HIDDEN])
def test_the_search_sees_through_what_hides_a_word(tmp_path: Path, name: str, how: str, make) -> None:
    (tmp_path / name).write_bytes(make())
    assert list(Search(WORDS).below(tmp_path)) == [WORDS[0]], how


def test_before_the_review_nothing_leaves_and_nothing_is_said(told: Told, shut: list[tuple[str, int]]) -> None:
    assert [code for _, code in shut] == [2] * len(shut)
    assert all("attendent" in told.said(f"avant-{name}") or "décidé" in told.said(f"avant-{name}") for name, _ in shut)
    assert not list((told.machine / "dehors").iterdir())
    assert SEARCH.below(told.machine, told.project) == {}


@pytest.fixture(scope="module")
def left(opened: Told) -> dict[str, list[str]]:
    """What is left, and where: of the identifiers, and the one that was kept."""
    return Search([*SEARCH.words, KEPT]).below(opened.dataset, opened.machine, opened.project)


def test_no_identifier_is_left_in_any_byte(left: dict[str, list[str]]) -> None:
    assert {word: where[:3] for word, where in left.items() if word != KEPT} == {}


def test_the_one_that_was_kept_is_in_every_kind_of_output(left: dict[str, list[str]]) -> None:
    where = left[KEPT]
    seen = {Path(place.split(":", 1)[0]).suffix for place in where}
    assert seen >= {".html", ".pdf", ".epub", ".docx", ".svg", ".ipynb", ".json", ".csv", ".xlsx", ".md"}
    assert [place for place in where if "manifest.json" in place]


def test_a_failing_notebook_does_not_quote_the_records(opened: Told) -> None:
    path = opened.project / "notebooks" / "01_menage.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    raising = notebook["cells"][-1] | {"cell_type": "code", "execution_count": None, "outputs": [], "metadata": {}}
    raising["source"] = ["raise ValueError('refusé : ' + clss.read(dataset).households.to_json(force_ascii=False))"]
    notebook["cells"] = [*notebook["cells"][:-1], raising]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert opened.run("echec", "build", "--dataset", opened.dataset, "--formats", "html") == 1
    assert "ValueError" in opened.said("echec")
    logs = {path.name: path.read_text(encoding="utf-8") for path in opened.project.rglob("*.log")}
    assert logs
    for text in (opened.said("echec"), *logs.values()):
        assert not Search([KEPT, *KEPT.split()]).found(text)


@pytest.mark.parametrize("private", [True, False])
def test_a_fault_beside_an_identifier_does_not_quote_it(told: Told, tmp_path: Path, *, private: bool) -> None:
    """Every cell of the first row of every sheet holds an identifier, also those of codes, months and numbers."""
    book = openpyxl.load_workbook(told.planted / "dossiers.xlsx")
    own = cycle(CANARIES)
    for table, name in sheet_names("fr").items():
        for place, column in reversed(list(enumerate(columns(table, "fr"), start=1))):
            if column.kind == "identifying" and not private:
                book[name].delete_cols(place)
            elif column.kind != "mark":
                book[name].cell(FIRST, place, next(own).text)
    book["Jeu de données"]["B4"] = CANARIES[0].text
    book.save(tmp_path / "fautes.xlsx")
    assert told.run("fautes", "import", tmp_path / "fautes.xlsx", "--out", tmp_path / "jeu") == 2
    assert len(told.said("fautes").splitlines()) > (20 if private else 80)
    assert not SEARCH.found(told.said("fautes"))
    assert not (tmp_path / "jeu").exists()


def test_an_id_made_of_a_name_or_a_number_awaits_a_decision_and_becomes_a_code(told: Told, tmp_path: Path) -> None:
    records = clss.read(told.dataset)
    home, person = records.households["id"][0], records.persons["id"][0]
    cited = {table: records.table(table)["household"].notna().sum() for table in ("ties", "events", "criteria")}
    for old, new in ((home, "Benchekroun-2"), (person, "0475863109")):
        for path in told.dataset.glob("*.csv"):
            made = tmp_path / "ids" / path.name
            made.parent.mkdir(exist_ok=True)
            text = (made if made.exists() else path).read_text(encoding="utf-8")
            made.write_text(text.replace(f"{old},", f"{new},"), encoding="utf-8")
    shutil.copy(told.dataset / "datapackage.json", tmp_path / "ids")
    assert main(["review", str(tmp_path / "ids"), "--mask-all"]) == 0
    after = clss.read(tmp_path / "ids")
    assert after.households["id"].tolist() == ["x1"]
    assert "x1" in after.persons["id"].tolist()
    assert {table: (after.table(table)["household"] == "x1").sum() for table in cited} == cited
    assert not Search(["Benchekroun", "0475863109"]).below(tmp_path / "ids")
