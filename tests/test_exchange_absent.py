"""Whatever a family is and in whichever format it comes: what is read is what was said, and nothing that was not."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from clss_analysis.records import Records, import_file
from clss_analysis.records.columns import texts
from clss_analysis.records.schema import table_names
from clss_analysis.records.workbook import read_workbook, records_of_pages
from clss_analysis.records.workbook.form import main_questions

Fact = tuple[object, ...]
SEXES = {"woman": "F", "man": "M"}
STATES = {
    "married": "1 MARR Y\n", "unmarried": "1 NO MARR\n", "separated": "1 _SEPR Y\n", "divorced": "1 MARR Y\n1 DIV Y\n",
    "": "",
}  # fmt: skip
KINDS = {
    "": "",
    "birth": "2 PEDI birth\n",
    "adoption": "2 PEDI adopted\n",
    "foster": "2 PEDI foster\n",
    "step": "2 PEDI step\n",
}
LIVES = ("", "", "deceased", "alive")
NO_DEATH = (
    "", "1 DEAT\n", "1 BURI\n2 TYPE x\n", "1 WILL Y\n", "1 DEAT\n2 PLAC ,\n", "1 DEAT\n2 DATE (inconnue)\n",
    "1 NO DEAT\n2 DATE TO 1990\n", "1 EVEN N\n2 TYPE Décès\n", "1 CREM N\n2 DATE 1990\n",
    "1 EVEN\n2 TYPE Death of spouse\n2 DATE 1990\n",
)  # fmt: skip
NO_UNION = (
    "", "1 MARR\n2 TYPE civil\n", "1 ENGA Y\n", "1 DIVF Y\n", "1 EVEN N\n2 TYPE Divorce\n", "1 MARB\n2 DATE 1999\n",
    "1 NO DIV\n", "1 DIV\n", "1 NO MARR\n2 DATE TO 1990\n", "1 EVEN\n2 TYPE Fiançailles\n2 DATE 1999\n",
)  # fmt: skip

SLOWLY = settings(max_examples=16, phases=(Phase.explicit, Phase.generate))


@dataclass(frozen=True)
class Family:
    """Persons by number: sex and life of each, unions with their state, filiations with their kind, ties; and noise."""

    sexes: tuple[str, ...]
    lives: tuple[str, ...]
    unions: dict[tuple[int, int], str]
    filiations: dict[tuple[int, int], str]
    ties: frozenset[tuple[int, int]]
    noise: tuple[int, ...]

    def said(self, *, lives: bool = True, states: bool = True, kinds: bool = True, links: bool = True) -> set[Fact]:
        """Every fact of it that a format can say."""
        found: set[Fact] = {("gender", n, sex) for n, sex in enumerate(self.sexes) if sex}
        found |= {("life", n, life) for n, life in enumerate(self.lives) if life and lives}
        found |= {("union", *pair) for pair in self.unions if links}
        found |= {("state", *pair, state) for pair, state in self.unions.items() if state and states and links}
        found |= {("parent", *pair) for pair in self.filiations}
        found |= {("kind", *pair, kind) for pair, kind in self.filiations.items() if kind and kinds}
        return found | {("tie", *pair) for pair in self.ties if links}


@st.composite
def families(draw: st.DrawFn) -> Family:
    n = draw(st.integers(2, 7))
    pairs = st.sampled_from(list(combinations(range(n), 2)))
    unions = draw(st.dictionaries(pairs, st.sampled_from(["", *STATES]), max_size=6))
    filiations = draw(st.dictionaries(pairs, st.sampled_from(list(KINDS)), max_size=3))
    kin = unions.keys() | filiations.keys()
    return Family(
        tuple(draw(st.lists(st.sampled_from(["", *SEXES]), min_size=n, max_size=n))),
        tuple(draw(st.lists(st.sampled_from(LIVES), min_size=n, max_size=n))),
        {pair: state for pair, state in unions.items() if pair not in filiations},
        filiations,
        frozenset(draw(st.sets(pairs, max_size=2))) - kin,
        tuple(draw(st.lists(st.integers(0, 99), min_size=n + 6, max_size=n + 6))),
    )


def nothing(events: tuple[str, ...], noise: int) -> str:
    """One of the events that assert nothing, or all of them."""
    return "".join(events) if noise % 2 == 0 else events[noise % len(events)]


def gedcom(family: Family, folder: Path) -> Path:
    text, unions = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n", list(family.unions.items())
    lives = {"deceased": "1 DEAT Y\n", "alive": "1 NO DEAT\n"}
    for n, (sex, life) in enumerate(zip(family.sexes, family.lives, strict=True)):
        text += f"0 @I{n}@ INDI\n" + (f"1 SEX {SEXES[sex]}\n" if sex else "")
        text += lives.get(life, nothing(NO_DEATH, family.noise[n]))
        text += "".join(f"1 ASSO @I{other}@\n2 RELA x\n" for one, other in sorted(family.ties) if one == n)
        text += "".join(f"1 FAMC @F{a}{b}@\n{KINDS[k]}" for (a, b), k in family.filiations.items() if b == n)
    for a, b in family.filiations:
        text += f"0 @F{a}{b}@ FAM\n1 {'WIFE' if family.sexes[a] == 'woman' else 'HUSB'} @I{a}@\n1 CHIL @I{b}@\n"
    for number, ((a, b), state) in enumerate(unions):
        event = STATES[state] or nothing(NO_UNION, family.noise[-1 - number])
        text += f"0 @U{a}{b}@ FAM\n1 HUSB @I{a}@\n1 WIFE @I{b}@\n{event}"
    (folder / "f.ged").write_text(text + "0 TRLR\n", encoding="utf-8")
    return folder / "f.ged"


def graphml(family: Family, folder: Path) -> Path:
    names = {"node": ("kind", "sex", "life", "comment"), "edge": ("relation", "state", "filiation", "weight")}
    keys = "".join(f'<key id="{n}" for="{what}" attr.name="{n}"/>' for what, all_ in names.items() for n in all_)

    def data(**said: str) -> str:
        return "".join(f'<data key="{key}">{value}</data>' for key, value in said.items() if value)

    body = ""
    for n, (sex, life) in enumerate(zip(family.sexes, family.lives, strict=True)):
        body += f'<node id="{n}">{data(kind="person", sex=sex, life=life, comment="deceased, married")}</node>'
    for (a, b), state in family.unions.items():
        body += f'<edge source="{a}" target="{b}">{data(relation="couple", state=state, weight="2")}</edge>'
    for (a, b), kind in family.filiations.items():
        body += f'<edge source="{a}" target="{b}">{data(relation="parent", filiation=kind)}</edge>'
    body += "".join(f'<edge source="{a}" target="{b}">{data(weight="1")}</edge>' for a, b in sorted(family.ties))
    (folder / "f.graphml").write_text(f"<graphml>{keys}<graph>{body}</graph></graphml>", encoding="utf-8")
    return folder / "f.graphml"


def pedigree(family: Family, folder: Path) -> Path:
    text = "fam\tid\tfather\tmother\tsex\tdeceased\taffected\n"
    for n, (sex, life) in enumerate(zip(family.sexes, family.lives, strict=True)):
        parents = [*[f"p{a}" for a, b in family.filiations if b == n][:2], "0", "0"]
        dead = {"deceased": "Y", "alive": "N"}.get(life, ".")
        text += f"f\tp{n}\t{parents[0]}\t{parents[1]}\t{SEXES.get(sex, '0')}\t{dead}\t{family.noise[n] % 3}\n"
    (folder / "f.ped").write_text(text.replace("\t0\t", "\t.\t") if family.noise[0] % 2 else text, encoding="utf-8")
    return folder / "f.ped"


def gexf(family: Family, folder: Path) -> Path:
    """The same as GraphML in the words of Gephi: values by number of an attribute, a label and a kind of the edge."""
    names = {"node": ("kind", "sex", "life", "comment"), "edge": ("state", "filiation", "weight")}
    body = ""
    for about, all_ in names.items():
        told = "".join(f'<attribute id="{n}" title="{name}"/>' for n, name in enumerate(all_))
        body += f'<attributes class="{about}">{told}</attributes>'

    def element(tag: str, at: str, values: tuple[str, ...]) -> str:
        told = "".join(f'<attvalue for="{n}" value="{value}"/>' for n, value in enumerate(values) if value)
        return f"<{tag} {at}><attvalues>{told}</attvalues></{tag}>"

    for n, (sex, life) in enumerate(zip(family.sexes, family.lives, strict=True)):
        body += element("node", f'id="{n}" label="Mme Secret"', ("person", sex, life, "deceased, married"))
    links = [(a, b, 'kind="couple"', (state, "", "2")) for (a, b), state in family.unions.items()]
    links += [(a, b, 'kind="parent" type="directed"', ("", kind)) for (a, b), kind in family.filiations.items()]
    links += [(a, b, 'type="mutual" label="married"', ("", "", "1")) for a, b in sorted(family.ties)]
    body += "".join(element("edge", f'source="{a}" target="{b}" {at}', told) for a, b, at, told in links)
    (folder / "f.gexf").write_text(f'<gexf xmlns="http://gexf.net/1.3"><graph>{body}</graph></gexf>', encoding="utf-8")
    return folder / "f.gexf"


def plink(family: Family, folder: Path) -> Path:
    """Six columns without a title, set apart by blanks."""
    text = ""
    for n, sex in enumerate(family.sexes):
        parents = [*[f"p{a}" for a, b in family.filiations if b == n][:2], "0", "0"]
        number, trait = {"man": 1, "woman": 2}.get(sex, 0), (-9, 1, 2)[family.noise[n] % 3]
        text += f"f p{n} {parents[0]} {parents[1]} {number} {trait}\n"
    (folder / "f.fam").write_text(text.rstrip("\n"), encoding="utf-8")
    return folder / "f.fam"


def madeline(family: Family, folder: Path) -> Path:
    """The name of each column on a line of its own, then the rows, the last without an end of line."""
    rows = pedigree(family, folder).read_text(encoding="utf-8").splitlines()[1:]
    head = "FamilyId\nIndividualId\nFather\nMother\nGender\nDeceased\nAffected\n\n"
    (folder / "f.ped").write_text(head + "\n".join(row.replace("\t0\t", "\t.\t") for row in rows), encoding="utf-8")
    return folder / "f.ped"


def interview(family: Family, folder: Path) -> Path:
    head = "nodeID,networkCanvasEgoUUID,networkCanvasUUID,name,sex_male,sex_female,relationship,comment\n"
    rows = ""
    for n, sex in enumerate(family.sexes[1:], start=1):
        words = {"partner": (0, n) in family.unions, "child": (0, n) in family.filiations}
        word = next((each for each, told in words.items() if told), "relative")
        rows += f"{n},e,u{n},X,{str(sex == 'man').upper()},{str(sex == 'woman').upper()},{word},dead married\n"
    with zipfile.ZipFile(folder / "f.zip", "w") as made:
        sex = family.sexes[0]
        made.writestr(
            "k_ego.csv", "networkCanvasEgoUUID,sex_male,sex_female\n" + f"e,{sex == 'man'},{sex == 'woman'}\n"
        )
        made.writestr("k_attributeList_Person.csv", head + rows)
    return folder / "f.zip"


def facts(records: Records) -> set[Fact]:
    """Every fact in records, by the number of each person; what is marked as a reading is none."""
    number = {id_: n for n, id_ in enumerate(records.persons["id"])}
    found: set[Fact] = set()
    for column in ("gender", "life", "age", "age_band", "death", "twin_group"):
        told = enumerate(texts(records.persons, column, "any" if column == "death" else "string"))
        found |= {(column, n, value) for n, value in told if value}
    for a, b, state, start, end in records.couples[["partner_a", "partner_b", "state", "start", "end"]].itertuples(
        index=False
    ):
        pair = sorted((number[a], number[b]))
        found |= {("union", *pair)} | {("state", *pair, each) for each in (state, start, end) if isinstance(each, str)}
    for a, b, kind, reading in records.filiations[["parent", "child", "kind", "reading"]].itertuples(index=False):
        found |= {("parent", number[a], number[b])}
        found |= {("kind", number[a], number[b], kind)} if isinstance(kind, str) and not reading else set()
    for a, b in records.ties[["from_person", "to_person"]].itertuples(index=False):
        found |= {("tie", *sorted((number[a], number[b])))}
    known = {"consents", "households", "persons", "couples", "filiations", "ties"}
    return found | {("rows of", table) for table in set(table_names()) - known if len(records.table(table))}


@pytest.mark.parametrize("write", [gedcom, graphml, gexf, pedigree, plink, madeline, interview])
@SLOWLY
@given(family=families())
def test_what_a_file_says_is_read_and_nothing_that_it_does_not(
    write: Callable[[Family, Path], Path], family: Family, tmp_path: Path
) -> None:
    said = family.said()
    if write in (pedigree, plink, madeline):
        first = {b: [a for a, c in family.filiations if c == b][:2] for _, b in family.filiations}
        known = ("gender",) if write is plink else ("gender", "life")
        said = {each for each in said if each[0] in known and each[-1] != "alive"}
        pairs = [(a, b) for a, b in family.filiations if a in first[b]]
        said |= {("parent", *pair) for pair in pairs} | {("kind", *pair, "birth") for pair in pairs}  # what PED means
    if write is interview:
        said = {each for each in said if each[0] == "gender" or (each[0] in ("union", "parent") and each[1] == 0)}
    records, report = import_file(write(family, tmp_path))
    assert not report.doubts
    assert facts(records) == said
    assert records.persons["index"].tolist() == [write is interview, *[False] * (len(family.sexes) - 1)]


@SLOWLY
@given(family=families())
def test_an_export_of_the_form_tells_no_more_than_was_answered(family: Family, tmp_path: Path) -> None:
    head = ["KEY"] + [f"household-{each.name}" for each in main_questions("fr")]
    tables = {"f": [head, ["uuid:1", *[""] * (len(head) - 1)]]}
    tables["f-persons"] = [["PARENT_KEY", "persons-role", "persons-residence", "persons-gender", "persons-life"]]
    for sex, life in zip(family.sexes, family.lives, strict=True):
        tables["f-persons"].append(["uuid:1", "adult", "elsewhere", sex, life])
    tables["f-couples"] = [["PARENT_KEY", "partner_a", "partner_b", "state"]]
    tables["f-couples"] += [["uuid:1", f"{a + 1}", f"{b + 1}", state] for (a, b), state in family.unions.items()]
    tables["f-filiations"] = [
        ["PARENT_KEY", "parent", "child", "kind/step", "kind/adoption", "kind/foster", "kind/birth"],
    ]
    for (a, b), kind in family.filiations.items():
        chosen = [str(int(kind == each)) if kind else "" for each in ("step", "adoption", "foster", "birth")]
        tables["f-filiations"].append(["uuid:1", f"{a + 1}", f"{b + 1}", *chosen])
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as made:
        for name, rows in tables.items():
            made.writestr(f"{name}.csv", "\n".join(map(",".join, rows)))
    found = facts(records_of_pages(read_workbook(tmp_path / "f.zip")))
    assert found == {each for each in family.said() if each[0] != "tie"}


WORDS = {"woman": "femme", "man": "homme", "deceased": "décédée", "alive": "en vie", "": ""}


@SLOWLY
@given(family=families())
def test_a_cell_that_is_empty_in_a_table_of_their_own_stays_empty(family: Family, tmp_path: Path) -> None:
    rows = [f"F1;P{n};{WORDS[sex]};{'x' * (life == 'alive')}" for n, (sex, life) in
            enumerate(zip(family.sexes, family.lives, strict=True))]  # fmt: skip
    (tmp_path / "t.csv").write_text("\n".join(["Famille;Prénom;Sexe;Pointure", *rows]), encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[sheets.t]\ntable = "persons"\nheader = 1\n[sheets.t.columns]\nFamille = "household"\n'
        '"Prénom" = "given_name"\nSexe = "gender"\nPointure = ""\n',
        encoding="utf-8",
    )
    lines = read_workbook(tmp_path / "t.csv", mapping).tables["persons"].lines
    for sex, line in zip(family.sexes, lines, strict=True):
        told = {name: text for name, text in line.cells.items() if text}
        assert told.keys() <= {"id", "household", "gender"}
        assert told.get("gender", "") == sex
