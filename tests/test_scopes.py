"""docs/scopes.md says of every output what each scope of a consent lets into it, and says it as the gate does."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pytest
from test_privacy_gate import HARMLESS, verbs

from clss_analysis import measures
from clss_analysis.cli import main
from clss_analysis.figures import KINDS, save
from clss_analysis.privacy import NotClearedError, clear
from clss_analysis.privacy.consents import scopes_of
from clss_analysis.privacy.ledger import ledger
from clss_analysis.publish.unchanged import book_inputs
from clss_analysis.records import Records, clock, codes, export_file, synthesise, write
from clss_analysis.records.exchange.transfer import EXPORTS
from clss_analysis.records.house_settings import FORMATS
from clss_analysis.records.schema import table_names
from clss_analysis.runs.figure_command import OF_PEOPLE
from clss_analysis.runs.tellable import tellable

ROOT = Path(__file__).parents[1]
SCOPES = ("told", "drawn", "counted", "working", "ended")


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
    entry |= {"scope": "told", "until": pd.Period("2001-01", "M")} if scope == "ended" else {}
    consents = pd.DataFrame([{name: entry.get(name) for name in made.consents}]).astype(made.consents.dtypes)
    tables = {name: made.table(name).assign(source="dossier").astype({"source": "string"}) for name in table_names()}
    tables["households"] = tables["households"].assign(consent="c").astype({"consent": "string"})
    return replace(made.with_tables(**tables | {"consents": consents}), synthetic=False, name="dossiers", extra={})


BOOK = {"formats": ("html",), "engine": "own", "lang": "fr", "keep_runs": False}


@pytest.mark.parametrize(("day", "allowed"), [("2028-02-29", "told"), ("2028-03-01", None)])
def test_a_consent_holds_to_the_last_day_of_its_month(day: str, allowed: str | None, monkeypatch) -> None:
    class Day(date):
        @classmethod
        def today(cls) -> date:
            return cls.fromisoformat(day)

    monkeypatch.setattr(clock, "date", Day)
    records = of_scope("ended")
    until = pd.PeriodIndex(["2028-02"], freq="M")
    records = records.with_tables(consents=records.consents.assign(until=until))
    assert scopes_of(records) == dict.fromkeys(records.households["id"], allowed)


@pytest.mark.parametrize(
    ("granted", "said"), [("2028-02", ""), ("2028-03", "ne vaut pas encore"), ("2099-01", "pas encore")]
)
def test_a_consent_that_is_still_to_come_opens_nothing(granted: str, said: str, monkeypatch) -> None:
    class Day(date):
        @classmethod
        def today(cls) -> date:
            return cls(2028, 2, 29)

    monkeypatch.setattr(clock, "date", Day)
    records = of_scope("told")
    records = records.with_tables(consents=records.consents.assign(granted=pd.PeriodIndex([granted], freq="M")))
    if not said:
        assert clear(records).told
        return
    with pytest.raises(NotClearedError, match=said):
        clear(records)


WORDS = ("testimonies", "framework", "saturation", "case-sheet")


@pytest.fixture(scope="module", params=["drawn", "counted", "working", "ended"])
def scoped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    return request.param, write(of_scope(request.param), tmp_path_factory.mktemp(request.param) / "jeu")


def test_no_output_leaves_for_a_scope_that_says_no(scoped: tuple[str, Path], tmp_path: Path) -> None:
    scope, folder = scoped
    ways = {f"export {end}": ["export", str(folder), "--out", str(tmp_path / f"e{end}")] for end in (*EXPORTS, ".xlsx")}
    for kind in KINDS:
        one = ["--case", "S001"] if KINDS[kind].about.per_case else []
        asked = {"ended": True, "drawn": kind in WORDS}.get(scope, bool(one))
        if asked:
            out = str(tmp_path / f"{kind}.svg")
            ways[f"figure {kind}"] = ["figure", kind, "--dataset", str(folder), *one, "--out", out]
    if scope == "ended":
        packs = ["--dataset", str(folder), "--case", "S001", "--date", "2025-12", "--out", str(tmp_path / "dossier")]
        ways |= {"brief": ["brief", "expulsion", *packs]}
        book = ["build", "--dataset", str(folder), "--out", str(tmp_path / "livre"), "--formats"]
        ways |= {f"build {each}": [*book, each] for each in FORMATS}
    for name, line in ways.items():
        shut = table()[name][scope] == "no"
        assert main(line) == (2 if shut else 0), name
        out = Path(line[line.index("--out") + 1])
        assert out.exists() != shut, name


@pytest.mark.parametrize("scope", ["drawn", "quoted", "???"])
def test_words_are_not_quoted_and_a_word_that_nobody_knows_shuts_the_gate(scope: str, tmp_path: Path) -> None:
    records = of_scope(scope)
    if scope != "drawn":
        with pytest.raises(NotClearedError):
            clear(records)
        return
    said = set(records.statements["text"])
    folder = write(records, tmp_path / "jeu")
    for out in (tmp_path / "e.json", tmp_path / "e.xlsx", tmp_path / "e.qdpx"):
        assert main(["export", str(folder), "--out", str(out)]) == 0
        parts = [out.read_bytes()]
        if zipfile.is_zipfile(out):
            with zipfile.ZipFile(out) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
        assert not [text for text in said for part in parts if escape(text).encode() in part], out.name
    cleared = clear(records)
    for way in (
        lambda: export_file(records, tmp_path / "f.qdpx", cleared),
        lambda: save(KINDS["testimonies"].draw(records), tmp_path / "f.svg", cleared),
    ):
        with pytest.raises(NotClearedError):
            way()
    assert measures.framework_matrix(records).empty
    assert tellable(records).statements.empty
    assert not list(tmp_path.glob("f.*"))


def test_a_consent_holds_until_its_last_month(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The gate, the counts and what a build is made from: all by one calendar, also where the month turns meanwhile."""

    class Calendar(date):
        day = date(2001, 1, 31)
        today = classmethod(lambda cls: cls.day)

    monkeypatch.setattr(clock, "date", Calendar)
    records = of_scope("ended")
    folder = write(records, tmp_path / "jeu")
    assert clear(records).told == {"S001", "S002"}
    assert not ledger(records).left_out
    assert book_inputs(tmp_path, folder, **BOOK)["ended"] == ""
    Calendar.day = date(2001, 2, 1)
    for way in (clear, ledger):
        with pytest.raises(NotClearedError, match="fini"):
            way(records)
    assert book_inputs(tmp_path, folder, **BOOK)["ended"] == "2001-01"
