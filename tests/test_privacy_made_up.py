"""A mark opens nothing: only rows that `clss synth` made are made up, and what a working scope shows stays narrow."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from records_sample import signed

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.figures import save
from clss_analysis.figures.working import MARK
from clss_analysis.privacy import NotClearedError, clear
from clss_analysis.records import Records, import_file, message, synthesise, write
from clss_analysis.records.synthetic.made_up import is_made_up, translate
from clss_analysis.records.workbook import read_workbook, records_of_pages, write_workbook

ROOT = Path(__file__).parents[1]
TELLS = "Aminata Bouazza, rue des Tanneurs 14, 0475 86 21 09"


def edited(records: Records, table: str, column: str, value: object) -> Records:
    frame = records.table(table)
    frame.loc[0, column] = value
    return records.with_tables(**{table: frame})


def test_what_synth_made_is_made_up_whole_or_in_part_and_in_any_language(tmp_path: Path) -> None:
    made = synthesise(3, 4)
    again = clss.read(write(made, tmp_path / "jeu"))
    for records in (made, again, made.case("S002"), again.among(["S001"]), made.in_language("en"),
                    made.with_tables(codings=made.codings.iloc[:0]), translate(again, "nl")[0],
                    translate(made.case("S001"), "en")[0], clss.read(ROOT / "data" / "demo"),
                    clss.read(ROOT / "data" / "gallery")):  # fmt: skip
        assert is_made_up(records)


def test_a_cohort_from_before_the_signatures_is_known_by_making_it_again() -> None:
    old = replace(synthesise(2, 9), extra={})
    assert is_made_up(old.case("S001"))
    assert not is_made_up(edited(old, "households", "label", "Famille"))
    assert not is_made_up(replace(old, name="cohorte-synthetique-2-10"))


@pytest.mark.parametrize(
    "change",
    [
        lambda made: edited(made, "households", "summary", TELLS),
        lambda made: edited(made, "persons", "age", 51),
        lambda made: edited(made, "actors", "label", "Une école"),
        lambda made: replace(made, title=TELLS),
        lambda made: replace(made, extra={**made.extra, "contributors": [{"title": TELLS}]}),
        lambda made: replace(made, extra={key: each for key, each in made.extra.items() if key != "synthetic_rows"},
                             name="mes-menages"),
        lambda made: replace(made, extra={**made.extra, "synthetic_rows": TELLS}),
        lambda made: replace(made, extra={**made.extra, "synthetic_rows": {"households": 3, "persons": [TELLS]}}),
        lambda made: replace(made, translations={("households", "S001", "summary"): {"nl": TELLS}}),
        lambda made: made.with_tables(events=pd.concat([made.events, made.events.iloc[:1].assign(id="e99")])),
    ],
)  # fmt: skip
def test_an_edited_or_added_row_is_not_made_up_and_shuts_the_gate(change, tmp_path: Path, capsys) -> None:
    folder = write(change(synthesise(2, 4)), tmp_path / "jeu")
    assert clss.read(folder).synthetic
    out = tmp_path / "dehors"
    theme = ["expulsion", "--case", "S001", "--date", "2025-12"]
    for words in (
        ["build", "--dataset", str(folder), "--out", str(out / "livre"), "--formats", "html"],
        ["brief", *theme, "--dataset", str(folder), "--out", str(out / "dossier")],
        ["export", str(folder), "--out", str(out / "jeu.xlsx")],
        ["export", str(folder), "--out", str(out / "jeu.ged")],
    ):
        assert main(words) == 2, words
        told = capsys.readouterr().err
        assert "se dit synthétique" in told
        assert not any(word in told for word in ("Bouazza", "Tanneurs", "0475"))
    assert not list(out.rglob("*")) if out.exists() else True
    assert main(["check", str(folder)]) == 1
    assert "se dit synthétique" in capsys.readouterr().out


def test_with_consents_and_decided_texts_such_rows_leave_as_real_ones_do() -> None:
    odd = edited(synthesise(2, 4), "persons", "age", 51)
    entry = {"id": "c", "label": "accord", "scope": "told", "source": "synthetic", "reading": False}
    consents = pd.DataFrame([{name: entry.get(name) for name in odd.consents}]).astype(odd.consents.dtypes)
    homes = odd.households.assign(consent=pd.array(["c", "c"], dtype="string"))
    assert clear(odd.with_tables(consents=consents, households=homes)).told == {"S001", "S002"}
    with pytest.raises(NotClearedError):
        clear(edited(odd.with_tables(consents=consents, households=homes), "households", "summary", TELLS))


def test_a_figure_of_edited_rows_needs_a_clearance_like_any_other(tmp_path: Path) -> None:
    odd = edited(synthesise(1, 4), "households", "label", "Famille Bouazza")
    drawing = clss.figures.criteria_grid(odd.case("S001"))
    with pytest.raises(NotClearedError):
        save(drawing, tmp_path / "f.svg")
    with pytest.raises(NotClearedError):
        save(drawing, tmp_path / "f.svg", clear(synthesise(1, 4)))
    assert not list(tmp_path.iterdir())


def test_who_works_on_unsigned_rows_still_draws_them(tmp_path: Path) -> None:
    own = replace(edited(synthesise(1, 4), "persons", "age", 51), name="essai", extra={})
    folder = write(own, tmp_path / "jeu")
    out = tmp_path / "f.svg"
    assert main(["figure", "sociogenogram", "--dataset", str(folder), "--case", "S001", "--out", str(out)]) == 0
    said = out.read_text(encoding="utf-8")
    assert MARK in said
    assert message("synthetic") not in said
    if os.name == "posix":
        assert not out.stat().st_mode & 0o077


def test_rows_that_only_say_that_they_are_made_up_bear_no_mark_of_it(tmp_path: Path) -> None:
    made = synthesise(1, 4)
    odd = edited(made, "persons", "age", 51)
    for kind in ("sociogenogram", "trajectory", "criteria_grid"):
        draw = getattr(clss.figures, kind)
        assert message("synthetic") in draw(made.case("S001")).to_svg()
        assert message("synthetic") not in draw(odd.case("S001")).to_svg()
    if os.name == "posix":
        assert not (write(odd, tmp_path / "jeu") / "persons.csv").stat().st_mode & 0o077


@pytest.mark.parametrize("ending", [".ged", ".graphml"])
def test_no_import_is_synthetic_by_the_word_of_its_file(ending: str, tmp_path: Path) -> None:
    made = synthesise(1, 4)
    assert main(["export", str(write(made, tmp_path / "jeu")), "--out", str(tmp_path / f"f{ending}")]) == 0
    back, _ = import_file(tmp_path / f"f{ending}")
    assert not back.synthetic
    assert list(back.consents["scope"]) == ["working"]
    with pytest.raises(NotClearedError):
        clear(back)


def test_a_workbook_that_says_synthetic_opens_nothing(tmp_path: Path) -> None:
    write_workbook(synthesise(1, 4), tmp_path / "w.xlsx", "fr")
    back = replace(records_of_pages(read_workbook(tmp_path / "w.xlsx")), name="mes-menages")
    assert back.synthetic
    with pytest.raises(NotClearedError):
        clear(back)


def test_a_working_scope_shows_who_works_on_it_people_and_ties_alone(tmp_path: Path) -> None:
    made = synthesise(2, 4)
    entry = {"id": "w", "label": "Au travail", "scope": "working", "source": "dossier", "reading": False}
    consents = pd.DataFrame([{name: entry.get(name) for name in made.consents}]).astype(made.consents.dtypes)
    homes = made.households.assign(consent=pd.array(["w", "w"], dtype="string"))
    tables = {name: made.table(name).assign(source="dossier").astype({"source": "string"}) for name in vars_of(made)}
    tables |= {"consents": consents, "households": homes.assign(source="dossier").astype({"source": "string"})}
    folder = write(replace(made.with_tables(**tables), synthetic=False, extra={}), tmp_path / "jeu")
    for kind, done in (("case-sheet", 2), ("trajectory", 2), ("relevance-tree", 2), ("sociogenogram", 0)):
        out = tmp_path / f"{kind}.svg"
        assert main(["figure", kind, "--dataset", str(folder), "--case", "S001", "--out", str(out)]) == done, kind
        assert out.exists() == (done == 0)


def vars_of(records: Records) -> list[str]:
    from clss_analysis.records.schema import table_names

    return [name for name in table_names() if len(records.table(name))]


def test_the_shipped_made_up_datasets_carry_their_signature() -> None:
    for name in ("demo", "gallery"):
        records = clss.read(ROOT / "data" / name)
        said = json.loads((ROOT / "data" / name / "datapackage.json").read_text(encoding="utf-8"))["synthetic_rows"]
        assert dict(signed(records).extra["synthetic_rows"]) == said
