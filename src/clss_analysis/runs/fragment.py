"""An executed notebook as a fragment of the book: prose and results, never code."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clss_analysis.records.vocabulary import message, message_keys
from clss_analysis.runs.markdown import lines_of, on_screens
from clss_analysis.runs.notebook import INJECTED, read
from clss_analysis.runs.parameters import TAG, Scalar

if TYPE_CHECKING:
    from nbconvert.exporters import MarkdownExporter
    from nbformat import NotebookNode

DROPPED = frozenset({"lab", TAG, INJECTED})
SCREEN = "screen"
SHIFT = 2  # levels that a notebook's headings go down in a chapter
_FIGURE = re.compile(r"\(_runs/figures/([A-Za-z0-9_-]+)\.svg\)")
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?=[ \t]|$)")
_WRITTEN = "carnet."  # keys of what the notebooks say themselves


def render_fragment(notebook: Path, lang: str = "fr") -> str:
    """The Markdown that an executed notebook gives to the book.

    Code is never shown; cells tagged `lab`, `parameters` or `injected-parameters` are left out, and so is what went
    to stderr.  What a cell tagged `screen` gives is not printed.  Headings go down two levels, so that `#` of a
    notebook is `###` of its chapter.  Of an output shown in several ways its Markdown is taken.

    Args:
        notebook: path of the executed .ipynb file.
        lang: fr, nl or en, for what the notebook says in French itself; its outputs have the language they were
            computed in.

    Returns:
        Markdown, ending with one newline.
    """
    source = read(notebook)
    for cell in source.cells:
        tagged = SCREEN in cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            text = translated(shifted(cell.source), lang)
            cell.source = on_screens(text) if tagged else text
        elif cell.cell_type == "code":
            outputs = [_shifted_output(output) for output in cell.outputs if output.get("name") != "stderr"]
            cell.outputs = [_not_printed(output) for output in outputs] if tagged else outputs
    body, _ = _exporter().from_notebook_node(source)
    return re.sub(r"\n{3,}", "\n\n", str(body)).strip() + "\n"


def compile_templates() -> None:
    """Have the templates compiled, which takes longer than to fill them."""
    import nbformat

    _exporter().from_notebook_node(nbformat.v4.new_notebook())  # type: ignore[no-untyped-call]  # nbformat is untyped


@cache
def _exporter() -> MarkdownExporter:
    from nbconvert.exporters import MarkdownExporter
    from traitlets.config import Config

    config = Config(
        {
            "TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": sorted(DROPPED)},
            "MarkdownExporter": {"exclude_input": True, "exclude_input_prompt": True, "exclude_output_prompt": True},
            "NbConvertBase": {"display_data_priority": ["text/markdown", "text/plain"]},
        }
    )
    return MarkdownExporter(config=config)  # type: ignore[no-untyped-call]  # nbconvert is untyped


def figures_in(fragment: str) -> tuple[str, ...]:
    """Ids of the figures that a fragment shows, each once, sorted.

    >>> figures_in("![Plan](_runs/figures/F1.svg){#fig-f1}")
    ('F1',)
    """
    return tuple(sorted(set(_FIGURE.findall(fragment))))


def write_fragment(notebook: Path, name: str, parameters: Mapping[str, Scalar]) -> None:
    """Write the fragment beside an executed notebook; its figures learn which notebook drew them, and how.

    Args:
        notebook: path of the executed .ipynb file, its figures in `figures/` beside it.
        name: of the notebook that was executed.
        parameters: what it was given.
    """
    text = render_fragment(notebook, str(parameters.get("lang", "fr")))
    notebook.with_suffix(".md").write_text(text, encoding="utf-8")
    for figure in figures_in(text):
        sidecar = notebook.parent / "figures" / f"{figure}.json"
        if sidecar.is_file():
            about: dict[str, Any] = json.loads(sidecar.read_text(encoding="utf-8"))
            about |= {"notebook": f"notebooks/{name}", "parameters": dict(parameters)}
            sidecar.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def shifted(markdown: str, by: int = SHIFT, least: int = 1) -> str:
    r"""Markdown with its headings of the level `least` and deeper moved down, never below six; code is left alone.

    >>> shifted("# Titre")
    '### Titre'
    >>> print(shifted("```\n# commentaire\n```\n## Suite"))
    ```
    # commentaire
    ```
    #### Suite
    """

    def moved(found: re.Match[str]) -> str:
        level = len(found[1])
        return "#" * min(6, level + (by if level >= least else 0))

    return "\n".join(line if code else _HEADING.sub(moved, line) for line, code in lines_of(markdown))


def translated(markdown: str, lang: str) -> str:
    r"""What a notebook says in French, in another language, and marked as such; a line that is not known stays.

    Args:
        markdown: headings and sentences, one a line.
        lang: fr, nl or en.

    >>> print(translated("### Que manque-t-il\u202f?", "nl"))
    ### Wat ontbreekt er? {lang=nl}
    """
    if lang == "fr":
        return markdown
    lines: list[str] = []
    for line in markdown.split("\n"):
        head, _, words = line.rpartition("# ") if _HEADING.match(line) else ("", "", line)
        key = _written().get(_spaceless(words))
        if key is None:
            lines.append(line)
        elif head or line.startswith("#"):
            lines.append(f"{head}# {message(key, lang)} {{lang={lang}}}")
        elif lines[-1:] == [":::"]:
            lines[-1:] = [message(key, lang), ":::"]
        else:
            lines += [f"::: {{lang={lang}}}", message(key, lang), ":::"]
    return "\n".join(lines)


@cache
def _written() -> dict[str, str]:
    return {_spaceless(message(key)): key for key in message_keys() if key.startswith(_WRITTEN)}


def _spaceless(sentence: str) -> str:
    return "".join(sentence.split())


def _not_printed(output: NotebookNode) -> NotebookNode:
    data = output.get("data", {})
    if "text/markdown" in data:
        data["text/markdown"] = on_screens("".join(data["text/markdown"]))
    return output


def _shifted_output(output: NotebookNode) -> NotebookNode:
    data = output.get("data", {})
    if "text/markdown" in data:
        data["text/markdown"] = shifted("".join(data["text/markdown"]))
    return output
