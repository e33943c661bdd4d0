"""The explorer of JupyterLab: choose, see, and copy the code that gives the same again."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from clss_analysis.measures import code_of, incidence
from clss_analysis.privacy import NotClearedError, clear
from clss_analysis.records import Records, label, message
from clss_analysis.records.vocabulary import column_title
from clss_analysis.runs.findings import counted

if TYPE_CHECKING:
    from ipywidgets import VBox

PROBLEMS, IMPACTS = "housing_problems", ("health_impacts", "domain_impacts")
NETWORK, LATTICE, MATRIX, STATEMENTS = VIEWS = ("network", "lattice", "matrix", "statements")
_SHOWN = ["household_label", "theme_label", "statement", "text"]


def explore(records: Records, *, lang: str = "fr") -> VBox:
    """Choose households, problems, impacts and months of intake; see network, lattice, matrix or statements.

    Under the view stands the expression that gives it; what is seen is what this expression gave.  The gate is asked
    for every view as it is by the figures and measures themselves.  Households that may only be counted cannot be
    chosen, and count only where nobody is chosen: two choices that differ by one household would tell of it.

    Args:
        records: the dataset; in the notebook it must bear this name for the code to run.
        lang: fr, nl or en.

    Returns:
        A widget of ipywidgets, which JupyterLab shows.

    Raises:
        NotClearedError: the gate is shut.
        ImportError: ipywidgets is not installed; it comes with the extra `research`.
    """
    try:
        import ipywidgets as widgets
    except ImportError:
        raise ImportError(message("explore.install", lang)) from None
    clearance = clear(records)

    def say(key: str) -> str:
        return message(f"explore.{key}", lang)

    def many(name: str, options: Sequence[tuple[str, str]]) -> Any:  # noqa: ANN401 - ipywidgets is untyped
        tall = {"width": "17em", "height": "10em"}
        return widgets.VBox(
            [widgets.Label(say(name)), widgets.SelectMultiple(options=options, layout=tall, tooltip=say(name))]
        )

    named = records.households[records.households["id"].isin(clearance.told)]
    months = sorted({str(month) for month in named["intake"].dropna()})
    homes = many("households", list(zip(named["label"], named["id"], strict=True)))
    problems = many("problems", _codes(records, PROBLEMS, lang))
    impacts = many("impacts", _codes(records, IMPACTS[0], lang))
    table = widgets.Dropdown(
        options=[(message(f"title.{name}", lang), name) for name in IMPACTS], description=say("of")
    )
    ends = [
        widgets.Dropdown(options=[(say("any"), ""), *((each, each) for each in months)], description=say(name))
        for name in ("since", "until")
    ]
    view = widgets.ToggleButtons(options=[(say(name), name) for name in VIEWS], tooltip=say("view"))
    code = widgets.Textarea(layout={"width": "100%", "height": "11em"}, tooltip=say("code"))
    seen, notes = widgets.HTML(), widgets.HTML()

    def chosen() -> str:
        since, until = (end.value for end in ends)
        only = list(homes.children[1].value)
        if clearance.counted and (only or since or until):
            only = only or list(named["id"])
        asked = [_quoted(only)] if only else []
        asked += [f'{name}="{value}"' for name, value in (("since", since), ("until", until)) if value]
        return f"records.among({', '.join(asked)})" if asked else "records"

    def look(_: object = None) -> None:
        told_only = bool(clearance.counted) and chosen() != "records"
        wanted = [each.children[1].value for each in (problems, impacts)]
        code.value = expression(view.value, chosen(), table.value, *wanted, lang=lang)
        seen.value, said = shown(code.value, records, view.value, table.value, lang)
        aside = any(wanted) and view.value in (LATTICE, STATEMENTS)
        told = [said, say("told_only") if told_only else "", say(f"aside_{view.value}") if aside else ""]
        notes.value = html.escape(" ".join(filter(None, told)))

    def other_table(_: object) -> None:
        impacts.children[1].value = ()
        impacts.children[1].options = _codes(records, table.value, lang)
        look()

    table.observe(other_table, "value")
    for each in (homes.children[1], problems.children[1], impacts.children[1], *ends, view):
        each.observe(look, "value")
    look()
    more = widgets.VBox([table, *ends, widgets.Label(say("none_is_all"))])
    choice = widgets.HBox([homes, problems, impacts, more], layout={"flex_flow": "row wrap"})
    return widgets.VBox([choice, view, seen, notes, widgets.Label(say("code")), code])


def expression(
    view: str, chosen: str, table: str, problems: Sequence[str], impacts: Sequence[str], *, lang: str = "fr"
) -> str:
    """The Python expression of a view.

    Args:
        view: one of `VIEWS`.
        chosen: expression of the records.
        table: of the impacts.
        problems: codes; none for all.
        impacts: codes; none for all.
        lang: fr, nl or en.

    >>> print(expression("matrix", "records", "health_impacts", [], ["anxiety"]))
    clss.measures.cooccurrence(
        records, "housing_problems", "health_impacts"
    ).filter(["anxiety"], axis="columns")
    """
    if view == STATEMENTS:
        return f"clss.measures.framework_matrix(\n    {chosen}\n)"
    spoken = "" if lang == "fr" else f'\n    lang="{lang}",'
    if view == LATTICE:
        return f'clss.figures.concept_lattice(\n    {chosen},\n    columns="{table}",{spoken}\n)'
    listed = {name: _quoted(codes) for name, codes in (("problems", problems), ("impacts", impacts)) if codes}
    if view == MATRIX:
        counts = f'clss.measures.cooccurrence(\n    {chosen}, "{PROBLEMS}", "{table}"\n)'
        axes = {"problems": "index", "impacts": "columns"}
        return counts + "".join(f'.filter({codes}, axis="{axes[name]}")' for name, codes in listed.items())
    more = "".join(f"\n    {name}={codes}," for name, codes in listed.items())
    return f'clss.figures.problems_impacts(\n    {chosen},\n    columns="{table}",{more}{spoken}\n)'


def shown(code: str, records: Records, view: str, table: str, lang: str) -> tuple[str, str]:
    """What an expression gives, as HTML, and what is to be said of it.

    A figure, a table in words, or the sentence that says why there is nothing to see.
    """
    import clss_analysis
    from clss_analysis.layout.page import NothingToDrawError

    names = {"clss": clss_analysis, "records": records}
    try:
        given = eval(code.replace("\n", " "), {"__builtins__": {}}, names)  # noqa: S307 - made here, of ids and codes
    except (NothingToDrawError, NotClearedError) as reason:
        return f"<p>{html.escape(str(reason))}</p>", ""
    if isinstance(given, pd.DataFrame):
        said = ""
        if view == MATRIX:
            given.attrs["withheld"] = int(given.isna().to_numpy().sum())
            said = str(counted(given, lang=lang).data)
        return _table(given, view, table, lang), said
    picture = given._repr_mimebundle_()["image/svg+xml"]
    return f'<div style="overflow:auto">{picture[picture.index("<svg") :]}</div>', ""


def _table(frame: pd.DataFrame, view: str, table: str, lang: str) -> str:
    held = message("findings.held", lang)
    if view == STATEMENTS:
        words = frame[_SHOWN].fillna(message("framework.verbatim", lang))
        words.columns = [column_title(name, lang) for name in _SHOWN]
        return str(words.to_html(index=False, border=0))
    words = frame.astype(object).where(frame.notna(), held)
    words.index = [label(code_of(PROBLEMS)[1], str(code), lang) for code in words.index]
    words.columns = [label(code_of(table)[1], str(code), lang) for code in words.columns]
    return str(words.to_html(border=0))


def _codes(records: Records, table: str, lang: str) -> list[tuple[str, str]]:
    return [(label(code_of(table)[1], code, lang), code) for code in incidence(records, table)["code"]]


def _quoted(codes: Sequence[str]) -> str:
    return json.dumps(list(codes), ensure_ascii=False)
