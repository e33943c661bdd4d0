"""The main job: a dataset checked, its notebooks run, the book made of them."""

from __future__ import annotations

import json
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from clss_analysis.publish.book import build_book
from clss_analysis.publish.figure_data import write_figure_data
from clss_analysis.publish.manifest import NAME as MANIFEST
from clss_analysis.publish.project import BookError
from clss_analysis.publish.quarto import require_quarto
from clss_analysis.records import Fault, InvalidRecordsError, message, read, validate
from clss_analysis.records.decisions import DECISIONS
from clss_analysis.records.descriptor import FILE
from clss_analysis.records.schema import table_names, table_schema
from clss_analysis.records.tables import is_absent
from clss_analysis.runs.engine import Result, execute
from clss_analysis.runs.fragment import fragment
from clss_analysis.runs.mask import Mask
from clss_analysis.runs.plan import plan

SOFTWARE = ("clss-analysis", "matplotlib", "nbconvert", "pandas", "papermill", "pypandoc-binary", "typst")
_FIGURE = re.compile(r"\(_runs/figures/([A-Za-z0-9_-]+)\.svg\)")


@dataclass(frozen=True)
class Built:
    """What became of a build: one line per failure, and whether the book was written."""

    failures: tuple[str, ...]
    written: bool


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
) -> Built:
    """Build the book of a dataset.

    The dataset is copied first, so that every notebook sees the same rows, and paths in their parameters do not
    depend on where it lies.  A household whose notebook fails is named and the others finish; a book that lacks it
    is written only where it does not replace a book that lacks nothing.

    Args:
        root: the project, with `book/` and `notebooks/`.
        dataset: folder of the dataset.
        out: folder of the book.
        formats: some of html, pdf, epub, docx.
        jobs: notebooks at a time; default: as many as there are cores.
        engine: builtin or quarto.
        lang: language of figures and computed sentences: fr, nl or en.
        keep_runs: leave the executed notebooks and their logs in `<root>/book/_runs`.
        say: told each step in one French line, if given.

    Returns:
        What failed, and whether there is a new book.

    Raises:
        InvalidRecordsError: the dataset is not sound.
        BookError: the chapters have faults, or `out` holds something that is no book.
        QuartoMissingError: engine quarto without quarto.
    """
    if faults := validate(dataset):
        raise InvalidRecordsError(faults)
    if engine == "quarto":
        require_quarto()
    _check_out(out)
    with tempfile.TemporaryDirectory(prefix="clss-build-") as made:
        snapshot, runs = Path(made) / "dataset", Path(made) / "_runs"
        _copy(dataset, snapshot)
        records = read(snapshot)
        planned = plan(records, dataset="../dataset", lang=lang)
        results = execute(planned, root / "notebooks", runs, mask=Mask.of(records), jobs=jobs)
        for result in results:
            if result.ok:
                _fragment(result, runs)
        if keep_runs:
            _put(runs, root / "book" / "_runs")
        write_figure_data(records, runs)
        failures = [_failure(result) for result in results if not result.ok]
        lines = tuple(_line(result) for result in results if not result.ok)
        if failures and _complete(out):
            return Built((*lines, message("build.kept", out=out)), written=False)
        build_book(
            root / "book",
            runs,
            out,
            dataset={
                "name": records.name,
                "title": records.title,
                "sha256": records.sha256,
                "synthetic": records.synthetic,
            },
            software={"Python": platform.python_version()} | {name: version(name) for name in SOFTWARE},
            formats=formats,
            engine=engine,
            lang=lang,
            failures=failures,
            say=say,
        )
    return Built((*lines, message("build.incomplete", out=out)) if failures else (), written=True)


def _check_out(out: Path) -> None:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MANIFEST).is_file())):
        raise BookError([Fault(out.name, None, None, message("book_out"))])


def _copy(dataset: Path, snapshot: Path) -> None:
    snapshot.mkdir()
    for name in (FILE, *(table_schema(table)["path"] for table in table_names() if not is_absent(dataset, table))):
        shutil.copyfile(dataset / name, snapshot / name)
    if (dataset / DECISIONS).is_file():
        shutil.copyfile(dataset / DECISIONS, snapshot / DECISIONS)


def _fragment(result: Result, runs: Path) -> None:
    """The run's fragment of the book; its figures learn which notebook drew them, with which parameters."""
    text = fragment(runs / f"{result.run.id}.ipynb")
    (runs / f"{result.run.id}.md").write_text(text, encoding="utf-8")
    for name in sorted(set(_FIGURE.findall(text))):
        sidecar = runs / "figures" / f"{name}.json"
        if sidecar.is_file():
            about: dict[str, Any] = json.loads(sidecar.read_text(encoding="utf-8"))
            about |= {"notebook": f"notebooks/{result.run.notebook}", "parameters": dict(result.run.parameters)}
            sidecar.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _failure(result: Result) -> dict[str, Any]:
    run = result.run
    return {
        "run": run.id,
        "notebook": f"notebooks/{run.notebook}",
        "case": run.case,
        "cell": result.cell,
        "error": result.error,
    }


def _line(result: Result) -> str:
    where = {"id": result.run.id, "notebook": result.run.notebook, "error": result.error}
    line = (
        message("build.failed_nowhere", **where)
        if result.cell is None
        else message("build.failed", cell=result.cell, **where)
    )
    return f"{line} ({result.reason})" if result.reason else line


def _complete(out: Path) -> bool:
    try:
        return not json.loads((out / MANIFEST).read_text(encoding="utf-8"))["failures"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _put(runs: Path, target: Path) -> None:
    beside = Path(tempfile.mkdtemp(prefix="._runs-", dir=target.parent))
    try:
        shutil.copytree(runs, beside / "new")
        if target.exists():
            target.rename(beside / "old")
        (beside / "new").rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
