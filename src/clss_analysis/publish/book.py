"""The book: sources and runs in, a finished folder out, or nothing at all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress
from pathlib import Path
from typing import Any, TypeAlias

from clss_analysis.figures.working import MARK
from clss_analysis.privacy import Clearance, NotClearedError
from clss_analysis.privacy.passages import kept_decisions, require_decided
from clss_analysis.publish import figures as pictures_of
from clss_analysis.publish import pandoc
from clss_analysis.publish.bibliography import language, works
from clss_analysis.publish.blocks import foreign_works, free_columns, in_place, titled
from clss_analysis.publish.crate import write_crate
from clss_analysis.publish.crossref import Page, number
from clss_analysis.publish.deposit import write_deposit
from clss_analysis.publish.edition import Edition, edition
from clss_analysis.publish.epub import identifier, write_epub
from clss_analysis.publish.facts import facts_of
from clss_analysis.publish.generated import fragments, gathered
from clss_analysis.publish.html import copy_figures, write_html
from clss_analysis.publish.hundreds import appendix, bound
from clss_analysis.publish.manifest import NAME as MANIFEST
from clss_analysis.publish.manifest import MadeOf, sidecars, write_manifest
from clss_analysis.publish.own_pictures import bare, drawings
from clss_analysis.publish.passages import known_words, passages
from clss_analysis.publish.pdf import write_pdf
from clss_analysis.publish.printed import shown
from clss_analysis.publish.project import BookError, Chapter, Project, read_project, recueil_chapters
from clss_analysis.publish.quarto import render, require_quarto
from clss_analysis.publish.source import RUNS, Shelf, Source, assemble
from clss_analysis.publish.source_rules import source_faults
from clss_analysis.publish.tree import Node, attr, div, identifiers, nodes
from clss_analysis.publish.typography import set_in, unquoted
from clss_analysis.publish.volumes import Volume, divide, elsewhere, pages_in
from clss_analysis.publish.word import write_docx
from clss_analysis.records.atomic import new_folder
from clss_analysis.records.faults import Fault, in_order
from clss_analysis.records.house_settings import ENGINES, FILE, FORMATS
from clss_analysis.records.tables import Row
from clss_analysis.records.typography import typeset
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.plan import of_gallery

Writer: TypeAlias = Callable[[list[Page], Edition, Mapping[str, pictures_of.Picture], Path], None]
_OWN = "own"


@dataclass(frozen=True)
class Composed:
    """A book numbered, ready for any writer; `cited` gives some of its chapters with the works that they cite."""

    edition: Edition
    pages: list[Page]
    pictures: dict[str, pictures_of.Picture]
    cited: Callable[[list[Page]], list[Page]]


def build_book(
    book: Path,
    runs: Path,
    out: Path,
    *,
    dataset: Mapping[str, Any],
    software: Mapping[str, Any],
    clearance: Clearance | None = None,
    formats: Sequence[str] = ("html", "pdf", "epub"),
    engine: str = "builtin",
    lang: str = "fr",
    figures: Sequence[Mapping[str, Any]] | None = None,
    failures: Sequence[Any] = (),
    say: Callable[[str], None] | None = None,
) -> None:
    """Build the book into a folder.

    The folder is made beside `out` and put in its place when it is whole; if anything fails, `out` stays as it was.
    A dataset other than the one that the narrative tells (`dataset` in `_variables.yml`) gets the pages of
    `recueil/` alone.

    Args:
        book: the Quarto book project.
        runs: fragments (`*.md`) and `figures/` of the executed notebooks; chapters call it `_runs`.
        out: the folder to make; it may exist if it holds a book built before, or nothing.
        dataset: `name`, `sha256`, `synthetic`, and `title` if it has one.
        software: names and versions, for the manifest and the page on how the book was made.
        clearance: what `privacy.clear` gave for the dataset; without it nothing is written, whatever `dataset` says.
        formats: some of html, pdf, epub, docx.
        engine: builtin, or quarto (on PATH).
        lang: fr, nl or en, where the chapters do not tell the dataset; where they do, all is in their language.
        figures: descriptions of the figures; default: the sidecars in `runs/figures`.
        failures: what failed before, for the manifest; fragments that are missing are then marked in the book.
        say: told each step in one French line, if given.

    Raises:
        ValueError: an unknown format or engine.
        NotClearedError: without clearance, a figure shows what may not be told, or words of the book may point at
            someone and nobody decided about them.
        BookError: the sources have faults, or `out` holds something that is no book.
        QuartoMissingError: engine quarto, and quarto is not on PATH.
    """
    wrong = [name for name in formats if name not in FORMATS]
    if wrong or engine not in ENGINES:
        raise ValueError(f"formats are {', '.join(FORMATS)}, engines {' or '.join(ENGINES)}; got {formats}, {engine}")
    if engine == "quarto":
        require_quarto()
    if clearance is None:
        raise NotClearedError(message("privacy_no_clearance"))
    of = MadeOf(dataset, software, sidecars(runs) if figures is None else figures, failures)
    _require(clearance, of)
    told = say or (lambda _: None)
    project = read_project(book)
    narrative = project.tells(dataset["name"])
    lang = project.language if narrative else lang
    made = fragments(runs, of, lang, clearance.records.own_fields)
    variables = {**project.variables, "jeu": _about(dataset)}
    chapters = project.chapters if narrative else (*recueil_chapters(project), *appendix(made))
    facts = facts_of(clearance, lang)
    shelf = Shelf(book, runs, made, variables, tolerant=bool(failures), facts=facts, lang=lang)
    shelf = replace(shelf, generated=made | gathered(chapters, shelf, of))
    volumes = divide(chapters, shelf)
    require_place(out)

    def looked(sources: Iterable[Source]) -> None:
        drawn = [*sorted((runs / pictures_of.FOLDER).glob("*.svg")), *drawings(book)]
        told = passages(
            sources, project, of.figures, drawn=drawn, made=shelf.generated, cited=works(book, project), lang=lang
        )
        require_decided(told, clearance, kept_decisions(book), known=known_words(book, project))

    with new_folder(out) as stage:
        composed = _compose(project, chapters, shelf, of, looked, narrative=narrative)
        copy_figures(composed.pictures, stage)
        _copy_described(of.figures, runs, stage)
        log = out.with_name(f"{out.name}.quarto.log")
        by_quarto = partial(render, project=project, book=book, log=log, say=told) if engine == "quarto" else None
        _write(composed, volumes, stage, formats, told, by_quarto)
        write_deposit(stage, composed.edition, publisher=(narrative and project.house.name) or composed.edition.author)
        write_crate(stage, composed.edition, of)
        write_manifest(stage, of, {volume.name: volume.stem for volume in volumes if not volume.alone})


def _require(clearance: Clearance, of: MadeOf) -> None:
    for figure in of.figures:
        if of_gallery(figure) and figure.get("synthetic"):
            continue
        rows = [Row(str(row["table"]), str(row["row"])) for row in figure.get("rows", ())]
        clearance.require(case=figure.get("case"), rows=rows, synthetic=bool(of.dataset["synthetic"]))


def _about(dataset: Mapping[str, Any]) -> dict[str, str]:
    name = str(dataset["name"])
    return {"titre": str(dataset.get("title") or name), "nom": name, "sha256": str(dataset["sha256"])}


def _compose(
    project: Project,
    chapters: tuple[Chapter, ...],
    shelf: Shelf,
    of: MadeOf,
    looked: Callable[[Iterable[Source]], None],
    *,
    narrative: bool,
) -> Composed:
    lang = shelf.lang
    sources, faults = assemble(chapters, shelf)
    faults += source_faults(sources, project, shelf.book, dangling=not shelf.tolerant)
    if faults:
        raise BookError(in_order(faults))
    looked(sources)
    with ThreadPoolExecutor() as pool:
        trees = list(pool.map(pandoc.parse, (each.markdown for each in sources)))
    parsed = [
        (each.chapter, in_place(free_columns(titled(unquoted(tree, lang), lang)), each.from_runs))
        for each, tree in zip(sources, trees, strict=True)
    ]
    titles = {f"{RUNS}{pictures_of.FOLDER}/{each['id']}.svg": str(each.get("title", "")) for each in of.figures}
    pictures = {
        name: replace(found, title=typeset(titles.get(name, ""), lang))
        for name, found in _pictures(sources, parsed, shelf, titles).items()
    }
    pages = number(parsed, project.number_depth, tolerant=shelf.tolerant, lang=lang)
    digest = hashlib.sha256(str(of.dataset["sha256"]).encode())
    for source in sources:
        digest.update(source.markdown.encode())
    made = edition(project, of.dataset, identifier(digest.hexdigest()), narrative=narrative, lang=lang)
    made = replace(made, logo=_logo(project, shelf.book)) if narrative else made
    return Composed(made, pages, pictures, lambda some: _cited(some, project, shelf.book, made.lang))


def _logo(project: Project, book: Path) -> tuple[str, bytes]:
    """The ending and content of the picture that stands for the house on the cover."""
    if not project.house.logo:
        return "", b""
    try:
        path = book / project.house.logo
        return path.suffix.lower(), bare(path)
    except ValueError:
        raise BookError([Fault(FILE, None, None, message("house.logo"))]) from None


def _pictures(
    sources: tuple[Source, ...], parsed: list[tuple[Chapter, list[Node]]], shelf: Shelf, kept: Container[str]
) -> dict[str, pictures_of.Picture]:
    """Every picture of the chapters by its address: those that runs kept, and those of the house's own, bare."""
    found: dict[str, pictures_of.Picture] = {}
    faults: list[Fault] = []
    for source, (_, blocks) in zip(sources, parsed, strict=True):
        for image in pictures_of.images(blocks):
            name = image["c"][2][0]
            place = next((line for line in source.lines if f"({name}" in line.text), source.lines[0])
            picture = pictures_of.picture(name, shelf.book, shelf.runs)
            if picture is None:
                faults.append(Fault(place.file, place.number, None, message("book_image_missing")))
            elif MARK.encode() in picture.path.read_bytes():
                faults.append(Fault(place.file, place.number, None, message("book_image_working")))
            elif not pictures_of.alt(image).strip():
                faults.append(Fault(place.file, place.number, None, message("book_alt")))
            elif name.startswith(RUNS) and name not in kept:
                faults.append(Fault(place.file, place.number, None, message("book_image_unkept")))
            elif name.startswith(RUNS):
                found[name] = picture
            else:
                try:
                    found[name] = _bare(picture, shelf.runs)
                except ValueError:
                    faults.append(Fault(place.file, place.number, None, message("book_image_kind")))
    if faults:
        raise BookError(in_order(faults))
    return dict(sorted(found.items()))


def _bare(picture: pictures_of.Picture, runs: Path) -> pictures_of.Picture:
    content, place = bare(picture.path), runs / _OWN / picture.path.name
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(content)
    return replace(picture, path=place)


def _cited(pages: list[Page], project: Project, book: Path, lang: str) -> list[Page]:
    """Pages with their citations and the works cited; Pandoc sees the blocks that have any, and no others."""
    asks = [[_cites(block) for block in page.blocks] for page in pages]
    if project.bibliography and any(node["t"] == "Cite" for page in pages for node in nodes(page.blocks)):
        asking = [block for page, each in zip(pages, asks, strict=True) for block in compress(page.blocks, each)]
        whole = [div([block], attr(f"bloc-{index}")) for index, block in enumerate(asking)]
        csl = None if project.csl is None else book / project.csl
        spoken = {work["id"]: own for work in works(book, project) if (own := language(work))}
        cited = iter(foreign_works(pandoc.cite(whole, book / project.bibliography, csl, lang), spoken, lang))
        pages = [
            replace(page, blocks=[
                told for block, asked in zip(page.blocks, each, strict=True)
                for told in (next(cited)["c"][1] if asked else [block])
            ])
            for page, each in zip(pages, asks, strict=True)
        ]  # fmt: skip
    return [replace(page, blocks=set_in(page.blocks, lang)) for page in pages]


def _cites(block: Node) -> bool:
    return "refs" in identifiers([block]) or any(node["t"] == "Cite" for node in nodes(block))


def _write(
    composed: Composed,
    volumes: Sequence[Volume],
    stage: Path,
    formats: Sequence[str],
    told: Callable[[str], None],
    by_quarto: Writer | None,
) -> None:
    made, pictures, lang = composed.edition, composed.pictures, composed.edition.around
    writers: dict[str, Writer] = {"pdf": write_pdf, "epub": write_epub, "docx": write_docx}
    if by_quarto:
        writers = dict.fromkeys(writers, by_quarto)
        told(message("book_step_quarto"))
    wanted = [name for name in writers if name in formats]
    places = {page.chapter: page for page in composed.pages}
    texts = {volume: composed.cited([places[each] for each in volume.chapters]) for volume in volumes if wanted}
    with ThreadPoolExecutor(1 if by_quarto else None) as pool:  # Pandoc and Typst work beside each other
        work: list[Future[None]] = []
        for name in wanted:
            told(message("book_step", format=name.upper()))
            for volume, given in pages_in(texts, name, lang).items():
                pages = bound(given)
                held = {image["c"][2][0] for page in pages for image in pictures_of.images(page.blocks)}
                own = {address: picture for address, picture in pictures.items() if address in held}
                out = stage / f"{volume.stem}.{name}"
                work.append(pool.submit(writers[name], pages, volume.of(made, name), own, out))
        if "html" in formats:
            told(message("book_step", format="HTML"))
            pages = [shown(page, printed=False) for page in composed.cited(composed.pages)]
            offered = {
                f"{volume.stem}.{name}": elsewhere(name.upper(), volume, lang) if volume.technical else name.upper()
                for volume in volumes
                for name in wanted
            }
            if by_quarto:
                work.append(pool.submit(by_quarto, pages, made, pictures, stage / "index.html"))
            else:
                work.append(pool.submit(write_html, pages, made, pictures, stage, lang=lang, downloads=offered))
        for each in work:
            each.result()


def _copy_described(described: Sequence[Mapping[str, Any]], runs: Path, stage: Path) -> None:
    (stage / pictures_of.FOLDER).mkdir(exist_ok=True)
    for figure in described:
        for ending in pictures_of.OFFERED:
            source = runs / pictures_of.FOLDER / f"{figure['id']}.{ending}"
            if source.is_file():
                shutil.copyfile(source, stage / pictures_of.FOLDER / source.name)


def require_place(out: Path) -> None:
    """Nothing, where a book can be put in the place of what is there.

    Raises:
        BookError: the place holds something that is no book.
    """
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MANIFEST).is_file())):
        raise BookError([Fault(out.name, None, None, message("book_out"))])
