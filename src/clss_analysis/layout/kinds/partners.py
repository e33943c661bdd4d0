"""The partners of the project: structural ones with what they bring, occasional ones by sector."""

from __future__ import annotations

from clss_analysis.layout.boards.parts import Record, dagger, in_order, ruled, stack
from clss_analysis.layout.geometry import Label, Layout, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import (
    EVEN,
    MARGIN,
    PLAIN,
    PORTRAIT,
    SMALL_MUTED,
    SMALL_STRONG,
    STRONG,
    NothingToDrawError,
    Part,
    block,
    compose,
)
from clss_analysis.records import Records, Row, codes, label, message
from clss_analysis.records.typography import capital, counted, listed, opening, sentence, text_of, typeset

KIND = Kind(needs="partnerships")
_GUTTER, _PAD, _COLUMNS = 6.0, 2.6, 3
_INNER = PORTRAIT - 2 * MARGIN


def lay_out(records: Records) -> Layout:
    """The partnerships.

    Structural partners stand on top, each with its purpose and what limited it; occasional ones below, under the
    sector of their service, sectors in the order of the vocabulary and those of unknown sector last.

    Args:
        records: the dataset.

    Raises:
        NothingToDrawError: the dataset tells no partnerships.

    >>> import clss_analysis as clss
    >>> clss.figures.partners(clss.read("data/publication")).geometry.kind
    'partners'
    """
    lang = records.lang
    if records.partnerships.empty:
        raise NothingToDrawError(message("partners.nothing", lang))
    actors = {row["id"]: row for row in records.actors.to_dict("records")}
    rows: list[Record] = [
        {**row, "name": text_of(actors[row["actor"]]["label"]), "sector": text_of(actors[row["actor"]]["sector"])}
        for row in in_order(records.partnerships, "id")
        if row["actor"] in actors  # of one household, its own services
    ]
    structural = [row for row in rows if row["kind"] == "structural"]
    occasional = [row for row in rows if row["kind"] != "structural"]
    held = {code: [row for row in occasional if row["sector"] == code] for code in (*codes("sector"), "")}
    sectors = {code: some for code, some in held.items() if some}
    drawn = [*structural, *(row for some in sectors.values() for row in some)]
    sorts = (("structural", structural), ("occasional", occasional))
    said = [counted(f"partners.title.{sort}", len(some), lang) for sort, some in sorts if some]
    title = opening(listed(said, lang), lang)
    return compose(
        "partners",
        records,
        lambda top: _body(structural, sectors, lang, top),
        title=title,
        caption=message("partners.caption", lang),
        alt=_alt(title, structural, sectors, lang),
        rows=[row for r in drawn for row in (Row("partnerships", r["id"]), Row("actors", r["actor"]))],
        notes=[message("figure.reading", lang)] if any(row["reading"] for row in rows) else [],
    )


def _body(structural: list[Record], sectors: dict[str, list[Record]], lang: str, top: float) -> Part:
    part = Part(top)
    if structural:
        part += _head("structural", lang, top)
        columns = min(2, len(structural))
        width = (_INNER - (columns - 1) * _GUTTER) / columns
        for start in range(0, len(structural), columns):
            y = part.bottom + 2
            row = structural[start : start + columns]
            lefts = [MARGIN + i * (width + _GUTTER) for i in range(len(row))]
            texts = [_structural(partner, left, y, width, lang) for partner, left in zip(row, lefts, strict=True)]
            bottom = max(label.box[3] for labels in texts for label in labels) + _PAD
            for partner, left, labels in zip(row, lefts, texts, strict=True):
                box = (left, y, left + width, bottom)
                part += Part(bottom, (Symbol(partner["id"], "node", box, "objective", _rows(partner)),), (), labels)
    if sectors:
        part += _head("occasional", lang, part.bottom + (6 if structural else 0))
        part += _occasional(sectors, lang, part.bottom + 3)
    return part


def _rows(partner: Record) -> tuple[Row, ...]:
    return Row("partnerships", partner["id"]), Row("actors", partner["actor"])


def _head(kind: str, lang: str, top: float) -> Part:
    return ruled(kind, message(f"partners.head.{kind}", lang), (MARGIN, top), _INNER)


def _structural(partner: Record, left: float, top: float, width: float, lang: str) -> tuple[Label, ...]:
    name, x, room = partner["id"], left + _PAD, width - 2 * _PAD
    limit = text_of(partner["limit"])
    return stack(
        name,
        (x, top + _PAD),
        room,
        ("text", _named(partner), STRONG, 0.0),
        ("purpose", text_of(partner["purpose"]), EVEN, 0.4),
        ("limit-head", message("partners.limit", lang) if limit else "", SMALL_STRONG, 1.4),
        ("limit", limit, SMALL_MUTED, 0.2),
    )


def _named(partner: Record) -> str:
    return str(partner["name"]) + dagger(partner)


def _occasional(sectors: dict[str, list[Record]], lang: str, top: float) -> Part:
    """Sectors one under the other in columns, the next one always where there is most room."""
    width = (_INNER - (_COLUMNS - 1) * _GUTTER) / _COLUMNS
    low = [top] * _COLUMNS
    part = Part(top)
    for code, held in sectors.items():
        column = low.index(min(low))
        left, y = MARGIN + column * (width + _GUTTER), low[column]
        words = capital(label("sector", code, lang)) if code else message("partners.no_sector", lang)
        head = block(f"sector-{code or 'unknown'}", words, (left, y), width, SMALL_STRONG)
        part += Part(head.box[3], labels=(head,))
        y = head.box[3] + 0.4
        for partner in held:
            name = partner["id"]
            labels = [block(f"{name}-text", _named(partner), (left, y), width, PLAIN, of=name)]
            if purpose := text_of(partner["purpose"]):
                at = (left + 2.5, labels[0].box[3])
                labels.append(block(f"{name}-purpose", purpose, at, width - 2.5, SMALL_MUTED, of=name))
            bottom = labels[-1].box[3] + 0.5
            shape = Symbol(name, "node", (left, y, left + width, bottom), "cell", _rows(partner))
            part += Part(bottom, (shape,), (), tuple(labels))
            y = bottom
        low[column] = y + 3.4
    return part


def _alt(title: str, structural: list[Record], sectors: dict[str, list[Record]], lang: str) -> str:
    said = [sentence(title)]
    for partner in structural:
        said.append(sentence(f"{message('partners.head.structural', lang)}\u202f: {partner['name']}"))
        said += [sentence(text_of(partner[name])) for name in ("purpose", "limit") if text_of(partner[name])]
    for code, held in sectors.items():
        words = label("sector", code, lang) if code else message("partners.no_sector", lang)
        names = "\u202f; ".join(partner["name"] for partner in held)
        said.append(sentence(message("partners.alt.sector", lang, sector=words, names=names)))
    return typeset(" ".join(said), lang)
