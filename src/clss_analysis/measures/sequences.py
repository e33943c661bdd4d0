"""Where households lived month after month, how far apart their courses are, and the kinds of course there are."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from numbers import Real

import numpy as np
import pandas as pd
import scipy

from clss_analysis.privacy import clear
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records
from clss_analysis.records.arguments import instance, least, one_of

GROUPS = {
    **dict.fromkeys(("e1", "e2"), "roofless"),
    **dict.fromkeys(("e3", "e4", "e5", "e6", "e7"), "houseless"),
    **dict.fromkeys(("e8", "e9", "e10"), "insecure"),
    **dict.fromkeys(("e11", "e12", "e13"), "inadequate"),
    "housed": "housed",
}
STATES = ("roofless", "houseless", "insecure", "inadequate", "housed")
"""What a household lives in at a month, from worst to best: the classes of ETHOS, and housed."""


def monthly_states(records: Records, *, months: int = 12) -> pd.DataFrame:
    """The situation of each household that may be told, at each of the first months of its accompaniment.

    A month has a state when a situation is told to hold then: from its first month, or else from the month after the
    last one of the situation before it, to its last month, which is within it as everywhere, or else to the month
    before the next one begins; the first situation on record is held to have begun before intake, the last one to hold
    until the closing or the last month told.  Of two that overlap the later one counts.  ETHOS categories are
    gathered into their four groups, and adequate housing.

    Args:
        records: the dataset.
        months: length of the sequences, counted from the month of intake.

    Returns:
        One line per household and month: `household`, `month` (0 is the month of intake), `state` (of `STATES`;
        `<NA>` where not told or not followed any more).  Households that may only be counted, or whose intake or
        situations are not told, are left out; `.attrs` tells how many (`unknown`), `months` and `units`.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> states = monthly_states(clss.read("data/demo"))
    >>> states["household"].nunique(), states.attrs["unknown"]
    (20, 0)
    """
    least("months", months, 1)
    records = ledger(records).records
    told = clear(records).told
    rows = records.situations.sort_values(["household", "order"], kind="stable")
    of = dict(iter(rows.groupby("household")))
    own = records.among(told)
    ends = pd.concat([own.events["month"], own.events["until"], own.households["closing"]]).dropna()
    last = None if ends.empty else ends.max()
    lines = []
    for household, intake, closing in records.households[["id", "intake", "closing"]].itertuples(index=False):
        if household not in told or household not in of or pd.isna(intake):
            continue
        end = closing if pd.notna(closing) else last
        held = _held(of[household])
        for month in range(months):
            now = intake + month
            followed = end is not None and now <= end
            lines.append((household, month, _at(held, now) if followed else None))
    frame = pd.DataFrame(lines, columns=["household", "month", "state"])
    frame = frame.astype({"household": "string", "month": "int64", "state": "string"})
    frame.attrs = {
        "months": months,
        "unknown": len(records.households) - frame["household"].nunique(),
        "units": {"month": "months from intake", "state": "ETHOS group"},
    }
    return frame


_Spell = tuple[str, pd.Period | None, pd.Period | None]


def _held(rows: pd.DataFrame) -> list[_Spell]:
    """Each situation with its first and its last month, both within it; None for one that cannot be told."""
    starts = [None if pd.isna(month) else month for month in rows["start"]]
    ends = [None if pd.isna(month) else month for month in rows["end"]]
    for rank in range(1, len(starts)):
        start, end = starts[rank], ends[rank - 1]
        if start is None and end is not None:
            starts[rank] = end + 1
        elif end is None and start is not None:
            ends[rank - 1] = start - 1
    return list(zip([GROUPS[code] for code in rows["ethos"]], starts, ends, strict=True))


def _at(held: list[_Spell], month: pd.Period) -> str | None:
    """The state at a month: of two situations told to hold then, the later one."""
    for rank in reversed(range(len(held))):
        group, first, last = held[rank]
        begun = first <= month if first is not None else rank == 0
        over = month > last if last is not None else rank + 1 < len(held)
        if begun:
            return None if over else group
    return None


METHODS = ("hamming", "lcs", "om")


def sequence_distances(
    sequences: Mapping[str, Sequence[Hashable]], method: str = "om", *, indel: float = 1.0, substitution: float = 2.0
) -> pd.DataFrame:
    """Distances between sequences of states, two by two.

    Args:
        sequences: states in order, by household; as `as_sequences` makes them of monthly states.
        method: hamming (number of places that differ), lcs (length of both less twice that of their longest common
            subsequence) or om (optimal matching: least cost of insertions, deletions and substitutions).
        indel: cost of an insertion or deletion, for om.
        substitution: cost of a substitution, the same for any two states, for om; 2 × indel gives lcs.

    Returns:
        A symmetric frame with the households in the order given, zeros on the diagonal; `.attrs` tells `method`, the
        costs and `units`.

    Raises:
        ValueError: no such method, a cost below 0, or sequences of unequal length for hamming.
        TypeError: no mapping, such as monthly states before `as_sequences`.

    Source: Gabadinho et al. (2011), TraMineR's `seqdist` with HAM, LCS and OM at constant costs.

    >>> sequence_distances({"a": "SUM", "b": "SUMM"}, "lcs").loc["a", "b"]
    np.float64(1.0)
    """
    one_of("method", method, METHODS)
    if any(not isinstance(cost, Real) or cost < 0 for cost in (indel, substitution)):
        raise ValueError(f"indel and substitution must be 0 or more; got {indel} and {substitution}")
    instance("sequences", sequences, Mapping, "a mapping of household to states, as as_sequences makes it")
    names = list(sequences)
    values = [tuple(sequences[name]) for name in names]
    if method == "hamming" and len({len(each) for each in values}) > 1:
        raise ValueError("hamming needs sequences of one length; choose lcs or om")
    costs = (1.0, 2.0) if method == "lcs" else (indel, substitution)
    known: dict[tuple[tuple[Hashable, ...], tuple[Hashable, ...]], float] = {}
    matrix = np.zeros((len(names), len(names)))
    for i, a in enumerate(values):
        for j, b in enumerate(values[:i]):
            if (a, b) not in known:
                known[a, b] = (
                    float(sum(x != y for x, y in zip(a, b, strict=True)))
                    if method == "hamming"
                    else _edit(a, b, *costs)
                )
            matrix[i, j] = matrix[j, i] = known[a, b]
    frame = pd.DataFrame(matrix, index=names, columns=names)
    frame.attrs = {"method": method, "indel": costs[0], "substitution": costs[1], "units": "cost, 0 for equal courses"}
    return frame


def as_sequences(states: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Monthly states as one tuple per household; a month of unknown state is the state « ? », like any other.

    Args:
        states: what `monthly_states` gave, in any order of rows.

    >>> as_sequences(pd.DataFrame({"household": ["A", "A"], "month": [1, 0], "state": ["housed", pd.NA]}))
    {'A': ('?', 'housed')}
    """
    instance("states", states, pd.DataFrame, "what monthly_states gave")
    if missing := [name for name in ("household", "month", "state") if name not in states]:
        raise ValueError(f"states must be what monthly_states gave; it has no column {', '.join(missing)}")
    ordered = states.sort_values(["household", "month"], kind="stable")
    filled = ordered["state"].astype(object).where(ordered["state"].notna(), "?")
    return {str(name): tuple(group) for name, group in filled.groupby(ordered["household"], sort=True)}


def _edit(a: tuple[Hashable, ...], b: tuple[Hashable, ...], indel: float, substitution: float) -> float:
    row = [indel * j for j in range(len(b) + 1)]
    for i, x in enumerate(a, start=1):
        diagonal, row[0] = row[0], indel * i
        for j, y in enumerate(b, start=1):
            best = min(diagonal + (0.0 if x == y else substitution), row[j] + indel, row[j - 1] + indel)
            diagonal, row[j] = row[j], best
    return float(row[-1])


def sequence_types(distances: pd.DataFrame, count: int) -> pd.DataFrame:
    """Gather households into kinds of course, by average linkage, and name the medoid of each.

    The medoid is a household that exists, and so can be told as a case; a kind is a way of reading, not a fact.

    Args:
        distances: what `sequence_distances` gave.
        count: number of kinds, at most; ties can make them fewer.

    Returns:
        One line per household, kinds by falling size: `kind` (from 1), `household`, `medoid` (whether it is the one),
        `distance` (to the medoid of its kind), `width` (silhouette, −1 to 1; NaN alone in its kind).  Of equals the
        household that comes first by name is the medoid.  `.attrs` tells `silhouette` (mean width) and `units`.

    Raises:
        ValueError: fewer than one kind, or fewer than two households.

    Source: average linkage (UPGMA) of `scipy.cluster.hierarchy`; Kaufman & Rousseeuw (1990) for medoid and silhouette.

    >>> from clss_analysis.measures import sequence_distances
    >>> kinds = sequence_types(sequence_distances({"a": "SSU", "b": "SSS", "c": "MMM"}), 2)
    >>> kinds.loc[kinds["medoid"], "household"].tolist()
    ['a', 'c']
    """
    least("count", count, 1)
    instance("distances", distances, pd.DataFrame, "what sequence_distances gave")
    if len(distances) < 2:
        raise ValueError(f"distances must be of two households or more; got {len(distances)}")
    if not (list(distances) == list(distances.index) and np.array_equal(distances, distances.T)):
        raise ValueError("distances must be symmetric and known, the same households in rows and columns")
    distances = distances.sort_index(axis=0).sort_index(axis=1)
    matrix = distances.to_numpy()
    tree = scipy.cluster.hierarchy.linkage(scipy.spatial.distance.squareform(matrix), "average")
    labels = scipy.cluster.hierarchy.fcluster(tree, count, "maxclust")
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    members.sort(key=lambda each: (-len(each), int(each[0])))
    lines = []
    for kind, group in enumerate(members, start=1):
        medoid = group[int(np.argmin(matrix[np.ix_(group, group)].sum(axis=1).round(9)))]
        for place in map(int, group):
            width = _width(matrix[place], place, group, [each for each in members if each is not group])
            lines.append((kind, str(distances.index[place]), place == medoid, matrix[place, medoid], width))
    frame = pd.DataFrame(lines, columns=["kind", "household", "medoid", "distance", "width"])
    frame.attrs = {
        "silhouette": float(frame["width"].mean()),
        "linkage": "average",
        "units": {"distance": "cost, as in the distances", "width": "silhouette, -1 to 1"},
    }
    return frame


def _width(distances: np.ndarray, place: int, own: np.ndarray, others: list[np.ndarray]) -> float:
    if len(own) < 2 or not others:
        return float("nan")
    within = float(distances[own[own != place]].mean())
    beyond = min(float(distances[each].mean()) for each in others)
    return (beyond - within) / max(beyond, within) if max(beyond, within) else 0.0
