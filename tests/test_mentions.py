"""What a told household, a theme or a translation says of a household that may only be counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from records_sample import sound_rows, write_rows

from clss_analysis.privacy import clear
from clss_analysis.privacy.passages import require_decided
from clss_analysis.privacy.review import decide, undecided
from clss_analysis.records import Records, read
from clss_analysis.records.faults import NotClearedError

ROWS = sound_rows()
CONSENTS = [
    ROWS["consents"][0],
    ROWS["consents"][0] | {"id": "CO2", "scope": "counted"},
]


def house(folder: Path, told: str = "", counted: str = "", label: str = "Mme B", code: str = "M2") -> Records:
    """Household A, which may be told and says `told`, beside another of a label and id, which may only be counted."""
    first, second = ROWS["households"]
    event = {"source": "essai", "reading": "false", "kind": "contact", "label": "Vu", "lane": "support", "order": "1"}
    rows = ROWS | {
        "consents": CONSENTS,
        "households": [first, second | {"id": code, "label": label, "consent": "CO2"}],
        "persons": [
            each if each["household"] == "A" else each | {"household": code, "id": f"{code}1"}
            for each in ROWS["persons"]
        ],
        "actors": ROWS["actors"][:1],
        "events": [
            event | {"id": "AE1", "household": "A", "detail": told},
            event | {"id": "BE1", "household": code, "detail": counted},
        ],
    }
    write_rows(folder, rows)
    return read(folder)


def places(records: Records) -> list[str]:
    return [each.text[each.finding.start : each.finding.end] for each in undecided(records)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sa voisine Mme B est venue.", "Mme B"),
        ("Sa voisine madame\u202fB, est venue.", "madame\u202fB"),
        ("La famille B part jeudi.", "famille B"),
        ("mevrouw B's zoon", "mevrouw B"),
        ("Le ménage M2 part jeudi.", "M2"),
        ("(M2)", "M2"),
        ("vu M%32 hier", "M%32"),
    ],
)
def test_a_household_that_is_only_counted_is_not_told_of_by_another(tmp_path: Path, text: str, found: str) -> None:
    records = house(tmp_path, told=text)
    assert places(records) == [found]
    for asked in (records, records.case("A")):
        with pytest.raises(NotClearedError):
            clear(asked)


@pytest.mark.parametrize("text", ["Plan B", "20 m2 à peine", "la lettre B", "Mme A est venue", "le plan M22", "Mme Ba"])
def test_what_only_looks_like_a_sign_is_left(tmp_path: Path, text: str) -> None:
    assert "untold_household" not in {each.finding.rule for each in undecided(house(tmp_path, told=text))}


def test_a_translation_of_its_own_words_is_its_own_and_one_of_others_is_not(tmp_path: Path) -> None:
    records = house(tmp_path, told="Elle va mieux.")
    said = {("households", "M2", "label"): {"nl": "Mevrouw B"}, ("events", "AE1", "detail"): {"nl": "Mevrouw B is weg"}}
    found = undecided(replace(records, translations=said))
    assert [each.row for each in found if each.finding.rule == "untold_household"] == ["AE1"]


def test_its_own_words_do_not_leave_and_are_not_asked_about(tmp_path: Path) -> None:
    records = house(tmp_path, counted="Mme B a reçu un préavis, comme tout le ménage M2.")
    assert places(records) == []
    assert clear(records).told == {"A"}


@pytest.mark.parametrize(
    ("label", "text", "found"),
    [
        ("Les Tilleuls 3", "vu aux « les tilleuls 3 » hier", "les tilleuls 3"),
        ("Ménage monoparental", "Un ménage monoparental parmi d’autres.", None),
        ("B", "Plan B ; le ménage B.", "ménage B"),
    ],
)
def test_a_label_is_a_sign_where_it_holds_a_letter_a_number_or_a_name(
    tmp_path: Path, label: str, text: str, found: str | None
) -> None:
    assert places(house(tmp_path, told=text, label=label, code="QQ")) == ([found] if found else [])


def test_a_theme_and_a_translation_are_asked_about_too_and_a_decision_opens_the_gate(tmp_path: Path) -> None:
    records = house(tmp_path, told="Elle va mieux.")
    assert [each.finding.rule for each in undecided(records, beside={("theme", "fr", "Mme B part."): ["récit"]})] == [
        "untold_household"
    ]
    said = house(tmp_path / "other", told="Sa voisine Mme B est venue.")
    (found,) = undecided(said)
    kept = decide(said, [found.kept("keep", "not_a_person", "research", "2026-01")], {})
    assert undecided(kept) == ()
    masked = decide(said, (), {found.key: {found.finding: ""}})
    assert next(iter(masked.events["detail"])) == "Sa voisine [nom] est venue."
    assert clear(masked).told == {"A"}


def test_finished_text_that_speaks_of_it_is_stopped_at_the_door(tmp_path: Path) -> None:
    cleared = clear(house(tmp_path, told="Elle va mieux."))
    require_decided({("book", "fr", "La mère de Mme C va mieux."): ["03-lecons.md, ligne 3"]}, cleared)
    for text in ("La mère de Mme B boit.", "Le ménage M2 part."):
        with pytest.raises(NotClearedError) as told:
            require_decided({("book", "fr", text): ["03-lecons.md, ligne 3"]}, cleared)
        assert "03-lecons.md, ligne 3" in str(told.value)
        assert "M2" not in str(told.value)
