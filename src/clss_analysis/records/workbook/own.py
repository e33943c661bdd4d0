"""A workbook of one's own: its columns matched to ours by title or values, in a small file that a person corrects."""

from __future__ import annotations

import csv
import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from clss_analysis.records.atomic import write_file
from clss_analysis.records.exchange.foreign import foreign_words
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.vocabulary import LANGUAGES, message
from clss_analysis.records.workbook.pages import as_text, folded, plain
from clss_analysis.records.workbook.plan import CITED, MARK, VERDICT, Column, columns, sheet_names, words
from clss_analysis.records.workbook.spreadsheet import RawSheet

TABLES = ("persons", "households", "couples", "filiations", "situations", "housing_problems", "events", "actors")
"""Tables that a sheet of one's own may hold, the first where two fit as well."""
_SEEK_HEADER = 12
_CLOSE = 0.84
_MOST_VALUES = 0.6
_SAMPLE = 200

Sheets = dict[str, dict[str, Any]]


def propose(raw: Iterable[RawSheet], path: Path, lang: str) -> bool:
    """Write which column of which sheet is taken for which of ours; False, and nothing written, where none is known.

    Args:
        raw: the sheets.
        path: the file to write (TOML); one that is there is kept.
        lang: language of its remarks: fr, nl or en.
    """
    parts = [f"# {line}" for line in message("own.head", lang).split(" | ")]
    for sheet in raw:
        if found := _guess(sheet):
            header, table, matched = found
            titles = [cell for cell in sheet.rows[header] if isinstance(cell, str) and cell.strip()]
            parts += ["", f"[sheets.{_quoted(sheet.name)}]", f"table = {_quoted(table)}", f"header = {header + 1}"]
            parts += ["", f"[sheets.{_quoted(sheet.name)}.columns]"]
            parts += [f"{_quoted(title)} = {_quoted(matched.get(title, ''))}" for title in dict.fromkeys(titles)]
            missing = [
                each for each in columns(table, lang)
                if each.required and each.name not in {"household", "id", *matched.values()}
            ]  # fmt: skip
            parts += ["", f"# {message('own.otherwise', lang)}", f"[sheets.{_quoted(sheet.name)}.otherwise]"]
            parts += [f"{each.name} = {_quoted('')}  # {' · '.join(_listed(each, lang).values())}"
                      for each in missing]  # fmt: skip
    if not any(part.startswith("[") for part in parts):
        return False
    if not path.exists():
        write_file(path, "\n".join([*parts, ""]).encode("utf-8"))
    return True


def read_mapping(path: Path) -> Sheets:
    """The sheets of a mapping file: table, header, columns, otherwise.

    Raises:
        InvalidRecordsError: no TOML, or something in it that is no table or column of ours; its key is named.
    """

    def refuse(key: str, line: int | None = None) -> InvalidRecordsError:
        return InvalidRecordsError([Fault(str(path), line, key or None, message("own.fault", "fr"))])

    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise refuse("") from None
    sheets = said.get("sheets")
    if not isinstance(sheets, dict):
        raise refuse("sheets")
    for sheet in sheets.values():
        table, header = (sheet.get("table"), sheet.get("header", 1)) if isinstance(sheet, dict) else (None, 1)
        if table not in sheet_names("fr"):
            raise refuse("table")
        if type(header) is not int or header < 1:
            raise refuse("header")
        known = {each.name for each in columns(str(table), "fr")} | {""}
        for part in ("columns", "otherwise"):
            cells = sheet.setdefault(part, {})
            names = list(cells.values()) if part == "columns" else list(cells)
            if not isinstance(cells, dict) or not all(isinstance(each, str) for each in cells.values()):
                raise refuse(part)
            if strange := next((each for each in names if each not in known), None):
                raise refuse(strange)
            if part == "columns" and len(set(filter(None, names))) < len([*filter(None, names)]):
                raise refuse(part)
    return sheets


def mapped(raw: Iterable[RawSheet], mapping: Sheets, lang: str) -> tuple[dict[str, RawSheet], int]:
    """The sheets that a mapping names, by table, with our titles over the columns and nothing in the others.

    Rows without an id that others cite are numbered.  Households that only other sheets cite get a sheet of their
    own, M1, M2… where what cites them is no short code.

    Returns:
        The sheets, rows where they stood, and how many filled columns were left.
    """
    found: dict[str, RawSheet] = {}
    left = 0
    for sheet in raw:
        said = next((each for name, each in mapping.items() if folded(name) == folded(sheet.name)), None)
        if said is None:
            continue
        header, ours = said["header"] - 1, {each.name: each for each in columns(said["table"], lang)}
        rows = [list(row) for row in sheet.rows]
        titles = rows[header] if header < len(rows) else []
        wanted = {folded(title): name for title, name in said["columns"].items() if name}
        names = [wanted.get(folded(cell), "") if isinstance(cell, str) else "" for cell in titles]
        left += sum(not name and any(len(r) > n and r[n] is not None for r in rows[header + 1 :])
                    for n, name in enumerate(names))  # fmt: skip
        added = {name: text for name, text in said["otherwise"].items() if text and name not in names}
        numbered = said["table"] in CITED and "id" not in (*names, *added)
        shown = []
        for number, row in enumerate(rows[header:]):
            cells = [cell if n < len(names) and names[n] else None for n, cell in enumerate(row)]
            filled = any(cell is not None for cell in cells)
            more = [ours[name].title if number == 0 else text if filled else None for name, text in added.items()]
            if numbered:
                more.append(
                    ours["id"].title if number == 0 else f"{said['table'][0].upper()}{number}" if filled else None
                )
            if number == 0:
                cells = [ours[name].title if name else None for name in names]
            else:
                cells = [_worded(cell, ours.get(names[n]) if n < len(names) else None, lang)
                         for n, cell in enumerate(cells)]  # fmt: skip
            shown.append((*cells, *more))
        found[said["table"]] = RawSheet(sheet.name, (*((None,),) * header, *shown))
    return _with_households(found, lang), left


def _with_households(found: dict[str, RawSheet], lang: str) -> dict[str, RawSheet]:
    if "households" in found:
        return found
    cited: dict[str, str] = {}
    told: dict[str, RawSheet] = {}
    for table, sheet in found.items():
        title = next((each.title for each in columns(table, lang) if each.name == "household"), "")
        header = next(n for n, row in enumerate(sheet.rows) if any(cell is not None for cell in row))
        place = sheet.rows[header].index(title) if title in sheet.rows[header] else None
        rows = [list(row) for row in sheet.rows]
        for row in rows[header + 1 :]:
            if place is not None and row[place] is not None:
                key = as_text(row[place], Column("id", "", "", "id"), lang)
                short = key if key.isalnum() and key.isascii() and any(map(str.isdigit, key)) else ""
                row[place] = cited.setdefault(key, short[:32] or f"M{len(cited) + 1}")
        told[table] = RawSheet(sheet.name, tuple(map(tuple, rows)))
    ours = {each.name: each.title for each in columns("households", lang)}
    named = [(home, message("exchange.household", lang, n=n)) for n, home in enumerate(cited.values(), start=1)]
    made = ((ours["id"], ours["label"]), *named)
    return {"households": RawSheet(sheet_names(lang)["households"], made), **told}


def _guess(sheet: RawSheet) -> tuple[int, str, dict[str, str]] | None:
    """The header row, the table and its columns by title that fit a sheet best; None where fewer than two do."""
    best: tuple[int, int, str, dict[str, str]] | None = None
    for header, row in enumerate(sheet.rows[:_SEEK_HEADER]):
        for table in TABLES:
            matched: dict[str, str] = {}
            for place, cell in enumerate(row):
                if isinstance(cell, str) and cell.strip():
                    values = [r[place] for r in sheet.rows[header + 1 : header + _SAMPLE] if place < len(r)]
                    name = _by_title(table, cell) or _by_values(table, values)
                    if name and name not in matched.values():
                        matched[cell] = name
            if len(matched) >= 2 and (best is None or len(matched) > best[0]):
                best = (len(matched), header, table, matched)
    return None if best is None else best[1:]


def _by_title(table: str, title: str) -> str:
    known = _titles(table)
    close = difflib.get_close_matches(plain(title), known, n=1, cutoff=_CLOSE)
    return known[close[0]] if close else ""


def _by_values(table: str, values: list[Any]) -> str:
    """The column whose list holds most of these values, in one of three languages."""
    said = [folded(str(cell)) for cell in values if cell is not None]
    for column in columns(table, "fr"):
        listed = {folded(word) for lang in LANGUAGES for word in _listed(column, lang).values()}
        if column.kind == "code" and said and sum(each in listed for each in said) >= _MOST_VALUES * len(said):
            return column.name
    return ""


@cache
def _titles(table: str) -> Mapping[str, str]:
    """What a column may be called, as `plain` has it: our titles in three languages, our names, and usual words."""
    listed = [(each.title, each.name) for lang in LANGUAGES for each in columns(table, lang)]
    listed += [(each.name.replace("_", " "), each.name) for each in columns(table, "fr")]
    names = {name for _, name in listed}
    text = files("clss_analysis.records.workbook").joinpath("titles.csv").read_text(encoding="utf-8")
    listed += [(row["title"], row["name"]) for row in csv.DictReader(text.splitlines()) if row["name"] in names]
    return {plain(title): name for title, name in reversed(listed) if name not in (MARK, VERDICT) and title}


def _worded(cell: Any, column: Column | None, lang: str) -> Any:  # noqa: ANN401  # what a spreadsheet holds
    """A word of a list in any of three languages, or its usual short form, as the word of one language."""
    if column is None or column.kind != "code" or not isinstance(cell, str):
        return cell
    ours = _listed(column, lang)
    for each in LANGUAGES:
        for code, word in _listed(column, each).items():
            if folded(cell) in (folded(word), code):
                return ours[code]
    short = foreign_words("graphml.sex") if column.name == "gender" else {}
    return ours.get(short.get(folded(cell).rstrip("."), ""), cell)


def _listed(column: Column, lang: str) -> Mapping[str, str]:
    return words(column.vocabulary, lang) if column.vocabulary else {}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
