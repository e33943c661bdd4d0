"""The sociogenogram as a series of small pictures, a month each: everyone keeps the same place in all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from clss_analysis.layout.genogram.changes import Course, Moment, course, heading, month_words
from clss_analysis.layout.genogram.legend_entries import legend, legend_entries
from clss_analysis.layout.genogram.months import untold
from clss_analysis.layout.genogram.small_pictures import Frame, codes, extent, legend_samples, picture
from clss_analysis.layout.geometry import Layout, Symbol, overlaps
from clss_analysis.layout.page import (
    FINE,
    MARGIN,
    PORTRAIT,
    ROOM,
    SMALL,
    SMALL_STRONG,
    Entry,
    Part,
    Voice,
    block,
    compose,
)
from clss_analysis.layout.text import line_height, text_width
from clss_analysis.records import Case, message
from clss_analysis.records.typography import counted, listed

GAP = 6.0
_COLUMNS = 2
_MONTH = Voice(9.0, "semibold")
_MONTH_SIGNS = len("m2023-12")
_EVENT = Voice(7.0, "italic", "muted")


def sociogenogram_series(case: Case, months: Sequence[str] | None = None, *, lang: str = "fr") -> Layout:
    """Lay out the first sheet of a household's series; `sociogenogram_series_sheets` has them all.

    Args:
        case: the household.
        months: YYYY-MM each; default: intake, the months in which most changes (at most six), closing.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        The sheet.

    Raises:
        NothingToDrawError: nothing that changes the picture has a month.
        ValueError: one of `months` is no month.

    >>> import clss_analysis as clss
    >>> sociogenogram_series(clss.read("data/publication").case("C1")).quality["pictures"]
    2
    """
    return sociogenogram_series_sheets(case, months, lang=lang)[0]


def sociogenogram_series_sheets(
    case: Case, months: Sequence[str] | None = None, *, lang: str = "fr", whole: Layout | None = None
) -> tuple[Layout, ...]:
    """Lay out a household month by month, two small pictures a row, on as many A4 sheets as they take.

    Every picture is the same whole picture made smaller, with what is there in its month: who came since the picture
    before has a plus, what went is left as a dashed grey outline.  Letters (who lives) and numbers (who works) stand
    for the names, which each sheet lists; their text does not shrink.

    Args:
        case: the household.
        months: YYYY-MM each; default: intake, the months in which most changes (at most six), closing.
        lang: fr, nl or en, for all words that are not the record's own.
        whole: the household's sociogenogram without a date, where it is laid out already.

    Returns:
        The sheets.  `quality` has `pictures`, `sheet`, `sheets`, `format` (millimetres), `scale`, `overlaps`, and
        `moved`, the farthest that anything which stays moves between two pictures (millimetres).

    Raises:
        NothingToDrawError: nothing that changes the picture has a month.
        ValueError: one of `months` is no month.
    """
    told = course(case, months, lang=lang, whole=whole)
    body = extent(told)
    width = max(PORTRAIT, told.base.width)
    scale = min(0.6, ((width - 2 * MARGIN - GAP) / _COLUMNS) / (body[2] - body[0]))
    frame = Frame(body, scale, codes(told))
    moments = list(enumerate(told.moments))
    rows = [moments[i : i + _COLUMNS] for i in range(0, len(moments), _COLUMNS)]
    sheets = _dealt(rows, lambda part, first: _sheet(case, told, frame, part, lang, width, first=first))
    return tuple(_named(sheet, n, len(sheets), told, case, scale, lang) for n, sheet in enumerate(sheets, start=1))


Rows = list[list[tuple[int, Moment]]]


def _dealt(rows: Rows, sheet: Callable[[Rows, bool], Layout]) -> list[Layout]:
    """Rows of pictures on sheets: as many as a page of the book holds, one at least."""
    sheets: list[Layout] = []
    while rows:
        size = 1
        made = sheet(rows[:1], not sheets)
        while size < len(rows):
            more = sheet(rows[: size + 1], not sheets)
            if more.height > ROOM[PORTRAIT]:
                break
            size, made = size + 1, more
        sheets.append(made)
        rows = rows[size:]
    return sheets


def _sheet(case: Case, told: Course, frame: Frame, rows: Rows, lang: str, width: float, *, first: bool) -> Layout:
    def body(top: float) -> Part:
        part = Part(top)
        for row in rows:
            y = part.bottom + 2.5
            pitch = (width - 2 * MARGIN - GAP) / _COLUMNS + GAP
            heads = [_head(case, m, (MARGIN + i * pitch, y), pitch - GAP, lang) for i, (_, m) in enumerate(row)]
            low = max(head.bottom for head in heads) + 1.0
            for i, (n, moment) in enumerate(row):
                drawn = picture(told, n, frame, (MARGIN + i * pitch, low))
                at = (MARGIN + i * pitch, drawn.bottom + 1.2)
                words = block(f"m{moment.month}-words", moment.words, at, pitch - GAP, FINE)
                part += heads[i] + drawn + Part(words.box[3], labels=(replace(words, role="text"),))
        part += _key(told, frame, part.bottom + 4.0, width, lang)
        return part + legend(_entries(told, lang), y=part.bottom + 3.0, width=width, lang=lang) if first else part

    months = [moment for row in rows for _, moment in row]
    alt = " ".join(
        message("series.alt.month", lang, month=heading(case, moment.month, lang), words=moment.words)
        for moment in months
    )
    return compose(
        "sociogenogram-series",
        case,
        body,
        title=message("series.title", lang, case=case.label),
        finding=_finding(told, lang),
        caption="",
        alt=message("series.alt", lang, case=case.label, n=len(months), months=alt),
        rows=told.base.rows,
        lang=lang,
        width=width,
        notes=(message("sociogenogram.credit", lang),),
    )


def _finding(told: Course, lang: str) -> str:
    """How many persons and services come in and leave between the first month and the last."""
    ways = [(way, {i for m in told.moments for i in getattr(m, way) if i in told.names}) for way in ("came", "went")]
    said = [counted(f"series.finding.{way}", len(who), lang) for way, who in ways if who]
    first, last = (month_words(told.moments[n].month, lang) for n in (0, -1))
    return message("series.finding", lang, first=first, last=last, what=listed(said, lang)) if said else ""


def _named(sheet: Layout, number: int, sheets: int, told: Course, case: Case, scale: float, lang: str) -> Layout:
    first, last = (month_words(m.month, lang) for m in (told.moments[0], told.moments[-1]))
    bare, of = untold(case)
    caption = [message("series.caption", lang, case=case.label, n=len(told.moments), first=first, last=last)]
    caption += [message("series.sheets", lang, n=sheets)] * (sheets > 1)
    caption += [counted("series.unknown", bare, lang, of=of)] * bool(bare)
    quality = {
        "overlaps": len(overlaps(sheet)),
        "pictures": sum(label.id.endswith("-month") for label in sheet.labels),
        "sheet": number,
        "sheets": sheets,
        "format": f"{sheet.width:.0f} × {sheet.height:.0f} mm",
        "scale": round(scale, 3),
        "moved": _moved(sheet),
    }
    return replace(sheet, caption=" ".join(caption), quality=quality)


def _moved(sheet: Layout) -> float:
    """The farthest that anybody stands, in two pictures, from their place beside somebody in all (millimetres)."""
    pictures: dict[str, dict[str, Symbol]] = defaultdict(dict)
    for symbol in sheet.symbols:
        if symbol.kind != "legend":
            month, name = symbol.id[:_MONTH_SIGNS], symbol.id[_MONTH_SIGNS + 1 :]
            pictures[month][name] = symbol
    spots: dict[str, list[tuple[float, float]]] = defaultdict(list)
    shared = frozenset.intersection(*(frozenset(drawn) for drawn in pictures.values()))
    for drawn in pictures.values():
        still = drawn[min(shared, key=lambda name: (drawn[name].kind == "household", name))].box
        for name, symbol in drawn.items():
            if symbol.kind != "household":
                spots[name].append((symbol.box[0] - still[0], symbol.box[1] - still[1]))
    apart = [max(values) - min(values) for each in spots.values() for values in zip(*each, strict=True)]
    return round(max(apart, default=0.0), 2)


def _head(case: Case, moment: Moment, at: tuple[float, float], width: float, lang: str) -> Part:
    """The month in words, and what the record tells of it."""
    name = block(f"m{moment.month}-month", heading(case, moment.month, lang), at, width, _MONTH)
    part = Part(name.box[3], labels=(name,))
    events = case.events[case.events["month"] == moment.month].sort_values(["order", "id"])["label"].dropna()
    if events.empty:
        return part
    words = block(f"m{moment.month}-events", ", ".join(str(e) for e in events), (at[0], name.box[3]), width, _EVENT)
    return part + Part(words.box[3], labels=(words,))


def _key(told: Course, frame: Frame, y: float, width: float, lang: str) -> Part:
    """Who every letter and number stands for, down columns of 49 mm or more."""
    name = block("key-title", message("series.key", lang), (MARGIN + 3, y), width - 2 * MARGIN, SMALL_STRONG)
    shown = {s.id for moment in told.moments for s in moment.scene.symbols}
    codes = [(each, code) for each, code in frame.codes.items() if each in shown]
    columns = max(1, int((width - 2 * MARGIN - 2) / 49))
    pitch = (width - 2 * MARGIN - 2) / columns
    lead = max((text_width(code, SMALL.size, "semibold") for _, code in codes), default=0.0) + 1.6
    per = -(-len(codes) // columns)
    part = Part(name.box[3], labels=(name,))
    for start in range(0, len(codes), max(1, per)):
        x, low = MARGIN + 3 + start // per * pitch, name.box[3] + 0.8
        for each, code in codes[start : start + per]:
            mark = block(f"key-{each}-code", code, (x, low), lead, SMALL_STRONG, of=f"key-{each}")
            words = block(f"key-{each}", told.names[each], (x + lead, low), pitch - lead - 3, SMALL, of=f"key-{each}")
            part += Part(words.box[3], labels=(mark, words))
            low = max(words.box[3], low + line_height(SMALL.size)) + 0.2
    return part


def _entries(told: Course, lang: str) -> tuple[Entry, ...]:
    """What occurs in any picture, and the two marks of change."""
    symbols: dict[str, Symbol] = {s.id: s for moment in told.moments for s in moment.scene.symbols}
    lines = [line for moment in told.moments for line in moment.scene.lines]
    entries = legend_entries(symbols.values(), lines, told.base.marks, lang, ages=frozenset())
    changed = [key for key in ("came", "went") if any(getattr(moment, key) for moment in told.moments)]
    return (*entries, *(Entry(message(f"series.legend.{key}", lang), legend_samples[key], 8.4) for key in changed))
