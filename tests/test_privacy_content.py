"""A clearance belongs to the rows it was given for: what changed since does not leave with it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

import clss_analysis as clss
from clss_analysis.records.faults import NotClearedError
from clss_analysis.records.synthetic.cohort import synthesise
from clss_analysis.records.synthetic.made_up import translate
from clss_analysis.records.translations import spoken, translated

TELLS = "Madame Fatima Benali, 0470 12 34 56, rue de Ribaucourt 14"


@pytest.fixture(scope="module")
def records() -> clss.Records:
    return clss.read("data/publication")


def with_cell(records: clss.Records, table: str, column: str, text: str) -> clss.Records:
    frame = records.table(table)
    frame.loc[frame.index[0], column] = text
    return records.with_tables(**{table: frame})


def test_a_figure_of_the_cleared_rows_leaves(records: clss.Records, tmp_path: Path) -> None:
    cleared = clss.privacy.clear(records)
    for drawing in (
        clss.figures.criteria_grid(records.case("Y")),
        clss.figures.criteria_grid(records.case("Y").in_language("nl")),
        clss.figures.strengths(records),
        clss.figures.strengths(clss.read("data/publication"), lang="en"),
        clss.figures.strengths(records.among(cleared.told)),
        clss.figures.criteria_grid(translated(records.case("Y"), "nl")[0], lang="nl"),
        clss.figures.strengths(translated(records, "en")[0]),
    ):
        assert clss.figures.save(drawing, tmp_path / "f.svg", cleared).is_file()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_what_a_person_decided_holds_of_records_spoken_of_in_another_language(records: clss.Records, lang: str) -> None:
    assert clss.privacy.clear(spoken(records, lang)).told == clss.privacy.clear(records).told


def test_a_figure_in_another_language_says_what_the_dataset_has_in_it(records: clss.Records, tmp_path: Path) -> None:
    cleared, path = clss.privacy.clear(records), tmp_path / "f.svg"
    for lang, said in (("nl", "Geestelijke gezondheid"), ("en", "Mental health"), ("fr", "Santé mentale")):
        clss.figures.save(clss.figures.consequences(records, lang=lang), path, cleared)
        assert said in path.read_text(encoding="utf-8")
    assert records.programme["label"].eq("Santé mentale").any()


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_made_up_households_leave_in_every_language(lang: str, tmp_path: Path) -> None:
    made = synthesise(2, 1)
    cleared = clss.privacy.clear(made)
    for drawing in (
        clss.figures.criteria_grid(translate(made.case("S001"), lang)[0], lang=lang),
        clss.figures.framework(translate(made, lang)[0], lang=lang),
    ):
        assert clss.figures.save(drawing, tmp_path / "f.svg", cleared).is_file()


@pytest.mark.parametrize("text", [TELLS, "Une phrase que personne n’a relue."])
def test_a_figure_of_rows_that_changed_is_refused(records: clss.Records, tmp_path: Path, text: str) -> None:
    cleared = clss.privacy.clear(records)
    changed = with_cell(records, "programme", "label", text)
    case = with_cell(records.case("Y"), "criteria", "evidence", text)
    for drawing in (clss.figures.strengths(changed), clss.figures.criteria_grid(case)):
        with pytest.raises(NotClearedError, match="ont changé"):
            clss.figures.save(drawing, tmp_path / "f.svg", cleared)
    assert not (tmp_path / "f.svg").exists()


def test_rows_that_changed_are_asked_about_anew(records: clss.Records) -> None:
    clss.privacy.clear(records)
    for changed in (
        with_cell(records, "statements", "text", TELLS),
        dataclasses.replace(records, statements=with_cell(records, "statements", "text", TELLS).statements),
        dataclasses.replace(records, title=TELLS),
        dataclasses.replace(records, decisions=()),
    ):
        with pytest.raises(NotClearedError):
            clss.privacy.clear(changed)


def test_a_change_in_place_reaches_neither_records_nor_gate(records: clss.Records, tmp_path: Path) -> None:
    frame = records.programme
    frame.loc[:, "label"] = TELLS
    ties = records.case("Y").ties
    ties.loc[:, "label"] = TELLS
    drawing = clss.figures.strengths(records)
    assert TELLS not in " ".join(line for label in drawing.geometry.labels for line in label.lines)
    assert clss.figures.save(drawing, tmp_path / "f.svg", clss.privacy.clear(records)).is_file()
    assert not (records.case("Y").ties["label"] == TELLS).any()


def test_own_work_does_not_open_the_gate_for_texts_that_nobody_has_read() -> None:
    made = clss.records.synthesise(2, 7)
    households = made.households.assign(consent=pd.array(["w", "w"], dtype="string"))
    entry = {"id": "w", "label": "Au travail", "scope": "working", "source": "dossier", "reading": False}
    consents = pd.DataFrame([{name: entry.get(name, pd.NA) for name in made.consents}]).astype(made.consents.dtypes)
    real = dataclasses.replace(made, synthetic=False).with_tables(households=households, consents=consents)
    assert clss.privacy.clear(real, own_work=True).told == {"S001", "S002"}
    with pytest.raises(NotClearedError):
        clss.privacy.clear(real)
    with pytest.raises(NotClearedError):
        clss.privacy.clear(with_cell(real, "households", "summary", TELLS), own_work=True)
