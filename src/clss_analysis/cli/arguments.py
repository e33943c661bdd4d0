"""The words that the command understands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from clss_analysis.cli import verbs
from clss_analysis.cli.words import (
    Parser,
    a_pair,
    a_path,
    a_text,
    a_whole_number,
    a_year,
    at_least_one,
    filled,
    one_of,
    say,
    some_formats,
)
from clss_analysis.figures.registry import KINDS
from clss_analysis.records.formats import EXPORTS, IMPORTS, TABLES
from clss_analysis.records.house_settings import ENGINES, FORMATS
from clss_analysis.records.vocabulary import LANGUAGES, codes, shipped_rows

ARROWS = ("living", "helps", "calls", "working", "other", "unknown", "strong", "weak", "tense", "broken")
PAGES = ("a4-portrait", "a4-landscape", "a3-landscape", "16:9")
EXAMPLES: dict[str, tuple[str, ...]] = {}
"""What is shown under the help of a command, and of none: commands as one types them."""
for _row in shipped_rows("clss_analysis.cli", "examples.csv"):
    EXAMPLES[_row["command"]] = (*EXAMPLES.get(_row["command"], ()), _row["words"])


def parser() -> Parser:
    """Every command with its words, its options and its examples."""
    top = Parser(prog="clss", description=filled("cli.about"), epilog=_epilog(""))
    top.options.add_argument("--version", action="version", version=f"clss {version('clss-analysis')}",
                             help=say("cli.help.version"))  # fmt: skip
    top.set_defaults(debug=False)
    commands = top.add_subparsers(
        dest="command", metavar=say("cli.meta.command"), required=True, title=say("cli.head.commands"),
        parser_class=Parser,
    )  # fmt: skip

    def command(name: str, do: Callable[[argparse.Namespace], int]) -> Parser:
        made: Parser = commands.add_parser(
            name, help=say(f"cli.{name}.help"), description=filled(f"cli.{name}.about"), epilog=_epilog(name)
        )
        made.options.add_argument("--debug", action="store_true", help=say("cli.help.debug"))
        made.set_defaults(do=do)
        return made

    dataset: dict[str, Any] = {"type": a_path, "metavar": "DIR", "help": say("cli.help.dataset")}
    records: dict[str, Any] = {**dataset, "nargs": "?"}
    lang: dict[str, Any] = {"type": one_of(LANGUAGES), "metavar": "|".join(LANGUAGES)}

    build = command("build", verbs.build).options
    build.add_argument("--dataset", **dataset)
    build.add_argument("--out", type=a_path, metavar="DIR", help=say("cli.help.out_book"))
    build.add_argument("--formats", type=some_formats, metavar=",".join(FORMATS),
                       help=say("cli.help.formats"))  # fmt: skip
    build.add_argument("--jobs", type=at_least_one, metavar="N", help=say("cli.help.jobs"))
    build.add_argument("--cluster", metavar="ADDRESS", help=say("cli.help.cluster"))
    build.add_argument("--timeout", type=at_least_one, metavar="S", help=say("cli.help.timeout"))
    build.add_argument("--memory", type=at_least_one, metavar="MIB", help=say("cli.help.memory"))
    build.add_argument("--no-wait", action="store_true", help=say("cli.help.no_wait"))
    build.add_argument("--explain", action="store_true", help=say("cli.help.explain"))
    build.add_argument("--json", action="store_true", help=say("cli.help.json_lines"))
    build.add_argument("--engine", type=one_of(ENGINES), default="builtin", metavar="|".join(ENGINES),
                       help=say("cli.help.engine"))  # fmt: skip
    build.add_argument("--lang", help=say("cli.help.lang_book"), **lang)
    build.add_argument("--edition", action="store_true", help=say("cli.help.edition"))

    check = command("check", verbs.check)
    check.words.add_argument("dataset", **records)
    check.options.add_argument("--publication", action="store_true", help=say("cli.help.attack"))
    check.options.add_argument("--json", action="store_true", help=say("cli.help.json"))

    figure = command("figure", verbs.figure)
    figure.words.add_argument("kind", metavar="KIND", help=say("cli.help.kind", kinds=", ".join(KINDS)))
    figure.options.add_argument("--dataset", **dataset)
    figure.options.add_argument("--case", metavar="ID", help=say("cli.help.case"))
    figure.options.add_argument("--date", metavar="YYYY-MM", help=say("cli.help.date"))
    figure.options.add_argument("--lang", help=say("cli.help.lang"), **lang)
    figure.options.add_argument("--out", type=a_path, metavar="FILE", help=say("cli.help.out_figure"))
    figure.options.add_argument("--layout", type=a_path, metavar="FILE.json", help=say("cli.help.layout"))
    figure.options.add_argument("--page", type=one_of(PAGES), metavar="|".join(PAGES), help=say("cli.help.page"))
    figure.options.add_argument("--labels", action="store_true", help=say("cli.help.labels"))
    for name in ("person", "service"):
        figure.options.add_argument(f"--{name}", metavar="ID", help=say(f"cli.help.{name}"))
    figure.options.add_argument("--arrow", type=one_of(ARROWS), metavar="|".join(ARROWS), help=say("cli.help.arrow"))
    figure.options.add_argument("--report", action="store_true", help=say("cli.help.report"))

    synth = command("synth", verbs.synth).options
    synth.add_argument("--households", type=at_least_one, required=True, metavar="N", help=say("cli.help.households"))
    synth.add_argument("--seed", type=a_whole_number, required=True, metavar="S", help=say("cli.help.seed"))
    synth.add_argument("--out", type=a_path, required=True, metavar="DIR", help=say("cli.help.out_synth"))

    new = command("new", verbs.new)
    new.words.add_argument("folder", nargs="?", type=a_path, metavar="DIR", help=say("cli.help.new_out"))
    new.options.add_argument("--like", type=one_of(("publication",)), metavar="publication", help=say("cli.help.like"))
    new.options.add_argument("--xlsform", type=a_path, metavar="FILE", help=say("cli.help.xlsform"))
    new.options.add_argument("--lang", help=say("cli.help.lang_workbook"), **lang)

    taken = command("import", verbs.import_)
    taken.words.add_argument(
        "file",
        type=a_path,
        metavar="FILE",
        help=say("cli.help.import_file", tables=", ".join(TABLES), others=", ".join(IMPORTS)),
    )
    taken.options.add_argument("--out", type=a_path, metavar="DIR", help=say("cli.help.out_import"))
    taken.options.add_argument("--key", type=a_path, metavar="FILE", help=say("cli.help.key"))
    taken.options.add_argument("--mapping", type=a_path, metavar="FILE", help=say("cli.help.mapping"))
    taken.options.add_argument("--yes", action="store_true", help=say("cli.help.yes"))
    taken.options.add_argument("--allow-empty", action="store_true", help=say("cli.help.allow_empty"))
    taken.options.add_argument("--join", type=a_pair, action="append", default=[], metavar="ID=ID",
                               help=say("cli.help.join"))  # fmt: skip
    taken.options.add_argument("--age-bands", action="store_true", help=say("cli.help.age_bands"))
    taken.options.add_argument("--index", type=a_text, metavar="KEY", help=say("cli.help.index"))
    taken.options.add_argument("--strict", action="store_true", help=say("cli.help.strict"))
    taken.options.add_argument("--year", type=a_year, metavar="YYYY", help=say("cli.help.year"))
    taken.options.add_argument("--lang", help=say("cli.help.lang"), **lang)

    given = command("export", verbs.export)
    given.words.add_argument("dataset", **records)
    given.options.add_argument(
        "--out", type=a_path, metavar="FILE", help=say("cli.help.out_export", others=", ".join(EXPORTS))
    )
    given.options.add_argument("--lang", help=say("cli.help.lang_workbook"), **lang)

    pack = command("brief", verbs.brief)
    pack.words.add_argument("theme", type=a_text, metavar="THEME", help=say("cli.help.theme"))
    pack.options.add_argument("--case", type=a_text, metavar="ID", help=say("cli.help.brief_case"))
    pack.options.add_argument("--commune", type=a_text, metavar="C", help=say("cli.help.commune"))
    pack.options.add_argument("--council", type=a_text, metavar="YYYY-MM-DD", help=say("cli.help.council"))
    pack.options.add_argument("--dataset", **dataset)
    pack.options.add_argument("--date", type=a_text, metavar="YYYY-MM", help=say("cli.help.brief_date"))
    pack.options.add_argument("--lang", help=say("cli.help.lang"), **lang)
    pack.options.add_argument("--out", type=a_path, metavar="DIR", help=say("cli.help.out_brief"))
    pack.options.add_argument("--edition", action="store_true", help=say("cli.help.edition"))

    review = command("review", verbs.review)
    review.words.add_argument("dataset", **records)
    review.options.add_argument("--out", type=a_path, metavar="FILE", help=say("cli.help.review_out"))
    review.options.add_argument("--apply", type=a_path, metavar="FILE", help=say("cli.help.review_apply"))
    review.options.add_argument("--mask-all", action="store_true", help=say("cli.help.review_mask_all"))
    review.options.add_argument("--key", type=a_path, metavar="FILE", help=say("cli.help.review_key"))
    review.options.add_argument("--theme", metavar="THEME", help=say("cli.help.review_theme"))
    review.options.add_argument("--book", action="store_true", help=say("cli.help.review_book"))
    roles = codes("review_role")
    review.options.add_argument("--role", type=one_of(roles), default=roles[0], metavar="|".join(roles),
                                help=say("cli.help.review_role", default=roles[0]))  # fmt: skip

    back = command("undo", verbs.undo)
    back.words.add_argument("dataset", **records)

    moved = command("migrate", verbs.migrate)
    moved.words.add_argument("dataset", **records)

    command("lab", verbs.lab)

    desk = command("desk", verbs.desk).options
    desk.add_argument("--port", type=a_whole_number, default=0, metavar="N", help=say("cli.help.port"))
    desk.add_argument("--no-browser", action="store_true", help=say("cli.help.no_browser"))
    desk.add_argument("--lang", help=say("cli.help.lang_desk"), **lang)
    return top


def _epilog(name: str) -> str:
    examples = "\n".join(f"  clss {words}" for words in EXAMPLES[name])
    return f"{say('cli.head.examples')}\n{examples}\n\n{filled('cli.exit_codes')}"
