"""What a notebook changed after our own functions gave it does not go into the book, whatever it says of itself."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from clss_analysis.privacy import clear
from clss_analysis.records import Records, read, synthesise, write
from clss_analysis.records.schema import table_names
from clss_analysis.runs.engine import How, execute
from clss_analysis.runs.inspection import inspected
from clss_analysis.runs.outcome import Result
from clss_analysis.runs.plan import Run

ASKED = 'dataset = "../dataset"\nlang = "fr"\nout = ""'
READ = """
from dataclasses import replace
import pandas as pd
import clss_analysis as clss
from clss_analysis.runs import counted, dataset_overview, keep, overview, say, show, table, together
records = clss.read(dataset)
told = records.case("S001")
m = clss.measures.incidence(records, "housing_problems")
raw = records.housing_problems.groupby("problem")["household"].nunique()
words = "zéro un deux trois quatre cinq six sept huit neuf dix".split()
pairs = clss.measures.cooccurrence(records, "housing_problems", "health_impacts")
sizes = records.persons.groupby("household").size()
tale = records.households["summary"].iloc[11]
"""
WRITTEN = {
    "the true counts over those of the measure": 'm.assign(households=m["code"].map(raw).astype("Int64"))',
    "one cell": "m.assign(households=m['households'].fillna(1))",
    "a column more": 'm.assign(alone=m["code"].map(raw) == 1)',
    "numbers under other names of rows": 'm.assign(code=m["code"].tolist()[::-1])',
    "counts of its own with forged attributes": 'raw.reset_index().set_axis(["code", "households"], axis=1).pipe(mark)',
    "counts of its own as text": "raw.astype(str).reset_index()",
    "a row for each household": 'records.housing_problems[["problem"]]',
    "orders of a told household as counts": 'told.situations[["ethos", "order"]].set_axis(["code", "n"], axis=1)',
    "words made of a measure that was changed": "together(pairs.fillna(1), lang=lang)",
    "counts of records that were changed": "clss.measures.incidence(again, 'housing_problems')",
}
TABLES = {what: f'table({frame}, "essai", of="housing_problems", lang=lang)' for what, frame in WRITTEN.items()}
TABLES |= {
    "as though of one household": 'table(raw.reset_index(), "essai", of="housing_problems", records=told)',
    "a caption with numbers": 'table(m, "essai", caption="Le cinquième ménage compte sept personnes", lang=lang)',
    "a column that says one": 'table(m.rename(columns={"households": "sept, un, six"}), "essai", caption="criteria")',
    "words of a household as a caption": 'table(m, "essai", caption=tale, lang=lang)',
    "words of a household as a column": 'table(m.rename(columns={"code": tale}), "essai", caption="criteria")',
    "a word of a household as a name": 'table(m, "crit-" + tale.split()[2], caption="criteria", lang=lang)',
    "a caption that is chosen": 'table(m, "essai", caption="criteria" if raw.min() < 3 else "saturation", lang=lang)',
    "a table or none": 'if raw.min() < 9:\n    display(table(m, "essai", of="housing_problems", lang=lang))',
    "a table for each": 'for n in sizes[:2]:\n    display(table(m, "essai", of="housing_problems", lang=lang))',
    "a number as a name": 'table(m, f"crit-{len(sizes)}", caption="criteria", lang=lang)',
}
SAID = {
    "numbers in words": 'say(" ; ".join(words[min(n, 10)] for n in sizes))',
    "words of its own choice": 'say("Peu." if raw.min() < 3 else "Beaucoup")',
    "a sentence on changed attributes": "counted(m.pipe(mark), lang=lang)",
    "a household that may only be counted": "overview(records.case('S012'), lang=lang)",
    "one whose consent was changed": "overview(again.case('S012'), lang=lang)",
    "an overview of other records": "dataset_overview(again, lang=lang)",
    "what is printed": "print(sizes.tolist())",
    "codes one after another": 'say(" · ".join(records.housing_problems["problem"]))',
}
MARK = """
def mark(frame):
    frame = frame.copy()
    frame.attrs = dict(m.attrs) | {"known": 3}
    return frame
again = records.with_tables(consents=records.consents.assign(scope="told"))
"""
HONEST = """
table(m.rename(columns={"code": "problem"}), "a", of="housing_problems", lang=lang)
---
table(m.sort_values("households").head(2)[["households", "code"]], "b", of="housing_problems", lang=lang)
---
counted(m, lang=lang)
---
table(together(pairs, lang=lang), "c", of="together", lang=lang)
---
table(told.persons[["label", "role", "age"]].iloc[::-1], "d", caption="Qui vit là", records=told, lang=lang)
---
networks = clss.measures.household_network(records)
networks["label"] = networks["household"].map(records.households.set_index("id")["label"])
table(networks[["label", "services", "density"]].round(1), "e", of="measures_networks", lang=lang)
---
say("Un ménage, une famille, deux phrases.")
---
for kind in ("sociogenogram", "trajectory"):
    if lang == "fr" and out:
        show(kind, told, out=out)
---
%matplotlib inline
table(m, "f", of="housing_problems", lang=lang)
---
print("Voilà.")
"""
DRAWN = {
    "digits in a title": 'keep(clss.figures.sociogenogram(told, title="de 44 de 49"), out, "x1", records=told)',
    "words of a household in a title": 'keep(clss.figures.sociogenogram(told, title=tale), out, "x2", records=told)',
    "a word of a household as an id": "keep(clss.figures.sociogenogram(told), out, tale[:3].lower(), records=told)",
    "words in a title": 'keep(clss.figures.sociogenogram(told, title="sept, un, six"), out, "x2", records=told)',
    "another geometry": "f = clss.figures.sociogenogram(told)\n"
    "    f.geometry = replace(f.geometry, caption='sept')\n    keep(f, out, 'x3', records=told)",
    "another consent": 'keep(clss.figures.sociogenogram(again.case("S012")), out, "x4", records=again)',
    "another picture of the whole": 'keep(clss.figures.waiting(again), out, "x5", records=again)',
}
TRIED = "try:\n    {}\n    print('ohne')\nexcept clss.privacy.NotClearedError:\n    pass"
FILES = """
show("sociogenogram", told, out=out)
---
show("criteria-grid", told, out=out)
---
open(out + "/figures/S001-sociogenogram.svg", "a").write("<!-- 44 49 -->")
open(out + "/figures/S001-criteria-grid.json", "a").write(" ")
open(out + "/figures/y.svg", "w").write("<svg/>")
open("jeu-de-donnees.md", "w").write("sept")
open("z.png", "w").write("sept")
open("mesure.csv", "w").write("a;b")
"""
CHANGED = ("S001-criteria-grid.json", "S001-sociogenogram.svg", "y.svg")
DRAWN_ON = 'f = clss.figures.waiting(records)\nf.text(.1, .1, "sept 44")\nkeep(f, out, "attente", records=records)'


def half_counted() -> Records:
    """Twelve households said to be real, half of which may only be counted."""
    made = synthesise(12, 3)
    rows = [{"id": scope[0], "label": "accord", "scope": scope, "source": "dossier", "reading": False}
            for scope in ("told", "counted")]  # fmt: skip
    consents = pd.DataFrame([{name: row.get(name) for name in made.consents} for row in rows])
    tables = {name: made.table(name).assign(source="dossier").astype({"source": "string"}) for name in table_names()}
    scope = ["t" if n < 6 else "c" for n in range(12)]
    tables["households"] = tables["households"].assign(consent=scope).astype({"consent": "string"})
    tables["consents"] = consents.astype(made.consents.dtypes)
    tables["households"].loc[11, "summary"] = "Une femme battue part."
    return replace(made.with_tables(**tables), synthetic=False, name="dossiers", title="Dossiers", extra={})


def notebook(path: Path, cells: list[str]) -> None:
    made = [nbformat.v4.new_code_cell(ASKED, metadata={"tags": ["parameters"]})]
    nbformat.write(
        nbformat.v4.new_notebook(cells=[*made, *map(nbformat.v4.new_code_cell, [READ + MARK, *cells])]), path
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Result], Path]:
    """All these notebooks executed and looked through, as a build does it, in one go."""
    folder = tmp_path_factory.mktemp("carnets")
    books = {
        "honnetes": [*HONEST.split("---"), 'show("sociogenogram", told, out=out)', DRAWN_ON],
        "tables": list(TABLES.values()),
        "dits": list(SAID.values()),
        "dessins": [TRIED.format(each) for each in DRAWN.values()],
        "fichiers": FILES.split("---"),
    }
    for name, cells in books.items():
        notebook(folder / f"{name}.ipynb", cells)
    records = read(write(half_counted(), folder / "dataset"))
    clearance = clear(records)
    runs = [Run(name, f"{name}.ipynb", {"dataset": "../dataset", "lang": "fr", "out": "."}, None) for name in books]
    results = execute(runs, folder, folder / "runs", clearance=clearance, dataset=folder / "dataset", records=records,
                      rows={None: ""}, how=How(jobs=2))  # fmt: skip
    return {each.run.id: inspected(each, folder / "runs", clearance) for each in results}, folder / "runs"


def cells_named(result: Result) -> set[int]:
    named = re.findall(r"(?:^| ; )cellule ([\d, ]+)\u202f:", result.reason)
    return {int(number) for numbers in named for number in numbers.split(", ")}


def test_what_measures_gave_and_told_households_say_is_shown(done: tuple[dict[str, Result], Path]) -> None:
    results, runs = done
    assert (results["honnetes"].error, results["honnetes"].reason) == ("", "")
    assert "Un ménage, une famille, deux phrases." in (runs / "honnetes.md").read_text(encoding="utf-8")
    assert (runs / "figures" / "S001-sociogenogram.svg").exists()
    assert "sept 44" not in (runs / "figures" / "attente.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "ways"), [("tables", TABLES), ("dits", SAID)])
def test_what_a_cell_changed_or_computed_stops_at_the_page(
    done: tuple[dict[str, Result], Path], name: str, ways: dict[str, str]
) -> None:
    found = cells_named(done[0][name])
    assert [what for number, what in enumerate(ways, start=4) if number not in found] == []
    assert f"{name}.ipynb" in done[0][name].line()
    assert not (done[1] / f"{name}.md").exists()


def test_a_drawing_that_was_changed_is_not_kept(done: tuple[dict[str, Result], Path]) -> None:
    results, runs = done
    assert (results["dessins"].error, results["dessins"].reason) == ("", ""), "none got as far as to say so"
    assert list((runs / "figures").glob("x*")) == []


def test_files_that_were_changed_stop_at_the_page(done: tuple[dict[str, Result], Path]) -> None:
    results, runs = done
    assert (results["fichiers"].error, results["fichiers"].cell) == ("NotClearedError", 4)
    named = ", ".join([*(f"figures/{each}" for each in CHANGED), "jeu-de-donnees.md", "z.png"])
    assert results["fichiers"].reason.startswith(named)
    assert not (runs / "figures" / "y.svg").exists()
    assert not (runs / "jeu-de-donnees.md").exists()
