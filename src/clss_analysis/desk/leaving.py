"""What leaves: everything that was made, as whoever gets it will read it, and what the gate withheld."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from pypdf import PdfReader
from tornado.web import HTTPError, authenticated

from clss_analysis.desk.handlers import Answer
from clss_analysis.desk.look import in_fields
from clss_analysis.privacy import check, check_report
from clss_analysis.privacy.editions import read_for_others
from clss_analysis.records.house import House
from clss_analysis.records.typography import number
from clss_analysis.records.workbook import open_workbook, read_workbook
from clss_analysis.runs.figure_command import ties_beside

_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "td", "th", "figcaption", "dt", "dd", "blockquote", "summary")
_UNREAD = ("script", "style", "nav", "svg")


@dataclass(frozen=True)
class Leaving:
    """Files with their sizes in kB; words of each figure; sentences and counts by the file that holds them."""

    files: tuple[tuple[str, str], ...]
    figures: tuple[str, ...]
    sentences: dict[str, tuple[str, ...]]
    counts: dict[str, int]
    gate: tuple[str, ...]


def leaving(house: House, out: Path, lang: str) -> Leaving:
    """Read what was made.

    Args:
        house: whose gate it went through.
        out: the file, the folder, or the first page of the book in its folder.
        lang: fr, nl or en.
    """
    folder = out if out.is_dir() else out.parent
    alone = [each for each in (out, ties_beside(out)) if each.is_file()] if out.suffix != ".html" else []
    made = alone or sorted(p for p in folder.rglob("*") if p.is_file())
    names = {path: path.relative_to(folder).as_posix() for path in made}
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_text("utf-8"))["figures"] if manifest in made else []
    figures = [str(each["caption"]) for each in told] or [f for p in made if (f := _of_figure(p))]
    sentences: dict[str, tuple[str, ...]] = {}
    counts: dict[str, int] = {}
    for path in made:
        said = _sentences(path)
        sentences |= {names[path]: tuple(said)} if said else {}
        if path.suffix == ".csv":
            counts[names[path]] = len(list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))) - 1
        elif path.suffix == ".xlsx":
            rows = {page.name: len(page.lines) for page in read_workbook(path).tables.values()}
            counts |= {
                f"{names[path]} › {each.name}": rows.get(each.name, len(each.rows)) for each in open_workbook(path)
            }
    gate = [in_fields(line, lang) for line in check_report(check(read_for_others(house.records), lang), lang)]
    sizes = tuple((names[path], number(max(1, round(path.stat().st_size / 1000)), lang=lang)) for path in made)
    return Leaving(sizes, tuple(figures), sentences, counts, tuple(filter(None, gate)))


def _sentences(path: Path) -> list[str]:
    if path.suffix == ".html":
        reader = _Reader()
        reader.feed(path.read_text("utf-8"))
        return [each for each in (" ".join(said.split()) for said in reader.said) if each]
    lines: list[str] = []
    if path.suffix in (".md", ".txt"):
        lines = path.read_text("utf-8").splitlines()
    elif path.suffix == ".pdf" and not path.with_suffix(".svg").exists():
        lines = [line for page in PdfReader(path).pages for line in page.extract_text().splitlines()]
    return [each.strip() for each in lines if each.strip()]


def _of_figure(path: Path) -> str:
    """The words of a drawing; of one in a pack they stand beside it."""
    if path.suffix == ".json" and path.parent.name == "figures":
        told = json.loads(path.read_text("utf-8"))
        return f"{told.get('title', '')}. {told.get('alt', '')}"
    drawing = ElementTree.parse(path).getroot() if path.suffix == ".svg" else ()  # noqa: S314 - made by this program
    said = [each.text or "" for each in drawing if each.tag.rpartition("}")[2] in ("title", "desc")]
    return " ".join(" ".join(said).split())


class _Reader(HTMLParser):
    """The text of each block of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.said = [""]
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.said.append("")

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in _UNREAD
        if tag in _BLOCKS:
            self.said.append("")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.said[-1] += data


class Leaves(Answer):
    """The page of what leaves, before it is opened or given."""

    @authenticated
    async def get(self, copy: str | None) -> None:
        """What was made last, or a copy of it."""
        job = self.desk.job
        if job is None or job.code != 0 or not job.out.exists() or job.what == "check":
            raise HTTPError(404)
        single = job.out.is_file() and job.what != "build"
        if copy and not single:
            raise HTTPError(404)
        if copy:
            self.set_header("Content-Type", "application/octet-stream")
            self.set_header("Content-Disposition", f'attachment; filename="{job.out.name}"')
            self.finish(job.out.read_bytes())
            return
        found = await self.slowly(leaving, self.desk.house, job.out, self.desk.lang)
        place = job.out.relative_to(self.desk.house.folder).as_posix()
        self.page("leaving.html", job=job, found=found, single=single, place=place)
