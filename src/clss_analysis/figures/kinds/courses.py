"""Where households lived, month after month: one line a household, courses of a kind together, its medoid first."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from matplotlib.axes import Axes

from clss_analysis.figures.chart import SIZE, draw_chart
from clss_analysis.figures.ink import Drawing
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.layout.text import text_width
from clss_analysis.measures import STATES, as_sequences, monthly_states, sequence_distances, sequence_types
from clss_analysis.palette import INK, PAPER, PLUM, SLATE
from clss_analysis.records import Records, Row, message
from clss_analysis.records.typography import counted, opening

FEWEST, MOST = 3, 34  # households: fewer have no kinds, more do not fit on a page
_ROW = 5.4  # millimetres a household
_NAMES, _WIDE = 30.0, 121.0  # millimetres that names and months take
_UNKNOWN = "?"
_LOOKS: dict[str, dict[str, Any]] = {  # from dark (no roof) to white (housed); an edge of its own for each pale one
    "roofless": {"facecolor": PLUM, "edgecolor": PLUM},
    "houseless": {"facecolor": SLATE, "edgecolor": SLATE},
    "insecure": {"facecolor": "#b9c6ce", "edgecolor": SLATE, "linewidth": 0.5, "linestyle": (0, (3, 1.5))},
    "inadequate": {"facecolor": "#efe4d3", "edgecolor": "#8a6a3a", "linewidth": 0.5},
    "housed": {"facecolor": PAPER, "edgecolor": SLATE, "linewidth": 1.1},
}
_DARK = ("roofless", "houseless")


def draw(records: Records, *, months: int = 12, kinds: int = 3) -> Drawing:
    """The housing situations of households by month of their accompaniment, as an index plot.

    Args:
        records: the dataset.
        months: length of the courses, from intake.
        kinds: of course, at most (optimal matching, average linkage).

    Raises:
        NothingToDrawError: fewer than three households whose intake and situations are told, or more than a page holds.

    >>> import clss_analysis as clss
    >>> clss.figures.courses(clss.read("data/demo")).geometry.kind
    'courses'
    """
    lang = records.lang
    states = monthly_states(records, months=months)
    sequences = as_sequences(states)
    if not FEWEST <= len(sequences) <= MOST:
        raise NothingToDrawError(message("measures.courses.nothing", lang))
    typed = sequence_types(sequence_distances(sequences), kinds)
    typed = typed.sort_values(["kind", "medoid", "distance", "household"], ascending=[True, False, True, True])
    names = dict(zip(records.households["id"], records.households["label"], strict=True))
    groups = {int(str(kind)): [str(name) for name in rows["household"]] for kind, rows in typed.groupby("kind")}
    said = [
        message(
            "measures.courses.medoid", lang, kind=kind, n=len(members), name=names[members[0]],
            course=_spoken(sequences[members[0]], lang),
        )
        for kind, members in groups.items()
    ]  # fmt: skip
    present = [state for state in STATES if any(state in each for each in sequences.values())]
    unknown = states.attrs["unknown"]
    rows = records.situations[records.situations["household"].isin(set(sequences))]["id"]
    return draw_chart(
        "courses",
        records,
        lambda axes: _plot(axes, groups, sequences, names, present, months, lang),
        height=_ROW * (len(sequences) + len(groups)),
        left=_NAMES,
        legend=2,
        title=message("measures.courses.title", lang),
        finding=opening(counted("measures.courses.finding", _moved(sequences), lang, of=len(sequences)), lang),
        caption=message("measures.courses.caption", lang, n=len(sequences), kinds=len(groups)),
        alt=" ".join(said),
        rows=[Row("situations", row) for row in sorted(rows)],
        notes=[
            message("measures.courses.limits", lang),
            *([counted("measures.left_out", unknown, lang)] if unknown else []),
        ],
    )


def _moved(sequences: dict[str, tuple[str, ...]]) -> int:
    """How many households are told to have lived in more than one situation."""
    return sum(len(set(course) - {_UNKNOWN}) > 1 for course in sequences.values())


def _state(state: str, lang: str) -> str:
    return message(f"measures.state.{'unknown' if state == _UNKNOWN else state}", lang)


def _runs(course: tuple[str, ...]) -> list[tuple[str, int]]:
    return [(state, sum(1 for _ in same)) for state, same in groupby(course)]


def _spoken(course: tuple[str, ...], lang: str) -> str:
    return ", ".join(counted("measures.courses.run", n, lang, state=_state(state, lang)) for state, n in _runs(course))


def _plot(
    axes: Axes,
    groups: dict[int, list[str]],
    sequences: dict[str, tuple[str, ...]],
    names: dict[str, str],
    present: list[str],
    months: int,
    lang: str,
) -> None:
    ticks: list[tuple[float, str, bool]] = []
    y = 0
    for kind, members in groups.items():
        head = counted("measures.courses.kind", len(members), lang, kind=kind)
        axes.text(0, y + 0.5, head, va="center", weight="semibold", gid=f"kind-{kind}")
        y += 1
        for rank, household in enumerate(members):
            ticks.append((y + 0.5, _short(names[household], bold=rank == 0), rank == 0))
            _course(axes, sequences[household], y + 0.5, months, lang)
            y += 1
    axes.set(xlabel=message("measures.courses.axis", lang))
    axes.set(xlim=(0, months), ylim=(y, 0), xticks=range(0, months + 1, 3))
    axes.set_yticks([at for at, _, _ in ticks], [name for _, name, _ in ticks])
    for tick, (_, _, medoid) in zip(axes.get_yticklabels(), ticks, strict=True):
        tick.set_fontweight("semibold" if medoid else "regular")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for state in present:  # the legend, in the order of states
        axes.fill([], [], label=_state(state, lang), **_LOOKS[state])


def _course(axes: Axes, course: tuple[str, ...], y: float, months: int, lang: str) -> None:
    month = 0
    for state, run in _runs(course):
        if state != _UNKNOWN:
            axes.barh(y, run - 0.03, 0.84, month, clip_on=False, **_LOOKS[state])
            word = message(f"measures.state.{state}.short", lang)
            if text_width(word, SIZE) < _WIDE * run / months - 2:
                axes.text(month + run / 2, y, word, ha="center", va="center", color=PAPER if state in _DARK else INK)
        month += run


def _short(name: str, *, bold: bool) -> str:
    while text_width(name, SIZE, "semibold" if bold else "regular") > _NAMES - 3:
        name = name[:-2].rstrip() + "…"
    return name
