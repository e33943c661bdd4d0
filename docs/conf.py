"""The documentation site (`make docs`): the pages of this folder, the API from docstrings, every figure with its code.

What the program knows of itself is written by it when the site is built, into `docs/made/`: the gallery, the
dictionary of the tables, the names that each room gives.  Nothing is fetched, and a warning stops the build.
"""

from __future__ import annotations

import importlib
import inspect
import logging
import re
from pathlib import Path

import pypandoc
from docutils import nodes
from pygments.lexers import TextLexer
from sphinx.pycode import ModuleAnalyzer

import clss_analysis as clss
from clss_analysis.privacy import clear
from clss_analysis.publish import provenance
from clss_analysis.runs.notebook import read, without_grammar

with without_grammar():
    from nbconvert import MarkdownExporter
    from nbconvert.preprocessors import ExecutePreprocessor

ROOT = Path(__file__).parents[1]
MADE = Path(__file__).parent / "made"
_ROOMS = ("records", "privacy", "measures", "measures.qca", "layout", "figures", "runs", "publish")
ROOMS = (*(f"clss_analysis.{room}" for room in _ROOMS), "clss_analysis")
DATASETS = ("publication", "demo")  # where the gallery looks for rows, in this order

project = "clss-analysis"
copyright = "CC BY 4.0"  # noqa: A001  # Sphinx's own name for it
version = release = clss.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["site", "questions", "decisions/README.md"]
suppress_warnings = ["myst.header"]  # a part of the README begins below its title
myst_enable_extensions = ["dollarmath", "attrs_block"]
myst_heading_anchors = 3
autodoc_typehints = "none"  # the signature has them already, in fewer words
autodoc_default_options = {"exclude-members": "set"}  # what matplotlib gives every figure
language = "en"
html_theme = "furo"
html_title = f"clss-analysis {version}"
html_static_path: list[str] = []
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None


def setup(app: object) -> None:
    """Write what is made, say each page's own language, and print formulas as MathML, which needs no script."""
    app.connect("builder-inited", lambda _: write_made())
    app.connect("html-page-context", _page_language)
    app.connect("build-finished", _name_landmarks)
    app.add_html_math_renderer("pandoc", inline_renderers=(_formula, None), block_renderers=(_formula, None))
    app.config.html_math_renderer = "pandoc"
    app.add_lexer("csv", TextLexer)
    logging.getLogger("fontTools").setLevel(logging.WARNING)


def write_made() -> None:
    """The gallery, the dictionary and the API: pages of `docs/made`, their pictures beside them."""
    MADE.mkdir(exist_ok=True)
    pages = {"gallery.md": gallery(), "dictionary.md": dictionary(), "api.rst": api()}
    pages |= {f"{path.stem}.md": worked_through(path) for path in (Path(__file__).parent / "questions").glob("*.ipynb")}
    for name, text in pages.items():
        path = MADE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def gallery() -> str:
    """Every kind of figure: what it shows, the code that draws it, and the drawing."""
    datasets = {name: clss.read(ROOT / "data" / name) for name in DATASETS}
    parts = ["# Gallery\n\nEvery kind of figure, drawn when this page was made, with the code that draws it."]
    for kind in clss.figures.KINDS.values():
        for name, records in datasets.items():
            drawn = _drawn(kind, records)
            if drawn is not None:
                call, figure = drawn
                break
        else:
            raise ValueError(f"no row of {DATASETS} draws {kind.name}")
        clss.figures.save(figure, MADE / f"{kind.name}.svg", clear(records))
        about = (kind.draw.__doc__ or "").partition("\n")[0]
        code = f'```python\nimport clss_analysis as clss\n\nrecords = clss.read("data/{name}")\n{call}\n```'
        picture = f"```{{figure}} {kind.name}.svg\n:alt: {' '.join(figure.geometry.alt.split())}\n```"
        parts.append(f"## {kind.name}\n\n{about}\n\n{code}\n\n{picture}")
    return "\n\n".join(parts) + "\n"


def _drawn(kind: object, records: clss.Records) -> tuple[str, object] | None:
    """The first figure of a kind that these records give, with its call; None where they have no row for it."""
    function = kind.name.replace("-", "_")
    if kind.about.per_case and not kind.about.or_dataset:
        asked = [(f'clss.figures.{function}(records.case("{case}"))', case) for case in records.households["id"]]
    else:
        asked = [(f"clss.figures.{function}(records)", None)]
    for call, case in asked:
        try:
            return call, kind.draw(records if case is None else records.case(case))
        except clss.layout.NothingToDrawError:
            continue
    return None


def worked_through(path: Path) -> str:
    """A notebook as a page: run from its first cell to its last, with what its cells print."""
    notebook = read(path)
    runner = ExecutePreprocessor(kernel_name="python3", extra_arguments=["--log-level=ERROR"])
    runner.preprocess(notebook, {"metadata": {"path": str(ROOT)}})
    body, _ = MarkdownExporter().from_notebook_node(notebook)
    title, rest = body.strip().split("\n", 1)
    return f"{title}\n\n{{download}}`The notebook <../questions/{path.name}>`\n{rest}\n"


def dictionary() -> str:
    """The tables, their columns and their codes, as the book's dictionary has them."""
    body = pypandoc.convert_text(provenance.dictionary("fr"), "gfm-raw_html", format="markdown")
    return f"---\nlang: fr\n---\n\n# Dictionnaire des données\n\nUne case vide veut dire : inconnu.\n\n{body}"


def api() -> str:
    """Every public name, with its docstring, in the first room that gives it."""
    parts = ["API\n===\n\nEvery public name, by the room that gives it.  The examples run in the tests.\n"]
    for title, names in public_names().items():
        module = importlib.import_module(title)
        parts.append(f"{title}\n{'-' * len(title)}\n\n{inspect.getdoc(module)}\n")
        parts += [_documented(module, name) for name in names]
    return "\n".join(parts)


def public_names() -> dict[str, list[str]]:
    """What each room gives: the names of `dir` but for rooms, each in the first room that has it."""
    seen: set[int] = set()
    names: dict[str, list[str]] = {}
    for title in ROOMS:
        module = importlib.import_module(title)
        given = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
        names[title] = [n for n, each in given.items() if not inspect.ismodule(each) and id(each) not in seen]
        seen.update(map(id, given.values()))
    return names


def _documented(module: object, name: str) -> str:
    given, full = getattr(module, name), f"{module.__name__}.{name}"
    if inspect.isclass(given):
        return f".. autoclass:: {full}\n   :members:\n"
    if callable(given):
        return f".. autofunction:: {full}\n"
    stub = Path(module.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    home = re.search(rf"from \.(\w+) import {name} ", stub)[1]
    said = ModuleAnalyzer.for_module(f"{module.__name__}.{home}").find_attr_docs()["", name]
    return f".. data:: {full}\n\n   " + "\n   ".join(said) + "\n"


def _page_language(_app: object, _page: str, _template: str, context: dict[str, object], _tree: object) -> None:
    """The language of a page is what its head says, English where it says none."""
    context["language"] = (context.get("meta") or {}).get("lang", "en")


def _formula(writer: object, node: object) -> None:
    """A formula as MathML, by pandoc."""
    mark = "$$" if node.tagname == "math_block" else "$"
    text = f"{mark}{node.astext()}{mark}"
    made = pypandoc.convert_text(text, "html", format="markdown", extra_args=["--mathml"]).strip()
    writer.body.append(made if mark == "$$" else made.removeprefix("<p>").removesuffix("</p>"))
    raise nodes.SkipNode


_NAMED = {  # what Sphinx and the theme leave without a name or a level, for those who listen to the page
    'class="caption" role="heading">': 'class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    "<th></th>": "<td></td>",
    '<div id="search-results">': '<h1>Search</h1><div id="search-results">',
}


def _name_landmarks(app: object, _error: Exception | None) -> None:
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for before, after in _NAMED.items():
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")
