"""Which sets of problems and impacts are told of which sets of households: the concept lattice."""

from __future__ import annotations

import pandas as pd

from clss_analysis.measures.counts import pairs_of
from clss_analysis.privacy import clear
from clss_analysis.records import Records
from clss_analysis.records.arguments import least as whole_from

MOST_HOUSEHOLDS = 100  # households: concepts may double with each, and a page shows some twenty


def concept_lattice(
    records: Records, rows: str = "housing_problems", columns: str = "health_impacts", *, least: int = 1
) -> pd.DataFrame:
    """List the concepts of households by the codes of two tables, the widest first.

    A concept is a set of codes with all the households of which all these codes are told, neither of which can grow
    without the other shrinking.  A concept lies below another where its households are some of the other's.  Only
    households that may be told, and of which both tables say something, are objects: a lattice tells household by
    household who shares what.

    Args:
        records: the dataset.
        rows: table of the first codes, such as `housing_problems`.
        columns: table of the second codes, such as `health_impacts`.
        least: fewest households of a concept that is listed; above 1 it leaves the upper part of the lattice.

    Returns:
        One line per concept: `concept` (from 1), `households` (number), `members` (their ids), `rows` and `columns`
        (all its codes of either table), `own_rows` and `own_columns` (those that no concept above it has), `own`
        (households that lie in no concept listed below it) and `below` (the concepts next below); lists are joined by
        commas.  `.attrs` tells `known`, `unknown` (households of which a table says nothing), `left_out` (those that
        may only be counted; both None where withheld), `concepts` (of the whole lattice that has a household), `least`
        and `units`.

    Raises:
        ValueError: a table has no code to count by, `least` is below 1, or there are more than 100 households: the
            number of concepts may double with each.
        NotClearedError: a household has no consent.

    Source: Ganter & Wille (1999), Formal Concept Analysis, ch. 1; computed by the library `concepts`; the upper part
    is the iceberg lattice of Stumme et al. (2002).

    >>> import clss_analysis as clss
    >>> lattice = concept_lattice(clss.read("data/demo"), least=8)
    >>> lattice[["households", "columns"]].head(3).to_numpy().tolist()
    [[20, ''], [11, 'anxiety'], [10, 'stress']]
    """
    whole_from("least", least, 1)
    told = clear(records).told
    first, second, _, about = pairs_of(records, rows, columns)
    objects = [each for each in first.index if each in told]
    if len(objects) > MOST_HOUSEHOLDS:
        raise ValueError(f"a lattice of more than {MOST_HOUSEHOLDS} households is not computed; got {len(objects)}")
    marks = pd.concat({"rows": first.loc[objects], "columns": second.loc[objects]}, axis=1)
    lines = _lines(marks, least) if objects and len(marks.columns) else []
    names = ["households", "members", "rows", "columns", "own_rows", "own_columns", "own", "below"]
    frame = pd.DataFrame([line[1:] for line in lines], columns=names)
    frame.insert(0, "concept", range(1, len(frame) + 1))
    frame = frame.astype(dict.fromkeys(("members", *names[2:]), "string") | dict.fromkeys(names[:1], "Int64"))
    frame.attrs = {
        "rows": rows,
        "columns": columns,
        "known": len(objects),
        "unknown": about["unknown"],
        "left_out": None if about["known"] is None else about["known"] - len(objects),
        "concepts": lines[0][0] if lines else 0,
        "least": least,
        "units": {"households": "households", "below": "concepts"},
    }
    return frame


def _lines(marks: pd.DataFrame, least: int) -> list[tuple[object, ...]]:
    """The concepts with at least so many households, widest first, each after the number of all."""
    from concepts import Context

    codes = {":".join(pair): pair for pair in marks.columns.to_flat_index()}
    objects = [str(each) for each in marks.index]
    lattice = Context(objects, list(codes), [tuple(map(bool, line)) for line in marks.to_numpy()]).lattice
    every = [each for each in lattice if each.extent]
    order = {name: rank for rank, name in enumerate(codes)}
    listed = sorted(
        (each for each in every if len(each.extent) >= least),
        key=lambda each: (-len(each.extent), [order[name] for name in each.intent]),
    )
    number = {each.extent: rank for rank, each in enumerate(listed, start=1)}
    lines: list[tuple[object, ...]] = []
    for each in listed:
        above = {name for upper in each.upper_neighbors for name in upper.intent}
        under = sorted(number[lower.extent] for lower in each.lower_neighbors if lower.extent in number)
        deeper = {name for lower in each.lower_neighbors if lower.extent in number for name in lower.extent}
        intents = [
            ",".join(codes[name][1] for name in each.intent if codes[name][0] == side and name not in without)
            for without in (set(), above)
            for side in ("rows", "columns")
        ]
        own = ",".join(name for name in each.extent if name not in deeper)
        lines.append((len(every), len(each.extent), ",".join(each.extent), *intents, own, ",".join(map(str, under))))
    return lines
