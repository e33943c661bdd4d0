"""What to know before handing a pack out: what the gate did, which numbers are old, what a critic will ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from clss_analysis.publish.brief import wording
from clss_analysis.publish.brief.facts import UNCOUNTED, Counted, Facts, figures_of
from clss_analysis.publish.brief.pages import Cut
from clss_analysis.publish.brief.story import Story
from clss_analysis.publish.figure_data import cell_text
from clss_analysis.records import Row, message, typography
from clss_analysis.records.context import TABLE as CONTEXT
from clss_analysis.records.escape import csv_cell, csv_text
from clss_analysis.records.synthetic.made_up import is_made_up

_DATA = ("table", "row", "column", "value", "unit", "period", "geography", "publisher", "source", "licence")
_QUESTIONS = ("small", "selection", "control", "cause", "old", "consent")
_OF_COUNTS = ("small", "selection", "old")


def checks(
    story: Story, facts: Facts, cuts: Iterable[tuple[str, Cut]], notes: Iterable[str], room: Iterable[str] = ()
) -> str:
    """The text of checks.txt, in the language of the pack.

    Args:
        story: what the pack says.
        facts: the rows used, and the gate's word on households.
        cuts: what was cut to fit, with the file it was cut from.
        notes: anything else to know.
        room: the lines on the council where it is read.
    """
    lang = story.lang

    def say(key: str, **values: object) -> str:
        return message(f"brief.checks.{key}", lang, **values)

    lines = [say("title", title=typography.quoted(story.title, lang), as_of=story.as_of), "", *room]
    lines += [say("gate"), *(f"- {line}" for line in _gate(story, facts, say)), ""]
    dated = [number for number in story.numbers if number.old]
    undated = [number for number in story.numbers if not number.dated]
    lines += [say("age")]
    lines += [f"- {say('old', shown=n.shown, when=n.when, publisher=n.publisher)}" for n in dated]
    lines += [f"- {say('undated', shown=n.shown, publisher=n.publisher)}" for n in undated]
    lines += [f"- {say('reading', shown=n.shown)}" for n in story.numbers if n.reading]
    lines += [] if dated or undated else [f"- {say('none_old')}"]
    lines += ["", say("fit")]
    found = [f"- {_cut(file, cut, lang)}" for file, cut in cuts]
    lines += found or [f"- {say('whole')}"]
    masked = [say("masked", n=facts.masked)] if facts.masked else []
    more = [*notes, *facts.left, *masked, *([say("untold", n=len(story.untold))] if story.untold else [])]
    if more:
        lines += ["", say("notes"), *(f"- {line}" for line in more)]
    lines += ["", say("critic")]
    for key in _QUESTIONS if story.case else _OF_COUNTS:
        lines += [f"- {say(f'ask.{key}')}", f"  {_answer(key, story, facts)}"]
    return "\n".join(lines) + "\n"


def _cut(file: str, cut: Cut, lang: str) -> str:
    section = message(f"brief.checks.section.{cut.section}", lang)
    return typography.counted("brief.checks.cut", cut.sentences, lang, file=file, page=cut.page, section=section)


def _answer(key: str, story: Story, facts: Facts) -> str:
    if key == "small":
        return typography.counted("brief.checks.answer.small", len(facts.cleared.told), story.lang)
    key = "selection_counts" if key == "selection" and not story.case else key
    return message(f"brief.checks.answer.{key}", story.lang)


def _gate(story: Story, facts: Facts, say: Callable[..., str]) -> list[str]:
    if is_made_up(facts.records):
        return [say("synthetic")]
    records = facts.records
    lines = [say("untold_house")]
    if story.case:
        household = records.households[records.households["id"] == story.case].iloc[0]
        consent = records.consents[records.consents["id"] == household["consent"]].iloc[0]
        label = typography.typeset(facts.text(Row("consents", consent["id"]), "label", consent.to_dict()), story.lang)
        how = "told_read" if consent["reading"] else "told"
        lines = [say(how, case=story.case, label=typography.sentence(label)).rstrip()]
    lines += [
        say(
            "counted",
            value=each.value,
            households=each.households,
            table=message(f"title.{each.count.table}", story.lang),
        )
        for each in facts.counted
    ]
    held = len(facts.cleared.counted)
    if held and held < records.threshold:
        return [*lines, say("held_few", n=records.threshold)]
    return [*lines, say("held", n=held) if held else say("none_held")]


def data_csv(facts: Facts, more: Iterable[Row] = ()) -> bytes:
    """Every cell with a number in it of every row that the pack uses, with its source; counts through the gate.

    Args:
        facts: the rows used and the counts made.
        more: further rows, those of the pictures.

    Returns:
        UTF-8 with a byte order mark; a cell that a spreadsheet would take for a formula starts with an apostrophe.
    """
    told = len(facts.cleared.told)
    lines: list[Sequence[str]] = [
        _DATA,
        ("brief", "as_of", "month", str(facts.as_of), "", "", "", "", facts.source, ""),
        ("brief", "told", "households", str(told), "", "", "", "", facts.source, ""),
        *(_counted(each, facts) for each in facts.counted),
    ]
    for row in sorted({*facts.used, *more}):
        cells = facts.row(row)
        if cells is None or row.table == "consents":
            continue
        when = cells.get("period", "") or cells.get("date", "")
        about = [cells.get("unit", ""), when, cells.get("geography", ""), cells.get("publisher", ""),
                 facts.reference(row, cells), cells.get("licence", "")]  # fmt: skip
        for column, value in cells.items():
            if column != "source" and (figures_of({column: value}) or _says_a_number(column, value, facts)):
                lines.append([csv_cell(part) for part in (row.table, row.row, column, cell_text(value), *about)])
    return csv_text(lines, "\r\n").encode("utf-8-sig")


def _says_a_number(column: str, value: object, facts: Facts) -> bool:
    return column not in UNCOUNTED and wording.has_number(str(value), facts.records.language)


def _counted(each: Counted, facts: Facts) -> list[str]:
    where = " ".join(f"{column}={value}" for column, value in each.count.where)
    name = f"{each.count.table} {where}".strip()
    about = ["households", str(facts.counted_in), "", "", facts.source, ""]
    return [csv_cell(part) for part in ("brief", "count", name, f"{each.value} / {each.households}", *about)]


def sources(facts: Facts) -> dict[Row, str]:
    """Row → where it comes from: publisher or dataset, and the reference in its own language."""
    found: dict[Row, str] = {}
    for row in facts.used:
        found[row] = typography.typeset(facts.reference(row, facts.row(row) or {}), facts.lang)
    return found


def sources_markdown(story: Story, facts: Facts) -> str:
    """The text of sources.md: every row used, by table, with its source, date and licence."""
    lang = story.lang
    lines = [f"# {wording.readable(message('brief.sources', lang, title=typography.quoted(story.title, lang)))}", ""]
    borne = sources(facts)
    for table in sorted({row.table for row in borne}):
        lines += [f"## {wording.readable(message(f'title.{table}', lang))}", ""]
        for row in sorted(row for row in borne if row.table == table):
            cells = facts.row(row) or {}
            parts = [borne[row]]
            if row.table in (CONTEXT, "context_statistics"):
                parts += [facts.period(row, cells), str(cells.get("licence", "")), str(cells.get("url", ""))]
            said = " · ".join(part for part in parts if part and not pd.isna(part))
            colon = f"{typography.NARROW}: " if lang == "fr" else ": "
            lines.append(f"- {wording.readable(row.row)}{colon}{wording.readable(said)}")
        lines.append("")
    return "\n".join(lines)
