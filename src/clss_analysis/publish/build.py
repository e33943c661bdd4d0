"""The main job: a dataset checked, its notebooks run, the book made of them."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from clss_analysis.figures.convert import convert_files
from clss_analysis.measures.counts import numbers_by_code
from clss_analysis.measures.survival import followed_until
from clss_analysis.privacy import clear
from clss_analysis.privacy.consents import TOLD, scopes_of
from clss_analysis.privacy.editions import as_published, read_for_others
from clss_analysis.privacy.given_out import give_out
from clss_analysis.privacy.texts import Text
from clss_analysis.publish.asked import asked_of, chapters_of, require_all, unused_chapters
from clss_analysis.publish.bibliography import works
from clss_analysis.publish.book import build_book, require_place
from clss_analysis.publish.brief import annex
from clss_analysis.publish.edition import last_month
from clss_analysis.publish.facts import Facts
from clss_analysis.publish.figure_data import write_figure_data
from clss_analysis.publish.figures import FOLDER
from clss_analysis.publish.house_book import complete_book, complete_notebooks, unread_bibliographies
from clss_analysis.publish.manifest import NAME as MANIFEST
from clss_analysis.publish.manifest import sidecars
from clss_analysis.publish.own_pictures import drawings
from clss_analysis.publish.passages import known_words, passages
from clss_analysis.publish.project import BookError, Project, read_project
from clss_analysis.publish.quarto import require_quarto
from clss_analysis.publish.source import RUNS, Shelf, assemble, fragment, included
from clss_analysis.publish.turn import take_turn
from clss_analysis.records import Fault, message, read, write
from clss_analysis.records.atomic import PRIVATE, new_folder
from clss_analysis.records.house import House, house_at, shipped
from clss_analysis.records.house_settings import FILE as TOML
from clss_analysis.records.private import private_temp
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.tables import dataset_files, fingerprint
from clss_analysis.records.vocabulary import LANGUAGES
from clss_analysis.runs.engine import How, execute, warming
from clss_analysis.runs.freshness import Store, digest, folder_digest, household_rows, software
from clss_analysis.runs.inspection import inspected
from clss_analysis.runs.outcome import Result
from clss_analysis.runs.plan import DATASET_RUNS, GALLERY, GALLERY_RUN, plan_runs
from clss_analysis.runs.progress import Watch

SOFTWARE = ("clss-analysis", "matplotlib", "nbconvert", "pandas", "papermill", "pypandoc-binary", "typst")
INTERPELLATION = "interpellation.md"
SEEN = "../dataset"
"""The dataset's folder as the notebooks see it."""


@dataclass(frozen=True)
class Built:
    """What became of a build: one line per failure, whether the book was written, and what each run had to do.

    `notes` name what is no failure, such as a chapter that is in no list.
    """

    failures: tuple[str, ...]
    written: bool
    results: tuple[Result, ...] = ()
    notes: tuple[str, ...] = ()


def build(
    root: Path,
    dataset: Path,
    out: Path,
    *,
    formats: Sequence[str] = ("html", "pdf", "epub"),
    jobs: int | None = None,
    engine: str = "builtin",
    lang: str = "fr",
    keep_runs: bool = False,
    say: Callable[[str], None] | None = None,
    how: How | None = None,
    watch: Watch | None = None,
    wait: bool = True,
    waits: Callable[[str], object] | None = None,
    given_out: bool = False,
) -> Built:
    """Build the book of a dataset.

    The dataset is copied first, so that every notebook sees the same rows, and paths in their parameters do not
    depend on where it lies.  A household whose notebook fails is named and the others finish; a book that lacks it
    is written only where it does not replace a book that lacks nothing, and never as an edition.

    Args:
        root: the house; what of notebooks and pages does not stand there comes from the package.
        dataset: folder of the dataset.
        out: folder of the book.
        formats: some of html, pdf, epub, docx.
        jobs: notebooks at a time; default: as many as there are cores.
        engine: builtin or quarto.
        lang: language of the book: fr, nl or en; where the chapters tell the dataset in another one, it is theirs.
        keep_runs: leave the executed notebooks and their logs in `_runs` among what the house makes.
        say: told each step in one French line, if given.
        how: how runs are executed, beside how many at a time.
        watch: told what happens to runs.
        wait: until another build into the same folder is done.
        waits: told who that is, if given.
        given_out: whether this book is an edition that is given to others; what it counts is then kept in the register
            of the house whose records the dataset is, and books after it are made so that no difference tells of few.

    Returns:
        What failed, and whether there is a new book.

    Raises:
        InvalidRecordsError: the dataset is not sound.
        NotClearedError: something in the dataset is not released.
        BusyError: another build writes into `out`, and this one is not to wait.
        BookError: the chapters have faults, or `out` holds something that is no book.
        QuartoMissingError: engine quarto without quarto.
    """
    records, house, told = read(dataset), house_at(root), watch.lang if watch else "fr"
    if (house.folder / TOML).is_file() and not house.settings.name:
        raise BookError([Fault(TOML, None, None, message("house.no_name"))])
    if engine == "quarto":
        require_quarto()
    _check_out(out)
    with (
        take_turn(out, wait=wait, tell=waits),
        private_temp(),
        tempfile.TemporaryDirectory(prefix="book-") as made,
        ExitStack() as stack,
    ):
        snapshot, runs = Path(made) / "dataset", Path(made) / "_runs"
        _copy(dataset, snapshot)
        if fingerprint(snapshot) != records.sha256:
            records = read(snapshot)  # somebody wrote to it in between
        sha256 = records.sha256
        if in_part := (beside := as_published(records, dataset)) is not records:
            records = read(write(beside, snapshot, overwrite=True))
        book = complete_book(house, Path(made), lang)
        project = read_project(book)
        notes = _of_language(project, lang, told) if project.tells(records.name) else ()
        lang = project.language if notes else lang
        rows, whole = household_rows(snapshot, dataset_files(snapshot))
        place = _cache(house, dataset, lang)
        store = None if place is None else Store(place)
        known = {"rows": whole, "software": software()}
        due = store is None or any(store.changed(name, known) for name, _ in DATASET_RUNS)
        how = stack.enter_context(warming(replace(how or How(), jobs=jobs), due=due))
        clearance = clear(records)
        in_part |= bool(clearance.counted)
        notebooks = complete_notebooks(house, Path(made))
        asked, unused = asked_of(book, records), unused_chapters(book)
        unread = unread_bibliographies(house, project.bibliography)
        notes += tuple(str(each) for each in unread + [each for each in unused if (house.book / each.file).is_file()])
        gallery = shipped().folder / "data" / GALLERY
        invented = gallery if f"{GALLERY_RUN}.md" in asked and gallery.is_dir() else None
        planned = plan_runs(records, dataset=SEEN, lang=lang, gallery=invented is not None)
        fragments = {f"{run.id}.md" for run in planned} | {INTERPELLATION}
        require_all(book, snapshot, clearance, asked, fragments)
        held = dict[str | None, str](rows) | {None: whole}
        if invented is not None:
            _copy(invented, snapshot / GALLERY)
            held[f"{SEEN}/{GALLERY}"] = folder_digest(invented)
        results = execute(
            planned,
            notebooks,
            runs,
            clearance=clearance,
            dataset=snapshot,
            records=records,
            rows=held,
            store=store,
            how=how,
            watch=watch or Watch(),
        )
        results = tuple(inspected(result, runs, clearance) for result in results)
        _convert(runs, _cache(house, dataset, lang, "pictures"))
        if INTERPELLATION in asked:
            (runs / INTERPELLATION).write_text(annex(dataset), encoding="utf-8")
        if keep_runs:
            with new_folder(house.made("runs")) as kept:
                shutil.copytree(runs, kept, dirs_exist_ok=True)
        write_figure_data(records, runs, gallery=None if invented is None else read(snapshot / GALLERY))
        failures = [_failure(result) for result in results if not result.ok]
        lines = tuple(result.line() for result in results if not result.ok)
        if failures and (given_out or _complete(out)):
            why = message("build.no_edition" if given_out else "build.kept", out=out)
            return Built((*lines, why), written=False, results=results, notes=notes)
        build_book(
            book,
            runs,
            out,
            dataset={
                "name": records.name,
                "title": records.title,
                "sha256": _shown(runs) if in_part else sha256,
                "in_part": in_part,
                "synthetic": is_made_up(records),
                "until": last_month(records),
            },
            software={"Python": platform.python_version()} | {name: version(name) for name in SOFTWARE},
            clearance=clearance,
            formats=formats,
            engine=engine,
            lang=lang,
            failures=failures,
            say=say,
        )
        if given_out:
            give_out(records, dataset, followed_until(records), numbers_by_code(records))
    lines = (*lines, message("build.incomplete", out=out)) if failures else ()
    return Built(lines, written=True, results=results, notes=notes)


def book_texts(house: House, dataset: Path) -> tuple[dict[Text, list[str]], list[str]]:
    """What the book of a house says of a dataset, for a review: its chapters, and what notebooks gave the last time.

    Returns:
        Its texts and where they stand, and what in them is known to be nobody's secret.
    """
    records = read_for_others(dataset)
    told = frozenset(each for each, scope in scopes_of(records).items() if scope == TOLD)
    texts: dict[Text, list[str]] = {}
    known: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="book-") as place:
        for lang in LANGUAGES:
            book = complete_book(house, Path(place, lang), lang)
            project = read_project(book)
            chapters = chapters_of(project, records)
            made = {INTERPELLATION: annex(dataset)} if INTERPELLATION in included(chapters, book) else {}
            variables = project.variables | {"jeu": dict.fromkeys(("titre", "nom", "sha256"), "-")}
            runs = _cache(house, dataset, lang) or Path(place) / RUNS
            facts = Facts(records, told, project.language)
            shelf = Shelf(book, runs, made, variables, tolerant=True, facts=facts)
            sources = assemble(chapters, shelf)[0] if lang == project.language else ()
            given = [fragment(path.relative_to(runs).as_posix(), shelf, f"{RUNS}{path.name}")
                     for path in sorted(runs.glob("*/*.md"))]  # fmt: skip
            described = [figure for path in sorted(runs.glob(f"*/{FOLDER}")) for figure in sidecars(path.parent)]
            drawn = [*sorted(runs.glob(f"*/{FOLDER}/*.svg")), *drawings(book)]
            cited = works(book, project)
            told_by = passages((*sources, *given), project, described, drawn=drawn, cited=cited, lang=lang)
            for key, places in told_by.items():
                texts.setdefault(key, []).extend(places)
            known |= set(known_words(book, project))
        return texts, sorted(known)


def _of_language(project: Project, asked: str, lang: str) -> tuple[str, ...]:
    """A word where the chapters are in another language than was asked for."""
    return () if project.language == asked else (message("build.language", lang, asked=asked, own=project.language),)


def _check_out(out: Path) -> None:
    require_place(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent):
            pass  # better refused now than when all is computed
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from None


def _cache(house: House, dataset: Path, lang: str, *kind: str) -> Path | None:
    """Where things made of a dataset are kept between builds."""
    return None if house.cache is None else Path(house.cache, *kind, digest(str(dataset.resolve()), lang)[:16])


def _convert(runs: Path, kept: Path | None) -> None:
    """PDF and PNG of every figure, made of its SVG; those that did not change are there from before."""
    figures = runs / FOLDER
    drawn = (path.with_suffix(".svg") for path in figures.glob("*.json"))
    convert_files((path for path in drawn if path.is_file()), kept=kept, salt=software())


def _shown(runs: Path) -> str:
    """SHA-256 over the pages and figures that came of the records.

    That of the rows themselves would let who knows all but one household try out what that one may be.
    """
    return folder_digest(runs, (".md", ".svg", ".csv", ".json"))


def _copy(dataset: Path, snapshot: Path) -> None:
    snapshot.mkdir()
    for name in dataset_files(dataset):
        shutil.copyfile(dataset / name, snapshot / name)
        (snapshot / name).chmod(PRIVATE)


def _failure(result: Result) -> dict[str, Any]:
    run = result.run
    return {
        "run": run.id,
        "notebook": f"notebooks/{run.notebook}",
        "case": run.case,
        "cell": result.cell,
        "error": result.error,
    }


def _complete(out: Path) -> bool:
    try:
        return not json.loads((out / MANIFEST).read_text(encoding="utf-8"))["failures"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
