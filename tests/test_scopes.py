"""docs/scopes.md says of every output what each scope of a consent lets into it, and says it as the gate does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from test_privacy_gate import HARMLESS, verbs

from clss_analysis.cli import main
from clss_analysis.figures import KINDS
from clss_analysis.records import Records, codes, synthesise, write
from clss_analysis.records.exchange.transfer import EXPORTS
from clss_analysis.records.house_settings import FORMATS
from clss_analysis.records.schema import table_names
from clss_analysis.runs.figure_command import OF_PEOPLE

ROOT = Path(__file__).parents[1]
SCOPES = ("told", "quoted", "drawn", "counted", "working")


def table() -> dict[str, dict[str, str]]:
    lines = [line for line in (ROOT / "docs" / "scopes.md").read_text("utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]
    return {name: dict(zip(SCOPES, row, strict=True)) for name, *row in cells}


def outputs() -> set[str]:
    """Every output that the program has, by the verb that makes it."""
    known = {
        "build": FORMATS, "figure": tuple(KINDS), "export": (*EXPORTS, ".xlsx"), "brief": ("", "--commune"),
    }  # fmt: skip
    assert verbs() == set(HARMLESS) | set(known), "a new verb says here what it lets out"
    return {f"{verb} {what}".strip() for verb, kinds in known.items() for what in kinds}


def test_every_output_has_its_line_and_no_line_is_of_none() -> None:
    assert set(table()) == outputs()


def test_every_scope_has_its_column() -> None:
    assert set(codes("consent_scope")) <= set(SCOPES)


def test_figures_say_what_their_registry_says() -> None:
    for kind, about in KINDS.items():
        line = table()[f"figure {kind}"]
        assert line["counted"] == ("counts" if about.about.counts else "no"), kind
        assert line["working"] == ("own work" if kind in OF_PEOPLE else "no"), kind


def of_scope(scope: str) -> Records:
    """A real dataset, all of whose households have one scope; its texts are those of a made-up one."""
    made = synthesise(2, 4)
    entry = {"id": "c", "label": "accord", "scope": scope, "source": "dossier", "reading": False}
    consents = pd.DataFrame([{name: entry.get(name) for name in made.consents}]).astype(made.consents.dtypes)
    tables = {name: made.table(name).assign(source="dossier").astype({"source": "string"}) for name in table_names()}
    tables["households"] = tables["households"].assign(consent="c").astype({"consent": "string"})
    return replace(made.with_tables(**tables | {"consents": consents}), synthetic=False, name="dossiers", extra={})


@pytest.mark.parametrize("scope", ["counted", "working"])
def test_no_file_of_one_household_leaves_for_a_scope_that_says_no(scope: str, tmp_path: Path) -> None:
    folder = write(of_scope(scope), tmp_path / "jeu")
    ways = {f"export {end}": ["export", str(folder), "--out", str(tmp_path / f"e{end}")] for end in (*EXPORTS, ".xlsx")}
    words = ["--dataset", str(folder), "--case", "S001"]
    ways |= {
        f"figure {kind}": ["figure", kind, *words, "--out", str(tmp_path / f"{kind}.svg")]
        for kind in KINDS if KINDS[kind].about.per_case
    }  # fmt: skip
    for name, line in ways.items():
        shut = table()[name][scope] == "no"
        assert main(line) == (2 if shut else 0), name
        assert Path(line[-1]).exists() != shut, name
