"""manifest.json: what was built, from which data, with what, and which rows each figure was drawn from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clss_analysis.publish.figures import FOLDER, OFFERED
from clss_analysis.runs.plan import GALLERY, of_gallery

NAME = "manifest.json"


def sidecars(runs: Path) -> list[dict[str, Any]]:
    """The descriptions that lie beside the figures of a runs folder, by id."""
    paths = [path for path in sorted((runs / FOLDER).glob("*.json")) if not path.name.endswith(".layout.json")]
    found: list[dict[str, Any]] = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return sorted(found, key=lambda figure: str(figure["id"]))


@dataclass(frozen=True)
class MadeOf:
    """What a book is made of.

    `dataset` has `name`, `sha256`, `synthetic`, and `title` if it has one; `software` versions by name; `figures` are
    as their sidecars describe them, which may also hold `notebook` and `parameters`; `failures` one entry for each.
    """

    dataset: Mapping[str, Any]
    software: Mapping[str, Any]
    figures: Sequence[Mapping[str, Any]]
    failures: Sequence[Any] = ()


def write_manifest(out: Path, of: MadeOf, volumes: Mapping[str, str]) -> None:
    """Write manifest.json into a finished folder; every path in it is relative to that folder.

    Args:
        out: the folder, with the figures' files in `figures/`.
        of: what the book is made of.
        volumes: names and stems of the files of a book of several volumes.
    """
    content: dict[str, Any] = {
        "dataset": {key: of.dataset[key] for key in ("name", "sha256", "synthetic")},
        "software": dict(of.software),
        "figures": [_figure(figure, out) for figure in sorted(of.figures, key=lambda figure: str(figure["id"]))],
        "failures": list(of.failures),
    }
    if volumes:
        bound = {name: sorted(path.name for path in out.glob(f"{stem}.*")) for name, stem in volumes.items()}
        content["volumes"] = bound
    written = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"
    (out / NAME).write_text(written, encoding="utf-8")


def _figure(figure: Mapping[str, Any], out: Path) -> dict[str, Any]:
    files = {ending: f"{FOLDER}/{figure['id']}.{ending}" for ending in OFFERED}
    present = {ending: place for ending, place in files.items() if (out / place).is_file()}
    place = f"../{GALLERY}/" if of_gallery(figure) else ""  # seen from the dataset's own folder
    return {
        "id": figure["id"],
        "kind": figure["kind"],
        "case": figure.get("case"),
        "files": present,
        "sha256": {ending: hashlib.sha256((out / place).read_bytes()).hexdigest() for ending, place in present.items()},
        "caption": figure["caption"],
        "alt": figure["alt"],
        "rows": [{"table": f"{place}{row['table']}", "row": row["row"]} for row in figure["rows"]],
        "notebook": figure.get("notebook"),
        "parameters": figure.get("parameters", {}),
    }
