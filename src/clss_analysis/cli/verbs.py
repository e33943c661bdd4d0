"""What each command does: call one function of a room, and say what came of it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from clss_analysis.cli.words import DONE, FAILED, MISUSED, complain, language, refuse, say, speak, speak_json

if TYPE_CHECKING:
    from clss_analysis.records.exchange import NotCarried
    from clss_analysis.runs.outcome import Result


def build(asked: argparse.Namespace) -> int:
    """Make the book of a dataset."""
    from clss_analysis.publish.unchanged import book_inputs, remember, unchanged
    from clss_analysis.runs.project import PUBLICATION, project_root

    root = project_root()
    own = root / "book" / "_book"
    dataset, out = asked.dataset or root / PUBLICATION, (asked.out or own).absolute()
    keep_runs = out == own.absolute()
    try:
        inputs = book_inputs(
            root, dataset, formats=asked.formats, engine=asked.engine, lang=asked.lang, keep_runs=keep_runs
        )
    except OSError:
        inputs = {}
    if inputs and unchanged(root, out, inputs):
        if asked.json:
            speak(json.dumps({"event": "unchanged"}))
        elif asked.explain or sys.stdout.isatty():
            speak(say("build.unchanged", out=out))
        return DONE
    from clss_analysis.publish.build import build as build_book
    from clss_analysis.runs.engine import How
    from clss_analysis.runs.progress import Watch

    tells = sys.stdout.isatty() and not asked.json
    how = How(cluster=asked.cluster or "", memory=asked.memory and asked.memory << 20)
    built = build_book(
        root,
        dataset,
        out,
        formats=asked.formats,
        jobs=asked.jobs,
        engine=asked.engine,
        lang=asked.lang,
        keep_runs=keep_runs,
        say=speak if tells else None,
        wait=not asked.no_wait,
        waits=lambda line: complain(line, DONE),
        how=how if asked.timeout is None else replace(how, seconds=asked.timeout),
        watch=Watch(lines=speak if asked.json else None, say=speak if tells else None, lang=language()),
    )
    if asked.explain:
        for result in built.results:
            speak(_reasons(result))
    for line in built.failures:
        complain(line, FAILED)
    if built.failures:
        return FAILED
    if inputs and os.access(root / "book", os.W_OK):
        remember(root, out, inputs)
    return DONE


def _reasons(result: Result) -> str:
    """Why a run was done, or was not."""
    if not result.why:
        return say("build.why_kept", id=result.run.id)
    return say("build.why_done", id=result.run.id, why=", ".join(say(f"build.why.{each}") for each in result.why))


def check(asked: argparse.Namespace) -> int:
    """Say what would leave the house, and what stands in the way."""
    from clss_analysis.privacy import check as looked_at
    from clss_analysis.privacy import check_report
    from clss_analysis.records import InvalidRecordsError, read

    try:
        records = read(asked.dataset)
    except InvalidRecordsError as error:
        if not asked.json:
            if sys.stdout.isatty():
                speak(say("cli.check.faults", n=len(error.faults)))
            raise
        found = [{"file": f.file, "row": f.row, "column": f.column, "rule": f.rule} for f in error.faults]
        speak_json({"sound": False, "faults": found, "gate": None})
        return MISUSED
    findings = looked_at(records, language())
    open_gate = not any(each.shuts for each in findings)
    report = check_report(findings, language())
    if asked.json:
        about = {each.topic: each.numbers for each in findings}
        speak_json({"sound": True, "faults": [], "gate": {"open": open_gate, "report": report, **about}})
    else:
        for line in report:
            speak(line)
    return DONE if open_gate else FAILED


def figure(asked: argparse.Namespace) -> int:
    """Draw one figure."""
    from clss_analysis.runs.figure_command import figure_file

    quality = figure_file(
        asked.dataset,
        asked.kind,
        asked.out,
        case=asked.case,
        date=asked.date,
        labels=asked.labels,
        page=asked.page,
        lang=asked.lang,
        layout=asked.layout,
        note=lambda line: complain(line, DONE),
    )
    if asked.report:
        from clss_analysis.layout import report

        for line in report(quality, language()):
            speak(line)
    elif sys.stdout.isatty():
        speak(say("cli.figure_done", path=asked.out))
    return DONE


def synth(asked: argparse.Namespace) -> int:
    """Make up a cohort."""
    from clss_analysis.records import synthesise, write

    write(synthesise(asked.households, asked.seed), asked.out)
    return DONE


def new(asked: argparse.Namespace) -> int:
    """Write an empty dataset and its workbook, or the form of the same questions."""
    from clss_analysis.records.workbook import new_dataset, write_form

    if asked.folder is None and asked.xlsform is None:
        return refuse([say("workbook.new_what")])
    if asked.folder is not None:
        book = new_dataset(asked.folder, asked.lang)
        speak(say("workbook.created", path=asked.folder, workbook=book))
    if asked.xlsform is not None:
        write_form(asked.xlsform, asked.lang)
        speak(say("workbook.form_written", path=asked.xlsform))
    return DONE


def import_(asked: argparse.Namespace) -> int:
    """Take a workbook, or a file of another program, as a dataset."""
    from clss_analysis.records import import_file, write
    from clss_analysis.records.formats import TABLES

    partial: list[str] = []
    if not asked.file.suffix.lower().startswith((".xls", ".ods", *TABLES)):
        options = {"index": asked.index, "year": asked.year, "lang": asked.lang, "strict": asked.strict}
        records, left = import_file(asked.file, **options)
        write(records, asked.out)
        if left.doubts:
            partial = [say("exchange.partial", n=len(left.doubts)), *(each.told(language()) for each in left.doubts)]
        told = [say("exchange.consent_needed"), *_left(left)]
    else:
        from clss_analysis.privacy.importing import import_workbook

        lang = language()
        options = {"key": asked.key, "bands": asked.age_bands, "mapping": asked.mapping}
        records, changes = import_workbook(asked.file, asked.out, **options, lang=lang)
        told = [say("pseudonyms.head" if changes else "pseudonyms.nothing")]
        told += [f"  {change.told(lang)}" for change in changes]
        if not asked.key and any(change.rule == "names" for change in changes):
            told.append(say("pseudonyms.unstable"))
        told.append(say("pseudonyms.not_everything", path=asked.out))
    for line in partial:
        complain(line, FAILED)
    counts = {name: len(records.table(name)) for name in ("households", "persons", "actors", "ties")}
    speak(say("exchange.imported", path=asked.out, **counts))
    if len(records.codes):
        read = {name: len(records.table(name)) for name in ("statements", "codes", "codings")}
        speak(say("exchange.imported_coding", **read))
    for line in told:
        complain(line, DONE)
    return FAILED if partial else DONE


def export(asked: argparse.Namespace) -> int:
    """Give a dataset to another program, or to a spreadsheet."""
    from clss_analysis.privacy import clear
    from clss_analysis.records import export_file, read

    records = read(asked.dataset)
    clearance = clear(records)
    if asked.out.suffix.lower() == ".xlsx":
        from clss_analysis.records.workbook import write_workbook

        for household in records.households["id"]:
            clearance.require_told(household)
        write_workbook(records, asked.out, asked.lang)
        speak(say("workbook.exported", path=asked.out))
        return DONE
    left = export_file(records, asked.out, clearance)
    spoken = asked.out.suffix.lower() in (".qdpx", ".qdc")
    speak(say("exchange.exported_coding" if spoken else "exchange.exported", path=asked.out))
    for line in _left(left):
        complain(line, DONE)
    return DONE


def _left(left: Sequence[NotCarried]) -> list[str]:
    return [say("exchange.left"), *(f"  {each.told(language())}" for each in left)] if left else []


def lab(_: argparse.Namespace) -> int:
    """Open JupyterLab on the notebooks."""
    from clss_analysis.runs.project import open_lab, project_root

    return FAILED if open_lab(project_root()) else DONE


def migrate(asked: argparse.Namespace) -> int:
    """Bring a dataset of an older schema along."""
    from clss_analysis.records.migration import migrate as brought

    moved, kept = brought(asked.dataset)
    if kept is None:
        speak(say("cli.migrate.nothing"))
        return DONE
    for each in moved:
        speak(say(f"cli.migrate.{each.kind}", version=each.version, table=each.table, column=each.column))
    speak(say("cli.migrate.kept", path=kept.name))
    return DONE


def review(asked: argparse.Namespace) -> int:
    """Write, or take back, the sheet on which a person decides what in free text may stay."""
    from clss_analysis.privacy.reviewing import review as reviewed

    beside: dict[tuple[str, str, str], list[str]] = {}
    authors: list[str] = []
    book = None
    if asked.book:
        from clss_analysis.publish.build import book_texts
        from clss_analysis.runs.project import project_root

        book = project_root() / "book"
        beside, authors = book_texts(book, asked.dataset)
    if asked.theme is not None:
        from clss_analysis.publish.brief.theme import read_theme

        beside = beside | read_theme(asked.theme).texts()
    told, left = reviewed(
        asked.dataset, out=asked.out, apply=asked.apply, mask=asked.mask_all, role=asked.role, lang=language(),
        beside=beside, book=book, authors=authors,
    )  # fmt: skip
    for line in told:
        speak(line)
    return FAILED if left else DONE


def brief(asked: argparse.Namespace) -> int:
    """Make the pack of an interpellation."""
    from clss_analysis.publish.brief import brief as made

    pack = made(asked.theme, asked.dataset, asked.out, case=asked.case, lang=asked.lang, date=asked.date)
    if sys.stdout.isatty():
        speak(say("cli.brief.done", path=asked.out, n=len(pack.files)))
    return DONE
