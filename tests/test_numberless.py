"""Children whose number is not told: one symbol with a mark, a sentence, and nobody in any count."""

from __future__ import annotations

from pathlib import Path

import pytest
from records_sample import sound_rows, write_rows
from sociogenogram_cases import child_of, household, person

import clss_analysis as clss
from clss_analysis.layout.genogram.changes import course
from clss_analysis.layout.genogram.drawing import sociogenogram
from clss_analysis.layout.geometry import overlaps
from clss_analysis.measures.overview import household_overview
from clss_analysis.privacy import clear
from clss_analysis.records import export_file, validate
from clss_analysis.records.frames import wide
from clss_analysis.records.translations import translated
from clss_analysis.records.workbook.interview_reading import _composition
from clss_analysis.runs.telling import overview, unknowns

RULE = "la ligne dit des enfants dont le nombre n’est pas connu"
SAID = {
    "fr": (
        "une personne de la famille et ses enfants, dont le nombre n’est pas dit, sept",
        "des enfants dont",
    ),
    "nl": (
        "één familielid en haar kinderen, van wie het aantal niet vermeld is, zeven",
        "kinderen van wie",
    ),
    "en": ("one family member and her children, whose number is not stated, seven other parties", "children whose"),
}


@pytest.fixture(scope="module")
def fire() -> clss.Records:
    return clss.read("data/publication").case("C2")


@pytest.mark.parametrize("lang", list(SAID))
def test_caption_text_and_sheet_say_that_there_are_children_and_not_how_many(fire: clss.Records, lang: str) -> None:
    case, _ = translated(fire, lang)
    layout = sociogenogram(case, lang=lang)
    caption, told = SAID[lang]
    assert caption in layout.caption
    mark = next(label for label in layout.labels if label.id == "age-person-C2-2")
    assert mark.lines == ("n",)
    sentence = next(" ".join(b.lines) for b in layout.labels if b.id.startswith("legend-") and ":" in " ".join(b.lines))
    for text in (layout.alt, layout.description, layout.parts["person-C2-2"]):
        assert sentence in text
    assert told in overview(case, lang=lang).data
    assert overlaps(layout) == []


def test_they_are_nobody_in_any_count(fire: clss.Records, tmp_path: Path) -> None:
    found = household_overview(fire).iloc[0]
    assert found[["persons", "children"]].isna().all()
    assert wide(fire)["persons"].tolist() == [1]
    assert "L’âge de cette personne n’est pas dit" in unknowns(fire).data
    left = export_file(fire, tmp_path / "c2.ged", clear(fire))
    assert (tmp_path / "c2.ged").read_text(encoding="utf-8").count(" INDI") == 1
    assert [each.count for each in left if each.what == "persons"] == [1]


def test_a_month_counts_them_neither() -> None:
    several = person("B", role="children", label="Ses enfants", arrival="2024-03")
    case = household({"persons": [person("A"), several], "filiations": child_of("B", "A")})
    for month in ("2024-02", "2024-03"):
        words = course(case, months=[month]).moments[0].words
        assert words == (
            "1 personne, ses enfants, dont le nombre n’est pas dit, 0 service ou autre personne et 0 lien."
        )


@pytest.mark.parametrize(
    "cells",
    [
        {"age": "4"},
        {"age_band": "0-2"},
        {"birth_order": "1"},
        {"life": "expected"},
        {"index": "true"},
        {"birth": "2020"},
    ],
)
def test_what_is_told_of_one_person_is_refused_of_several(cells: dict[str, str], tmp_path: Path) -> None:
    rows = sound_rows()
    several = rows["persons"][2] | {"role": "children", "age": ""}
    rows["persons"][2] = several
    assert validate(write_rows(tmp_path / "sound", rows)) == []
    rows["persons"][2] = several | cells
    faults = validate(write_rows(tmp_path / "wrong", rows))
    assert ("persons.csv", 4, next(iter(cells))) in [(each.file, each.row, each.column) for each in faults]
    assert RULE in " ".join(map(str, faults))


def test_a_mother_with_children_of_unknown_number_is_a_lone_mother_in_a_workbook() -> None:
    home = {"residence": "household", "life": "alive"}
    assert _composition([{"id": "A", "role": "mother", **home}, {"id": "B", "role": "children", **home}], []) == (
        "lone_mother"
    )
