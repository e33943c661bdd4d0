"""Pages and pictures as a black-and-white copier gives them: measured on the pixels, not on the colours."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import subprocess
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from brief_packs import PACKS, PUBLICATION, pack
from matplotlib.image import imread
from numpy.typing import NDArray

import clss_analysis as clss
from clss_analysis.figures import sociogenogram, trajectory
from clss_analysis.layout.geometry import Layout
from clss_analysis.publish.brief.make import page_content
from clss_analysis.publish.brief.pages import Sheets

Grey = NDArray[np.float64]
LEAST = 4.5
PAGES = {"brief.pdf": (2, 300), "slides.pdf": (6, 144)}
SHEETS = [("brief.pdf", *each) for each in PACKS] + [("slides.pdf", "expulsion", lang) for lang in ("fr", "nl", "en")]
DRAWN = [("C1", "fr"), ("C2", "nl"), ("C3", "fr"), ("Y", "nl")]


def luminance(grey: Grey) -> Grey:
    """Relative luminance (WCAG 2) of grey values from 0 to 1."""
    linear: Grey = np.where(grey <= 0.04045, grey / 12.92, ((grey + 0.055) / 1.055) ** 2.4)
    return linear


def contrast(crop: Grey) -> float:
    """Between what most of a crop is, and its darkest pixels, where strokes are solid."""
    shades = np.sort(luminance(crop).ravel())
    ink = shades[: max(4, len(shades) // 100)].mean()
    return float((np.median(shades[len(shades) // 2 :]) + 0.05) / (ink + 0.05))


def rendered(pdf: bytes, dpi: int) -> list[Grey]:
    """The pages of a PDF in grey, from 0, black, to 1."""
    found = subprocess.run(
        [shutil.which("pdftoppm") or "", "-gray", "-r", str(dpi), "-"], input=pdf, capture_output=True, check=True
    )
    pages, rest = [], found.stdout
    while rest:
        head = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", rest)
        assert head
        width, height = int(head[1]), int(head[2])
        pixels = np.frombuffer(rest[head.end() : head.end() + width * height], np.uint8)
        pages.append(pixels.reshape(height, width) / 255)
        rest = rest[head.end() + width * height :]
    return pages


def words(pdf: bytes) -> list[list[tuple[str, tuple[float, float, float, float]]]]:
    """The words of each page and their boxes, in points from the top left."""
    found = subprocess.run(
        [shutil.which("pdftotext") or "", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    word = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    return [
        [(text, (float(a), float(b), float(c), float(d))) for a, b, c, d, text in re.findall(word, page)]
        for page in found.stdout.decode().split("<page ")[1:]
    ]


def pale(pdf: bytes, dpi: int) -> list[str]:
    """Words that are paler on their ground than they may be."""
    found = []
    for page, said in zip(rendered(pdf, dpi), words(pdf), strict=True):
        for text, box in said:
            x0, y0, x1, y1 = (round(each * dpi / 72) for each in box)
            if contrast(page[max(0, y0) : y1, max(0, x0) : x1]) < LEAST:
                found.append(text)
    return found


@pytest.mark.parametrize(("file", "theme", "lang"), SHEETS)
def test_text_stands_out_on_a_copy(file, theme, lang):
    pages, dpi = PAGES[file]
    pdf = pack(theme, lang).files[file]
    assert [len(page) > 10 for page in words(pdf)] == [True] * pages
    assert pale(pdf, dpi) == []


@pytest.mark.parametrize(("file", "theme", "lang"), [(file, *each) for each in PACKS for file in PAGES])
def test_no_word_is_cut_or_run_into_another(file, theme, lang):
    given = json.dumps(page_content(pack(theme, lang).story), ensure_ascii=False)
    known = set(re.sub(r'["\[\],:{}-]', " ", given).split()) | {"/", "–", "·", *"123456"}
    for page in words(pack(theme, lang).files[file]):
        shown = re.sub(r'["\[\],:-]', " ", html.unescape(" ".join(text for text, _ in page))).split()
        assert set(shown) - known == set()
        assert all(0 <= x0 < x1 for _, (x0, _, x1, _) in page)


def test_pale_text_is_found():
    with Sheets("essai.typ", 0) as sheets:
        source = '#set document(title: "x")\n#set text(font: "CLSS Sans", size: 9pt, fill: rgb("#8a8a8a"))\npâle'
        (sheets.folder / "essai.typ").write_text(source + '\n#text(fill: rgb("#6a6a6a"))[lisible]', "utf-8")
        pdf = sheets.pdf({})
    assert pale(pdf, 300) == ["pâle"]


@cache
def drawn(kind: str, case: str, lang: str) -> tuple[Layout, Grey, float]:
    draw = {"sociogenogram": sociogenogram, "trajectory": trajectory}[kind]
    drawing = draw(clss.read(PUBLICATION).case(case), lang=lang)
    raw = io.BytesIO()
    drawing.savefig(raw, format="png", dpi=400)
    raw.seek(0)
    return drawing.geometry, imread(raw, format="png")[..., :3] @ np.array([0.2126, 0.7152, 0.0722]), 400 / 25.4


@pytest.mark.parametrize(("case", "lang"), DRAWN)
@pytest.mark.parametrize("kind", ["sociogenogram", "trajectory"])
def test_words_of_a_picture_stand_out_on_a_copy(kind, case, lang):
    layout, page, scale = drawn(kind, case, lang)
    for label in layout.labels:
        x0, y0, x1, y1 = (round(each * scale) for each in label.box)
        assert contrast(page[y0:y1, x0:x1]) >= LEAST, label.lines


def runs_of_ink(path, page: Grey, scale: float) -> tuple[float, ...]:
    """How long the strokes along an arrow are, in millimetres, its ends with their heads left out."""
    points = np.array(path)
    lengths = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0], np.cumsum(lengths)])
    places = np.arange(3, along[-1] - 3, 0.05)
    x, y = (np.interp(places, along, points[:, axis]) * scale for axis in (0, 1))
    inked = page[np.clip(y.round().astype(int), 0, len(page) - 1), x.round().astype(int)] < 0.75
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(int), [0]])))
    strokes = (edges[1::2] - edges[::2]) * 0.05
    return tuple(strokes[1:-1])


def hand(case: str, lang: str) -> dict[str, tuple[float, float]]:
    """For each kind of arrow, as pixels show it: the length of its long strokes and the share of short ones."""
    layout, page, scale = drawn("sociogenogram", case, lang)
    found: dict[str, list[float]] = {}
    for line in layout.lines:
        kind = re.fullmatch(r"tie-(living|helps|calls|working|other)(-both)?", line.role)
        if line.kind == "arrow" and kind:
            found.setdefault(kind[1], []).extend(runs_of_ink(line.path, page, scale))
    return {
        kind: (float(np.percentile(strokes, 80)), float(np.mean(np.array(strokes) < 0.9)))
        for kind, strokes in found.items()
        if len(strokes) >= 5
    }


@pytest.mark.parametrize(("case", "lang"), [("C1", "fr"), ("Y", "nl")])
def test_kinds_of_arrows_are_told_apart_on_a_copy(case, lang):
    kinds = hand(case, lang)
    assert {"helps", "calls", "working"} <= set(kinds)
    for a, b in combinations(kinds, 2):
        (long_a, short_a), (long_b, short_b) = kinds[a], kinds[b]
        assert max(long_a, long_b) / min(long_a, long_b) > 1.5 or abs(short_a - short_b) > 0.25, (a, b)
