"""A review from start to end: what is open, a sheet of it, its decisions written back to the dataset."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from clss_analysis.privacy.key_file import Remembered, new_key, open_key, save_key
from clss_analysis.privacy.passages import kept_decisions, undecided_beside
from clss_analysis.privacy.remembrance import proposals, proposed, remember
from clss_analysis.privacy.review import MASK, Undecided, file_of, undecided
from clss_analysis.privacy.review_sheet import Filled, decided, read_filled, write_sheet
from clss_analysis.privacy.texts import BOOK, Text, texts_of
from clss_analysis.privacy.written import keep_written
from clss_analysis.records import Records, label, message, read
from clss_analysis.records.atomic import PRIVATE, SHARED, write_file
from clss_analysis.records.clock import this_month
from clss_analysis.records.decisions import DECISIONS, Decision, decisions_text
from clss_analysis.records.descriptor import FILE, as_json
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.typography import counted
from clss_analysis.records.writing import files_of


def review(
    dataset: str | Path,
    *,
    out: Path | None = None,
    apply: Path | None = None,
    mask: bool = False,
    role: str = "field_worker",
    month: str | None = None,
    lang: str = "fr",
    beside: Mapping[Text, Sequence[str]] = MappingProxyType({}),
    book: Path | None = None,
    known: Sequence[str] = (),
    register: Path | None = None,
) -> tuple[list[str], int]:
    """Review the free text of a dataset folder: apply a filled sheet, mask the rest, write a sheet, tell what is open.

    Args:
        dataset: the folder; it is written anew where something is applied or masked.
        out: a sheet to write, .xlsx or .csv.
        apply: a filled sheet.
        mask: mask what is still undecided after that.
        role: who decides, a code of `review_role`.
        month: when, YYYY-MM; default: the present month.
        lang: language of sheet and sentences.
        beside: texts that leave with the dataset, such as those of a theme, whose decisions are kept with the dataset,
            or of a book, whose decisions are kept beside its chapters; none of them is masked here.
        book: the folder of these chapters.
        known: what in them is not the user's: names that they cite, words that come with this package.
        register: the file that remembers decisions beyond this dataset, and proposes what was masked elsewhere;
            default: none.

    Returns:
        Sentences that say what was done and what is open, by place and kind and never by content; and how many
        findings are open.

    Raises:
        InvalidRecordsError: the dataset or the sheet is not sound; nothing is written.
    """
    records, month = read(dataset), month or this_month()
    if book is not None:
        records = replace(records, decisions=(*records.decisions, *kept_decisions(book)))
    key = open_key(register, Path(dataset)) if register else new_key()
    find = proposals(key) if register else None
    told: list[str] = []
    if apply is not None or mask:
        before = records
        if apply is not None:
            filled, stale = read_filled(apply, records, undecided_beside(records, Path(dataset), beside, known, find))
            for each in filled:
                remembered = Remembered(each.decision, each.reason, role, month, each.word)
                remember(key, each.found.text, each.found.finding, remembered)
            records = decided(records, filled, role, month)
            if stale:
                told.append(message("identifiers.left", lang, path=apply.name, rows=", ".join(map(str, stale))))
        while mask and (rest := undecided(records, proposed=find)):
            for found in rest:
                remember(key, found.text, found.finding, Remembered(MASK, "", role, month))
            records = decided(records, [Filled(found, MASK, "", "") for found in rest], role, month)
        _rewrite(Path(dataset), _own(before), _own(records))
        if book is not None and _beside(records) != _beside(before):
            write_file(book / DECISIONS, decisions_text(_beside(records)))
        if register:
            save_key(key, register)
        kept = len(set(records.decisions) - set(before.decisions))
        gone = len(set(texts_of(before)) - set(texts_of(records)))
        told.insert(0, message("identifiers.applied", lang, kept=kept, gone=gone))
    findings = undecided_beside(records, Path(dataset), beside, known, find)
    if out is not None:
        write_sheet(findings, out, lang, lambda each: proposed(key, each))
        keep_written(records, [out])
    named = f"{dataset} --book" if book is not None else str(dataset)
    report = review_report(findings, lang, dataset=named)
    if out is not None and findings:
        report[-1] = counted("identifiers.sheet_done", len(findings), lang, path=out, dataset=named)
    return [*told, *report], len(findings)


def _own(records: Records) -> Records:
    """The records without what was decided about a book."""
    return replace(records, decisions=tuple(each for each in records.decisions if each.table != BOOK))


def _beside(records: Records) -> list[Decision]:
    return [each for each in records.decisions if each.table == BOOK]


def _rewrite(folder: Path, before: Records, after: Records) -> None:
    """Replace the files that the review changed, and no other; of the descriptor only its texts."""
    old, new = files_of(before), files_of(after)
    changed = {name: text for name, text in new.items() if old.get(name) != text}
    if FILE in changed:
        package = json.loads((folder / FILE).read_text(encoding="utf-8-sig"))
        told = {"name": after.name, "title": after.title, "description": after.description, "source_line": after.source}
        figures = {"figure_ids": after.figure_ids} if before.figure_ids != after.figure_ids else {}
        if before.own_fields != after.own_fields:
            package["resources"] = json.loads(changed[FILE])["resources"]
        if before.extra != after.extra:
            package = {key: each for key, each in package.items() if key not in before.extra} | dict(after.extra)
        changed[FILE] = as_json(package | told | figures)
    for name, text in changed.items():
        write_file(folder / name, text, SHARED if is_made_up(after) else PRIVATE)
    for name in set(old) - set(new):
        (folder / name).unlink()


def review_report(findings: tuple[Undecided, ...], lang: str = "fr", *, dataset: str = "") -> list[str]:
    """What awaits a decision, counted by place and kind, and last what to do about it, in which dataset."""
    if not findings:
        return [message("identifiers.nothing", lang)]
    counts = Counter((each.table, each.column, each.finding.kind) for each in findings)
    lines = [message("identifiers.count", lang, where=file_of(table), column=column,
                     kind=label("identifier_kind", kind, lang), n=n)
             for (table, column, kind), n in sorted(counts.items())]  # fmt: skip
    return [*lines, message("identifiers.to_do", lang, n=len(findings), dataset=dataset)]
