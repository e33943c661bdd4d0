"""A small sound dataset that the tests of records write, and then break in one place."""

from __future__ import annotations

import csv
from pathlib import Path

from clss_analysis.privacy import Clearance, clear
from clss_analysis.privacy.review import decide, undecided
from clss_analysis.records import Records, synthesise
from clss_analysis.records.decisions import Decision
from clss_analysis.records.descriptor import as_json, describe
from clss_analysis.records.schema import fields, table_names, table_schema

Rows = dict[str, list[dict[str, str]]]


def sound_rows() -> Rows:
    def row(**cells: str) -> dict[str, str]:
        return {"source": "essai", "reading": "false"} | {name.rstrip("_"): cell for name, cell in cells.items()}

    rows: Rows = {name: [] for name in table_names()}
    rows["consents"] = [row(id="CO1", label="Accord", scope="told")]
    rows["households"] = [
        row(id="A", label="Ménage A", intake="2023-01", closing="2023-11", consent="CO1"),
        row(id="B", label="Ménage B", household_type="lone_mother"),
    ]
    person = {"life": "alive", "residence": "household", "index": "false"}
    rows["persons"] = [
        row(id="A1", household="A", label="Mère", role="mother", **person | {"index": "true"}, age="34"),
        row(id="A2", household="A", label="Père", role="father", **person),
        row(id="A3", household="A", label="Fille", role="daughter", **person, age="4"),
        row(id="A4", household="A", label="Grand-mère", role="grandmother", **person),
        row(id="B1", household="B", label="Mère", role="mother", **person),
    ]
    rows["couples"] = [row(id="AC1", household="A", partner_a="A1", partner_b="A2", state="married")]
    rows["filiations"] = [
        row(id="AF1", household="A", parent="A1", child="A3", kind="birth"),
        row(id="AF2", household="A", parent="A4", child="A1", kind="birth"),
    ]
    rows["criteria"] = [row(id="AK1", household="A", criterion="isolation", met="true")]
    rows["housing_problems"] = [row(id="AP1", household="A", problem="health_damp", start="2022-01", end="2023-01")]
    rows["actors"] = [
        row(id="X1", label="Service social", kind="service"),
        row(id="X2", label="Voisine", kind="other_person", household="B"),
    ]
    rows["ties"] = [
        row(id="AT1", household="A", from_actor="X1", to_person="A1", direction="one_way"),
        row(id="AT2", household="A", to_actor="X1", direction="two_way"),
    ]
    rows["relevance_nodes"] = [
        row(id="AN1", household="A", level="aim", order="1", label="But"),
        row(id="AN2", household="A", level="objective", parent="AN1", order="1", label="Objectif", relevance="0.6"),
        row(id="AN3", household="A", level="action", parent="AN2", order="1", label="Action", progress="40"),
        row(id="AN4", household="A", level="means", parent="AN1", order="1", label="Moyen"),
        row(id="AN5", household="A", level="objective", parent="AN1", order="2", label="Autre", relevance="0.4"),
    ]
    rows["relevance_links"] = [row(id="AL1", household="A", parent="AN5", child="AN3")]
    rows["programme"] = [
        row(id="P1", section="axis", order="1", label="Axe"),
        row(id="P2", section="axis", parent="P1", order="1", label="Visée"),
    ]
    rows["context_statistics"] = [row(id="S1", label="Part", value="31", unit="%")]
    return rows


def write_rows(folder: Path, rows: Rows, **package: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for table in table_names():
        names = [field["name"] for field in fields(table)]
        with (folder / table_schema(table)["path"]).open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[table])
    said = {"name": "essai", "title": "Essai", "synthetic": False, "source_line": "Essai"} | package
    (folder / "datapackage.json").write_text(as_json(describe(**said)), encoding="utf-8")  # type: ignore[arg-type]
    return folder


def clearance_for(*households: str) -> Clearance:
    """What the gate gives for made-up households of these ids."""
    cohort = synthesise(len(households), 1)
    return clear(cohort.with_tables(households=cohort.households.assign(id=list(households))))


def accepted(records: Records) -> Records:
    """The records as if a person had accepted every possible identifier in their texts."""
    decisions = [
        Decision(
            each.table, each.column, each.hash, each.finding.start, each.finding.end, each.finding.kind,
            "accept", "ordinary_word", "research", "2026-01",
        )
        for each in undecided(records)
    ]  # fmt: skip
    return decide(records, decisions, {})
