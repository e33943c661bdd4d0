"""The figures of a whole dataset: what the project is made of, with whom, when, and what people say of it."""

from __future__ import annotations

from clss_analysis import layout
from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.records import Records


def axes(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the axes of the action plan (`layout.axes`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> axes(clss.read("data/publication")).geometry.kind
    'axes'
    """
    return draw(layout.axes(records, lang=lang))


def consequences(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the consequences of bad housing, by domain of life (`layout.consequences`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> consequences(clss.read("data/publication")).geometry.kind
    'consequences'
    """
    return draw(layout.consequences(records, lang=lang))


def phasing(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the phases of the project on an axis of months (`layout.phasing`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> phasing(clss.read("data/publication")).geometry.kind
    'phasing'
    """
    return draw(layout.phasing(records, lang=lang))


def process(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the steps of an individual accompaniment (`layout.process`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> process(clss.read("data/publication")).geometry.kind
    'process'
    """
    return draw(layout.process(records, lang=lang))


def collective(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the aims of the collective accompaniment (`layout.collective`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> collective(clss.read("data/publication")).geometry.kind
    'collective'
    """
    return draw(layout.collective(records, lang=lang))


def initiatives(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the initiatives against anxiety (`layout.initiatives`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> initiatives(clss.read("data/publication")).geometry.kind
    'initiatives'
    """
    return draw(layout.initiatives(records, lang=lang))


def partners(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the partners of the project (`layout.partners`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> partners(clss.read("data/publication")).geometry.kind
    'partners'
    """
    return draw(layout.partners(records, lang=lang))


def strengths(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the strengths of the project (`layout.strengths`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> strengths(clss.read("data/publication")).geometry.kind
    'strengths'
    """
    return draw(layout.strengths(records, lang=lang))


def synoptic(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the synoptic scheme of the project (`layout.synoptic`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> synoptic(clss.read("data/publication")).geometry.kind
    'synoptic'
    """
    return draw(layout.synoptic(records, lang=lang))


def testimonies(records: Records, *, lang: str = "fr") -> Drawing:  # noqa: PT028  # no test, for all its name
    """Draw the testimonies (`layout.testimonies`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind.

    >>> import clss_analysis as clss
    >>> testimonies(clss.read("data/publication")).geometry.kind
    'testimonies'
    """
    return draw(layout.testimonies(records, lang=lang))
