"""The review: what awaits a decision, the sheet that a person fills in, and what its decisions do."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.privacy.identifiers import Memory
from clss_analysis.privacy.review import decide, mask_all, undecided
from clss_analysis.privacy.review_sheet import decided, read_filled, write_sheet
from clss_analysis.privacy.telling_ids import with_other_ids
from clss_analysis.privacy.texts import text_columns
from clss_analysis.publish.brief.theme import BUILT_IN, read_theme
from clss_analysis.records import InvalidRecordsError, Records, label, message, read, synthesise, write
from clss_analysis.records.decisions import DECISIONS, Decision
from clss_analysis.records.translations import FILE as TRANSLATIONS

SECRET = "Aminata Bouazza"
TEXT = f"=Vu {SECRET} au 0475 86 21 09, par le service Toop."
ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _own_memory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "memoire"))


@pytest.fixture
def records() -> Records:
    cohort = synthesise(2, 1)
    events = cohort.events.copy()
    events.loc[0, "detail"] = TEXT
    return cohort.with_tables(events=events)


def filled(path: Path, answers: dict[str, tuple[str, str]]) -> Path:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    place = {name: rows[0].index(message(f"identifiers.head.{name}")) for name in ("kind", "decision", "reason")}
    for row in rows[1:]:
        row[place["decision"]], row[place["reason"]] = answers[row[place["kind"]]]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def kind(code: str) -> str:
    return label("identifier_kind", code)


def test_the_shipped_datasets_await_no_decision() -> None:
    assert undecided(clss.read(ROOT / "data" / "publication")) == ()
    assert undecided(clss.read(ROOT / "data" / "demo")) == ()


def test_each_household_of_the_publication_awaits_none_either() -> None:
    records = clss.read(ROOT / "data" / "publication")
    for household in records.households["id"]:
        assert undecided(records.case(household)) == (), household


@pytest.mark.parametrize("seed", [2, 3])
def test_a_synthetic_cohort_awaits_none(seed: int) -> None:
    assert undecided(synthesise(30, seed)) == ()


def test_who_made_the_publication_is_decided_in_a_copy_of_it_too() -> None:
    records = clss.read("data/publication")
    bare = replace(records, decisions=tuple(each for each in records.decisions if each.table != "datapackage"))
    assert undecided(bare) == ()
    contact = {lang: f"{said}, 0475 86 31 09" for lang, said in records.extra["brief"]["contact"].items()}
    changed = replace(bare, extra={**records.extra, "brief": {**records.extra["brief"], "contact": contact}})
    assert {each.finding.kind for each in undecided(changed)} == {"phone", "web"}


@pytest.mark.parametrize(("start", "asked"), [(3, False), (0, False), (4, True)])
def test_a_decision_holds_where_later_rules_take_in_the_article_before_it(start: int, asked: bool) -> None:
    text = "Le Seuil asbl, les ménages de l’année"
    records = replace(synthesise(1, 1), title=text)
    found = [each for each in undecided(records) if each.text == text]
    assert [text[each.finding.start : each.finding.end] for each in found] == ["Le Seuil"]
    made = [replace(each.kept("accept", "public_body", "research", "2026-01"), start=start, end=8) for each in found]
    left = [each for each in undecided(replace(records, decisions=tuple(made))) if each.text == text]
    assert bool(left) is asked


def test_without_its_decisions_the_publication_awaits_some(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "publication", tmp_path / "jeu")
    (tmp_path / "jeu" / DECISIONS).unlink()
    assert len(undecided(clss.read(tmp_path / "jeu"))) > 20


@pytest.fixture
def translated(tmp_path: Path) -> Path:
    """The publication with a name in a French text and in its Dutch and English ones, and a number in Dutch only."""
    folder = Path(shutil.copytree(ROOT / "data" / "publication", tmp_path / "jeu"))
    for file, old, new in (
        ("events.csv", "La TSC reçoit", f"La TSC reçoit {SECRET}, puis"),
        (
            TRANSLATIONS,
            "De maatschappelijk werkster ontvangt het gezin",
            f"{SECRET}, 0475 86 21 09, ziet mevrouw Koning",
        ),
        (TRANSLATIONS, "Regular meetings", f"Regular meetings with {SECRET}"),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_translations_are_looked_through_too(translated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = [(each.table, each.column, each.finding.kind) for each in undecided(read(translated))]
    assert set(found) == {("events", "detail", "person"), ("translations", "nl", "person"),
                          ("translations", "nl", "phone"), ("translations", "en", "person")}  # fmt: skip
    out = translated.parent / "dossier"
    words = ["brief", "expulsion", "--lang", "nl", "--dataset", str(translated), "--out", str(out)]
    assert main(words) == 2
    assert not out.exists()
    assert main(["review", str(translated)]) == 1
    said = "".join(capsys.readouterr())
    assert "translations.csv, champ nl" in said
    assert not any(word in said for word in (*SECRET.split(), "0475", "Koning"))


def test_a_name_is_masked_in_every_language(translated: Path) -> None:
    before = read(translated)
    assert main(["review", str(translated), "--mask-all"]) == 0
    after = read(translated)
    assert undecided(after) == ()
    text = "".join(path.read_text(encoding="utf-8") for path in translated.glob("*.csv"))
    assert not any(word in text for word in (*SECRET.split(), "0475", "mevrouw Koning"))
    (changed,) = [place for place, said in after.translations.items() if "[naam]" in said["nl"]]
    assert after.translations[changed]["nl"].startswith("[naam], [telefoon], ziet mevrouw [naam] elke week")
    assert list(after.translations) == list(before.translations)
    same = [place for place, said in after.translations.items() if said == before.translations[place]]
    assert len(same) == len(before.translations) - 2


def test_a_masked_id_takes_its_translations_along() -> None:
    cohort = synthesise(1, 1)
    homes = cohort.households.assign(id=pd.array(["Benchekroun-2"], dtype="string"))
    told = {("households", "Benchekroun-2", "label"): {"nl": "Gezin"}}
    after = with_other_ids(
        replace(cohort, households=homes, translations=told), [("households", "id", "Benchekroun-2")]
    )
    assert after.translations == {("households", "x1", "label"): {"nl": "Gezin"}}


def test_a_translation_of_no_row_is_looked_through_and_goes_with_its_row() -> None:
    cohort = synthesise(2, 1)
    home = str(cohort.households["id"].iloc[0])
    told = {("households", who, "summary"): {"nl": f"Mevrouw {SECRET} belt."} for who in ("gone", home)}
    odd = replace(cohort, translations=told)
    assert [each.row for each in undecided(odd) if each.table == "translations"] == ["gone"]
    orphan = replace(cohort, translations={("households", "gone", "summary"): told["households", home, "summary"]})
    assert "translations" in {each.table for each in undecided(orphan)}
    fewer = odd.with_tables(households=cohort.households.iloc[1:])
    assert not fewer.translations


def test_a_text_that_changes_is_undecided_again(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "publication", tmp_path / "jeu")
    actors = tmp_path / "jeu" / "actors.csv"
    actors.write_text(actors.read_text(encoding="utf-8").replace("AIS Baita", "AIS Mme Bouazza"), encoding="utf-8")
    assert any(each.table == "actors" for each in undecided(clss.read(tmp_path / "jeu")))


def test_every_column_of_text_is_read(records: Records) -> None:
    for table, column in text_columns():
        frame = records.table(table)
        if len(frame):
            planted = frame.copy()
            planted.loc[planted.index[0], column] = "Mme Bouazza"
            found = undecided(records.with_tables(**{table: planted}))
            assert (table, column) in {(each.table, each.column) for each in found}


def test_findings_and_their_lines_hold_no_content(records: Records) -> None:
    found = undecided(records)
    shown = repr(found) + "\n".join(map(str, found))
    assert {each.finding.kind for each in found} == {"person", "phone"}
    for part in (*SECRET.split(), "0475", "Toop"):
        assert part not in shown
    assert "events.csv, ligne " in shown


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_sheet_is_inert_and_the_same_each_time(records: Records, tmp_path: Path, ending: str) -> None:
    found = undecided(records)
    paths = [write_sheet(found, tmp_path / f"{name}{ending}") for name in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].stat().st_mode & 0o077 == 0
    if ending == ".csv":
        with paths[0].open(encoding="utf-8-sig", newline="") as stream:
            assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(stream) for cell in row)
    else:
        sheet = openpyxl.load_workbook(paths[0]).worksheets[0]
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert len(sheet.data_validations.dataValidation) == 2


def test_around_a_passage_the_others_are_masked(records: Records, tmp_path: Path) -> None:
    write_sheet(undecided(records), tmp_path / "f.csv")
    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    around = rows[0].index(message("identifiers.head.around"))
    assert not any(SECRET in row[around] or "0475" in row[around] for row in rows[1:])


def apply_sheet(records: Records, sheet: Path, *, role: str, month: str) -> Records:
    """The dataset as a filled sheet decides it."""
    rows, stale = read_filled(sheet, records, undecided(records))
    assert not stale
    return decided(records, rows, role, month)


def test_decisions_mask_keep_and_move_with_their_words(records: Records, tmp_path: Path) -> None:
    sheet = write_sheet(undecided(records), tmp_path / "f.csv")
    keep = (label("review_decision", "keep"), label("review_reason", "public_role"))
    accept = ("accept", "public_body")
    mask = (label("review_decision", "mask", "nl"), "")
    answers = {kind("person"): mask, kind("phone"): keep}
    filled(sheet, answers | {kind("place"): accept})
    done = apply_sheet(records, sheet, role="coordination", month="2025-03")
    text = done.events["detail"].iloc[0]
    assert "Bouazza" not in text
    assert "[nom]" in text
    assert "0475 86 21 09" in text
    assert undecided(done) == ()
    (kept,) = done.decisions
    assert text[kept.start : kept.end] == "0475 86 21 09"
    assert (kept.decision, kept.reason, kept.role, kept.month) == ("keep", "public_role", "coordination", "2025-03")
    write(done, tmp_path / "jeu")
    assert read(tmp_path / "jeu").decisions == done.decisions
    kept_file = (tmp_path / "jeu" / DECISIONS).read_text(encoding="utf-8")
    assert "0475" not in kept_file


def test_a_filled_workbook_says_the_same_as_a_filled_csv(records: Records, tmp_path: Path) -> None:
    found = undecided(records)
    path = write_sheet(found, tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    decision = [cell.value for cell in sheet[1]].index(message("identifiers.head.decision")) + 1
    for row in range(2, len(found) + 2):
        sheet.cell(row, decision, label("review_decision", "mask"))
    book.save(path)
    csv_path = filled(
        write_sheet(found, tmp_path / "f.csv"), dict.fromkeys(map(kind, ("person", "phone")), ("mask", ""))
    )
    details = [
        apply_sheet(records, each, role="research", month="2025-03").events["detail"].iloc[0]
        for each in (path, csv_path)
    ]
    assert details[0] == details[1] == mask_all(records).events["detail"].iloc[0]
    assert not any(char.isdigit() for char in details[0])


WRONG = [
    (("peut-être", ""), "décision"),
    (("keep", ""), "raison"),
    (("accept", f"parce que {SECRET}"), "raison"),
]


@pytest.mark.parametrize(("answer", "column"), WRONG)
def test_a_faulty_sheet_changes_nothing_and_tells_no_content(
    records: Records, tmp_path: Path, answer: tuple[str, str], column: str
) -> None:
    sheet = filled(
        write_sheet(undecided(records), tmp_path / "f.csv"), dict.fromkeys(map(kind, ("person", "phone")), answer)
    )
    with pytest.raises(InvalidRecordsError) as caught:
        apply_sheet(records, sheet, role="research", month="2025-03")
    assert all(fault.column == column and fault.file == "f.csv" for fault in caught.value.faults)
    assert SECRET not in str(caught.value)
    assert "peut-être" not in str(caught.value)


def test_a_stale_sheet_is_refused(records: Records, tmp_path: Path) -> None:
    sheet = filled(
        write_sheet(undecided(records), tmp_path / "f.csv"), dict.fromkeys(map(kind, ("person", "phone")), ("mask", ""))
    )
    rows = sheet.read_text(encoding="utf-8-sig").splitlines()
    masked = mask_all(records)
    assert read_filled(sheet, masked, undecided(masked)) == ([], list(range(2, len(rows) + 1)))


@pytest.mark.parametrize(
    ("name", "content"), [("f.csv", b"\xff\xfe\x00"), ("f.csv", b"a,b\n1,2\n"), ("f.xlsx", b"PK"), ("f.ods", b"")]
)
def test_a_file_that_is_no_sheet_is_refused(records: Records, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidRecordsError):
        apply_sheet(records, tmp_path / name, role="research", month="2025-03")


def test_the_command_reviews_masks_and_leaves_other_files_alone(
    records: Records, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(records, tmp_path / "jeu")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["review", str(folder), "--out", str(tmp_path / "f.csv")]) == 1
    assert main(["review", str(folder), "--mask-all"]) == 0
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert [name for name in sorted(before) if before[name] != after[name]] == ["events.csv"]
    told = "".join(capsys.readouterr())
    assert "Bouazza" not in told
    assert main(["review", str(folder), "--out", str(tmp_path / "f.doc")]) == 2


HEAD = "table,column,text,start,end,kind,decision,reason,role,month\n"


@pytest.mark.parametrize(
    "content",
    [
        "x\n",
        f"{HEAD}events,detail,abc,0,1,person,keep,consent,research,2025-03\n",
        f"{HEAD}events,detail\n",
        f"{HEAD}events,detail,{'a' * 64},0,1,person,mask,consent,research,2025-03\n",
    ],
)
def test_a_faulty_review_file_is_a_fault_of_the_dataset(records: Records, tmp_path: Path, content: str) -> None:
    folder = write(records, tmp_path / "jeu")
    (folder / DECISIONS).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidRecordsError, match=r"review\.csv"):
        read(folder)


def test_nothing_to_decide_changes_nothing(records: Records, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m")
    done = mask_all(records, memory)
    again = decide(done, (), {})
    assert again.events.equals(done.events)
    assert again.decisions == done.decisions == ()


# Ids, the descriptor and themes ------------------------------------------------------------------------------------


def renamed(records: Records, table: str, column: str, told: str) -> Records:
    frame = records.table(table)
    frame.loc[0, column] = told
    return records.with_tables(**{table: frame})


@pytest.mark.parametrize(
    ("table", "column", "told"),
    [
        ("households", "id", "Ida"), ("households", "id", "Fam-Wu"), ("persons", "id", "Nia3"),
        ("persons", "twin_group", "Oyelaran"), ("actors", "id", "Dr-Verstraeten"), ("actors", "id", "0477334455"),
        ("workshops", "id", "atelier-Aminata"), ("codes", "id", "colere-de-Samira"), ("events", "id", "rdv-Tariq"),
        ("consents", "id", "accord-bouazza"), ("actors", "id", "rue-des-tanneurs-14"),
    ],
)  # fmt: skip
def test_an_id_that_names_someone_awaits_a_decision_wherever_it_stands(table: str, column: str, told: str) -> None:
    cohort = synthesise(2, 1)
    if table == "consents":
        entry = {"id": "c", "label": "accord", "scope": "told", "source": "synthetic", "reading": False}
        cohort = cohort.with_tables(
            consents=cohort.consents.reindex([0]).assign(**entry).astype(cohort.consents.dtypes)
        )
    odd = renamed(cohort, table, column, told)
    assert [(each.table, each.column) for each in undecided(odd)] == [(table, column)]
    assert undecided(mask_all(odd)) == ()
    assert told not in set(mask_all(odd).table(table)[column].dropna())


@pytest.mark.parametrize(
    "told", ["S014", "S014-p2", "menage-3", "ecole", "maison-medicale", "CPAS", "tsc", "x12", "AK1"]
)
def test_an_id_that_names_nobody_awaits_none(told: str) -> None:
    assert undecided(renamed(synthesise(2, 1), "actors", "id", told)) == ()


def test_an_id_may_have_the_words_of_its_own_texts_once_these_are_decided() -> None:
    noted = renamed(renamed(synthesise(2, 1), "actors", "id", "oyelaran"), "actors", "note", "Réunion chez Oyelaran.")
    (text, _) = sorted(undecided(noted), key=lambda each: each.column, reverse=True)
    assert [each.column for each in undecided(noted)] == ["note", "id"]
    place = (text.table, text.column, text.hash, text.finding.start, text.finding.end, text.finding.kind)
    assert undecided(decide(noted, [Decision(*place, "accept", "public_body", "research", "2026-01")], {})) == ()


def planted_descriptors() -> dict[str, object]:
    return {
        "contributors": [{"title": SECRET, "email": "aminata@courriel.example"}],
        "keywords": ["logement", SECRET],
        "homepage": "https://famille-bouazza.example",
        SECRET: "oui",
        "telephone": 475862109,
        "autre": {"liste": [{"Nom": [f"vu {SECRET}"]}]},
        "brief": {"as_of": "2025-12", "contact": {"fr": f"Appeler {SECRET}", "nl": f"Bel {SECRET}"}},
    }


@pytest.mark.parametrize("key", list(planted_descriptors()))
def test_all_that_a_descriptor_says_is_looked_through(key: str, tmp_path: Path) -> None:
    cohort = replace(synthesise(2, 1), extra={key: planted_descriptors()[key]})
    found = undecided(cohort)
    assert {each.table for each in found} == {"datapackage"}
    assert not any(part in "\n".join(map(str, found)) for part in (*SECRET.split(), "bouazza", "0475", "475862109"))
    folder = write(mask_all(cohort), tmp_path / "jeu")
    assert undecided(read(folder)) == ()
    text = (folder / "datapackage.json").read_text(encoding="utf-8")
    assert not any(part in text for part in (*SECRET.split(), "bouazza", "475862109"))


@pytest.mark.parametrize("change", [{"name": "famille-bouazza"}, {"figure_ids": {"Bouazza1": {"kind": "axes"}}}])
def test_the_name_of_a_dataset_and_of_its_figures_are_ids(change: dict[str, object], tmp_path: Path) -> None:
    folder = write(replace(synthesise(2, 1), **change), tmp_path / "jeu")
    assert [each.column for each in undecided(read(folder))] == list(change)
    assert main(["review", str(folder), "--mask-all"]) == 0
    assert undecided(read(folder)) == ()
    assert "ouazza" not in (folder / "datapackage.json").read_text(encoding="utf-8")


def theme_of(folder: Path, *, title: str = "Compter les expulsions", said: str, lang: str = "fr") -> Path:
    row = "rows: [context/expulsions-region]"
    numbers = f"  - row: context/expulsions-region\n    says: {{{lang}: '{{value}}'}}\n" * 3
    path = folder / "mon-theme.yml"
    path.write_text(
        f"title: {{{lang}: '{title}'}}\ndemand:\n  {row}\n  says: {{{lang}: '{said}'}}\nnumbers:\n{numbers}"
        f"recommendations:\n  - {row}\n    says: {{{lang}: '{title}'}}\n", encoding="utf-8",
    )  # fmt: skip
    return path


@pytest.mark.parametrize(
    ("changes", "lang", "places"),
    [
        ({"said": f"Que {SECRET} reste dans son logement."}, "fr", ["demand.says.fr"]),
        ({"title": f"Pour {SECRET}", "said": "Appelez le 0475 86 21 09."}, "fr", ["title.fr", "demand.says.fr"]),
        ({"title": "Wonen", "said": f"Wij vragen dat {SECRET} blijft."}, "nl", ["demand.says.nl"]),
    ],
)
def test_words_of_a_theme_stop_the_pack_until_they_are_decided(
    changes: dict[str, str], lang: str, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(synthesise(2, 1), tmp_path / "jeu")
    theme = theme_of(tmp_path, lang=lang, **changes)
    out = tmp_path / "dossier"
    words = ["brief", str(theme), "--dataset", str(folder), "--case", "S001", "--date", "2025-12", "--lang", lang]
    assert main([*words, "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert not out.exists()
    assert all(f"mon-theme.yml, {place}" in told for place in places)
    assert "--theme" in told
    assert not any(part in told for part in (*SECRET.split(), "0475"))
    sheet = tmp_path / "f.csv"
    assert main(["review", str(folder), "--theme", str(theme), "--out", str(sheet)]) == 1
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        kinds = {row[5] for row in list(csv.reader(stream))[1:]}
    filled(sheet, dict.fromkeys(kinds, ("mask", "")))
    assert main(["review", str(folder), "--theme", str(theme), "--apply", str(sheet)]) == 2, "a theme is not masked"
    filled(sheet, dict.fromkeys(kinds, ("keep", "consent")))
    assert main(["review", str(folder), "--theme", str(theme), "--apply", str(sheet)]) == 0
    assert {each.table for each in read(folder).decisions} == {"theme"}
    assert main(["review", str(folder), "--mask-all"]) == 0
    assert {each.table for each in read(folder).decisions} == {"theme"}, "another review keeps them"
    assert undecided(read(folder), beside=read_theme(str(theme)).texts()) == ()


def test_a_built_in_theme_awaits_no_decision_whatever_the_dataset() -> None:
    assert all(not read_theme(theme).texts() for theme in BUILT_IN)


def test_a_french_theme_is_read_as_french_beside_dutch_records(tmp_path: Path) -> None:
    records = replace(synthesise(2, 1), language="nl")
    theme = theme_of(tmp_path, lang="fr", said="Relever chaque année les jugements d’expulsion, comme d’autres.")
    assert undecided(records, beside=read_theme(str(theme)).texts()) == ()
    theme = theme_of(tmp_path, lang="fr", said=f"Que {SECRET} reste dans son logement.")
    assert [each.finding.kind for each in undecided(records, beside=read_theme(str(theme)).texts())] == ["person"]
