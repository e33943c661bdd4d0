"""What a reader could work out of all counts that are published together, said as `clss check` says it."""

from __future__ import annotations

from clss_analysis.measures import attack
from clss_analysis.measures.counts import CODED, code_of
from clss_analysis.privacy.report import SHOWN_ROWS, Found
from clss_analysis.records import Records, label, message
from clss_analysis.records.typography import counted


def attack_report(records: Records, lang: str = "fr") -> Found:
    """Attack what would be published, and tell what was found; never a number of households.

    Args:
        records: the dataset beside the editions that were given out.
        lang: of the sentences.
    """
    found = attack(records)
    tried, pairs = found.attrs["tried"], found[["first", "second"]].drop_duplicates()
    if found.empty:
        key = "privacy_publication_held" if found.attrs["editions"] else "privacy_publication_nobody"
        lines = [message(key, lang, n=tried)]
    else:
        lines = [message("privacy_publication_found", lang, n=len(found), all=tried)]
        for first, second in pairs.head(SHOWN_ROWS).itertuples(index=False):
            named = {"first": _named(records, first, lang), "second": _named(records, second, lang)}
            lines.append("  " + message("privacy_publication_pair", lang, **named))
        if len(pairs) > SHOWN_ROWS:
            lines.append("  " + counted("privacy_risk_more", len(pairs) - SHOWN_ROWS, lang))
    numbers: dict[str, object] = {"tried": tried, "found": pairs.to_numpy().tolist()}
    return Found("publication", tuple(lines), shuts=not found.empty, numbers=numbers)


def _named(records: Records, trait: str, lang: str) -> str:
    table, _, code = trait.partition(".")
    if table in CODED:
        return f"{message(f'title.{table}', lang)}, {label(code_of(table)[1], code, lang)}"
    return str(records.actors.set_index("id")["label"].get(code, code)) if table == "actors" else trait
