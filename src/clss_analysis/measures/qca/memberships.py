"""Which household belongs to which set: the criteria of the intake rule, chosen conditions, and the outcome."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.records import Records, codes

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
    cleared = clear(records)
    households = records.households.set_index("id")
    told = [each for each in households.index if each in cleared.told]
    criteria = records.criteria.assign(met=records.criteria["met"].astype("Float64"))
    grid = criteria.pivot_table(index="household", columns="criterion", values="met", aggfunc="first", dropna=False)
    frame = grid.reindex(index=told, columns=list(codes("criterion"))).astype("Float64")
    calibration = dict.fromkeys(frame.columns, "crisp: criterion met or not, as assessed")
    for name, series in (conditions or {}).items():
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
