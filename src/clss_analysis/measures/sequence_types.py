"""Courses that resemble each other, and the one of each kind that stands closest to all others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform


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
    if count < 1 or len(distances) < 2:
        raise ValueError("types need two households and one kind at the least")
    distances = distances.sort_index(axis=0).sort_index(axis=1)
    matrix = distances.to_numpy()
    labels = hierarchy.fcluster(hierarchy.linkage(squareform(matrix), "average"), count, "maxclust")
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
