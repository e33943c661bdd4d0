"""A solution of a configurational analysis: a column per path, full for present, empty for absent, blank for either."""

from __future__ import annotations

from clss_analysis.layout.chart import decimal, word
from clss_analysis.layout.geometry import Label, Layout, Mark, Symbol
from clss_analysis.layout.page import (
    MARGIN,
    PLAIN,
    PORTRAIT,
    SMALL,
    SMALL_STRONG,
    Entry,
    NothingToDrawError,
    Part,
    block,
    compose,
)
from clss_analysis.measures.qca import Solution, memberships, solve, truth_table
from clss_analysis.measures.qca.memberships import OUTCOME
from clss_analysis.records import Records, Row, codes, label, message
from clss_analysis.records.typography import capital, counted

_LEFT, _WIDEST = 74.0, 28.0


def lay_out(records: Records, *, kind: str = "conservative", consistency: float = 0.75, lang: str = "fr") -> Layout:
    """Lay out which combinations of the five criteria go with a housing problem that was solved.

    Args:
        records: the dataset.
        kind: conservative or parsimonious.
        consistency: least consistency of a combination that counts as leading to the outcome.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: fewer cases than may be shown, or no combination that leads to the outcome.

    >>> import clss_analysis as clss
    >>> clss.figures.configurations(clss.read("data/demo")).geometry.kind
    'configurations'
    """
    cases = memberships(records)
    conditions = list(codes("criterion"))
    if len(cases) < 5:
        raise NothingToDrawError(message("measures.configurations.nothing", lang))
    table = truth_table(cases, OUTCOME, conditions, consistency=consistency)
    solution = solve(cases, table, kind)
    if not solution.models[0]:
        raise NothingToDrawError(message("measures.configurations.nothing", lang))
    seen = table[table["n"] > 0]
    notes = [
        counted("measures.known", len(cases), lang),
        message(
            "measures.configurations.table",
            lang,
            seen=len(seen),
            all=len(table),
            mixed=int(seen["contradictory"].sum()),
        ),
        message(
            "measures.configurations.limits", lang, threshold=decimal(consistency, 2, lang), models=len(solution.models)
        ),
    ]
    if cases.attrs["unknown"]:
        notes.append(counted("measures.configurations.left_out", cases.attrs["unknown"], lang))
    drawn = set(cases.index)
    rows = records.criteria[records.criteria["household"].isin(drawn)]["id"]
    paths = [_spoken(solution, n, lang) for n in range(len(solution.models[0]))]
    return compose(
        "configurations",
        records,
        lambda top: _body(solution, lang, top),
        title=message("measures.configurations.title", lang),
        caption=message("measures.configurations.caption", lang, kind=message(f"measures.configurations.{kind}", lang)),
        alt=" ".join(paths),
        rows=[Row("criteria", row) for row in sorted(rows)],
        lang=lang,
        entries=[
            Entry(message("measures.configurations.present", lang), lambda x, y: _sign(x, y, "met-yes"), 4.0),
            Entry(message("measures.configurations.absent", lang), lambda x, y: _sign(x, y, "met-no"), 4.0),
            Entry(message("measures.configurations.either", lang), lambda _, y: Part(y), 0.0),
        ],
        notes=notes,
    )


def _sign(x: float, y: float, role: str) -> Part:
    return Part(y, marks=(Mark(((x, y - 1.6), (x + 3.2, y + 1.6)), role),))


def _spoken(solution: Solution, n: int, lang: str) -> str:
    term, path = solution.models[0][n], solution.paths.iloc[n]
    said = [
        message(
            "measures.configurations.yes" if value else "measures.configurations.no",
            lang,
            what=label("criterion", name, lang),
        )
        for name, value in zip(solution.conditions, term, strict=True)
        if value is not None
    ]
    numbers = {name: decimal(float(path[name]), 2, lang) for name in ("consistency", "coverage")}
    return message(
        "measures.configurations.path",
        lang,
        n=n + 1,
        what=("\u202f; " if lang == "fr" else "; ").join(said),
        cases=path["cases"].replace(",", ", "),
        **numbers,
    )


def _body(solution: Solution, lang: str, top: float) -> Part:
    terms = solution.models[0]
    width = min(_WIDEST, (PORTRAIT - MARGIN - _LEFT) / len(terms))
    middles = [_LEFT + (n + 0.5) * width for n in range(len(terms))]
    heads = [
        block(
            f"path-{n}",
            message("measures.configurations.column", lang, n=n),
            (x - width / 2, top),
            width,
            SMALL_STRONG,
            align="center",
        )
        for n, x in enumerate(middles, start=1)
    ]
    y = heads[0].box[3] + 1.2
    part = Part(y, labels=tuple(heads), marks=(Mark(((MARGIN, y), (PORTRAIT - MARGIN, y)), "strong-rule"),))
    for rank, name in enumerate(solution.conditions):
        text = block(
            f"condition-{rank}", capital(label("criterion", name, lang)), (MARGIN, y + 1.2), _LEFT - MARGIN - 4, PLAIN
        )
        low = text.box[3] + 1.2
        signs = [
            Symbol(
                f"{n}-{rank}",
                "node",
                (x - 1.9, (y + low) / 2 - 1.9, x + 1.9, (y + low) / 2 + 1.9),
                "met-yes" if term[rank] else "met-no",
            )
            for n, (x, term) in enumerate(zip(middles, terms, strict=True), start=1)
            if term[rank] is not None
        ]
        part += Part(low, tuple(signs), (), (text,), (Mark(((MARGIN, low), (PORTRAIT - MARGIN, low)), "hairline"),))
        y = low
    for key in ("consistency", "pri", "coverage", "unique"):
        low = y + 5.2
        labels: list[Label] = [
            word(f"head-{key}", message(f"measures.configurations.{key}", lang), MARGIN, (y + low) / 2)
        ]
        for n, x in enumerate(middles, start=1):
            value = decimal(float(solution.paths.iloc[n - 1][key]), 2, lang)
            labels.append(word(f"{key}-{n}", value, x, (y + low) / 2, align="center"))
        part += Part(low, labels=tuple(labels))
        y = low
    rule = Mark(((MARGIN, y), (PORTRAIT - MARGIN, y)), "hairline")
    part += Part(
        y,
        labels=(
            block(
                "head-cases", message("measures.configurations.cases", lang), (MARGIN, y + 1), _LEFT - MARGIN - 4, SMALL
            ),
        ),
        marks=(rule,),
    )
    for n, x in enumerate(middles, start=1):
        names = solution.paths.iloc[n - 1]["cases"].replace(",", ", ")
        text = block(f"cases-{n}", names or "–", (x - width / 2 + 1, y + 1), width - 2, SMALL, align="center")
        part += Part(text.box[3] + 1, labels=(text,))
    return part
