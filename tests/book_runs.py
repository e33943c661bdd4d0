"""A runs folder made on the spot: four small figures, their sidecars and the fragment of one household."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from records_sample import clearance_for

from clss_analysis.figures import ink
from clss_analysis.layout.geometry import Label, Layout, Symbol

SIZES = {"essai-petite": (100, 50), "essai-large": (160, 60), "essai-paysage": (235, 130), "essai-haute": (160, 215)}
HOSTILE = r'"]) #panic() <script>alert(1)</script> $x$ \ & @fig-x [a](b) `c` {{< d >}} *e*'


def make_runs(folder: Path, *, hostile: bool = False, synthetic: bool = False) -> Path:
    """Figures and fragments as the notebooks leave them."""
    figures = folder / "figures"
    figures.mkdir(parents=True)
    clearance = clearance_for("E")
    for name, (width, height) in SIZES.items():
        extra = " " + HOSTILE if hostile else ""
        layout = Layout(
            kind="sociogenogram",
            case="E",
            lang="fr",
            width=width,
            height=height,
            title=name,
            caption=f"Légende de {name} : ce que l’on y voit.{extra}",
            alt=f"Deux cases, l’une à gauche, l’autre à droite ({name}).{extra}",
            source="Source",
            synthetic=True,
            symbols=(
                Symbol("a", "node", (5, 5, width / 2 - 5, height - 12), "legend"),
                Symbol("b", "node", (width / 2 + 5, 5, width - 5, height - 12), "legend"),
            ),
            labels=(Label("t", (8, 8, 60, 13), (f"À gauche de {name}",), "a", 9),),
        )
        drawing = ink.draw(layout)
        for ending in ("svg", "pdf", "png"):
            ink.save(drawing, figures / f"{name}.{ending}", clearance)
        sidecar = {
            "id": name,
            "kind": layout.kind,
            "case": layout.case,
            "caption": layout.caption,
            "alt": layout.alt,
            "rows": [{"table": "persons", "row": "e1"}],
            "title": layout.title,
            "source": layout.source,
            "synthetic": synthetic,
            "notebook": "notebooks/01_menage.ipynb",
            "parameters": {"case": "E"},
        }
        (figures / f"{name}.json").write_text(json.dumps(sidecar, ensure_ascii=False), encoding="utf-8")
        (figures / f"{name}.layout.json").write_text("{}", encoding="utf-8")
        (figures / f"{name}.csv").write_text("table,id\r\npersons,e1\r\n", encoding="utf-8")
        line = f'![{escaped(layout.caption)}](_runs/figures/{name}.svg){{#fig-{name} fig-alt="{quoted(layout.alt)}"}}\n'
        (figures / f"{name}.md").write_text(line, encoding="utf-8")
    fragment = f"### Ménage E\n\nUn ménage.\n\n{(figures / 'essai-large.md').read_text(encoding='utf-8')}\nVoilà.\n"
    (folder / "menage-E.md").write_text(fragment, encoding="utf-8")
    return folder


def escaped(value: str) -> str:
    return "".join("\\" + char if char in "\\`*_{}[]()<>#+-.!|~^$@\"'&=:" else char for char in value)


def quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def needs(present: object, what: str) -> None:
    """Skip a test whose machine lacks something, naming it; where everything is required, fail instead."""
    if not present:
        if os.environ.get("CLSS_REQUIRE_ALL") == "1":
            pytest.fail(f"{what} is required here and missing")
        pytest.skip(f"no {what} on this machine")


SAMPLE = Path(__file__).parent / "book_sample"
DATASET = {"name": "essai", "sha256": "ab" * 32, "synthetic": True}
SOFTWARE = {"clss-analysis": "0", "pandoc": "3"}
CLEARANCE = clearance_for("E")
