"""The ties of a picture as a numbered table: whose each arrow is, what it says, and since when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pandas as pd

from clss_analysis.layout.genogram.arrows.bundles import DENSE
from clss_analysis.layout.genogram.arrows.tie_labels import placed_texts
from clss_analysis.layout.genogram.arrows.typed_ties import end_of
from clss_analysis.layout.genogram.family.kinship import kin
from clss_analysis.layout.genogram.persons_in_words import called
from clss_analysis.layout.genogram.text_version import when_words
from clss_analysis.layout.geometry import Layout, Line
from clss_analysis.layout.page import FINE, MARGIN, block
from clss_analysis.records import Case, label, message
from clss_analysis.records.years import rows as rows_of


def numbered(layout: Layout, case: Case, *, asked: bool | None = None) -> Layout:
    """A sociogenogram with a number beside each arrow and its `ties` as a table, in the order of the page.

    The table takes the place of what the long description says of ties.

    Args:
        layout: of the household.
        case: the household.
        asked: whether there are numbers; default: where more than 60 ties are drawn, from which on ties are bundled
            and no reader follows them all.
    """
    arrows: dict[str, list[Line]] = defaultdict(list)
    for line in layout.lines:
        if line.kind == "arrow":
            arrows[line.id.removesuffix("-back")].append(line)
    told = {name: dict.fromkeys(row.row for line in lines for row in line.rows) for name, lines in arrows.items()}
    if not arrows or not (sum(map(len, told.values())) > DENSE if asked is None else asked):
        return layout
    sample = f"[{'8' * len(str(len(arrows)))}]"
    wanted = {lines[0].id: sample for lines in arrows.values()}
    page = (0.5, 0.5, layout.width - 0.5, layout.height - 0.5)
    strokes = (Line("", "edge", mark.path, "") for mark in layout.marks if mark.role.endswith("strokes"))
    beside, _ = placed_texts(wanted, (*layout.lines, *strokes), layout.symbols, layout.labels, page, layout.lang)
    signs = {sign.of: sign for sign in beside if sign.lines == (sample,)}
    spots = {name: signs[n.id].box if n.id in signs else n.path[0] for name, (n, *_) in arrows.items()}
    order = {name: n for n, name in enumerate(sorted(arrows, key=lambda name: (spots[name][1::-1], name)), start=1)}
    marks = (replace(signs[n.id], lines=(f"[{order[name]}]",)) for name, (n, *_) in arrows.items() if n.id in signs)
    people = kin(case, lang=layout.lang).members.values()
    names = {f"person-{p}": who for p, who in called(people, layout.lang).items()}
    names |= {f"actor-{row['id']}": str(row["label"]) for row in case.actors.to_dict("records")}
    names |= {f"household-{case.id}": message("sociogenogram.home", layout.lang)}
    cells = {str(row["id"]): row for row in rows_of(case.ties)}
    ties = []
    for name in sorted(order, key=order.__getitem__):
        lines = " ".join(line.id for line in arrows[name])
        for row in map(cells.__getitem__, told[name]):
            ends = (names[end_of(row[f"{side}_person"], row[f"{side}_actor"], case.id)] for side in ("from", "to"))
            ties.append((lines, order[name], *ends, *_words(row, layout.lang)))
    placed = {"numbers": {"beside": len(signs), "of": len(arrows)}}
    said = message("ties.note", layout.lang)
    *_, old = (label for label in layout.labels if label.id.startswith("note-"))
    room, voice = layout.width - MARGIN - old.box[0], replace(FINE, size=old.size)
    new = block(old.id, f"{said} {old.text}", old.box[:2], room, voice)
    new = new if len(new.lines) == len(old.lines) else old  # nothing below may move
    paragraphs = layout.description.split("\n")
    del paragraphs[1 + any(each.id.startswith("institution-of-") for each in layout.labels)]
    return replace(
        layout,
        labels=(*(new if label is old else label for label in layout.labels), *marks),
        ties=tuple(ties),
        caption=f"{layout.caption} {said}",
        description="\n".join(paragraphs),
        quality=layout.quality | placed,
    )


def _words(row: dict[str, Any], lang: str) -> tuple[str, str]:
    """What the record says of a tie, and of when it holds."""
    what = [label(f"tie_{each}", row[each], lang) for each in ("strength", "quality") if row[each] is not None]
    what += [label("tie_direction", row["direction"], lang)] * (row["direction"] != "one_way")
    what += [] if row["label"] is None else [str(row["label"])]
    told = (", ".join(dict.fromkeys(words)) or message("not_told", lang) for words in (what, when_words([row], lang)))
    return next(told), next(told)


def tie_frame(layout: Layout) -> pd.DataFrame:
    """The table of a numbered layout, its columns in words."""
    return pd.DataFrame([row[1:] for row in layout.ties], columns=message("ties.heads", layout.lang).split("|"))
