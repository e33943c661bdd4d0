"""The interpellation pack: two pages, a speech, slides, pictures, the numbers behind and what to check."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from clss_analysis.measures.survival import followed_until
from clss_analysis.privacy import Clearance, NotClearedError, clear
from clss_analysis.privacy.editions import as_published
from clss_analysis.privacy.given_out import give_out
from clss_analysis.privacy.passages import kept_decisions, require_decided
from clss_analysis.privacy.review import undecided
from clss_analysis.privacy.texts import BOOK, THEME
from clss_analysis.publish.brief.checks import checks, data_csv, sources, sources_markdown
from clss_analysis.publish.brief.facts import Facts
from clss_analysis.publish.brief.pages import Content, Cut, Section, Sheets, enlarged, fitted, roomy
from clss_analysis.publish.brief.pictures import draw_pictures, picture_files
from clss_analysis.publish.brief.room import Room, a_day, hindrances, room_files, rule_lines
from clss_analysis.publish.brief.settings import settings
from clss_analysis.publish.brief.speech import Speech, reading_copy, speech, speech_markdown, word_file
from clss_analysis.publish.brief.story import MOST_NUMBERS, SIGNS, Story, compose
from clss_analysis.publish.brief.theme import BUILT_IN, BriefError, Theme, read_theme
from clss_analysis.records import Case, Records, message, read, typography
from clss_analysis.records.assemblies import UnknownAssemblyError, find_assembly, read_assemblies
from clss_analysis.records.atomic import new_folder
from clss_analysis.records.context import ASSEMBLIES, read_context
from clss_analysis.records.context import TABLE as CONTEXT
from clss_analysis.records.house import House, house_of, own_house, shipped
from clss_analysis.records.house_settings import FILE as TOML
from clss_analysis.records.private import private_temp
from clss_analysis.records.synthetic.made_up import translate
from clss_analysis.records.vocabulary import LANGUAGES, word

MARK = "checks.txt"
_MONTH = len("YYYY-MM")
_UNNAMED = frozenset(message("workbook.new.source_line", lang) for lang in LANGUAGES)
_SHOWN = frozenset({"events.label", "events.detail", "households.label", "actors.label", "actors.institution"})
BRIEF = (Section("story", 1), Section("services", 1), Section("stages", 2, 3), Section("recommendations", 2),
          Section("details", 2, 0))  # fmt: skip
SLIDES = (Section("stages", 3, 3), Section("story", 3), Section("services", 4), Section("recommendations", 5),
           Section("limits", 6))  # fmt: skip

LOOKS = tuple({"scale": scale, "columns": n, "air": 1.0} for scale in (1.2, 1.15, 1.1, 1.05, 1.0) for n in (1, 2))
AIR = tuple({"air": air} for air in (2.2, 1.9, 1.6, 1.3, 1.0))
SCALES = tuple(percent / 100 for percent in range(160, 96, -4))


@dataclass(frozen=True)
class Pack:
    """A pack, made but not written: its files by their place in the folder, what it says, and why a council would not
    hear it.
    """

    files: Mapping[str, bytes]
    story: Story
    speech: Speech
    cuts: tuple[tuple[str, Cut], ...]
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a pack says before any page is set: its content, and the rows that bear it."""

    story: Story
    facts: Facts
    case: Case | None
    records: Records
    contact: bool
    room: Room | None = None


def brief(
    theme: str,
    dataset: Path | None,
    out: Path,
    *,
    context: Path | None = None,
    case: str | None = None,
    lang: str = "fr",
    date: str | None = None,
    commune: str | None = None,
    council: str | None = None,
    given_out: bool = False,
) -> Pack:
    """Make an interpellation pack and write it to a folder, whole or not at all.

    Args:
        theme: a built-in theme or the path of a theme file.
        dataset: folder of the dataset; None for that of the house, La Rue's where there is none.
        out: the folder; new, empty, or an earlier pack.
        context: folder of the numbers from outside, used where the dataset has no `context/` of its own; default: those
            that the package brings.
        case: the household told; default: the theme's.
        lang: fr, nl or en.
        date: the month of the dataset's counts, as of which numbers are old or young; default: the dataset's own.  With
            `commune` it may be a day, from which the deadline is looked at; counts stay of the dataset's own month.
        commune: where it is read, by id or name: the request, the signature sheet, a handout and two pictures come too.
        council: the day of the council, YYYY-MM-DD; goes with `commune`.
        given_out: whether this pack is given to others; what it counts is then kept, as that of an edition of the book.

    Returns:
        The pack.

    Raises:
        BriefError: no such theme, a fault in it, a folder that holds something else, or an edition without a house.
        InvalidRecordsError: dataset, context or translations are not sound.
        NotClearedError: a household may not be told.
        UnknownCaseError: no such household.
        TypstError: the pages do not compile.
    """
    _require_free(out)
    dataset = dataset or house_of(None).records
    if given_out and own_house(dataset) is None:
        raise BriefError(message("house.edition"))
    with private_temp():
        told = tell(theme, dataset, context=context, case=case, lang=lang, date=date, commune=commune, council=council)
        pack = prepare(told)
    write(pack, out)
    if given_out:
        records = told.facts.records
        give_out(records, dataset, followed_until(records), [each.who for each in told.facts.counted])
    return pack


def write(pack: Pack, out: Path) -> None:
    """Write a pack to a folder, whole or not at all.

    Raises:
        BriefError: the folder holds something other than an earlier pack.
    """
    _require_free(out)
    with new_folder(out) as made:
        for name, content in pack.files.items():
            path = made / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)


def _require_free(out: Path) -> None:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise BriefError(message("brief.out", out=out))


def tell(
    theme: str,
    dataset: Path | None,
    *,
    context: Path | None = None,
    case: str | None = None,
    lang: str = "fr",
    date: str | None = None,
    commune: str | None = None,
    council: str | None = None,
) -> Told:
    """What a pack says, without its pages; arguments and errors as for `brief`.

    >>> tell("relogement", Path("data/publication")).story.case
    'C3'
    """
    wanted = read_theme(theme)
    dataset = dataset or house_of(None).records
    records = as_published(read(dataset), dataset)
    if (commune is None) != (council is None):
        raise BriefError(message("room.together"))
    if date and len(date) > _MONTH and not commune:
        raise BriefError(message("cli.bad_month"))
    setting = settings(dataset, date)
    ours = shipped().folder / "data" / CONTEXT
    own = dataset / CONTEXT
    around = own if own.is_dir() else context or ours
    numbers = read_context(around)
    rules = around if (around / f"{ASSEMBLIES}.csv").is_file() else ours
    room = None if council is None else _room(rules, str(commune), council, date, setting.as_of)
    cleared = clear(records)
    _require_decided(wanted, theme, records, dataset, lang)
    contact, house = setting.contact.get(lang), own_house(dataset)
    _require_contact(contact, house, cleared)
    household = case or (wanted.case if wanted.dataset in ("", records.name) else None)
    told: Case | None = None
    untold: tuple[str, ...] = ()
    if household is not None:
        cleared.require_told(records.case(household).id)
        told, untold = translate(records.case(household), lang)
    elif cleared.told:
        raise BriefError(message("brief.no_case"))
    source = records.source
    if source in _UNNAMED:
        named = house.settings.name if house is not None else ""
        source = message("brief.source" if named else "workbook.new.source_line", lang, name=named)
    months = {"as_of": setting.as_of, "counted_in": setting.counted}
    facts = Facts(wanted, records, numbers, cleared, lang=lang, source=source, **months)
    own_words = bool(wanted.story) and case in (None, wanted.case) and wanted.dataset in ("", records.name)
    shown = _SHOWN if own_words else _SHOWN | {"households.summary"}
    line = contact or message("brief.no_contact", lang)
    story = compose(wanted, facts, told, line, tuple(each for each in untold if re.sub("/.*[.]", ".", each) in shown))
    return Told(story, facts, told, translate(records, lang)[0], contact=contact is not None, room=room)


def _room(folder: Path, commune: str, council: str, date: str | None, month: pd.Period) -> Room:
    """The council asked for.

    Raises:
        BriefError: no such commune, or a day that is none.
    """
    try:
        assembly = find_assembly(read_assemblies(folder), commune)
    except UnknownAssemblyError as error:
        raise BriefError(*error.args) from None
    seen = a_day(date) if date and len(date) > _MONTH else month.to_timestamp().date()
    return Room(assembly, a_day(council), seen)


def pack_faults(dataset: Path, records: Records) -> list[str]:
    """What would stop the packs of a house whose gate is open: its line of contact and its own themes, where they are
    not sound or nobody decided about a word of them.
    """
    house = own_house(dataset)
    if house is None:
        return []
    lines: list[str] = []
    for path in (None, *sorted(house.themes.glob("*.yml"))):
        try:
            if path is None:
                _require_contact(house.settings.contact, house, clear(records))
            else:
                _require_decided(read_theme(str(path)), str(path), records, dataset)
        except (BriefError, NotClearedError) as error:
            lines += map(str, error.args)
    return lines


def _require_contact(contact: str | None, house: House | None, cleared: Clearance) -> None:
    """Stop where the line of contact of a house may point at someone and nobody has decided about it.

    Raises:
        NotClearedError: the place and kinds, never the words, and how to decide.
    """
    if contact and house is not None:
        said = {(BOOK, house.settings.language, contact): [f"{TOML}, contact"]}
        known = (house.settings.name, house.settings.place)
        require_decided(said, cleared, kept_decisions(house.book), known=known)


def _require_decided(theme: Theme, asked: str, records: Records, dataset: Path, *langs: str) -> None:
    """Stop where a word of the theme may point at someone and nobody has decided about it.

    Raises:
        NotClearedError: places and kinds, never the words, and how to decide.
    """
    if asked in BUILT_IN:
        return
    lines = [
        message(
            "identifiers.theme_open", file=theme.file, place=each.row, start=each.finding.start + 1,
            end=each.finding.end, kind=word("identifier_kind", each.finding.kind),
        )
        for each in undecided(records, beside=theme.texts(*langs)) if each.table == THEME
    ]  # fmt: skip
    if lines:
        raise NotClearedError(*lines, message("identifiers.theme_to_do", dataset=dataset, theme=asked))


def prepare(told: Told) -> Pack:
    """The pack that `brief` writes, in memory.

    Raises:
        BriefError: a figure of the theme shows nothing, or nothing that may be shown.
        TypstError: the pages do not compile.
    """
    story, facts = told.story, told.facts
    pictures = draw_pictures(facts, told.case, told.records)
    epoch = _epoch(facts.as_of)
    files: dict[str, bytes] = {}
    cuts: list[tuple[str, Cut]] = []
    for file, template in (("brief.pdf", "brief.typ"), ("slides.pdf", "diapos.typ")):
        with Sheets(template, epoch) as sheets:
            content, cut = laid_out(story, sheets)
            files[file] = sheets.pdf(content)
        cuts += [(file, each) for each in cut]
    for picture in pictures:
        files |= {f"figures/{name}": data for name, data in picture_files(picture, story, epoch).items()}
    said = speech(story)
    text = speech_markdown(story, said, sources(facts))
    files["speech.pdf"] = reading_copy(story, said, epoch)
    files["speech.md"] = text.encode()
    files["speech.docx"] = word_file(text, story, epoch)
    files["data.csv"] = data_csv(facts, (row for picture in pictures for row in picture.rows))
    files["sources.md"] = sources_markdown(story, facts).encode()
    notes = () if told.contact else (message("brief.checks.no_contact", story.lang),)
    against: tuple[str, ...] = ()
    lines: list[str] = []
    if told.room is not None:
        against = hindrances(told.room, story, said)
        lines = rule_lines(told.room, story, against)
        files |= room_files(told.room, story, epoch)
    files[MARK] = checks(story, facts, cuts, notes, lines).encode()
    return Pack(files, story, said, tuple(cuts), against)


def _epoch(month: pd.Period) -> int:
    return int(datetime.datetime(month.year, month.month, 1, tzinfo=datetime.UTC).timestamp())


def laid_out(story: Story, sheets: Sheets) -> tuple[Content, tuple[Cut, ...]]:
    """What a template is given so that its pages are full and none runs over, and what was cut for that."""
    content = page_content(story)
    if sheets.template == "brief.typ":
        content = roomy(content, LOOKS, sheets.overflowing)
        content = roomy(content, AIR, sheets.overflowing)
        return fitted(content, BRIEF, sheets.overflowing)
    return fitted(enlarged(content, SCALES, 6, sheets.overflowing), SLIDES, sheets.overflowing)


def page_content(story: Story) -> Content:
    """What the templates read, as JSON: texts, and lists that may be shortened."""
    lang = story.lang
    keys = ("numbers", "case", "services", "stages", "no_stages", "recommendations", "limits", "contact")
    words = {key: message(f"brief.head.{key}", lang) for key in keys}
    if len(story.numbers) < MOST_NUMBERS:
        words["numbers"] = message("brief.head.figures", lang)
    if story.around:
        words["services"] = message("brief.head.around", lang)
    words["order"] = message("brief.order" if story.ordered else "brief.order_dated", lang)
    used = {stage.sign for stage in story.stages}
    stages = [
        {"rang": rank, "sign": stage.sign, "when": stage.when, "label": stage.label}
        for rank, stage in enumerate(story.stages)
    ]
    return {
        "lang": lang,
        "region": typography.region(lang),
        "banner": story.banner,
        "kicker": story.kicker,
        "as_of": story.as_of,
        "title": story.title,
        "demand": story.demand.text,
        "numbers": [
            {"shown": n.shown, "text": n.sentence.text, "when": n.when, "old": n.old, "publisher": n.publisher}
            for n in story.numbers
        ],
        "household": story.household,
        "story": [sentence.text for sentence in story.story],
        "story_source": message("brief.story_source", lang, source=story.source),
        "services": [sentence.text for sentence in story.services],
        # the last stage first, so that what is cut is neither the beginning nor the end of the course
        "stages": stages[-1:] + stages[:-1],
        "details": [[rank, text] for rank, stage in enumerate(story.stages) for text in stage.detail],
        "recommendations": [
            {"text": sentence.text, "source": by}
            for sentence, by in zip(story.recommendations, story.borne_by, strict=True)
        ],
        "limits": [sentence.text for sentence in story.limits],
        "contact": story.contact,
        "source": story.source,
        "short_source": story.source[:90],
        "footer": message("source", lang, what=story.source)[:160],
        "words": words,
        "signs": [[sign, message(f"trajectory.class.{sign}", lang)] for sign in SIGNS if sign in used],
    }
