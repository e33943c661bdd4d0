from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pandas as pd
import pypandoc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from records_sample import sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.privacy import NotClearedError, check, check_report, clear, publishable_counts
from clss_analysis.records import Records, synthesise
from clss_analysis.records.escape import attribute, markdown

READERS = ("markdown", "markdown+autolink_bare_uris+emoji+lists_without_preceding_blankline+mark")
HOSTILE = [
    "<script>alert(1)</script>",
    "![x](http://example.org/x.png)",
    "[clic](javascript:alert(1))",
    "<http://example.org>",
    "$\\int x$ et $$y$$",
    "`#panic()`{=typst}",
    "```{=html}\n<b>\n```",
    "{{< include /etc/passwd >}}",
    "@rogers2012 et [@rogers2012]",
    "note[^1] et ^[note]",
    "*a* **b** _c_ __d__ ~~e~~ H~2~O x^2^",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "# Titre {#fig-x}",
    "Titre\n=====",
    "---\ntitle: x\n---",
    "1. un",
    "A. Martin",
    "(@) exemple",
    "- liste",
    "> citation",
    "    code",
    ": définition",
    "Table: légende",
    "::: {.callout-note}",
    "\\begin{document} \\alpha \\",
    "&amp; &#60; &copy;",
    "M. N dit… \"oui\" et 'non' -- ou --- peut-être...",
    "« Ça va ? » dit-elle ; l’été.",
    ":smile: www.example.org http://example.org",
    "[texte]{.classe} [TOC] [ ] [x]",
    "<!-- caché -->",
    "% titre\n% auteur",
    "|  ligne\n|  bloc",
    "*[HTML]: abréviation",
    "[ref]: http://example.org",
    "==surligné==",
    "\u202fespace fine\u00a0",
    "\u00a0",
]  # fmt: skip


def normal(text: str) -> str:
    kept = re.sub(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+", " ", text)
    return "".join(char for char in kept if unicodedata.category(char) not in ("Cc", "Cs")).strip(" ")


def inline_text(inlines: list[dict]) -> str:
    parts = []
    for inline in inlines:
        assert inline["t"] in ("Str", "Space"), inline["t"]
        parts.append(inline["c"] if inline["t"] == "Str" else " ")
    return "".join(parts)


def parsed(source: str, reader: str) -> list[dict]:
    return json.loads(pypandoc.convert_text(source, "json", format=reader))["blocks"]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=25)
pieces = st.lists(
    st.sampled_from([*HOSTILE, "{", "}", "[", "]", "`", "$", "\\", " ", "a", "1.", "@a", '"']), max_size=5
)
hostile = st.one_of(texts, pieces.map("".join)).filter(normal)


@pytest.mark.parametrize("reader", READERS)
@given(lines=st.lists(hostile, min_size=20, max_size=40))
@example(lines=HOSTILE)
@settings(max_examples=15)
def test_pandoc_reads_escaped_text_as_the_literal_text(reader: str, lines: list[str]) -> None:
    blocks = parsed("\n\n".join(markdown(line) for line in lines), reader)
    assert [block["t"] for block in blocks] == ["Para"] * len(lines)
    assert [inline_text(block["c"]) for block in blocks] == [normal(line) for line in lines]


@given(lines=st.lists(hostile, min_size=20, max_size=40))
@example(lines=HOSTILE)
@settings(max_examples=15)
def test_a_figure_line_keeps_caption_and_alternative_text(lines: list[str]) -> None:
    source = "\n\n".join(
        f'![{markdown(line)}](_runs/figures/x.svg){{#fig-x{rank} fig-alt="{attribute(line)}"}}'
        for rank, line in enumerate(lines)
    )
    blocks = parsed(source, "markdown-implicit_figures")
    assert len(blocks) == len(lines)
    for block, line in zip(blocks, lines, strict=True):
        (image,) = block["c"]
        attributes, caption, target = image["c"]
        assert inline_text(caption) == normal(line)
        assert dict(attributes[2]) == {"fig-alt": normal(line).strip()}
        assert target[0] == "_runs/figures/x.svg"


def test_the_check_of_escaping_can_fail() -> None:
    assert [block["t"] for block in parsed("# Titre", "markdown")] == ["Header"]
    with pytest.raises(AssertionError, match="Emph"):
        inline_text(parsed("*a*", "markdown")[0]["c"])


@pytest.fixture
def records(tmp_path: Path) -> Records:
    rows = sound_rows()
    rows["consents"].append(rows["consents"][0] | {"id": "CO2", "scope": "counted"})
    rows["households"][1]["consent"] = "CO2"
    return clss.read(write_rows(tmp_path / "jeu", rows))


def test_the_gate_tells_apart_what_may_be_told_and_counted(records: Records) -> None:
    clearance = clear(records)
    assert (clearance.told, clearance.counted) == (frozenset("A"), frozenset("B"))
    clearance.require_told("A")
    with pytest.raises(NotClearedError, match="Ménage B"):
        clearance.require_told("B")
    consents = check(records)[0]
    assert (consents.numbers["told"], consents.numbers["counted"], consents.shuts) == (1, 1, False)


def test_the_gate_fails_closed(tmp_path: Path) -> None:
    records = clss.read(write_rows(tmp_path / "jeu", sound_rows()))
    with pytest.raises(NotClearedError, match=r"Ménage B.*consents\.csv"):
        clear(records)
    assert any("Ménage B" in line for line in check_report(check(records)))
    with pytest.raises(NotClearedError):
        publishable_counts(pd.Series([9]), ["A"], records)


def test_a_synthetic_dataset_passes() -> None:
    cohort = synthesise(3, 1)
    assert clear(cohort).told == set(cohort.households["id"])
    assert "synthétique" in " ".join(check_report(check(cohort)))


def test_small_counts_are_withheld_unless_the_households_are_told(records: Records) -> None:
    counts = pd.DataFrame({"a": [0, 1, 4], "b": [5, 60, 3]})
    shown = publishable_counts(counts, ["B"], records)
    assert shown["a"].astype(object).where(shown["a"].notna(), None).tolist() == [0, None, None]
    assert shown["b"].isna().tolist() == [False, False, True]
    assert shown.attrs == {"withheld": 3, "threshold": 5}
    mixed = publishable_counts(counts, ["A", "B"], records)
    assert mixed.isna().all(axis=None), "who reads the told subtracts them"
    told = publishable_counts(counts, ["A"], records)
    assert told.attrs["withheld"] == 0
    assert counts["a"].tolist() == [0, 1, 4]
