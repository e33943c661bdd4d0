"""Where figures and words come from, as pages of the book: rows, notebook and parameters; tables and vocabularies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clss_analysis.publish.source import escape
from clss_analysis.records.schema import fields, table_names, table_schema
from clss_analysis.records.vocabulary import codes, label, message

_FEW = 3


def provenance(figures: Sequence[Mapping[str, Any]], shown: frozenset[str]) -> str:
    """A table with a line for each figure: from which rows, by which notebook, with which parameters it was made.

    Args:
        figures: the sidecars.
        shown: ids (`fig-…`) of the figures that the book shows; the others are named by their file alone.
    """
    if not figures:
        return ""
    head = [message(f"book_provenance_{name}") for name in ("figure", "rows", "made")]
    lines = [f"| {' | '.join(head)} |", "|---|---|---|"]
    for figure in sorted(figures, key=_natural_key):
        reference = f"fig-{str(figure['id']).lower()}"
        name = f"`{figure['id']}`. {escape(str(figure.get('title', '')))}"
        if reference in shown:
            name = f"@{reference[0].upper()}{reference[1:]} ({name})"
        lines.append(f"| {name} | {_rows(figure['rows'])} | {_made(figure)} |")
    return "\n".join([*lines, "", f": {message('book_provenance_caption')} {{#tbl-provenance}}", ""])


def dictionary() -> str:
    """The tables of a dataset, field by field, and the words of each vocabulary, from what the checks read."""
    blocks = [f"## {message('book_dictionary_tables')} {{#sec-dictionnaire-tables}}", ""]
    head = " | ".join(message(f"book_dictionary_{name}") for name in ("field", "type", "meaning"))
    for table in table_names():
        about = table_schema(table)
        blocks += [f"### {escape(str(about['title']))} {{#sec-table-{table.replace('_', '-')}}}", ""]
        blocks += [f"`{about['path']}`. {escape(str(about.get('description', '')))}", ""]
        blocks += [f"| {head} |", "|------|------|------------------|"]
        blocks += [
            f"| `{field['name']}` | {_type(field)} | {escape(str(field['description']))} |" for field in fields(table)
        ]
        blocks += [""]
    blocks += [f"## {message('book_dictionary_vocabularies')} {{#sec-vocabulaires}}", ""]
    blocks += [message("book_dictionary_vocabularies_lead"), ""]
    used = dict.fromkeys(
        str(field["vocabulary"]) for table in table_names() for field in fields(table) if "vocabulary" in field
    )
    for vocabulary in used:
        words = " ; ".join(f"`{code}` {escape(label(vocabulary, code))}" for code in codes(vocabulary))
        blocks += [f"`{vocabulary}`\n:   {words}.", ""]
    return "\n".join(blocks)


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
        said.append(f"`{table}` {len(unique)} ({escape(few)})")
    return " ; ".join(said) if said else "–"


def _made(figure: Mapping[str, Any]) -> str:
    notebook = str(figure.get("notebook") or "–").rsplit("/", 1)[-1]
    values = figure.get("parameters") or {}
    said = ", ".join(f"{key} = {value}" for key, value in values.items() if key != "out")
    return f"`{notebook}`" + (f" ({escape(said)})" if said else "")


def _type(field: Mapping[str, Any]) -> str:
    said = message(f"book_type_{field['type']}")
    if "vocabulary" in field:
        said = f"{message('book_type_code')} `{field['vocabulary']}`"
    elif field.get("unit") and field["type"] != "yearmonth":
        said += f" ({message('book_unit_' + str(field['unit']))})"
    required = (field.get("constraints") or {}).get("required")
    return said + (f", {message('book_type_required')}" if required else "")
