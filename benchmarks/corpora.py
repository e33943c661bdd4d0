"""Public files of other programs, imported and counted again by a reader that shares nothing with the import.

`python -m benchmarks.corpora FOLDER` takes a folder with a folder of files for each collection and prints the table of
`corpora.md`.  The files are not part of the repository.
"""

from __future__ import annotations

import re
import sys
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import networkx as nx

from clss_analysis.records import InvalidRecordsError, import_file

WHAT = ("persons", "unions", "filiations", "deaths", "ties")
Line = tuple[int, str, str, str]


def gedcom(path: Path) -> Counter[str]:
    """Counts of a GEDCOM by its lines alone: who points at whom, and whose death has a date, a place, an age or `Y`."""
    content = path.read_bytes()
    if path.suffix.lower() == ".gdz":
        with zipfile.ZipFile(path) as archive:
            content = next(archive.read(name) for name in archive.namelist() if name.lower().endswith(".ged"))
    wide = (
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le" if content[1:2] == b"\0" else "latin-1"
    )
    text = content.decode("utf-16-be" if content[:1] == b"\0" else wide, "replace")
    lines: list[Line] = []
    for told in re.finditer(
        r"^\s*(\d{1,2}) +(?:(@[^@]+@) +)?(\w+) ?(.*)$", re.sub("[\r\n]+|ï»¿|\ufeff", "\n", text), re.MULTILINE
    ):
        lines += [(int(told[1]), told[2] or "", told[3].upper(), told[4].strip())]
    persons, families, dead, ties = dict[str, list[Line]](), dict[str, list[Line]](), set[str](), set[tuple[str, str]]()
    record: list[Line] = []
    for number, (level, xref, tag, _) in enumerate(lines):
        if level == 0:
            record = []
            if tag in ("INDI", "FAM"):
                (persons if tag == "INDI" else families).setdefault(xref or f"line {number}", record)
        else:
            record.append(lines[number])
    partners = {
        key: {v for lv, _, tag, v in body if lv == 1 and tag in ("HUSB", "WIFE")} for key, body in families.items()
    }
    children = {key: {v for lv, _, tag, v in body if lv == 1 and tag == "CHIL"} for key, body in families.items()}
    for key, body in persons.items():
        above = ""
        for level, _, tag, value in body:
            above = tag if level == 1 else above
            if level == 1 and tag in ("FAMS", "FAMC") and value in families:
                (partners if tag == "FAMS" else children)[value].add(key)
            if level == 1 and tag == "ASSO" and value in persons:
                ties.add((key, value))
            told = level == 1 and value in ("Y", "y") and tag in AFTER
            told |= level == 2 and above in AFTER and tag in ("DATE", "PLAC", "ADDR") and bool(re.search(r"\w", value))
            told |= level == 2 and above == "DEAT" and tag in ("AGE", "CAUS") and bool(re.search(r"\w", value))
            dead |= {key} if told else set()
    unions, links = set[frozenset[str]](), set[tuple[str, str]]()
    for key, who in partners.items():
        known = who & persons.keys()
        unions |= {frozenset(known)} if len(known) == 2 else set()
        links |= {(parent, child) for parent in known for child in children[key] & persons.keys()}
    return Counter(persons=len(persons), unions=len(unions), filiations=len(links), deaths=len(dead), ties=len(ties))


AFTER = ("DEAT", "BURI", "CREM", "PROB")


def graphml(path: Path) -> Counter[str]:
    """Nodes as persons, edges as ties, by networkx."""
    found = nx.read_gexf(path) if path.suffix == ".gexf" else nx.read_graphml(path, force_multigraph=True)
    return Counter(persons=len(found), ties=len({frozenset(edge[:2]) for edge in found.edges if edge[0] != edge[1]}))


def table(path: Path) -> Counter[str]:
    """Rows of a pedigree as persons, named parents that have a row as filiations, and a column of deaths."""
    text = re.sub("^[ \t]*//.*\n|^[ \t]*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [
        line.split("\t") if "\t" in line else re.split(r'[\s,;"]+', line.strip(' "')) for line in text.splitlines()
    ]
    head = [line[0] for line in lines if len(line) == 1 and line[0]] if len(lines[0]) == 1 else lines.pop(0)
    rows = [row for row in lines if len(row) > 3]
    names = [re.sub("[^a-z]", "", name.lower()) for name in head]
    shift = max(len(rows[0]) - len(head), 0) if rows else 0
    place = {
        to: next((n + shift for n, name in enumerate(names) if name in words), None) for to, words in NAMES.items()
    }
    cells = [{to: row[n] if n is not None and n < len(row) else "" for to, n in place.items()} for row in rows]
    known = {(each["family"], each["person"]) for each in cells}
    links = {(each["family"], each["person"], each[side]) for each in cells for side in ("father", "mother")}
    dead = {(each["family"], each["person"]) for each in cells if each["dead"].upper() in ("Y", "YES", "1")}
    linked = sum((family, parent) in known for family, _, parent in links)
    return Counter(persons=len(known), filiations=linked, deaths=len(dead))


NAMES = {
    "family": ("familyid", "ped", "famid"), "person": ("individualid", "id"), "father": ("father",),
    "mother": ("mother",), "dead": ("deceased",),
}  # fmt: skip
READERS = {".ged": gedcom, ".gdz": gedcom, ".graphml": graphml, ".gexf": graphml, ".ped": table}


def imported(path: Path) -> tuple[Counter[str], int]:
    """What the import makes of a file, and on how many lines it has doubts."""
    records, report = import_file(path)
    pairs = {frozenset(pair) for pair in records.couples[["partner_a", "partner_b"]].to_numpy().tolist()}
    who = path.suffix in (".ged", ".gdz", ".graphml", ".gexf")
    dead = int(records.persons["life"].isin(["deceased", "lost"]).sum())
    ties = len(records.ties)
    if path.suffix in (".graphml", ".gexf"):
        ends = records.ties[["from_person", "from_actor", "to_person", "to_actor"]].astype("string").fillna("")
        ties = len({frozenset({a or b, c or d}) for a, b, c, d in ends.to_numpy().tolist()})
    return Counter(
        persons=len(records.persons) + who * len(records.actors), unions=len(pairs), filiations=len(records.filiations),
        deaths=dead, ties=ties,
    ), len(report.doubts)  # fmt: skip


def main(folder: Path) -> None:
    """Print a row for each collection, then each file that was refused or counted otherwise."""
    notes = []
    print("| collection | files | read | with doubts | refused | " + " | ".join(WHAT) + " |\n|" + "---|" * 10)
    for home in sorted(each for each in folder.iterdir() if each.is_dir()):
        ours, theirs, read, doubted, files = Counter[str](), Counter[str](), 0, 0, 0
        for path in sorted(each for each in home.iterdir() if each.suffix.lower() in READERS):
            files += 1
            name = path.name.rpartition("__")[2]
            try:
                found, doubts = imported(path)
            except InvalidRecordsError as error:
                notes.append((home.name, f"refused: {error.faults[0].told('en').partition(': ')[2]}", name))
                continue
            read, doubted = read + 1, doubted + bool(doubts)
            try:
                counted = READERS[path.suffix.lower()](path)
            except Exception as error:  # another program's reader, whatever it cannot do
                notes.append((home.name, f"the other reader stops: {type(error).__name__}", name))
                continue
            ours, theirs = ours + found, theirs + counted
            other = ", ".join(
                f"{what} {found[what]} for {counted[what]}" for what in WHAT if found[what] != counted[what]
            )
            if other:
                notes.append((home.name, f"{other} ({doubts} doubts)", name))
        cells = [f"{ours[what]}" if ours[what] == theirs[what] else f"{ours[what]} / {theirs[what]}" for what in WHAT]
        print(f"| {home.name} | {files} | {read} | {doubted} | {files - read} | {' | '.join(cells)} |")
    for place, why, name in notes:
        print(f"- {place}: {why}: {name}")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    main(Path(sys.argv[1]))
