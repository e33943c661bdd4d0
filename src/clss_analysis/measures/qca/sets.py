"""From records and numbers to degrees of membership in sets, and which conditions are necessary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import numpy as np
import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records, codes
from clss_analysis.records.arguments import instance, one_of

_FULL = log(0.95 / 0.05)


def calibrate(values: pd.Series[float], *, out: float, crossover: float, full: float) -> pd.Series[float]:
    """Calibrate a number into a fuzzy set by the direct method, and record how.

    Args:
        values: one number per case; unknown stays unknown.
        out: value at which membership is .05, all but out of the set.
        crossover: value at which membership is .5, neither in nor out.
        full: value at which membership is .95; below `out` for a set of low values.

    Returns:
        Memberships, 0 to 1, `.attrs["calibration"]` telling method and anchors: chosen from knowledge of the cases,
        never from the result.

    Raises:
        ValueError: anchors that do not follow each other.

    Source: Ragin (2008), direct method, with log-odds of full membership at ln(.95/.05), as in R's QCA.

    >>> calibrate(pd.Series([300.0, 600, 720]), out=300, crossover=600, full=800).round(2).tolist()
    [0.05, 0.5, 0.85]
    """
    instance("values", values, pd.Series, "a series of numbers by case")
    if not (out < crossover < full or out > crossover > full):
        raise ValueError(f"anchors must follow each other: out, crossover, full; got {out}, {crossover}, {full}")
    numbers = values.astype(float)
    above = (numbers - crossover) / (full - crossover)
    below = (numbers - crossover) / (crossover - out)
    memberships = 1 / (1 + np.exp(-_FULL * above.where(above > 0, below).to_numpy()))
    result = pd.Series(memberships, index=values.index, name=values.name)
    result.attrs = {"calibration": {"method": "direct", "out": out, "crossover": crossover, "full": full}}
    return result


OUTCOME = "housing_solved"


def memberships(records: Records, conditions: Mapping[str, pd.Series[float]] | None = None) -> pd.DataFrame:
    """The cases of a configurational analysis: five criteria and further conditions, and whether housing was solved.

    Only households that may be told are cases, since the method names them.  The outcome is 1 where the accompaniment
    ended with the housing problem solved, 0 where it ended otherwise, unknown while it goes on.

    Args:
        records: the dataset.
        conditions: further conditions, memberships of 0 to 1 by household id; `calibrate` makes them of numbers.

    Returns:
        One line per household (index) whose memberships are all known: a column per criterion, per further condition,
        and `housing_solved`, floats of 0 to 1.  `.attrs` tells `unknown` (households left out since something is not
        told), `counted` (households that may only be counted), `calibration` by condition, and `units`.

    Raises:
        ValueError: a membership outside 0 to 1.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> len(memberships(clss.read("data/publication"))), len(memberships(clss.read("data/demo")))
    (0, 11)
    """
    records = ledger(records).records
    cleared = clear(records)
    households = records.households.set_index("id")
    told = [each for each in households.index if each in cleared.told]
    criteria = records.criteria.assign(met=records.criteria["met"].astype("Float64"))
    grid = criteria.pivot_table(index="household", columns="criterion", values="met", aggfunc="first", dropna=False)
    frame = grid.reindex(index=told, columns=list(codes("criterion"))).astype("Float64")
    calibration = dict.fromkeys(frame.columns, "crisp: criterion met or not, as assessed")
    for name, series in (conditions or {}).items():
        instance(f"conditions[{name!r}]", series, pd.Series, "a series of memberships by household id")
        if not series.dropna().between(0, 1).all():
            raise ValueError(f"memberships must lie between 0 and 1; those of {name} do not")
        frame[name] = series.reindex(told).astype("Float64")
        calibration[name] = series.attrs.get("calibration", "given")
    ended = households.loc[told, "outcome"].map(
        lambda code: pd.NA if pd.isna(code) or code == "ongoing" else float(code == OUTCOME)
    )
    frame[OUTCOME] = ended.astype("Float64")
    known = frame.dropna().astype(float)
    known.index.name, known.columns.name = "household", None
    known.attrs = {
        "unknown": len(told) - len(known),
        "counted": len(households) - len(told),
        "calibration": calibration,
        "units": "membership, 0 to 1",
    }
    return known


def necessity(cases: pd.DataFrame, outcome: str, conditions: Sequence[str]) -> pd.DataFrame:
    """Measure each condition, and its absence, as necessary for the outcome.

    A condition that every case has is consistent with any outcome and says nothing: see its relevance.

    Args:
        cases: memberships of 0 to 1, one line per case.
        outcome: column of the outcome.
        conditions: columns of the conditions.

    Returns:
        Two lines per condition: `condition` (with `~` where absent), `consistency` (share of the outcome within the
        condition), `coverage` (share of the condition within the outcome) and `relevance` (relevance of necessity, 0
        where the condition is next to constant); NaN in empty sets.  `.attrs["units"]`.

    Raises:
        ValueError: no such column.

    Source: Ragin (2006); relevance of necessity after Schneider & Wagemann (2012), p. 236.

    >>> table = necessity(pd.DataFrame({"a": [1, 1, 0], "y": [1, 0, 0]}), "y", ["a"]).set_index("condition")
    >>> table.loc["a"].tolist()
    [1.0, 0.5, 0.5]
    """
    y = cases[one_of("outcome", outcome, cases.columns)].to_numpy(dtype=float)
    for name in conditions:
        one_of("conditions", name, cases.columns)
    lines = []
    for name in conditions:
        present = cases[name].to_numpy(dtype=float)
        for said, x in ((name, present), (f"~{name}", 1 - present)):
            common = float(np.minimum(x, y).sum())
            spare = float((1 - np.minimum(x, y)).sum())
            lines.append((said, _share(common, y.sum()), _share(common, x.sum()), _share(float((1 - x).sum()), spare)))
    frame = pd.DataFrame(lines, columns=["condition", "consistency", "coverage", "relevance"])
    frame.attrs = {"units": dict.fromkeys(("consistency", "coverage", "relevance"), "share, 0 to 1")}
    return frame


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
