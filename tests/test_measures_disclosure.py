"""The attack on our own publication finds what is given away, and nothing where all is withheld that must be."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_privacy_ledger import association, homes_of, of_rows, told_and_counted

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.measures import attack, counts, survival
from clss_analysis.measures.disclosure_changes import changes
from clss_analysis.measures.disclosure_joint import _safe, ends, steps_of_curves
from clss_analysis.privacy import gate
from clss_analysis.privacy.ledger import Ledger, ledger
from clss_analysis.records import Records, synthesise, write

module = importlib.import_module("clss_analysis.measures.disclosure")
at_both = importlib.import_module("clss_analysis.measures.changes")
ledger_module = importlib.import_module("clss_analysis.privacy.ledger")


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


@pytest.mark.parametrize("joint", [True, False], ids=["all shown", "who is followed forgotten"])
def test_what_became_of_a_code_gives_nothing_away_unless_it_is_shown(
    monkeypatch: pytest.MonkeyPatch, joint: bool
) -> None:
    records = told_and_counted(synthesise(40, 6), 0)
    entered = ledger(records)

    def found() -> list[list[object]]:
        said = module._compared(entered.records, module._numbers(entered.records))
        return changes(entered.records, [[], list(entered.only_counted)], [said], entered.threshold)[1]

    assert found() == []
    kept = at_both._kept
    forgets = {
        True: lambda *_: list(at_both._NUMBERS),
        False: lambda states, beside, each: kept(states, beside[:1], each),
    }
    monkeypatch.setattr(at_both, "_kept", forgets[joint])
    assert "ever 2, followed 0" in [line[-1] for line in found()]


def test_an_indicator_gives_nothing_away_unless_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that must be withheld beside the count of its code is found where it is shown."""
    records = told_and_counted(synthesise(60, 0), 20)
    assert attack(records).empty
    measure = module.indicators

    def shows_all(*asked: object) -> pd.DataFrame:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Ledger, "shows", lambda *_: True)
            return measure(*asked)

    monkeypatch.setattr(module, "indicators", shows_all)
    assert attack(records)["first"].str.startswith("indicators").any()


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


THREE = {(1, 1, 1): 3, (1, 1, 0): 5, (1, 0, 1): 5, (0, 1, 1): 5, (0, 1, 0): 5, (0, 0, 1): 5}
"""How many households have which of three traits: by two of them none or five and more, by all three three."""


def of_three() -> Records:
    kinds = [kind for kind, n in THREE.items() for _ in range(n)]
    raw: dict[str, list[dict[str, str]]] = {"housing_problems": [], "health_impacts": []}
    for n, kind in enumerate(kinds):
        problems = [code for code, has in zip(("health_damp", "health_toxic"), kind, strict=False) if has] or ["none"]
        raw["housing_problems"] += [{"household": f"H{n}", "problem": code} for code in problems]
        raw["health_impacts"].append({"household": f"H{n}", "symptom": "stress" if kind[2] else "none"})
    return told_and_counted(of_rows(homes_of(len(kinds)), raw), 0, 5)


def test_counts_of_two_do_not_give_away_few_who_have_three(monkeypatch: pytest.MonkeyPatch) -> None:
    records = of_three()
    assert attack(records).empty
    monkeypatch.setattr(counts, "given_away", lambda *_: ())
    counts.pairs_shown.cache_clear()
    found = attack(records)
    counts.pairs_shown.cache_clear()
    assert set(found["asked"]) == {"with health_impacts.stress: cell 222"}
    assert found["first"].tolist() == ["housing_problems.health_damp"]


def test_a_cell_that_is_called_safe_is_so() -> None:
    dice, tried = np.random.default_rng(1), 0
    kinds = np.indices((3, 3, 3)).reshape(3, -1)
    pairs = [(kinds[a] == x) & (kinds[b] == y) for a, b in ((0, 1), (0, 2), (1, 2)) for x in range(3) for y in range(3)]
    for _ in range(30):
        cells = dice.integers(0, 6, 27) * (dice.random(27) < 0.6)
        said = [(each.astype(np.int64), int(cells[each].sum())) for each in pairs]
        for cell in np.flatnonzero((cells > 0) & (cells < 4) & _safe(cells.reshape(3, 3, 3), 4).ravel())[:4]:
            low, high = ends(np.eye(27)[cell], said, np.ones(27, dtype=np.int64))
            assert low == 0 or high >= 4
            tried += 1
    assert tried > 50


def test_a_curve_of_finer_steps_is_found(cohort: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    course = module._coded(cohort, "events", list(cohort.households["id"]))
    told = sorted(gate.clear(cohort).told)

    def tried() -> list[tuple[str, str]]:
        return [
            each for _, found in steps_of_curves(cohort, 1, told, course, set(course), known=True) for each in found
        ]

    assert tried() == []
    monkeypatch.setattr(survival, "_steps", lambda waits, *_: sorted(set(waits["months"][waits["happened"]])))
    assert {event for event, _ in tried()} >= {"curve.rehousing", "curve.eviction"}


def test_words_of_those_who_may_only_be_counted_are_found_once_they_are_counted(
    cohort: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not how often somebody spoke, not which codes they were given, not where coders disagree."""
    every = gate.clear(cohort).counted
    assert module._of_words(cohort, every) == []
    monkeypatch.setattr(ledger_module, "without_words", lambda records, _=(): records)
    ledger_module._ledger.cache_clear()
    found = module._of_words(cohort, every)
    ledger_module._ledger.cache_clear()
    assert {"code_frequencies", "code_cooccurrence by statement", "coder_agreement"} <= set(found)
