"""A workbook of one's own: its columns matched to ours by title or values, in a small file that a person corrects."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from clss_analysis.records.atomic import write_file
from clss_analysis.records.descriptor import ID
from clss_analysis.records.exchange.foreign import foreign_words
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.schema import home_column
from clss_analysis.records.typography import plain
from clss_analysis.records.vocabulary import LANGUAGES, message, shipped_rows
from clss_analysis.records.workbook.completion import nearest
from clss_analysis.records.workbook.pages import as_text, folded
from clss_analysis.records.workbook.plan import CITED, MARK, VERDICT, Column, columns, sheet_names, words
from clss_analysis.records.workbook.spreadsheet import Error, RawSheet

TABLES = ("persons", "households", "couples", "filiations", "situations", "housing_problems", "events", "actors")
"""Tables that a sheet of one's own may hold, the first where two fit as well."""
_SEEK_HEADER = 12
"""Rows at the top of a sheet, titles and remarks among them, in which its header is looked for."""
_CLOSE = 0.84
"""How alike (0 to 1, as difflib has it) a title must be to one of ours: a slip of the pen, not another word."""
_MOST_VALUES = 0.6
"""Part of the values of a column that must stand in a list of ours: a few are always in words of their own."""
_SAMPLE = 200
"""Rows whose values are looked at, enough to tell a list from a text."""
_MOST_WORDS = 40
"""Words of a column that are asked at most: one with more is no list."""
_KINDS = ("code", "boolean")
_UNSAID = ("", "?", "-", "ne sait pas", "nsp", "inconnu", "inconnue", "weet niet", "onbekend", "unknown", "n/a")
"""What people write in a list for what they do not know."""
_KEYS = {"_index": "id", "KEY": "id", "_parent_index": "household", "PARENT_KEY": "household"}
"""Columns of an export of KoboToolbox or ODK that say which household a row is, or belongs to."""

Sheets = dict[str, dict[str, Any]]


def propose(raw: Iterable[RawSheet], path: Path, lang: str) -> bool:
    """Write which column of which sheet is taken for which of ours; False, and nothing written, where none is known.

    Args:
        raw: the sheets.
        path: the file to write (TOML); one that is there is kept.
        lang: language of its remarks: fr, nl or en.
    """
    parts = [f"# {line}" for line in message("own.head", lang).split(" | ")]
    taken: set[str] = set()
    for sheet in raw:
        found = _guess(sheet)
        if found and found[1] in taken:
            parts += ["", f"# {_quoted(sheet.name)} : {message('own.twice', lang, table=found[1])}"]
        elif found:
            header, table, matched = found
            taken.add(table)
            titles = [cell for cell in sheet.rows[header] if isinstance(cell, str) and cell.strip()]
            parts += ["", f"[sheets.{_quoted(sheet.name)}]", f"table = {_quoted(table)}", f"header = {header + 1}"]
            parts += ["", f"[sheets.{_quoted(sheet.name)}.columns]"]
            parts += [f"{_quoted(title)} = {_quoted(matched.get(title, ''))}" for title in dict.fromkeys(titles)]
            missing = [
                each for each in columns(table, lang)
                if each.required and each.name not in {"household", "id", *matched.values()}
            ]  # fmt: skip
            if missing:
                head = f"[sheets.{_quoted(sheet.name)}.otherwise]"
                parts += ["", f"# {message('own.otherwise', lang)}", head]
            parts += [f"{each.name} = {_quoted('')}  # {' · '.join(_listed(each, lang).values())}"
                      for each in missing]  # fmt: skip
    if not any(part.startswith("[") for part in parts):
        return False
    if not path.exists():
        write_file(path, "\n".join([*parts, ""]).encode("utf-8"))
    return True


def read_mapping(path: Path) -> Sheets:
    """The sheets of a mapping file: table, header, columns, otherwise, and words of their own by column.

    Raises:
        InvalidRecordsError: no TOML, or something in it that is no table or column of ours; its key is named.
    """

    def refuse(key: str) -> InvalidRecordsError:
        return InvalidRecordsError([Fault(str(path), None, key or None, message("own.fault", "fr"))])

    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise refuse("")
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
        words = sheet.setdefault("words", {})
        parts = {part: [sheet.setdefault(part, {})] for part in ("columns", "otherwise")}
        parts["words"] = [*words.values()] if isinstance(words, dict) else [words]
        if wrong := next((part for part, cells in parts.items() if not all(map(_are_texts, cells))), ""):
            raise refuse(wrong)
        taken, known = [*filter(None, sheet["columns"].values())], {each.name for each in columns(str(table), "fr")}
        if strange := next((each for each in (*taken, *sheet["otherwise"]) if each not in known), ""):
            raise refuse(strange)
        if len(set(taken)) < len(taken):
            raise refuse("columns")
    if len({sheet["table"] for sheet in sheets.values()}) < len(sheets):
        raise refuse("table")
    return sheets


def _are_texts(cells: object) -> bool:
    return isinstance(cells, dict) and all(isinstance(each, str) for each in cells.values())


def ask_words(raw: Iterable[RawSheet], path: Path, mapping: Sheets, lang: str) -> bool:
    """Add to a mapping file each word of a list that is none of ours and not explained there, with the nearest of ours.

    Args:
        raw: the sheets.
        path: the mapping file.
        mapping: what it says.
        lang: language of the words of ours.

    Returns:
        Whether any word was added, for a person to look at; none where a column has more words than a list.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    before = len(lines)
    for sheet, said in _said(raw, mapping):
        names = _names(sheet, said)
        for column in (each for each in columns(said["table"], lang) if each.name in names and each.kind in _KINDS):
            name, place = column.name, names.index(column.name)
            cells = [row[place] for row in sheet.rows[said["header"] :] if place < len(row)]
            own = {folded(word): ours for word, ours in said["words"].get(name, {}).items()}
            new = {folded(_text(cell)): _text(cell) for cell in cells
                   if not isinstance(cell, Error) and _word(cell, column, own, lang) is None}  # fmt: skip
            if not new or len(new) > _MOST_WORDS:
                continue
            head = f"[sheets.{_quoted(sheet.name)}.words.{name}]"
            if head not in lines:
                listed = " · ".join(_listed(column, lang).values())
                lines += ["", f"# {message('own.words', lang, listed=listed)}", head]
            at = lines.index(head) + 1
            lines[at:at] = [f"{_quoted(word)} = {_quoted(_nearest(word, column, lang))}" for word in new.values()]
    if len(lines) > before:
        write_file(path, "\n".join([*lines, ""]).encode("utf-8"))
    return len(lines) > before


def _said(raw: Iterable[RawSheet], mapping: Sheets) -> Iterator[tuple[RawSheet, dict[str, Any]]]:
    """The sheets that a mapping names, each with what it says of it."""
    known = {folded(name): said for name, said in mapping.items()}
    return ((sheet, known[folded(sheet.name)]) for sheet in raw if folded(sheet.name) in known)


def _names(sheet: RawSheet, said: dict[str, Any]) -> list[str]:
    """Our name of each column from left to right, empty of one that is left, as is the second of one title."""
    wanted = {folded(title): name for title, name in said["columns"].items() if name}
    titles = sheet.rows[said["header"] - 1] if said["header"] <= len(sheet.rows) else ()
    return [wanted.pop(folded(cell), "") if isinstance(cell, str) else "" for cell in titles]


def mapped(raw: Iterable[RawSheet], mapping: Sheets, lang: str) -> tuple[dict[str, RawSheet], int]:
    """The sheets that a mapping names, by table, with our titles over the columns and nothing in the others.

    Rows without an id that others cite are numbered.  Households that only other sheets cite get a sheet of their
    own, M1, M2… where what cites them is no short code.

    Returns:
        The sheets, rows where they stood, and how many filled columns were left.
    """
    found: dict[str, RawSheet] = {}
    known = {folded(name) for name in mapping}
    left = sum(sheet.filled() for sheet in raw if folded(sheet.name) not in known)
    for sheet, said in _said(raw, mapping):
        header, ours = said["header"] - 1, {each.name: each for each in columns(said["table"], lang)}
        rows, names = [list(row) for row in sheet.rows], _names(sheet, said)
        words = {name: {folded(word): told for word, told in each.items()} for name, each in said["words"].items()}
        left += sum(not name and any(len(r) > n and r[n] is not None for r in rows[header + 1 :])
                    for n, name in enumerate(names))  # fmt: skip
        added = {name: text for name, text in said["otherwise"].items() if text and name not in names}
        numbered = said["table"] in CITED and "id" not in (*names, *added)
        heads = (*names, *added, *["id"] * numbered)
        shown: list[tuple[Any, ...]] = [tuple(ours[name].title if name else None for name in heads)]
        for number, row in enumerate(rows[header + 1 :], start=1):
            cells = [cell if name else None for cell, name in zip_longest(row[: len(names)], names)]
            more = (*added.values(), *[f"{said['table'][0].upper()}{number}"] * numbered)
            filled = any(cell is not None for cell in cells)
            told = (_worded(cell, ours.get(name), words.get(name, {}), lang)
                    for cell, name in zip(cells, names, strict=True))  # fmt: skip
            shown.append((*told, *(more if filled else (None,) * len(more))))
        found[said["table"]] = RawSheet(sheet.name, (*((None,),) * header, *shown))
    return _with_households(found, lang), left


def _with_households(found: dict[str, RawSheet], lang: str) -> dict[str, RawSheet]:
    """The sheets with short codes of households in all of them, and a sheet of these where there was none."""
    cited: dict[str, str] = {}
    told: dict[str, RawSheet] = {}
    for table, sheet in sorted(found.items(), key=lambda item: item[0] != "households"):
        key = home_column(table)
        title = next((each.title for each in columns(table, lang) if each.name == key), "")
        header = next(n for n, row in enumerate(sheet.rows) if any(cell is not None for cell in row))
        place = sheet.rows[header].index(title) if title in sheet.rows[header] else None
        rows = [list(row) for row in sheet.rows]
        for row in rows[header + 1 :]:
            if place is not None and row[place] is not None:
                name = as_text(row[place], Column("id", "", "", "id"), lang)
                short = ID.fullmatch(name) and ("households" in found or any(map(str.isdigit, name)))
                row[place] = cited.setdefault(folded(name), name if short else f"M{len(cited) + 1}")
        told[table] = RawSheet(sheet.name, tuple(map(tuple, rows)))
    if "households" in found:
        return told
    ours = {each.name: each.title for each in columns("households", lang)}
    named = [(home, message("exchange.household", lang, n=n)) for n, home in enumerate(cited.values(), start=1)]
    made = ((ours["id"], ours["label"]), *named)
    return {"households": RawSheet(sheet_names(lang)["households"], made), **told}


def _guess(sheet: RawSheet) -> tuple[int, str, dict[str, str]] | None:
    """The header row, the table and its columns by title that fit a sheet best; None where fewer than two do."""
    best: tuple[int, int, str, dict[str, str]] | None = None
    for header, row in enumerate(sheet.rows[:_SEEK_HEADER]):
        if sheet.rows[header + 1 : header + 2] == (row,):  # titles merged over two rows stand in both
            continue
        for table in TABLES:
            matched: dict[str, str] = {}
            for place, cell in enumerate(row):
                if isinstance(cell, str) and cell.strip():
                    values = [r[place] for r in sheet.rows[header + 1 : header + _SAMPLE] if place < len(r)]
                    name = _by_title(table, cell) or _by_values(table, values)
                    if cell.startswith("_") or cell in _KEYS:
                        name = _KEYS.get(cell, "") if (_KEYS.get(cell) == "id") == (table == "households") else ""
                    if name and name not in matched.values():
                        matched[cell] = name
            needed = {each.name for each in columns(table, "fr") if each.kind == "reference" and each.required}
            if needed <= {"household", *matched.values()} and len(matched) > (best[0] if best else 1):
                best = (len(matched), header, table, matched)
    return None if best is None else best[1:]


def _by_title(table: str, title: str) -> str:
    known, bare = _titles(table), re.sub(r"\([^)]*\)", "", title)  # « Âge (ans) » asks for the age, and says how
    close = [each for said in (title, bare) for each in difflib.get_close_matches(plain(said), known, 1, _CLOSE)]
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
    ours = {"household": "id"} if table == "households" else {}
    rows = shipped_rows("clss_analysis.records.workbook", "titles.csv")
    said = [(row["title"], ours.get(row["name"], row["name"])) for row in rows]
    listed += [each for each in said if each[1] in names]
    return {plain(title): name for title, name in reversed(listed) if name not in (MARK, VERDICT) and title}


def _worded(cell: Any, column: Column | None, own: Mapping[str, str], lang: str) -> Any:  # noqa: ANN401
    """What a list holds as a word of ours, nothing where it is not known; any other cell as it stands."""
    if column is None or column.kind not in _KINDS or isinstance(cell, Error):
        return cell
    found = _word(cell, column, own, lang)
    return cell if found is None else found or None


def _word(cell: Any, column: Column, own: Mapping[str, str], lang: str) -> str | None:  # noqa: ANN401
    """The word of ours for what a list holds: explained by their own, in any of three languages, or in short.

    Returns:
        The word; empty where nothing is known; None where it is none of ours.
    """
    said = own.get(folded(_text(cell)), _text(cell))
    if folded(said) in _UNSAID:
        return ""
    truth = as_text(said, column, lang) if column.kind == "boolean" else ""
    said = {"true": "yes", "false": "no"}.get(truth, said)
    ours = _listed(column, lang)
    for each in LANGUAGES:
        for code, word in _listed(column, each).items():
            if folded(said) in (folded(word), code):
                return ours[code]
    short = foreign_words("graphml.sex") if column.name == "gender" else {}
    return ours.get(short.get(folded(said).rstrip("."), ""))


def _nearest(word: str, column: Column, lang: str) -> str:
    """The word of ours that is meant, as far as can be told: a usual word for a relative, or one that is written so."""
    listed = _listed(column, lang)
    usual = {**foreign_words("graphml.alter"), **foreign_words(f"own.{column.name}")}.get(folded(word), "")
    return listed.get({"couple": "partner"}.get(usual, usual)) or nearest(word, [*listed.values()])


def _text(cell: Any) -> str:  # noqa: ANN401
    return as_text(cell, Column("", "", "", "text"), "fr")


def _listed(column: Column, lang: str) -> Mapping[str, str]:
    if column.kind == "boolean":
        return {each: message(f"workbook.{each}", lang) for each in ("yes", "no")}
    return words(column.vocabulary, lang) if column.vocabulary else {}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
