"""Who leaves and returns, is placed, in hospital or prison, or lives here half the time: rows, rules, months."""

from __future__ import annotations

import json
import random
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from families import family
from records_sample import Rows, sound_rows, write_rows
from sociogenogram_cases import actor, child_of, couple, household, person, tie
from test_households_in_time import boundary, within

import clss_analysis as clss
from clss_analysis.figures.slider import sociogenogram_slider
from clss_analysis.layout import sociogenogram
from clss_analysis.layout.genogram.changes import course
from clss_analysis.layout.geometry import Layout, overlap, overlaps, strikes
from clss_analysis.measures import household_overview
from clss_analysis.records import import_file, read, validate, write
from clss_analysis.records.columns import texts
from clss_analysis.records.exchange.foreign import Why
from clss_analysis.records.migration import migrate
from clss_analysis.records.residence import Residence, Stay, at_home
from clss_analysis.records.workbook import read_workbook, records_of_pages, write_workbook
from clss_analysis.records.workbook.form import write_form
from clss_analysis.records.workbook.spreadsheet import open_workbook
from clss_analysis.records.years import moment

COLUMNS = ("person", "kind", "share", "start", "end")


def stay(number: int, kind: str, start: str = "", end: str = "", share: str = "") -> Stay:
    return Stay(f"r{number}", kind, share, moment(start), moment(end))


def residence(*stays: tuple[str, ...], told: str = "household", arrival: str = "", departure: str = "") -> Residence:
    rows = tuple(stay(n, *each) for n, each in enumerate(stays))
    return Residence(told, moment(arrival), moment(departure), rows)


def where(told: Residence, *months: str) -> list[tuple[bool | None, str, str]]:
    found = [told.at(pd.Period(month, "M") if month else None) for month in months]
    return [(each.home, each.kind, each.part.share if each.part else "") for each in found]


def told_rows(*rows: tuple[str, ...], **person: str) -> Rows:
    """The sound sample with rows of residence: person, kind, share, start, end; cells of person A3 beside them."""
    found = sound_rows()
    found["residences"] = [
        {"id": f"R{n}", "household": each[0][0], "source": "essai", "reading": "false"}
        | dict(zip(COLUMNS, each, strict=False))
        for n, each in enumerate(rows)
    ]
    found["persons"][2] |= person
    return found


HOME, GONE, OPEN = (True, "household", ""), (False, "", ""), (None, "", "")


@pytest.mark.parametrize(
    ("told", "months"),
    [
        (residence(), {"": HOME, "1990-01": HOME}),
        (residence(told="elsewhere"), {"": (False, "elsewhere", ""), "2020-01": (False, "elsewhere", "")}),
        (
            residence(arrival="2019-03", departure="2020"),
            {"": HOME, "2019-02": GONE, "2019-03": HOME, "2020-05": OPEN, "2021-01": GONE},
        ),
        (
            residence(("placed", "2019-03", "2020-09")),
            {
                "": HOME, "2019-02": HOME, "2019-03": (False, "placed", ""), "2020-09": (False, "placed", ""),
                "2020-10": HOME,
            },
        ),
        (
            residence(("household", "", "2018-05"), ("prison", "2018-05", "2019"), ("household", "2021-02")),
            {
                "": HOME, "2018-05": HOME, "2018-06": (False, "prison", ""), "2019-04": OPEN, "2020-01": GONE,
                "2021-02": HOME,
            },
        ),
        (
            residence(("hosted", "2022-02", "2022-05"), told="elsewhere"),
            {"": (False, "elsewhere", ""), "2022-01": GONE, "2022-03": (True, "hosted", ""), "2022-06": GONE},
        ),
        (
            residence(("elsewhere", "2021-09", "", "half")),
            {"": (True, "household", "half"), "2021-08": HOME, "2021-09": (True, "household", "half")},
        ),
        (
            residence(("placed", "2020-01"), ("household", "2020-06", "", "weekends")),
            {"": (True, "household", "weekends"), "2020-02": (False, "placed", ""),
             "2020-07": (True, "household", "weekends")},
        ),
        (residence(("hospital", "2020-01")), {"": (False, "hospital", ""), "2019-12": HOME}),
        (residence(("prison", "2020-01", "2020-04"), told="elsewhere"), {"2020-02": (False, "prison", ""),
                                                                         "2020-05": (False, "elsewhere", "")}),
    ],
)  # fmt: skip
def test_one_function_says_where_somebody_lives(
    told: Residence, months: dict[str, tuple[bool | None, str, str]]
) -> None:
    assert where(told, *months) == list(months.values())


def test_what_is_told_changes_only_at_the_turns() -> None:
    told = residence(("household", "", "2018-05"), ("prison", "2018-05", "2019"), ("household", "2021"), arrival="")
    months = pd.period_range("2017-01", "2023-12", freq="M")
    changed = {b for a, b in pairwise(months) if told.at(a) != told.at(b)}
    assert changed <= told.turns()
    assert len(changed) > 4


@pytest.mark.parametrize(
    ("rows", "person", "fault"),
    [
        ([("A3", "placed", "", "2020-03", "2019-03")], {}, ("residences.csv", 2, "end")),
        ([("A3", "placed", "", "2019"), ("A3", "hospital", "", "2020-08")], {}, ("residences.csv", 3, "start")),
        ([("A3", "household"), ("A3", "prison", "", "2020")], {}, ("residences.csv", 3, "start")),
        ([("A3", "prison", "", "2020-04", "2020-04")] * 2, {}, ("residences.csv", 3, "start")),
        ([("A3", "household", "", "2019-03")], {"arrival": "2019-04"}, ("persons.csv", 4, "arrival")),
        ([("A3", "household", "", "2019-03", "2020-01")], {"departure": "2019-12"}, ("persons.csv", 4, "departure")),
        ([("A3", "household", "", "2019-03")], {"departure": "2019-12"}, ("persons.csv", 4, "departure")),
        ([("A3", "placed", "", "2019-03", "2020-01")], {"departure": "2019-12"}, ("persons.csv", 4, "departure")),
        ([("A3", "hosted", "", "2019-03")], {"residence": "elsewhere"}, ("persons.csv", 4, "residence")),
        ([("B1", "placed")], {"household": "B"}, None),
        ([("A3", "nowhere")], {}, ("residences.csv", 2, "kind")),
        ([("A9", "placed")], {}, ("residences.csv", 2, "person")),
    ],
)  # fmt: skip
def test_what_contradicts_is_told_by_row_and_column(
    rows: list[tuple[str, ...]], person: dict[str, str], fault: tuple[str, int, str] | None, tmp_path: Path
) -> None:
    made = told_rows(*rows, **person)
    if "household" in person:
        made["residences"][0]["household"] = "A"
        fault = ("residences.csv", 2, "person")
    found = validate(write_rows(tmp_path / "jeu", made))
    assert fault in [(each.file, each.row, each.column) for each in found]
    assert not any(cell in str(each) for each in found for cell in ("2019-12", "2020-08", "nowhere"))


@pytest.mark.parametrize(
    ("rows", "person"),
    [
        ([("A3", "placed", "", "2019-03", "2020-09")], {}),
        ([("A3", "hosted", "", "", "2019"), ("A3", "placed", "", "2019", "2020"), ("A3", "hosted", "", "2020")], {}),
        ([("A3", "household", "half", "2019"), ("A3", "elsewhere", "half", "2019")], {}),
        ([("A3", "placed", "", "2019-03"), ("A3", "household", "weekends", "2019-06")], {}),
        ([("A3", "household", "", "2019-03", "2020-01")], {"arrival": "2019-03", "departure": "2020"}),
        ([("A3", "placed", "", "2018-01", "2019-02")], {"arrival": "2019-03"}),
        ([("A3", "hosted", "", "2019-03", "2019-06")], {"residence": "elsewhere"}),
    ],
)  # fmt: skip
def test_what_can_be_is_taken_and_travels(rows: list[tuple[str, ...]], person: dict[str, str], tmp_path: Path) -> None:
    folder = write_rows(tmp_path / "jeu", told_rows(*rows, **person))
    assert validate(folder) == []
    records = read(folder)
    wanted = cells(records)
    assert wanted == [list(each) + [""] * (5 - len(each)) for each in rows]
    write(records, tmp_path / "autre")
    assert cells(read(tmp_path / "autre")) == wanted
    write_workbook(records, tmp_path / "jeu.xlsx")
    assert cells(records_of_pages(read_workbook(tmp_path / "jeu.xlsx"))) == wanted
    tables: dict[str, Any] = {name: records.table(name) for name in ("households", "persons", "residences", "consents")}
    assert cells(clss.Records.from_frames(**tables)) == wanted
    assert len(records.case("A").residences) == len(rows)
    assert records.case("B").residences.empty


def cells(records: clss.Records) -> list[list[str]]:
    columns = [texts(records.residences, name, "any" if name in ("start", "end") else "string") for name in COLUMNS]
    return [list(row) for row in zip(*columns, strict=True)]


def test_a_dataset_from_before_is_read_as_it_is(tmp_path: Path) -> None:
    folder = write_rows(tmp_path / "jeu", sound_rows())
    (folder / "residences.csv").unlink()
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [each for each in package["resources"] if each["name"] != "residences"]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert validate(folder) == []
    assert migrate(folder) == ([], None)
    records = read(folder)
    assert records.residences.empty
    assert at_home(records).all()
    again = read(write(records, tmp_path / "autre"))
    assert again.persons.equals(records.persons)
    assert again.residences.empty


def test_an_older_workbook_has_no_such_sheet_and_a_form_asks(tmp_path: Path) -> None:
    write_workbook(read(write_rows(tmp_path / "jeu", sound_rows())), tmp_path / "jeu.xlsx")
    book = openpyxl.load_workbook(tmp_path / "jeu.xlsx")
    del book["Qui vit où"]
    book.save(tmp_path / "vieux.xlsx")
    assert records_of_pages(read_workbook(tmp_path / "vieux.xlsx")).residences.empty
    write_form(tmp_path / "form.xlsx")
    (survey,) = (sheet for sheet in open_workbook(tmp_path / "form.xlsx") if sheet.name == "survey")
    asked = [row[:2] for row in survey.rows]
    repeat = asked.index(("begin_repeat", "residences"))
    assert ("select_one residence_kind", "kind") in asked[repeat : repeat + 6]


def test_measures_count_who_lives_there_by_the_same_function() -> None:
    records = clss.read("data/demo")
    home = records.persons[at_home(records) & records.persons["life"].eq("alive")].iloc[0]
    row = {"id": "R1", "household": home["household"], "person": home["id"], "source": "synthetic", "reading": "false"}
    tables: dict[str, Any] = {name: records.table(name) for name in ("households", "persons")}

    def persons(**cells: str) -> int:
        told = clss.Records.from_frames(**tables, consents=records.consents, residences=[{**row, **cells}])
        return int(told.wide().set_index("household").loc[home["household"], "persons"])

    before = int(records.wide().set_index("household").loc[home["household"], "persons"])
    assert persons(kind="placed", start="2020-01") == before - 1
    assert persons(kind="placed", start="2020-01", end="2020-05") == before
    assert int(household_overview(records).set_index("household").loc[home["household"], "persons"]) >= before


# The picture of every month -----------------------------------------------------------------------------------------

FIRST = pd.Period("2021-01", freq="M")
MONTHS = 30
KINDS = ("household", "household", "hosted", "placed", "hospital", "prison", "elsewhere")
CARE = {"placed": "placé·e", "hospital": "à l’hôpital", "prison": "en prison"}


def residing(seed: int) -> tuple[clss.Case, dict[str, list[str]], list[dict[str, Any]]]:
    """A family whose members live here and there in turn, the kind of each month by person, and its filiations."""
    rng = random.Random(seed)
    rows = family(seed, 4 + seed % 7)
    rows["residences"] = []
    lived: dict[str, list[str]] = {}
    for each in rows["persons"]:
        name = each["id"]
        each["residence"] = rng.choice(("household", "elsewhere"))
        cuts = sorted(rng.sample(range(1, MONTHS), rng.choice((0, 1, 2, 3))))
        lived[name] = [each["residence"]] * MONTHS
        for first, last in pairwise([0, *cuts, MONTHS]) if cuts else ():
            kind = rng.choice(KINDS)
            lived[name][first:last] = [kind] * (last - first)
            rows["residences"].append({
                "id": f"{name}-r{first}", "household": "H", "person": name, "kind": kind,
                "start": str(FIRST + first) if first else "", "end": str(FIRST + last - 1) if last < MONTHS else "",
            })  # fmt: skip
    rows["actors"], rows["ties"] = [actor("s")], [tie("1", "a:s", f"p:{rows['persons'][-1]['id']}")]
    return household(rows), lived, rows["filiations"]


def words_beside(layout: Layout, name: str) -> str:
    return " ".join(b.text for b in layout.labels if b.id == f"stay-person-{name}")


@pytest.mark.parametrize("seed", range(0, 60, 6))
def test_everybody_stands_where_they_live_in_every_month(seed: int) -> None:
    case, lived, links = residing(seed)
    changed = [n for n in range(MONTHS) if not n or any(kinds[n] != kinds[n - 1] for kinds in lived.values())]
    places: dict[str, tuple[float, ...]] = {}
    genders = dict(zip(case.persons["id"], case.persons["gender"].fillna(""), strict=True))
    for n in changed:
        layout = sociogenogram(case, date=str(FIRST + n))
        assert overlaps(layout) == strikes(layout) == [], (seed, n)
        drawn = {s.id.removeprefix("person-"): s for s in layout.symbols if s.kind == "person"}
        legend = " ".join(b.text for b in layout.labels if b.of == "legend")
        homes, bays = boundary(layout)
        for name, kinds in lived.items():
            if name not in drawn:
                assert next(m.label for m in [case.persons.set_index("id").loc[name]]) in layout.caption
                continue
            kind, box = kinds[n], drawn[name].box
            assert places.setdefault(name, box) == box, (seed, n, name, "nobody moves")
            inside = any(within(box, home) for home in homes) and not any(overlap(box, bay) for bay in bays)
            assert inside <= (kind in ("household", "hosted")), (seed, n, name, kind)
            assert inside or not homes or kind not in ("household", "hosted"), (seed, n, name, kind)
            word = CARE.get(kind, "").replace("·e", {"woman": "e", "man": ""}.get(genders[name], "·e"))
            assert words_beside(layout, name) == word, (seed, n, name)
            if kind in CARE:
                assert f"\u202f{CARE[kind]}\u202f" in legend
                for told in (layout.parts[f"person-{name}"], layout.description):
                    assert word in told, (seed, n, name)
        lines = [set(line.members) for line in layout.lines if line.kind == "descent"]
        for link in links:
            if {link["parent"], link["child"]} <= drawn.keys():
                both = {f"person-{link['parent']}", f"person-{link['child']}"}
                assert any(both <= members for members in lines), (seed, n, link["id"])


def told_family() -> dict[str, list[dict[str, Any]]]:
    stays = [("K", "placed", "2019-03", "2020-09", ""), ("F", "household", "2020-02", "", "half"),
             ("P", "prison", "2019-06", "2019-12", ""), ("P", "hospital", "2020-01", "2020-02", "")]  # fmt: skip
    return {
        "persons": [person("M", index="true"), person("P", label="Père"), person("K"), person("F", gender="woman")],
        "couples": [couple("M", "P", "married")],
        "filiations": child_of("K", "M", "P") + child_of("F", "M", "P"),
        "actors": [actor("s")],
        "ties": [tie("1", "a:s", "p:M")],
        "residences": [
            {"id": f"r{n}", "household": "H", "person": who, "kind": kind, "start": start, "end": end, "share": share}
            for n, (who, kind, start, end, share) in enumerate(stays)
        ],
    }


def test_the_words_of_a_month_and_of_all_months_are_french_and_complete() -> None:
    case = household(told_family())
    whole = sociogenogram(case)
    assert "placé·e dès mars\xa02019 jusqu’en sept.\xa02020" in whole.description
    assert words_beside(whole, "K") == ""
    assert words_beside(whole, "F") == "la moitié du temps"
    month = sociogenogram(case, date="2020-02")
    assert words_beside(month, "F") == "la moitié du temps"
    assert words_beside(month, "P") == "à l’hôpital"
    assert "prison" not in month.description
    assert "vit dans le ménage la moitié du temps dès févr.\xa02020" in month.parts["person-F"]
    assert {("residences", "r0"), ("residences", "r3")} <= {(row.table, row.row) for row in month.rows}
    in_dutch = sociogenogram(case, date="2020-02", lang="nl")
    assert [words_beside(in_dutch, name) for name in "KP"] == ["geplaatst", "in het ziekenhuis"]


def test_the_slider_has_the_months_in_which_words_change_though_nobody_moves() -> None:
    case = household(told_family())
    told = {str(moment.month): moment for moment in course(case, every=True).moments}
    assert {"2019-03", "2020-02", "2020-10"} <= told.keys()
    assert "person-K" in told["2019-03"].went
    assert "person-K" in told["2020-10"].came
    assert "Père\u202f: à l’hôpital." in told["2020-01"].words, "from prison to hospital: outside as before"
    assert "Personne K\u202f: placé·e." in told["2019-03"].words
    drawn = sociogenogram_slider(case)("s")
    for words in ("placé·e", "en prison", "à l’hôpital", "la moitié du"):
        assert f">{words}<" in drawn, words


# Files of other programs --------------------------------------------------------------------------------------------

GEDCOM = """0 HEAD
1 GEDC
2 VERS {version}
0 @I1@ INDI
1 SEX F
1 FAMS @F1@
0 @I2@ INDI
1 SEX M
1 FAMC @F1@
2 PEDI foster
{events}0 @F1@ FAM
1 WIFE @I1@
1 CHIL @I2@
0 TRLR
"""


@pytest.mark.parametrize(
    ("version", "events", "wanted", "unclear"),
    [
        ("5.5.1", ["EVEN Foster care FROM 4 MAR 2019 TO SEP 2020"], [("placed", "2019-03", "2020-09")], 0),
        ("7.0", ["FACT Incarcération FROM 2019"], [("prison", "2019", "")], 0),
        ("7.0", ["EVEN Ziekenhuisopname TO MAY 2021", "EVEN Prison FROM JUN 2021"],
         [("hospital", "", "2021-05"), ("prison", "2021-06", "")], 0),
        ("5.5.1", ["EVEN Placement MAR 2019"], [], 1),
        ("5.5.1", ["EVEN Placement "], [], 1),
        ("7.0", ["EVEN Prison FROM 2021 TO 2019"], [], 1),
        ("7.0", ["EVEN Prison BET 2019 AND 2021"], [], 1),
        ("7.0", ["EVEN Prison FROM 2018 TO 2022", "EVEN Hospital FROM MAY 2020 TO JUN 2020"],
         [("prison", "2018", "2022")], 1),
        ("5.5.1", ["RESI Placement FROM 2019 TO 2020", "EVEN Graduation FROM 2019 TO 2020"], [], 0),
    ],
)  # fmt: skip
def test_a_gedcom_tells_a_stay_by_a_period_and_nothing_else(
    version: str, events: list[str], wanted: list[tuple[str, ...]], unclear: int, tmp_path: Path
) -> None:
    said = [re.fullmatch(r"(\w+) (.+?) ((?:FROM|TO|BET|MAR|$).*)", each) for each in events]
    lines = "".join(f"1 {e[1]}\n2 TYPE {e[2]}\n2 PLAC Forest\n2 DATE {e[3]}\n" for e in said if e)
    path = tmp_path / "f.ged"
    path.write_text(GEDCOM.format(version=version, events=lines.replace("2 DATE \n", "")), encoding="utf-8")
    records, report = import_file(path)
    assert [(row[1], *row[3:]) for row in cells(records)] == wanted
    assert {row[0] for row in cells(records)} <= {"H1P2"}
    assert records.filiations["kind"].tolist() == ["foster"]
    assert sum(each.count for each in report if each.what == "INDI.EVEN" and each.reason == Why.UNCLEAR) == unclear
    assert "Forest" not in str(records.residences.to_dict())
