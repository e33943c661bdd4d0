"""Whether the book that is there is the one that would be made: then nothing need be done, nor anything loaded."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from clss_analysis.records.atomic import write_file
from clss_analysis.records.clock import this_month
from clss_analysis.records.house import house_at, own_house, shipped
from clss_analysis.records.house_settings import FILE
from clss_analysis.records.schema import MONTH_FORM
from clss_analysis.records.vocabulary import LANGUAGES
from clss_analysis.runs.freshness import digest, folder_digest, software

CACHE = "_cache"
_BOOKS = "books"
_MADE = ("_runs", "_book", *(f"_book-{lang}" for lang in LANGUAGES), "_brief", CACHE)
_DATA = (".csv", ".json")
_OWN_DATA = ("context", "gallery")


def book_inputs(
    root: Path, dataset: Path, *, formats: Sequence[str], engine: str, lang: str, keep_runs: bool
) -> dict[str, str]:
    """All that a book is made from, by content.

    Raises:
        OSError: a file of the dataset is missing or cannot be read.
    """
    house, ours, own = house_at(root), shipped().folder, own_house(dataset)
    data = ours / "data"
    files = sorted(path for path in dataset.iterdir() if path.suffix in _DATA and path.is_file())
    return {
        "dataset": digest(*(part for path in files for part in (path.name, path.read_bytes()))),
        "ended": _ended(dataset / "consents.csv"),
        "editions": "" if own is None else folder_digest(own.editions),
        "own data": digest(*(folder_digest(data / name) for name in _OWN_DATA)),
        "notebooks": digest(*(folder_digest(each / "notebooks", (".ipynb",)) for each in dict.fromkeys((ours, root)))),
        "book": digest(
            *(folder_digest(each, but=_MADE) for each in dict.fromkeys((ours / "book", house.book))), _said(root)
        ),
        "software": software(),
        "asked": json.dumps([list(formats), engine, lang, keep_runs, shutil.which("quarto") or ""]),
    }


def _ended(consents: Path) -> str:
    """The months that consents name, whatever form the file has, and that are over by now.

    A consent that ends in one has ended: what is made then is another book, or none.
    """
    now = this_month().encode()
    named = {found[0] for found in re.finditer(MONTH_FORM.pattern.encode(), consents.read_bytes())}
    return b",".join(sorted(month for month in named if month < now)).decode()


def unchanged(root: Path, out: Path, inputs: Mapping[str, str]) -> bool:
    """Whether `out` holds, untouched, the whole book that these inputs gave the last time."""
    try:
        state = json.loads(_state(root, out).read_text(encoding="utf-8"))
        return bool(state["inputs"] == inputs and state["files"] and state["files"] == _stamps(root, out, inputs))
    except (OSError, ValueError, KeyError):
        return False


def remember(root: Path, out: Path, inputs: Mapping[str, str]) -> None:
    """Note that `out` holds the whole book of these inputs."""
    write_file(_state(root, out), json.dumps({"inputs": dict(inputs), "files": _stamps(root, out, inputs)}))


def _stamps(root: Path, out: Path, inputs: Mapping[str, str]) -> dict[str, list[int]]:
    """Size and time of every file that the build left: a file that was touched is not trusted."""
    folders = [out]
    if json.loads(inputs["asked"])[3]:
        folders.append(house_at(root).made("runs"))
    found = {}
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                about = os.stat(os.path.join(place, name))  # noqa: PTH116, PTH118 - thousands of files
                found[os.path.join(place, name)] = [about.st_size, about.st_mtime_ns]  # noqa: PTH118
    return found


def _state(root: Path, out: Path) -> Path:
    cache = house_at(root).cache
    if cache is None:
        raise OSError(str(root))
    return cache / _BOOKS / f"{digest(str(out.resolve()))[:16]}.json"


def _said(root: Path) -> bytes:
    file = root / FILE
    return file.read_bytes() if file.is_file() else b""
