"""The charts of the measures: what comes together, how long it took, which courses and combinations, what is said."""

from __future__ import annotations

from collections.abc import Collection

from clss_analysis import layout
from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.records import Records


def associations(
    records: Records, *, rows: str = "housing_problems", columns: str = "health_impacts", lang: str = "fr"
) -> Drawing:
    """Draw the pairs of a problem and an impact that chance explains least, by `measures.association`.

    Args:
        records: the dataset.
        rows: table of the problems.
        columns: table of the impacts, health_impacts or domain_impacts.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: no pair can be shown, for want of households or by the gate.

    >>> import clss_analysis as clss
    >>> len(associations(clss.read("data/demo")).geometry.symbols)
    13
    """
    return draw(layout.associations(records, rows=rows, columns=columns, lang=lang))


def waiting(records: Records, *, event: str = "rehousing", lang: str = "fr") -> Drawing:
    r"""Draw the share of households still waiting, month after month, by `measures.kaplan_meier`.

    Args:
        records: the dataset.
        event: what is waited for, rehousing, eviction or closing.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: fewer households than may be shown, or it happened to none of them.

    >>> import clss_analysis as clss
    >>> waiting(clss.read("data/demo"), event="eviction").geometry.title
    'De l’entrée à l’expulsion\u202f: combien attendent encore'
    """
    return draw(layout.waiting(records, event=event, lang=lang))


def courses(records: Records, *, months: int = 12, kinds: int = 3, lang: str = "fr") -> Drawing:
    """Draw where each household lived, month after month, by `measures.monthly_states` and `sequence_types`.

    Args:
        records: the dataset; only households that may be told are drawn.
        months: length of the courses, from intake.
        kinds: of course, at most.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: too few households whose intake and situations are told, or more than a page holds.
    """
    return draw(layout.courses(records, months=months, kinds=kinds, lang=lang))


def configurations(
    records: Records, *, kind: str = "conservative", consistency: float = 0.75, lang: str = "fr"
) -> Drawing:
    """Draw which combinations of criteria go with a solved housing problem, by `measures.qca`.

    Args:
        records: the dataset; only households that may be told are cases.
        kind: of the solution, conservative or parsimonious.
        consistency: least consistency of a combination that counts as sufficient, 0 to 1.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: too few cases, or no combination that is consistent enough.
    """
    return draw(layout.configurations(records, kind=kind, consistency=consistency, lang=lang))


def problems_impacts(
    records: Records,
    *,
    rows: str = "housing_problems",
    columns: str = "health_impacts",
    problems: Collection[str] | None = None,
    impacts: Collection[str] | None = None,
    lang: str = "fr",
) -> Drawing:
    """Draw the problems and the impacts told of the same households as a network of two columns.

    Args:
        records: the dataset.
        rows: table of the problems.
        columns: table of the impacts, health_impacts or domain_impacts.
        problems: codes to draw; default: all.
        impacts: codes to draw; default: all.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: no pair can be shown, for want of households or by the gate.

    >>> import clss_analysis as clss
    >>> len(problems_impacts(clss.read("data/demo"), problems=["health_damp"]).geometry.lines)
    11
    """
    return draw(
        layout.problems_impacts(records, rows=rows, columns=columns, problems=problems, impacts=impacts, lang=lang)
    )


def concept_lattice(
    records: Records, *, rows: str = "housing_problems", columns: str = "health_impacts", lang: str = "fr"
) -> Drawing:
    """Draw the sets of problems and impacts that sets of households share, by `measures.concept_lattice`.

    Args:
        records: the dataset; only households that may be told are drawn.
        rows: table of the problems.
        columns: table of the impacts.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: fewer than 3 households, more than 100, or nothing that two of them share.
    """
    return draw(layout.concept_lattice(records, rows=rows, columns=columns, lang=lang))


def saturation(records: Records, *, seed: int = 1, lang: str = "fr") -> Drawing:
    """Draw how many codes were met after so many households, by `measures.saturation`.

    Args:
        records: the dataset; only households that may be told are cases.
        seed: of the random orders that the curve is set beside.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: fewer than 3 coded households, or more than 60.
    """
    return draw(layout.saturation(records, seed=seed, lang=lang))


def framework(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw what each household says of each theme, by `measures.framework_matrix`.

    Args:
        records: the dataset; only households that may be told are rows.
        lang: fr, nl or en.

    Returns:
        The first page; `following` has the others.

    Raises:
        NothingToDrawError: no statement of such a household is coded, or there are more than 4 themes or 8 pages.
    """
    first, *rest = (draw(page) for page in layout.framework_pages(records, lang=lang))
    first.following = tuple(rest)
    return first
