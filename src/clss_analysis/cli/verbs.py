"""What each command does: call one function of a room, and say what came of it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from clss_analysis.cli import words
from clss_analysis.cli.words import DONE, FAILED, MISUSED, complain, language, refuse, say, say_of, speak, speak_json
from clss_analysis.records.house import House, NoHouseError, find_house, house_of, own_house, shipped
from clss_analysis.records.house_settings import FILE

if TYPE_CHECKING:
    from clss_analysis.records import InvalidRecordsError, Records
    from clss_analysis.records.exchange import NotCarried
    from clss_analysis.runs.outcome import Result


def _around(what: str) -> House:
    """The house that the command is given in; where there is none, what would have had to be said is missing."""
    house = find_house()
    if house is None:
        raise NoHouseError(say("house.none", what=what))
    return house


def _own_records(what: str) -> Path:
    """The dataset of the house that the command is given in, as it is called from here."""
    return Path(os.path.relpath(_around(what).records))


def _records(asked: argparse.Namespace) -> Path:
    """The dataset that was named, else that of the house."""
    given: Path | None = asked.dataset
    return given or _around("DIR").records


def _lang(asked: argparse.Namespace) -> str:
    """The language that was asked for, else that of the house."""
    return asked.lang or house_of(asked.dataset).settings.language


def _theme(asked: argparse.Namespace) -> str:
    """The theme that was asked for: the house's own of that name, else as it was said."""
    house = house_of(asked.dataset)
    own = house.themes / f"{asked.theme}.yml"
    return str(own) if own.is_file() and house.folder != shipped().folder else str(asked.theme)


def build(asked: argparse.Namespace) -> int:
    """Make the book of a dataset."""
    from clss_analysis.publish.unchanged import book_inputs, remember, unchanged

    house = house_of(asked.dataset)
    root, settings, lang = house.folder, house.settings, asked.lang or house.settings.language
    own = house.made("book" if lang == settings.language or not house.tells_in(lang) else f"book-{lang}").absolute()
    if asked.out is None and house.cache is None:
        return refuse([say("house.none", what="--out")])
    dataset, out = asked.dataset or house.records, (asked.out or own).absolute()
    if asked.edition and own_house(dataset) is None:
        return refuse([say("house.edition")])
    formats, keep_runs = asked.formats or settings.formats, out == house.made("book").absolute()
    try:
        inputs = book_inputs(root, dataset, formats=formats, engine=asked.engine, lang=lang, keep_runs=keep_runs)
    except OSError:
        inputs = {}
    if inputs and unchanged(root, out, inputs) and not asked.edition:
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
        root, dataset, out, formats=formats, jobs=asked.jobs, engine=asked.engine, lang=lang, keep_runs=keep_runs,
        say=speak if tells or (asked.engine == "quarto" and not asked.json) else None,
        wait=not asked.no_wait,
        waits=lambda line: complain(line, DONE),
        given_out=asked.edition,
        how=how if asked.timeout is None else replace(how, seconds=asked.timeout),
        watch=Watch(lines=speak if asked.json else None, say=speak if tells else None, lang=language()),
    )  # fmt: skip
    if asked.explain:
        for result in built.results:
            speak(_reasons(result))
    for line in built.notes:
        complain(line, DONE)
    for line in built.failures:
        complain(line, FAILED)
    if built.failures:
        return FAILED
    if inputs and house.cache is not None:
        remember(root, out, inputs)
    return DONE


def _reasons(result: Result) -> str:
    """Why a run was done, or was not."""
    why = ", ".join(say(f"build.why.{each}") for each in result.why)
    return say("build.why_done", id=result.run.id, why=why) if why else say("build.why_kept", id=result.run.id)


def check(asked: argparse.Namespace) -> int:
    """Say what would leave the house, and what stands in the way, of its book and its packs too."""
    from clss_analysis.layout.genogram.unshown import unshown_report
    from clss_analysis.privacy import check as looked_at
    from clss_analysis.privacy import check_report
    from clss_analysis.privacy.editions import read_for_others
    from clss_analysis.publish.withdrawn import made_report
    from clss_analysis.records import InvalidRecordsError

    try:
        records = read_for_others(_records(asked))
    except InvalidRecordsError as error:
        if not asked.json:
            if sys.stdout.isatty():
                speak(say_of("cli.check.faults", len(error.faults)))
            raise
        found = [{"file": f.file, "row": f.row, "column": f.column, "rule": f.rule} for f in error.faults]
        speak_json({"sound": False, "faults": found, "gate": None})
        return MISUSED
    findings = looked_at(records, language())
    open_gate = not any(each.shuts for each in findings)
    if asked.publication and open_gate:
        from clss_analysis.runs.publication_attack import attack_report

        findings.append(attack_report(records, language()))
        open_gate = not findings[-1].shuts
    report = [*check_report(findings, language()), *made_report(_records(asked), records, language())]
    told = _beside(_records(asked), records) if open_gate else []
    lines, unshown = unshown_report(records, language())
    if asked.json:
        about = {each.topic: each.numbers for each in findings}
        gate = {"open": open_gate, "report": [*report, *told], **about}
        speak_json({"sound": True, "faults": [], "gate": gate, "unshown": unshown})
    else:
        for line in [*report, *told, *lines]:
            speak(line)
    return DONE if open_gate and not told else FAILED


def _beside(dataset: Path, records: Records) -> list[str]:
    """What stops the book and the packs of records that may leave: a chapter that says otherwise, an undecided word."""
    from clss_analysis.publish.brief import pack_faults
    from clss_analysis.publish.source_rules import told_faults

    house = find_house() or shipped()
    faults = told_faults(house, records) if (house.book / "_quarto.yml").is_file() else []
    return [*(each.told(language()) for each in faults), *pack_faults(dataset, records)]


def figure(asked: argparse.Namespace) -> int:
    """Draw one figure."""
    from clss_analysis.runs.figure_command import figure_file

    out = asked.out or _around("--out").made("figures") / f"{'-'.join(filter(None, (asked.kind, asked.case)))}.svg"
    quality = figure_file(
        asked.dataset,
        asked.kind,
        out,
        case=asked.case,
        date=asked.date,
        labels=asked.labels,
        page=asked.page,
        view={"person": asked.person, "service": asked.service, "arrow": asked.arrow},
        lang=_lang(asked),
        layout=asked.layout,
        note=lambda line: complain(line, DONE),
    )
    if asked.report:
        from clss_analysis.layout import report

        for line in report(quality, language()):
            speak(line)
    elif sys.stdout.isatty():
        speak(say("cli.figure_done", path=out))
    return DONE


def synth(asked: argparse.Namespace) -> int:
    """Make up a cohort."""
    from clss_analysis.records import synthesise, write

    write(synthesise(asked.households, asked.seed), asked.out)
    return DONE


def new(asked: argparse.Namespace) -> int:
    """Make a house to start from, or the form of the same questions as its workbook."""
    from clss_analysis.publish.new_house import new_house
    from clss_analysis.records.workbook import write_form

    if asked.folder is None and asked.xlsform is None:
        return refuse([say("workbook.new_what")])
    if asked.folder is not None:
        house = new_house(asked.folder, asked.lang or "fr", like=asked.like)
        speak(say("house.created", asked.lang, path=asked.folder, file=FILE, workbook=house.workbook.name))
    if asked.xlsform is not None:
        said = house_of(None).settings
        write_form(asked.xlsform, asked.lang or said.language, names=said.form_asks_names)
        speak(say("workbook.form_written", path=asked.xlsform))
    return DONE


def import_(asked: argparse.Namespace) -> int:
    """Take a workbook, or a file of another program, as a dataset, or update the one that it made before."""
    from clss_analysis.privacy.importing import import_workbook, ready
    from clss_analysis.privacy.updating import dataset_before
    from clss_analysis.records import InvalidRecordsError
    from clss_analysis.records.exchange import import_file, is_foreign
    from clss_analysis.records.workbook import remove_corrections

    out, lang = asked.out or _own_records("--out"), language()
    partial: list[str] = []
    if is_foreign(asked.file):
        options = {"index": asked.index, "year": asked.year, "lang": asked.lang or "fr", "strict": asked.strict}
        records, left = import_file(asked.file, **options)
        before = dataset_before(out, (), own=True) if own_house(out) else None
        taken = ready(records, out, before, asked.file.name, lang, emptied=asked.allow_empty)
        if left.doubts:
            partial = [say("exchange.partial", n=len(left.doubts)), *(each.told(lang) for each in left.doubts)]
        told = [say("exchange.consent_needed"), *_left(left)]
    else:
        options = {"key": asked.key, "bands": asked.age_bands, "mapping": asked.mapping}
        options |= {"join": asked.join, "emptied": asked.allow_empty}
        try:
            taken = import_workbook(asked.file, out, **options, lang=lang)
        except InvalidRecordsError as error:
            return _marked(asked.file, error)
        told = [say("pseudonyms.head" if taken.changes else "pseudonyms.nothing")]
        told += [f"  {change.told(lang)}" for change in taken.changes]
        if not taken.register and any(change.rule == "names" for change in taken.changes):
            told.append(say("pseudonyms.unstable"))
        told.append(say("pseudonyms.not_everything", path=out))
    for each in taken.differences:
        speak(each.told(lang))
    if taken.before and not taken.differences:
        speak(say("update.nothing"))
    if not words.is_agreed(sum(len(each.gone) for each in taken.differences), yes=asked.yes):
        return MISUSED
    taken.write()
    if asked.file.suffix.lower() == ".xlsx":
        remove_corrections(asked.file)
    for line in partial:
        complain(line, FAILED)
    counts = {name: len(taken.records.table(name)) for name in ("households", "persons", "actors", "ties")}
    speak(say("exchange.imported", path=out, **counts))
    if len(taken.records.codes):
        read = {name: len(taken.records.table(name)) for name in ("statements", "codes", "codings")}
        speak(say("exchange.imported_coding", **read))
    if taken.before:
        speak(say("update.kept"))
    for line in told:
        complain(line, DONE)
    return FAILED if partial else DONE


def _marked(file: Path, error: InvalidRecordsError) -> int:
    """Tell the faults of a workbook, and where they are marked in a copy of it."""
    from clss_analysis.records.workbook import write_corrections

    code = refuse(fault.told(error.lang or language()) for fault in error.faults)
    if file.suffix.lower() == ".xlsx":
        line, written = write_corrections(file, error.faults, language())
        if line:
            speak(line) if written else complain(line, code)
    return code


def undo(asked: argparse.Namespace) -> int:
    """Take the last import back."""
    from clss_analysis.privacy.register import undo as taken_back

    dataset = asked.dataset or _own_records("DIR")
    taken_back(dataset)
    speak(say("update.undone", path=dataset))
    return DONE


def export(asked: argparse.Namespace) -> int:
    """Give a dataset to another program, or to a spreadsheet."""
    from clss_analysis.privacy import clear
    from clss_analysis.privacy.editions import read_for_others
    from clss_analysis.privacy.written import keep_written
    from clss_analysis.records import export_file

    records = read_for_others(_records(asked))
    clearance = clear(records)
    out = asked.out or _around("--out").made("exports") / f"{records.name}.xlsx"
    if out.suffix.lower() == ".xlsx":
        from clss_analysis.records.workbook import write_workbook

        for household in records.households["id"]:
            clearance.require_told(household)
        write_workbook(records, out, _lang(asked))
        key, left = "workbook.exported", []
    else:
        left = export_file(records, out, clearance)
        key = "exchange.exported_coding" if out.suffix.lower() in (".qdpx", ".qdc") else "exchange.exported"
    keep_written(records, [out])
    speak(say(key, path=out))
    for line in _left(left):
        complain(line, DONE)
    return DONE


def _left(left: Sequence[NotCarried]) -> list[str]:
    return [say("exchange.left"), *(f"  {each.told(language())}" for each in left)] if left else []


def lab(_: argparse.Namespace) -> int:
    """Open JupyterLab on the notebooks."""
    from clss_analysis.publish.house_book import notebooks_to_open
    from clss_analysis.runs.project import open_lab

    return FAILED if open_lab(*notebooks_to_open(find_house() or shipped())) else DONE


def desk(asked: argparse.Namespace) -> int:
    """Open the house in a browser."""
    from clss_analysis.runs.notebook import without_grammar

    with without_grammar():
        from clss_analysis.desk.app import open_desk

    open_desk(_around("cd"), asked.lang, port=asked.port, browser=not asked.no_browser, tell=speak)
    return DONE


def migrate(asked: argparse.Namespace) -> int:
    """Bring a dataset of an older schema along."""
    from clss_analysis.records.migration import migrate as brought

    moved, kept = brought(_records(asked))
    if kept is None:
        speak(say("cli.migrate.nothing"))
        return DONE
    for each in moved:
        speak(say(f"cli.migrate.{each.kind}", version=each.version, table=each.table, column=each.column))
    speak(say("cli.migrate.kept", path=kept.name))
    return DONE


def review(asked: argparse.Namespace) -> int:
    """Write, or take back, the sheet on which a person decides what in free text may stay."""
    from clss_analysis.privacy.register import register_of
    from clss_analysis.privacy.reviewing import review as reviewed

    dataset = asked.dataset or _own_records("DIR")
    beside: dict[tuple[str, str, str], list[str]] = {}
    known: list[str] = []
    book = house_of(dataset).book if asked.book else None
    if asked.book:
        from clss_analysis.publish.build import book_texts

        beside, known = book_texts(house_of(dataset), dataset)
    if asked.theme is not None:
        from clss_analysis.publish.brief.theme import read_theme

        beside = beside | read_theme(_theme(asked)).texts()
    register = register_of(dataset, asked.key)
    if asked.key is None and register is not None and not register.parent.is_dir():
        register = None  # a copy of a house comes without its register
    told, left = reviewed(dataset, out=asked.out, apply=asked.apply, mask=asked.mask_all, role=asked.role,
                          lang=language(), beside=beside, book=book, known=known, register=register)  # fmt: skip
    for line in told:
        speak(line)
    return FAILED if left else DONE


def brief(asked: argparse.Namespace) -> int:
    """Make the pack of an interpellation."""
    from clss_analysis.publish.brief import brief as made

    lang = _lang(asked)
    out = asked.out or _around("--out").made("brief") / f"{Path(asked.theme).stem}-{lang}"
    pack = made(_theme(asked), asked.dataset, out, case=asked.case, lang=lang, date=asked.date,
                commune=asked.commune, council=asked.council, given_out=asked.edition)  # fmt: skip
    if sys.stdout.isatty():
        speak(say("cli.brief.done", path=out, n=len(pack.files)))
    for reason in pack.against:
        complain(say("room.inadmissible", theme=pack.story.theme, reason=reason), FAILED)
    return FAILED if pack.against else DONE
