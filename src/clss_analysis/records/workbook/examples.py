"""The grey rows that show how a sheet is filled in, and that no import takes."""

from __future__ import annotations

from collections.abc import Mapping

from clss_analysis.records.vocabulary import message, message_keys

_CELLS: Mapping[str, Mapping[str, str]] = {
    "households": {"id": "M1", "household_type": "lone_mother", "french": "some", "income": "social_assistance",
                   "intake": "2023-11", "outcome": "ongoing", "consent": "accord-1", "reading": "false"},
    "persons": {"id": "M1-1", "household": "M1", "role": "mother", "gender": "woman", "age": "34", "life": "alive",
                "index": "true", "residence": "household", "reading": "false"},
    "couples": {"household": "M1", "partner_a": "M1-1", "partner_b": "M1-2", "state": "separated", "end": "2022-06"},
    "filiations": {"household": "M1", "parent": "M1-1", "child": "M1-3", "kind": "birth"},
    "situations": {"household": "M1", "order": "1", "ethos": "e12", "start": "2021-03"},
    "housing_problems": {"household": "M1", "problem": "health_damp", "start": "2021-10"},
    "criteria": {"household": "M1", "criterion": "psychological_impact", "met": "true", "assessed": "2023-11"},
    "health_impacts": {"household": "M1", "person": "M1-1", "domain": "mental_health", "symptom": "insomnia"},
    "domain_impacts": {"household": "M1", "person": "M1-3", "domain": "schooling", "impact": "no_place_to_study"},
    "actors": {"id": "cpas", "kind": "service", "sector": "social"},
    "ties": {"household": "M1", "from_actor": "cpas", "to_person": "M1-1", "direction": "two_way",
             "quality": "ordinary"},
    "events": {"household": "M1", "order": "1", "month": "2023-11", "kind": "contact", "lane": "support"},
    "case_notes": {"household": "M1", "section": "battle", "order": "1"},
    "relevance_nodes": {"id": "M1-b", "household": "M1", "level": "aim", "order": "1"},
    "statements": {"household": "M1", "context": "individual", "wording": "paraphrase"},
    "codes": {"id": "temps"},
    "codings": {"household": "M1", "statement": "M1-p1", "code": "temps", "coder": "L1"},
    "consents": {"id": "accord-1", "scope": "counted", "granted": "2023-12"},
    "workshops": {"id": "ecriture", "theme": "writing", "sessions": "6", "month": "2024-02"},
    "attendance": {"workshop": "ecriture", "household": "M1", "person": "M1-1", "sessions": "4"},
}  # fmt: skip


def example(table: str, lang: str) -> dict[str, str]:
    """The example of a table's sheet, column → cell as a dataset would hold it; empty where there is none.

    >>> example("couples", "fr")["state"]
    'separated'
    """
    if table not in _CELLS:
        return {}
    prefix = f"workbook.example.{table}."
    told = {key.removeprefix(prefix): message(key, lang) for key in message_keys() if key.startswith(prefix)}
    return {**_CELLS[table], **told}
