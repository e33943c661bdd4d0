"""The attack on our own publication finds what is given away, and nothing where all is withheld that must be."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from test_privacy_ledger import association, told_and_counted

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.measures import attack
from clss_analysis.privacy import gate
from clss_analysis.privacy.ledger import Ledger, ledger
from clss_analysis.records import Records, synthesise, write

module = importlib.import_module("clss_analysis.measures.disclosure")


@pytest.fixture(autouse=True)
def _texts_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "undecided_texts", lambda _: 0)


@pytest.fixture(scope="module")
def cohort() -> Records:
    return told_and_counted(synthesise(40, 3), 10)


def test_nothing_small_is_given_away(cohort: Records) -> None:
    found = attack(cohort)
    assert found.empty
    assert found.attrs["editions"] == 1
    assert found.attrs["tried"] > 1000


def test_without_any_suppression_all_that_is_small_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ledger, "shows", lambda *_: True)
    found = attack(association(15))
    assert len(found) > found.attrs["tried"] / 3
    assert set(found["edition"]) == {0, 1}


def test_one_suppression_less_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    said, tried = module._said, 0
    for seed in range(40):
        records = association(seed)
        entered = ledger(records)
        rows = entered.records.housing_problems
        few = rows[rows["household"].isin(entered.only_counted)].groupby("problem")["household"].nunique()
        for code, homes in few[few < records.threshold].drop("none", errors="ignore").items():
            trait = frozenset({("housing_problems", str(code))})

            def lets_slip(*both: Records, trait=trait, homes=homes) -> object:
                numbers = said(*both)
                return numbers._replace(traits=numbers.traits | {trait: int(homes)})

            monkeypatch.setattr(module, "_said", lets_slip)
            found = attack(records)
            monkeypatch.setattr(module, "_said", said)
            mine = found[(found["first"] == f"housing_problems.{code}") & (found["asked"] == "first")]
            other = found[(found["second"] == f"housing_problems.{code}") & (found["asked"] == "second")]
            assert len(mine) + len(other), (seed, code)
            tried += 1
        if tried > 2:
            return
    raise AssertionError("too few suppressions to try")


def test_a_number_that_the_rows_do_not_bear_is_told(monkeypatch: pytest.MonkeyPatch, cohort: Records) -> None:
    said = module._said

    def lies(*both: Records) -> object:
        numbers = said(*both)
        shown = next(key for key, n in numbers.traits.items() if n)
        return numbers._replace(traits=numbers.traits | {shown: numbers.traits[shown] + 1})

    monkeypatch.setattr(module, "_said", lies)
    with pytest.raises(ArithmeticError, match="said otherwise"):
        attack(cohort)


def test_the_command_says_what_it_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLSS_LANG", "en")
    write(association(12), tmp_path / "few")
    assert main(["check", str(tmp_path / "few"), "--publication"]) == 0
    assert "none can be worked out" in capsys.readouterr().out
    monkeypatch.setattr(Ledger, "shows", lambda *_: True)
    assert main(["check", str(tmp_path / "few"), "--publication", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["gate"]["open"]
    assert "Do not publish" in " ".join(told["gate"]["report"])
    first, second = told["gate"]["publication"]["found"][0]
    assert first.split(".")[0] in clss.measures.CODED
    assert second


def test_a_dataset_that_counts_nobody_gives_nothing_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLSS_LANG", "en")
    write(synthesise(3, 1), tmp_path / "told")
    assert main(["check", str(tmp_path / "told"), "--publication"]) == 0
    assert "no household is counted" in capsys.readouterr().out
