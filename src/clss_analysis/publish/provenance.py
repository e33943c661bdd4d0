"""Where figures and words come from, as pages of the book: rows, notebook and parameters; tables and vocabularies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clss_analysis.records.escape import markdown
from clss_analysis.records.own_columns import OwnFields
from clss_analysis.records.schema import MONTHS, fields, table_names, table_schema
from clss_analysis.records.vocabulary import codes, first_message, label, message
from clss_analysis.runs.markdown import in_print, on_screens
from clss_analysis.runs.plan import of_gallery

_FEW = 3  # rows that are named one by one; of more the first and the last


def provenance(
    figures: Sequence[Mapping[str, Any]], shown: frozenset[str], printed: frozenset[str], lang: str = "fr"
) -> str:
    """A table with a line for each figure: from which rows, by which notebook, with which parameters it was made.

    The printed book has the same in short for the figures that it shows: how many rows of which tables, the notebook
    and its household.

    Args:
        figures: the sidecars.
        shown: ids (`fig-…`) of the figures that the book shows; the others are named by their file alone.
        printed: those of them that are on paper.
        lang: fr, nl or en.
    """
    if not figures:
        return ""
    head = [message(f"book_provenance_{name}", lang) for name in ("figure", "rows", "made")]
    lines = [f"| {' | '.join(head)} |", "|---|---|---|"]
    for figure in sorted(figures, key=_natural_key):
        name = f"`{figure['id']}`. {markdown(str(figure.get('title', '')))}"
        lines.append(f"| {_named(figure, shown, name)} | {_rows(figure['rows'])} | {_made(figure)} |")
    whole = "\n".join([*lines, "", f": {message('book_provenance_caption', lang)} {{#tbl-provenance}}"])
    return f"{on_screens(whole)}\n\n{in_print(_in_short(figures, printed, lang))}\n"


def _in_short(figures: Sequence[Mapping[str, Any]], printed: frozenset[str], lang: str) -> str:
    head = [message(f"book_provenance_{name}", lang) for name in ("figure_short", "rows_short", "made_short")]
    lines = [f"| {' | '.join(head)} |", "|---|---|---|"]
    drawn = [figure for figure in figures if not of_gallery(figure) and _reference(figure) in printed]
    for figure in sorted(drawn, key=_natural_key):
        counts = Counter(str(row["table"]) for row in figure["rows"])
        rows = ", ".join(f"`{table}` {n}" for table, n in counts.items())
        case = figure.get("case")
        made = f"`{Path(str(figure.get('notebook') or '–')).stem}`" + (f", {markdown(str(case))}" if case else "")
        name = _named(figure, printed, f"`{figure['id']}`")
        lines.append(f"| {name} | {rows or '–'} | {made} |")
    return "\n".join(lines)


def _named(figure: Mapping[str, Any], shown: frozenset[str], name: str) -> str:
    reference = _reference(figure)
    return f"@{reference[0].upper()}{reference[1:]} ({name})" if reference in shown else name


def _reference(figure: Mapping[str, Any]) -> str:
    return f"fig-{str(figure['id']).lower()}"


def dictionary(lang: str = "fr", own: OwnFields = MappingProxyType({})) -> str:
    """The tables of a dataset, field by field, and the words of each vocabulary, from what the checks read.

    The printed book names tables, fields and vocabularies.  What tables and fields hold is said in French, as the
    description of a dataset says it; what stands around it, and the words of a vocabulary, are in `lang`.

    Args:
        lang: fr, nl or en.
        own: fields that the dataset adds, by table.
    """
    return f"{on_screens(_every_field(lang, own))}\n\n{in_print(_every_table(lang, own))}\n"


def _every_table(lang: str, own: OwnFields) -> str:
    everywhere, used = _everywhere(lang), _used()
    always = ", ".join(f"`{name}` ({meaning})" for name, _, meaning in sorted(everywhere))
    head = " | ".join(message(f"book_dictionary_{name}", lang) for name in ("table", "row"))
    lines = [message("book_dictionary_short", lang, fields=always), "", f"| {head} |", "|---|---|"]
    for table in table_names():
        about = table_schema(table)
        listed = ", ".join(f"`{field[0]}`" for field in _only_here(table, lang, own))
        name = f"{_title(table, lang)} (`{about['path']}`)"
        lines.append(f"| {name} | {markdown(str(about.get('description', '')))} {listed}. |")
    words = ", ".join(f"`{vocabulary}` ({len(codes(vocabulary))})" for vocabulary in used)
    return "\n".join([*lines, "", message("book_dictionary_vocabularies_short", lang, vocabularies=words)])


def _every_field(lang: str, own: OwnFields) -> str:
    blocks = [f"## {message('book_dictionary_tables', lang)} {{#sec-dictionnaire-tables}}", ""]
    everywhere = _everywhere(lang)
    blocks += [message("book_dictionary_everywhere", lang), ""]
    blocks += [f"- `{name}` ({kind}) : {meaning}" for name, kind, meaning in sorted(everywhere)] + [""]
    head = " | ".join(message(f"book_dictionary_{name}", lang) for name in ("field", "type", "meaning"))
    for table in table_names():
        about = table_schema(table)
        blocks += [f"### {_title(table, lang)} {{#sec-table-{table.replace('_', '-')}}}", ""]
        blocks += [f"`{about['path']}`. {markdown(str(about.get('description', '')))}", ""]
        blocks += [f"| {head} |", "|------|------|------------------|"]
        listed = _only_here(table, lang, own)
        blocks += [f"| `{name}` | {kind} | {meaning} |" for name, kind, meaning in listed]
        blocks += [""]
    blocks += [f"## {message('book_dictionary_vocabularies', lang)} {{#sec-vocabulaires}}", ""]
    blocks += [message("book_dictionary_vocabularies_lead", lang), ""]
    for vocabulary in _used():
        words = " ; ".join(f"`{code}` {markdown(label(vocabulary, code, lang))}" for code in codes(vocabulary))
        blocks += [f"`{vocabulary}`\n:   {words}.", ""]
    return "\n".join(blocks)


def _title(table: str, lang: str) -> str:
    return markdown(str(table_schema(table)["title"]) if lang == "fr" else message(f"title.{table}", lang))


def _only_here(table: str, lang: str, own: OwnFields) -> list[tuple[str, str, str]]:
    everywhere = _everywhere(lang)
    said = [_said(field, lang) for field in (*fields(table), *own.get(table, ()))]
    return [field for field in said if field not in everywhere]


@cache
def _everywhere(lang: str) -> frozenset[tuple[str, str, str]]:
    said = (frozenset(_said(field, lang) for field in fields(table)) for table in table_names())
    return frozenset.intersection(*said)


def _used() -> dict[str, None]:
    return dict.fromkeys(
        str(field["vocabulary"]) for table in table_names() for field in fields(table) if "vocabulary" in field
    )


def _natural_key(figure: Mapping[str, Any]) -> tuple[str, int, str]:
    name = str(figure["id"])
    letter, rest = name[:1], name[1:]
    return (letter, int(rest), "") if rest.isdigit() else ("~", 0, name)


def _rows(rows: Sequence[Mapping[str, Any]]) -> str:
    by_table: dict[str, list[str]] = {}
    for row in rows:
        by_table.setdefault(str(row["table"]), []).append(str(row["row"]))
    said = []
    for table, names in by_table.items():
        unique = list(dict.fromkeys(names))
        few = ", ".join(unique) if len(unique) <= _FEW else f"{unique[0]} … {unique[-1]}"
        said.append(f"`{table}` {len(unique)} ({markdown(few)})")
    return " ; ".join(said) if said else "–"


def _made(figure: Mapping[str, Any]) -> str:
    notebook = str(figure.get("notebook") or "–").rsplit("/", 1)[-1]
    values = figure.get("parameters") or {}
    said = ", ".join(f"{key} = {value}" for key, value in values.items() if key != "out")
    return f"`{notebook}`" + (f" ({markdown(said)})" if said else "")


def _said(field: Mapping[str, Any], lang: str) -> tuple[str, str, str]:
    return str(field["name"]), _type(field, lang), markdown(str(field.get("description") or field.get("title", "")))


def _type(field: Mapping[str, Any], lang: str) -> str:
    said = message(f"book_type_{field['type']}", lang)
    if "vocabulary" in field:
        said = f"{message('book_type_code', lang)} `{field['vocabulary']}`"
    elif field.get("unit") and field["type"] not in MONTHS:
        unit = str(field["unit"])
        said += f" ({first_message((f'book_unit_{unit}',), lang, markdown(unit))})"
    required = (field.get("constraints") or {}).get("required")
    return said + (f", {message('book_type_required', lang)}" if required else "")
