"""What a brief refuses: unknown themes, keys and rows, households not released, counts withheld, sources missing."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from frictionless import Package
from records_sample import accepted

import clss_analysis
from clss_analysis.cli import main
from clss_analysis.privacy import clear
from clss_analysis.publish.brief import BUILT_IN, BriefError, prepare, read_theme, tell
from clss_analysis.records import InvalidRecordsError, read, validate
from clss_analysis.records.context import ASSEMBLY_COLUMNS, COLUMNS, read_context
from clss_analysis.records.decisions import DECISIONS, decisions_text
from clss_analysis.records.translations import FILE, free_text, read_translations, translated
from clss_analysis.records.vocabulary import LANGUAGES
from clss_analysis.runs.engine import execute
from clss_analysis.runs.plan import Run

ROOT = Path(__file__).parents[1]
PUBLICATION, CONTEXT = ROOT / "data" / "publication", ROOT / "data" / "context"
EVIL = '#import "/etc/passwd" [lien](javascript:x) <b>gras</b> $x$ =1+1 {{< include x >}} `code` @ref *fort*'


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("CLSS_LANG", raising=False)


@pytest.fixture
def dataset(tmp_path):
    return Path(shutil.copytree(PUBLICATION, tmp_path / "jeu"))


def theme_file(folder: Path, **changes) -> Path:
    theme = {
        "title": {"fr": "Un titre"},
        "demand": {"name": "ceci", "rows": ["programme/reco9"], "says": {"fr": "Nous demandons ceci."}},
        "numbers": [
            {"row": "context/expulsions-region", "says": {"fr": "{value} jugements."}},
            {"row": "context_statistics/supervision", "says": {"fr": "{value} séances."}},
            {"row": "context_statistics/menages-permanence", "says": {"fr": "{value} ménages."}},
        ],
        "case": "Y",
        "figures": ["trajectory"],
        "recommendations": [{"rows": ["programme/reco1"], "says": {"fr": "Travailler ensemble."}}],
    } | changes
    theme["recommendations"] = [{"serves": "ceci"} | each for each in theme["recommendations"]]
    path = folder / "mon-theme.yml"
    path.write_text(json.dumps({key: value for key, value in theme.items() if value is not None}), "utf-8")
    return path


def refused(words: list[str], out: Path, capsys) -> list[str]:
    assert main(["brief", *words, "--out", str(out)]) == 2, words
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert not out.exists()
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".brief")] == []
    return said.err.splitlines()


def test_an_unknown_theme_is_told_the_themes(tmp_path, capsys):
    (line,) = refused(["chauffage"], tmp_path / "out", capsys)
    assert all(theme in line for theme in BUILT_IN)


@pytest.mark.parametrize("theme", BUILT_IN)
def test_built_in_themes_are_first_class_in_every_language(theme):
    found = read_theme(theme)
    said = [found.demand, *found.numbers, *found.recommendations, *found.story, *found.services]
    assert all(set(each.says) == set(LANGUAGES) for each in said)
    assert set(found.title) == set(LANGUAGES)
    assert found.story
    assert found.services


ONE = {"rows": ["programme/reco1"], "says": {"fr": "Oui."}}
FAULTY = {
    "unknown key": {"couleur": "rouge"},
    "unknown row": {"recommendations": [{"rows": ["programme/reco99"], "says": {"fr": "Non."}}]},
    "unknown table": {"recommendations": [{"rows": ["secrets/x"], "says": {"fr": "Non."}}]},
    "path for a row": {"recommendations": [{"rows": ["programme/../../etc"], "says": {"fr": "Non."}}]},
    "two numbers": {"numbers": [{"row": "context/expulsions-region", "says": {"fr": "{value}"}}] * 2},
    "no demand": {"demand": None},
    "another demand": {"recommendations": [ONE | {"serves": "cela"}]},
    "a name that is none": {"demand": {"name": "à dire", "rows": ["programme/reco9"], "says": {"fr": "Ceci."}}},
    "what a missing row does": {"recommendations": [ONE | {"missing": "peut-être"}]},
    "one form only": {"numbers": [{"count": {"table": "events"}, "says": {"fr": {"one": "{value}"}}}] * 3},
    "a form that is none": {
        "numbers": [{"count": {"table": "events"}, "says": {"fr": {"one": "a", "many": "b", "few": "c"}}}] * 3
    },
    "four numbers, none to spare": {"numbers": [{"row": "context/expulsions-region", "says": {"fr": "{value}"}}] * 4},
    "no text in the language": {
        "demand": {"name": "ceci", "rows": ["programme/reco9"], "says": {"nl": "Wij vragen dit."}}
    },
    "a language that is none": {"title": {"fr": "Titre", "de": "Titel"}},
    "no rows": {"recommendations": [{"says": {"fr": "Non."}}]},
    "a number nobody bears": {"recommendations": [{"rows": ["programme/reco1"], "says": {"fr": "Donner 500 places."}}]},
    "a place without value": {"recommendations": [{"rows": ["programme/reco1"], "says": {"fr": "{value} places."}}]},
    "attribute access": {"recommendations": [{**ONE, "says": {"fr": "{value.__class__}"}}]},
    "a lone brace": {"recommendations": [{"rows": ["programme/reco1"], "says": {"fr": "Non {."}}]},
    "too long": {"title": {"fr": "T" * 91}},
    "figure": {"figure": "camembert"},
    "kind": {"figures": ["camembert"]},
    "story without case": {"case": None, "story": [ONE]},
    "count of what counts nobody": {"numbers": [{"count": {"table": "programme"}, "says": {"fr": "{value}"}}] * 3},
    "count of consents": {"numbers": [{"count": {"table": "consents"}, "says": {"fr": "{value}"}}] * 3},
    "one row": {
        "numbers": [{"count": {"table": "households", "where": {"id": "S001"}}, "says": {"fr": "{value}"}}] * 3
    },
    "where": {"numbers": [{"count": {"table": "criteria", "where": {"x": 1}}, "says": {"fr": "{value}"}}] * 3},
}


@pytest.mark.parametrize("changes", FAULTY.values(), ids=FAULTY)
def test_a_faulty_theme_is_refused_in_lines_that_name_the_key(changes, tmp_path, capsys):
    lines = refused([str(theme_file(tmp_path, **changes))], tmp_path / "out", capsys)
    assert lines
    for line in lines:
        assert line.startswith("mon-theme.yml, ")
        assert not any(word in line for word in ("rouge", "secrets", "etc", "500", "camembert", "reco99"))


def test_an_unknown_key_is_told_by_its_line_and_a_missing_demand_once(tmp_path, capsys):
    text = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL).group(1)
    line = text.splitlines().index("recommendations:") + 1
    path = tmp_path / "mon-theme.yml"
    path.write_text(text.replace("recommendations:", "conseils: []\nrecommendations:"), encoding="utf-8")
    (told,) = refused([str(path)], tmp_path / "out", capsys)
    assert told.startswith(f"mon-theme.yml, ligne {line}\u202f: cette clé n’existe pas")
    path.write_text(text.replace("    about: true", "    abuot: true"), encoding="utf-8")
    (told,) = refused([str(path)], tmp_path / "out", capsys)
    assert told.startswith("mon-theme.yml, ligne 9, numbers[2]\u202f:")
    path.write_text(re.sub(r"demand:\n(  .*\n)+", "", text), encoding="utf-8")
    assert refused([str(path)], tmp_path / "out", capsys) == ["mon-theme.yml, demand\u202f: cette clé manque"]


@pytest.mark.parametrize(
    "text",
    ["a: &x [1]\nb: *x\n", "title: {fr: a}\ntitle: {fr: b}\n", "- 1\n", "", "!!python/object/apply:os.system ['x']\n",
     "title: [\n", "a: " + "[" * 3000, "title: {fr: \"\\x07\"}\n", "é" * 70_000],
)  # fmt: skip
def test_a_hostile_yaml_is_refused(text, tmp_path, capsys):
    path = tmp_path / "mal.yml"
    path.write_text(text, "utf-8")
    for line in refused([str(path)], tmp_path / "out", capsys):
        assert line.startswith(("mal.yml, ", "mal.yml\u202f:"))


def test_a_case_without_consent_and_an_unknown_one(dataset, tmp_path, capsys):
    (line,) = refused(["expulsion", "--case", "Z"], tmp_path / "out", capsys)
    assert "Z" not in line.split()
    path = dataset / "consents.csv"
    path.write_text(path.read_text("utf-8").replace(",told,", ",counted,"), "utf-8")
    (line,) = refused(["expulsion", "--dataset", str(dataset)], tmp_path / "out", capsys)
    assert "C1" in line


@pytest.fixture
def one_only_counted(dataset):
    """The publication, its household N only to be counted: from then on small counts are withheld."""
    frame = list(csv.DictReader((dataset / "consents.csv").open(encoding="utf-8")))
    frame.append({**frame[0], "id": "compte", "scope": "counted"})
    with (dataset / "consents.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(frame[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(frame)
    path = dataset / "households.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(x.replace(",recits,", ",compte,") if x.startswith("N,") else x for x in lines), "utf-8")
    return dataset


def test_a_withheld_count_is_refused(one_only_counted, tmp_path, capsys):
    (line,) = refused(["insalubrite", "--dataset", str(one_only_counted)], tmp_path / "out", capsys)
    assert "retenu" in line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_theme_of_a_new_house_speaks_before_its_count_may(one_only_counted, lang):
    """A house starts with few households: what `clss new` gives it is not refused for that."""
    (theme,) = (Path(clss_analysis.__file__).parent / "publish" / "skeleton" / lang).glob("*.yml")
    told = tell(str(theme), one_only_counted, case="C1", lang=lang)
    assert len(told.story.numbers) == 2
    (left,) = told.facts.left
    assert left.startswith({"fr": "Chiffre 3", "nl": "Cijfer 3", "en": "Figure 3"}[lang])
    assert not re.search(r"criteri[ao]n?=|=true|\w\[\d", left)


def test_a_figure_whose_counts_are_all_withheld_is_refused(one_only_counted, tmp_path, capsys):
    path = one_only_counted / "ties.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], *(x for x in lines if x.startswith("N-"))]), "utf-8")
    theme = theme_file(tmp_path, figures=["trajectory", "mega-sociogenogram"])
    (line,) = refused([str(theme), "--dataset", str(one_only_counted)], tmp_path / "out", capsys)
    assert "mega-sociogenogram" in line


def test_a_number_without_source_or_date_is_refused(dataset, tmp_path, capsys):
    folder = dataset / "context"
    shutil.copytree(CONTEXT, folder)
    rows = list(csv.DictReader((folder / "context.csv").open(encoding="utf-8")))
    for column in ("source", "date", "licence", "level"):
        changed = [{**rows[0], column: ""}, *rows[1:]]
        with (folder / "context.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(changed)
        (line,) = refused(["expulsion", "--dataset", str(dataset)], tmp_path / "out", capsys)
        assert line.startswith(f"context.csv, ligne 2, colonne {column}")


def test_the_month_comes_from_the_dataset_or_is_asked_for(dataset, tmp_path, capsys):
    about = json.loads((dataset / "datapackage.json").read_text("utf-8"))
    for setting in (None, {"as_of": "2025-12-01"}, {"as_of": "2025-12", "contact": {"fr": "x" * 161}}, {"couleur": 1}):
        about.pop("brief", None)
        (dataset / "datapackage.json").write_text(json.dumps(about | ({"brief": setting} if setting else {})), "utf-8")
        assert len(refused(["expulsion", "--dataset", str(dataset)], tmp_path / "out", capsys)) == 1
    assert len(refused(["expulsion", "--date", "hier"], tmp_path / "out", capsys)) == 1


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path, capsys):
    (tmp_path / "mien").mkdir()
    (tmp_path / "mien" / "lettre.txt").write_text("à garder", "utf-8")
    assert main(["brief", "expulsion", "--out", str(tmp_path / "mien")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert [path.name for path in tmp_path.rglob("*")] == ["mien", "lettre.txt"]


def test_hostile_records_and_theme_stay_words(dataset, tmp_path):
    path = dataset / "events.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "label": EVIL[:80], "detail": EVIL + " 12"} for row in rows)
    says = {"fr": EVIL.replace("{{", "{{{{").replace("}}", "}}}}").replace("1+1", "un")}
    theme = theme_file(tmp_path, recommendations=[{"rows": ["programme/reco1"], "says": says}])
    decided = accepted(read(dataset), read_theme(str(theme)).texts())
    (dataset / DECISIONS).write_text(decisions_text(decided.decisions), encoding="utf-8")
    pack = prepare(tell(str(theme), dataset, context=CONTEXT))
    speech = pack.files["speech.md"].decode()
    assert "\\[lien\\]" in speech
    assert "<b>" not in speech.replace("\\<b\\>", "")
    assert b"root:" not in pack.files["brief.pdf"]
    assert not any(
        cell.startswith("=") for line in pack.files["data.csv"].decode().splitlines() for cell in line.split(",")
    )


def test_a_household_of_ones_own_is_told_from_its_rows(tmp_path):
    pack = prepare(tell(str(theme_file(tmp_path)), PUBLICATION, context=CONTEXT, case="C3"))
    assert pack.story.case == "C3"
    assert pack.story.story[1].rows[0].row == "C3"
    assert any("Toop" in each.text for each in pack.story.services)
    assert "Trois ménages" not in pack.files["speech.md"].decode()


def test_the_context_package_is_its_own_and_sound():
    package = Package(str(CONTEXT / "datapackage.json"))
    assert package.validate().valid
    assert [tuple(each.schema.field_names) for each in package.resources] == [COLUMNS, ASSEMBLY_COLUMNS]
    frame = read_context(CONTEXT)
    assert set(frame["level"]) <= {"neighbourhood", "municipality", "region", "country", "europe"}
    assert frame["id"].is_unique


def test_translations_name_rows_that_are_there():
    records = read(PUBLICATION)
    words = read_translations(PUBLICATION)
    assert len(words) > 200
    for table, row, column in words:
        assert (records.table(table)["id"] == row).any(), (table, row)
        assert column in free_text(table)
    for table, row, column in words:
        assert set(words[table, row, column]) == {"nl", "en"}


def test_what_has_no_translation_is_not_left_in_french():
    records = replace(read(PUBLICATION), translations={})
    case, missing = translated(records.case("C1"), "nl")
    assert list(case.events["label"])[:2] == ["Dreigende uithuiszetting", "Mobilisatie"]
    assert case.events["detail"].isna().all()
    assert "events/C1-e1.detail" in missing
    assert case.label == "C1"
    same, none = translated(records, "fr")
    assert same is records
    assert none == ()


@pytest.mark.parametrize(
    "text",
    ["a,b\n", "table,row,column,nl,en\nevents,C1-e1,kind,x,y\n", "table,row,column,nl,en\nevents,C1-e1,label,x\n",
     "table,row,column,nl,en\nsecrets,x,y,x,y\n", "table,row,column,nl,en\n" + "events,C1-e1,label,x,y\n" * 2],
)  # fmt: skip
def test_faulty_translations_are_refused(dataset, text):
    (dataset / FILE).write_text(text, "utf-8")
    with pytest.raises(InvalidRecordsError):
        read_translations(dataset)
    assert {fault.file for fault in validate(dataset)} == {FILE}


def test_a_theme_says_why_once():
    with pytest.raises(BriefError, match="thèmes livrés"):
        read_theme("../expulsion")


def test_the_notebook_makes_the_same_pack(tmp_path):
    records = read(PUBLICATION)
    run = Run("dossier", "07_interpellation.ipynb", {"dataset": "../dataset", "theme": "relogement", "case": "C3",
                                                     "lang": "nl", "out": "."})  # fmt: skip
    (result,) = execute(
        [run],
        ROOT / "notebooks",
        tmp_path / "_runs",
        clearance=clear(records),
        dataset=PUBLICATION,
        records=records,
    )
    assert result.ok, result.reason
    told = (tmp_path / "_runs" / "dossier.md").read_text(encoding="utf-8")
    assert "Waarheen na de uithuiszetting" in told
    made = {path.relative_to(tmp_path / "_runs" / "interpellation").as_posix(): path.read_bytes()
            for path in (tmp_path / "_runs" / "interpellation").rglob("*") if path.is_file()}  # fmt: skip
    assert made == prepare(tell("relogement", PUBLICATION, lang="nl")).files
