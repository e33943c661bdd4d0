"""What a whole dataset amounts to, in tables and sentences: counts of households, and what they cannot say."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import networkx as nx
import pandas as pd
from IPython.display import Markdown

from clss_analysis.measures import code_of, completeness, household_overview
from clss_analysis.privacy import clear
from clss_analysis.privacy.ledger import ledger
from clss_analysis.privacy.origin import remembered
from clss_analysis.records import Records, codes, escape, label, message, typography
from clss_analysis.records.intake import in_practice
from clss_analysis.records.schema import table_names
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.typography import listed, opening, quoted
from clss_analysis.records.vocabulary import column_title
from clss_analysis.runs.markdown import shown
from clss_analysis.runs.tellable import by_origin, tellable


@by_origin
def dataset_overview(records: Records, *, lang: str = "fr") -> Markdown:
    """What the dataset is, how many households are in it, under which consent, and whether it is synthetic."""
    cleared, entered = clear(records), ledger(records)
    records = entered.records
    households = number(
        "findings.households", len(records.households), lang, title=escape.markdown(quoted(records.title, lang))
    )
    if is_made_up(records):
        return shown(f"{message('findings.synthetic', lang)}\n\n{households}")
    if records.households.empty and not entered.left_out:
        return shown(households)
    said = [households, number("findings.told", len(cleared.told), lang, of=len(records.households))]
    used = records.consents[records.consents["id"].isin(records.households["consent"])]
    said += [message("findings.consent_reading", lang)] if bool(used["reading"].any()) else []
    counted_only = len(entered.only_counted)
    said += [number("findings.counted", counted_only, lang)] if counted_only else []
    said += [message("findings.too_few", lang, threshold=entered.threshold)] if entered.left_out else []
    return shown(" ".join([*said, message("findings.real", lang)]))


@remembered
def inventory(records: Records, *, lang: str = "fr") -> pd.DataFrame:
    """One line per table that has rows: its title, how many rows and readings, how many optional cells are told.

    Returns:
        Columns `table`, `rows`, `readings`, `told` and `unknown` (cells of fields that may be left empty).
    """
    known, records = completeness(records), tellable(records)
    optional = known[~known["required"]]
    lines = []
    for name in table_names():
        frame = records.table(name)
        if len(frame):
            mine = optional[optional["table"] == name]
            told, unknown = int(mine["told"].sum()), int(mine["unknown"].sum())
            lines.append((message(f"title.{name}", lang), len(frame), int(frame["reading"].sum()), told, unknown))
    frame = pd.DataFrame(lines, columns=["table", "rows", "readings", "told", "unknown"])
    frame.attrs = {"units": {"rows": "rows", "readings": "rows", "told": "cells", "unknown": "cells"}}
    return frame


@by_origin
def never_told(records: Records, *, lang: str = "fr") -> Markdown:
    """Which tables have no row at all, and which fields are empty in every row of theirs."""
    known, records = completeness(records), tellable(records)
    empty = [message(f"title.{name}", lang) for name in table_names() if records.table(name).empty]
    silent = known[(known["rows"] > 0) & (known["told"] == 0)]
    sentences = []
    if empty:
        sentences.append(message("findings.empty_tables", lang, what=listed(empty, lang)))
    for name in silent["table"].unique():
        own = {str(field["name"]): str(field.get("title", "")) for field in records.fields(name)}
        fields = silent.loc[silent["table"] == name, "field"]
        names = [column_title(each, lang, name, own[each]) for each in fields]
        names = [each[:1].lower() + each[1:] for each in names]
        title = message(f"title.{name}", lang)
        sentences.append(number("findings.silent", len(names), lang, table=title, what=listed(names, lang)))
    return shown("\n".join(f"- {sentence}" for sentence in sentences) or message("findings.all_told", lang))


@by_origin
def readings(records: Records, *, lang: str = "fr") -> Markdown:
    """How many rows are a reading of their source."""
    frames = [tellable(records).table(name) for name in table_names()]
    rows, read = sum(map(len, frames)), sum(int(frame["reading"].sum()) for frame in frames)
    return shown(" ".join([number("findings.rows", rows, lang), number("findings.readings", read, lang, of=rows)]))


@by_origin
def counted(counts: pd.DataFrame, *, lang: str = "fr") -> Markdown:
    """How far a table of counts reaches: households it counts, those of which nothing is told, cells withheld.

    Args:
        counts: what `measures.incidence` or `measures.cooccurrence` gave, with its `.attrs`.
        lang: fr, nl or en.
    """
    about = counts.attrs
    sentences = [known_sentence("findings.known", about, lang)]
    if about["known"] and about["unknown"]:
        sentences.append(number("findings.unknown", about["unknown"], lang))
    if about.get("withheld"):
        sentences.append(number("findings.withheld", about["withheld"], lang, threshold=about["threshold"]))
    return shown(" ".join(sentences))


def known_sentence(key: str, about: Mapping[Hashable | None, Any], lang: str) -> str:
    """How many households a table of counts is about; that it may not be said, or that some are in none of it."""
    if about["known"] is None:
        return message("findings.known_held", lang)
    if not about.get("left_out"):
        return number(key, about["known"], lang)
    said = [number(key, about["known"], lang)] if about["known"] else []
    return " ".join([*said, message("findings.left_out", lang)])


@remembered
def together(counts: pd.DataFrame, *, lang: str = "fr") -> pd.DataFrame:
    """A table of co-occurrence in words: for each row code, what was told of the same households, and of how many.

    Args:
        counts: what `measures.cooccurrence` gave; a wide table that no page holds.
        lang: fr, nl or en.

    Returns:
        The row codes in words, under the name of their column, and `together`; pairs met in no household are left
        out, withheld ones say so.
    """
    (name, rows), (_, columns) = code_of(counts.attrs["rows"]), code_of(counts.attrs["columns"])
    lines = []
    for code, met in counts.iterrows():
        withheld = message("findings.held", lang)
        pairs = [
            f"{label(columns, str(other), lang)} ({withheld if n is pd.NA else n})"
            for other, n in met.astype("object").items()
            if n is pd.NA or n > 0
        ]
        if pairs:
            lines.append((label(rows, str(code), lang), " · ".join(pairs)))
    return pd.DataFrame(lines, columns=[name, "together"], dtype="string")


@by_origin
def rule_outcome(records: Records, *, lang: str = "fr") -> Markdown:
    """Of how many told households the intake rule can be applied to what is told, and with which outcome."""
    eligible = household_overview(records)["eligible"]
    decided = eligible.dropna().astype(bool)
    found = {"yes": int(decided.sum()), "no": int((~decided).sum()), "open": len(eligible) - len(decided)}
    sentences = [number(f"findings.rule.{answer}", n, lang) for answer, n in found.items() if n]
    return shown(
        " ".join([*sentences, message("findings.rule.said", lang), *map(escape.markdown, in_practice(records))])
    )


@remembered
def services(network: nx.Graph, *, least: int = 0) -> pd.DataFrame:
    """The services of a partner network, those around most households first.

    Args:
        network: what `measures.partner_network` gave.
        least: households around which a service is named, at the least; one that may be several, as the source does
            not tell, is then left out.

    Returns:
        Columns `label`, `sector` and `households`.
    """
    told = [
        about
        for _, about in network.nodes(data=True)
        if about["households"] >= least and not (least > 1 and about["doubted"])
    ]
    columns = ["label", "sector", "households"]
    frame = pd.DataFrame([[about[name] for name in columns] for about in told], columns=columns)
    frame.attrs = {"units": {"households": "households"}}
    return frame.sort_values(["households", "label"], ascending=[False, True], kind="stable").reset_index(drop=True)


@by_origin
def network_overview(network: nx.Graph, *, lang: str = "fr") -> Markdown:
    """How many services are named, how many of them by plans alone, and how many around several households."""
    acting = [about for _, about in network.nodes(data=True) if about["households"]]
    several = [about for about in acting if about["households"] > 1]
    numbers = {
        "planned": sum(about["planned"] for about in acting),
        "alone": network.number_of_nodes() - len(acting),
        "shared": sum(not about["doubted"] for about in several),
        "doubted": sum(about["doubted"] for about in several),
    }
    sentences = [number("findings.services", len(acting), lang)]
    sentences += [number(f"findings.{key}", n, lang) for key, n in numbers.items() if n]
    if network.graph["withheld"]:
        sentences.append(number("findings.withheld_services", network.graph["withheld"], lang))
    return shown(" ".join(sentences))


@by_origin
def partners(records: Records, *, lang: str = "fr") -> Markdown:
    """How many partners of each kind the dataset names."""
    kinds = records.partnerships["kind"].value_counts()
    if kinds.empty:
        return shown(message("table.nothing.partnerships", lang))
    return shown(
        " ".join(
            number(f"findings.partners.{kind}", int(kinds[kind]), lang)
            for kind in codes("partnership_kind")
            if kind in kinds
        )
    )


def number(key: str, n: int, lang: str, *, of: int | None = None, **about: object) -> str:
    """A counting sentence, its first letter upper case and a number at its head in words."""
    return opening(typography.counted(key, n, lang, of=of, **about), lang)
