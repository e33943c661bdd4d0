"""What a workbook is made of: its sheets in the order of a conversation, and the columns of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from clss_analysis.records.schema import IDENTIFYING, MONTH_OR_YEAR, MONTHS, Descriptor, fields, table_schema
from clss_analysis.records.vocabulary import codes, first_message, label, message, message_keys, shipped_rows

FORMAT = "clss-workbook 1"
LISTS = "clss"
"""Name of the hidden sheet that says the format and the language, and holds the lists."""

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("family", ("households", "persons", "couples", "filiations", "residences")),
    ("housing", ("situations", "housing_problems")),
    ("criteria", ("criteria",)),
    ("life", ("health_impacts", "domain_impacts")),
    ("network", ("actors", "ties")),
    ("course", ("events", "case_notes")),
    ("tree", ("relevance_nodes", "relevance_links")),
    ("voice", ("statements", "codes", "codings")),
    ("consent", ("consents",)),
    ("collective", ("workshops", "attendance")),
    ("project", ("partnerships", "phases", "programme", "context_statistics")),
)
FORMS = {"yearmonth": "month", MONTH_OR_YEAR: "month_or_year", "string": "text"}
"""The hint that goes with a type, where it has another name."""
MARK, VERDICT = "mark", "verdict"
HEADER, EXAMPLE, FIRST = 3, 4, 5
"""Rows, counted from 1: column titles, the example, the first row to fill in."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    `kind` is the type of the field (`string`, `yearmonth`, `any`, `date`, `integer`, `number`, `boolean`), or `id`,
    `code`, `reference`, `mark`, `verdict` or `identifying`.
    """

    name: str
    title: str
    help: str
    kind: str
    required: bool = False
    vocabulary: str = ""
    target: str = ""


def sheet_names(lang: str) -> dict[str, str]:
    """Table → name of its sheet, in the order in which a conversation meets them.

    >>> list(sheet_names("fr").values())[:3]
    ['Ménages', 'Personnes', 'Couples']
    """
    return {table: message(f"workbook.sheet.{table}", lang) for _, tables in FAMILIES for table in tables}


def columns(table: str, lang: str, own: Sequence[Descriptor] = ()) -> tuple[Column, ...]:
    """The columns of a table's sheet, from left to right; own ones stand behind those of the schema.

    Args:
        table: the table.
        lang: fr, nl or en.
        own: fields that a dataset adds to the table.

    >>> [column.name for column in columns("couples", "fr")][:3]
    ['mark', 'id', 'household']
    """
    ours = _columns(table, lang)
    place = 1 + len(fields(table))
    return (*ours[:place], *_own_columns(ours, own, lang), *ours[place:]) if own else ours


def _own_columns(ours: Sequence[Column], own: Sequence[Descriptor], lang: str) -> Iterator[Column]:
    """Columns of a dataset's own, each by a title that no other column of the sheet has."""
    taken = {column.title.casefold() for column in ours}
    for field in own:
        name, vocabulary = str(field["name"]), str(field.get("vocabulary", ""))
        title = str(field.get("title") or name).strip() or name
        while title.casefold() in taken:
            title = f"{title} ({name})"
        taken.add(title.casefold())
        kind = "code" if vocabulary else str(field["type"])
        form = message(f"workbook.form.{FORMS.get(kind, kind)}", lang)
        hint = " ".join(part for part in (str(field.get("description", "")), form) if part)
        yield Column(name, title, hint, kind, bool(field.get("constraints", {}).get("required")), vocabulary)


@cache
def _columns(table: str, lang: str) -> tuple[Column, ...]:
    targets = {
        key["fields"][0]: key["reference"]["resource"] or table for key in table_schema(table)["schema"]["foreignKeys"]
    }
    found = [Column(MARK, column_words("column", table, MARK, lang), column_words("help", table, MARK, lang), MARK)]
    for each in fields(table):
        name = str(each["name"])
        target = targets.get(name, "")
        vocabulary = str(each.get("vocabulary", ""))
        kind = "id" if name == "id" else "reference" if target else "code" if vocabulary else str(each["type"])
        required = bool(each["constraints"].get("required")) if "constraints" in each else False
        hint = _help(table, name, kind, target, lang)
        title = column_words("column", table, name, lang)
        found.append(Column(name, title, hint, kind, required and not filled(table, name), vocabulary, target))
    if table == "criteria":
        found.append(
            Column(
                VERDICT,
                column_words("column", table, VERDICT, lang),
                column_words("help", table, VERDICT, lang),
                VERDICT,
            )
        )
    for name in IDENTIFYING.get(table, ()):
        hint = message("workbook.form.identifying", lang, becomes=column_words("help", table, name, lang))
        found.append(Column(name, column_words("column", table, name, lang), hint, "identifying"))
    return tuple(found)


def filled(table: str, name: str) -> bool:
    """Whether an import fills a required cell that was left empty, in a way that invents nothing.

    Source and reading have a plain value, the order is that of the rows, nobody is index person unless it is said,
    an id that no table can cite may be any, and a designation comes from the pseudonym.
    """
    if name == "id":
        return table not in CITED
    return name in ("source", "reading", "order", "index") or (table, name) in LABELLED


CITED = frozenset({"households", "persons", "actors", "consents", "relevance_nodes", "codes", "workshops", "programme"})
LABELLED = frozenset({("households", "label"), ("persons", "label")})


def words(vocabulary: str, lang: str) -> dict[str, str]:
    """Code → word of a vocabulary, as drop-downs show it."""
    return {code: label(vocabulary, code, lang) for code in codes(vocabulary)}


def _help(table: str, name: str, kind: str, target: str, lang: str) -> str:
    own = column_words("help", table, name, lang)
    if kind == "reference":
        form = message("workbook.form.reference", lang, sheet=message(f"workbook.sheet.{target}", lang))
    elif kind in ("code", "boolean", *MONTHS, "integer", "number") and not (kind in ("boolean", "integer") and own):
        form = message(f"workbook.form.{FORMS.get(kind, kind)}", lang)
    else:
        form = "" if own else message("workbook.form.text", lang)
    return " ".join(part for part in (own, form) if part)


def column_words(what: str, table: str, name: str, lang: str) -> str:
    """The title (`column`) or the help of a column of a table; empty where the catalogue has none.

    >>> column_words("column", "households", "intake", "nl") != ""
    True
    """
    return first_message((f"workbook.{what}.{table}.{name}", f"workbook.{what}.{name}"), lang)


@cache
def example(table: str, lang: str) -> dict[str, str]:
    """The grey row that shows how a table's sheet is filled in, and that no import takes; empty where there is none.

    Returns:
        Column → cell as a dataset would hold it.

    >>> example("couples", "fr")["state"]
    'separated'
    """
    coded = {row["column"]: row["cell"] for row in _examples() if row["table"] == table}
    prefix = f"workbook.example.{table}."
    told = {key.removeprefix(prefix): message(key, lang) for key in message_keys() if key.startswith(prefix)}
    return {**coded, **told} if coded else {}


@cache
def _examples() -> tuple[dict[str, str], ...]:
    return tuple(shipped_rows("clss_analysis.records.workbook", "examples.csv"))
