"""Pandoc, called as a program: trees in and out, never a shell, nothing from the machine's settings."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Raw HTML, TeX and raw blocks are read as plain text: what stands in a record can never become markup.
READER = "markdown-raw_html-raw_tex-raw_attribute-native_divs-native_spans-markdown_in_html_blocks-tex_math_dollars"


class PandocError(RuntimeError):
    """Pandoc refused; the text is its own."""


def pandoc(arguments: list[str], source: bytes | str = b"", *, epoch: int = 0) -> bytes:
    """Run pandoc.

    Args:
        arguments: its options.
        source: what it reads on its standard input.
        epoch: the date that it may write into files, in seconds since 1970 (UTC).

    Returns:
        Its standard output.

    Raises:
        PandocError: it ended with an error.
    """
    import pypandoc

    environment = {
        "SOURCE_DATE_EPOCH": str(epoch),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PATH": os.environ.get("PATH", ""),
    }
    data = source.encode() if isinstance(source, str) else source
    command = [pypandoc.get_pandoc_path(), "--data-dir=" + str(Path(os.devnull)), *arguments]
    done = subprocess.run(command, input=data, capture_output=True, env=environment, check=False)
    if done.returncode:
        raise PandocError(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def parse(markdown: str) -> list[dict[str, Any]]:
    """Blocks of a Markdown text.

    >>> parse("# Titre")[0]["t"]
    'Header'
    """
    tree = json.loads(pandoc(["--from", READER, "--to", "json"], markdown))
    return list(tree["blocks"])


def write(
    blocks: list[dict[str, Any]], arguments: list[str], meta: Mapping[str, Any] | None = None, *, epoch: int = 0
) -> bytes:
    """A tree through a pandoc writer; `meta` values are metadata strings, lists or mappings of strings."""
    tree = {
        "pandoc-api-version": [1, 23, 1],
        "meta": {key: _meta(value) for key, value in (meta or {}).items()},
        "blocks": blocks,
    }
    return pandoc(["--from", "json", *arguments], json.dumps(tree, ensure_ascii=False), epoch=epoch)


def cite(blocks: list[dict[str, Any]], bibliography: Path, csl: Path | None, lang: str) -> list[dict[str, Any]]:
    """Citations of a tree resolved, and the bibliography put into its `refs` division."""
    arguments = ["--to", "json", "--citeproc", "--bibliography", str(bibliography)]
    if csl is not None:
        arguments += ["--csl", str(csl)]
    meta: dict[str, Any] = {"lang": lang, "link-citations": True}
    return list(json.loads(write(blocks, arguments, meta))["blocks"])


def version() -> str:
    """Version of the pandoc in use."""
    return pandoc(["--version"]).decode().split()[1]


def _meta(value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {key: _meta(inner) for key, inner in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"t": "MetaList", "c": [_meta(inner) for inner in value]}
    return {"t": "MetaString", "c": str(value)}
