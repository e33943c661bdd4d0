"""`clss`: words only, no work.  Every command calls one function of a room and says what came of it."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from clss_analysis.records.exchange import NotCarried
from clss_analysis.records.faults import InvalidRecordsError
from clss_analysis.records.tables import UnknownCaseError
from clss_analysis.records.vocabulary import LANGUAGES, message

DONE, FAILED, MISUSED = 0, 1, 2
FORMATS = ("html", "pdf", "epub", "docx")
ENGINES = ("builtin", "quarto")
PAGES = ("a4-portrait", "a4-landscape", "a3-landscape", "16:9")
KINDS = (
    "sociogenogram", "relevance-tree", "criteria-grid", "trajectory", "case-sheet", "axes", "consequences", "phasing",
    "process", "collective", "initiatives", "partners", "strengths", "testimonies", "synoptic", "mega-sociogenogram",
)  # fmt: skip
EXAMPLES = {
    "": ("build", "check data/publication", "figure sociogenogram --case C1 --out C1.svg"),
    "build": ("build", "build --dataset mes-dossiers --out mon-livre --formats html,pdf"),
    "check": ("check data/publication", "check mes-dossiers --json"),
    "figure": (
        "figure sociogenogram --case C1 --out C1.svg",
        "figure relevance-tree --case Y --lang nl --out Y.pdf",
        "figure sociogenogram --case Y --page a4-landscape --labels --report --out Y.pdf",
        "figure trajectory --dataset data/demo --case S001 --out S001.png --layout S001.json",
    ),
    "synth": ("synth --households 20 --seed 1 --out essai",),
    "import": ("import famille.ged --out mes-dossiers", "import reseau.graphml --out mes-dossiers --index n0"),
    "export": ("export data/publication --out familles.ged", "export mes-dossiers --out reseau.graphml"),
    "lab": ("lab",),
}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ARGPARSE = (
    (r"the following arguments are required: (.*)", "cli.required"),
    (r"unrecognized arguments: (.*)", "cli.unrecognized"),
    (r"argument (\S+): expected one argument", "cli.expected_one"),
    (r"argument [^:]+: invalid choice: .*", "cli.no_command"),
)


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
        return _refuse(str(fault) for fault in error.faults)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return _complain(_say("cli.interrupted"), FAILED)
    except Exception as error:
        if asked.debug:
            raise
        return _named(error)


def _named(error: Exception) -> int:
    """One line or several for an error, and the exit code it calls for; never a traceback."""
    from clss_analysis.privacy import NotClearedError
    from clss_analysis.runs.notebook import NotebookError
    from clss_analysis.runs.parameters import ParameterError
    from clss_analysis.runs.place import NoProjectError
    from clss_analysis.runs.single import AskedWronglyError

    if isinstance(error, (AskedWronglyError, NoProjectError, NotebookError, UnknownCaseError, FileExistsError)):
        return _refuse([str(error)])
    if isinstance(error, ParameterError):
        return _refuse(error.faults)
    if isinstance(error, NotClearedError):
        return _refuse(str(error).splitlines())
    if type(error).__name__ in ("BookError", "QuartoMissingError"):
        return _refuse(str(error).splitlines())
    if type(error).__name__ in ("PandocError", "TypstError", "QuartoError"):
        return _complain(" ".join(str(error).split()), FAILED)
    if isinstance(error, OSError):
        what = error.strerror or type(error).__name__
        return _complain(_say("cli.os_error", what=what, path=error.filename or ""), FAILED)
    return _complain(_say("cli.unexpected", error=type(error).__name__), FAILED)


def _build(asked: argparse.Namespace) -> int:
    if asked.cluster:
        return _refuse([_say("cli.no_cluster")])
    from clss_analysis.publish.build import build
    from clss_analysis.runs.place import PUBLICATION, project_root

    root = project_root()
    own = root / "book" / "_book"
    out = (asked.out or own).absolute()
    built = build(
        root,
        asked.dataset or root / PUBLICATION,
        out,
        formats=asked.formats,
        jobs=asked.jobs,
        engine=asked.engine,
        lang=asked.lang,
        keep_runs=out == own.absolute(),
        say=_print if sys.stdout.isatty() else None,
    )
    for line in built.failures:
        _complain(line, FAILED)
    return FAILED if built.failures else DONE


def _check(asked: argparse.Namespace) -> int:
    from clss_analysis.privacy import NotClearedError, check_report, clear
    from clss_analysis.records import InvalidRecordsError, read

    try:
        records = read(asked.dataset)
    except InvalidRecordsError as error:
        if not asked.json:
            raise
        found = [{"file": f.file, "row": f.row, "column": f.column, "rule": f.rule} for f in error.faults]
        _print_json({"sound": False, "faults": found, "gate": None})
        return MISUSED
    try:
        open_gate = bool(clear(records))
    except NotClearedError:
        open_gate = False
    report = check_report(records, _language())
    if asked.json:
        _print_json({"sound": True, "faults": [], "gate": {"open": open_gate, "report": report}})
    else:
        for line in report:
            _print(line)
    return DONE if open_gate else FAILED


def _figure(asked: argparse.Namespace) -> int:
    from clss_analysis.runs.single import figure_file

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
        note=lambda line: _complain(line, DONE),
    )
    if asked.report:
        from clss_analysis.layout import report

        for line in report(quality, _language()):
            _print(line)
    elif sys.stdout.isatty():
        _print(_say("cli.figure_done", path=asked.out))
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
    _print(_say("exchange.imported", path=asked.out, **counts))
    _complain(_say("exchange.consent_needed"), DONE)
    _tell_left(left)
    return DONE


def _export(asked: argparse.Namespace) -> int:
    from clss_analysis.records import export_file, read

    left = export_file(read(asked.dataset), asked.out)
    _print(_say("exchange.exported", path=asked.out))
    _tell_left(left)
    return DONE


def _tell_left(left: Sequence[NotCarried]) -> None:
    if left:
        _complain(_say("exchange.left"), DONE)
    for each in left:
        _complain(f"  {each.told(_language())}", DONE)


def _lab(_: argparse.Namespace) -> int:
    from clss_analysis.runs.lab import lab
    from clss_analysis.runs.place import project_root

    return FAILED if lab(project_root()) else DONE


class _Parser(argparse.ArgumentParser):
    """argparse in the language of the house: one line per error, no abbreviations."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - argparse's own
        kwargs |= {"add_help": False, "allow_abbrev": False, "formatter_class": _Formatter}
        super().__init__(**kwargs)
        self.words = self.add_argument_group(_say("cli.head.words"))
        self.options = self.add_argument_group(_say("cli.head.options"))
        self.options.add_argument("-h", "--help", action="help", help=_say("cli.help.help"))

    def error(self, message: str) -> NoReturn:
        """Say what was wrong with the words, on one line, and leave with 2."""
        for pattern, key in _ARGPARSE:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                message = _say(key, what=found[1] if found.groups() else "")
                break
        _complain(f"{self.prog}{_say('cli.colon')}{message} {_say('cli.see_help', prog=self.prog)}", MISUSED)
        sys.exit(MISUSED)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help whose first word is in the language of the house."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401 - argparse's own
        """The usage line."""
        super().add_usage(usage, actions, groups, f"{_say('cli.head.usage')} " if prefix is None else prefix)


def _parser() -> argparse.ArgumentParser:
    top = _Parser(prog="clss", description=_filled("cli.about"), epilog=_epilog(""))
    top.options.add_argument("--version", action="version", version=f"clss {version('clss-analysis')}",
                             help=_say("cli.help.version"))  # fmt: skip
    top.set_defaults(debug=False)
    commands = top.add_subparsers(
        dest="command", metavar=_say("cli.meta.command"), required=True, title=_say("cli.head.commands"),
        parser_class=_Parser,
    )  # fmt: skip

    def command(name: str, do: Callable[[argparse.Namespace], int]) -> _Parser:
        parser: _Parser = commands.add_parser(
            name, help=_say(f"cli.{name}.help"), description=_filled(f"cli.{name}.about"), epilog=_epilog(name)
        )
        parser.options.add_argument("--debug", action="store_true", help=_say("cli.help.debug"))
        parser.set_defaults(do=do)
        return parser

    dataset: dict[str, Any] = {"type": _path, "metavar": "DIR", "help": _say("cli.help.dataset")}
    lang: dict[str, Any] = {"type": _one_of(LANGUAGES), "default": "fr", "metavar": "|".join(LANGUAGES)}

    build = command("build", _build).options
    build.add_argument("--dataset", **dataset)
    build.add_argument("--out", type=_path, metavar="DIR", help=_say("cli.help.out_book"))
    build.add_argument("--formats", type=_formats, default=("html", "pdf", "epub"), metavar=",".join(FORMATS),
                       help=_say("cli.help.formats"))  # fmt: skip
    build.add_argument("--jobs", type=_at_least_one, metavar="N", help=_say("cli.help.jobs"))
    build.add_argument("--cluster", metavar="ADDRESS", help=_say("cli.help.cluster"))
    build.add_argument("--engine", type=_one_of(ENGINES), default="builtin", metavar="|".join(ENGINES),
                       help=_say("cli.help.engine"))  # fmt: skip
    build.add_argument("--lang", help=_say("cli.help.lang"), **lang)

    check = command("check", _check)
    check.words.add_argument("dataset", **dataset)
    check.options.add_argument("--json", action="store_true", help=_say("cli.help.json"))

    figure = command("figure", _figure)
    figure.words.add_argument("kind", metavar="KIND", help=_say("cli.help.kind", kinds=", ".join(KINDS)))
    figure.options.add_argument("--dataset", **dataset)
    figure.options.add_argument("--case", metavar="ID", help=_say("cli.help.case"))
    figure.options.add_argument("--date", metavar="YYYY-MM", help=_say("cli.help.date"))
    figure.options.add_argument("--lang", help=_say("cli.help.lang"), **lang)
    figure.options.add_argument("--out", type=_path, required=True, metavar="FILE", help=_say("cli.help.out_figure"))
    figure.options.add_argument("--layout", type=_path, metavar="FILE.json", help=_say("cli.help.layout"))
    figure.options.add_argument("--page", type=_one_of(PAGES), metavar="|".join(PAGES), help=_say("cli.help.page"))
    figure.options.add_argument("--labels", action="store_true", help=_say("cli.help.labels"))
    figure.options.add_argument("--report", action="store_true", help=_say("cli.help.report"))

    synth = command("synth", _synth).options
    synth.add_argument("--households", type=_at_least_one, required=True, metavar="N", help=_say("cli.help.households"))
    synth.add_argument("--seed", type=_whole, required=True, metavar="S", help=_say("cli.help.seed"))
    synth.add_argument("--out", type=_path, required=True, metavar="DIR", help=_say("cli.help.out_synth"))

    taken = command("import", _import)
    taken.words.add_argument("file", type=_path, metavar="FILE", help=_say("cli.help.import_file"))
    taken.options.add_argument("--out", type=_path, required=True, metavar="DIR", help=_say("cli.help.out_import"))
    taken.options.add_argument("--index", type=_text, metavar="KEY", help=_say("cli.help.index"))
    taken.options.add_argument("--year", type=_year, metavar="YYYY", help=_say("cli.help.year"))
    taken.options.add_argument("--lang", help=_say("cli.help.lang"), **lang)

    given = command("export", _export)
    given.words.add_argument("dataset", **dataset)
    given.options.add_argument("--out", type=_path, required=True, metavar="FILE", help=_say("cli.help.out_export"))

    command("lab", _lab)
    return top


def _filled(key: str) -> str:
    return textwrap.fill(_say(key), 88)


def _epilog(name: str) -> str:
    examples = "\n".join(f"  clss {words}" for words in EXAMPLES[name])
    return f"{_say('cli.head.examples')}\n{examples}\n\n{_filled('cli.exit_codes')}"


def _path(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError(_say("cli.empty"))
    return Path(text)


def _text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(_say("cli.empty"))
    return text


def _year(text: str) -> int:
    if not re.fullmatch(r"(19|20)[0-9]{2}", text):
        raise argparse.ArgumentTypeError(_say("cli.year"))
    return int(text)


def _one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    def convert(text: str) -> str:
        if text not in allowed:
            raise argparse.ArgumentTypeError(_say("cli.one_of", allowed=", ".join(allowed)))
        return text

    return convert


def _formats(text: str) -> tuple[str, ...]:
    asked = text.split(",")
    if not set(asked) <= set(FORMATS):
        raise argparse.ArgumentTypeError(_say("cli.one_of", allowed=", ".join(FORMATS)))
    return tuple(name for name in FORMATS if name in asked)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(_say("cli.whole"))
    return int(text)


def _at_least_one(text: str) -> int:
    if (number := _whole(text)) < 1:
        raise argparse.ArgumentTypeError(_say("cli.whole_one"))
    return number


def _say(key: str, **values: object) -> str:
    return message(key, _language(), **values)


def _language() -> str:
    """The language of the command itself: the environment variable CLSS_LANG, else French."""
    lang = os.environ.get("CLSS_LANG", "fr")
    return lang if lang in LANGUAGES else "fr"


def _print(line: str) -> None:
    print(_UNPRINTABLE.sub("\ufffd", line))  # noqa: T201 - a command speaks


def _print_json(content: object) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True))  # noqa: T201 - a command speaks


def _refuse(lines: Iterable[str]) -> int:
    for line in lines:
        _complain(line, MISUSED)
    return MISUSED


def _complain(line: str, code: int) -> int:
    print(_UNPRINTABLE.sub("\ufffd", line), file=sys.stderr)  # noqa: T201 - a command speaks
    return code
