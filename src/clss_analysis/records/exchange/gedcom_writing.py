"""Records as GEDCOM 7: persons and families without name, place or date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import pandas as pd

from clss_analysis.records.exchange.foreign import cell
from clss_analysis.records.exchange.gedcom_lines import COPARENTS, COUPLE_UNSTATED, SYNTHETIC
from clss_analysis.records.rules import SEVERAL
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import codes
from clss_analysis.records.years import lives

_SEX = {"man": "M", "woman": "F", "other": "X", "undisclosed": "U"}
_PEDIGREE = {
    "birth": ["2 PEDI BIRTH"],
    "adoption": ["2 PEDI ADOPTED"],
    "foster": ["2 PEDI FOSTER"],
    "step": ["2 PEDI OTHER", "3 PHRASE step"],
    "": ["2 PEDI OTHER", "3 PHRASE unknown"],
}


@dataclass
class _Family:
    partners: tuple[str, ...]
    state: str | None = None
    children: list[str] = field(default_factory=list)


def gedcom_text(records: Records) -> str:
    """The text of a GEDCOM 7.0 file.

    Every person is an `INDI` with `SEX` and, where so, `DEAT Y` or `NO DEAT`; someone expected has `NO BIRT`, a
    pregnancy lost both `NO BIRT` and `DEAT Y`.
    Every couple is a `FAM` with `MARR Y`, `NO MARR`, `DIV Y` or an event of separation.  A child is linked by `FAMC`
    and `PEDI` to the family of its parents of one kind; parents who are no couple on record are a `FAM` that says so.
    Ties between two persons are `ASSO` of role OTHER.  Children whose number is not told are no `INDI`: the format
    knows single persons alone.
    """
    several = set(records.persons.loc[records.persons["role"] == SEVERAL, "id"])
    families = _families(records, several)
    persons = records.persons[~records.persons["id"].isin(several)]
    xref = {person: f"@I{n}@" for n, person in enumerate(persons["id"], start=1)}
    names = [f"@F{n}@" for n, _ in enumerate(families, start=1)]
    lines = ["0 HEAD", "1 GEDC", "2 VERS 7.0"]
    if is_made_up(records):
        lines.append(f"1 NOTE {SYNTHETIC}")
    kinds = {(row["parent"], row["child"]): cell(row, "kind") for _, row in _links(records).iterrows()}
    ties = _associations(records)
    for _, row in persons.assign(life=lives(persons)).iterrows():
        person = str(row["id"])
        lines.append(f"0 {xref[person]} INDI")
        lines += _said(row)
        for name, family in zip(names, families, strict=True):
            if person in family.children:
                lines += [f"1 FAMC {name}", *_PEDIGREE[kinds[family.partners[0], person]]]
        lines += [f"1 FAMS {name}" for name, family in zip(names, families, strict=True) if person in family.partners]
        for other in filter(xref.get, ties[person]):
            lines += [f"1 ASSO {xref[other]}", "2 ROLE OTHER"]
    women = set(records.persons.loc[records.persons["gender"] == "woman", "id"])
    for name, family in zip(names, families, strict=True):
        lines.append(f"0 {name} FAM")
        lines += _partners(family, women, xref)
        lines += [f"1 CHIL {xref[child]}" for child in family.children]
        lines += _state(family)
    return "\n".join([*lines, "0 TRLR", ""])


def _said(row: pd.Series) -> list[str]:
    sex, life = _SEX.get(cell(row, "gender"), ""), cell(row, "life")
    lines = [f"1 SEX {sex}"] if sex else []
    if life in ("expected", "lost"):
        lines.append("1 NO BIRT")
    if life in ("deceased", "lost"):
        lines.append("1 DEAT Y")
    if life == "alive":
        lines.append("1 NO DEAT")
    return lines


def _links(records: Records) -> pd.DataFrame:
    """Filiations; of two persons who have several, the one that PEDI says: adoption before all that went before."""
    links = records.filiations
    rank = links["kind"].map({kind: n for n, kind in enumerate(codes("filiation_kind"))})
    return links.loc[rank.sort_values(kind="stable").index].drop_duplicates(["parent", "child"]).sort_index()


def _families(records: Records, several: set[str]) -> list[_Family]:
    families = [
        _Family((str(row["partner_a"]), str(row["partner_b"])), cell(row, "state"))
        for _, row in records.couples.iterrows()
    ]
    by_pair: dict[frozenset[str], _Family] = {}
    for family in families:
        by_pair.setdefault(frozenset(family.partners), family)
    parents: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for _, row in _links(records).iterrows():
        parents[str(row["child"])][cell(row, "kind")].append(str(row["parent"]))
    for child in _eldest_first(records.persons[~records.persons["id"].isin(several)]):
        for alike in parents[child].values():
            for pair in _pairs(alike, by_pair):
                key = frozenset(pair)
                if key not in by_pair:
                    by_pair[key] = _Family(pair)
                    families.append(by_pair[key])
                by_pair[key].children.append(child)
    return families


def _pairs(parents: list[str], known: dict[frozenset[str], _Family]) -> list[tuple[str, ...]]:
    """Parents by two, couples on record first."""
    left = list(parents)
    pairs: list[tuple[str, ...]] = []
    while left:
        one = left.pop(0)
        other = next((each for each in left if frozenset((one, each)) in known), left[0] if left else None)
        if other is not None:
            left.remove(other)
        pairs.append((one,) if other is None else (one, other))
    return pairs


def _eldest_first(persons: pd.DataFrame) -> list[str]:
    far = 10**6
    keyed = [
        (far if pd.isna(row["birth_order"]) else int(row["birth_order"]), place, str(row["id"]))
        for place, (_, row) in enumerate(persons.iterrows())
    ]
    return [person for _, _, person in sorted(keyed)]


def _partners(family: _Family, women: set[str], xref: dict[str, str]) -> list[str]:
    """HUSB and WIFE are places, not sexes; a woman and a man stand where readers expect them."""
    ordered = sorted(family.partners, key=lambda person: person in women)
    tags = ("WIFE",) if len(ordered) == 1 and ordered[0] in women else ("HUSB", "WIFE")
    return [f"1 {tag} {xref[person]}" for tag, person in zip(tags, ordered, strict=False)]


def _state(family: _Family) -> list[str]:
    if len(family.partners) < 2:
        return []
    if family.state is None:
        return ["1 EVEN", f"2 TYPE {COPARENTS}"]
    return {
        "married": ["1 MARR Y"],
        "unmarried": ["1 NO MARR"],
        "separated": ["1 EVEN", "2 TYPE Separation"],
        "divorced": ["1 DIV Y"],
    }.get(family.state, ["1 EVEN", f"2 TYPE {COUPLE_UNSTATED}"])


def _associations(records: Records) -> dict[str, list[str]]:
    ties: dict[str, list[str]] = defaultdict(list)
    for _, row in records.ties.iterrows():
        source, target = cell(row, "from_person"), cell(row, "to_person")
        if source and target and target not in ties[source]:
            ties[source].append(target)
    return ties
