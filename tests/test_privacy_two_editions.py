"""Two editions of generated associations, held against each other by integer programs: nothing small is pinned down.

The attack shares no code and no formulation with the ledger.  It takes each pair of codes, asks how many households of
each group stand in each of nine cells (not known, lacks, has; twice), and what the numbers of both editions leave open.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from test_privacy_ledger import CODES, Published, association, published

from clss_analysis.measures import attack
from clss_analysis.privacy import gate
from clss_analysis.privacy.editions import as_published
from clss_analysis.privacy.given_out import give_out
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records

PAIRS = int(os.environ.get("CLSS_ASSOCIATIONS", "12"))
CELLS = list(product(range(3), range(3)))
FIRST, SECOND = CODES


@pytest.fixture(autouse=True)
def _texts_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "undecided_texts", lambda _: 0)


@dataclass
class Edition:
    """What an edition says (the told subtracted), and of which groups of those who may only be counted."""

    said: Published
    groups: dict[str, frozenset[str]]
    states: pd.DataFrame


def states(records: Records, homes: frozenset[str]) -> pd.DataFrame:
    """0 not known, 1 lacks, 2 has: households by code."""
    frame = pd.DataFrame(0, index=sorted(homes), columns=[code for _, codes in CODES.values() for code in codes])
    for table, (column, codes) in CODES.items():
        rows = records.table(table)
        rows = rows[rows["household"].isin(homes)]
        frame.loc[sorted(set(rows["household"])), codes] = 1
        for home, code in zip(rows["household"], rows[column], strict=True):
            frame.loc[home, code] = 2
    return frame


def edition(records: Records, names: dict[str, str]) -> Edition:
    entered = ledger(records)
    groups: dict[str, set[str]] = {}
    for home in entered.only_counted:
        groups.setdefault(names.get(home, "new"), set()).add(home)
    all_of = frozenset(entered.only_counted)
    return Edition(
        published(entered.records), {name: frozenset(each) for name, each in groups.items()}, states(records, all_of)
    )


def told_of(key: frozenset[str], a: str, b: str) -> np.ndarray | None:
    """Which of the nine cells a number counts; None where it is of other codes."""
    if not key <= {FIRST, SECOND, a, b} or not key & {FIRST, SECOND}:
        return None
    need = [2 if code in key else 1 if table in key else 0 for table, code in ((FIRST, a), (SECOND, b))]
    return np.array([first >= need[0] and second >= need[1] for first, second in CELLS], dtype=float)


def pinned(editions: list[Edition], threshold: int) -> list[str]:
    """Cells and counts of few households, in one group or all, to which the numbers leave no other value."""
    names = sorted({name for each in editions for name in each.groups})
    if not names:
        return []
    found = []
    for a, b in product(CODES[FIRST][1][:-1], CODES[SECOND][1][:-1]):
        truth = np.zeros((len(names), 9))
        for each in editions:
            for place, name in enumerate(names):
                mine = each.states.loc[sorted(each.groups.get(name, ())), [a, b]]
                if len(mine):
                    truth[place] = [((mine[a] == first) & (mine[b] == second)).sum() for first, second in CELLS]
        rows, values = [np.kron(line, np.ones(9)) for line in np.eye(len(names))], list(truth.sum(axis=1))
        for each in editions:
            there = np.array([name in each.groups for name in names], dtype=float)
            for key, value in each.said.number.items():
                if value is not None and (cells := told_of(key, a, b)) is not None:
                    rows.append(np.kron(there, cells))
                    values.append(value)
        matrix, known = np.array(rows), np.array(values, dtype=float)
        assert np.allclose(matrix @ truth.ravel(), known), "what is published is not what is true"
        asked = [np.array([f(*cell) for cell in CELLS], dtype=float) for f in ASKED] + list(np.eye(9))
        for who, cells in product([*np.eye(len(names)), np.ones(len(names))], asked):
            goal = np.kron(who, cells)
            true = float(goal @ truth.ravel())
            if not 0 < true < threshold:
                continue  # to pin it down is to find what is true
            for sign in (1, -1):
                solved = milp(sign * goal, constraints=LinearConstraint(matrix, known, known),
                              integrality=np.ones(len(goal)), bounds=Bounds(0, np.inf))  # fmt: skip
                if sign * solved.fun != pytest.approx(true):
                    break
            else:
                found.append(f"{a} {b} {who} {cells}")
    return found


ASKED = (
    lambda x, _: x == 2, lambda x, _: x == 1, lambda x, _: x == 0,
    lambda _, y: y == 2, lambda _, y: y == 1, lambda _, y: y == 0,
    lambda x, y: x > 0 and y > 0,
)  # fmt: skip


CHANGES = ("leaves", "told", "narrowed", "corrected")


def two(seed: int, house: Path, whole: Records | None = None) -> tuple[Edition, Edition, Records]:
    """Two editions: some come in, and those who were in one may leave, be told or only counted, or have other rows."""
    (house / "clss.toml").write_text('name = "Le Seuil"\n', encoding="utf-8")
    dice = np.random.default_rng(seed)
    whole = association(seed) if whole is None else whole
    homes = list(whole.households["id"])
    late = set(
        dice.choice(
            homes, size=int(min(len(homes) - 1, dice.choice([1, 3, 8, 15, 30, len(homes) // 3]))), replace=False
        )
    )
    records = as_published(whole.among(set(homes) - late), house / "records")
    first = edition(records, names := dict.fromkeys(ledger(records).only_counted, "first"))
    give_out(records, house / "records", None)
    after = whole
    for change in dice.choice(CHANGES, size=int(dice.integers(0, 3)), replace=False):
        after = changed(after, str(change), str(dice.choice(sorted(set(homes) - late))))
    shown = as_published(after, house / "records")
    return first, edition(shown, names), shown


def changed(records: Records, change: str, home: str) -> Records:
    """The records after one household has left, may be told, may only be counted, or has no problem any more."""
    if change == "leaves":
        return records.among(set(records.households["id"]) - {home})
    if change == "corrected":
        rows = records.housing_problems
        return records.with_tables(housing_problems=rows[rows["household"] != home].reset_index(drop=True))
    rows = records.households
    rows.loc[rows["id"] == home, "consent"] = "t" if change == "told" else "c"
    return records.with_tables(households=rows)


@pytest.mark.parametrize("seed", range(PAIRS))
def test_two_editions_pin_down_no_small_count(seed: int, tmp_path: Path) -> None:
    first, second, shown = two(seed, tmp_path)
    assert pinned([first, second], shown.threshold) == []
    assert attack(shown).empty


def test_one_suppression_less_is_found(tmp_path: Path) -> None:
    tried = 0
    for seed in range(200):
        (house := tmp_path / str(seed)).mkdir()
        first, second, shown = two(seed, house)
        if set(second.groups) != {"first", "new"}:
            continue
        for table, (_, codes) in CODES.items():
            for code in codes[:-1]:
                key = frozenset({table, code})
                few = int((second.states.loc[sorted(second.groups["new"]), code] == 2).sum())
                if second.said.number.get(key, 0) is None and first.said.number.get(key) and 0 < few < shown.threshold:
                    whole = int((second.states[code] == 2).sum())
                    second.said.number[key] = whole
                    assert pinned([first, second], shown.threshold), (seed, code)
                    second.said.number[key] = None
                    tried += 1
        if tried >= 3:
            return
    raise AssertionError("too few suppressions to try")
