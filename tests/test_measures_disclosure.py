"""The attack on our own publication finds what is given away, and nothing where all is withheld that must be."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
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
    numbers, tried = module._numbers, 0
    for seed in range(40):
        records = association(seed)
        entered = ledger(records)
        rows = entered.records.housing_problems
        homes = rows.groupby("problem")["household"].nunique()
        few = rows[rows["household"].isin(entered.only_counted)].groupby("problem")["household"].nunique()
        for code in few[few < records.threshold].drop("none", errors="ignore").index:
            trait = frozenset({("housing_problems", str(code))})

            def lets_slip(records: Records, trait=trait, n=int(homes[code])) -> object:
                said = numbers(records)
                return said._replace(traits=said.traits | {trait: n})

            monkeypatch.setattr(module, "_numbers", lets_slip)
            found = attack(records)
            monkeypatch.setattr(module, "_numbers", numbers)
            mine = found[(found["first"] == f"housing_problems.{code}") & (found["asked"] == "first")]
            other = found[(found["second"] == f"housing_problems.{code}") & (found["asked"] == "second")]
            assert len(mine) + len(other), (seed, code)
            tried += 1
        if tried > 2:
            return
    raise AssertionError("too few suppressions to try")


@pytest.mark.parametrize("said_twice", ["before_after", "indicators"])
def test_what_is_counted_once_more_gives_nothing_away_unless_it_is_shown(
    monkeypatch: pytest.MonkeyPatch, said_twice: str
) -> None:
    """A line that must be withheld beside the count of its code is found where it is shown."""
    records = told_and_counted(synthesise(60, 0), 20)
    assert attack(records).empty
    measure = getattr(module, said_twice)

    def shows_all(*asked: object) -> pd.DataFrame:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Ledger, "shows", lambda *_: True)
            return measure(*asked)

    monkeypatch.setattr(module, said_twice, shows_all)
    assert attack(records)["first"].str.startswith(said_twice).any()


def test_a_number_that_the_rows_do_not_bear_is_told(monkeypatch: pytest.MonkeyPatch, cohort: Records) -> None:
    said = module._numbers

    def lies(records: Records) -> object:
        numbers = said(records)
        shown = next(key for key, n in numbers.traits.items() if n)
        return numbers._replace(traits=numbers.traits | {shown: numbers.traits[shown] + 1})

    monkeypatch.setattr(module, "_numbers", lies)
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


@pytest.mark.parametrize(("threshold", "known"), [(5, True), (4, False)])
def test_a_number_between_two_small_ones_is_found(threshold: int, known: bool) -> None:
    """Three have both; four are they, those who have the first alone and those who lack it: three or four have it."""
    cells = np.zeros((1, 9), dtype=np.int64)
    cells[0, [0, 3, 8]] = 12, 1, 3  # nothing known; the first lacking, the second not known; both
    both, more = np.zeros((2, 9), dtype=np.int64)
    both[[7, 8]] = 1
    more[[3, 6, 7, 8]] = 1
    sums = [[(np.ones(9, dtype=np.int64), 16), (both, 3), (more, 4)]]
    _, found = module._worked_out(cells, sums, threshold, possible=np.ones(9, dtype=np.int64))
    assert ((1, "first") in found) is known
