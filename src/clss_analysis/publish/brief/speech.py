"""The spoken text: about three minutes and one minute, each fact with a footnote to the row that bears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clss_analysis.publish import pandoc
from clss_analysis.publish.brief.facts import Sentence
from clss_analysis.publish.brief.story import Story
from clss_analysis.publish.brief.wording import readable, rows_in_words
from clss_analysis.publish.word import reference
from clss_analysis.records import Row, message, typography

WORDS_A_MINUTE = 130  # words that are read aloud slowly to a room
THREE_MINUTES, ONE_MINUTE = 380, 140  # words of the texts of three minutes and of one
_ACCOUNT, _AHEAD = 2, 3  # where the account stands in both texts, and by how many sentences it may be longer


@dataclass(frozen=True)
class Speech:
    """The two spoken texts, paragraph by paragraph."""

    long: tuple[tuple[Sentence, ...], ...]
    short: tuple[tuple[Sentence, ...], ...]


def speech(story: Story) -> Speech:
    """Choose what is said aloud, in three minutes and in one.

    Where there is more than fits, the longest part loses a sentence first: the last but one, so that an account keeps
    its end.  The account of the household may stay longer than the others by three sentences.
    """
    lang = story.lang
    services = "around" if story.around else "services"
    left_is = "left" if story.case else "left_one"
    opening, numbers_are, case_is, done, asked, left, closing = (
        Sentence(message(f"brief.speech.{key}", lang), ())
        for key in ("opening", "numbers", "case", services, "recommendations", left_is, "closing")
    )
    numbers = tuple(number.sentence for number in story.numbers)
    parts = [
        (opening, story.demand),
        (numbers_are, *numbers),
        *([(case_is, *story.story), (done, *story.services)] if story.case else []),
        (asked, *story.recommendations),
        (*story.limits[:1], left),
        (closing, story.demand),
    ]
    short = [(story.demand,), numbers[:1], story.story, story.recommendations[:2], (closing,)]
    return Speech(_within(parts, THREE_MINUTES), _within(short, ONE_MINUTE))


def words(parts: Sequence[Sequence[Sentence]]) -> int:
    """How many words are spoken."""
    return sum(len(sentence.text.split()) for part in parts for sentence in part)


def minutes(parts: Sequence[Sequence[Sentence]]) -> int:
    """How many minutes it takes to say, at 130 words a minute, rounded, one at least."""
    return max(1, round(words(parts) / WORDS_A_MINUTE))


def length(parts: Sequence[Sequence[Sentence]], lang: str) -> str:
    """How long a spoken text is, in minutes and words."""
    return typography.counted("brief.speech.length", minutes(parts), lang, count=words(parts))


def _within(parts: Sequence[tuple[Sentence, ...]], most: int) -> tuple[tuple[Sentence, ...], ...]:
    kept = [list(part) for part in parts]
    while words(kept) > most and (spare := [n for n in range(1, len(kept) - 1) if len(kept[n]) > 1]):
        part = kept[max(spare, key=lambda n: (len(kept[n]) - _AHEAD * (n == _ACCOUNT), n))]
        part.pop(-2 if len(part) > 2 else -1)
    return tuple(tuple(part) for part in kept if part)


def speech_markdown(story: Story, said: Speech, sources: dict[Row, str]) -> str:
    """Both texts as Markdown with footnotes.

    Args:
        story: what the pack says.
        said: what is spoken.
        sources: row → its source, in words.
    """
    lang = story.lang
    lines = [f"# {readable(story.title)}", ""]
    if story.banner:
        lines += [f"**{readable(story.banner)}**", ""]
    notes: list[str] = []
    for parts in (said.long, said.short):
        head = length(parts, lang)
        lines += [f"## {readable(head)}", ""]
        for part in parts:
            spoken = []
            for sentence in part:
                if sentence.rows:
                    notes.append(_note(sentence, sources, lang))
                spoken.append(readable(sentence.text) + (f"[^{len(notes)}]" if sentence.rows else ""))
            lines += [" ".join(spoken), ""]
    lines += [f"[^{n}]: {note}" for n, note in enumerate(notes, 1)]
    return "\n".join(lines) + "\n"


def _note(sentence: Sentence, sources: dict[Row, str], lang: str) -> str:
    """The rows that bear a sentence, those of one place together."""
    by_place: dict[str, list[Row]] = {}
    for row in sentence.rows:
        by_place.setdefault(sources[row], []).append(row)
    said = (
        message("brief.speech.note", lang, rows=rows_in_words(rows, lang), source=place)
        for place, rows in by_place.items()
    )
    return readable("; ".join(said))


def reading_copy(story: Story, said: Speech, epoch: int) -> bytes:
    """Both texts to be read aloud: large type, a line for each sentence, pauses, how long each paragraph takes."""
    from clss_analysis.publish.brief.pages import Sheets

    lang = story.lang
    parts = []
    for spoken in (said.long, said.short):
        paragraphs = [
            {"takes": _takes(words([part]), lang), "sentences": [sentence.text for sentence in part]} for part in spoken
        ]
        parts.append({"head": length(spoken, lang), "paragraphs": paragraphs})
    content = {
        "document": "reading", "lang": lang, "region": typography.region(lang), "banner": story.banner,
        "title": message("brief.speech.reading", lang, title=typography.quoted(story.title, lang)),
        "source": story.source, "width": 210.0, "height": 297.0, "footer": "", "parts": parts,
        "pause": message("brief.speech.pause", lang),
    }  # fmt: skip
    with Sheets("salle.typ", epoch) as sheets:
        return sheets.pdf(content)


def _takes(count: int, lang: str) -> str:
    """How long a paragraph takes, to five seconds."""
    seconds = max(5, 5 * round(count * 60 / WORDS_A_MINUTE / 5))
    minute, rest = divmod(seconds, 60)
    time = message("brief.speech.seconds", lang, n=rest)
    whole = [f"{minute}\u00a0min"] * (minute > 0) + [time.replace(" ", "\u00a0")] * (rest > 0)
    return message("brief.speech.paragraph", lang, n=count, time="\u00a0".join(whole))


def word_file(text: str, story: Story, epoch: int, *, tight: bool = False) -> bytes:
    """Markdown as a Word file in the house's styles, those of a letter if `tight`; the same bytes for the same text."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as made:
        styles = Path(made) / "styles.docx"
        styles.write_bytes(reference(breaks=not tight))
        arguments = ["--from", pandoc.READER, "--to", "docx", f"--reference-doc={styles}", "--output=-",
                     f"--metadata=lang:{story.lang}-BE"]  # fmt: skip
        return pandoc.pandoc(arguments, text, epoch=epoch)
