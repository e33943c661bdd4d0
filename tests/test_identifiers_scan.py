"""Words hidden in every layer of a finished file are found, and none is told."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import pypdf
import pytest

from clss_analysis.privacy.scan import Hit, scan_output

WORDS = ("Aminata Bouazza", "84.02.19-335.81", "Élif")


def zipped(**members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "."), text)
    return made.getvalue()


def pdf(word: str, *, metadata: bool) -> bytes:
    made = io.BytesIO()
    with plt.rc_context({"pdf.fonttype": 42}):
        figure = plt.figure(figsize=(3, 1))
        figure.text(0.1, 0.5, "rien" if metadata else word)
        figure.savefig(made, format="pdf", metadata={"Subject": word} if metadata else {})
        plt.close(figure)
    return made.getvalue()


def png(word: str) -> bytes:
    made = io.BytesIO()
    figure = plt.figure(figsize=(1, 1))
    figure.savefig(made, format="png", metadata={"Comment": word})
    plt.close(figure)
    return made.getvalue()


def compressed_png(word: str) -> bytes:
    content = png("rien")
    data = b"Comment\0\0" + zlib.compress(word.encode("latin-1"))
    chunk = len(data).to_bytes(4) + b"zTXt" + data + zlib.crc32(b"zTXt" + data).to_bytes(4)
    return content[:33] + chunk + content[33:]


def notebook(**output: object) -> bytes:
    cell = {"cell_type": "code", "metadata": {}, "source": [], "outputs": [output]}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def attached(word: str) -> bytes:
    writer, made = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_attachment("note.txt", word.encode())
    writer.write(made)
    return made.getvalue()


W = WORDS[0]
HIDDEN: list[tuple[str, str, Callable[[], bytes]]] = [
    ("page.html", "plain", f"<p>{W}</p>".encode),
    ("page.html", "entities", lambda: b"<p>Aminata&#32;&#66;ouazza</p>"),
    ("page.html", "tags between", lambda: b"<p>Amin<b>ata</b> Bou<i>azza</i></p>"),
    ("page.html", "attribute", lambda: b'<a href="?q=Aminata%20Bouazza">x</a>'),
    ("page.html", "image", lambda: b'<img src="data:image/png;base64,' + base64.b64encode(png(W)) + b'"/>'),
    ("page.html", "case and spaces", "AMINATA\u202fBOUAZZA".encode),
    ("page.html", "invisible", "Ami\u00adnata Bou\u200bazza".encode),
    ("f.svg", "tspans", lambda: b"<svg><text><tspan>Aminata</tspan> <tspan>Bouazza</tspan></text></svg>"),
    ("f.json", "escapes", lambda: b'{"a": "Aminata \\u0042ouazza"}'),
    ("f.json", "key", lambda: b'{"Aminata Bouazza": 1}'),
    ("n.ipynb", "output", lambda: notebook(output_type="stream", name="stdout", text=["Aminata ", "Bouazza"])),
    ("n.ipynb", "image", lambda: notebook(output_type="display_data", metadata={},
        data={"image/png": base64.b64encode(png(W)).decode()})),
    ("b.epub", "member", lambda: zipped(a__xhtml=f"<p>{W}</p>")),
    ("b.docx", "member", lambda: zipped(document__xml="<w:t>Aminata</w:t><w:t> Bouazza</w:t>")),
    ("b.epub", "nested", lambda: zipped(a__zip="x") and _nested()),
    ("f.pdf", "text", lambda: pdf(W, metadata=False)),
    ("f.pdf", "metadata", lambda: pdf(W, metadata=True)),
    ("f.pdf", "attachment", lambda: attached(W)),
    ("f.png", "metadata", lambda: png(W)),
    ("f.png", "compressed", lambda: compressed_png(W)),
    ("f.log", "bytes", lambda: b"\x00\x01" + W.encode() + b"\xff"),
    ("f.bin", "utf-16", lambda: W.encode("utf-16-le")),
    ("Aminata_Bouazza.txt", "file name", lambda: b""),
]  # fmt: skip


def _nested() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("inner.docx", zipped(document__xml=W))
    return made.getvalue()


@pytest.mark.parametrize(("name", "how", "make"), HIDDEN, ids=[f"{name}-{how}" for name, how, _ in HIDDEN])
def test_a_word_is_found_in_every_layer_and_not_told(
    tmp_path: Path, name: str, how: str, make: Callable[[], bytes]
) -> None:
    (tmp_path / name).write_bytes(make())
    hits = scan_output(tmp_path, WORDS)
    assert {hit.number for hit in hits if hit.rule == "word"} == {0}, how
    if name != "Aminata_Bouazza.txt":
        assert "ouazza" not in repr(hits)


def test_a_number_is_found_however_it_is_written(tmp_path: Path) -> None:
    for text in ("84 02 19 335 81", "84021933581", "84/02/19-335/81"):
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
        assert [hit.number for hit in scan_output(tmp_path / "a.txt", WORDS)] == [1]


def test_a_short_name_is_a_word_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Une qualification certifiée : delifrance.", encoding="utf-8")
    assert scan_output(tmp_path, WORDS) == ()
    (tmp_path / "a.txt").write_text("Vu ELIF hier.", encoding="utf-8")
    assert [hit.number for hit in scan_output(tmp_path, WORDS)] == [2]


@pytest.mark.parametrize(
    "text", ["/".join(("", "home", "quelquun", "jeu")), "file:///x", "C:\\Users\\q", "/".join(("", "root", "x"))]
)
def test_paths_of_a_machine_are_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"p": text}), encoding="utf-8")
    assert {hit.rule for hit in scan_output(tmp_path / "a.json")} == {"machine-path"}


def test_addresses_on_the_network_are_no_machine_paths(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="https://example.org/maison/x/">x</a>', encoding="utf-8")
    assert scan_output(tmp_path) == ()


def test_a_traceback_is_found(tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").write_bytes(notebook(output_type="error", ename="E", evalue="", traceback=[]))
    assert scan_output(tmp_path) == (Hit("n.ipynb", "outputs", "traceback"),)


@pytest.mark.parametrize("name", ["a.epub", "a.json", "a.ipynb", "a.pdf"])
def test_what_cannot_be_read_is_a_hit(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.7 ceci n'est rien")
    assert "unreadable" in {hit.rule for hit in scan_output(tmp_path)}
