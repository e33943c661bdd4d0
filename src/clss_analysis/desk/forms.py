"""The forms of a draft, in the order of an interview: what a page shows of each row, and what may be chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clss_analysis.desk.draft import COLLECTIVE, Draft, Row, name_of
from clss_analysis.desk.look import in_fields
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.pages import as_text
from clss_analysis.records.workbook.plan import FAMILIES, Column, sheet_names, words

_HIDDEN = ("id", "household")
_FIRST = ("given_name", "family_name")
_LATER = ("order", "birth_order", "twin_group", "identical", "source", "reading", "national_number", "file_number",
          "age_band", "arrival", "departure", "birth", "death", "phone", "email", "address", "assessed")  # fmt: skip
_LATER_IN = {"persons": ("label", "note"), "actors": ("household", "institution", "note"), "households": ("label",),
             "criteria": ("criterion",)}  # fmt: skip
_LONG = ("summary", "detail", "note", "evidence", "text", "purpose", "limit", "definition", "example")
_NEW = {
    "persons": (
        ("mother", {"role": "mother", "gender": "woman", "residence": "household"}),
        ("father", {"role": "father", "gender": "man", "residence": "household"}),
        ("child", {"role": "child", "residence": "household"}),
        ("person", {}),
    ),
    "consents": (("consent", {}),),
    "actors": (("service", {"kind": "service"}),),
}
"""Rows that one button begins, by table: the word of the button, and what it says."""


@dataclass(frozen=True)
class Field:
    """One cell of a form; `choices` are code and word, and `private` what no dataset ever holds."""

    name: str
    title: str
    help: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...]
    required: bool
    private: bool
    long: bool


@dataclass(frozen=True)
class Form:
    """One row: `mark` is the symbol that stands for it in the drawing."""

    table: str
    key: int
    title: str
    mark: str
    fields: tuple[Field, ...]
    later: tuple[Field, ...]


@dataclass(frozen=True)
class Section:
    """One sheet of the interview, with the rows of a household."""

    table: str
    family: str
    title: str
    about: str
    forms: tuple[Form, ...]
    new: tuple[tuple[str, dict[str, str]], ...]


def interview(draft: Draft, household: str, lang: str) -> list[Section]:
    """The sections of one household."""
    skipped = (*COLLECTIVE, "consents")
    return [
        section(draft, table, lang, household) for _, tables in FAMILIES for table in tables if table not in skipped
    ]


def section(draft: Draft, table: str, lang: str, household: str | None = None) -> Section:
    """The section of one table, of one household or of all."""
    family = next(name for name, tables in FAMILIES if table in tables)
    across = draft.across(table, lang)
    rows = {
        key: row
        for key, row in draft.tables[table].items()
        if household is None or _shown(draft, table, row, household)
    }
    forms = tuple(_form(draft, table, key, row, across, lang, household) for key, row in rows.items())
    new = _NEW.get(table, ()) or (() if table == "households" else (("row", {}),))
    begun = tuple((message(f"desk.new.{word}", lang), cells) for word, cells in new)
    about = in_fields(message(f"{'desk' if table == 'households' else 'workbook'}.about.{table}", lang), lang)
    title = message("desk.nav.household", lang) if table == "households" else sheet_names(lang)[table]
    return Section(table, family, title, about, forms, begun)


def _shown(draft: Draft, table: str, row: Row, household: str) -> bool:
    """Whether a household's page shows a row: its own, and services of nobody that its ties name."""
    if table == "households":
        return row.get("id") == household
    if table == "actors" and not row.get("household"):
        ties = [*draft.tables["ties"].values(), *draft.tables["events"].values()]
        return any(
            row.get("id") in (each.get("from_actor"), each.get("to_actor"), each.get("actor"))
            for each in ties
            if each.get("household") == household
        )
    return row.get("household") == household


def _form(
    draft: Draft, table: str, key: int, row: Row, across: Iterable[Column], lang: str, household: str | None
) -> Form:
    fields = [
        _field(draft, each, row, lang, household) for each in across if each.name not in _hidden(table, household)
    ]
    kind = {"persons": "person", "actors": "actor", "households": "household"}.get(table, "")
    mark = f"{kind}-{row.get('id', '')}" if kind else ""
    later = (*_LATER, *_LATER_IN.get(table, ()))
    fields.sort(key=lambda each: each.name not in _FIRST)
    title = message("desk.nav.household", lang) if table == "households" else _title(table, row, lang)
    return Form(
        table, key, title, mark,
        tuple(each for each in fields if each.name not in later),
        tuple(each for each in fields if each.name in later),
    )  # fmt: skip


def _hidden(table: str, household: str | None) -> tuple[str, ...]:
    return ("id",) if household is None or table == "actors" else _HIDDEN


def _title(table: str, row: Row, lang: str) -> str:
    """What a row is called above its fields."""
    coded = {"criteria": ("criterion", "criterion"), "persons": ("role", "family_role")}
    name = name_of(row) if table != "criteria" else ""
    column, vocabulary = coded.get(table, ("", ""))
    code = str(row.get(column, ""))
    return name or words(vocabulary, lang).get(code, code) if vocabulary else name


def _field(draft: Draft, column: Column, row: Row, lang: str, household: str | None) -> Field:
    choices: tuple[tuple[str, str], ...] = ()
    if column.kind == "code":
        choices = tuple(words(column.vocabulary, lang).items())
    elif column.kind == "boolean":
        choices = tuple((code, message(f"workbook.{word}", lang)) for code, word in (("true", "yes"), ("false", "no")))
    elif column.kind == "reference":
        choices = tuple(_choices(draft, column.target, lang, household))
    value = as_text(row.get(column.name, ""), column, lang)
    if choices and value and value not in dict(choices):
        choices = (*choices, (value, value))
    return Field(
        column.name, column.title, _help(column, lang), column.kind, value, choices, column.required,
        column.kind == "identifying", column.name in _LONG and column.kind == "string",
    )  # fmt: skip


def _help(column: Column, lang: str) -> str:
    """What the workbook says of a column, without what is true in a workbook alone."""
    if column.kind == "identifying":
        ours, its = (message(f"{room}.form.identifying", lang, becomes="").strip() for room in ("desk", "workbook"))
        return f"{ours}{column.help.removeprefix(its)}"
    if column.kind == "reference":
        sheet = message(f"workbook.sheet.{column.target}", lang)
        return in_fields(column.help.replace(message("workbook.form.reference", lang, sheet=sheet), "").strip(), lang)
    return in_fields(column.help, lang)


def _choices(draft: Draft, table: str, lang: str, household: str | None) -> Iterable[tuple[str, str]]:
    """Rows that another may cite, by label; those of the household first, of other households never."""
    rows = draft.tables[table].values()
    for row in rows:
        if household is None or table == "households" or str(row.get("household") or household) == household:
            code = str(row.get("id", ""))
            yield code, _title(table, row, lang) or code
