"""Words hidden in every layer of a finished file, which a search of finished files has to find."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Callable

import matplotlib.pyplot as plt
import pypdf

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
    ("f.png", "after the picture", lambda: png("") + W.encode("utf-16-le")),
    ("f.pdf", "after a stream", lambda: pdf("x", metadata=False).replace(b"\nendstream", W.encode() + b"\nendstream")),
    ("f.log", "bytes", lambda: b"\x00\x01" + W.encode() + b"\xff"),
    ("f.bin", "utf-16", lambda: W.encode("utf-16-le")),
    ("Aminata_Bouazza.txt", "file name", lambda: b""),
]  # fmt: skip


def _nested() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("inner.docx", zipped(document__xml=W))
    return made.getvalue()
