"""Where households lived, month after month: one line a household, courses of a kind together, its medoid first."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from clss_analysis.layout.chart import Scale, axis
from clss_analysis.layout.geometry import Label, Layout, Mark, Symbol
from clss_analysis.layout.page import (
    HEADING,
    MARGIN,
    PLAIN,
    PORTRAIT,
    STRONG,
    Entry,
    NothingToDrawError,
    Part,
    block,
    compose,
)
from clss_analysis.layout.text import block_size, line_height, text_width
from clss_analysis.layout.words import counted
from clss_analysis.measures import STATES, as_sequences, monthly_states, sequence_distances, sequence_types
from clss_analysis.records import Records, Row, message

_LEFT, _ROW, _BAR, _MOST = 42.0, 5.4, 4.6, 34
_UNKNOWN = "?"


def lay_out(records: Records, *, months: int = 12, kinds: int = 3, lang: str = "fr") -> Layout:
    """Lay out the housing situations of households by month of their accompaniment, as an index plot.

    Args:
        records: the dataset.
        months: length of the courses, from intake.
        kinds: of course, at most (optimal matching, average linkage).
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: fewer than three households whose intake and situations are told, or more than a page holds.

    >>> import clss_analysis as clss
    >>> clss.figures.courses(clss.read("data/demo")).geometry.kind
    'courses'
    """
    states = monthly_states(records, months=months)
    sequences = as_sequences(states)
    if not 3 <= len(sequences) <= _MOST:
        raise NothingToDrawError(message("measures.courses.nothing", lang))
    typed = sequence_types(sequence_distances(sequences), kinds)
    typed = typed.sort_values(["kind", "medoid", "distance", "household"], ascending=[True, False, True, True])
    names = dict(zip(records.households["id"], records.households["label"], strict=True))
    groups = [(int(str(kind)), [str(name) for name in rows["household"]]) for kind, rows in typed.groupby("kind")]
    said = [
        message(
            "measures.courses.medoid",
            lang,
            kind=kind,
            n=len(members),
            name=names[members[0]],
            course=_spoken(sequences[members[0]], lang),
        )
        for kind, members in groups
    ]
    present = [state for state in STATES if any(state in each for each in sequences.values())]
    notes = [message("measures.courses.limits", lang)]
    if states.attrs["unknown"]:
        notes.append(counted("measures.left_out", states.attrs["unknown"], lang))
    rows = records.situations[records.situations["household"].isin(set(sequences))]["id"]
    return compose(
        "courses",
        records,
        lambda top: _body(groups, sequences, names, months, lang, top),
        title=message("measures.courses.title", lang),
        caption=message("measures.courses.caption", lang, n=len(sequences), kinds=len(groups)),
        alt=" ".join(said),
        rows=[Row("situations", row) for row in sorted(rows)],
        lang=lang,
        entries=[Entry(_state(state, lang), _sample(state), 8.0) for state in present],
        notes=notes,
    )


def _state(state: str, lang: str) -> str:
    return message(f"measures.state.{'unknown' if state == _UNKNOWN else state}", lang)


def _spoken(course: tuple[str, ...], lang: str) -> str:
    runs = [(state, sum(1 for _ in same)) for state, same in groupby(course)]
    return ", ".join(counted("measures.courses.run", n, lang, state=_state(state, lang)) for state, n in runs)


def _body(
    groups: list[tuple[int, list[str]]],
    sequences: dict[str, tuple[str, ...]],
    names: dict[str, str],
    months: int,
    lang: str,
    top: float,
) -> Part:
    scale = Scale(0, months, _LEFT, PORTRAIT - MARGIN)
    part, y = Part(top), top
    for kind, members in groups:
        head = block(
            f"kind-{kind}", counted("measures.courses.kind", len(members), lang, kind=kind), (MARGIN, y), 150, HEADING
        )
        y = head.box[3] + 0.8
        part += Part(y, labels=(head,))
        for rank, name in enumerate(members):
            part += _course(name, names[name], sequences[name], scale, y, lang, medoid=rank == 0)
            y += _ROW
        y += 2.2
    return part + axis(scale, [(n, str(n)) for n in range(0, months + 1, 3)], y, message("measures.courses.axis", lang))


def _course(
    household: str, name: str, course: tuple[str, ...], scale: Scale, y: float, lang: str, *, medoid: bool
) -> Part:
    symbols: list[Symbol] = []
    labels: list[Label] = [_name(household, name, y, medoid=medoid)]
    month = 0
    for state, run in ((state, sum(1 for _ in same)) for state, same in groupby(course)):
        box = (scale(month) + 0.15, y, scale(month + run) - 0.15, y + _BAR)
        month += run
        if state == _UNKNOWN:
            continue
        each = f"{household}-{month - run}"
        symbols.append(Symbol(each, "node", box, f"state-{state}"))
        word = message(f"measures.state.{state}.short", lang)
        if text_width(word, 7.5) < box[2] - box[0] - 1.6:
            broad, high = block_size((word,), 7.5)
            role = "inverse" if state in ("roofless", "houseless") else "text"
            place = (box[0] + 0.8, y + (_BAR - high) / 2, box[0] + 0.8 + broad, y + (_BAR + high) / 2)
            labels.append(Label(f"{each}-word", place, (word,), each, 7.5, role=role))
    return Part(y + _BAR, tuple(symbols), (), tuple(labels))


def _name(household: str, name: str, y: float, *, medoid: bool) -> Label:
    voice = STRONG if medoid else PLAIN
    while text_width(name, voice.size, voice.face) > _LEFT - MARGIN - 2:
        name = name[:-2].rstrip() + "…"
    return block(
        f"{household}-name", name, (MARGIN, y + (_BAR - line_height(voice.size)) / 2), _LEFT - MARGIN - 1, voice
    )


def _sample(state: str) -> Callable[[float, float], Part]:
    return lambda x, y: Part(y, marks=(Mark(((x, y - 1.6), (x + 8, y + 1.6)), f"state-{state}"),))
