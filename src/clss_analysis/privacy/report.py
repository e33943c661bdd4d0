"""What the gate found in a dataset, said like help: what it is, why it matters, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from clss_analysis.privacy.consents import COUNTED, TOLD, scopes_of, unquoted, unreleased
from clss_analysis.privacy.gate import undecided_texts
from clss_analysis.privacy.ledger import waiting
from clss_analysis.privacy.risk import DatasetRisk, TableRisk, assess
from clss_analysis.records import Records, label, message
from clss_analysis.records.arguments import instance
from clss_analysis.records.descriptor import edition_groups
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.typography import counted
from clss_analysis.records.workbook.plan import column_words

SHOWN_ROWS = 5  # rows that a report names before it counts the others, so that it fits a screen


@dataclass(frozen=True)
class Found:
    """One finding: its topic, its sentences, whether it shuts the gate, and its numbers for other programs."""

    topic: str
    lines: tuple[str, ...]
    shuts: bool
    numbers: dict[str, object]


def check(records: Records, lang: str = "fr") -> list[Found]:
    """Look at everything that decides what may leave the house.

    Returns:
        Findings on consents, texts, and the risk of being recognised, in this order; never the content of a cell.
    """
    instance("records", records, Records, "records, such as clss.read(folder)")
    return [_consents(records, lang), _texts(records, lang), _risk(records, lang)]


def check_report(found: Sequence[Found], lang: str = "fr") -> list[str]:
    """Findings as lines: a verdict, then a paragraph per topic.

    >>> import clss_analysis as clss
    >>> " ".join(check_report(check(clss.read("data/publication")))[0].split())
    'Ce jeu peut sortir : la porte est ouverte.'
    """
    verdict = "privacy_check_shut" if any(each.shuts for each in found) else "privacy_check_open"
    lines = [message(verdict, lang)]
    for each in found:
        lines += ["", message(f"privacy_check_{each.topic}", lang), *(f"  {line}" for line in each.lines)]
    return lines


def _consents(records: Records, lang: str) -> Found:
    scopes = scopes_of(records)
    if is_made_up(records):
        said = (counted("privacy_synthetic", len(scopes), lang),)
        return Found("consents", said, shuts=False, numbers={"synthetic": len(scopes)})
    count = Counter(scopes.values())
    lines = [message("privacy_not_made_up", lang)] if records.synthetic else []
    if count[TOLD]:
        lines.append(message("privacy_told", lang, n=count[TOLD], scope=label("consent_scope", TOLD, lang)))
    if count[COUNTED]:
        lines.append(message("privacy_counted", lang, n=count[COUNTED]))
        lines.append(message("privacy_threshold", lang, threshold=records.threshold))
    for out, key in ((False, "privacy_in_editions"), (True, "privacy_out_of_editions")):
        known = [len(each["households"]) for each in edition_groups(records.extra) if each["out"] is out]
        lines += [message(key, lang, n=sum(known))] if known else []
    if waiting(records):
        lines.append(message("privacy_waiting", lang, threshold=records.threshold))
    if silent := unquoted(records):
        lines.append(message("privacy_unquoted", lang, households=", ".join(silent)))
    missing = unreleased(records)
    lines += [message(key, lang, household=each) for each, key in missing.items()]
    numbers: dict[str, object] = {"told": count[TOLD], "counted": count[COUNTED], "unreleased": list(missing)}
    return Found("consents", tuple(lines), shuts=bool(missing), numbers=numbers)


def _texts(records: Records, lang: str) -> Found:
    if is_made_up(records):
        return Found("texts", (message("privacy_texts_synthetic", lang),), shuts=False, numbers={"undecided": 0})
    texts = undecided_texts(records)
    line = counted("privacy_undecided", texts, lang) if texts else message("privacy_texts_decided", lang)
    return Found("texts", (line,), shuts=texts > 0, numbers={"undecided": texts})


def _risk(records: Records, lang: str) -> Found:
    found = assess(records)
    lines = [] if is_made_up(records) else [message("privacy_risk_why", lang, k=found.least_alike)]
    for table in found.tables:
        lines += _table_lines(records, table, found, lang)
    if any(table.risky for table in found.tables):
        lines.append(message("privacy_risk_do", lang))
    unsaid = [
        f"{table}.{each['name']}"
        for table, declared in records.own_fields.items()
        for each in declared
        if "disclosure" not in each
    ]
    if unsaid:
        lines.append(message("privacy_own_unsaid", lang, columns=", ".join(unsaid)))
    numbers: dict[str, object] = {
        "least_alike": found.least_alike,
        "tables": [_numbers(table) for table in found.tables],
    }
    return Found("risk", tuple(lines), shuts=False, numbers=numbers)


def _table_lines(records: Records, table: TableRisk, found: DatasetRisk, lang: str) -> list[str]:
    title = message(f"title.{table.table}", lang)
    listed = ", ".join(_field(records, table.table, name, lang) for name in table.quasi_identifiers)
    if not table.risky:
        return [message("privacy_risk_none", lang, table=title, fields=listed, k=found.least_alike)]
    some = {"table": title, "fields": listed, "k": found.least_alike, "n": len(table.risky), "all": len(table.rows)}
    lines = [message("privacy_risk_some" if len(table.risky) > 1 else "privacy_risk_one", lang, **some)]
    for row in table.risky[:SHOWN_ROWS]:
        by = ", ".join(_field(records, table.table, name, lang) for name in row.fields)
        key = "privacy_risk_alone" if row.alike == 1 else "privacy_risk_row"
        lines.append("  " + message(key, lang, row=row.row, alike=row.alike, by=by))
    if len(table.risky) > SHOWN_ROWS:
        lines.append("  " + counted("privacy_risk_more", len(table.risky) - SHOWN_ROWS, lang))
    for step in table.steps[:2]:
        what = {
            "field": _field(records, table.table, step.field, lang),
            "helped": step.helped,
            "lost": round(100 * step.lost),
        }
        lines.append("  " + message(f"privacy_step_{step.kind}{'' if step.helped > 1 else '_one'}", lang, **what))
    return lines


def _field(records: Records, table: str, name: str, lang: str) -> str:
    own = next((str(field.get("title", name)) for field in records.fields(table) if field["name"] == name), name)
    title = column_words("column", table, name, lang) or own
    return title[:1].lower() + title[1:]


def _numbers(table: TableRisk) -> dict[str, object]:
    return {
        "table": table.table,
        "quasi_identifiers": list(table.quasi_identifiers),
        "missing": table.missing,
        "k": table.k,
        "expected_matches": round(table.expected, 6),
        "special_uniques": table.special_uniques,
        "risky": [{"row": row.row, "alike": row.alike, "fields": list(row.fields)} for row in table.risky],
        "spread": [vars(each) for each in table.spread],
        "steps": [vars(step) for step in table.steps],
    }
