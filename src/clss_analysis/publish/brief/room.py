"""The room in which a pack is read: its rule, the last day for the request, and the papers that go with it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clss_analysis.publish.brief.pages import Sheets
from clss_analysis.publish.brief.pictures import SHAPES
from clss_analysis.publish.brief.speech import Speech, minutes, word_file
from clss_analysis.publish.brief.story import Story
from clss_analysis.publish.brief.theme import BriefError
from clss_analysis.publish.brief.wording import SINGLE, readable
from clss_analysis.records import message, typography
from clss_analysis.records.assemblies import CODES, GENERIC, Assembly

RULE = ("residence", "age", "signatures", "notice", "minutes", "form", "addressee", "council", "college", "single_case")
ELSEWHERE = frozenset({"region", "federal", "other"})
_A4 = (210.0, 297.0)  # millimetres: width and height
_MORE = 10  # signatures beyond those needed
_ACCOUNT = 3  # sentences of the account that a letter tells
_SATURDAY = 5  # of the days of a week, Monday being 0: from here on no office is open


@dataclass(frozen=True)
class Room:
    """A council on a day, and the first day from which it is looked at: of a month, its first."""

    assembly: Assembly
    council: datetime.date
    seen: datetime.date

    @property
    def deadline(self) -> datetime.date | None:
        """The last day on which the request may arrive; None where the notice is not known."""
        return self.assembly.deadline(self.council)


def a_day(text: str) -> datetime.date:
    """A day written YYYY-MM-DD.

    Raises:
        BriefError: it is none.

    >>> a_day("2026-12-17").isoformat()
    '2026-12-17'
    """
    try:
        if re.fullmatch(r"(19|20)\d\d-\d\d-\d\d", text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise BriefError(message("room.council"))


def hindrances(room: Room, story: Story, said: Speech) -> tuple[str, ...]:
    """Why the council would not hear this demand, a sentence for each reason; empty where nothing speaks against it."""
    lang, rule = story.lang, room.assembly
    found: list[tuple[str, dict[str, object]]] = []
    if room.council < room.seen:
        found.append(("over", {}))
    if room.deadline is not None and room.deadline < room.seen <= room.council:
        found.append(("past", {"day": typography.day(room.deadline, lang)}))
    if lang not in ("fr", "nl"):
        found.append(("language", {}))
    named = story.household.lower() in story.demand.text.lower() if story.household else False
    if rule.cells.get("single_case") == "false" and (named or SINGLE[lang].search(story.demand.text)):
        found.append(("single", {"commune": rule.name(lang)}))
    if story.decides in ELSEWHERE:
        found.append(("competence", {"decides": message(f"room.decides.{story.decides}", lang)}))
    allowed = rule.number("minutes")
    if allowed is not None and minutes(said.long) > allowed:
        found.append(("minutes", {"said": minutes(said.long), "minutes": allowed}))
    return tuple(message(f"room.not.{key}", lang, **values) for key, values in found)


def rule_lines(room: Room, story: Story, against: tuple[str, ...]) -> list[str]:
    """The room as checks.txt tells it: what speaks against the demand, the last day, the rule, and what to ask."""
    lang, rule = story.lang, room.assembly
    head = message("room.head", lang, commune=rule.name(lang), council=typography.day(room.council, lang))
    lines = list(against)
    if room.deadline is None:
        lines.append(message("room.no_deadline", lang))
    else:
        lines.append(message("room.deadline", lang, day=typography.day(room.deadline, lang)))
        lines += [message("room.deadline_older", lang)] if rule.is_older("notice") else []
        if room.deadline.weekday() >= _SATURDAY:
            before = room.deadline - datetime.timedelta(days=room.deadline.weekday() - _SATURDAY + 1)
            lines.append(message("room.weekend", lang, day=typography.day(before, lang)))
    known = [column for column in RULE if column in rule.cells]
    for column in known:
        what = message(f"room.title.{column}", lang)
        line = message("room.line", lang, what=what, value=_value(rule, column, lang))
        lines.append(message("room.older", lang, line=line) if rule.is_older(column) else line)
    lines += [message(f"room.ask.{column}", lang) for column in RULE if column not in known]
    lines += [] if story.decides else [message("room.ask.decides", lang)]
    lines.append(message("room.ask.agenda", lang))
    read = typography.month(pd.Period(rule.cells["date"], freq="M"), lang)
    source = typography.typeset(rule.cells["source"], lang)
    lines.append(message("room.source", lang, month=read, source=source))
    return [head, *(f"- {line}" for line in lines), ""]


def _value(rule: Assembly, column: str, lang: str) -> str:
    """A cell of the rule in words."""
    cell = rule.cells[column]
    if column in ("notice", "minutes"):
        key = f"room.notice.{rule.cells.get('days', 'calendar')}" if column == "notice" else "room.minutes"
        return typography.counted(key, int(cell), lang)
    if column == "age":
        return message("room.age", lang, n=cell)
    if column == "single_case":
        return message(f"room.single.{cell}", lang)
    if column not in CODES:
        return cell
    key = {"addressee": "to", "council": "competence", "college": "competence"}.get(column, column)
    words = {code: str(message(f"room.{key}.{code}", lang)) for code in cell.split()}
    if "email" in words and "email" in rule.cells:
        words["email"] += f" ({rule.cells['email']})"
    return typography.listed(list(words.values()), lang, style="or" if column == "form" else "standard")


def room_files(room: Room, story: Story, epoch: int) -> dict[str, bytes]:
    """The request (PDF and Word), the signature sheet, the handout and the two pictures with their alternative text."""
    lang, rule = story.lang, room.assembly

    def say(key: str, **values: object) -> str:
        return message(f"room.{key}", lang, **values)

    common: dict[str, Any] = {
        "lang": lang, "region": typography.region(lang), "banner": story.banner, "kicker": story.kicker,
        "title": story.title, "source": story.source, "demand": story.demand.text, "width": _A4[0], "height": _A4[1],
        "footer": message("source", lang, what=story.source)[:160],
        "numbers": [{"shown": n.shown, "text": n.sentence.text, "when": n.when, "publisher": n.publisher}
                    for n in story.numbers],
    }  # fmt: skip
    request = {**_head(room, story), "document": "request", "blocks": letter(room, story)}
    sheet = {"lines": (rule.number("signatures") or 15) + _MORE, "columns": say("signatures.columns").split("|"),
             "notes": signature_notes(rule, lang), "title": say("signatures.title")}  # fmt: skip
    contact = message("brief.head.contact", lang) + story.contact
    page = {"recommendations": [each.text for each in story.recommendations], "notes": [contact],
            "head": message("brief.head.recommendations", lang)}  # fmt: skip
    poster = {"document": "poster", "recommendations": [], "notes": [message("source", lang, what=story.source)]}
    files: dict[str, bytes] = {}
    with Sheets("salle.typ", epoch) as sheets:
        files["request.pdf"] = sheets.pdf({**common, **request})
        files["signatures.pdf"] = sheets.pdf({**common, **sheet, "document": "signatures"})
        files["handout.pdf"] = sheets.pdf({**common, **page, "document": "handout"})
        for shape, (width, height) in SHAPES.items():
            files[f"press-{shape}.png"] = sheets.picture({**common, **poster, "width": width, "height": height}, "png")
    files["request.docx"] = word_file(request_markdown(room, story), story, epoch, tight=True)
    files["press.txt"] = _alternative(story, say).encode()
    return files


def _head(room: Room, story: Story) -> dict[str, Any]:
    """What stands above the text of the request: whom it is for and from, the date to fill in, and its subject."""
    lang, day = story.lang, typography.day(room.council, story.lang)
    title = message("room.letter.object", lang, council=day, title=typography.quoted(story.title, lang))
    return {"address": address(room.assembly, lang), "sender": story.contact, "title": title,
            "date": message("room.letter.date", lang)}  # fmt: skip


def address(rule: Assembly, lang: str) -> list[str]:
    """Whom the request is for: the office and the commune, left blank where the rule is that of no commune."""
    to = rule.cells.get("addressee", "college").split()[0]
    commune = message("room.letter.blank", lang) if rule.id == GENERIC else rule.name(lang)
    return [message(f"room.letter.for.{to}", lang), message("room.letter.commune", lang, commune=commune)]


def signature_notes(rule: Assembly, lang: str) -> list[str]:
    """What stands above the lines to sign: who may, how many are needed, what becomes of the sheet."""
    who = ", ".join(_value(rule, column, lang) for column in ("residence", "age") if column in rule.cells)
    needed = rule.number("signatures")
    notes = [message("room.signatures.who", lang, who=who)] if who else []
    notes += [message("room.signatures.need", lang, n=needed) if needed else message("room.ask.signatures", lang)]
    return [*notes, message("room.signatures.use", lang)]


def letter(room: Room, story: Story) -> list[dict[str, Any]]:
    """The request, block by block: where single cases are not admissible, the account is told as an illustration."""
    rule, day = room.assembly, typography.day(room.council, story.lang)

    def say(key: str, **values: object) -> str:
        return message(f"room.{key}", story.lang, **values)

    blocks: list[dict[str, Any]] = [
        {"kind": "text", "text": say("letter.hello")},
        {"kind": "text", "text": say("letter.we", council=day)},
        {"kind": "heading", "text": say("letter.demand")},
        {"kind": "demand", "text": story.demand.text},
        {"kind": "heading", "text": say("letter.reasons")},
        {"kind": "list", "items": [f"{n.sentence.text.rstrip('.')} ({n.when}, {n.publisher})." for n in story.numbers]},
    ]
    single = rule.cells.get("single_case") == "true"
    if story.story:
        blocks += [
            {"kind": "heading", "text": say("letter.account" if single else "letter.illustration")},
            {"kind": "text", "text": " ".join(each.text for each in story.story[:_ACCOUNT])},
        ]
    blocks += [
        {"kind": "heading", "text": say("letter.can")},
        {"kind": "list", "items": [each.text for each in story.recommendations]},
        *([] if single else [{"kind": "text", "text": say("letter.general")}]),
        {"kind": "text", "text": say("letter.thanks")},
        {"kind": "heading", "text": say("letter.speaker")},
        {"kind": "fields", "items": say("letter.fill").split("|")},
        {"kind": "text", "text": say("letter.annex")},
    ]
    return blocks


def request_markdown(room: Room, story: Story) -> str:
    """The request as Markdown, for the Word file; headings small enough for one page."""
    head = _head(room, story)
    to = "\\\n".join(map(readable, [*head["address"], head["date"]]))
    lines = [readable(head["sender"]), "", to, "", f"### {readable(head['title'])}", ""]
    for block in letter(room, story):
        if block["kind"] == "heading":
            lines.append(f"#### {readable(block['text'])}")
        elif block["kind"] == "list":
            lines += [f"- {readable(item)}" for item in block["items"]]
        elif block["kind"] == "fields":
            lines.append("\\\n".join(map(readable, block["items"])))
        else:
            text = readable(block["text"])
            lines.append(f"**{text}**" if block["kind"] == "demand" else text)
        lines.append("")
    return "\n".join(lines)


def _alternative(story: Story, say: Callable[..., str]) -> str:
    """What the two pictures say, for who does not see them."""
    numbers = " ".join(f"{each.shown}. {each.sentence.text}" for each in story.numbers)
    source = message("source", story.lang, what=story.source)
    alt = say(
        "press.alt", title=typography.sentence(story.title), demand=story.demand.text, numbers=numbers, source=source
    )
    return f"{say('press.title')}\n\n{alt}\n"
