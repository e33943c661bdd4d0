"""The list of figures, docs/figures.md: every kind of the registry, and the notebooks that show it.

`python docs/figures.py` writes it; with `--check` it only says whether the page is up to date.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from clss_analysis.figures import KINDS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "figures.md"
HEAD = """# Figures

Every kind of figure, from the registry (`make figures` writes this page; [howto-figure.md](howto-figure.md) adds one).
From Python each is a function of `clss.figures`, with underscores for hyphens, and takes `lang`.

| kind | what it shows | of | rows needed | options | notebook |
|---|---|---|---|---|---|"""


def listing(notebooks: Path) -> str:
    """Every kind as a table in Markdown, with the notebooks that show it: `docs/figures.md`.

    Args:
        notebooks: their folder.
    """
    lines = [HEAD]
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(notebooks.glob("*.ipynb"))}
    for name, kind in KINDS.items():
        about, options = kind.about, inspect.signature(kind.draw).parameters.values()
        of = "household, or dataset" if about.or_dataset else "household" if about.per_case else "dataset"
        shown = [notebook for notebook, text in texts.items() if f'(\\"{name}\\"' in text or f'kind=\\"{name}\\"' in text]
        cells = (
            f"`{name}`",
            (kind.draw.__doc__ or "").partition("\n")[0],
            f"{of}, counts only" if about.counts else of,
            f"`{about.needs}`" if about.needs else "",
            ", ".join(f"`{each.name}`" for each in list(options)[1:] if each.name != "lang"),
            ", ".join(shown),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"

if __name__ == "__main__":
    text = listing(ROOT / "notebooks")
    if "--check" in sys.argv:
        sys.exit(text != PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(text, encoding="utf-8")
