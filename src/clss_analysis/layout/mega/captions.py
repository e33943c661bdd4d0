"""The words of a mega-sociogenogram: legend, caption, and the text for who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from clss_analysis.layout.geometry import Mark, Symbol
from clss_analysis.layout.mega.choice import Choice, grouped, widths
from clss_analysis.layout.page import Entry, Part
from clss_analysis.measures.ties import HOME, OTHERS, TieNetwork
from clss_analysis.records import label, message
from clss_analysis.records.typography import counted, listed, number, sentence

_SWATCH = 8.4  # mm wide: a sample of a line shows its dashes
_TOP = 5  # links that the description names: more is the table beside the figure


def counting(key: str, n: int, lang: str, **values: object) -> str:
    """A number, written as the language does, with its noun."""
    return counted(key, n, lang, of=None, **values).replace(str(n), number(n, lang=lang), 1)


def sector_name(code: str, lang: str) -> str:
    """The heading of a group; none for the other persons, who name themselves."""
    if code == OTHERS:
        return ""
    return label("sector", code, lang) if code else message("mega.unknown-sector", lang)


def names(network: TieNetwork, lang: str) -> dict[str, str]:
    """What each actor is called."""
    said = {str(actor): str(text) for actor, text in network.actors["label"].items()}
    return said | {OTHERS: message("mega.others", lang)}


def legend_entries(
    symbols: Iterable[Symbol],
    links: Iterable[Mapping[str, Any]],
    marks: Iterable[Mark],
    starts: tuple[int, ...],
    most: int,
    lang: str,
) -> tuple[Entry, ...]:
    """What occurs in this picture and how to read it."""
    roles, drawn, bands = (
        {s.role for s in symbols},
        {str(link["role"]) for link in links},
        {mark.role for mark in marks},
    )
    kinds = {role.removeprefix("mega-").rpartition("-")[0].removesuffix("-both") for role in drawn}
    entries = [
        Entry(message(f"mega.legend.{kind}", lang), _stroke(f"mega-{kind}-2"), _SWATCH)
        for kind in ("helps", "calls", "working", "other")
        if kind in kinds
    ]
    if unknown := sorted(kind for kind in kinds if kind.startswith("unknown")):
        entries.append(Entry(message("mega.legend.unknown", lang), _stroke(f"mega-{unknown[0]}-2"), _SWATCH))
    ends = [*(start - 1 for start in starts[1:]), most]
    for first, last, width in zip(starts, ends, widths(starts), strict=True):
        if first == last:
            words = counting("mega.households", first, lang)
        elif last == most:
            words = message("mega.range.up", lang, a=number(first, lang=lang))
        else:
            words = message("mega.range", lang, a=number(first, lang=lang), b=number(last, lang=lang))
        entries.append(Entry(words, _stroke(f"mega-sample-{width}"), _SWATCH))
    entries += [
        Entry(message(f"sociogenogram.legend.{role}", lang), _area(role), _SWATCH)
        for role in ("service", "professional")
        if role in roles
    ]
    entries.append(Entry(message("mega.legend.size", lang), _sizes, _SWATCH))
    entries += [
        Entry(message(key, lang), _stroke(band, 1.2), _SWATCH)
        for key, band in (
            ("mega.legend.sector", "mega-sector"),
            ("sociogenogram.legend.institution", "mega-institution"),
        )
        if band in bands
    ]
    return tuple(entries)


def caption(network: TieNetwork, choice: Choice, paper: str, lang: str) -> str:
    """What the drawing is, what it withholds, what it leaves out, and on what it must be printed."""
    services = network.actors.index != OTHERS
    chords = int(((choice.links["a"] != HOME) & (choice.links["b"] != HOME)).sum())
    said = message(
        "mega.caption",
        lang,
        households=counting("mega.households", network.households, lang),
        services=counting("mega.services", int(services.sum()), lang),
        links=counting("mega.links", chords, lang),
    )
    sentences = [said, *missing(network, choice, lang)]
    if paper != "A4":
        sentences.append(
            message("mega.format.beyond", lang) if not paper else message("mega.format", lang, format=paper)
        )
    return " ".join(sentences)


def title(network: TieNetwork, lang: str) -> str:
    """How many services there are around how many households."""
    services = counting("mega.services", int((network.actors.index != OTHERS).sum()), lang)
    return message(
        "mega.finding", lang, services=services, households=counting("mega.households", network.households, lang)
    )


def missing(network: TieNetwork, choice: Choice, lang: str) -> list[str]:
    """What the gate withholds and what is not drawn, one sentence each."""
    said = []
    if withheld := network.withheld_links + network.withheld_actors:
        said.append(counting("mega.withheld", withheld, lang, threshold=network.threshold))
    for what, hidden, least in (
        ("chords", choice.hidden_chords, choice.least_chord),
        ("spokes", choice.hidden_spokes, choice.least_spoke),
    ):
        if hidden:
            said.append(counting(f"mega.hidden.{what}", hidden, lang, least=least))
    return said


def alt_text(network: TieNetwork, choice: Choice, lang: str) -> str:
    """How many households and services, who is around most households, who is tied to whom, what is missing."""
    said, actors = names(network, lang), network.actors

    def held(n: int) -> str:
        return counting("mega.households", n, lang)

    sectors = [
        message("mega.alt.counted", lang, what=sector_name(code, lang), n=sum(map(len, group)))
        for code, group in grouped(actors).items()
        if code != OTHERS
    ]
    services = actors[actors.index != OTHERS]
    told = [
        message(
            "mega.alt.start",
            lang,
            households=held(network.households),
            services=counting("mega.services", len(services), lang),
            sectors=listed(sectors, lang),
        )
    ]
    active = _strongest(services.assign(id=services.index), ["id"])
    who = [message("mega.alt.counted", lang, what=said[str(r["id"])], n=held(int(r["households"]))) for r in active]
    told.append(message("mega.alt.active", lang, who=listed(who, lang)))
    calls = _strongest(choice.links[choice.links["kind"] == "calls"], ["b"])
    if calls:
        who = [message("mega.alt.counted", lang, what=said[str(r["b"])], n=held(int(r["households"]))) for r in calls]
        told.append(message("mega.alt.calls", lang, who=listed(who, lang)))
    pairs = _strongest(choice.links[choice.links["kind"] == "working"], ["a", "b"])
    who = [
        message("mega.alt.pair", lang, a=said[str(r["a"])], b=said[str(r["b"])], n=held(int(r["households"])))
        for r in pairs
    ]
    told.append(message("mega.alt.working", lang, who=listed(who, lang)) if who else message("mega.alt.alone", lang))
    if OTHERS in actors.index:
        told.append(message("mega.alt.others", lang, households=held(int(actors["households"][OTHERS]))))
    return " ".join(sentence(each) for each in (*told, *missing(network, choice, lang)))


def _strongest(links: pd.DataFrame, ends: list[str]) -> list[dict[str, Any]]:
    ordered = links.sort_values(["households", *ends], ascending=[False, *[True] * len(ends)], kind="stable")
    return [{str(k): v for k, v in row.items()} for row in ordered.head(_TOP).to_dict("records")]


def _stroke(role: str, inset: float = 0.0) -> Callable[[float, float], Part]:
    def sample(x: float, y: float) -> Part:
        return Part(y, marks=(Mark(((x + inset, y), (x + _SWATCH - inset, y)), role),))

    return sample


def _area(role: str) -> Callable[[float, float], Part]:
    def sample(x: float, y: float) -> Part:
        left = x + (_SWATCH - 3.6) / 2
        return Part(y + 1.8, marks=(Mark(((left, y - 1.8), (left + 3.6, y + 1.8)), role),))

    return sample


def _sizes(x: float, y: float) -> Part:
    small = Mark(((x + 0.6, y - 0.9), (x + 2.4, y + 0.9)), "service")
    return Part(y + 1.8, marks=(small, Mark(((x + 4.2, y - 1.8), (x + 7.8, y + 1.8)), "service")))
