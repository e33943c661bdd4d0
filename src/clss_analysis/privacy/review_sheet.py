"""The review sheet: written as .csv or .xlsx for a person to fill in, and read back."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clss_analysis.privacy.identifiers import Finding, masked
from clss_analysis.privacy.identifiers.finding import PLACEHOLDER
from clss_analysis.privacy.remembrance import sentence
from clss_analysis.privacy.review import MASK, Undecided, decide
from clss_analysis.privacy.texts import BOOK, THEME, Text, texts_of
from clss_analysis.records import Fault, InvalidRecordsError, Records, codes, label, message
from clss_analysis.records.archive import unpack
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.decisions import Decision
from clss_analysis.records.escape import csv_cell, csv_text, xlsx_book, xlsx_cell
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.vocabulary import LANGUAGES

ENDINGS = (".csv", ".xlsx")
HEADS = ("number", "table", "row", "rows", "column", "kind", "confidence", "passage", "around", "decision", "reason",
         "word", "start", "end", "hash")  # fmt: skip
_WIDTHS = (5, 16, 16, 9, 12, 16, 9, 28, 70, 34, 40, 24, 6, 6, 14)
"""Characters, column by column in the order of the heads."""
_AROUND = 60  # characters of the text on either side of a passage: a line of a wide column
_LIMIT_MB = 64  # megabytes, as of any table that is read
_HERE = "⟦…⟧"
_NEEDED = ("decision", "reason", "start", "end", "hash")
_READ = (*_NEEDED, "table", "column", "passage", "around", "word")


def write_sheet(
    findings: Sequence[Undecided],
    path: str | Path,
    lang: str = "fr",
    proposed: Callable[[Undecided], tuple[str, str] | None] = lambda _: None,
) -> Path:
    """Write the findings that await a decision, one a row, with room for the decision and its reason.

    The sheet quotes the texts: it is for the person who decides, and for nobody else.  Around a passage the other
    findings of the text are masked.  No cell is a formula.

    Args:
        findings: from `undecided`.
        path: .xlsx, with drop-downs, or .csv.
        lang: fr, nl or en.
        proposed: kind and word of what was masked in another text; the sheet proposes the same here.

    Returns:
        The file.

    Raises:
        InvalidRecordsError: the ending is another.
    """
    path = Path(path)
    _check_ending(path)
    by_text: dict[tuple[str, str], list[Undecided]] = {}
    for each in findings:
        by_text.setdefault((each.hash, each.text), []).append(each)
    rows = [
        _row(number, each, by_text[each.hash, each.text], lang, proposed(each))
        for number, each in enumerate(findings, start=1)
    ]
    heads = [message(f"identifiers.head.{head}", lang) for head in HEADS]
    if path.suffix.lower() == ".csv":
        text = csv_text([heads, *(map(csv_cell, row) for row in rows)])
        return write_file(path, text.encode("utf-8-sig"), PRIVATE)
    return write_file(path, _xlsx(heads, rows, lang), PRIVATE)


@dataclass(frozen=True)
class Filled:
    """A passage that a sheet decides: the finding, a code of `review_decision`, why, and the word put in its place."""

    found: Undecided
    decision: str
    reason: str
    word: str


def decided(records: Records, filled: Iterable[Filled], role: str, month: str) -> Records:
    """The dataset with the decisions of a sheet."""
    decisions: list[Decision] = []
    masks: dict[Text, dict[Finding, str]] = {}
    for each in filled:
        if each.decision == MASK:
            masks.setdefault(each.found.key, {})[each.found.finding] = each.word
        else:
            decisions.append(each.found.kept(each.decision, each.reason, role, month))
    return decide(records, decisions, masks)


def read_filled(path: str | Path, records: Records, findings: Iterable[Undecided]) -> tuple[list[Filled], list[int]]:
    """The decisions of a filled sheet about what is open now.

    A row decides its own passage, also where the text around its sentence changed, and every open passage of the same
    words in the same sentence that no other row decides.

    Args:
        path: the sheet.
        records: the dataset.
        findings: what is open in it.

    Returns:
        The decisions, and the lines of rows that fit no more and are not already in effect.

    Raises:
        InvalidRecordsError: every fault of the sheet, by row and column.
    """
    path = Path(path)
    here = {(each.hash, each.finding.start, each.finding.end): each for each in findings}
    seen: dict[tuple[str, int, int], tuple[str, str, str]] = {}
    same: list[tuple[list[tuple[str, int, int]], tuple[str, str, str]]] = []
    faults: list[Fault] = []
    stale: list[int] = []
    texts: dict[tuple[str, str], list[str]] = {}
    for table, column, text in texts_of(records):
        texts.setdefault((table, column), []).append(text)
    for line, cells in _read_rows(path):
        word = cells["word"]
        if not cells["decision"] and not word:
            continue
        decision = _code("review_decision", cells["decision"]) if cells["decision"] else MASK
        reason = _code("review_reason", cells["reason"])
        key = (cells["hash"], _whole(cells["start"]), _whole(cells["end"]))
        alike = [place for place, each in here.items() if place == key or _is_row_of(cells, each)]
        told = (decision or "", reason or "", word)
        if decision is None:
            faults.append(_fault(path, line, "decision", "identifiers.sheet_decision", "review_decision"))
        elif reason is None and decision != MASK:
            faults.append(_fault(path, line, "reason", "identifiers.sheet_reason", "review_reason"))
        elif word and (decision != MASK or FORBIDDEN.search(word)):
            faults.append(Fault(path.name, line, message("identifiers.head.word"), message("identifiers.sheet_word")))
        elif decision == MASK and (beside := {here[place].table for place in alike} & {THEME, BOOK}):
            faults.append(Fault(path.name, line, None, message(f"identifiers.{min(beside)}_mask")))
        elif key in here and seen.setdefault(key, told) != told:
            faults.append(Fault(path.name, line, None, message("identifiers.sheet_twice")))
        elif not alike and not _is_done(cells, key, records, texts.get((cells["table"], cells["column"]), ())):
            stale.append(line)
        same.append((alike, told))
    if faults:
        raise InvalidRecordsError(faults)
    for alike, told in same:
        for place in alike:
            seen.setdefault(place, told)
    return [Filled(here[place], *told) for place, told in seen.items()], stale


def _is_row_of(cells: Mapping[str, str], each: Undecided) -> bool:
    """Whether a row of a sheet quotes this passage in this sentence, which stand in another text now."""
    start, end = each.finding.start, each.finding.end
    if not cells["passage"] or cells["passage"] != each.text[start:end]:
        return False
    first, last = sentence(each.text, start, end)
    before, after = _around(cells)
    return bool(before.fullmatch(each.text[first:start]) and after.fullmatch(each.text[end:last]))


def _is_done(cells: Mapping[str, str], key: tuple[str, int, int], records: Records, texts: Iterable[str]) -> bool:
    """Whether what a row decides is in effect already: kept, or something else stands where the passage was."""
    if any((each.text, each.start, each.end) == key for each in records.decisions):
        return True
    before, after = _around(cells)
    put = re.escape(cells["word"]) if cells["word"] else PLACEHOLDER.pattern
    whole = re.compile(f"{before.pattern}(?:{put}){after.pattern}")
    return any(whole.search(text) for text in texts)


def _around(cells: Mapping[str, str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a row of a sheet says stood before and after the passage in its sentence; masked words may be any."""
    before, _, after = cells["around"].partition(_HERE)
    whole, at = before + cells["passage"] + after, len(before)
    first, last = sentence(whole, at, at + len(cells["passage"]))
    parts = []
    for part in (whole[first:at], whole[at + len(cells["passage"]) : last]):
        pieces = [re.escape(piece) for piece in PLACEHOLDER.split(part.strip("…").strip())]
        parts.append(r"\s*" + ".+?".join(pieces) + r"\s*")
    left = ".*" if first == 0 and before.startswith("…") else ""
    right = ".*" if last == len(whole) and after.endswith("…") else ""
    return re.compile(left + parts[0], re.DOTALL), re.compile(parts[1] + right, re.DOTALL)


def _row(
    number: int, each: Undecided, beside: Iterable[Undecided], lang: str, proposed: tuple[str, str] | None
) -> list[str | int | float]:
    found, text = each.finding, each.text
    left, right = max(0, found.start - _AROUND), min(len(text), found.end + _AROUND)
    others = [other.finding for other in beside if other.finding != found]
    before = _clipped(text, left, found.start, others, lang)
    after = _clipped(text, found.end, right, others, lang)
    around = f"{'…' if left else ''}{before}{_HERE}{after}{'…' if right < len(text) else ''}"
    decision, word = (label("review_decision", MASK, lang), proposed[1]) if proposed else ("", "")
    return [
        number, each.table, each.row, each.rows, each.column, label("identifier_kind", found.kind, lang),
        found.confidence, text[found.start : found.end], around, decision, "", word, found.start, found.end, each.hash,
    ]  # fmt: skip


def _clipped(text: str, start: int, end: int, others: Iterable[Finding], lang: str) -> str:
    inside = [
        replace(other, start=max(other.start, start) - start, end=min(other.end, end) - start)
        for other in others
        if other.start < end and start < other.end
    ]
    return masked(text[start:end], inside, lang)


def _xlsx(heads: Sequence[str], rows: Sequence[Sequence[str | int | float]], lang: str) -> bytes:
    made = io.BytesIO()
    book: Any = xlsx_book(made, message("identifiers.sheet_title", lang))
    sheet = book.add_worksheet(message("identifiers.sheet_title", lang))
    lists = book.add_worksheet("listes")
    lists.hide()
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    asked = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF6DD"})
    for place, (name, width) in enumerate(zip(heads, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, head)
    for line, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            form = asked if HEADS[place] in ("decision", "reason", "word") else body
            if not isinstance(cell, str):
                sheet.write_number(line, place, cell, form)
            elif cell:
                xlsx_cell(sheet, line, place, cell, form)
            else:
                sheet.write_blank(line, place, None, form)
    for place, vocabulary in enumerate(("review_decision", "review_reason")):
        words = [label(vocabulary, code, lang) for code in codes(vocabulary)]
        for line, word in enumerate(words):
            lists.write_string(line, place, word)
        column = "AB"[place]
        source = f"=listes!${column}$1:${column}${len(words)}"
        target = HEADS.index(vocabulary.removeprefix("review_"))
        sheet.data_validation(1, target, max(len(rows), 1), target, {"validate": "list", "source": source})
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
    book.close()
    return made.getvalue()


def _read_rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    _check_ending(path)
    try:
        _check_size(path, path.stat().st_size, _LIMIT_MB)
        rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _xlsx_rows(path)
    except InvalidRecordsError:
        raise
    except FileNotFoundError:
        raise InvalidRecordsError([Fault(path.name, None, None, message("fault_no_file"))]) from None
    except Exception:
        raise InvalidRecordsError([Fault(path.name, None, None, message("identifiers.sheet_unreadable"))]) from None
    header = rows[0] if rows else []
    places: dict[str, int] = {}
    for head in _READ:
        names = {message(f"identifiers.head.{head}", lang) for lang in LANGUAGES}
        found = [place for place, cell in enumerate(header) if cell.strip().lower() in names]
        if not found and head in _NEEDED:
            rule = message("identifiers.sheet_columns", column=message(f"identifiers.head.{head}"))
            raise InvalidRecordsError([Fault(path.name, 1, None, rule)])
        places[head] = found[0] if found else len(header)
    for line, row in enumerate(rows[1:], start=2):
        yield line, {head: row[place].strip() if place < len(row) else "" for head, place in places.items()}


def _csv_rows(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    first = text.split("\n", 1)[0]
    return list(
        csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    )


def _xlsx_rows(path: Path) -> list[list[str]]:
    import openpyxl

    with zipfile.ZipFile(path) as archive:
        _check_size(path, sum(each.file_size for each in archive.infolist()), 8 * _LIMIT_MB)
        for each in archive.infolist():  # openpyxl believes what the header says of a size
            unpack(archive, each)
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = [
        ["" if cell is None else str(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    book.close()
    return rows


def _code(vocabulary: str, cell: str) -> str | None:
    """A code, by its word or words, whatever spaces and apostrophes they are typed with; those before a colon do."""
    for code in codes(vocabulary):
        words = [_typed(label(vocabulary, code, lang)) for lang in LANGUAGES]
        if _typed(cell) in {code, *words, *(each.partition(":")[0] for each in words)}:
            return code
    return None


def _typed(text: str) -> str:
    return re.sub(r" ?: ?", ":", " ".join(text.lower().replace("’", "'").split()))


def _whole(cell: str) -> int:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 9 else -1


def _check_size(path: Path, size: int, limit: int) -> None:
    if size > limit * 2**20:
        raise InvalidRecordsError([Fault(path.name, None, None, message("fault_too_large", limit=limit))])


def _check_ending(path: Path) -> None:
    if path.suffix.lower() not in ENDINGS:
        rule = message("identifiers.sheet_ending", endings=", ".join(ENDINGS))
        raise InvalidRecordsError([Fault(path.name, None, None, rule)])


def _fault(path: Path, line: int, head: str, key: str, vocabulary: str) -> Fault:
    allowed = " | ".join(label(vocabulary, code) for code in codes(vocabulary))
    return Fault(path.name, line, message(f"identifiers.head.{head}"), message(key, allowed=allowed))
