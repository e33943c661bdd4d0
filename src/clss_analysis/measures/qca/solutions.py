"""Conservative, parsimonious and intermediate solutions of a truth table, their fit, and whether they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clss_analysis.measures.qca.logic import Term, covers, minimise, written
from clss_analysis.measures.qca.truth import consistency_pri, truth_table
from clss_analysis.records.arguments import nearest_first, one_of

KINDS = ("conservative", "parsimonious", "intermediate")


@dataclass(frozen=True, eq=False)
class Solution:
    """One solution: its kind, its models (several where the data do not decide), and the fit of the first.

    `paths` has one line per path of the first model: `path`, `consistency`, `pri`, `coverage`, `unique` (coverage by
    this path alone) and `cases` (above .5 in the path); the last line is the whole.  `assumed` are the remainders that
    the first model takes for leading to the outcome: combinations of which there is no case.
    """

    kind: str
    models: tuple[tuple[Term, ...], ...]
    conditions: tuple[str, ...]
    paths: pd.DataFrame
    assumed: tuple[Term, ...]

    def __str__(self) -> str:
        return written(self.models[0], self.conditions)


def solve(
    cases: pd.DataFrame, table: pd.DataFrame, kind: str = "conservative", *, expected: Mapping[str, bool] | None = None
) -> Solution:
    """Minimise a truth table.

    The conservative solution supposes nothing of combinations without cases; the parsimonious one whatever makes it
    short; the intermediate one what the directional expectations allow.

    Args:
        cases: the memberships that the table was made of.
        table: what `truth_table` gave.
        kind: conservative, parsimonious or intermediate.
        expected: for the intermediate one, conditions of which presence (True) or absence (False) is expected to help
            the outcome, from knowledge of the field; conditions not named are left as they are.

    Returns:
        The solution; without any combination that leads to the outcome, one empty model and only the whole in `paths`.

    Raises:
        ValueError: no such kind; a table that `truth_table` did not give; an intermediate solution without
            expectations, or one of a condition not there.

    Source: Ragin & Sonnett (2005): remainders that a term implies once literals against the expectations are dropped,
    within the parsimonious solution, are easy counterfactuals; ones and easy counterfactuals are minimised together.

    >>> cases = pd.DataFrame({"a": [1, 0], "b": [1, 0], "y": [1, 0]}, index=["x", "z"])
    >>> from clss_analysis.measures.qca import truth_table
    >>> [str(solve(cases, truth_table(cases, "y", ["a", "b"]), kind)) for kind in ("conservative", "parsimonious")]
    ['a*b', 'a']
    """
    one_of("kind", kind, KINDS)
    if "conditions" not in table.attrs:
        raise ValueError("table must be what truth_table gave, with its .attrs")
    conditions: tuple[str, ...] = table.attrs["conditions"]
    if kind == "intermediate" and not expected:
        raise ValueError("expected must be given for an intermediate solution: what helps the outcome, by condition")
    if strange := [name for name in (expected or {}) if name not in conditions]:
        raise ValueError(f"expected names no condition: {strange[0]}; there is {nearest_first(strange[0], conditions)}")
    ones, free = _rows(table, conditions, 1), _rows(table, conditions, None)
    allowed = {"conservative": [], "parsimonious": free}.get(kind)
    if allowed is None:
        allowed = _easy(ones, free, [(expected or {}).get(name) for name in conditions])
    models = minimise(ones, allowed)
    assumed = tuple(row for row in free if any(covers(term, row) for term in models[0]))
    return Solution(kind, models, conditions, fit(cases, table.attrs["outcome"], conditions, models[0]), assumed)


def fit(cases: pd.DataFrame, outcome: str, conditions: Sequence[str], terms: Sequence[Term]) -> pd.DataFrame:
    """Consistency, PRI and coverage of each path of a model and of the whole, with the cases of each."""
    y, names = cases[outcome].to_numpy(dtype=float), cases.index.astype(str).to_numpy()
    members = [_membership(cases, conditions, term) for term in terms]
    whole = np.max(members, axis=0) if members else np.zeros(len(cases))
    lines = []
    for place, (term, member) in enumerate(zip(terms, members, strict=True)):
        others = [each for rank, each in enumerate(members) if rank != place]
        without = np.max(others, axis=0) if others else np.zeros(len(cases))
        unique = _coverage(whole, y) - _coverage(without, y)
        lines.append(_line(written([term], conditions), member, y, names, unique))
    lines.append(_line("", whole, y, names, float("nan")))
    frame = pd.DataFrame(lines, columns=["path", "consistency", "pri", "coverage", "unique", "cases"])
    frame.attrs = {"units": dict.fromkeys(("consistency", "pri", "coverage", "unique"), "share, 0 to 1")}
    return frame


def _line(path: str, member: np.ndarray, y: np.ndarray, names: np.ndarray, unique: float) -> tuple[object, ...]:
    return path, *consistency_pri(member, y), _coverage(member, y), unique, ",".join(sorted(names[member > 0.5]))


def _membership(cases: pd.DataFrame, conditions: Sequence[str], term: Term) -> np.ndarray:
    member = np.ones(len(cases))
    for name, value in zip(conditions, term, strict=True):
        if value is not None:
            x = cases[name].to_numpy(dtype=float)
            member = np.minimum(member, x if value else 1 - x)
    return member


def _coverage(member: np.ndarray, y: np.ndarray) -> float:
    total = float(y.sum())
    return float(np.minimum(member, y).sum()) / total if total else float("nan")


def _rows(table: pd.DataFrame, conditions: Sequence[str], out: int | None) -> list[Term]:
    chosen = table["out"].isna() if out is None else table["out"].eq(out).fillna(value=False)
    return [tuple(int(value) for value in row) for row in table.loc[chosen, list(conditions)].itertuples(index=False)]


def _easy(ones: list[Term], free: list[Term], expected: list[bool | None]) -> list[Term]:
    """Remainders implied by conservative terms, freed of literals that go against what is expected."""
    terms = set()
    for short in (term for model in minimise(ones, free) for term in model):
        for long in (term for model in minimise(ones) for term in model):
            if covers(short, long):
                terms.add(tuple(_kept(*each) for each in zip(short, long, expected, strict=True)))
    return [row for row in free if any(covers(term, row) for term in terms)]


def _kept(short: int | None, long: int | None, expected: bool | None) -> int | None:  # noqa: FBT001  # a literal
    if short is not None or long is None or expected is None:
        return long
    return long if bool(long) == expected else None


def robustness(
    cases: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    *,
    kind: str = "conservative",
    consistency: Sequence[float] = (0.75, 0.8, 0.85, 0.9),
    pri: float = 0.0,
    frequency: int = 1,
    expected: Mapping[str, bool] | None = None,
) -> pd.DataFrame:
    """Solve again at each consistency threshold, and without each case in turn at the second threshold given.

    Args:
        cases: memberships of 0 to 1, one line per case.
        outcome: column of the outcome.
        conditions: columns of the conditions.
        kind: of the solution, as for `solve`.
        consistency: thresholds; the second (or only) one is the reference.
        pri: least PRI, as for `truth_table`.
        frequency: least number of cases, as for `truth_table`.
        expected: as for `solve`.

    Returns:
        One line per threshold and per case left out: `consistency_threshold`, `dropped` (a case, empty for none),
        `solution`, `models` (how many), `same` (as the reference), `consistency` and `coverage` of the whole.
        `.attrs` tells `same` (share of lines like the reference) and `units`.

    Raises:
        ValueError: as for `truth_table` and `solve`.

    >>> cases = pd.DataFrame({"a": [1, 1, 0], "y": [1, 1, 0]}, index=["u", "v", "w"])
    >>> robustness(cases, "y", ["a"])["same"].tolist()
    [True, True, True, True, True, True, True]
    """
    if not consistency:
        raise ValueError("consistency must be one threshold or more; got none")
    reference = consistency[min(1, len(consistency) - 1)]
    runs = [(threshold, "", cases) for threshold in consistency]
    runs += [(reference, str(name), cases.drop(index=name)) for name in cases.index]
    lines = []
    for threshold, dropped, left in runs:
        table = truth_table(left, outcome, conditions, consistency=threshold, pri=pri, frequency=frequency)
        solution = solve(left, table, kind, expected=expected)
        whole = solution.paths.iloc[-1]
        lines.append((threshold, dropped, str(solution), len(solution.models), whole["consistency"], whole["coverage"]))
    columns = ["consistency_threshold", "dropped", "solution", "models", "consistency", "coverage"]
    frame = pd.DataFrame(lines, columns=columns)
    same = frame["solution"] == frame["solution"].iloc[min(1, len(consistency) - 1)]
    frame.insert(4, "same", same)
    frame.attrs = {
        "same": float(same.mean()),
        "units": {"models": "models", "consistency": "share, 0 to 1", "coverage": "share, 0 to 1"},
    }
    return frame
