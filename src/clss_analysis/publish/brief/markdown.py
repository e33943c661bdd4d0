"""A pack as Markdown: for the book's annex, and for whoever changes it by hand in JupyterLab."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clss_analysis.publish.brief.checks import checks
from clss_analysis.publish.brief.facts import Sentence
from clss_analysis.publish.brief.make import Told, prepare, tell, write
from clss_analysis.publish.brief.speech import length, speech
from clss_analysis.records import message
from clss_analysis.records.escape import markdown
from clss_analysis.runs.figure_files import note
from clss_analysis.runs.fragment import shifted
from clss_analysis.runs.markdown import on_screens, shown

if TYPE_CHECKING:
    from IPython.display import Markdown

FOLDER = "interpellation"


@dataclass(frozen=True)
class Open:
    """A pack laid open: `pages`, `spoken` and `to_check` show themselves in a notebook."""

    pages: Markdown
    spoken: Markdown
    to_check: Markdown


def open_pack(theme: str, dataset: str, *, case: str = "", lang: str = "fr", out: str = "") -> Open:
    """A pack as a notebook shows it; written whole below `out` as well, where that is given.

    Args:
        theme: a built-in theme or the path of a theme file.
        dataset: folder of the dataset.
        case: the household told; empty for the theme's.
        lang: fr, nl or en.
        out: where to write the folder `interpellation`; empty to write nothing.

    >>> "Front anti" in open_pack("expulsion", "data/publication").pages.data
    True
    """
    told = tell(theme, Path(dataset), case=case or None, lang=lang)
    if out:
        pack, place = prepare(told), Path(out) / FOLDER
        write(pack, place)
        for name in pack.files:
            note(place / name)
    return Open(shown(pages_markdown(told)), shown(spoken_markdown(told)), shown(checks_markdown(told)))


def pages_markdown(told: Told) -> str:
    """What the two pages say, heading by heading."""
    story, lang = told.story, told.story.lang

    def head(key: str, more: str = "") -> str:
        return f"## {markdown(message(f'brief.head.{key}', lang) + more)}"

    lines = [f"**{markdown(story.title)}**", "", markdown(story.demand.text), ""]
    lines += [head("numbers"), ""]
    for number in story.numbers:
        when = f"**{markdown(number.when)}**" if number.old else markdown(number.when)
        lines.append(f"- {markdown(number.sentence.text.rstrip('.'))} ({when}, {markdown(number.publisher)}).")
    if story.case:
        lines += ["", head("case", story.household), "", _joined(story.story)]
        lines += ["", head("around" if story.around else "services"), ""]
        lines += [f"- {markdown(each.text)}" for each in story.services]
    lines += ["", head("recommendations"), ""]
    lines += [
        f"{rank}. {markdown(each.text)} {markdown(by)}"
        for rank, (each, by) in enumerate(zip(story.recommendations, story.borne_by, strict=True), 1)
    ]
    lines += ["", head("limits"), "", *(f"- {markdown(each.text)}" for each in story.limits), ""]
    return "\n".join(lines)


def annex(dataset: Path, *, theme: str = "expulsion") -> str:
    """A whole pack as the fragment of the book's annex: the pages, the minute, and on screens what to check.

    Args:
        dataset: folder of the dataset.
        theme: the theme shown.
    """
    told = tell(theme, dataset)
    parts = [shifted(part.strip(), 1) for part in (pages_markdown(told), spoken_markdown(told), checks_markdown(told))]
    return "\n\n".join([*parts[:-1], on_screens(parts[-1])]) + "\n"


def spoken_markdown(told: Told) -> str:
    """What is said in one minute."""
    said = speech(told.story).short
    return f"## {markdown(length(said, told.story.lang))}\n\n" + "\n\n".join(_joined(part) for part in said) + "\n"


def checks_markdown(told: Told) -> str:
    """What checks.txt says, as paragraphs and lists."""
    lines = []
    for line in checks(told.story, told.facts, (), ()).splitlines()[2:]:
        if line.startswith("- "):
            lines.append(f"- {markdown(line[2:])}")
        elif line.startswith("  "):
            lines.append(f"\n  {markdown(line.strip())}\n")
        else:
            lines.append(f"\n## {markdown(line)}\n" if line else "")
    return "\n".join(lines) + "\n"


def _joined(sentences: tuple[Sentence, ...]) -> str:
    return markdown(" ".join(sentence.text for sentence in sentences))
