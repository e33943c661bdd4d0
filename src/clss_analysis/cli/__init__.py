"""`clss`: words only, no work.  Every command calls one function of a room and says what came of it."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from clss_analysis.cli.words import (
    FORMATS,
    MISUSED,
    Parser,
    a_path,
    a_text,
    a_whole_number,
    a_year,
    at_least_one,
    complain,
    filled,
    language,
    one_of,
    refuse,
    say,
    some_formats,
    speak,
    speak_json,
)
from clss_analysis.records.faults import InvalidRecordsError
from clss_analysis.records.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from clss_analysis.records.exchange import NotCarried
    from clss_analysis.runs.outcome import Result

DONE, FAILED = 0, 1
ENGINES = ("builtin", "quarto")
KINDS = (
    "sociogenogram", "relevance-tree", "criteria-grid", "trajectory", "case-sheet", "axes", "consequences", "phasing",
    "process", "collective", "initiatives", "partners", "strengths", "testimonies", "synoptic", "mega-sociogenogram",
)  # fmt: skip
EXAMPLES = {
    "": ("build", "check data/publication", "figure sociogenogram --case C1 --out C1.svg"),
    "build": (
        "build",
        "build --dataset mes-dossiers --out mon-livre --formats html,pdf",
        "build --jobs 4 --explain",
        "build --cluster tcp://127.0.0.1:8786",
    ),
    "check": ("check data/publication", "check mes-dossiers --json"),
    "figure": (
        "figure sociogenogram --case C1 --out C1.svg",
        "figure relevance-tree --case Y --lang nl --out Y.pdf",
        "figure trajectory --dataset data/demo --case S001 --out S001.png --layout S001.json",
    ),
    "synth": ("synth --households 20 --seed 1 --out essai",),
    "import": ("import famille.ged --out mes-dossiers", "import reseau.graphml --out mes-dossiers --index n0"),
    "export": ("export data/publication --out familles.ged", "export mes-dossiers --out reseau.graphml"),
    "lab": ("lab",),
}
_FULL_OR_CLOSED = {
    errno.ENOSPC: "cli.disk_full",
    errno.EDQUOT: "cli.disk_full",
    errno.EROFS: "cli.read_only",
    errno.EACCES: "cli.read_only",
    errno.EPERM: "cli.read_only",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: the words after `clss`; default: those of the process.

    Returns:
        0 done; 1 work ran and something named failed; 2 bad usage or bad input.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        asked = _parser().parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else MISUSED
    try:
        return int(asked.do(asked))
    except InvalidRecordsError as error:
        return refuse(str(fault) for fault in error.faults)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return complain(say("cli.interrupted"), FAILED)
    except Exception as error:
        if asked.debug:
            raise
        return _named(error)


def _named(error: Exception) -> int:
    """One line or several for an error, and the exit code it calls for; never a traceback."""
    from clss_analysis.privacy import NotClearedError
    from clss_analysis.records.tables import UnknownCaseError
    from clss_analysis.runs.notebook import NotebookError
    from clss_analysis.runs.parameters import ParameterError
    from clss_analysis.runs.place import NoProjectError
    from clss_analysis.runs.single import AskedWronglyError

    if isinstance(error, (AskedWronglyError, NoProjectError, NotebookError, UnknownCaseError, FileExistsError)):
        return refuse([str(error)])
    if isinstance(error, ParameterError):
        return refuse(error.faults)
    if isinstance(error, NotClearedError):
        return refuse(str(error).splitlines())
    if type(error).__name__ in ("BookError", "QuartoMissingError", "NoClusterError"):
        return refuse(str(error).splitlines())
    if type(error).__name__ in ("PandocError", "TypstError", "QuartoError"):
        return complain(" ".join(str(error).split()), FAILED)
    if isinstance(error, OSError):
        for number, key in _FULL_OR_CLOSED.items():
            if error.errno == number:
                return refuse([say(key, path=error.filename or "")])
        what = error.strerror or type(error).__name__
        return complain(say("cli.os_error", what=what, path=error.filename or ""), FAILED)
    return complain(say("cli.unexpected", error=type(error).__name__), FAILED)


def _build(asked: argparse.Namespace) -> int:
    from clss_analysis.publish.unchanged import book_inputs, remember, unchanged
    from clss_analysis.runs.place import PUBLICATION, project_root

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
    from clss_analysis.publish.build import build
    from clss_analysis.runs.engine import How
    from clss_analysis.runs.watch import Watch

    tells = sys.stdout.isatty() and not asked.json
    how = How(cluster=asked.cluster or "", memory=asked.memory and asked.memory << 20)
    built = build(
        root,
        dataset,
        out,
        formats=asked.formats,
        jobs=asked.jobs,
        engine=asked.engine,
        lang=asked.lang,
        keep_runs=keep_runs,
        say=speak if tells else None,
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


def _check(asked: argparse.Namespace) -> int:
    from clss_analysis.privacy import NotClearedError, check_report, clear
    from clss_analysis.records import InvalidRecordsError, read

    try:
        records = read(asked.dataset)
    except InvalidRecordsError as error:
        if not asked.json:
            raise
        found = [{"file": f.file, "row": f.row, "column": f.column, "rule": f.rule} for f in error.faults]
        speak_json({"sound": False, "faults": found, "gate": None})
        return MISUSED
    try:
        open_gate = bool(clear(records))
    except NotClearedError:
        open_gate = False
    report = check_report(records, language())
    if asked.json:
        speak_json({"sound": True, "faults": [], "gate": {"open": open_gate, "report": report}})
    else:
        for line in report:
            speak(line)
    return DONE if open_gate else FAILED


def _figure(asked: argparse.Namespace) -> int:
    from clss_analysis.runs.single import figure_file

    quality = figure_file(
        asked.dataset,
        asked.kind,
        asked.out,
        case=asked.case,
        date=asked.date,
        lang=asked.lang,
        layout=asked.layout,
        note=lambda line: complain(line, DONE),
    )
    if asked.report:
        speak_json(quality)
    elif sys.stdout.isatty():
        speak(say("cli.figure_done", path=asked.out))
    return DONE


def _synth(asked: argparse.Namespace) -> int:
    from clss_analysis.records import synthesise, write

    write(synthesise(asked.households, asked.seed), asked.out)
    return DONE


def _import(asked: argparse.Namespace) -> int:
    from clss_analysis.records import import_file, write

    records, left = import_file(asked.file, index=asked.index, year=asked.year, lang=asked.lang)
    write(records, asked.out)
    counts = {name: len(records.table(name)) for name in ("households", "persons", "actors", "ties")}
    speak(say("exchange.imported", path=asked.out, **counts))
    complain(say("exchange.consent_needed"), DONE)
    _tell_left(left)
    return DONE


def _export(asked: argparse.Namespace) -> int:
    from clss_analysis.records import export_file, read

    left = export_file(read(asked.dataset), asked.out)
    speak(say("exchange.exported", path=asked.out))
    _tell_left(left)
    return DONE


def _tell_left(left: Sequence[NotCarried]) -> None:
    if left:
        complain(say("exchange.left"), DONE)
    for each in left:
        complain(f"  {each.told(language())}", DONE)


def _lab(_: argparse.Namespace) -> int:
    from clss_analysis.runs.lab import lab
    from clss_analysis.runs.place import project_root

    return FAILED if lab(project_root()) else DONE


def _parser() -> argparse.ArgumentParser:
    top = Parser(prog="clss", description=filled("cli.about"), epilog=_epilog(""))
    top.options.add_argument("--version", action="version", version=f"clss {version('clss-analysis')}",
                             help=say("cli.help.version"))  # fmt: skip
    top.set_defaults(debug=False)
    commands = top.add_subparsers(
        dest="command", metavar=say("cli.meta.command"), required=True, title=say("cli.head.commands"),
        parser_class=Parser,
    )  # fmt: skip

    def command(name: str, do: Callable[[argparse.Namespace], int]) -> Parser:
        parser: Parser = commands.add_parser(
            name, help=say(f"cli.{name}.help"), description=filled(f"cli.{name}.about"), epilog=_epilog(name)
        )
        parser.options.add_argument("--debug", action="store_true", help=say("cli.help.debug"))
        parser.set_defaults(do=do)
        return parser

    dataset: dict[str, Any] = {"type": a_path, "metavar": "DIR", "help": say("cli.help.dataset")}
    lang: dict[str, Any] = {"type": one_of(LANGUAGES), "default": "fr", "metavar": "|".join(LANGUAGES)}

    build = command("build", _build).options
    build.add_argument("--dataset", **dataset)
    build.add_argument("--out", type=a_path, metavar="DIR", help=say("cli.help.out_book"))
    build.add_argument("--formats", type=some_formats, default=("html", "pdf", "epub"), metavar=",".join(FORMATS),
                       help=say("cli.help.formats"))  # fmt: skip
    build.add_argument("--jobs", type=at_least_one, metavar="N", help=say("cli.help.jobs"))
    build.add_argument("--cluster", metavar="ADDRESS", help=say("cli.help.cluster"))
    build.add_argument("--timeout", type=at_least_one, metavar="S", help=say("cli.help.timeout"))
    build.add_argument("--memory", type=at_least_one, metavar="MIB", help=say("cli.help.memory"))
    build.add_argument("--explain", action="store_true", help=say("cli.help.explain"))
    build.add_argument("--json", action="store_true", help=say("cli.help.json_lines"))
    build.add_argument("--engine", type=one_of(ENGINES), default="builtin", metavar="|".join(ENGINES),
                       help=say("cli.help.engine"))  # fmt: skip
    build.add_argument("--lang", help=say("cli.help.lang"), **lang)

    check = command("check", _check)
    check.words.add_argument("dataset", **dataset)
    check.options.add_argument("--json", action="store_true", help=say("cli.help.json"))

    figure = command("figure", _figure)
    figure.words.add_argument("kind", metavar="KIND", help=say("cli.help.kind", kinds=", ".join(KINDS)))
    figure.options.add_argument("--dataset", **dataset)
    figure.options.add_argument("--case", metavar="ID", help=say("cli.help.case"))
    figure.options.add_argument("--date", metavar="YYYY-MM", help=say("cli.help.date"))
    figure.options.add_argument("--lang", help=say("cli.help.lang"), **lang)
    figure.options.add_argument("--out", type=a_path, required=True, metavar="FILE", help=say("cli.help.out_figure"))
    figure.options.add_argument("--layout", type=a_path, metavar="FILE.json", help=say("cli.help.layout"))
    figure.options.add_argument("--report", action="store_true", help=say("cli.help.report"))

    synth = command("synth", _synth).options
    synth.add_argument("--households", type=at_least_one, required=True, metavar="N", help=say("cli.help.households"))
    synth.add_argument("--seed", type=a_whole_number, required=True, metavar="S", help=say("cli.help.seed"))
    synth.add_argument("--out", type=a_path, required=True, metavar="DIR", help=say("cli.help.out_synth"))

    taken = command("import", _import)
    taken.words.add_argument("file", type=a_path, metavar="FILE", help=say("cli.help.import_file"))
    taken.options.add_argument("--out", type=a_path, required=True, metavar="DIR", help=say("cli.help.out_import"))
    taken.options.add_argument("--index", type=a_text, metavar="KEY", help=say("cli.help.index"))
    taken.options.add_argument("--year", type=a_year, metavar="YYYY", help=say("cli.help.year"))
    taken.options.add_argument("--lang", help=say("cli.help.lang"), **lang)

    given = command("export", _export)
    given.words.add_argument("dataset", **dataset)
    given.options.add_argument("--out", type=a_path, required=True, metavar="FILE", help=say("cli.help.out_export"))

    command("lab", _lab)
    return top


def _epilog(name: str) -> str:
    examples = "\n".join(f"  clss {words}" for words in EXAMPLES[name])
    return f"{say('cli.head.examples')}\n{examples}\n\n{filled('cli.exit_codes')}"
