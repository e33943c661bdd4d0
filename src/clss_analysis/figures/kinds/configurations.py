"""A solution of a configurational analysis: a column per path, full for present, empty for absent, blank for either."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from matplotlib.axes import Axes

from clss_analysis.figures.chart import SIZE, draw_chart
from clss_analysis.figures.ink import Drawing
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.layout.text import wrap
from clss_analysis.measures.qca import Solution, memberships, solve, truth_table
from clss_analysis.measures.qca.sets import OUTCOME
from clss_analysis.palette import PAPER, RULE, SLATE
from clss_analysis.records import Records, Row, codes, label, message
from clss_analysis.records.typography import capital, counted, number

FEWEST = 5  # cases
_ROW, _LINE = 5.6, 3.6  # millimetres a row, and a further line in it
_NAMES, _WIDEST, _ROOM = 70.0, 28.0, 154.0  # millimetres: names of rows, a column at most, the page's width
_NUMBERS = ("consistency", "pri", "coverage", "unique")


def draw(records: Records, *, kind: str = "conservative", consistency: float = 0.75) -> Drawing:
    """Which combinations of the five criteria go with a housing problem that was solved.

    Args:
        records: the dataset.
        kind: conservative or parsimonious.
        consistency: least consistency of a combination that counts as leading to the outcome.

    Raises:
        NothingToDrawError: fewer cases than may be shown, or no combination that leads to the outcome.

    >>> import clss_analysis as clss
    >>> clss.figures.configurations(clss.read("data/demo")).geometry.kind
    'configurations'
    """
    lang = records.lang

    def say(key: str, **values: object) -> str:
        return message(f"measures.configurations.{key}", lang, **values)

    cases = memberships(records)
    if len(cases) < FEWEST:
        raise NothingToDrawError(say("nothing"))
    table = truth_table(cases, OUTCOME, list(codes("criterion")), consistency=consistency)
    solution = solve(cases, table, kind)
    if not solution.models[0]:
        raise NothingToDrawError(say("nothing"))
    seen = table[table["n"] > 0]
    unknown = cases.attrs["unknown"]
    rows = records.criteria[records.criteria["household"].isin(set(cases.index))]["id"]
    paths = len(solution.models[0])
    grid = _Grid(solution, lang)
    return draw_chart(
        "configurations",
        records,
        grid.plot,
        height=grid.lows[-1],
        left=_NAMES,
        right=_ROOM - _NAMES - grid.wide * paths,
        below=2,
        legend=1,
        clear=6,
        title=say("title"),
        finding=capital(counted("measures.configurations.finding", paths, lang)) if not solution.models[1:] else "",
        caption=say("caption", kind=say(kind)),
        alt=" ".join(_spoken(solution, n, lang) for n in range(paths)),
        rows=[Row("criteria", row) for row in sorted(rows)],
        notes=[
            counted("measures.known", len(cases), lang),
            say("table", seen=len(seen), all=len(table), mixed=int(seen["contradictory"].sum())),
            say("limits", threshold=number(consistency, 2, lang), models=len(solution.models)),
            *([counted("measures.configurations.left_out", unknown, lang)] if unknown else []),
        ],
    )


def _spoken(solution: Solution, n: int, lang: str) -> str:
    term, path = solution.models[0][n], solution.paths.iloc[n]
    said = [
        message(f"measures.configurations.{'yes' if value else 'no'}", lang, what=label("criterion", name, lang))
        for name, value in zip(solution.conditions, term, strict=True)
        if value is not None
    ]
    return message(
        "measures.configurations.path",
        lang,
        n=n + 1,
        what=("\u202f; " if lang == "fr" else "; ").join(said),
        cases=path["cases"].replace(",", ", "),
        **{name: number(float(path[name]), 2, lang) for name in ("consistency", "coverage")},
    )


@dataclass(frozen=True)
class _Grid:
    """The table: a row for each condition, for each number and for the cases, in millimetres."""

    solution: Solution
    lang: str

    @cached_property
    def wide(self) -> float:
        """Width of a column."""
        return min(_WIDEST, (_ROOM - _NAMES) / len(self.solution.models[0]))

    @cached_property
    def names(self) -> list[str]:
        """What each row is called."""
        conditions = (capital(label("criterion", name, self.lang)) for name in self.solution.conditions)
        said = (message(f"measures.configurations.{key}", self.lang) for key in (*_NUMBERS, "cases"))
        return ["\n".join(wrap(name, _NAMES - 4, SIZE)) for name in (*conditions, *said)]

    @cached_property
    def paths(self) -> list[list[str]]:
        """Of each path the numbers and the cases."""
        return [
            [*(number(float(path[key]), 2, self.lang) for key in _NUMBERS), "\n".join(wrap(cases, self.wide - 2, SIZE))]
            for path in self.solution.paths.head(len(self.solution.models[0])).to_dict("records")
            for cases in [path["cases"].replace(",", ", ") or "–"]
        ]

    @cached_property
    def lows(self) -> list[float]:
        """Where each row ends, from the top down."""
        last = max(cases.count("\n") for *_, cases in self.paths)
        more = [*(name.count("\n") for name in self.names[:-1]), last]
        return list(accumulate(_ROW + _LINE * lines for lines in more))

    def plot(self, axes: Axes) -> None:
        """Draw the signs, numbers and names of cases."""
        terms, many = self.solution.models[0], len(self.solution.conditions)
        middles = [(high + low) / 2 for high, low in pairwise((0.0, *self.lows))]
        axes.set(xlim=(0, len(terms)), ylim=(self.lows[-1], 0))
        axes.set_yticks(middles, self.names, ha="left")
        heads = [message("measures.configurations.column", self.lang, n=n + 1) for n in range(len(terms))]
        axes.set_xticks([n + 0.5 for n in range(len(terms))], heads, weight="semibold")
        axes.tick_params(length=0, labeltop=True, labelbottom=False)
        axes.tick_params(axis="y", pad=_NAMES / 25.4 * 72)
        axes.spines[:].set_visible(False)
        rules = [0.0, *self.lows[:many], self.lows[-2]]
        axes.hlines(rules, -_NAMES / self.wide, len(terms), colors=RULE, lw=[0.9, *[0.4] * (many + 1)], clip_on=False)
        for value, key, face in ((True, "present", SLATE), (False, "absent", PAPER)):
            met = [
                (n + 0.5, middles[rank])
                for n, term in enumerate(terms)
                for rank in range(many)
                if term[rank] is not None and bool(term[rank]) == value
            ]
            name = message(f"measures.configurations.{key}", self.lang)
            axes.scatter([x for x, _ in met], [y for _, y in met], 80, face, edgecolors=SLATE, lw=0.8, label=name)
        axes.plot([], [], " ", label=message("measures.configurations.either", self.lang))
        for n, words in enumerate(self.paths):
            for middle, text in zip(middles[many:], words, strict=True):
                axes.text(n + 0.5, middle, text, ha="center", va="center")
