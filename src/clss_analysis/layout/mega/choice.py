"""What of a network is drawn: the strongest links, their width classes, and how many stay out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from clss_analysis.layout.mega.order import Group
from clss_analysis.measures.ties import HOME, OTHERS, TieNetwork
from clss_analysis.records import codes

_PER_SERVICE = 1.5  # ties between services drawn, by service: more would fill the ring
_FEW = 60  # such ties that are always drawn: so many can be followed
_SPOKES = 2.0  # ties with households drawn, by service: one in either direction
_FEW_SPOKES = 180  # such ties that are always drawn
_HANDFUL = 10  # households: below, one household more or less would decide what is drawn, and all is


@dataclass(frozen=True, eq=False)
class Choice:
    """Links to draw (rows of the network's table), and for each sort how many fall below which number of households.

    `hidden_spokes` and `least_spoke` speak of links with the households, `hidden_chords` and `least_chord` of links
    between services.
    """

    links: pd.DataFrame
    hidden_spokes: int
    least_spoke: int
    hidden_chords: int
    least_chord: int


def choose(network: TieNetwork) -> Choice:
    """The strongest links, as many as can be read: one and a half per service, two per service with the households.

    Up to 60 links between services and 180 with the households are drawn whatever the number of services.  All links
    of one number of households are drawn or none.

    >>> import clss_analysis as clss
    >>> from clss_analysis.measures import tie_network
    >>> choose(tie_network(clss.read("data/publication"))).hidden_chords
    0
    """
    links = network.links
    home = (links["a"] == HOME) | (links["b"] == HOME)
    count = len(network.actors)
    spokes, least_spoke = _strongest(links[home], max(_FEW_SPOKES, int(_SPOKES * count)))
    chords, least_chord = _strongest(links[~home], max(_FEW, int(_PER_SERVICE * count)))
    return Choice(
        links=pd.concat([spokes, chords]).sort_index(),
        hidden_spokes=int(home.sum()) - len(spokes),
        least_spoke=least_spoke,
        hidden_chords=int((~home).sum()) - len(chords),
        least_chord=least_chord,
    )


def _strongest(links: pd.DataFrame, most: int) -> tuple[pd.DataFrame, int]:
    if len(links) <= most:
        return links, 1
    counts = links["households"].astype(int).sort_values(ascending=False)
    least = int(counts.iloc[most]) + 1
    if least > int(counts.iloc[0]):
        least = int(counts.iloc[0])
    return links[links["households"] >= least], least


def thresholds(numbers: Iterable[int]) -> tuple[int, ...]:
    """Where width classes start, at most four, round numbers of households, the smallest drawn number first.

    >>> thresholds([1, 3]), thresholds([1, 6]), thresholds([1, 20]), thresholds([5, 1000])
    ((1, 2, 3), (1, 2, 5), (1, 2, 10), (5, 20, 100, 500))
    """
    numbers = sorted(set(numbers))
    if not numbers:
        return ()
    least, most = numbers[0], numbers[-1]
    if most - least < 4:
        return tuple(range(least, most + 1))
    if most < _HANDFUL:
        return (least, *(start for start in (2, 5) if least < start <= most))
    starts: list[int] = []
    bound = most / 2
    while len(starts) < 3 and (step := _round_down(bound)) > least:
        starts.append(step)
        bound = step / (3 if len(starts) == 1 else 4)
    return (least, *sorted(starts))


def _round_down(value: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 … up to a value; 0 below one."""
    best, power = 0, 1
    while power <= value:
        best = max(step * power for step in (1, 2, 5) if step * power <= value)
        power *= 10
    return best


def rank(number: int, starts: tuple[int, ...]) -> int:
    """The width of a number, 1 to 4: the widths of few classes lie further apart.

    >>> [rank(n, (1, 2)) for n in (1, 6)], [rank(n, (1, 2, 10)) for n in (1, 9, 10)]
    ([1, 3], [1, 2, 4])
    """
    return widths(starts)[max(0, sum(number >= start for start in starts) - 1)]


def widths(starts: tuple[int, ...]) -> tuple[int, ...]:
    """The width of each class."""
    return ((2,), (1, 3), (1, 2, 4), (1, 2, 3, 4))[len(starts) - 1]


def grouped(actors: pd.DataFrame) -> dict[str, Group]:
    """Actors by sector in the order of the vocabulary, those of one institution together; unknown sector and others
    last ("" and `OTHERS`).
    """
    made: dict[str, Group] = {}
    services = actors[actors.index != OTHERS]
    for code in (*codes("sector"), ""):
        some = services[services["sector"].fillna("") == code]
        blocks: dict[str, list[str]] = {}
        for actor, institution in sorted(zip(some.index, some["institution"].fillna(""), strict=True)):
            blocks.setdefault(f"i {institution}" if institution else f"s {actor}", []).append(str(actor))
        if blocks:
            made[code] = tuple(tuple(blocks[name]) for name in sorted(blocks))
    if OTHERS in actors.index:
        made[OTHERS] = ((OTHERS,),)
    return made
